"""A question to the published database: what it may ask, as of which day, and what is said of one that fails."""

from __future__ import annotations

import re
from datetime import date

import duckdb
import polars as pl

from pipelines import as_of, contract_files
from pipelines.errors import EntenteError, with_remedy
from pipelines.project import ROOT, Project
from pipelines.published import opened

_NESTED = ("list", "array", "struct", "map", "union")


def answer(project: Project, query: str, day: str | None, *, flat: bool = False) -> pl.DataFrame:
    """The rows of one query; it reads the publication and nothing else, and writes nothing.

    Args:
        project: The folders.
        query: One select, which SET may precede.
        day: Answer with what was known that day, such as 2025-07-31.
        flat: Lists and structures as JSON text, as a table of text needs them.

    Raises:
        EntenteError: The query cannot be answered; one line with the remedy.
    """
    with opened(project) as connection:
        connection.execute("set enable_external_access = false")
        try:
            if day is not None:
                as_of.set_day(connection, _day(day))
                query = as_of.rebound(query, contract_files.load(ROOT))
            asked = [each for each in duckdb.extract_statements(query) if each.type == duckdb.StatementType.SELECT]
            if len(asked) > 1:
                raise EntenteError(f"sql: the query holds {len(asked)} selects; ask one at a time")
            found = connection.sql(query)
            if found is None:
                raise EntenteError("sql: the query is empty or returns nothing; write a select")
            return _readable(found, flat=flat).pl()
        except duckdb.Error as error:
            raise EntenteError(f"sql: {_problem(error, project)}") from None


def _readable(found: duckdb.DuckDBPyRelation, *, flat: bool) -> duckdb.DuckDBPyRelation:
    """The rows with intervals as text, and where asked lists and structures as JSON."""
    made = []
    for name, kind in zip(found.columns, found.types, strict=True):
        quoted = '"' + name.replace('"', '""') + '"'
        if kind.id == "interval":
            made.append(f"{quoted}::varchar as {quoted}")
        elif flat and kind.id in _NESTED:
            made.append(f"to_json({quoted})::varchar as {quoted}")
    return found.project(f"* replace ({', '.join(made)})") if made else found


def _problem(error: Exception, project: Project) -> str:
    """What DuckDB refused, and what to do about it."""
    said = " ".join(re.split(r"LINE \d+:", str(error))[0].split())
    match error:
        case duckdb.PermissionException():
            return "a query reads the publication and no file; to write one, add --csv or --json and > FILE"
        case duckdb.CatalogException():
            remedy = f"{project.warehouse / 'CATALOG.md'} lists the tables"
        case duckdb.ParserException():
            remedy = "write a select as DuckDB knows it"
        case duckdb.InvalidInputException():
            remedy = "what is published is never changed; write a select"
        case duckdb.ConversionException():
            remedy = "try_cast gives null for what is no such value"
        case _:
            remedy = '"describe <table>" shows the columns'
    return with_remedy(said, remedy)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise EntenteError(f"--as-of {text}: that is no day, or not written as 2025-07-31 is") from None
    if day > date.today():
        raise EntenteError(f"--as-of {text} lies in the future; leave it out for the newest figures")
    return day
