"""The silence test finds what is planted on either side, and nothing where two slow series are unrelated."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import numpy as np
import polars as pl
import pytest

from pipelines import contract_files
from pipelines.errors import EntenteError
from pipelines.indicators import silence_test_result
from pipelines.inference.opportunities import estimate
from pipelines.project import ROOT

COUNTS = (
    "opportunities",
    "criticism_beyond_migration",
    "policy_opportunities",
    "criticism_on_policy",
    "congress_opportunities",
    "congress_criticism",
    "mx_opportunities",
    "mx_criticism",
)


FROZEN = date(2023, 6, 15)


def registered(**told: Any) -> dict[str, Any]:
    held = {
        "hypothesis_id": "H1",
        "family": "bargain",
        "y_series": "criticism_beyond_migration",
        "expected_sign": "negative",
        "sample_from": date(2018, 1, 1),
        "sample_to": date(2025, 12, 1),
        "frozen_on": FROZEN,
        "replaced_by": None,
    }
    return {**held, **told}


# few draws, and one hypothesis that is alone in its family
rows = partial(silence_test_result.rows, registered=[registered()], elsewhere={}, paths=199, moves=49)


def slow(rng: np.random.Generator, months: int, memory: float) -> np.ndarray:
    noise = rng.standard_normal(months + 200)
    for month in range(1, len(noise)):
        noise[month] += memory * noise[month - 1]
    return noise[200:] * np.sqrt(1 - memory**2)


def panel(seed: int, executive: float, mexico: float = 0.0, months: int = 84, memory: float = 0.6) -> pl.DataFrame:
    """A panel in which the log odds of a criticism change by so much per standard deviation of encounters."""
    rng = np.random.default_rng(seed)
    need = slow(rng, months, memory)
    when = pl.date_range(date(2018, 1, 1), date(2018 + months // 12, 12, 1), "1mo", eager=True)[:months]
    chance = {name: 1 / (1 + np.exp(1.5 - effect * need)) for name, effect in (("us", executive), ("mx", mexico))}
    n = {name: rng.poisson(60, months) for name in chance}
    y = {name: rng.binomial(n[name], chance[name]) for name in chance}
    return pl.DataFrame(
        {
            "month": when,
            "administration": ["trump_2017" if each.year < 2021 else "biden_2021" for each in when],
            "encounters": (1e5 + 3e4 * need).round().astype(int),
            "is_us_presidential_year": [each.year % 4 == 0 for each in when],
            "opportunities": n["us"],
            "criticism_beyond_migration": y["us"],
            "policy_opportunities": n["us"],
            "criticism_on_policy": np.zeros(months, int),
            "congress_opportunities": pl.Series([None] * months, dtype=pl.Int64),
            "congress_criticism": pl.Series([None] * months, dtype=pl.Int64),
            "mx_opportunities": n["mx"],
            "mx_criticism": y["mx"],
        }
    )


def one(found: pl.DataFrame, outcome: str = "beyond_migration", administration: str = "all") -> dict[str, object]:
    return found.row(
        by_predicate=(pl.col("outcome") == outcome)
        & (pl.col("administration") == administration)
        & (pl.col("model") == "calendar"),
        named=True,
    )


@pytest.mark.parametrize(
    ("effect", "verdict", "word"), [(-0.5, "falls_with_need", "baja"), (0.5, "rises_with_need", "sube")]
)
def test_a_planted_change_is_found_on_either_side(effect: float, verdict: str, word: str) -> None:
    known = panel(1, effect)
    row = one(rows(known))
    need = (known["encounters"].to_numpy() - 1e5) / 3e4
    chance = 1 / (1 + np.exp(1.5 - effect * need))
    planted = effect * need.std(ddof=1) * (chance * (1 - chance)).mean()
    assert row["estimate"] == pytest.approx(planted, rel=0.3)
    assert row["estimate_low"] < planted < row["estimate_high"]
    assert row["estimate_low"] < row["estimate"] < row["estimate_high"]
    assert row["estimate_low"] * row["estimate_high"] > 0
    assert (row["verdict"], row["falsification"], row["is_registered"]) == (verdict, "passed_in_part", True)
    assert word in row["verdict_es"]
    assert f"{100 * row['estimate']:+.1f} points" in row["verdict_text"]
    assert (row["registered_sign"], row["hypothesis_id"], row["term_months"]) == (-1, "H1", 96)
    assert row["months_since_frozen"] == 18
    assert row["p"] < row["p_monitored"] == row["q"] < 0.05
    assert row["objections"] == ([] if effect < 0 else ["sign"])


def test_what_moves_those_the_bargain_does_not_bind_too_is_not_specific() -> None:
    found = rows(panel(1, -0.5, mexico=-0.5))
    assert one(found)["falsification"] == "failed"
    assert one(found)["verdict"] == "not_specific"
    assert one(found, "mx_executive")["verdict"] == "exploratory"
    assert one(found, "mx_executive")["falsification"] is None
    assert one(found, "mx_executive")["falsification_missing"] == "is_falsification"
    # the other way round is no sign of the same cause
    against = rows(panel(1, -0.5, mexico=0.5))
    assert one(against)["falsification"] == "passed_in_part"
    # with Congress to test too, nothing is left open
    heard = panel(1, -0.5).with_columns(
        congress_opportunities=pl.col("mx_opportunities"), congress_criticism=pl.col("mx_criticism")
    )
    assert one(rows(heard))["falsification"] == "passed"


def test_too_little_gives_no_estimate_and_says_why() -> None:
    found = rows(panel(1, -0.5))
    assert (one(found, "policy")["estimate"], one(found, "policy")["missing"]) == (None, "under_20_criticisms")
    assert (one(found, "congress")["missing"], one(found, "congress")["opportunities"]) == ("no_text", None)
    assert one(found, administration="trump_2025")["opportunities_missing"] == "no_text"
    few = rows(panel(1, -0.5, months=20))
    assert (one(few)["missing"], one(few)["verdict"]) == ("under_24_months", "not_testable")
    assert one(few)["verdict_text"] == "Not testable: fewer than 24 months."


def test_what_lacks_is_named_the_encounters_where_there_is_text_and_the_words_where_there_is_none() -> None:
    known = panel(1, -0.5, months=96).with_columns(
        administration=pl.when(pl.col("month") >= date(2025, 1, 1))
        .then(pl.lit("trump_2025"))
        .otherwise(pl.col("administration"))
    )
    unmet = known.with_columns(encounters=pl.when(pl.col("administration") != "trump_2025").then(pl.col("encounters")))
    late = one(rows(unmet), administration="trump_2025")
    assert (late["missing"], late["opportunities_missing"]) == ("encounters_not_held", "encounters_not_held")
    assert late["verdict_text"] == "Not testable: no encounters are held for the months with text."
    assert one(rows(unmet))["months"] == 84
    silent = known.with_columns(
        pl.when(pl.col("administration") == "trump_2025").then(0).otherwise(pl.col(name)).alias(name)
        for name in ("opportunities", "criticism_beyond_migration")
    )
    assert one(rows(silent), administration="trump_2025")["missing"] == "no_opportunity"


def test_the_family_and_repeated_looks_are_counted_before_anything_is_said() -> None:
    known = panel(1, -0.5)
    alone, beside = one(rows(known)), one(rows(known, elsewhere={"bargain": 40}))
    assert (alone["verdict"], beside["verdict"]) == ("falls_with_need", "undecided")
    assert beside["q"] == pytest.approx(min(1.0, 41 * alone["p_monitored"]))
    assert "family" in beside["objections"]
    early = one(rows(known.head(40)))
    assert early["p_monitored"] > 2 * early["p"]


def test_only_the_months_of_the_registered_sample_are_tested() -> None:
    row = one(rows(panel(1, -0.5), registered=[registered(sample_to=date(2022, 12, 1))]))
    assert (row["months"], row["months_since_frozen"], row["term_months"]) == (60, 0, 60)


def test_a_replaced_hypothesis_keeps_its_figures_and_its_place_in_the_family_and_is_not_judged() -> None:
    known = panel(1, -0.5)
    heard = known.with_columns(criticism_on_policy=pl.col("criticism_beyond_migration"))
    narrower = registered(hypothesis_id="H2", y_series="criticism_on_policy")
    both = rows(heard, registered=[registered(replaced_by="H2"), narrower])
    replaced, asked = one(both), one(both, "policy")
    assert (replaced["verdict"], replaced["objections"], replaced["replaced_by"]) == ("replaced", ["replaced"], "H2")
    assert "a narrower hypothesis takes its place" in replaced["verdict_text"]
    assert replaced["p_monitored"] == one(rows(known))["p_monitored"]
    assert (asked["verdict"], asked["replaced_by"]) == ("falls_with_need", None)
    # it counts as any other test does: here it shows nothing, and the other pays for it
    silent = heard.with_columns(criticism_beyond_migration=pl.lit(6))
    beside = one(rows(silent, registered=[registered(replaced_by="H2"), narrower]), "policy")
    assert beside["q"] == pytest.approx(2 * beside["p_monitored"])


def test_a_hypothesis_that_the_silence_test_cannot_answer_is_refused_by_name() -> None:
    with pytest.raises(EntenteError, match="hypothesis H1: silence is no criticism of indicators.silence_test"):
        rows(panel(1, -0.5), registered=[registered(y_series="silence")])
    with pytest.raises(EntenteError, match="hypothesis H1: the silence test cannot bear out a sign of none"):
        rows(panel(1, -0.5), registered=[registered(expected_sign="none")])
    with pytest.raises(EntenteError, match="hypothesis H2: hypothesis H1 is on criticism_beyond_migration already"):
        rows(panel(1, -0.5), registered=[registered(), registered(hypothesis_id="H2")])


def test_no_falsification_is_claimed_where_nobody_else_is_heard() -> None:
    alone = panel(1, -0.5).with_columns(pl.lit(None, pl.Int64).alias(name) for name in COUNTS if name.startswith("mx"))
    assert one(rows(alone))["falsification"] == "not_testable"


def test_the_estimate_does_not_depend_on_the_unit_of_encounters_nor_on_the_level_of_an_administration() -> None:
    known = panel(1, -0.5)
    row = one(rows(known))
    other = one(rows(known.with_columns(pl.col("encounters") * 10)))
    assert other["estimate"] == pytest.approx(row["estimate"], rel=1e-6)
    assert other["p"] == row["p"]
    assert other["need_deviation"] == pytest.approx(10 * row["need_deviation"])
    # one administration criticises ten times as often as the other, and neither changes with need
    often = pl.when(pl.col("administration") == "trump_2017").then(50).otherwise(5) + pl.col("month").dt.month() % 2
    step = known.with_columns(opportunities=pl.lit(60), criticism_beyond_migration=often)
    assert abs(one(rows(step))["estimate"]) < 0.005


def test_months_without_an_opportunity_weigh_nothing() -> None:
    known = panel(1, -0.5)
    silent = pl.col("month").dt.month() == 7
    emptied = known.with_columns(
        pl.when(silent).then(0).otherwise(pl.col(name)).alias(name)
        for name in ("opportunities", "criticism_beyond_migration")
    )
    row = one(rows(emptied))
    assert row["opportunities"] == known.filter(~silent)["opportunities"].sum()
    assert row["verdict"] == "falls_with_need"


def test_unrelated_slow_series_are_rarely_called_related() -> None:
    rng, called, by_moving, rounds = np.random.default_rng(3), 0, 0, 120
    for seed in range(rounds):
        known = panel(seed, 0.0, memory=0.9)
        odds = 1 / (1 + np.exp(1.5 - 0.6 * slow(rng, known.height, 0.9)))
        heard = known["opportunities"].to_numpy()
        known = known.with_columns(criticism_beyond_migration=rng.binomial(heard, odds))
        late = known.filter(pl.col("administration") == "biden_2021")
        found = estimate(
            known, late, "criticism_beyond_migration", "opportunities", with_calendar=False, paths=199, moves=49
        )
        called += found.p < 0.05
        by_moving += found.p_of_shifts < 0.05
    assert called <= 0.1 * rounds
    # moving the encounters along the months alone would call many more, which is why it does not decide
    assert by_moving > called


def test_rows_are_those_of_the_contract() -> None:
    contract = contract_files.load(ROOT)["indicators.silence_test_result"]
    found = rows(panel(1, -0.5))
    assert set(found.columns) | {"vintage"} == set(contract.columns)
    assert found.select(contract.grain).is_duplicated().sum() == 0
    for name in ("outcome", "administration", "model", "role", "verdict"):
        assert set(found[name]) <= set(contract.columns[name].values)
