"""Numbers in figures and words, English and Spanish: value, place, and how exactly they are printed."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

import polars as pl

Form = Literal["figure", "words", "plural", "ratio", "fraction"]
_FIGURE = r"(?<![\d.,'])(?<![a-z\d]-)(?<![a-z])(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?:\.\d{3}){2,}|\d+)(?:\.\d+)?(?!\d)"
_BEFORE, _AFTER = r"(?<![a-z])", r"(?![a-z])"
_JOIN = re.compile(r" +(?:(?:y|and) +)?|-")
_HALF_MORE = re.compile(r" +(?:y medi[oa]|and a half)\b")
_SMALLEST_SCALE = 1000


@dataclass(frozen=True)
class Number:
    """One number of a sentence.

    Attributes:
        start: Place of its first character.
        end: Place after its last.
        value: What it states; a fraction as a share of one.
        step: Worth of its last significant printed digit; 0 where the word is no figure.
        form: How it is said.
    """

    start: int
    end: int
    value: float
    step: float
    form: Form


@dataclass
class _Token:
    start: int
    end: int
    role: str
    value: float
    step: float


class Numbers:
    """Reads the numbers of one language.

    Args:
        words: The seed table of number words.
        language: Language code.
    """

    def __init__(self, words: pl.DataFrame, language: str) -> None:
        own = words.filter(pl.col("language") == language)
        self._known: dict[str, tuple[str, float]] = {}
        for role in ("ratio", "fraction", "plural", "part", "one", "scale", "unit"):
            for word, value in own.filter(pl.col("role") == role).select("word", "value").iter_rows():
                self._known[word] = (role, value)
        said = sorted(self._known, key=lambda word: (-len(word), word))
        self._token = re.compile(rf"{_FIGURE}|{_BEFORE}(?:{'|'.join(map(re.escape, said))}){_AFTER}")
        percent = own.filter(pl.col("role") == "percent")["word"].sort(descending=True)
        self.percent = re.compile(rf" ?%| +(?:{'|'.join(percent)}){_AFTER}")
        self.ordinals = dict(own.filter(pl.col("role") == "ordinal").select("word", "value").iter_rows())

    def found(self, text: str) -> list[Number]:
        """Every number of a folded small text, in order; lone words such as `a` or `mil` by what stands beside them."""
        tokens = [
            self._read(match) for match in self._token.finditer(text) if not text.endswith("por ", 0, match.start())
        ]
        numbers: list[Number] = []
        at = 0
        while at < len(tokens):
            first = tokens[at]
            if first.role in ("ratio", "fraction", "plural"):
                form = first.role
                step = 0.0 if form == "plural" else first.value
                numbers.append(Number(first.start, first.end, first.value, step, form))  # type: ignore[arg-type]
                at += 1
                continue
            number, at = self._composed(text, tokens, at)
            if number is not None:
                numbers.append(number)
        return numbers

    def _lone(self, text: str, scale: _Token) -> Number | None:
        """A scale without a number before it: "mil" is a thousand, "millones" some millions, "million" no number."""
        said = text[scale.start : scale.end]
        if said.endswith("es"):
            return Number(scale.start, scale.end, 2 * scale.value, 0.0, "plural")
        return Number(scale.start, scale.end, scale.value, scale.value, "words") if said == "mil" else None

    def _read(self, match: re.Match[str]) -> _Token:
        word = match[0]
        if word[0].isdigit():
            digits = word.replace(",", "")
            if digits.count(".") > 1:
                digits = digits.replace(".", "")
            value = float(digits)
            _, point, decimals = digits.partition(".")
            return _Token(match.start(), match.end(), "figure", value, 10.0 ** -len(decimals) if point else 0.0)
        role, value = self._known[word]
        return _Token(match.start(), match.end(), role, value, 0.0)

    def _composed(self, text: str, tokens: list[_Token], at: int) -> tuple[Number | None, int]:
        """The number that starts with the token, and the place of the next token that is not part of it."""
        first = tokens[at]
        follower = tokens[at + 1] if at + 1 < len(tokens) else None
        if first.role in ("one", "part") and (
            follower is None or follower.role != "scale" or not _touch(text, first, follower)
        ):
            return None, at + 1
        made, place = _Sum(), at
        while place < len(tokens) and made.takes(text, tokens[place]):
            place += 1
        last = made.last
        if last is None:
            return None, at + 1
        if first is last and first.role == "scale":
            return self._lone(text, first), place
        value, end = made.value, last.end
        if last.role == "scale" and (more := _HALF_MORE.match(text, end)):
            value, end = value + last.value / 2, more.end()
        form: Form = "figure" if first.role == "figure" else "words"
        return Number(first.start, end, value, made.step * made.scale or _last_digit(value), form), place


class _Sum:
    """A number while its words are read: whole millions, a block below a million, and what may yet be multiplied."""

    def __init__(self) -> None:
        self.total = self.block = 0.0
        self.small: float | None = None
        self.step, self.scale = 0.0, 1.0
        self.last: _Token | None = None

    @property
    def value(self) -> float:
        """What is read so far."""
        return self.total + self.block + (self.small or 0.0)

    def takes(self, text: str, token: _Token) -> bool:
        """Read one more token if it can be of the same number; whether it was."""
        last = self.last
        is_next = last is None or token.role not in ("one", "part") and _touch(text, last, token)
        if token.role in ("ratio", "fraction", "plural") or not is_next:
            return False
        if token.role == "scale":
            self._multiplied(token.value)
        elif self.small is None and (last is None or token.value < last.value):
            self.small, self.step = token.value, token.step or self.step
        elif token.role == "unit" and last is not None and last.role != "figure" and _adds(self.small, token.value):
            self.small = (self.small or 0.0) + token.value
        else:
            return False
        self.last = token
        return True

    def _multiplied(self, scale: float) -> None:
        if scale < _SMALLEST_SCALE:
            self.small = (self.small or 1.0) * scale
        elif scale == _SMALLEST_SCALE:
            self.block += (1.0 if self.small is None else self.small) * scale
            self.small = None
        else:
            self.total += (self.block + (self.small or 0.0) or 1.0) * scale
            self.block, self.small = 0.0, None
        self.scale = scale if self.step else self.scale


def is_year(value: float, said: str) -> bool:
    """Whether a figure can only be read as a year of these two centuries where nothing is counted."""
    return said.isdigit() and len(said) == 4 and 1900 <= value < 2100


def _touch(text: str, left: _Token, right: _Token) -> bool:
    """Whether two tokens can be of one number: only a blank, a hyphen or an `and` stands between them."""
    between = text[left.end : right.start]
    if between.strip() in ("y", "and") and (right.role == "figure" or left.role == "figure"):
        return False
    if left.role == "figure" and (right.role != "scale" or is_year(left.value, text[left.start : left.end])):
        return False
    if between == "-" and (left.role == "figure") != (right.role == "figure") and right.role != "scale":
        return False
    if left.role == "scale" and right.role == "figure" and right.value >= left.value:
        return False
    return _JOIN.fullmatch(between) is not None


def _adds(small: float | None, value: float) -> bool:
    """Whether a unit may follow: "cincuenta y cinco", "doscientos diez", not "five six"."""
    if small is None:
        return False
    return value < 10 <= small and small % 10 == 0 or value < 100 <= small and small % 100 == 0


def _last_digit(value: float) -> float:
    """Worth of the last digit that is not zero; 20,000 is told in ten thousands."""
    if value == 0 or not value.is_integer():
        return 1.0
    digits = str(int(value))
    return math.pow(10, len(digits) - len(digits.rstrip("0")))
