-- Which release does each month come from, and where is a month unknown rather than zero?
-- Unit: one release per month, dataset and product.
-- Grain: month, dataset, product.
-- Trap: publishers print no row for nothing. A missing row is zero inside a release's months and unknown outside them.
with covering as (
  select dataset, product, cast(covered.month as date) as month, max(vintage) as vintage
  from vintages.releases, generate_series(covers_from, covers_to, interval 1 month) as covered(month)
  group by dataset, product, covered.month
),

spans as (
  select dataset, product, min(covers_from) as first_month, max(covers_to) as last_month
  from vintages.releases
  group by dataset, product
)

select
  months.month,
  spans.dataset,
  spans.product,
  covering.vintage,
  case
    when covering.vintage is not null then null
    when months.month < first_month then 'before_first_release'
    when months.month > last_month then 'not_yet_published'
    else 'not_held'
  end as missing
from measures.months
cross join spans
left join covering
  on covering.month = months.month and covering.dataset = spans.dataset and covering.product = spans.product
