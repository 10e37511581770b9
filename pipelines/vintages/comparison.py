"""What two releases say of the same months, and a month of those before it: plain frames, no judgement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

# Figures of frozen months agree to the last printed digit, sums of them to the rounding of a double.
TOLERANCE = 1e-9
MONTHS_BEFORE = 12
# Below this share of a column's total a member is too small for a factor: one event moves it.
MATERIAL = 0.01


@dataclass(frozen=True)
class Change:
    """A sum of one column before and after; `of` names the month or member, "" for the total."""

    of: str
    value: str
    before: float
    after: float

    @property
    def ratio(self) -> float:
        """How many times the figure before stands after."""
        return self.after / self.before


@dataclass(frozen=True)
class Attendance:
    """Which of the members that had figures in each of the 12 months before have none in a month."""

    month: date
    steady: int
    absent: tuple[str, ...]

    @property
    def share(self) -> float:
        """Share of the steady members that are there."""
        return 1 - len(self.absent) / self.steady


def months_between(first: date, last: date) -> list[date]:
    """The first days of the months from one to another, none where the last is before the first."""
    if last < first:
        return []
    return pl.date_range(first, last, "1mo", eager=True).to_list()


def months_after(month: date, count: int) -> date:
    """The first day of the month so many months later."""
    years, place = divmod(month.month - 1 + count, 12)
    return date(month.year + years, place + 1, 1)


def shown(figure: float | None) -> str:
    """A figure as a person reads it."""
    if figure is None:
        return "none"
    return f"{figure:,.0f}" if abs(figure) >= 1e9 else f"{figure:,.10g}"


def cell_of(row: dict[str, object], keys: Iterable[str]) -> str:
    """The cell a row stands for: its month and members."""
    return " ".join(f"{row[key]:%Y-%m}" if key == "month" else str(row[key]) for key in keys)


def sums(figures: pl.DataFrame, months: list[date], keys: list[str], values: list[str]) -> pl.DataFrame:
    """Sums of the value columns by key in the months named; null where no row of a key has a value."""
    added = (pl.when(pl.col(value).count() > 0).then(pl.col(value).sum()) for value in values)
    return figures.filter(pl.col("month").is_in(months)).group_by(keys).agg(*added)


def differs(value: str) -> pl.Expr:
    """Whether `value` and `value_new` differ by more than rounding; no row counts as 0."""
    old, new = pl.col(value).fill_null(0), pl.col(f"{value}_new").fill_null(0)
    return (old - new).abs() > TOLERANCE * pl.max_horizontal(old.abs(), new.abs())


def held_cells(
    old: pl.DataFrame, new: pl.DataFrame, months: list[date], keys: list[str], values: list[str]
) -> pl.DataFrame:
    """The cells of the older release with the figures of the newer beside them as `<value>_new`, and `_is_gone`."""
    before, after = (sums(frame, months, keys, values) for frame in (old, new))
    renamed = after.rename({value: f"{value}_new" for value in values}).with_columns(pl.lit(False).alias("_is_gone"))
    return before.join(renamed, on=keys, how="left").with_columns(pl.col("_is_gone").fill_null(True)).sort(keys)


def totals(held: pl.DataFrame, values: list[str]) -> Iterator[Change]:
    """The total of each value column over the held cells that have a value, before and after."""
    for value in values:
        cells = held.filter(pl.col(value).is_not_null())
        before, after = cells[value].sum(), cells[f"{value}_new"].sum()
        if before:
            yield Change("", value, before, after)


def member_totals(held: pl.DataFrame, values: list[str], column: str, *, monthly: bool) -> Iterator[Change]:
    """The totals of each material member of a column over the held cells, in all months or month by month."""
    keys = ["month", column] if monthly else [column]
    for value in values:
        cells = held.filter(pl.col(value).is_not_null())
        grouped = cells.group_by(keys).agg(pl.col(value, f"{value}_new").sum())
        whole = pl.max_horizontal(pl.col(value).sum(), pl.col(f"{value}_new").sum())
        largest = pl.max_horizontal(value, f"{value}_new")
        material = largest >= MATERIAL * (whole.over("month") if monthly else whole)
        for row in grouped.filter((pl.col(value) > 0) & material).sort(keys).iter_rows(named=True):
            yield Change(f" of {cell_of(row, keys)}", value, row[value], row[f"{value}_new"])


def new_months(figures: pl.DataFrame, values: list[str]) -> Iterator[tuple[date, Change]]:
    """Each month's total of a column (after) beside the median of the 12 months before it (before)."""
    monthly = figures.group_by("month").agg(pl.col(value).sum() for value in values).sort("month")
    for value in values:
        before = pl.col(value).shift(1).rolling_median(MONTHS_BEFORE)
        for row in monthly.with_columns(before.alias("_before")).filter(pl.col("_before") > 0).iter_rows(named=True):
            yield row["month"], Change(f" of the new month {row['month']:%Y-%m}", value, row["_before"], row[value])


def attendance(figures: pl.DataFrame, column: str, values: list[str]) -> Iterator[Attendance]:
    """For each month the members of a column that reported in each of the 12 months before, and those now absent."""
    reporting = figures.filter(pl.any_horizontal(pl.col(value) > 0 for value in values))
    seen = reporting.group_by("month").agg(pl.col(column).unique()).sort("month")
    months, members = seen["month"].to_list(), [set(each) for each in seen[column].to_list()]
    for place in range(MONTHS_BEFORE, len(months)):
        if steady := set.intersection(*members[place - MONTHS_BEFORE : place]):
            yield Attendance(months[place], len(steady), tuple(sorted(steady - members[place])))


def surges(figures: pl.DataFrame, column: str, value: str) -> Iterator[tuple[date, Change]]:
    """Each material member's month (after) beside its largest of the 12 months before (before)."""
    months = figures.select("month").unique()
    grid = months.join(figures.select(column).unique(), how="cross")
    by_member = figures.group_by("month", column).agg(pl.col(value).sum())
    full = grid.join(by_member, on=["month", column], how="left").with_columns(pl.col(value).fill_null(0))
    largest = pl.col(value).shift(1).rolling_max(MONTHS_BEFORE).over(column, order_by="month")
    judged = full.with_columns(largest.alias("_before"), pl.col(value).sum().over("month").alias("_whole"))
    material = (pl.col("_before") > 0) & (pl.col(value) >= MATERIAL * pl.col("_whole"))
    for row in judged.filter(material).sort("month", column).iter_rows(named=True):
        yield (
            row["month"],
            Change(f" of {row[column]} in the new month {row['month']:%Y-%m}", value, row["_before"], row[value]),
        )
