-- Who makes whom responsible for the drug problem, and does one side blame more than it is blamed?
-- Unit: statements with blame per 10,000 words of the side's own sources; balance from -1 (is blamed) to 1 (blames).
-- Grain: month and direction, the speaking side toward the other.
-- Trap: shared blame and denial weigh on neither side. 0.05 per 10,000 words is added below the line, so that one
-- sentence in a quiet month is no extreme. The set of sources changes; is_break says in which month.
with own_sources as (
  -- read once: as of a day, each mention of a table is its whole view again
  select * from measures.side_sources
),

said as (
  select statements.month, home.direction, statements.blame, targets.blamed = home.counterpart as is_of_other
  from documents.statements as statements
  join own_sources as home
    on home.month = statements.month
    and home.side = statements.side
    and list_contains(string_split(home.sources, ' '), statements.office)
  join seeds.blame_targets as targets on targets.blame = statements.blame
  where statements.is_measured and statements.date_precision <> 'year' and statements.speaker_group <> 'other'
),

counted as (
  select
    month,
    direction,
    count(*) as statements,
    count(*) filter (blame = 'supply') as blames_supply,
    count(*) filter (blame = 'demand') as blames_demand,
    count(*) filter (blame = 'arms') as blames_arms,
    count(*) filter (blame = 'third') as blames_third,
    count(*) filter (blame = 'shared') as shared,
    count(*) filter (blame = 'denial') as denial,
    count(*) filter (is_of_other) as blames_other
  from said
  group by month, direction
),

rated as (
  select
    own_sources.*,
    case when missing is null then coalesce(statements, 0) end as statements,
    case when missing is null then coalesce(blames_supply, 0) end as blames_supply,
    case when missing is null then coalesce(blames_demand, 0) end as blames_demand,
    case when missing is null then coalesce(blames_arms, 0) end as blames_arms,
    case when missing is null then coalesce(blames_third, 0) end as blames_third,
    case when missing is null then coalesce(shared, 0) end as shared,
    case when missing is null then coalesce(denial, 0) end as denial,
    case when missing is null then coalesce(blames_other, 0) end as blames_other,
    case when missing is null then 1e4 * coalesce(blames_other, 0) / words end as blames_other_per_10k_words,
    coalesce(
      missing is null
      and sources <> last_value(sources ignore nulls) over (
        partition by own_sources.direction order by own_sources.month rows between unbounded preceding and 1 preceding
      ),
      false
    ) as is_break
  from own_sources
  left join counted on counted.month = own_sources.month and counted.direction = own_sources.direction
)

select
  own.month,
  own.direction,
  own.statements,
  own.blames_supply,
  own.blames_demand,
  own.blames_arms,
  own.blames_third,
  own.shared,
  own.denial,
  own.blames_other,
  own.words,
  own.blames_other_per_10k_words,
  (own.blames_other_per_10k_words - theirs.blames_other_per_10k_words)
    / (own.blames_other_per_10k_words + theirs.blames_other_per_10k_words + 0.05) as balance,
  coalesce(own.missing, case when theirs.month is null then 'no_text' else theirs.missing end) as balance_missing,
  own.sources,
  own.is_break,
  own.missing,
  own.is_settled and coalesce(theirs.is_settled, false) as is_settled
from rated as own
left join rated as theirs on theirs.side = own.counterpart and theirs.month = own.month
