"""Which sentences are worth a closer look: the few that name the other side, or stand beside one that does."""

from __future__ import annotations

import polars as pl

from pipelines.rhetoric.languages import CODED
from pipelines.rhetoric.lexicon import Lexicon, fold

OF_OTHERS = ("side", "person", "criminal", "shared")  # what the two share is of neither
SUBJECTS = ("theme", "cooperation", "hostility")
BESIDE = ("before", "after")


def candidates(sentences: pl.DataFrame, lexicon: Lexicon) -> pl.Series:
    """Whether a sentence names the other side or what the two share, or stands beside one and names a subject.

    Args:
        sentences: `sentence`, the texts `before` and `after` it, `language`, and the `side` of the turn.
        lexicon: The terms.
    """
    texts, *near = (
        sentences.select("language", "side", fold(pl.col(text).fill_null("")).alias("folded"))
        for text in ("sentence", *BESIDE)
    )
    beside = _names(near[0], lexicon) | _names(near[1], lexicon)
    return _chosen(texts, _names(texts, lexicon), beside, lexicon) & sentences["language"].is_in(CODED)


def naming(turns: pl.DataFrame, lexicon: Lexicon) -> pl.DataFrame:
    """The turns that may hold a candidate: those that name the other side or what the two share.

    Args:
        turns: `folded`, `language` and `side`.
        lexicon: The terms.
    """
    coded = turns.filter(pl.col("language").is_in(CODED))
    return coded.filter(_names(coded, lexicon))


def within(turns: pl.DataFrame, lexicon: Lexicon) -> pl.DataFrame:
    """The sentences of turns that `candidates` says are, as `turn_row` and `place` in the turn.

    Args:
        turns: `turn_row`, `lines` (a folded sentence each), `language` and `side`.
        lexicon: The terms.
    """
    texts = (
        turns.select("turn_row", "language", "side", pl.col("lines").str.split("\n").alias("folded"))
        .explode("folded")
        .with_columns(pl.int_range(pl.len()).over("turn_row").alias("place"))
    )
    names = _names(texts, lexicon)
    rows = texts.select("turn_row", names.alias("names"))
    beside = rows.select(
        pl.any_horizontal(pl.col("names").shift(step).over("turn_row").fill_null(False) for step in (1, -1))
    ).to_series()
    return texts.filter(_chosen(texts, names, beside, lexicon)).select("turn_row", "place")


def _chosen(texts: pl.DataFrame, names: pl.Series, beside: pl.Series, lexicon: Lexicon) -> pl.Series:
    open_to = beside & ~names
    names[open_to.arg_true()] = lexicon.holding(texts.filter(open_to), SUBJECTS)
    return names


def _names(texts: pl.DataFrame, lexicon: Lexicon) -> pl.Series:
    return lexicon.holding(texts, OF_OTHERS, but_own=True)
