"""Spans of months: what a period is, and the years of both calendars."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

Kind = Literal["month", "months", "span", "year", "fiscal", "to_date", "rolling", "since", "same", "term"]


def month_of(year: int, month: int) -> int:
    """A month as a number that grows by one a month."""
    return year * 12 + month - 1


def first_day(month: int) -> date:
    """First day of a month given as a number."""
    return date(month // 12, month % 12 + 1, 1)


@dataclass(frozen=True)
class Period:
    """A span of months that a sentence names.

    Attributes:
        start: Its first month, as a number.
        end: Its last month.
        kind: How it is said; of `same` only the distance to another period is known.
        at: Place of its first character.
        until: Place after its last.
        is_early: Whether its month is broken, by a day told in its first half or by an act told of it.
        years: Of `same`, how many years before; of `rolling`, how many years long, else 0.
    """

    start: int
    end: int
    kind: Kind
    at: int = 0
    until: int = 0
    years: float = 0
    is_early: bool = False

    @property
    def months(self) -> int:
        """How many months it spans."""
        return self.end - self.start + 1

    def shifted(self, months: int) -> Period:
        """The same span so many months later."""
        return replace(self, start=self.start + months, end=self.end + months)


def fiscal_year(year: int) -> Period:
    """The US federal fiscal year, October to September."""
    return Period(month_of(year - 1, 10), month_of(year, 9), "fiscal")


def calendar_year(year: int) -> Period:
    """A calendar year."""
    return Period(month_of(year, 1), month_of(year, 12), "year")


def fiscal_year_of(month: int) -> int:
    """The fiscal year that a month is of."""
    return (month + 3) // 12
