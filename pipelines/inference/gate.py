"""What may be published as an association: the objections a finding must have none of, and the verdict that remains."""

from __future__ import annotations

from typing import Any

from pipelines.inference.association import ALPHA, RELEVANT_R, Finding

FEWEST_PAIRS = 36
FEWEST_EVENTS = 5
LEAST_WHITENESS_P = 0.01
OBJECTIONS = ("chance", "family", "one_month", "memory_left", "few_months", "sign", "not_registered", "term_over")
VERDICTS = ("association", "contrary", "smaller_than_0_3", "undecided", "unsafe", "exploratory", "not_testable")


def objections(finding: Finding, whiteness_p: float, q: float, expected_sign: str, term: int) -> list[str]:
    """Why a finding may not be called an association, in the order of `OBJECTIONS`; none is needed to call it one.

    Args:
        finding: What was measured at the registered lag.
        whiteness_p: Ljung–Box p of the whiter of the two filtered series.
        q: Of the monitored p within its family.
        expected_sign: As registered: positive, negative, either or none.
        term: Pairs of months after which the test is over.
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
    }
    return [name for name in OBJECTIONS if held.get(name)]


def verdict(finding: Finding, found: list[str], expected_sign: str) -> str:
    """The one word for a registered test with its objections; a claim that nothing moves is refuted by a relation."""
    if not found:
        return "contrary" if expected_sign == "none" else "association"
    if found == ["sign"]:
        return "contrary"
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
    if row["events"] < FEWEST_EVENTS or max(row["p_monitored"], row["q"]) > ALPHA:
        return "not_shown"
    sign = "positive" if row["departure"] > 0 else "negative"
    return "departs" if row["expected_sign"] in (sign, "either") else "contrary"
