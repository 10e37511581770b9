"""Weights: what words and pairs of words weigh, and which of them are shown."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.rhetoric.weights import PAIR, TELLING, WORD, WORDS_WEIGH, Weights, words

_FIXED = {"(intercept)": 0.25, "(threshold en)": 0.5}
_SENTENCES = st.lists(st.text(alphabet="OSKXaeñtZ'-09 ().,\n", max_size=40), max_size=3)


def _weights(of: dict[str, float]) -> Weights:
    told = {**_FIXED, **of}
    return Weights(pl.DataFrame({"feature": list(told), "threat": list(told.values())}))


def _told(marked: pl.Series, before: str = "", after: str = "") -> pl.DataFrame:
    around = {"before": pl.lit(before), "after": pl.lit(after), "language": pl.lit("en")}
    return pl.DataFrame({"whole": marked}).with_columns(**around)


@settings(deadline=None, max_examples=50)
@given(_SENTENCES)
def test_words_and_pairs_that_tell_most_are_shown_where_they_stand(sentences: list[str]) -> None:
    marked = pl.Series(sentences, dtype=pl.String)
    said = words(marked)
    of = {feature: 1.0 + (place % 3) for place, feature in enumerate(sorted(set(said["feature"])))}
    shown = _weights(of).telling(marked, "threat")
    for row in range(len(marked)):
        most = sorted(said.filter(pl.col("row") == row)["feature"], key=lambda each: (-of[each], each))[:TELLING]
        assert shown.filter(pl.col("row") == row)["term"].to_list() == most
    for row, term, start, end in shown.iter_rows():
        assert term in words(pl.Series([sentences[row][start:end]]))["feature"]


def test_a_word_said_twice_is_shown_where_it_stands_first() -> None:
    told = _weights({"word:tariff": 1.0, "pair:tariff on": 2.0, "word:on": -1.0}).telling(
        pl.Series(["no Tariff", "tariffs (r-tx) on, tariff on"]), "threat"
    )
    assert told.rows() == [(1, "pair:tariff on", 0, 17), (1, "word:tariff", 0, 7)]


@settings(deadline=None, max_examples=50)
@given(_SENTENCES)
def test_the_words_of_a_sentence_weigh_as_much_together_however_many(sentences: list[str]) -> None:
    marked = pl.Series(sentences, dtype=pl.String)
    said = words(marked)
    known = sorted(set(said["feature"]))[::2]
    of = {feature: 0.5 * place - 3.0 for place, feature in enumerate(known)}
    decided = _weights(of).decided(pl.DataFrame({"unknown": [1.0] * len(marked)}), _told(marked))
    for row, score in enumerate(decided["threat"]):
        expected = _FIXED["(intercept)"] - _FIXED["(threshold en)"]
        for kind in (WORD, PAIR):
            held = said.filter((pl.col("row") == row) & (pl.col("kind") == kind) & pl.col("feature").is_in(known))
            expected += sum(WORDS_WEIGH * of[each] / held.height**0.5 for each in held["feature"])
        assert score == pytest.approx(expected)


def test_words_beside_a_sentence_weigh_apart_from_its_own() -> None:
    marked = pl.Series(["tariff", "quota", ""])
    weights = _weights({"word:tariff": 1.0, "beside:tariff": 10.0, "beside:quota": 100.0, "pair:quota tariff": 1000.0})
    numbers = pl.DataFrame({"unknown": [1.0] * 3})
    base = _FIXED["(intercept)"] - _FIXED["(threshold en)"]
    alone = weights.decided(numbers, _told(marked))["threat"].to_list()
    assert alone == pytest.approx([base + WORDS_WEIGH, base, base])
    beside = weights.decided(numbers, _told(marked, "a quota", "tariff, tariff"))["threat"].to_list()
    added = WORDS_WEIGH * 110 / 2**0.5
    assert beside == pytest.approx([each + added for each in alone])
