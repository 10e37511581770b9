"""Word vectors: words used alike lie alike, and what labelled sentences teach of one holds for the other."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from pipelines import training
from pipelines.word_vectors import LEAST, UNKNOWN, WordVectors, word_vectors
from tests.test_training import LINES

USES = ("the {} on steel rose by a tenth", "they sang a {} in the choir")
ALIKE = (("tariff", "tributo"), ("hymn", "canto"))


def _texts(times: int = LEAST) -> list[str]:
    said = [use.format(word) for use, words in zip(USES, ALIKE, strict=True) for word in words]
    return [text for text in said for _ in range(times)]


def _likeness(vectors: WordVectors, one: str, other: str) -> float:
    first, second = (vectors.vectors[vectors.words.index(word[:6])] for word in (one, other))
    return float(first @ second)


@pytest.fixture(scope="module")
def vectors() -> WordVectors:
    return word_vectors(_texts())


def test_words_used_alike_lie_alike(vectors: WordVectors) -> None:
    for (one, other), (third, _) in zip(ALIKE, reversed(ALIKE), strict=True):
        assert _likeness(vectors, one, other) > 0.9 > 0.5 > _likeness(vectors, one, third)
    assert np.linalg.norm(vectors.vectors, axis=1) == pytest.approx(np.ones(len(vectors.words)))


def test_word_said_too_seldom_has_no_vector() -> None:
    said = word_vectors([*_texts(), *["oddity"] * (LEAST - 1), *["wonder"] * LEAST]).words
    assert {"oddity", "wonder"} & set(said) == {"wonder"}
    assert word_vectors(_texts(LEAST // 10)) is UNKNOWN
    assert word_vectors([]) is UNKNOWN


def test_same_texts_give_the_same_vectors_whatever_the_accents_and_capitals(vectors: WordVectors) -> None:
    again = word_vectors(text.upper().replace("STEEL", "STÉEL") for text in _texts())
    assert again.words == vectors.words
    assert (again.vectors == vectors.vectors).all()


def test_word_that_no_labelled_sentence_holds_learns_from_one_used_alike() -> None:
    known = ["tariff", "tribut", "hymn", "canto"]
    vectors = WordVectors(known, np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]))
    weights = training.train(LINES, vectors).filter(pl.col("feature").is_in([f"word:{word}" for word in known]))
    of = {feature.removeprefix("word:"): weight for feature, weight in weights.select("feature", "trade").iter_rows()}
    assert of["tribut"] > 0.01 > of.get("canto", 0.0), "tariffs are labelled as trade, tributes are in no sentence"
    assert of["tariff"] >= of["tribut"]


def test_rare_stances_learn_from_their_own_words_alone() -> None:
    vectors = WordVectors(["tariff", "tribut"], np.ones((2, 1)))
    weights = training.train(LINES, vectors).filter(pl.col("feature") == "word:tribut")
    assert weights.select(training.LITERAL).row(0) == (0.0, 0.0)


def test_words_beside_a_sentence_teach_in_their_own_right() -> None:
    lines = [{**row, "prev": "A tribute." if "trade" in row["themes"] else "A song."} for row in LINES]
    vectors = WordVectors(["tribut", "song"], np.eye(2))
    weights = dict(training.train(lines, vectors).select("feature", "trade").iter_rows())
    assert weights["beside:tribut"] > 0.05
    assert weights["beside:tribut"] > weights.get("beside:song", 0.0)
    assert "word:song" not in weights
