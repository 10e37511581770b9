"""What else a claim may mean is read before it is decided: other series, other ends, a month named beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from pipelines.claims import books
from pipelines.claims.lines import Claimant
from pipelines.claims.periods import month_of
from pipelines.claims.windows import Window
from pipelines.project import ROOT

CASES = yaml.safe_load((Path(__file__).parent / "claims" / "readings.yml").read_text(encoding="utf-8"))

# Trade of 45 billion dollars a month, 15 per cent less in 2020, a ninth of it the US deficit. At the southwest border
# 100,000 encounters a month, held from October 2018 on, half in fiscal year 2020; the long series begins in 2010.
MADE = """
create schema vintages; create schema as_of;
create table vintages.releases (dataset varchar, vintage date);
create table months as select date '2010-01-01' + to_months(place::integer) as month from range(180) as t(place);
create view as_of.us_mexico_trade as
select month, part * 25e9 as imports_usd, part * 20e9 as exports_usd
from (select month, if(year(month) = 2020, 0.85, 1) as part from months);
create view as_of.usbp_encounters as
select month, 'southwest_land_border' as region,
  case month
    when date '2012-03-01' then 200000 when date '2018-06-01' then 25000 when date '2020-01-01' then 30000
    when date '2021-03-01' then 170000 when date '2023-02-01' then 110000 when date '2023-06-01' then 60000
    when date '2023-10-01' then 50000 when date '2023-12-01' then 300000
    else if(month between '2019-10-01' and '2020-09-01', 50000, 100000)
  end as encounters
from months;
create view as_of.cbp_encounters as
select month, 'usbp' as component, 'single_adult' as demographic, 'title_8' as authority, encounters
from as_of.usbp_encounters where month >= '2018-10-01';
create view as_of.cbp_encounters_by_state as select month, demographic, encounters from as_of.cbp_encounters;
"""


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(MADE)
        yield connection


@pytest.fixture(scope="module")
def claimant(connection: duckdb.DuckDBPyConnection) -> Claimant:
    return Claimant(ROOT, connection)


def check(claimant: Claimant, language: str, day: str, sentence: str, before: str = "") -> list[dict[str, Any]]:
    row = {"id": 1, "sentence": sentence, "prev": before, "lang": language, "date": day}
    return claimant([row])[0]["claims"]


# Records --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES["records"], ids=[each["sentence"] for each in CASES["records"]])
def test_a_record_is_one_only_as_far_back_as_its_series_are_held(claimant: Claimant, case: dict[str, Any]) -> None:
    claim = check(claimant, case["language"], str(case["date"]), case["sentence"])[-1]
    assert (claim["verdict"], claim["reason"].partition(":")[0]) == (case["verdict"], case["reason"])


def test_no_rank_is_told_since_before_a_series_begins(connection: duckdb.DuckDBPyConnection) -> None:
    sql = "select month, encounters as value from as_of.cbp_encounters"
    series = {month_of(2018, 10) + place: (float(value), 1.0) for place, (value,) in enumerate(
        connection.execute("select encounters from as_of.cbp_encounters order by month").fetchall())}  # fmt: skip
    march = Window(month_of(2021, 3), month_of(2021, 3), "", "default")
    for since, expected in ((month_of(2018, 10), 1), (month_of(2018, 9), None)):
        assert books.rank(series, "flow", march, is_high=True, since=since) == expected
        row = connection.execute(books.rank_sql(sql, "flow", march, is_high=True, since=since)).fetchone()
        assert (None if row is None else row[0]) == expected


# Trade ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "sentence", "is_trade"),
    [
        ("en", "In trade with Mexico we ran a deficit of $60 billion in 2022.", True),
        ("es", "En el comercio con México hubo un déficit de 60 mil millones de dólares en 2022.", True),
        ("en", "Mexico's budget shows a deficit of $60 billion in 2022.", False),
        ("en", "Mexico had a deficit of $60 billion in 2022.", False),
        ("es", "El comercio de México bajó y su Hacienda tuvo un déficit de 60 mil millones de dólares.", False),
        ("es", "México dejó un déficit de 5 por ciento en 2022.", False),
    ],
)
def test_a_deficit_is_that_of_trade_only_where_trade_is_said(
    claimant: Claimant, language: str, sentence: str, is_trade: bool
) -> None:
    claims = check(claimant, language, "2023-06-01", sentence)
    found = [claim["verdict"] for claim in claims if claim["metric"] == "us_mexico_goods_balance_usd"]
    assert found == (["supported"] if is_trade else [])


@pytest.mark.parametrize("case", CASES["trade"], ids=[each["sentence"] for each in CASES["trade"]])
def test_trade_may_be_told_with_services_and_of_the_year_before(claimant: Claimant, case: dict[str, Any]) -> None:
    claim = check(claimant, case["language"], str(case["date"]), case["sentence"])[-1]
    assert (claim["verdict"], claim["reason"].partition(":")[0]) == (case["verdict"], case["reason"])


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "es",
            "De enero a mayo creció el comercio con Estados Unidos; en el mismo periodo del año pasado fue de "
            "225 mil millones de dólares.",
        ),
        (
            "en",
            "From January to May trade with Mexico grew; in the same period of last year it was "
            "$225 billion in two-way trade.",
        ),
    ],
)
def test_the_same_period_of_another_year_is_that_of_the_span_before(
    claimant: Claimant, language: str, sentence: str
) -> None:
    (claim,) = check(claimant, language, "2022-07-20", sentence)
    assert (claim["verdict"], claim["official_value"]) == ("supported", 225e9)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("es", "En el mismo periodo del año pasado el comercio con Estados Unidos fue de 225 mil millones de dólares."),
        ("en", "In the same period of last year trade between Mexico and the United States was $225 billion."),
    ],
)
def test_the_same_period_as_none_that_is_said_is_undecided(claimant: Claimant, language: str, sentence: str) -> None:
    (claim,) = check(claimant, language, "2022-07-20", sentence)
    assert (claim["verdict"], claim["reason"]) == ("not_checkable", "period_not_stated")


# Changes --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES["changes"], ids=[each["sentence"] for each in CASES["changes"]])
def test_a_change_is_read_from_every_end_that_its_words_allow(claimant: Claimant, case: dict[str, Any]) -> None:
    claim = check(claimant, case["language"], str(case["date"]), case["sentence"])[-1]
    assert (claim["verdict"], claim["reason"].partition(":")[0]) == (case["verdict"], case["reason"])


@pytest.mark.parametrize(
    ("language", "sentence", "before"),
    [
        ("en", "CBP recorded 110,000 encounters at the border last month.", "Here are the numbers of January."),
        ("es", "El mes pasado hubo 110 mil encuentros en la frontera con Estados Unidos.", "Son las cifras de enero."),
    ],
)
def test_last_month_is_the_one_that_the_sentence_before_names(
    claimant: Claimant, language: str, sentence: str, before: str
) -> None:
    (named,), (alone,) = (check(claimant, language, "2023-03-28", sentence, said) for said in (before, ""))
    assert (named["verdict"], named["official_value"]) == ("contradicted", 100000)
    assert (alone["verdict"], alone["official_value"]) == ("supported", 110000)
    (long_past,) = check(
        claimant, language, "2023-03-28", sentence, before.replace("January", "June").replace("enero", "junio")
    )
    assert long_past["verdict"] == "supported"
