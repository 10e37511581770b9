-- How many numeric claims does each group of speakers make in a year, how many can be checked, and how do those come out?
-- Unit: claims, each once, by the verdict against the newest figures; shares are 0 to 1 with their counts beside them.
-- Grain: one row per speaker_group and year of the document.
-- Trap: what cannot be checked is no sign against a speaker, and a claim repeated a hundred times counts a hundred times;
-- distinct_claims counts the same metric, kind and number of one group and year once.

with claims as (
  select speaker_group, year("date") as year, metric, kind, value, verdict
  from indicators.claims_ledger
  where is_shown
),
counted as (
  select
    speaker_group,
    year,
    count(*) as claims,
    count(distinct (metric, kind, value)) as distinct_claims,
    count(*) filter (metric <> 'other') as claims_on_named_metrics,
    count(*) filter (verdict in ('supported', 'supported_under_reading', 'outdated', 'contradicted')) as decided,
    count(*) filter (verdict = 'supported') as supported,
    count(*) filter (verdict = 'supported_under_reading') as supported_under_reading,
    count(*) filter (verdict = 'outdated') as outdated,
    count(*) filter (verdict = 'contradicted') as contradicted,
    count(*) filter (verdict = 'conflicting_sources') as conflicting_sources,
    count(distinct (metric, kind, value)) filter (
      verdict in ('supported', 'supported_under_reading', 'outdated', 'contradicted')
    ) as distinct_decided,
    count(distinct (metric, kind, value)) filter (verdict = 'contradicted') as distinct_contradicted
  from claims
  group by all
)
select
  speaker_group,
  year,
  claims,
  distinct_claims,
  claims_on_named_metrics,
  decided,
  supported,
  supported_under_reading,
  outdated,
  contradicted,
  conflicting_sources,
  distinct_decided,
  distinct_contradicted,
  decided / claims as decided_share,
  case when decided > 0 then supported / decided end as supported_share,
  case when decided > 0 then distinct_contradicted / distinct_decided end as contradicted_share,
  case when decided = 0 then 'nothing_decided' end as missing
from counted
