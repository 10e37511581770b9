"""A sentence with what stands around it, folded for the search of cues, and cut into clauses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipelines.rhetoric.speakers import Utterer
from pipelines.texts import PLAIN

FAR = 90  # characters; further from a quotation nobody is looked for
WORD = re.compile(r"\w+")

# An İ is the one letter whose small form is two.
_PLAIN = {letter: plain for letter, plain in PLAIN.items() if letter not in "óÓ"} | {"’": "'", "‘": "'", "İ": "I"}
_TRANSLATED = str.maketrans(_PLAIN)
_WITHIN = re.compile(r"ó(\w)")
# No full stop after a shorter word ends a clause: it may be a title.
_BOUNDARY = re.compile(r"(?:[!?;:]|(?<=\w{4})\.)(?=\s|$)|[“”«»\"]")


@dataclass(frozen=True)
class Said:
    """One sentence as it stands in a turn, who has the floor, and an expression for his surnames."""

    text: str
    folded: str
    before: str
    after: str
    day: date
    floor: Utterer
    himself: re.Pattern[str]


def folded(text: str) -> str:
    """The text in small letters without accents, one character for one.

    An accent at the end of a word stays on an o: it tells what somebody said from what the utterer says.
    """
    return _WITHIN.sub(r"o\1", text.translate(_TRANSLATED).lower())


def folded_column(text: pl.Expr) -> pl.Expr:
    """As `folded`, for a column."""
    return text.str.replace_many(_PLAIN).str.to_lowercase().str.replace_all(_WITHIN.pattern, "o${1}")


def has_boundary(text: str) -> bool:
    """Whether a clause ends in the text."""
    return _BOUNDARY.search(text) is not None


def clause_before(text: str, end: int) -> str:
    """The clause before a place, not further back than anybody is looked for."""
    window = text[max(0, end - FAR) : end]
    cuts = [cut.end() for cut in _BOUNDARY.finditer(window, 0, max(0, len(window.rstrip()) - 1))]
    return window[cuts[-1] :] if cuts else window


def clause_after(text: str, start: int) -> str:
    """The clause after a place, not further on than anybody is looked for."""
    window = text[start : start + FAR]
    cut = _BOUNDARY.search(window)
    return window[: cut.start()] if cut else window


def clause_start(text: str, end: int) -> int:
    """Where the clause begins that ends at a place, however long."""
    return max((cut.end() for cut in _BOUNDARY.finditer(text, 0, max(0, end))), default=0)
