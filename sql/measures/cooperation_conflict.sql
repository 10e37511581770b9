-- Do the officials of a source cooperate with the other side or confront it, in words and in deeds?
-- Unit: events, one PLOVER class in one document, or one of seeds.events; scores of seeds.plover, from -10 to 10.
-- Grain: month, office, direction, quad class; net and stock are of the month, the same in its four rows.
-- Trap: a class repeated in a document is one event, with the mean of its statements' scores; told in two documents it is
-- two. What happened stands apart, as the office 'events', each listed event once; the two are never added up.
with occurred as (
  select *
  from seeds.events
  where event_date <= coalesce(cast(getvariable('as_of') as date), date '9999-12-30')
),

volume as (
  -- read once: as of a day, each mention of a table is its whole view again
  select month, office, words, missing, is_settled from measures.text_volume
  union all
  select
    months.month,
    'events',
    0,
    null,
    months.month < newest.month
  from measures.months
  cross join (select date_trunc('month', max(event_date))::date as month from occurred) as newest
),

scored as (
  select
    statements.month,
    statements.office,
    statements.direction,
    statements.document_id,
    plover.plover,
    plover.quad_class,
    plover.score
  from documents.statements as statements
  join seeds.plover as plover
    on plover.is_act = (statements.rung = 6)
    and plover.hostility = statements.hostility
    and plover.cooperation = statements.cooperation
  where
    statements.is_measured
    and statements.date_precision <> 'year'
    and statements.direction <> 'none'
    and statements.speaker_group <> 'other'
    and plover.quad_class <> 'none'
),

classes as (
  -- the seed scores ACCUSE by hostility; a listed event has the mean of its class
  select plover, quad_class, avg(distinct score) as score
  from seeds.plover
  where quad_class <> 'none'
  group by plover, quad_class
),

-- an act of both sides together is one of each toward the other
listed as (
  select date_trunc('month', event_date)::date as month, dyad.direction, event_id, plover, quad_class, score
  from occurred as events
  join classes using (plover)
  join seeds.dyad as dyad on dyad.direction = events.direction or events.direction = 'both'
  where date_precision <> 'year'
),

happened as (
  select month, office, direction, document_id, plover, quad_class, count(*) as statements, avg(score) as score
  from scored
  group by month, office, direction, document_id, plover, quad_class
  union all
  select month, 'events', direction, event_id, plover, quad_class, 0, score
  from listed
),

classed as (
  select
    month,
    office,
    direction,
    quad_class,
    count(*) as events,
    sum(statements)::bigint as statements,
    sum(score) as score_sum
  from happened
  group by month, office, direction, quad_class
),

whole as (
  select month, office, direction, sum(events)::bigint as events, sum(score_sum) as score_sum
  from classed
  group by month, office, direction
),

spine as (
  select volume.*, spoken.direction
  from volume
  join (
    select distinct whole.office, whole.direction
    from whole
    join volume as held on held.month = whole.month and held.office = whole.office
  ) as spoken on spoken.office = volume.office
),

monthly as (
  select
    spine.*,
    case when missing is null then coalesce(events, 0) end as all_events,
    case when missing is null then score_sum / events end as net,
    case when missing is null and events > 0 then score_sum / (events + 10) else 0.0 end as flow
  from spine
  left join whole
    on whole.month = spine.month and whole.office = spine.office and whole.direction = spine.direction
),

-- S = S' + 0.1 flow (1 - S' / 10) upward and S' + 0.1 flow (1 + S' / 10) downward, from 0, within -10 and 10; flow is
-- the sum of scores over (events + 10), so that few events move it little, and 0 where no text is held
stocked as (
  select
    *,
    list_reduce(
      list(flow) over (partition by office, direction order by month),
      lambda stock, flow: stock + 0.1 * flow * case when flow > 0 then 1 - stock / 10 else 1 + stock / 10 end,
      0.0::double
    ) as stock
  from monthly
)

select
  stocked.month,
  stocked.office,
  stocked.direction,
  classes.quad_class,
  case when missing is null then coalesce(classed.events, 0) end as events,
  case when missing is null then coalesce(classed.statements, 0) end as statements,
  case when missing is null then coalesce(classed.score_sum, 0) end as score_sum,
  coalesce(classed.events, 0) / nullif(all_events, 0) as share,
  all_events,
  net,
  coalesce(missing, case when all_events = 0 then 'no_event' end) as net_missing,
  case when missing is null then stock end as stock,
  words,
  missing,
  is_settled
from stocked
cross join (select distinct quad_class from seeds.plover where quad_class <> 'none') as classes
left join classed
  on classed.month = stocked.month
  and classed.office = stocked.office
  and classed.direction = stocked.direction
  and classed.quad_class = classes.quad_class
