"""What a feature weighs for each code: the shipped coefficients, applied to what is seen of sentences."""

from __future__ import annotations

import re

import numpy as np
import polars as pl

INTERCEPT, THRESHOLD = "(intercept)", "(threshold {})"
WORD, PAIR = "word:", "pair:"
BESIDE = "beside:"  # a word of the sentences before and after
STEM = 6  # first letters of a word that count
WORDS_WEIGH = 2.0  # of all words of a sentence together, of all pairs, of all words beside it; 1 is for an act
TELLING = 3  # words and pairs shown as evidence of a code, at most
_PARTY = re.compile(r"\([a-z-]{1,5}\)")  # in brackets, as after a name
_WORD = "[A-Za-z0-9']+"
_IN_WORD = np.array([re.fullmatch(_WORD, chr(each)) is not None for each in range(128)])
ACTORS = {"O+": "OTHER", "S+": "SELF", "K+": "CRIMINAL", "X+": "THIRD"}


def words(marked: pl.Series) -> pl.DataFrame:
    """The words of marked sentences by their first letters, and the pairs of words that follow each other.

    One row for a row and a `feature`, with `row` from 0 and `kind` (word: or pair:).
    """
    said, stems = _said(marked)
    told = said.join(stems, on="word", maintain_order="left")
    pairs = _followed(told, pl.col("stem") + " " + pl.col("stem").shift(-1))
    return (
        pl.concat(
            each.select("row", pl.lit(kind).alias("kind"), (kind + pl.col("stem")).alias("feature"))
            for kind, each in {WORD: told, PAIR: pairs}.items()
        )
        .unique()
        .sort("row", "feature")
    )


def beside(told: pl.DataFrame) -> pl.Series:
    """What stands before and after each sentence, as one text."""
    return told.select(pl.col("before") + "\n" + pl.col("after")).to_series()


def stems(texts: pl.Series) -> pl.Series:
    """The words of texts in small letters without accents, in order, by their first letters."""
    said, known = _said(texts)
    return said.join(known, on="word", maintain_order="left")["stem"]


def _said(marked: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The words of marked sentences in order, with `row`, `start` and `end` in it, and of each `word` its `stem`.

    Words are cut in all sentences at once, as an expression for them would take many times as long.
    """
    text = _PARTY.sub(lambda party: " " * len(party[0]), "\n".join(marked)).encode("ascii", "replace")
    letters = np.frombuffer(text, np.uint8)
    is_in_word = _IN_WORD[letters]
    starts, ends = np.flatnonzero(np.diff(is_in_word, prepend=False, append=False)).reshape(-1, 2).T
    begins = np.cumsum(np.append(0, marked.str.len_chars() + 1))
    row = np.repeat(np.arange(len(marked)), np.diff(np.searchsorted(starts, begins)))
    spaced = np.where(is_in_word, letters, np.uint8(ord(" "))).tobytes().decode()
    word = pl.Series([spaced]).str.split(" ").explode()
    places = {"row": row.astype(np.uint32), "start": starts - begins[row], "end": ends - begins[row]}
    said = pl.DataFrame({**places, "word": word.filter(word != "")})
    return said, said.select(pl.col("word").unique()).with_columns(_stem().alias("stem"))


def _stem() -> pl.Expr:
    """The first letters of a word; of an actor, its name."""
    stem = pl.col("word")
    for run, name in ACTORS.items():
        stem = stem.str.replace_all(run, name)
    stem = stem.str.replace_all("[0-9]+", "0")
    return pl.when(stem.str.contains("^[A-Z]")).then(stem).otherwise(stem.str.slice(0, STEM))


def _followed(said: pl.DataFrame, pair: pl.Expr) -> pl.DataFrame:
    """The pairs of words of a sentence, from the start of the one to the end of the other, under the name of `pair`."""
    follows = pl.col("row") == pl.col("row").shift(-1)
    return said.select("row", "start", pl.col("end").shift(-1), pl.when(follows).then(pair)).drop_nulls()


class Weights:
    """The shipped coefficients.

    Args:
        coefficients: The seed table, one row for a feature.
    """

    def __init__(self, coefficients: pl.DataFrame) -> None:
        self.targets = [name for name in coefficients.columns if name != "feature"]
        ordered = coefficients.sort("feature").with_row_index("place")
        weights = ordered.select(pl.col(self.targets).cast(pl.Float64)).to_numpy()
        self._weights = np.vstack([weights, np.zeros(len(self.targets))])  # the last is of what nothing is known of
        self._features = ordered["feature"]
        self._places = {feature: place for place, feature in enumerate(self._features)}
        kind = f"^({WORD}|{PAIR}|{BESIDE})"
        feature = pl.col("feature")
        said = ordered.filter(feature.str.contains(kind)).select(
            "place",
            feature.str.extract(kind).alias("kind"),
            feature.str.replace(kind, "").str.split(" ").alias("stem"),
        )
        stems = said["stem"].explode().unique()
        self._stems = pl.DataFrame({"stem": stems, "number": pl.Series(range(len(stems)), dtype=pl.Int64)})
        number = pl.col("number")
        is_pair = pl.col("kind").first() == PAIR
        of = pl.when(is_pair).then(self._pair(number.first(), number.last())).otherwise(number.first())
        told = said.explode("stem").join(self._stems, on="stem", maintain_order="left")
        told = told.group_by("place").agg(pl.col("kind").first(), of)
        is_beside = pl.col("kind") == BESIDE
        self._said, self._beside = told.filter(~is_beside), told.filter(is_beside)

    def decided(self, numbers: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
        """For each target how far a sentence is beyond the threshold; above 0 is yes.

        Args:
            numbers: The features.
            told: The marked sentence as `whole`, those `before` and `after` it, and the `language`.
        """
        of_numbers = self._weights[[self._places.get(name, -1) for name in numbers.columns]]
        thresholds = self._weights[[self._places[THRESHOLD.format(each)] for each in told["language"]]]
        scores = numbers.to_numpy() @ of_numbers + self._weights[self._places[INTERCEPT]]
        for texts, known in ((told["whole"], self._said), (beside(told), self._beside)):
            scores = scores + self._of_words(self._found(texts, known), len(texts))
        return pl.DataFrame(scores - thresholds, schema=self.targets)

    def telling(self, marked: pl.Series, target: str) -> pl.DataFrame:
        """The words and pairs of marked sentences that speak most for a target.

        One row for a `row` from 0 and a `term`, with its first `start` and `end` in the sentence.
        """
        found = self._found(marked, self._said)
        weight = pl.Series("weight", self._weights[found["place"], self.targets.index(target)])
        most = found.with_columns(weight).filter(pl.col("weight") > 0).sort("row", -pl.col("weight"), "place")
        told = most.group_by("row", maintain_order=True).head(TELLING)
        return told.select("row", self._features.gather(told["place"]).alias("term"), "start", "end")

    def _pair(self, first: pl.Expr, second: pl.Expr) -> pl.Expr:
        """The number of a pair of stems by theirs, beyond those of single ones."""
        return (first + 1) * len(self._stems) + second

    def _found(self, marked: pl.Series, known: pl.DataFrame) -> pl.DataFrame:
        """The known features of `words`, each where it stands first in a sentence, with the `place` of its weights."""
        if known.is_empty():
            return pl.DataFrame(schema={"row": pl.UInt32, "start": pl.Int64, "end": pl.Int64, **known.schema})
        said, stems = _said(marked)
        number = pl.col("number")
        one = said.join(stems.join(self._stems, on="stem"), on="word", how="left", maintain_order="left")
        told = one.select("row", "start", "end", "number")
        if (known["kind"] == PAIR).any():
            told = pl.concat([told, _followed(one, self._pair(number, number.shift(-1)))])
        told = told.join(known, on="number", maintain_order="left")
        of_row = pl.col("row").cast(pl.Int64) * len(self._weights) + pl.col("place")
        return told.filter(of_row.is_first_distinct())

    def _of_words(self, found: pl.DataFrame, size: int) -> np.ndarray:
        """What the features found weigh in each of so many sentences."""
        summed = np.zeros((size, len(self.targets)))
        for _, some in found.group_by("kind"):
            rows, places = some["row"].to_numpy(), some["place"].to_numpy()
            share = WORDS_WEIGH / np.sqrt(np.maximum(np.bincount(rows, minlength=size), 1))
            for target, weights in enumerate(self._weights.T):
                summed[:, target] += np.bincount(rows, weights[places], size) * share
        return summed
