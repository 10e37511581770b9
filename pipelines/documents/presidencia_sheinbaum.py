"""Stenographic transcripts of the presidency of Mexico from October 2024: a header, then `SPEAKER: text` by line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from pipelines.documents import presidencia_amlo
from pipelines.errors import Refused
from pipelines.texts import FURNITURE, Document, Member, checked_url, compose, url_path

HEADER = ("URL: ", "Fecha: ", "Título: ")
# A tag has no small letter before its colon; a name may carry a note in parentheses and quotation marks.
TAG = re.compile(r"((?=[^:]*[A-ZÁÉÍÓÚÜÑ]{2})[^:a-záéíóúüñ]{3,220}):\s*")
STAGE = re.compile(r"\([^()]*\)\s*")


def read(member: Member) -> Iterator[Document]:
    """Yield the transcript in the file, in either layout: the compiler's newer one or, cut off, the older."""
    older = presidencia_amlo.NAME.fullmatch(member.name)
    if older:
        yield presidencia_amlo.transcript(member, f"presidencia/es/articulos/{older['slug']}")
        return
    lines = member.text().split("\n")
    found = [line.removeprefix(key) for line, key in zip(lines, HEADER, strict=False) if line.startswith(key)]
    if len(found) != len(HEADER):
        raise Refused(f"{member.label} line 1: the header is not URL, Fecha and Título; fetch the file again")
    url, day, title = (value.strip() for value in found)
    try:
        published = date.fromisoformat(day)
    except ValueError:
        raise Refused(f"{member.label} line 2: '{day}' is no date such as 2025-08-07; correct the line") from None
    checked_url(member, url, "line 1")
    composed = compose([(None, title), *_turns(lines[len(HEADER) :])])
    yield Document(
        path=url_path(url),
        url=url,
        title=title,
        date=published,
        date_precision="day",
        language="es",
        genre=presidencia_amlo.genre(title),
        text=composed.text,
        turns=composed.turns,
        furniture_lines=composed.furniture_lines,
        repeated_paragraphs=composed.repeated_paragraphs,
    )


def _turns(lines: list[str]) -> Iterator[tuple[str | None, str]]:
    speaker = ""
    for line in lines:
        tagged = TAG.match(line)
        if tagged:
            speaker = tagged[1].strip()
            yield None, speaker
            line = line[tagged.end() :]
        yield FURNITURE if STAGE.fullmatch(line) else speaker, line
