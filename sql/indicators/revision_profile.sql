-- How much does a figure still move, by the age of its month when it was published?
-- Unit: percent of the figures as published at that age.
-- Grain: dataset, series, figure, age in months.
-- Trap: only pairs of a release and the newest one are compared, so an age nobody held a release at has no row.
with said as (
  select
    released.dataset,
    released.month,
    history.cell,
    history.series,
    history.figure,
    history.value,
    history.is_present,
    date_diff('month', released.month, released.vintage) as age_months
  from vintages.release_months as released
  join vintages.figure_history as history
    on history.dataset = released.dataset
    and history.month = released.month
    and history.valid_from <= released.vintage
    and released.vintage < history.valid_to
  where released.valid_to < date '9999-12-31'
),

newest as (
  select dataset, month, cell, figure, value, is_present
  from vintages.figure_history
  where valid_to = date '9999-12-31'
),

pairs as (
  select
    said.dataset,
    said.month,
    said.series,
    said.figure,
    said.age_months,
    said.value as value_then,
    newest.value as value_now,
    said.is_present and not newest.is_present as is_withdrawn,
    newest.is_present and not said.is_present as is_added
  from said
  join newest
    on newest.dataset = said.dataset
    and newest.month = said.month
    and newest.cell = said.cell
    and newest.figure = said.figure
  where said.is_present or newest.is_present
)

select
  dataset,
  series,
  figure,
  age_months,
  count(distinct month) as months,
  count(*) as figures,
  count(*) filter (
    is_withdrawn
    or is_added
    or (value_now is null) <> (value_then is null)
    or abs(value_now - value_then) > 1e-11 * greatest(abs(value_now), abs(value_then))
  ) as revised,
  count(*) filter (is_withdrawn) as withdrawn,
  count(*) filter (is_added) as added,
  100 * sum(value_now - value_then order by month, value_then, value_now)
    / nullif(sum(value_then order by month, value_then, value_now) filter (value_now is not null), 0) as net_change_pct,
  100 * sum(abs(value_now - value_then) order by month, value_then, value_now)
    / nullif(sum(value_then order by month, value_then, value_now) filter (value_now is not null), 0) as moved_pct
from pairs
group by dataset, series, figure, age_months
