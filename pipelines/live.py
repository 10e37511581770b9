"""The live look: ask each publisher politely what it offers now, and keep in raw what is not known yet.

Only what looks like data enters raw. A challenge page is different on every visit and says nothing of a release, so it
is refused with its address and thrown away; a file that a gate refuses later has been kept with its receipt before.
"""

from __future__ import annotations

import csv
import importlib
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any
from urllib.parse import unquote, urlsplit

from pipelines import snapshots
from pipelines.contracts import Contract
from pipelines.errors import EntenteError, Refused
from pipelines.http import Http, NoAnswer, joined
from pipelines.project import Project
from pipelines.reading import FISCAL_MONTHS, Raw, sha256_of

MEMORY = ".http.json"
NOTHING_REMEMBERED: dict[str, Any] = {"url": None, "sha256": None, "marks": {}, "updated": None, "confirmed": {}}
SPAN = rf"fy(?P<first>\d\d)-fy(?P<last>\d\d)(?:-(?P<month>{'|'.join(FISCAL_MONTHS)}))?"
MOST_PAGES = 100
EVERYONE = "true"


class NoAddress(EntenteError):
    """A dataset whose publisher offers no stable address: nothing to ask, and nothing wrong."""


@dataclass(frozen=True)
class Found:
    """The file a publisher offers now.

    Attributes:
        url: Its address; of a table that comes page by page, what `&$limit=…&$offset=…` is added to.
        name: What the file is called in raw.
        published: The day the publisher states; None where it states none.
        updated: The second of its last change, where that can be asked before the file itself.
        page_rows: Rows asked for at once; None where the address gives the whole file.
        secrets: Headers for the publisher's host alone.
    """

    url: str
    name: str
    published: date | None = None
    updated: int | None = None
    page_rows: int | None = None
    secrets: dict[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Link:
    """A link on a publisher's page: its address, the name of the file there, and the words a reader sees."""

    url: str
    name: str
    words: str


@cache
def client() -> Http:
    """The one client of this process, so that a host is asked at most once a second whatever the datasets."""
    return Http()


def is_asked(told: str | None, stem: str) -> bool:
    """Whether a run whose tag `entente/live` says `told` asks this publisher: it names one, or everyone."""
    return told in (EVERYONE, stem)


def ask(project: Project, contracts: Iterable[Contract], http: Http) -> tuple[list[str], list[str]]:
    """Notes and refusals, lines for a person, of a look at every dataset; a refusal does not stop the rest."""
    notes: list[str] = []
    refused: list[str] = []
    for contract in contracts:
        try:
            raw = look(project, contract, importlib.import_module(f"pipelines.sources.{contract.stem}"), http)
        except NoAddress as note:
            notes.append(str(note))
        except Refused as refusal:
            refused.append(str(refusal))
        else:
            news = f"{raw.path.name} of {raw.vintage}, from {raw.url}" if raw else "nothing new"
            notes.append(f"{contract.stem}: {news}")
    return notes, refused


def look(project: Project, contract: Contract, module: ModuleType, http: Http) -> Raw | None:
    """The file the publisher offers now, kept in raw with its receipt; None where its bytes are known.

    The vintage is the day the publisher states, else the day the file is first seen.

    Raises:
        NoAddress: The source has no `find`.
        Refused: No answer, or one that is not data; the line names dataset, address and remedy.
    """
    if not hasattr(module, "find"):
        raise NoAddress(f"{contract.stem}: no address to ask; put files into inbox/{contract.stem}/")
    try:
        return _kept(project, contract, lambda: module.find(http, contract.source.url), http)
    except NoAnswer as reason:
        raise Refused(f"{contract.stem}: {reason}; put the file into inbox/{contract.stem}/ by hand") from None


def offered(project: Project, dataset: str) -> dict[str, Raw]:
    """By its hash the file in raw that the publisher offered when last asked: none, or one.

    A file that a gate refuses stays the one on offer, and is to be reported, until the publisher offers another.
    """
    sha256 = _remembered(project, dataset)["sha256"]
    return {raw.sha256: raw for raw in snapshots.kept(project, dataset) if raw.sha256 == sha256}


def confirmed(project: Project, dataset: str) -> dict[str, date]:
    """By the hash of a file the last day, in UTC, on which its publisher was seen to offer it."""
    days = _remembered(project, dataset)["confirmed"]
    return {sha256: date.fromisoformat(day) for sha256, day in days.items()}


# Finding --------------------------------------------------------------------------------------------------------------


def linked(http: Http, page: str, name: str) -> Found:
    """The file linked on a publisher's page; in `name`, `{span}` stands for fiscal years and month (fy23-fy26-aug).

    Among several the newest span and month counts; a closed year's file names no month and is newer than its months.

    Raises:
        NoAnswer: No such link, or several that are equally new.
    """
    pattern = re.escape(name).replace(r"\{span\}", SPAN).replace(r"\.", r"(?:_\d+)?\.")

    def age(link: Link) -> tuple[int, ...] | None:
        match = re.fullmatch(pattern, link.name, re.IGNORECASE)
        return _age(match.groupdict()) if match else None

    link = newest(http, page, name, age)
    return Found(link.url, link.name)


def newest(http: Http, page: str, wanted: str, age: Callable[[Link], tuple[int, ...] | None]) -> Link:
    """The link on a publisher's page with the greatest age; `age` is None for a link to something else.

    Raises:
        NoAnswer: No link to what is `wanted`, or several that are equally new.
    """
    at, text = http.page(page)
    ages: dict[str, tuple[int, ...]] = {}
    links: dict[str, Link] = {}
    for link in _links(at, text):
        if (found := age(link)) is not None:
            ages[link.url], links[link.url] = found, link
    if not ages:
        is_challenge = re.search("challenge|captcha|access denied", text, re.IGNORECASE)
        why = "; it is a challenge page, which only a browser passes" if is_challenge else ""
        raise NoAnswer(f"{page}: no link to {wanted}{why}")
    first, *others = [url for url, found in ages.items() if found == max(ages.values())]
    if others:
        raise NoAnswer(f"{page}: {first} and {others[0]} are equally new")
    return links[first]


def _age(parts: dict[str, str | None]) -> tuple[int, ...]:
    if not parts:
        return ()
    month = parts["month"]
    position = list(FISCAL_MONTHS).index(month.upper()) if month else len(FISCAL_MONTHS)
    return int(parts["last"] or 0), position, int(parts["first"] or 0)


class _Anchors(HTMLParser):
    """The links of a page as (address, title and text)."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[list[str]] = []
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a link."""
        told = dict(attrs)
        if tag == "a" and told.get("href"):
            self.found.append([told["href"] or "", told.get("title") or ""])
            self._is_inside = True

    def handle_endtag(self, tag: str) -> None:
        """End a link."""
        self._is_inside = self._is_inside and tag != "a"

    def handle_data(self, data: str) -> None:
        """Keep what is printed inside a link."""
        if self._is_inside:
            self.found[-1].append(data)


def _links(at: str, text: str) -> Iterator[Link]:
    anchors = _Anchors()
    anchors.feed(text)
    for href, *words in anchors.found:
        url = joined(at, href.strip())
        name = unquote(urlsplit(url).path).rpartition("/")[2]
        yield Link(url, name, " ".join(" ".join(words).split()))


# Keeping --------------------------------------------------------------------------------------------------------------


def _kept(project: Project, contract: Contract, find: Callable[[], Found], http: Http) -> Raw | None:
    dataset, today, found = contract.stem, datetime.now(UTC).date(), find()
    if found.published and found.published > today:
        raise NoAnswer(f"{found.url}: published {found.published} lies in the future")
    known = {raw.sha256: raw for raw in (*snapshots.archived(project, contract), *snapshots.kept(project, dataset))}
    before = _remembered(project, dataset)
    # Only a file that is still held may answer for the publisher's.
    is_held = before["url"] == found.url and before["sha256"] in known
    if is_held and found.updated is not None and found.updated <= before["updated"]:
        _remember(project, dataset, before)
        return None
    folder = project.warehouse / "raw" / dataset
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".draft-", dir=folder) as drafts:
        draft = Path(drafts) / found.name
        if found.page_rows is None:
            marks = http.fetch(found.url, draft, before["marks"] if is_held else {}, found.secrets)
        else:
            marks = _paged(http, found, found.page_rows, draft)
            if find().updated != found.updated:
                raise NoAnswer(f"{found.url}: its rows were replaced while they were read; look again later")
        if marks is None:
            _remember(project, dataset, before)
            return None
        try:
            Raw(dataset, draft, today, "seen", "", "", found.url).sniffed()
        except Refused as refusal:
            raise NoAnswer(f"{found.url}: {str(refusal).partition(': ')[2]}") from None
        is_new = sha256_of(draft) not in known
        stated = {"published": found.published.isoformat()} if found.published else {}
        raw = snapshots.keep(project, dataset, draft, known, {"url": found.url, **stated})
    facts = {"url": found.url, "sha256": raw.sha256, "marks": marks, "updated": found.updated}
    _remember(project, dataset, {**before, **facts})
    return raw if is_new else None


def _paged(http: Http, found: Found, rows: int, draft: Path) -> dict[str, str]:
    """Write a table that comes page by page, as CSV under one header; there are no marks for the whole of it.

    Raises:
        NoAnswer: A page that is cut, has other columns than the first or repeats the one before; pages without end.
    """
    part = draft.with_name("page")
    header, last = b"", b""
    with draft.open("wb") as whole:
        for number in range(MOST_PAGES):
            url = f"{found.url}&$limit={rows}&$offset={number * rows}"
            http.fetch(url, part, {}, found.secrets)
            head, _, body = part.read_bytes().partition(b"\n")
            if number == 0:
                header = head
                whole.write(head + b"\n")
            if body and (head != header or body == last or not body.endswith(b"\n")):
                raise NoAnswer(f"{url}: this page does not continue the one before, or is cut; look again later")
            whole.write(body)
            last = body
            if sum(1 for _ in csv.reader(io.StringIO(body.decode("utf-8", errors="replace"), newline=""))) < rows:
                return {}
    raise NoAnswer(f"{found.url}: it does not end after {MOST_PAGES} pages of {rows:,} rows")


def _remembered(project: Project, dataset: str) -> dict[str, Any]:
    path = project.warehouse / "raw" / dataset / MEMORY
    return NOTHING_REMEMBERED | (json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {})


def _remember(project: Project, dataset: str, facts: dict[str, Any]) -> None:
    """Keep what the publisher offers, and that it was seen to offer it today; earlier files keep their last day."""
    days = {**facts["confirmed"], facts["sha256"]: datetime.now(UTC).date().isoformat()}
    path = project.warehouse / "raw" / dataset / MEMORY
    draft = path.with_name(f"{MEMORY}.new")
    draft.write_text(json.dumps({**facts, "confirmed": days}, indent=1) + "\n", encoding="utf-8")
    draft.replace(path)
