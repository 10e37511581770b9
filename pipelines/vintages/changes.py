"""What was known of a figure when: the releases of a dataset as spans of days in which each row held."""

from __future__ import annotations

from pipelines.contracts import OPEN_END, Contract
from pipelines.ddl import quoted
from pipelines.vintages import release_months


def make(contract: Contract) -> str:
    """SQL of `vintages.<dataset>_changes`: each row of each release, once for every span of days in which it held.

    For each month the releases to be read follow one another; a row that stands unchanged in neighbouring ones is one
    span, a row that the next one lacks ends with it.
    """
    columns = ", ".join(contract.columns)
    grain = ", ".join(contract.grain)
    content = f"row({', '.join(name for name in contract.columns if name not in contract.grain)})"
    product = "and figures.product = spans.product" if "product" in contract.columns else ""
    return f"""
with spans as (
  select *, row_number() over (partition by month order by valid_from) as _place
  from ({release_months.of([contract])})
  where valid_from is not null
),

held as (
  select figures.*, spans.valid_from, spans.valid_to, spans._place
  from vintages.{contract.stem} as figures
  join spans on figures.month = spans.month and figures.vintage = spans.vintage {product}
),

marked as (
  select
    *,
    case
      when lag(_place) over cell = _place - 1 and lag({content}) over cell = {content} then 0
      else 1
    end as _is_new
  from held
  window cell as (partition by {grain} order by _place)
),

numbered as (
  select *, sum(_is_new) over (partition by {grain} order by _place) as _span from marked
)

select {columns}, min(valid_from) over same as valid_from, max(valid_to) over same as valid_to
from numbered
window same as (partition by {grain}, _span)
qualify _is_new = 1
"""


def known(contract: Contract, schema: str, day: str) -> str:
    """SQL of the rows of a dataset as known on a day, each with the release it is read from.

    Args:
        contract: The dataset.
        schema: Where `release_months` stands: a schema, or a query in parentheses.
        day: The day as SQL.
    """
    columns = ", ".join(f"changes.{name}" for name in contract.columns)
    product = "and read.product = changes.product" if "product" in contract.columns else ""
    return f"""
select {columns}, read.vintage, read.raw_sha256
from vintages.{contract.stem}_changes as changes
join {schema} as read
  on read.dataset = {quoted(contract.stem)}
  and read.month = changes.month
  and read.valid_from <= {day}
  and {day} < read.valid_to
  {product}
where changes.valid_from <= {day} and {day} < changes.valid_to
"""


def newest(contract: Contract) -> str:
    """SQL of `sources.<dataset>`: for each month every row of the newest release that covers it."""
    return known(contract, f"({release_months.of([contract])})", f"date '{OPEN_END}' - 1")
