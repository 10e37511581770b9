"""The catalogue: every table and column in words, from the contracts alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipelines.contracts import Column, Contract

SCHEMAS = {
    "sources": "Official figures, for each month the newest release that covers it",
    "vintages": "Official figures, every release held",
    "documents": "Texts and coded statements",
    "measures": "Measures",
    "indicators": "Indicators",
    "seeds": "Reference data kept by hand",
}

AS_OF = (
    "Schema `as_of` has a view for each table of `sources`, `documents`, `measures` and `indicators`, and for",
    "`releases`, `release_months` and `figure_history`, by its name without the schema, as it was known on a day:",
    "`set variable as_of = date '2025-07-31'; from as_of.border_fentanyl_seizures`.",
)


def write(contracts: dict[str, Contract], path: Path) -> None:
    """Write the catalogue of the published tables."""
    path.write_text(text(contracts), encoding="utf-8")


def text(contracts: dict[str, Contract]) -> str:
    """The catalogue as Markdown: one section a schema, one table a table."""
    lines = ["# Catalogue", "", "Made from the contracts by each refresh; do not edit.", "", *AS_OF, ""]
    for schema, title in SCHEMAS.items():
        members = sorted((c for c in contracts.values() if c.folder == schema), key=lambda c: c.stem)
        if members:
            lines += [f"## {schema}: {title}", ""]
            for contract in members:
                lines += [*_table(contract), ""]
    return "\n".join(lines).rstrip() + "\n"


def _table(contract: Contract) -> Iterator[str]:
    yield f"### {contract.name}"
    yield ""
    yield f"**{contract.title}** / *{contract.titulo}*. {contract.about} One row per {', '.join(contract.grain)}."
    yield ""
    if contract.source:
        source = contract.source
        yield f"Source: {source.publisher}, <{source.url}>. {source.licence}. Cite as: {source.citation}"
        yield ""
    if contract.folder == "vintages" and contract.release:
        if "valid_to" in contract.columns:
            newest = f"sources.{contract.stem.removesuffix('_changes')}"
            yield f"The columns of {newest}, once for each span of days in which the row held, `valid_to` not included."
        else:
            yield f"The columns of sources.{contract.stem}, once per release; `vintage` is part of the key."
        return
    yield "| column | type | unit | what it holds | lo que contiene | allowed |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for name, column in contract.columns.items():
        yield f"| {name} | {_type(column)} | {column.unit or ''} | {column.about} | {column.es} | {_allowed(column)} |"
    for rule in contract.rules.values():
        yield f"\nRule: {rule.about}"
    for caveat in contract.caveats:
        yield f"\nCaveat: {caveat}"


def _type(column: Column) -> str:
    return column.type + (", may be null" if column.nullable else "")


def _allowed(column: Column) -> str:
    parts = []
    if column.in_:
        parts.append(column.in_)
    if column.values:
        parts.append(", ".join(map(str, column.values)))
    parts += column.bounds
    return "; ".join(parts).replace("|", "\\|")
