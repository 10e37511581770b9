"""Where the terms of the lexicon stand in sentences: folded text, longest term first, at word bounds."""

from __future__ import annotations

import itertools
import re
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
_OPEN, _CLOSE = "\x01", "\x02"


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
        self._lists: dict[tuple[str, str, str | None], _List] = {}

    def found(self, texts: pl.DataFrame, *roles: str) -> pl.DataFrame:
        """Every term of the roles with its place, one row for a match and a code; overlapping terms of a role once.

        Args:
            texts: `row`, `language` and `folded`, the sentence as `fold` gives it.
            roles: Roles of terms to look for.
        """
        parts = [pl.DataFrame(schema=MATCH)]
        for (language,), some in texts.group_by("language", maintain_order=True):
            parts += [self._list(str(language), role).found(some) for role in roles]
        return pl.concat(parts)

    def holding(self, texts: pl.DataFrame, roles: tuple[str, ...], *, but_own: bool = False) -> pl.Series:
        """Whether each text holds a term of any of the roles; but_own leaves out terms of the text's own `side`."""
        held = pl.Series("held", [False] * len(texts), dtype=pl.Boolean)
        keys = ["language", "side"] if but_own else ["language"]
        for group, some in texts.with_row_index("at").group_by(*keys):
            lists = [self._list(str(group[0]), role, str(group[1]) if but_own else None) for role in roles]
            held[some.filter(pl.any_horizontal(each.is_held for each in lists))["at"]] = True
        return held

    def _list(self, language: str, role: str, not_of: str | None = None) -> _List:
        if (language, role, not_of) not in self._lists:
            said = self._terms.filter(pl.col("language").is_in([language, "any"]) & (pl.col("role") == role))
            self._lists[language, role, not_of] = _List(said.filter(pl.col("code").ne_missing(pl.lit(not_of))))
        return self._lists[language, role, not_of]


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
    """The terms of one role in one language."""

    def __init__(self, terms: pl.DataFrame) -> None:
        self._known = terms.select("term", "role", "code", "weight").unique(maintain_order=True)
        self._longest_first = sorted(terms["term"].unique(), key=_longest_first)
        self._pattern = _pattern(self._longest_first)
        self._patterned = [term for term in self._longest_first if _is_patterned(term)]
        self._plain = frozenset(self._longest_first) - frozenset(self._patterned)
        self._meant: dict[str, str] = {}

    @property
    def is_held(self) -> pl.Expr:
        """Whether the column `folded` holds a term."""
        return pl.col("folded").str.contains(self._pattern) if self._longest_first else pl.lit(False)

    def found(self, texts: pl.DataFrame) -> pl.DataFrame:
        if not self._longest_first:
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
    return "*" in term or " ... " in term


def _expression(term: str) -> str:
    """A term as a regular expression over folded text; capitals are meant as such."""
    body = re.escape(term).replace(r"\ \.\.\.\ ", r"(?:[ ,]+[A-Za-z0-9'-]+){0,4}[ ,]+").replace(r"\*", "[A-Za-z0-9]*")
    return rf"{body}\b" if term[-1].isalnum() or term[-1] == "*" else body


def _pattern(terms: list[str]) -> str:
    any_case = "|".join(_expression(term) for term in terms if term == term.lower())
    capitals = [_expression(term) for term in terms if term != term.lower()]
    return rf"(?-u:\b(?:{'|'.join([f'(?i:{any_case})'] * bool(any_case) + capitals)}))"


@cache
def _exact(term: str) -> re.Pattern[str]:
    return re.compile(_expression(term), re.IGNORECASE if term == term.lower() else 0)
