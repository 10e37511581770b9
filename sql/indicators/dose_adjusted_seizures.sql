-- How much less fentanyl was seized once it is counted that what is seized has become weaker?
-- Unit: lb (gross), lb of fentanyl proper, ratios to fiscal year 2023.
-- Grain: fiscal year and region (all is nationwide).
-- Trap: nobody publishes which part of the weight was powder and which pills, so no single number is right. The interval
-- runs from all powder to all pills, at a split that stays the same; if the split changed the truth may lie outside. A
-- region of a few dozen seizures has the ratio of two loads: under 100 seizures in either year none is given.
with purity as (
  select
    fiscal_year,
    any_value(value) filter (form = 'powder' and measure = 'purity') as powder_purity_pct,
    any_value(value) filter (form = 'pill' and measure = 'share_2mg_or_more') as pills_2mg_pct
  from seeds.purity
  where
    fiscal_year is not null
    -- of a day before it was said nothing was known
    and coalesce(said_on <= cast(getvariable('as_of') as date), true)
  group by fiscal_year
),

seized as (
  select
    year(month + interval 3 month)::integer as fiscal_year,
    region,
    count(*)::integer as months,
    sum(seized_lb order by month) as seized_lb,
    sum(events)::bigint as events,
    bool_and(is_settled) as is_settled,
    max(vintage) as vintage
  from measures.seizures_by_region
  where drug = 'fentanyl' and missing is null
  group by all
),

years as (
  select seized.*, purity.powder_purity_pct, purity.pills_2mg_pct
  from seized
  left join purity on purity.fiscal_year = seized.fiscal_year
),

compared as (
  select
    years.*,
    base.events as base_events,
    case
      when years.months = 12 and least(years.events, base.events) >= 100 then years.seized_lb / nullif(base.seized_lb, 0)
    end as ratio_raw,
    years.powder_purity_pct / nullif(base.powder_purity_pct, 0) as powder_ratio,
    years.pills_2mg_pct / nullif(base.pills_2mg_pct, 0) as pills_ratio
  from years
  left join years as base on base.region = years.region and base.fiscal_year = 2023 and base.months = 12
)

select
  fiscal_year,
  region,
  months,
  seized_lb,
  events,
  powder_purity_pct,
  pills_2mg_pct,
  case when powder_purity_pct is null or pills_2mg_pct is null then 'no_purity_held' end as purity_missing,
  seized_lb * powder_purity_pct / 100 as fentanyl_lb_if_all_powder,
  seized_lb * pills_2mg_pct / 100 as lethal_pills_lb_if_all_pills,
  2023 as base_fiscal_year,
  base_events,
  ratio_raw,
  ratio_raw * powder_ratio as ratio_if_all_powder,
  ratio_raw * pills_ratio as ratio_if_all_pills,
  case when powder_ratio is not null and pills_ratio is not null then ratio_raw * least(powder_ratio, pills_ratio) end
    as ratio_low,
  case when powder_ratio is not null and pills_ratio is not null then ratio_raw * greatest(powder_ratio, pills_ratio) end
    as ratio_high,
  case
    when months < 12 then 'year_not_complete'
    when base_events is null or ratio_raw is null and least(events, base_events) >= 100 then 'no_base_year'
    when ratio_raw is null then 'under_100_seizures'
    when powder_ratio is null or pills_ratio is null then 'no_purity_held'
  end as missing,
  months < 12 as is_fytd,
  is_settled,
  vintage
from compared
