-- How much does each group assert its sovereignty against the other side, and threaten something in return?
-- Unit: directed statements on sovereignty, and statements that threaten (hostility 3 or more), per 10,000 words.
-- Grain: month, office, speaker group, direction.
-- Trap: sovereignty over energy or food is domestic; only statements toward the other side count. A threat in return
-- need not speak of sovereignty, so the two figures overlap.
with heard as (
  select *, (sum(statements) over (partition by month, office, speaker_group))::bigint as bilateral_statements
  from measures.speaking_groups
),

counted as (
  select
    month,
    office,
    speaker_group,
    direction,
    count(*) filter (list_contains(themes, 'sovereignty')) as assertions,
    count(*) filter (hostility >= 3) as reciprocal_threats
  from documents.statements
  where is_measured and date_precision <> 'year'
  group by month, office, speaker_group, direction
),

filled as (
  select
    heard.*,
    case when rate_missing is null then words end as rated_words,
    case when missing is null then coalesce(assertions, 0) end as assertions,
    case when missing is null then coalesce(reciprocal_threats, 0) end as reciprocal_threats
  from heard
  left join counted
    on counted.month = heard.month
    and counted.office = heard.office
    and counted.speaker_group = heard.speaker_group
    and counted.direction = heard.direction
  where heard.direction <> 'none'
)

select
  month,
  office,
  speaker_group,
  direction,
  bilateral_statements,
  assertions,
  assertions / nullif(bilateral_statements, 0) as assertion_share,
  coalesce(missing, case when bilateral_statements = 0 then 'no_statement' end) as share_missing,
  1e4 * assertions / rated_words as assertions_per_10k_words,
  reciprocal_threats,
  1e4 * reciprocal_threats / rated_words as reciprocal_threats_per_10k_words,
  words,
  documents,
  rate_missing,
  missing,
  is_settled
from filled
