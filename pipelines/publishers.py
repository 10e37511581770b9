"""What a contract says of its publisher: who it is, how its releases are known and watched, who speaks in a feed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, field_validator, model_validator

HASH = re.compile(r"[0-9a-f]{12,64}")


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
        material: Share of a column's total below which a member is too small for a factor: one event moves it.
        together: Within a series, the share of its series that a member that loses all rows of one must lose at once;
            0 where any may.
    """

    steady: float = 0
    restated: Range | None = None
    surge: dict[str, float] = {}
    material: float = 0.01
    together: float = 0


class Series(Strict):
    """How the members of `release.series`, such as the drug classes, may change, each judged by itself.

    Attributes:
        restated: Factor by which the total of one, over all months that may be restated, may change.
        monthly: The same of a single month.
        new_month: A new month's total of one over its median of the 12 months before it; not judged without it.
        step: The same over the month before it, where months are sums over 12 of them.
        material: Share of all together below which one is too small for a factor; 0 where they cannot be compared.
        members: By another grain column, how its members may change within each.
    """

    restated: Range
    monthly: Range
    new_month: Range | None = None
    step: Range | None = None
    material: float = 0.01
    members: dict[str, Member] = {}


class Watch(Strict):
    """What a release must keep of the releases that are held; each bound stands beside the figure it was measured on.

    Attributes:
        begins: First month of a release, by product; where releases roll on, the calendar month they begin with.
        months: How many months a release covers, where releases roll on.
        sparse: Products in whose early months no cell may be printed: they may lack months and members.
        withdrawn: Share of the held cells of months not frozen that a later release may no longer have.
        added: Cells a later release may have in those months that were not held, as a share of the held ones. None
            where the publisher adds cells as it goes: then only those with a number before count in a total.
        withheld: Share of a column's total in a month, of each series, that may turn into nulls with a reason.
        restated: Factor by which the total of a value column over the months not frozen may change.
        monthly: The same of a single month.
        new_month: A new month's total of a value column over the median of the 12 months before it.
        members: By grain column, how its members may change.
        series: How each member of `release.series` may change by itself.
    """

    begins: dict[str, date] | int
    months: Range | None = None
    sparse: tuple[str, ...] = ()
    withdrawn: float
    added: float | None
    withheld: float = 0
    restated: Range
    monthly: Range
    new_month: Range
    members: dict[str, Member] = {}
    series: Series | None = None

    def lacking(self, product: str, first: date, months: int) -> str | None:
        """What a whole release does that one of so many months from `first` on does not; None if nothing."""
        if isinstance(self.begins, int):
            begins, words = first.month == self.begins, f"in month {self.begins} of a year"
        else:
            begins, words = first == self.begins[product], f"in {self.begins[product]:%Y-%m}"
        if not begins:
            return f"begins {words}; its first months are missing"
        if self.months and not self.months.holds(months):
            return f"covers {self.months.words}; a year is missing or too many"
        return None

    def factors(self, series: str | None) -> Iterator[tuple[list[str], float, Range]]:
        """By which keys totals are judged, from which share of their like on, and within which factors."""
        yield [], 0, self.restated
        yield ["month"], 0, self.monthly
        for column, member in self.members.items():
            if member.restated:
                yield ["month", column], member.material, member.restated
                yield [column], member.material, member.restated
        if series and self.series:
            yield [series], self.series.material, self.series.restated
            yield ["month", series], self.series.material, self.series.monthly
            for column, member in self.series.members.items():
                if member.restated:
                    yield ["month", series, column], member.material, member.restated
                    yield [series, column], member.material, member.restated


class Release(Strict):
    """How releases of an official dataset are recognised and watched.

    Attributes:
        files: Globs below the archive's `data/` folder.
        products: Products of the publisher that cover the same months, the one that outranks the others first.
        settled: SQL over (month, vintage) of the release used, true once the publisher no longer restates the month.
        cadence_days: The publisher's usual interval between releases; a clearly longer one between two that are held
            is a gap in our own collecting, not a publisher that changed nothing.
        labels: Grain columns that are the publisher's wording: a change in them alone is a new label of one figure.
        rewritten: Figures that the publisher computes anew for all months at every release: they are never settled.
        series: Grain column whose members are restated differently, such as the drug classes; none where all are alike.
        frozen_by: Where settled months never change, the keys by which their figures are compared; empty elsewhere.
        watch: What a release must keep of those that are held; nothing is compared without it.
        accepted: Releases that are genuine though `watch` refuses them: the first 12 or more hex digits of the file's
            SHA-256, and why. The contract's own expectations hold for them as well.
    """

    files: tuple[str, ...]
    products: tuple[str, ...] = ("all",)
    settled: str
    cadence_days: int
    labels: tuple[str, ...] = ()
    rewritten: tuple[str, ...] = ()
    series: str | None = None
    frozen_by: tuple[str, ...] = ()
    watch: Watch | None = None
    accepted: dict[str, str] = {}

    @field_validator("accepted", mode="before")
    @classmethod
    def _names_files(cls, given: Any) -> Any:
        for key, reason in given.items():
            if not (isinstance(key, str) and HASH.fullmatch(key)):
                raise ValueError(
                    f"accepted names {key}; give the first 12 or more hex digits of the file's SHA-256, in quotes"
                )
            if not (isinstance(reason, str) and reason.strip()):
                raise ValueError(f"accepted gives no reason for {key}")
        return given

    @model_validator(mode="after")
    def _series_are_watched(self) -> Release:
        if self.watch and (self.watch.series is None) != (self.series is None):
            raise ValueError("series and watch.series go together: declare both or neither")
        return self

    def why_accepted(self, sha256: str) -> str | None:
        """Why the release in a file is let in whatever `watch` says; None where it is not."""
        return next((reason for key, reason in self.accepted.items() if sha256.startswith(key)), None)

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
