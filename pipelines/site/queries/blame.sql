-- Whom each side blames for drugs, counted by quarter.
with counted as (
  select
    date_trunc('quarter', month)::date as month,
    direction,
    sum(blames_supply) as supply,
    sum(blames_demand) as demand,
    sum(blames_arms) as arms,
    sum(blames_third) as third,
    sum(shared) as shared,
    sum(denial) as denial
  from measures.blame_balance
  where missing is null
  group by all
)

select month, direction, kind, statements::bigint as statements
from counted
unpivot (statements for kind in (supply, demand, arms, third, shared, denial))
order by month, direction, kind
