-- How much fentanyl did CBP seize at the southwest border, in pounds and in seizures?
-- Unit: lb (gross weight) and seizure events; 12-month sums end with the month.
-- Grain: month.
-- Trap: CBP prints no row where nothing was seized. Inside the covered months that is 0, outside them it is unknown.
with seized as (
  select month, sum(seized_lb order by area, component, land_filter) as seized_lb, sum(events) as events
  from sources.cbp_drug_seizures
  where region = 'southwest_border' and drug = 'fentanyl'
  group by month
),

monthly as (
  select
    coverage.month,
    case when coverage.missing is null then coalesce(seized_lb, 0) end as seized_lb,
    case when coverage.missing is null then coalesce(events, 0)::bigint end as events,
    coverage.missing,
    coverage.is_settled,
    coverage.vintage
  from measures.coverage
  left join seized on seized.month = coverage.month
  where coverage.dataset = 'cbp_drug_seizures'
)

select
  month,
  seized_lb,
  events,
  case when count(seized_lb) over last_year = 12 then sum(seized_lb) over last_year end as seized_lb_12m,
  case when count(events) over last_year = 12 then (sum(events) over last_year)::bigint end as events_12m,
  missing,
  is_settled,
  vintage
from monthly
window last_year as (order by month rows between 11 preceding and current row)
