"""A feed pair to its coded parts in the warehouse, as the Dagster step that looks at every archive at hand."""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import dagster as dg
import polars as pl
from tqdm import tqdm

from pipelines import feeds, live, live_documents
from pipelines.assets import OWNERS, Step, describe, key
from pipelines.contracts import Contract
from pipelines.documents.readings import chosen_version, held, left_out, read
from pipelines.ingest import LIVE
from pipelines.intake import Look
from pipelines.reading import sha256_of
from pipelines.rhetoric.version import SEEDS, feed_version
from pipelines.warehouse import Work, now

Say = Callable[[str], None]


def look_at(work: Work, feed: Contract, say: Say, told: Iterable[str] = ()) -> Look:
    """Read and code every file of a feed that is at hand and not known; the bundle stands in for texts that are not.

    What asking the publisher came to was `told` before and is noted with the look.
    """
    look = Look([*told])
    out = work.project.warehouse / "documents" / feed.stem
    with _Bar(feed.stem, say) as bar:
        done = feeds.code_feed(feed, _places(work), _known(out), out, work.seeds, bar.show, looked_at=now())
    look.refused += done.refused
    if done.documents:
        look.notes.append(
            f"{feed.stem}: {done.documents:,} documents read and coded, {done.words:,} words, "
            f"{done.bilateral_sentences:,} bilateral sentences"
        )
    version = chosen_version(work, feed)
    if version != feed_version(work.project.root, feed.stem):
        look.notes.append(
            f"{feed.stem}: stays coded by method {version}, as the texts of bundled documents are not at hand; "
            f"{left_out(work, feed):,} documents coded by another version are left out"
        )
    _record(work, feed, look)
    return look


def nothing_new(work: Work, feed: Contract) -> bool:
    """Whether the feed stands as the files at hand and the code, as they are now, would make it."""
    return work.is_current(f"documents.{feed.stem}", _fingerprint(work, feed))


def _fingerprint(work: Work, feed: Contract) -> str:
    """What decides the feed's rows: files at hand, parts coded here, the bundle, the method."""
    parts = sorted(path.name for path in _parts(work.project.warehouse / "documents" / feed.stem))
    bundled = sorted((work.project.history / "documents").glob(f"{feed.stem}.*.parquet"))
    stamp = feeds.stamp(feed, _places(work))
    version = feed_version(work.project.root, feed.stem)
    return work.fingerprint_of(stamp, version, *parts, *map(sha256_of, bundled))


def _places(work: Work) -> list[Path]:
    """Where documents lie: the documents folder, what live looks kept, and the archive where one is named."""
    project = work.project
    kept = live_documents.folder(project)
    return [project.documents, kept, *([project.archive / "corpora", project.archive] if project.archive else [])]


def _parts(out: Path) -> list[Path]:
    return sorted((out / "readings").glob("*.parquet"))


def _known(out: Path) -> set[tuple[str, str]]:
    """Hash and version of each file coded here."""
    found: set[tuple[str, str]] = set()
    for path in _parts(out):
        found |= set(pl.read_parquet(path, columns=["raw_sha256", "method_version"]).unique().iter_rows())
    return found


def _record(work: Work, feed: Contract, look: Look) -> None:
    name = f"documents.{feed.stem}"
    # A refused file is refused again until it or the code changes; it stops neither the others nor a publication.
    work.record(name, _fingerprint(work, feed), 0, judged=True)
    work.looked(feed.stem, look.refused, look.notes)


class _Bar:
    """Progress of reading: a bar on a terminal, a line for every tenth elsewhere."""

    def __init__(self, feed: str, say: Say) -> None:
        self._feed, self._say, self._tenth, self._bar = feed, say, 0, None

    def __enter__(self) -> "_Bar":
        return self

    def show(self, done: int, total: int) -> None:
        """Show how many of the bytes are read and coded."""
        if sys.stderr.isatty():
            if self._bar is None:
                self._bar = tqdm(total=total, desc=self._feed, unit="B", unit_scale=True, leave=False)
            self._bar.update(done - self._bar.n)
        elif total and 10 * done // total > self._tenth and total > feeds.POOL_FROM_BYTES:
            self._tenth = 10 * done // total
            self._say(f"{self._feed}: {10 * self._tenth} % of {total / 1e6:,.0f} MB read and coded")

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()


def feed_steps(declared: dict[str, Contract]) -> list[Step]:
    """The step of each document feed."""
    return [_feed(contract) for contract in declared.values() if contract.feed is not None]


def _feed(contract: Contract) -> Step:
    upstream = tuple(f"seeds.{stem}" for stem in SEEDS)

    @dg.asset(
        key=key(contract.name),
        deps=[key(name) for name in upstream],
        group_name="documents",
        owners=OWNERS,
        kinds={"python", "polars", "parquet"},
        description=describe(contract),
        required_resource_keys={"work"},
    )
    def _documents(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        work: Work = context.resources.work
        before = work.content(contract.name)
        notes, refusals = [], []
        if live.is_asked(context.run.tags.get(LIVE), contract.stem):
            notes, refusals = live_documents.ask(work.project, contract, held(work, contract), live.client())
        # As with a dataset: of this look it is a note that the publisher gave nothing, of the run a refusal.
        look = look_at(work, contract, context.log.info, [*notes, *refusals])
        refused = [*refusals, *look.refused]
        for line in look.notes:
            if line not in refusals:
                context.log.info(line)
        for line in refused:
            context.log.warning(line)
        rows = read(work, contract, "readings")
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": rows.height,
                "words": int(rows["words"].sum()),
                "unchanged": before == work.content(contract.name),
                "method_version": chosen_version(work, contract),
                "refused": refused,
            }
        )

    return Step(contract.name, upstream, lambda work: nothing_new(work, contract), _documents, is_look=True)
