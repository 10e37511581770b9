-- How much text of each office is held, month by month?
-- Unit: documents and words of all speakers.
-- Grain: month and office, for every month of the spine.
-- Trap: texts dated to the year only, copies, and sets selected for their subject do not count.
with counted as (
  select month, office, count(*) as documents, sum(words)::bigint as words, max(date) as newest
  from documents.texts
  where is_measured and excluded is null and date_precision <> 'year'
  group by month, office
),

offices as (
  select office, max(newest) as newest from counted group by office
)

select
  months.month,
  offices.office,
  coalesce(documents, 0) as documents,
  coalesce(words, 0) as words,
  case
    when documents is null then 'no_text'
    when documents < 5 or words < 5000 then 'too_little_text'
  end as missing,
  offices.newest >= months.month + interval 1 month as is_settled
from measures.months
cross join offices
left join counted on counted.month = months.month and counted.office = offices.office
