-- How was each official figure restated, and can its month be trusted yet?
-- Unit: that of the figure; days.
-- Grain: dataset, month, cell, figure; months that at least two releases cover.
-- Trap: revisions are counted between releases that are held. Where `gaps` is not 0, more may have come and gone unseen.
with covered as (
  select
    dataset,
    month,
    count(*) as releases,
    min(vintage) as first_vintage,
    max(vintage) as newest_vintage,
    arg_max(is_settled, vintage) as is_settled,
    min(vintage) filter (is_settled) as settled_vintage
  from vintages.release_months
  where valid_from is not null
  group by dataset, month
  having count(*) > 1
),

unwatched as (
  select covered.dataset, covered.month, count(*) as gaps
  from covered
  join measures.collection_gaps as gaps
    on gaps.dataset = covered.dataset
    and gaps.vintage >= covered.first_vintage
    and gaps.next_vintage <= covered.newest_vintage
  where
    gaps.is_gap
    and exists (
      from vintages.release_months as of_product
      where
        of_product.dataset = covered.dataset
        and of_product.month = covered.month
        and of_product.product = gaps.product
    )
  group by covered.dataset, covered.month
),

followed as (
  select
    *,
    lag(value) over figure_of_cell as before,
    lag(is_present) over figure_of_cell as was_present,
    lag(labels) over figure_of_cell as labels_before
  from vintages.figure_history
  window figure_of_cell as (partition by dataset, month, cell, figure order by valid_from)
),

steps as (
  select
    *,
    was_present is not null
      and (
        is_present <> was_present
        or (value is null) <> (before is null)
        or coalesce(abs(value - before) > 1e-11 * greatest(abs(value), abs(before)), false)
      ) as is_revision,
    coalesce(is_present and was_present and labels <> labels_before, false) as is_relabel
  from followed
)

select
  covered.dataset,
  covered.month,
  steps.cell,
  steps.figure,
  first(steps.value order by steps.valid_from) as first_value,
  last(steps.value order by steps.valid_from) as newest_value,
  count(*) filter (steps.is_revision) as revisions,
  arg_max(steps.value - steps.before, (abs(steps.value - steps.before), steps.valid_from)) filter (
    steps.is_revision and steps.value is not null and steps.before is not null
  ) as largest_change,
  not first(steps.is_present order by steps.valid_from) as is_added,
  not last(steps.is_present order by steps.valid_from) as is_withdrawn,
  count(*) filter (steps.is_relabel) as label_revisions,
  case when bool_or(steps.is_relabel) then first(steps.labels order by steps.valid_from) end as first_labels,
  case when bool_or(steps.is_relabel) then last(steps.labels order by steps.valid_from) end as newest_labels,
  any_value(covered.releases) as releases,
  any_value(coalesce(unwatched.gaps, 0)) as gaps,
  any_value(covered.first_vintage) as first_vintage,
  any_value(covered.newest_vintage) as newest_vintage,
  max(steps.valid_from) filter (steps.is_revision) - any_value(covered.first_vintage) as days_until_last_change,
  case when not any_value(coalesce(steps.is_rewritten, false)) then any_value(covered.settled_vintage) end
    - nullif(any_value(covered.first_vintage), any_value(covered.settled_vintage)) as days_until_settled,
  any_value(covered.is_settled) and not any_value(coalesce(steps.is_rewritten, false)) as is_settled
from covered
join steps on steps.dataset = covered.dataset and steps.month = covered.month
left join unwatched on unwatched.dataset = covered.dataset and unwatched.month = covered.month
group by covered.dataset, covered.month, steps.cell, steps.figure
