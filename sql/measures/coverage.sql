-- Which release does each month come from, and where is a month unknown rather than zero?
-- Unit: one release per month, dataset and product.
-- Grain: month, dataset, product.
-- Trap: publishers print no row for nothing. A missing row is zero inside a release's months and unknown outside them.
-- Where the day asked (`as_of`) is long after the newest release held, its publisher will have said more than is held.
with covering as (
  select dataset, product, month, max(vintage) as vintage, arg_max(is_settled, vintage) as is_settled
  from vintages.release_months
  group by dataset, product, month
),

held as (
  select
    dataset,
    product,
    min(covers_from) as first_month,
    max(covers_to) as last_month,
    arg_max(confirmed_until, vintage) as confirmed_until
  from vintages.releases
  group by dataset, product
),

spans as (
  select
    products.dataset,
    products.product,
    first_month,
    last_month,
    held.dataset is null
      or coalesce(cast(getvariable('as_of') as date) - confirmed_until > overdue_after_days, false) as is_in_gap
  from vintages.products as products
  left join held on held.dataset = products.dataset and held.product = products.product
)

select
  months.month,
  spans.dataset,
  spans.product,
  covering.vintage,
  coalesce(covering.is_settled, false) as is_settled,
  spans.is_in_gap,
  case
    when covering.vintage is not null then null
    when months.month < first_month then 'before_first_release'
    when months.month <= last_month then 'not_held'
    when is_in_gap then 'vintage_not_held'
    else 'not_yet_published'
  end as missing
from measures.months
cross join spans
left join covering
  on covering.month = months.month and covering.dataset = spans.dataset and covering.product = spans.product
