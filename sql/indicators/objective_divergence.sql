-- Do the two sides speak of the same thing when they speak of security: of drugs, of arms, or of violence?
-- Unit: bilateral statements; Jensen-Shannon distance between the sides' mixes, logarithm to base 2, from 0 to 1.
-- Grain: month and side.
-- Trap: two small samples of one mix lie apart by chance, the farther the smaller they are; distance_by_chance says how far,
-- and a distance near it is none. A statement on two of the three counts in both. The set of sources changes.
with own_sources as (
  -- read once: as of a day, each mention of a table is its whole view again
  select * from measures.side_sources
),

-- terms of the lexicon's theme security that name violence done to people
violent (term) as (
  values
    ('violence'), ('murder*'), ('homicide*'), ('kidnap*'), ('violencia'), ('homicidio*'), ('asesina*'), ('secuestr*')
),

counted as (
  select
    statements.month,
    statements.side,
    count(*) filter (list_has_any(themes, ['security', 'drugs', 'arms'])) as security_statements,
    count(*) filter (list_contains(themes, 'drugs')) as drug_statements,
    count(*) filter (list_contains(themes, 'arms')) as arms_statements,
    count(*) filter (list_has_any(terms, (select list(term) from violent))) as violence_statements
  from documents.statements as statements
  join own_sources as home
    on home.month = statements.month
    and home.side = statements.side
    and list_contains(string_split(home.sources, ' '), statements.office)
  where statements.is_measured and statements.date_precision <> 'year' and statements.speaker_group <> 'other'
  group by statements.month, statements.side
),

monthly as (
  select
    own_sources.*,
    case when missing is null then coalesce(security_statements, 0) end as security_statements,
    case when missing is null then coalesce(drug_statements, 0) end as drug_statements,
    case when missing is null then coalesce(arms_statements, 0) end as arms_statements,
    case when missing is null then coalesce(violence_statements, 0) end as violence_statements
  from own_sources
  left join counted on counted.month = own_sources.month and counted.side = own_sources.side
),

spans as (
  select month, side, counterpart, 'month' as span, drug_statements, arms_statements, violence_statements from monthly
  union all
  select
    month,
    side,
    counterpart,
    'year',
    case when count(drug_statements) over last_year = 12 then sum(drug_statements) over last_year end,
    case when count(drug_statements) over last_year = 12 then sum(arms_statements) over last_year end,
    case when count(drug_statements) over last_year = 12 then sum(violence_statements) over last_year end
  from monthly
  window last_year as (partition by side order by month rows between 11 preceding and current row)
),

mixes as (
  select
    month,
    side,
    counterpart,
    span,
    named,
    [drug_statements / named, arms_statements / named, violence_statements / named] as mix
  from (select *, drug_statements + arms_statements + violence_statements as named from spans) as summed
  where named >= 10
),

-- how far each mix lies from the mean of both; a share of nought adds nothing
parts as (
  select
    own.month,
    own.side,
    own.counterpart,
    own.span,
    own.named,
    list_sum(list_transform(list_zip(own.mix, theirs.mix), lambda pair:
      case when pair[1] > 0 then pair[1] * log2(2 * pair[1] / (pair[1] + pair[2])) else 0 end
    )) as part
  from mixes as own
  join mixes as theirs on theirs.side = own.counterpart and theirs.month = own.month and theirs.span = own.span
),

distances as (
  select
    own.month,
    own.side,
    own.span,
    sqrt(greatest(0, (own.part + theirs.part) / 2)) as distance,
    -- of two samples of one mix of three the divergence is on average 2 / (8 ln 2) times the sum of 1 / n
    sqrt((1 / own.named + 1 / theirs.named) / (4 * ln(2))) as by_chance
  from parts as own
  join parts as theirs on theirs.side = own.counterpart and theirs.month = own.month and theirs.span = own.span
),

cases as (
  select month, sum(cases)::bigint as cases
  from sources.mx_federal_crime
  where offence = 'against_health'
  group by month
),

case_coverage as (
  select month, missing from measures.coverage where dataset = 'mx_federal_crime'
),

method as (
  select string_agg(distinct left(method_version, 8), ' ' order by left(method_version, 8)) as method_version
  from documents.readings
  where measured
)

select
  monthly.month,
  monthly.side,
  monthly.words,
  monthly.sources,
  monthly.security_statements,
  monthly.drug_statements,
  monthly.arms_statements,
  monthly.violence_statements,
  monthly.missing,
  mixes.mix[1] as drug_share,
  mixes.mix[2] as arms_share,
  mixes.mix[3] as violence_share,
  coalesce(monthly.missing, case when mixes.mix is null then 'under_10_statements' end) as share_missing,
  recent.distance,
  recent.by_chance as distance_by_chance,
  case
    when recent.distance is null then coalesce(monthly.missing, theirs.missing, 'under_10_statements')
  end as distance_missing,
  annual.distance as distance_12m,
  annual.by_chance as distance_12m_by_chance,
  case when annual.distance is null then 'under_12_months' end as distance_12m_missing,
  seizures.seized_lb as fentanyl_seized_lb,
  case when seizures.seized_lb is null then coalesce(seizures.missing, 'not_held') end as seizures_missing,
  cases.cases as offences_against_health,
  case when cases.cases is null then coalesce(case_coverage.missing, 'not_held') end as offences_missing,
  null::bigint as homicides,
  'not_held' as homicides_missing,
  monthly.is_settled and coalesce(theirs.is_settled, false) as is_settled,
  method.method_version
from monthly
cross join method
left join monthly as theirs on theirs.side = monthly.counterpart and theirs.month = monthly.month
left join mixes on mixes.month = monthly.month and mixes.side = monthly.side and mixes.span = 'month'
left join distances as recent on recent.month = monthly.month and recent.side = monthly.side and recent.span = 'month'
left join distances as annual on annual.month = monthly.month and annual.side = monthly.side and annual.span = 'year'
left join measures.border_fentanyl_seizures as seizures on seizures.month = monthly.month
left join cases on cases.month = monthly.month
left join case_coverage on case_coverage.month = monthly.month
