-- What is every monthly series that a hypothesis may name, under one name and in one table?
-- Unit: of each series, told by its name: lb, events, persons' encounters, deaths, USD, cases, or per 10,000 words.
-- Grain: month, series.
-- Trap: series of different units stand under each other, so nothing may be added across them. Words are those of the
-- office's own executive toward the other side; a month without text is null, a month of silence is 0.
with speaking as (
  -- guests speak in these offices too, and the other side's president is one of them
  select *
  from (
    values ('mx_presidency', 'mx_executive'), ('us_executive', 'us_executive'), ('trump_posts', 'us_executive')
  ) as own(office, speaker_group)
),

rhetoric as (
  -- read once: as of a day, each mention of a table is its whole view again
  select intensity.*
  from measures.rhetoric_intensity as intensity
  semi join speaking on speaking.office = intensity.office and speaking.speaker_group = intensity.speaker_group
  where theme <> 'other'
),

seizures as (
  select * from measures.border_fentanyl_seizures
),

encounters as (
  select * from measures.border_encounters
),

trade as (
  select coverage.month, imports_usd, exports_usd, coverage.missing, coverage.is_settled, coverage.vintage
  from measures.coverage as coverage
  left join sources.us_mexico_trade as trade on trade.month = coverage.month
  where coverage.dataset = 'us_mexico_trade'
),

drug_cases as (
  select
    coverage.month,
    sum(cases) as cases,
    any_value(coverage.missing) as missing,
    bool_and(coverage.is_settled) as is_settled,
    max(coverage.vintage) as vintage
  from measures.coverage as coverage
  left join sources.mx_federal_crime as crime
    on crime.month = coverage.month and crime.offence in ('against_health', 'general_health_law')
  where coverage.dataset = 'mx_federal_crime'
  group by coverage.month
),

fentanyl_sentences as (
  select month, spoken.office, count(*) as sentences
  from documents.statements as spoken
  semi join speaking on speaking.office = spoken.office and speaking.speaker_group = spoken.speaker_group
  where is_measured
    and date_precision <> 'year'
    and len(list_filter(terms, lambda term: contains(term, 'fentan'))) > 0
  group by month, spoken.office
),

fentanyl_words as (
  select
    volume.month,
    volume.office,
    case when volume.missing is null then 1e4 * coalesce(sentences, 0) / volume.words end as mentions_per_10k_words,
    volume.missing,
    volume.is_settled
  from measures.text_volume as volume
  left join fentanyl_sentences as spoken on spoken.month = volume.month and spoken.office = volume.office
  semi join speaking on speaking.office = volume.office
),

gathered as (
  select month, 'fentanyl_seized_lb' as series, seized_lb as value, missing, is_settled, vintage
  from seizures
  union all
  select month, 'fentanyl_seizure_events', events, missing, is_settled, vintage
  from seizures
  union all
  select month, 'border_encounters', encounters, missing, is_settled, vintage
  from encounters
  union all
  select month, 'border_encounters_usbp', usbp, missing, is_settled, vintage
  from encounters
  union all
  select month, 'overdose_deaths_12m_' || drug_class, deaths_12m, missing, is_settled, vintage
  from measures.overdose_deaths_12m
  union all
  select month, 'us_imports_from_mexico_usd', imports_usd, missing, is_settled, vintage
  from trade
  union all
  select month, 'us_exports_to_mexico_usd', exports_usd, missing, is_settled, vintage
  from trade
  union all
  select month, 'mx_federal_drug_cases', cases, missing, is_settled, vintage
  from drug_cases
  union all
  select month, 'hits_' || office || '_' || theme, hits_per_10k_words, missing, is_settled, null
  from rhetoric
  union all
  select month, 'hostility_' || office || '_' || theme, hostility_per_10k_words, missing, is_settled, null
  from rhetoric
  union all
  select month, 'cooperation_' || office || '_' || theme, 1e4 * cooperative_statements / words, missing, is_settled, null
  from rhetoric
  union all
  select month, 'fentanyl_mentions_' || office, mentions_per_10k_words, missing, is_settled, null
  from fentanyl_words
  union all
  select month, 'sovereignty_' || office, assertions_per_10k_words, missing, is_settled, null
  from measures.sovereignty_assertion as asserted
  semi join speaking on speaking.office = asserted.office and speaking.speaker_group = asserted.speaker_group
  union all
  select month, 'threats_' || office, threats_per_10k_words, missing, is_settled, null
  from measures.force_threat_ladder as ladder
  semi join speaking on speaking.office = ladder.office and speaking.speaker_group = ladder.speaker_group
  union all
  select month, 'blames_other_' || lower(replace(direction, '>', '_')), blames_other_per_10k_words, missing, is_settled, null
  from measures.blame_balance
)

select
  month,
  series,
  value::double as value,
  -- a figure its publisher left out of a month it covers
  coalesce(missing, case when value is null then 'not_reported' end) as missing,
  is_settled,
  vintage::date as vintage
from gathered
