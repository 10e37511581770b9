"""The parts of the honest association, each against something known: a library, a closed form, a planted truth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats
from statsmodels.tsa.ar_model import AutoReg

from pipelines.inference import gate, verdicts
from pipelines.inference.association import Finding, Naive, Pair, naive, power
from pipelines.inference.bands import band, block_length, resampled
from pipelines.inference.correlation import by_lag, pairs, studentised
from pipelines.inference.inversion import unrejected
from pipelines.inference.multiplicity import family_q_values, q_values
from pipelines.inference.prewhitening import Filtered, whiten
from pipelines.inference.sequential import critical_p, inside, monitored_p
from pipelines.inference.windows import departures, episodes, judged, rate_changes
from tests.calibration import worlds


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


# Own filters ------------------------------------------------------------------------------------------------------


def test_filter_is_that_of_autoreg_where_there_is_no_gap() -> None:
    values = worlds.autoregressive(rng(3).normal(size=190), 0.6)
    own = whiten(values, 1)
    known = AutoReg(values, len(own.coefficients)).fit()
    assert len(own.coefficients) > 0
    assert own.innovations[len(own.coefficients) :] == pytest.approx(known.resid, abs=1e-9)
    assert own.coefficients == pytest.approx(known.params[1:], abs=1e-9)


def test_a_gap_leaves_out_the_months_whose_past_is_in_it_and_no_others() -> None:
    values = worlds.autoregressive(rng(4).normal(size=190))
    values[40:45] = np.nan
    own = whiten(values, 1)
    order = len(own.coefficients)
    unknown = np.flatnonzero(np.isnan(own.innovations)).tolist()
    assert unknown == [*range(order), *range(40, 45 + order)]


def test_seasons_are_filtered_where_there_are_seasons_only() -> None:
    season = 3 * np.sin(2 * np.pi * np.arange(96) / 12)
    noise = rng(5).normal(size=96)
    assert whiten(noise + season, 4).seasonal
    assert not whiten(noise, 4).seasonal
    assert whiten(noise + season, 4).words == "AR(0) with seasons"


def test_innovations_of_a_persistent_series_have_no_memory_left() -> None:
    values = worlds.autoregressive(rng(6).normal(size=191))
    own = whiten(values, 1)
    assert abs(stats.pearsonr(values[1:], values[:-1])[0]) > 0.6
    assert own.whiteness_p > 0.05


def test_too_short_and_constant_series_are_refused() -> None:
    with pytest.raises(ValueError, match="30 are needed"):
        whiten(rng().normal(size=33), 1)
    with pytest.raises(ValueError, match="does not vary"):
        whiten(np.ones(60), 1)


# Correlation ------------------------------------------------------------------------------------------------------


def test_correlation_of_many_lags_at_once_is_that_of_each_pair_by_pair() -> None:
    x, y = rng(7).normal(size=(2, 70))
    x[10:13], y[40] = np.nan, np.nan
    found = by_lag(x, y, range(-6, 7), 19, rng())
    for place, lag in enumerate(range(-6, 7)):
        u, v = pairs(x, y, lag)
        z, spread = studentised(u, v)
        assert (found.n[place], found.r[place]) == (len(u), pytest.approx(np.corrcoef(u, v)[0, 1]))
        assert found.t[place] == pytest.approx(z / spread)


def test_a_positive_lag_means_that_x_comes_first() -> None:
    x = rng(8).normal(size=90)
    y = np.concatenate([rng(9).normal(size=2), x[:-2]])
    found = by_lag(x, y, range(-6, 7), 199, rng())
    assert int(np.argmax(np.abs(found.r))) - 6 == 2
    assert found.p_best[8] == pytest.approx(1 / 200)


def test_the_best_of_lags_is_never_surer_than_its_lag_alone() -> None:
    found = by_lag(*rng(10).normal(size=(2, 80)), range(-6, 7), 499, rng())
    assert (found.p_best >= found.p).all()
    assert found.p_best.min() > found.p.min()


def test_effective_number_of_months_is_that_of_bartlett() -> None:
    x, y = worlds.persistent(rng(11), 91)
    plain = naive(x, y, 0)
    memory = np.corrcoef(x[1:], x[:-1])[0, 1] * np.corrcoef(y[1:], y[:-1])[0, 1]
    assert plain.effective_n == pytest.approx(91 * (1 - memory) / (1 + memory))
    assert plain.effective_n_p > plain.p


def test_power_is_that_of_fishers_z() -> None:
    assert power(0.3, 85, 0.05) == pytest.approx(0.80, abs=0.01)
    assert power(0.3, 85, 0.01) < power(0.3, 85, 0.05)


# Bands ------------------------------------------------------------------------------------------------------------


def test_band_holds_its_correlation_and_is_no_narrower_than_that_of_normal_innovations() -> None:
    u, v = rng(12).normal(size=(2, 80))
    low, high = band(u, v, 999, rng())
    r = np.corrcoef(u, v)[0, 1]
    assert low < r < high
    assert np.arctanh(high) - np.arctanh(low) > 0.9 * 2 * 1.645 / np.sqrt(77)


def test_blocks_keep_neighbours_together_and_are_short_where_nothing_is_dependent() -> None:
    places = resampled(80, 200, 4.0, rng())
    follows = (np.diff(places, axis=1) % 80 == 1).mean()
    assert follows == pytest.approx(0.75, abs=0.03)
    assert block_length(rng(13).normal(size=80)) <= 80 ** (1 / 3)


# Several questions, several looks ---------------------------------------------------------------------------------


def test_q_is_that_of_benjamini_and_hochberg_and_a_test_not_made_does_not_count() -> None:
    assert q_values([0.01, None, 0.04, 0.03]) == [pytest.approx(0.03), None, pytest.approx(0.04), pytest.approx(0.04)]
    assert q_values([None]) == [None]


def test_families_are_corrected_by_themselves() -> None:
    assert family_q_values(["a", "b", "a"], [0.02, 0.04, 0.5]) == pytest.approx([0.04, 0.04, 0.5])


def test_tests_made_elsewhere_count_as_if_they_had_found_nothing() -> None:
    assert q_values([0.01, 0.03], 2) == pytest.approx(q_values([0.01, 0.03, 1.0, 1.0])[:2])
    assert q_values([0.01, 0.03], 2)[0] > q_values([0.01, 0.03])[0]
    assert family_q_values(["a", "b"], [0.02, 0.04], {"b": 1, "c": 5}) == pytest.approx([0.02, 0.08])


def test_a_walk_stays_inside_as_often_as_simulated_walks_do() -> None:
    steps = rng(14).normal(size=(4000, 2000)) / np.sqrt(2000)
    farthest = np.abs(np.cumsum(steps, axis=1)).max(axis=1)
    assert inside(1.6) == pytest.approx((farthest < 1.6).mean(), abs=0.03)
    assert inside(2.2414) == pytest.approx(0.95, abs=1e-4)


def test_an_early_look_asks_more_than_a_late_one() -> None:
    early, late = (monitored_p(0.01, months, 111) for months in (40, 110))
    assert 0.01 < late < 0.05 < early
    assert critical_p(0.05, 40, 111) < critical_p(0.05, 110, 111) < 0.05
    assert monitored_p(critical_p(0.05, 80, 111), 80, 111) == pytest.approx(0.05)


def test_a_test_is_over_after_its_term() -> None:
    with pytest.raises(ValueError, match="ends after 90"):
        monitored_p(0.01, 91, 90)


# Windows ----------------------------------------------------------------------------------------------------------


def test_departure_is_from_the_forecast_iterated_from_the_months_before() -> None:
    own = Filtered(np.zeros(6), np.array([0.5]), np.full(6, 1.0), seasonal=False)
    departed = departures(np.array([2.0, 2.0, 4.0, 8.0, 2.0, np.nan]), own, 2)
    # From 2 the filter foretells 1 + 1 = 2 and again 2; 4 and 8 are 2 and 6 above.
    assert departed[2] == pytest.approx(4.0)
    assert np.isnan(departed[[0, 4, 5]]).all()


def test_events_within_one_window_are_one_episode() -> None:
    departed = np.array([0.0, 1.0, np.nan, 3.0, 4.0, 5.0])
    assert episodes([1, 3, 4, 9, -2, 2], departed, 3) == [1, 4]


def test_one_event_is_compared_with_every_other_date() -> None:
    departed = np.arange(20.0)
    found = judged(departed, [19], 3, 0, rng())
    assert found is not None
    assert (found.value, found.placebos, found.events) == (19.0, 19, 1)
    assert found.p == pytest.approx(1 / 20)
    assert judged(np.full(5, np.nan), [2], 3, 0, rng()) is None


def test_several_events_are_compared_with_as_many_random_ones() -> None:
    departed = np.zeros(80)
    departed[[5, 25, 45, 65]] = 3.0
    found = judged(departed, [5, 25, 45, 65], 3, 2000, rng())
    assert found is not None
    assert (found.events, found.placebos) == (4, 2000)
    assert found.p < 0.01


def test_a_rate_is_compared_with_the_ninety_days_before_its_window() -> None:
    amounts, words = np.zeros(300), np.full(300, 1000.0)
    amounts[100:190], amounts[190:197] = 1.0, 3.0
    changed = rate_changes(amounts, words, 7, 0)
    assert changed[190] == pytest.approx(20.0)
    assert rate_changes(amounts, words, 7, -7)[197] == pytest.approx(20.0)
    assert np.isnan(changed[89])
    words[190:197] = 100.0
    assert np.isnan(rate_changes(amounts, words, 7, 0)[190])


# The gate ---------------------------------------------------------------------------------------------------------


def finding(**told: float) -> Finding:
    plain = Naive(n=90, r=0.5, p=1e-6, effective_n=20.0, effective_n_p=0.02)
    sound = {
        "n": 88,
        "r": 0.45,
        "r_low": 0.3,
        "r_high": 0.6,
        "p": 1e-4,
        "p_monitored": 1e-3,
        "r_without_top_month": 0.42,
        "power_at_0_3": 0.6,
    }
    return Finding(plain, **{**sound, **told})


def objections(
    found: Finding, whiteness_p: float = 0.5, q: float = 0.01, sign: str = "positive", *, replaced: bool = False
) -> list[str]:
    return gate.objections(found, whiteness_p, q, sign, 111, replaced=replaced)


def test_a_sound_finding_passes() -> None:
    assert objections(finding()) == []
    assert gate.verdict(finding(), [], "positive") == "association"


def test_a_relation_refutes_the_claim_that_nothing_moves_and_a_band_around_nought_bears_it_out() -> None:
    assert objections(finding(), sign="none") == []
    assert gate.verdict(finding(), [], "none") == "contrary"
    small = finding(p_monitored=0.9, r=0.0, r_low=-0.2, r_high=0.2)
    assert gate.verdict(small, objections(small, sign="none"), "none") == "smaller_than_0_3"


@pytest.mark.parametrize(
    ("told", "more", "objection", "verdict"),
    [
        ({"p_monitored": 0.06}, {}, "chance", "undecided"),
        ({}, {"q": 0.06}, "family", "undecided"),
        ({"r_without_top_month": 0.2}, {}, "one_month", "unsafe"),
        ({"r_without_top_month": -0.4}, {}, "one_month", "unsafe"),
        ({}, {"whiteness_p": 0.001}, "memory_left", "unsafe"),
        ({"n": 35}, {}, "few_months", "unsafe"),
        ({"n": 112}, {}, "term_over", "unsafe"),
        ({}, {"sign": "negative"}, "sign", "contrary"),
        ({}, {"replaced": True}, "replaced", "replaced"),
        ({"p_monitored": 0.9, "r": 0.0, "r_low": -0.2, "r_high": 0.2}, {}, "chance", "smaller_than_0_3"),
    ],
)
def test_each_objection_keeps_a_finding_from_being_an_association(
    told: dict[str, float], more: dict[str, Any], objection: str, verdict: str
) -> None:
    held = objections(finding(**told), **more)
    assert objection in held
    assert gate.verdict(finding(**told), held, str(more.get("sign", "positive"))) == verdict


def silence(**told: object) -> dict[str, object]:
    sound = {
        "is_registered": True,
        "registered_sign": -1,
        "estimate": -0.05,
        "estimate_low": -0.08,
        "estimate_high": -0.02,
        "estimate_without_top_month": -0.04,
        "months": 100,
        "term_months": 120,
        "p": 0.001,
        "p_monitored": 0.01,
        "q": 0.02,
        "whiteness_p": 0.5,
        "falsification": "passed",
        "signs_differ": False,
        "replaced_by": None,
        "missing": None,
    }
    row = {**sound, **told}
    row["objections"] = gate.silence_objections(row)
    row["verdict"] = gate.silence_verdict(row)
    return row


@pytest.mark.parametrize(
    ("told", "objection", "verdict"),
    [
        ({"p_monitored": 0.06}, "chance", "undecided"),
        ({"q": 0.06}, "family", "undecided"),
        ({"estimate_without_top_month": -0.02}, "one_month", "unsafe"),
        ({"whiteness_p": 0.001}, "memory_left", "unsafe"),
        ({"months": 35}, "few_months", "unsafe"),
        ({"months": 121}, "term_over", "unsafe"),
        ({"falsification": "failed"}, "not_specific", "not_specific"),
        ({"signs_differ": True}, "signs_differ", "signs_differ"),
        ({"estimate": 0.05, "estimate_without_top_month": 0.05}, "sign", "rises_with_need"),
        ({"replaced_by": "H2"}, "replaced", "replaced"),
    ],
)
def test_each_objection_keeps_criticism_from_being_said_to_fall_with_need(
    told: dict[str, object], objection: str, verdict: str
) -> None:
    row = silence(**told)
    assert row["objections"] == [objection]
    assert row["verdict"] == verdict
    assert "falls as need rises" not in verdicts.silence_words(row)[0]


def test_a_sound_silence_is_said_with_its_figures_and_no_cause() -> None:
    row = silence()
    assert (row["objections"], row["verdict"]) == ([], "falls_with_need")
    english, spanish = verdicts.silence_words(row)
    assert english.startswith("Criticism falls as need rises, as registered: -5.0 points")
    assert english.endswith("This says nothing of causes.")
    assert "baja cuando sube la necesidad" in spanish
    assert gate.silence_verdict({**row, "is_registered": False}) == "exploratory"


@pytest.mark.parametrize(
    ("registered", "estimate", "verdict", "told"),
    [
        (1, 0.05, "rises_with_need", "Criticism rises with need, as registered: +5.0"),
        (1, -0.05, "falls_with_need", "Criticism falls as need rises, against what was registered: -5.0"),
        (-1, 0.05, "rises_with_need", "Criticism rises with need, against what was registered: +5.0"),
        (0, -0.05, "falls_with_need", "Criticism falls as need rises, either of which was registered: -5.0"),
    ],
)
def test_what_is_as_registered_follows_from_the_sign_that_was(
    registered: int, estimate: float, verdict: str, told: str
) -> None:
    row = silence(registered_sign=registered, estimate=estimate, estimate_without_top_month=estimate)
    assert row["verdict"] == verdict
    assert row["objections"] == (["sign"] if registered * estimate < 0 else [])
    assert verdicts.silence_words(row)[0].startswith(told)


def test_the_band_of_a_slope_is_where_the_estimate_is_and_wider_with_fewer_statements() -> None:
    drawn = rng(16)
    need, courses = drawn.normal(size=90), drawn.normal(size=(199, 90))
    n, level = drawn.poisson(60, 90).astype(float), np.ones((90, 1))
    y = drawn.binomial(n.astype(int), 1 / (1 + np.exp(1.5 + 0.4 * need))).astype(float)
    low, high = unrejected(-0.4, need, courses, level, y, n)
    assert -0.6 < low < -0.4 < high < -0.2
    few = n // 10 + 1
    said = drawn.binomial(few.astype(int), 1 / (1 + np.exp(1.5 + 0.4 * need))).astype(float)
    fewer = unrejected(-0.4, need, courses, level, said, few)
    assert fewer[1] - fewer[0] > 2 * (high - low)
    # courses that are the encounters themselves explain whatever they explain
    assert unrejected(-0.4, need, np.tile(need, (19, 1)), level, y, n) == (-np.inf, np.inf)


def test_every_verdict_and_objection_has_words_in_both_languages() -> None:
    assert set(verdicts.ENGLISH) == set(verdicts.SPANISH) == set(gate.VERDICTS)
    assert {*verdicts.OBJECTIONS_ENGLISH, "not_registered"} == set(gate.OBJECTIONS)
    assert set(verdicts.OBJECTIONS_SPANISH) == set(verdicts.OBJECTIONS_ENGLISH)
    assert set(verdicts.WINDOWS_ENGLISH) == set(verdicts.WINDOWS_SPANISH)
    assert set(verdicts.SILENCE_ENGLISH) == set(verdicts.SILENCE_SPANISH)
    assert {*verdicts.SILENCE_OBJECTIONS_ENGLISH, "not_registered"} == set(gate.SILENCE_OBJECTIONS)
    assert set(verdicts.SILENCE_OBJECTIONS_SPANISH) == set(verdicts.SILENCE_OBJECTIONS_ENGLISH)
    assert set(verdicts.LACKS_ENGLISH) == set(verdicts.LACKS_SPANISH)


def test_the_words_carry_both_figures_and_no_cause() -> None:
    english, spanish = verdicts.words("undecided", ["chance"], finding())
    for text in (english, spanish):
        assert "+0.45" in text
        assert "+0.50" in text
    assert english.endswith("This says nothing of causes.")
    assert "moves together" not in english


def test_a_jump_of_both_in_one_month_is_no_association() -> None:
    x, y = worlds.broken_together(rng(15), 91)
    found = Pair.of(x, y, 1).at(0, 111, 999, 199, rng())
    assert found.naive.p < 1e-6
    assert found.r_without_top_month < found.r / 2
    assert "one_month" in objections(found)
