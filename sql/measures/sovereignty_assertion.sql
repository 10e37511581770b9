-- How much does each group assert its sovereignty against the other side, and threaten something in return?
-- Unit: directed statements on sovereignty, and statements that threaten (hostility 3 or more), per 10,000 words.
-- Grain: month, office, speaker group, direction.
-- Trap: sovereignty over energy or food is domestic; only statements toward the other side count. A threat in return
-- need not speak of sovereignty, so the two figures overlap.
with volume as (
  -- read once: as of a day, each mention of a table is its whole view again
  select * from measures.text_volume
),

bilateral as (
  select month, office, speaker_group, direction, hostility, themes
  from documents.statements
  where is_measured and date_precision <> 'year'
),

heard as (
  select month, office, speaker_group, count(*) as bilateral_statements
  from bilateral
  group by month, office, speaker_group
),

counted as (
  select
    month,
    office,
    speaker_group,
    direction,
    count(*) filter (list_contains(themes, 'sovereignty')) as assertions,
    count(*) filter (hostility >= 3) as reciprocal_threats
  from bilateral
  where direction <> 'none'
  group by month, office, speaker_group, direction
),

spine as (
  select volume.*, spoken.speaker_group, spoken.direction
  from volume
  join (
    select distinct counted.office, counted.speaker_group, counted.direction
    from counted
    join volume as held on held.month = counted.month and held.office = counted.office
  ) as spoken on spoken.office = volume.office
)

select
  spine.month,
  spine.office,
  spine.speaker_group,
  spine.direction,
  case when missing is null then coalesce(bilateral_statements, 0) end as bilateral_statements,
  case when missing is null then coalesce(assertions, 0) end as assertions,
  case when missing is null then coalesce(assertions, 0) / bilateral_statements end as assertion_share,
  coalesce(missing, case when bilateral_statements is null then 'no_statement' end) as share_missing,
  case when missing is null then 1e4 * coalesce(assertions, 0) / words end as assertions_per_10k_words,
  case when missing is null then coalesce(reciprocal_threats, 0) end as reciprocal_threats,
  case when missing is null then 1e4 * coalesce(reciprocal_threats, 0) / words end as reciprocal_threats_per_10k_words,
  words,
  documents,
  missing,
  is_settled
from spine
left join heard
  on heard.month = spine.month and heard.office = spine.office and heard.speaker_group = spine.speaker_group
left join counted
  on counted.month = spine.month
  and counted.office = spine.office
  and counted.speaker_group = spine.speaker_group
  and counted.direction = spine.direction
