-- Which months does the project speak of?
-- Unit: one row per calendar month, first day as DATE.
-- Grain: month, from January 2018 to the newest month of any release or measured text, and to the day asked (`as_of`).
-- Trap: a month is here although a dataset does not cover it yet; measures say why their value is null.
with newest as (
  select greatest(max(month), date_trunc('month', cast(getvariable('as_of') as date))::date) as month
  from (
    select covers_to as month from vintages.releases
    union all
    select month from documents.texts where is_measured and excluded is null and date_precision <> 'year'
  )
)

select cast(unnest(generate_series(date '2018-01-01', month, interval 1 month)) as date) as month
from newest
