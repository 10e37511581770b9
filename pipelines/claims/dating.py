"""Which of the periods that a sentence names is that of a quantity, and which one it is compared with."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import polars as pl

from pipelines.claims.periods import Period, month_of
from pipelines.claims.quantities import Quantity
from pipelines.claims.resolving import COUNTS
from pipelines.claims.wording import alternatives

_CUE_WITHIN = 120
_BEGUN = re.compile(r"(?:since|desde) [a-z .]*(?:took|began|started|office|lleg|empez|inici)[^;:]*$")
_BEGUN_WITHIN = 60
_COMPARING = re.compile(
    r"\b(?:(?:up|down|more|less|fewer|higher|lower|increase|decrease|rise|drop) (?:from|than|over)|compared (?:to|with)"
    r"|(?:mas|menos|mayor|menor) que (?:en|el)|comparado con|respecto (?:a|al|del?)|contra) (?:the |el |la )?$"
)
_TOLD_WITHIN = 16
_AFTER_WITHIN, _BEFORE_WITHIN = 40, 90  # characters from a quantity to "the year before", behind and ahead of it
_MOVABLE = ("month", "months", "span", "year", "fiscal", "to_date")
_SAME = re.compile(r"(?:the |el |la )?(?:same|mism[oa]|igual)\b")
_ACT = re.compile(r"\b(?:since|desde(?: que)?) (?!\w+$)[^.;:,]{2,110}$")
_DAY = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_IN_YEARS = re.compile(
    r"\b(?:in|over|en) (?:(?:more than|over|nearly|almost|about|at least|mas de|casi|cerca de|al menos|los ultimos"
    rf"|the last|the past) )?(?:(?P<n>\d{{1,2}}|a|{'|'.join(COUNTS)}) (?P<unit>years?|decades?|anos?|decadas?)"
    r"|decades|decadas)\b"
)
_IN_YEARS_WITHIN = 60  # characters from a record to the years it is one of
_OUT_OF_CLAUSE = 30  # characters that a clause's end counts for


class Dating:
    """Gives quantities their periods in one language.

    Args:
        terms: The seed table of terms.
        language: Language code.
    """

    def __init__(self, terms: pl.DataFrame, language: str) -> None:
        own = terms.filter((pl.col("language") == language) & (pl.col("role") == "baseline"))
        self._compared = re.compile(
            rf"{alternatives(own['term'])}[^.;:]{{0,28}}$"
            r"|\b(?:since|desde que) [^.;:]{0,110}$"  # "since the order of June 4th, …"
        )

    def of(
        self,
        text: str,
        quantity: Quantity,
        others: list[Quantity],
        periods: list[Period],
        place: int,
        day: date,
    ) -> tuple[Period | None, Period | None]:
        """The period stated for a quantity and the one it is compared with."""
        before = others[place - 1].end if place else 0
        after = others[place + 1].number if place + 1 < len(others) else len(text)
        own = [each for each in periods if before <= each.at < after]
        bases = [each for each in periods if self._is_base(text, each, periods)]
        spans = [each for each in periods if each not in bases]
        if quantity.dimension not in ("percent", "ratio"):
            is_level = quantity.dimension not in ("rank", "streak")
            plain = _plain(own)
            # "So far this year 400,000, up from last year" is not of last year.
            near = [each for each in plain if not _COMPARING.search(text[: each.at])] or plain
            told = _nearest(quantity, near) or _nearest(quantity, spans) or _nearest(quantity, _plain(periods))
            if same := next((each for each in own if each.kind == "same" and _is_of(quantity, each)), None):
                return _moved(same, told, periods) or (same if is_level else None), None
            if told is None and is_level:
                return next((each for each in own if _SAME.match(text, each.at)), None), None
            since = told and _since(text, told, day)
            return since, _ranked_among(text, quantity, day) if quantity.dimension == "rank" else None
        bases = [each for each in bases if each in own]
        baseline = _nearest(quantity, bases)
        follows = next(
            (
                each
                for each in own
                if baseline and each is not baseline and 0 <= each.at - baseline.until < _TOLD_WITHIN
            ),
            None,
        )
        if baseline is not None and baseline.kind == "same" and follows is not None:
            year = _fiscal_or_year(follows)
            baseline = Period(year, year, "same", baseline.at, follows.until)
        told = [each for each in spans if each in own]
        inside = [each for each in told if quantity.clause[0] <= each.at < quantity.clause[1]]
        if baseline is None and (between := [each for each in inside or told or spans if each.kind == "span"]):
            return _nearest(quantity, between), None
        if baseline is not None and _is_of_an_act(text, baseline):
            baseline = replace(baseline, is_early=True)
        return _nearest(quantity, inside) or _nearest(quantity, told) or _nearest(quantity, spans), baseline

    def _is_base(self, text: str, period: Period, periods: list[Period]) -> bool:
        """Whether the words before a period make it what something is compared with."""
        before = max((each for each in periods if each.until <= period.at), key=lambda each: each.until, default=None)
        if period.kind == "same" or before is not None and _is_told_by(before, period):
            return True
        if period.kind == "rolling":
            return False
        if period.kind != "span" and text.startswith(("since", "desde", "from "), period.at):
            return True
        cue = text[max(before.until if before else 0, period.at - _CUE_WITHIN) : period.at]
        return self._compared.search(cue) is not None


def _fiscal_or_year(period: Period) -> int:
    """The year a period is of: its fiscal year where it is one, else that of its end."""
    return (period.end + 3) // 12 if period.kind in ("fiscal", "to_date") else period.end // 12


def _is_told_by(same: Period, period: Period) -> bool:
    """Whether a period says which "the same months" were: "over the same point in fiscal year 2020"."""
    return same.kind == "same" and period.at - same.until < _TOLD_WITHIN


def _is_of(quantity: Quantity, same: Period) -> bool:
    """Whether "the year before" or "the same months" stand beside a quantity, in its clause."""
    left, right = quantity.clause
    return left <= same.at < right and -_BEFORE_WITHIN < same.at - quantity.end < _AFTER_WITHIN


def _moved(same: Period, told: Period | None, periods: list[Period]) -> Period | None:
    """The months of a period that stands before, in the year that is said; None where none stands there."""
    of = next((each for each in reversed(periods) if each.kind != "same" and each.until <= same.at), None)
    if of is None or of.kind not in _MOVABLE:
        return None
    years = of.end // 12 - same.start if same.start else int(same.years)
    if told is not None and told.kind == "fiscal" and told.at >= same.until:
        years = _fiscal_or_year(of) - _fiscal_or_year(told)
    return of.shifted(-12 * years) if years > 0 else None


def _is_of_an_act(text: str, base: Period) -> bool:
    """Whether a month without a day is that of what was done in it: "since the actions in June", not "since June"."""
    return base.kind == "month" and bool(_ACT.search(text[: base.at])) and not _DAY.search(text[base.at : base.until])


def _ranked_among(text: str, quantity: Quantity, day: date) -> Period | None:
    """The last years that a record is told for, as "in two years"; None where nothing is said."""
    told = _IN_YEARS.search(text, quantity.start, quantity.end + _IN_YEARS_WITHIN)
    if told is None:
        return None
    count = "two" if told["n"] is None else told["n"]  # "in decades" is of two at least
    each = 10 if told["n"] is None or told["unit"].startswith("d") else 1
    years = each * (int(count) if count.isdigit() else COUNTS.get(count, 1))
    now = month_of(day.year, day.month)
    return Period(now - 12 * years, now - 1, "rolling", told.start(), told.end(), years)


def _since(text: str, period: Period, day: date) -> Period:
    """A month or year that something began in as the span from then on: "since he took office in December 2018"."""
    if period.kind not in ("month", "year") or not _BEGUN.search(text[max(0, period.at - _BEGUN_WITHIN) : period.at]):
        return period
    return replace(period, kind="since", end=max(month_of(day.year, day.month) - 1, period.start))


def _plain(periods: list[Period]) -> list[Period]:
    return [each for each in periods if each.kind != "same"]


def _nearest(quantity: Quantity, periods: list[Period]) -> Period | None:
    """The period nearest to a quantity, one behind it before one ahead of it."""
    return min(periods, key=lambda each: _distance(quantity, each)) if periods else None


def _distance(quantity: Quantity, period: Period) -> int:
    away = period.at - quantity.end if period.at >= quantity.end else 15 + max(quantity.start - period.until, 0)
    left, right = quantity.clause
    return away if left <= period.at < right else away + _OUT_OF_CLAUSE
