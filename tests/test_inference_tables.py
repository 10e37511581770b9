"""`indicators.lead_lag` and `indicators.event_windows` on made-up series and events whose truth is known."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pytest

from pipelines import contract_files
from pipelines.errors import EntenteError
from pipelines.indicators import event_windows, lead_lag
from pipelines.project import ROOT
from pipelines.seeds import Seeds
from tests.calibration import worlds

DECLARED = contract_files.load(ROOT)
MONTHS = [date(2018 + place // 12, place % 12 + 1, 1) for place in range(96)]


def hypothesis(name: str, **told: Any) -> dict[str, Any]:
    held = {
        "hypothesis_id": name,
        "family": "made_up",
        "x_series": "first",
        "y_series": "second",
        "x_transformation": "level",
        "y_transformation": "level",
        "lag_months": 2,
        "expected_sign": "positive",
        "sample_from": date(2018, 1, 1),
        "sample_to": date(2026, 12, 1),
        "frozen_on": date(2025, 6, 30),
        "events": "plover = 'AGREE'",
        "replaced_by": None,
    }
    return {**held, **told}


def long(**series: np.ndarray) -> pl.DataFrame:
    frames = [
        pl.DataFrame({"month": MONTHS[: len(values)], "series": name, "value": values}).with_columns(
            pl.col("value").fill_nan(None), pl.lit(date(2026, 1, 15)).alias("vintage")
        )
        for name, values in series.items()
    ]
    return pl.concat(frames).sort("month", "series")


def related(rho: float, seed: int = 1) -> pl.DataFrame:
    x, y = worlds.related(rho, 2)(np.random.default_rng(seed), len(MONTHS))
    return long(first=x, second=y)


def only(rows: list[dict[str, Any]], method: str = "registered_lag") -> list[dict[str, Any]]:
    return [row for row in rows if row["method"] == method]


# Lead and lag -----------------------------------------------------------------------------------------------------


def test_a_planted_relation_is_an_association_at_its_registered_lag() -> None:
    (row,) = only(lead_lag.rows([hypothesis("H1")], related(0.7)))
    assert (row["verdict"], row["objections"]) == ("association", [])
    assert row["r_low"] < 0.7 < row["r_high"] + 0.1
    assert (row["term_months"], row["months_since_frozen"], row["vintage"]) == (108, 6, date(2026, 1, 15))


def test_the_same_relation_with_the_other_sign_registered_is_contrary() -> None:
    (row,) = only(lead_lag.rows([hypothesis("H1", expected_sign="negative")], related(0.7)))
    assert (row["verdict"], row["objections"]) == ("contrary", ["sign"])


def test_two_trends_are_no_association_however_sure_the_plain_correlation_is() -> None:
    trend = 0.1 * np.arange(len(MONTHS))
    noise = np.random.default_rng(2).normal(size=(2, len(MONTHS)))
    (row,) = only(lead_lag.rows([hypothesis("H1")], long(first=trend + noise[0], second=trend + noise[1])))
    assert row["naive_p"] < 1e-20
    assert row["verdict"] in ("undecided", "smaller_than_0_3")


def test_a_lag_that_was_only_looked_at_is_exploration_even_where_it_is_the_planted_one() -> None:
    scanned = only(lead_lag.rows([hypothesis("H1", lag_months=0)], related(0.7)), "lag_scan")
    assert [row["lag_months"] for row in scanned] == list(range(-6, 7))
    best = min(scanned, key=lambda row: row["p_best_of_lags"])
    assert (best["lag_months"], best["verdict"]) == (2, "exploratory")
    assert best["p_best_of_lags"] < 0.001


def test_another_hypothesis_leaves_the_figures_of_the_first_as_they_were() -> None:
    series = related(0.3)
    (alone,) = only(lead_lag.rows([hypothesis("H1")], series))
    first, _ = only(lead_lag.rows([hypothesis("H1"), hypothesis("H2", lag_months=1)], series))
    assert {**first, "q": None, "verdict_text": "", "verdict_es": ""} == {
        **alone,
        "q": None,
        "verdict_text": "",
        "verdict_es": "",
    }
    assert first["q"] >= alone["q"]


def test_too_few_months_are_not_testable_and_say_what_is_lacking() -> None:
    series = long(first=np.arange(30.0) % 7, second=np.arange(30.0) % 5)
    (row,) = lead_lag.rows([hypothesis("H1")], series)
    assert (row["verdict"], row["missing"]) == ("not_testable", "too_few_months")
    assert "26 months stand with the 4 before them, 30 are needed" in row["verdict_text"]


def test_the_logarithm_of_a_month_of_zero_names_the_hypothesis_and_the_remedy() -> None:
    series = long(first=np.arange(96.0), second=np.ones(96))
    with pytest.raises(EntenteError, match=r"hypothesis H1: first has a month of 0.*seeds/hypotheses\.csv"):
        lead_lag.rows([hypothesis("H1", x_transformation="log")], series)


def test_a_series_that_is_not_there_names_the_hypothesis_and_the_file() -> None:
    with pytest.raises(EntenteError, match=r"hypothesis H1: measures\.series has no third.*sql/measures/series\.sql"):
        lead_lag.rows([hypothesis("H1", y_series="third")], related(0.5))
    with pytest.raises(EntenteError, match=r"hypothesis H9: measures\.series has no second"):
        windows(series=long(first=np.ones(96)))


def test_months_outside_the_registered_sample_are_not_looked_at() -> None:
    (row,) = only(lead_lag.rows([hypothesis("H1", sample_from=date(2019, 1, 1))], related(0.5)))
    assert row["first_month"] == date(2019, 1, 1)
    assert row["naive_n"] == 82


# Event windows ----------------------------------------------------------------------------------------------------


def events(days: list[date], **told: Any) -> pl.DataFrame:
    held = {"date_precision": "day", "plover": "AGREE", **told}
    return pl.DataFrame(
        {"event_id": [f"event-{place}" for place in range(len(days))], "event_date": days}
    ).with_columns(**{name: pl.lit(value) for name, value in held.items()})


DAYS = [date(2019, 3, 9), date(2020, 2, 1), date(2021, 5, 31), date(2022, 9, 2), date(2023, 7, 7), date(2024, 8, 20)]
NO_DAYS = pl.DataFrame(
    schema={"date": pl.Date, "series": pl.String, "office": pl.String, "amount": pl.Float64, "words": pl.Float64}
)


def outcome(shift: float) -> pl.DataFrame:
    values = np.random.default_rng(3).normal(size=len(MONTHS))
    for day in DAYS:
        place = MONTHS.index(day.replace(day=1))
        values[place : place + 3] += shift
    return long(second=values)


def windows(**told: Any) -> list[dict[str, Any]]:
    given = {"chosen": events(DAYS), "series": outcome(1.5), "daily": NO_DAYS, **told}
    return event_windows.rows([hypothesis("H9")], given["chosen"], given["series"], given["daily"])


def test_an_effect_after_every_event_departs_and_each_event_by_itself_is_exploration() -> None:
    rows = windows()
    (registered,) = [row for row in rows if row["is_registered"]]
    assert (registered["verdict"], registered["events"], registered["n_placebo"]) == ("departs", 6, 2000)
    assert registered["departure"] == pytest.approx(1.5, abs=0.5)
    assert {row["verdict"] for row in rows if row["event_id"] != "all"} == {"exploratory"}


def test_no_effect_is_not_shown() -> None:
    (registered,) = [row for row in windows(series=outcome(0.0)) if row["is_registered"]]
    assert registered["verdict"] == "not_shown"


def test_fewer_than_five_events_are_never_said_to_depart() -> None:
    (registered,) = [row for row in windows(chosen=events(DAYS[:4])) if row["is_registered"]]
    assert registered["p_monitored"] < 0.05
    assert registered["verdict"] == "too_few_events"


def test_a_replaced_hypothesis_keeps_its_figures_and_its_place_in_the_family_and_is_not_judged() -> None:
    replaced, narrower = hypothesis("H9", replaced_by="H9z"), hypothesis("H9z")
    made = event_windows.rows([replaced, narrower], events(DAYS), outcome(1.5), NO_DAYS)
    rows = {row["hypothesis_id"]: row for row in made if row["is_registered"]}
    assert (rows["H9"]["verdict"], rows["H9z"]["verdict"]) == ("replaced", "departs")
    assert rows["H9"]["departure"] == rows["H9z"]["departure"]
    alone = [row for row in event_windows.rows([narrower], events(DAYS), outcome(1.5), NO_DAYS) if row["is_registered"]]
    assert rows["H9z"]["q"] == pytest.approx(alone[0]["q"], rel=0.5)
    assert rows["H9z"]["q"] >= alone[0]["q"]
    (row,) = only(lead_lag.rows([hypothesis("H1", replaced_by="H1z")], related(0.7)))
    assert (row["verdict"], row["objections"]) == ("replaced", ["replaced"])


def test_tests_of_the_family_in_other_tables_raise_q() -> None:
    (alone,) = only(lead_lag.rows([hypothesis("H1")], related(0.3)))
    (beside,) = only(lead_lag.rows([hypothesis("H1")], related(0.3), {"made_up": 2, "another": 9}))
    assert beside["q"] == pytest.approx(min(1.0, 3 * alone["q"]))
    assert beside["p_monitored"] == alone["p_monitored"] < 0.4


def test_events_after_the_hypothesis_was_frozen_are_counted_and_told() -> None:
    seen = [DAYS[0].replace(day=20), *DAYS]
    made = event_windows.rows([hypothesis("H9", frozen_on=DAYS[3])], events(seen), outcome(1.5), NO_DAYS)
    found = {row["event_id"]: row for row in made if row["window_name"] == "after_3m"}
    assert (found["all"]["events"], found["all"]["events_since_frozen"]) == (6, 2)
    assert "2 of 6 events after it was frozen on 2022-09-02" in found["all"]["verdict_text"]
    assert "2 de 6 acontecimientos después de fijarse el 2022-09-02" in found["all"]["verdict_es"]
    assert [found[f"event-{place}"]["events_since_frozen"] for place in range(7)] == [0, 0, 0, 0, 0, 1, 1]
    # an episode that began before is not new, whatever came in the same month after
    (again,) = [
        row
        for row in event_windows.rows([hypothesis("H9", frozen_on=DAYS[0])], events(seen), outcome(1.5), NO_DAYS)
        if row["is_registered"]
    ]
    assert (again["events"], again["events_since_frozen"]) == (6, 5)


def test_only_the_events_that_the_hypothesis_chooses_are_looked_at() -> None:
    rows = windows(chosen=events(DAYS, plover="SANCTION"))
    assert {row["event_id"] for row in rows} == {"all"}
    assert {row["verdict"] for row in rows} == {"not_testable"}


def test_rates_of_words_are_looked_at_by_day_on_both_sides_of_the_event() -> None:
    first = date(2018, 1, 1)
    span = [first + timedelta(days=place) for place in range(2800)]
    near = {day + timedelta(days=ahead) for day in DAYS for ahead in range(7)}
    drawn = np.random.default_rng(4).poisson(1.0, len(span)).astype(float)
    amounts = [value + 4.0 * (day in near) for day, value in zip(span, drawn, strict=True)]
    office = {"office": "mx_presidency"}
    said = pl.DataFrame({"date": span, "series": "second", **office, "amount": amounts, "words": None})
    words = pl.DataFrame({"date": span, "series": None, **office, "amount": None, "words": 5000.0})
    daily = pl.concat([said.cast(dict(NO_DAYS.schema)), words.cast(dict(NO_DAYS.schema))])
    found = {row["window_name"]: row for row in windows(daily=daily) if row["event_id"] == "all"}
    assert set(found) == {f"{side}_{span}" for side in ("after", "before") for span in ("3m", "7d", "30d", "90d")}
    assert found["after_7d"]["departure"] == pytest.approx(8.0, abs=1.5)
    assert found["after_7d"]["p_randomised"] < 0.001
    assert found["before_7d"]["p_randomised"] > 0.05
    assert found["after_7d"]["verdict"] == "exploratory"


# The hypotheses ---------------------------------------------------------------------------------------------------


def test_every_claim_of_the_documents_is_registered_or_says_why_not() -> None:
    held = Seeds(ROOT, DECLARED)["hypotheses"]
    claims = held["hypothesis_id"].str.extract(r"^(H\d+)[a-z]$").unique().drop_nulls()
    assert sorted(claims, key=lambda name: int(name[1:])) == [f"H{number}" for number in range(1, 13)]
    assert held.filter((pl.col("status") != "registered") & pl.col("reason").is_null()).is_empty()


def test_every_condition_on_events_chooses_some_and_a_replacement_fewer_of_the_same() -> None:
    seeds = Seeds(ROOT, DECLARED)
    asked = seeds["hypotheses"].filter(pl.col("tested_by") == "event_windows")
    chosen = {
        name: set(seeds["events"].sql(f"select event_id from self where {condition}")["event_id"])
        for name, condition in asked.select("hypothesis_id", "events").iter_rows()
    }
    assert [name for name, held in chosen.items() if not held] == []
    replacing = asked.filter(pl.col("replaces").is_not_null()).select("hypothesis_id", "replaces").rows()
    assert replacing
    assert [name for name, replaced in replacing if not chosen[name] < chosen[replaced]] == []


def test_no_frozen_hypothesis_was_changed() -> None:
    rule = DECLARED["seeds.hypotheses"].rules["frozen_row_is_unchanged"]
    with duckdb.connect() as connection:
        connection.execute("create schema seeds")
        connection.register("held", Seeds(ROOT, DECLARED)["hypotheses"].to_arrow())
        connection.execute("create table seeds.hypotheses as from held")
        changed = connection.execute(rule.sql).fetchall()
    assert changed == [], rule.about
