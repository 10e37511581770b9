"""A source pair to its releases in the warehouse: every file at hand looked at once, the good ones appended."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import dagster as dg
import polars as pl

from pipelines import live, snapshots
from pipelines.assets import OWNERS, Step, column_schema, describe, key, result, table_step
from pipelines.contracts import Contract, seeds_read
from pipelines.ddl import create_table, quoted
from pipelines.digests import of_code, of_frame, of_text
from pipelines.errors import Refused
from pipelines.reading import Raw
from pipelines.seeds import Seeds
from pipelines.vintages import releases
from pipelines.warehouse import REGISTER, Work

# A run with this tag asks the publishers; no other reaches the network.
LIVE = "entente/live"

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
    """

    files: dict[str, Raw]
    present: set[str]
    bundled: dict[str, Raw]
    refused: list[str]

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
    return _Hand(files, set(present), bundled, refused)


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


def _dated(raw: Raw) -> str:
    """The date of a release, and how it is known."""
    return f"{raw.vintage} {raw.vintage_basis}"


def take_in(work: Work, contract: Contract, normalize: Normalize, asked: Look | None = None) -> Look:
    """Let in every release of a dataset that is at hand and not known: bundle, archive, raw and inbox are one set.

    Where a file itself is at hand it is read; the bundle stands in for files that are not. A refused file changes
    nothing and is reported as long as it lies in the inbox or the archive, or is what the publisher offers. What was
    `asked` of the publisher before is part of the look.
    """
    look, hand, code = asked or Look(), _at_hand(work, contract), _code(work, contract)
    look.refused += hand.refused
    if not _is_known(work, contract, hand, code):
        _forget(work, contract)
    known = {sha256: (outcome, reason) for sha256, outcome, reason in _looked_at(work, contract)}
    allowed = work.seeds.allowed(contract)
    read = _reader(work, contract, hand, normalize)
    waiting = {sha256: raw for sha256, raw in hand.all.items() if sha256 not in known}
    in_order = sorted(waiting.items(), key=lambda item: (item[1].vintage, item[1].fetched_at, item[1].path.name))
    for sha256, raw in in_order:
        with work.transaction():
            outcome, reason = _let_in(work, contract, raw, read, allowed)
            row = ", ".join(map(quoted, (contract.stem, sha256, _dated(raw), raw.path.name, outcome, reason, code)))
            work.connection.execute(f"insert into meta.files values ({row})")
        known[sha256] = (outcome, reason)
        if outcome == "same" and sha256 in hand.present:
            look.notes.append(reason)
    look.refused += [
        known[sha256][1] for sha256 in hand.files if sha256 in hand.present and known[sha256][0] == "refused"
    ]
    _record(work, contract, code, look)
    return look


def nothing_new(work: Work, contract: Contract) -> bool:
    """Whether the last look at a dataset, by the code as it is now, saw what is at hand and refused the same."""
    hand, code = _at_hand(work, contract), _code(work, contract)
    outcomes = {sha256: outcome for sha256, outcome, _ in _looked_at(work, contract)}
    if not _is_known(work, contract, hand, code) or set(hand.all) - set(outcomes):
        return False
    refused = sum(outcomes[sha256] == "refused" for sha256 in hand.present) + len(hand.refused)
    return work.rows(f"select len(refused) from meta.looks where name = {quoted(contract.stem)}") == [(refused,)]


def _code(work: Work, contract: Contract) -> str:
    """What decides how a file of the dataset is read: the kernel, the pair and the seeds it names."""
    seeds = [work.seeds.version(name.removeprefix("seeds.")) for name in sorted(seeds_read(contract))]
    return work.fingerprint_of(contract.sha256, of_code(f"sources/{contract.stem}"), *seeds)


def _looked_at(work: Work, contract: Contract) -> list[tuple[str, str, str]]:
    return work.rows(f"select raw_sha256, outcome, reason from meta.files where dataset = {quoted(contract.stem)}")


def _is_known(work: Work, contract: Contract, hand: _Hand, code: str) -> bool:
    """Whether what was looked at before was read by the code as it is, and is dated as it is now."""
    at_hand = hand.all
    rows = work.rows(f"select raw_sha256, dated, fingerprint from meta.files where dataset = {quoted(contract.stem)}")
    return bool(rows) and all(
        made_by == code and (sha256 not in at_hand or dated == _dated(at_hand[sha256]))
        for sha256, dated, made_by in rows
    )


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


def _let_in(
    work: Work,
    contract: Contract,
    raw: Raw,
    read: Callable[[Raw], pl.DataFrame],
    allowed: dict[str, list[object]],
) -> tuple[str, str]:
    """What became of one release: `new`, `same`, `superseded` or `refused`, and the line that says so."""
    try:
        item = releases.release(raw, contract, releases.judge(raw, contract, read(raw), allowed))
    except Refused as refusal:
        return "refused", str(refusal)
    facts = item.facts
    mine = f"dataset = {quoted(contract.stem)} and product = {quoted(facts['product'])}"
    held = work.frame(f"select * from {REGISTER} where {mine} order by vintage").to_dicts()
    before = [other for other in held if other["vintage"] <= facts["vintage"]][-1:]
    after = [other for other in held if other["vintage"] > facts["vintage"]][:1]
    same_day = [other for other in before if other["vintage"] == facts["vintage"]]
    if any(other["content_sha256"] == facts["content_sha256"] for other in before):
        return "same", (f"{raw.release}: the figures of {before[0]['file']} of {before[0]['vintage']} again; skipped")
    if any(other["fetched_at"] > facts["fetched_at"] for other in same_day):
        return "superseded", f"{raw.release}: {same_day[0]['file']} of the same day came later"
    newest = max((other["covers_to"] for other in held), default=facts["covers_to"])
    if raw.vintage_basis == "seen" and facts["covers_to"] < newest:
        return "refused", (
            f"{raw.release}: ends in {facts['covers_to']:%Y-%m} while {newest:%Y-%m} is held, so it is no release of "
            f'{raw.vintage}; say when it was public in {raw.path.name}.receipt.json: {{"published": "2024-11-15"}}'
        )
    # The earliest of equal neighbours is the release; a later one of the same figures is no revision.
    again = [other for other in after if other["content_sha256"] == facts["content_sha256"]]
    for other in same_day + again:
        for table in (f"vintages.{contract.stem}", REGISTER):
            work.connection.execute(f"delete from {table} where raw_sha256 = {quoted(other['raw_sha256'])}")
    for name, frame in ((f"vintages.{contract.stem}", item.figures), (REGISTER, pl.DataFrame([facts]))):
        work.connection.register("given", frame.to_arrow())
        work.connection.execute(f"insert into {name} by name select * from given")
    return "new", ""


def _record(work: Work, contract: Contract, code: str, look: Look) -> None:
    held = work.frame(f"select * from {REGISTER} where dataset = {quoted(contract.stem)}")
    contents = of_frame(held, ("product", "vintage"), 9)
    height = work.height(f"vintages.{contract.stem}")
    work.record(f"vintages.{contract.stem}", of_text(code, contents), height, judged=True)
    work.looked(contract.stem, look.refused, look.notes)


# Assets ---------------------------------------------------------------------------------------------------------------


def dataset_steps(declared: dict[str, Contract]) -> list[Step]:
    """For each source pair the assets `vintages/<dataset>` and `sources/<dataset>`, and the register of releases."""
    datasets = [contract for contract in declared.values() if contract.release is not None]
    register = table_step(
        declared[REGISTER],
        make=lambda work: work.frame(f"select * from {REGISTER}"),
        version=lambda _work: "",
        upstream=[f"vintages.{contract.stem}" for contract in datasets],
        kinds={"duckdb"},
    )
    return [register, *(step for contract in datasets for step in (_releases(contract), _newest(contract)))]


def _releases(contract: Contract) -> Step:
    normalize: Normalize = importlib.import_module(f"pipelines.sources.{contract.stem}").normalize
    table = contract.of_releases()

    @dg.asset(
        key=key(table.name),
        deps=[key(name) for name in sorted(seeds_read(contract))],
        group_name="vintages",
        owners=OWNERS,
        kinds={"python", "polars", "duckdb"},
        description=describe(table),
        metadata={"dagster/column_schema": column_schema(table)},
        required_resource_keys={"work"},
    )
    def _dataset(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        work: Work = context.resources.work
        before = work.fingerprint(table.name)
        asked = Look(*live.ask(work.project, [contract], live.client())) if LIVE in context.run.tags else None
        look = take_in(work, contract, normalize, asked)
        for line in look.notes:
            context.log.info(line)
        for line in look.refused:
            context.log.warning(line)
        held = work.rows(f"select vintage::varchar from {REGISTER} where dataset = {quoted(contract.stem)} order by 1")
        return result(
            work,
            table,
            before == work.fingerprint(table.name),
            releases=len(held),
            newest_vintage=held[-1][0] if held else "none",
            refused=look.refused,
        )

    upstream = tuple(sorted(seeds_read(contract)))
    return Step(table.name, upstream, lambda work: nothing_new(work, contract), _dataset, is_look=True)


def _newest(contract: Contract) -> Step:
    return table_step(
        contract.of_newest(),
        make=lambda _work: releases.newest(contract),
        version=lambda _work: of_text(releases.newest(contract)),
        upstream=[f"vintages.{contract.stem}"],
        kinds={"sql", "duckdb"},
    )
