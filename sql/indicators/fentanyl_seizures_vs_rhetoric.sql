-- Do border fentanyl seizures and what the two executives say about each other move together?
-- Unit: lb and seizure events; directed statements, and their summed hostility, per 10,000 words of each source.
-- Grain: month, every month of the spine.
-- Trap: a chart of two trending lines proves nothing. A month without text is null, not silence.
with intensity as (
  -- read once: as of a day, each mention of a table is its whole view again
  select * from measures.rhetoric_intensity
),

rhetoric as (
  select
    whole.*,
    drugs.hits_per_10k_words as drugs_per_10k_words,
    case
      when count(whole.hits_per_10k_words) over source >= 24
        then (whole.hits_per_10k_words - avg(whole.hits_per_10k_words) over source)
          / nullif(stddev_samp(whole.hits_per_10k_words) over source, 0)
    end as z
  from intensity as whole
  left join intensity as drugs
    on drugs.month = whole.month
    and drugs.office = whole.office
    and drugs.speaker_group = whole.speaker_group
    and drugs.direction = whole.direction
    and drugs.theme = 'drugs'
  where whole.theme = 'all'
  window source as (partition by whole.office, whole.speaker_group, whole.direction)
),

seizures as (
  select
    *,
    case
      when count(seized_lb) over () >= 24
        then (seized_lb - avg(seized_lb) over ()) / nullif(stddev_samp(seized_lb) over (), 0)
    end as z
  from measures.border_fentanyl_seizures
),

method as (
  select string_agg(distinct left(method_version, 8), ' ' order by left(method_version, 8)) as method_version
  from documents.readings
  where measured
)

select
  months.month,
  seizures.seized_lb,
  seizures.events,
  seizures.seized_lb_12m,
  seizures.events_12m,
  seizures.z as seized_lb_z,
  seizures.missing as seizures_missing,
  seizures.vintage as seizures_vintage,
  coalesce(us_to_mx.words, 0) as us_to_mx_words,
  us_to_mx.statements as us_to_mx_statements,
  us_to_mx.hostile_statements as us_to_mx_hostile_statements,
  us_to_mx.hits_per_10k_words as us_to_mx_per_10k_words,
  us_to_mx.hits_per_10k_words_low as us_to_mx_per_10k_words_low,
  us_to_mx.hits_per_10k_words_high as us_to_mx_per_10k_words_high,
  us_to_mx.drugs_per_10k_words as us_to_mx_drugs_per_10k_words,
  us_to_mx.hostility_per_10k_words as us_to_mx_hostility_per_10k_words,
  us_to_mx.hostility_per_10k_words_low as us_to_mx_hostility_per_10k_words_low,
  us_to_mx.hostility_per_10k_words_high as us_to_mx_hostility_per_10k_words_high,
  us_to_mx.z as us_to_mx_per_10k_words_z,
  case when us_to_mx.hits_per_10k_words is null then coalesce(us_to_mx.rate_missing, 'no_text') end as us_to_mx_missing,
  coalesce(us_posts_to_mx.words, 0) as us_posts_to_mx_words,
  us_posts_to_mx.statements as us_posts_to_mx_statements,
  us_posts_to_mx.hostile_statements as us_posts_to_mx_hostile_statements,
  us_posts_to_mx.hits_per_10k_words as us_posts_to_mx_per_10k_words,
  us_posts_to_mx.hits_per_10k_words_low as us_posts_to_mx_per_10k_words_low,
  us_posts_to_mx.hits_per_10k_words_high as us_posts_to_mx_per_10k_words_high,
  us_posts_to_mx.drugs_per_10k_words as us_posts_to_mx_drugs_per_10k_words,
  us_posts_to_mx.hostility_per_10k_words as us_posts_to_mx_hostility_per_10k_words,
  us_posts_to_mx.hostility_per_10k_words_low as us_posts_to_mx_hostility_per_10k_words_low,
  us_posts_to_mx.hostility_per_10k_words_high as us_posts_to_mx_hostility_per_10k_words_high,
  us_posts_to_mx.z as us_posts_to_mx_per_10k_words_z,
  case when us_posts_to_mx.hits_per_10k_words is null then coalesce(us_posts_to_mx.rate_missing, 'no_text') end as us_posts_to_mx_missing,
  coalesce(mx_to_us.words, 0) as mx_to_us_words,
  mx_to_us.statements as mx_to_us_statements,
  mx_to_us.hostile_statements as mx_to_us_hostile_statements,
  mx_to_us.hits_per_10k_words as mx_to_us_per_10k_words,
  mx_to_us.hits_per_10k_words_low as mx_to_us_per_10k_words_low,
  mx_to_us.hits_per_10k_words_high as mx_to_us_per_10k_words_high,
  mx_to_us.drugs_per_10k_words as mx_to_us_drugs_per_10k_words,
  mx_to_us.hostility_per_10k_words as mx_to_us_hostility_per_10k_words,
  mx_to_us.hostility_per_10k_words_low as mx_to_us_hostility_per_10k_words_low,
  mx_to_us.hostility_per_10k_words_high as mx_to_us_hostility_per_10k_words_high,
  mx_to_us.z as mx_to_us_per_10k_words_z,
  case when mx_to_us.hits_per_10k_words is null then coalesce(mx_to_us.rate_missing, 'no_text') end as mx_to_us_missing,
  coalesce(seizures.is_settled and us_to_mx.is_settled and mx_to_us.is_settled, false)
    and (us_posts_to_mx.hits_per_10k_words is null or us_posts_to_mx.is_settled) as is_settled,
  method.method_version
from measures.months
cross join method
left join seizures on seizures.month = months.month
left join rhetoric as us_to_mx
  on us_to_mx.month = months.month
  and us_to_mx.office = 'us_executive'
  and us_to_mx.speaker_group = 'us_executive'
  and us_to_mx.direction = 'US>MX'
left join rhetoric as us_posts_to_mx
  on us_posts_to_mx.month = months.month
  and us_posts_to_mx.office = 'trump_posts'
  and us_posts_to_mx.speaker_group = 'us_executive'
  and us_posts_to_mx.direction = 'US>MX'
left join rhetoric as mx_to_us
  on mx_to_us.month = months.month
  and mx_to_us.office = 'mx_presidency'
  and mx_to_us.speaker_group = 'mx_executive'
  and mx_to_us.direction = 'MX>US'
