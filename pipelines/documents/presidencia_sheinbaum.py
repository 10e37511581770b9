"""Stenographic transcripts of the presidency of Mexico from October 2024: a header, then `SPEAKER: text` by line.

A live look keeps the page of the government's site, whose paragraphs are those lines.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from datetime import date

from pipelines.documents import presidencia_amlo
from pipelines.documents.pages import read_page
from pipelines.documents.posts import page_address
from pipelines.errors import Refused
from pipelines.http import NoAnswer, joined
from pipelines.listings import Listing, Offer, file_name
from pipelines.texts import FURNITURE, Composed, Document, Member, checked_url, compose, day, url_path

HEADER = ("URL: ", "Fecha: ", "Título: ")
# A tag has no small letter before its colon; a name may carry a note in parentheses and quotation marks.
TAG = re.compile(r"(?=[^:a-záéíóúüñ]{3})((?=[^:]*[A-ZÁÉÍÓÚÜÑ]{2})[^:a-záéíóúüñ]{3,220}):\s*")
STAGE = re.compile(r"\([^()]*\)\s*")

SINCE = date(2024, 10, 1)
QUERY = "?filter_origin=archive&idiom=es&order=DESC&page={page}"
ENTRY = re.compile(r"<article\b.*?(?=<article\b|\Z)", re.DOTALL)
LINK = re.compile(r"/presidencia/(?:es/)?articulos/[\w%-]+")
DAY = re.compile(r"<time\b[^>]*?\bdate(?:time)?=[\\\"']+(\d{4}-\d\d-\d\d)")
ARTICLE = re.compile(r"presidencia/(?:es/)?articulos/(?P<slug>[^/]+)")
# Each page is also reached without the language; speeches at events are posted there too, and are no conferences.
CONFERENCE = re.compile(r"versi[o-]n-estenogr[a-]fica-.*conferencia.*")
SPELLED = re.compile(r"\b(\d{1,2}) de (\w+) (?:de|del) (\d{4})\b")
BODY = frozenset({"article-body"})


def addresses(url: str) -> list[str]:
    """The archive of articles."""
    return [url]


def document_path(url: str) -> str:
    """What an address is called among the transcripts: that of the page in Spanish, however it was reached."""
    path = url_path(url)
    article = ARTICLE.fullmatch(path)
    return f"presidencia/es/articulos/{article['slug']}" if article else path


def find(listing: Listing) -> Iterator[Offer]:
    """Yield the transcripts of press conferences in the archive of articles, newest first.

    Raises:
        NoAnswer: No answer, a challenge page, or a first page without any article.
    """
    before: list[tuple[str, date]] = []
    for number in itertools.count(1):
        url = listing.address + QUERY.format(page=number)
        try:
            entries = _entries(listing, url)
        except NoAnswer as reason:
            if number > 1 and reason.status == 404:
                return
            raise
        if not entries and number == 1:
            raise NoAnswer(f"{url}: no list of articles; edit ENTRY in pipelines/documents/presidencia_sheinbaum.py")
        if not entries or entries == before:
            return
        for link, published in entries:
            if CONFERENCE.fullmatch(link.rpartition("/")[2]):
                name = file_name(link, ".html")
                yield Offer(document_path(link), link, published, name, lambda at=link: listing.saved(at))
        if all(published < listing.since for _, published in entries):
            return
        if listing.is_enough:
            listing.is_cut = True
            return
        before = entries


def _entries(listing: Listing, url: str) -> list[tuple[str, date]]:
    """Address and day of each article on a page of the archive, which comes as HTML or as a script that holds it."""
    found = []
    for entry in ENTRY.findall(listing.page(url).replace("\\/", "/")):
        if link := LINK.search(entry):
            published = _listed_day(entry, link[0])
            if published is None:
                listing.notes.append(f"{link[0]}: listed without a day; left out")
            else:
                found.append((joined(listing.address, link[0]), published))
    return found


def _listed_day(entry: str, link: str) -> date | None:
    """The day in an entry of the archive: as data, else as printed, else in the address."""
    try:
        if stated := DAY.search(entry):
            return date.fromisoformat(stated[1])
        spelled = SPELLED.search(entry) or SPELLED.search(link.replace("-", " "))
        return date(int(spelled[3]), presidencia_amlo.MONTHS[spelled[2].lower()], int(spelled[1])) if spelled else None
    except (ValueError, KeyError):
        return None


def read(member: Member) -> Iterator[Document]:
    """Yield the transcript in the file, in either layout: the compiler's newer one or, cut off, the older."""
    if member.path.suffix == ".html":
        yield _posted(member)
        return
    older = presidencia_amlo.NAME.fullmatch(member.name)
    if older:
        yield presidencia_amlo.transcript(member, f"presidencia/es/articulos/{older['slug']}")
        return
    lines = member.text().split("\n")
    found = [line.removeprefix(key) for line, key in zip(lines, HEADER, strict=False) if line.startswith(key)]
    if len(found) != len(HEADER):
        raise Refused(f"{member.label} line 1: the header is not URL, Fecha and Título; fetch the file again")
    url, stated, title = (value.strip() for value in found)
    try:
        published = date.fromisoformat(stated)
    except ValueError:
        raise Refused(f"{member.label} line 2: '{stated}' is no date such as 2025-08-07; correct the line") from None
    checked_url(member, url, "line 1")
    yield _document(url, title, published, compose([(None, title), *_turns(lines[len(HEADER) :])]))


def _posted(member: Member) -> Document:
    """The transcript on a page of the site; its day is the one in the title, as in the archive, else the page's."""
    page = read_page(member, BODY)
    if not page.title:
        raise Refused(f"{member.label}: the page has no heading; save the whole page")
    stated = next((found for line in (page.title, *page.before) if (found := SPELLED.search(line))), None)
    if stated is None or stated[2].lower() not in presidencia_amlo.MONTHS:
        raise Refused(f"{member.label}: the page states no day such as 8 de julio de 2026; save the whole page")
    published = day(member, stated[3], presidencia_amlo.MONTHS[stated[2].lower()], stated[1], f"'{stated[0]}'")
    url = page_address(member, page.url)
    return _document(url, page.title, published, compose([(None, page.title), *_turns(page.body or ())]))


def _document(url: str, title: str, published: date, composed: Composed) -> Document:
    return Document(
        path=document_path(url),
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


def _turns(lines: Iterable[str]) -> Iterator[tuple[str | None, str]]:
    speaker = ""
    for line in lines:
        tagged = TAG.match(line)
        if tagged:
            speaker = tagged[1].strip()
            yield None, speaker
            line = line[tagged.end() :]
        yield FURNITURE if STAGE.fullmatch(line) else speaker, line
