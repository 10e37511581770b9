"""Claims of the press and of officials come out as they were worked out by hand, on the figures that are published."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from pipelines.claims.lines import Claimant
from pipelines.project import ROOT
from pipelines.rhetoric.sentences import segment
from tests.conftest import Clone
from tests.evaluation import claims as evaluation

CASES = yaml.safe_load((Path(__file__).parent / "claims" / "ledger.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def published(fresh: Clone) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(fresh.published), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def claimant(published: duckdb.DuckDBPyConnection) -> Claimant:
    return Claimant(ROOT, published)


def claims(claimant: Claimant, case: dict[str, Any]) -> list[dict[str, Any]]:
    row = {"id": 1, "sentence": case["sentence"], "date": str(case["date"]), "lang": case.get("language", "en")}
    return claimant([row])[0]["claims"]


@pytest.mark.parametrize("case", CASES, ids=[case["about"] for case in CASES])
def test_a_known_claim_has_its_verdict_and_its_readings(claimant: Claimant, case: dict[str, Any]) -> None:
    found = claims(claimant, case)
    assert [(claim["metric"], claim["verdict"]) for claim in found] == [
        (each["metric"], each["verdict"]) for each in case["claims"]
    ]
    for claim, expected in zip(found, case["claims"], strict=True):
        readings = {each["about"]: each for each in claim["readings"]}
        for about, (figure, fitting) in expected.get("readings", {}).items():
            assert about in readings, f"{about} is none of {sorted(readings)}"
            decimals = len(str(figure).partition(".")[2])
            assert round(readings[about]["value"], decimals) == figure
            assert readings[about]["within_tolerance"] is fitting
        assert expected.get("reason", "") in claim["reason"]


def test_every_sql_of_the_known_claims_gives_its_figure(
    claimant: Claimant, published: duckdb.DuckDBPyConnection
) -> None:
    ran = 0
    for case in CASES:
        for claim in claims(claimant, case):
            for reading in claim["readings"]:
                for day, figure in ((None, "value"), (case["date"], "value_then")):
                    published.execute(f"set variable as_of = date '{day}'" if day else "reset variable as_of")
                    row = published.execute(reading["sql"]).fetchone()
                    published.execute("reset variable as_of")
                    value = None if row is None or row[0] is None else float(row[0])
                    assert value == pytest.approx(reading[figure]), (reading["about"], day)
                    ran += value is not None
    assert ran > 100


def test_the_claims_of_the_given_documents_are_found(archive: Path, claimant: Claimant) -> None:
    folder = archive / "documents"
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as handle:
        manifest = list(csv.DictReader(handle))
    assert len(manifest) == 5
    found = {}
    for row in manifest:
        text = (folder / row["file"]).read_text(encoding="utf-8")
        said = [text[start:end].replace("\n", " ") for start, end in segment(text, 0, len(text))]
        asked = [
            {"id": n, "sentence": sentence, "prev": said[n - 1] if n else None, "date": row["date"], "lang": "en"}
            for n, sentence in enumerate(said)
        ]
        found[row["file"]] = [claim for answer in claimant(asked) for claim in answer["claims"]]
    told = [(claim["metric"], claim["value"]) for each in found.values() for claim in each]
    assert ("overdose_deaths_all", 107000) in told
    assert ("cbp_fentanyl_seized_lb", 3) in told
    assert ("other", 37) in told


def test_the_labelled_claims_reach_what_is_asked(archive: Path, published: duckdb.DuckDBPyConnection) -> None:
    scores = evaluation.scores(archive / "gold", published)
    for name, least in evaluation.LEAST.items():
        assert scores["all"][name] >= least, f"{name} is {scores['all'][name]:.3f}"
    assert scores["all"]["decided_recall"] >= 0.5
