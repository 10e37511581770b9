"""Checks claims: the official figure of every reading as known then and now, and the verdict that follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from pipelines.claims.finding import Claim
from pipelines.claims.limits import outside, restricted
from pipelines.claims.periods import month_of
from pipelines.claims.readings import Reading, Readings
from pipelines.claims.statements import Statements
from pipelines.claims.tolerance import fits
from pipelines.claims.verdicts import BOUNDS, distance, verdict

_FIRST_WITHIN = 0.1  # how far off a figure may be for an earlier release to be looked for


@dataclass(frozen=True)
class Checked:
    """A claim with its verdict.

    Attributes:
        claim: The claim.
        day: Day of its document.
        verdict: Against the newest figures, `outdated` where it held on its day.
        verdict_then: Against the figures as known on its day.
        reason: Why, in a few words.
        readings: Every reading tried, default ones first.
        chosen: The reading whose figure is shown; None where nothing could be computed.
    """

    claim: Claim
    day: date
    verdict: str
    verdict_then: str
    reason: str
    readings: list[Reading]
    chosen: Reading | None

    def fits(self, reading: Reading, *, then: bool = False) -> bool | None:
        """Whether a reading's figure fits the claim; None where it has no figure."""
        figure = reading.value_then if then else reading.value
        return None if figure is None else fits(self.claim.quantity, self.claim.kind, figure)


class Checker:
    """Checks claims with the seeds of a clone and the figures of a published database.

    Args:
        seeds: The tables `metrics` and `official_statements`, by stem.
        readings: What a claim may mean.
    """

    def __init__(self, seeds: dict[str, pl.DataFrame], readings: Readings) -> None:
        self._metrics = {row["metric"]: row for row in seeds["metrics"].iter_rows(named=True)}
        self._readings = readings
        self._statements = Statements(seeds["official_statements"])

    def check(self, claim: Claim, day: date) -> Checked:
        """The claim with its verdict; whatever cannot be decided is `not_checkable`, with the reason."""
        if not self._metrics[claim.series]["is_held"]:
            if why := self._statements.conflict(claim, day):
                return Checked(claim, day, "conflicting_sources", "conflicting_sources", why, [], None)
            return _undecided(claim, day, self._metrics[claim.series]["why_not"])
        if why := outside(claim):
            return _undecided(claim, day, why)
        readings = self._readings.of(claim, day)
        computed = [each for each in readings if each.value is not None]
        if not readings:
            return _undecided(claim, day, "period_or_baseline_not_stated")
        if not computed:
            return Checked(claim, day, "not_checkable", "not_checkable", "period_not_held", readings, None)
        if why := restricted(claim, computed):
            return Checked(claim, day, "not_checkable", "not_checkable", why, readings, None)
        now, then = verdict(claim, readings), verdict(claim, readings, then=True)
        found, reason = now.verdict, now.reason
        is_off = found == "contradicted" or now.shown is not None and reason not in ("period_not_held", "fits")
        if is_off and found in ("contradicted", "not_checkable") and (why := self._was_revised(claim, day, computed)):
            found, reason = "outdated", why
        if found == "contradicted" and claim.quantity.dimension == "streak" and self._is_restated(claim, computed):
            found, reason = "not_checkable", "months_in_a_row_of_figures_since_restated"
        return Checked(claim, day, found, then.verdict, reason, readings, now.shown)

    def _was_revised(self, claim: Claim, day: date, readings: list[Reading]) -> str | None:
        """Why a claim that no figure fits may have fitted one since revised, where that of its day is not held."""
        metric = self._metrics[claim.series]
        if claim.kind not in ("level", "change_pct", "change_ratio") or claim.quantity.modifier in BOUNDS:
            return None
        now = month_of(day.year, day.month)
        is_streak = claim.quantity.dimension == "streak"  # one month restated makes it any number
        for each in readings:
            if each.value_then is not None or now - each.window.end > metric["settled_after_months"]:
                continue
            away = distance(claim, each.value)
            if not is_streak and each.standing != "named" and away <= metric["usual_revision"]:
                return "as_far_off_as_figures_of_that_age_are_revised"
            if is_streak or away <= _FIRST_WITHIN:
                first = self._readings.official.first_figure(each.sql, metric["dataset"], day)
                if first is not None and fits(claim.quantity, claim.kind, first):
                    return f"fits_the_first_release_held_after_its_day: {first:g}"
        return None

    def _is_restated(self, claim: Claim, readings: list[Reading]) -> bool:
        """Whether figures are provisional for over a year, and those of the day are not held."""
        is_provisional = self._metrics[claim.series]["settled_after_months"] > 12
        return is_provisional and all(each.value_then is None for each in readings)


def _undecided(claim: Claim, day: date, why: str) -> Checked:
    return Checked(claim, day, "not_checkable", "not_checkable", why, [], None)
