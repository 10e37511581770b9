"""The page's words say what the numbers say, and no more."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from pipelines.site.parts import spark
from pipelines.site.words import RESTATED, cards, headline, month_name

MONTHS = [date(2024 + place // 12, place % 12 + 1, 1) for place in range(24)]


def spoken(office: str, rates: list[float | None], low: float, high: float) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "month": MONTHS[: len(rates)],
            "office": office,
            "rate": pl.Series(rates, dtype=pl.Float64),
            "low": low,
            "high": high,
            "statements": 10,
            "hostile_statements": 1,
            "is_settled": True,
        }
    )


def figures(**changed: pl.DataFrame) -> dict[str, pl.DataFrame]:
    months = pl.DataFrame({"month": MONTHS})
    found = {
        "rhetoric": spoken("us_executive", [1.0] * 23 + [2.0], 1.5, 2.5),
        "seizures": months.with_columns(
            seized_lb=pl.lit(100.0), events=pl.lit(5), seized_lb_12m=pl.Series([1200.0] * 12 + [600.0] * 12),
            is_settled=pl.lit(False),
        ),
        "encounters": months.with_columns(encounters=pl.Series([100] * 23 + [150]), is_settled=pl.lit(True)),
        "deaths": months.with_columns(
            reported=pl.Series([1000] * 12 + [900] * 12), predicted=pl.lit(950), drug_class=pl.lit("synthetic_opioids"),
            is_settled=pl.lit(False),
        ),
    }  # fmt: skip
    return {**found, **changed}


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (1.5, 2.5, "with more hostility than in the 12 months held before"),
        (0.5, 9.0, "with no clear change in hostility from the 12 months held before"),
        (0.1, 0.9, "with less hostility than in the 12 months held before"),
    ],
    ids=["band above the median", "band around the median", "band below the median"],
)
def test_the_headline_says_more_only_where_the_band_does(low: float, high: float, said: str) -> None:
    told = headline(figures(rhetoric=spoken("us_executive", [1.0] * 23 + [2.0], low, high)))
    assert (
        told.en
        == f"Washington spoke {said}, and a year of border seizures of fentanyl weighs 50 % less than the year before."
    )


def test_where_both_speak_alike_the_headline_says_so_once() -> None:
    both = pl.concat([spoken(office, [1.0] * 24, 0.5, 1.5) for office in ("us_executive", "mx_presidency")])
    assert headline(figures(rhetoric=both)).es.startswith(
        "Washington y la Ciudad de México hablaron sin cambio claro de hostilidad frente a los 12 meses previos"
    )


def test_what_is_not_held_has_no_card_and_no_word() -> None:
    none = spoken("us_executive", [None] * 24, 0.0, 0.0)
    told = figures(rhetoric=none)
    assert [card.label.en for card in cards(told)] == ["Fentanyl seized", "Encounters", "Synthetic opioid deaths"]
    assert headline(told).en == "A year of border seizures of fentanyl weighs 50 % less than the year before."


def test_a_card_compares_with_the_same_month_of_the_year_before() -> None:
    shown = {card.label.en: card for card in cards(figures())}
    assert shown["Encounters"].sentence.en.endswith("That is 50 % more than a year before.")
    assert shown["Synthetic opioid deaths"].sentence.en.endswith("That is 10 % fewer than a year before.")
    assert shown["Synthetic opioid deaths"].sentence.es.endswith("Son 10 % menos que un año antes.")
    assert shown["Fentanyl seized"].value == "100"
    assert shown["Fentanyl seized"].open == RESTATED
    assert shown["Encounters"].open is None
    assert shown["Encounters"].month.es == "diciembre de 2025"


def test_a_rate_is_told_with_its_band_and_what_came_before() -> None:
    card = cards(figures())[0]
    assert card.value == "2.0"
    assert card.sentence.en == (
        "In 10 statements, 1 hostile. The 90 % band over its documents is 1.5–2.5, errors of coding aside; "
        "the median of the 12 months held before is 1.0."
    )


def test_a_month_is_named_in_both_languages() -> None:
    assert month_name(date(2025, 12, 1)) == month_name(date(2025, 12, 31))
    assert (month_name(date(2025, 12, 1)).en, month_name(date(2025, 12, 1)).es) == (
        "December 2025",
        "diciembre de 2025",
    )


def test_a_month_without_a_value_breaks_the_small_line() -> None:
    assert spark([1.0, 2.0, None, 3.0, 4.0]).count("<polyline") == 2
    assert spark([None, 1.0]) == ""
