"""What the page is made of: charts with their words and the figures behind them, tables, and sections of both."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import polars as pl
from markupsafe import Markup

from pipelines.site import glossary
from pipelines.site.words import Said

# Columns of which the values are codes or words of ours; what stands in others is a name, a title or a date.
CODED = frozenset({"actor", "figure", "kind", "missing", "state", "theme", "unit"})
# A column in Spanish stands beside the English one under its name with this at the end.
SPANISH = "_es"


@dataclass(frozen=True)
class Cell:
    """One cell as shown."""

    text: Said
    is_number: bool
    link: str | None = None


@dataclass(frozen=True)
class Table:
    """Rows as shown, newest or most telling first; `name` is its anchor on the page."""

    name: str
    label: Said
    columns: list[Said]
    rows: list[list[Cell]]
    title: Said | None = None


@dataclass(frozen=True)
class Chart:
    """A chart with its title, what to know when reading it, and the figures behind it.

    Attributes:
        name: Its anchor on the page.
        title: What it shows.
        note: Unit, source and trap.
        spec: Vega-Lite without width and theme.
        table: The figures behind it.
    """

    name: str
    title: Said
    note: Said
    spec: dict[str, Any]
    table: Table


@dataclass(frozen=True)
class Held:
    """What is held of a dataset or feed, for the table of data status and its colour in later days."""

    name: str
    title: Said
    newest: date | None
    stale_after_days: int | None

    def state(self, day: date) -> str:
        """Whether it is old on a day, so that its publisher has probably published since."""
        if self.newest is None or self.stale_after_days is None:
            return "no limit"
        return "stale" if (day - self.newest).days > self.stale_after_days else "current"


@dataclass(frozen=True)
class Section:
    """One part of the page; a part without charts and tables is left out."""

    name: str
    title: Said
    lead: Said | None = None
    charts: list[Chart] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


def table(name: str, frame: pl.DataFrame, label: Said, title: Said | None = None) -> Table:
    """A frame as a table of the page; a column and the one with its Spanish beside it become one."""
    columns = [each for each in frame.columns if not each.endswith(SPANISH)]
    rows = [
        [_cell(column, row[column], row.get(f"{column}{SPANISH}")) for column in columns]
        for row in frame.iter_rows(named=True)
    ]
    return Table(name, label, [glossary.column(each) for each in columns], rows, title)


def newest_first(name: str, frame: pl.DataFrame, label: Said, by: str = "month") -> Table:
    """The figures behind a chart, the newest on top."""
    return table(f"{name}_figures", frame.sort(by, descending=True, maintain_order=True), label)


def spark(history: list[float | None], width: int = 180, height: int = 34) -> Markup:
    """A series as one small line; a month without a value breaks it."""
    known = [value for value in history if value is not None]
    if len(known) < 2:
        return Markup("")
    top = max(known) or 1.0
    step = width / (len(history) - 1)
    strokes: list[list[str]] = [[]]
    for place, value in enumerate(history):
        if value is None:
            strokes.append([])
        else:
            strokes[-1].append(f"{place * step:.1f},{height - 2 - value / top * (height - 4):.1f}")
    drawn = "".join(f'<polyline points="{" ".join(points)}"/>' for points in strokes if points)
    return Markup(  # noqa: S704 (figures only)
        f'<svg class="spark" viewBox="0 0 {width} {height}" preserveAspectRatio="none" aria-hidden="true" '
        f'fill="none" stroke="currentColor" stroke-width="1.4">{drawn}</svg>'
    )


def _cell(column: str, value: Any, spanish: str | None) -> Cell:
    match value:
        case None:
            return _same("–")
        case bool():
            return Cell(Said("yes", "sí") if value else Said("no", "no"), False)
        case int():
            return Cell(Said(f"{value:,}", f"{value:,}"), True)
        case float():
            shown = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.3g}"
            return Cell(Said(shown, shown), True)
        case date() if column == "month":
            return _same(f"{value:%Y-%m}")
        case date():
            return _same(value.isoformat())
        case str() if spanish is not None:
            return Cell(Said(value, spanish), False)
        case str() if value.startswith(("https://", "http://")):
            host = urlsplit(value).hostname or value
            return Cell(Said(host, host), False, value)
        case str() if column in CODED:
            return Cell(glossary.word(value), False)
        case _:
            return _same(str(value))


def _same(text: str) -> Cell:
    return Cell(Said(text, text), False)
