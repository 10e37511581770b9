-- How many people died of drug overdoses, over 12 months as published and in single months as far as they can be derived?
-- Unit: deaths; a change is the month less the same month a year before.
-- Grain: month, jurisdiction and drug class; a figure over 12 months ends with the month.
-- Trap: two 12-month counts differ by one month against that month a year before. That is exact only of one kind, so
-- reported and predicted counts are subtracted apart, each from its own kind. A blank is not zero.
with deaths as (
  select * from sources.cdc_overdose_deaths where indicator not in ('deaths_all_causes', 'pct_drugs_specified')
),

releases as (
  select month, max(vintage) as vintage, arg_max(is_settled, vintage) as is_settled
  from vintages.release_months
  where dataset = 'cdc_overdose_deaths'
  group by month
),

months as (
  select
    coalesce(releases.month, coverage.month) as month,
    releases.vintage,
    coalesce(releases.is_settled, false) as is_settled,
    coverage.missing
  from releases
  full join (select * from measures.coverage where dataset = 'cdc_overdose_deaths') as coverage
    on coverage.month = releases.month
),

cells as (
  select distinct jurisdiction, indicator from deaths
),

grid as (
  select
    months.month,
    cells.jurisdiction,
    cells.indicator,
    deaths.deaths_12m,
    deaths.predicted_12m,
    deaths.pct_complete,
    deaths.pct_complete_reported,
    deaths.pct_pending,
    deaths.footnote_symbol,
    case when deaths.deaths_12m is null then coalesce(deaths.missing, months.missing, 'not_in_release') end as missing,
    months.is_settled and deaths.deaths_12m is not null as is_settled,
    months.vintage
  from months
  cross join cells
  left join deaths
    on deaths.month = months.month
    and deaths.jurisdiction = cells.jurisdiction
    and deaths.indicator = cells.indicator
),

-- each kind from its own kind only
changes as (
  select
    *,
    case when lag(month) over cell = month - interval 1 month then deaths_12m - lag(deaths_12m) over cell end
      as reported_change,
    case when lag(month) over cell = month - interval 1 month then predicted_12m - lag(predicted_12m) over cell end
      as predicted_change
  from grid
  window cell as (partition by jurisdiction, indicator order by month)
),

since_anchor as (
  select
    month,
    jurisdiction,
    indicator,
    sum(reported_change) over same_months as reported,
    count(reported_change) over same_months as reported_years,
    sum(predicted_change) over same_months as predicted,
    count(predicted_change) over same_months as predicted_years
  from changes
  where year(month) > 2018
  window same_months as (
    partition by jurisdiction, indicator, month(month)
    order by month
    rows between unbounded preceding and current row
  )
),

final_rows as (
  select * from sources.cdc_wonder_deaths where not is_provisional
),

finals as (
  select month, coalesce(state, 'US') as jurisdiction, sum(deaths)::bigint as deaths, any_value(product) as product
  from final_rows
  group by grouping sets ((month, state), (month))
),

-- the city is apart in one publisher's table and inside its state in the other's
comparable_finals as (
  select
    *,
    'synthetic_opioids' as indicator,
    case when count(*) over last_year = 12 then (sum(deaths) over last_year)::bigint end as deaths_12m
  from finals
  where jurisdiction <> 'US-NY'
  window last_year as (partition by jurisdiction order by month range between interval 11 month preceding and current row)
),

anchors as (
  select *
  from comparable_finals
  where year(month) = 2018
  qualify count(*) over (partition by jurisdiction) = 12
),

derived as (
  select
    changes.*,
    finals.deaths as final_deaths,
    finals.deaths_12m as final_12m,
    finals.product as final_product,
    anchors.deaths is not null as has_anchor,
    year(changes.month) - 2018 as years,
    case
      when years = 0 then anchors.deaths
      when since_anchor.reported_years = years then anchors.deaths + since_anchor.reported
    end::bigint as derived_reported,
    case
      when years = 0 then anchors.deaths
      when since_anchor.predicted_years = years then anchors.deaths + since_anchor.predicted
    end::bigint as derived_predicted
  from changes
  left join since_anchor
    on since_anchor.month = changes.month
    and since_anchor.jurisdiction = changes.jurisdiction
    and since_anchor.indicator = changes.indicator
  left join anchors
    on anchors.jurisdiction = changes.jurisdiction
    and anchors.indicator = changes.indicator
    and month(anchors.month) = month(changes.month)
  left join comparable_finals as finals
    on finals.month = changes.month
    and finals.jurisdiction = changes.jurisdiction
    and finals.indicator = changes.indicator
)

select
  month,
  jurisdiction,
  case indicator when 'overdose_deaths' then 'all_drugs' else indicator end as drug_class,
  deaths_12m as reported_12m,
  missing,
  predicted_12m,
  case when predicted_12m is null then coalesce(missing, 'not_predicted') end as predicted_missing,
  pct_complete,
  pct_complete_reported,
  pct_pending,
  footnote_symbol,
  reported_change,
  predicted_change,
  derived_reported,
  case
    when derived_reported is not null then null
    when years < 0 then 'before_anchor'
    when not has_anchor then 'no_anchor'
    else coalesce(missing, 'blank_in_between')
  end as derived_missing,
  derived_predicted,
  case
    when derived_predicted is not null then null
    when years < 0 then 'before_anchor'
    when not has_anchor then 'no_anchor'
    when predicted_12m is null then coalesce(missing, 'not_predicted')
    else 'blank_in_between'
  end as derived_predicted_missing,
  years = 0 and has_anchor as is_anchor,
  coalesce(derived_reported < 0, false) or coalesce(derived_predicted < 0, false) as is_negative,
  final_deaths,
  final_12m,
  case
    when final_deaths is not null then null
    when indicator <> 'synthetic_opioids' then 'class_not_held'
    when jurisdiction in ('US-NY', 'US-NYC') then 'other_area'
    when month > (select max(month) from final_rows) then 'not_final'
    when month in (select month from final_rows) then 'suppressed'
    else 'not_held'
  end as final_missing,
  final_product,
  is_settled,
  vintage
from derived
