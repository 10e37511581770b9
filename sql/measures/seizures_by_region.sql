-- How much of each drug was seized in each month and border region, by which component, and in how many seizures?
-- Unit: lb (gross weight) and seizure events.
-- Grain: month, region (all is nationwide) and drug; every combination has its row.
-- Trap: Air and Marine Operations took part in seizures that the other two components also report. Its columns stand
-- beside theirs and are never added.
with seized as (
  select
    month,
    coalesce(region, 'all') as region,
    drug,
    sum(seized_lb order by component, region, area, land_filter) as seized_lb,
    sum(events)::bigint as events,
    sum(seized_lb order by region, area, land_filter) filter (component = 'ofo') as ofo_lb,
    (sum(events) filter (component = 'ofo'))::bigint as ofo_events,
    sum(seized_lb order by region, area, land_filter) filter (component = 'usbp') as usbp_lb,
    (sum(events) filter (component = 'usbp'))::bigint as usbp_events
  from sources.cbp_drug_seizures
  group by grouping sets ((month, region, drug), (month, drug))
),

air_marine_rows as materialized (
  select * from sources.cbp_air_marine_seizures
),

air_marine as (
  select
    month,
    coalesce(region, 'all') as region,
    drug,
    sum(seized_lb order by region, branch, land_filter) as seized_lb,
    sum(events)::bigint as events
  from air_marine_rows
  group by grouping sets ((month, region, drug), (month, drug))
),

air_marine_drugs as (
  select distinct drug from air_marine_rows
),

cells as (
  select regions.region, drugs.drug, air_marine_drugs.drug is not null as is_air_marine_drug
  from (select distinct code as region from seeds.labels where field = 'region' union all select 'all') as regions
  cross join (select distinct drug from seeds.drug_labels) as drugs
  left join air_marine_drugs on air_marine_drugs.drug = drugs.drug
),

-- one row a month before anything is joined: as of a day, coverage is itself a long way of views
coverage as materialized (
  select
    month,
    any_value(missing) filter (dataset = 'cbp_drug_seizures') as missing,
    any_value(is_settled) filter (dataset = 'cbp_drug_seizures') as is_settled,
    any_value(vintage) filter (dataset = 'cbp_drug_seizures') as vintage,
    any_value(missing) filter (dataset = 'cbp_air_marine_seizures') as amo_missing
  from measures.coverage
  where dataset in ('cbp_drug_seizures', 'cbp_air_marine_seizures')
  group by month
)

select
  coverage.month,
  cells.region,
  cells.drug,
  case when coverage.missing is null then coalesce(seized.seized_lb, 0) end as seized_lb,
  case when coverage.missing is null then coalesce(seized.events, 0) end as events,
  case when coverage.missing is null then coalesce(seized.ofo_lb, 0) end as ofo_lb,
  case when coverage.missing is null then coalesce(seized.ofo_events, 0) end as ofo_events,
  case when coverage.missing is null then coalesce(seized.usbp_lb, 0) end as usbp_lb,
  case when coverage.missing is null then coalesce(seized.usbp_events, 0) end as usbp_events,
  coverage.missing,
  case when coverage.amo_missing is null and cells.is_air_marine_drug then coalesce(air_marine.seized_lb, 0) end
    as amo_lb,
  case when coverage.amo_missing is null and cells.is_air_marine_drug then coalesce(air_marine.events, 0) end
    as amo_events,
  coalesce(coverage.amo_missing, case when not cells.is_air_marine_drug then 'not_reported' end) as amo_missing,
  coverage.is_settled,
  coverage.vintage
from coverage
cross join cells
left join seized
  on seized.month = coverage.month and seized.region = cells.region and seized.drug = cells.drug
left join air_marine
  on air_marine.month = coverage.month and air_marine.region = cells.region and air_marine.drug = cells.drug
