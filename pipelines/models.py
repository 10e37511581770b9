"""Every `sql/<schema>/<table>.sql` as an asset; what it depends on is read from the SQL itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb

from pipelines.assets import Step, table_step
from pipelines.contracts import Contract
from pipelines.digests import of_text
from pipelines.errors import ContractError


def references(sql: str, name: str) -> set[str]:
    """The schema-qualified tables a select reads, by DuckDB's own parser; its own CTEs are not among them.

    Raises:
        ContractError: Not one select, or a table without its schema.
    """
    with duckdb.connect() as connection:
        quoted = sql.replace("'", "''")
        parsed = json.loads(connection.execute(f"select json_serialize_sql('{quoted}')").fetchall()[0][0])
    if parsed["error"]:
        raise ContractError(f"{name}.sql: {parsed['error_message']}")
    if len(parsed["statements"]) != 1:
        raise ContractError(f"{name}.sql: holds {len(parsed['statements'])} statements; keep one select")
    found: set[str] = set()
    named: set[str] = set()
    _walk(parsed["statements"], found, named)
    for table in found:
        if "." not in table and table not in named:
            raise ContractError(f"{name}.sql: {table} has no schema; write the schema before it")
    return {table for table in found if "." in table}


def _walk(node: Any, found: set[str], named: set[str]) -> None:
    if isinstance(node, list):
        for item in node:
            _walk(item, found, named)
    elif isinstance(node, dict):
        if node.get("type") == "BASE_TABLE":
            schema, table = node["schema_name"], node["table_name"]
            found.add(f"{schema}.{table}" if schema else table)
        named.update(entry["key"] for entry in node.get("cte_map", {}).get("map", []))
        for value in node.values():
            _walk(value, found, named)


def read_sql(contract: Contract) -> str:
    """The select beside a contract, without its closing semicolon."""
    path = contract.path.with_suffix(".sql")
    if not path.is_file():
        raise ContractError(f"{contract.path.name} has no {path.name} beside it; write it or delete the contract")
    return path.read_text(encoding="utf-8").rstrip().rstrip(";")


def model_steps(root: Path, declared: dict[str, Contract]) -> list[Step]:
    """The steps of all tables made by SQL; a `.sql` without its contract raises ContractError."""
    folder = root / "sql"
    for path in sorted(folder.glob("*/*.sql")):
        if not path.with_suffix(".yml").is_file():
            raise ContractError(f"{path.name} has no {path.stem}.yml beside it; write its contract")
    made = [contract for contract in declared.values() if contract.path.is_relative_to(folder)]
    return [_model(contract, declared) for contract in made]


def _model(contract: Contract, declared: dict[str, Contract]) -> Step:
    sql = read_sql(contract)
    upstream = references(sql, contract.name)
    for table in upstream:
        schema, stem = table.split(".")
        if table not in declared and not (schema == "vintages" and f"sources.{stem}" in declared):
            raise ContractError(f"{contract.name}.sql: reads {table}, which no contract declares")
    return table_step(
        contract,
        make=lambda _work: sql,
        version=lambda _work: of_text(sql),
        upstream=upstream,
        kinds={"sql", "duckdb"},
        metadata={"sql": dg.MetadataValue.md(f"```sql\n{sql}\n```")},
    )
