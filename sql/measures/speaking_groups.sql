-- Which groups are heard in the texts of which office, and are they at home there?
-- Unit: bilateral statements of a group; words and documents of the office, all speakers.
-- Grain: month, office, speaker group, direction (none where no side is taken), for every month of the spine.
-- Trap: a guest in another's transcript is no source: his rate over the host's words falls when the host speaks more. A
-- group is at home where it makes a tenth of what groups say. The group other is nobody in particular and has no home.
with volume as (
  -- read once: as of a day, each mention of a table is its whole view again
  select * from measures.text_volume
),

heard as (
  select month, office, speaker_group, direction, count(*) as statements
  from documents.statements
  where is_measured and date_precision <> 'year'
  group by month, office, speaker_group, direction
),

-- a group is asked for in every month of an office in which it was heard in any month
spoken as (
  select distinct heard.office, heard.speaker_group, heard.direction
  from heard
  join volume on volume.month = heard.month and volume.office = heard.office
),

homes as (
  select heard.office, heard.speaker_group
  from heard
  join volume on volume.month = heard.month and volume.office = heard.office and volume.missing is null
  where heard.speaker_group <> 'other'
  group by heard.office, heard.speaker_group
  qualify sum(heard.statements) >= 0.1 * sum(sum(heard.statements)) over (partition by heard.office)
)

select
  volume.month,
  volume.office,
  spoken.speaker_group,
  spoken.direction,
  case when missing is null then coalesce(statements, 0) end as statements,
  words,
  documents,
  homes.office is not null as is_home,
  missing,
  case when homes.office is null and spoken.speaker_group <> 'other' then 'guest' else missing end as rate_missing,
  is_settled
from volume
join spoken on spoken.office = volume.office
left join homes on homes.office = spoken.office and homes.speaker_group = spoken.speaker_group
left join heard
  on heard.month = volume.month
  and heard.office = volume.office
  and heard.speaker_group = spoken.speaker_group
  and heard.direction = spoken.direction
