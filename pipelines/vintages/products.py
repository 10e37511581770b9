"""The products of each dataset, as its contract declares them."""

from __future__ import annotations

from pipelines.contracts import Contract
from pipelines.ddl import quoted


def make(declared: dict[str, Contract]) -> str:
    """One row per dataset and product."""
    rows = [
        f"({quoted(contract.stem)}, {quoted(product)}, {place}, {contract.release.cadence_days})"
        for contract in declared.values()
        if contract.release is not None
        for place, product in enumerate(contract.release.products, start=1)
    ]
    return f"select * from (values {', '.join(rows)}) as products(dataset, product, place, cadence_days)"
