"""One YAML per table, read strictly, and everything that is derived from it.

A contract says what a table is: columns, units, grain, ranges, rules, source and caveats. From it come the DuckDB DDL
with comments and constraints, the Polars schema, the expectations that Great Expectations judges, the description in
Dagster and the catalogue. Nothing of it is written down a second time.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import polars as pl
from pydantic import Field, model_validator

from pipelines.errors import ContractError
from pipelines.publishers import FeedTraits, Release, Source, Strict

POLARS_TYPES: dict[str, Any] = {
    "BIGINT": pl.Int64,
    "BOOLEAN": pl.Boolean,
    "DATE": pl.Date,
    "DOUBLE": pl.Float64,
    "INTEGER": pl.Int32,
    "UBIGINT[]": pl.List(pl.UInt64),
    "VARCHAR": pl.String,
    "VARCHAR[]": pl.List(pl.String),
}

Folder = Literal["seeds", "vintages", "sources", "documents", "measures", "indicators"]


class Column(Strict):
    """What one column holds; `about` and `es` are its comment in English and Spanish."""

    type: str
    about: str
    es: str
    unit: str | None = None
    nullable: bool = False
    values: tuple[str | int, ...] | None = None
    in_: str | None = Field(None, alias="in")
    min: float | None = None
    max: float | None = None
    explained_by: str | None = None

    @property
    def bounds(self) -> list[str]:
        """The range as conditions, `>= 0` and the like."""
        pairs = ((">=", self.min), ("<=", self.max))
        return [f"{sign} {_number(value)}" for sign, value in pairs if value is not None]

    @model_validator(mode="after")
    def _consistent(self) -> Column:
        if self.type not in POLARS_TYPES:
            raise ValueError(f"type {self.type} is not one of {', '.join(POLARS_TYPES)}")
        if self.explained_by and not self.nullable:
            raise ValueError("explained_by is for a nullable column: it names the column with the reason")
        if self.type.endswith("[]") and (self.values or self.in_):
            raise ValueError("values and in are judged by cell; a list column takes neither")
        return self


RELEASE_COLUMNS = {
    "vintage": Column(type="DATE", about="Day the release was public", es="Día en que la publicación fue pública"),
    "raw_sha256": Column(type="VARCHAR", about="Hash of the publisher's file", es="Huella del archivo de la fuente"),
}


OPEN_END = "9999-12-31"
KNOWN_COLUMNS = {
    "valid_from": Column(
        type="DATE", about="Day from which the row was what the publisher said", es="Día desde el que la fila rige"
    ),
    "valid_to": Column(
        type="DATE",
        about=f"Day from which it no longer was, {OPEN_END} where it still is",
        es=f"Día desde el que deja de regir, {OPEN_END} si aún rige",
    ),
}


class Rule(Strict):
    """A condition across rows or tables; `sql` returns the rows that break it."""

    about: str
    sql: str
    severity: Literal["fail", "warn"] = "fail"


class Rows(Strict):
    """How many rows a healthy table holds: about 80 % and twice of one that was looked at."""

    min: int
    max: int | None

    @property
    def words(self) -> str:
        """The bounds in words."""
        return f"{self.min:,} rows or more" if self.max is None else f"{self.min:,} to {self.max:,} rows"


@dataclass(frozen=True)
class Expectation:
    """One judgement of a contract: the check it belongs to, its kind and what the kind needs."""

    check: str
    kind: Literal["columns", "rows", "not_null", "unique", "in_set", "between", "explained"]
    column: str | None
    details: dict[str, Any]
    words: str


class Contract(Strict):
    """What one table (or document feed) is. `folder` and `stem` come from where its YAML lies."""

    folder: Folder
    stem: str
    path: Path
    title: str
    titulo: str
    about: str
    source: Source | None = None
    refresh: str | None = None
    stale_after_days: int | None = None
    grain: tuple[str, ...] = ()
    rows: Rows
    columns: dict[str, Column] = Field(default_factory=dict)
    rules: dict[str, Rule] = Field(default_factory=dict)
    caveats: tuple[str, ...] = ()
    release: Release | None = None
    feed: FeedTraits | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Contract:
        if self.feed is None and not (self.columns and self.grain):
            raise ValueError("columns and grain are missing")
        for key in self.grain:
            if key not in self.columns:
                raise ValueError(f"grain names {key}, which is not a column")
            if self.columns[key].nullable:
                raise ValueError(f"grain column {key} must not be nullable")
        for name, column in self.columns.items():
            if column.explained_by and column.explained_by not in self.columns:
                raise ValueError(f"{name} is explained_by {column.explained_by}, which is not a column")
        if self.folder == "sources" and (self.release is None or self.source is None or "month" not in self.columns):
            raise ValueError("an official dataset needs source, release and a month column")
        if self.feed is not None and self.source is None:
            raise ValueError("a document feed needs source")
        return self

    @property
    def name(self) -> str:
        """Schema-qualified name of the table."""
        return f"{self.folder}.{self.stem}"

    @cached_property
    def sha256(self) -> str:
        """Hash of the YAML's bytes: the contract's version."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    @property
    def schema(self) -> dict[str, Any]:
        """Polars schema of the table, in column order."""
        return {name: POLARS_TYPES[column.type] for name, column in self.columns.items()}

    @property
    def figures(self) -> list[str]:
        """The columns that are amounts and add up: numbers with a unit outside the grain. Percentages describe them."""
        amounts = ("BIGINT", "DOUBLE", "INTEGER")
        return [
            name
            for name, column in self.columns.items()
            if column.type in amounts and column.unit not in (None, "%") and name not in self.grain
        ]

    def of_releases(self) -> Contract:
        """The contract of `vintages.<dataset>`: the dataset's columns, and which release each row is of."""
        return self._derived("vintages", RELEASE_COLUMNS, (*self.grain, "vintage"))

    def of_newest(self) -> Contract:
        """The contract of `sources.<dataset>`: for each month the rows of the newest release that covers it."""
        return self._derived("sources", RELEASE_COLUMNS, self.grain)

    def of_changes(self) -> Contract:
        """The contract of `vintages.<dataset>_changes`: each row once for every span of days in which it held."""
        told = {
            "stem": f"{self.stem}_changes",
            "title": f"{self.title}: what was known when",
            "titulo": f"{self.titulo}: qué se sabía y cuándo",
        }
        return self._derived("vintages", KNOWN_COLUMNS, ("valid_to", *self.grain)).model_copy(update=told)

    def _derived(self, folder: Folder, more: dict[str, Column], grain: tuple[str, ...]) -> Contract:
        told = {"folder": folder, "grain": grain, "rows": Rows(min=0, max=None), "columns": {**self.columns, **more}}
        return self.model_copy(update=told)

    @property
    def comment(self) -> str:
        """The table's comment: titles in both languages, what it is, source and caveats."""
        parts = [f"{self.title} / {self.titulo}.", self.about]
        if self.grain:
            parts.append(f"One row per {', '.join(self.grain)}.")
        if self.source:
            parts.append(f"Source: {self.source.publisher}, {self.source.url}. {self.source.licence}.")
        return " ".join([*parts, *self.caveats])

    def expectations(self, allowed: dict[str, list[Any]]) -> Iterator[Expectation]:
        """Yield the judgements of the contract in column order; `allowed` holds the values of each `in` column.

        Those of one check say the same of several columns.
        """
        yield Expectation(
            "columns", "columns", None, {"columns": list(self.columns)}, "columns are those of the contract"
        )
        # Gate 1 bounds each release; the newest figures of all months have no bound of their own.
        if self.rows != Rows(min=0, max=None):
            bounds = {"min": self.rows.min, "max": self.rows.max}
            yield Expectation("rows", "rows", None, bounds, self.rows.words)
        yield Expectation(
            "grain_unique", "unique", None, {"columns": list(self.grain)}, f"one row per {', '.join(self.grain)}"
        )
        for name, column in self.columns.items():
            if not column.nullable:
                yield Expectation("not_null", "not_null", name, {}, f"{name} is never null")
            values = allowed[name] if column.in_ else list(column.values) if column.values else None
            if values is not None:
                words = f"{name} is one of {column.in_ or ', '.join(map(str, values))}"
                yield Expectation("allowed", "in_set", name, {"values": values}, words)
            if column.min is not None or column.max is not None:
                words = f"{name} is {' and '.join(column.bounds)}"
                details = {"min": column.min, "max": column.max, "bounds": column.bounds}
                yield Expectation("in_range", "between", name, details, words)
            if column.explained_by:
                words = f"a null {name} has its reason in {column.explained_by}"
                yield Expectation("explained", "explained", name, {"reason": column.explained_by}, words)


def _number(value: float) -> str:
    return f"{value:.15g}"


REFERENCE = re.compile(r"^(seeds\.\w+)\.(\w+)(?: where (.+))?$")


def reference(column: Column) -> tuple[str, str, str | None]:
    """The parts of `in: seeds.<table>.<column> [where …]`: table, column and condition."""
    match = REFERENCE.match(column.in_ or "")
    if match is None:
        raise ContractError(f"in: '{column.in_}' is not of the form seeds.<table>.<column> [where <sql>]")
    return match[1], match[2], match[3]


def seeds_read(contract: Contract) -> set[str]:
    """Names of the seed tables a contract's `in:` columns refer to."""
    return {reference(column)[0] for column in contract.columns.values() if column.in_}
