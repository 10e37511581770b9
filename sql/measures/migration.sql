-- How many encounters were there at the southwest land border, in a series that may be compared and in one that is long?
-- Unit: encounters (events, not people); usbp_only is rounded to tens by its publisher.
-- Grain: month, from October 1999.
-- Trap: totals before fiscal year 2020 count other things at the ports, so the comparable total starts there. The Border
-- Patrol alone reaches back to 1999, holds expulsions under Title 42, and comes from another office that rounds.
with long_series as (
  select month, encounters, vintage from sources.usbp_encounters where region = 'southwest_land_border'
),

long_settled as (
  select month, arg_max(is_settled, vintage) as is_settled
  from vintages.release_months
  where dataset = 'usbp_encounters'
  group by month
),

long_coverage as (
  select month, missing from measures.coverage where dataset = 'usbp_encounters'
),

exact as (
  select * from measures.border_encounters
),

months as (
  select month from long_series
  union
  select month from exact
)

select
  months.month,
  case when months.month >= date '2019-10-01' then exact.encounters end as encounters_total_comparable,
  case
    when months.month < date '2019-10-01' then 'other_counting'
    else coalesce(exact.missing, if(exact.encounters is null, 'not_held', null))
  end as comparable_missing,
  exact.title_8,
  exact.title_42,
  exact.usbp,
  exact.ofo,
  coalesce(exact.missing, if(exact.encounters is null, 'before_first_release', null)) as missing,
  coalesce(exact.is_settled, false) as is_settled,
  exact.vintage,
  long_series.encounters as usbp_only,
  case when long_series.encounters is null then coalesce(long_coverage.missing, 'not_held') end as usbp_only_missing,
  coalesce(long_settled.is_settled, false) as usbp_only_is_settled,
  long_series.vintage as usbp_only_vintage
from months
left join exact on exact.month = months.month
left join long_series on long_series.month = months.month
left join long_settled on long_settled.month = months.month
left join long_coverage on long_coverage.month = months.month
