"""Labelled sentences to coefficients: logistic regressions on what the features see, thresholds from unseen documents.

`python -m pipelines.training FOLDER` learns from FOLDER/statements_train.jsonl and writes seeds/coefficients.csv. No
sentence is kept: what is written is a weight for each feature and each code.
"""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from pipelines.coding_lines import ASKED, Coder, parsed
from pipelines.project import ROOT
from pipelines.rhetoric.features import Features
from pipelines.rhetoric.languages import CODED
from pipelines.rhetoric.weights import INTERCEPT, THRESHOLD, WORD, WORDS_WEIGH, words

THEMES = ("drugs", "migration", "trade", "security", "sovereignty", "arms")
COST = 0.6  # inverse strength of the penalty
STANCES = {"critical": 0.1, "hostile": 0.1, "threat": 0.1}  # rare, and learnt too well they do not hold elsewhere
WORD_FROM = 5  # labelled sentences a word must stand in
PARTS = 5  # of the documents, to set thresholds on what was not trained on
RESAMPLES = 100  # of the sentences, for a threshold
COUNTED = (
    "directed",
    "critical",
    "hostile",
    "threat",
    "cooperative",
)  # called as often as labelled: measures count them
ENOUGH = 15  # labelled cases of a language for a threshold of its own
BEYOND = 99.0  # a threshold no sentence reaches
LABELS = {
    "bilateral": lambda row: row["bilateral"] == 1,
    "directed": lambda row: row["direction"] != "none",
    "critical": lambda row: row["hostility"] >= 1,
    "hostile": lambda row: row["hostility"] >= 2,
    "threat": lambda row: row["hostility"] >= 3,
    "cooperative": lambda row: row["cooperation"] == 1,
    **{theme: lambda row, theme=theme: theme in row["themes"] for theme in THEMES},
}


def train(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """The coefficients learnt from labelled sentences, in the columns of seeds/coefficients.csv.

    Args:
        rows: Lines as `entente code` takes them, with their labels, `doc` and `lang`.
    """
    return trainer(rows).fitted(range(len(rows)))


def trainer(rows: Sequence[Mapping[str, Any]]) -> Trainer:
    """What learns from any of the labelled sentences, each of which is looked at once.

    Args:
        rows: As `train` takes them.
    """
    untaught = {name: [0.0] * (1 + len(CODED)) for name in LABELS}
    features = [INTERCEPT, *(THRESHOLD.format(each) for each in CODED)]
    coder = Coder(ROOT, {"coefficients": pl.DataFrame({"feature": features, **untaught})})
    asked = pl.DataFrame([coder.asked(parsed(dict(row))) for row in rows], schema=ASKED)
    return Trainer(coder.method.features, coder.method.attributed(asked), rows)


def predict(coefficients: pl.DataFrame, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The codes of lines as `entente code` gives them, with the coefficients in place of those shipped."""
    return Coder(ROOT, {"coefficients": coefficients})([dict(row) for row in rows])


class Trainer:
    """Fits coefficients to labelled sentences.

    Args:
        features: What is seen.
        sentences: The frame `Features.seen` takes, one row for a labelled sentence.
        labels: The labels, in the same order, with `doc` and `lang`.
    """

    def __init__(self, features: Features, sentences: pl.DataFrame, labels: Sequence[Mapping[str, Any]]) -> None:
        from scipy import sparse

        seen = features.seen(sentences)
        self._labels = labels
        self._numbers = sparse.csr_matrix(seen.numbers.to_numpy().astype(float))
        self._names = seen.numbers.columns
        self._words = words(seen.told["whole"])
        self._language = np.array([row["lang"] for row in labels])
        self._part = np.array([zlib.crc32(row["doc"].encode()) % PARTS for row in labels])

    def fitted(self, rows: Sequence[int]) -> pl.DataFrame:
        """The coefficients learnt from some of the sentences, in the columns of seeds/coefficients.csv."""
        from scipy import sparse

        chosen = np.array(rows)
        vocabulary, by_word = self._of_words(chosen)
        matrix = sparse.hstack([self._numbers, by_word]).tocsr()
        columns: dict[str, list[float]] = {}
        for target, label in LABELS.items():
            truth = np.array([label(row) for row in self._labels])
            weights, intercept = self._regression(matrix, truth, chosen, STANCES.get(target, COST))
            thresholds = self._thresholds(target, matrix, truth, chosen)
            columns[target] = [intercept, *(thresholds[each] for each in sorted(thresholds)), *weights]
        languages = sorted(set(self._language))
        features = [INTERCEPT, *(THRESHOLD.format(each) for each in languages), *self._names]
        features += [f"{WORD}{word}" for word in vocabulary]
        table = pl.DataFrame({"feature": features, **columns})
        told = pl.any_horizontal(pl.col(*LABELS).round(3) != 0) | pl.col("feature").str.starts_with("(")
        return table.filter(told).with_columns(pl.col(*LABELS).round(3) + 0.0)

    def _of_words(self, chosen: np.ndarray) -> tuple[list[str], Any]:
        """The words that enough of the chosen sentences hold, and a matrix of all sentences over them."""
        from scipy import sparse

        common = self._words.filter(pl.col("row").is_in(chosen.tolist())).group_by("word").len()
        vocabulary = sorted(common.filter(pl.col("len") >= WORD_FROM)["word"])
        number = pl.DataFrame(
            {"word": vocabulary, "column": range(len(vocabulary))}, schema={"word": pl.String, "column": pl.Int64}
        )
        held = self._words.join(number, on="word").with_columns(
            (WORDS_WEIGH / pl.len().over("row").sqrt()).alias("weight")
        )
        shape = (len(self._labels), len(vocabulary))
        return vocabulary, sparse.csr_matrix((held["weight"], (held["row"], held["column"])), shape=shape)

    def _thresholds(self, target: str, matrix: Any, truth: np.ndarray, chosen: np.ndarray) -> dict[str, float]:
        """By language the threshold among sentences of unseen documents; with too few cases that of all languages.

        A hostile stance of which a language has too few cases is given only where an act is certain.
        """
        cost, cut = STANCES.get(target, COST), _as_many if target in COUNTED else _best
        scores = np.zeros(len(self._labels))
        for part in range(PARTS):
            known = chosen[self._part[chosen] != part]
            unseen = chosen[self._part[chosen] == part]
            weights, intercept = self._regression(matrix, truth, known, cost)
            scores[unseen] = matrix[unseen] @ weights + intercept
        of_all = BEYOND if target in STANCES else cut(scores[chosen], truth[chosen])
        found = {}
        for language in sorted(set(self._language)):
            rows = chosen[self._language[chosen] == language]
            found[str(language)] = cut(scores[rows], truth[rows]) if truth[rows].sum() >= ENOUGH else of_all
        return found

    def _regression(self, matrix: Any, truth: np.ndarray, known: np.ndarray, cost: float) -> tuple[np.ndarray, float]:
        """Weights and intercept learnt from the known sentences.

        A word counts for as much as it tells the two classes apart by itself (the log of how much oftener it stands in
        one), so the penalty falls on words that stand in both alike.
        """
        from scipy import sparse
        from sklearn.linear_model import LogisticRegression

        held, true = matrix[known] > 0, truth[known]
        if true.all() or not true.any():  # nothing to tell apart
            return np.zeros(matrix.shape[1]), 0.0
        odds = [np.asarray(held[rows].sum(axis=0)).ravel() + 1.0 for rows in (true, ~true)]
        size = len(self._names)
        tells = np.log(odds[0] / odds[0][size:].sum()) - np.log(odds[1] / odds[1][size:].sum())
        scale = np.where(np.arange(matrix.shape[1]) < size, 1.0, np.abs(tells))
        fitted = LogisticRegression(C=cost, solver="liblinear", random_state=0)
        fitted.fit(matrix[known] @ sparse.diags(scale), true)
        return fitted.coef_[0] * scale, float(fitted.intercept_[0])


def _as_many(scores: np.ndarray, truth: np.ndarray) -> float:
    """The threshold above which as many scores lie as are true, so a count is right in the sample as drawn."""
    ranked, wanted = np.sort(scores)[::-1], int(truth.sum())
    if wanted in (0, len(ranked)):
        return float(ranked[0] + 1 if wanted == 0 else ranked[-1] - 1)
    return float((ranked[wanted - 1] + ranked[wanted]) / 2)


def _best(scores: np.ndarray, truth: np.ndarray) -> float:
    """The threshold of the highest F1, as the mean over resamples, since that of one sample is a matter of luck."""
    order = np.argsort(-scores, kind="stable")
    ranked, true = scores[order], truth[order]
    drawn = np.random.default_rng(0).poisson(1.0, size=(RESAMPLES, len(order)))
    hits = np.cumsum(drawn * true, axis=1)
    f1 = 2 * hits / np.maximum(np.cumsum(drawn, axis=1) + hits[:, -1:], 1)
    last = np.minimum(f1.argmax(axis=1), len(order) - 2)
    return float((ranked[last] + ranked[last + 1]).mean() / 2)


def main(folder: Path) -> None:
    """Learn from the training set in a folder and write the coefficients into the seeds."""
    with (folder / "statements_train.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    table = train(rows)
    table.write_csv(ROOT / "seeds/coefficients.csv")
    print(f"{table.height:,} coefficients learnt from {len(rows):,} model-labelled sentences")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
