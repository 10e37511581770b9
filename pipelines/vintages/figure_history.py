"""Every figure of every dataset in one long table, so that revisions are counted alike for all."""

from __future__ import annotations

from pipelines.contracts import OPEN_END, Contract
from pipelines.ddl import quoted
from pipelines.vintages.releases import CONTENT_DIGITS

# Digits beyond these are another spelling of the same figure and no revision; releases are compared so as well.
VALUE = f"coalesce(round(value, {CONTENT_DIGITS} - ceil(log10(nullif(abs(value), 0)))::integer), value)"


def make(declared: dict[str, Contract]) -> str:
    """The figures of all datasets for the months that two releases or more cover."""
    datasets = [contract for contract in declared.values() if contract.release is not None]
    return " union all ".join(f"({_of(contract, figure)})" for contract in datasets for figure in contract.figures)


def cell(contract: Contract) -> list[str]:
    """The grain columns that say what a figure is of: not the month, the product it is read from or a mere label."""
    assert contract.release is not None
    return [name for name in contract.grain if name not in ("month", "product", *contract.release.labels)]


def labels(contract: Contract) -> list[str]:
    """The publisher's wording of the grain."""
    return [f"{name}_reported" for name in contract.grain if f"{name}_reported" in contract.columns]


def _of(contract: Contract, figure: str) -> str:
    """The history of one figure; absence from a release that covers the month is a state of its own."""
    keys = ", ".join(["month", *cell(contract)])
    pairs = ", ".join(f"'{name}=' || {name}" for name in cell(contract))
    named = f"concat_ws('; ', {pairs})" if pairs else "'all'"
    wording = f"concat_ws(' · ', {', '.join(labels(contract))})"
    worded = f"string_agg(distinct {wording}, ' | ' order by {wording})" if labels(contract) else "''"
    product = "and held.product = spans.product" if "product" in contract.columns else ""
    assert contract.release is not None
    matched = " and ".join(f"told.{name} = cells.{name}" for name in ["month", *cell(contract)])
    return f"""
with spans as (
  select month, product, vintage, valid_from, row_number() over (partition by month order by valid_from) as _place
  from vintages.release_months
  where dataset = {quoted(contract.stem)} and valid_from is not null
  qualify count(*) over (partition by month) > 1
),

told as (
  select {", ".join(f"held.{name}" for name in ["month", *cell(contract)])}, _place,
    sum({figure})::double as value, {worded} as labels
  from vintages.{contract.stem} as held
  join spans on spans.month = held.month and spans.vintage = held.vintage {product}
  group by all
),

states as (
  select {", ".join(f"cells.{name}" for name in ["month", *cell(contract)])}, spans._place, spans.valid_from,
    told.value, told._place is not null as is_present, told.labels
  from (select distinct {keys} from told) as cells
  join spans on spans.month = cells.month
  left join told on {matched} and told._place = spans._place
),

changed as (
  select *
  from states
  qualify _place = 1
    or row({VALUE}, is_present, labels)
      <> lag(row({VALUE}, is_present, labels)) over (partition by {keys} order by _place)
)

select {quoted(contract.stem)} as dataset, month, {named} as cell,
  {contract.release.series or "'all'"} as series, {quoted(figure)} as figure,
  {str(figure in contract.release.rewritten).lower()} as is_rewritten,
  value, is_present, labels, valid_from,
  coalesce(lead(valid_from) over (partition by {keys} order by _place), date '{OPEN_END}') as valid_to
from changed
"""
