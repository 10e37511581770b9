-- Do fentanyl seizures at the border and overdose deaths rise and fall together, both counted over the same 12 months?
-- Unit: lb, seizures and deaths in the 12 months to the month; growth in % over the 12 months before those.
-- Grain: month, every month of the spine.
-- Trap: a sum over 12 months must not be set against a single month, and neighbouring sums share eleven months, which makes
-- any two of them look alike. No test is made here; indicators.lead_lag has those.
with seizures as (
  select * from measures.border_fentanyl_seizures
),

deaths as (
  select * from indicators.overdose_deaths
  where jurisdiction = 'US' and drug_class in ('all_drugs', 'synthetic_opioids')
),

side_by_side as (
  select
    months.month,
    seizures.seized_lb,
    seizures.events,
    seizures.missing as seizures_missing,
    seizures.seized_lb_12m,
    seizures.events_12m,
    synthetic.reported_12m as synthetic_reported_12m,
    synthetic.predicted_12m as synthetic_predicted_12m,
    synthetic.missing as synthetic_missing,
    synthetic.derived_reported as synthetic_derived_reported,
    synthetic.derived_predicted as synthetic_derived_predicted,
    synthetic.derived_missing as synthetic_derived_missing,
    whole.reported_12m as all_drugs_reported_12m,
    whole.predicted_12m as all_drugs_predicted_12m,
    whole.missing as all_drugs_missing,
    synthetic_before.reported_12m as synthetic_reported_before,
    synthetic_before.predicted_12m as synthetic_predicted_before,
    whole_before.reported_12m as all_drugs_reported_before,
    whole_before.predicted_12m as all_drugs_predicted_before,
    lag(seizures.seized_lb_12m, 12) over (order by months.month) as seized_lb_before,
    lag(seizures.events_12m, 12) over (order by months.month) as events_before,
    seizures.is_settled and synthetic.is_settled and whole.is_settled as is_settled
  from measures.months
  left join seizures on seizures.month = months.month
  left join deaths as synthetic on synthetic.month = months.month and synthetic.drug_class = 'synthetic_opioids'
  left join deaths as whole on whole.month = months.month and whole.drug_class = 'all_drugs'
  left join deaths as synthetic_before
    on synthetic_before.month = months.month - interval 12 month and synthetic_before.drug_class = 'synthetic_opioids'
  left join deaths as whole_before
    on whole_before.month = months.month - interval 12 month and whole_before.drug_class = 'all_drugs'
)

select
  month,
  seized_lb,
  events,
  seizures_missing,
  seized_lb_12m,
  events_12m,
  case when seized_lb_12m is null then coalesce(seizures_missing, 'incomplete_span') end as seizures_12m_missing,
  100 * (seized_lb_12m / nullif(seized_lb_before, 0) - 1) as seized_lb_12m_growth_pct,
  100 * (events_12m / nullif(events_before, 0) - 1) as events_12m_growth_pct,
  synthetic_reported_12m,
  synthetic_predicted_12m,
  case when synthetic_reported_12m is null then coalesce(synthetic_missing, 'not_in_release') end as synthetic_missing,
  100 * (synthetic_reported_12m / nullif(synthetic_reported_before, 0) - 1) as synthetic_reported_growth_pct,
  100 * (synthetic_predicted_12m / nullif(synthetic_predicted_before, 0) - 1) as synthetic_predicted_growth_pct,
  synthetic_derived_reported,
  synthetic_derived_predicted,
  case when synthetic_derived_reported is null then coalesce(synthetic_derived_missing, 'not_in_release') end
    as synthetic_derived_missing,
  all_drugs_reported_12m,
  all_drugs_predicted_12m,
  case when all_drugs_reported_12m is null then coalesce(all_drugs_missing, 'not_in_release') end as all_drugs_missing,
  100 * (all_drugs_reported_12m / nullif(all_drugs_reported_before, 0) - 1) as all_drugs_reported_growth_pct,
  100 * (all_drugs_predicted_12m / nullif(all_drugs_predicted_before, 0) - 1) as all_drugs_predicted_growth_pct,
  coalesce(is_settled, false) as is_settled
from side_by_side
