"""A publisher's file to a document with turns: what every document feed shares.

A feed's `read(member)` yields one `Document` per text. Its turns are slices of its own `text`, in order; what lies
between them (headers, speaker tags, page furniture, the second printing of a paragraph) is neither coded nor counted.
"""

from __future__ import annotations

import hashlib
import itertools
import re
import unicodedata
import zipfile
import zlib
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Literal
from urllib.parse import urlsplit

import numpy as np

from pipelines import archives
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
        at_hand: Its bytes, where they were read already.
    """

    feed: str
    place: Path
    name: str
    at_hand: bytes | None = field(default=None, compare=False, repr=False)

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
        if self.at_hand is not None:
            return self.at_hand
        try:
            return archives.content(self.place, self.name)
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
        if not text or text.isspace():
            raise Refused(f"{self.label}: the file is empty; fetch it again")
        return text.replace("\r\n", "\n")

    def companion(self, name: str) -> Member | None:
        """The file `name` nearest in the same archive or folder, looking from this file's folder upwards, or None."""
        known = frozenset(archives.names(self.place))
        above = ((folder / name).as_posix() for folder in self.path.parents)
        return next((Member(self.feed, self.place, path) for path in above if path in known), None)


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
_BETWEEN, _FEW = "\1", 1000  # letters; fewer are split sooner than looked at
_ODD_SPACES = [sign for sign in map(chr, range(0x3001)) if sign.isspace() and sign not in " \n\u00a0\u2000\u3000"]
_EN_QUAD, _WIDE = 0x2000, 0x3000  # odd spaces that a search for a letter, which goes by the last byte, finds slowly
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
    speakers, raw = zip(*paragraphs, strict=True) if (paragraphs := list(paragraphs)) else ((), ())
    spaced = _single_spaced(raw)
    lines, who = list(filter(None, spaced)), list(itertools.compress(speakers, spaced))
    again = _printed_again(lines, who)
    for place in again:
        who[place] = None
    before = list(itertools.accumulate(map(len, lines), initial=0))
    text, said, furniture, done = "\n".join(lines), [], who.count(FURNITURE), 0
    for speaker, those in itertools.groupby(who):
        first, done = done, done + len(list(those))
        if speaker not in (None, FURNITURE):
            said.append(Turn(speaker, before[first] + first, before[done] + done - 1))
    if inline is not None:
        cuts = [[found.span() for found in inline.finditer(text, turn.start, turn.end)] for turn in said]
        furniture += sum(map(len, cuts))
        said = [part for turn, within in zip(said, cuts, strict=True) for part in _around(text, turn, within)]
    return Composed(text, tuple(said), furniture, len(again))


def _single_spaced(texts: Sequence[str]) -> list[str]:
    """The texts with a single space for any space in them, and none around; all at once, as most need little done."""
    whole = _BETWEEN.join(texts).replace("\n", " ").replace("\u00a0", " ")
    if len(whole) < _FEW or any(space in whole for space in _ODD_SPACES):
        return _spaced_singly(texts)
    signs = np.array([whole]).view(np.uint32)
    is_blank, is_odd = signs == ord(" "), (signs | (_EN_QUAD ^ _WIDE)) == _WIDE
    if (is_blank[1:] & is_blank[:-1]).any():
        whole = " ".join(filter(None, [part.strip(" ") for part in whole.split("  ")]))
    lines = whole.split(_BETWEEN)
    return _spaced_singly(texts) if len(lines) != len(texts) or is_odd.any() else [line.strip(" ") for line in lines]


def _spaced_singly(texts: Sequence[str]) -> list[str]:
    return [" ".join(text.split()) for text in texts]


def _printed_again(lines: list[str], who: list[str | None]) -> list[int]:
    """Which lines are a paragraph of some length that somebody said before; most are as long as no other."""
    times = Counter(map(len, lines))
    alike: dict[tuple[int, ...], list[str]] = {}
    again: list[int] = []
    for place, line in enumerate(lines):
        if times[len(line)] == 1 or who[place] in (None, FURNITURE):
            continue
        blanks = line.count(" ")
        if blanks < _REPEATED_FROM_WORDS - 1:
            continue
        before = alike.setdefault((len(line), blanks, line.index(" "), line.rindex(" ")), [])
        if before and (line in before or normalised(line) in map(normalised, before)):
            again.append(place)
        before.append(line)
    return again


def _around(text: str, turn: Turn, cuts: list[tuple[int, int]]) -> Iterator[Turn]:
    """Yield a turn without the furniture in it, nor the space around that."""
    edges = [turn.start, *(edge for cut in cuts for edge in cut), turn.end]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        said = text[start:end].lstrip()
        if said:
            yield Turn(turn.speaker, end - len(said), end - len(said) + len(said.rstrip()))


def normalised(text: str) -> str:
    """The text in lower case, without accents, with single spaces."""
    return " ".join(text.translate(UNACCENTED).lower().split())


ACCENTED = "áàâäãåéèêëíìîïóòôöõúùûüñçÁÀÂÄÃÅÉÈÊËÍÌÎÏÓÒÔÖÕÚÙÛÜÑÇ"
PLAIN = {letter: unicodedata.normalize("NFD", letter)[0] for letter in ACCENTED}
UNACCENTED = str.maketrans(PLAIN)


def sha256(content: bytes) -> str:
    """SHA-256 of bytes as hex."""
    return hashlib.sha256(content).hexdigest()
