-- How far up the ladder of force does each group threaten, and what does it tell of as done?
-- Unit: statements by the highest rung they stand on; threats are rungs 1 to 5, acts rung 6.
-- Grain: month, office, speaker group.
-- Trap: threats and acts are never added up: an act carried out is not a stronger threat.
with said as (
  select month, office, speaker_group, speaker, rung
  from documents.statements
  where is_measured and date_precision <> 'year'
),

counted as (
  select
    month,
    office,
    speaker_group,
    count(*) as bilateral_statements,
    count(*) filter (rung = 1) as rung_1,
    count(*) filter (rung = 2) as rung_2,
    count(*) filter (rung = 3) as rung_3,
    count(*) filter (rung = 4) as rung_4,
    count(*) filter (rung = 5) as rung_5,
    count(*) filter (rung between 1 and 5) as threats,
    count(*) filter (rung = 6) as acts,
    max(rung) filter (rung <= 5) as highest_threat,
    count(distinct speaker) filter (rung between 1 and 5) as threatening_speakers
  from said
  group by month, office, speaker_group
),

spine as (
  select distinct month, office, speaker_group, words, missing, rate_missing, is_settled
  from measures.speaking_groups
)

select
  spine.month,
  spine.office,
  spine.speaker_group,
  case when missing is null then coalesce(bilateral_statements, 0) end as bilateral_statements,
  case when missing is null then coalesce(rung_1, 0) end as rung_1,
  case when missing is null then coalesce(rung_2, 0) end as rung_2,
  case when missing is null then coalesce(rung_3, 0) end as rung_3,
  case when missing is null then coalesce(rung_4, 0) end as rung_4,
  case when missing is null then coalesce(rung_5, 0) end as rung_5,
  case when missing is null then coalesce(threats, 0) end as threats,
  case when missing is null then coalesce(acts, 0) end as acts,
  case when missing is null then coalesce(highest_threat, 0) end as highest_threat,
  case when missing is null then coalesce(threatening_speakers, 0) end as threatening_speakers,
  case when missing is null then (rung_4 + rung_5) / nullif(threats, 0) end as share_of_force,
  coalesce(missing, case when coalesce(threats, 0) = 0 then 'no_threat' end) as share_missing,
  words,
  case when rate_missing is null then 1e4 * coalesce(threats, 0) / words end as threats_per_10k_words,
  case when rate_missing is null then 1e4 * coalesce(acts, 0) / words end as acts_per_10k_words,
  rate_missing,
  missing,
  is_settled
from spine
left join counted
  on counted.month = spine.month and counted.office = spine.office and counted.speaker_group = spine.speaker_group
