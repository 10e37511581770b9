"""A claim of the page, and its tables, say the same in both languages."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import EntenteError
from pipelines.site import drawing, glossary, ledger, parts
from pipelines.site.words import Said

ROW = {
    "date": date(2024, 12, 20),
    "speaker": "senior official",
    "speaker_group": "us_executive",
    "metric": "Encounters at the US southwest land border",
    "metric_es": "Encuentros en la frontera suroeste de Estados Unidos",
    "kind": "level",
    "modifier": "exact",
    "value": 3.0,
    "unit": "persons",
    "official": 2.5,
    "reading": "Border Patrol only, 2024-11 over 2024-05",
    "about": "Border Patrol only",
    "about_es": "Sólo Patrulla Fronteriza",
    "verdict": "supported_under_reading",
    "verdict_then": "not_checkable",
    "excerpt": None,
    "language": "en",
    "url": None,
    "title": None,
    "start": 10,
    "end": 90,
    "claim_id": "00",
}


def shown(**changed: object) -> ledger.Claim:
    return ledger.claims(pl.DataFrame([{**ROW, **changed}], infer_schema_length=None))[0]


@pytest.mark.parametrize(
    ("changed", "en", "es"),
    [
        ({"value": 80000.0, "modifier": "more_than"}, "more than 80,000 persons", "más de 80,000 personas"),
        ({"value": 3.5, "unit": "USD per day"}, "3.5 USD per day", "3.5 dólares al día"),
        ({"value": 181834.0, "unit": "sw_border_encounters"}, "181,834", "181,834"),
        ({"kind": "change_pct", "value": -60.47, "modifier": "about"}, "a fall of about 60.47 %",
         "una baja de alrededor de 60.47 %"),
        ({"kind": "change_pct", "value": 14.0, "modifier": "more_than"}, "a rise of more than 14 %",
         "un alza de más de 14 %"),
        ({"kind": "change_ratio", "value": 3.0}, "3 times", "3 veces"),
        ({"kind": "share", "value": 90.0, "modifier": "at_least"}, "at least 90 %", "al menos 90 %"),
        ({"kind": "rank", "value": 1.0}, "rank 1", "lugar 1"),
    ],
    ids=["level", "rate", "unit is the series", "fall", "rise", "ratio", "share", "rank"],
)  # fmt: skip
def test_a_number_is_said_as_it_was_meant(changed: dict[str, object], en: str, es: str) -> None:
    assert shown(**changed).said == Said(en, es)


@pytest.mark.parametrize(
    ("months", "meses"),
    [
        ("12 months to 2024-07 over 12 months to 2023-07", "12 meses hasta 2024-07 frente a 12 meses hasta 2023-07"),
        ("fiscal year 2022 among all before it that are held",
         "año fiscal 2022 entre todos los anteriores disponibles"),
        ("calendar 2023", "año 2023"),
        ("2018-10 to 2023-09", "2018-10 a 2023-09"),
        ("months in a row to 2024-01", "meses seguidos hasta 2024-01"),
    ],
)  # fmt: skip
def test_the_months_of_a_reading_are_named_in_spanish(months: str, meses: str) -> None:
    reading = shown(reading=f"Border Patrol only, {months}").reading
    assert reading == Said(f"Border Patrol only, {months}", f"Sólo Patrulla Fronteriza, {meses}")


def test_a_claim_without_a_figure_or_a_reading_shows_a_dash() -> None:
    claim = shown(official=None, reading="none", about=None, about_es=None)
    assert (claim.official, claim.reading) == (Said("–", "–"), Said("–", "–"))
    assert claim.verdict == Said("supported under reading", "se sostiene según la lectura")
    assert claim.place == "10–90"


def test_a_column_and_its_spanish_are_one_and_codes_are_words() -> None:
    frame = pl.DataFrame(
        {
            "month": [date(2025, 12, 1)], "title": ["A treaty"], "title_es": ["Un tratado"], "missing": ["no_text"],
            "is_settled": [False], "evidence": ["https://example.org/a/b"], "value": [None],
        }
    )  # fmt: skip
    made = parts.table("t", frame, Said("T", "T"))
    assert [head.es for head in made.columns] == [
        "mes", "acontecimiento", "por qué falta", "definitiva", "evidencia", "cifra",
    ]  # fmt: skip
    assert [(cell.text.en, cell.text.es, cell.link) for cell in made.rows[0]] == [
        ("2025-12", "2025-12", None),
        ("A treaty", "Un tratado", None),
        ("no text", "sin texto", None),
        ("no", "no", None),
        ("example.org", "example.org", "https://example.org/a/b"),
        ("–", "–", None),
    ]


def test_a_word_that_the_glossary_does_not_know_stays_as_it_is() -> None:
    assert glossary.word("Claudia Sheinbaum Pardo") == Said("Claudia Sheinbaum Pardo", "Claudia Sheinbaum Pardo")
    assert glossary.word("too_little_text") == Said("too little text", "muy poco texto")


@pytest.mark.parametrize(
    ("newest", "limit", "state"),
    [(date(2026, 1, 1), 30, "stale"), (date(2026, 1, 1), 31, "current"), (None, 30, "no limit"),
     (date(2026, 1, 1), None, "no limit")],
)  # fmt: skip
def test_a_source_is_stale_once_it_is_older_than_its_limit(newest: date | None, limit: int | None, state: str) -> None:
    assert parts.Held("a", Said("A", "A"), newest, limit).state(date(2026, 2, 1)) == state


def test_where_vega_cannot_be_bundled_the_line_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "BUNDLE", "raise SystemExit(3)")
    with pytest.raises(EntenteError, match="could not bundle Vega; set the environment up again"):
        drawing.Drawer(tmp_path).script()
