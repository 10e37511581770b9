"""The products of each dataset, as its contract declares them."""

from __future__ import annotations

from math import ceil

from pipelines.contracts import Contract
from pipelines.ddl import quoted

# Publishers keep their month but not their day: the longest interval held without a gap is 32 days where 31 are usual.
PATIENCE = 1.25


def make(declared: dict[str, Contract]) -> str:
    """One row per dataset and product."""
    rows = [
        f"({quoted(contract.stem)}, {quoted(product)}, {place}, {days}, {ceil(PATIENCE * days)})"
        for contract in declared.values()
        if contract.release is not None
        for days in [contract.release.cadence_days]
        for place, product in enumerate(contract.release.products, start=1)
    ]
    columns = "dataset, product, place, cadence_days, overdue_after_days"
    return f"select * from (values {', '.join(rows)}) as products({columns})"
