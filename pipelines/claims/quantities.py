"""Quantities of a sentence: its numbers with unit, modifier and rate, its comparisons, ranks and streaks."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

import polars as pl

from pipelines.claims import surroundings as beside
from pipelines.claims.numbers import Number, Numbers, is_year
from pipelines.claims.periods import Period
from pipelines.claims.wording import alternatives

Dimension = Literal["count", "weight", "money", "percent", "share", "ratio", "rank", "streak"]
_WINDOW = 48  # characters in which what is counted follows a number
_OTHERWISE = "exact"
_REPEATED_WITHIN = 90
_LIST_WITHIN = 60
_FEW_ALONE = 30
_FEW = 10  # fewer people, pills or countries are an event or a group, no series
_COMMA = re.compile(", ")
_AND = re.compile(
    r" (?:and|y|while|mientras|compared to|compared with|versus|frente a|en comparacion con) |(?<=\d)and "
)  # fused in machine translations: "2020And"
_TONS = ("tons", "toneladas")
_REACHED = re.compile(r"\b(?:to|a|al|hasta(?: el| un)?) (?:(?:just|only|solo|un|el|about|around|casi) )?$")
_NOT_REACHED = re.compile(r"\b(?:up|compared|close|down|en comparacion|respecto|frente|de|por) (?:to|a|al) (?:\w+ )?$")
_COUNTED_TONS = re.compile(r"(?:\d|mil|un[ao]?|dos|tres|a|metric) $")


@dataclass(frozen=True)
class Quantity:
    """A stated quantity with what it is counted in, before it is known what it is about.

    Attributes:
        start: Place of its first character, modifier and currency sign included.
        end: Place after its last, unit included.
        number: Place of the number itself.
        clause: Places between which only this quantity stands: to the neighbouring numbers or the clause's ends.
        sense: Where its clause begins, numbers before it included.
        phrase: Places of the commas around it, None where it is no number.
        value: Signed by direction; shares and percents as percents.
        step: Worth of the last significant printed digit, 0 for orders of magnitude.
        is_spelled: Whether it is written in words.
        is_order: Whether only an order of magnitude is told ("tens of thousands").
    """

    start: int
    end: int
    number: int
    clause: tuple[int, int]
    value: float
    step: float
    dimension: Dimension
    unit: str
    modifier: str
    rate: str = ""
    direction: int = 0
    is_order: bool = False
    is_spelled: bool = False
    is_elliptic: bool = False
    concept: str = ""
    sense: int = 0
    phrase: tuple[int, int] | None = None


class Quantities:
    """Reads the quantities of sentences of one language.

    Args:
        words: The seed table of number words.
        units: The seed table of units.
        terms: The seed table of terms.
        language: Language code.
    """

    def __init__(self, words: pl.DataFrame, units: pl.DataFrame, terms: pl.DataFrame, language: str) -> None:
        self._numbers = Numbers(words, language)
        own = units.filter(pl.col("language") == language)
        self._units = [
            (re.compile(alternatives(some["term"])), *key)
            for key, some in own.group_by("unit", "dimension", "factor", "concept", maintain_order=True)
        ]
        self._terms = terms.filter(pl.col("language") == language)
        self._modifiers = self._patterns(
            "modifier", r"(?:{}) ?(?:an? |the |un |una |el |los |las |of |de )?(?:us)?\$?$"
        )
        self._modifiers_after = self._patterns("modifier_after", r" ?(?:{})")
        self._directions = self._patterns("direction", "{}")
        self._rates = self._patterns("rate", "{}")

    def _patterns(self, role: str, around: str) -> list[tuple[re.Pattern[str], str]]:
        own = self._terms.filter(pl.col("role") == role)
        return [
            (re.compile(around.replace("{}", alternatives(some["term"]))), str(code))
            for (code,), some in own.group_by("code", maintain_order=True)
        ]

    def found(self, text: str, periods: list[Period]) -> list[Quantity]:
        """The quantities of a folded small sentence; dates, ages, durations, names with a number are none."""
        numbers = [
            number
            for number in self._numbers.found(text)
            if not beside.is_age(text[: number.start], text[number.end :])
            and (
                number.form == "ratio"
                or not any(each.at <= number.start and number.end <= each.until for each in periods)
            )
        ]
        breaks = [0, *(match.end() for match in beside.CLAUSE_END.finditer(text)), len(text)]
        found = []
        for place, number in enumerate(numbers):
            left = max(each for each in breaks if each <= number.start)
            right = min(each for each in breaks if each >= number.end)
            before = _border(text, numbers[place - 1], number)[1] if place else 0
            after = _border(text, number, numbers[place + 1])[0] if place + 1 < len(numbers) else len(text)
            quantity = self._quantity(text, number, (max(left, before), min(right, after)))
            if quantity is not None:
                commas = (text.rfind(", ", 0, number.start) + 1, text.find(", ", number.end) % (len(text) + 1))
                found.append(replace(_carried(text, quantity, found), sense=left, phrase=commas))
        return found

    @property
    def numbers(self) -> Numbers:
        """The reader of the language's numbers."""
        return self._numbers

    # One number ------------------------------------------------------------------------------------------------------

    def _quantity(self, text: str, number: Number, clause: tuple[int, int]) -> Quantity | None:
        """What a number counts, or nothing where it counts nothing known."""
        head, tail = text[: number.start], text[number.end :]
        if beside.is_name(head, tail):
            return None
        if percent := self._numbers.percent.match(tail):
            return self._percent(text, number, clause, number.end + percent.end())
        if number.form == "fraction" and beside.OF_A_MILLION.match(tail):
            return None
        if number.form == "fraction":
            return self._made(text, number, clause, number.end, ("share", "percent"), 100 * number.value, "about")
        if number.form == "ratio":
            if beside.DOUBLE_DOWN.match(tail):
                return None
            return self._made(text, number, clause, number.end, ("ratio", "ratio"), number.value, "about")
        if times := beside.TIMES.match(tail):
            end = number.end + times.end()
            is_strength = beside.STRONGER.match(tail, times.end())
            return None if is_strength else self._made(text, number, clause, end, ("ratio", "ratio"), number.value)
        return None if beside.LASTS.match(tail) else self._counted(text, number, clause)

    def _percent(self, text: str, number: Number, clause: tuple[int, int], end: int) -> Quantity | None:
        said_of = beside.OF.match(text, end)
        start, _ = self._modified(text, number, clause)
        # "One hundred per cent" is a manner of speech.
        if beside.POINTS.match(text, end) or number.value == 100 and not said_of:
            return None
        direction, until = self._direction(text, number, clause, end)
        # "Dropped to 52 per cent" tells where a share went, not by how much.
        is_reached = not until and _REACHED.search(text[:start]) and not _NOT_REACHED.search(text[:start])
        if not direction or is_reached or (said_of and not until and not self._is_beside(text, number, clause)):
            return self._made(text, number, clause, end, ("share", "percent"), number.value)
        made = self._made(text, number, clause, max(end, until), ("percent", "percent"), number.value)
        return _signed(made, direction)

    def _counted(self, text: str, number: Number, clause: tuple[int, int]) -> Quantity | None:
        said = text[number.start : number.end]
        unit, kind, factor, concept, length = self._unit(text, number, clause)
        if said in _TONS:
            if _COUNTED_TONS.search(text[: number.start]):
                return None
            unit, kind, factor, length = "kg", "weight", 1000.0, 0
        is_few = kind in ("count", "thing") and unit != "" and number.value < _FEW
        if is_few or not unit and not self._is_elliptic(text, number):
            return None
        value = number.value * factor
        made = self._made(text, number, clause, number.end + length, (kind, unit), value, factor=factor)
        return replace(made, is_elliptic=not unit, concept=concept or "")

    def _unit(self, text: str, number: Number, clause: tuple[int, int]) -> tuple[str, str, float, str, int]:
        """Unit, kind, factor and concept of the nearest noun that a number can count, and where it ends."""
        if beside.MONEY.search(text, max(0, number.start - 4), number.start):
            return "USD", "money", 1.0, "", 0
        end = min(clause[1], number.end + _WINDOW)
        tail = re.split(r"[.;:!?()\"]|, |--", text[number.end : end], maxsplit=1)[0]
        found, nearest = ("", "count", 1.0, "", 0), len(tail) + 1
        for pattern, *counted in self._units:
            match = pattern.search(tail)
            if match and match.start() < nearest and beside.leads(tail[: match.start()]):
                found, nearest = (*counted, match.end()), match.start()
        return found

    def _is_elliptic(self, text: str, number: Number) -> bool:
        """Whether a number without a noun can count what was named before."""
        is_small = number.value < _FEW_ALONE or number.form == "words" and number.value < 100
        is_year_ = is_year(number.value, text[number.start : number.end])
        return beside.stands_alone(text, number.end) and not is_small and not is_year_

    def _made(
        self,
        text: str,
        number: Number,
        clause: tuple[int, int],
        end: int,
        counted: tuple[str, str],
        value: float,
        modifier: str = _OTHERWISE,
        factor: float = 1.0,
    ) -> Quantity:
        """The quantity with the modifier beside it, the rate and the span that names it."""
        start, code = self._modified(text, number, clause)
        modifier = code or modifier
        if number.form == "plural" and modifier == _OTHERWISE:
            modifier = "at_least"
        around = text[max(clause[0], number.start - 24) : min(clause[1], end + 60)]
        rate = next((code for pattern, code in self._rates if pattern.search(around)), "")
        step = value if counted[0] == "share" and number.form == "fraction" else number.step * factor
        return Quantity(
            start,
            end,
            number.start,
            clause,
            round(value, 6),
            0.0 if number.form == "plural" else step,
            *counted,  # type: ignore[arg-type]
            modifier,
            rate,
            is_order=number.form == "plural",
            is_spelled=number.form == "words",
        )

    def _modified(self, text: str, number: Number, clause: tuple[int, int]) -> tuple[int, str]:
        """Where the words before a number that modify it begin, and what they or those after it say."""
        start, said = number.start, ""
        head_from = max(clause[0], number.start - 40)
        for pattern, code in self._modifiers:
            if match := pattern.search(text[head_from : number.start]):
                start, said = head_from + match.start(), code
                break
        else:
            start -= text[max(0, start - 1)] == "$"
        for pattern, code in self._modifiers_after:
            said = code if pattern.match(text[number.end :]) else said
        return start, said

    def _direction(self, text: str, number: Number, clause: tuple[int, int], end: int) -> tuple[int, int]:
        """1 for a rise, -1 for a fall, 0 where none is told; and where a following word of direction ends."""
        after = text[end : min(clause[1], end + 40)]
        for pattern, code in self._directions:
            if (match := pattern.search(after)) and len(after[: match.start()].split()) <= 2:
                return (1 if code == "rise" else -1), end + match.end()
        before = text[max(clause[0], number.start - 160) : number.start]
        for pattern, _ in self._modifiers:
            before = pattern.sub("", before)
        last = [(match.start(), code) for pattern, code in self._directions for match in pattern.finditer(before)]
        if last:
            return (1 if max(last)[1] == "rise" else -1), 0
        for pattern, code in self._directions:
            if match := pattern.search(after):
                return (1 if code == "rise" else -1), 0
        return 0, 0

    def _is_beside(self, text: str, number: Number, clause: tuple[int, int]) -> bool:
        """Whether a word of direction stands within four words before the number."""
        words = text[clause[0] : number.start].split()[-5:]
        return any(pattern.search(" ".join(words)) for pattern, _ in self._directions)


def _signed(quantity: Quantity, direction: int) -> Quantity:
    return replace(quantity, value=direction * quantity.value, direction=direction)


def _border(text: str, left: Number, right: Number) -> tuple[int, int]:
    """Where the clause of one number ends and that of the next begins: at a comma or an `and`, else they share it."""
    parted = _COMMA.search(text, left.end, right.start) or _AND.search(text, left.end, right.start)
    return (parted.start(), parted.start()) if parted else (right.start, left.end)


def _carried(text: str, quantity: Quantity, earlier: list[Quantity]) -> Quantity:
    """A percentage of a list takes the direction of the one before: "fell by 24 per cent, homicide by 17"."""
    if quantity.dimension != "share" or quantity.unit != "percent" or not earlier:
        return quantity
    before = earlier[-1]
    if (
        before.dimension != "percent"
        or beside.OF_SOMETHING.match(text, quantity.end)
        or quantity.start - before.end > _LIST_WITHIN
    ):
        return quantity
    return _signed(replace(quantity, dimension="percent"), before.direction)


def once(quantities: list[Quantity]) -> list[Quantity]:
    """In order each quantity said once: of a number repeated the one that says what is counted, else the first."""
    kept: list[Quantity] = []
    for quantity in sorted(quantities, key=lambda each: each.number):
        twin = next((each for each in kept if _is_again(each, quantity)), None)
        if twin is None:
            kept.append(quantity)
        elif twin.is_elliptic and not quantity.is_elliptic:
            kept[kept.index(twin)] = quantity
    return kept


def _is_again(first: Quantity, second: Quantity) -> bool:
    if abs(first.value) != abs(second.value) or second.number - first.end > _REPEATED_WITHIN:
        return False
    kinds = {first.dimension, second.dimension}
    return first.unit == second.unit or first.is_elliptic or second.is_elliptic or kinds == {"percent", "share"}
