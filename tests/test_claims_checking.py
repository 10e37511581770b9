"""Verdicts follow from the figures of all legitimate readings, as known on the day and as known now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest

from pipelines.claims import books, lines
from pipelines.claims.lines import Claimant
from pipelines.claims.periods import month_of
from pipelines.claims.quantities import Quantity
from pipelines.claims.tolerance import fits
from pipelines.claims.windows import Window, last_public
from pipelines.project import ROOT

# Fiscal years 2020 and 2021 at the southwest border: 100 lb a month in one load, then 300 lb in two; elsewhere a tenth.
# What was first published of the last month was 330 lb, and 300 lb from June 2022 on.
MADE = """
create schema vintages; create schema as_of;
create table vintages.releases (dataset varchar, vintage date);
insert into vintages.releases values ('cbp_drug_seizures', '2021-11-15'), ('cbp_drug_seizures', '2022-06-15');
create table held as
select month, 'fentanyl' as drug, region, component, area, seized_lb, events, valid_from, valid_to
from (
  select
    date '2019-10-01' + to_months(place::integer) as month,
    if(place < 12, 100.0, 300.0) as lb,
    if(place < 12, 1, 2) as loads
  from range(24) as months(place)
),
(values ('southwest_border', 'ofo', 'tucson_field_office', 1.0), ('northern_border', 'usbp', 'blaine_sector', 0.1))
  as parts(region, component, area, part),
lateral (
  select lb * part as seized_lb, if(part = 1, loads, 0) as events, date '2021-11-15' as valid_from,
    if(month = '2021-09-01', date '2022-06-15', date '9999-12-31') as valid_to
);
update held set seized_lb = seized_lb * 1.1 where valid_to = '2022-06-15';
insert into held
select * replace (seized_lb / 1.1 as seized_lb, valid_to as valid_from, date '9999-12-31' as valid_to)
from held where valid_to = '2022-06-15';
create macro as_of.day() as coalesce(cast(getvariable('as_of') as date), date '9999-12-30');
create view as_of.cbp_drug_seizures as select * from held where valid_from <= as_of.day() and as_of.day() < valid_to;
"""


@pytest.fixture(scope="module")
def claimant() -> Iterator[Claimant]:
    with duckdb.connect() as connection:
        connection.execute(MADE)
        yield Claimant(ROOT, connection)


def check(claimant: Claimant, sentence: str, day: str = "2022-12-01") -> list[dict[str, Any]]:
    return claimant([{"id": 1, "sentence": sentence, "lang": "en", "date": day}])[0]["claims"]


def verdicts(claimant: Claimant, sentence: str, day: str = "2022-12-01") -> list[str]:
    return [claim["verdict"] for claim in check(claimant, sentence, day)]


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("CBP seized 3,600 pounds of fentanyl at the southwest border in fiscal year 2021.", "supported"),
        ("CBP seized 3,960 pounds of fentanyl at the southwest border in fiscal year 2021.", "supported_under_reading"),
        ("CBP seized 3,960 pounds of fentanyl in fiscal year 2021.", "supported"),
        ("CBP seized 5,000 pounds of fentanyl in fiscal year 2021.", "contradicted"),
        ("CBP seized nearly 3,700 pounds of fentanyl at the southwest border in fiscal year 2021.", "supported"),
        ("CBP seized over 3,500 pounds of fentanyl at the southwest border in fiscal year 2021.", "supported"),
        ("CBP seized over 1,500 pounds of fentanyl at the southwest border in fiscal year 2021.", "contradicted"),
        ("CBP seized less than 3,500 pounds of fentanyl at the southwest border in fiscal year 2021.", "contradicted"),
        ("Fentanyl seizures at the southwest border rose 200 percent from FY2020 to FY2021.", "supported"),
        ("Fentanyl seizures at the southwest border doubled from FY2020 to FY2021.", "supported_under_reading"),
        ("Fentanyl seizures at the southwest border fell 40 percent in fiscal year 2021.", "contradicted"),
        ("CBP seized 3,600 pounds of fentanyl in the Tucson sector in fiscal year 2021.", "not_checkable"),
        ("CBP and HSI seized 3,600 pounds of fentanyl in fiscal year 2021.", "not_checkable"),
        ("CBP seized 3,600 pounds of fentanyl at the southwest border in fiscal year 2017.", "not_checkable"),
        ("CBP seized 3,600 pounds of fentanyl at the southwest border.", "not_checkable"),
    ],
)  # fmt: skip
def test_the_verdict_is_that_of_the_codebook(claimant: Claimant, sentence: str, verdict: str) -> None:
    assert verdicts(claimant, sentence) == [verdict]


def test_what_fitted_the_figures_of_its_day_is_outdated(claimant: Claimant) -> None:
    said = "CBP seized 330 pounds of fentanyl at the southwest border in September 2021."
    (claim,) = check(claimant, said, "2022-01-10")
    assert (claim["verdict"], claim["verdict_then"]) == ("outdated", "supported")
    assert (claim["official_value"], claim["official_value_then"]) == (pytest.approx(300), pytest.approx(330))


def test_before_the_first_release_nothing_was_known(claimant: Claimant) -> None:
    (claim,) = check(claimant, "CBP seized 100 pounds of fentanyl at the southwest border in March 2020.", "2020-06-01")
    assert (claim["verdict"], claim["verdict_then"], claim["official_value_then"]) == (
        "supported",
        "not_checkable",
        None,
    )


def test_every_reading_has_its_figure_and_whether_it_fits(claimant: Claimant) -> None:
    said = "Fentanyl seizures at the southwest border tripled from fiscal year 2020 to fiscal year 2021."
    (claim,) = check(claimant, said)
    told = {(each["reading"], each["about"].split(", ")[-1]): each for each in claim["readings"]}
    weight = told["southwest_lb", "fiscal year 2021 over fiscal year 2020"]
    number = told["southwest_events", "fiscal year 2021 over fiscal year 2020"]
    assert (weight["value"], weight["within_tolerance"], weight["standing"]) == (pytest.approx(3), True, "default")
    assert (number["value"], number["within_tolerance"], number["standing"]) == (pytest.approx(2), False, "named")


def test_the_sql_of_a_reading_gives_its_figure_when_run_by_hand(claimant: Claimant) -> None:
    connection = duckdb.connect()
    connection.execute(MADE)
    said = [
        "CBP seized 300 pounds of fentanyl a month at the southwest border in fiscal year 2021.",
        "Fentanyl seizures at the southwest border doubled since fiscal year 2020.",
        "More than 90 percent of fentanyl was seized at ports of entry in fiscal year 2021.",
        "In fiscal year 2021 fentanyl seizures at the southwest border were at a record high.",
        "Fentanyl seizures at the border have increased for three straight months.",
    ]
    ran = 0
    for sentence in said:
        for claim in check(claimant, sentence, "2021-12-20"):
            for reading in claim["readings"]:
                for day, figure in ((None, "value"), ("2021-12-20", "value_then")):
                    connection.execute(f"set variable as_of = date '{day}'" if day else "reset variable as_of")
                    row = connection.execute(reading["sql"]).fetchone()
                    value = None if row is None or row[0] is None else float(row[0])
                    assert value == pytest.approx(reading[figure]), (sentence, reading["about"], day)
                    ran += value is not None
    assert ran > 20
    connection.close()


def test_a_rate_divides_by_the_days_or_months_of_its_period(claimant: Claimant) -> None:
    said = "CBP seized an average of 300 pounds of fentanyl each month at the southwest border in fiscal year 2021."
    (claim,) = check(claimant, said)
    assert (claim["verdict"], claim["unit"], claim["official_value"]) == (
        "supported",
        "lb per month",
        pytest.approx(300),
    )


def test_official_statements_that_differ_leave_nothing_to_prefer(claimant: Claimant) -> None:
    row = {
        "id": 1,
        "lang": "es",
        "date": "2020-12-31",
        "sentence": "En 2019 se aseguraron 222 kilogramos de fentanilo.",
    }
    (claim,) = claimant([row])[0]["claims"]
    assert (claim["verdict"], claim["official_value"]) == ("conflicting_sources", None)
    assert "184 kg" in claim["reason"]
    agreed = {**row, "sentence": "En 2018 se aseguraron 222 kilogramos de fentanilo."}
    assert [each["verdict"] for each in claimant([agreed])[0]["claims"]] == ["not_checkable"]


# Tolerance ------------------------------------------------------------------------------------------------------------


def quantity(value: float, modifier: str, step: float = 1.0, **more: Any) -> Quantity:
    return Quantity(0, 1, 0, (0, 1), value, step, "count", "deaths", modifier, **more)


@pytest.mark.parametrize(
    ("said", "kind", "official", "fitting"),
    [
        (quantity(50, "exact", 10), "change_pct", 47.5, True),
        (quantity(50, "exact", 10), "change_pct", 47.4, False),
        (quantity(57.48, "exact", 0.01), "change_pct", 56.91, True),
        (quantity(57.48, "exact", 0.01), "change_pct", 58.06, False),
        (quantity(107000, "about", 1000), "level", 112350, True),
        (quantity(107000, "about", 1000), "level", 112351, False),
        (quantity(93000, "more_than"), "level", 92100, True),
        (quantity(93000, "more_than"), "level", 92000, False),
        (quantity(93000, "more_than"), "level", 186001, False),
        (quantity(2, "more_than"), "change_ratio", 9, True),
        (quantity(90, "more_than"), "share", 89.6, False),
        (quantity(100, "less_than"), "level", 101, True),
        (quantity(100, "up_to"), "level", 102, False),
        (quantity(-30, "exact", 10), "change_pct", 30, False),
        (quantity(20000, "at_least", 0, is_order=True), "level", 100000, True),
        (quantity(20000, "at_least", 0, is_order=True), "level", 100001, False),
        (quantity(20000, "at_least", 0, is_order=True), "level", 9999, False),
        (quantity(1, "exact"), "rank", 2, False),
    ],
)
def test_the_tolerance_follows_the_printed_precision_and_the_modifier(
    said: Quantity, kind: str, official: float, fitting: bool
) -> None:
    assert fits(said, kind, official) is fitting


# Figures --------------------------------------------------------------------------------------------------------------


def test_a_span_with_a_month_missing_has_no_figure() -> None:
    series = {month_of(2022, month): (1.0, 1.0) for month in range(1, 13) if month != 5}
    whole = Window(month_of(2022, 1), month_of(2022, 12), "", "default")
    assert books.level(series, "flow", whole) is None
    assert books.level(series, "flow", Window(month_of(2022, 6), month_of(2022, 12), "", "default")) == 7
    assert books.level(series, "twelve_months", whole) == 1


def test_a_rank_counts_the_spans_before_it() -> None:
    series = {month_of(2022, month): (float(month % 5), 1.0) for month in range(1, 13)}
    march = Window(month_of(2022, 3), month_of(2022, 3), "", "default")
    assert books.rank(series, "flow", march, is_high=True, since=None) == 1
    assert books.rank(series, "flow", march, is_high=False, since=None) == 3
    assert books.rank(series, "flow", march, is_high=False, since=month_of(2022, 3)) is None


def test_a_streak_ends_where_the_figure_turns() -> None:
    series = {month_of(2022, month): (value, 1.0) for month, value in enumerate([5, 9, 8, 7, 7], start=1)}
    assert books.streak(series, month_of(2022, 4), is_rise=False) == 2
    assert books.streak(series, month_of(2022, 5), is_rise=False) == 0
    assert books.streak(series, month_of(2022, 6), is_rise=False) is None


def test_the_last_public_month_lags_as_the_publisher_does() -> None:
    assert last_public(date(2022, 10, 6), 45) == month_of(2022, 8)
    assert last_public(date(2022, 10, 16), 45) == month_of(2022, 9)


def test_every_metric_a_topic_names_can_be_read_or_says_why_not() -> None:
    seeds = lines.seed_tables(ROOT)
    held = set(seeds["metrics"].filter("is_held")["metric"])
    assert held == set(seeds["metric_readings"]["metric"])
    assert set(seeds["metric_topics"]["series"]) <= set(seeds["metrics"]["metric"])


# What is left undecided -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Fentanyl coming across the southwest border fell 40 percent in fiscal year 2021.", "flow_is_not_seizures"),
        ("The agency seized 9,000 pounds of fentanyl in fiscal year 2021.", "agency_not_stated"),
        (
            "The Coast Guard seized 90 percent more fentanyl in fiscal year 2021 than in fiscal year 2020.",
            "other_agency",
        ),
        ("Fentanyl seizures at the southwest border fell 40 percent this year.", "period_or_baseline_not_stated"),
        ("CBP seized tens of millions of pounds of fentanyl in fiscal year 2021.", "only_an_order_of_magnitude"),
        ("CBP seized 990,000 pounds of fentanyl at the southwest border in fiscal year 2021.", "too_far_off"),
    ],
)
def test_a_miss_that_may_be_about_another_thing_is_not_held_against_a_claim(
    claimant: Claimant, sentence: str, reason: str
) -> None:
    (claim,) = check(claimant, sentence, "2021-10-20")
    assert claim["verdict"] == "not_checkable"
    assert claim["reason"].startswith(reason)
