-- What happened between the two countries, of what kind was it, and how much was said around it?
-- Unit: events; statements of each side's executive within seven days of the day, and all words of its texts in them.
-- Grain: event.
-- Trap: statements around an event are no effect of it; a day known only by its month or year has no such window, and
-- words of 0 mean that no text of the side is held there, not that it was silent.
with classes as (
  -- the seed scores ACCUSE by hostility; an event has the mean of its class
  select plover, quad_class, avg(distinct score) as score
  from seeds.plover
  group by plover, quad_class
),

happened as (
  select *
  from seeds.events
  where event_date <= coalesce(cast(getvariable('as_of') as date), date '9999-12-30')
),

texts as (
  select document_id, date, case office when 'mx_presidency' then 'MX' else 'US' end as side, words
  from documents.texts
  where
    office in ('us_executive', 'trump_posts', 'mx_presidency')
    and is_measured
    and excluded is null
    and date_precision = 'day'
),

said as (
  select texts.document_id, count(*) as statements
  from documents.statements as statements
  join texts on texts.document_id = statements.document_id
  where
    statements.is_measured
    and (
      (texts.side = 'US' and statements.speaker_group = 'us_executive' and statements.direction = 'US>MX')
      or (texts.side = 'MX' and statements.speaker_group = 'mx_executive' and statements.direction = 'MX>US')
    )
  group by texts.document_id
),

windows as (
  select
    happened.event_id,
    coalesce(sum(words) filter (side = 'US'), 0)::bigint as us_words,
    coalesce(sum(words) filter (side = 'MX'), 0)::bigint as mx_words,
    coalesce(sum(statements) filter (side = 'US'), 0)::bigint as us_to_mx,
    coalesce(sum(statements) filter (side = 'MX'), 0)::bigint as mx_to_us
  from happened
  join texts on texts.date between happened.event_date - 7 and happened.event_date + 7
  left join said on said.document_id = texts.document_id
  where happened.date_precision = 'day'
  group by happened.event_id
),

explained as (
  select
    happened.*,
    classes.quad_class,
    classes.score,
    coalesce(us_words, 0) as us_words,
    coalesce(mx_words, 0) as mx_words,
    us_to_mx,
    mx_to_us,
    case
      when date_precision <> 'day' then 'no_day'
      when coalesce(us_words, 0) = 0 then 'no_text'
    end as us_missing,
    case
      when date_precision <> 'day' then 'no_day'
      when coalesce(mx_words, 0) = 0 then 'no_text'
    end as mx_missing
  from happened
  join classes on classes.plover = happened.plover
  left join windows on windows.event_id = happened.event_id
)

select
  event_id,
  event_date,
  date_precision,
  case when date_precision <> 'year' then date_trunc('month', event_date)::date end as month,
  case when date_precision = 'year' then 'no_month' end as month_missing,
  actor,
  target,
  direction,
  plover,
  quad_class,
  score,
  theme,
  title,
  titulo,
  description,
  official_id,
  source_url_1,
  source_url_2,
  evidence_tier,
  case when us_missing is null then us_to_mx end as statements_us_to_mx_7d,
  us_words as words_us_7d,
  us_missing,
  case when mx_missing is null then mx_to_us end as statements_mx_to_us_7d,
  mx_words as words_mx_7d,
  mx_missing
from explained
