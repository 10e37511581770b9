-- How many migrants are met at the southwest border, and what do the two executives say to each other of migration?
-- Unit: encounters (events, not people); directed statements on migration, and their hostility, per 10,000 words.
-- Grain: month, every month of the spine.
-- Trap: Title 42 made people try again, so its months count more encounters for the same people; it stands apart. Totals
-- before October 2019 count other things at the ports of entry; the Border Patrol's alone are comparable throughout.
with said as (
  -- read once: as of a day, each mention of a table is its whole view again
  select * from measures.executive_rates where theme = 'migration'
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
  us_to_mx.words as us_to_mx_words,
  us_to_mx.statements as us_to_mx_migration_statements,
  us_to_mx.hits_per_10k_words as us_to_mx_migration_per_10k_words,
  us_to_mx.hits_per_10k_words_low as us_to_mx_migration_per_10k_words_low,
  us_to_mx.hits_per_10k_words_high as us_to_mx_migration_per_10k_words_high,
  us_to_mx.hostility_per_10k_words as us_to_mx_migration_hostility_per_10k_words,
  us_to_mx.hostility_per_10k_words_low as us_to_mx_migration_hostility_per_10k_words_low,
  us_to_mx.hostility_per_10k_words_high as us_to_mx_migration_hostility_per_10k_words_high,
  us_to_mx.missing as us_to_mx_missing,
  us_posts_to_mx.words as us_posts_to_mx_words,
  us_posts_to_mx.statements as us_posts_to_mx_migration_statements,
  us_posts_to_mx.hits_per_10k_words as us_posts_to_mx_migration_per_10k_words,
  us_posts_to_mx.hits_per_10k_words_low as us_posts_to_mx_migration_per_10k_words_low,
  us_posts_to_mx.hits_per_10k_words_high as us_posts_to_mx_migration_per_10k_words_high,
  us_posts_to_mx.hostility_per_10k_words as us_posts_to_mx_migration_hostility_per_10k_words,
  us_posts_to_mx.hostility_per_10k_words_low as us_posts_to_mx_migration_hostility_per_10k_words_low,
  us_posts_to_mx.hostility_per_10k_words_high as us_posts_to_mx_migration_hostility_per_10k_words_high,
  us_posts_to_mx.missing as us_posts_to_mx_missing,
  mx_to_us.words as mx_to_us_words,
  mx_to_us.statements as mx_to_us_migration_statements,
  mx_to_us.hits_per_10k_words as mx_to_us_migration_per_10k_words,
  mx_to_us.hits_per_10k_words_low as mx_to_us_migration_per_10k_words_low,
  mx_to_us.hits_per_10k_words_high as mx_to_us_migration_per_10k_words_high,
  mx_to_us.hostility_per_10k_words as mx_to_us_migration_hostility_per_10k_words,
  mx_to_us.hostility_per_10k_words_low as mx_to_us_migration_hostility_per_10k_words_low,
  mx_to_us.hostility_per_10k_words_high as mx_to_us_migration_hostility_per_10k_words_high,
  mx_to_us.missing as mx_to_us_missing,
  coalesce(border.is_settled and us_to_mx.is_settled and mx_to_us.is_settled, false)
    and (us_posts_to_mx.hits_per_10k_words is null or us_posts_to_mx.is_settled) as is_settled,
  us_to_mx.method_version
from measures.months
left join measures.border_encounters as border on border.month = months.month
left join said as us_to_mx on us_to_mx.month = months.month and us_to_mx.office = 'us_executive'
left join said as us_posts_to_mx on us_posts_to_mx.month = months.month and us_posts_to_mx.office = 'trump_posts'
left join said as mx_to_us on mx_to_us.month = months.month and mx_to_us.office = 'mx_presidency'
