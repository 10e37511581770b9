"""Releases of the White House, with speakers' tags in transcripts.

In the archive a release is YAML front matter, then hard-wrapped Markdown; a live look keeps the items of the site's RSS
feeds, or the page where an item brings no text. The type is the folder, there and in the address.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from datetime import date
from urllib.parse import urljoin

import yaml

from pipelines.documents import posts
from pipelines.documents.pages import read_page
from pipelines.errors import Refused
from pipelines.listings import Listing, Offer
from pipelines.texts import FURNITURE, Document, Member, checked_url, compose, url_path

NAME = re.compile(r"(?:.*/)?(?P<type>[a-z]+(?:-[a-z]+)*)/\d{4}-\d{2}/[^/]+\.md")
POSTED = re.compile(r"[a-z]+(?:-[a-z]+)*(?=/)")
LISTS = ("presidential-actions/feed/", "news/feed/")
SINCE = date(2025, 1, 20)  # the site begins anew with each administration
BODY = frozenset({"entry-content"})
TRANSCRIPTS = frozenset({"press-briefings", "speeches-remarks", "remarks"})
QUOTING = frozenset({"articles", "fact-sheets"})
QUOTED = "QUOTED"  # tag of a paragraph that is nothing but somebody's quotation

# A line end after two spaces, before an empty line or before a list mark; any other is a wrapped one.
PARAGRAPH_END = re.compile(
    r"\n(?:(?<=[^\S\n][^\S\n]\n)|(?=[\s*•\d-]|\Z)"  # most lines begin otherwise, which is soon seen
    r"(?:[^\S\n]*(?=\n|\Z)|(?=[^\S\n]*(?:[-*•]|\d+\.)[^\S\n]{1,3}\S)))"
)
# Lines of the front matter that are not asked for and cost its parser most.
UNREAD = re.compile(r"^(?:tags|published_time|modified_time): [\w :+-]*\n", re.MULTILINE)
# Expressions whose every way to begin is a sign are looked for several times faster.
LINK = r"\[([^\[\]]*)\]\([^()]*(?:\([^()]*\)[^()]*)*\)"
MARKUP = re.compile(rf"{LINK}|!{LINK}|</?[a-zA-Z][^<>]{{0,300}}>|\\([^\w\s])")
EMPHASIS = re.compile(r"\*(?<![\w\\*]\*)(?=[^\s*])([^*]+)(?<=[^\s\\])\*(?![\w*])")
LIST_MARK = re.compile(r"(?:[-*•]|#{1,6}|>)[^\S\n]+")
TAG = re.compile(r"[A-Z][A-Z .,’'&/-]*[A-Z.](?: \([\w ]+\))?")
SMALL_LETTERS = re.compile(r"\b(Mc|Mac|De|Di|La|Le)(?=[A-Z])")
TITLED = re.compile(
    r"(?:M[RS]|MRS|DR)\. |(?:THE |FORMER )?(?:VICE )?PRESIDENT\b|THE FIRST LADY|SECRETARY |SENIOR |MODERATOR|AUDIENCE"
    r"|PRIME MINISTER "
)
REPORTER = re.compile(r"Q(?::\s*|\s{1,8})(?=\S)")
QUOTATION = re.compile(r"[^“”\"]{3,200}: ?[“\"][^“”\"]+[”\"][^“”\"]{0,20}")
PAGE_LINE = re.compile(
    r"[#*_\s=~–—-]+|(?:- )?END(?: -)?|(?:END\s+)?\d{1,2}:\d\d [AP]\.?M\.?.{0,20}|(?i:for immediate release)"
    r"|\(?(?i:as prepared for delivery)\)?"
)


def addresses(url: str) -> list[str]:
    """The site's RSS feeds."""
    return [urljoin(url, feed) for feed in LISTS]


def document_path(url: str) -> str:
    """What an address is called among the releases."""
    return url_path(url)


def find(listing: Listing) -> Iterator[Offer]:
    """Yield the releases of one RSS feed, newest first; a page whose address names no type is none."""
    return (offer for offer in posts.find(listing, document_path) if POSTED.match(offer.path))


def read(member: Member) -> Iterator[Document]:
    """Yield the release in the file; `date` is that of publication."""
    if member.path.suffix in (".xml", ".html"):
        yield _posted(member)
        return
    named = NAME.fullmatch(member.name)
    if named is None:
        raise Refused(f"{member.label}: not named <type>/YYYY-MM/<name>.md; keep the publisher's layout")
    matter, body = _parted(member)
    composed = compose(_turns(map(plain, _paragraphs(body)), named["type"]))
    if not composed.text:
        raise Refused(f"{member.label}: nothing below the front matter; fetch the file again")
    yield Document(
        path=url_path(checked_url(member, matter["source_url"], "source_url")),
        url=matter["source_url"],
        title=" ".join(matter["title"].split()),
        date=_day(member, matter["date"]),
        date_precision="day",
        language=None,
        genre=named["type"].replace("-", "_"),
        text=composed.text,
        turns=composed.turns,
        furniture_lines=composed.furniture_lines,
        repeated_paragraphs=composed.repeated_paragraphs,
    )


def _posted(member: Member) -> Document:
    """The release in an RSS item or a page; one without text, such as a film, is held as empty."""
    is_item = member.path.suffix == ".xml"
    post = posts.of_item(member) if is_item else posts.of_page(member, read_page(member, BODY))
    path = document_path(post.url)
    kind = POSTED.match(path)
    if kind is None:
        raise Refused(f"{member.label}: its address {post.url} names no type of release; leave it out of the folder")
    composed = compose(_turns(post.paragraphs, kind[0]))
    return Document(
        path=path,
        url=post.url,
        title=post.title,
        date=post.day,
        date_precision="day",
        language=None,
        genre=kind[0].replace("-", "_"),
        text=composed.text,
        turns=composed.turns,
        furniture_lines=composed.furniture_lines,
        repeated_paragraphs=composed.repeated_paragraphs,
    )


def _parted(member: Member) -> tuple[dict[str, str], str]:
    """Front matter and body."""
    front, closed, body = member.text().removeprefix("---\n").partition("\n---\n")
    try:
        matter = yaml.load(UNREAD.sub("", front), Loader=yaml.CSafeLoader) if closed else None  # noqa: S506 (a safe loader)
    except (yaml.YAMLError, ValueError) as error:  # ValueError: an unquoted date out of the calendar
        raise Refused(f"{member.label}: front matter: {' '.join(str(error).split())}; fetch it again") from None
    if not isinstance(matter, dict):
        raise Refused(f"{member.label} line 1: no front matter between lines of ---; fetch the file again")
    for key in ("date", "source_url", "title"):
        if not isinstance(matter.get(key), str):
            raise Refused(f"{member.label}: the front matter has no {key}; fetch the file again")
    return matter, body


def _paragraphs(body: str) -> Iterator[str]:
    """The paragraphs of a body, wrapped lines and all."""
    return filter(str.strip, PARAGRAPH_END.split(body))


def _day(member: Member, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"{member.label}: date '{text}' is none such as 2023-03-01; correct the line") from None


def _turns(paragraphs: Iterable[str], kind: str) -> Iterator[tuple[str | None, str]]:
    """Speaker and paragraph of a body in order; the speaker of a release without tags is ""."""
    speaker = ""
    for paragraph in paragraphs:
        if len(paragraph) < 60 and PAGE_LINE.fullmatch(paragraph):
            yield FURNITURE, paragraph
            continue
        tag, said = _tagged(paragraph, kind)
        if tag is not None:
            speaker = tag
            yield None, tag
        quoted = kind in QUOTING and QUOTATION.fullmatch(said)
        yield QUOTED if quoted else speaker, said


def plain(paragraph: str) -> str:
    """A Markdown paragraph as a reader sees it: links by their labels, no emphasis, marks or HTML tags."""
    if "*" in paragraph:
        paragraph = EMPHASIS.sub(r"\1", paragraph.replace("**", ""))
    if "[" in paragraph or "<" in paragraph or "\\" in paragraph:
        paragraph = MARKUP.sub(lambda found: found[found.lastindex] if found.lastindex else "", paragraph)
    paragraph = paragraph.strip()
    marked = LIST_MARK.match(paragraph)
    return paragraph[marked.end() :] if marked else paragraph


def _tagged(paragraph: str, kind: str) -> tuple[str | None, str]:
    """The speaker's tag at the beginning of a paragraph, or None, and what follows it."""
    asked = REPORTER.match(paragraph) if paragraph.startswith("Q") else None
    if asked:
        return "Q", paragraph[asked.end() :]
    head, colon, said = paragraph[:90].partition(":")
    if not colon or not head[:1].isupper() or not (said == "" or said[0].isspace()):
        return None, paragraph
    tag = _tag(head, kind)
    return tag, paragraph if tag is None else paragraph[len(head) + 1 :]


@functools.lru_cache(maxsize=4096)
def _tag(head: str, kind: str) -> str | None:
    """The tag that the words before a colon are, or None; the same few stand before most."""
    told = " ".join(head.split())
    known = TAG.fullmatch(SMALL_LETTERS.sub(lambda found: found[1].upper(), told))
    return told if known and (kind in TRANSCRIPTS or TITLED.match(head)) else None
