-- How hostile is each group toward the other side, over all its sources together?
-- Unit: index points, 100 = mean of 2019 to 2021; mean over sources of z-scored hostility per 10,000 words.
-- Grain: month, speaker group, direction, theme.
-- Trap: sources differ in level, so each is divided by its own standard deviation and brought to the scale of the
-- longest by six common months or more. Without them there are two chains, and is_break is true where one follows another.
with intensity as (
  -- a guest in another's transcript is no source, and the group other is nobody in particular
  select *
  from measures.rhetoric_intensity
  where speaker_group <> 'other' and rate_missing is distinct from 'guest'
),

held as (
  select
    *,
    count(*) over source as months,
    avg(hostility_per_10k_words) over source as mean,
    stddev_samp(hostility_per_10k_words) over source as deviation
  from intensity
  where missing is null
  window source as (partition by office, speaker_group, direction, theme)
),

scaled as (
  select
    month,
    office,
    speaker_group,
    direction,
    theme,
    months,
    (hostility_per_10k_words - mean) / deviation as z,
    hostility_per_10k_words / deviation as level
  from held
  where months >= 24 and deviation > 0
),

links as (
  select
    longer.speaker_group,
    longer.direction,
    longer.theme,
    longer.office,
    other.office as linked,
    avg(longer.level) / avg(other.level) as factor
  from scaled as longer
  join scaled as other
    on other.month = longer.month
    and other.speaker_group = longer.speaker_group
    and other.direction = longer.direction
    and other.theme = longer.theme
    and other.office <> longer.office
  group by longer.speaker_group, longer.direction, longer.theme, longer.office, other.office
  having count(*) >= 6 and avg(longer.level) > 0 and avg(other.level) > 0
),

-- every way from a source over common months to another, with the factor to the scale of where it began
ways as (
  with recursive walked as (
    select distinct
      speaker_group, direction, theme, office as chain, months, office, 1.0::double as factor, [office] as way
    from scaled
    union all
    select
      walked.speaker_group,
      walked.direction,
      walked.theme,
      walked.chain,
      walked.months,
      links.linked,
      walked.factor * links.factor,
      list_append(walked.way, links.linked)
    from walked
    join links
      on links.speaker_group = walked.speaker_group
      and links.direction = walked.direction
      and links.theme = walked.theme
      and links.office = walked.office
      and not list_contains(walked.way, links.linked)
  )

  select *
  from walked
  qualify row_number() over (
    partition by speaker_group, direction, theme, office
    order by months desc, chain, len(way), way
  ) = 1
),

chained as (
  select
    scaled.month,
    scaled.speaker_group,
    scaled.direction,
    scaled.theme,
    ways.chain,
    ways.months,
    count(*) as source_count,
    string_agg(scaled.office, ' ' order by scaled.office) as sources,
    avg(scaled.z) as z,
    avg(scaled.level * ways.factor) as level
  from scaled
  join ways
    on ways.speaker_group = scaled.speaker_group
    and ways.direction = scaled.direction
    and ways.theme = scaled.theme
    and ways.office = scaled.office
  group by scaled.month, scaled.speaker_group, scaled.direction, scaled.theme, ways.chain, ways.months
),

chosen as (
  select *
  from chained
  qualify row_number() over (partition by month, speaker_group, direction, theme order by months desc, chain) = 1
),

based as (
  select
    *,
    chain <> lag(chain) over (partition by speaker_group, direction, theme order by month) as is_break,
    count(*) filter (month between date '2019-01-01' and date '2021-12-01') over chain_months as base_months,
    avg(level) filter (month between date '2019-01-01' and date '2021-12-01') over chain_months as base
  from chosen
  window chain_months as (partition by speaker_group, direction, theme, chain)
),

known as (
  select speaker_group, direction, theme, month, bool_and(is_settled) as is_settled
  from intensity
  group by speaker_group, direction, theme, month
),

available as (
  select speaker_group, direction, theme, month, max(months) as months
  from held
  group by speaker_group, direction, theme, month
)

select
  known.month,
  known.speaker_group,
  known.direction,
  known.theme,
  z,
  case when base_months >= 24 then 100 * level / nullif(base, 0) end as index_points,
  coalesce(source_count, 0) as source_count,
  sources,
  chain,
  coalesce(is_break, false) as is_break,
  case
    when z is not null then null
    when available.months is null then 'no_text'
    when available.months < 24 then 'under_24_months'
    else 'no_variation'
  end as missing,
  case
    when z is null and available.months is null then 'no_text'
    when z is null and available.months < 24 then 'under_24_months'
    when z is null then 'no_variation'
    when base_months < 24 then 'base_not_held'
    when base = 0 then 'base_is_zero'
  end as index_missing,
  known.is_settled
from known
left join available using (speaker_group, direction, theme, month)
left join based using (speaker_group, direction, theme, month)
