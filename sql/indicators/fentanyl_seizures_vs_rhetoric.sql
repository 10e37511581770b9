-- Do border fentanyl seizures and what the two executives say about each other move together?
-- Unit: lb and seizure events; directed statements, and their summed hostility, per 10,000 words of each source.
-- Grain: month, every month of the spine.
-- Trap: a chart of two trending lines proves nothing. A month without text is null, not silence.
with said as (
  -- read once: as of a day, each mention of a table is its whole view again
  select *, any_value(hits_per_10k_words) filter (theme = 'drugs') over (partition by month, office) as drugs_per_10k_words
  from measures.executive_rates
  qualify theme = 'all'
),

seizures as (
  select
    *,
    case
      when count(seized_lb) over () >= 24
        then (seized_lb - avg(seized_lb) over ()) / nullif(stddev_samp(seized_lb) over (), 0)
    end as z
  from measures.border_fentanyl_seizures
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
  us_to_mx.words as us_to_mx_words,
  us_to_mx.statements as us_to_mx_statements,
  us_to_mx.hostile_statements as us_to_mx_hostile_statements,
  us_to_mx.hits_per_10k_words as us_to_mx_per_10k_words,
  us_to_mx.hits_per_10k_words_low as us_to_mx_per_10k_words_low,
  us_to_mx.hits_per_10k_words_high as us_to_mx_per_10k_words_high,
  us_to_mx.drugs_per_10k_words as us_to_mx_drugs_per_10k_words,
  us_to_mx.hostility_per_10k_words as us_to_mx_hostility_per_10k_words,
  us_to_mx.hostility_per_10k_words_low as us_to_mx_hostility_per_10k_words_low,
  us_to_mx.hostility_per_10k_words_high as us_to_mx_hostility_per_10k_words_high,
  us_to_mx.hits_per_10k_words_z as us_to_mx_per_10k_words_z,
  us_to_mx.missing as us_to_mx_missing,
  us_posts_to_mx.words as us_posts_to_mx_words,
  us_posts_to_mx.statements as us_posts_to_mx_statements,
  us_posts_to_mx.hostile_statements as us_posts_to_mx_hostile_statements,
  us_posts_to_mx.hits_per_10k_words as us_posts_to_mx_per_10k_words,
  us_posts_to_mx.hits_per_10k_words_low as us_posts_to_mx_per_10k_words_low,
  us_posts_to_mx.hits_per_10k_words_high as us_posts_to_mx_per_10k_words_high,
  us_posts_to_mx.drugs_per_10k_words as us_posts_to_mx_drugs_per_10k_words,
  us_posts_to_mx.hostility_per_10k_words as us_posts_to_mx_hostility_per_10k_words,
  us_posts_to_mx.hostility_per_10k_words_low as us_posts_to_mx_hostility_per_10k_words_low,
  us_posts_to_mx.hostility_per_10k_words_high as us_posts_to_mx_hostility_per_10k_words_high,
  us_posts_to_mx.hits_per_10k_words_z as us_posts_to_mx_per_10k_words_z,
  us_posts_to_mx.missing as us_posts_to_mx_missing,
  mx_to_us.words as mx_to_us_words,
  mx_to_us.statements as mx_to_us_statements,
  mx_to_us.hostile_statements as mx_to_us_hostile_statements,
  mx_to_us.hits_per_10k_words as mx_to_us_per_10k_words,
  mx_to_us.hits_per_10k_words_low as mx_to_us_per_10k_words_low,
  mx_to_us.hits_per_10k_words_high as mx_to_us_per_10k_words_high,
  mx_to_us.drugs_per_10k_words as mx_to_us_drugs_per_10k_words,
  mx_to_us.hostility_per_10k_words as mx_to_us_hostility_per_10k_words,
  mx_to_us.hostility_per_10k_words_low as mx_to_us_hostility_per_10k_words_low,
  mx_to_us.hostility_per_10k_words_high as mx_to_us_hostility_per_10k_words_high,
  mx_to_us.hits_per_10k_words_z as mx_to_us_per_10k_words_z,
  mx_to_us.missing as mx_to_us_missing,
  coalesce(seizures.is_settled and us_to_mx.is_settled and mx_to_us.is_settled, false)
    and (us_posts_to_mx.hits_per_10k_words is null or us_posts_to_mx.is_settled) as is_settled,
  us_to_mx.method_version
from measures.months
left join seizures on seizures.month = months.month
left join said as us_to_mx on us_to_mx.month = months.month and us_to_mx.office = 'us_executive'
left join said as us_posts_to_mx on us_posts_to_mx.month = months.month and us_posts_to_mx.office = 'trump_posts'
left join said as mx_to_us on mx_to_us.month = months.month and mx_to_us.office = 'mx_presidency'
