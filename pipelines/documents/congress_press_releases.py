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

MEMBER = ("name", "party", "state", "chamber")
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
            release = _checked(json.loads(line))
            published = date.fromisoformat(release["date"])
            path = release_path(release["url"])
        except (ValueError, KeyError, TypeError) as error:
            raise Refused(
                f"{member.label} line {number}: no release with url, title, date and member ({error}); fetch it again"
            ) from None
        yield _document(release, path, published)


def _checked(release: Any) -> dict[str, Any]:
    """The release, where every field used is of its type."""
    if not isinstance(release, dict):
        raise TypeError("no object")
    wrong = [key for key in ("url", "title", "date", "domain") if not isinstance(release[key], str)]
    wrong += ["text"] if not isinstance(release["text"], str | None) else []
    who = release["member"]
    told = who and isinstance(who, dict) and all(isinstance(who[each], str) for each in MEMBER)
    wrong += ["member"] if who and not told else []
    if wrong:
        raise TypeError(f"{wrong[0]} is of another type")
    return release


def _document(release: dict[str, Any], path: str, published: date) -> Document:
    title, text = " ".join(release["title"].split()), release["text"]
    speaker = _tag(release["member"]) if release["member"] else release["domain"]
    paragraphs: list[tuple[str | None, str]] = [(speaker if text is None else None, title)]
    paragraphs += [(FURNITURE if PAGE_LINE.fullmatch(line) else speaker, line) for line in (text or "").split("\n")]
    composed = compose(paragraphs)
    return Document(
        path=path,
        url=release["url"],
        title=title,
        date=published,
        date_precision="day",
        language=None,
        genre="press_release_title" if text is None else "press_release",
        text=composed.text,
        turns=composed.turns,
        furniture_lines=composed.furniture_lines,
        repeated_paragraphs=composed.repeated_paragraphs,
    )


def _tag(member: dict[str, str]) -> str:
    """The member with the initial of the party, the state and the chamber, as texts name members."""
    return f"{member['name']} ({member['party'][:1]}-{member['state']}, {member['chamber']})"


def release_path(url: str) -> str:
    """Host, path and query: each member is a publisher, and many sites name a release in the query only."""
    parts = urlsplit(url)
    return parts.netloc + parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else "")
