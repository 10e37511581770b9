"""A number is about the drug, the people, the goods and the months that its own words name."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from pipelines.claims import lines
from pipelines.claims.finding import ASKED, Claim, Finder
from pipelines.claims.limits import outside
from pipelines.claims.periods import Period, first_day, month_of
from pipelines.claims.timing import Periods
from pipelines.claims.windows import Windows
from pipelines.project import ROOT

DAY = date(2023, 9, 12)


@pytest.fixture(scope="module")
def finder() -> Finder:
    return Finder(lines.seed_tables(ROOT))


def found(finder: Finder, language: str, sentence: str, before: str | None = None) -> list[Claim]:
    row = {"sentence": sentence, "before": before, "after": None, "language": language, "date": DAY}
    return finder.found(pl.DataFrame([row], schema=ASKED))


@pytest.mark.parametrize(
    ("language", "reached", "changed"),
    [
        ("en", "Encounters at the border fell to 40 percent.", "Encounters at the border fell 40 percent."),
        ("es", "Los cruces de la frontera bajaron al 40 por ciento.", "Los cruces de la frontera bajaron un 40 %."),
    ],
)  # fmt: skip
def test_where_a_share_went_is_not_by_how_much_it_changed(
    finder: Finder, language: str, reached: str, changed: str
) -> None:
    assert "change_pct" not in [claim.kind for claim in found(finder, language, reached)]
    assert [(claim.kind, claim.quantity.value) for claim in found(finder, language, changed)] == [("change_pct", -40)]


@pytest.mark.parametrize(
    ("language", "sentence", "metric"),
    [
        ("en", "Fentanyl and other drugs killed 100,000 Americans in 2021.", "overdose_deaths_all"),
        ("es", "En 2021 murieron 100 mil personas por fentanilo y otras drogas.", "overdose_deaths_all"),
        ("en", "Fentanyl and other synthetic opioids killed 70,000 in 2021.", "overdose_deaths_synthetic_opioids"),
        ("en", "Fentanyl is the scourge of 18- to 45-year-olds with over 70,000 overdose deaths in 2021.",
         "overdose_deaths_synthetic_opioids"),
        ("es", "El fentanilo daña entre los 18 y 45 años de edad con más de 70 mil muertes por sobredosis en 2021.",
         "overdose_deaths_synthetic_opioids"),
    ],
)  # fmt: skip
def test_deaths_are_of_the_drugs_that_are_named(finder: Finder, language: str, sentence: str, metric: str) -> None:
    assert [claim.metric for claim in found(finder, language, sentence)] == [metric]


@pytest.mark.parametrize(
    ("language", "before", "sentence"),
    [
        ("en", "They have a grave problem with fentanyl.", "100,000 people die of overdoses of that drug each year."),
        ("es", "Tienen un problema con el fentanilo.", "Mueren 100 mil personas al año por consumo de esa droga."),
    ],
)  # fmt: skip
def test_that_drug_is_the_one_named_before(finder: Finder, language: str, before: str, sentence: str) -> None:
    assert [claim.metric for claim in found(finder, language, sentence, before)] == [
        "overdose_deaths_synthetic_opioids"
    ]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "In 2022 some 850 people died crossing the border illegally, the highest number ever recorded."),
        ("es", "En 2022 murieron 850 migrantes al cruzar la frontera con Estados Unidos, un récord histórico."),
    ],
)
def test_deaths_at_the_border_are_no_encounters(finder: Finder, language: str, sentence: str) -> None:
    assert "sw_border_encounters" not in {claim.metric for claim in found(finder, language, sentence)}


@pytest.mark.parametrize("who", ["The National Guard", "The highway patrol", "The drug task force", "My office"])
def test_the_seizures_of_another_agency_are_none_of_the_border(finder: Finder, who: str) -> None:
    said = f"{who} stopped 1,200 pounds of fentanyl in calendar year 2022."
    assert [claim.metric for claim in found(finder, "en", said)] == ["other"]


def test_a_sum_of_money_lost_on_trade_is_the_deficit(finder: Finder) -> None:
    (claim,) = found(finder, "en", "We lose 60 billion dollars a year on trade with Mexico.")
    assert (claim.metric, claim.quantity.value) == ("us_mexico_goods_balance_usd", -6e10)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("since president biden took office", "2021-01"),
        ("since vice president harris and i came into office", "2021-01"),
        ("since president trump was sworn in", "2025-01"),
        ("durante la administracion", "2024-10"),
        ("desde que llegue", "2024-10"),
    ],
)
def test_a_term_begins_with_the_president_who_is_named(text: str, start: str) -> None:
    (period,) = Periods().found(text, date(2025, 10, 7))
    assert (period.kind, f"{first_day(period.start):%Y-%m}") == ("term", start)


def windows(*, yearly: bool) -> Windows:
    return Windows(DAY, month_of(2023, 6), yearly=yearly, unstated=yearly)


def test_no_window_of_the_last_year_is_longer_than_a_year() -> None:
    last = Period(month_of(2022, 9), month_of(2023, 8), "rolling", years=1)
    assert {each.months for each in windows(yearly=False).of_level(last)} == {12}


def test_some_years_are_not_one_of_them() -> None:
    last = Period(month_of(2019, 9), month_of(2023, 8), "rolling", years=4)
    assert {each.months for each in windows(yearly=True).of_level(last)} == {48}


def test_the_calendar_year_so_far_is_no_fiscal_year_of_what_is_told_by_calendar_years() -> None:
    so_far = Period(month_of(2023, 1), month_of(2023, 8), "to_date")
    starts = [each.start for each in windows(yearly=False).of_level(so_far)]
    assert month_of(2022, 10) in starts
    assert month_of(2022, 10) not in [each.start for each in windows(yearly=True).of_level(so_far)]


@pytest.mark.parametrize(
    ("language", "sentence", "values"),
    [
        ("en", "Overdose deaths rose by 21,000 in 2020, when 92,000 people died.", {21000: True, 92000: False}),
        ("en", "Our exports to Mexico fell by $9 billion last year.", {9e9: True}),
        ("en", "Some 15,000 people more than before died of a drug overdose in 2021.", {15000: True}),
        ("es", "El número de muertes por sobredosis aumentó en más de 21 mil en 2020.", {21000: True}),
    ],
)
def test_a_difference_is_no_level(finder: Finder, language: str, sentence: str, values: dict[float, bool]) -> None:
    told = {claim.quantity.value: "difference" in claim.marks for claim in found(finder, language, sentence)}
    assert told == values


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Cartels have killed a quarter of a million Americans with fentanyl."),
        ("es", "Los cárteles han matado con fentanilo a un cuarto de millón de personas."),
    ],
)
def test_a_quarter_of_a_million_is_no_share(finder: Finder, language: str, sentence: str) -> None:
    assert "share" not in {claim.kind for claim in found(finder, language, sentence)}


@pytest.mark.parametrize(
    ("language", "sentence", "starts"),
    [
        ("en", "As of May, CBP seized 17,000 pounds of fentanyl in FY2023 compared to 14,000 pounds in all of FY2022.",
         {17000: ("2022-10", "2023-08"), 14000: ("2021-10", "2022-09")}),
        ("en", "In 2022 overdoses took 107,000 lives, against 106,000 deaths the year before.",
         {107000: ("2022-01", "2022-12"), 106000: ("2021-01", "2021-12")}),
        ("es", "En 2022 hubo 107 mil muertes por sobredosis frente a las 106 mil muertes del año anterior.",
         {107000: ("2022-01", "2022-12"), 106000: ("2021-01", "2021-12")}),
        ("en", "So far this year 400,000 migrants were caught at the border, up from last year.",
         {400000: ("2023-01", "2023-08")}),
        ("en", "There were 218,000 encounters at the border between October 1, 2022, and January 31, 2023.",
         {218000: ("2022-10", "2023-01")}),
        ("en", "There were 1.6 million encounters at the border in the 2021 fiscal year.",
         {1.6e6: ("2020-10", "2021-09")}),
    ],
)  # fmt: skip
def test_a_level_takes_the_months_that_are_said_of_it(
    finder: Finder, language: str, sentence: str, starts: dict[float, tuple[str, str]]
) -> None:
    told = {
        claim.quantity.value: (f"{first_day(claim.period.start):%Y-%m}", f"{first_day(claim.period.end):%Y-%m}")
        for claim in found(finder, language, sentence)
        if claim.period
    }
    assert told == starts


def test_a_change_takes_the_year_beside_it_before_a_span_told_of_another(finder: Finder) -> None:
    said = "Overdose deaths rose 30 percent from 2019 to 2020 and 15 percent in 2021."
    told = {claim.quantity.value: first_day(claim.period.start).year for claim in found(finder, "en", said)}
    assert told == {30: 2019, 15: 2021}


def test_a_sentence_before_with_several_periods_lends_none(finder: Finder) -> None:
    said = "CBP seized 9,000 pounds of fentanyl at the border."
    (one,) = found(finder, "en", said, "We looked at fiscal year 2021.")
    assert one.context is not None and first_day(one.context.start) == date(2020, 10, 1)
    (two,) = found(finder, "en", said, "We looked at fiscal year 2021 and at fiscal year 2019.")
    assert two.context is None


def test_the_drug_of_a_comparison_is_named_once(finder: Finder) -> None:
    said = "CBP seized 120,000 pounds of marijuana this fiscal year compared to 319,000 pounds in fiscal year 2021."
    assert [claim.drug for claim in found(finder, "en", said)] == ["marijuana", "marijuana"]


@pytest.mark.parametrize(
    ("language", "sentence", "mark"),
    [
        ("en", "Texas's trade deficit with Mexico was $74 billion in 2021.", "of_state"),
        ("en", "Our agricultural exports to Mexico were $25 billion in 2021.", "branch"),
        ("es", "El déficit comercial agrícola con México fue de 10 mil millones de dólares en 2021.", "branch"),
    ],
)
def test_the_trade_of_a_state_or_of_some_goods_is_not_all_trade(
    finder: Finder, language: str, sentence: str, mark: str
) -> None:
    (claim,) = found(finder, language, sentence)
    assert claim.series.startswith("us_")
    assert mark in claim.marks
    assert outside(claim) in ("area_not_held", "part_not_held")
