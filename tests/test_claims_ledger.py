"""Claims are stored without text, checked as well from what is stored, and stand in the ledger reading by reading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipelines import as_of
from pipelines.claims import lines, storing
from pipelines.claims.books import Books
from pipelines.claims.checking import Checker
from pipelines.claims.finding import ASKED, Finder
from pipelines.claims.readings import Readings
from pipelines.contracts import Contract
from pipelines.documents import claims
from pipelines.indicators import claims_ledger
from pipelines.project import ROOT, Project
from pipelines.warehouse import Work
from tests.conftest import Clone

SEEDS = lines.seed_tables(ROOT)
SAID = [
    "CBP seized 14,700 pounds of fentanyl in FY 2022, an approximate 31 percent increase from FY 2021.",
    "Overdose deaths fell 3 percent in 2023 compared to the same period of the year before.",
    "Border encounters have decreased for three straight months.",
    "Illegal crossings at the southern border are down 60 percent since June 4th.",
    "We have a trade deficit with Mexico of more than half a trillion dollars.",
    "In Ohio, tens of thousands of people died of fentanyl over the last three years.",
]
PLACED = {"document_id": "d", "raw_sha256": "f" * 64, "speaker": "president"}


def sentences(day: date = date(2024, 9, 24)) -> pl.DataFrame:
    asked = [
        {**PLACED, "start": 100 * n, "end": 100 * n + len(said), "sentence": said, "language": "en", "date": day}
        for n, said in enumerate(SAID)
    ]
    schema = {**dict.fromkeys(PLACED, pl.String), "start": pl.Int64, "end": pl.Int64, **ASKED}
    return pl.DataFrame([{**row, "before": None, "after": None} for row in asked], schema=schema)


def stored(asked: pl.DataFrame) -> list[dict[str, Any]]:
    return storing.rows(Finder(SEEDS).found(asked), asked)


def test_a_stored_claim_holds_no_text_and_all_that_its_contract_names(work: Work) -> None:
    rows = stored(sentences())
    columns = work.declared["documents.claims"].columns
    assert [name for name in columns if name != "method_version"] == list(rows[0])
    kept = [value for row in rows for value in row.values() if isinstance(value, str) and " " in value]
    assert set(kept) <= {"consecutive months"}


def test_a_claim_is_the_same_after_it_was_stored_but_for_places_in_its_text() -> None:
    asked = sentences()
    found = Finder(SEEDS).found(asked)
    assert len(found) >= 7
    for place, (claim, row) in enumerate(zip(found, storing.rows(found, asked), strict=True)):
        back = storing.claim_of(row, place)
        places = {"start": 0, "end": 0, "number": 0, "clause": (0, 0), "sense": 0, "phrase": None, "concept": ""}
        quantity = replace(claim.quantity, **places)
        assert replace(back.quantity, **places) == quantity
        for name in ("period", "baseline", "context"):
            told, again = getattr(claim, name), getattr(back, name)
            assert (told and replace(told, at=0, until=0)) == again
        for name in ("metric", "series", "kind", "concepts", "near", "said", "marks", "state", "drug", "start", "end"):
            assert getattr(back, name) == getattr(claim, name)


def test_the_same_words_said_twice_in_a_document_are_two_claims() -> None:
    asked = pl.concat([sentences(), sentences().with_columns(pl.col("start", "end") + 5000)])
    rows = stored(asked)
    assert len({row["claim_id"] for row in rows}) == len(rows)
    assert [row["claim_id"] for row in rows] == [row["claim_id"] for row in stored(asked)]


# Texts at hand and bundled ------------------------------------------------------------------------------------------


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Work]:
    """A working database without figures, whose warehouse and bundle are empty."""
    project = Project(ROOT, tmp_path / "warehouse", tmp_path / "documents", None, tmp_path / "history")
    with duckdb.connect() as connection:
        yield Work(project, connection)


def put(work: Work, documents: list[str], version: str = "v") -> None:
    """Let documents be read, each with one turn of all the sentences said."""
    day = date(2024, 9, 24)
    readings = pl.DataFrame(
        [
            {"feed": "white_house", "document_id": name, "raw_sha256": name, "method_version": version, "date": day}
            for name in documents
        ]
    ).with_columns(language=pl.lit("en"), excluded=pl.lit(None, pl.String))
    assert not readings.is_empty()
    work.connection.execute("create or replace table documents.readings as select * from readings")


def turns(work: Work, name: str, documents: list[str]) -> None:
    folder = work.project.warehouse / "documents" / "white_house" / "turns"
    folder.mkdir(parents=True, exist_ok=True)
    rows = [
        {"document_id": each, "raw_sha256": each, "turn": 0, "speaker": "president", "start": 7, "text": " ".join(SAID)}
        for each in documents
    ]
    pl.DataFrame(rows).with_columns(method_version=pl.lit("v")).write_parquet(folder / f"{name}.parquet")


def test_claims_are_found_in_the_texts_at_hand_with_their_places(work: Work) -> None:
    put(work, ["a"])
    turns(work, "part", ["a"])
    found = claims.make(work)
    assert found.height >= 7
    assert found["document_id"].unique().to_list() == ["a"]
    text = " " * 7 + " ".join(SAID)
    for row in found.iter_rows(named=True):
        sentence = text[row["start"] : row["end"]]
        assert sentence in SAID
        assert any(sign.isalnum() for sign in sentence[row["span_start"] : row["span_end"]])
    assert claims.make(work).equals(found)


def test_claims_of_texts_not_at_hand_come_from_the_bundle(work: Work) -> None:
    put(work, ["a", "b"])
    turns(work, "part", ["a", "b"])
    whole = claims.make(work)
    bundle = work.project.history / "documents"
    bundle.mkdir(parents=True)
    whole.with_columns(method_version=pl.lit("older")).write_parquet(bundle / "white_house.claims.parquet")
    (work.project.warehouse / "documents" / "white_house" / "turns" / "part.parquet").unlink()
    turns(work, "other", ["b"])
    again = claims.make(work).sort("claim_id")
    assert again.drop("method_version").equals(whole.drop("method_version").sort("claim_id"))
    versions = again.group_by("document_id").agg(pl.col("method_version").unique().first()).sort("document_id")
    assert versions["method_version"].to_list() == ["older", claims.claims_version(work)]


def test_an_excluded_document_makes_no_claims(work: Work) -> None:
    put(work, ["a"])
    turns(work, "part", ["a"])
    assert not claims.make(work).is_empty()
    work.connection.execute("update documents.readings set excluded = 'not_political'")
    assert claims.make(work).is_empty()


# The ledger -----------------------------------------------------------------------------------------------------------


def test_the_ledger_has_each_reading_and_leaves_no_views_behind(copy: Clone) -> None:
    project = Project(ROOT, copy.warehouse, copy.warehouse / "none", None, ROOT / "seeds" / "history")
    with duckdb.connect(str(project.work)) as connection:
        work = Work(project, connection)
        document = work.rows(
            "select document_id, raw_sha256 from documents.texts where feed = 'white_house' and excluded is null"
            " and duplicate_of is null and date between '2024-09-01' and '2024-09-30' order by all limit 1"
        )[0]
        asked = sentences().with_columns(document_id=pl.lit(document[0]), raw_sha256=pl.lit(document[1]))
        held = pl.DataFrame(
            [{**row, "method_version": "v"} for row in stored(asked)], schema=work.declared["documents.claims"].schema
        )
        assert held.height >= 7
        connection.execute("create or replace table documents.claims as select * from held")
        ledger = claims_ledger.make(work)
        assert work.rows("select count(*) from duckdb_schemas() where schema_name = 'as_of'") == [(0,)]
    contract: Contract = work.declared["indicators.claims_ledger"]
    assert ledger.columns == list(contract.columns)
    assert ledger["claim_id"].n_unique() == held.height
    shown = ledger.filter("is_shown")
    assert shown.height == held.height
    (seized,) = shown.filter((pl.col("kind") == "level") & (pl.col("metric") == "cbp_fentanyl_seized_lb")).to_dicts()
    assert (seized["verdict"], round(seized["official_value"], 1)) == ("supported", 14699.9)
    assert seized["speaker_group"] != ""
    some = ledger.filter(pl.col("official_value").is_not_null())
    assert some.height > 20
    with duckdb.connect(str(copy.published), read_only=True) as published:
        for row in some.iter_rows(named=True):
            (figure,) = published.execute(row["sql"]).fetchone()
            assert float(figure) == pytest.approx(row["official_value"])


def test_a_claim_is_judged_from_the_ledger_as_from_its_text(fresh: Clone) -> None:
    asked = sentences()
    with duckdb.connect(str(fresh.published), read_only=True) as connection:
        checker = Checker(SEEDS, Readings(SEEDS, Books(connection)))
        found = Finder(SEEDS).found(asked)
        rows = storing.rows(found, asked)
        for place, (claim, row) in enumerate(zip(found, rows, strict=True)):
            told = checker.check(claim, date(2024, 9, 24))
            again = checker.check(storing.claim_of(row, place), date(2024, 9, 24))
            assert (again.verdict, again.verdict_then, again.reason) == (told.verdict, told.verdict_then, told.reason)
            assert [each.sql for each in again.readings] == [each.sql for each in told.readings]


def test_every_dataset_a_reading_asks_is_among_those_the_ledger_opens(work: Work) -> None:
    asked = {name.split(".")[1] for sql in SEEDS["metric_readings"]["sql"] for name in sql.split() if "as_of." in name}
    assert asked == set(claims_ledger.DATASETS)
    views = {view.name for view in as_of.views(work.declared)}
    assert {f"as_of.{dataset}" for dataset in asked} <= views
