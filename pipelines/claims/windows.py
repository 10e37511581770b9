"""Which months a claim may be about: every legitimate reading of its period, and of what it is compared with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from pipelines.claims.periods import Period, calendar_year, first_day, fiscal_year, fiscal_year_of, month_of

Standing = Literal["default", "fair", "named"]
ORDER: tuple[Standing, ...] = ("default", "fair", "named")
_YEAR = 12
_OCTOBER = 9
_JUST_ENDED = 2  # months within which a year that has ended is told by the figures of its first months


@dataclass(frozen=True)
class Window:
    """A span of months that a claim may be about.

    Attributes:
        start: First month, as a number.
        end: Last month.
        label: What it is, for a person.
        standing: default and fair readings support a claim, named ones only under their name.
    """

    start: int
    end: int
    label: str
    standing: Standing

    @property
    def months(self) -> int:
        """How many months it spans."""
        return self.end - self.start + 1

    @property
    def days(self) -> int:
        """How many days it spans."""
        return (first_day(self.end + 1) - first_day(self.start)).days


@dataclass(frozen=True)
class Pair:
    """A window and the one it is compared with."""

    window: Window
    base: Window

    @property
    def standing(self) -> Standing:
        """The weaker standing of the two."""
        return max(self.window.standing, self.base.standing, key=ORDER.index)


def last_public(day: date, public_after_days: int) -> int:
    """The last month whose figures were public on a day, by the publisher's usual delay."""
    reached = day - timedelta(days=public_after_days)
    return month_of(reached.year, reached.month)


def named(start: int, end: int) -> str:
    """The label of a span of months."""
    if start == end:
        return f"{first_day(start):%Y-%m}"
    if end - start == _YEAR - 1 and start % _YEAR == 0:
        return f"calendar {start // _YEAR}"
    if end - start == _YEAR - 1 and start % _YEAR == _OCTOBER:
        return f"fiscal year {fiscal_year_of(end)}"
    return f"{first_day(start):%Y-%m} to {first_day(end):%Y-%m}"


def window(start: int, end: int, standing: Standing = "default") -> Window:
    """A window with its label."""
    return Window(start, end, named(start, end), standing)


class Windows:
    """The windows of one claim.

    Args:
        day: Day of the document.
        public: Last month public on that day.
        yearly: Whether a figure is only told for twelve months, as deaths are.
        unstated: Whether a level without a period is about the latest year, as with deaths and trade.
    """

    def __init__(self, day: date, public: int, *, yearly: bool, unstated: bool) -> None:
        self._day, self._public, self._yearly, self.unstated = day, public, yearly, unstated

    def of_level(self, stated: Period | None) -> list[Window]:
        """The windows of a quantity, the likeliest first."""
        found = self._unstated_level() if stated is None else self._stated(stated)
        return _distinct(self._annual(found) if self._yearly else found)

    def of_change(self, stated: Period | None, base: Period | None) -> list[Pair]:
        """The windows of a change and of what it is from, the likeliest first."""
        pairs = [
            Pair(*((self._ending(pair.window), self._ending(pair.base)) if self._yearly else (pair.window, pair.base)))
            for pair in self._pairs(stated, base)
            if not self._yearly or pair.window.months % _YEAR == 0 and pair.base.months % _YEAR == 0
        ]
        seen: dict[tuple[int, int, int, int], Pair] = {}
        for pair in sorted(pairs, key=lambda each: ORDER.index(each.standing)):
            if pair.base.end < pair.window.end:
                seen.setdefault((pair.window.start, pair.window.end, pair.base.start, pair.base.end), pair)
        return list(seen.values())

    # Levels ----------------------------------------------------------------------------------------------------------

    def _unstated_level(self) -> list[Window]:
        if not self.unstated:
            return []
        year = calendar_year((self._public + 1) // _YEAR - 1)
        ended = calendar_year(self._day.year - 1)
        fiscal = fiscal_year(fiscal_year_of(self._public + 1) - 1)
        return [
            window(self._public - _YEAR + 1, self._public),
            window(self._public - _YEAR, self._public - 1, "fair"),
            window(year.start, year.end, "fair"),
            window(ended.start, ended.end, "named"),
            window(fiscal.start, fiscal.end, "named"),
        ]

    def _stated(self, told: Period) -> list[Window]:
        start, end = told.start, told.end
        if told.kind == "fiscal":
            return [*self._closed(start, end), window(start + 3, end + 3, "named")]
        if told.kind == "year":
            return [*self._closed(start, end), window(start - 3, end - 3, "named"), *self._latest_year(end)]
        if told.kind == "to_date":
            to_date = window(start, max(min(self._public, end), start))
            return [to_date, replace(window(start, end), standing="named"), *self._other_to_date(start)]
        if told.kind == "month":
            said = [window(start, end)]
            return [*said, window(self._public, self._public, "fair")] if start > self._public else said
        if told.kind == "since":
            return self._since(start)
        if told.kind == "term":
            return [window(start + 1, self._public), window(start, self._public, "fair")]
        if told.kind == "rolling":
            return self._rolling(told)
        if told.kind == "span" and told.months == _YEAR + 1:  # "from April 2020 through April 2021"
            return [window(start + 1, end), window(start, end - 1, "fair")]
        return [window(start, end)]

    def _closed(self, start: int, end: int) -> list[Window]:
        """A year that has ended, and its first months where not all of it was public."""
        whole = window(start, end)
        if start <= self._public < end:
            return [whole, window(start, self._public, "named")]
        now = month_of(self._day.year, self._day.month)
        return [whole, window(start, end - 1, "named")] if now - end <= _JUST_ENDED else [whole]

    def _latest_year(self, end: int) -> list[Window]:
        now = month_of(self._day.year, self._day.month)
        latest = window(self._public - _YEAR + 1, self._public, "named")
        return [latest] if self._yearly and now - end <= _YEAR else []

    def _other_to_date(self, start: int) -> list[Window]:
        """The fiscal year so far, where the calendar year is said of what is also told by fiscal years."""
        if self.unstated:
            return []
        fiscal = fiscal_year(fiscal_year_of(self._public)).start
        return [window(fiscal, self._public, "named")] if fiscal != start and fiscal <= self._public else []

    def _since(self, start: int) -> list[Window]:
        found = [window(start, max(self._public, start))]
        if self._day.month <= 3 and self._public - start < _YEAR:  # "August of last year", said in January
            found.append(window(start - _YEAR, self._public, "named"))
        return found

    def _rolling(self, told: Period) -> list[Window]:
        months = round(told.years * _YEAR)
        found = [window(self._public - months + 1, self._public)]
        if months % _YEAR == 0:
            years = months // _YEAR
            fiscal = fiscal_year(fiscal_year_of(self._public + 1) - 1)
            year = calendar_year((self._public + 1) // _YEAR - 1)
            found += [
                window(fiscal_year(fiscal_year_of(fiscal.end) - years + 1).start, fiscal.end, "named"),
                window(year.start - _YEAR * (years - 1), year.end, "named"),
            ]
        return found

    def _annual(self, found: list[Window]) -> list[Window]:
        return [self._ending(each) for each in found if each.months % _YEAR == 0]

    def _ending(self, told: Window) -> Window:
        label = (
            told.label if told.label.startswith("calendar") else f"{told.months} months to {first_day(told.end):%Y-%m}"
        )
        return replace(told, label=label)

    # Changes ---------------------------------------------------------------------------------------------------------

    def _pairs(self, stated: Period | None, base: Period | None) -> list[Pair]:
        if base is None and stated is not None and stated.kind == "since":
            stated, base = None, stated
        if base is None:
            return self._without_base(stated)
        if base.kind == "same":
            return self._same(stated, base)
        if stated is None:
            return self._until_now(base)
        if stated.kind == "span" and base.kind == "since":
            return self._without_base(stated)
        return [pair for each in self._stated(stated) for pair in self._from(each, stated, base)]

    def _from(self, current: Window, stated: Period, base: Period) -> list[Pair]:
        """A window against a stated base, in the same months of it where the window is shorter."""
        start, end = base.start, base.end
        if base.kind in ("to_date", "term", "rolling") or base.kind == "since" and base.years == 0:
            end = start if base.kind == "since" else end
        if base.kind == "since" and base.years:
            end = start + _YEAR - 1
        length = end - start + 1
        if current.months < length == _YEAR and stated.kind in ("to_date", "fiscal", "year"):
            shift = current.start % _YEAR - start % _YEAR
            same = window(start + shift, start + shift + current.months - 1)
            return [Pair(current, same), Pair(current, window(start, end, "named"))]
        if stated.kind == base.kind == "year" or stated.kind == base.kind == "fiscal":
            aligned = current.start - stated.start
            return [Pair(current, window(start + aligned, start + aligned + current.months - 1))]
        if stated.kind == "fiscal" and base.kind == "year":  # beside fiscal years a bare year is one too
            own = fiscal_year(end // _YEAR)
            return [Pair(current, window(start, end)), Pair(current, window(own.start, own.end, "fair"))]
        before = [Pair(current, window(start - 1, end - 1, "fair"))] if base.is_early else []
        return [Pair(current, window(start, end)), *before]

    def _same(self, stated: Period | None, base: Period) -> list[Pair]:
        """The same months of another year."""
        if stated is None and not self._yearly:
            return []
        pairs = []
        for each in self.of_level(stated) if stated else self._unstated_level():
            of = fiscal_year_of(each.end) if stated and stated.kind in ("fiscal", "to_date") else each.end // _YEAR
            years = of - base.start if base.start else int(base.years)
            if years > 0:
                # What is said to be compared at the same point was not over then.
                so_far = stated is not None and each.start == stated.start
                now = replace(each, standing="fair") if so_far and each.standing == "named" else each
                pairs.append(Pair(now, window(each.start - _YEAR * years, each.end - _YEAR * years, now.standing)))
        return pairs

    def _until_now(self, base: Period) -> list[Pair]:
        """From a stated month or year to the latest of its kind."""
        if base.kind == "month" or base.kind == "since" and not base.years:
            told = window(base.start, base.start)
            before = [window(base.start - 1, base.start - 1, "fair")] if base.is_early else []
            now = month_of(self._day.year, self._day.month)
            latest = [window(self._public, self._public), window(now - 1, now - 1, "fair")]
            return [Pair(each, earlier) for each in latest for earlier in (told, *before)]
        if base.kind not in ("year", "fiscal", "since"):
            return []
        year = base.start // _YEAR if base.kind != "fiscal" else fiscal_year_of(base.end)
        fiscal, calendar = fiscal_year_of(self._public + 1) - 1, (self._public + 1) // _YEAR - 1
        of_fiscal = [Pair(_year(fiscal_year(to)), _year(fiscal_year(year))) for to in (fiscal, fiscal - 1) if to > year]
        of_calendar = [Pair(_year(calendar_year(calendar)), _year(calendar_year(year)))] if calendar > year else []
        if base.kind == "fiscal":
            running = fiscal_year(fiscal + 1).start
            partly = (
                [Pair(window(running, self._public, "named"), _year(fiscal_year(year)))]
                if running <= self._public
                else []
            )
            return [*of_fiscal[:1], *map(_named, of_fiscal[1:]), *partly]
        running = fiscal_year(fiscal + 1).start
        partly = (
            [Pair(window(running, self._public, "named"), _year(fiscal_year(year)))] if running < self._public else []
        )
        return [*of_calendar, *map(_named, of_fiscal), *partly]

    def _without_base(self, stated: Period | None) -> list[Pair]:
        if stated is None:
            if not self._yearly:
                return []
            latest = window(self._public - _YEAR + 1, self._public)
            return [Pair(latest, window(latest.start - _YEAR, latest.end - _YEAR))]
        if stated.kind == "span" and stated.years:
            first, last = (stated.start + 3) // _YEAR, stated.end // _YEAR
            calendar = Pair(_year(calendar_year(last)), _year(calendar_year(first)))
            fiscal = Pair(_year(fiscal_year(last)), _year(fiscal_year(first)))
            return [fiscal, _named(calendar)] if stated.start % _YEAR == _OCTOBER else [calendar, _named(fiscal)]
        if stated.kind == "span":
            ends = Pair(window(stated.end, stated.end), window(stated.start, stated.start))
            return [ends]
        if stated.kind == "rolling" and stated.years >= 1:
            years = round(stated.years)
            return [
                Pair(each, window(each.start - _YEAR * years, each.end - _YEAR * years, each.standing))
                for each in self._rolling(replace(stated, years=1))[:3]
            ]
        if stated.kind == "month":  # the month or the year before it: either, as nothing is said
            told = window(stated.start, stated.end, "named")
            return [Pair(told, window(told.start - back, told.end - back)) for back in (_YEAR, 1)]
        return [Pair(each, window(each.start - _YEAR, each.end - _YEAR, "fair")) for each in self._stated(stated)]


def _year(period: Period) -> Window:
    return window(period.start, period.end)


def _named(pair: Pair) -> Pair:
    return Pair(replace(pair.window, standing="named"), pair.base)


def _distinct(found: list[Window]) -> list[Window]:
    seen: dict[tuple[int, int], Window] = {}
    for each in sorted(found, key=lambda each: ORDER.index(each.standing)):
        if each.months > 0:
            seen.setdefault((each.start, each.end), each)
    return list(seen.values())
