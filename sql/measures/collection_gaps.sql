-- Where did we not collect, so that "no revision seen" does not mean "no revision made"?
-- Unit: days.
-- Grain: dataset, product, vintage.
-- Trap: a publisher that changed nothing and a publisher whom nobody asked look alike in the releases alone. Days until
-- which a release is known to have been on offer are no gap; a quarter more than the usual interval beyond them is.
with followed as (
  select
    releases.dataset,
    releases.product,
    releases.vintage,
    releases.confirmed_until,
    lead(releases.vintage) over (
      partition by releases.dataset, releases.product order by releases.vintage
    ) as next_vintage,
    products.cadence_days,
    products.overdue_after_days
  from vintages.releases as releases
  join vintages.products as products
    on products.dataset = releases.dataset and products.product = releases.product
)

select
  dataset,
  product,
  vintage,
  confirmed_until,
  next_vintage,
  cadence_days,
  next_vintage - confirmed_until as days_unwatched,
  coalesce(next_vintage - confirmed_until > overdue_after_days, false) as is_gap
from followed
