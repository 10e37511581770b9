-- What share of the drugs seized do officers at ports of entry seize, by weight and by number of seizures?
-- Unit: shares of 0 to 1 of lb and of seizure events, with what they are shares of.
-- Grain: month with which the span ends, region (all is nationwide), drug and span.
-- Trap: the two shares can differ by more than ten points, so never quote one without the other. The Office of Field
-- Operations is not the same as ports of entry, and checkpoints on roads inland belong to the Border Patrol.
with monthly as materialized (
  select *, year(month + interval 3 month) as fiscal_year from measures.seizures_by_region
),

months_alone as (
  select
    month,
    region,
    drug,
    'month' as span,
    month as span_start,
    if(missing is null, 1, 0) as months,
    ofo_lb,
    seized_lb,
    ofo_events,
    events,
    missing,
    is_settled,
    vintage
  from monthly
),

last_12_months as (
  select
    month,
    region,
    drug,
    '12_months' as span,
    (month - interval 11 month)::date as span_start,
    count(seized_lb) over last_year as months,
    sum(ofo_lb) over last_year as ofo_lb,
    sum(seized_lb) over last_year as seized_lb,
    sum(ofo_events) over last_year as ofo_events,
    sum(events) over last_year as events,
    coalesce(missing, if(count(seized_lb) over last_year < 12, 'incomplete_span', null)) as missing,
    bool_and(is_settled) over last_year as is_settled,
    max(vintage) over last_year as vintage
  from monthly
  window last_year as (partition by region, drug order by month rows between 11 preceding and current row)
),

fiscal_years as (
  select
    max(month) as month,
    region,
    drug,
    'fiscal_year' as span,
    make_date(fiscal_year::integer - 1, 10, 1) as span_start,
    count(*) as months,
    sum(ofo_lb order by month) as ofo_lb,
    sum(seized_lb order by month) as seized_lb,
    sum(ofo_events) as ofo_events,
    sum(events) as events,
    null as missing,
    bool_and(is_settled) as is_settled,
    max(vintage) as vintage
  from monthly
  where missing is null
  group by fiscal_year, region, drug
),

spans as (
  select * from months_alone
  union all
  select * from last_12_months
  union all
  select * from fiscal_years
)

select
  month,
  region,
  drug,
  span,
  span_start,
  months::integer as months,
  span = 'fiscal_year' and months < 12 as is_fytd,
  year(month + interval 3 month)::integer as fiscal_year,
  case when missing is null then ofo_lb end as ofo_lb,
  case when missing is null then seized_lb end as seized_lb,
  case when missing is null then ofo_lb / nullif(seized_lb, 0) end as ofo_share_by_weight,
  case when missing is null then ofo_events end::bigint as ofo_events,
  case when missing is null then events end::bigint as events,
  case when missing is null then ofo_events / nullif(events, 0) end as ofo_share_by_events,
  missing,
  coalesce(missing, case when events = 0 then 'nothing_seized' when seized_lb = 0 then 'no_weight' end) as share_missing,
  is_settled and missing is null as is_settled,
  case when missing is null then vintage end as vintage
from spans
