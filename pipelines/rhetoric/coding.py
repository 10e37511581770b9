"""What a sentence says of the other side, by terms of a lexicon: the first method, text in and codes out.

The seam is `code`: any later method takes the same frames and returns the same columns.
"""

from __future__ import annotations

import re

import polars as pl

CODES: dict[str, pl.DataType | type[pl.DataType]] = {
    "bilateral": pl.Boolean(),
    "direction": pl.String(),
    "hostility": pl.Int32(),
    "cooperation": pl.Int32(),
    "themes": pl.List(pl.String()),
    "blame": pl.String(),
    "evidence": pl.List(pl.Struct({"term": pl.String(), "start": pl.Int64(), "end": pl.Int64()})),
}
NONE = "none"
OTHER_THEME = "other"
ASKING = "press"  # a question takes no stance
CROWD = 3  # countries besides the two that make a mention one in a list

_PLAIN = dict(
    zip(
        "áàâäãåéèêëíìîïóòôöõúùûüñçÁÀÂÄÃÅÉÈÊËÍÌÎÏÓÒÔÖÕÚÙÛÜÑÇ",
        "aaaaaaeeeeiiiiooooouuuuncAAAAAAEEEEIIIIOOOOOUUUUNC",
        strict=True,
    )
)
_PLAIN |= dict(zip("‘’‚“”„«»–—‐‑…\u00a0\u2009\u202f", '\'\'\'"""""----.   ', strict=True))
_OPEN, _CLOSE = "\x01", "\x02"
_MATCHES = {
    "row": pl.UInt32,
    "term": pl.String,
    "role": pl.String,
    "code": pl.String,
    "weight": pl.Int32,
    "start": pl.Int64,
    "end": pl.Int64,
}


def fold(text: pl.Expr) -> pl.Expr:
    """The text in ASCII, one character for one, so that places in it are places in the original."""
    return text.str.replace_many(_PLAIN).str.replace_all(r"[^\x00-\x7F]", "?")


def code(sentences: pl.DataFrame, lexicon: pl.DataFrame, dyad: pl.DataFrame) -> pl.DataFrame:
    """The codes of each sentence, one row for one, in order.

    Args:
        sentences: `sentence`, `before` and `after` it in the turn, `language`, and its utterer's `side` and `voice`.
        lexicon: The seed table of terms.
        dyad: The seed table of the two sides.
    """
    frame = sentences.select("sentence", "language", "side", "voice").with_row_index("row")
    frame = frame.with_columns(fold(pl.col("sentence")).alias("folded"))
    mentions = _found(frame, lexicon, ("side", "context"))
    bilateral = frame.join(_bilateral(frame, mentions, dyad), on="row", how="semi")
    stances = _found(bilateral, lexicon, ("theme", "hostility", "cooperation", "blame"))
    named = mentions.filter(pl.col("role") == "context").join(bilateral, on="row", how="semi")
    coded = _codes(bilateral, stances, dyad).join(_evidence(pl.concat([named, stances])), on="row", how="left")
    whole = frame.select("row").join(coded, on="row", how="left", maintain_order="left")
    return whole.select(
        pl.col("bilateral").fill_null(False),
        pl.col("direction").fill_null(NONE),
        pl.col("hostility").fill_null(0),
        pl.col("cooperation").fill_null(0),
        pl.col("themes").fill_null([]),
        pl.col("blame").fill_null(NONE),
        pl.col("evidence").fill_null([]),
    ).cast(CODES)


# Terms ----------------------------------------------------------------------------------------------------------------


def _found(frame: pl.DataFrame, lexicon: pl.DataFrame, roles: tuple[str, ...]) -> pl.DataFrame:
    """Every term of the roles with its place, one row for a match and a code; overlapping terms of a role only once."""
    parts = [pl.DataFrame(schema=_MATCHES)]
    for (language,), texts in frame.group_by("language", maintain_order=True):
        terms = lexicon.filter(pl.col("language").is_in([language, "any"]))
        parts += [_matches(texts, terms.filter(pl.col("role") == role)) for role in roles]
    return pl.concat(parts)


def _matches(texts: pl.DataFrame, terms: pl.DataFrame) -> pl.DataFrame:
    if terms.is_empty() or texts.is_empty():
        return pl.DataFrame(schema=_MATCHES)
    longest_first = sorted(terms["term"].unique(), key=lambda term: (-len(term), term))
    pattern = _pattern(longest_first)
    marked = texts.lazy().select("row", "folded").filter(pl.col("folded").str.contains(pattern))
    places = (
        marked.select(
            "row",
            pl.col("folded").str.extract_all(pattern).alias("said"),
            pl.col("folded").str.replace_all(pattern, f"{_OPEN}${{0}}{_CLOSE}").str.find_many([_OPEN]).alias("at"),
        )
        .explode("said", "at")
        .with_columns((pl.col("at").cast(pl.Int64) - 2 * pl.int_range(pl.len()).over("row")).alias("start"))
        .with_columns((pl.col("start") + pl.col("said").str.len_bytes()).alias("end"))
        .collect()
    )
    exact = [(term, _exact(term)) for term in longest_first]
    meant = {said: next(term for term, form in exact if form.fullmatch(said)) for said in places["said"].unique()}
    known = terms.select("term", "role", "code", "weight").unique(maintain_order=True)
    return (
        places.with_columns(pl.col("said").replace_strict(meant, return_dtype=pl.String).alias("term"))
        .join(known, on="term", how="inner", maintain_order="left_right")
        .filter(pl.col("code") != NONE)
        .select(_MATCHES.keys())
        .cast(_MATCHES)
    )


def _expression(term: str) -> str:
    """A term as a regular expression over folded text; capitals are meant as such."""
    body = re.escape(term).replace(r"\ \.\.\.\ ", r"(?:[ ,]+[A-Za-z0-9'-]+){0,4}[ ,]+").replace(r"\*", "[A-Za-z0-9]*")
    return rf"{body}\b" if term[-1].isalnum() or term[-1] == "*" else body


def _pattern(terms: list[str]) -> str:
    any_case = "|".join(_expression(term) for term in terms if term == term.lower())
    capitals = "|".join(_expression(term) for term in terms if term != term.lower())
    return rf"(?-u:\b(?:(?i:{any_case}){'|' + capitals if capitals else ''}))"


def _exact(term: str) -> re.Pattern[str]:
    return re.compile(_expression(term), re.IGNORECASE if term == term.lower() else 0)


# Codes ----------------------------------------------------------------------------------------------------------------


def _bilateral(frame: pl.DataFrame, mentions: pl.DataFrame, dyad: pl.DataFrame) -> pl.DataFrame:
    """Rows that name the other side (both sides, where the utterer is of neither) or an issue the two share."""
    seen = mentions.group_by("row").agg(
        pl.col("code").filter(pl.col("role") == "side").unique().alias("sides"),
        (pl.col("role").eq("context") & pl.col("code").eq("shared")).any().alias("shared"),
        pl.col("term").filter(pl.col("code") == "third").n_unique().alias("others"),
    )
    sides = dyad["side"].to_list()
    both = pl.all_horizontal(pl.col("sides").list.contains(side) for side in sides)
    other_named = pl.col("sides").list.contains(pl.col("counterpart")).fill_null(False)
    judged = frame.select("row", "side").join(seen, on="row").join(dyad, on="side", how="left")
    names_it = pl.when(pl.col("counterpart").is_null()).then(both).otherwise(other_named)
    return judged.filter(pl.col("shared") | (names_it & (pl.col("others") < CROWD))).select("row")


def _codes(bilateral: pl.DataFrame, stances: pl.DataFrame, dyad: pl.DataFrame) -> pl.DataFrame:
    role, weight = pl.col("role"), pl.col("weight")
    summed = (
        stances.sort("row", "start", "end", "code")
        .group_by("row")
        .agg(
            weight.filter(role == "hostility").max().alias("hostility"),
            (role == "cooperation").any().cast(pl.Int32).alias("cooperation"),
            pl.col("code").filter(role == "theme").unique().sort().alias("themes"),
            pl.col("code").filter(role == "blame").first().alias("blame"),
        )
    )
    asks = pl.col("voice") == ASKING
    takes_stance = (pl.col("hostility") > 0) | (pl.col("cooperation") > 0)
    return (
        bilateral.join(summed, on="row", how="left")
        .join(dyad.select("side", pl.col("direction").alias("toward")), on="side", how="left")
        .with_columns(
            pl.when(asks).then(0).otherwise(pl.col("hostility").fill_null(0)).alias("hostility"),
            pl.when(asks).then(0).otherwise(pl.col("cooperation").fill_null(0)).alias("cooperation"),
            pl.when(pl.col("themes").list.len() > 0).then(pl.col("themes")).otherwise([OTHER_THEME]).alias("themes"),
        )
        .select(
            "row",
            pl.lit(True).alias("bilateral"),
            pl.when(takes_stance & ~asks).then(pl.col("toward")).otherwise(None).fill_null(NONE).alias("direction"),
            "hostility",
            "cooperation",
            "themes",
            pl.col("blame").fill_null(NONE),
        )
    )


def _evidence(matches: pl.DataFrame) -> pl.DataFrame:
    places = matches.select("row", "term", "start", "end").unique().sort("row", "start", "end", "term")
    return places.group_by("row", maintain_order=True).agg(pl.struct("term", "start", "end").alias("evidence"))
