"""Files in a folder, or read in place from a zip archive: names, sizes, bytes, and what tells one from another."""

from __future__ import annotations

import functools
import stat
import zipfile
from pathlib import Path

from pipelines.errors import Refused


def names(place: Path) -> tuple[str, ...]:
    """Sorted names of the files in a folder, in a zip archive, or of the single file that `place` is.

    Raises:
        Refused: A zip archive that cannot be opened.
    """
    if place.is_dir():
        found = (path for path in place.rglob("*") if path.is_file())
        return tuple(sorted(path.relative_to(place).as_posix() for path in found))
    if place.suffix != ".zip":
        return (place.name,)
    try:
        return tuple(sorted(_opened(place, place.stat().st_mtime_ns)[1]))
    except zipfile.BadZipFile as error:
        raise Refused(f"{place.name}: not a zip archive ({error}); fetch it again") from None


def size(place: Path, name: str) -> int:
    """Bytes of a file, unpacked."""
    entry = _entry(place, name)
    return entry.file_size if entry else _loose(place, name).stat().st_size


def checksum(place: Path, name: str) -> tuple[int, int] | None:
    """Size and CRC-32 of a file in an archive, which equal files have alike; None for one that is not in an archive."""
    entry = _entry(place, name)
    return (entry.file_size, entry.CRC) if entry else None


def identity(place: Path, name: str) -> str:
    """What tells a file from others without reading it: name, size and CRC-32 in an archive, else path, size and time.

    The same file in an archive that grew or moved is the same.
    """
    entry = _entry(place, name)
    if entry:
        return f"{name} {entry.file_size} {entry.CRC:08x}"
    path = _loose(place, name)
    found = path.stat()
    return f"{path.absolute()} {found.st_size} {found.st_mtime_ns}"


def content(place: Path, name: str) -> bytes:
    """The untouched bytes of a file."""
    packed = _packed(place)
    return packed[0].read(packed[1][name]) if packed else _loose(place, name).read_bytes()


def _entry(place: Path, name: str) -> zipfile.ZipInfo | None:
    """What the archive's directory says of a file, where the place is an archive."""
    packed = _packed(place)
    return packed[1][name] if packed else None


def _packed(place: Path) -> tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo]] | None:
    if place.suffix != ".zip":
        return None
    found = place.stat()
    return None if stat.S_ISDIR(found.st_mode) else _opened(place, found.st_mtime_ns)


def _loose(place: Path, name: str) -> Path:
    return place / name if place.is_dir() else place


@functools.lru_cache(maxsize=8)
def _opened(place: Path, _changed: int) -> tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo]]:
    archive = zipfile.ZipFile(place)
    return archive, {entry.filename: entry for entry in archive.infolist() if not entry.is_dir()}
