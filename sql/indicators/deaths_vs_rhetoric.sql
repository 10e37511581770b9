-- How many die of overdoses, and what do the two executives say to each other of drugs meanwhile?
-- Unit: deaths in the 12 months that end with the month; statements and hostility per 10,000 words, of the month and of
-- the same 12 months.
-- Grain: month, every month of the spine.
-- Trap: a 12-month sum beside a monthly rate compares different spans; only the columns ending in _12m share the deaths'
-- span, and two such series share eleven months of twelve with the row before.
with said as (
  -- read once: as of a day, each mention of a table is its whole view again
  select * from measures.executive_rates where theme = 'drugs'
),

deaths as (
  select
    month,
    any_value(deaths_12m) filter (drug_class = 'all_drugs') as deaths_12m,
    any_value(predicted_12m) filter (drug_class = 'all_drugs') as predicted_12m,
    any_value(missing) filter (drug_class = 'all_drugs') as missing,
    any_value(deaths_12m) filter (drug_class = 'synthetic_opioids') as opioid_deaths_12m,
    any_value(predicted_12m) filter (drug_class = 'synthetic_opioids') as opioid_predicted_12m,
    any_value(missing) filter (drug_class = 'synthetic_opioids') as opioid_missing,
    max(vintage) as vintage,
    bool_and(is_settled) as is_settled
  from measures.overdose_deaths_12m
  group by month
)

select
  months.month,
  deaths.deaths_12m,
  deaths.predicted_12m,
  case when deaths.deaths_12m is null then coalesce(deaths.missing, 'not_held') end as deaths_missing,
  deaths.opioid_deaths_12m as synthetic_opioid_deaths_12m,
  deaths.opioid_predicted_12m as synthetic_opioid_predicted_12m,
  case when deaths.opioid_deaths_12m is null then coalesce(deaths.opioid_missing, 'not_held') end as synthetic_opioid_missing,
  deaths.vintage as deaths_vintage,
  us_to_mx.words as us_to_mx_words,
  us_to_mx.statements as us_to_mx_drugs_statements,
  us_to_mx.hits_per_10k_words as us_to_mx_drugs_per_10k_words,
  us_to_mx.hits_per_10k_words_low as us_to_mx_drugs_per_10k_words_low,
  us_to_mx.hits_per_10k_words_high as us_to_mx_drugs_per_10k_words_high,
  us_to_mx.hostility_per_10k_words as us_to_mx_drugs_hostility_per_10k_words,
  us_to_mx.hostility_per_10k_words_low as us_to_mx_drugs_hostility_per_10k_words_low,
  us_to_mx.hostility_per_10k_words_high as us_to_mx_drugs_hostility_per_10k_words_high,
  us_to_mx.missing as us_to_mx_missing,
  us_to_mx.words_12m as us_to_mx_words_12m,
  us_to_mx.hits_per_10k_words_12m as us_to_mx_drugs_per_10k_words_12m,
  us_to_mx.hostility_per_10k_words_12m as us_to_mx_drugs_hostility_per_10k_words_12m,
  us_to_mx.missing_12m as us_to_mx_12m_missing,
  us_posts_to_mx.words as us_posts_to_mx_words,
  us_posts_to_mx.statements as us_posts_to_mx_drugs_statements,
  us_posts_to_mx.hits_per_10k_words as us_posts_to_mx_drugs_per_10k_words,
  us_posts_to_mx.hits_per_10k_words_low as us_posts_to_mx_drugs_per_10k_words_low,
  us_posts_to_mx.hits_per_10k_words_high as us_posts_to_mx_drugs_per_10k_words_high,
  us_posts_to_mx.hostility_per_10k_words as us_posts_to_mx_drugs_hostility_per_10k_words,
  us_posts_to_mx.hostility_per_10k_words_low as us_posts_to_mx_drugs_hostility_per_10k_words_low,
  us_posts_to_mx.hostility_per_10k_words_high as us_posts_to_mx_drugs_hostility_per_10k_words_high,
  us_posts_to_mx.missing as us_posts_to_mx_missing,
  us_posts_to_mx.words_12m as us_posts_to_mx_words_12m,
  us_posts_to_mx.hits_per_10k_words_12m as us_posts_to_mx_drugs_per_10k_words_12m,
  us_posts_to_mx.hostility_per_10k_words_12m as us_posts_to_mx_drugs_hostility_per_10k_words_12m,
  us_posts_to_mx.missing_12m as us_posts_to_mx_12m_missing,
  mx_to_us.words as mx_to_us_words,
  mx_to_us.statements as mx_to_us_drugs_statements,
  mx_to_us.hits_per_10k_words as mx_to_us_drugs_per_10k_words,
  mx_to_us.hits_per_10k_words_low as mx_to_us_drugs_per_10k_words_low,
  mx_to_us.hits_per_10k_words_high as mx_to_us_drugs_per_10k_words_high,
  mx_to_us.hostility_per_10k_words as mx_to_us_drugs_hostility_per_10k_words,
  mx_to_us.hostility_per_10k_words_low as mx_to_us_drugs_hostility_per_10k_words_low,
  mx_to_us.hostility_per_10k_words_high as mx_to_us_drugs_hostility_per_10k_words_high,
  mx_to_us.missing as mx_to_us_missing,
  mx_to_us.words_12m as mx_to_us_words_12m,
  mx_to_us.hits_per_10k_words_12m as mx_to_us_drugs_per_10k_words_12m,
  mx_to_us.hostility_per_10k_words_12m as mx_to_us_drugs_hostility_per_10k_words_12m,
  mx_to_us.missing_12m as mx_to_us_12m_missing,
  coalesce(deaths.is_settled and us_to_mx.is_settled and mx_to_us.is_settled, false)
    and (us_posts_to_mx.hits_per_10k_words is null or us_posts_to_mx.is_settled) as is_settled,
  us_to_mx.method_version
from measures.months
left join deaths on deaths.month = months.month
left join said as us_to_mx on us_to_mx.month = months.month and us_to_mx.office = 'us_executive'
left join said as us_posts_to_mx on us_posts_to_mx.month = months.month and us_posts_to_mx.office = 'trump_posts'
left join said as mx_to_us on mx_to_us.month = months.month and mx_to_us.office = 'mx_presidency'
