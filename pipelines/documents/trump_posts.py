"""Posts of @realDonaldTrump, 2015 to 2021, from two copies of the Trump Twitter Archive: JSON by year, then one CSV."""

from __future__ import annotations

import csv
import functools
import html
import io
import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time

from pipelines.errors import Refused
from pipelines.texts import Document, Member, compose

PRINTED = "%a %b %d %H:%M:%S %z %Y"
JSON_NAME = re.compile(r"(?:.*/)?condensed_\d{4}\.json")
CSV_NAME = re.compile(r"(?:.*/)?trump_tweets_.*\.csv")
COLUMNS = ["datetime_utc", "id", "text", "retweets", "favorites"]
# The JSON copy of this year overlaps the CSV and is undamaged, so it outranks it.
OVERLAPPING = "condensed_2016.json"

LINK = re.compile(r"https?://\S+|pic\.twitter\.com/\S+")
# Before 2017 a quoted post was typed by hand: "@name: their words" his own words.
QUOTING = re.compile(r"[\"“']+\s*\.?@\w+:?\s(?P<theirs>.*?)(?:[\"”](?P<own>[^\"“”]*))?", re.DOTALL)
Post = tuple[str, datetime, str]


def companions(member: Member) -> list[Member]:
    """The undamaged copy the CSV is read with."""
    other = member.companion(OVERLAPPING) if CSV_NAME.fullmatch(member.name) else None
    return [other] if other else []


def read(member: Member) -> Iterator[Document]:
    """Yield every post; a retweet or a quotation of somebody else is excluded, for it is not his own words."""
    if JSON_NAME.fullmatch(member.name):
        yield from (_document(post, kept_elsewhere=False) for post in _from_json(member))
    elif CSV_NAME.fullmatch(member.name):
        known = {post[0] for other in companions(member) for post in _from_json(other)}
        yield from (_document(post, kept_elsewhere=post[0] in known) for post in _from_csv(member))
    else:
        raise Refused(
            f"{member.label}: neither condensed_YYYY.json nor trump_tweets_….csv; keep the publisher's layout"
        )


def _from_json(member: Member) -> Iterable[Post]:
    try:
        for post in json.loads(member.text()):
            at = _at(post["created_at"])
            if not isinstance(post["id_str"], str):
                raise TypeError("id_str is no text")
            yield post["id_str"], at, html.unescape(post["text"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(
            f"{member.label}: no list of posts with id_str, created_at and text ({error}); fetch it again"
        ) from None


def _at(text: str) -> datetime:
    """The time in a text such as `Thu Dec 31 23:21:49 +0000 2015`."""
    day = _midnight(f"{text[:11]}00:00:00{text[19:]}")
    return datetime.combine(day, time.fromisoformat(text[11:19]), day.tzinfo)


@functools.lru_cache(maxsize=1024)
def _midnight(text: str) -> datetime:
    return datetime.strptime(text, PRINTED)


def _from_csv(member: Member) -> Iterable[Post]:
    rows = csv.DictReader(io.StringIO(member.text(), newline=""), strict=True)
    if rows.fieldnames != COLUMNS:
        raise Refused(f"{member.label} line 1: columns are {rows.fieldnames}, not {COLUMNS}; fetch it again")
    try:
        for row in rows:
            at = datetime.fromisoformat(row["datetime_utc"])
            yield row["id"], at, html.unescape(row["text"].replace("&,", "&"))
    except (ValueError, TypeError, AttributeError, csv.Error) as error:
        raise Refused(f"{member.label} line {rows.line_num}: no post ({error}); fetch it again") from None


def _document(post: Post, *, kept_elsewhere: bool) -> Document:
    number, at, text = post
    excluded = "other_copy" if kept_elsewhere else "retweet" if text.startswith("RT @") else None
    quoting = QUOTING.fullmatch(text.strip()) if excluded is None else None
    paragraphs: list[tuple[str | None, str]] = [("", text)]
    if quoting:
        own = quoting["own"] or ""
        split = len(text.strip()) - len(own)
        paragraphs = [(None, text.strip()[:split]), ("", own)]
        if not LINK.sub("", own).strip():
            paragraphs, excluded = [("", text)], "quotation"
    composed = compose(paragraphs, LINK)
    return Document(
        path=number,
        url=f"https://twitter.com/realDonaldTrump/status/{number}",
        title=None,
        date=at.astimezone(UTC).date(),
        date_precision="day",
        language="en",
        genre="post",
        text=composed.text,
        turns=composed.turns,
        furniture_lines=composed.furniture_lines,
        excluded=excluded,
    )
