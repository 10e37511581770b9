"""A publisher's file to a document with turns: what every document feed shares.

A feed's `read(member)` yields one `Document` per text. Its turns are slices of its own `text`, in order; what lies
between them (headers, speaker tags, page furniture, the second printing of a paragraph) is neither coded nor counted.
"""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
import zipfile
import zlib
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Literal
from urllib.parse import urlsplit

from pipelines.errors import Refused

Language = Literal["en", "es", "fr", "pt"]
Precision = Literal["day", "month", "year"]


@dataclass(frozen=True)
class Turn:
    """What one speaker says in one go: `speaker` is the tag as printed ("" where there is none), the rest a slice."""

    speaker: str
    start: int
    end: int


@dataclass(frozen=True)
class Document:
    """One text as its publisher dates and titles it.

    Attributes:
        path: The publisher's path without host or query; with the feed's name before it, the document's identity.
        url: Address, where the file gives one.
        title: Title as printed.
        date: Day it was published; first day of the period where `date_precision` is coarser.
        date_precision: How exactly the date is known.
        language: Language of the text, or None where it is to be detected.
        genre: Kind of text.
        text: The decoded plain text.
        turns: Slices of `text` in order.
        furniture_lines: Pieces of page furniture left out of the turns.
        repeated_paragraphs: Second printings of a paragraph left out of the turns.
        excluded: Why the text is not the speaker's own words, else None.
    """

    path: str
    url: str | None
    title: str | None
    date: date
    date_precision: Precision
    language: Language | None
    genre: str
    text: str
    turns: tuple[Turn, ...]
    furniture_lines: int = 0
    repeated_paragraphs: int = 0
    excluded: str | None = None

    @property
    def known_from(self) -> date:
        """The day from which the text was surely public: the last of its period where the day is not known."""
        if self.date_precision == "day":
            return self.date
        month = self.date.month if self.date_precision == "month" else 12
        return self.date.replace(month=month, day=monthrange(self.date.year, month)[1])


@dataclass(frozen=True)
class Member:
    """One file of a feed, in a folder or read in place from a zip archive.

    Attributes:
        feed: Stem of the feed.
        place: The folder or the zip archive.
        name: Path below it, with `/`.
    """

    feed: str
    place: Path
    name: str

    @property
    def label(self) -> str:
        """How messages name the file: feed and path."""
        return f"{self.feed} {self.name}"

    @property
    def path(self) -> PurePosixPath:
        """The name as a path."""
        return PurePosixPath(self.name)

    def content(self) -> bytes:
        """The untouched bytes.

        Raises:
            Refused: The archive is damaged at this file.
        """
        try:
            return _bytes(self.place, self.name)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
            raise Refused(f"{self.label}: cannot be read from {self.place.name} ({error}); fetch it again") from None

    def text(self) -> str:
        """The bytes as text.

        Raises:
            Refused: Empty, or not UTF-8.
        """
        content = self.content()
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            raise Refused(f"{self.label} line {line}: not UTF-8 text; save it as the publisher offers it") from None
        if not text.strip():
            raise Refused(f"{self.label}: the file is empty; fetch it again")
        return text.replace("\r\n", "\n")

    def companion(self, name: str) -> Member | None:
        """The file `name` nearest in the same archive or folder, looking from this file's folder upwards, or None."""
        known = frozenset(names(self.place))
        above = ((folder / name).as_posix() for folder in self.path.parents)
        return next((Member(self.feed, self.place, path) for path in above if path in known), None)


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
        return _archive(place, place.stat().st_mtime_ns)[1]
    except zipfile.BadZipFile as error:
        raise Refused(f"{place.name}: not a zip archive ({error}); fetch it again") from None


@functools.lru_cache(maxsize=8)
def _archive(place: Path, _changed: int) -> tuple[zipfile.ZipFile, tuple[str, ...]]:
    archive = zipfile.ZipFile(place)
    return archive, tuple(sorted(entry.filename for entry in archive.infolist() if not entry.is_dir()))


def size(member: Member) -> int:
    """Bytes of a file, unpacked."""
    place = member.place
    if place.is_dir():
        return (place / member.name).stat().st_size
    if place.suffix != ".zip":
        return place.stat().st_size
    return _archive(place, place.stat().st_mtime_ns)[0].getinfo(member.name).file_size


def _bytes(place: Path, name: str) -> bytes:
    if place.is_dir():
        return (place / name).read_bytes()
    if place.suffix != ".zip":
        return place.read_bytes()
    return _archive(place, place.stat().st_mtime_ns)[0].read(name)


def url_path(url: str) -> str:
    """The publisher's path of an address, without host, query and outer slashes; the host where there is no path."""
    parts = urlsplit(url)
    return parts.path.strip("/") or parts.netloc


def checked_url(member: Member, url: str, where: str) -> str:
    """The address as it is.

    Raises:
        Refused: No address; `where` names the place in the file.
    """
    try:
        urlsplit(url)
    except ValueError as error:
        raise Refused(f"{member.label} {where}: '{url[:80]}' is no address ({error}); correct it") from None
    return url


def day(member: Member, year: str | int, month: str | int, number: str | int, where: str) -> date:
    """The date of a year, a month and a day in figures.

    Raises:
        Refused: No such day in the calendar; `where` names the place in the file.
    """
    try:
        return date(int(year), int(month), int(number))
    except ValueError:
        given = f"{year}-{month}-{number}"
        raise Refused(f"{member.label} {where}: {given} is no date in the calendar; correct it") from None


# Composing ------------------------------------------------------------------------------------------------------------

_REPEATED_FROM_WORDS = 12
FURNITURE = "\0furniture"  # in place of a speaker: the page's own line, left out and counted


@dataclass(frozen=True)
class Composed:
    """A text, its turns, and how much was left out of them."""

    text: str
    turns: tuple[Turn, ...]
    furniture_lines: int
    repeated_paragraphs: int


def compose(paragraphs: Iterable[tuple[str | None, str]], inline: re.Pattern[str] | None = None) -> Composed:
    """The text of (speaker, paragraph) pairs in order, one paragraph a line, with turns around what is said.

    Args:
        paragraphs: The speaker is "" where untagged, None for what nobody says (a title, a speaker's tag), and
            FURNITURE for what the page adds.
        inline: Furniture that the page runs into its paragraphs.
    """
    lines: list[str] = []
    turns: list[Turn] = []
    seen: dict[str, list[str]] = {}
    length = furniture = repeated = 0
    for speaker, raw in paragraphs:
        line = " ".join(raw.split())
        if not line:
            continue
        spans: list[tuple[int, int]] = []
        if speaker == FURNITURE:
            furniture += 1
        elif speaker is not None and _is_repeated(line, seen):
            repeated += 1
        elif speaker is not None:
            spans = _around(line, inline)
            furniture += len(inline.findall(line)) if inline else 0
        for start, end in spans:
            _extend(turns, Turn(speaker or "", length + start, length + end))
        lines.append(line)
        length += len(line) + 1
    return Composed("\n".join(lines), tuple(turns), furniture, repeated)


def _extend(turns: list[Turn], said: Turn) -> None:
    """Join what is said to the last turn where the same speaker goes on in the next line, else begin a turn."""
    if turns and turns[-1].speaker == said.speaker and turns[-1].end + 1 == said.start:
        turns[-1] = Turn(said.speaker, turns[-1].start, said.end)
    else:
        turns.append(said)


def _around(line: str, inline: re.Pattern[str] | None) -> list[tuple[int, int]]:
    """Spans of a line outside the furniture in it, without the space around them."""
    if inline is None:
        return [(0, len(line))]
    cuts = [found.span() for found in inline.finditer(line)]
    edges = [0, *(edge for cut in cuts for edge in cut), len(line)]
    said = [(start, line[start:end]) for start, end in zip(edges[::2], edges[1::2], strict=True)]
    bare = [(start + len(text) - len(text.lstrip()), text.strip()) for start, text in said]
    return [(start, start + len(text)) for start, text in bare if text]


def _is_repeated(line: str, seen: dict[str, list[str]]) -> bool:
    """Whether the same paragraph of some length was printed before; compared whole only where the beginnings agree."""
    if line.count(" ") < _REPEATED_FROM_WORDS - 1:
        return False
    alike = seen.setdefault(normalised(line[:60])[:40], [])
    repeated = bool(alike) and normalised(line) in map(normalised, alike)
    alike.append(line)
    return repeated


def normalised(text: str) -> str:
    """The text in lower case, without accents, with single spaces."""
    return " ".join(text.translate(_UNACCENTED).lower().split())


_ACCENTED = "áàâäãåéèêëíìîïóòôöõúùûüñçÁÀÂÄÃÅÉÈÊËÍÌÎÏÓÒÔÖÕÚÙÛÜÑÇ"
_UNACCENTED = {ord(letter): unicodedata.normalize("NFD", letter)[0] for letter in _ACCENTED}


def sha256(content: bytes) -> str:
    """SHA-256 of bytes as hex."""
    return hashlib.sha256(content).hexdigest()
