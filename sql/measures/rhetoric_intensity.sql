-- How intensely does each group speak toward the other side, source by source?
-- Unit: directed statements, and their summed hostility, per 10,000 words of everything the office's texts say.
-- Grain: month, office, speaker group, direction, theme ('all' holds every statement once).
-- Trap: the denominator is all words, bilateral or not; with bilateral words alone the index would measure volume. The
-- corrected rates bring the method's count to the labels' (seeds.coding_errors) and are null where that ratio is vague.
with volumes as (
  -- read once: as of a day, each mention of a table is its whole view again
  select * from measures.text_volume
),

bilateral as (
  select
    month,
    office,
    speaker_group,
    direction,
    hostility,
    cooperation,
    split_part(method_version, '.', 1) as method,
    unnest(list_append(themes, 'all')) as theme
  from documents.statements
  where is_measured and date_precision <> 'year'
),

heard as (
  select month, office, speaker_group, theme, count(*) as bilateral_statements
  from bilateral
  group by month, office, speaker_group, theme
),

counted as (
  select
    month,
    office,
    speaker_group,
    direction,
    theme,
    count(*) as statements,
    count(*) filter (hostility >= 2) as hostile_statements,
    sum(hostility)::bigint as hostility_sum,
    sum(cooperation)::bigint as cooperative_statements
  from bilateral
  where direction <> 'none'
  group by month, office, speaker_group, direction, theme
),

-- a group is asked for in every month of an office in which it took a stance in any month
spoken as (
  select distinct counted.office, counted.speaker_group, counted.direction
  from counted
  join volumes on volumes.month = counted.month and volumes.office = counted.office
),

methods as (
  select office, string_agg(distinct method, ' ' order by method) as method
  from bilateral
  group by office
),

corrections as (
  select
    direction,
    quantity,
    method_version,
    ratio,
    case
      when ratio is null then 'method_found_too_little'
      when ratio_high > 4 * ratio_low then 'too_uncertain'
    end as missing
  from seeds.coding_errors
),

spine as (
  select volumes.*, spoken.speaker_group, spoken.direction, themes.theme, methods.method
  from volumes
  join spoken on spoken.office = volumes.office
  cross join (select distinct theme from bilateral) as themes
  left join methods on methods.office = volumes.office
),

rated as (
  select
    spine.*,
    case when spine.missing is null then coalesce(counted.statements, 0) end as statements,
    case when spine.missing is null then coalesce(counted.hostile_statements, 0) end as hostile_statements,
    case when spine.missing is null then coalesce(counted.hostility_sum, 0) end as hostility_sum,
    case when spine.missing is null then coalesce(counted.cooperative_statements, 0) end as cooperative_statements,
    case when spine.missing is null then coalesce(heard.bilateral_statements, 0) end as bilateral_statements
  from spine
  left join counted
    on counted.month = spine.month
    and counted.office = spine.office
    and counted.speaker_group = spine.speaker_group
    and counted.direction = spine.direction
    and counted.theme = spine.theme
  left join heard
    on heard.month = spine.month
    and heard.office = spine.office
    and heard.speaker_group = spine.speaker_group
    and heard.theme = spine.theme
),

explained as (
  select
    rated.*,
    coalesce(
      rated.missing,
      case
        when hits.direction is null then 'no_labels'
        when hits.method_version is distinct from rated.method then 'other_method'
        else hits.missing
      end
    ) as hits_corrected_missing,
    coalesce(
      rated.missing,
      case
        when hostility.direction is null then 'no_labels'
        when hostility.method_version is distinct from rated.method then 'other_method'
        else hostility.missing
      end
    ) as hostility_corrected_missing,
    hits.ratio as hits_ratio,
    hostility.ratio as hostility_ratio
  from rated
  left join corrections as hits on hits.direction = rated.direction and hits.quantity = 'directed'
  left join corrections as hostility on hostility.direction = rated.direction and hostility.quantity = 'hostility_sum'
)

select
  explained.month,
  explained.office,
  explained.speaker_group,
  explained.direction,
  explained.theme,
  statements,
  hostile_statements,
  hostility_sum,
  cooperative_statements,
  bilateral_statements,
  words,
  documents,
  1e4 * statements / words as hits_per_10k_words,
  case when statements = 0 then 0.0 else hits_per_10k_words_low end as hits_per_10k_words_low,
  case when statements = 0 then 0.0 else hits_per_10k_words_high end as hits_per_10k_words_high,
  case
    when hits_corrected_missing is null then 1e4 * statements / words * hits_ratio
  end as hits_per_10k_words_corrected,
  hits_corrected_missing,
  1e4 * hostility_sum / words as hostility_per_10k_words,
  case when statements = 0 then 0.0 else hostility_per_10k_words_low end as hostility_per_10k_words_low,
  case when statements = 0 then 0.0 else hostility_per_10k_words_high end as hostility_per_10k_words_high,
  case
    when hostility_corrected_missing is null then 1e4 * hostility_sum / words * hostility_ratio
  end as hostility_per_10k_words_corrected,
  hostility_corrected_missing,
  hostile_statements / nullif(bilateral_statements, 0) as prevalence,
  coalesce(missing, case when bilateral_statements = 0 then 'no_statement' end) as prevalence_missing,
  missing,
  explained.is_settled
from explained
left join measures.rhetoric_bands as bands
  on bands.month = explained.month
  and bands.office = explained.office
  and bands.speaker_group = explained.speaker_group
  and bands.direction = explained.direction
  and bands.theme = explained.theme
