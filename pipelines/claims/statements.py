"""What officials have stated of a quantity that no series here holds, and where they differ."""

from __future__ import annotations

from datetime import date

import polars as pl

from pipelines.claims.finding import Claim
from pipelines.claims.periods import month_of
from pipelines.claims.tolerance import EXACT

_SITES = "mx_fentanyl_pill_sites"


class Statements:
    """Finds statements of the same quantity.

    Args:
        statements: The seed table of official statements.
    """

    def __init__(self, statements: pl.DataFrame) -> None:
        self._rows = [
            (row, month_of(row["period_start"].year, row["period_start"].month),
             month_of(row["period_end"].year, row["period_end"].month))
            for row in statements.drop_nulls(["period_start", "period_end", "value"]).iter_rows(named=True)
        ]  # fmt: skip

    def conflict(self, claim: Claim, day: date) -> str | None:
        """Why no figure can be preferred: another official statement contradicts the claim; else None."""
        period, said = claim.period, claim.quantity.value
        concept = _SITES if claim.quantity.unit == "sites" and "fentanyl" in claim.concepts else claim.metric
        if period is None or claim.kind != "level" or not _is_of_it(claim, concept):
            return None
        if {"apart", "cycle"} & claim.marks:  # a week's figure is no total, whatever is told beside it
            return None
        own_end = min(period.end, month_of(day.year, day.month))
        for row, start, end in self._rows:
            if row["concept"] != concept or row["unit"] != claim.quantity.unit or start != period.start:
                continue
            value, margin = row["value"], EXACT * max(row["value"], said)
            is_same = end == own_end and abs(value - said) > margin
            # A sum from the same start cannot shrink.
            is_shrunk = value < said - margin if end > own_end else value > said + margin if end < own_end else False
            is_bound = claim.quantity.modifier in ("more_than", "at_least") and value > said
            if (is_same or is_shrunk) and not is_bound:
                return f"{row['issuer']} said {value:g} {row['unit']} on {row['said_on']}"
        return None


def _is_of_it(claim: Claim, concept: str) -> bool:
    """Whether the number's own clause speaks of fentanyl, no other drug and no place, where statements are of that."""
    if not concept.startswith("mx_fentanyl"):
        return True
    return "fentanyl" in claim.near and claim.drug in ("fentanyl", "all") and not {"area", "other_drug"} & claim.said
