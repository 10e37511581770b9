-- Where do official sources give different numbers for the same thing in the same period, and by how much?
-- Unit: that of the concept (lb, kg, deaths, events or sites); the ratio is to the reference.
-- Grain: concept, geography, period, kind, issuer and day it was said.
-- Trap: a ratio other than 1 is no error of either side. The reason says what differs: who counts, where, when it was said.
-- Issuers may overlap, so never add them. A reference is what the others are compared with, not the truth.
with by_region as (
  select * from measures.seizures_by_region where drug = 'fentanyl' and region in ('all', 'southwest_border')
),

encounters as (
  select * from measures.migration
),

flows as (
  select
    'cbp_fentanyl_seized_lb' as concept,
    if(region = 'all', 'US', 'US southwest border') as geography,
    unnest(['cbp', 'cbp_air_marine']) as issuer,
    month,
    unnest([seized_lb, amo_lb]) as value,
    vintage,
    unnest(['sources.cbp_drug_seizures', 'sources.cbp_air_marine_seizures']) as source
  from by_region
  union all
  select
    'sw_border_encounters_usbp' as concept,
    'US southwest border' as geography,
    unnest(['cbp', 'ohss']) as issuer,
    month,
    unnest([usbp, usbp_only])::double as value,
    unnest([vintage, usbp_only_vintage]) as vintage,
    unnest(['sources.cbp_encounters', 'sources.usbp_encounters']) as source
  from encounters
  union all
  select
    'sw_border_encounters' as concept,
    'US southwest border' as geography,
    'cbp' as issuer,
    month,
    encounters_total_comparable::double as value,
    vintage,
    'sources.cbp_encounters' as source
  from encounters
  union all
  select
    'sw_border_encounters' as concept,
    'US southwest border' as geography,
    'cbp_by_state' as issuer,
    month,
    sum(encounters)::double as value,
    max(vintage) as vintage,
    'sources.cbp_encounters_by_state' as source
  from sources.cbp_encounters_by_state
  where land_region = 'southwest_land_border'
  group by month
),

wonder as (
  select month, sum(deaths)::double as deaths, bool_or(is_provisional) as is_provisional, max(vintage) as vintage
  from sources.cdc_wonder_deaths
  group by month
),

deaths as (
  select * from indicators.overdose_deaths
  where jurisdiction = 'US' and drug_class in ('all_drugs', 'synthetic_opioids')
),

sums_of_12_months as (
  select
    if(drug_class = 'all_drugs', 'overdose_deaths_all', 'overdose_deaths_synthetic_opioids') as concept,
    'US' as geography,
    unnest(['cdc_reported', 'cdc_predicted']) as issuer,
    month,
    unnest([reported_12m, predicted_12m])::double as value,
    vintage,
    'sources.cdc_overdose_deaths' as source
  from deaths
  union all
  select
    'overdose_deaths_synthetic_opioids' as concept,
    'US' as geography,
    if(bool_or(is_provisional) over last_year, 'cdc_wonder_provisional', 'cdc_wonder_final') as issuer,
    month,
    case when count(*) over last_year = 12 then sum(deaths) over last_year end as value,
    max(vintage) over last_year as vintage,
    'sources.cdc_wonder_deaths' as source
  from wonder
  where month >= date '2014-02-01'
  window last_year as (order by month range between interval 11 month preceding and current row)
),

statements as (
  select
    * replace (
      case when unit = 'kg' and ends_with(concept, '_lb') then value / 0.45359237 else value end as value,
      case when unit = 'kg' and ends_with(concept, '_lb') then 'lb' else unit end as unit
    ),
    value as value_said,
    unit as unit_said
  from seeds.official_statements
  -- of a day before it was said nothing was known
  where coalesce(said_on <= cast(getvariable('as_of') as date), true)
),

months as (
  select distinct month from flows
),

periods as (
  select month as period_start, month as period_end from months
  union
  select month as period_start, (month + interval 11 month)::date as period_end from months where month(month) in (1, 10)
  union
  select period_start, period_end from statements
),

series as (
  select
    flows.concept,
    flows.geography,
    periods.period_start,
    periods.period_end,
    flows.issuer,
    max(flows.vintage) as said_on,
    sum(flows.value order by flows.month) as value,
    any_value(flows.source) as source
  from periods
  join flows on flows.month between periods.period_start and periods.period_end
  group by flows.concept, flows.geography, periods.period_start, periods.period_end, flows.issuer
  having count(flows.value) = 1 + date_diff('month', periods.period_start, periods.period_end)
  union all
  select
    concept,
    geography,
    (month - interval 11 month)::date as period_start,
    month as period_end,
    issuer,
    vintage as said_on,
    value,
    source
  from sums_of_12_months
  where value is not null
),

figures as (
  select
    concept,
    geography,
    period_start,
    period_end,
    'series' as kind,
    issuer,
    said_on,
    value,
    case
      when ends_with(concept, '_lb') then 'lb'
      when starts_with(concept, 'overdose') then 'deaths'
      else 'events'
    end as unit,
    value as value_said,
    unit as unit_said,
    source
  from series
  union all
  select
    concept,
    geography,
    period_start,
    period_end,
    'statement' as kind,
    issuer,
    said_on,
    value,
    unit,
    value_said,
    unit_said,
    source_url as source
  from statements
),

counted as (
  select *, count(*) over (partition by concept, geography, period_start, period_end)::integer as figures
  from figures
),

-- preferred in this order: the series that leads its concept; what was said last of the same period; what contradicts
-- it first, a count from the same start that is lower at a later end; itself
pairs as (
  select
    one.*,
    other.issuer as reference_issuer,
    other.said_on as reference_said_on,
    other.period_end as reference_period_end,
    other.value as reference_value,
    case
      when other.period_end = one.period_end and other.kind = 'series' and other.issuer in ('cbp', 'cdc_reported') then 0
      when one.kind = 'series' or other.kind = 'series' then if(one = other, 3, null)
      when other.period_end = one.period_end and (other.said_on, other.issuer) > (one.said_on, one.issuer) then 1
      when other.period_end > one.period_end and other.said_on > one.said_on and other.value < 0.995 * one.value then 2
      when one = other then 3
    end as preference
  from counted as one
  join counted as other
    on other.concept = one.concept and other.geography = one.geography and other.period_start = one.period_start
),

compared as (
  select *, value / nullif(reference_value, 0) as ratio
  from pairs
  where preference is not null
  qualify row_number() over (
    partition by concept, geography, period_start, period_end, kind, issuer, said_on
    order by preference, if(preference = 1, reference_said_on, null) desc, reference_said_on, reference_issuer
  ) = 1
)

select
  concept,
  geography,
  period_start,
  period_end,
  kind,
  issuer,
  said_on,
  value,
  unit,
  value_said,
  unit_said,
  figures,
  reference_issuer,
  reference_said_on,
  reference_period_end,
  reference_value,
  ratio,
  case
    when preference = 3 or (kind = 'series' and issuer = reference_issuer) then 'reference'
    when abs(ratio - 1) < 1e-9 then 'agrees'
    when preference = 2 then 'cumulative_count_fell'
    when issuer = 'ohss' then 'rounded_to_tens'
    when issuer = 'cbp_by_state' then 'other_file'
    when issuer = 'cbp_air_marine' then 'other_scope'
    when issuer = 'cdc_predicted' then 'predicted_for_late_reports'
    when issuer = 'cdc_wonder_final' then 'residence_and_suppression'
    when issuer = 'cdc_wonder_provisional' then 'provisional_residence_and_suppression'
    when issuer in ('dea', 'hsi') then 'other_agency'
    when abs(ratio - 1) < 0.005 then 'rounded'
    when preference = 0 then 'said_of_other_release'
    when issuer = reference_issuer then 'restated'
    else 'other_issuer'
  end as reason,
  source
from compared
where kind = 'statement' or figures > 1
