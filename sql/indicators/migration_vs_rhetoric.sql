-- How many migrants are met at the southwest border, and what do the two executives say to each other of migration?
-- Unit: encounters (events, not people); directed statements on migration, and their hostility, per 10,000 words.
-- Grain: month, every month of the spine.
-- Trap: Title 42 made people try again, so its months count more encounters for the same people; it stands apart. Totals
-- before October 2019 count other things at the ports of entry; the Border Patrol's alone are comparable throughout.
with rhetoric as (
  -- read once: as of a day, each mention of a table is its whole view again
  select * from measures.rhetoric_intensity where theme = 'migration'
),

method as (
  select string_agg(distinct left(method_version, 8), ' ' order by left(method_version, 8)) as method_version
  from documents.readings
  where measured
)

select
  months.month,
  border.encounters,
  border.title_8,
  border.title_42,
  border.usbp,
  border.ofo,
  case when border.encounters is null then coalesce(border.missing, 'not_held') end as encounters_missing,
  months.month >= date '2019-10-01' as is_comparable,
  border.vintage as encounters_vintage,
  coalesce(us_to_mx.words, 0) as us_to_mx_words,
  us_to_mx.statements as us_to_mx_migration_statements,
  us_to_mx.hits_per_10k_words as us_to_mx_migration_per_10k_words,
  us_to_mx.hits_per_10k_words_low as us_to_mx_migration_per_10k_words_low,
  us_to_mx.hits_per_10k_words_high as us_to_mx_migration_per_10k_words_high,
  us_to_mx.hostility_per_10k_words as us_to_mx_migration_hostility_per_10k_words,
  us_to_mx.hostility_per_10k_words_low as us_to_mx_migration_hostility_per_10k_words_low,
  us_to_mx.hostility_per_10k_words_high as us_to_mx_migration_hostility_per_10k_words_high,
  case when us_to_mx.hits_per_10k_words is null then coalesce(us_to_mx.rate_missing, 'no_text') end as us_to_mx_missing,
  coalesce(us_posts_to_mx.words, 0) as us_posts_to_mx_words,
  us_posts_to_mx.statements as us_posts_to_mx_migration_statements,
  us_posts_to_mx.hits_per_10k_words as us_posts_to_mx_migration_per_10k_words,
  us_posts_to_mx.hits_per_10k_words_low as us_posts_to_mx_migration_per_10k_words_low,
  us_posts_to_mx.hits_per_10k_words_high as us_posts_to_mx_migration_per_10k_words_high,
  us_posts_to_mx.hostility_per_10k_words as us_posts_to_mx_migration_hostility_per_10k_words,
  us_posts_to_mx.hostility_per_10k_words_low as us_posts_to_mx_migration_hostility_per_10k_words_low,
  us_posts_to_mx.hostility_per_10k_words_high as us_posts_to_mx_migration_hostility_per_10k_words_high,
  case when us_posts_to_mx.hits_per_10k_words is null then coalesce(us_posts_to_mx.rate_missing, 'no_text') end as us_posts_to_mx_missing,
  coalesce(mx_to_us.words, 0) as mx_to_us_words,
  mx_to_us.statements as mx_to_us_migration_statements,
  mx_to_us.hits_per_10k_words as mx_to_us_migration_per_10k_words,
  mx_to_us.hits_per_10k_words_low as mx_to_us_migration_per_10k_words_low,
  mx_to_us.hits_per_10k_words_high as mx_to_us_migration_per_10k_words_high,
  mx_to_us.hostility_per_10k_words as mx_to_us_migration_hostility_per_10k_words,
  mx_to_us.hostility_per_10k_words_low as mx_to_us_migration_hostility_per_10k_words_low,
  mx_to_us.hostility_per_10k_words_high as mx_to_us_migration_hostility_per_10k_words_high,
  case when mx_to_us.hits_per_10k_words is null then coalesce(mx_to_us.rate_missing, 'no_text') end as mx_to_us_missing,
  coalesce(border.is_settled and us_to_mx.is_settled and mx_to_us.is_settled, false)
    and (us_posts_to_mx.hits_per_10k_words is null or us_posts_to_mx.is_settled) as is_settled,
  method.method_version
from measures.months
cross join method
left join measures.border_encounters as border on border.month = months.month
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
