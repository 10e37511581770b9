-- How many people died of drug overdoses in the United States in the 12 months that end with each month?
-- Unit: deaths, reported and predicted, by place of occurrence.
-- Grain: ending month and drug class.
-- Trap: these are 12-month sums. Set them against 12-month sums only; never subtract a reported from a predicted one.
with classes(indicator, drug_class) as (
  values ('overdose_deaths', 'all_drugs'), ('synthetic_opioids', 'synthetic_opioids')
)

select
  coverage.month,
  classes.drug_class,
  deaths.deaths_12m,
  deaths.predicted_12m,
  case when deaths.deaths_12m is null then coalesce(deaths.missing, coverage.missing) end as missing,
  coverage.is_settled and deaths.deaths_12m is not null as is_settled,
  coverage.vintage
from measures.coverage
cross join classes
left join sources.cdc_overdose_deaths as deaths
  on deaths.month = coverage.month and deaths.indicator = classes.indicator and deaths.jurisdiction = 'US'
where coverage.dataset = 'cdc_overdose_deaths'
