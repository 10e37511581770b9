"""Labelled sentences: found again in the texts by their statement_id, and learnt from beside the training set."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines import contract_files, feeds, training
from pipelines.coding_lines import ASKED
from pipelines.labelled_sentences import NONE, Labelled, labelled_sentences
from pipelines.seeds import Seeds
from tests.test_training import LINES, PLACES, labelled

ROOT = Path(__file__).resolve().parent.parent
DECLARED = contract_files.load(ROOT)
SEEDS = Seeds(ROOT, DECLARED)
SHIPPED = SEEDS["labelled_sentences"]
SAMPLE = ROOT / "tests/documents/white_house/types/archive"
CODES = {"bilateral": 1, "direction": "US>MX", "hostility": 0, "cooperation": 1, "themes": ["security"]}


def label(statement_id: str, **codes: Any) -> dict[str, Any]:
    return {"statement_id": statement_id, "drawn_from": "texts", "labelled_by": "person", **CODES, **codes}


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


def test_label_of_a_sentence_that_no_text_holds_is_left_out(texts: Path, statement: dict[str, Any]) -> None:
    labels = table(label("0" * 16), label(statement["statement_id"], themes=None))
    (found,) = labelled_sentences(texts, training.untaught().method, labels).labels
    assert (found["id"], found["themes"]) == (statement["statement_id"], [])


def test_no_text_at_hand_gives_no_sentence(tmp_path: Path) -> None:
    found = labelled_sentences(tmp_path, training.untaught().method, table(label("0" * 16)))
    assert (found.asked.height, found.labels) == (0, [])


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


def test_shipped_labels_follow_the_codebook_and_keep_no_sentence() -> None:
    for row in SHIPPED.iter_rows(named=True):
        form = "[0-9a-f]{16}" if row["drawn_from"] == "texts" else "n[0-9a-f]{10}"
        assert re.fullmatch(form, row["statement_id"]), row
        stance = (row["direction"], row["hostility"], row["cooperation"], row["themes"])
        assert row["bilateral"] or stance == ("none", 0, 0, None), row
        assert row["direction"] in ("US>MX", "MX>US", "none"), row
