-- Does the United States criticise Mexico less in the months in which more migrants are met at its border?
-- Unit: bilateral statements of the US executive, and those of them that criticise (hostility 1 or more toward Mexico).
-- Grain: month and the administration in office on its last day.
-- Trap: few criticisms in a month in which Mexico is hardly spoken of is not restraint. The denominator is every statement
-- on Mexico that leaves migration aside. Governance is no theme of the coding; see the caveats for what stands in for it.
with heard as (
  -- read once: as of a day, each mention of a table is its whole view again
  select * from measures.speaking_groups where rate_missing is null and is_home
),

administrations (administration, first_month, last_month) as (
  values
    ('trump_2017', date '2017-01-01', date '2020-12-01'),
    ('biden_2021', date '2021-01-01', date '2024-12-01'),
    ('trump_2025', date '2025-01-01', date '2028-12-01')
),

-- who is judged, and who is not bound by the bargain and so shows what else moved criticism
parts (part, speaker_group, direction) as (
  values
    ('us', 'us_executive', 'US>MX'),
    ('congress', 'us_r', 'US>MX'),
    ('congress', 'us_d', 'US>MX'),
    ('mx', 'mx_executive', 'MX>US')
),

homes as (
  select distinct parts.part, parts.speaker_group, parts.direction, heard.month, heard.office, heard.words, heard.is_settled
  from heard
  join parts on parts.speaker_group = heard.speaker_group
),

volumes as (
  select
    part,
    month,
    sum(words)::bigint as words,
    string_agg(office, ' ' order by office) as sources,
    bool_and(is_settled) as is_settled
  from (select distinct part, month, office, words, is_settled from homes) as offices
  group by part, month
),

said as (
  select
    homes.part,
    homes.month,
    list_contains(statements.themes, 'migration') as is_on_migration,
    not list_has_any(statements.themes, ['migration', 'drugs', 'security', 'arms']) as is_on_policy,
    statements.hostility >= 1 and statements.direction = homes.direction as is_critical
  from documents.statements as statements
  join homes
    on homes.month = statements.month
    and homes.office = statements.office
    and homes.speaker_group = statements.speaker_group
  where statements.is_measured and statements.date_precision <> 'year'
),

counted as (
  select
    part,
    month,
    count(*) as statements,
    count(*) filter (is_critical) as criticism,
    count(*) filter (not is_on_migration) as opportunities,
    count(*) filter (is_critical and not is_on_migration) as criticism_beyond_migration,
    count(*) filter (is_on_policy) as policy_opportunities,
    count(*) filter (is_critical and is_on_policy) as criticism_on_policy
  from said
  group by part, month
),

filled as (
  select
    volumes.*,
    coalesce(statements, 0) as statements,
    coalesce(criticism, 0) as criticism,
    coalesce(opportunities, 0) as opportunities,
    coalesce(criticism_beyond_migration, 0) as criticism_beyond_migration,
    coalesce(policy_opportunities, 0) as policy_opportunities,
    coalesce(criticism_on_policy, 0) as criticism_on_policy
  from volumes
  left join counted on counted.part = volumes.part and counted.month = volumes.month
),

need as (
  select month, encounters from sources.usbp_encounters where region = 'southwest_land_border'
),

need_coverage as (
  select month, missing, is_settled from measures.coverage where dataset = 'usbp_encounters'
),

method as (
  select string_agg(distinct left(method_version, 8), ' ' order by left(method_version, 8)) as method_version
  from documents.readings
  where measured
)

select
  coverage.month,
  administrations.administration,
  us.sources,
  coalesce(us.words, 0) as words,
  us.statements,
  us.criticism,
  us.opportunities,
  us.criticism_beyond_migration,
  us.policy_opportunities,
  us.criticism_on_policy,
  1e4 * us.criticism_beyond_migration / us.words as criticism_per_10k_words,
  us.criticism_beyond_migration / nullif(us.opportunities, 0) as criticism_share,
  us.criticism_on_policy / nullif(us.policy_opportunities, 0) as policy_criticism_share,
  case when us.words is null then 'no_text' end as missing,
  case when us.words is null then 'no_text' when us.opportunities = 0 then 'no_opportunity' end as share_missing,
  case when us.words is null then 'no_text' when us.policy_opportunities = 0 then 'no_opportunity' end as policy_share_missing,
  need.encounters,
  case when need.encounters is null then coalesce(coverage.missing, 'not_held') end as encounters_missing,
  coalesce(congress.words, 0) as congress_words,
  congress.opportunities as congress_opportunities,
  congress.criticism_beyond_migration as congress_criticism,
  case when congress.words is null then 'no_text' end as congress_missing,
  coalesce(mx.words, 0) as mx_words,
  mx.opportunities as mx_opportunities,
  mx.criticism_beyond_migration as mx_criticism,
  case when mx.words is null then 'no_text' end as mx_missing,
  year(coverage.month) % 4 = 0 as is_us_presidential_year,
  coalesce(coverage.is_settled and us.is_settled, false) as is_settled,
  method.method_version
from need_coverage as coverage
cross join method
join administrations on coverage.month between administrations.first_month and administrations.last_month
left join need on need.month = coverage.month
left join filled as us on us.part = 'us' and us.month = coverage.month
left join filled as congress on congress.part = 'congress' and congress.month = coverage.month
left join filled as mx on mx.part = 'mx' and mx.month = coverage.month
