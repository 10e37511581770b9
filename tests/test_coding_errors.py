"""The figures that correct a measure: weighted by design, with an interval that resamples documents."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from pipelines import contract_files, seeds
from pipelines.project import ROOT
from pipelines.rhetoric.version import method_version
from pipelines.seeds import Seeds
from tests.evaluation.errors import COLUMNS, QUANTITIES, errors, table, write

Row = dict[str, Any]


def sentence(number: int, **codes: Any) -> Row:
    drawn = {"id": f"s{number}", "corpus": "c", "doc": f"d{number}", "lang": "en", "stratum": "hot", "prob": 0.5}
    return {**drawn, "side": "A", "direction": "A>B", "hostility": 0, "cooperation": 0, **codes}


def by_id(rows: list[Row]) -> dict[str, Row]:
    return {row["id"]: row for row in rows}


def measured(gold: list[Row], predicted: list[Row], quantity: str, direction: str = "A>B") -> Row:
    rows = errors(gold, by_id(predicted), "v1", draws=200)
    return next(row for row in rows if (row["direction"], row["quantity"]) == (direction, quantity))


def toward_none(row: Row) -> Row:
    return {**row, "direction": "none", "hostility": 0, "cooperation": 0}


def test_a_method_that_agrees_needs_no_correction() -> None:
    gold = [sentence(number, hostility=number % 4, cooperation=number % 2) for number in range(40)]
    for quantity in QUANTITIES:
        row = measured(gold, gold, quantity)
        assert (row["ratio"], row["ratio_low"], row["ratio_high"]) == (1.0, 1.0, 1.0)


def test_each_sentence_stands_for_those_it_was_drawn_from() -> None:
    hot = [sentence(number, hostility=3) for number in range(20)]
    topical = [sentence(100 + number, stratum="topical", prob=0.1, hostility=2) for number in range(10)]
    missed = [*hot, *(toward_none(row) for row in topical[:5]), *topical[5:]]
    row = measured([*hot, *topical], missed, "directed")
    assert (row["labelled"], row["coded"], row["labelled_total"], row["coded_total"]) == (30, 25, 140.0, 90.0)
    assert row["ratio"] == pytest.approx(140 / 90, abs=5e-4)
    assert row["ratio_low"] < row["ratio"] < row["ratio_high"]
    assert measured([*hot, *topical], missed, "hostility_sum")["labelled_total"] == 20 * 2 * 3 + 10 * 10 * 2


def test_a_stance_found_in_the_wrong_direction_is_missed_in_one_and_invented_in_the_other() -> None:
    gold = [
        *(sentence(number) for number in range(20)),
        *(sentence(50 + n, direction="B>A", side="B") for n in range(20)),
    ]
    predicted = [{**gold[0], "direction": "B>A"}, *gold[1:]]
    assert measured(gold, predicted, "directed")["coded"] == 19
    assert measured(gold, predicted, "directed", "B>A")["coded"] == 21


def test_what_lies_outside_the_subject_is_told_and_moves_no_ratio() -> None:
    inside = [sentence(number) for number in range(20)]
    outside = [sentence(100 + number, stratum="plain", prob=0.0003) for number in range(4)]
    others = [sentence(200 + number, stratum="plain", prob=0.0003, side="B", direction="none") for number in range(4)]
    gold = [*inside, *outside[:1], *(toward_none(row) for row in outside[1:]), *others]
    row = measured(gold, [toward_none(row) if row["stratum"] == "plain" else row for row in gold], "directed")
    assert (row["sentences"], row["ratio"]) == (20, 1.0)
    assert (row["outside_sentences"], row["outside_labelled"]) == (4, 1)


def test_sentences_of_one_document_err_together_so_the_interval_is_wider() -> None:
    apart = [sentence(number) for number in range(40)]
    together = [{**row, "doc": f"d{number // 10}"} for number, row in enumerate(apart)]

    def width(gold: list[Row]) -> float:
        predicted = [toward_none(row) if number < 10 else row for number, row in enumerate(gold)]
        row = measured(gold, predicted, "directed")
        return row["ratio_high"] - row["ratio_low"]

    assert width(together) > 1.5 * width(apart)


def test_a_method_that_finds_too_little_has_no_ratio() -> None:
    gold = [sentence(number, hostility=2) for number in range(40)]
    for found in (0, 1):
        predicted = [row if number < found else toward_none(row) for number, row in enumerate(gold)]
        row = measured(gold, predicted, "hostile")
        assert (row["ratio"], row["ratio_low"], row["ratio_high"]) == (None, None, None)


def test_the_same_sample_gives_the_same_interval() -> None:
    gold = [sentence(number, hostility=number % 3) for number in range(30)]
    found = by_id([toward_none(row) if number % 7 == 0 else row for number, row in enumerate(gold)])
    assert errors(gold, found, "v1", draws=100) == errors(gold, found, "v1", draws=100)


def test_a_sentence_without_prediction_is_an_error() -> None:
    with pytest.raises(ValueError, match="1 labelled sentences have no prediction, the first is s2; code them all"):
        errors([sentence(1), sentence(2)], {"s1": sentence(1)}, "v1")


def test_what_is_written_is_the_seed(tmp_path: Path) -> None:
    contract = contract_files.read_contract(ROOT / "seeds" / "coding_errors.yml", "seeds")
    assert tuple(contract.columns) == COLUMNS
    gold = [sentence(number) for number in range(10)]
    write(errors(gold, by_id(gold), "v1", draws=20), tmp_path / "coding_errors.csv")
    assert seeds.read_seed(tmp_path, contract)["ratio"].to_list() == [1.0, None, None, None]
    with (ROOT / "seeds" / "coding_errors.csv").open(encoding="utf-8") as handle:
        assert next(csv.reader(handle)) == list(COLUMNS)


def test_the_table_shows_every_ratio_with_what_it_rests_on() -> None:
    gold = [sentence(number, hostility=2) for number in range(20)]
    lines = table(gold, by_id([*gold[:18], *(toward_none(row) for row in gold[18:])])).splitlines()
    hostile = next(line.split() for line in lines if "hostile" in line)
    assert hostile[:7] == ["A>B", "hostile", "20", "18", "40.0", "36.0", "1.11"]
    assert next(line for line in lines if "cooperative" in line).split()[-3:] == ["-", "-", "0/0"]


def test_the_shipped_errors_are_those_of_the_shipped_method() -> None:
    shipped = Seeds(ROOT, contract_files.load(ROOT))["coding_errors"]
    assert set(shipped["method_version"]) == {method_version(ROOT)}, "run python -m tests.evaluation.errors"
