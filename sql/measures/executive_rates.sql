-- At what rate does each executive speak toward the other side, in every month of the spine?
-- Unit: directed statements, and their summed hostility, per 10,000 words of the office; of the month and of 12 months.
-- Grain: month, office of an executive, theme (all, and those that indicators set beside figures).
-- Trap: only the office's own executive counts, not guests in its texts. A 12-month rate needs all of its months, and z says
-- how far a month lies from its own source's mean: it makes no two sources comparable in level.
with own (office, speaker_group, direction) as (
  values
    ('us_executive', 'us_executive', 'US>MX'),
    ('trump_posts', 'us_executive', 'US>MX'),
    ('mx_presidency', 'mx_executive', 'MX>US')
),

themes (theme) as (
  values ('all'), ('drugs'), ('migration')
),

method as (
  select string_agg(distinct left(method_version, 8), ' ' order by left(method_version, 8)) as method_version
  from documents.readings
  where measured
),

spoken as (
  select
    months.month,
    own.office,
    own.direction,
    themes.theme,
    coalesce(intensity.words, 0) as words,
    intensity.statements,
    intensity.hostile_statements,
    intensity.hostility_sum,
    intensity.hits_per_10k_words,
    intensity.hits_per_10k_words_low,
    intensity.hits_per_10k_words_high,
    intensity.hostility_per_10k_words,
    intensity.hostility_per_10k_words_low,
    intensity.hostility_per_10k_words_high,
    case when intensity.hits_per_10k_words is null then coalesce(intensity.rate_missing, 'no_text') end as missing,
    coalesce(intensity.is_settled, false) as is_settled
  from measures.months
  cross join own
  cross join themes
  left join measures.rhetoric_intensity as intensity
    on intensity.month = months.month
    and intensity.office = own.office
    and intensity.speaker_group = own.speaker_group
    and intensity.direction = own.direction
    and intensity.theme = themes.theme
),

summed as (
  select
    *,
    case
      when count(hits_per_10k_words) over source >= 24
        then (hits_per_10k_words - avg(hits_per_10k_words) over source)
          / nullif(stddev_samp(hits_per_10k_words) over source, 0)
    end as hits_per_10k_words_z,
    case when count(hits_per_10k_words) over last_year = 12 then (sum(words) over last_year)::bigint end as words_12m,
    sum(statements) over last_year as statements_12m,
    sum(hostility_sum) over last_year as hostility_sum_12m
  from spoken
  window
    source as (partition by office, theme),
    last_year as (partition by office, theme order by month rows between 11 preceding and current row)
)

select
  month,
  office,
  theme,
  direction,
  words,
  statements,
  hostile_statements,
  hits_per_10k_words,
  hits_per_10k_words_low,
  hits_per_10k_words_high,
  hits_per_10k_words_z,
  hostility_per_10k_words,
  hostility_per_10k_words_low,
  hostility_per_10k_words_high,
  missing,
  words_12m,
  1e4 * statements_12m / words_12m as hits_per_10k_words_12m,
  1e4 * hostility_sum_12m / words_12m as hostility_per_10k_words_12m,
  case when words_12m is null then 'under_12_months' end as missing_12m,
  is_settled,
  method_version
from summed
cross join method
