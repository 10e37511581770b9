-- What offices said in numbers and how it stands, the newest first: what could be decided, each number of a document once.
-- The sentence is at hand where it is also coded as a statement; else its place in the text and the link must do.
with texts as (
  select document_id, max_by(title, known_from) as title, max_by(url, known_from) as url, max_by(language, known_from) as language
  from documents.texts
  group by document_id
),

coded as (
  select statements.document_id, statements.start, max(excerpts.excerpt) as excerpt
  from documents.statements as statements
  join documents.excerpts as excerpts on excerpts.statement_id = statements.statement_id
  group by all
),

readings as (
  select metric, reading, any_value(about) as about, any_value(es) as about_es
  from seeds.metric_readings
  group by all
)

select
  ledger.date,
  ledger.speaker,
  ledger.speaker_group,
  metrics.title as metric,
  metrics.titulo as metric_es,
  ledger.kind,
  ledger.modifier,
  ledger.value,
  ledger.unit,
  round(ledger.official_value, 2) as official,
  ledger.reading_about as reading,
  readings.about,
  readings.about_es,
  ledger.verdict,
  ledger.verdict_then,
  coded.excerpt,
  texts.language,
  case when regexp_matches(texts.url, '^https?://') then texts.url end as url,
  texts.title,
  ledger.start,
  ledger.end,
  ledger.claim_id
from indicators.claims_ledger as ledger
join seeds.metrics as metrics on metrics.metric = ledger.metric
join texts on texts.document_id = ledger.document_id
left join readings on readings.metric = ledger.metric and readings.reading = ledger.reading
left join coded on coded.document_id = ledger.document_id and coded.start = ledger.start
where ledger.is_shown
  and ledger.metric <> 'other'
  and ledger.verdict <> 'not_checkable'
  and ledger.speaker_group not in ('other', 'unknown')
  and ledger.speaker not in ('press', 'participant', 'video', 'author')
qualify row_number() over (partition by ledger.document_id, ledger.metric, ledger.kind, ledger.value order by ledger.claim_id) = 1
order by ledger.date desc, ledger.claim_id
limit 400
