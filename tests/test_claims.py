"""Numeric claims are found as they are said in both languages, and what is no claim about a series is not."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from pipelines.claims import lines
from pipelines.claims.finding import ASKED, Claim, Finder
from pipelines.claims.numbers import Numbers
from pipelines.claims.periods import first_day
from pipelines.claims.timing import Periods
from pipelines.coding_lines import MalformedLine
from pipelines.project import ROOT

SEEDS = lines.seed_tables(ROOT)
DAY = date(2023, 6, 12)


@pytest.fixture(scope="module")
def finder() -> Finder:
    return Finder(SEEDS)


def found(
    finder: Finder, sentence: str, day: date = DAY, language: str = "en", before: str | None = None
) -> list[Claim]:
    row = {"sentence": sentence, "before": before, "after": None, "language": language, "date": day}
    return finder.found(pl.DataFrame([row], schema=ASKED))


# Numbers --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "value", "step"),
    [
        ("es", "mil 137 kilogramos", 1137, 1),
        ("es", "mil 500", 1500, 100),
        ("es", "142 mil 271", 142271, 1),
        ("es", "40 mil millones", 4e10, 1e10),
        ("es", "36 mil 438 millones", 36438e6, 1e6),
        ("es", "un millon ocho mil 455", 1008455, 1),
        ("es", "9 millones 395 mil 162", 9395162, 1),
        ("es", "dos mil 325.89", 2325.89, 0.01),
        ("es", "treinta y cinco mil", 35000, 1000),
        ("es", "un millon y medio", 1.5e6, 1e5),
        ("es", "medio millon", 5e5, 1e5),
        ("es", "1.5 millones", 1.5e6, 1e5),
        ("es", "decenas de miles", 20000, 0),
        ("es", "miles de millones", 2e9, 0),
        ("en", "107,573", 107573, 1),
        ("en", "107,000", 107000, 1000),
        ("en", "2.37 million", 2.37e6, 1e4),
        ("en", "half a trillion", 5e11, 1e11),
        ("en", "two hundred and fifty thousand", 250000, 10000),
        ("en", "thirty-five", 35, 1),
        ("en", "tens of thousands", 20000, 0),
        ("en", "a million", 1e6, 1e6),
    ],
)
def test_a_number_is_read_with_the_worth_of_its_last_digit(language: str, text: str, value: float, step: float) -> None:
    (number,) = Numbers(SEEDS["number_words"], language).found(text)
    assert (number.value, number.step) == (pytest.approx(value), pytest.approx(step))
    assert text[number.start : number.end] == text[: number.end]


@pytest.mark.parametrize(
    ("language", "text", "values"),
    [
        ("en", "covid-19 and fy22", []),
        ("en", "in 2021two-thirds", [2021, pytest.approx(2 / 3)]),
        ("es", "en 2019 mil 40 kilogramos", [2019, 1040]),
        ("es", "mil por ciento", [1000]),
        ("es", "300, 200, dependiendo", [300, 200]),
        ("es", "un dia", []),
    ],
)
def test_numbers_side_by_side_are_not_added_up(language: str, text: str, values: list[Any]) -> None:
    assert [number.value for number in Numbers(SEEDS["number_words"], language).found(text)] == values


# Periods --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "text", "kind", "start", "end"),
    [
        ("2022-10-06", "in fiscal year 2022, ", "fiscal", "2021-10", "2022-09"),
        ("2023-03-14", "fy23", "to_date", "2022-10", "2023-02"),
        ("2021-06-23", "so far this fiscal year", "to_date", "2020-10", "2021-05"),
        ("2023-10-10", "so far this fiscal year", "to_date", "2023-10", "2023-10"),
        ("2022-10-07", "fy23", "to_date", "2022-10", "2022-10"),
        ("2021-04-02", "in march", "month", "2021-03", "2021-03"),
        ("2023-01-27", "in december", "month", "2022-12", "2022-12"),
        ("2024-05-07", "last month", "month", "2024-04", "2024-04"),
        ("2023-01-06", "since august of last year", "since", "2022-08", "2022-12"),
        ("2019-12-19", "since may", "since", "2019-05", "2019-11"),
        ("2023-06-12", "over the last three years", "rolling", "2020-06", "2023-05"),
        ("2024-08-23", "over the last 2 fiscal years", "rolling", "2021-10", "2023-09"),
        ("2023-05-11", "between december of last year and march of this year", "span", "2022-12", "2023-03"),
        ("2022-04-12", "en este primer trimestre", "months", "2022-01", "2022-03"),
        ("2025-10-07", "en el segundo trimestre del 2025, ", "months", "2025-04", "2025-06"),
        ("2025-12-09", "de agosto a octubre de 2025, ", "span", "2025-08", "2025-10"),
        ("2020-09-18", "en lo que va de este ano", "to_date", "2020-01", "2020-08"),
        ("2020-09-18", "en el 19 tuvimos", "year", "2019-01", "2019-12"),
        ("2023-04-18", "en lo que va de la administracion", "term", "2018-12", "2023-03"),
        ("2023-04-18", "desde el 1? de octubre del ano pasado", "since", "2022-10", "2023-03"),
        ("2019-12-20", "entre 93 y 2018", "span", "1993-01", "2018-12"),
        ("2023-04-01", "triple from 2020and so", "year", "2020-01", "2020-12"),
    ],
)
def test_a_period_is_resolved_from_the_day_of_the_document(
    day: str, text: str, kind: str, start: str, end: str
) -> None:
    (period,) = Periods().found(text, date.fromisoformat(day))
    assert period.kind == kind
    assert (f"{first_day(period.start):%Y-%m}", f"{first_day(period.end):%Y-%m}") == (start, end)


def test_may_as_a_verb_is_no_month() -> None:
    assert Periods().found("we may see more and they march on", DAY) == []


# Claims ---------------------------------------------------------------------------------------------------------------

SAID = yaml.safe_load((Path(__file__).parent / "claims" / "said.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", SAID, ids=[case["sentence"][:40] for case in SAID])
def test_a_claim_is_found_with_what_it_states(finder: Finder, case: dict[str, Any]) -> None:
    (claim,) = found(finder, case["sentence"], language=case["language"])
    quantity, states = claim.quantity, case["states"]
    assert (claim.metric, claim.kind) == (states["metric"], states["kind"])
    assert quantity.value == pytest.approx(states["value"], rel=1e-4)
    assert (quantity.unit, quantity.modifier) == (states["unit"], states["modifier"])


NO_CLAIMS = [
    ("en", "Fentanyl is 50 times more potent than heroin and kills."),
    ("en", "Two milligrams of fentanyl can be a lethal dose."),
    ("en", "We will put a 25 percent tariff on all imports from Mexico."),
    ("en", "A poll shows that 39 percent of Americans blame migrants for fentanyl."),
    ("en", "He was sentenced to 20 years in prison for smuggling fentanyl."),
    ("en", "Last week officers found 23 pounds of fentanyl hidden in a truck."),
    ("en", "On May 4, 2021 the President signed H.R. 2630 on fentanyl."),
    ("en", "The bill closes the border at a threshold of 4,000 crossings a day."),
    ("en", "Fentanyl is a killer of people between the ages of 18 and 45."),
    ("en", "Title 42 expires at the border on the 11th."),
    ("en", "The budget has $800 million for the border and to stop fentanyl."),
    ("es", "El fentanilo es 50 veces más potente que la heroína."),
    ("es", "Nos pusieron un arancel del 25 por ciento por el fentanilo."),
    ("es", "En un cateo en Culiacán aseguraron siete kilos de fentanilo."),
    ("es", "Fue condenado a 48 años de prisión por homicidio."),
    ("es", "El 1 de julio de 2020 entra en vigor el tratado comercial."),
]


@pytest.mark.parametrize(("language", "sentence"), NO_CLAIMS)
def test_what_is_no_claim_about_a_series_is_not_found(finder: Finder, language: str, sentence: str) -> None:
    assert [(claim.metric, claim.quantity.value) for claim in found(finder, sentence, language=language)] == []


def test_the_topic_may_stand_in_the_sentence_before(finder: Finder) -> None:
    sentence = "It fell 12 percent in 2022."
    (claim,) = found(finder, sentence, before="CBP publishes how much fentanyl is seized.")
    assert claim.metric == "cbp_fentanyl_seized_lb"
    assert found(finder, sentence, before="The agency publishes its figures.") == []


def test_a_claim_keeps_its_period_and_what_it_is_compared_with(finder: Finder) -> None:
    said = "CBP seized 9,100 pounds of fentanyl in fiscal year 2022, a 90% increase over fiscal year 2020."
    level, change = found(finder, said)
    assert (level.period.kind, level.period.start, level.baseline) == ("fiscal", 2021 * 12 + 9, None)
    assert (change.period.start, change.baseline.start) == (2021 * 12 + 9, 2019 * 12 + 9)
    assert said[level.start : level.end] == "9,100 pounds"


def test_a_span_stands_where_it_is_first_found(finder: Finder) -> None:
    said = "In 2022 CBP seized 100 pounds of heroin and 100 pounds of fentanyl."
    for claim in found(finder, said):
        assert said.find(said[claim.start : claim.end]) == claim.start


def test_a_percentage_in_a_list_takes_the_direction_of_the_one_before(finder: Finder) -> None:
    said = "El robo se redujo en 31 por ciento, el homicidio en 12 por ciento."
    assert [(claim.metric, claim.quantity.value) for claim in found(finder, said, language="es")] == [
        ("other", -31),
        ("homicides_mx", -12),
    ]


def test_sentences_without_number_or_topic_are_skipped_in_bulk(finder: Finder) -> None:
    said = ["Fentanyl kills.", "We met 14 times in 2022.", "Fentanyl killed 70,000 Americans.", "Murió en 2022."]
    languages = ["en", "en", "en", "fr"]
    asked = pl.DataFrame(
        [
            {"sentence": each, "before": None, "after": None, "language": language, "date": DAY}
            for each, language in zip(said, languages, strict=True)
        ],
        schema=ASKED,
    )
    assert finder.candidates(asked)["row"].to_list() == [2]


def test_no_sentences_give_no_claims(finder: Finder) -> None:
    assert finder.found(pl.DataFrame(schema=ASKED)) == []


# Lines ----------------------------------------------------------------------------------------------------------------


def test_a_month_is_read_as_its_last_day() -> None:
    assert lines.read({"id": 1, "sentence": "x", "date": "2023-02"}).day == date(2023, 2, 28)
    with pytest.raises(MalformedLine, match="2023-13"):
        lines.read({"id": 1, "sentence": "x", "date": "2023-13"})


def test_a_malformed_line_has_its_answer_in_its_place() -> None:
    class Nothing:
        def answers(self, good: list[Any]) -> list[list[Any]]:
            return [[] for _ in good]

    given = [b'{"id": 1, "sentence": "a"}\n', b"no\n", b"\n", b'{"id": 2}\n', b'{"id": 3, "sentence": "b"}\n']
    out = list(lines.answered(given, Nothing()))  # type: ignore[arg-type]
    answers = [json.loads(line) for line, _ in out]
    assert [is_good for _, is_good in out] == [True, False, False, False, True]
    assert answers[0] == {"id": 1, "claims": []}
    assert answers[4] == {"id": 3, "claims": []}
    assert "not JSON" in answers[1]["error"]
    assert answers[2]["error"] == "empty line"
    assert answers[3] == {"id": 2, "error": "sentence is missing or empty"}
