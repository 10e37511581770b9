"""From a contract to DuckDB: tables with constraints, comments in both languages, row conditions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipelines.contracts import Contract, Expectation


def quoted(text: object) -> str:
    """A SQL literal of a number or a text."""
    return str(text) if isinstance(text, (int, float)) else "'" + str(text).replace("'", "''") + "'"


def condition(expectation: Expectation) -> str | None:
    """The row condition of an expectation as SQL, or None where it is not about single rows or is DDL of its own."""
    column, details = f'"{expectation.column}"', expectation.details
    match expectation.kind:
        case "in_set":
            return f"{column} in ({', '.join(map(quoted, details['values']))})"
        case "between":
            return " and ".join(f"{column} {bound}" for bound in details["bounds"])
        case "explained":
            return f'({column} is null) = ("{details["reason"]}" is not null)'
        case _:
            return None


def create_table(contract: Contract, name: str, allowed: dict[str, list[Any]], *, constrained: bool) -> str:
    """DDL of the table under `name`; with `constrained` it carries NOT NULL, CHECK and PRIMARY KEY.

    `vintages` tables carry no PRIMARY KEY: its index would cost more than the rows, and gate 1 has judged each release.
    """
    lines = []
    for column_name, column in contract.columns.items():
        not_null = " not null" if constrained and not column.nullable else ""
        lines.append(f'"{column_name}" {column.type}{not_null}')
    if constrained:
        conditions = map(condition, contract.expectations(allowed))
        lines += [f"check ({sql})" for sql in conditions if sql]
        if contract.folder != "vintages":
            lines.append("primary key (" + ", ".join(f'"{key}"' for key in contract.grain) + ")")
    return f"create table {name} (\n  " + ",\n  ".join(lines) + "\n)"


def comments(contract: Contract, name: str) -> Iterator[str]:
    """COMMENT statements for the table `name` and each of its columns, in English and Spanish."""
    yield f"comment on table {name} is {quoted(contract.comment)}"
    for column_name, column in contract.columns.items():
        unit = f" [{column.unit}]" if column.unit else ""
        yield f'comment on column {name}."{column_name}" is {quoted(f"{column.about}{unit} / {column.es}")}'


def schema_of(name: str) -> str:
    """The schema of a qualified table name."""
    return name.split(".", 1)[0]
