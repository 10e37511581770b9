"""Whose words a sentence holds: who utters it in fact, and which of its words are his own.

A speaker's tag says who has the floor; within it others are quoted, ask, or take over. The rules are read from the
seeds `speech_cues` and `actors`; no rule looks at what is said, only at who is named as saying it.
"""

from __future__ import annotations

import re
from typing import Any

import polars as pl

from pipelines.rhetoric.floor import OFFICIAL, Floor, plain_parts
from pipelines.rhetoric.languages import CODED
from pipelines.rhetoric.passages import WORD, Said, folded, folded_column
from pipelines.rhetoric.persons import ANYBODY, Cues, Persons
from pipelines.rhetoric.reporting import SCARE, Reporting
from pipelines.rhetoric.speakers import Utterer

ATTRIBUTED: dict[str, type[pl.DataType]] = dict.fromkeys(("speaker", "voice", "side", "party", "own"), pl.String)
ASKED = ("sentence", "language", "date", "speaker", "voice", "side", "party", "genre")
NEARLY_ALL = 0.7  # of a sentence's words; more in quotation marks make it the quoted person's
INTRODUCTION = 12  # words that say who speaks, not counted against the quotation
QUOTED = r"[“”«»\"]|(?:^|[\s(—–])[‘']\S"  # for Polars: a mark that is no apostrophe
TAGGED = r"(?:^|[.!?)”\"…:] )[A-ZÁÉÍÓÚÑÜ][A-ZÁÉÍÓÚÑÜ.,'’ -]{1,70}(?: ?\([^()]{1,60}\))?: "
_MARKS = "“«\"‘'"


class Attribution:
    """Tells whose words sentences hold.

    Args:
        actors: The seed table of office-holders.
        cues: The seed table of cues of speech.
        dyad: The seed table of the two sides.
    """

    def __init__(self, actors: pl.DataFrame, cues: pl.DataFrame, dyad: pl.DataFrame) -> None:
        self._persons = Persons(actors, cues)
        sides = frozenset(dyad["side"])
        known = {each: Cues(cues, each) for each in CODED}
        self._floor = {each: Floor(known[each], self._persons, sides) for each in CODED}
        self._reporting = {each: Reporting(each, known[each], self._persons, sides) for each in CODED}
        self._written = Cues(cues, "any").any_of("written")
        authors = cues.filter(pl.col("role") == "author").select("cue", "voice", "side").iter_rows()
        self._authors = {genre: Utterer("author", voice, side) for genre, voice, side in authors}
        self._himself: dict[Utterer, re.Pattern[str]] = {}
        self._speaks = _plain(cues, "says", "threatens", "announces", "according")
        self._asks = [*_plain(cues, "question", "own_country"), "?"]

    def attributed(self, sentences: pl.DataFrame) -> pl.DataFrame:
        """The actual utterer of each sentence and its own words, one row for one, in order.

        Args:
            sentences: `sentence`, `before` and `after` it in the turn (nullable), `language`, `date`, and by the turn's
                tag `speaker`, `voice`, `side`, `party`; `genre`.

        Returns:
            `speaker`, `voice`, `side`, `party`, and `own`: the sentence with every character that is somebody else's
            replaced by a space, so that a place in it is the same place in the sentence.
        """
        around = pl.col("before", "after").cast(pl.String).fill_null("")
        frame = sentences.select(*ASKED, around, folded_column(pl.col("sentence")).alias("folded")).with_columns(
            (pl.col("sentence").str.contains(QUOTED) | pl.col("before").str.contains(r"[“«\"]")).alias("marked"),
            pl.col("folded").str.contains_any(self._speaks).alias("speaks"),
            pl.col("folded").str.contains_any(self._asks).alias("asks"),
            (pl.col("sentence").str.contains(TAGGED) | pl.col("before").str.contains(TAGGED)).alias("tagged"),
        )
        authored = pl.col("genre").is_in(list(self._authors)).fill_null(False)
        looked_at = frame.select(authored | pl.any_horizontal("marked", "speaks", "asks", "tagged")).to_series()
        names = ("speaker", "voice", "side", "party")
        rows: list[tuple[str | None, ...]] = list(
            sentences.select(*names, pl.col("sentence").alias("own")).cast(ATTRIBUTED).iter_rows()
        )
        asked = frame.filter(looked_at).iter_rows(named=True)
        for place, row in zip(looked_at.arg_true().to_list(), asked, strict=True):
            utterer, own = self._one(row)
            rows[place] = (utterer.speaker, utterer.voice, utterer.side, utterer.party, own)
        return pl.DataFrame(rows, schema=ATTRIBUTED, orient="row")

    def _one(self, row: dict[str, Any]) -> tuple[Utterer, str]:
        floor = Utterer(row["speaker"], row["voice"], row["side"], row["party"])
        genre = row["genre"] or ""
        if genre in self._authors and floor.voice in (*OFFICIAL, "other"):
            floor = self._authors[genre]
        language = row["language"] if row["language"] in CODED else CODED[0]
        reporting = self._reporting[language]
        said = self._said(row, floor)
        own = list(said.text)
        takes = row["asks"] or row["tagged"]
        utterer, begin = self._floor[language].taken_by(said) if takes else (floor, 0)
        _blank(own, 0, begin)
        if utterer != floor:
            said = self._said(row, utterer)
        stretches = reporting.stretches(said, is_marked=row["marked"], may_report=row["speaks"])
        quoted = self._printed_speaker(said, stretches) if self._written.fullmatch(genre) else None
        if quoted:
            kept = [(start, end) for start, end, whose in stretches if whose == quoted]
            for start, end in _between(kept, len(own)):
                _blank(own, start, end)
            return quoted, "".join(own)
        for start, end, whose in stretches:
            if reporting.is_not_own(whose, said.floor):
                _blank(own, start, end)
        return utterer, "".join(own)

    def _said(self, row: dict[str, Any], floor: Utterer) -> Said:
        if floor not in self._himself:
            self._himself[floor] = self._persons.surnames(floor.speaker, folded(floor.speaker))
        return Said(
            row["sentence"], row["folded"], row["before"], row["after"], row["date"], floor, self._himself[floor]
        )

    def _printed_speaker(self, said: Said, stretches: list[tuple[int, int, Utterer]]) -> Utterer | None:
        """The person whose quotation, but for the words that introduce it, is the whole printed sentence.

        Whom a government's own text quotes without a name known here speaks for it, and so does a colleague.
        """
        spoken: dict[Utterer, int] = {}
        for start, end, whose in stretches:
            if whose not in (ANYBODY, said.floor) and said.text[start] in _MARKS and self._counts(whose, said.floor):
                spoken[whose] = spoken.get(whose, 0) + len(WORD.findall(said.text[start:end]))
        if not spoken:
            return None
        speaker = max(spoken, key=lambda whose: spoken[whose])
        first = min(start for start, _, whose in stretches if whose == speaker)
        begins_one = said.text[first:].lstrip(_MARKS + "¿¡ ")[:1].isupper()
        others = max(0, len(WORD.findall(said.text)) - spoken[speaker] - INTRODUCTION)
        fills = spoken[speaker] > max(SCARE, NEARLY_ALL * (spoken[speaker] + others))
        return speaker if begins_one and fills else None

    def _counts(self, whose: Utterer, floor: Utterer) -> bool:
        is_alike = whose.side == floor.side and floor.voice in ("executive", whose.voice)
        return not is_alike or whose.speaker in self._persons


def _plain(cues: pl.DataFrame, *roles: str) -> list[str]:
    """Stretches of plain text of which a folded sentence holds one where a cue of the roles fits."""
    return plain_parts(cues.filter(pl.col("role").is_in(roles))["cue"].to_list())


def _between(kept: list[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """The stretches of a text that are not kept."""
    edges = [0, *(edge for span in sorted(kept) for edge in span), length]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _blank(own: list[str], start: int, end: int) -> None:
    own[start:end] = " " * (end - start)
