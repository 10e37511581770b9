"""What may be published as an association: the objections a finding must have none of, and the verdict that remains."""

from __future__ import annotations

from typing import Any

from pipelines.inference.association import ALPHA, RELEVANT_R, Finding

FEWEST_PAIRS = 36
FEWEST_EVENTS = 5
LEAST_WHITENESS_P = 0.01
OBJECTIONS = (
    "chance",
    "family",
    "one_month",
    "memory_left",
    "few_months",
    "sign",
    "not_registered",
    "term_over",
    "replaced",
)
VERDICTS = (
    "association",
    "contrary",
    "smaller_than_0_3",
    "undecided",
    "unsafe",
    "replaced",
    "exploratory",
    "not_testable",
)
# Of the silence test, besides: administrations that contradict each other, and critics who are bound by no bargain.
SILENCE_OBJECTIONS = (*OBJECTIONS, "not_specific", "signs_differ")


def objections(
    finding: Finding, whiteness_p: float, q: float, expected_sign: str, term: int, *, replaced: bool = False
) -> list[str]:
    """Why a finding may not be called an association, in the order of `OBJECTIONS`; none is needed to call it one.

    Args:
        finding: What was measured at the registered lag.
        whiteness_p: Ljung–Box p of the whiter of the two filtered series.
        q: Of the monitored p within its family.
        expected_sign: As registered: positive, negative, either or none.
        term: Pairs of months after which the test is over.
        replaced: Whether another hypothesis asks the same more narrowly.
    """
    sign = "positive" if finding.r > 0 else "negative"
    held = {
        "chance": finding.p_monitored > ALPHA,
        "family": q > ALPHA,
        # Half of it gone with a single month, or its sign: one coincidence, not a relation.
        "one_month": finding.r * finding.r_without_top_month < finding.r**2 / 2,
        "memory_left": whiteness_p < LEAST_WHITENESS_P,
        "few_months": finding.n < FEWEST_PAIRS,
        "sign": expected_sign not in (sign, "either", "none"),
        "term_over": finding.n > term,
        "replaced": replaced,
    }
    return [name for name in OBJECTIONS if held.get(name)]


def verdict(finding: Finding, found: list[str], expected_sign: str) -> str:
    """The one word for a registered test with its objections; a claim that nothing moves is refuted by a relation."""
    if not found:
        return "contrary" if expected_sign == "none" else "association"
    if found == ["sign"]:
        return "contrary"
    if "replaced" in found:
        return "replaced"
    if {"memory_left", "few_months", "term_over"} & set(found):
        return "unsafe"
    if finding.r_low > -RELEVANT_R and finding.r_high < RELEVANT_R:
        return "smaller_than_0_3"
    # One coincident month, significant otherwise, is as little an association as chance is.
    return "unsafe" if "one_month" in found and not {"chance", "family"} & set(found) else "undecided"


def window_verdict(row: dict[str, Any]) -> str:
    """The one word for a departure around events: a row of `indicators.event_windows` with its p and q."""
    if row["departure"] is None:
        return "not_testable"
    if not row["is_registered"]:
        return "exploratory"
    if row["replaced_by"] is not None:
        return "replaced"
    if row["events"] < FEWEST_EVENTS:
        return "too_few_events"
    if max(row["p_monitored"], row["q"]) > ALPHA:
        return "not_shown"
    sign = "positive" if row["departure"] > 0 else "negative"
    return "departs" if row["expected_sign"] in (sign, "either") else "contrary"


def silence_objections(row: dict[str, Any]) -> list[str]:
    """Why a registered row of `indicators.silence_test_result` may not be said to answer its claim."""
    held = {
        "chance": row["p_monitored"] > ALPHA,
        "family": row["q"] > ALPHA,
        "one_month": row["estimate"] * row["estimate_without_top_month"] < row["estimate"] ** 2 / 2,
        "memory_left": row["whiteness_p"] < LEAST_WHITENESS_P,
        "few_months": row["months"] < FEWEST_PAIRS,
        "sign": row["registered_sign"] * row["estimate"] < 0,
        "term_over": row["months"] > row["term_months"],
        "not_specific": row["falsification"] == "failed",
        "signs_differ": row["signs_differ"],
        "replaced": row["replaced_by"] is not None,
    }
    return [name for name in SILENCE_OBJECTIONS if held.get(name)]


def silence_verdict(row: dict[str, Any]) -> str:
    """The one word for an estimate of the silence test; only the registered one may be more than a look."""
    found = set(row["objections"])
    if row["estimate"] is None:
        return "not_testable"
    if not row["is_registered"]:
        return "exploratory"
    if found <= {"sign"}:
        return "falls_with_need" if row["estimate"] < 0 else "rises_with_need"
    if "replaced" in found:
        return "replaced"
    if {"memory_left", "few_months", "term_over"} & found:
        return "unsafe"
    if {"chance", "family"} & found:
        return "undecided"
    return next((name for name in ("not_specific", "signs_differ") if name in found), "unsafe")
