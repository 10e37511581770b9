"""Labelled sentences: found again in the texts by their statement_id, and learnt from beside the training set."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines import contract_files, feeds, training
from pipelines.coding_lines import ASKED
from pipelines.errors import Refused
from pipelines.labelled_sentences import NONE, Labelled, labelled_sentences
from pipelines.seeds import Seeds
from tests.evaluation import gold
from tests.test_training import LINES, PLACES, labelled

ROOT = Path(__file__).resolve().parent.parent
DECLARED = contract_files.load(ROOT)
SEEDS = Seeds(ROOT, DECLARED)
SHIPPED = SEEDS["labelled_sentences"]
SAMPLE = ROOT / "tests/documents/white_house/types/archive"
ELSEWHERE = ("Golf", "Hotel", "Juliett", "Kilo", "Lima", "Mike")
CODES = {"bilateral": 1, "direction": "US>MX", "hostility": 0, "cooperation": 1, "themes": ["security"]}


def label(statement_id: str, **codes: Any) -> dict[str, Any]:
    return {"statement_id": statement_id, "drawn_from": "texts", **CODES, **codes}


def table(*labels: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(labels, schema=SHIPPED.schema)


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("texts")
    shutil.copytree(SAMPLE, folder / "corpora" / "white_house")
    return folder


@pytest.fixture(scope="module")
def statement(texts: Path) -> dict[str, Any]:
    """A statement as it is coded and published."""
    feed = next(each for each in DECLARED.values() if each.feed is not None and each.stem == "white_house")
    feeds.code_feed(feed, [texts / "corpora"], set(), texts / "parts", SEEDS)
    coded = pl.concat(pl.read_parquet(path) for path in (texts / "parts/codings").glob("*.parquet"))
    return coded.filter(pl.col("speaker") == "Karine Jean-Pierre").row(0, named=True)


def test_labels_of_a_statement_are_put_to_its_words(texts: Path, statement: dict[str, Any]) -> None:
    found = labelled_sentences(texts, training.untaught().method, table(label(statement["statement_id"])))
    assert found.asked.schema == pl.Schema(ASKED)
    (asked,) = found.asked.to_dicts()
    assert asked["sentence"].startswith("We are working with our partners in Mexico")
    assert asked["before"] == "Good morning."
    assert [asked[name] for name in ("speaker", "voice", "side")] == ["Karine Jean-Pierre", "executive", "US"]
    place = {"id": statement["statement_id"], "feed": "white_house", "doc": statement["document_id"]}
    assert found.labels == [{**place, "lang": "en", "date": "2022-05-18", **CODES}]


def test_sentence_that_is_not_bilateral_has_no_theme(texts: Path, statement: dict[str, Any]) -> None:
    labels = table(label(statement["statement_id"], bilateral=0, themes=None))
    (found,) = labelled_sentences(texts, training.untaught().method, labels).labels
    assert (found["bilateral"], found["themes"]) == (0, [])


def test_texts_that_lack_labelled_sentences_are_refused_by_name(texts: Path, statement: dict[str, Any]) -> None:
    labels = table(label("0" * 16), label(statement["statement_id"]))
    with pytest.raises(Refused, match=f"{texts} holds 1 of the 2 sentences"):
        labelled_sentences(texts, training.untaught().method, labels)


def test_wrong_folder_is_named_in_one_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pipelines.training", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert (
        done.stderr
        == f"training: there is no {tmp_path}/gold/statements_train.jsonl; name the folder above gold and corpora\n"
    )


def picked(lines: list[dict[str, Any]]) -> Labelled:
    coder = training.untaught()
    asked = [coder.asked(training.parsed(line)) for line in lines]
    return Labelled(pl.DataFrame(asked, schema=ASKED), lines)


def test_words_are_learnt_from_labelled_sentences_too() -> None:
    more = picked(
        [{**labelled("Hotel", number), "sentence": f"The tribute, Mexico, of {number}.", "cooperation": 1}
         for number in range(8)]
    )  # fmt: skip
    weights = dict(training.train(LINES, more=more).select("feature", "cooperative").iter_rows())
    assert weights["word:tribut"] > 0.1
    assert "word:tribut" not in training.train(LINES, more=NONE)["feature"].to_list()


def test_stance_that_a_language_was_only_picked_for_is_given_by_no_threshold() -> None:
    said = "Vamos a imponer aranceles a Estados Unidos desde {}."
    threat = {"lang": "es", "feed": "presidencia_amlo", "direction": "MX>US", "hostility": 3}
    more = [{**labelled(place, 0), **threat, "sentence": said.format(place)} for place in (*PLACES, "Golf", "Hotel")]
    thresholds = training.train(LINES, more=picked(more)).filter(pl.col("feature").str.starts_with("(threshold"))
    assert thresholds["feature"].to_list() == ["(threshold en)", "(threshold es)"]
    assert thresholds["threat"][0] < thresholds["threat"][1] == training.BEYOND
    assert thresholds["cooperative"][0] == thresholds["cooperative"][1], "without a drawn case that of all holds"


@pytest.mark.parametrize(("times", "codes"), [(2, ["bilateral", "critical", "trade"]), (4, ["hostile", "threat"])])
def test_sentence_picked_counts_part_of_one_drawn(times: int, codes: list[str]) -> None:
    again = [labelled(place, number) for place in ELSEWHERE[:3] for number in (0, 2, 3, 4, 5, 6, 7)]
    drawn, often = training.train(LINES + again), training.train(LINES, more=picked(again * times))
    shared = drawn.join(often, on="feature", how="inner", suffix=" often").filter(
        ~pl.col("feature").str.contains("golf|hotel|juliet|^.thr")
    )
    assert shared.height > 100
    for code in codes:
        assert shared[f"{code} often"].to_list() == pytest.approx(shared[code].to_list(), abs=0.008), code


def test_thresholds_know_nothing_picked_on_the_day_of_the_feed_they_are_set_on() -> None:
    lines = [labelled(place, number) for place in ELSEWHERE for number in range(8)]
    swapped = [{**line, "cooperation": 1 - line["cooperation"]} for line in lines]
    elsewhere = [{**line, "date": "2025-04-02"} for line in swapped]
    alone, same_day, another_day = (
        training.train(LINES, more=more).filter(feature="(threshold en)")["cooperative"].item()
        for more in (NONE, picked(swapped), picked(elsewhere))
    )
    assert same_day == pytest.approx(alone, abs=0.01)
    assert another_day != pytest.approx(alone, abs=0.05)


def test_shipped_labels_name_statements_and_keep_no_sentence() -> None:
    for row in SHIPPED.iter_rows(named=True):
        form = "[0-9a-f]{16}" if row["drawn_from"] == "texts" else "n[0-9a-f]{10}"
        assert re.fullmatch(form, row["statement_id"]), row


@pytest.mark.long
def test_none_of_a_day_of_the_development_set_is_learnt_from(archive: Path) -> None:
    coder = training.untaught()
    found = labelled_sentences(archive, coder.method, SHIPPED.filter(drawn_from="texts")).labels
    dev = [coder.feed(row["corpus"]).stem + row["date"] for row in gold.rows(archive / "gold", "dev")]
    assert len(found) > 5000
    assert not set(dev) & {row["feed"] + row["date"] for row in found}
