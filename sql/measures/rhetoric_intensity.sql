-- How intensely does each group speak toward the other side, source by source?
-- Unit: directed statements, and their summed hostility, per 10,000 words of everything the office's texts say.
-- Grain: month, office, speaker group, direction, theme ('all' holds every statement once).
-- Trap: the denominator is all words, bilateral or not; with bilateral words alone the index would measure volume. The
-- corrected rates bring the method's count to the labels' (seeds.coding_errors) and are null where that ratio is vague.
with bilateral as (
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

methods as (
  select office, string_agg(distinct method, ' ' order by method) as method
  from bilateral
  group by office
),

corrections as (
  select
    methods.office,
    directions.direction,
    quantities.quantity,
    errors.ratio,
    case
      when errors.direction is null then 'no_labels'
      when errors.method_version is distinct from methods.method then 'other_method'
      when errors.ratio is null then 'method_found_too_little'
      when errors.ratio_high > 4 * errors.ratio_low then 'too_uncertain'
    end as missing
  from methods
  cross join (select distinct direction from bilateral) as directions
  cross join (values ('directed'), ('hostility_sum')) as quantities (quantity)
  left join seeds.coding_errors as errors
    on errors.direction = directions.direction and errors.quantity = quantities.quantity
),

spine as (
  select groups.* exclude (statements), themes.theme
  from measures.speaking_groups as groups
  cross join (select distinct theme from bilateral) as themes
  where groups.direction <> 'none'
),

rated as (
  select
    spine.*,
    case when spine.rate_missing is null then spine.words end as rated_words,
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
    hits.ratio as hits_ratio,
    coalesce(rated.rate_missing, hits.missing) as hits_corrected_missing,
    hostility.ratio as hostility_ratio,
    coalesce(rated.rate_missing, hostility.missing) as hostility_corrected_missing
  from rated
  left join corrections as hits
    on hits.office = rated.office and hits.direction = rated.direction and hits.quantity = 'directed'
  left join corrections as hostility
    on hostility.office = rated.office
    and hostility.direction = rated.direction
    and hostility.quantity = 'hostility_sum'
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
  1e4 * statements / rated_words as hits_per_10k_words,
  case when statements / rated_words = 0 then 0.0 else hits_per_10k_words_low end as hits_per_10k_words_low,
  case when statements / rated_words = 0 then 0.0 else hits_per_10k_words_high end as hits_per_10k_words_high,
  case when hits_corrected_missing is null then 1e4 * statements / rated_words * hits_ratio end as hits_per_10k_words_corrected,
  hits_corrected_missing,
  1e4 * hostility_sum / rated_words as hostility_per_10k_words,
  case when statements / rated_words = 0 then 0.0 else hostility_per_10k_words_low end as hostility_per_10k_words_low,
  case when statements / rated_words = 0 then 0.0 else hostility_per_10k_words_high end as hostility_per_10k_words_high,
  case
    when hostility_corrected_missing is null then 1e4 * hostility_sum / rated_words * hostility_ratio
  end as hostility_per_10k_words_corrected,
  hostility_corrected_missing,
  hostile_statements / nullif(bilateral_statements, 0) as prevalence,
  coalesce(missing, case when bilateral_statements = 0 then 'no_statement' end) as prevalence_missing,
  rate_missing,
  missing,
  explained.is_settled
from explained
left join measures.rhetoric_bands as bands
  -- a guest has no band; said in the key, for a condition of the left side alone is joined slowly
  on bands.month = case when explained.rate_missing is null then explained.month end
  and bands.office = explained.office
  and bands.speaker_group = explained.speaker_group
  and bands.direction = explained.direction
  and bands.theme = explained.theme
