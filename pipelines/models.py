"""Every `sql/<schema>/<table>.sql` as an asset; what it depends on is read from the SQL itself."""

from __future__ import annotations

from pathlib import Path

import dagster as dg

from pipelines.assets import Step, table_step
from pipelines.contract_files import is_model, read_sql
from pipelines.contracts import Contract
from pipelines.digests import of_text
from pipelines.errors import ContractError
from pipelines.queries import references


def model_steps(root: Path, declared: dict[str, Contract]) -> list[Step]:
    """The steps of all tables made by SQL; a `.sql` without its contract raises ContractError."""
    folder = root / "sql"
    for path in sorted(folder.glob("*/*.sql")):
        if not path.with_suffix(".yml").is_file():
            raise ContractError(f"{path.name} has no {path.stem}.yml beside it; write its contract")
    return [_model(contract, declared) for contract in declared.values() if is_model(contract)]


def _model(contract: Contract, declared: dict[str, Contract]) -> Step:
    sql = read_sql(contract)
    upstream = references(sql, f"{contract.name}.sql")
    for table in sorted(upstream - set(declared)):
        raise ContractError(f"{contract.name}.sql: reads {table}, which no contract declares")
    return table_step(
        contract,
        make=lambda _work: sql,
        version=lambda _work: of_text(sql),
        upstream=upstream,
        kinds={"sql", "duckdb"},
        metadata={"sql": dg.MetadataValue.md(f"```sql\n{sql}\n```")},
    )
