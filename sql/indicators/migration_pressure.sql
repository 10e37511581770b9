-- Who is encountered at the southwest land border, by whom and under which legal ground?
-- Unit: encounters (events, not people).
-- Grain: month, authority, encounter type, component, demographic group and citizenship group, where something was recorded.
-- Trap: Title 42 expulsions were no apprehensions and raised repeats, so they stand apart; one release called part of them
-- apprehensions, so here the authority decides. No row inside a published month means zero.
with recorded as (
  select
    month,
    authority,
    if(authority = 'title_42', 'expulsion', encounter_type) as encounter_type,
    component,
    demographic,
    citizenship,
    sum(encounters)::bigint as encounters
  from sources.cbp_encounters
  group by all
),

covered as (
  select
    month,
    is_settled,
    vintage,
    count(*) over (partition by year(month + interval 3 month)) < 12 as is_fytd
  from measures.coverage
  where dataset = 'cbp_encounters' and missing is null
)

select
  recorded.month,
  recorded.authority,
  recorded.encounter_type,
  recorded.component,
  recorded.demographic,
  recorded.citizenship,
  recorded.encounters,
  recorded.authority = 'title_42' as is_title_42,
  recorded.month >= date '2019-10-01' as is_comparable,
  year(recorded.month + interval 3 month)::integer as fiscal_year,
  covered.is_fytd,
  covered.is_settled,
  covered.vintage
from recorded
join covered on covered.month = recorded.month
