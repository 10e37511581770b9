"""Which sentences are worth a closer look: the few that name the other side, or stand beside one that does."""

from __future__ import annotations

import polars as pl

from pipelines.rhetoric.languages import CODED
from pipelines.rhetoric.lexicon import Lexicon, fold

OF_OTHERS = ("side", "person", "criminal")
SUBJECTS = ("theme", "cooperation", "hostility")
BESIDE = ("before", "after")


def candidates(sentences: pl.DataFrame, lexicon: Lexicon) -> pl.Series:
    """Whether a sentence names the other side or what the two share, or stands beside one and names a subject.

    Args:
        sentences: `sentence`, `language` and the `side` of the turn; `document` and `turn` where the neighbours of a
            sentence are the rows beside it, else the texts `before` and `after` it.
        lexicon: The terms.
    """
    texts = sentences.select("language", "side", fold(pl.col("sentence")).alias("folded"))
    names = _names(texts, lexicon)
    if {"document", "turn"} <= set(sentences.columns):
        rows = sentences.select("document", "turn", names.alias("names"))
        beside = rows.select(
            pl.any_horizontal(pl.col("names").shift(step).over("document", "turn").fill_null(False) for step in (1, -1))
        ).to_series()
    else:
        near = [
            sentences.select("language", "side", fold(pl.col(text).fill_null("")).alias("folded")) for text in BESIDE
        ]
        beside = _names(near[0], lexicon) | _names(near[1], lexicon)
    open_to = beside & ~names
    names[open_to.arg_true()] = lexicon.holding(texts.filter(open_to), SUBJECTS)
    return names & sentences["language"].is_in(CODED)


def _names(texts: pl.DataFrame, lexicon: Lexicon) -> pl.Series:
    return lexicon.holding(texts, OF_OTHERS, but_own=True) | lexicon.holding(texts, ("shared",))
