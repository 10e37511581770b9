"""A release against the releases that are held (gate 1): what it may restate, withdraw and add."""

from __future__ import annotations

from datetime import date

import duckdb
import polars as pl

from pipelines.contracts import Contract
from pipelines.errors import Refused
from pipelines.publishers import Member, Range, Watch
from pipelines.vintages import comparison
from pipelines.vintages.comparison import Change, cell_of, differs, shown
from pipelines.vintages.releases import Release


def watch(contract: Contract, item: Release, earlier: Release | None, later: Release | None) -> list[str]:
    """Lines on what a release restates or relabels of its neighbours, once it may stand between them.

    Args:
        contract: The dataset's contract.
        item: The release, judged by itself before.
        earlier: The newest release held of the same product that was public before it or on its day.
        later: The next one held that was public after it.

    Raises:
        Refused: The release covers months it cannot, is an older one, changes what is frozen, or withdraws, restates or
            adds more than its `watch` allows.
    """
    assert contract.release is not None
    _has_ended(item)
    if earlier is not None:
        _is_not_older(item, earlier)
    if later is not None:
        _ends_before(item, later)
    bounds = contract.release.watch
    if bounds is None:
        return []
    _covers_whole_span(contract, bounds, item)
    notes = []
    for old, new in ((earlier, item), (item, later)):
        if old is not None and new is not None:
            notes += _Pair(contract, bounds, item, old, new).judged()
    if item.facts["product"] not in bounds.sparse:
        known = item.facts["covers_from"] if earlier is None else earlier.facts["covers_to"]
        _adds_plausible_months(contract, bounds, item, known)
    return notes


def _measured(contract: Contract) -> list[str]:
    return [name for name, column in contract.columns.items() if column.unit and name not in contract.grain]


def settled(contract: Contract, months: list[date], vintage: date) -> list[date]:
    """Those of the months that a release of the day `vintage` was the last to restate."""
    assert contract.release is not None
    if not months:
        return []
    listed = ", ".join(f"date '{month}'" for month in months)
    query = f"select month from (select unnest([{listed}]) as month), (select date '{vintage}' as vintage)"
    with duckdb.connect() as connection:
        return [row[0] for row in connection.execute(f"{query} where {contract.release.settled}").fetchall()]


def _name(item: Release) -> str:
    return f"{item.facts['dataset']} {item.facts['file']}"


def _held_as(release: Release) -> str:
    return f"{release.facts['file']} of {release.facts['vintage']}"


def _refused(item: Release, words: str) -> Refused:
    path = f"pipelines/sources/{item.facts['dataset']}.yml"
    return Refused(f"{_name(item)}: {words}; fetch the file again, or if it is genuine change {path} and say why")


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


def _covers_whole_span(contract: Contract, bounds: Watch, item: Release) -> None:
    first, last = item.facts["covers_from"], item.facts["covers_to"]
    months = comparison.months_between(first, last)
    span = f"covers {first:%Y-%m} to {last:%Y-%m}, {len(months)} months"
    if isinstance(bounds.begins, int):
        begins, words = first.month == bounds.begins, f"in month {bounds.begins} of a year"
    else:
        expected = bounds.begins[item.facts["product"]]
        begins, words = first == expected, f"in {expected:%Y-%m}"
    if not begins:
        raise _refused(item, f"{span}, while a whole release begins {words}; its first months are missing")
    if bounds.months and not bounds.months.holds(len(months)):
        raise _refused(
            item, f"{span}, while a whole release covers {bounds.months.words}; a year is missing or too many"
        )
    missing = sorted(set(months) - set(item.figures["month"].unique().to_list()))
    if missing and item.facts["product"] not in bounds.sparse:
        raise _refused(item, f"{span}, but {len(missing)} of them have no row, first {missing[0]:%Y-%m}")


# Months that two neighbours cover -------------------------------------------------------------------------------------


class _Pair:
    """Two neighbours in the order they were public; `item` is the one that comes in."""

    def __init__(self, contract: Contract, bounds: Watch, item: Release, old: Release, new: Release) -> None:
        assert contract.release is not None
        self._contract, self._bounds, self._item, self._old, self._new = contract, bounds, item, old, new
        self._frozen_by = contract.release.frozen_by
        self._values = contract.figures
        self._keys = [name for name in contract.grain if name not in contract.release.labels]
        first, last = max(old.facts["covers_from"], new.facts["covers_from"]), old.facts["covers_to"]
        self._months = comparison.months_between(first, last)
        known = old.facts["vintage"]
        if self._frozen_by:
            # A file seen long after it was public freezes no more than it did when it came: CBP prints a month in the
            # second one after it at the latest.
            known = min(known, comparison.months_after(last, 2))
        self._closed = settled(contract, self._months, known)

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
        before, after = (
            comparison.sums(each.figures, self._closed, keys, self._values) for each in (self._old, self._new)
        )
        both = before.join(after, on=keys, how="full", suffix="_new", coalesce=True)
        found = both.filter(pl.any_horizontal(differs(value) for value in self._values)).sort(keys)
        if found.is_empty():
            return
        row = found.row(0, named=True)
        value = next(value for value in self._values if found.head(1).filter(differs(value)).height)
        raise _refused(
            self._item,
            f"{found.height:,} figures of closed years differ between {_held_as(self._old)} and "
            f"{_held_as(self._new)}, first {value} of {cell_of(row, keys)}: {shown(row[value])} then "
            f"{shown(row[f'{value}_new'])}; closed years are never restated",
        )

    def _relabelled(self) -> list[str]:
        texts = [name for name in self._contract.columns if name not in _measured(self._contract)]
        before, after = (
            each.figures.filter(pl.col("month").is_in(self._closed)).select(texts) for each in (self._old, self._new)
        )
        found = after.join(before, on=texts, how="anti", nulls_equal=True).sort(texts)
        if found.is_empty():
            return []
        return [
            f"{_name(self._item)}: {found.height:,} rows of closed years have other labels in {_held_as(self._new)} "
            f"than in {_held_as(self._old)}, the same figures; first "
            f"{cell_of(found.row(0, named=True), self._contract.grain)}; recorded"
        ]

    def _restated(self) -> list[str]:
        held = self._held(self._closed)
        notes = []
        for value in self._values:
            changed = held.filter(pl.col(value).is_not_null() & differs(value))
            if not changed.is_empty():
                size = (pl.col(value) - pl.col(f"{value}_new").fill_null(0)).abs()
                row = changed.sort(size, *self._keys).row(-1, named=True)
                notes.append(
                    f"{_name(self._item)}: {changed.height:,} figures of {value} in settled months are restated from "
                    f"{_held_as(self._old)} to {_held_as(self._new)}, the largest {cell_of(row, self._keys)}: "
                    f"{shown(row[value])} then {shown(row[f'{value}_new'])}; recorded"
                )
        return notes

    def _held(self, months: list[date]) -> pl.DataFrame:
        return comparison.held_cells(self._old.figures, self._new.figures, months, self._keys, self._values)

    def _compare(self, months: list[date]) -> None:
        """Judge the cells of the older one in months that the newer one may restate."""
        held = self._held(months)
        gone = held.filter(pl.col("_is_gone"))
        if gone.height > self._bounds.withdrawn * held.height:
            raise _refused(
                self._item,
                f"{gone.height:,} of {held.height:,} figures of {_held_as(self._old)} are missing in "
                f"{_held_as(self._new)}, first {cell_of(gone.row(0, named=True), self._keys)}; at most "
                f"{self._bounds.withdrawn:.0%} may be withdrawn",
            )
        for change in comparison.totals(held, self._values):
            self._is_within(change, self._bounds.restated)
        for column, member in self._bounds.members.items():
            if member.restated:
                for monthly in (True, False):
                    for change in comparison.member_totals(held, self._values, column, monthly=monthly):
                        self._is_within(change, member.restated)

    def _is_within(self, change: Change, factors: Range) -> None:
        if not factors.holds(change.ratio):
            raise _refused(
                self._item,
                f"{change.value}{change.of} in months of both releases is {shown(change.before)} in "
                f"{_held_as(self._old)} and {shown(change.after)} in {_held_as(self._new)}, {change.ratio:.3g} times; "
                f"it may be restated by {factors.words} times",
            )


# Months that were not held before -------------------------------------------------------------------------------------


def _adds_plausible_months(contract: Contract, bounds: Watch, item: Release, known: date) -> None:
    """Judge the months after `known` by the 12 months before each, as this release has them."""
    values, adding = _measured(contract), contract.figures
    for month, change in comparison.new_months(item.figures, values):
        allowed = bounds.new_month.holds(change.ratio) if change.value in adding else change.after > 0
        if month > known and not allowed:
            raise _refused(
                item,
                f"{change.value}{change.of} is {shown(change.after)}, {change.ratio:.3g} times the "
                f"{shown(change.before)} of the 12 months before (median); it may be {bounds.new_month.words} times",
            )
    for column, member in bounds.members.items():
        _keeps_members(contract, item, column, member, known)


def _keeps_members(contract: Contract, item: Release, column: str, member: Member, known: date) -> None:
    for each in comparison.attendance(item.figures, column, contract.figures):
        if each.month > known and each.share < member.steady:
            raise _refused(
                item,
                f"of {each.steady} members of {column} with figures in each of the 12 months before, "
                f"{len(each.absent)} have none in the new month {each.month:%Y-%m}, such as "
                f"{', '.join(each.absent[:3])}; {member.steady:.0%} must have some",
            )
    for value, most in member.surge.items():
        for month, change in comparison.surges(item.figures, column, value):
            if month > known and change.ratio > most:
                raise _refused(
                    item,
                    f"{value}{change.of} is {shown(change.after)}, {change.ratio:.3g} times the largest of the 12 "
                    f"months before, {shown(change.before)}; it may be {most:g} times",
                )
