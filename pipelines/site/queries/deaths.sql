-- Overdose deaths in 12 months with synthetic opioids, as reported and as the CDC predicts them to become.
select month, drug_class, deaths_12m as reported, predicted_12m as predicted, missing, is_settled, vintage
from measures.overdose_deaths_12m
where drug_class in ('all_drugs', 'synthetic_opioids')
order by drug_class, month
