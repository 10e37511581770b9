"""Where the terms of the lexicon stand in sentences: folded text, longest term first, at word bounds."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Callable, Iterable
from functools import cache

import polars as pl

from pipelines.rhetoric.wordings import FOLDED

NONE = "none"  # code of a term that takes its words out of reading
MATCH: dict[str, type[pl.DataType]] = {
    "row": pl.UInt32,
    "term": pl.String,
    "role": pl.String,
    "code": pl.String,
    "weight": pl.Int32,
    "start": pl.Int64,
    "end": pl.Int64,
}
_SURNAME = r"((?:\b(?:de|del|la|las|los|van|von) )*\S+)$"
_OPEN, _CLOSE, _END = "\x01", "\x02", "\x03"
_NOTHING = "[a&&b]"  # fits nowhere
_GAP = " ... "  # between parts of a term: up to four words


def fold(text: pl.Expr) -> pl.Expr:
    """The text in ASCII, one character for one, so that places in it are places in the original."""
    return text.str.replace_many(FOLDED).str.replace_all(r"[^\t\n\r\x20-\x7E]", "?")


class Lexicon:
    """Finds the terms of a lexicon.

    Args:
        terms: The seed table of terms.
    """

    def __init__(self, terms: pl.DataFrame) -> None:
        self._terms = terms
        self._lists: dict[tuple[str, tuple[str, ...], str | None], _List] = {}

    def found(self, texts: pl.DataFrame, *roles: str) -> pl.DataFrame:
        """Every term of the roles with its place, one row for a match and a code; overlapping terms of a role once.

        Args:
            texts: `row`, `language` and `folded`, the sentence as `fold` gives it.
            roles: Roles of terms to look for.
        """
        parts = [pl.DataFrame(schema=MATCH)]
        for (language,), some in texts.group_by("language", maintain_order=True):
            # The same sentence stands before one, is one and stands after one; it is searched once.
            said = some.select("folded").unique(maintain_order=True).with_row_index("row")
            rows = some.select(pl.col("row").alias("of"), "folded").join(said, on="folded", maintain_order="left")
            for role in roles:
                matches = self._list(str(language), (role,)).found(said)
                parts.append(rows.join(matches, on="row", maintain_order="left_right").drop("row", "folded"))
        return pl.concat([part.rename({"of": "row"}, strict=False).select(MATCH.keys()) for part in parts])

    def holding(self, texts: pl.DataFrame, roles: tuple[str, ...], *, but_own: bool = False) -> pl.Series:
        """Whether each text holds a term of any of the roles; but_own leaves out terms of the text's own `side`."""
        held = pl.repeat(False, len(texts), eager=True)
        keys = ["language", "side"] if but_own else ["language"]
        for group, some in texts.with_row_index("at").group_by(*keys):
            terms = self._list(str(group[0]), roles, str(group[1]) if but_own else None)
            held[some.filter(terms.is_held(some["folded"]))["at"]] = True
        return held

    def _list(self, language: str, roles: tuple[str, ...], not_of: str | None = None) -> _List:
        if (language, roles, not_of) not in self._lists:
            said = self._terms.filter(pl.col("language").is_in([language, "any"]) & pl.col("role").is_in(roles))
            self._lists[language, roles, not_of] = _List(said.filter(pl.col("code").ne_missing(pl.lit(not_of))))
        return self._lists[language, roles, not_of]


def persons(actors: pl.DataFrame, cues: pl.DataFrame, dyad: pl.DataFrame) -> pl.DataFrame:
    """Office-holders of the two sides as terms of the role `person`: full names, and surnames after a title."""
    titles = cues.filter(pl.col("role") == "title").select("voice", pl.col("cue").alias("title"))
    named = actors.filter(
        pl.col("side").is_in(dyad["side"].to_list()) & pl.col("alias").str.contains(" ", literal=True)
    )
    surname = pl.col("alias").str.extract(_SURNAME, 1)
    told = named.select("voice", "side", "alias", surname.alias("surname"), fold(pl.col("name")).str.to_lowercase())
    named = told.filter(pl.col("name").str.contains(pl.col("surname"), literal=True))
    full = named.select(pl.col("alias").alias("term"), "side")
    titled = named.join(titles, on="voice").select(
        pl.concat_str("title", "surname", separator=" ").alias("term"), "side"
    )
    terms = pl.concat([full, titled]).unique().filter(pl.col("side").n_unique().over("term") == 1).sort("term")
    any_side = {"language": pl.lit("any"), "role": pl.lit("person"), "weight": pl.lit(1, pl.Int32)}
    return terms.rename({"side": "code"}).with_columns(**any_side)


class _List:
    """The terms of some roles in one language."""

    def __init__(self, terms: pl.DataFrame) -> None:
        self._known = terms.select("term", "role", "code", "weight").unique(maintain_order=True)
        self._longest_first = sorted(terms["term"].unique(), key=_longest_first)
        self._patterned = [term for term in self._longest_first if _is_patterned(term)]
        self._hint = _pattern(self._longest_first, _hints)
        self._pattern = _pattern(self._longest_first, _alternatives) if self._patterned else self._hint
        self._plain = frozenset(self._longest_first) - frozenset(self._patterned)
        self._meant: dict[str, str] = {}
        gapped = [term for term in self._longest_first if _GAP in term]
        self._without_gap = _pattern([term for term in self._longest_first if _GAP not in term], _hints)
        self._with_gap = (_pattern(gapped, _hints), _pattern(gapped, _alternatives)) if gapped else ()

    def is_held(self, folded: pl.Series) -> pl.Series:
        """Whether each text holds a term."""
        held = folded.str.contains(self._without_gap)
        open_to = (~held).arg_true()
        for pattern in self._with_gap:
            open_to = open_to.filter(folded.gather(open_to).str.contains(pattern))
        if self._with_gap:
            held[open_to] = True
        return held

    def found(self, texts: pl.DataFrame) -> pl.DataFrame:
        texts = texts.filter(pl.col("folded").str.contains(self._hint))
        if texts.is_empty():
            return pl.DataFrame(schema=MATCH)
        marked = pl.col("folded").str.replace_all(self._pattern, f"{_OPEN}${{0}}{_CLOSE}")
        places = (
            texts.lazy()
            .select("row", marked.alias("marked"))
            .filter(pl.col("marked").str.contains(_OPEN, literal=True))
            .select(
                "row",
                pl.col("marked").str.extract_all(f"{_OPEN}[^{_CLOSE}]+").alias("said"),
                pl.col("marked").str.find_many([_OPEN]).alias("at"),
            )
            .explode("said", "at")
            .with_columns(
                pl.col("said").str.strip_prefix(_OPEN),
                (pl.col("at").cast(pl.Int64) - 2 * pl.int_range(pl.len()).over("row")).alias("start"),
            )
            .with_columns((pl.col("start") + pl.col("said").str.len_bytes()).alias("end"))
            .collect()
        )
        for said in places["said"].unique():
            if said not in self._meant:
                self._meant[said] = self._term(said)
        return (
            places.with_columns(pl.col("said").replace_strict(self._meant, return_dtype=pl.String).alias("term"))
            .join(self._known, on="term", how="inner", maintain_order="left_right")
            .filter(pl.col("code") != NONE)
            .select(MATCH.keys())
            .cast(MATCH)
        )

    def _term(self, said: str) -> str:
        """The longest term that says what was found."""
        plain = {said, said.lower()} & self._plain
        patterned = (term for term in self._patterned if _exact(term).fullmatch(said))
        return min([*plain, *itertools.islice(patterned, 1)], key=_longest_first)


def _longest_first(term: str) -> tuple[int, str]:
    return -len(term), term


def _is_patterned(term: str) -> bool:
    return "*" in term or _GAP in term


def _expression(term: str) -> str:
    """A term as a regular expression over folded text; capitals are meant as such."""
    return _escaped(_ended(term)).replace(re.escape(_GAP), r"(?:[ ,]+[A-Za-z0-9'-]+){0,4}[ ,]+")


def _escaped(words: str) -> str:
    return re.escape(words).replace(r"\*", "[A-Za-z0-9]*").replace(_END, r"\b")


def _pattern(terms: list[str], alternatives: Callable[[list[str]], list[str]]) -> str:
    any_case = "|".join(alternatives([term for term in terms if term == term.lower()]))
    capitals = alternatives([term for term in terms if term != term.lower()])
    either = "|".join([f"(?i:{any_case})"] * bool(any_case) + capitals)
    return rf"(?-u:\b(?:{either or _NOTHING}))"


def _alternatives(terms: list[str]) -> list[str]:
    return [_expression(term) for term in terms]


def _hints(terms: list[str]) -> list[str]:
    """Expressions of which one fits where a term does: quick, as a gap is left out and what is alike is put together.

    Where no term has a gap or a star, the longest that fits is found, as more words come before fewer.
    """
    following: dict[str, set[str]] = {}
    for term in terms:
        first, blank, others = max(term.split(_GAP), key=len).partition(" ")
        following.setdefault(first + blank, set()).add(others)
    alike: dict[frozenset[str], list[str]] = {}
    for first, others in following.items():
        alike.setdefault(frozenset(others), []).append(first)
    same = alike.pop(frozenset([""]), [])
    several = {others: each for others, each in alike.items() if len(each) > 1}
    words = [*same, *(first + other for others, (first, *more) in alike.items() if not more for other in others)]
    groups = [_tree(each) + _tree(map(_ended, others)) for others, each in several.items()]
    if words:
        groups.append(_tree(map(_ended, words)))
    return groups


def _ended(words: str) -> str:
    """The words with a sign that a word ends there."""
    return f"{words}{_END}" if words[-1].isalnum() or words[-1] == "*" else words


def _tree(words: Iterable[str]) -> str:
    """One expression for some words, the longer first, in which letters that several begin with are written once."""
    ordered = sorted(words, reverse=True)
    begin = os.path.commonprefix([ordered[0], ordered[-1]])
    if len(ordered) == 1:
        return _escaped(begin)
    alike = itertools.groupby((word[len(begin) :] for word in ordered), key=lambda rest: rest[:1])
    return f"{_escaped(begin)}(?:{'|'.join(_tree(rests) for _, rests in alike)})"


@cache
def _exact(term: str) -> re.Pattern[str]:
    return re.compile(_expression(term), re.IGNORECASE if term == term.lower() else 0)
