"""The SQL rules of a dataset's contract, judged on one release before it is let in."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import polars as pl

from pipelines.contracts import Contract
from pipelines.queries import references


@dataclass(frozen=True)
class Broken:
    """A rule that a release breaks: its name, what it says, how many rows break it and the first of them."""

    name: str
    about: str
    rows: int
    first: str


def broken_rules(contract: Contract, figures: pl.DataFrame) -> Broken | None:
    """The first rule with severity `fail` that a release's figures break, or None.

    Judged are the rules that read nothing but `sources.<dataset>`; one that reads another table is left to gate 2,
    which has all tables.
    """
    name = f"sources.{contract.stem}"
    rules = {rule: each for rule, each in contract.rules.items() if each.severity == "fail"}
    if not rules:
        return None
    with duckdb.connect() as connection:
        connection.register("figures", figures.to_arrow())
        connection.execute("create schema sources")
        connection.execute(f"create table {name} as select * from figures")
        for rule, each in rules.items():
            if references(each.sql, f"{name}.{rule}") != {name}:
                continue
            found = connection.execute(each.sql)
            columns = [column[0] for column in found.description or ()]
            if rows := found.fetchall():
                first = ", ".join(f"{column}={cell}" for column, cell in zip(columns, rows[0], strict=True))
                return Broken(rule, each.about, len(rows), first)
    return None
