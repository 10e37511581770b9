"""A series as one line of characters, for places that show text only."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pipelines.contracts import Contract
from pipelines.warehouse import Work

BARS = "▁▂▃▄▅▆▇█"
GAP = "·"
SERIES = 4
MONTHS = 96


def sparkline(values: Sequence[float | None]) -> str:
    """One character a value, taller where it is larger; a point where it is unknown."""
    known = [value for value in values if value is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    span = (high - low) or 1.0
    return "".join(GAP if value is None else BARS[round((value - low) / span * (len(BARS) - 1))] for value in values)


def charts(work: Work, contract: Contract) -> str:
    """The first figures of a table over its months, as Markdown; "" where it has no months or no figures.

    Of a table with several rows a month the mean is drawn: the shape of it, not a figure to read off.
    """
    drawn = [name for name, column in contract.columns.items() if column.type in ("DOUBLE", "BIGINT")]
    if "month" not in contract.grain or not drawn:
        return ""
    means = ", ".join(f'avg("{name}")::double as "{name}"' for name in drawn[:SERIES])
    frame = work.frame(f"select month, {means} from {contract.name} group by month order by month").tail(MONTHS)
    if frame.is_empty():
        return ""
    lines = [f"{frame['month'][0]:%Y-%m} to {frame['month'][-1]:%Y-%m}", ""]
    width = max(map(len, frame.columns[1:]))
    return "\n".join([*lines, "```", *(_line(frame, name, width) for name in frame.columns[1:]), "```"])


def _line(frame: pl.DataFrame, name: str, width: int) -> str:
    known = frame[name].drop_nulls()
    ends = f"{known.min():,.4g} … {known.max():,.4g}" if known.len() else "nothing known"
    return f"{name.ljust(width)}  {sparkline(frame[name].to_list())}  {ends}"
