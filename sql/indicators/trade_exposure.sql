-- How much do the United States and Mexico trade in goods, and how fast does it change?
-- Unit: nominal US dollars, Census basis, not seasonally adjusted; changes in % over the same month or months a year before.
-- Grain: month, from January 1985.
-- Trap: one month against the month before is mostly season; read it against the same month a year before, or 12-month
-- sums. Prices are in it: more dollars need not be more goods. The balance is negative where the US imports more.
with trade as (
  select * from sources.us_mexico_trade
),

settled as (
  select month, arg_max(is_settled, vintage) as is_settled
  from vintages.release_months
  where dataset = 'us_mexico_trade'
  group by month
),

coverage as (
  select month, missing from measures.coverage where dataset = 'us_mexico_trade'
),

monthly as (
  select
    coalesce(trade.month, coverage.month) as month,
    trade.imports_usd,
    trade.exports_usd,
    trade.exports_usd - trade.imports_usd as balance_usd,
    trade.exports_usd + trade.imports_usd as total_usd,
    case when trade.imports_usd is null then coalesce(coverage.missing, 'not_held') end as missing,
    coalesce(settled.is_settled, false) as is_settled,
    trade.vintage
  from trade
  full join coverage on coverage.month = trade.month
  left join settled on settled.month = trade.month
),

summed as (
  select
    *,
    count(imports_usd) over last_year = 12 as has_year,
    case when has_year then sum(imports_usd) over last_year end as imports_usd_12m,
    case when has_year then sum(exports_usd) over last_year end as exports_usd_12m
  from monthly
  window last_year as (order by month range between interval 11 month preceding and current row)
)

select
  now.month,
  now.imports_usd,
  now.exports_usd,
  now.balance_usd,
  now.total_usd,
  now.missing,
  100 * (now.imports_usd / before.imports_usd - 1) as imports_yoy_pct,
  100 * (now.exports_usd / before.exports_usd - 1) as exports_yoy_pct,
  now.imports_usd_12m,
  now.exports_usd_12m,
  now.exports_usd_12m - now.imports_usd_12m as balance_usd_12m,
  now.exports_usd_12m + now.imports_usd_12m as total_usd_12m,
  case when not now.has_year then coalesce(now.missing, 'incomplete_span') end as missing_12m,
  100 * (now.imports_usd_12m / before.imports_usd_12m - 1) as imports_12m_yoy_pct,
  100 * (now.exports_usd_12m / before.exports_usd_12m - 1) as exports_12m_yoy_pct,
  100 * now.exports_usd_12m / (now.exports_usd_12m + now.imports_usd_12m) as exports_share_12m_pct,
  100 * now.exports_usd_12m / (now.exports_usd_12m + now.imports_usd_12m)
    - 100 * before.exports_usd_12m / (before.exports_usd_12m + before.imports_usd_12m) as exports_share_12m_change_pts,
  now.is_settled,
  now.vintage
from summed as now
left join summed as before on before.month = now.month - interval 12 month
