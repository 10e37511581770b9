"""`entente code`: sentences as JSON Lines to codes as JSON Lines, in order, some thousands at a time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from pipelines import contract_files
from pipelines.contracts import Contract
from pipelines.errors import ContractError
from pipelines.publishers import FeedTraits
from pipelines.rhetoric import coding
from pipelines.rhetoric.languages import language_of
from pipelines.rhetoric.speakers import Speakers, Utterer
from pipelines.rhetoric.version import SEEDS, method_version
from pipelines.seeds import Seeds

BATCH = 4096  # lines; more are no faster and cost memory
TEXTS = ("sentence", "prev", "next", "lang", "date", "speaker", "feed", "corpus", "genre", "doc")
LANGUAGE = re.compile(r"[a-z]{2}")
CODES = ("direction", "hostility", "cooperation", "themes", "blame", "evidence")
_REMARK = re.compile(r"\s*\([a-z ]+\)$")  # such as (candidate), put behind a tag by whoever made the lines
_NO_TAG = re.compile(r"\(.*\)")  # in brackets stands where a text is from, not who speaks


class MalformedLine(ValueError):
    """A line that cannot be coded, with its id where that could be read."""

    def __init__(self, identity: str | int | float | None, why: str) -> None:
        super().__init__(why)
        self.identity = identity


@dataclass(frozen=True)
class Line:
    """One sentence to code: its texts as given (absent ones empty), its day and its id."""

    identity: str | int | float
    texts: dict[str, str]
    day: date

    @property
    def name(self) -> str:
        """The feed or corpus it is said to be of, empty where none is named."""
        return self.texts["feed"] or self.texts["corpus"]


class Coder:
    """Codes lines with the method of a clone.

    Args:
        root: The clone's root.
        instead: Seed tables by name to take in place of the clone's, such as coefficients just learnt.
    """

    def __init__(self, root: Path, instead: Mapping[str, pl.DataFrame] | None = None) -> None:
        contracts = contract_files.load(root)
        self._feeds = {each.stem: each for each in contracts.values() if each.feed is not None}
        self._named: dict[str, Contract | None] = {"": None, **self._feeds}
        seeds, given = Seeds(root, contracts), instead or {}
        self._voices, self._actors, self._sides = seeds["voices"], seeds["actors"], set(seeds["dyad"]["side"])
        self.method = coding.Coder({stem: given[stem] if stem in given else seeds[stem] for stem in SEEDS})
        self._speakers: dict[tuple[str, str], Speakers] = {}
        self.version = method_version(root)
        self.unknown: set[str] = set()  # names of feeds or corpora that are none of ours

    def __call__(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The answer to each row as `entente code` writes it; a malformed row raises MalformedLine."""
        lines = [parsed(row) for row in rows]
        answers = self.answers([self.asked(line) for line in lines])
        return [{"id": line.identity, **answer} for line, answer in zip(lines, answers, strict=True)]

    def answers(self, asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The answer to each sentence asked, without its id, one for one, in order."""
        if not asked:
            return []
        coded = self.coded(pl.DataFrame(asked, schema=ASKED))
        return [{**_answer(row), "method_version": self.version} for row in coded.iter_rows(named=True)]

    def coded(self, asked: pl.DataFrame) -> pl.DataFrame:
        """Side and voice of the actual utterer of each sentence, and its codes."""
        return self.method.code(asked)

    def asked(self, line: Line) -> dict[str, Any]:
        """What the method is asked of a line: its sentence in its context, day, utterer and genre.

        Raises:
            ContractError: The seeds do not tell who spoke for the feed on that day.
        """
        texts = line.texts
        language = texts["lang"] or language_of(texts["sentence"])
        feed = self.feed(line.name)
        utterer = self._utterer(line, feed, language)
        return {
            "sentence": texts["sentence"],
            "before": texts["prev"] or None,
            "after": texts["next"] or None,
            "language": language,
            "date": line.day,
            "speaker": utterer.speaker,
            "voice": utterer.voice,
            "side": utterer.side,
            "party": utterer.party,
            "genre": self._genre(line, feed),
        }

    # Who speaks -------------------------------------------------------------------------------------------------------

    def feed(self, name: str) -> Contract | None:
        """The feed of that name, or the only one that reads an archive called so or `<name>_…`; else None."""
        if name not in self._named:
            self._named[name] = self._find(name)
        return self._named[name]

    def _find(self, name: str) -> Contract | None:
        fitting = [
            feed
            for feed in self._feeds.values()
            if any(Path(file).stem == name or file.startswith(f"{name}_") for file in feed.feed.files)
        ]
        if len(fitting) != 1:
            self.unknown.add(name)
            return None
        return fitting[0]

    def _utterer(self, line: Line, feed: Contract | None, language: str) -> Utterer:
        tag = _REMARK.sub("", "" if _NO_TAG.fullmatch(line.texts["speaker"]) else line.texts["speaker"])
        stem = feed.stem if feed else ""
        if (stem, language) not in self._speakers:
            traits = feed.feed if feed else self._nowhere(language)
            self._speakers[stem, language] = Speakers(stem, traits, self._voices, self._actors)
        return self._speakers[stem, language].resolve([tag], self._genre(line, feed), line.day)[tag]

    def _nowhere(self, language: str) -> FeedTraits:
        """Traits of a sentence of no feed: voice other, and the side whose official feeds are in its language."""
        sides = {each.feed.side for each in self._feeds.values() if each.feed.language == language}
        own = sides & self._sides
        return FeedTraits(
            files=(),
            office="",
            genre="",
            side=own.pop() if len(own) == 1 else "other",
            voice="other",
            speaker="unknown",
            language="detect",
            measured=False,
        )

    def _genre(self, line: Line, feed: Contract | None) -> str:
        """The genre as given, or the one that the document's path or the tag names, or the feed's."""
        if line.texts["genre"]:
            return line.texts["genre"]
        told = f"{line.texts['doc']} {line.texts['speaker']}".replace("-", "_")
        return next((genre for genre in self._genres if genre in told), feed.feed.genre if feed else "")

    @cached_property
    def _genres(self) -> list[str]:
        return [genre for genre in self._voices["genre"].unique().sort() if genre != "*"]


ASKED: dict[str, pl.DataType | type[pl.DataType]] = {
    "sentence": pl.String,
    "before": pl.String,
    "after": pl.String,
    "language": pl.String,
    "date": pl.Date,
    "speaker": pl.String,
    "voice": pl.String,
    "side": pl.String,
    "party": pl.String,
    "genre": pl.String,
}


def _answer(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "bilateral": int(row["bilateral"]),
        "side": row["side"],
        "voice": row["voice"],
        **{name: row[name] for name in CODES},
    }


# Lines ----------------------------------------------------------------------------------------------------------------


def answered(lines: Iterable[bytes], coder: Coder) -> Iterator[tuple[bytes, bool]]:
    """Yield, for each line in, the line out and whether it was coded; batch after batch, so that memory stays flat."""
    remaining = iter(lines)
    while batch := list(islice(remaining, BATCH)):
        read = [_read(line, coder) for line in batch]
        coded = iter(coder.answers([asked for _, asked in read if isinstance(asked, dict)]))
        for identity, asked in read:
            is_good = isinstance(asked, dict)
            answer = {"id": identity, **(next(coded) if is_good else {"error": asked})}
            yield f"{json.dumps(answer, ensure_ascii=False)}\n".encode(), is_good


def _read(line: bytes, coder: Coder) -> tuple[str | int | float | None, dict[str, Any] | str]:
    """The id of a line where it can be read, and what is asked of the method or what is wrong with the line."""
    identity = None
    try:
        one = parsed(json.loads(line, parse_constant=_no_figure))
        identity = one.identity
        return identity, coder.asked(one)
    except MalformedLine as malformed:
        return malformed.identity, str(malformed)
    except ContractError as error:
        return identity, str(error)
    except UnicodeDecodeError:
        return None, "not UTF-8; save the file as UTF-8"
    except json.JSONDecodeError as error:
        if not line.strip():
            return None, "empty line"
        return None, f"not JSON: {error.msg} at character {error.pos + 1}; write one object a line"
    except (ValueError, RecursionError):
        return None, "not JSON that can be read; write one flat object a line"


def _no_figure(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are Python's, not JSON's


def parsed(row: Any) -> Line:
    """One line as read from JSON; raises MalformedLine with what is wrong and the remedy."""
    if not isinstance(row, dict):
        raise MalformedLine(None, 'not an object; write {"id": …, "sentence": …}')
    identity = row.get("id")
    if isinstance(identity, bool) or not isinstance(identity, str | int | float):
        raise MalformedLine(None, "id is missing or neither text nor number")
    if not _is_text(str(identity)):
        raise MalformedLine(None, "id holds half a character")
    texts = {}
    for name in TEXTS:
        value = row.get(name)
        if value is not None and not isinstance(value, str):
            raise MalformedLine(identity, f"{name} is not text")
        if value is not None and not _is_text(value):
            raise MalformedLine(identity, f"{name} holds half a character; write it as UTF-8")
        texts[name] = value or ""
    if not texts["sentence"].strip():
        raise MalformedLine(identity, "sentence is missing or empty")
    texts["lang"] = texts["lang"].lower()[:2]
    if texts["lang"] and not LANGUAGE.fullmatch(texts["lang"]):
        raise MalformedLine(identity, f"lang '{row['lang']}' is no language code; write en or es, or leave it out")
    return Line(identity, texts, _day(identity, texts["date"]))


def _day(identity: str | int | float, text: str) -> date:
    if not text:
        return date.today()
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        raise MalformedLine(identity, f"date '{text}' is no day; write one such as 2025-07-31") from None


def _is_text(value: str) -> bool:
    """Whether it can be written as UTF-8: JSON allows half of a surrogate pair."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
