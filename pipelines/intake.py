"""Releases into the warehouse: every file at hand of a dataset is looked at once, the good ones are appended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from pipelines import live, snapshots
from pipelines.contract_files import is_model, read_sql
from pipelines.contracts import Contract, seeds_read
from pipelines.ddl import create_table, quoted
from pipelines.digests import of_code, of_frame, of_text
from pipelines.errors import Refused
from pipelines.reading import Raw
from pipelines.seeds import Seeds
from pipelines.vintages import releases, sentinel
from pipelines.warehouse import REGISTER, Work

# How a vintage is known that says on which day the publisher offered the file.
STATED = ("publisher", "receipt")

Normalize = Callable[[Raw, Seeds], pl.DataFrame]


@dataclass
class Look:
    """What one look at a dataset or feed found; `notes` and `refused` are lines for a person."""

    notes: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Hand:
    """What of a dataset is at hand.

    Attributes:
        files: Publishers' files by hash, each with the date that holds for it.
        present: Hashes of those a person or publisher offers now; the others were kept earlier.
        bundled: Releases of the bundle of which the file is not at hand, by hash.
        refused: Lines on files that cannot be dated.
        registered: Facts of every release of the bundle, by hash.
    """

    files: dict[str, Raw]
    present: set[str]
    bundled: dict[str, Raw]
    refused: list[str]
    registered: dict[str, dict[str, Any]]

    @property
    def all(self) -> dict[str, Raw]:
        """Files and bundled releases by hash."""
        return {**self.files, **self.bundled}


def _at_hand(work: Work, contract: Contract) -> _Hand:
    """Everything held of a dataset; files of the inbox are kept in raw on the way."""
    project, dataset = work.project, contract.stem
    registered = releases.registered(project.history, dataset)
    kept = {raw.sha256: raw for raw in snapshots.kept(project, dataset)}
    present = {raw.sha256: raw for raw in snapshots.archived(project, contract)}
    present |= live.offered(project, dataset)
    refused = []
    for path in snapshots.dropped(project, dataset):
        try:
            raw = snapshots.keep(project, dataset, path, {**kept, **present})
        except Refused as refusal:
            refused.append(str(refusal))
            continue
        present[raw.sha256] = raw
    files = {sha256: _redated(raw, registered) for sha256, raw in {**kept, **present}.items()}
    bundled = {sha256: _bundled(facts) for sha256, facts in registered.items() if sha256 not in files}
    return _Hand(files, set(present), bundled, refused, registered)


def _redated(raw: Raw, registered: dict[str, dict[str, object]]) -> Raw:
    """The file with the date the bundle knows for its bytes, unless a receipt or the publisher dates it."""
    facts = registered.get(raw.sha256)
    if facts is None or raw.vintage_basis != "seen":
        return raw
    known = {name: facts[name] for name in ("vintage", "vintage_basis", "fetched_at")}
    return replace(raw, **known)


def _bundled(facts: dict[str, object]) -> Raw:
    """A release of the bundle as the file it was, which is not at hand."""
    dataset, name, sha256, fetched_at = (str(facts[it]) for it in ("dataset", "file", "raw_sha256", "fetched_at"))
    return Raw(dataset, Path(name), facts["vintage"], str(facts["vintage_basis"]), sha256, fetched_at, "bundle")


def _arrival(raw: Raw) -> tuple[str, date, str]:
    """When a file came to hand; of those that came together the earlier release is first."""
    return raw.fetched_at, raw.vintage, raw.path.name


def _dated(raw: Raw) -> str:
    """The date of a release, and how it is known."""
    return f"{raw.vintage} {raw.vintage_basis}"


def take_in(work: Work, contract: Contract, normalize: Normalize, asked: Look | None = None) -> Look:
    """Let in every release of a dataset that is at hand and not known: bundle, archive, raw and inbox are one set.

    Where a file itself is at hand it is read; the bundle stands in for files that are not. A refused file changes
    nothing and is reported as long as it lies in the inbox or the archive, or is what the publisher offers. What was
    `asked` of the publisher before is part of the look.

    Whenever something came or went everything is judged again, in the order in which it came to hand: what is held then
    depends on the files alone, and a file that is taken away takes with it what was refused because of it.
    """
    look, hand, code = asked or Look(), _at_hand(work, contract), _code(work, contract)
    if not (work.exists(f"vintages.{contract.stem}") and _is_known(work, contract, hand, code)):
        barred, before = _barred(work, contract, code), {sha256 for sha256, *_ in _looked_at(work, contract)}
        _forget(work, contract)
        allowed, read = work.seeds.allowed(contract), _reader(work, contract, hand, normalize)
        for sha256, raw in sorted(hand.all.items(), key=lambda item: _arrival(item[1])):
            with work.transaction():
                found = _let_in(work, contract, raw, read, allowed, barred.get(sha256))
                told = (_dated(raw), raw.path.name, found.outcome, found.reason, found.release, code)
                row = ", ".join(map(quoted, (contract.stem, sha256, *told)))
                work.connection.execute(f"insert into meta.files values ({row})")
            if sha256 in hand.present - before:
                look.notes += [found.reason] if found.outcome == "same" else found.notes
    look.refused += _not_let_in(work, contract, hand)
    _confirm(work, contract, hand)
    _record(work, contract, code, look)
    return look


def nothing_new(work: Work, contract: Contract) -> bool:
    """Whether the last look at a dataset, by the code as it is now, saw what is at hand and refused the same."""
    hand, code = _at_hand(work, contract), _code(work, contract)
    if not _is_known(work, contract, hand, code):
        return False
    refused = len(_not_let_in(work, contract, hand))
    return work.rows(f"select len(refused) from meta.looks where name = {quoted(contract.stem)}") == [(refused,)]


def _not_let_in(work: Work, contract: Contract, hand: _Hand) -> list[str]:
    """A line for each file to report: refused and offered still, or barred, or without a date."""
    rows = _looked_at(work, contract)
    return hand.refused + [
        reason
        for sha256, outcome, reason in rows
        if outcome == "barred" or (outcome == "refused" and sha256 in hand.present)
    ]


def _code(work: Work, contract: Contract) -> str:
    """What decides how a file of the dataset is read: the kernel, the pair and the seeds it names."""
    seeds = [work.seeds.version(name.removeprefix("seeds.")) for name in sorted(seeds_read(contract))]
    return work.fingerprint_of(contract.sha256, of_code(f"sources/{contract.stem}"), *seeds)


def _looked_at(work: Work, contract: Contract) -> list[tuple[str, str, str]]:
    return work.rows(f"select raw_sha256, outcome, reason from meta.files where dataset = {quoted(contract.stem)}")


def _is_known(work: Work, contract: Contract, hand: _Hand, code: str) -> bool:
    """Whether what is at hand is what was looked at before, by the code as it is, dated and barred as it is now."""
    columns = "raw_sha256, dated, outcome, fingerprint"
    rows = work.rows(f"select {columns} from meta.files where dataset = {quoted(contract.stem)}")
    at_hand, barred = hand.all, _barred(work, contract, code)
    return {sha256 for sha256, *_ in rows} == set(at_hand) and all(
        made_by == code and dated == _dated(at_hand[sha256]) and (sha256 in barred) == (outcome == "barred")
        for sha256, dated, outcome, made_by in rows
    )


def _barred(work: Work, contract: Contract, code: str) -> dict[str, str]:
    """Why each file that gate 1 would let in is kept out, by hash; another code or another judge lets it try again."""
    rows = work.rows(
        f"select raw_sha256, reason, judge, fingerprint from meta.barred where dataset = {quoted(contract.stem)}"
    )
    return {sha256: reason for sha256, reason, judge, made_by in rows if made_by == _judged_by(work, code, judge)}


def bar(work: Work, contract: Contract, raw_sha256: str, judge: str, words: str) -> None:
    """Keep a file out from the next look on, since the table `judge` failed its checks with it in."""
    row = (contract.stem, raw_sha256, words, judge, _judged_by(work, _code(work, contract), judge))
    work.connection.execute(f"insert or replace into meta.barred values ({', '.join(map(quoted, row))})")


def _judged_by(work: Work, code: str, judge: str) -> str:
    contract = work.contracts[judge]
    return of_text(code, contract.sha256, read_sql(contract) if is_model(contract) else "")


def _forget(work: Work, contract: Contract) -> None:
    """Empty what is held of a dataset, to be read again."""
    table = f"vintages.{contract.stem}"
    with work.transaction():
        work.connection.execute(f"delete from meta.files where dataset = {quoted(contract.stem)}")
        work.connection.execute(f"delete from {REGISTER} where dataset = {quoted(contract.stem)}")
        work.connection.execute(f"drop table if exists {table}")
        work.connection.execute(create_table(contract.of_releases(), table, {}, constrained=False))


def _reader(work: Work, contract: Contract, hand: _Hand, normalize: Normalize) -> Callable[[Raw], pl.DataFrame]:
    """How a release is read: normalized from its file, or taken from the bundle where the file is not at hand."""

    def read(raw: Raw) -> pl.DataFrame:
        if raw.sha256 in hand.files:
            return normalize(raw, work.seeds)
        return releases.bundled(work.project.history, contract, raw.sha256)

    return read


@dataclass(frozen=True)
class _Found:
    """What became of one file.

    Attributes:
        outcome: `new`, `same`, `refused` by gate 1, or `barred` since a later gate failed with it in.
        reason: The line that says so; "" for a new release.
        release: Hash of the file of the release that holds its figures, "" where none does.
        notes: What it restates or relabels of the releases beside it.
    """

    outcome: str
    reason: str = ""
    release: str = ""
    notes: tuple[str, ...] = ()


def _let_in(
    work: Work,
    contract: Contract,
    raw: Raw,
    read: Callable[[Raw], pl.DataFrame],
    allowed: dict[str, list[object]],
    barred: str | None,
) -> _Found:
    """What became of one release."""
    if barred is not None:
        return _Found("barred", barred)
    try:
        item = releases.release(raw, contract, releases.judge(raw, contract, read(raw), allowed))
    except Refused as refusal:
        return _Found("refused", str(refusal))
    facts = item.facts
    mine = f"dataset = {quoted(contract.stem)} and product = {quoted(facts['product'])}"
    held = work.frame(f"select * from {REGISTER} where {mine} order by vintage").to_dicts()
    before = [other for other in held if other["vintage"] <= facts["vintage"]][-1:]
    after = [other for other in held if other["vintage"] > facts["vintage"]][:1]
    same_day = [other for other in before if other["vintage"] == facts["vintage"]]
    if any(other["content_sha256"] == facts["content_sha256"] for other in before):
        again = f"{raw.release}: the figures of {before[0]['file']} of {before[0]['vintage']} again; skipped"
        return _Found("same", again, before[0]["raw_sha256"])
    try:
        notes = sentinel.watch(contract, item, *(_held(work, contract, found) for found in (before, after)))
    except Refused as refusal:
        return _Found("refused", str(refusal))
    # The earliest of equal neighbours is the release; a later one of the same figures is no revision.
    again = [other for other in after if other["content_sha256"] == facts["content_sha256"]]
    for other in same_day + again:
        for table in (f"vintages.{contract.stem}", REGISTER):
            work.connection.execute(f"delete from {table} where raw_sha256 = {quoted(other['raw_sha256'])}")
    for other in again:
        work.connection.execute(
            f"update meta.files set release = {quoted(raw.sha256)} where dataset = {quoted(contract.stem)} "
            f"and release = {quoted(other['raw_sha256'])}"
        )
    for name, frame in ((f"vintages.{contract.stem}", item.figures), (REGISTER, pl.DataFrame([facts]))):
        work.connection.register("given", frame.to_arrow())
        work.connection.execute(f"insert into {name} by name select * from given")
    return _Found("new", release=raw.sha256, notes=tuple(notes))


def _held(work: Work, contract: Contract, found: list[dict[str, object]]) -> releases.Release | None:
    """The release of the register as it is held, where one was found."""
    if not found:
        return None
    figures = f"select * from vintages.{contract.stem} where raw_sha256 = {quoted(found[0]['raw_sha256'])}"
    return releases.Release(found[0], work.frame(figures))


def _confirm(work: Work, contract: Contract, hand: _Hand) -> None:
    """Note until when each release is known to have been what the publisher offered.

    The publisher is known to have offered a file on the day it states, and on each day it was asked and gave the same.
    """
    offered = [(sha256, raw.vintage) for sha256, raw in hand.files.items() if raw.vintage_basis in STATED]
    offered += live.confirmed(work.project, contract.stem).items()
    offered += [(sha256, facts["confirmed_until"]) for sha256, facts in hand.registered.items()]
    of = f"select release from meta.files where dataset = {quoted(contract.stem)} and raw_sha256"
    for sha256, day in offered:
        work.connection.execute(
            f"update {REGISTER} set confirmed_until = greatest(confirmed_until, {quoted(day)}::date) "
            f"where dataset = {quoted(contract.stem)} and raw_sha256 in ({of} = {quoted(sha256)})"
        )


def _record(work: Work, contract: Contract, code: str, look: Look) -> None:
    held = work.frame(f"select * exclude (confirmed_until) from {REGISTER} where dataset = {quoted(contract.stem)}")
    contents = of_frame(held, ("product", "vintage"), 9)
    height = work.height(f"vintages.{contract.stem}")
    work.record(f"vintages.{contract.stem}", of_text(code, contents), height, judged=True)
    work.looked(contract.stem, look.refused, look.notes)
