"""Predictions for what a method has not seen: one period, or one corpus, left out at a time.

`train` takes labelled rows and gives a model; `predict` takes it and rows without labels, and gives a row of codes with
its `id` for each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.evaluation.gold import Row, unlabelled

Train = Callable[[list[Row]], Any]
Predict = Callable[[Any, list[Row]], list[Row]]
PERIODS = {
    "2015-16": (date(2015, 1, 1), date(2016, 12, 31)),
    "2017-20": (date(2017, 1, 1), date(2020, 12, 31)),
    "2021-22": (date(2021, 1, 1), date(2022, 12, 31)),
    "2023": (date(2023, 1, 1), date(2023, 12, 31)),
    "2024": (date(2024, 1, 1), date(2024, 12, 31)),
    "2025 second half": (date(2025, 7, 1), date(2025, 12, 31)),
}


@dataclass(frozen=True)
class Fold:
    """What is left out under one name, and what remains to learn from."""

    name: str
    train: list[Row]
    test: list[Row]


def period(row: Row) -> str:
    """The period of decision 24 that a row's date lies in."""
    day = date.fromisoformat(row["date"])
    for name, (first, last) in PERIODS.items():
        if first <= day <= last:
            return name
    raise ValueError(f"{row['id']}: no period holds {day}; add one to PERIODS")


def corpus(row: Row) -> str:
    """The corpus a row is of."""
    return row["corpus"]


def folds(rows: list[Row], of: Callable[[Row], str], more: Sequence[Row] = ()) -> Iterator[Fold]:
    """One fold for each period or corpus; a document with a row in it gives none to learn from.

    Args:
        rows: What is scored, and learnt from where it is not of the fold.
        of: Period or corpus of a row.
        more: Rows that are learnt from only, where they are not of the fold's period or corpus.
    """
    for name in sorted({of(row) for row in rows}):
        test = [row for row in rows if of(row) == name]
        documents = {row["doc"] for row in test}
        known = [row for row in rows if of(row) != name and row["doc"] not in documents]
        yield Fold(name, known + [row for row in more if of(row) != name], test)


def pooled(
    rows: list[Row], of: Callable[[Row], str], train: Train, predict: Predict, more: Sequence[Row] = ()
) -> dict[str, Row]:
    """The prediction for each row by id, each by a model that saw neither its period or corpus nor its document.

    Raises:
        ValueError: A method that does not answer each row once.
    """
    found: dict[str, Row] = {}
    for fold in folds(rows, of, more):
        answers = predict(train(fold.train), [unlabelled(row) for row in fold.test])
        if [answer["id"] for answer in answers] != [row["id"] for row in fold.test]:
            raise ValueError(f"{fold.name}: {len(answers)} answers to {len(fold.test)} rows, or not in their order")
        found |= {answer["id"]: answer for answer in answers}
    if len(found) != len(rows):
        raise ValueError(f"{len(found)} predictions for {len(rows)} rows; two rows have one id")
    return found
