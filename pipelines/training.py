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
from pipelines.rhetoric.weights import INTERCEPT, PAIR, THRESHOLD, WORD, WORDS_WEIGH, words

THEMES = ("drugs", "migration", "trade", "security", "sovereignty", "arms")
COST = 0.6  # inverse strength of the penalty
STANCES = {"critical": 0.3, "hostile": 0.25, "threat": 0.15}  # rare, and learnt too well they do not hold elsewhere
FROM = {WORD: 5, PAIR: 3}  # labelled sentences a word, or a pair of words, must stand in
PARTS = 5  # of the documents, to set thresholds on what was not trained on
BESIDE = {"directed": 0.5, "cooperative": 0.5}  # weight of what is learnt from the words alone
FREELY = 10.0  # inverse strength of its penalty
RESAMPLES = 100  # of the sentences, for a threshold
COUNTED = ("critical", "cooperative")  # called as often as labelled: measures sum them, and F1 gains nothing else
ENOUGH = 15  # labelled cases of a language for a threshold of its own; with fewer it leans on that of all
FEW = 5  # labelled cases of a stance below which a language is given none
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
        (told, by_word), (paired, by_pair) = (self._of_words(chosen, kind) for kind in FROM)
        matrix = sparse.hstack([self._numbers, by_word, by_pair]).tocsr()
        self._told = slice(len(self._names), len(self._names) + len(told))
        columns: dict[str, list[float]] = {}
        for target, label in LABELS.items():
            truth = np.array([label(row) for row in self._labels])
            weights, intercept = self._learnt(target, matrix, truth, chosen)
            thresholds = self._thresholds(target, matrix, truth, chosen)
            columns[target] = [intercept, *(thresholds[each] for each in sorted(thresholds)), *weights]
        languages = sorted(set(self._language))
        features = [INTERCEPT, *(THRESHOLD.format(each) for each in languages), *self._names]
        features += [*told, *paired]
        table = pl.DataFrame({"feature": features, **columns})
        told = pl.any_horizontal(pl.col(*LABELS).round(3) != 0) | pl.col("feature").str.starts_with("(")
        return table.filter(told).with_columns(pl.col(*LABELS).round(3) + 0.0)

    def _of_words(self, chosen: np.ndarray, kind: str) -> tuple[list[str], Any]:
        """The words, or pairs, that enough of the chosen sentences hold, and a matrix of all sentences over them."""
        from scipy import sparse

        said = self._words.filter(pl.col("kind") == kind)
        common = said.filter(pl.col("row").is_in(chosen.tolist())).group_by("feature").len()
        vocabulary = sorted(common.filter(pl.col("len") >= FROM[kind])["feature"])
        number = pl.DataFrame(
            {"feature": vocabulary, "column": range(len(vocabulary))}, schema={"feature": pl.String, "column": pl.Int64}
        )
        held = said.join(number, on="feature").with_columns((WORDS_WEIGH / pl.len().over("row").sqrt()).alias("weight"))
        shape = (len(self._labels), len(vocabulary))
        return vocabulary, sparse.csr_matrix((held["weight"], (held["row"], held["column"])), shape=shape)

    def _thresholds(self, target: str, matrix: Any, truth: np.ndarray, chosen: np.ndarray) -> dict[str, float]:
        """By language the threshold among sentences of unseen documents; with few cases it leans on that of all.

        A stance of which a language has next to no case is given only where an act is certain.
        """
        cut = _as_many if target in COUNTED else _best
        scores = np.zeros(len(self._labels))
        for part in range(PARTS):
            known = chosen[self._part[chosen] != part]
            unseen = chosen[self._part[chosen] == part]
            weights, intercept = self._learnt(target, matrix, truth, known)
            scores[unseen] = matrix[unseen] @ weights + intercept
        of_all = cut(scores[chosen], truth[chosen])
        found = {}
        for language in sorted(set(self._language)):
            rows = chosen[self._language[chosen] == language]
            cases = int(truth[rows].sum())
            own = cut(scores[rows], truth[rows])
            share = min(cases / ENOUGH, 1.0)
            found[str(language)] = share * own + (1.0 - share) * of_all
            if target in STANCES and cases < FEW:
                found[str(language)] = BEYOND
        return found

    def _learnt(self, target: str, matrix: Any, truth: np.ndarray, known: np.ndarray) -> tuple[np.ndarray, float]:
        """Weights and intercept of a code, learnt from the known sentences.

        The patterns of acts were written by people who had read labelled sentences, so they tell these apart better
        than others; the words, which nobody chose, therefore learn once more by themselves.
        """
        weights, intercept = self._regression(matrix, truth, known, STANCES.get(target, COST))
        if target not in BESIDE or not weights.any():
            return weights, intercept
        told = slice(self._told.start, None)
        alone, least = self._of_words_alone(matrix[:, told], truth, known)
        spread = np.std(matrix[known] @ weights) / np.std(matrix[known, told] @ alone)
        weights[told] += BESIDE[target] * spread * alone
        return weights, intercept + BESIDE[target] * spread * least

    def _of_words_alone(self, matrix: Any, truth: np.ndarray, known: np.ndarray) -> tuple[np.ndarray, float]:
        """Weights and intercept of words and pairs, the rarer class weighing as much as the other."""
        from scipy import sparse
        from sklearn.linear_model import LogisticRegression

        size = self._told.stop - self._told.start
        scale = np.where(np.arange(matrix.shape[1]) < size, 0.25, 0.5)
        fitted = LogisticRegression(C=FREELY, solver="liblinear", class_weight="balanced", random_state=0)
        fitted.fit(matrix[known] @ sparse.diags(scale), truth[known])
        return fitted.coef_[0] * scale, float(fitted.intercept_[0])

    def _regression(self, matrix: Any, truth: np.ndarray, known: np.ndarray, cost: float) -> tuple[np.ndarray, float]:
        """Weights and intercept learnt from the known sentences.

        A word counts for as much as it tells the two classes apart by itself (the log of how much oftener it stands in
        one), so the penalty falls on words that stand in both alike.
        """
        from scipy import sparse
        from sklearn.linear_model import LogisticRegression

        true = truth[known]
        if true.all() or not true.any():  # nothing to tell apart
            return np.zeros(matrix.shape[1]), 0.0
        held = matrix[known, self._told] > 0
        odds = [np.asarray(held[rows].sum(axis=0)).ravel() + 1.0 for rows in (true, ~true)]
        scale = np.ones(matrix.shape[1])
        scale[self._told] = np.abs(np.log(odds[0] / odds[0].sum()) - np.log(odds[1] / odds[1].sum()))
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
