"""Words as vectors, learnt from texts nobody labelled: words that are used alike lie alike.

What labelled sentences teach of some words so holds for others too, in either language: words that both have, such as
names, tie the two together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.batches import by_size
from pipelines.rhetoric.lexicon import fold
from pipelines.rhetoric.weights import stems

LEAST = 100  # times a word must be said to have a vector
CONTEXTS = 8_000  # most frequent words that tell how others are used
WINDOW = 5  # words on either side; the nearer, the more they tell
SMOOTHED = 0.75  # power of a context's frequency, as rare ones would else tell too much
DIMENSIONS = 200
TOGETHER = 4_000_000  # characters cut into words at a time


@dataclass(frozen=True)
class WordVectors:
    """Vectors of words.

    Attributes:
        words: Words by their first letters, as `stems` gives them.
        vectors: A row of length 1 for each.
    """

    words: list[str]
    vectors: np.ndarray


UNKNOWN = WordVectors([], np.zeros((0, 0)))


def word_vectors(texts: Iterable[str]) -> WordVectors:
    """The vectors of the words said often enough in some texts.

    How much oftener two words stand near each other than by chance (positive pointwise mutual information), brought to
    few dimensions by a singular value decomposition; always the same for the same texts.
    """
    from scipy import sparse
    from sklearn.utils.extmath import randomized_svd

    words, said = _common(*_numbered(texts))
    if not words:
        return UNKNOWN
    size, contexts = len(words), min(len(words), CONTEXTS)
    follows = sparse.csr_matrix((size, size), dtype=np.float32)
    for step in range(1, WINDOW + 1):
        here, then = said[:-step], said[step:]
        is_told = (here >= 0) & (then >= 0)
        weights = np.full(int(is_told.sum()), (WINDOW + 1 - step) / WINDOW, np.float32)
        follows += sparse.coo_matrix((weights, (here[is_told], then[is_told])), shape=follows.shape).tocsr()
    together = (follows + follows.T)[:, :contexts]
    found = together.tocoo()
    of_word, of_context = (np.asarray(together.sum(axis=axis)).ravel() for axis in (1, 0))
    by_chance = of_context**SMOOTHED / (of_context**SMOOTHED).sum()
    oftener = np.log(found.data / (of_word[found.row] * by_chance[found.col]))
    is_oftener = oftener > 0
    information = sparse.csr_matrix(
        (oftener[is_oftener], (found.row[is_oftener], found.col[is_oftener])), shape=together.shape
    )
    dimensions = min(DIMENSIONS, contexts)
    left, strength, _ = randomized_svd(information, dimensions, n_iter=4, random_state=0)
    vectors = left * np.sqrt(strength)
    vectors -= vectors.mean(axis=0)  # what all words have in common tells nothing
    return WordVectors(words, vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9))


def _numbered(texts: Iterable[str]) -> tuple[list[str], np.ndarray]:
    """The words in the order they were first said, and the words of all texts in order by their number."""
    known: dict[str, int] = {}
    parts = []
    for some in by_size(texts, len, TOGETHER):
        text = pl.DataFrame({"text": ["\n".join(some)]})
        said = stems(text.select(fold(pl.col("text")).str.to_lowercase()).to_series())
        new = [stem for stem in said.unique(maintain_order=True) if stem not in known]
        known.update(zip(new, range(len(known), len(known) + len(new)), strict=True))
        parts.append(said.replace_strict(known, return_dtype=pl.Int32).to_numpy().astype(np.int32))
    return list(known), np.concatenate(parts)


def _common(words: list[str], said: np.ndarray) -> tuple[list[str], np.ndarray]:
    """The words said often enough, the most frequent first, and what is said by their number; -1 is a rarer one."""
    counts = np.bincount(said, minlength=len(words))
    order = sorted((number for number in range(len(words)) if counts[number] >= LEAST), key=lambda n: (-counts[n], n))
    renumbered = np.full(len(words) + 1, -1, np.int32)
    renumbered[order] = range(len(order))
    return [words[number] for number in order], renumbered[said]
