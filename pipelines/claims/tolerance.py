"""Whether an official figure fits a stated one, by how exactly and with which modifier it is stated."""

from __future__ import annotations

from pipelines.claims.quantities import Quantity

ABOUT = 0.05
EXACT = 0.01
SLACK = 0.01
TWICE = 2.0
LOWER = ("more_than", "at_least")
_ORDER = (0.5, 5.0)


def fits(quantity: Quantity, kind: str, official: float) -> bool:
    """Whether the official figure is what was stated, within the tolerance of the codebook.

    Args:
        quantity: What was stated: value, worth of its last digit, modifier.
        kind: level, change_pct, change_ratio, share or rank.
        official: The official figure of the same kind and unit.
    """
    said = quantity.value
    if kind == "rank" or quantity.dimension == "streak":
        return official == said
    if official * said < 0:
        return False
    official, said = abs(official), abs(said)
    if quantity.is_order:
        low, high = _ORDER
        return low * said <= official <= high * said
    if quantity.modifier in LOWER:
        # A share is stated for the side of a mark it is on, so no slack is given there.
        slack = 0.0 if kind == "share" else SLACK
        return official >= (1 - slack) * said and (kind != "level" or official <= TWICE * said)
    if quantity.modifier in ("less_than", "up_to"):
        return official <= (1 + SLACK) * said
    return abs(official - said) <= allowed(quantity)


def allowed(quantity: Quantity) -> float:
    """How far an official figure may be from one stated as about or exactly so."""
    said = abs(quantity.value)
    if quantity.modifier == "about":
        return ABOUT * said
    return min(max(EXACT * said, quantity.step / 2), ABOUT * said)
