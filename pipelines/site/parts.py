"""What the page is made of: charts with their words and the figures behind them, tables, and sections of both."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
from markupsafe import Markup

from pipelines.site.words import Said


@dataclass(frozen=True)
class Cell:
    """One cell as shown."""

    text: str
    is_number: bool


@dataclass(frozen=True)
class Table:
    """Rows as shown, newest or most telling first."""

    label: Said
    columns: list[str]
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

    @property
    def description(self) -> Said:
        """The chart in words, for those who do not see it."""
        return Said(f"{self.title.en}. {self.note.en}", f"{self.title.es}. {self.note.es}")


@dataclass(frozen=True)
class Section:
    """One part of the page; a part without charts and tables is left out."""

    name: str
    title: Said
    lead: Said | None = None
    charts: list[Chart] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


def table(frame: pl.DataFrame, label: Said, title: Said | None = None) -> Table:
    """A frame as a table of the page."""
    rows = [[_cell(value) for value in row] for row in frame.iter_rows()]
    return Table(label, [name.replace("_", " ") for name in frame.columns], rows, title)


def newest_first(frame: pl.DataFrame, label: Said, by: str = "month") -> Table:
    """The figures behind a chart, the newest on top."""
    return table(frame.sort(by, descending=True, maintain_order=True), label)


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


def _cell(value: Any) -> Cell:
    match value:
        case None:
            return Cell("–", False)
        case bool():
            return Cell("yes" if value else "no", False)
        case int():
            return Cell(f"{value:,}", True)
        case float():
            return Cell(f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.3g}", True)
        case date():
            return Cell(value.isoformat(), False)
        case _:
            return Cell(str(value), False)
