"""A release against the releases that are held (gate 1): what it may restate, withdraw and add."""

from __future__ import annotations

from datetime import date

import polars as pl

from pipelines.contracts import Contract
from pipelines.errors import Refused
from pipelines.publishers import Member, Watch
from pipelines.vintages import comparison
from pipelines.vintages.comparison import cell_of, differs, shown
from pipelines.vintages.releases import Release


def watch(contract: Contract, item: Release, earlier: Release | None, later: Release | None) -> list[str]:
    """Lines on what a release restates or relabels of its neighbours, once it may stand between them.

    Args:
        contract: The dataset's contract.
        item: The release, judged by itself before.
        earlier: The newest release held of the same product that was public before it or on its day.
        later: The next one held that was public after it.

    Raises:
        Refused: The release covers months it cannot or is an older one; or, unless it is accepted by its hash, changes
            what is frozen, or withdraws, withholds, restates or adds more than its `watch` allows.
    """
    assert contract.release is not None
    _has_ended(item)
    if earlier is not None:
        _is_not_older(item, earlier)
    if later is not None:
        _ends_before(item, later)
    bounds, why = contract.release.watch, contract.release.why_accepted
    if bounds is None:
        return []
    if reason := why(item.facts["raw_sha256"]):
        return [f"{_name(item)}: let in as accepted: {reason}"]
    _covers_whole_span(bounds, item)
    notes = []
    for old, new in ((earlier, item), (item, later)):
        if old is not None and new is not None and why(new.facts["raw_sha256"]) is None:
            notes += _Pair(contract, bounds, item, old, new).judged()
    if item.facts["product"] not in bounds.sparse:
        known = item.facts["covers_from"] if earlier is None else earlier.facts["covers_to"]
        _adds_plausible_months(contract, bounds, item, known)
    return notes


def _measured(contract: Contract) -> list[str]:
    return [name for name, column in contract.columns.items() if column.unit and name not in contract.grain]


def _name(item: Release) -> str:
    return f"{item.facts['dataset']} {item.facts['file']}"


def _held_as(release: Release) -> str:
    return f"{release.facts['file']} of {release.facts['vintage']}"


def _refused(item: Release, words: str, other: Release | None = None) -> Refused:
    dataset, sha256 = item.facts["dataset"], item.facts["raw_sha256"]
    remedy = (
        f"fetch the file again; if it is genuine, give {sha256[:12]} and the reason under release.accepted in "
        f"pipelines/sources/{dataset}.yml"
    )
    if other is not None:
        remedy += f"; if {other.facts['file']} is the wrong one, take it out of raw/{dataset}/"
    return Refused(f"{_name(item)}: {words}; {remedy}")


# A release by itself and its place among those held -------------------------------------------------------------------


def _has_ended(item: Release) -> None:
    vintage, last = item.facts["vintage"], item.facts["covers_to"]
    if vintage.replace(day=1) <= last:
        raise Refused(
            f"{_name(item)}: public on {vintage} but with figures for {last:%Y-%m}, which had not ended; "
            "correct its receipt, or fetch the file again"
        )


def _is_not_older(item: Release, earlier: Release) -> None:
    mine, held = item.facts["covers_to"], earlier.facts["covers_to"]
    if mine < held:
        raise Refused(
            f"{_name(item)}: ends in {mine:%Y-%m} while {held:%Y-%m} is held, from {_held_as(earlier)}, so it is no "
            f"release of {item.facts['vintage']}; say when it was public in {item.facts['file']}.receipt.json: "
            '{"published": "2024-11-15"}'
        )


def _ends_before(item: Release, later: Release) -> None:
    mine, held = item.facts["covers_to"], later.facts["covers_to"]
    if mine > held:
        raise Refused(
            f"{_name(item)}: ends in {mine:%Y-%m} though {_held_as(later)} ends in {held:%Y-%m}, so it was not public "
            f"on {item.facts['vintage']}; correct its receipt"
        )


def _covers_whole_span(bounds: Watch, item: Release) -> None:
    first, last, product = (item.facts[name] for name in ("covers_from", "covers_to", "product"))
    months = comparison.months_between(first, last)
    span = f"covers {first:%Y-%m} to {last:%Y-%m}, {len(months)} months"
    if lacking := bounds.lacking(product, first, len(months)):
        raise _refused(item, f"{span}, while a whole release {lacking}")
    missing = sorted(set(months) - set(item.figures["month"].unique().to_list()))
    if missing and product not in bounds.sparse:
        raise _refused(item, f"{span}, but {len(missing)} of them have no row, first {missing[0]:%Y-%m}")


# Months that two neighbours cover -------------------------------------------------------------------------------------


class _Pair:
    """Two neighbours in the order they were public; `item` is the one that comes in."""

    def __init__(self, contract: Contract, bounds: Watch, item: Release, old: Release, new: Release) -> None:
        assert contract.release is not None
        self._contract, self._bounds, self._item, self._old, self._new = contract, bounds, item, old, new
        self._frozen_by = contract.release.frozen_by
        self._values, self._series = contract.figures, contract.release.series
        self._before, self._after = _held_as(old), _held_as(new)
        self._keys = [name for name in contract.grain if name not in contract.release.labels]
        first, last = max(old.facts["covers_from"], new.facts["covers_from"]), old.facts["covers_to"]
        self._months = comparison.months_between(first, last)
        known = old.facts["vintage"]
        if self._frozen_by:
            # A file freezes no more than it did when it came. CBP replaces a file in the middle of the second month
            # after its last: the one that ends in September is the closed year where it is dated to that day. One that
            # was only seen may be that of October, in which the year is open, however late it was seen.
            replaced = comparison.months_after(last, 2)
            known = min(known, replaced if old.facts["vintage_basis"] == "seen" else replaced.replace(day=15))
        self._closed = comparison.settled(contract.release.settled, self._months, known)

    def _refused(self, words: str) -> Refused:
        return _refused(self._item, words, self._old if self._new is self._item else self._new)

    def judged(self) -> list[str]:
        """Lines on what the newer one restates or relabels, once that is within bounds."""
        if not self._frozen_by:
            self._compare(self._months)
            return self._restated()
        self._is_frozen()
        self._compare([month for month in self._months if month not in self._closed])
        return self._relabelled()

    def _is_frozen(self) -> None:
        keys = ["month", *self._frozen_by]
        both = comparison.cells_of(self._old.figures, self._new.figures, self._closed, keys, self._values)
        found = both.filter(pl.any_horizontal(differs(value) for value in self._values))
        if found.is_empty():
            return
        row = found.row(0, named=True)
        value = next(value for value in self._values if found.head(1).filter(differs(value)).height)
        raise self._refused(
            f"{found.height:,} figures of closed years differ between {self._before} and {self._after}, first {value} "
            f"of {cell_of(row, keys)}: {shown(row[value])} then {shown(row[f'{value}_new'])}; closed years are never "
            "restated"
        )

    def _relabelled(self) -> list[str]:
        texts = [name for name in self._contract.columns if name not in _measured(self._contract)]
        found = comparison.relabelled(self._old.figures, self._new.figures, self._closed, texts)
        if found.is_empty():
            return []
        return [
            f"{_name(self._item)}: {found.height:,} rows of closed years have other labels in {self._after} "
            f"than in {self._before}, the same figures; first "
            f"{cell_of(found.row(0, named=True), self._contract.grain)}; recorded"
        ]

    def _restated(self) -> list[str]:
        cells = self._cells(self._closed)
        notes = []
        for value in self._values:
            changed = cells.filter(pl.col(value).is_not_null() & differs(value))
            if not changed.is_empty():
                size = (pl.col(value) - pl.col(f"{value}_new").fill_null(0)).abs()
                row = changed.sort(size, *self._keys).row(-1, named=True)
                notes.append(
                    f"{_name(self._item)}: {changed.height:,} figures of {value} in settled months are restated from "
                    f"{self._before} to {self._after}, the largest {cell_of(row, self._keys)}: "
                    f"{shown(row[value])} then {shown(row[f'{value}_new'])}; recorded"
                )
        return notes

    def _cells(self, months: list[date]) -> pl.DataFrame:
        columns = self._contract.columns
        reasons = [reason for value in self._values if (reason := columns[value].explained_by)]
        return comparison.cells_of(self._old.figures, self._new.figures, months, self._keys, self._values, reasons)

    def _compare(self, months: list[date]) -> None:
        """Judge the cells of months that the newer one may restate."""
        cells = self._cells(months)
        if cells.is_empty():
            return
        self._keeps_cells(cells)
        self._withholds_little(cells)
        kept = self._without_lost(cells)
        for keys, material, factors in self._bounds.factors(self._series):
            of = kept if self._series in keys[:-1] else cells
            for change in comparison.changes(of, self._values, keys, material, held=self._bounds.added is None):
                if not factors.holds(change.ratio):
                    raise self._refused(
                        f"{change.value}{change.of} in months of both releases is {shown(change.before)} in "
                        f"{self._before} and {shown(change.after)} in {self._after}, {change.ratio:.3g} times; "
                        f"it may be restated by {factors.words} times"
                    )

    def _keeps_cells(self, cells: pl.DataFrame) -> None:
        held = cells.height - cells["_is_added"].sum()
        for column, most, of, said, end in (
            ("_is_gone", self._bounds.withdrawn, "of", "missing", "withdrawn"),
            ("_is_added", self._bounds.added, "beside", "added", "added"),
        ):
            found = cells.filter(pl.col(column))
            if most is not None and found.height > most * held:
                raise self._refused(
                    f"{found.height:,} {of} {held:,} figures of {self._before} are {said} in {self._after}, first "
                    f"{cell_of(found.row(0, named=True), self._keys)}; at most {most:.0%} may be {end}"
                )

    def _withholds_little(self, cells: pl.DataFrame) -> None:
        keys = ["month", self._series] if self._series else ["month"]
        for change in comparison.withheld(cells, self._values, keys):
            if change.ratio > self._bounds.withheld:
                raise self._refused(
                    f"{shown(change.after)} of the {shown(change.before)} {change.value}{change.of} in {self._before} "
                    f"are withheld in {self._after}; at most {self._bounds.withheld:.0%} may be"
                )

    def _without_lost(self, cells: pl.DataFrame) -> pl.DataFrame:
        """The cells without the members that lost all rows of most of their series, as a publisher takes them away."""
        series, watched = self._series, self._bounds.series
        for column, member in watched.members.items() if watched else ():
            found = comparison.lost(cells, series, column).filter(member.together > 0)
            for row in found.filter(pl.col("_together") < member.together).head(1).iter_rows(named=True):
                raise self._refused(
                    f"all figures of {row[series]} {row[column]} in {self._before} are missing in "
                    f"{self._after}, {row['_together']:.0%} of what there is of {row[column]} by {series}; "
                    f"{member.together:.0%} or more go together"
                )
            cells = cells.join(found, on=[series, column], how="anti")
        return cells


# Months that were not held before -------------------------------------------------------------------------------------


def _adds_plausible_months(contract: Contract, bounds: Watch, item: Release, known: date) -> None:
    """Judge the months after `known` by the 12 months before each, as this release has them."""
    figures, adding, apart = item.figures, contract.figures, bounds.series
    series = contract.release.series if contract.release else None
    judged = [(bounds.new_month, 12, found) for found in comparison.new_months(figures, _measured(contract))]
    for factors, span in ((apart.new_month, 12), (apart.step, 1)) if apart else ():
        if factors:
            found = comparison.new_months(figures, adding, series, apart.material, span)
            judged += [(factors, span, each) for each in found]
    for factors, span, (month, change) in judged:
        allowed = factors.holds(change.ratio) if change.value in adding else change.after > 0
        if month > known and not allowed:
            raise _refused(
                item,
                f"{change.value}{change.of} is {shown(change.after)}, {change.ratio:.3g} times the "
                f"{shown(change.before)} of the {'12 months before (median)' if span > 1 else 'month before'}; it may "
                f"be {factors.words} times",
            )
    for column, member in bounds.members.items():
        _keeps_members(item, figures, adding, column, member, known)
    for column, member in apart.members.items() if apart else ():
        for (name,), part in sorted(figures.partition_by(series, as_dict=True).items()):
            _keeps_members(item, part, adding, column, member, known, f" of {name}")


def _keeps_members(
    item: Release, figures: pl.DataFrame, adding: list[str], column: str, member: Member, known: date, of: str = ""
) -> None:
    for each in comparison.attendance(figures, column, adding) if member.steady else ():
        if each.month > known and each.share < member.steady:
            raise _refused(
                item,
                f"of {each.steady} members of {column} with figures{of} in each of the 12 months before, "
                f"{len(each.absent)} have none in the new month {each.month:%Y-%m}, such as "
                f"{', '.join(each.absent[:3])}; {member.steady:.0%} must have some",
            )
    for value, most in member.surge.items():
        for month, change in comparison.surges(figures, column, value):
            if month > known and change.ratio > most:
                raise _refused(
                    item,
                    f"{value}{of}{change.of} is {shown(change.after)}, {change.ratio:.3g} times the largest of the 12 "
                    f"months before, {shown(change.before)}; it may be {most:g} times",
                )
