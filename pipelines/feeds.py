"""Document feeds outside Dagster: what files there are, and the coding of those not yet known, part by part."""

from __future__ import annotations

import functools
import itertools
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from pipelines import archives
from pipelines.contracts import Contract
from pipelines.documents import reader
from pipelines.errors import Refused
from pipelines.file_hashes import File, FileHashes, files
from pipelines.publishers import FeedTraits
from pipelines.rhetoric.coding import Coder
from pipelines.rhetoric.speakers import Speakers
from pipelines.rhetoric.statements import Held, Method, Rows, statements
from pipelines.rhetoric.version import SEEDS, feed_version
from pipelines.seeds import Seeds
from pipelines.texts import Member, sha256

BATCH_BYTES = 40_000_000  # at most; coding has a cost by batch that more texts share
POOL_FROM_BYTES = 4_000_000  # below this a second process costs more than it saves
PROCESSES = 2
THREADS = "POLARS_MAX_THREADS"
TABLES = ("turns", "codings", "readings")  # readings last: a part counts once its readings are there
LOOKED_AT = "looked_at"  # in the parts' metadata, so that equal looks give equal rows
IGNORED = (".receipt.json", ".DS_Store")
_CODERS: dict[str, Coder] = {}  # of this process by method, as making one takes a second
_METHODS: dict[tuple[str, str], Method] = {}  # by feed and version, as one remembers who goes by which name

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Outcome:
    """What coding a feed did.

    Attributes:
        members: Files found.
        known: Files whose bytes were coded by this method before.
        repeated: Files with the bytes of another file of the feed.
        documents: Documents read now.
        words: Words in their turns.
        sentences: Sentences in their turns.
        bilateral_sentences: Sentences coded as bilateral.
        refused: One line for each file or archive that was not let in.
    """

    members: int = 0
    known: int = 0
    repeated: int = 0
    documents: int = 0
    words: int = 0
    sentences: int = 0
    bilateral_sentences: int = 0
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Batch:
    feed: str
    traits: FeedTraits
    files: tuple[File, ...]
    volume: int
    seeds: dict[str, pl.DataFrame] = field(repr=False)
    version: str
    out: Path
    looked_at: str


def members(contract: Contract, places: Iterable[Path]) -> tuple[list[Member], list[str]]:
    """The files of a feed below the places, sorted, and a line for each archive that cannot be opened.

    Below a place a feed's files are the archives its YAML names (or folders of those names without `.zip`), and
    whatever lies in a folder with the feed's own name.
    """
    found: list[Member] = []
    refused: list[str] = []
    for archive in _archives(contract, places):
        try:
            inside = archives.names(archive)
        except Refused as error:
            refused.append(f"{contract.stem} {error}")
            continue
        found += [Member(contract.stem, archive, name) for name in inside if _is_publishers(archive, name)]
    return found, refused


def _archives(contract: Contract, places: Iterable[Path]) -> Iterator[Path]:
    for place in places:
        for pattern in contract.feed.files:
            yield from sorted(path for path in place.glob(pattern) if path.is_file() or path.is_dir())
            if pattern.endswith(".zip"):
                yield from sorted(path for path in place.glob(pattern.removesuffix(".zip")) if path.is_dir())
        own = place / contract.stem
        if own.is_dir() and contract.stem not in {pattern.removesuffix(".zip") for pattern in contract.feed.files}:
            yield own
        if own.is_dir():
            yield from sorted(own.glob("*.zip"))


def _is_publishers(archive: Path, name: str) -> bool:
    hidden = name.startswith((".", "__MACOSX/")) or "/." in name
    packed = archive.is_dir() and name.endswith(".zip")
    return not (hidden or packed or name.endswith(IGNORED))


def stamp(contract: Contract, places: Iterable[Path]) -> str:
    """What tells whether the files of a feed are those of the last look, without opening them."""
    found = (path for archive in _archives(contract, places) for path in (archive, *archive.rglob("*")))
    files = [path for path in found if not path.name.startswith(".") and not path.name.endswith(IGNORED)]
    facts = [(path.as_posix(), path.stat().st_size, path.stat().st_mtime_ns) for path in files if path.is_file()]
    return sha256(repr(sorted(facts)).encode())


def code_feed(
    contract: Contract,
    places: Iterable[Path],
    known: set[tuple[str, str]],
    out: Path,
    seeds: Seeds,
    progress: Progress | None = None,
    *,
    looked_at: str = "",
) -> Outcome:
    """Read and code the feed's files that are not known, writing Parquet parts below `out`; what that came to.

    Args:
        contract: The feed.
        places: Folders to look in.
        known: Hash of a file's bytes and version of the method that coded it.
        out: Folder of the feed's parts: `readings/`, `codings/`, `turns/`.
        seeds: The seed tables.
        progress: Called with bytes done and bytes to do.
        looked_at: UTC time of this look, kept in the parts: a text found by a later look is a later revision.
    """
    version = feed_version(contract.path.parents[2], contract.stem)
    found, refused = members(contract, places)
    hashes = FileHashes(out)
    coded = {digest for digest, method in known if method == version}
    fresh: dict[str, File] = {}
    held = repeated = 0
    for file in files(found, hashes, refused, is_first=not coded):
        key = file.digest or file.known_by
        held += key in coded
        repeated += key in fresh
        if key not in coded:
            fresh.setdefault(key, file)
    outcome = Outcome(members=len(found), known=held, repeated=repeated, refused=tuple(refused))
    _sweep(out)
    tables = {stem: seeds[stem] for stem in SEEDS}
    batches = [
        _Batch(contract.stem, contract.feed, part, volume, tables, version, out, looked_at)
        for part, volume in _batched(list(fresh.values()))
    ]
    for result, hashed in _run(batches, progress):
        outcome = _added(outcome, result)
        for known_by, digest in hashed:
            hashes.add(known_by, digest)
    hashes.save()
    return outcome


def _batched(fresh: list[File]) -> Iterator[tuple[tuple[File, ...], int]]:
    """Files in order, in batches of about the same volume of text, as many for each process; with that volume."""
    volumes = [archives.size(file.member.place, file.member.name) for file in fresh]
    total = sum(volumes)
    rounds = -(-total // (BATCH_BYTES * PROCESSES))
    share = max(1, -(-total // (rounds * PROCESSES))) if total >= POOL_FROM_BYTES else BATCH_BYTES
    numbered = zip(itertools.accumulate(volumes, initial=0), volumes, fresh, strict=False)
    for _, part in itertools.groupby(numbered, key=lambda one: one[0] // share):
        _, within, together = zip(*part, strict=True)
        yield together, sum(within)


def _run(batches: list[_Batch], progress: Progress | None) -> Iterator[tuple[Outcome, list[tuple[str, str]]]]:
    """Yield what coding each batch did, in order, with the hashes taken of its files."""
    total, done = sum(batch.volume for batch in batches), 0
    is_pooled = total >= POOL_FROM_BYTES and (os.cpu_count() or 1) >= PROCESSES
    try:
        results = _pool().map(_code, batches) if is_pooled else map(_code, batches)
        for batch, result in zip(batches, results, strict=True):
            yield result
            done += batch.volume
            if progress:
                progress(done, total)
    except BrokenProcessPool:
        close()
        raise


def close() -> None:
    """End the processes that are kept for the next feed."""
    if _pool.cache_info().currsize:
        _pool().shutdown(cancel_futures=True)
        _pool.cache_clear()


@functools.cache
def _pool() -> ProcessPoolExecutor:
    """The processes that code, kept from feed to feed, as what they know takes seconds to load."""
    before = os.environ.get(THREADS)
    os.environ[THREADS] = "1"  # as many processes as cores leave none for more threads; read when Polars is loaded
    try:
        pool = ProcessPoolExecutor(PROCESSES, mp_context=multiprocessing.get_context("spawn"))
        for _ in range(PROCESSES):  # each starts one, as none is idle yet
            pool.submit(os.getpid)
    finally:
        del os.environ[THREADS]
        os.environ.update({THREADS: before} if before else {})
    return pool


def _added(one: Outcome, other: Outcome) -> Outcome:
    counts = ("documents", "words", "sentences", "bilateral_sentences")
    summed = {name: getattr(one, name) + getattr(other, name) for name in counts}
    return replace(one, refused=one.refused + other.refused, **summed)


# One batch, in a process of its own -----------------------------------------------------------------------------------


def _code(batch: _Batch) -> tuple[Outcome, list[tuple[str, str]]]:
    """Read, code and write one batch; what that came to, and the hashes taken of its files."""
    refused: list[str] = []
    digests: dict[File, str] = {}
    outcome = _coded(_held(batch, digests, refused), digests, batch)
    taken = [(file.known_by, digest) for file, digest in digests.items() if file.digest is None]
    return replace(outcome, refused=tuple(refused)), taken


def _held(batch: _Batch, digests: dict[File, str], refused: list[str]) -> Iterator[Held]:
    """Yield the documents of a batch; what its files hash to and why one was refused is noted."""
    feed = reader(batch.feed)
    for file in batch.files:
        try:
            member = replace(file.member, at_hand=file.member.content())
            digest = digests[file] = file.digest or sha256(member.content())
            documents = tuple(feed.read(member))
        except Refused as error:
            refused.append(str(error))
        else:
            yield from (Held(document, member.name, digest) for document in documents)


def _coded(held: Iterable[Held], digests: dict[File, str], batch: _Batch) -> Outcome:
    """Code and write the documents read."""
    rows = statements(held, _method(batch))
    if rows.readings.is_empty():
        return Outcome()
    _write(rows, batch, digests)
    return Outcome(
        documents=rows.readings.height,
        words=rows.readings["words"].sum(),
        sentences=rows.readings["sentences"].sum(),
        bilateral_sentences=rows.codings.height,
    )


def _method(batch: _Batch) -> Method:
    """How the feed's texts are coded."""
    known_by, made_by = (batch.feed, batch.version), batch.version.partition(".")[0]
    if made_by not in _CODERS:
        _CODERS[made_by] = Coder(batch.seeds)
    if known_by not in _METHODS:
        traits = batch.traits
        speakers = Speakers(batch.feed, traits, batch.seeds["voices"], batch.seeds["actors"])
        _METHODS[known_by] = Method(
            batch.feed, traits.office, traits.measured, speakers, _CODERS[made_by], batch.version
        )
    return _METHODS[known_by]


def _write(rows: Rows, batch: _Batch, digests: dict[File, str]) -> None:
    """Write the parts of a batch under a name from its content, each whole or not at all."""
    read = "".join(f"{digest} {file.member.name}\n" for file, digest in digests.items())
    stem = sha256(f"{batch.version}\n{read}".encode())[:16]
    for table in TABLES:
        folder = batch.out / table
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = folder / f".{stem}.{os.getpid()}"
        getattr(rows, table).write_parquet(unfinished, compression="lz4", metadata={LOOKED_AT: batch.looked_at})
        unfinished.replace(folder / f"{stem}.parquet")


def _sweep(out: Path) -> None:
    """Remove what a crash left: unfinished files, and parts whose readings were never written."""
    finished = {path.name for path in (out / "readings").glob("*.parquet")}
    for table in TABLES:
        for path in (out / table).glob("*"):
            if path.name not in finished:
                path.unlink()
