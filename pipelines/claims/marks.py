"""What else the words of a claim say that decides how it is checked: a part, an earlier time, a direction, a place."""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from pipelines.claims.quantities import Quantity
from pipelines.claims.wording import alternatives

_PART = re.compile(r" (?:of (?:those|them|these)|de (?:ellos|ellas|esos|esas|los cuales|las cuales))\b")
_DIRECTION = re.compile(
    r"(?P<rise>increas|\brose|\brise|grow|grew|aument|crec|subi)|decreas|reduc|fall|fell|declin|drop|lower|dismin|baj"
)
_OF_CHANGE = re.compile(r"decrease|increase|drop|decline|jump|rise\b|spike|reduccion|aumento|incremento|caida")
_PEAK = re.compile(r"\blleg(?:o|aron|amos) a \w+|\bpeak|\bpico\b|single day|some days|un solo dia|hasta \d")
_ACCOMPANIED = re.compile(r"\b(?:unaccompanied (?:\w+ )?|(?=(?:ninos|ninas|menores) (?:\w+ ){0,3}no acompanad))\w+")
_COUNTRY_NAME = re.compile(r"\bunited states\b|\b(?:in|across) the state of\b")  # not some states
_AVERAGE = re.compile(r"\baverage|\bpromedi")
_CHANGED_BY = re.compile(
    r"\b(?:(?:increas|decreas|declin|drop|fell|fall|rose|ris|grew|grow|jump|surg|widen|narrow|climb|shrank|aument|crec|subi"
    r"|baj|dismin|reduj|reduc|cayo|cay)\w*(?: \w+){0,2} (?:by|en)"
    r"|(?:increase|decrease|decline|drop|rise|jump|aumento|incremento|reduccion|disminucion|caida) (?:of|de)) $"
)
_MORE_BY = re.compile(r"(?: \w+){0,2} (?:more|fewer|less|higher|lower|mas|menos) (?:than|que)\b")
_OVER_YEARS = re.compile(
    r"\b(?:over|in|within|en) (?:just |only |about |solo |tan solo )?(?:a|\d+|two|three|four|five|six|seven|eight"
    r"|nine|ten|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez) (?:years?|decades?|anos|decadas)\b"
)
_PERFECT = re.compile(
    r"\b(?:has|have|'ve|we've) (?:\w+ )?(?:died|killed|lost|claimed|taken|cost|overdosed)"
    r"|\bha(?:n|mos)? (?:\w+ )?(?:muerto|matado|fallecido|perdido|cobrado|causado)"
)
_INCLUDED = re.compile(r"\b(?:includ\w+|incluy\w+|incluid\w+) (?:a )?(?:\w+ ){0,3}$")
_LAST_FIGURE = re.compile(r"^.*\d")
_AROUND = 24
_BEHIND = 45  # characters after a number in which it is said of whom it is
_AHEAD = 90  # characters before it in which it is said what was done with them
COUNTRY, ALL = "US", "all"
# What a word restricts: the level beside it, what is told of the clause, of the sentence.
_COUNTS = ("count", "weight", "money", "thing")
_OF_CLAUSE, _OF_SENTENCE = ("locality", "branch", "flat", "cycle", "cumulative"), ("combined", "earlier")


class Marks:
    """Reads such marks in one language.

    Args:
        terms: The seed table of terms.
        language: Language code.
    """

    def __init__(self, terms: pl.DataFrame, language: str) -> None:
        own = terms.filter(pl.col("language") == language)
        self._drugs, self._states = _patterns(own, "drug"), _patterns(own, "state")
        self._limits = dict(_patterns(own, "limit"))
        names = alternatives(own.filter(pl.col("role") == "state")["term"]).removeprefix(r"\b")
        self._placed = re.compile(rf"\b(?:in|across|into|throughout|en|estado de) (?:the state of )?{names}")
        self._owned = re.compile(rf"\b{names}(?:'s| has| had| runs)")

    def found(self, text: str, quantity: Quantity) -> frozenset[str]:
        """What the words beside a quantity say.

        `peak` is the highest of some days, `part` is of what was counted before, `of_change` a record of a change,
        `rise` and `fall` what a streak is of, `perfect` a count up to now, `average` one of days, `over_years` a change
        over some years, `difference` what lies between two levels. The others say that not all of a series is meant.
        """
        left, right = quantity.clause
        marks = set(self._limited(text, quantity))
        for code, pattern, said in (
            ("perfect", _PERFECT, text[left : right + _BEHIND]),
            ("average", _AVERAGE, text[left:right]),
            ("over_years", _OVER_YEARS, text[left : right + _AROUND]),
            ("peak", _PEAK, text),
            ("of_change", _OF_CHANGE, text[left : quantity.end + _AROUND]),
        ):
            if pattern.search(said):
                marks.add(code)
        if _PART.match(text, quantity.end):
            marks.add("part")
        if _CHANGED_BY.search(text[: quantity.start]) or _MORE_BY.match(text, quantity.end):
            marks.add("difference")
        if told := _DIRECTION.search(text):
            marks.add("rise" if told["rise"] else "fall")
        return frozenset(marks)

    def _limited(self, text: str, quantity: Quantity) -> Iterator[str]:
        """The limits that the words beside a quantity set.

        `people` is a group of persons, `locality` less than the country, `branch` some goods, `states` several states,
        `in_state` one, `of_state` its own trade, `removed` what is done with migrants later, `earlier` the time when
        somebody took office, `cycle` a time that only the speaker knows, `cumulative` all up to now, `combined` several
        times added up, `flat` neither rise nor fall.
        """
        left, right = quantity.clause
        clause = _COUNTRY_NAME.sub("", text[left:right])
        yield from (code for code in _OF_CLAUSE if self._limits[code].search(clause))
        yield from (code for code in _OF_SENTENCE if self._limits[code].search(text))
        behind = text[quantity.number : min(right, quantity.end + _BEHIND)]
        told_of = behind.partition(", ")[0] if quantity.dimension in _COUNTS else text
        if self._limits["people"].search(_ACCOMPANIED.sub("", told_of)):
            yield "people"
        ahead = text[max(0, quantity.number - _AHEAD) : quantity.number]
        # What is included in a count is of what that one counts; else words before another number are about it.
        ahead = text[: quantity.number] if _INCLUDED.search(ahead) else _LAST_FIGURE.sub("", ahead)
        if self._limits["removed"].search(f"{ahead} . {clause}"):
            yield "removed"
        if self._placed.search(text[left:right]):
            yield "in_state"
        if self._owned.search(text):
            yield "of_state"
        if len({code for code, pattern in self._states if pattern.search(clause)}) > 1:
            yield "states"

    def state(self, text: str) -> str:
        """The one state that a sentence names, else the country."""
        return _only(self._states, text) or COUNTRY

    def drug(self, text: str, quantity: Quantity) -> str:
        """The one drug that the clause of a quantity names, else its sentence, else all."""
        return _only(self._drugs, text[quantity.clause[0] : quantity.clause[1]]) or _only(self._drugs, text) or ALL


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
