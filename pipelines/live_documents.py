"""The live look at document feeds: ask each publisher what it has published, and keep in raw what is not held yet.

One file a document, as the publisher serves it, under `raw/documents/<feed>/<day of the look>/` with its receipt; the
feed's `read` knows that layout beside those of the archives. A document is known by its address: what is held is not
fetched again. Where a list brings the whole text and it has changed, the new text is kept beside the earlier one.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

from pipelines import snapshots
from pipelines.contracts import Contract
from pipelines.documents import reader
from pipelines.http import Http, NoAnswer
from pipelines.listings import Listing, Offer
from pipelines.project import Project
from pipelines.reading import Raw

MOST = 200  # documents of a feed kept in one look
OVERLAP = timedelta(days=14)  # a publisher posts some texts under an earlier day
MEMORY = ".http.json"
# In the memory, beside the lists: at how many looks in a row a document that is listed was not there.
MISSING, GONE_AFTER, GONE = "missing", 3, (404, 410)


def folder(project: Project) -> Path:
    """Where the documents of live looks are kept, one folder a feed."""
    return project.warehouse / "raw" / "documents"


def ask(project: Project, feed: Contract, held: Collection[str], http: Http) -> tuple[list[str], list[str]]:
    """Notes and refusals, lines for a person, of asking a feed's publisher; nothing of a feed that is closed.

    Args:
        project: The folders.
        feed: The feed.
        held: Paths of the documents held, without the feed's name.
        http: The polite client.
    """
    module = reader(feed.stem)
    if feed.refresh is None:
        return [], []
    if not hasattr(module, "find"):
        return [f"{feed.stem}: no address to ask; put the texts into inbox/documents/{feed.stem}/"], []
    visit = _Visit(project, feed, module, http, held)
    visit.walk()
    visit.keep()
    visit.remember()
    return visit.notes, visit.refused


@dataclass
class _Walk:
    """How the look at one list went: what it offers that is not held, and whether it was read to its end."""

    listing: Listing
    offers: list[Offer] = field(default_factory=list)
    is_whole: bool = False
    waiting: list[Offer] = field(default_factory=list)

    @property
    def through(self) -> date:
        """The day up to which everything listed is held."""
        return min((offer.published for offer in self.waiting), default=_today())


class _Visit:
    """One look at one publisher."""

    def __init__(self, project: Project, feed: Contract, module: ModuleType, http: Http, held: Collection[str]) -> None:
        self.notes: list[str] = []
        self.refused: list[str] = []
        self._project, self._feed, self._module, self._http = project, feed, module, http
        self._place = f"documents/{feed.stem}"
        self._kept: dict[str, list[Raw]] = {}
        for raw in snapshots.kept(project, self._place):
            self._kept.setdefault(module.document_path(raw.url), []).append(raw)
        self._held = {*held, *self._kept}
        self._memory = self._remembered()
        self._missing: dict[str, int] = self._memory.setdefault(MISSING, {})
        self._walks: list[_Walk] = []
        self._offered: set[str] = set()

    def walk(self) -> None:
        """Read every list until nothing is new, or more is than one look keeps."""
        for address in self._module.addresses(self._feed.source.url):
            before = self._memory.get(address)
            since = date.fromisoformat(before["through"]) - OVERLAP if before else self._module.SINCE
            walk = _Walk(Listing(self._http, address, since, dict(before["marks"]) if before else {}))
            self._walks.append(walk)
            try:
                self._read(walk)
                walk.is_whole = not walk.listing.is_cut
            except NoAnswer as reason:
                self._refuse(f"{reason}; put the texts into inbox/{self._place}/")
            self.notes += [f"{self._feed.stem}: {note}" for note in dict.fromkeys(walk.listing.notes)]

    def _read(self, walk: _Walk) -> None:
        for offer in self._module.find(walk.listing):
            if offer.published > _today() + timedelta(days=1):
                walk.listing.notes.append(f"{offer.url}: published {offer.published} lies in the future; left out")
            elif offer.published >= walk.listing.since and self._is_new(offer):
                walk.offers.append(offer)
                self._offered.add(offer.path)
                walk.listing.is_enough = len(walk.offers) > MOST

    def _is_new(self, offer: Offer) -> bool:
        if offer.path in self._offered or self._is_gone(offer):
            return False
        if offer.path in self._kept:
            return all(offer.differs(raw.path) for raw in self._kept[offer.path])
        return offer.path not in self._held

    def _is_gone(self, offer: Offer) -> bool:
        return self._missing.get(offer.path, 0) >= GONE_AFTER

    def keep(self) -> None:
        """Keep the newest of what is new, each with its receipt; one that cannot be had does not stop the rest."""
        offered = [(offer, walk) for walk in self._walks for offer in walk.offers]
        offered.sort(key=lambda one: one[0].published, reverse=True)
        known = {raw.sha256: raw for copies in self._kept.values() for raw in copies}
        kept = 0
        for offer, walk in offered[:MOST]:
            try:
                self._keep_one(offer, known)
                self._missing.pop(offer.path, None)
                kept += 1
            except NoAnswer as reason:
                self._note_failure(offer, walk, reason)
        for offer, walk in offered[MOST:]:
            walk.waiting.append(offer)
        left = len(offered[MOST:])
        if kept or not self.refused:
            news = f"{kept:,} new, the newest of {offered[0][0].published}" if kept else "nothing new"
            self.notes.append(f"{self._feed.stem}: {news}")
        if left:
            more = f"{left:,}" if all(walk.is_whole for walk in self._walks) else f"{left:,} or more"
            self.notes.append(f"{self._feed.stem}: {more} left for the next look")

    def _note_failure(self, offer: Offer, walk: _Walk, reason: NoAnswer) -> None:
        """Leave what cannot be had to the next look, but not for ever what the publisher lists and does not have."""
        if reason.status in GONE:
            self._missing[offer.path] = self._missing.get(offer.path, 0) + 1
        else:
            self._missing.pop(offer.path, None)
        if self._is_gone(offer):
            again = f"not asked for again, put the text into inbox/{self._place}/ if it is to be had"
            self.notes.append(f"{self._feed.stem}: {reason}, at {GONE_AFTER} looks in a row; {again}")
        else:
            walk.waiting.append(offer)
            self._refuse(f"{reason}; asked again at the next look, or put the text into inbox/{self._place}/")

    def _keep_one(self, offer: Offer, known: dict[str, Raw]) -> None:
        content = offer.content()
        place = folder(self._project) / self._feed.stem
        place.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".draft-", dir=place) as drafts:
            draft = Path(drafts) / offer.name
            draft.write_bytes(content)
            snapshots.keep(self._project, self._place, draft, known, {"url": offer.url})

    def remember(self) -> None:
        """Note up to which day each list is held whole; one that was not read to its end is read again."""
        for walk in self._walks:
            if walk.is_whole:
                marks = {} if walk.waiting else walk.listing.marks
                self._memory[walk.listing.address] = {"through": walk.through.isoformat(), "marks": marks}
        place = folder(self._project) / self._feed.stem
        place.mkdir(parents=True, exist_ok=True)
        draft = place / f"{MEMORY}.draft"
        draft.write_text(json.dumps(self._memory, indent=1) + "\n", encoding="utf-8")
        draft.replace(place / MEMORY)

    def _remembered(self) -> dict[str, Any]:
        path = folder(self._project) / self._feed.stem / MEMORY
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}

    def _refuse(self, line: str) -> None:
        self.refused.append(f"{self._feed.stem}: {line}")


def _today() -> date:
    return datetime.now(UTC).date()
