-- How intensely does each executive speak toward the other side?
-- Unit: directed statements, and their summed hostility, per 10,000 words of everything the office's texts say.
-- Grain: month, office, direction, theme ('all' holds every statement once).
-- Trap: the denominator is all words, bilateral or not; with bilateral words alone the index would measure volume.
with directed as (
  select statement_id, month, office, direction, hostility, cooperation, unnest(list_append(themes, 'all')) as theme
  from documents.statements
  where is_measured and date_precision <> 'year' and direction <> 'none' and voice = 'executive'
),

counted as (
  select
    month,
    office,
    direction,
    theme,
    count(*) as statements,
    count(*) filter (hostility >= 2) as hostile_statements,
    sum(hostility)::bigint as hostility_sum,
    sum(cooperation)::bigint as cooperative_statements
  from directed
  group by month, office, direction, theme
),

spine as (
  select volume.*, pairs.direction, themes.theme
  from measures.text_volume as volume
  join (select distinct office, direction from directed) as pairs on pairs.office = volume.office
  cross join (select distinct theme from directed) as themes
)

select
  spine.month,
  spine.office,
  spine.direction,
  spine.theme,
  case when spine.missing is null then coalesce(statements, 0) end as statements,
  case when spine.missing is null then coalesce(hostile_statements, 0) end as hostile_statements,
  case when spine.missing is null then coalesce(hostility_sum, 0) end as hostility_sum,
  case when spine.missing is null then coalesce(cooperative_statements, 0) end as cooperative_statements,
  spine.words,
  spine.documents,
  case when spine.missing is null then 1e4 * coalesce(statements, 0) / spine.words end as hits_per_10k_words,
  case when spine.missing is null then 1e4 * coalesce(hostility_sum, 0) / spine.words end as hostility_per_10k_words,
  spine.missing,
  spine.is_settled
from spine
left join counted
  on counted.month = spine.month
  and counted.office = spine.office
  and counted.direction = spine.direction
  and counted.theme = spine.theme
