"""The claims of the page: what was said in numbers, beside the official figure and the reading that it stands on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from pipelines.site.glossary import word
from pipelines.site.words import Said

GROUPS = {
    "us_executive": "US executive",
    "us_candidate": "US candidate",
    "us_d": "US Congress, Democrats",
    "us_r": "US Congress, Republicans",
    "mx_executive": "Mexican executive",
    "mx_legislature": "Mexican legislators",
}
# The months of a reading, as pipelines.claims names them, in Spanish; the longer wording first.
PERIODS = (
    (" among all before it that are held", " entre todos los anteriores disponibles"),
    ("months in a row to", "meses seguidos hasta"),
    (r"(\d+) months to", r"\1 meses hasta"),
    ("fiscal year", "año fiscal"),
    ("calendar", "año"),
    (" over ", " frente a "),
    (" to ", " a "),
)


@dataclass(frozen=True)
class Claim:
    """One claim as shown.

    Attributes:
        day: Day of the document.
        speaker: Who said it.
        group: Whose office or party that is.
        metric: What it is about.
        said: The number as stated.
        official: The newest official figure of the reading.
        reading: Series and months of that figure.
        verdict: How the number stands now.
        verdict_then: How it stood on its day.
        excerpt: At most 25 words of its sentence, where the text is at hand.
        language: Language of the excerpt.
        place: Characters of its sentence in the text, where there is no excerpt.
        url: Where the document is published.
        title: Title of the document.
        claim_id: Its id in the ledger.
    """

    day: date
    speaker: Said
    group: Said
    metric: Said
    said: Said
    official: Said
    reading: Said
    verdict: Said
    verdict_then: Said
    excerpt: str | None
    language: str
    place: str
    url: str | None
    title: str | None
    claim_id: str


def claims(frame: pl.DataFrame) -> list[Claim]:
    """The rows of the query of claims as people read them."""
    return [_claim(row) for row in frame.iter_rows(named=True)]


def filters(shown: list[Claim]) -> list[dict[str, str]]:
    """What each claim can be filtered by, in English as the glossary of the page has it."""
    return [
        {
            "verdict": each.verdict.en,
            "metric": each.metric.en,
            "speaker_group": each.group.en,
            "year": str(each.day.year),
        }
        for each in shown
    ]


def _claim(row: dict[str, Any]) -> Claim:
    return Claim(
        day=row["date"],
        speaker=word(row["speaker"]),
        group=word(GROUPS.get(row["speaker_group"], row["speaker_group"])),
        metric=Said(row["metric"], row["metric_es"]),
        said=_number(row["value"], row["kind"], row["unit"], row["modifier"]),
        official=_official(row),
        reading=_reading(row),
        verdict=word(row["verdict"]),
        verdict_then=word(row["verdict_then"]),
        excerpt=row["excerpt"],
        language=row["language"],
        place=f"{row['start']}–{row['end']}",
        url=row["url"],
        title=row["title"],
        claim_id=row["claim_id"],
    )


def _official(row: dict[str, Any]) -> Said:
    if row["official"] is None:
        return Said("–", "–")
    return _number(row["official"], row["kind"], "", "exact")


def _number(value: float, kind: str, unit: str, modifier: str) -> Said:
    """A number with how it is meant: more than 80,000 persons per year."""
    how = word("" if modifier == "exact" else modifier)
    match kind:
        case "rank":
            told = Said(f"rank {value:.0f}", f"lugar {value:.0f}")
        case "change_ratio":
            told = Said(f"{_plain(value)} times", f"{_plain(value)} veces")
        case "share":
            told = Said(f"{_plain(value)} %", f"{_plain(value)} %")
        case "change_pct":
            rise = Said("a rise of", "un alza de") if value >= 0 else Said("a fall of", "una baja de")
            figure = f"{_plain(abs(value))} %"
            return Said(_joined(rise.en, how.en, figure), _joined(rise.es, how.es, figure))
        case _:
            what, each, time = unit.partition(" per ")
            counted = word(what) if "_" not in what else Said("", "")
            often = word(f"per {time}") if each else Said("", "")
            told = Said(
                _joined(_plain(value), counted.en, often.en),
                _joined(_plain(value), counted.es, often.es),
            )
    return Said(_joined(how.en, told.en), _joined(how.es, told.es))


def _reading(row: dict[str, Any]) -> Said:
    """Series and months of a reading; what the seeds do not name in Spanish stays as it is."""
    told, about, spanish = row["reading"], row["about"], row["about_es"]
    if about is None:
        return Said("–", "–")
    months = told.removeprefix(about)
    for english, said in PERIODS:
        months = re.sub(english, said, months)
    return Said(told, f"{spanish}{months}")


def _plain(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) or abs(value) >= 1000 else f"{value:,.2f}".rstrip("0")


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
