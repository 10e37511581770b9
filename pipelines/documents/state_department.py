"""Texts of the US Department of State: items of its RSS feeds, or the page where an item brings no text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from urllib.parse import urljoin, urlsplit

from pipelines.documents import posts
from pipelines.documents.pages import read_page
from pipelines.documents.white_house import PAGE_LINE, REPORTER, TAG
from pipelines.errors import Refused
from pipelines.listings import Listing, Offer
from pipelines.texts import FURNITURE, Document, Member, compose, url_path

# A text in several feeds is taken from the first, which says the most of its kind.
GENRES = {
    "department-press-briefings": "press_briefings",
    "secretarys-remarks": "remarks",
    "press-releases": "press_releases",
}
SINCE = date(2025, 1, 20)  # the site begins anew with each administration
NAME = re.compile(rf"(?:.*/)?(?P<feed>{'|'.join(GENRES)})--[^/]+\.(?:xml|html)")
BODY = frozenset({"entry-content"})


def addresses(url: str) -> list[str]:
    """The department's RSS feeds."""
    return [urljoin(url, f"rss-feed/{feed}/feed/") for feed in GENRES]


def document_path(url: str) -> str:
    """What an address is called among the texts."""
    return url_path(url)


def find(listing: Listing) -> Iterator[Offer]:
    """Yield the texts of one RSS feed, newest first; the names of their files begin with the feed's."""
    feed = urlsplit(listing.address).path.strip("/").split("/")[-2]
    return posts.find(listing, document_path, f"{feed}--")


def read(member: Member) -> Iterator[Document]:
    """Yield the text in the file; `date` is the day it was posted."""
    named = NAME.fullmatch(member.name)
    if named is None:
        raise Refused(f"{member.label}: not named <feed>--<name>.xml or .html; begin the name with {', '.join(GENRES)}")
    is_item = member.path.suffix == ".xml"
    post = posts.of_item(member) if is_item else posts.of_page(member, read_page(member, BODY))
    composed = compose(_turns(post.paragraphs))
    yield Document(
        path=document_path(post.url),
        url=post.url,
        title=post.title,
        date=post.day,
        date_precision="day",
        language=None,
        genre=GENRES[named["feed"]],
        text=composed.text,
        turns=composed.turns,
        furniture_lines=composed.furniture_lines,
        repeated_paragraphs=composed.repeated_paragraphs,
    )


def _turns(paragraphs: Iterable[str]) -> Iterator[tuple[str | None, str]]:
    """Speaker and paragraph in order; the speaker of a text without tags is ""."""
    speaker = ""
    for paragraph in paragraphs:
        head, colon, said = paragraph[:60].partition(":")
        asked = REPORTER.match(paragraph)
        if asked:
            speaker, paragraph = "Q", paragraph[asked.end() :]
            yield None, speaker
        elif colon and said[:1] in ("", " ") and TAG.fullmatch(head):
            speaker, paragraph = head, paragraph[len(head) + 1 :]
            yield None, speaker
        page_line = len(paragraph) < 60 and PAGE_LINE.fullmatch(paragraph)
        yield FURNITURE if page_line else speaker, paragraph
