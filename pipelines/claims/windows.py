"""Which months a claim may be about: every legitimate reading of its period."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from pipelines.claims.periods import Period, calendar_year, first_day, fiscal_year, fiscal_year_of, month_of

Standing = Literal["default", "fair", "named"]
ORDER: tuple[Standing, ...] = ("default", "fair", "named")
YEAR = 12
OCTOBER = 9
_EARLY = 3  # the last month of a year in which the year before the last is still told
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


def last_public(day: date, public_after_days: int) -> int:
    """The last month whose figures were public on a day, by the publisher's usual delay."""
    reached = day - timedelta(days=public_after_days)
    return month_of(reached.year, reached.month)


def named(start: int, end: int) -> str:
    """The label of a span of months."""
    if start == end:
        return f"{first_day(start):%Y-%m}"
    if end - start == YEAR - 1 and start % YEAR == 0:
        return f"calendar {start // YEAR}"
    if end - start == YEAR - 1 and start % YEAR == OCTOBER:
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
        self.day, self.public, self.yearly, self.unstated = day, public, yearly, unstated

    def of_level(self, stated: Period | None) -> list[Window]:
        """The windows of a quantity, the likeliest first."""
        found = self.latest() if stated is None else self.of_period(stated)
        return _distinct(self._annual(found) if self.yearly else found)

    def latest(self) -> list[Window]:
        """Those of a quantity without a period: the latest year, where it is told by the year."""
        if not self.unstated:
            return []
        year = calendar_year((self.public + 1) // YEAR - 1)
        ended = calendar_year(self.day.year - 1)
        fiscal = fiscal_year(fiscal_year_of(self.public + 1) - 1)
        # In the first months of a year the one before the last is still the year that is told.
        earlier = calendar_year(self.day.year - 2)
        told = [window(earlier.start, earlier.end, "named")] if self.day.month <= _EARLY else []
        return [
            window(self.public - YEAR + 1, self.public),
            window(self.public - YEAR, self.public - 1, "fair"),
            window(year.start, year.end, "fair"),
            window(ended.start, ended.end, "named"),
            window(fiscal.start, fiscal.end, "named"),
            *told,
        ]

    def of_period(self, told: Period) -> list[Window]:
        """Those of a stated period as it stands, without regard to what is told by the year."""
        start, end = told.start, told.end
        if told.kind == "fiscal":
            return [*self._closed(start, end), window(start + 3, end + 3, "named")]
        if told.kind == "year":
            return [*self._closed(start, end), window(start - 3, end - 3, "named"), *self._latest_year(end)]
        if told.kind == "to_date":
            to_date = window(start, max(min(self.public, end), start))
            return [to_date, replace(window(start, end), standing="named"), *self._other_to_date(start)]
        if told.kind == "month":
            said = [window(start, end)]
            return [*said, window(self.public, self.public, "fair")] if start > self.public else said
        if told.kind == "since":
            return self._since(start)
        if told.kind == "term":
            return [window(start + 1, self.public), window(start, self.public, "fair")]
        if told.kind == "rolling":
            return self.of_last(told)
        if told.kind == "span" and told.months == YEAR + 1:  # "from April 2020 through April 2021"
            return [window(start + 1, end), window(start, end - 1, "fair")]
        return [window(start, end)]

    def _closed(self, start: int, end: int) -> list[Window]:
        """A year that has ended, and its first months where not all of it was public."""
        whole = window(start, end)
        if start <= self.public < end:
            return [whole, window(start, self.public, "named")]
        now = month_of(self.day.year, self.day.month)
        return [whole, window(start, end - 1, "named")] if now - end <= _JUST_ENDED else [whole]

    def _latest_year(self, end: int) -> list[Window]:
        now = month_of(self.day.year, self.day.month)
        latest = window(self.public - YEAR + 1, self.public, "named")
        return [latest] if self.yearly and now - end <= YEAR else []

    def _other_to_date(self, start: int) -> list[Window]:
        """The fiscal year so far, where the calendar year is said of what is also told by fiscal years."""
        if self.unstated:
            return []
        fiscal = fiscal_year(fiscal_year_of(self.public)).start
        return [window(fiscal, self.public, "named")] if fiscal != start and fiscal <= self.public else []

    def _since(self, start: int) -> list[Window]:
        found = [window(start, max(self.public, start))]
        if self.day.month <= 3 and self.public - start < YEAR:  # "August of last year", said in January
            found.append(window(start - YEAR, self.public, "named"))
        return found

    def of_last(self, told: Period) -> list[Window]:
        """Those of the last months or years."""
        months = round(told.years * YEAR)
        found = [window(self.public - months + 1, self.public)]
        if months % YEAR == 0:
            years = months // YEAR
            fiscal = fiscal_year(fiscal_year_of(self.public + 1) - 1)
            year = calendar_year((self.public + 1) // YEAR - 1)
            found += [
                window(fiscal_year(fiscal_year_of(fiscal.end) - years + 1).start, fiscal.end, "named"),
                window(year.start - YEAR * (years - 1), year.end, "named"),
            ]
        return found

    def _annual(self, found: list[Window]) -> list[Window]:
        return [self.ending(each) for each in found if each.months % YEAR == 0]

    def ending(self, told: Window) -> Window:
        """The window labelled by the month in which its twelve months end."""
        label = (
            told.label if told.label.startswith("calendar") else f"{told.months} months to {first_day(told.end):%Y-%m}"
        )
        return replace(told, label=label)


def _distinct(found: list[Window]) -> list[Window]:
    seen: dict[tuple[int, int], Window] = {}
    for each in sorted(found, key=lambda each: ORDER.index(each.standing)):
        if each.months > 0:
            seen.setdefault((each.start, each.end), each)
    return list(seen.values())
