"""Press releases of members of Congress: one JSON object a line, from many members' sites."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from pipelines.errors import Refused
from pipelines.texts import FURNITURE, Document, Member, compose

NAME = re.compile(r"(?:.*/)?\d{4}-\d{2}\.jsonl")
# Boilerplate around the text; contact lines also carry the names of staff.
PAGE_LINE = re.compile(
    r"[#*+…\s–—-]+|(?i:for immediate release):?|(?:Press |Media )?Contacts?:.*|For more information, contact .*|Image"
    r"|(?i:background):?|Click here to .*"
    r"|(?:Read the full|(?:The )?[Ff]ull text of the|A copy of the) .{0,60}(?:here|below).{0,20}"
)


def read(member: Member) -> Iterator[Document]:
    """Yield the releases of a month; where the text was not fetched only the title is there to be coded."""
    if NAME.fullmatch(member.name) is None:
        raise Refused(f"{member.label}: not named YYYY-MM.jsonl; keep the publisher's layout")
    for number, line in enumerate(member.text().splitlines(), 1):
        try:
            release = json.loads(line)
            yield _document(release)
        except (ValueError, KeyError, TypeError) as error:
            raise Refused(
                f"{member.label} line {number}: no release with url, title, date and member ({error}); fetch it again"
            ) from None


def _document(release: dict[str, Any]) -> Document:
    title, text = " ".join(release["title"].split()), release["text"]
    speaker = release["member"]["name"] if release["member"] else release["domain"]
    paragraphs: list[tuple[str | None, str]] = [(speaker if text is None else None, title)]
    paragraphs += [(FURNITURE if PAGE_LINE.fullmatch(line) else speaker, line) for line in (text or "").split("\n")]
    composed = compose(paragraphs)
    return Document(
        path=release_path(release["url"]),
        url=release["url"],
        title=title,
        date=date.fromisoformat(release["date"]),
        date_precision="day",
        language=None,
        genre="press_release_title" if text is None else "press_release",
        text=composed.text,
        turns=composed.turns,
        furniture_lines=composed.furniture_lines,
        repeated_paragraphs=composed.repeated_paragraphs,
    )


def release_path(url: str) -> str:
    """Host, path and query: each member is a publisher, and many sites name a release in the query only."""
    parts = urlsplit(url)
    return parts.netloc + parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else "")
