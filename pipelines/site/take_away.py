"""The data people take away: each indicator as CSV and Parquet, described as a Frictionless Data Package."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import duckdb

from pipelines import ddl
from pipelines.assembled import is_assembled, reads
from pipelines.contract_files import is_model, read_sql
from pipelines.contracts import Column, Contract
from pipelines.queries import references

FIELD_TYPES = {
    "BIGINT": "integer",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "DOUBLE": "number",
    "INTEGER": "integer",
    "UBIGINT[]": "string",
    "VARCHAR": "string",
    "VARCHAR[]": "string",
}
# What people take away: the indicators, and what says how far they can be trusted.
ALSO = ("seeds.errata", "seeds.method_changes", "seeds.events", "seeds.hypotheses")
CHECKSUMS = "SHA256SUMS"


def write(
    connection: duckdb.DuckDBPyConnection, declared: dict[str, Contract], facts: dict[str, Any], folder: Path
) -> list[Contract]:
    """Write `<table>.csv`, `<table>.parquet`, `datapackage.json` and `SHA256SUMS` into a folder.

    Args:
        connection: The published database.
        declared: The contracts as written.
        facts: `publication_id`, `published_at` and `tables` of the publication.
        folder: Where they go; it is made.

    Returns:
        The contracts of the tables written, in the order of the package.
    """
    folder.mkdir(parents=True)
    taken = [each for name, each in declared.items() if each.folder == "indicators" or name in ALSO]
    taken.sort(key=lambda contract: (contract.folder != "indicators", contract.stem))
    for contract in taken:
        order = ", ".join(f'"{name}"' for name in contract.grain)
        for suffix, options in (("csv", "header, delimiter ','"), ("parquet", "format parquet, compression zstd")):
            path = folder / f"{contract.stem}.{suffix}"
            connection.execute(
                f"copy (select * from {contract.name} order by {order}) to {ddl.quoted(path)} ({options})"
            )
    package = descriptor(connection, declared, taken, facts)
    (folder / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}" for path in sorted(folder.iterdir())]
    (folder / CHECKSUMS).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return taken


def descriptor(
    connection: duckdb.DuckDBPyConnection, declared: dict[str, Contract], taken: list[Contract], facts: dict[str, Any]
) -> dict[str, Any]:
    """The Data Package: resources with their fields, units, sources and the releases they are made of."""
    vintages = dict(
        connection.execute("select dataset, max(vintage)::varchar from vintages.releases group by all").fetchall()
    )
    return {
        "profile": "tabular-data-package",
        "name": "entente-indicators",
        "id": facts["publication_id"],
        "title": "Entente: indicators of US–Mexico relations",
        "version": facts["publication_id"],
        "created": facts["published_at"],
        "licenses": [
            {"name": "MIT", "title": "What this project computes; each source keeps its own licence, see sources"}
        ],
        "sources": _sources(declared),
        "vintages": vintages,
        "resources": [_resource(contract, declared, facts, vintages) for contract in taken],
    }


def inputs(contract: Contract, declared: dict[str, Contract]) -> set[str]:
    """Names of the datasets and feeds a table is made of in the end, through all tables between."""
    seen: set[str] = set()
    ahead = [contract.name]
    while ahead:
        name = ahead.pop()
        if name in seen or name not in declared:
            continue
        seen.add(name)
        if is_model(declared[name]):
            ahead += references(read_sql(declared[name]), name)
        elif is_assembled(declared[name]):
            ahead += reads(declared[name], declared)
    return {declared[name].stem for name in seen if declared[name].source}


def _resource(
    contract: Contract, declared: dict[str, Contract], facts: dict[str, Any], vintages: dict[str, str]
) -> dict[str, Any]:
    made_of = sorted(inputs(contract, declared))
    return {
        "profile": "tabular-data-resource",
        "name": contract.stem,
        "path": f"{contract.stem}.csv",
        "title": f"{contract.title} / {contract.titulo}",
        "description": " ".join([contract.about, *contract.caveats]),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "made_of": made_of,
        "vintages": {name: vintages[name] for name in made_of if name in vintages},
        "rows": facts["tables"][contract.name]["rows"],
        "schema": {
            "fields": [_field(name, column) for name, column in contract.columns.items()],
            "primaryKey": list(contract.grain),
            "missingValues": [""],
        },
    }


def _field(name: str, column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {} if column.nullable else {"required": True}
    if column.values:
        constraints["enum"] = list(column.values)
    for ours, theirs in (("min", "minimum"), ("max", "maximum")):
        bound = getattr(column, ours)
        if bound is not None and FIELD_TYPES[column.type] in ("integer", "number"):
            constraints[theirs] = bound if FIELD_TYPES[column.type] == "number" else int(bound)
    unit = {"unit": column.unit} if column.unit else {}
    said = f"{column.about} / {column.es}"
    return {"name": name, "type": FIELD_TYPES[column.type], "description": said, **unit, "constraints": constraints}


def _sources(declared: dict[str, Contract]) -> list[dict[str, str]]:
    found = [contract.source for contract in declared.values() if contract.source]
    return [
        {
            "title": f"{each.publisher}: {each.citation} ({each.licence})",
            **({"path": each.url} if each.url.startswith("http") else {}),
        }
        for each in found
    ]


def size(path: Path) -> str:
    """A file's size for people."""
    kilobytes = path.stat().st_size / 1000
    return f"{kilobytes / 1000:,.1f} MB" if kilobytes >= 1000 else f"{max(kilobytes, 1):,.0f} kB"
