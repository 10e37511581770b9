-- How far figures have moved since they were first published, by the age of their month.
select
  case figure
    when 'seized_lb' then 'fentanyl seized'
    when 'encounters' then 'encounters'
    when 'deaths_12m' then 'deaths, reported'
    else 'deaths, predicted'
  end as kind,
  age_months,
  months,
  net_change_pct,
  moved_pct
from indicators.revision_profile
where (dataset, series, figure) in (
    ('cbp_drug_seizures', 'fentanyl', 'seized_lb'),
    ('cbp_encounters', 'all', 'encounters'),
    ('cdc_overdose_deaths', 'overdose_deaths', 'deaths_12m'),
    ('cdc_overdose_deaths', 'overdose_deaths', 'predicted_12m')
  )
  and age_months <= 24
  and net_change_pct is not null
order by kind, age_months
