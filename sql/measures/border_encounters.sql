-- How many encounters did CBP record at the southwest land border?
-- Unit: encounters (events, not people).
-- Grain: month.
-- Trap: Title 42 ran from March 2020 to 11 May 2023; its absence elsewhere is zero, not unknown.
with counted as (
  select
    month,
    sum(encounters) as encounters,
    sum(encounters) filter (authority = 'title_8') as title_8,
    sum(encounters) filter (authority = 'title_42') as title_42,
    sum(encounters) filter (component = 'usbp') as usbp,
    sum(encounters) filter (component = 'ofo') as ofo
  from sources.cbp_encounters
  group by month
),

monthly as (
  select
    coverage.month,
    case when coverage.missing is null then coalesce(encounters, 0)::bigint end as encounters,
    case when coverage.missing is null then coalesce(title_8, 0)::bigint end as title_8,
    case when coverage.missing is null then coalesce(title_42, 0)::bigint end as title_42,
    case when coverage.missing is null then coalesce(usbp, 0)::bigint end as usbp,
    case when coverage.missing is null then coalesce(ofo, 0)::bigint end as ofo,
    coverage.missing,
    coverage.is_settled,
    coverage.vintage
  from measures.coverage
  left join counted on counted.month = coverage.month
  where coverage.dataset = 'cbp_encounters'
)

select
  month,
  encounters,
  title_8,
  title_42,
  usbp,
  ofo,
  case when count(encounters) over last_year = 12 then (sum(encounters) over last_year)::bigint end as encounters_12m,
  missing,
  is_settled,
  vintage
from monthly
window last_year as (order by month rows between 11 preceding and current row)
