"""Training: what coefficients learn from labelled sentences, that they keep none, and that others are a new method."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import contract_files, training
from pipelines.design import FROM
from pipelines.rhetoric import version
from pipelines.seeds import Seeds

ROOT = Path(__file__).resolve().parent.parent
SEEDS = Seeds(ROOT, contract_files.load(ROOT))

# (bilateral, direction, hostility, cooperation, themes) and sentences of which each place name makes another
KINDS: list[tuple[tuple[int, str, int, int, list[str]], str]] = [
    ((1, "US>MX", 3, 0, ["trade"]), "We will impose tariffs on Mexico over {}."),
    ((1, "US>MX", 3, 0, ["migration"]), "We will close the border with Mexico to migrants at {}."),
    ((1, "US>MX", 2, 0, ["drugs"]), "Mexico must stop the flow of fentanyl into {}."),
    ((1, "US>MX", 2, 0, ["sovereignty"]), "We reject the interference of Mexico in the sovereignty of {}."),
    ((1, "US>MX", 0, 1, ["security"]), "We thank Mexico for working together with our police at {}."),
    ((1, "none", 0, 0, ["arms"]), "Guns were found between {} and Mexico."),
    ((0, "none", 0, 0, []), "The cartels were the title of a book about {}."),
    ((0, "none", 0, 0, []), "The southern border of the garden in {} is green."),
]
PLACES = ("Alpha", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot")


def labelled(place: str, number: int) -> dict[str, Any]:
    (bilateral, direction, hostility, cooperation, themes), sentence = KINDS[number]
    return {
        "id": f"{place} {number}", "doc": place, "lang": "en", "date": "2025-03-01", "sentence": sentence.format(place),
        "feed": "white_house", "bilateral": bilateral, "direction": direction, "hostility": hostility,
        "cooperation": cooperation, "themes": themes,
    }  # fmt: skip


LINES = [labelled(place, number) for place in PLACES for number in range(len(KINDS))]
BEHIND_A_MARK = ["word:'SELF", "pair:'SELF presid"]  # an actor named behind a quotation mark
SAID = ("bilateral", "direction", "hostility", "cooperation", "themes")


@pytest.fixture(scope="module")
def learnt() -> pl.DataFrame:
    return training.train(LINES)


def test_what_is_plainly_different_is_told_apart(learnt: pl.DataFrame) -> None:
    found = training.predict(learnt, LINES)
    assert [row["id"] for row in found] == [row["id"] for row in LINES]
    wrong = [
        (line["sentence"], name, line[name], row[name])
        for line, row in zip(LINES, found, strict=True)
        for name in SAID
        if line[name] != row[name]
    ]
    assert not wrong


def test_places_of_no_document_learnt_from_are_told_apart_too(learnt: pl.DataFrame) -> None:
    unseen = [labelled("Golf", number) for number in range(len(KINDS))]
    found = training.predict(learnt, unseen)
    assert [[row[name] for name in SAID] for row in found] == [[row[name] for name in SAID] for row in unseen]


def test_coefficients_are_learnt_from_the_labels(learnt: pl.DataFrame) -> None:
    swapped = training.train([{**row, "cooperation": int(row["hostility"] == 3)} for row in LINES])
    weight = [dict(table.select("feature", "cooperative").iter_rows()) for table in (learnt, swapped)]
    assert weight[0]["word:thank"] > 0 > weight[0]["word:impose"]
    assert weight[1]["word:impose"] > 0 > weight[1]["word:thank"]


def test_same_sentences_give_the_identical_table(learnt: pl.DataFrame) -> None:
    assert training.train(LINES).equals(learnt)


def test_table_is_that_of_the_seed(learnt: pl.DataFrame) -> None:
    assert learnt.schema == SEEDS["coefficients"].schema
    assert learnt["feature"].is_unique().all()
    assert learnt.filter(pl.any_horizontal(pl.exclude("feature").is_nan())).is_empty()


@pytest.mark.parametrize("shipped", [False, True])
def test_no_sentence_is_kept(learnt: pl.DataFrame, shipped: bool) -> None:
    features = (SEEDS["coefficients"] if shipped else learnt)["feature"]
    said = {kind: [feature for feature in features if feature.startswith(kind)] for kind in FROM}
    assert all(said.values())
    stem = r"([a-z0-9']{1,6}|(OTHER|SELF|CRIMINAL|THIRD)[a-z0-9']*)"
    forms = {"word:": stem, "pair:": f"{stem} {stem}"}
    odd = [each for kind, form in forms.items() for each in said[kind] if not re.fullmatch(f"{kind}{form}", each)]
    assert odd == (BEHIND_A_MARK if shipped else [])
    assert max(len(feature) for feature in features) < 40


def test_word_counts_where_enough_sentences_hold_it() -> None:
    least = FROM["word:"]
    held_by = {"oddity": least - 1, "wonder": least}
    said = [" ".join(word for word, number in held_by.items() if n < number) for n in range(len(LINES))]
    lines = [{**row, "sentence": f"{row['sentence']} {more}"} for row, more in zip(LINES, said, strict=True)]
    assert {"word:oddity", "word:wonder"} & set(training.train(lines)["feature"]) == {"word:wonder"}


def test_pair_counts_where_enough_sentences_hold_it() -> None:
    least = FROM["pair:"]
    held_by = {"odd oddity": least - 1, "good wonder": least}
    said = [". ".join(pair for pair, number in held_by.items() if n < number) for n in range(len(LINES))]
    lines = [{**row, "sentence": f"{row['sentence']} {more}"} for row, more in zip(LINES, said, strict=True)]
    found = set(training.train(lines)["feature"])
    assert {"pair:odd oddity", "pair:good wonder"} & found == {"pair:good wonder"}


def test_what_is_learnt_from_words_alone_is_added_to_their_weights(
    learnt: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "ALONE", {})
    without = training.train(LINES)
    word = pl.col("feature").str.contains("^(word|pair):")
    both = learnt.join(without, on="feature", suffix="_without")
    for target in training.LABELS:
        is_beside = target in ("directed", "cooperative")
        moved = (both.filter(word)[target] != both.filter(word)[f"{target}_without"]).any()
        kept = both.filter(~word & ~pl.col("feature").str.starts_with("("))
        assert moved == is_beside, target
        assert kept[target].equals(kept[f"{target}_without"].rename(target)), target


def test_language_with_few_cases_of_a_stance_is_given_none(learnt: pl.DataFrame) -> None:
    spanish = [{**row, "id": f"es {row['id']}", "lang": "es"} for row in LINES]
    few = {row["id"] for row in [row for row in spanish if row["hostility"] >= 3][: training.FEW - 1]}
    mild = [row if row["id"] in few else {**row, "hostility": min(row["hostility"], 2)} for row in spanish]
    thresholds = dict(training.train([*LINES, *mild]).select("feature", "threat").iter_rows())
    assert thresholds["(threshold en)"] < training.BEYOND == thresholds["(threshold es)"]


def test_theme_that_no_sentence_has_is_learnt_as_never() -> None:
    lines = [{**row, "themes": [theme for theme in row["themes"] if theme != "arms"]} for row in LINES]
    found = training.predict(training.train(lines), [{**row, "sentence": "It is Mexico."} for row in LINES[:1]])
    assert "arms" not in found[0]["themes"]


scores = st.lists(st.integers(-99, 99), min_size=2, max_size=30, unique=True)


@given(scores, st.data())
def test_threshold_calls_as_many_as_are_labelled(values: list[int], data: st.DataObject) -> None:
    wanted = data.draw(st.integers(0, len(values)))
    truth = np.array(data.draw(st.permutations([True] * wanted + [False] * (len(values) - wanted))))
    threshold = training._as_many(np.array(values), truth)
    assert (np.array(values) > threshold).sum() == wanted
    assert threshold not in values or wanted in (0, len(values)), "it lies between the scores"


@pytest.mark.parametrize("module", ["pipelines.coding_lines", "pipelines.ingest_texts", "pipelines.training"])
def test_what_codes_needs_nothing_of_what_trains(module: str) -> None:
    asked = f"import sys, {module}; sys.exit(any(name.split('.')[0] in ('sklearn', 'scipy') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", asked], cwd=ROOT, check=False).returncode == 0


# Version --------------------------------------------------------------------------------------------------------------


def test_version_changes_with_method_and_reader_and_with_nothing_else(tmp_path: Path) -> None:
    for place in ("pipelines/rhetoric", "pipelines/documents", "seeds"):
        for path in (ROOT / place).rglob("*"):
            if path.is_file() and path.suffix in (".py", ".yml", ".csv") and "history" not in path.parts:
                copy = tmp_path / path.relative_to(ROOT)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(path.read_bytes())
    (tmp_path / "pipelines" / "texts.py").write_bytes((ROOT / "pipelines" / "texts.py").read_bytes())
    feed = "presidencia_sheinbaum"
    before = version.feed_version(tmp_path, feed)
    assert before == version.feed_version(ROOT, feed)
    assert before.split(".")[0] == version.method_version(ROOT)

    def after(name: str) -> tuple[bool, bool]:
        path = tmp_path / name
        content = path.read_bytes()
        path.write_bytes(content + b"\n")
        method, reader = version.feed_version(tmp_path, feed).split(".")
        path.write_bytes(content)
        return method != before.split(".")[0], reader != before.split(".")[1]

    assert after("pipelines/rhetoric/coding.py") == (True, False)
    assert after("seeds/lexicon/drugs.csv") == (True, False)
    assert after("seeds/actors.csv") == (True, False)
    assert after("seeds/coefficients.csv") == (True, False)
    assert after("seeds/act_patterns.csv") == (True, False)
    assert after(f"pipelines/documents/{feed}.py") == (False, True)
    assert after(f"pipelines/documents/{feed}.yml") == (False, False)
    assert after("pipelines/documents/presidencia_amlo.py") == (False, True)
    assert after("pipelines/documents/white_house.py") == (False, False)
    assert after("seeds/places.csv") == (False, False)
