"""One declaration, three gates: every kind of contract rule is broken once and must be caught by each of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipelines import contract_files, ddl
from pipelines.checks import expectations
from pipelines.contracts import Contract
from pipelines.errors import ContractError, Refused
from pipelines.project import ROOT
from pipelines.reading import Raw
from pipelines.vintages import releases
from pipelines.warehouse import tables

YAML = """
title: Seizures
titulo: Incautaciones
about: Things seized.
source: {publisher: Someone, url: https://example.org, licence: none, citation: Someone}
release: {files: ["x/*.csv"], settled: "true", cadence_days: 31}
grain: [month, place]
rows: {min: 2, max: 4}
columns:
  month: {type: DATE, about: Month, es: Mes}
  place: {type: VARCHAR, values: [tucson, yuma], about: Place, es: Lugar}
  seized_lb: {type: DOUBLE, unit: lb, nullable: true, explained_by: missing, min: 0, max: 1234567, about: lb, es: lb}
  missing: {type: VARCHAR, nullable: true, values: [suppressed], about: Why, es: Por qué}
"""

GOOD = [
    {"month": date(2024, 1, 1), "place": "tucson", "seized_lb": 1.5, "missing": None},
    {"month": date(2024, 1, 1), "place": "yuma", "seized_lb": None, "missing": "suppressed"},
]

BROKEN = {
    "rows": GOOD[:1],
    "grain_unique": [*GOOD, GOOD[0]],
    "place_not_null": [*GOOD, {**GOOD[0], "place": None}],
    "place_allowed": [*GOOD, {**GOOD[0], "place": "nogales"}],
    "seized_lb_in_range": [*GOOD, {**GOOD[0], "month": date(2024, 2, 1), "seized_lb": 1234568.0}],
    "seized_lb_explained": [*GOOD, {**GOOD[0], "month": date(2024, 2, 1), "seized_lb": None}],
}


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    path = tmp_path_factory.mktemp("contracts") / "seizures.yml"
    path.write_text(YAML, encoding="utf-8")
    return contract_files.read_contract(path, "sources")


def frame(contract: Contract, rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=contract.schema)


class OneTable:
    """A database with one table, as the checks see the working database."""

    def __init__(self, contract: Contract, rows: list[dict[str, Any]]) -> None:
        self.connection = duckdb.connect()
        self.connection.execute("create schema sources")
        self.connection.execute(ddl.create_table(contract, contract.name, {}, constrained=False))
        self.connection.register("given", frame(contract, rows).to_arrow())
        self.connection.execute(f"insert into {contract.name} select * from given")
        self.seeds = self

    def allowed(self, _contract: Contract) -> dict[str, list[Any]]:
        return {}

    def frame(self, sql: str) -> pl.DataFrame:
        return self.connection.sql(sql).pl()


RAW = Raw("seizures", Path("seizures.csv"), date(2024, 3, 1), "seen", "00", "2024-03-01", "")


def test_good_rows_pass_all_three_gates(contract: Contract) -> None:
    assert releases.judge(RAW, contract, frame(contract, GOOD), {}).height == 2
    assert [found["check"] for found in expectations(OneTable(contract, GOOD), contract) if not found["passed"]] == []
    constrained(contract, GOOD)


@pytest.mark.parametrize("check", sorted(BROKEN))
def test_gate_1_refuses_a_release_and_says_why(contract: Contract, check: str) -> None:
    words = next(e.words for e in contract.expectations({}) if e.check == check)
    with pytest.raises(Refused, match=r"^seizures seizures\.csv: ") as refusal:
        releases.judge(RAW, contract, frame(contract, BROKEN[check]), {})
    assert words in str(refusal.value)


@pytest.mark.parametrize("check", sorted(BROKEN))
def test_gate_2_fails_just_the_check_that_is_broken_and_shows_the_rows(contract: Contract, check: str) -> None:
    found = {each["check"]: each for each in expectations(OneTable(contract, BROKEN[check]), contract)}
    assert {name for name, each in found.items() if not each["passed"]} == {check}
    assert found[check]["failing"] >= 1
    if check != "rows":
        assert "| month | place | seized_lb | missing |" in found[check]["sample"]


@pytest.mark.parametrize("check", sorted(set(BROKEN) - {"rows"}))
def test_gate_3_is_the_table_itself(contract: Contract, check: str) -> None:
    with pytest.raises(duckdb.ConstraintException):
        constrained(contract, BROKEN[check])


def constrained(contract: Contract, rows: list[dict[str, Any]]) -> None:
    with duckdb.connect() as connection:
        connection.execute(ddl.create_table(contract, "seizures", {}, constrained=True))
        connection.register("given", frame(contract, rows).to_arrow())
        connection.execute("insert into seizures select * from given")


def test_a_wrong_type_is_refused(contract: Contract) -> None:
    wrong = frame(contract, GOOD).with_columns(pl.col("seized_lb").cast(pl.String))
    with pytest.raises(Refused, match="seized_lb is String, the contract says Float64"):
        releases.judge(RAW, contract, wrong, {})


def test_a_missing_column_is_refused(contract: Contract) -> None:
    with pytest.raises(Refused, match="normalize gives no column place"):
        releases.judge(RAW, contract, frame(contract, GOOD).drop("place"), {})


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("titulo: Incautaciones", "titulo: Incautaciones\ntitulo: Otra", "key 'titulo' is given twice"),
        ("about: Things", "colour: red\nabout: Things", "colour: Extra inputs are not permitted"),
        ("type: DATE", "type: DATUM", "type DATUM is not one of"),
        ("grain: [month, place]", "grain: [month, plaza]", "grain names plaza"),
        ("grain: [month, place]", "grain: [month, missing]", "grain column missing must not be nullable"),
        ("explained_by: missing", "explained_by: reason", "explained_by reason, which is not a column"),
        ("rows: {min: 2, max: 4}\n", "", "rows: Field required"),
        ("es: Mes", "", "es: Field required"),
        ("title: Seizures", "title: [Seizures", "expected ',' or ']'"),
    ],
)
def test_a_contract_that_does_not_say_what_it_must_is_an_error(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert old in YAML
    path = tmp_path / "seizures.yml"
    path.write_text(YAML.replace(old, new), encoding="utf-8")
    with pytest.raises(ContractError) as error:
        contract_files.read_contract(path, "sources")
    assert message in str(error.value)
    assert "seizures.yml" in str(error.value)
    assert "\n" not in str(error.value)


def test_every_contract_of_the_project_makes_a_table_with_comments_in_both_languages() -> None:
    made = tables(contract_files.load(ROOT))
    assert len(made) > 20
    with duckdb.connect() as connection:
        for name, each in made.items():
            connection.execute(f"create schema if not exists {each.folder}")
            allowed = {column: ["x"] for column, declared in each.columns.items() if declared.in_}
            connection.execute(ddl.create_table(each, name, allowed, constrained=True))
            for comment in ddl.comments(each, name):
                connection.execute(comment)
        columns = connection.execute(
            "select schema_name || '.' || table_name || '.' || column_name, comment "
            "from duckdb_columns() where not internal"
        ).fetchall()
    assert len(columns) > 200
    assert [name for name, comment in columns if not comment or " / " not in comment] == []
