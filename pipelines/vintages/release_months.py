"""Which release is to be read for a month on a day, and whether its publisher still restates the month."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.contracts import OPEN_END, Contract
from pipelines.ddl import quoted


def make(declared: dict[str, Contract]) -> str:
    """One row per release and month it covers, of all datasets."""
    return of([contract for contract in declared.values() if contract.release is not None])


def of(contracts: Sequence[Contract]) -> str:
    """SQL of the months of each release of some datasets.

    A release is whole within the months it covers: for a month it is read from its vintage on, until the product has a
    newer one that covers the month or a product that outranks it covers the month at all.
    """
    settled = " ".join(f"when {quoted(contract.stem)} then ({contract.release.settled})" for contract in contracts)
    names = ", ".join(quoted(contract.stem) for contract in contracts)
    return f"""
with covered as (
  select
    dataset,
    product,
    vintage,
    raw_sha256,
    cast(unnest(generate_series(covers_from, covers_to, interval 1 month)) as date) as month
  from vintages.releases
  where dataset in ({names})
),

ended as (
  select
    covered.*,
    least(
      coalesce(lead(vintage) over (partition by dataset, product, month order by vintage), date '{OPEN_END}'),
      coalesce(min(vintage) over outranking, date '{OPEN_END}')
    ) as replaced
  from covered
  join vintages.products using (dataset, product)
  window outranking as (
    partition by dataset, month order by place groups between unbounded preceding and 1 preceding
  )
)

select
  dataset,
  product,
  vintage,
  month,
  raw_sha256,
  coalesce(case dataset {settled} end, false) as is_settled,
  case when vintage < replaced then vintage end as valid_from,
  case when vintage < replaced then replaced end as valid_to
from ended
"""
