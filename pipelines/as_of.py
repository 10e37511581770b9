"""What was known on a day: the views of schema `as_of`, from the same SQL that builds the published tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from graphlib import TopologicalSorter

import duckdb

from pipelines import ddl
from pipelines.contract_files import is_model, read_sql
from pipelines.contracts import OPEN_END, Contract
from pipelines.errors import EntenteError
from pipelines.queries import rebind, references
from pipelines.vintages import changes

DAY = "as_of.day()"
MACRO = f"create macro {DAY} as coalesce(cast(getvariable('as_of') as date), date '{OPEN_END}' - 1)"
ABOUT = "As known on the day of `set variable as_of = date '…'`, the newest without it / Según se sabía ese día."

# A span that a later release ended had no end yet on the day.
OPEN = f"case when valid_to > {DAY} then date '{OPEN_END}' else valid_to end as valid_to"
LEAVES = {
    "vintages.releases": f"""
select * replace (least(confirmed_until, {DAY}) as confirmed_until)
from vintages.releases
where vintage <= {DAY}""",
    "vintages.release_months": f"""
select * replace ({OPEN})
from vintages.release_months
where vintage <= {DAY}""",
    # Known are histories of two releases or more, and of no cell that none of them had.
    "vintages.figure_history": f"""
select * replace ({OPEN})
from vintages.figure_history
where
  valid_from <= {DAY}
  and (dataset, month) in (
    select (dataset, month)
    from as_of.release_months
    where valid_from is not null
    group by dataset, month
    having count(*) > 1
  )
qualify bool_or(is_present) over (partition by dataset, month, cell, figure)""",
    "documents.readings": f"""
select *
from documents.readings
where known_from <= {DAY}""",
    "documents.codings": """
select codings.*
from documents.codings as codings
semi join as_of.readings as readings
  on readings.document_id = codings.document_id and readings.raw_sha256 = codings.raw_sha256""",
}


@dataclass(frozen=True)
class View:
    """One view of schema `as_of`: its name there, the contract of the table it stands for, its select."""

    name: str
    contract: Contract
    sql: str


def names(declared: dict[str, Contract]) -> dict[str, str]:
    """Of each table that has an as-of form its view, and of those that no day changes the table itself."""
    found = {name: name for name, contract in declared.items() if contract.folder == "seeds"}
    found["vintages.products"] = "vintages.products"
    for name, contract in declared.items():
        if name in LEAVES or contract.release is not None:
            found[name] = f"as_of.{contract.stem}"
    models = {name: references(read_sql(contract), name) for name, contract in declared.items() if is_model(contract)}
    # A select over a table that Python makes has no more of an as-of form than that table.
    while rebindable := [name for name in models if name not in found and models[name] <= set(found)]:
        found |= {name: f"as_of.{declared[name].stem}" for name in rebindable}
    return found


def views(declared: dict[str, Contract]) -> list[View]:
    """Every view of the schema, each after those it reads."""
    known = names(declared)
    made: dict[str, str] = {}
    for name, contract in declared.items():
        if name in LEAVES:
            made[name] = LEAVES[name]
        elif contract.release is not None:
            made[name] = changes.known(contract, "vintages.release_months", DAY)
        elif is_model(contract) and name in known:
            made[name] = rebind(read_sql(contract), known, f"{name}.sql")
    order = {name: _reads(sql, known) for name, sql in made.items()}
    return [
        View(known[name], declared[name], made[name])
        for name in TopologicalSorter(order).static_order()
        if name in made
    ]


def _reads(sql: str, known: dict[str, str]) -> set[str]:
    """The tables whose views a view's select reads."""
    read = references(sql, "as_of")
    return {name for name, view in known.items() if view in read and view.startswith("as_of.")}


def write(connection: duckdb.DuckDBPyConnection, found: list[View]) -> None:
    """Create the schema with its views and their comments in the database of the connection."""
    connection.execute("create schema as_of")
    connection.execute(MACRO)
    for view in found:
        connection.execute(f"create view {view.name} as {view.sql}")
        _, *columns = ddl.comments(view.contract.of_newest() if view.contract.release else view.contract, view.name)
        about = f"comment on view {view.name} is {ddl.quoted(f'{ABOUT} {view.contract.comment}')}"
        connection.execute("; ".join([about, *columns]))


def rebound(query: str, declared: dict[str, Contract]) -> str:
    """A person's query over the views of the schema in place of the tables it names.

    Raises:
        EntenteError: The query is not one select, or reads a table that has no as-of form.
    """
    named = names(declared)
    known = {**named, **{view: view for view in named.values()}}
    for table in sorted(references(query, "sql --as-of")):
        if table not in known:
            raise EntenteError(f"sql --as-of: {table} has no as-of form; {_instead(table, declared)}")
    return rebind(query, known, "sql --as-of")


def _instead(table: str, declared: dict[str, Contract]) -> str:
    schema, stem = table.split(".", 1)
    dataset = stem.removesuffix("_changes")
    if schema == "vintages" and f"sources.{dataset}" in declared:
        return f"it holds every vintage; ask sources.{dataset}, or leave --as-of out"
    if table in declared:
        return "it is made by Python, or of a table that is, for the newest figures; leave --as-of out"
    if schema in ("sources", "documents", "measures", "indicators"):
        return "there is no such table, see warehouse/CATALOG.md"
    return "ask sources, documents, measures or indicators, or leave --as-of out"


def set_day(connection: duckdb.DuckDBPyConnection, day: date) -> None:
    """Let the views of the connection answer with what was known on the day."""
    connection.execute(f"set variable as_of = date {ddl.quoted(day)}")
