-- What offices said in numbers and how it stands, the newest first: what could be decided, each number of a document once.
select
  ledger.verdict,
  ledger.metric,
  ledger.speaker_group,
  year(ledger."date")::varchar as year,
  ledger."date",
  ledger.speaker,
  concat_ws(
    ' ',
    case ledger.kind when 'rank' then 'rank' when 'share' then 'share' when 'level' then null else 'change' end,
    nullif(replace(ledger.modifier, '_', ' '), 'exact'),
    case when ledger.value = round(ledger.value) then format('{:,}', ledger.value::bigint) else ledger.value::varchar end,
    case when ledger.kind <> 'rank' then replace(ledger.unit, '_', ' ') end
  ) as said,
  round(ledger.official_value, 2) as official,
  ledger.reading_about as reading,
  ledger.verdict_then,
  ledger.claim_id
from indicators.claims_ledger as ledger
where ledger.is_shown
  and ledger.metric <> 'other'
  and ledger.verdict <> 'not_checkable'
  and ledger.speaker_group not in ('other', 'unknown')
  and ledger.speaker not in ('press', 'participant', 'video', 'author')
qualify row_number() over (partition by ledger.document_id, ledger.metric, ledger.kind, ledger.value order by ledger.claim_id) = 1
order by ledger."date" desc, ledger.claim_id
limit 400
