-- Which drugs does CBP seize, where and by whom, and how large is a seizure?
-- Unit: lb and kg (gross weight), seizure events, lb per event.
-- Grain: month, component, region, area and drug, where something was seized.
-- Trap: no row means zero in a published month and unknown in any other; measures.seizures_by_region has both spelt out.
-- How far Air and Marine Operations overlaps the others is not known, so its weight stands in columns of its own and cannot be added by mistake.
with rows_of_both as (
  select
    'cbp_drug_seizures' as dataset,
    month,
    component,
    region,
    area,
    drug,
    sum(seized_lb order by land_filter) as seized_lb,
    sum(events)::bigint as events,
    null::double as amo_lb,
    null::bigint as amo_events
  from sources.cbp_drug_seizures
  group by month, component, region, area, drug
  union all
  select
    'cbp_air_marine_seizures' as dataset,
    month,
    component,
    region,
    branch as area,
    drug,
    null as seized_lb,
    null as events,
    sum(seized_lb order by land_filter) as amo_lb,
    sum(events)::bigint as amo_events
  from sources.cbp_air_marine_seizures
  group by month, component, region, branch, drug
),

covered as (
  select
    dataset,
    month,
    is_settled,
    vintage,
    count(*) over (partition by dataset, year(month + interval 3 month)) < 12 as is_fytd
  from measures.coverage
  where dataset in ('cbp_drug_seizures', 'cbp_air_marine_seizures') and missing is null
)

select
  figures.month,
  figures.component,
  figures.region,
  figures.area,
  figures.drug,
  figures.seized_lb,
  figures.seized_lb * 0.45359237 as seized_kg,
  figures.events,
  figures.seized_lb / figures.events as lb_per_event,
  case when figures.seized_lb is null then 'counted_apart' end as missing,
  figures.amo_lb,
  figures.amo_events,
  year(figures.month + interval 3 month)::integer as fiscal_year,
  year(figures.month)::integer as calendar_year,
  covered.is_fytd,
  covered.is_settled,
  covered.vintage
from rows_of_both as figures
join covered on covered.dataset = figures.dataset and covered.month = figures.month
