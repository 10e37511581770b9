"""Posts of a publisher's site: items of its RSS feed, each kept as the publisher's own XML, or the pages they name."""

from __future__ import annotations

import itertools
import json
import xml.parsers.expat as expat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from pipelines.documents.pages import Page, html_paragraphs, one_line
from pipelines.errors import Refused
from pipelines.http import NoAnswer
from pipelines.listings import Listing, Offer, file_name
from pipelines.snapshots import RECEIPT
from pipelines.texts import Member, checked_url

WASHINGTON = ZoneInfo("America/New_York")
FIELDS = {
    "title": "title",
    "link": "link",
    "pubDate": "published",
    "http://purl.org/rss/1.0/modules/content/ encoded": "html",
}
SIGNED_OFF = " appeared first on "  # the line WordPress adds below a text: "The post … appeared first on …"


@dataclass(frozen=True)
class Post:
    """A text as its publisher posts it: `paragraphs` in order, its day that of the publisher's capital."""

    url: str
    title: str
    day: date
    paragraphs: tuple[str, ...]


@dataclass
class Item:
    """An item of an RSS feed; `source` is its own XML within the feed's outermost elements."""

    title: str = ""
    link: str = ""
    published: str = ""
    html: str = ""
    source: bytes = field(default=b"", repr=False)

    @property
    def day(self) -> date:
        """The day it was posted, in Washington; ValueError where it states none."""
        return washington_day(parsedate_to_datetime(self.published.strip()))

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """What a reader sees, without the line that names the site."""
        return tuple(line for line in html_paragraphs(self.html) if not is_signed_off(line))


def is_signed_off(line: str) -> bool:
    """Whether a line is the one a feed adds below each text."""
    return line.startswith("The post ") and SIGNED_OFF in line


def washington_day(time: datetime) -> date:
    """The day of a time in Washington, where these publishers date their texts."""
    return (time.astimezone(WASHINGTON) if time.tzinfo else time).date()


def items(content: bytes) -> list[Item]:
    """The items of an RSS feed in their order.

    Raises:
        ValueError: Not well-formed, no RSS, or with a document type of its own, whose entities could swell.
    """
    if b"\0" in content:
        raise ValueError("not text, or in an encoding of two bytes a letter")
    try:
        return _Feed(content.strip()).items
    except expat.ExpatError as error:
        raise ValueError(f"not well-formed XML ({error})") from None


class _Feed:
    """Reads an RSS feed in one pass, keeping where each item begins and ends."""

    def __init__(self, content: bytes) -> None:
        self.items: list[Item] = []
        self._content, self._head, self._start = content, b"", 0
        self._path: list[str] = []
        self._said: list[str] = []
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._said.append
        self._parser.Parse(content, True)

    def _refuse(self, *_: object) -> None:
        raise ValueError("it declares a document type of its own, which no feed needs")

    def _begin(self, name: str, _attributes: dict[str, str]) -> None:
        if not self._path and name != "rss":
            raise ValueError(f"<{name}> where <rss> should be")
        self._path.append(name)
        self._said.clear()
        if self._path == ["rss", "channel"]:
            self._head = self._content[: self._parser.CurrentByteIndex]
        elif self._path == ["rss", "channel", "item"]:
            self._start = self._parser.CurrentByteIndex
            self.items.append(Item())

    def _end(self, name: str) -> None:
        said = "".join(self._said)
        if self._path == ["rss", "channel", "item"]:
            end = self._content.index(b">", self._parser.CurrentByteIndex) + 1
            own = self._content[self._start : end]
            self.items[-1].source = b"%s<channel>\n%s\n</channel>\n</rss>\n" % (self._head, own)
        elif self._path[:3] == ["rss", "channel", "item"] and len(self._path) == 4 and name in FIELDS:
            setattr(self.items[-1], FIELDS[name], said)
        self._path.pop()
        self._said.clear()


# Looking --------------------------------------------------------------------------------------------------------------


def find(listing: Listing, path_of: Callable[[str], str], prefix: str = "") -> Iterator[Offer]:
    """Yield what an RSS feed lists, newest first, page after page until all of a page is too old or the feed ends.

    Args:
        listing: The feed's address and the client.
        path_of: The identity of an address within the feed.
        prefix: What the names of kept files begin with.

    Raises:
        NoAnswer: No answer, or one that is no RSS.
    """
    seen: set[str] = set()
    for number in itertools.count(1):
        url = listing.address if number == 1 else f"{listing.address}?paged={number}"
        try:
            content = listing.content(url, marked=number == 1)
        except NoAnswer as reason:
            if number > 1 and reason.status == 404:
                return
            raise
        if content is None:
            return
        try:
            fresh = [item for item in items(content) if item.link.strip() not in seen]
        except ValueError as error:
            raise NoAnswer(f"{url}: {error}") from None
        seen |= {item.link.strip() for item in fresh}
        offers = [_offer(listing, item, path_of, prefix) for item in fresh]
        known = [offer for offer in offers if offer is not None]
        yield from known
        if not known or all(offer.published < listing.since for offer in known):
            return
        if listing.is_enough:
            listing.is_cut = True
            return


def _offer(listing: Listing, item: Item, path_of: Callable[[str], str], prefix: str) -> Offer | None:
    url = item.link.strip()
    if not listing.is_own(url):
        return None
    try:
        published = item.day
    except ValueError:
        listing.notes.append(f"{url}: '{item.published[:60]}' is no time of publication; left out")
        return None
    if item.paragraphs:
        wording, name = _wording(item), prefix + file_name(url, ".xml")
        return Offer(path_of(url), url, published, name, lambda: item.source, partial(_differs, wording))
    return Offer(path_of(url), url, published, prefix + file_name(url, ".html"), lambda: listing.saved(url))


def _wording(item: Item) -> tuple[str, ...]:
    return (one_line(item.title), *item.paragraphs)


def _differs(wording: tuple[str, ...], kept: Path) -> bool:
    """Whether the item kept has other words; a page that was kept is not compared."""
    return kept.suffix == ".xml" and _wording(items(kept.read_bytes())[0]) != wording


# Reading --------------------------------------------------------------------------------------------------------------


def of_item(member: Member) -> Post:
    """The text in a kept item.

    Raises:
        Refused: Damaged, or without address, title or day.
    """
    try:
        (item,) = items(member.content())
        published = item.day
    except ValueError as error:
        raise Refused(f"{member.label}: no single RSS item with a day ({error}); fetch it again") from None
    url = checked_url(member, item.link.strip(), "link")
    return Post(url, _titled(member, item.title), published, item.paragraphs)


def of_page(member: Member, page: Page) -> Post:
    """The text on a kept page.

    Raises:
        Refused: Without address, title or day.
    """
    for stated in page.days:
        try:
            published = washington_day(datetime.fromisoformat(stated))
            break
        except ValueError:
            continue
    else:
        raise Refused(f"{member.label}: the page states no time of publication; save the whole page")
    return Post(page_address(member, page.url), _titled(member, page.title), published, page.body or ())


def page_address(member: Member, own: str) -> str:
    """The address a page was fetched from, after the receipt beside it, else the one it gives as its own.

    Raises:
        Refused: Neither is there.
    """
    receipt = member.companion(member.path.name + RECEIPT)
    try:
        url = json.loads(receipt.text())["url"] if receipt else own
    except (ValueError, KeyError, TypeError):
        raise Refused(f'{member.label}{RECEIPT}: no receipt; write {{"url": "https://…"}}') from None
    if not isinstance(url, str) or not url:
        raise Refused(
            f'{member.label}: the page names no address of its own; write {{"url": "https://…"}} into '
            f"{member.path.name}{RECEIPT} beside it"
        )
    return checked_url(member, url, "address")


def _titled(member: Member, title: str) -> str:
    if not (line := one_line(title)):
        raise Refused(f"{member.label}: no title; fetch it again")
    return line
