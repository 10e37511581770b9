"""Archives in two publishers' layouts, put together at random from sentences written for the benchmark."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

import yaml

from pipelines.contract_files import load
from pipelines.documents.presidencia_amlo import MONTHS
from pipelines.project import ROOT

DOCUMENTS = {"white_house": 4000, "presidencia_amlo": 500}
PARAGRAPHS = {"white_house": 12, "presidencia_amlo": 110}
SENTENCES = yaml.safe_load((Path(__file__).parent / "sentences.yml").read_text(encoding="utf-8"))
TYPES = ("statements-releases", "speeches-remarks", "fact-sheets")
TAGS = ("PREGUNTA", "PRESIDENTE", "INTERLOCUTORA", "SECRETARIA DE ECONOMÍA, ANA PÉREZ")


def write(place: Path) -> Path:
    """The folder, with an archive of each of two feeds written into it, about 20 MB each."""
    chance = random.Random(4)  # noqa: S311 (no secret)
    declared = load(ROOT)
    for feed, file in (("white_house", _release), ("presidencia_amlo", _transcript)):
        with zipfile.ZipFile(place / declared[f"documents.{feed}"].feed.files[0], "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(DOCUMENTS[feed]):
                archive.writestr(*file(number, chance))
    return place


def _paragraphs(feed: str, language: str, chance: random.Random) -> list[str]:
    """Paragraphs of some sentences each; a figure in one keeps them from being repetitions of each other."""
    drawn = (chance.choices(SENTENCES[language], k=chance.randrange(2, 7)) for _ in range(PARAGRAPHS[feed]))
    return [f"{' '.join(said)} ({chance.randrange(100_000)})" for said in drawn]


def _release(number: int, chance: random.Random) -> tuple[str, str]:
    kind, month, day = chance.choice(TYPES), 1 + number % 12, 1 + number % 28
    date = f"{2021 + number % 4}-{month:02}-{day:02}"
    said = "\n\n".join(_wrapped(paragraph) for paragraph in _paragraphs("white_house", "en", chance))
    matter = (
        f"date: '{date}'\nsource_url: https://example.org/{kind}/{number}/\ntags: {kind}\ntitle: 'Release {number}'"
    )
    return f"{kind}/{date[:7]}/{date}-release-{number}.md", f"---\n{matter}\n---\n\n{said}\n"


def _wrapped(paragraph: str) -> str:
    """A paragraph in lines of about ten words."""
    words = paragraph.split(" ")
    return "\n".join(" ".join(words[start : start + 10]) for start in range(0, len(words), 10))


def _transcript(number: int, chance: random.Random) -> tuple[str, str]:
    month, day, year = chance.choice(list(MONTHS)), 1 + number % 28, 2019 + number % 5
    title = f"Versión estenográfica de la conferencia de prensa {number}"
    said = "\n---\n".join(
        f"{chance.choice(TAGS)}\n{paragraph}" for paragraph in _paragraphs("presidencia_amlo", "es", chance)
    )
    head = f"{title}\nPresidencia de la República\n{day:02} de {month} de {year}\n---\n"
    return f"articulos/{year}/{month}/{day:02}--version-estenografica-{number}.txt", head + said + "\n"
