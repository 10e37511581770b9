-- How far does each rate of rhetoric depend on which documents happened to be written and kept?
-- Unit: 5th and 95th percentile of a rate per 10,000 words over 200 redrawn sets of documents.
-- Grain: month, office, speaker group, direction, theme; only where a statement was made.
-- Trap: a document weighs the same in numerator and denominator of one draw. Its weight is a Poisson count of mean 1,
-- got from md5 and arithmetic modulo the prime 2^31 - 1 alone, so that every machine and version draws alike.
with draws as (
  select
    draw,
    ('0x' || left(md5('factor ' || draw), 8))::bigint % 2147483646 + 1 as factor,
    ('0x' || left(md5('shift ' || draw), 8))::bigint % 2147483647 as shift
  from range(200) as numbers (draw)
),

texts as (
  select
    texts.document_id,
    dense_rank() over (order by volume.month, volume.office)::integer as source,
    volume.month,
    volume.office,
    volume.is_settled,
    texts.words::double as words,
    ('0x' || left(md5(texts.document_id), 8))::bigint % 2147483647 as place
  from documents.texts as texts
  join measures.text_volume as volume on volume.month = texts.month and volume.office = texts.office
  where texts.is_measured and texts.excluded is null and texts.date_precision <> 'year' and volume.missing is null
),

said as (
  select
    document_id,
    speaker_group,
    direction,
    theme,
    count(*)::double as statements,
    sum(hostility)::double as hostility
  from (
    select document_id, speaker_group, direction, hostility, unnest(list_append(themes, 'all')) as theme
    from documents.statements
    where direction <> 'none'
  ) as directed
  group by document_id, speaker_group, direction, theme
),

cells as (
  select
    texts.*,
    said.* exclude (document_id),
    dense_rank() over (order by source, speaker_group, direction, theme)::integer as cell
  from said
  join texts on texts.document_id = said.document_id
),

-- one row a document for its words in cell 0, and one for each cell it speaks in
parts as (
  select source, 0 as cell, place, words, 0.0::double as statements, 0.0::double as hostility from texts
  union all
  select source, cell, place, 0, statements, hostility from cells
),

chances as (
  select
    source,
    cell,
    draw::integer as draw,
    words,
    statements,
    hostility,
    (place * factor + shift) % 2147483647 as chance
  from parts
  cross join draws
),

-- steps of the Poisson distribution of mean 1 on 0 … 2^31 - 2
weighted as (
  select
    *,
    case
      when chance < 790015084 then 0
      when chance < 1580030168 then 1
      when chance < 1975037710 then 2
      when chance < 2106706890 then 3
      when chance < 2139624185 then 4
      when chance < 2146207644 then 5
      when chance < 2147304887 then 6
      else 7
    end as weight
  from chances
),

drawn as materialized (
  select
    source,
    cell,
    draw,
    sum(words * weight) as words,
    sum(statements * weight) as statements,
    sum(hostility * weight) as hostility
  from weighted
  group by source, cell, draw
),

bands as (
  select
    drawn.cell,
    quantile_cont(1e4 * drawn.statements / nullif(whole.words, 0), [0.05, 0.95]) as hits,
    quantile_cont(1e4 * drawn.hostility / nullif(whole.words, 0), [0.05, 0.95]) as hostility
  from drawn
  join drawn as whole on whole.cell = 0 and whole.source = drawn.source and whole.draw = drawn.draw
  where drawn.cell > 0
  group by drawn.cell
)

select
  month,
  office,
  speaker_group,
  direction,
  theme,
  bands.hits[1] as hits_per_10k_words_low,
  bands.hits[2] as hits_per_10k_words_high,
  bands.hostility[1] as hostility_per_10k_words_low,
  bands.hostility[2] as hostility_per_10k_words_high,
  is_settled
from (select distinct month, office, speaker_group, direction, theme, is_settled, cell from cells) as spoken
join bands on bands.cell = spoken.cell
