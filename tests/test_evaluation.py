"""The evaluation predicts each labelled sentence once, by a model that has seen nothing of its fold or document."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.project import ROOT
from tests.evaluation import folds, gold
from tests.evaluation.__main__ import Report, labels
from tests.evaluation.baseline import keywords
from tests.evaluation.gold import Row

DAYS = ["2015-02-01", "2016-12-31", "2017-01-01", "2020-06-30", "2021-01-01", "2023-05-05", "2024-12-31", "2025-07-01"]
BY = {"period": folds.period, "corpus": folds.corpus}


def rows() -> list[Row]:
    """Labelled sentences of three corpora in all periods, two of a document, and one document of two periods."""
    made = [
        {
            "id": f"n{day}{corpus}{place}",
            "corpus": corpus,
            "doc": f"{corpus}/{day}" if day[:4] != "2023" else f"{corpus}/2024-12-31",
            "date": day,
            "lang": "en",
            "sentence": f"Sentence {place}.",
            "speaker": "",
            "hostility": place,
            "direction": "none",
        }
        for day in DAYS
        for corpus in ("rallies", "posts", "briefings")
        for place in (0, 1)
    ]
    return made[::2] + made[1::2]


class Spy:
    """A method that remembers what it learnt from and was asked, and answers with what it had seen."""

    def __init__(self) -> None:
        self.asked: list[Row] = []

    def train(self, seen: list[Row]) -> dict[str, set[Any]]:
        return {
            "ids": {row["id"] for row in seen},
            "docs": {row["doc"] for row in seen},
            "periods": {folds.period(row) for row in seen},
            "corpora": {row["corpus"] for row in seen},
        }

    def predict(self, model: dict[str, set[Any]], unseen: list[Row]) -> list[Row]:
        self.asked += unseen
        return [{"id": row["id"], "seen": model} for row in unseen]


@pytest.mark.parametrize("by", BY)
def test_each_row_is_predicted_once_by_a_model_that_saw_nothing_of_its_part_or_document(by: str) -> None:
    spy, labelled = Spy(), rows()
    found = folds.pooled(labelled, BY[by], spy.train, spy.predict)
    assert sorted(row["id"] for row in spy.asked) == sorted(row["id"] for row in labelled) == sorted(found)
    for row in labelled:
        seen = found[row["id"]]["seen"]
        assert BY[by](row) not in seen["periods" if by == "period" else "corpora"]
        assert row["doc"] not in seen["docs"]
        assert row["id"] not in seen["ids"]
        assert seen["ids"], "nothing to learn from"


@pytest.mark.parametrize("by", BY)
def test_rows_that_are_only_learnt_from_are_left_out_of_their_own_part_and_never_scored(by: str) -> None:
    spy, labelled = Spy(), rows()
    more = [{**row, "id": f"m{row['id']}", "doc": f"m{row['doc']}"} for row in labelled]
    found = folds.pooled(labelled, BY[by], spy.train, spy.predict, more)
    assert sorted(found) == sorted(row["id"] for row in labelled)
    for row in labelled:
        others = {one["id"] for one in more if BY[by](one) != BY[by](row)}
        assert {seen for seen in found[row["id"]]["seen"]["ids"] if seen.startswith("m")} == others


def test_a_document_of_two_periods_is_learnt_from_in_neither() -> None:
    (held,) = [fold for fold in folds.folds(rows(), folds.period) if fold.name == "2023"]
    assert {row["date"] for row in held.test} == {"2023-05-05"}
    assert "2024-12-31" not in {row["date"] for row in held.train}
    assert len(held.test) + len(held.train) == len(rows()) - 6


def test_the_method_never_sees_a_label() -> None:
    spy = Spy()
    folds.pooled(rows(), folds.corpus, spy.train, spy.predict)
    assert spy.asked
    assert not {name for row in spy.asked for name in row} & set(gold.LABELS)
    assert {"sentence", "lang", "date", "speaker", "corpus", "doc", "id"} <= set(spy.asked[0])


@pytest.mark.parametrize("spoilt", [lambda answers: answers[1:], lambda answers: answers[::-1]])
def test_a_method_that_does_not_answer_row_for_row_is_refused(spoilt: Callable[[list[Row]], list[Row]]) -> None:
    with pytest.raises(ValueError, match="not in their order"):
        folds.pooled(rows(), folds.corpus, lambda seen: None, lambda _, asked: spoilt([{"id": r["id"]} for r in asked]))


def test_two_rows_with_one_id_are_refused() -> None:
    twice = [{**row, "id": "n1"} for row in rows()[:3]]
    with pytest.raises(ValueError, match="one id"):
        folds.pooled(twice, folds.corpus, lambda seen: None, lambda _, asked: [{"id": r["id"]} for r in asked])


def test_labels_of_the_seed_are_compared_with_those_of_the_training_set(
    archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    labels(archive / "gold", Report(gold.scorer(archive / "gold")))
    printed = capsys.readouterr().out
    assert "on 320 sentences of both" in printed
    figures = {line.split()[0]: line.split()[1:] for line in printed.splitlines() if "_f1" in line}
    assert figures["hostile_f1"][-1] == "70/55/15"
    assert all(float(figures[name][0]) > 0.9 for name in ("bilateral_f1", "hostile_f1", "cooperation_f1"))


def test_a_date_outside_the_periods_is_named() -> None:
    with pytest.raises(ValueError, match="n1: no period holds 2025-03-01"):
        folds.period({"id": "n1", "date": "2025-03-01"})


def test_every_day_of_a_period_and_its_edges_are_in_it() -> None:
    found = [folds.period({"id": "", "date": day}) for day in DAYS]
    assert found == ["2015-16", "2015-16", "2017-20", "2017-20", "2021-22", "2023", "2024", "2025 second half"]


def test_the_keyword_rule_reads_words_and_nothing_else() -> None:
    who = {"lang": "en", "corpus": "white_house", "speaker": "THE PRESIDENT", "date": "2025-08-12", "doc": ""}
    said = ("We will impose tariffs on Mexico.", "We will not impose tariffs on Mexico.", "It rains in Ohio.")
    threat, denial, nothing = keywords()([{**who, "id": str(place), "sentence": one} for place, one in enumerate(said)])
    assert (threat["hostility"], threat["direction"], threat["themes"]) == (3, "US>MX", ["trade"])
    assert {**denial, "id": "0"} == threat
    assert nothing["bilateral"] == 0


def test_without_the_labelled_sentences_one_line_says_where_they_are_looked_for(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.evaluation"],
        cwd=ROOT,
        env={"ENTENTE_ARCHIVE": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("evaluate: no labelled sentences in ")
    assert "ENTENTE_ARCHIVE" in line
