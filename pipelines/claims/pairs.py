"""Which months a change may be from and to: every legitimate reading of its period with its baseline."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipelines.claims.periods import Period, calendar_year, fiscal_year, fiscal_year_of, month_of
from pipelines.claims.windows import OCTOBER, ORDER, YEAR, Standing, Window, Windows, window


@dataclass(frozen=True)
class Pair:
    """A window and the one it is compared with."""

    window: Window
    base: Window

    @property
    def standing(self) -> Standing:
        """The weaker standing of the two."""
        return max(self.window.standing, self.base.standing, key=ORDER.index)


class Pairs:
    """The pairs of one claim.

    Args:
        windows: Its windows.
    """

    def __init__(self, windows: Windows) -> None:
        self._windows = windows

    def of_change(self, stated: Period | None, base: Period | None) -> list[Pair]:
        """The windows of a change and of what it is from, the likeliest first."""
        pairs = self._pairs(stated, base)
        if self._windows.yearly:
            pairs = [
                Pair(self._windows.ending(pair.window), self._windows.ending(pair.base))
                for pair in pairs
                if pair.window.months % YEAR == 0 and pair.base.months % YEAR == 0
            ]
        seen: dict[tuple[int, int, int, int], Pair] = {}
        for pair in sorted(pairs, key=lambda each: ORDER.index(each.standing)):
            if pair.base.end < pair.window.end:
                seen.setdefault((pair.window.start, pair.window.end, pair.base.start, pair.base.end), pair)
        return list(seen.values())

    def _pairs(self, stated: Period | None, base: Period | None) -> list[Pair]:
        if base is None and stated is not None and stated.kind == "since":
            stated, base = None, stated
        if base is None:
            return self._without_base(stated)
        if base.kind == "same" and not base.start and stated is not None and stated.years > base.years:
            return self._without_base(stated)  # "over the same period" after "over the last four years" is that period
        if base.kind == "same":
            return self._same(stated, base)
        if stated is None:
            return self._until_now(base)
        if stated.kind == "span" and base.kind == "since":
            return self._without_base(stated)
        return [pair for each in self._windows.of_period(stated) for pair in self._from(each, stated, base)]

    def _from(self, current: Window, stated: Period, base: Period) -> list[Pair]:
        """A window against a stated base, in the same months of it where the window is shorter."""
        start, end = base.start, base.end
        if base.kind in ("to_date", "term", "rolling") or base.kind == "since" and base.years == 0:
            end = start if base.kind == "since" else end
        if base.kind == "since" and base.years:
            end = start + YEAR - 1
        length = end - start + 1
        if current.months < length == YEAR and stated.kind in ("to_date", "fiscal", "year"):
            shift = current.start % YEAR - start % YEAR
            same = window(start + shift, start + shift + current.months - 1)
            return [Pair(current, same), Pair(current, window(start, end, "named"))]
        if stated.kind == base.kind == "year" or stated.kind == base.kind == "fiscal":
            aligned = current.start - stated.start
            return [Pair(current, window(start + aligned, start + aligned + current.months - 1))]
        if stated.kind == "fiscal" and base.kind == "year":  # beside fiscal years a bare year is one too
            own = fiscal_year(end // YEAR)
            return [Pair(current, window(start, end)), Pair(current, window(own.start, own.end, "fair"))]
        before = [Pair(current, window(start - 1, end - 1, "fair"))] if base.is_early else []
        return [Pair(current, window(start, end)), *before]

    def _same(self, stated: Period | None, base: Period) -> list[Pair]:
        """The same months of another year."""
        if stated is None and not self._windows.yearly:
            return []
        pairs = []
        for each in self._windows.of_level(stated) if stated else self._windows.latest():
            of = fiscal_year_of(each.end) if stated and stated.kind in ("fiscal", "to_date") else each.end // YEAR
            years = of - base.start if base.start else int(base.years)
            if years > 0:
                # What is said to be compared at the same point was not over then.
                so_far = stated is not None and each.start == stated.start
                now = replace(each, standing="fair") if so_far and each.standing == "named" else each
                pairs.append(Pair(now, window(each.start - YEAR * years, each.end - YEAR * years, now.standing)))
        return pairs

    def _until_now(self, base: Period) -> list[Pair]:
        """From a stated month or year to the latest of its kind."""
        if base.kind == "month" or base.kind == "since" and not base.years:
            told = window(base.start, base.start)
            before = [window(base.start - 1, base.start - 1, "fair")] if base.is_early else []
            now = month_of(self._windows.day.year, self._windows.day.month)
            latest = [window(self._windows.public, self._windows.public), window(now - 1, now - 1, "fair")]
            return [Pair(each, earlier) for each in latest for earlier in (told, *before)]
        if base.kind not in ("year", "fiscal", "since"):
            return []
        year = base.start // YEAR if base.kind != "fiscal" else fiscal_year_of(base.end)
        fiscal, calendar = fiscal_year_of(self._windows.public + 1) - 1, (self._windows.public + 1) // YEAR - 1
        of_fiscal = [Pair(_year(fiscal_year(to)), _year(fiscal_year(year))) for to in (fiscal, fiscal - 1) if to > year]
        of_calendar = [Pair(_year(calendar_year(calendar)), _year(calendar_year(year)))] if calendar > year else []
        if base.kind == "fiscal":
            running = fiscal_year(fiscal + 1).start
            partly = (
                [Pair(window(running, self._windows.public, "named"), _year(fiscal_year(year)))]
                if running <= self._windows.public
                else []
            )
            return [*of_fiscal[:1], *map(_named, of_fiscal[1:]), *partly]
        running = fiscal_year(fiscal + 1).start
        partly = (
            [Pair(window(running, self._windows.public, "named"), _year(fiscal_year(year)))]
            if running < self._windows.public
            else []
        )
        return [*of_calendar, *map(_named, of_fiscal), *partly]

    def _without_base(self, stated: Period | None) -> list[Pair]:
        if stated is None:
            if not self._windows.yearly:
                return []
            latest = window(self._windows.public - YEAR + 1, self._windows.public)
            return [Pair(latest, window(latest.start - YEAR, latest.end - YEAR))]
        if stated.kind == "span" and stated.years:
            first, last = (stated.start + 3) // YEAR, stated.end // YEAR
            calendar = Pair(_year(calendar_year(last)), _year(calendar_year(first)))
            fiscal = Pair(_year(fiscal_year(last)), _year(fiscal_year(first)))
            return [fiscal, _named(calendar)] if stated.start % YEAR == OCTOBER else [calendar, _named(fiscal)]
        if stated.kind == "span":
            ends = Pair(window(stated.end, stated.end), window(stated.start, stated.start))
            return [ends]
        if stated.kind == "rolling" and stated.years >= 1:
            years = round(stated.years)
            latest = self._windows.of_last(replace(stated, years=1))[:3]
            since_then = [
                Pair(each, window(each.start - YEAR * years, each.end - YEAR * years, each.standing)) for each in latest
            ]
            return [*since_then, *_first_to_last(latest[1:], years)]
        if stated.kind == "month":  # the month or the year before it: either, as nothing is said
            told = window(stated.start, stated.end, "named")
            return [Pair(told, window(told.start - back, told.end - back)) for back in (YEAR, 1)]
        return [
            Pair(each, window(each.start - YEAR, each.end - YEAR, "fair")) for each in self._windows.of_period(stated)
        ]


def _first_to_last(years_ended: list[Window], count: int) -> list[Pair]:
    """Of some years the last against the first of them; of two that would be the change of one."""
    back = YEAR * (count - 1)
    return [_named(Pair(each, window(each.start - back, each.end - back))) for each in years_ended if count > 2]


def _year(period: Period) -> Window:
    return window(period.start, period.end)


def _named(pair: Pair) -> Pair:
    return Pair(replace(pair.window, standing="named"), pair.base)
