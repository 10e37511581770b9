"""What two releases say of the same months, and a month of those before it: plain frames, no judgement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import duckdb
import polars as pl

# Figures of frozen months agree to the last printed digit, sums of them to the rounding of a double.
TOLERANCE = 1e-9
MONTHS_BEFORE = 12
# Below this share of a month a member's new month is too small for a factor: one event moves it.
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


def settled(condition: str, months: list[date], vintage: date) -> list[date]:
    """Those of the months for which a condition on month and vintage holds on the day `vintage`."""
    if not months:
        return []
    listed = ", ".join(f"date '{month}'" for month in months)
    query = f"select month from (select unnest([{listed}]) as month), (select date '{vintage}' as vintage)"
    with duckdb.connect() as connection:
        return [row[0] for row in connection.execute(f"{query} where {condition}").fetchall()]


def shown(figure: float | None) -> str:
    """A figure as a person reads it."""
    if figure is None:
        return "none"
    return f"{figure:,.0f}" if abs(figure) >= 1e9 else f"{figure:,.10g}"


def cell_of(row: dict[str, object], keys: Iterable[str]) -> str:
    """The cell a row stands for: its month and members."""
    return " ".join(f"{row[key]:%Y-%m}" if key == "month" else str(row[key]) for key in keys)


def sums(
    figures: pl.DataFrame, months: list[date], keys: list[str], values: list[str], reasons: Iterable[str] = ()
) -> pl.DataFrame:
    """Sums of the value columns by key in the months named, null where no row of a key has a value.

    `_has_reason` says whether a row of the key gives a reason for a value it lacks.
    """
    added = (pl.when(pl.col(value).count() > 0).then(pl.col(value).sum()) for value in values)
    reason = pl.any_horizontal(pl.lit(False), *(pl.col(name).is_not_null() for name in reasons)).any()
    of_months = figures.filter(pl.col("month").is_in(months))
    return of_months.group_by(keys).agg(*added, reason.alias("_has_reason"))


def differs(value: str) -> pl.Expr:
    """Whether `value` and `value_new` differ by more than rounding; no row counts as 0."""
    old, new = pl.col(value).fill_null(0), pl.col(f"{value}_new").fill_null(0)
    return (old - new).abs() > TOLERANCE * pl.max_horizontal(old.abs(), new.abs())


def cells_of(
    old: pl.DataFrame,
    new: pl.DataFrame,
    months: list[date],
    keys: list[str],
    values: list[str],
    reasons: Iterable[str] = (),
) -> pl.DataFrame:
    """The cells of either release in the months named, the figures of the newer as `<value>_new`.

    `_is_gone` marks cells of the older alone, `_is_added` those of the newer alone, and `_withheld_<value>` those that
    had a number and now have none, for a reason that is given.
    """
    before = sums(old, months, keys, values).drop("_has_reason").with_columns(pl.lit(True).alias("_was"))
    after = sums(new, months, keys, values, reasons).rename({value: f"{value}_new" for value in values})
    both = before.join(after, on=keys, how="full", coalesce=True)
    withheld = (
        (pl.col(value).is_not_null() & pl.col(f"{value}_new").is_null() & pl.col("_has_reason").fill_null(False)).alias(
            f"_withheld_{value}"
        )
        for value in values
    )
    gone, added = pl.col("_has_reason").is_null().alias("_is_gone"), pl.col("_was").is_null().alias("_is_added")
    return both.with_columns(gone, added, *withheld).drop("_has_reason", "_was").sort(keys)


def relabelled(old: pl.DataFrame, new: pl.DataFrame, months: list[date], texts: list[str]) -> pl.DataFrame:
    """The rows of the newer release in the months named whose texts the older one does not have together."""
    before, after = (each.filter(pl.col("month").is_in(months)).select(texts) for each in (old, new))
    return after.join(before, on=texts, how="anti", nulls_equal=True).sort(texts)


def changes(
    cells: pl.DataFrame, values: list[str], keys: Iterable[str] = (), material: float = 0, *, held: bool = False
) -> Iterator[Change]:
    """The totals of each value column by key, before and after, over cells not withheld, where there was any.

    Args:
        cells: The cells of two releases.
        values: Columns that add up.
        keys: Columns whose members are judged apart, the last of them among its like in the others.
        material: Share of the total of its like below which a member is left out.
        held: Whether only cells that had a number before count.
    """
    keys = list(keys)
    for value in values:
        counts = ~pl.col(f"_withheld_{value}") & (pl.col(value).is_not_null() if held else True)
        added = [pl.col(name).fill_null(0).sum() for name in (value, f"{value}_new")]
        grouped = cells.filter(counts).group_by(keys or pl.lit("all").alias("_all")).agg(added)
        found = grouped
        if keys:
            like = [pl.col(name).sum().over(keys[:-1] or pl.lit(0)) for name in (value, f"{value}_new")]
            found = found.filter(pl.max_horizontal(value, f"{value}_new") >= material * pl.max_horizontal(*like))
        for row in found.filter(pl.col(value) > 0).sort(keys or "_all").iter_rows(named=True):
            yield Change(f" of {cell_of(row, keys)}" if keys else "", value, row[value], row[f"{value}_new"])


def withheld(cells: pl.DataFrame, values: list[str], keys: list[str]) -> Iterator[Change]:
    """What is withheld of each value column (after) of what was there (before), by key."""
    for value in values:
        gone = pl.col(value).filter(pl.col(f"_withheld_{value}")).sum().alias("_withheld")
        found = cells.group_by(keys).agg(pl.col(value).sum(), gone).filter(pl.col("_withheld") > 0)
        for row in found.sort(keys).iter_rows(named=True):
            yield Change(f" of {cell_of(row, keys)}", value, row[value], row["_withheld"])


def lost(cells: pl.DataFrame, series: str, column: str) -> pl.DataFrame:
    """The members of a column that lost every row of a series, and `_together`: the share of its series each lost."""
    was = cells.filter(~pl.col("_is_added")).group_by(column, series).agg(pl.col("_is_gone").all())
    share = pl.col("_is_gone").mean().over(column).alias("_together")
    return was.with_columns(share).filter("_is_gone").sort("_together", column, series)


def new_months(
    figures: pl.DataFrame, values: list[str], series: str | None = None, material: float = 0, span: int = MONTHS_BEFORE
) -> Iterator[tuple[date, Change]]:
    """Each month's total of a column (after) beside the median of the months before it (before).

    Args:
        figures: The rows of a release.
        values: Columns that add up.
        series: The column whose members are judged apart, if any.
        material: Share of its month that a member or its median must make to be judged.
        span: How many months before.
    """
    by = [series] if series else []
    months = figures.select("month").unique()
    grid = months.join(figures.select(series).unique(), how="cross") if series else months
    for value in values:
        monthly = grid.join(
            figures.group_by("month", *by).agg(pl.col(value).sum()), on=["month", *by], how="left"
        ).with_columns(pl.col(value).fill_null(0))
        before = pl.col(value).shift(1).rolling_median(span)
        before = (before.over(series, order_by="month") if series else before).alias("_before")
        found = monthly.sort("month").with_columns(before)
        enough = pl.max_horizontal(value, "_before") >= material * pl.col(value).sum().over("month")
        for row in found.filter((pl.col("_before") > 0) & enough).sort("month", *by).iter_rows(named=True):
            of = f" of {row[series]} in the new month" if series else " of the new month"
            yield row["month"], Change(f"{of} {row['month']:%Y-%m}", value, row["_before"], row[value])


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
