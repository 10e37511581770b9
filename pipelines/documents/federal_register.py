"""Presidential documents of the Federal Register that mention Mexico: what its API says of one, with its text.

A live look keeps a document as JSON: `document` as the API gives it, and `text` as served at `text_url`, which is a
page or, where there is none, the typeset text inside `<pre>`. Numbers were used twice before 2016, so the day and the
number together are a document's identity.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from math import ceil
from typing import Any
from urllib.parse import urlencode, urljoin

from pipelines.documents.pages import html_paragraphs, one_line
from pipelines.errors import Refused
from pipelines.http import NoAnswer
from pipelines.listings import Listing, Offer, file_name
from pipelines.texts import FURNITURE, Document, Member, checked_url, compose, url_path

SINCE = date(2015, 1, 1)
TERMS = ("Mexico", "Mexican")
PER_PAGE, WINDOW = 100, 2000  # what lies beyond the window is answered with status 400
NEEDED = ("document_number", "publication_date", "title", "html_url")
FIELDS = (*NEEDED, "type", "subtype", "citation", "body_html_url", "raw_text_url")

DATED = re.compile(r"(?P<key>documents/\d{4}/\d\d/\d\d/[^/]+)(?:/.*)?")
TYPESET = re.compile(r"<pre>(.*?)(?:</pre>|\Z)", re.DOTALL | re.IGNORECASE)
# Where a printed page begins: amid a sentence, or on a line of its own.
AMID = re.compile(r"(?<=[\w,;])[^\S\n]*\n(?:[^\S\n]*\n)?[^\S\n]*\[\[Page \w+\]\]\s*")
PRINTED = re.compile(r"(?m)^[^\S\n]*\[\[Page \w+\]\][^\S\n]*\n|\bStart Printed Page \w+")
HEAD = re.compile(r".*?\[FR Doc No: [^\]]*\]", re.DOTALL)
PAGE_LINE = re.compile(
    r"-{5,}|Federal Register ?/ ?Vol\. ?\d.*|(?i:presidential documents)"
    r"|\[FR Doc\. .*|Filed \d.*|Billing code .*|\(?Presidential Sig\.\)?|Vol\. \d+|No\. \d+"
)


def addresses(url: str) -> list[str]:
    """The API's search of documents."""
    return [urljoin(url, "api/v1/documents.json")]


def document_path(url: str) -> str:
    """What an address is called among the documents: its day and number, without the title, which may be corrected."""
    path = url_path(url)
    dated = DATED.fullmatch(path)
    return dated["key"] if dated else path


def find(listing: Listing) -> Iterator[Offer]:
    """Yield the presidential documents that mention Mexico, newest first.

    Raises:
        NoAnswer: No answer, or one that is not the API's.
    """
    found: dict[str, Offer] = {}
    for term in TERMS:
        for result in _slice(listing, term, listing.since, datetime.now(UTC).date()):
            offer = _offer(listing, result)
            if offer is not None:
                found.setdefault(offer.path, offer)
    yield from sorted(found.values(), key=lambda offer: (offer.published, offer.path), reverse=True)


def _slice(listing: Listing, term: str, first: date, last: date) -> Iterator[Any]:
    """Yield what is found from one day to another, in slices that lie within the API's window."""
    try:
        begun = _asked(listing, term, first, last, 1)
        count = begun["count"]
    except NoAnswer as reason:
        if reason.status != 400 or first == last:
            raise
        count = WINDOW + 1
    if count > WINDOW:
        if first == last:
            raise NoAnswer(f"{listing.address}: more than {WINDOW:,} documents with {term} on {first}; add a term")
        middle = first + (last - first) // 2
        yield from _slice(listing, term, first, middle)
        yield from _slice(listing, term, middle + timedelta(days=1), last)
        return
    yield from begun["results"]
    for page in range(2, ceil(count / PER_PAGE) + 1):
        yield from _asked(listing, term, first, last, page)["results"]


def _asked(listing: Listing, term: str, first: date, last: date, page: int) -> dict[str, Any]:
    """One page of the search; none found is answered with status 404."""
    query = [
        ("conditions[term]", term),
        ("conditions[type][]", "PRESDOCU"),
        ("conditions[publication_date][gte]", first.isoformat()),
        ("conditions[publication_date][lte]", last.isoformat()),
        ("order", "oldest"),
        ("per_page", str(PER_PAGE)),
        ("page", str(page)),
        *(("fields[]", name) for name in FIELDS),
    ]
    url = f"{listing.address}?{urlencode(query)}"
    none: dict[str, Any] = {"count": 0, "results": []}
    try:
        found = json.loads(listing.content(url) or b"")
    except NoAnswer as reason:
        if reason.status == 404:
            return none
        raise NoAnswer(str(reason).replace(url, listing.address), reason.status) from None
    except ValueError as error:
        raise NoAnswer(f"{listing.address}: no JSON ({error})") from None
    if not isinstance(found, dict) or not isinstance(found.get("count"), int):
        raise NoAnswer(f"{listing.address}: no count of documents; edit pipelines/documents/federal_register.py")
    return found if isinstance(found.get("results"), list) else none


def _offer(listing: Listing, result: Any) -> Offer | None:
    try:
        url, published = _checked(result)["html_url"], date.fromisoformat(result["publication_date"])
    except (KeyError, TypeError, ValueError) as error:
        listing.notes.append(f"{listing.address}: lists a document without {error}; left out")
        return None
    if not listing.is_own(url):
        return None
    path = document_path(url)
    return Offer(path, url, published, file_name(path, ".json"), partial(_content, listing, result))


def _checked(result: Any) -> dict[str, Any]:
    """The API's document, where every field needed is text."""
    if not isinstance(result, dict):
        raise TypeError("being an object")
    if wrong := [name for name in NEEDED if not isinstance(result[name], str)]:
        raise TypeError(f"{wrong[0]} as text")
    return result


def _content(listing: Listing, result: dict[str, Any]) -> bytes:
    """What is kept of a document: the API's words on it and its text as served."""
    refused = NoAnswer(f"{result['html_url']}: the API names no text yet")
    for name in ("body_html_url", "raw_text_url"):
        url = result.get(name)
        if isinstance(url, str) and listing.is_own(url):
            try:
                kept = {"document": result, "text_url": url, "text": listing.page(url)}
            except NoAnswer as reason:
                refused = reason
            else:
                return json.dumps(kept, ensure_ascii=False, indent=1).encode() + b"\n"
    raise refused


def read(member: Member) -> Iterator[Document]:
    """Yield the document in the file; `date` is that of publication, some days after it was signed."""
    try:
        kept = json.loads(member.text())
        told, text = _checked(kept["document"]), kept["text"]
        published = date.fromisoformat(told["publication_date"])
        if not isinstance(text, str):
            raise TypeError("text as text")
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(f"{member.label}: no document of the API with its text ({error}); fetch it again") from None
    title = one_line(told["title"])
    composed = compose([(None, title), *(_attributed(line) for line in _paragraphs(text))])
    subtype = told.get("subtype")
    yield Document(
        path=document_path(checked_url(member, told["html_url"], "html_url")),
        url=told["html_url"],
        title=title,
        date=published,
        date_precision="day",
        language="en",
        genre=subtype.lower().replace(" ", "_") if isinstance(subtype, str) and subtype else "presidential_document",
        text=composed.text,
        turns=composed.turns,
        furniture_lines=composed.furniture_lines,
        repeated_paragraphs=composed.repeated_paragraphs,
    )


def _paragraphs(text: str) -> list[str]:
    """The paragraphs of a page; of typeset text what an empty line ends, below the head of the issue."""
    text = PRINTED.sub("", AMID.sub(" ", text))
    typeset = TYPESET.search(text)
    if typeset is None:
        return html_paragraphs(text)
    parts = re.split(r"\n[^\S\n]*\n", HEAD.sub("", typeset[1], count=1))
    return html_paragraphs("\n".join(f"<p>{part}</p>" for part in parts))


def _attributed(line: str) -> tuple[str, str]:
    return (FURNITURE if PAGE_LINE.fullmatch(line) else "", line)
