"""Terms of the claims' seeds as patterns over folded small letters."""

from __future__ import annotations

import re
from collections.abc import Iterable

import polars as pl

from pipelines.rhetoric.lexicon import fold

_GAPS = {"..": r"(?:\S+ ){0,2}?", "...": r"(?:\S+ ){0,5}?"}


def folded(texts: pl.Expr) -> pl.Expr:
    """The texts in small ASCII letters, a character for a character; line ends and tabs are blanks."""
    return fold(texts).str.to_lowercase().str.replace_all(r"[\t\n\r]", " ")


def term(said: str) -> str:
    """The pattern of a term: `*` is any ending, `..` up to two words, `...` up to five, brackets hold choices."""
    words = [_GAPS.get(word) or _word(word) for word in said.split(" ")]
    pattern = ""
    for word in words:
        glue = "" if not pattern or pattern.endswith("?") and pattern.endswith("}?") else " +"
        pattern += glue + word
    return pattern


def _word(word: str) -> str:
    return re.sub(r"[.$%+]", lambda sign: re.escape(sign[0]), word).replace("*", "[a-z]*")


def alternatives(said: Iterable[str]) -> str:
    """The pattern of any of the terms at word bounds, longest first."""
    ordered = sorted(set(said), key=lambda each: (-len(each), each))
    return rf"\b(?:{'|'.join(map(term, ordered))})(?![a-z0-9])"
