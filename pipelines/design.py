"""Labelled sentences as a matrix: features, words, pairs of words, and what words have in common with others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from pipelines.rhetoric.weights import BESIDE, PAIR, WORD, WORDS_WEIGH
from pipelines.word_vectors import WordVectors

FROM = {WORD: 5, PAIR: 3}  # labelled sentences a word, or a pair of words, must stand in


@dataclass(frozen=True)
class Design:
    """What a regression is given, and how what it learns is told word by word.

    Attributes:
        matrix: One row for a labelled sentence: its features, words, pairs of words, and the sums of the vectors of its
            words and of the words beside it.
        features: What has a weight: the features, words of the sentence, pairs, and words beside it.
        words: Columns of words.
        pairs: Columns of pairs of words.
        alike: Columns of the vectors' dimensions, first of the sentence, then of what stands beside it.
        known: Which of the words that have a weight have a column too.
        vectors: The vectors of the words that have a weight; zero where none is known.
        beside: The vectors of the words beside.
    """

    matrix: Any
    features: list[str]
    words: slice
    pairs: slice
    alike: slice
    known: np.ndarray
    vectors: np.ndarray
    beside: np.ndarray

    @property
    def said(self) -> slice:
        """Columns of words and pairs."""
        return slice(self.words.start, self.pairs.stop)

    def told(self, weights: np.ndarray) -> np.ndarray:
        """The weights of the columns as weights of the `features`: a word has its own and that of its vector."""
        of_vectors, of_beside = np.split(weights[self.alike], 2)
        of_words = self.vectors @ of_vectors
        of_words[self.known] += weights[self.words]
        return np.concatenate([weights[: self.words.start], of_words, weights[self.pairs], self.beside @ of_beside])


def designed(
    numbers: Any, names: Sequence[str], said: pl.DataFrame, chosen: np.ndarray, vectors: WordVectors
) -> Design:
    """The matrix of all sentences, over the words and pairs that enough of the chosen ones hold.

    Args:
        numbers: Sparse matrix of the features, one row for a sentence.
        names: Their names.
        said: `row`, `kind` and `feature` of words, pairs of words, and words beside a sentence.
        chosen: Rows to learn from.
        vectors: How words are used.
    """
    from scipy import sparse

    size = numbers.shape[0]
    common = {kind: _common(said, chosen, kind) for kind in FROM}
    known = {kind: [kind + word for word in vectors.words] for kind in (WORD, BESIDE)}
    vocabulary = sorted({*common[WORD], *known[WORD]})
    by_word, by_pair, by_beside = (
        _held(said, features, size) for features in (vocabulary, common[PAIR], known[BESIDE])
    )
    place = {feature: number for number, feature in enumerate(vocabulary)}
    of_words = np.zeros((len(vocabulary), vectors.vectors.shape[1]))
    of_words[[place[feature] for feature in known[WORD]]] = vectors.vectors
    columns = [place[feature] for feature in common[WORD]]
    parts = [numbers, by_word[:, columns], by_pair]
    parts += [sparse.csr_matrix(by_word @ of_words), sparse.csr_matrix(by_beside @ vectors.vectors)]
    ends = np.cumsum([part.shape[1] for part in parts]).tolist()
    return Design(
        matrix=sparse.hstack(parts).tocsr(),
        features=[*names, *vocabulary, *common[PAIR], *known[BESIDE]],
        words=slice(ends[0], ends[1]),
        pairs=slice(ends[1], ends[2]),
        alike=slice(ends[2], ends[4]),
        known=np.array(columns, dtype=np.int64),
        vectors=of_words,
        beside=vectors.vectors,
    )


def _common(said: pl.DataFrame, chosen: np.ndarray, kind: str) -> list[str]:
    """The words, or pairs, that enough of the chosen sentences hold."""
    held = said.filter((pl.col("kind") == kind) & pl.col("row").is_in(chosen.tolist()))
    return sorted(held.group_by("feature").len().filter(pl.col("len") >= FROM[kind])["feature"])


def _held(said: pl.DataFrame, features: list[str], size: int) -> Any:
    """A matrix of which sentence holds which feature; all that one holds weigh the same together, however many."""
    from scipy import sparse

    number = pl.DataFrame(
        {"feature": features, "column": range(len(features))}, schema={"feature": pl.String, "column": pl.Int64}
    )
    held = said.join(number, on="feature").with_columns((WORDS_WEIGH / pl.len().over("row").sqrt()).alias("weight"))
    return sparse.csr_matrix((held["weight"], (held["row"], held["column"])), shape=(size, len(features)))
