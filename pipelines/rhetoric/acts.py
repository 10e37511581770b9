"""Acts: who does what to whom, as patterns over sentences in which the actors are marked.

In a marked sentence every mention of the other side is a run of O as long as the mention, of the utterer's own side a
run of S, of criminal groups on the other side K, of third countries X; all else is in small letters without accents.
So one pattern holds for either side, and its place in the marked sentence is its place in the original.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

import numpy as np
import polars as pl

from pipelines.errors import ContractError
from pipelines.rhetoric.stems import stems

OTHER, SELF, CRIMINAL, THIRD = "OSKX"
ACTORS = {"OTHER": f"{OTHER}+", "SELF": f"{SELF}+", "CRIMINAL": f"{CRIMINAL}+", "THIRD": f"{THIRD}+"}
_BETWEEN = r"[\s!-/:-@\[-`{-~]+"
_WITHIN = r"\s+"  # a clause
_GAPS = {" ... ": (_BETWEEN, 5), " .. ": (_BETWEEN, 2), " ~ ": (_WITHIN, 5)}  # words that may stand between
_TELLING = 2  # letters; shorter stems of an act stand in most sentences, but for those of actors
_NESTED = 3  # classes within classes


def marked(texts: pl.DataFrame, mentions: pl.DataFrame) -> pl.Series:
    """The marked sentences, in order.

    Args:
        texts: `row` from 0, `folded`, and the utterer's `side` and `counterpart` (null of neither side).
        mentions: Terms of the roles `side`, `person`, `criminal` and `third` found in them.
    """
    places: dict[int, list[tuple[int, int, str, str]]] = {}
    for row, role, code, start, end in mentions.select("row", "role", "code", "start", "end").iter_rows():
        places.setdefault(row, []).append((start, end, role, code))
    said = texts["folded"].str.to_lowercase().to_list()
    utterers = texts.with_row_index("index").filter(pl.col("row").is_in(list(places)))
    for index, row, side, counterpart in utterers.select("index", "row", "side", "counterpart").iter_rows():
        for start, end, role, code in sorted(places[row], key=lambda place: place[2] != "criminal"):
            letter = _letter(role, code, side, counterpart)
            text = said[index]
            if letter and CRIMINAL not in text[start:end]:
                said[index] = text[:start] + letter * (end - start) + text[end:]
    return pl.Series("marked", said, pl.String)


def _letter(role: str, code: str, side: str, counterpart: str | None) -> str | None:
    if role == "third":
        return THIRD
    if role == "criminal":
        return None if code == side else CRIMINAL
    if code == side:
        return SELF
    return OTHER if counterpart is None or code == counterpart else None


class Acts:
    """Finds acts in marked sentences.

    Args:
        patterns: The seed table of patterns.
        classes: The seed table of word classes that patterns name in braces.
    """

    def __init__(self, patterns: pl.DataFrame, classes: pl.DataFrame) -> None:
        words = {(row["language"], row["name"]): row["words"] for row in classes.iter_rows(named=True)}
        found: dict[tuple[str, str], list[str]] = {}
        for row in patterns.iter_rows(named=True):
            expression = _expression(row["pattern"], row["language"], words)
            found.setdefault((row["language"], row["act"]), []).append(expression)
        self._patterns = {key: rf"\b(?:{'|'.join(each)})(?:\b|$)" for key, each in found.items()}
        self._stems = {key: [_telling(each) for each in stems("|".join(each_of))] for key, each_of in found.items()}

    def held(self, language: str, texts: pl.Series, acts: Iterable[str]) -> list[pl.Series]:
        """For each act which marked sentences hold it, under the act's name."""
        found = {act: np.zeros(len(texts), dtype=bool) for act in acts}
        asked = [act for act in acts if (language, act) in self._patterns]
        for act, rows in zip(asked, self._near(language, texts, asked), strict=True):
            if rows.size:  # an expression takes long to make
                is_held = texts.gather(rows).str.contains(f"(?-u:{self._patterns[language, act]})")
                found[act][rows] = is_held.to_numpy()
        return [pl.Series(act, held) for act, held in found.items()]

    def _near(self, language: str, texts: pl.Series, acts: list[str]) -> list[np.ndarray]:
        """For each act the texts that hold the stems one of its patterns needs; all are looked for at once."""
        patterns = [self._stems[language, act] for act in acts]
        asked = sorted({stem for of_act in patterns for needed in of_act for each in needed for stem in each})
        said = texts.str.extract_many(pl.Series([asked], dtype=pl.List(pl.String)), overlapping=True).alias("stem")
        nowhere = np.zeros(len(texts), dtype=bool)
        held = dict.fromkeys(asked, nowhere)
        for (stem,), some in said.to_frame().with_row_index("row").explode("stem").drop_nulls().group_by("stem"):
            held[stem] = nowhere.copy()
            held[stem][some["row"].to_numpy()] = True
        return [
            np.flatnonzero(np.any([_fit(needed, held, ~nowhere) for needed in of_act], axis=0)) for of_act in patterns
        ]

    def places(self, language: str, text: str, acts: Iterable[str]) -> Iterator[tuple[str, int, int]]:
        """Act, start and end of the first place of each act in a marked sentence."""
        for act in acts:
            if found := _compiled(self._patterns[language, act]).search(text):
                yield act, *found.span()


def _telling(needed: list[frozenset[str]]) -> list[frozenset[str]]:
    """Of sets of stems of which a text holds one each, those that tell."""
    actors = (OTHER, SELF, CRIMINAL, THIRD)
    return [each for each in needed if all(len(stem) >= _TELLING or stem in actors for stem in each)]


def _fit(needed: list[frozenset[str]], held: dict[str, np.ndarray], every: np.ndarray) -> np.ndarray:
    """Which texts hold one of each set of stems."""
    return np.all([every, *(np.any([held[stem] for stem in each], axis=0) for each in needed)], axis=0)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


def _expression(pattern: str, language: str, words: dict[tuple[str, str], str]) -> str:
    """A pattern of the seed as a regular expression.

    Raises:
        ContractError: A class in braces that the language does not have, or classes nested too deep.
    """

    def words_of(name: re.Match[str]) -> str:
        if (language, name[1]) not in words:
            raise ContractError(f"act_patterns.csv: {{{name[1]}}} is no word class of '{language}'; add it there")
        return words[language, name[1]]

    for _ in range(_NESTED):
        pattern = re.sub(r"\{(\w+)\}", words_of, pattern)
    if "{" in re.sub(r"\{\d*,?\d*\}", "", pattern):
        raise ContractError(f"word_classes.csv: classes stand in one another more than {_NESTED} deep in '{pattern}'")
    for actor, run in ACTORS.items():
        pattern = re.sub(rf"\b{actor}\b", run, pattern)
    for place, gap in enumerate(_GAPS):
        pattern = pattern.replace(gap, f"\0{place}")
    pattern = pattern.replace(" ", _BETWEEN)
    for place, (between, longest) in enumerate(_GAPS.values()):
        pattern = pattern.replace(f"\0{place}", rf"(?:{between}[A-Za-z0-9']+){{0,{longest}}}{between}")
    return re.sub(r"(?<![\])])\*", "[a-z0-9']*", pattern)
