"""Scores of the coding on the model-labelled sentences: `make evaluate`.

`python -m tests.evaluation dev` (or `unseen`, `labels`, `errors`, `claims`) prints one part of it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl

from pipelines import contract_files
from pipelines.coding_lines import Coder
from pipelines.errors import EntenteError
from pipelines.project import ROOT
from pipelines.seeds import Seeds
from tests.evaluation import claims, folds, gold
from tests.evaluation.baseline import keywords
from tests.evaluation.gold import Row

LANGUAGES = ("en", "es")
POSITIVE: dict[str, Callable[[Row], bool]] = {
    "bilateral_f1": lambda row: row["bilateral"] == 1,
    "hostile_f1": lambda row: row["hostility"] >= 2,
    "threat_f1": lambda row: row["hostility"] >= 3,
    "direction_accuracy_directed": lambda row: row["direction"] != "none",
    "direction_f1": lambda row: row["direction"] != "none",
    "cooperation_f1": lambda row: row["cooperation"] == 1,
    "theme_macro_f1": lambda row: bool(row["themes"]),
    "blame_macro_f1": lambda row: row["blame"] != "none",
}
SHORT = ("bilateral_f1", "hostile_f1", "threat_f1", "direction_f1", "cooperation_f1", "theme_macro_f1")
DEV = {
    "hostile_f1": 0.80,
    "threat_f1": 0.75,
    "bilateral_f1": 0.92,
    "direction_f1": 0.80,
    "voice_macro_f1": 0.85,
    "cooperation_f1": 0.78,
    "theme_macro_f1": 0.80,
    "hostility_spearman": 0.70,
}
UNSEEN = {
    ("all", "hostile_f1"): 0.62,
    ("en", "hostile_f1"): 0.55,
    ("es", "hostile_f1"): 0.55,
    ("en", "threat_f1"): 0.65,
}


class Report:
    """Prints scores; every figure is against labels made by a model.

    Args:
        score: The scorer that lies beside the labelled sentences.
    """

    def __init__(self, score: Callable[[list[Row], dict[str, Row]], dict[str, float]]) -> None:
        self._score = score

    def whole(self, rows: list[Row], methods: dict[str, dict[str, Row]]) -> None:
        """Every figure, overall and by language, one block of columns for each method, with n and positives."""
        groups = by_language(rows)
        columns = [(method, group) for method in methods for group in groups]
        scored = {(m, g): self._score(groups[g], methods[m]) for m, g in columns}
        print(f"{'':28}" + "".join(f"{f'{m} {g}':>14}" for m, g in columns) + "   positives " + "/".join(groups))
        for name, first in scored[columns[0]].items():
            form = ".3f" if isinstance(first, float) else "d"
            told = POSITIVE.get(name)
            counted = "/".join(str(sum(map(told, groups[g]))) for g in groups) if told else ""
            print(f"{name:28}" + "".join(f"{scored[column][name]:14{form}}" for column in columns) + f"   {counted}")

    def parts(self, rows: list[Row], of: Callable[[Row], str], found: dict[str, Row]) -> None:
        """The chief figures of each period or corpus, with n and how many are hostile and threats."""
        print(f"{'':22}{'n':>6}{'hostile':>9}{'threat':>8}" + "".join(f"{name:>16}" for name in SHORT))
        for part in sorted({of(row) for row in rows}):
            held = [row for row in rows if of(row) == part]
            counts = [sum(map(POSITIVE[name], held)) for name in ("hostile_f1", "threat_f1")]
            scored = self._score(held, found)
            print(f"{part:22}{len(held):6}{counts[0]:9}{counts[1]:8}" + "".join(f"{scored[n]:16.3f}" for n in SHORT))

    def agreement(self, rows: list[Row], again: dict[str, Row]) -> None:
        """The figures of the codes that both labels have, overall and by language, with the positives of the first."""
        groups = by_language(rows)
        print(f"{'':28}" + "".join(f"{group:>8}" for group in groups) + "   positives " + "/".join(groups))
        for name in (*SHORT, "hostility_spearman"):
            scored = [self._score(held, again)[name] for held in groups.values()]
            told = POSITIVE.get(name)
            counted = "/".join(str(sum(map(told, held))) for held in groups.values()) if told else ""
            print(f"{name:28}" + "".join(f"{value:8.3f}" for value in scored) + f"   {counted}")

    def bounds(self, rows: list[Row], found: dict[str, Row], bounds: dict[tuple[str, str], float]) -> None:
        """Whether each figure that the method must reach is reached."""
        groups = by_language(rows)
        for (group, name), least in bounds.items():
            value = self._score(groups[group], found)[name]
            print(f"  {name} {group}: {value:.3f}, {'reaches' if value >= least else 'BELOW'} {least:.2f}")


def by_language(rows: list[Row]) -> dict[str, list[Row]]:
    """All rows, and those of each language."""
    return {"all": rows, **{language: [row for row in rows if row["lang"] == language] for language in LANGUAGES}}


def answers(method: Callable[[list[Row]], list[Row]], rows: list[Row]) -> dict[str, Row]:
    """A method's codes by id; it sees no label."""
    return {answer["id"]: answer for answer in method([gold.unlabelled(row) for row in rows])}


def development(folder: Path, report: Report) -> None:
    """Print the method and a plain keyword rule on the development set, by language and by corpus."""
    dev = gold.rows(folder, "dev")
    method, words = answers(Coder(ROOT), dev), answers(keywords(), dev)
    print(f"Development set, model-labelled, {len(dev)} sentences: the method and a plain keyword rule\n")
    report.whole(dev, {"method": method, "keywords": words})
    report.bounds(dev, method, {("all", name): least for name, least in DEV.items()})
    for name, found in (("The method", method), ("The keyword rule", words)):
        print(f"\n{name} by corpus, development set, model-labelled\n")
        report.parts(dev, folds.corpus, found)


def unseen(folder: Path, report: Report) -> None:
    """Print the method where it is trained on other periods, and on other corpora, than it is scored on."""
    from pipelines.training import at_hand, predict, trainer, untaught  # with the library that fits, not to be shipped

    rows = gold.rows(folder, "train") + gold.rows(folder, "dev")
    vectors, more = at_hand(folder.parent)  # vectors of all periods and corpora: they know of no label
    learns = trainer(rows, vectors, more)
    feeds = {name: untaught().feed(name) for name in sorted({row["corpus"] for row in rows})}
    names = {feed.stem: name for name, feed in feeds.items() if feed is not None}
    picked = [{**row, "corpus": names.get(row["feed"], row["feed"])} for row in more.labels]
    places = {row["id"]: place for place, row in enumerate(rows + picked)}

    def train(seen: list[Row]) -> pl.DataFrame:
        return learns.fitted([places[row["id"]] for row in seen])

    for words, of in (("period", folds.period), ("corpus", folds.corpus)):
        found = folds.pooled(rows, of, train, predict, picked)
        print(f"\nOne {words} left out, pooled out of fold, train and dev, model-labelled, {len(rows)} sentences\n")
        report.whole(rows, {"method": found})
        report.bounds(rows, found, UNSEEN)
        threats = sum(map(POSITIVE["threat_f1"], by_language(rows)["es"]))
        print(f"  threat_f1 es: no bound, {threats} positives among {len(by_language(rows)['es'])} are too few\n")
        report.parts(rows, of, found)


def labels(folder: Path, report: Report) -> None:
    """Print how far the labels of the seed agree with those of the training set, where both labelled a sentence."""
    seed = Seeds(ROOT, contract_files.load(ROOT))["labelled_sentences"].filter(drawn_from="gold")
    again = {row["statement_id"]: {**row, "themes": row["themes"] or []} for row in seed.iter_rows(named=True)}
    rows = [row for row in gold.rows(folder, "train") if row["id"] in again]
    print(f"\nseeds/labelled_sentences.csv and the training set, both model-labelled, on {len(rows)} sentences of both")
    print("(richer in hostile ones than the training set; two of one kind of model agree more than people would)\n")
    report.agreement(rows, again)


def weighted(folder: Path, report: Report) -> None:
    """Print how often the method errs among all sentences the labelled ones were drawn from."""
    from tests.evaluation import errors

    dev = gold.rows(folder, "dev")
    print("\nErrors weighted by the sampling probabilities, development set, model-labelled\n")
    print(errors.table(dev, answers(Coder(ROOT), dev)))


PARTS = {
    "dev": development,
    "unseen": unseen,
    "labels": labels,
    "errors": weighted,
    "claims": lambda folder, _report: claims.shown(folder),
}


def main(chosen: list[str]) -> None:
    """Print the parts asked for, all unless told."""
    if unknown := set(chosen) - set(PARTS):
        print(f"evaluate: there is no part {unknown.pop()}; say {', '.join(PARTS)}", file=sys.stderr)
        sys.exit(1)
    try:
        folder = gold.folder()
        report = Report(gold.scorer(folder))
        for name in chosen or PARTS:
            PARTS[name](folder, report)
    except EntenteError as error:
        print(f"evaluate: {error}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
