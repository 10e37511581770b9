"""What else the words of a claim say that decides how it is checked: a part, an earlier time, a direction, a place."""

from __future__ import annotations

import re

import polars as pl

from pipelines.claims.quantities import Quantity
from pipelines.claims.wording import alternatives

_PART = re.compile(r" (?:of (?:those|them|these)|de (?:ellos|ellas|esos|esas|los cuales|las cuales))\b")
_EARLIER = re.compile(
    r"\bbefore (?:i|we|he|she|president)\b|\bwhen (?:i|we|he|she) (?:took|came)|antes de que|cuando lleg"
)
_DIRECTION = re.compile(
    r"(?P<rise>increas|\brose|\brise|grow|grew|aument|crec|subi)|decreas|reduc|fall|fell|declin|drop|lower|dismin|baj"
)
_OF_CHANGE = re.compile(r"decrease|increase|drop|decline|jump|rise\b|spike|reduccion|aumento|incremento|caida")
_PEAK = re.compile(r"\blleg(?:o|aron|amos) a \w+|\bpeak|\bpico\b|single day|some days|un solo dia|hasta \d")
_AROUND = 24
COUNTRY, ALL = "US", "all"


class Marks:
    """Reads such marks in one language.

    Args:
        terms: The seed table of terms.
        language: Language code.
    """

    def __init__(self, terms: pl.DataFrame, language: str) -> None:
        own = terms.filter(pl.col("language") == language)
        self._drugs, self._states = _patterns(own, "drug"), _patterns(own, "state")

    def found(self, text: str, quantity: Quantity) -> frozenset[str]:
        """What the words beside a quantity say.

        `peak` is the highest of some days, `part` is of what was counted before, `earlier` of a time before somebody
        took office, `of_change` a record of a change, `rise` and `fall` what a streak is of.
        """
        marks = set()
        if _PART.match(text, quantity.end):
            marks.add("part")
        if _PEAK.search(text):
            marks.add("peak")
        if _EARLIER.search(text):
            marks.add("earlier")
        if _OF_CHANGE.search(text[quantity.clause[0] : quantity.end + _AROUND]):
            marks.add("of_change")
        if told := _DIRECTION.search(text):
            marks.add("rise" if told["rise"] else "fall")
        return frozenset(marks)

    def state(self, text: str) -> str:
        """The one state that a sentence names, else the country."""
        return _only(self._states, text) or COUNTRY

    def drug(self, text: str, quantity: Quantity) -> str:
        """The one drug that the clause of a quantity names, else all."""
        return _only(self._drugs, text[quantity.clause[0] : quantity.clause[1]]) or ALL


def _patterns(terms: pl.DataFrame, role: str) -> list[tuple[str, re.Pattern[str]]]:
    own = terms.filter(pl.col("role") == role)
    return [
        (str(code), re.compile(alternatives(some["term"])))
        for (code,), some in own.group_by("code", maintain_order=True)
    ]


def _only(patterns: list[tuple[str, re.Pattern[str]]], text: str) -> str | None:
    """The one code whose words stand in a text; None where none or several do."""
    found = {code for code, pattern in patterns if pattern.search(text)}
    return found.pop() if len(found) == 1 else None
