-- In the texts of which offices does each side speak for itself, and how much is said there?
-- Unit: words of everything that these offices' texts say, all speakers.
-- Grain: month and side, for every month of the spine in which an office of the side is known.
-- Trap: a guest in the other side's transcript is no source of his side. An office with too little text in a month is left
-- out of it, so the set of sources changes from month to month; compare rates, and mind the breaks.
with heard as (
  -- read once: as of a day, each mention of a table is its whole view again
  select * from measures.speaking_groups
),

volume as (
  select distinct month, office, words, missing, is_settled from heard
),

home as (
  select distinct heard.office, dyad.side, dyad.counterpart, dyad.direction
  from heard
  join seeds.speaker_groups as members on members.speaker_group = heard.speaker_group
  join seeds.dyad as dyad on dyad.side = members.side
  where heard.is_home
)

select
  volume.month,
  home.side,
  home.counterpart,
  home.direction,
  coalesce(sum(words) filter (missing is null), 0)::bigint as words,
  string_agg(volume.office, ' ' order by volume.office) filter (missing is null) as sources,
  case
    when bool_or(missing is null) then null
    when bool_or(missing = 'too_little_text') then 'too_little_text'
    else 'no_text'
  end as missing,
  bool_and(is_settled) as is_settled
from volume
join home on home.office = volume.office
group by volume.month, home.side, home.counterpart, home.direction
