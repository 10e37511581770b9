-- Which documents are there, and which of them count?
-- Unit: words and sentences of a document, all speakers; words are the denominator of every rate.
-- Grain: document and the file it was read from (a later text under the same address is a row of its own).
-- Trap: sites post the same text twice and scrapers cut texts short. A copy is named and counts nowhere: the same
-- text (40 words or more) counts where it was first, within three days (later, the same words are another act); of texts under one address the latest counts, unless it has less
-- than 60 % of the words of the longest and so was cut off; a text whose sampled sentences are 90 % in a longer one of the
-- same office within three days is that one's truncated or near twin. Short posts repeated on purpose are no copies.
with ranked as (
  select
    *,
    words < 0.6 * longest as is_cut_off,
    row_number() over (
      partition by document_id
      order by excluded is not null, words < 0.6 * longest, revision desc, words desc, raw_sha256
    ) as place
  from (
    select *, max(words) filter (excluded is null) over (partition by document_id) as longest
    from documents.readings
  )
),

reprints as (
  select later.document_id, min_by(first.document_id, (first.date, first.document_id)) as duplicate_of
  from ranked as later
  join ranked as first
    on first.body_sha256 = later.body_sha256
    and first.office is not distinct from later.office
    and first.measured is not distinct from later.measured
    and later.date - first.date between 0 and 3
    and (first.date, first.document_id) < (later.date, later.document_id)
  where
    later.words >= 40
    and later.place = 1
    and later.excluded is null
    and first.place = 1
    and first.excluded is null
  group by later.document_id
),

judged as (
  select
    ranked.*,
    reprints.duplicate_of as reprint_of,
    case
      when excluded is not null then excluded
      when place > 1 and is_cut_off then 'truncated_or_near_twin'
      when place > 1 then 'superseded'
      when reprints.document_id is not null then 'same_text'
    end as reason
  from ranked
  left join reprints on reprints.document_id = ranked.document_id
),

sampled as (
  select document_id, office, measured, date, words, len(sketch) as samples, unnest(sketch) as sample
  from judged
  where reason is null and len(sketch) >= 4
),

twins as (
  select shorter.document_id, arg_min(longer.document_id, (-longer.words, longer.document_id)) as duplicate_of
  from (
    select shorter.document_id as shorter_id, longer.document_id as longer_id
    from sampled as shorter
    join sampled as longer
      on shorter.sample = longer.sample and shorter.office = longer.office and shorter.measured is not distinct from longer.measured
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
    when reason = 'same_text' then reprint_of
    when reason in ('superseded', 'truncated_or_near_twin') then judged.document_id
    when reason is null then twins.duplicate_of
  end as duplicate_of,
  raw_file,
  raw_sha256,
  method_version
from judged
left join twins on judged.document_id = twins.document_id
