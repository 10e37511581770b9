"""Stenographic transcripts of the presidency of Mexico, 2018 to 2024: a header, then blocks headed by their speaker."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from pipelines.errors import Refused
from pipelines.texts import FURNITURE, Document, Member, compose, day

MONTHS = {
    "enero": 1, "febrero": 2, "marzo": 3, "abril": 4, "mayo": 5, "junio": 6, "julio": 7, "agosto": 8,
    "septiembre": 9, "octubre": 10, "noviembre": 11, "diciembre": 12,
}  # fmt: skip
DATE = re.compile(r"(\d{1,2}) de (\w+) de (\d{4})")
NAME = re.compile(r"(?:.*/)?\d{4}/[a-z]+/\d{2}--(?P<slug>[^/]+)\.txt")
PAGE_HEAD = re.compile(r"Presidencia de la Rep[úu]blica\s+\|")
UNTAGGED = "???"  # printed by the compiler where the page names no speaker


def read(member: Member) -> Iterator[Document]:
    """Yield the transcript in the file; the path is that of the government's page, whose address ends in the slug."""
    named = NAME.fullmatch(member.name)
    if named is None:
        raise Refused(f"{member.label}: not named YYYY/mes/DD--slug.txt; keep the publisher's layout")
    yield transcript(member, f"presidencia/es/articulos/{named['slug']}")


def transcript(member: Member, path: str) -> Document:
    """The document in a file of blocks separated by `---`, the first holding title, publisher and date."""
    header, *blocks = re.split(r"\n---(?:\n|$)", member.text())
    lines = [line.strip() for line in header.split("\n")]
    if len(lines) < 3:
        raise Refused(f"{member.label} line 1: no header of title, publisher and date; fetch the file again")
    paragraphs: list[tuple[str | None, str]] = [(None, lines[0])]
    for block in blocks:
        tag, _, said = block.strip("\n").partition("\n")
        paragraphs.append((None, tag))
        speaker = "" if tag == UNTAGGED else tag.strip()
        paragraphs += [(FURNITURE if PAGE_HEAD.match(line) else speaker, line) for line in said.split("\n")]
    composed = compose(paragraphs)
    return Document(
        path=path,
        url=None,
        title=" ".join(lines[0].split()),
        date=_spelled(member, lines[2]),
        date_precision="day",
        language="es",
        genre=genre(lines[0]),
        text=composed.text,
        turns=composed.turns,
        furniture_lines=composed.furniture_lines,
        repeated_paragraphs=composed.repeated_paragraphs,
    )


def genre(title: str) -> str:
    """Kind of text after the title: the press conference, the Health Ministry's briefing, or a speech."""
    lowered = title.lower()
    if "informe diario" in lowered and "coronavirus" in lowered:
        return "health_briefing"
    return "press_conference" if "conferencia de prensa" in lowered or "conferencia matutina" in lowered else "speech"


def _spelled(member: Member, text: str) -> date:
    found = DATE.fullmatch(text)
    month = MONTHS.get(found[2].lower()) if found else None
    if not found or month is None:
        raise Refused(f"{member.label} line 3: '{text[:40]}' is no date such as 09 de marzo de 2023; correct the line")
    return day(member, found[3], month, found[1], "line 3")
