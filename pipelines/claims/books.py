"""Official series as known on a day, and the arithmetic that claims are checked with, each beside its SQL."""

from __future__ import annotations

from datetime import date
from typing import Literal

import duckdb

from pipelines.claims.periods import first_day, month_of
from pipelines.claims.windows import Window

Shape = Literal["flow", "twelve_months", "share", "share_of_year"]
YEARLY = ("twelve_months", "share_of_year")
SHARES = ("share", "share_of_year")
Series = dict[int, tuple[float, float]]


class Books:
    """Reads monthly series from a published database, each once a day of knowledge.

    Args:
        connection: Open on a published database; its variable `as_of` is set and left reset.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._read: dict[tuple[str, date | None], Series] = {}
        rows = connection.execute("select dataset, vintage from vintages.releases order by vintage").fetchall()
        self._releases: list[tuple[str, date]] = rows
        self._vintages = sorted({day for _, day in rows})

    def series(self, sql: str, known_on: date | None) -> Series:
        """The figures of a monthly series by month, as known on a day, or the newest.

        Args:
            sql: A select of `month` and `value`, for a share also `whole`, over the views of schema `as_of`.
            known_on: The day; None for the newest figures.
        """
        release = known_on and max((day for day in self._vintages if day <= known_on), default=date(1, 1, 1))
        key = (sql, release)
        if key not in self._read:
            self._read[key] = self._figures(sql, release)
        return self._read[key]

    def first_figure(self, sql: str, dataset: str, after: date) -> float | None:
        """The figure of a select in the first release of a dataset after a day that has it; None where none does."""
        for name, day in self._releases:
            if name != dataset or day <= after:
                continue
            if (figure := self._figure(sql, day)) is not None:
                return figure
        return None

    def _figure(self, sql: str, day: date) -> float | None:
        self._connection.execute(f"set variable as_of = date '{day:%Y-%m-%d}'")
        try:
            row = self._connection.execute(sql).fetchone()
        finally:
            self._connection.execute("reset variable as_of")
        return None if row is None or row[0] is None else float(row[0])

    def _figures(self, sql: str, day: date | None) -> Series:
        if day is not None:
            self._connection.execute(f"set variable as_of = date '{day:%Y-%m-%d}'")
        try:
            rows = self._connection.execute(sql).fetchall()
        finally:
            self._connection.execute("reset variable as_of")
        return {
            month_of(month.year, month.month): (float(value), float(whole[0]) if whole else 1.0)
            for month, value, *whole in rows
            if value is not None and (not whole or whole[0])
        }


# A level: the figure of a window -----------------------------------------------------------------------------------


def level(series: Series, shape: Shape, window: Window) -> float | None:
    """The figure of a window: a sum of months, of years' ends, or a share in per cent; None where a month lacks."""
    months = _ends(window) if shape in YEARLY else range(window.start, window.end + 1)
    figures = [series[month] for month in months if month in series]
    if len(figures) < len(months) or not figures:
        return None
    total = sum(value for value, _ in figures)
    return 100 * total / sum(whole for _, whole in figures) if shape in SHARES else total


def level_sql(sql: str, shape: Shape, window: Window) -> str:
    """The select that gives the figure of a window on the published database."""
    what = "100 * sum(value) / sum(whole)" if shape in SHARES else "sum(value)"
    if shape in YEARLY:
        ends = _ends(window)
        days = ", ".join(f"date '{first_day(month)}'" for month in ends)
        which = f"month in ({days})"
        count = len(ends)
    else:
        which = f"month between date '{first_day(window.start)}' and date '{first_day(window.end)}'"
        count = window.months
    return f"select {what} as value from ({sql}) where {which} having count(*) = {count}"


def _ends(window: Window) -> list[int]:
    """Last months of the years a window consists of."""
    return list(range(window.end, window.start - 1, -12))


# Comparisons -------------------------------------------------------------------------------------------------------


def change_sql(after: str, before: str, *, is_ratio: bool) -> str:
    """The select of a change in per cent, or of a ratio, between two figures."""
    what = "after.value / before.value" if is_ratio else "100 * (after.value / before.value - 1)"
    return f"select {what} as value from ({after}) as after, ({before}) as before"


def rank(series: Series, shape: Shape, window: Window, *, is_high: bool, since: int | None) -> float | None:
    """The place of a window among all before it of its length, 1 the highest, or the lowest."""
    own = level(series, shape, window)
    if own is None:
        return None
    first = min(series) if since is None else since
    if first < min(series):  # a record since a time that the series does not reach cannot be told from it
        return None
    step = window.months
    others = [
        figure
        for end in range(window.end - step, first + step - 2, -step)
        if (figure := level(series, shape, Window(end - step + 1, end, "", "named"))) is not None
    ]
    if not others:
        return None
    return 1.0 + sum(figure > own if is_high else figure < own for figure in others)


def rank_sql(sql: str, shape: Shape, window: Window, *, is_high: bool, since: int | None) -> str:
    """The select of the place of a window among those of its length before it."""
    step, end = window.months, first_day(window.end)
    year = f"(datediff('month', month, date '{end}') // {step})"
    if shape in YEARLY:
        kept = f" and datediff('month', month, date '{end}') % 12 = 0"
    else:
        kept = ""
    after = f" and month >= date '{first_day(since)}'" if since is not None else ""
    reached = f" and (select min(month) from ({sql})) <= date '{first_day(since)}'" if since is not None else ""
    count = step // 12 if shape in YEARLY else step
    sign = ">" if is_high else "<"
    spans = (
        f"select {year} as back, sum(value) as value from ({sql}) where month <= date '{end}'{after}{kept}"
        f" group by all having count(*) = {count}"
    )
    own = "(select value from spans where back = 0)"
    return (
        f"with spans as ({spans}) select 1 + count(*) filter (value {sign} {own}) as value from spans"
        f" having count(*) > 1 and {own} is not null{reached}"
    )


def streak(series: Series, end: int, *, is_rise: bool) -> float | None:
    """For how many months up to one the figure grew, or fell, each month."""
    if end not in series:
        return None
    months = 0
    while end - months - 1 in series:
        now, before = series[end - months][0], series[end - months - 1][0]
        if now == before or (now > before) != is_rise:
            break
        months += 1
    return float(months)


def streak_sql(sql: str, end: int, *, is_rise: bool) -> str:
    """The select of that number of months."""
    wrong = "<=" if is_rise else ">="
    steps = f"select month, value {wrong} lag(value) over (order by month) as ends from ({sql})"
    return (
        f"select datediff('month', max(month), date '{first_day(end)}') as value from ({steps})"
        f" where coalesce(ends, true) and month <= date '{first_day(end)}'"
        f" and exists (from ({sql}) where month = date '{first_day(end)}')"
    )
