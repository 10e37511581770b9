"""What a contract says of its publisher: who it is, how its releases are known and watched, who speaks in a feed."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """A part of a contract: what is unknown is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Source(Strict):
    """Who publishes it, where, under which licence, and how to cite it."""

    publisher: str
    url: str
    licence: str
    citation: str


class Release(Strict):
    """How releases of an official dataset are recognised.

    Attributes:
        files: Globs below the archive's `data/` folder.
        products: Products of the publisher that cover the same months, the one that outranks the others first.
        settled: SQL over (month, vintage) of the release used, true once the publisher no longer restates the month.
        cadence_days: The publisher's usual interval between releases; a clearly longer one between two that are held
            is a gap in our own collecting, not a publisher that changed nothing.
        labels: Grain columns that are the publisher's wording: a change in them alone is a new label of one figure.
        frozen_by: Where settled months never change, the keys by which their figures are compared; empty elsewhere.
    """

    files: tuple[str, ...]
    products: tuple[str, ...] = ("all",)
    settled: str
    cadence_days: int
    labels: tuple[str, ...] = ()
    frozen_by: tuple[str, ...] = ()


class FeedTraits(Strict):
    """Who speaks in a document feed and whether it enters the measures.

    Attributes:
        files: Archive, folder or glob names below the archive folder.
        office: The source it belongs to across office-holders.
        genre: Kind of text.
        side: `US`, `MX` or `other`: the side of an untagged speaker.
        voice: Voice of an untagged speaker, or `by_date` where `seeds.actors` decides.
        speaker: Name of an untagged speaker.
        language: Language of the texts, or `detect`.
        measured: False for sets selected for mentioning the other country: coded, kept out of the measures.
    """

    files: tuple[str, ...]
    office: str
    genre: str
    side: Literal["US", "MX", "other"]
    voice: str
    speaker: str
    language: Literal["en", "es", "detect"]
    measured: bool
