"""Comparisons without a number beside them: records, places, months in a row, more than in another period."""

from __future__ import annotations

import re

import polars as pl

from pipelines.claims import surroundings as beside
from pipelines.claims.numbers import Numbers
from pipelines.claims.quantities import Quantity
from pipelines.claims.wording import alternatives

_AROUND = 90  # characters on each side that tell what a record is of
_FIGURE_AHEAD = re.compile(r"(?: of)? (?:(?:nearly|over|about|almost|more than) )?\$?\d")
_NOT_YET = re.compile(r"will(?: soon)? be an? $|(?:^| )en $")
_ARTICLE = re.compile(r"\b(?:an?|the) (?:\w+ )?$")
_ENUMERATED = re.compile(r" ?[,:]| (?:quiero|queremos|es|para)\b")  # "en primer lugar, …" counts reasons
_MORE_THAN = re.compile(
    r"\b(?P<side>more|less|fewer)(?: \S+){0,14}? than (?:(?:was|were|we|they|had|been|have|has|did|seized|stopped) )*"
    r"in (?:all of |the whole of )?(?=the (?:previous|prior|last|entire)|fiscal|fy|20\d\d|calendar|all of)"
)
_OTHER_NUMBER = re.compile(r"\d(?! (?:fiscal|years|months))|percent|times|twice")


class Records:
    """Reads such comparisons in one language.

    Args:
        terms: The seed table of terms.
        numbers: Reader of the language's numbers.
        language: Language code.
    """

    def __init__(self, terms: pl.DataFrame, numbers: Numbers, language: str) -> None:
        own = terms.filter(pl.col("language") == language)
        self._numbers = numbers
        self._ranks = [
            (re.compile(alternatives(some["term"])), 1 if code == "high" else -1)
            for (code,), some in own.filter(pl.col("role") == "rank").group_by("code", maintain_order=True)
        ]
        ordinals, place = "|".join(numbers.ordinals), "|".join(own.filter(pl.col("role") == "place")["term"])
        self._place = re.compile(rf"\b({ordinals})[ -](?:{place}|(?:most|highest|largest)\b)")
        self._streak_tail = re.compile(alternatives(own.filter(pl.col("role") == "streak")["term"]))
        tail = self._streak_tail.pattern.removeprefix(r"\b")
        self._streak = re.compile(rf"(?:\b(?P<nth>{ordinals}) |(?<![\d.,])(?P<n>\d+|\w+) )(?={tail})")

    def found(self, text: str, others: list[Quantity]) -> list[Quantity]:
        """The comparisons of a folded small sentence that are no part of its other quantities."""
        streaks = self._streaks(text)
        taken = [*others, *streaks]
        ranked = self._ranked(text, taken)
        return [*streaks, *ranked, *self._placed(text, [*taken, *ranked]), *_comparisons(text, others)]

    def _streaks(self, text: str) -> list[Quantity]:
        found = []
        for match in self._streak.finditer(text):
            said = match["nth"] or match["n"]
            numbers = self._numbers.found(said)
            value = self._numbers.ordinals.get(said) or (numbers[0].value if numbers else 0.0)
            tail = self._streak_tail.match(text, match.end())
            if value and tail:
                found.append(_quantity(text, match.start(), tail.end(), value, "streak", "consecutive months"))
        return found

    def _ranked(self, text: str, others: list[Quantity]) -> list[Quantity]:
        found: list[Quantity] = []
        for pattern, direction in self._ranks:
            for match in pattern.finditer(text):
                if _is_record(text, match) and not _is_taken(match, [*others, *found]):
                    rank = _quantity(text, match.start(), match.end(), 1.0, "rank", "rank", direction=direction)
                    found.append(rank)
        return found

    def _placed(self, text: str, others: list[Quantity]) -> list[Quantity]:
        return [
            _quantity(text, match.start(), match.end(), self._numbers.ordinals[match[1]], "rank", "rank", direction=1)
            for match in self._place.finditer(text)
            if not _ENUMERATED.match(text, match.end()) and not _is_taken(match, others)
        ]


def _is_record(text: str, match: re.Match[str]) -> bool:
    """Whether words of a record state one: not "a record 300,000 people", "will be a record", "the largest group"."""
    said, before = match[0], text[: match.start()]
    if "group" in said or _NOT_YET.search(before):
        return False
    if _FIGURE_AHEAD.match(text, match.end()) and "all-time" not in said:
        return False
    return said != "record" or _ARTICLE.search(before) is not None


def _comparisons(text: str, others: list[Quantity]) -> list[Quantity]:
    """Ratios above or below one, such as "more than in all of fiscal year 2020"."""
    return [
        _quantity(
            text,
            match.start(),
            match.end(),
            1.0,
            "ratio",
            "ratio",
            modifier="more_than" if match["side"] == "more" else "less_than",
        )
        for match in _MORE_THAN.finditer(text)
        if not _OTHER_NUMBER.search(match[0]) and not _is_taken(match, others)
    ]


def _quantity(
    text: str,
    start: int,
    end: int,
    value: float,
    dimension: str,
    unit: str,
    *,
    direction: int = 0,
    modifier: str = "exact",
) -> Quantity:
    breaks = [0, *(match.end() for match in beside.CLAUSE_END.finditer(text)), len(text)]
    left, right = max(each for each in breaks if each <= start), min(each for each in breaks if each >= end)
    if dimension != "streak":  # a record often stands apart from what it is of: "2.2 million crossings -- a record"
        left, right = 0, len(text)
    clause = (max(left, start - _AROUND), min(right, end + _AROUND))
    return Quantity(
        start, end, start, clause, value, 1.0, dimension, unit, modifier, direction=direction  # type: ignore[arg-type]
    )  # fmt: skip


def _is_taken(match: re.Match[str], others: list[Quantity]) -> bool:
    return any(match.start() < each.end and each.start < match.end() for each in others)
