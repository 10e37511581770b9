"""The legitimate readings of a claim: which series over which months, each with the SQL that gives its figure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from pipelines.claims import books
from pipelines.claims.books import SHARES, YEARLY, Books, Shape
from pipelines.claims.finding import Claim
from pipelines.claims.marks import ALL, COUNTRY
from pipelines.claims.pairs import Pair, Pairs
from pipelines.claims.periods import month_of
from pipelines.claims.quantities import Quantity
from pipelines.claims.windows import ORDER, Standing, Window, Windows, last_public, named, window

POUNDS_PER_KILOGRAM = 2.2046226218
_DAYS = {"day": 1.0, "week": 7.0, "hour": 1 / 24, "minute": 1 / 1440}
_COMPARED = (1, 12)  # months and years are ranked, sums so far are not
_PEOPLE = {"unaccompanied": "unaccompanied_minor", "families": "family_unit"}


@dataclass(frozen=True)
class Reading:
    """One way to understand a claim.

    Attributes:
        reading: Name of the series it takes, as in seeds/metric_readings.csv.
        label: Series and months in words.
        standing: Whether the claim says it (default), may well mean it (fair), or only allows it (named).
        window: The months it is about.
        base: The months it compares with, if any.
        sql: The select that gives the official figure on the published database.
        value: The newest official figure; None where a month of it is not held.
        value_then: The figure as known on the day of the document.
        value_half_then: A change from the baseline as known then to the newest figure, where the later was not held.
        reach: Of a rank among all that are held, the first month held of its series.
    """

    reading: str
    label: str
    standing: Standing
    window: Window
    base: Window | None
    sql: str
    value: float | None
    value_then: float | None
    value_half_then: float | None = None
    reach: int | None = None


@dataclass(frozen=True)
class _Series:
    reading: str
    shape: Shape
    measure: str
    about: str
    standing: Standing
    sql: str


class Readings:
    """Gives the readings of claims.

    Args:
        seeds: The tables `metrics` and `metric_readings`, by stem.
        official: Where the figures are read.
    """

    def __init__(self, seeds: dict[str, pl.DataFrame], official: Books) -> None:
        self.official = official
        self._metrics = {row["metric"]: row for row in seeds["metrics"].iter_rows(named=True)}
        rows = seeds["metric_readings"].sort("line")
        self._rows: dict[str, list[dict]] = {}
        for row in rows.iter_rows(named=True):
            self._rows.setdefault(row["metric"], []).append(row)

    def of(self, claim: Claim, day: date) -> list[Reading]:
        """The readings of a claim on a metric that is held, default ones first; none where it does not say enough."""
        metric = self._metrics[claim.series]
        public = last_public(day, metric["public_after_days"])
        found: list[Reading] = []
        for series in self._series(claim):
            yearly = series.shape in YEARLY or claim.series.startswith("overdose")
            windows = Windows(
                day, public, yearly=yearly, unstated=yearly or series.shape in SHARES or metric["unit"] == "USD"
            )
            found += self._read(claim, series, windows, public, day, yearly=windows.unstated)
        return sorted(_distinct(found), key=lambda each: ORDER.index(each.standing))

    # Series ----------------------------------------------------------------------------------------------------------

    def _series(self, claim: Claim) -> list[_Series]:
        """The series that the words of a claim allow, with how near each is to them."""
        said = scope(claim)
        placed = self._placed(claim)
        if placed["state"] == COUNTRY:
            said.add("nation")
        told = []
        for row in self._rows[claim.series]:
            shares = row["shape"] in SHARES
            if shares != (claim.kind == "share") or row["tried_for"] and row["tried_for"] not in said:
                continue
            if row["measure"] == "seizures" and claim.kind == "level" and claim.quantity.unit != "seizures":
                continue
            about, sql = row["about"] + _where(row, placed), row["sql"].format(**placed)
            told.append(_Series(row["reading"], row["shape"], row["measure"], about, _standing(row, said), sql))
        return told

    def _placed(self, claim: Claim) -> dict[str, str]:
        """What the words of a claim put into the placeholders of a series."""
        # A number alone counts what the clause before it named; beside its own noun it does not.
        told = claim.concepts if claim.quantity.is_elliptic else claim.near
        people = [code for concept, code in _PEOPLE.items() if concept in told]
        return {
            "state": claim.state,
            "drug": claim.drug,
            "demographic": people[0] if people else ALL,
        }

    # Figures ---------------------------------------------------------------------------------------------------------

    def _read(
        self, claim: Claim, series: _Series, windows: Windows, public: int, day: date, *, yearly: bool
    ) -> list[Reading]:
        # What is told of a year unless another period is said needs no period of the sentence before.
        stated = claim.period or (None if yearly else claim.context)
        if claim.quantity.dimension == "streak":
            return self._streaks(claim, series, public, day)
        if claim.kind == "rank":
            return self._ranks(claim, series, windows.of_level(stated), public, day)
        if claim.kind in ("change_pct", "change_ratio"):
            return [self._change(claim, series, pair, day) for pair in Pairs(windows).of_change(stated, claim.baseline)]
        spans = windows.of_level(stated)
        if stated is not None and stated.kind == "rolling" and _is_yearly(claim.quantity):
            of_one = windows.of_level(replace(stated, years=1))
            spans += [replace(each, standing=_weaker(each.standing, "fair")) for each in of_one]
        if claim.quantity.rate == "year":
            spans = [each for each in spans if each.months % 12 == 0]
        return [self._level(claim, series, each, day) for each in spans]

    def _level(self, claim: Claim, series: _Series, span: Window, day: date) -> Reading:
        per = _per(claim, series, span)
        sql = books.level_sql(series.sql, series.shape, span)
        if per != 1.0:
            sql = f"select value / {per!r} as value from ({sql})"
        then, now = (books.level(known, series.shape, span) for known in self._known(series, day))
        return Reading(
            series.reading, f"{series.about}, {span.label}", _weaker(series.standing, span.standing), span, None, sql,
            _divided(now, per), _divided(then, per),
        )  # fmt: skip

    def _change(self, claim: Claim, series: _Series, pair: Pair, day: date) -> Reading:
        is_ratio = claim.kind == "change_ratio"
        then, now = self._known(series, day)
        told = [[books.level(known, series.shape, span) for known in (then, now)] for span in (pair.window, pair.base)]
        (after_then, after), (before_then, before) = told
        # Where the release that told the later figure is not held, the earlier one may stand as it was told then.
        figures = [(after_then, before_then), (after, before), (after, before_then)]
        strict, newest, half = [
            None if later is None or not earlier else later / earlier if is_ratio else 100 * (later / earlier - 1)
            for later, earlier in figures
        ]
        sql = books.change_sql(
            books.level_sql(series.sql, series.shape, pair.window),
            books.level_sql(series.sql, series.shape, pair.base),
            is_ratio=is_ratio,
        )
        label = f"{series.about}, {pair.window.label} over {pair.base.label}"
        standing = _weaker(series.standing, pair.standing)
        half = None if strict is not None else half
        return Reading(series.reading, label, standing, pair.window, pair.base, sql, newest, strict, half)

    def _ranks(self, claim: Claim, series: _Series, spans: list[Window], public: int, day: date) -> list[Reading]:
        if "of_change" in claim.marks or claim.period is not None and claim.period.kind == "to_date":
            return []
        is_high, begun = claim.quantity.direction > 0, None
        if claim.period is not None and claim.period.kind == "since":
            begun, spans = claim.period.start + 1, [window(public, public)]
        found = []
        for span in [each for each in spans if each.months in _COMPARED]:
            # "The fewest in two years" is ranked among the months, or years, that end with it.
            since = begun if claim.baseline is None else span.end - claim.baseline.months + 1
            sql = books.rank_sql(series.sql, series.shape, span, is_high=is_high, since=since)
            then, now = (
                books.rank(known, series.shape, span, is_high=is_high, since=since)
                for known in self._known(series, day)
            )
            # The series begin with a file, so that a record can only be one since then.
            standing = _weaker("named" if since is None else series.standing, span.standing)
            among = "all before it that are held" if since is None else f"those from {named(since, since)} on"
            label = f"{series.about}, {span.label} among {among}"
            reach = min(self._known(series, day)[1], default=None) if since is None else None
            found.append(Reading(series.reading, label, standing, span, None, sql, now, then, reach=reach))
        return found

    def _streaks(self, claim: Claim, series: _Series, public: int, day: date) -> list[Reading]:
        if not {"rise", "fall"} & claim.marks or "flat" in claim.marks:
            return []
        is_rise = "rise" in claim.marks
        found = []
        latest = month_of(day.year, day.month) - 1
        for end, standing in {latest: "fair", public - 1: "fair", public: "default"}.items():
            sql = books.streak_sql(series.sql, end, is_rise=is_rise)
            then, now = (books.streak(known, end, is_rise=is_rise) for known in self._known(series, day))
            label = f"{series.about}, months in a row to {named(end, end)}"
            found.append(
                Reading(
                    series.reading, label, _weaker(series.standing, standing), window(end, end), None, sql, now, then
                )
            )
        return found

    def _known(self, series: _Series, day: date) -> tuple[books.Series, books.Series]:
        return self.official.series(series.sql, day), self.official.series(series.sql, None)


def scope(claim: Claim) -> set[str]:
    """What the words of a claim say of its area and component."""
    said = {code for code in ("arizona", "border_patrol", "between_ports", "apprehensions", "ports", "nationwide")
            if code in claim.concepts}  # fmt: skip
    if claim.metric.endswith("seized_lb"):
        said -= {"between_ports", "apprehensions"}
    if not claim.metric.endswith(("seized_lb", "encounters")):
        return {"nationwide"}
    if claim.metric.endswith("encounters") or "southwest" in claim.near:
        return said | {"southwest"}
    return said | ({"either"} if "us_border" in claim.said else {"nationwide"})


def _is_yearly(quantity: Quantity) -> bool:
    """Whether a quantity of some years may be that of each: told by the year, or only as an order of magnitude."""
    return quantity.rate == "year" or quantity.is_order


def _standing(row: dict, said: set[str]) -> Standing:
    """Of the areas said the narrowest decides which series is meant."""
    meant = (row["default_for"] or "").split()
    narrowest = next(
        area
        for area in (
            "arizona",
            "border_patrol",
            "apprehensions",
            "between_ports",
            "ports",
            "southwest",
            "either",
            "nationwide",
        )
        if area in said
    )
    # Where no border is said all of the country is meant, and the southwest border, where nearly all is seized, may be.
    if narrowest in ("either", "nationwide") and "southwest" in meant and "nationwide" not in meant:
        return "fair"
    narrowest = "nationwide" if narrowest == "either" else narrowest
    if "fair" in meant:
        return "fair"
    if narrowest == "border_patrol" and row["metric"].endswith("encounters"):
        narrowest = "between_ports"
    return "default" if narrowest in meant else "named"


def _where(row: dict, placed: dict[str, str]) -> str:
    """What a label adds where a series is that of one state."""
    return f" ({placed['state']})" if "{state}" in row["sql"] and placed["state"] != COUNTRY else ""


def _per(claim: Claim, series: _Series, span: Window) -> float:
    """What an official figure is divided by to be in the unit and for the time that is stated."""
    quantity: Quantity = claim.quantity
    per = POUNDS_PER_KILOGRAM if quantity.unit == "kg" and series.measure == "lb" else 1.0
    if quantity.rate in _DAYS:
        per *= span.days / _DAYS[quantity.rate]
    elif quantity.rate == "month":
        per *= span.months
    elif quantity.rate == "year":
        per *= span.months / 12
    return per


def _divided(figure: float | None, per: float) -> float | None:
    return None if figure is None else figure / per


def _weaker(*standings: Standing) -> Standing:
    return max(standings, key=ORDER.index)


def _distinct(found: list[Reading]) -> list[Reading]:
    seen: dict[str, Reading] = {}
    for each in found:
        seen.setdefault(each.sql, each)
    return list(seen.values())
