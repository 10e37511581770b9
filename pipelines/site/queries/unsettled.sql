-- The newest figures that their publishers may still restate, and since when they are public.
with open_months as (
  select 'fentanyl seized, southwest border' as figure, 'lb' as unit, month, round(seized_lb, 1) as value, vintage
  from measures.border_fentanyl_seizures
  where seized_lb is not null and not is_settled
  union all
  select 'encounters, southwest land border', 'encounters', month, encounters::double, vintage
  from measures.border_encounters
  where encounters is not null and not is_settled
  union all
  select 'overdose deaths in 12 months, ' || replace(drug_class, '_', ' '), 'deaths', month, deaths_12m::double, vintage
  from measures.overdose_deaths_12m
  where deaths_12m is not null and not is_settled and drug_class in ('all_drugs', 'synthetic_opioids')
)

select figure, month, value, unit, vintage as public_since
from open_months
qualify row_number() over (partition by figure order by month desc) <= 6
order by figure, month desc
