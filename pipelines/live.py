"""The live look: ask each publisher politely what it offers now, and keep in raw what is not known yet.

Only what looks like data enters raw. A challenge page is different on every visit and says nothing of a release, so it
is refused with its address and thrown away; a file that a gate refuses later has been kept with its receipt before.
"""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
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
SPAN = rf"fy(?P<first>\d\d)-fy(?P<last>\d\d)(?:-(?P<month>{'|'.join(FISCAL_MONTHS)}))?"


class NoAddress(EntenteError):
    """A dataset whose publisher offers no stable address: nothing to ask, and nothing wrong."""


@dataclass(frozen=True)
class Found:
    """The file a publisher offers now; `published` is the day it states, None where it states none."""

    url: str
    name: str
    published: date | None = None


@cache
def client() -> Http:
    """The one client of this process, so that a host is asked at most once a second whatever the datasets."""
    return Http()


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
        return _kept(project, contract, module.find(http, contract.source.url), http)
    except NoAnswer as reason:
        raise Refused(f"{contract.stem}: {reason}; put the file into inbox/{contract.stem}/ by hand") from None


def offered(project: Project, dataset: str) -> dict[str, Raw]:
    """By its hash the file in raw that the publisher offered when last asked: none, or one.

    A file that a gate refuses stays the one on offer, and is to be reported, until the publisher offers another.
    """
    sha256 = _remembered(project, dataset).get("sha256")
    return {raw.sha256: raw for raw in snapshots.kept(project, dataset) if raw.sha256 == sha256}


def linked(http: Http, page: str, name: str) -> Found:
    """The file linked on a publisher's page; in `name`, `{span}` stands for fiscal years and month (fy23-fy26-aug).

    Among several the newest span and month counts; a closed year's file names no month and is newer than its months.

    Raises:
        NoAnswer: No such link, or several that are equally new.
    """
    pattern = re.escape(name).replace(r"\{span\}", SPAN).replace(r"\.", r"(?:_\d+)?\.")
    at, text = http.page(page)
    ages: dict[str, tuple[int, ...]] = {}
    for url in _links(at, text):
        if match := re.fullmatch(pattern, _last_part(url), re.IGNORECASE):
            ages[url] = _age(match.groupdict())
    if not ages:
        is_challenge = re.search("challenge|captcha|access denied", text, re.IGNORECASE)
        raise NoAnswer(f"{page}: no link to {name}{'; it is a challenge page' if is_challenge else ''}")
    newest = [url for url, age in ages.items() if age == max(ages.values())]
    if len(newest) > 1:
        raise NoAnswer(f"{page}: {newest[0]} and {newest[1]} are equally new")
    return Found(newest[0], _last_part(newest[0]))


def _age(parts: dict[str, str | None]) -> tuple[int, ...]:
    if not parts:
        return ()
    month = parts["month"]
    position = list(FISCAL_MONTHS).index(month.upper()) if month else len(FISCAL_MONTHS)
    return int(parts["last"] or 0), position, int(parts["first"] or 0)


def _kept(project: Project, contract: Contract, found: Found, http: Http) -> Raw | None:
    dataset, today = contract.stem, datetime.now(UTC).date()
    if found.published and found.published > today:
        raise NoAnswer(f"{found.url}: published {found.published} lies in the future")
    known = {raw.sha256: raw for raw in (*snapshots.archived(project, contract), *snapshots.kept(project, dataset))}
    before = _remembered(project, dataset)
    # Only a file that is still held may answer for the publisher's.
    is_held = before.get("url") == found.url and before.get("sha256") in known
    folder = project.warehouse / "raw" / dataset
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".draft-", dir=folder) as drafts:
        draft = Path(drafts) / found.name
        marks = http.fetch(found.url, draft, before["marks"] if is_held else {})
        if marks is None:
            return None
        try:
            Raw(dataset, draft, today, "seen", "", "", found.url).sniffed()
        except Refused as refusal:
            raise NoAnswer(f"{found.url}: {str(refusal).partition(': ')[2]}") from None
        is_new = sha256_of(draft) not in known
        stated = {"published": found.published.isoformat()} if found.published else {}
        raw = snapshots.keep(project, dataset, draft, known, {"url": found.url, **stated})
        memory = Path(drafts) / MEMORY
        facts = {"url": found.url, "sha256": raw.sha256, "marks": marks}
        memory.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
        memory.replace(folder / MEMORY)
    return raw if is_new else None


def _remembered(project: Project, dataset: str) -> dict[str, Any]:
    path = project.warehouse / "raw" / dataset / MEMORY
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _links(at: str, text: str) -> list[str]:
    found: list[str] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attrs: found.extend(v for k, v in attrs if (tag, k) == ("a", "href") and v)
    parser.feed(text)
    return [joined(at, link.strip()) for link in found]


def _last_part(url: str) -> str:
    return unquote(urlsplit(url).path).rpartition("/")[2]
