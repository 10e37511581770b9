"""Why a claim on a series that is held is about less than it, about something else, or about a time not told."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.claims.finding import Claim
from pipelines.claims.readings import Reading

YEARLY = ("overdose", "us_")  # series of which a year is meant where nothing is said
_UNITS = {
    "cbp_fentanyl_seized_lb": {"lb", "kg", "seizures"},
    "cbp_drug_seized_lb": {"lb", "kg", "seizures"},
    "overdose": {"deaths", "persons", ""},
    **dict.fromkeys(
        (
            "us_mexico_goods_balance_usd",
            "us_mexico_goods_trade_usd",
            "us_exports_to_mexico_usd",
            "us_imports_from_mexico_usd",
        ),
        {"USD"},
    ),
    "sw_border_encounters": {"encounters", "persons", ""},
    "nationwide_encounters": {"encounters", "persons", ""},
}


def outside(claim: Claim) -> str | None:
    """Why a claim is about a part, a group, a unit or a time that is not held; None where nothing says so."""
    return next((why for is_so, why in _limits(claim) if is_so), None) or _untimed(claim)


def _limits(claim: Claim) -> Iterator[tuple[bool, str]]:
    """Each limit that the words of a claim may set, and whether they do."""
    quantity, is_level = claim.quantity, claim.kind == "level"
    is_seized, is_encounters = claim.metric.endswith("seized_lb"), claim.metric.endswith("encounters")
    is_trade, is_deaths = claim.series.startswith("us_"), claim.series.startswith("overdose")
    if is_level and quantity.dimension != "streak":
        yield quantity.unit not in _UNITS["overdose" if is_deaths else claim.series], "unit_not_held"
    is_others = "other_agency" in claim.said and "cbp" not in claim.said
    is_shared = not {"dea_pair", "other_agency"}.isdisjoint(claim.concepts)
    yield is_seized and (is_others or is_shared), "other_agency_not_held"
    yield is_encounters and "group" in claim.concepts, "group_not_held"
    yield is_encounters and "removed" in claim.marks, "other_events_than_encounters"
    yield _is_elsewhere(claim), "area_not_held"
    yield "elsewhere" in claim.near and not is_trade, "another_country_is_named"
    yield "part" in claim.marks or is_trade and "branch" in claim.marks, "part_not_held"
    yield is_level and "difference" in claim.marks, "a_difference_is_no_level"
    yield quantity.is_order and not is_deaths, "only_an_order_of_magnitude"


def _is_elsewhere(claim: Claim) -> bool:
    """Whether a claim is about less than the area of its series: a city, a county, some states, one not held."""
    if claim.series.startswith("us_"):
        return "of_state" in claim.marks
    if {"locality", "states"} & claim.marks:
        return True
    if claim.series.startswith("overdose"):
        return False
    return "area" in claim.concepts or "in_state" in claim.marks and "arizona" not in claim.concepts


def _untimed(claim: Claim) -> str | None:
    """Why the months that a claim is about cannot be told from its words."""
    if claim.period is None and "earlier" in claim.marks or _is_of_unknown_year(claim):
        return "period_not_stated"
    if "from_level" in claim.marks:  # what it was before is a number, and not of the month that follows
        return "period_or_baseline_not_stated"
    is_yearly = claim.series.startswith(YEARLY)
    if claim.period is None and is_yearly and "cumulative" in claim.marks and claim.kind == "level":
        return "period_not_stated"
    if claim.kind == "change_ratio" and "combined" in claim.marks:
        return "period_or_baseline_not_stated"
    if claim.kind in ("change_pct", "change_ratio") and "over_years" in claim.marks and claim.baseline is None:
        return "period_or_baseline_not_stated"
    is_untold = claim.period is None and claim.kind == "level" and claim.quantity.dimension != "streak"
    if claim.metric.endswith("encounters") and "cycle" in claim.marks and is_untold:
        return "days_not_held"
    return None


def _is_of_unknown_year(claim: Claim) -> bool:
    """Whether a level is told of "the same period" of another year, and which period that is is not said."""
    return claim.period is not None and claim.period.kind == "same" and claim.kind == "level"


def restricted(claim: Claim, readings: list[Reading]) -> str | None:
    """Why a claim about some persons is not settled by the figure of all; None where it is about all.

    What is said of a part and is more than the whole is settled all the same.
    """
    if "people" not in claim.marks or claim.series.startswith("us_") or claim.metric.endswith("seized_lb"):
        return None
    whole = [abs(each.value) for each in readings if each.value is not None]
    is_settled = claim.kind == "level" and claim.quantity.modifier not in ("less_than", "up_to")
    return None if is_settled and whole and abs(claim.quantity.value) > max(whole) else "group_not_held"
