"""Single articles by other hands: texts or saved pages beside a `manifest.csv` that dates them and names their kind."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date

from pipelines.documents.pages import html_paragraphs
from pipelines.errors import Refused
from pipelines.texts import FURNITURE, Document, Member, checked_url, compose, url_path

COLUMNS = (
    "file", "title", "publisher", "author", "date", "date_precision", "language", "translated_from", "genre",
    "origin_notes",
)  # fmt: skip
MANIFEST = "manifest.csv"
LANGUAGES = {"en": "en", "es": "es", "pt": "pt", "": None}
PRECISIONS = ("day", "month", "year")

# What a page adds to the text, run into its paragraphs or standing alone.
INLINE = re.compile(
    r"(?:date \d{4}-\d\d-\d\d )?Comment on this story(?: Comment)?(?: Gift Article)?(?: Share)?"
    r"|(?:Wp )?Get the full experience\.(?: Choose your plan)?(?: ArrowRight)?"
)
PAGE_LINE = re.compile(
    r"(?i:similar posts|related (?:posts|articles)|leave a reply|your email address will not be published\..*"
    r"|share this:?|required fields are marked.*|advertisement|subscribe.{0,60}|sign up.{0,60}|read more:?.{0,80}"
    r"|back to top|print|skip to (?:main )?content|comentarios|compartir|publicidad|notas relacionadas"
    r"|te puede interesar.{0,80}|suscr[ií]bete.{0,60})"
    r"|(?:By|Source:|Por|Fuente:) .{3,60}|[#*_\s=~–—-]+"
)


def companions(member: Member) -> list[Member]:
    """The manifest the file is read with."""
    manifest = member.companion(MANIFEST) if member.path.name != MANIFEST else None
    return [manifest] if manifest else []


def read(member: Member) -> Iterator[Document]:
    """Yield the article in the file, dated by its row of the manifest; the manifest itself is no article."""
    if member.path.name == MANIFEST:
        return
    row = _row(member)
    text = member.text()
    paragraphs = html_paragraphs(text) if member.path.suffix in (".html", ".htm") else text.split("\n")
    tag = row["genre"].upper()  # voices.csv says who utters a text of this kind
    composed = compose([(FURNITURE if PAGE_LINE.fullmatch(p.strip()) else tag, p) for p in paragraphs], INLINE)
    url = row.get("url") or None
    yield Document(
        path=url_path(url) if url else member.path.stem,
        url=url,
        title=row["title"] or None,
        date=date.fromisoformat(row["date"]),
        date_precision=row["date_precision"],
        language=LANGUAGES[row["language"]],
        genre=re.sub(r"\W+", "_", row["genre"].lower()),
        text=composed.text,
        turns=composed.turns,
        furniture_lines=composed.furniture_lines,
        repeated_paragraphs=composed.repeated_paragraphs,
    )


def _row(member: Member) -> dict[str, str]:
    """The manifest's row of the file, checked."""
    manifest = member.companion(MANIFEST)
    if manifest is None:
        raise Refused(f"{member.label}: no manifest.csv beside it; write one with {', '.join(COLUMNS)}")
    rows = csv.DictReader(io.StringIO(manifest.text(), newline=""), strict=True)
    try:
        if not set(COLUMNS) <= set(rows.fieldnames or ()):
            raise Refused(f"{manifest.label} line 1: columns must hold {', '.join(COLUMNS)}; correct the header")
        for row in rows:
            if row["file"] == member.path.name:
                _check(manifest, rows.line_num, row)
                return row
    except csv.Error as error:
        raise Refused(f"{manifest.label} line {rows.line_num + 1}: no CSV ({error}); correct the line") from None
    raise Refused(f"{member.label}: not in {manifest.name}; add a line for it")


def _check(manifest: Member, line: int, row: dict[str, str]) -> None:
    where = f"{manifest.label} line {line}"
    if None in row or None in row.values():
        raise Refused(f"{where}: not as many cells as columns; correct the line")
    try:
        date.fromisoformat(row["date"])
    except ValueError:
        raise Refused(f"{where}: '{row['date']}' is no date such as 2023-06-12; correct the line") from None
    if row["date_precision"] not in PRECISIONS:
        raise Refused(f"{where}: date_precision '{row['date_precision']}' is not day, month or year; correct the line")
    if row["language"] not in LANGUAGES:
        raise Refused(f"{where}: language '{row['language']}' is not en, es, pt or empty; correct the line")
    checked_url(manifest, row.get("url", ""), f"line {line}")
