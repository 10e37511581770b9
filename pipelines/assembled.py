"""The tables that Python makes of others: a contract among documents or indicators with a module beside it."""

from __future__ import annotations

import importlib

from pipelines.assets import Step, table_step
from pipelines.contracts import Contract
from pipelines.digests import of_code
from pipelines.errors import ContractError
from pipelines.project import ROOT

FOLDERS = ("documents", "indicators")


def is_assembled(contract: Contract) -> bool:
    """Whether a table is made by the `make(work)` of the module beside its contract, from other tables."""
    return contract.feed is None and contract.path.parent in [ROOT / "pipelines" / folder for folder in FOLDERS]


def assembled_steps(declared: dict[str, Contract]) -> list[Step]:
    """The steps of all such tables.

    A module says beside `make` which tables and feeds its rows are made of, `READS`, and which code of this package
    makes them, `CODE`, by stems or folders; without `READS` it is made of all feeds.

    Raises:
        ContractError: A contract without its module, or one that reads a table nobody declares.
    """
    return [_step(contract, declared) for contract in declared.values() if is_assembled(contract)]


def reads(contract: Contract, declared: dict[str, Contract]) -> tuple[str, ...]:
    """Names of the tables and feeds such a table is made of."""
    module = importlib.import_module(f"pipelines.{contract.folder}.{contract.stem}")
    feeds = tuple(each.name for each in declared.values() if each.feed is not None)
    return getattr(module, "READS", feeds)


def _step(contract: Contract, declared: dict[str, Contract]) -> Step:
    name = f"{contract.folder}.{contract.stem}"
    path = contract.path.with_suffix(".py")
    if not path.is_file():
        raise ContractError(f"{contract.path.name} has no {path.name} beside it; write its make(work)")
    module = importlib.import_module(f"pipelines.{name}")
    read = reads(contract, declared)
    for table in sorted(set(read) - set(declared)):
        raise ContractError(f"{path.name}: READS names {table}, which no contract declares")
    code = (f"{contract.folder}/{contract.stem}", *module.CODE)
    return table_step(
        contract, module.make, lambda _work: of_code(*code), upstream=read, kinds={"python", "polars", "duckdb"}
    )
