"""SHA-256 of a feed's files, remembered, so that a look opens only the files that are new to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines import archives
from pipelines.documents import reader
from pipelines.errors import Refused
from pipelines.texts import Member, sha256

NAME = "files.parquet"


class FileHashes:
    """What is remembered of a feed's files: a hash for what tells a file from others without reading it.

    Args:
        folder: Folder of the feed's parts, where the hashes are kept.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._held = dict(pl.read_parquet(self._path).iter_rows()) if self._path.is_file() else {}
        self._is_new = False

    def get(self, known_by: str) -> str | None:
        """The hash remembered of a file, or None."""
        return self._held.get(known_by)

    def add(self, known_by: str, digest: str) -> None:
        """Remember the hash of a file."""
        self._held[known_by] = digest
        self._is_new = True

    def save(self) -> None:
        """Keep what was added since the last look, whole or not at all."""
        if not self._is_new:
            return
        rows = pl.DataFrame({"known_by": list(self._held), "sha256": list(self._held.values())})
        unfinished = self._path.with_name(f".{NAME}")
        self._path.parent.mkdir(parents=True, exist_ok=True)
        rows.write_parquet(unfinished, compression="zstd")
        unfinished.replace(self._path)


@dataclass(frozen=True)
class File:
    """A file of a feed.

    Attributes:
        member: The file.
        known_by: What tells it, with those it is read with, from others without reading it.
        digest: Hash of its bytes; None where it is to be taken when the file is read.
    """

    member: Member
    known_by: str
    digest: str | None


def files(found: list[Member], hashes: FileHashes, refused: list[str], *, is_first: bool) -> Iterator[File]:
    """Yield the files with their hash, remembered or taken now; a line is added for each that cannot be read.

    On a first look the hash is left to the reading of a file that cannot equal another, so that it is opened once.
    """
    lone = _lone(found) if is_first else frozenset()
    for member in found:
        together = _together(member)
        known_by = "\n".join(archives.identity(one.place, one.name) for one in together)
        digest = hashes.get(known_by)
        if digest is None and not (len(together) == 1 and archives.checksum(member.place, member.name) in lone):
            try:
                digest = sha256(b"".join(one.content() for one in together))
            except Refused as error:
                refused.append(str(error))
                continue
            hashes.add(known_by, digest)
        yield File(member, known_by, digest)


def _together(member: Member) -> list[Member]:
    """The file, followed by those it is read with, where there are any: a change of one changes how it is read."""
    feed = reader(member.feed)
    return [member, *(feed.companions(member) if hasattr(feed, "companions") else [])]


def _lone(found: list[Member]) -> frozenset[tuple[int, int]]:
    """Size and CRC-32 of files in archives that no other file has, in an archive or outside."""
    known = [archives.checksum(member.place, member.name) for member in found]
    loose = {archives.size(one.place, one.name) for one, packed in zip(found, known, strict=True) if packed is None}
    counts = Counter(known).items()
    return frozenset(packed for packed, count in counts if packed and count == 1 and packed[0] not in loose)
