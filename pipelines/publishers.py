"""What a contract says of its publisher: who it is, how its releases are known and watched, who speaks in a feed."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator


class Strict(BaseModel):
    """A part of a contract: what is unknown is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Source(Strict):
    """Who publishes it, where, under which licence, and how to cite it."""

    publisher: str
    url: str
    licence: str
    citation: str


class Range(Strict):
    """From where to where something is healthy, both ends included."""

    min: float
    max: float

    @model_validator(mode="after")
    def _not_empty(self) -> Range:
        if self.min > self.max:
            raise ValueError(f"a range from {self.min:g} to {self.max:g} holds nothing")
        return self

    def holds(self, value: float) -> bool:
        """Whether a value lies in the range."""
        return self.min <= value <= self.max

    @property
    def words(self) -> str:
        """The range in words."""
        return f"{self.min:g} to {self.max:g}"


class Member(Strict):
    """How the members of one grain column, such as the areas, may change from release to release.

    Attributes:
        steady: Share of the members with figures in each of the 12 months before that a new month must have.
        restated: Factor by which a member's figures of a month, and of all months held, may be restated.
        surge: By column, how many times its largest of the 12 months before a member's new month may be; only for
            columns where one event cannot make the month.
    """

    steady: float
    restated: Range | None = None
    surge: dict[str, float] = {}


class Watch(Strict):
    """What a release must keep of the releases that are held; each bound stands beside the figure it was measured on.

    Attributes:
        begins: First month of a release, by product; where releases roll on, the calendar month they begin with.
        months: How many months a release covers, where releases roll on.
        sparse: Products in whose early months no cell may be printed: they may lack months and members.
        withdrawn: Share of the held cells of months not frozen that a later release may no longer have.
        restated: Factor by which the total of a value column over the cells held of months not frozen may change.
        new_month: A new month's total of a value column over the median of the 12 months before it.
        members: By grain column, how its members may change.
    """

    begins: dict[str, date] | int
    months: Range | None = None
    sparse: tuple[str, ...] = ()
    withdrawn: float
    restated: Range
    new_month: Range
    members: dict[str, Member] = {}


class Release(Strict):
    """How releases of an official dataset are recognised and watched.

    Attributes:
        files: Globs below the archive's `data/` folder.
        products: Products of the publisher that cover the same months, the one that outranks the others first.
        settled: SQL over (month, vintage) of the release used, true once the publisher no longer restates the month.
        cadence_days: The publisher's usual interval between releases; a clearly longer one between two that are held
            is a gap in our own collecting, not a publisher that changed nothing.
        labels: Grain columns that are the publisher's wording: a change in them alone is a new label of one figure.
        series: Grain column whose members are restated differently, such as the drug classes; none where all are alike.
        frozen_by: Where settled months never change, the keys by which their figures are compared; empty elsewhere.
        watch: What a release must keep of those that are held; nothing is compared without it.
    """

    files: tuple[str, ...]
    products: tuple[str, ...] = ("all",)
    settled: str
    cadence_days: int
    labels: tuple[str, ...] = ()
    series: str | None = None
    frozen_by: tuple[str, ...] = ()
    watch: Watch | None = None

    @model_validator(mode="after")
    def _every_product_begins(self) -> Release:
        if self.watch and isinstance(self.watch.begins, dict) and set(self.watch.begins) != set(self.products):
            raise ValueError(
                f"watch.begins names {', '.join(self.watch.begins)}, products are {', '.join(self.products)}"
            )
        return self


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
