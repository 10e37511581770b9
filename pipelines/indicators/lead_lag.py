"""Every registered pair of series at its registered lag, honest beside naive, and the lags around it as exploration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from pipelines.inference import gate, hypotheses, verdicts
from pipelines.inference.association import SCAN, Finding, Naive, Pair, naive
from pipelines.inference.correlation import ByLag
from pipelines.inference.hypotheses import named_series, own_draws, term_months
from pipelines.inference.multiplicity import family_q_values
from pipelines.warehouse import Work

READS = ("measures.series", "seeds.hypotheses")
CODE = ("inference",)
PERMUTATIONS = 4999
REDRAWS = 1999
SETTINGS = (
    f"own AR(0-4) with or without seasons by AICc; {PERMUTATIONS} permutations of innovations, studentised; band from "
    f"{REDRAWS} studentised redraws; O'Brien-Fleming limit for monthly looks; Benjamini-Hochberg in the family"
)
TOLD = (
    "hypothesis_id",
    "family",
    "x_series",
    "y_series",
    "x_transformation",
    "y_transformation",
    "expected_sign",
    "frozen_on",
    "replaced_by",
)

Row = dict[str, Any]


@dataclass(frozen=True)
class Tested:
    """A hypothesis with what was measured of it, or why nothing could be.

    Attributes:
        told: What every row of it says.
        lag: Registered lag.
        pair: Both series, None where they are too short.
        finding: At the registered lag.
        looked: At the lags around it.
        short: What they lack.
    """

    told: Row
    lag: int
    pair: Pair | None = None
    finding: Finding | None = None
    looked: ByLag | None = None
    short: str = ""


def make(work: Work) -> pl.DataFrame:
    """One row per registered pair, method and lag: the test at the registered lag, and 13 lags looked at."""
    asked, elsewhere = hypotheses.registered(work, "lead_lag")
    series = work.frame("select month, series, value, vintage from measures.series order by month")
    return pl.DataFrame(rows(asked, series, elsewhere), schema=work.declared["indicators.lead_lag"].schema)


def rows(asked: list[Row], series: pl.DataFrame, elsewhere: Mapping[str, int] | None = None) -> list[Row]:
    """The table's rows; q and verdicts are given family by family, the family's tests in other tables counted."""
    tested = [_measured(hypothesis, series) for hypothesis in asked]
    families = [each.told["family"] for each in tested]
    p = [each.finding.p_monitored if each.finding else None for each in tested]
    q = family_q_values(families, p, elsewhere)
    registered = [_registered(each, value) for each, value in zip(tested, q, strict=True)]
    scanned = [row for each in tested for row in _scanned(each)]
    found = family_q_values([row["family"] for row in scanned], [row["p_best_of_lags"] for row in scanned])
    return [*registered, *({**row, "q": value} for row, value in zip(scanned, found, strict=True))]


def _measured(hypothesis: Row, series: pl.DataFrame) -> Tested:
    months, x, y = _paired(hypothesis, series)
    lag, term = hypothesis["lag_months"], term_months(hypothesis)
    named = series.filter(pl.col("series").is_in([hypothesis["x_series"], hypothesis["y_series"]]))
    told = {name: hypothesis[name] for name in TOLD}
    told |= {"term_months": term, "vintage": named["vintage"].max(), "settings": SETTINGS, "months_since_frozen": 0}
    rng = own_draws(hypothesis["hypothesis_id"])
    try:
        pair = Pair.of(x, y, months[0].month)
        finding = pair.at(lag, term, PERMUTATIONS, REDRAWS, rng)
    except ValueError as error:
        return Tested(told, lag, short=str(error))
    known = [month for month, both in zip(months, np.isfinite(x) & np.isfinite(y), strict=True) if both]
    told |= {
        "first_month": known[0],
        "last_month": known[-1],
        "months_since_frozen": sum(month > hypothesis["frozen_on"] for month in known),
        "x_filter": pair.x_filter.words,
        "y_filter": pair.y_filter.words,
        "x_whiteness_p": pair.x_filter.whiteness_p,
        "y_whiteness_p": pair.y_filter.whiteness_p,
    }
    return Tested(told, lag, pair, finding, pair.scan(PERMUTATIONS, rng))


def _registered(tested: Tested, q: float | None) -> Row:
    """The row of the registered lag, with its verdict."""
    row = {**tested.told, "method": "registered_lag", "lag_months": tested.lag, "is_registered": True}
    if tested.pair is None or tested.finding is None or q is None:
        english, spanish = verdicts.not_testable(tested.short)
        row |= {"verdict": "not_testable", "objections": ["few_months"], "missing": "too_few_months"}
        return row | {"verdict_text": english, "verdict_es": spanish}
    finding, told = tested.finding, tested.told
    replaced = told["replaced_by"] is not None
    held = gate.objections(
        finding, tested.pair.whiteness_p, q, told["expected_sign"], told["term_months"], replaced=replaced
    )
    verdict = gate.verdict(finding, held, told["expected_sign"])
    english, spanish = verdicts.words(verdict, held, finding)
    figures = {name: value for name, value in asdict(finding).items() if name != "naive"}
    row |= {**_naive(finding.naive), **figures, "q": q, "objections": held}
    return row | {"verdict": verdict, "verdict_text": english, "verdict_es": spanish}


def _scanned(tested: Tested) -> list[Row]:
    """The rows of the lags looked at; none is ever more than exploration."""
    if tested.pair is None or tested.looked is None:
        return []
    looked, (english, spanish) = tested.looked, verdicts.exploratory()
    return [
        {
            **tested.told,
            "method": "lag_scan",
            "lag_months": lag,
            "is_registered": False,
            **_naive(naive(tested.pair.x, tested.pair.y, lag)),
            "n": int(looked.n[place]),
            "r": float(looked.r[place]),
            "p": float(looked.p[place]),
            "p_best_of_lags": float(looked.p_best[place]),
            "objections": ["not_registered"],
            "verdict": "exploratory",
            "verdict_text": english,
            "verdict_es": spanish,
        }
        for place, lag in enumerate(SCAN)
    ]


def _naive(plain: Naive) -> Row:
    own = {"n": "naive_n", "r": "naive_r", "p": "naive_p"}
    return {own.get(name, name): value for name, value in asdict(plain).items()}


def _paired(hypothesis: Row, series: pl.DataFrame) -> tuple[list[date], np.ndarray, np.ndarray]:
    """Months of the registered sample and both series in them, as transformed; NaN where unknown."""
    x, y = named_series(hypothesis, series, "x"), named_series(hypothesis, series, "y")
    both = x.join(y, on="month", how="full", coalesce=True, suffix="_y").sort("month")
    within = both.filter(pl.col("month").is_between(hypothesis["sample_from"], hypothesis["sample_to"]))
    return within["month"].to_list(), *(within[name].to_numpy().astype(float) for name in ("value", "value_y"))
