"""A source pair to its releases in the warehouse: every file at hand looked at once, the good ones appended."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field

import dagster as dg
import polars as pl

from pipelines import live, snapshots
from pipelines.assets import OWNERS, Step, column_schema, describe, key, result, table_step
from pipelines.contracts import Contract, seeds_read
from pipelines.ddl import create_table, quoted
from pipelines.digests import of_code, of_frame, of_text
from pipelines.errors import Refused
from pipelines.reading import Raw, sha256_of
from pipelines.seeds import Seeds
from pipelines.vintages import releases
from pipelines.warehouse import REGISTER, Work, now

# A run with this tag asks the publishers; no other reaches the network.
LIVE = "entente/live"

Normalize = Callable[[Raw, Seeds], pl.DataFrame]


@dataclass
class Look:
    """What one look at a dataset or feed found; `notes` and `refused` are lines for a person."""

    notes: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def take_in(work: Work, contract: Contract, normalize: Normalize, asked: Look | None = None) -> Look:
    """Let in every release of a dataset that is at hand and not known: bundle, archive, raw and inbox are one set.

    Where a file itself is at hand it is read; the bundle stands in for files that are not. A refused file changes
    nothing and is reported as long as it lies in the inbox or the archive, or is what the publisher offers. What was
    `asked` of the publisher before is part of the look.
    """
    look = asked or Look()
    dataset, vintages = contract.stem, f"vintages.{contract.stem}"
    allowed = work.seeds.allowed(contract)
    code = _code(work, contract)
    known = _known(work, contract, code)
    kept = {raw.sha256: raw for raw in snapshots.kept(work.project, dataset)}
    present = {raw.sha256: raw for raw in snapshots.archived(work.project, contract)}
    present |= live.offered(work.project, dataset)
    for path in snapshots.dropped(work.project, dataset):
        try:
            raw = snapshots.keep(work.project, dataset, path, {**kept, **present})
        except Refused as refusal:
            look.refused.append(str(refusal))
            continue
        present.setdefault(raw.sha256, raw)
    files = {**kept, **present}
    waiting: list[Raw | releases.Release] = [raw for sha, raw in files.items() if sha not in known]
    for held in releases.bundled(work.project.history, contract):
        if held.facts["raw_sha256"] not in files and held.facts["raw_sha256"] not in known:
            waiting.append(held)
    for item in sorted(waiting, key=_order):
        outcome, reason = _let_in(work, contract, item, normalize, allowed)
        sha256 = item.sha256 if isinstance(item, Raw) else item.facts["raw_sha256"]
        name = item.path.name if isinstance(item, Raw) else item.facts["file"]
        known[sha256] = (outcome, reason)
        row = ", ".join(map(quoted, (dataset, sha256, name, outcome, reason, code)))
        work.connection.execute(f"insert or replace into meta.files values ({row})")
        if outcome == "same" and sha256 in present:
            look.notes.append(reason)
    look.refused += [reason for sha in present for outcome, reason in [known[sha]] if outcome == "refused"]
    if not work.exists(vintages):
        work.connection.execute(create_table(contract.of_releases(), vintages, {}, constrained=False))
    _record(work, contract, code, look)
    return look


def nothing_new(work: Work, contract: Contract) -> bool:
    """Whether the last look at a dataset, by the code as it is now, saw every release at hand and refused the same."""
    code, dataset, project = _code(work, contract), quoted(contract.stem), work.project
    rows = work.rows(f"select raw_sha256, outcome, fingerprint from meta.files where dataset = {dataset}")
    known = {sha256: outcome for sha256, outcome, made_by in rows if made_by == code}
    present = {raw.sha256 for raw in snapshots.archived(project, contract)} | set(live.offered(project, contract.stem))
    present |= {sha256_of(path) for path in snapshots.dropped(project, contract.stem)}
    kept = {raw.sha256 for raw in snapshots.kept(project, contract.stem)}
    bundled = set(releases.bundled_hashes(project.history, contract.stem))
    refused = sum(known.get(sha256) == "refused" for sha256 in present)
    said = work.rows(f"select len(refused) from meta.looks where name = {dataset}")
    return bool(known) and len(known) == len(rows) and present | kept | bundled <= set(known) and said == [(refused,)]


def _code(work: Work, contract: Contract) -> str:
    """What decides how a file of the dataset is read: the kernel, the pair and the seeds it names."""
    seeds = [work.seeds.version(name.removeprefix("seeds.")) for name in sorted(seeds_read(contract))]
    return work.fingerprint_of(contract.sha256, of_code(f"sources/{contract.stem}"), *seeds)


def _known(work: Work, contract: Contract, code: str) -> dict[str, tuple[str, str]]:
    """Outcome and reason of each file looked at before; none, and the releases forgotten, where the code changed."""
    dataset = quoted(contract.stem)
    rows = work.rows(f"select raw_sha256, outcome, reason, fingerprint from meta.files where dataset = {dataset}")
    if all(made_by == code for *_, made_by in rows):
        return {sha256: (outcome, reason) for sha256, outcome, reason, _ in rows}
    work.connection.execute(f"delete from meta.files where dataset = {dataset}")
    work.connection.execute(f"delete from {REGISTER} where dataset = {dataset}")
    work.connection.execute(f"drop table if exists vintages.{contract.stem}")
    return {}


def _order(item: Raw | releases.Release) -> tuple[str, str, str]:
    if isinstance(item, Raw):
        return item.vintage.isoformat(), item.fetched_at, item.path.name
    return item.facts["vintage"].isoformat(), item.facts["fetched_at"], item.facts["file"]


def _let_in(
    work: Work, contract: Contract, item: Raw | releases.Release, normalize: Normalize, allowed: dict[str, list[object]]
) -> tuple[str, str]:
    """What became of one release: `new`, `same`, `superseded` or `refused`, and the line that says so."""
    if isinstance(item, Raw):
        try:
            figures = releases.judge(item, contract, normalize(item, work.seeds), allowed)
            item = releases.release(item, contract, figures)
        except Refused as refusal:
            return "refused", str(refusal)
    facts = item.facts
    mine = f"dataset = {quoted(contract.stem)} and product = {quoted(facts['product'])}"
    held = work.frame(f"select * from {REGISTER} where {mine}").to_dicts()
    for other in held:
        if other["content_sha256"] == facts["content_sha256"]:
            return "same", (
                f"{contract.stem} {facts['file']}: the figures of {other['file']} of {other['vintage']} again; skipped"
            )
        if other["vintage"] == facts["vintage"] and other["fetched_at"] > facts["fetched_at"]:
            return "superseded", f"{contract.stem} {facts['file']}: {other['file']} of the same day came later"
    _append(work, contract, item, [other for other in held if other["vintage"] == facts["vintage"]])
    return "new", ""


def _append(work: Work, contract: Contract, item: releases.Release, replaced: list[dict[str, object]]) -> None:
    table = f"vintages.{contract.stem}"
    work.connection.execute("begin")
    if not work.exists(table):
        work.connection.execute(create_table(contract.of_releases(), table, {}, constrained=False))
    for other in replaced:
        work.connection.execute(f"delete from {table} where raw_sha256 = {quoted(other['raw_sha256'])}")
        work.connection.execute(f"delete from {REGISTER} where raw_sha256 = {quoted(other['raw_sha256'])}")
    for name, frame in ((table, item.figures), (REGISTER, pl.DataFrame([item.facts]))):
        work.connection.register("given", frame.to_arrow())
        work.connection.execute(f"insert into {name} by name select * from given")
    work.connection.execute("commit")


def _record(work: Work, contract: Contract, code: str, look: Look) -> None:
    dataset = quoted(contract.stem)
    held = work.frame(f"select * from {REGISTER} where dataset = {dataset}")
    height = work.height(f"vintages.{contract.stem}")
    contents = of_frame(held, ("product", "vintage"), 9)
    work.record(f"vintages.{contract.stem}", of_text(code, contents), height, judged=True)
    lines = [f"[{', '.join(map(quoted, part))}]::varchar[]" for part in (look.refused, look.notes)]
    work.connection.execute(
        f"insert or replace into meta.looks values ({dataset}, {quoted(now())}, {', '.join(lines)})"
    )


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
