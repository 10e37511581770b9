"""What else a claim may mean is read before it is decided: other series, other ends, a month named beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from pipelines.claims import books
from pipelines.claims.lines import Claimant
from pipelines.claims.periods import month_of
from pipelines.claims.windows import Window
from pipelines.project import ROOT

# Trade of 45 billion dollars a month, 15 per cent less in 2020, a ninth of it the US deficit. At the southwest border
# 100,000 encounters a month, held from October 2018 on, half in fiscal year 2020; the long series begins in 2010.
MADE = """
create schema vintages; create schema as_of;
create table vintages.releases (dataset varchar, vintage date);
create table months as select date '2010-01-01' + to_months(place::integer) as month from range(180) as t(place);
create view as_of.us_mexico_trade as
select month, if(year(month) = 2020, 0.85, 1) * 25e9 as imports_usd, if(year(month) = 2020, 0.85, 1) * 20e9 as exports_usd
from months;
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


def decided(claims: list[dict[str, Any]]) -> tuple[str, str]:
    (claim,) = claims
    return claim["verdict"], claim["reason"].partition(":")[0]


FITS = ("supported", "fits")
ONLY_AS = ("supported_under_reading", "fits_only_as")
MISSES = ("contradicted", "no_reading_fits")


def undecided(reason: str) -> tuple[str, str]:
    return "not_checkable", reason


# Records --------------------------------------------------------------------------------------------------------------

OUTRANKED = undecided("a_longer_series_held_ranks_it_otherwise")


@pytest.mark.parametrize(
    ("language", "day", "sentence", "expected"),
    [
        ("en", "2021-06-20", "Border encounters hit a record high in March 2021.", OUTRANKED),
        ("es", "2021-06-20", "En marzo de 2021 los cruces en la frontera con Estados Unidos fueron récord histórico.", OUTRANKED),
        ("en", "2024-03-20", "Border encounters hit a record high in December 2023.", ONLY_AS),
        ("es", "2024-03-20", "En diciembre de 2023 los cruces en la frontera con Estados Unidos fueron récord histórico.", ONLY_AS),
        ("en", "2020-03-20", "January 2020 saw the fewest border encounters in a year.", FITS),
        ("en", "2020-03-20", "January 2020 saw the fewest border encounters in more than two years.", undecided("period_not_held")),
        ("en", "2024-03-20", "In December 2023 border encounters were the highest in five years.", FITS),
        ("en", "2024-03-20", "In December 2023 border encounters were the highest in 20 years.", undecided("period_not_held")),
    ],
)  # fmt: skip
def test_a_record_is_one_only_as_far_back_as_its_series_are_held(
    claimant: Claimant, language: str, day: str, sentence: str, expected: tuple[str, str]
) -> None:
    assert decided(check(claimant, language, day, sentence)) == expected


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
        ("es", "En el comercio con México, Estados Unidos tuvo un déficit de 60 mil millones de dólares en 2022.", True),
        ("en", "Mexico's budget shows a deficit of $60 billion in 2022.", False),
        ("en", "Mexico had a deficit of $60 billion in 2022.", False),
        ("es", "La Hacienda de México, con el comercio cerrado, tuvo un déficit de 60 mil millones de dólares en 2022.", False),
        ("es", "México dejó un déficit de 5 por ciento en 2022.", False),
    ],
)  # fmt: skip
def test_a_deficit_is_that_of_trade_only_where_trade_is_said(
    claimant: Claimant, language: str, sentence: str, is_trade: bool
) -> None:
    claims = check(claimant, language, "2023-06-01", sentence)
    found = [claim["verdict"] for claim in claims if claim["metric"] == "us_mexico_goods_balance_usd"]
    assert found == (["supported"] if is_trade else [])


SERVICES = undecided("services_may_be_counted")


@pytest.mark.parametrize(
    ("language", "day", "sentence", "expected"),
    [
        ("en", "2023-06-01", "Our trade deficit with Mexico is $50 billion a year.", SERVICES),
        ("es", "2023-06-01", "El déficit comercial de Estados Unidos con México es de 50 mil millones de dólares al año.", SERVICES),
        ("en", "2023-06-01", "Our trade deficit in goods with Mexico is $50 billion a year.", MISSES),
        ("en", "2023-06-01", "Our trade deficit with Mexico is $40 billion a year.", MISSES),
        ("en", "2023-06-01", "Our trade deficit with Mexico is $70 billion a year.", MISSES),
        ("en", "2021-03-01", "Trade between the United States and Mexico is $1.7 billion a day.", SERVICES),
        ("en", "2021-06-01", "Trade between the United States and Mexico is $1.7 billion a day.", MISSES),
        ("en", "2021-03-01", "Trade between the United States and Mexico is $1.48 billion a day.", ONLY_AS),
        ("en", "2023-06-01", "We have $60 million in trade deficits with Mexico.", ("contradicted", "a_slip_of_unit_or_time")),
        ("es", "2023-06-01", "El comercio entre México y Estados Unidos es de más de un millón de dólares diarios.", ("contradicted", "a_slip_of_unit_or_time")),
    ],
)  # fmt: skip
def test_trade_may_be_told_with_services_and_of_the_year_before(
    claimant: Claimant, language: str, day: str, sentence: str, expected: tuple[str, str]
) -> None:
    assert decided(check(claimant, language, day, sentence)) == expected


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("es", "De enero a mayo creció el comercio con Estados Unidos, que en el mismo periodo del año pasado fue de 225 mil millones de dólares."),
        ("en", "From January to May trade with Mexico grew; in the same period of last year it was $225 billion in two-way trade."),
    ],
)  # fmt: skip
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
)  # fmt: skip
def test_the_same_period_as_none_that_is_said_is_undecided(claimant: Claimant, language: str, sentence: str) -> None:
    assert decided(check(claimant, language, "2022-07-20", sentence)) == undecided("period_not_stated")


# Changes --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "day", "sentence", "expected"),
    [
        ("en", "2023-12-05", "Since the President took action in June, border encounters have dropped by 50 percent.", FITS),
        ("en", "2023-12-05", "Since the President took action in June, border encounters have dropped by 60 percent.", undecided("days_not_held")),
        ("en", "2023-12-05", "Since June, border encounters have dropped by 50 percent.", MISSES),
        ("es", "2023-12-05", "Desde las medidas de junio los encuentros en la frontera con Estados Unidos han bajado 50 por ciento.", FITS),
        ("es", "2023-12-05", "Desde las medidas de junio los encuentros en la frontera con Estados Unidos han bajado 60 por ciento.", undecided("days_not_held")),
        ("es", "2023-12-05", "Desde junio los encuentros en la frontera con Estados Unidos han bajado 60 por ciento.", MISSES),
        ("en", "2024-04-20", "From 12,000 encounters a day at the border, we are down by half since January.", undecided("period_or_baseline_not_stated")),
        ("en", "2024-04-20", "Encounters at the border are down by half since February.", MISSES),
        ("es", "2024-04-20", "De 12 mil encuentros en la frontera con Estados Unidos, estamos desde enero a la mitad.", undecided("period_or_baseline_not_stated")),
        ("es", "2024-04-20", "Los encuentros en la frontera con Estados Unidos bajaron desde febrero a la mitad.", MISSES),
        ("en", "2023-12-05", "Border encounters rose by 102 percent over the last four years.", ONLY_AS),
        ("en", "2023-12-05", "Border encounters rose by 20 percent over the last four years.", undecided("lies_between_the_readings")),
        ("en", "2023-12-05", "Border encounters rose by 250 percent over the last four years.", MISSES),
        ("es", "2023-12-05", "Los encuentros en la frontera con Estados Unidos subieron 250 por ciento en los últimos cuatro años.", MISSES),
        ("es", "2023-12-05", "Los encuentros en la frontera con Estados Unidos subieron 20 por ciento en los últimos cuatro años.", undecided("lies_between_the_readings")),
    ],
)  # fmt: skip
def test_a_change_is_read_from_every_end_that_its_words_allow(
    claimant: Claimant, language: str, day: str, sentence: str, expected: tuple[str, str]
) -> None:
    assert decided(check(claimant, language, day, sentence)[-1:]) == expected


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
