"""What a feature weighs for each code: the shipped coefficients, applied to what is seen of sentences."""

from __future__ import annotations

import numpy as np
import polars as pl

INTERCEPT, THRESHOLD = "(intercept)", "(threshold {})"
WORD = "word:"
STEM = 6  # first letters of a word that count
WORDS_WEIGH = 2.0  # of all words of a sentence together, beside 1 for an act
ACTORS = {"O+": "OTHER", "S+": "SELF", "K+": "CRIMINAL", "X+": "THIRD"}


def words(marked: pl.Series) -> pl.DataFrame:
    """The words of marked sentences by their first letters, one row for a row and a word, with `row` from 0."""
    return _words(marked).sort("row", "word").collect()


def _words(marked: pl.Series) -> pl.LazyFrame:
    said = pl.col("said")
    for run, name in ACTORS.items():
        said = said.str.replace_all(run, name)
    word = pl.col("said")
    is_actor = word.str.slice(0, 1).is_between(pl.lit("A"), pl.lit("Z"))
    stem = pl.when(is_actor).then(word).otherwise(word.str.slice(0, STEM))
    return (
        pl.LazyFrame({"said": marked})
        .with_row_index("row")
        .with_columns(said.str.replace_all(r"[0-9]+", "0").str.extract_all("[A-Za-z0-9']+"))
        .explode("said")
        .drop_nulls()
        .select("row", stem.alias("word"))
        .unique()
    )


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
        of_words = coefficients.filter(pl.col("feature").str.starts_with(WORD))
        told = of_words.with_columns(pl.col("feature").str.strip_prefix(WORD).alias("word"))
        self._words = told.sort("word").with_row_index("place")

    def decided(self, numbers: pl.DataFrame, marked: pl.Series, language: pl.Series) -> pl.DataFrame:
        """For each target how far a sentence is beyond the threshold; above 0 is yes."""
        unknown = np.zeros(len(self.targets))
        matrix = np.stack([self._rows.get(name, unknown) for name in numbers.columns])
        scores = numbers.to_numpy() @ matrix + self._rows[INTERCEPT] + self._of_words(marked)
        thresholds = np.stack([self._rows[THRESHOLD.format(each)] for each in language]) if len(language) else 0
        return pl.DataFrame(scores - thresholds, schema=self.targets)

    def _of_words(self, marked: pl.Series) -> np.ndarray:
        summed = np.zeros((len(marked), len(self.targets)))
        found = (
            _words(marked)
            .join(self._words.lazy(), on="word")
            .sort("row", "place")  # so that a sum is always the same
            .group_by("row")
            .agg(pl.col(self.targets).sum() * WORDS_WEIGH / pl.len().sqrt())
            .collect()
        )
        summed[found["row"].to_numpy()] = found.select(self.targets).to_numpy()
        return summed
