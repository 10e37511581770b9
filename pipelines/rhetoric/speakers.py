"""A speaker's tag to name, voice and side: office-holders by date, everybody else by role."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from pipelines.errors import ContractError
from pipelines.publishers import FeedTraits
from pipelines.texts import normalised

_NOTE = re.compile(r"\s*\([^()]*\)\s*")
_OFFICE = re.compile(
    r"(?:secretari|subsecretari|director|coordinador|gobernador|fiscal|comandante|procurador|comisionad|titular"
    r"|jef[ae] |president|vicepresident|primer|embajador|senador|diputad|consejer|canciller|encargad|vocer"
    r"|subdirector|alcalde|general )"
)
_OF_ANOTHER = re.compile(r"\b(?:voz|ayudantia|espos[oa]|hij[oa]|herman[oa]) del?\b.*")  # names somebody else
_PARTY = re.compile(r"\((?P<party>[A-Z]{1,8})-[A-Z]{2}\b")  # as a chamber writes its members: (R-XX)
_SMALL = re.compile(r"\b(De|Del|La|Las|Los|Y|Of|The|And|E)\b")


@dataclass(frozen=True)
class Utterer:
    """Who speaks as our tables say it: an office-holder's name or a role, with voice, side and, where known, party."""

    speaker: str
    voice: str
    side: str
    party: str | None = None


@dataclass(frozen=True)
class _Role:
    pattern: re.Pattern[str]
    genre: str
    utterer: Utterer
    keeps_name: bool  # of a member of a body whose feed tells it in a field of its own
    is_office: bool  # any but the last line, which takes whoever is left


@dataclass(frozen=True)
class _Term:
    utterer: Utterer
    first: date
    last: date


class Speakers:
    """The utterers of one feed.

    Args:
        feed: Stem of the feed.
        traits: Whose the untagged words are.
        voices: The seed table of roles.
        actors: The seed table of office-holders.
    """

    def __init__(self, feed: str, traits: FeedTraits, voices: pl.DataFrame, actors: pl.DataFrame) -> None:
        self._traits = traits
        self._roles = [
            _Role(
                re.compile(row["pattern"]),
                row["genre"],
                Utterer(row["speaker"], row["voice"], traits.side if row["side"] == "own" else row["side"]),
                row["speaker"] == "name",
                row["line"] < voices.height,
            )
            for row in voices.sort("line").iter_rows(named=True)
            if row["feed"] == "*" or feed in row["feed"].split("|")
        ]
        self._terms: dict[str, list[_Term]] = {}
        for row in actors.iter_rows(named=True):
            utterer = Utterer(row["name"], row["voice"], row["side"], row["party"])
            term = _Term(utterer, row["from"], row["to"] or date.max)
            self._terms.setdefault(row["alias"], []).append(term)
        longest_first = sorted(self._terms, key=len, reverse=True)
        self._aliases = re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
        self._named: dict[str, list[_Term]] = {}
        self._by_role: dict[tuple[str, str], tuple[Utterer, bool]] = {}

    def resolve(self, tags: Iterable[str], genre: str, day: date) -> dict[str, Utterer]:
        """The utterer of each tag of one document; a name introduced with its office is that office's after that."""
        introduced: dict[str, Utterer] = {}
        found: dict[str, Utterer] = {}
        for tag in tags:
            if tag in found:
                continue
            utterer, is_office = self._one(tag, genre, day)
            if is_office and "," in tag:
                introduced[normalised(_name(tag))] = utterer
            found[tag] = introduced.get(normalised(tag), utterer) if introduced else utterer
        return found

    def _one(self, tag: str, genre: str, day: date) -> tuple[Utterer, bool]:
        """The utterer of a tag by itself, and whether the tag tells an office that its holder's bare name keeps."""
        if not tag:
            return self._untagged(day), False
        held = self._in_office(tag, day)
        if held:
            told = _PARTY.search(tag)
            return replace(held, party=told["party"]) if told else held, False
        if (tag, genre) not in self._by_role:
            self._by_role[tag, genre] = self._in_role(tag, genre)
        return self._by_role[tag, genre]

    def _in_role(self, tag: str, genre: str) -> tuple[Utterer, bool]:
        folded, told = normalised(tag), _PARTY.search(tag)
        for role in self._roles:
            if role.genre in ("*", genre) and role.pattern.fullmatch(folded):
                utterer = role.utterer
                if role.keeps_name:
                    utterer = replace(utterer, speaker=_name(tag.partition(" (")[0]), party=told and told["party"])
                return utterer, role.is_office
        raise ContractError(f"voices.csv: no line fits '{tag}'; let the last line be .*")

    def _in_office(self, tag: str, day: date) -> Utterer | None:
        if tag not in self._named:
            alias = self._aliases.search(_OF_ANOTHER.sub("", normalised(tag)))
            self._named[tag] = self._terms[alias[0]] if alias else []
        return next((term.utterer for term in self._named[tag] if term.first <= day <= term.last), None)

    def _untagged(self, day: date) -> Utterer:
        if self._traits.voice != "by_date":
            return Utterer(self._traits.speaker, self._traits.voice, self._traits.side)
        held = self._in_office(self._traits.speaker, day)
        if held is None:
            raise ContractError(f"actors.csv: {self._traits.speaker} has no line for {day}; add one")
        return held


def _name(tag: str) -> str:
    """The name in a tag such as `NAME, OFFICE` or `OFFICE OF A, B AND C, NAME`, in mixed case."""
    parts = [part.strip() for part in _NOTE.sub(" ", tag).split(",")]
    first_is_office = bool(_OFFICE.match(normalised(parts[0])))
    name = " ".join((parts[-1] if first_is_office else parts[0]).split())
    return _SMALL.sub(lambda found: found[0].lower(), name.title()) if name.isupper() else name
