"""The verdict on a claim from the figures of its readings, and why a claim is left undecided."""

from __future__ import annotations

import math
from dataclasses import dataclass

from pipelines.claims.finding import BALANCE, Claim
from pipelines.claims.limits import YEARLY
from pipelines.claims.marks import COUNTRY
from pipelines.claims.readings import Reading
from pipelines.claims.tolerance import LOWER, TWICE, fits

_OTHER_THING = 5.0  # times: another country's deaths, or of another group, are not a wrong number
_OTHER_RATE = 10.0
_TOO_FAR = 20.0
_SHORT = ("day", "week", "hour")  # the average of a month is no such day
_ENCOUNTERS = {"encounter_word", "between_ports", "apprehensions"}
_FLOOR = 1.1
_TRADE = ("us_mexico_goods_trade_usd", "us_exports_to_mexico_usd", "us_imports_from_mexico_usd")
_WITH_SERVICES = 1.25  # times: what services at most add to goods
_LESS_SERVICES = 0.75  # times: what they at least leave of the deficit, as the US sells more of them than it buys
_MOSTLY_FENTANYL = 2019 * 12
BOUNDS = ("more_than", "at_least", "less_than", "up_to")


@dataclass(frozen=True)
class Verdict:
    """A verdict with its reason and the reading whose figure is shown."""

    verdict: str
    reason: str
    shown: Reading | None


def verdict(claim: Claim, readings: list[Reading], *, then: bool = False) -> Verdict:
    """The verdict against the newest figures, or against those of the day of the document.

    A claim is supported by a reading that it says or may well mean, under a reading by one that it only allows; where
    no figure fits now but one of its day did it is outdated, and contradicted only where nothing else can explain it.
    """
    figures = [each for each in readings if _figure(each, then) is not None]
    if not figures:
        return Verdict("not_checkable", "vintage_not_held", None)
    stated = [each for each in readings if each.standing != "named"]
    allowed = [each for each in readings if each.standing == "named"]
    for some, found, why in (
        (stated, "supported", lambda _: "fits"),
        (allowed, "supported_under_reading", lambda each: f"fits_only_as: {each.label}"),
    ):
        if fitting := _fitting(claim, some, then):
            if _is_outranked(claim, fitting, allowed, then):
                return Verdict("not_checkable", "a_longer_series_held_ranks_it_otherwise", fitting)
            return Verdict(found, why(fitting), fitting)
        if not then and (fitting := _fitting(claim, some, True) or _half_fitting(claim, some)):
            return Verdict("outdated", f"fitted_the_figures_of_its_day: {fitting.label}", fitting)
    shown = next((each for each in stated if each in figures), figures[0])
    if (part := _as_part(claim, figures, then)) is not None:
        return Verdict("supported_under_reading", part, shown)
    if (undecided := _undecided(claim, figures, shown, then)) is not None:
        return Verdict("not_checkable", undecided, shown)
    why_not = "a_slip_of_unit_or_time" if _is_slip(claim, figures, then) else "no_reading_fits"
    return Verdict("contradicted", why_not, shown)


def distance(claim: Claim, figure: float) -> float:
    """How far apart two figures are, as a share; of changes what they make of the same baseline."""
    said = claim.quantity.value
    if claim.kind == "change_pct":
        figure, said = 1 + figure / 100, 1 + said / 100
    if figure * said <= 0:
        return math.inf
    return abs(math.log(figure / said))


def _figure(reading: Reading, then: bool) -> float | None:
    return reading.value_then if then else reading.value


def _fitting(claim: Claim, readings: list[Reading], then: bool) -> Reading | None:
    """The first of the readings whose figure fits the claim."""
    for each in readings:
        figure = _figure(each, then)
        if figure is not None and fits(claim.quantity, claim.kind, figure):
            return each
    return None


def _is_outranked(claim: Claim, fitting: Reading, others: list[Reading], then: bool) -> bool:
    """Whether a rank among the months held is another one in a series that is held from further back."""
    if fitting.reach is None:
        return False
    longer = [each for each in others if each.reach is not None and each.reach < fitting.reach]
    told = [figure for each in longer if each.window == fitting.window and (figure := _figure(each, then)) is not None]
    return any(not fits(claim.quantity, claim.kind, figure) for figure in told)


def _undecided(claim: Claim, figures: list[Reading], shown: Reading, then: bool) -> str | None:
    """Why a claim that no figure fits is not contradicted all the same; None where nothing speaks for it."""
    is_of_all_held = claim.kind == "rank" and any(each.reach is not None for each in figures)
    if not is_of_all_held and all(each.standing == "named" for each in figures):
        return "period_not_held"
    if (unlike := _unlike(claim, shown)) is not None:
        return unlike
    if _may_count_services(claim, figures, then):
        return "services_may_be_counted"
    if claim.kind == "change_pct" and _is_between(claim, figures, then):
        return "lies_between_the_readings"
    return None


def _half_fitting(claim: Claim, readings: list[Reading]) -> Reading | None:
    for each in readings:
        if each.value_half_then is not None and fits(claim.quantity, claim.kind, each.value_half_then):
            return each
    return None


def _as_part(claim: Claim, figures: list[Reading], then: bool) -> str | None:
    """A milestone as a floor, or fentanyl as a part of the synthetic opioids of a state; None where neither fits."""
    said, quantity = abs(claim.quantity.value), claim.quantity
    if claim.kind != "level":
        return None
    for each in figures:
        figure = abs(_figure(each, then) or 0.0)
        is_below = said < figure <= _FLOOR * said
        # A bare milestone, spelled out or one digit with noughts, is a floor.
        if is_below and (quantity.is_spelled and quantity.dimension == "money" or quantity.step >= said):
            return f"fits_only_as: a milestone passed, {each.label}"
        is_state = claim.state != COUNTRY and each.window.end >= _MOSTLY_FENTANYL
        if is_below and is_state and claim.metric.endswith("synthetic_opioids"):
            return f"fits_only_as: fentanyl as a part of synthetic opioids, {each.label}"
    return None


def _is_between(claim: Claim, figures: list[Reading], then: bool) -> bool:
    """Whether readings lie on both sides of what is claimed: then which of them is meant decides, and is not said."""
    found = [figure for each in figures if (figure := _figure(each, then)) is not None]
    return min(found) < claim.quantity.value < max(found)


def _is_slip(claim: Claim, figures: list[Reading], then: bool) -> bool:
    """Whether every figure is so far above an amount, or above what it is said to exceed, that a unit was mistaken."""
    if claim.kind != "level" or claim.quantity.dimension != "money" and claim.quantity.modifier not in LOWER:
        return False
    times = TWICE if claim.quantity.modifier in LOWER else _TOO_FAR
    return all(abs(_figure(each, then) or 0.0) > times * abs(claim.quantity.value) for each in figures)


def _may_count_services(claim: Claim, figures: list[Reading], then: bool) -> bool:
    """Whether trade is told as somewhat more than that in goods, or a deficit as less, and goods are not said."""
    if claim.series not in (*_TRADE, BALANCE) or claim.kind != "level" or "goods" in claim.said:
        return False
    low, high = (_LESS_SERVICES, 1.0) if claim.series == BALANCE else (1.0, _WITH_SERVICES)
    told = [figure for each in figures if (figure := _figure(each, then))]
    return any(low <= claim.quantity.value / figure <= high for figure in told)


def _unlike(claim: Claim, shown: Reading) -> str | None:
    """Why a figure that differs is of another thing rather than against the claim; None where it is against it."""
    return _vague(claim) or (_of_another_thing(claim, shown) if claim.kind == "level" else None)


def _vague(claim: Claim) -> str | None:
    """Why a claim does not say enough to be contradicted."""
    is_yearly = claim.series.startswith(YEARLY)
    is_change = claim.kind in ("change_pct", "change_ratio")
    if claim.period is None and claim.context is not None and (is_change or not is_yearly):
        return "period_not_stated_in_the_sentence"
    if claim.kind == "rank" and claim.quantity.value != 1:
        return "set_not_held"
    if claim.metric.endswith("seized_lb") and "inflow" in claim.near and "seizure" not in claim.near:
        return "flow_is_not_seizures"
    if is_change and claim.baseline is None and not _tells_a_base(claim):
        return "period_or_baseline_not_stated"
    if is_change and claim.baseline is not None and claim.baseline.is_early:
        return "days_not_held"  # what began within a month is measured from a day of it
    return None


def _tells_a_base(claim: Claim) -> bool:
    """Whether the period of a change tells what it is compared with: two ends, some years, the year before."""
    return claim.period is not None and claim.period.kind in ("span", "rolling", "year", "fiscal", "since")


def _of_another_thing(claim: Claim, shown: Reading) -> str | None:
    """Why a level is rather that of another agency, time, country or group."""
    said, figure = abs(claim.quantity.value), abs(shown.value or 0.0)
    is_count = claim.quantity.dimension not in ("money", "streak")
    if is_count and not 1 / _TOO_FAR < figure / said < _TOO_FAR:
        return "too_far_off_to_be_the_same_quantity"
    if claim.period is not None and claim.period.kind == "term":
        return "what_is_counted_under_an_administration_not_stated"
    is_some_day = "peak" in claim.marks or claim.metric.endswith("encounters") and "average" not in claim.marks
    if claim.quantity.rate in _SHORT and is_some_day:
        return "days_not_held"
    if claim.metric.endswith("seized_lb") and not {"cbp", "us_border"} & claim.said:
        return "agency_not_stated"
    if claim.metric.endswith("encounters") and is_count:
        return _other_encounters(claim, said, figure)
    return _other_deaths(claim, shown, said, figure) if claim.series.startswith("overdose") and is_count else None


def _other_encounters(claim: Claim, said: float, figure: float) -> str | None:
    if _ENCOUNTERS.isdisjoint(claim.near):
        return "not_clear_what_is_counted"
    if "process" in claim.near:
        return "other_events_than_encounters"
    if not claim.quantity.rate and figure > _OTHER_RATE * said:
        return "time_it_is_counted_for_not_stated"
    return None


def _other_deaths(claim: Claim, shown: Reading, said: float, figure: float) -> str | None:
    if claim.quantity.rate in ("", "year") and not 1 / _OTHER_THING < figure / said < _OTHER_THING:
        return "not_clear_what_is_counted"
    is_open = said < figure or claim.quantity.is_order or "perfect" in claim.marks
    if claim.period is None and not claim.quantity.rate and is_open:
        return "period_not_stated"
    is_before = shown.window.end < _MOSTLY_FENTANYL and said < figure
    if claim.metric.endswith("synthetic_opioids") and is_before:
        return "fentanyl_is_a_part_of_the_series_before_2019"
    return None
