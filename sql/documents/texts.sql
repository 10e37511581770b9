-- Which documents are there, and which of them count?
-- Unit: words and sentences of a document, all speakers; words are the denominator of every rate.
-- Grain: document and the file it was read from (a later text under the same address is a row of its own).
-- Trap: sites post the same text twice and scrapers cut texts short. A copy is named and counts nowhere: the same
-- text (40 words or more) counts where it was first, within three days (later, the same words are another act); of texts under one address the latest counts, unless it has less
-- than 60 % of the words of the longest and so was cut off; a text whose sampled sentences are 90 % in a longer one of the
-- same office within three days is that one's truncated or near twin. Short posts repeated on purpose are no copies.
with compared as (
  select
    *,
    max(words) filter (excluded is null) over (partition by document_id) as longest,
    -- A text with these very words at most three days before it.
    excluded is null and date - lag(date) over same_words <= 3 as is_reprint
  from documents.readings
  window same_words as (partition by body_sha256, excluded is null order by date, document_id)
),

ranked as (
  select
    *,
    row_number() over (
      partition by document_id
      order by excluded is not null, words < 0.6 * longest, known_from desc, words desc, raw_sha256
    ) as recency,
    first_value(document_id) over (
      partition by body_sha256, excluded is null, printing order by date, document_id
    ) as first_with_body
  from (
    select *, count(*) filter (not coalesce(is_reprint, false)) over same_words as printing
    from compared
    window same_words as (
      partition by body_sha256, excluded is null order by date, document_id
      rows between unbounded preceding and current row
    )
  )
),

judged as (
  select
    *,
    case
      when excluded is not null then excluded
      when words < 0.6 * longest then 'truncated_or_near_twin'
      when recency > 1 then 'superseded'
      when words >= 40 and first_with_body <> document_id then 'same_text'
    end as reason
  from ranked
),

sampled as (
  select document_id, office, date, words, len(sketch) as samples, unnest(sketch) as sample
  from judged
  where reason is null and len(sketch) >= 4
),

twins as (
  select shorter.document_id, arg_min(longer.document_id, (-longer.words, longer.document_id)) as duplicate_of
  from (
    select shorter.document_id as shorter_id, longer.document_id as longer_id
    from sampled as shorter
    join sampled as longer on shorter.sample = longer.sample and shorter.office = longer.office
    where
      shorter.document_id <> longer.document_id
      and abs(shorter.date - longer.date) <= 3
      and (shorter.words, longer.document_id) < (longer.words, shorter.document_id)
    group by all
    having count(distinct shorter.sample) >= 0.9 * any_value(shorter.samples)
  ) as pairs
  join judged as shorter on shorter.document_id = pairs.shorter_id and shorter.reason is null
  join judged as longer on longer.document_id = pairs.longer_id and longer.reason is null
  group by shorter.document_id
)

select
  judged.document_id,
  feed,
  office,
  genre,
  measured as is_measured,
  date,
  date_trunc('month', date)::date as month,
  date_precision,
  known_from,
  language,
  title,
  url,
  words,
  sentences,
  bilateral_sentences,
  furniture_lines,
  repeated_paragraphs,
  case when reason is null and twins.document_id is not null then 'truncated_or_near_twin' else reason end as excluded,
  case
    when reason = 'same_text' then first_with_body
    when reason in ('superseded', 'truncated_or_near_twin') then judged.document_id
    when reason is null then twins.duplicate_of
  end as duplicate_of,
  raw_file,
  raw_sha256,
  method_version
from judged
left join twins on judged.document_id = twins.document_id
