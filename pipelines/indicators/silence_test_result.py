"""Does the chance that the US executive criticises Mexico fall with its need of Mexico's help on migration?"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import polars as pl

from pipelines.errors import EntenteError
from pipelines.inference import gate, hypotheses, verdicts
from pipelines.inference.association import ALPHA
from pipelines.inference.hypotheses import Hypothesis, term_months
from pipelines.inference.multiplicity import family_q_values
from pipelines.inference.opportunities import MOVES, PATHS, Estimate, estimate
from pipelines.inference.sequential import monitored_p
from pipelines.warehouse import Work

READS = ("indicators.silence_test", "seeds.hypotheses", "sources.usbp_encounters")
CODE = ("inference",)

ADMINISTRATIONS = ("trump_2017", "biden_2021", "trump_2025")
# Outcome: its role, and the columns of the panel with its criticisms and their opportunities.
OUTCOMES = {
    "beyond_migration": ("test", "criticism_beyond_migration", "opportunities"),
    "policy": ("test", "criticism_on_policy", "policy_opportunities"),
    "congress": ("falsification", "congress_criticism", "congress_opportunities"),
    "mx_executive": ("falsification", "mx_criticism", "mx_opportunities"),
}
MODELS = ("calendar", "plain")
# How a registered outcome is tested, as the hypotheses say: all administrations, election years apart.
REGISTERED = ("all", "calendar")
SIGNS = {"positive": 1, "negative": -1, "either": 0}
MONTHS, CRITICISMS = 24, 20  # under which nothing is estimated

Row = dict[str, Any]


def make(work: Work) -> pl.DataFrame:
    """One row per outcome, administration (or all of them) and model: the estimate, its chance and what it says."""
    panel = work.frame("from indicators.silence_test order by month")
    vintage = work.frame("select max(vintage) from sources.usbp_encounters").item()
    found = rows(panel, *hypotheses.registered(work, "silence_test")).with_columns(vintage=pl.lit(vintage, pl.Date))
    return found.select(
        pl.col(name).cast(dtype) for name, dtype in work.declared["indicators.silence_test_result"].schema.items()
    )


def rows(
    panel: pl.DataFrame,
    registered: list[Hypothesis],
    elsewhere: Mapping[str, int],
    paths: int = PATHS,
    moves: int = MOVES,
) -> pl.DataFrame:
    """The table's rows without their vintage.

    Raises:
        EntenteError: A registered hypothesis names no criticism of the panel, one that another names too, or no change.
    """
    asked = _by_outcome(registered)
    told = [
        _row(panel, outcome, administration, model, asked, (paths, moves))
        for outcome, administration, model in product(OUTCOMES, ("all", *ADMINISTRATIONS), MODELS)
    ]
    placebos = {
        (row["administration"], row["model"], row["outcome"]): row for row in told if row["role"] == "falsification"
    }
    for row in told:
        others = [placebos[row["administration"], row["model"], name] for name in ("congress", "mx_executive")]
        row["falsification"] = _falsified(row, others) if row["role"] == "test" else None
        row["falsification_missing"] = None if row["role"] == "test" else "is_falsification"
        row["signs_differ"] = _signs_differ(row, told)
    judged = [row for row in told if row["is_registered"]]
    q = family_q_values([row["family"] for row in judged], [row["p_monitored"] for row in judged], elsewhere)
    for row, value in zip(judged, q, strict=True):
        row["q"] = value
    for row in told:
        row["objections"] = [] if row["is_registered"] else ["not_registered"]
        if row["is_registered"] and row["estimate"] is not None:
            row["objections"] = gate.silence_objections(row)
        row["verdict"] = gate.silence_verdict(row)
        row["verdict_text"], row["verdict_es"] = verdicts.silence_words(row)
    return pl.DataFrame(told, infer_schema_length=None)


def _by_outcome(registered: list[Hypothesis]) -> dict[str, Hypothesis]:
    """The hypothesis on each outcome; one that was replaced keeps its estimate and its place in the family."""
    columns = {criticism: outcome for outcome, (_, criticism, _) in OUTCOMES.items()}
    asked: dict[str, Hypothesis] = {}
    for hypothesis in registered:
        who, criticism = f"hypothesis {hypothesis['hypothesis_id']}", hypothesis["y_series"]
        if criticism not in columns:
            raise EntenteError(
                f"{who}: {criticism} is no criticism of indicators.silence_test; it holds {', '.join(columns)}"
            )
        if hypothesis["expected_sign"] not in SIGNS:
            raise EntenteError(
                f"{who}: the silence test cannot bear out a sign of {hypothesis['expected_sign']}; "
                f"register {', '.join(SIGNS)} in seeds/hypotheses.csv"
            )
        other = asked.setdefault(columns[criticism], hypothesis)
        if other is not hypothesis:
            raise EntenteError(
                f"{who}: hypothesis {other['hypothesis_id']} is on {criticism} already, which has one estimate; "
                "take the row out of seeds/hypotheses.csv or name another criticism"
            )
    return asked


def _row(
    panel: pl.DataFrame,
    outcome: str,
    administration: str,
    model: str,
    asked: Mapping[str, Hypothesis],
    draws: tuple[int, int],
) -> Row:
    role, criticism, opportunities = OUTCOMES[outcome]
    hypothesis = asked.get(outcome) if (administration, model) == REGISTERED else None
    if hypothesis is not None:
        panel = panel.filter(pl.col("month").is_between(hypothesis["sample_from"], hypothesis["sample_to"]))
    heard = panel.filter(pl.col(opportunities).is_not_null())
    if administration != "all":
        heard = heard.filter(pl.col("administration") == administration)
    known = heard.filter(pl.col("encounters").is_not_null())
    chances, critical = int(known[opportunities].sum()), int(known[criticism].sum())
    no_chance = _no_chance(heard, known, chances)
    missing = no_chance or (
        "under_24_months" if known.height < MONTHS else "under_20_criticisms" if critical < CRITICISMS else None
    )
    found = None
    if missing is None:
        found = estimate(
            panel, known, criticism, opportunities, with_calendar=model == "calendar", paths=draws[0], moves=draws[1]
        )
    return {
        "outcome": outcome,
        "administration": administration,
        "model": model,
        "role": role,
        **_test(hypothesis, found, known),
        "months": known.height,
        "opportunities": chances or None,
        "opportunities_missing": no_chance,
        "criticism": critical,
        "estimate": found and found.value,
        "estimate_low": found and found.low,
        "estimate_high": found and found.high,
        "p": found and found.p,
        "p_of_shifts": found and found.p_of_shifts,
        "shifts": found.shifts if found else 0,
        "need_memory": found and found.memory,
        "need_deviation": found and found.deviation,
        "missing": missing,
    }


def _no_chance(heard: pl.DataFrame, known: pl.DataFrame, chances: int) -> str | None:
    """Which input lacks where nobody could have criticised in a month with encounters: the first that is not held."""
    if heard.is_empty():
        return "no_text"
    if known.is_empty():
        return "encounters_not_held"
    return None if chances else "no_opportunity"


def _test(hypothesis: Hypothesis | None, found: Estimate | None, known: pl.DataFrame) -> Row:
    """What only a registered estimate has: its hypothesis, and the figures that the gate asks for."""
    if hypothesis is None:
        names = ("hypothesis_id", "family", "replaced_by", "term_months", "months_since_frozen", "p_monitored", "q")
        alone = dict.fromkeys([*names, "estimate_without_top_month", "whiteness_p"])
        return {**alone, "is_registered": False, "registered_sign": 0}
    term = term_months(hypothesis)
    return {
        "hypothesis_id": hypothesis["hypothesis_id"],
        "family": hypothesis["family"],
        "replaced_by": hypothesis["replaced_by"],
        "is_registered": True,
        "registered_sign": SIGNS[hypothesis["expected_sign"]],
        "term_months": term,
        "months_since_frozen": known.filter(pl.col("month") > hypothesis["frozen_on"]).height,
        "p_monitored": found and monitored_p(found.p, known.height, max(known.height, term)),
        "q": None,
        "estimate_without_top_month": found and found.without_top_month,
        "whiteness_p": found and found.whiteness_p,
    }


def _falsified(row: Row, others: list[Row]) -> str:
    """Whether those whom the bargain does not bind move with need as the executive does."""
    testable = [other for other in others if other["estimate"] is not None]
    if row["estimate"] is None or not testable:
        return "not_testable"
    alike = [other for other in testable if other["p"] < ALPHA and other["estimate"] * row["estimate"] > 0]
    if alike:
        return "failed"
    return "passed" if len(testable) == len(others) else "passed_in_part"


def _signs_differ(row: Row, told: list[Row]) -> bool:
    """Whether some administration alone has the other sign."""
    same = [each for each in told if (each["outcome"], each["model"]) == (row["outcome"], row["model"])]
    known = [each["estimate"] for each in same if each["estimate"] is not None]
    return row["estimate"] is not None and any(each * row["estimate"] < 0 for each in known)
