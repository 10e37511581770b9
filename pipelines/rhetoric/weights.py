"""What a feature weighs for each code: the shipped coefficients, applied to what is seen of sentences."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import pairwise

import numpy as np
import polars as pl

INTERCEPT, THRESHOLD = "(intercept)", "(threshold {})"
WORD, PAIR = "word:", "pair:"
STEM = 6  # first letters of a word that count
WORDS_WEIGH = 2.0  # of all words of a sentence together, and of all pairs, beside 1 for an act
TELLING = 3  # words and pairs shown as evidence of a code, at most
_PARTY = r"\([a-z-]{1,5}\)"  # in brackets, as after a name
ACTORS = {"O+": "OTHER", "S+": "SELF", "K+": "CRIMINAL", "X+": "THIRD"}


def words(marked: pl.Series) -> pl.DataFrame:
    """The words of marked sentences by their first letters, and the pairs of words that follow each other.

    One row for a row and a `feature`, with `row` from 0 and `kind` (word: or pair:).
    """
    return _said(marked).unique().sort("row", "feature").collect()


def _said(marked: pl.Series) -> pl.LazyFrame:
    """As `words`, each as often as it is said."""
    said = pl.col("said").str.replace_all(_PARTY, " ")
    for run, name in ACTORS.items():
        said = said.str.replace_all(run, name)
    word = pl.col("said")
    is_actor = word.str.slice(0, 1).is_between(pl.lit("A"), pl.lit("Z"))
    stems = (
        pl.LazyFrame({"said": marked})
        .with_row_index("row")
        .with_columns(said.str.replace_all(r"[0-9]+", "0").str.extract_all("[A-Za-z0-9']+"))
        .explode("said")
        .drop_nulls()
        .select("row", pl.when(is_actor).then(word).otherwise(word.str.slice(0, STEM)).alias("stem"))
    )
    follows = pl.when(pl.col("row") == pl.col("row").shift(-1)).then(pl.col("stem") + " " + pl.col("stem").shift(-1))
    parts = {WORD: stems, PAIR: stems.select("row", follows.alias("stem")).drop_nulls()}
    told = [
        each.select("row", pl.lit(kind).alias("kind"), (kind + pl.col("stem")).alias("feature"))
        for kind, each in parts.items()
    ]
    return pl.concat(told)


def places(marked: str) -> list[tuple[str, int, int]]:
    """The features that `words` finds in one marked sentence, each time with where it stands."""
    said = re.sub(_PARTY, lambda party: " " * len(party[0]), marked)
    stems = [(_stem(each[0]), *each.span()) for each in re.finditer("[A-Za-z0-9']+", said)]
    found = [(f"{WORD}{stem}", start, end) for stem, start, end in stems]
    return found + [(f"{PAIR}{a} {b}", start, end) for (a, start, _), (b, _, end) in pairwise(stems)]


def _stem(word: str) -> str:
    for run, name in ACTORS.items():
        word = re.sub(run, name, word)
    word = re.sub("[0-9]+", "0", word)
    return word if "A" <= word[0] <= "Z" else word[:STEM]


class Weights:
    """The shipped coefficients.

    Args:
        coefficients: The seed table, one row for a feature.
    """

    def __init__(self, coefficients: pl.DataFrame) -> None:
        self.targets = [name for name in coefficients.columns if name != "feature"]
        rows = {
            row[0]: np.array(row[1:], dtype=np.float64)
            for row in coefficients.select("feature", *self.targets).iter_rows()
        }
        self._rows = rows
        is_said = pl.col("feature").str.starts_with(WORD) | pl.col("feature").str.starts_with(PAIR)
        self._said = coefficients.filter(is_said).sort("feature").with_row_index("place")

    def decided(self, numbers: pl.DataFrame, marked: pl.Series, language: pl.Series) -> pl.DataFrame:
        """For each target how far a sentence is beyond the threshold; above 0 is yes."""
        unknown = np.zeros(len(self.targets))
        matrix = np.stack([self._rows.get(name, unknown) for name in numbers.columns])
        scores = numbers.to_numpy() @ matrix + self._rows[INTERCEPT] + self._of_words(marked)
        thresholds = np.stack([self._rows[THRESHOLD.format(each)] for each in language]) if len(language) else 0
        return pl.DataFrame(scores - thresholds, schema=self.targets)

    def telling(self, marked: str, target: str) -> list[tuple[str, int, int]]:
        """The words and pairs of a marked sentence that speak most for a target, with their places in it."""
        weights, found = self._by_target[target], reversed(places(marked))
        first = {feature: (start, end) for feature, start, end in found if weights.get(feature, 0.0) > 0}
        most = sorted(first, key=lambda feature: (-weights[feature], feature))[:TELLING]
        return [(feature, *first[feature]) for feature in most]

    @cached_property
    def _by_target(self) -> dict[str, dict[str, float]]:
        features = self._said["feature"].to_list()
        return {target: dict(zip(features, self._said[target].to_list(), strict=True)) for target in self.targets}

    def _of_words(self, marked: pl.Series) -> np.ndarray:
        summed = np.zeros((len(marked), len(self.targets)))
        found = (
            _said(marked)
            .join(self._said.lazy(), on="feature")
            .unique(["row", "place"])
            .sort("row", "place")  # so that a sum is always the same
            .group_by("row", "kind", maintain_order=True)
            .agg(pl.col(self.targets).sum() * WORDS_WEIGH / pl.len().sqrt())
            .group_by("row")
            .agg(pl.col(self.targets).sum())
            .collect()
        )
        summed[found["row"].to_numpy()] = found.select(self.targets).to_numpy()
        return summed
