-- The strongest statements of each month and executive toward the other side: of the highest hostility, then the highest rung.
with titles as (
  select document_id, max_by(title, known_from) as title
  from documents.texts
  group by document_id
)

select
  statements.month,
  statements.direction,
  statements.date,
  statements.speaker,
  statements.hostility,
  statements.themes,
  statements.url,
  titles.title,
  excerpts.excerpt,
  statements.language,
  case when excerpts.excerpt is null then array_to_string(statements.terms[:6], ', ') end as terms,
  statements.statement_id
from documents.statements as statements
left join documents.excerpts as excerpts on excerpts.statement_id = statements.statement_id
left join titles on titles.document_id = statements.document_id
where statements.is_measured
  and (
    (statements.speaker_group = 'us_executive' and statements.direction = 'US>MX')
    or (statements.speaker_group = 'mx_executive' and statements.direction = 'MX>US')
  )
  and statements.speaker not in ('video', 'moderator')
  and statements.date_precision <> 'year'
  and statements.month >= date '2018-01-01'
qualify row_number() over (
  partition by statements.month, statements.direction
  order by statements.hostility desc, statements.rung desc, statements.date, statements.statement_id
) <= 4
order by
  statements.month,
  statements.direction,
  statements.hostility desc,
  statements.rung desc,
  statements.date,
  statements.statement_id
