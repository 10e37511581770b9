"""A web page as its reader sees it: the paragraphs, and of a publisher's page also title, address, day and body."""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection
from dataclasses import dataclass
from html.parser import HTMLParser

from pipelines.errors import Refused
from pipelines.texts import Member

_BLOCKS = frozenset({
    "p", "div", "br", "li", "ul", "ol", "tr", "td", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "article",
    "section", "header", "footer", "table",
})  # fmt: skip
_UNSEEN = frozenset({"script", "style", "noscript", "template", "head"})
_CONTROLS = {number: None for number in (*range(0x20), *range(0x7F, 0xA0)) if chr(number) not in "\t\n\r\x85"}
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_ADDRESSES = ("og:url", "canonical")
_DAYS = ("article:published_time", "datepublished", "date")


class _PlainText(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in _UNSEEN
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in _UNSEEN and self._hidden > 0
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(" ".join(data.split("\n")))


def html_paragraphs(html: str) -> list[str]:
    """The paragraphs a reader of the page sees, without scripts, styles and control characters."""
    page = _PlainText()
    page.feed(html)
    page.close()
    return _lines(page.parts)


def _lines(parts: list[str]) -> list[str]:
    lines = (one_line(line) for line in "".join(parts).split("\n"))
    return [line for line in lines if line]


def one_line(text: str) -> str:
    """The text with single spaces and without control characters."""
    return " ".join(text.translate(_CONTROLS).split())


@dataclass(frozen=True)
class Page:
    """What a publisher's page says of a document.

    Attributes:
        title: The first heading.
        url: The address the page gives as its own, "" where it gives none.
        days: What it states as its time of publication, as written; the most certain first.
        before: Paragraphs before the body.
        body: Paragraphs of the body; None where the page has no element of the body's class.
    """

    title: str
    url: str
    days: tuple[str, ...]
    before: tuple[str, ...]
    body: tuple[str, ...] | None


class _PublishersPage(_PlainText):
    """Collects the heading, what the page says of itself, and apart from the rest its body."""

    def __init__(self, body: Collection[str]) -> None:
        super().__init__()
        self.heading: list[str] = []
        self.said: dict[str, str] = {}
        self.times: list[str] = []
        self.before: list[str] | None = None
        self.body: list[str] | None = None
        self._classes, self._tag, self._depth = body, "", 0
        self._in_heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "meta":
            self.said.setdefault((told.get("property") or told.get("name") or "").lower(), told.get("content", ""))
        elif tag == "link" and told.get("rel", "").lower() == "canonical":
            self.said.setdefault("canonical", told.get("href", ""))
        elif tag == "time":
            self.times += [told[name] for name in ("datetime", "date") if told.get(name)]
        elif tag == "h1" and not self.heading:
            self._in_heading = True
        if self._depth and tag == self._tag:
            self._depth += 1
        elif self.body is None and set(told.get("class", "").split()).intersection(self._classes):
            self._tag, self._depth = tag, 1
            self.before, self.parts = self.parts, []
        super().handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        super().handle_endtag(tag)
        self._in_heading &= tag != "h1"
        if self._depth and tag == self._tag:
            self._depth -= 1
            if not self._depth:
                self.body, self.parts = self.parts, []

    def handle_data(self, data: str) -> None:
        super().handle_data(data)
        if self._in_heading:
            self.heading.append(data)

    def close(self) -> None:
        super().close()
        if self._depth:  # a page cut off inside its body
            self.body = self.parts


def read_page(member: Member, body: Collection[str]) -> Page:
    """What a publisher's page says, its body being the first element of one of the classes `body`.

    Raises:
        Refused: Not text in the encoding the page declares, or no such element.
    """
    reader = _PublishersPage(body)
    reader.feed(_decoded(member))
    reader.close()
    if reader.body is None:
        wanted = " or ".join(sorted(body))
        raise Refused(
            f"{member.label}: no text in an element of class {wanted}; where this is the whole page, its layout has "
            f"changed: edit pipelines/documents/{member.feed}.py"
        )
    return Page(
        title=one_line("".join(reader.heading)),
        url=next((reader.said[name] for name in _ADDRESSES if reader.said.get(name)), ""),
        days=(*(reader.said[name] for name in _DAYS if reader.said.get(name)), *reader.times),
        before=tuple(_lines(reader.before or [])),
        body=tuple(_lines(reader.body)),
    )


def _decoded(member: Member) -> str:
    """The page as text: UTF-8 as it is served today, else in the encoding it declares."""
    content = member.content()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        declared = _CHARSET.search(content[:4096])
    try:
        name = codecs.lookup(declared[1].decode() if declared else "utf-8").name
        # Browsers read what calls itself Latin-1 as Windows-1252.
        return content.decode("cp1252" if name == "iso8859-1" else name)
    except (LookupError, UnicodeDecodeError):
        raise Refused(
            f"{member.label}: not text in the encoding it declares; save the page as the publisher offers it"
        ) from None
