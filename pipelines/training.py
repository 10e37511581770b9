"""Labelled sentences to coefficients: logistic regressions on what the features see, thresholds from unseen documents.

`python -m pipelines.training FOLDER` learns from FOLDER/gold/statements_train.jsonl, from the sentences of
seeds/labelled_sentences.csv and from how words are used in the texts below FOLDER, and writes seeds/coefficients.csv.
No sentence is kept: what is written is a weight for each feature and each code.
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

from pipelines import contract_files
from pipelines.coding_lines import ASKED, Coder, parsed
from pipelines.design import Design, designed
from pipelines.errors import Refused
from pipelines.labelled_sentences import NONE, Labelled, documents, labelled_sentences
from pipelines.project import ROOT
from pipelines.rhetoric.features import Features
from pipelines.rhetoric.languages import CODED
from pipelines.rhetoric.weights import BESIDE, INTERCEPT, THRESHOLD, WORD, beside, words
from pipelines.seeds import Seeds
from pipelines.word_vectors import UNKNOWN, WordVectors, word_vectors

THEMES = ("drugs", "migration", "trade", "security", "sovereignty", "arms")
COST = 0.6  # inverse strength of the penalty
STANCES = {"critical": 0.3, "hostile": 0.25, "threat": 0.15}  # rare, and learnt too well they do not hold elsewhere
PARTS = 5  # of the documents, to set thresholds on what was not trained on
ALONE = {"directed": 0.5, "cooperative": 0.5}  # weight of what is learnt from the words alone
FREELY = 10.0  # inverse strength of its penalty
USED_ALIKE = 0.5  # weight of what words teach others that are used alike
LITERAL = ("hostile", "threat")  # too few are labelled to teach other words: what they taught did not hold elsewhere
PICKED = 0.5  # weight of a sentence picked against one drawn at random
PICKED_LITERAL = 0.25  # the same for LITERAL: what more taught them held less in corpora left out
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


def train(rows: Sequence[Mapping[str, Any]], vectors: WordVectors = UNKNOWN, more: Labelled = NONE) -> pl.DataFrame:
    """The coefficients learnt from labelled sentences, in the columns of seeds/coefficients.csv.

    Args:
        rows: Lines as `entente code` takes them, with their labels, `doc` and `lang`; thresholds are set on them.
        vectors: How words are used in texts that nobody labelled.
        more: Sentences to learn from that were picked, which tell nothing of how often a code is given.
    """
    return trainer(rows, vectors, more).fitted(range(len(rows) + len(more.labels)))


def trainer(rows: Sequence[Mapping[str, Any]], vectors: WordVectors = UNKNOWN, more: Labelled = NONE) -> Trainer:
    """What learns from any of the labelled sentences, each of which is looked at once: `rows`, then those of `more`.

    Args:
        rows: As `train` takes them.
        vectors: As `train` takes them.
        more: As `train` takes it.
    """
    coder = untaught()
    lines = [parsed(dict(row)) for row in rows]
    asked = pl.concat([pl.DataFrame([coder.asked(line) for line in lines], schema=ASKED), more.asked])
    feeds = [coder.feed(line.name) for line in lines]
    labels = [{**row, "feed": feed.stem if feed else ""} for row, feed in zip(rows, feeds, strict=True)]
    return Trainer(coder.method.features, coder.method.attributed(asked), labels, more.labels, vectors)


def untaught() -> Coder:
    """The method with coefficients that have learnt nothing."""
    features = [INTERCEPT, *(THRESHOLD.format(each) for each in CODED)]
    nothing = {name: [0.0] * len(features) for name in LABELS}
    return Coder(ROOT, {"coefficients": pl.DataFrame({"feature": features, **nothing})})


def predict(coefficients: pl.DataFrame, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The codes of lines as `entente code` gives them, with the coefficients in place of those shipped."""
    return Coder(ROOT, {"coefficients": coefficients})([dict(row) for row in rows])


class Trainer:
    """Fits coefficients to labelled sentences.

    Args:
        features: What is seen.
        sentences: The frame `Features.seen` takes, one row for a labelled sentence.
        drawn: The labels of those first in it, in the same order, with `feed`, `doc`, `lang`, `date`; drawn at random
            within strata, whose mix the thresholds fit.
        picked: The labels of the others likewise, which were picked and count less.
        vectors: How words are used.
    """

    def __init__(
        self,
        features: Features,
        sentences: pl.DataFrame,
        drawn: Sequence[Mapping[str, Any]],
        picked: Sequence[Mapping[str, Any]],
        vectors: WordVectors,
    ) -> None:
        from scipy import sparse

        seen = features.seen(sentences)
        labels = self._labels = [*drawn, *picked]
        self._drawn = len(drawn)
        self._vectors = vectors
        self._numbers = sparse.csr_matrix(seen.numbers.to_numpy().astype(float))
        self._names = seen.numbers.columns
        near = words(beside(seen.told)).filter(pl.col("kind") == WORD)
        near = near.with_columns(pl.lit(BESIDE).alias("kind"), pl.col("feature").str.replace(WORD, BESIDE))
        self._words = pl.concat([words(seen.told["whole"]), near])
        self._language = np.array([row["lang"] for row in labels])
        self._day = np.array([f"{row['feed']} {row['date']}" for row in labels])
        self._part = np.array([zlib.crc32(row["doc"].encode()) % PARTS for row in drawn])

    def fitted(self, rows: Sequence[int]) -> pl.DataFrame:
        """The coefficients learnt from some of the sentences, in the columns of seeds/coefficients.csv."""
        chosen = np.array(rows)
        design = designed(self._numbers, self._names, self._words, chosen, self._vectors)
        columns: dict[str, list[float]] = {}
        for target, label in LABELS.items():
            truth = np.array([label(row) for row in self._labels])
            weights, intercept = self._learnt(target, design, truth, chosen)
            thresholds = self._thresholds(target, design, truth, chosen)
            columns[target] = [intercept, *(thresholds[each] for each in sorted(thresholds)), *design.told(weights)]
        languages = sorted(set(self._language))
        features = [INTERCEPT, *(THRESHOLD.format(each) for each in languages), *design.features]
        table = pl.DataFrame({"feature": features, **columns})
        told = pl.any_horizontal(pl.col(*LABELS).round(3) != 0) | pl.col("feature").str.starts_with("(")
        return table.filter(told).with_columns(pl.col(*LABELS).round(3) + 0.0)

    def _thresholds(self, target: str, design: Design, truth: np.ndarray, chosen: np.ndarray) -> dict[str, float]:
        """By language the threshold among drawn sentences of unseen documents; with few cases it leans on that of all.

        Of those picked none of a feed and day of the unseen ones is known, as they go by other names of documents.
        A stance of which a language has next to no case is given only where an act is certain.
        """
        cut = _as_many if target in COUNTED else _best
        scores = np.zeros(len(self._labels))
        picked, chosen = chosen[chosen >= self._drawn], chosen[chosen < self._drawn]
        for part in range(PARTS):
            unseen = chosen[self._part[chosen] == part]
            others = picked[~np.isin(self._day[picked], self._day[unseen])]
            known = np.concatenate([chosen[self._part[chosen] != part], others])
            weights, intercept = self._learnt(target, design, truth, known)
            scores[unseen] = design.matrix[unseen] @ weights + intercept
        of_all = cut(scores[chosen], truth[chosen])
        found = {}
        for language in sorted(set(self._language)):
            rows = chosen[self._language[chosen] == language]
            cases = int(truth[rows].sum())
            own = cut(scores[rows], truth[rows]) if cases else 0.0
            share = min(cases / ENOUGH, 1.0)
            found[str(language)] = share * own + (1.0 - share) * of_all
            if target in STANCES and cases < FEW:
                found[str(language)] = BEYOND
        return found

    def _learnt(self, target: str, design: Design, truth: np.ndarray, known: np.ndarray) -> tuple[np.ndarray, float]:
        """Weights and intercept of a code, learnt from the known sentences.

        The patterns of acts were written by people who had read labelled sentences, so they tell these apart better
        than others; the words, which nobody chose, therefore learn once more by themselves.
        """
        weights, intercept = self._regression(target, design, truth, known)
        if target not in ALONE or not weights.any():
            return weights, intercept
        alone, least = self._of_words_alone(design, truth, known)
        spread = np.std(design.matrix[known] @ weights) / np.std(design.matrix[known, design.said] @ alone)
        weights[design.said] += ALONE[target] * spread * alone
        return weights, intercept + ALONE[target] * spread * least

    def _of_words_alone(self, design: Design, truth: np.ndarray, known: np.ndarray) -> tuple[np.ndarray, float]:
        """Weights and intercept of words and pairs, the rarer class weighing as much as the other."""
        scale = np.zeros(design.matrix.shape[1])
        scale[design.words], scale[design.pairs] = 0.25, 0.5
        matrix, counts = design.matrix[known, design.said], self._counted(known, PICKED)
        return _fitted(matrix, truth[known], counts, scale[design.said], FREELY, "balanced")

    def _counted(self, known: np.ndarray, picked: float) -> np.ndarray:
        """What each sentence counts where one that was picked counts so much."""
        return np.where(known < self._drawn, 1.0, picked)

    def _regression(
        self, target: str, design: Design, truth: np.ndarray, known: np.ndarray
    ) -> tuple[np.ndarray, float]:
        """Weights and intercept learnt from the known sentences.

        A word counts for as much as it tells the two classes apart by itself (the log of how much oftener it stands in
        one), so the penalty falls on words that stand in both alike.
        """
        true, counts = truth[known], self._counted(known, PICKED_LITERAL if target in LITERAL else PICKED)
        scale = np.ones(design.matrix.shape[1])
        if true.all() or not true.any():  # nothing to tell apart
            return np.zeros(len(scale)), 0.0
        held = design.matrix[known, design.words] > 0
        odds = [held[rows].T @ counts[rows] + 1.0 for rows in (true, ~true)]
        scale[design.words] = np.abs(np.log(odds[0] / odds[0].sum()) - np.log(odds[1] / odds[1].sum()))
        scale[design.alike] = 0.0 if target in LITERAL else USED_ALIKE
        return _fitted(design.matrix[known], true, counts, scale, STANCES.get(target, COST))


def _fitted(
    matrix: Any, truth: np.ndarray, counts: np.ndarray, scale: np.ndarray, cost: float, weighed: str | None = None
) -> tuple[np.ndarray, float]:
    """Weights and intercept of a logistic regression in which rows and columns count as `counts` and `scale` say."""
    from scipy import sparse
    from sklearn.linear_model import LogisticRegression

    found = LogisticRegression(C=cost, solver="liblinear", class_weight=weighed, random_state=0)
    found.fit(matrix @ sparse.diags(scale), truth, sample_weight=counts)
    return found.coef_[0] * scale, float(found.intercept_[0])


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


def at_hand(folder: Path) -> tuple[WordVectors, Labelled]:
    """What the texts below a folder tell beside its labelled sets: the use of words, and sentences labelled here."""
    labels = Seeds(ROOT, contract_files.load(ROOT))["labelled_sentences"].filter(drawn_from="texts")
    vectors = word_vectors(document.text for _, document in documents(folder))
    return vectors, labelled_sentences(folder, untaught().method, labels)


def main(folder: Path) -> None:
    """Learn from the training set and the texts in a folder and write the coefficients into the seeds."""
    labelled = folder / "gold/statements_train.jsonl"
    if not labelled.is_file():
        raise Refused(f"there is no {labelled}; name the folder above gold and corpora")
    with labelled.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    vectors, more = at_hand(folder)
    table = train(rows, vectors, more)
    table.write_csv(ROOT / "seeds/coefficients.csv")
    print(
        f"{table.height:,} coefficients learnt from {len(rows):,} model-labelled sentences of the training set, "
        f"{len(more.labels):,} of seeds/labelled_sentences.csv and the use of {len(vectors.words):,} words"
    )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("training: name one folder, that above gold and corpora")
    try:
        main(Path(sys.argv[1]))
    except Refused as error:
        sys.exit(f"training: {error}")
