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
rows: {min: 2, max: 5}
columns:
  month: {type: DATE, about: Month, es: Mes}
  place: {type: VARCHAR, values: [tucson, yuma, "{o'clock} :a 5 %"], about: Place, es: Lugar}
  seized_lb: {type: DOUBLE, unit: lb, nullable: true, explained_by: missing, min: 0, max: 1234567, about: lb, es: lb}
  missing: {type: VARCHAR, nullable: true, values: [suppressed], about: Why, es: Por qué}
  loads: {type: INTEGER, unit: loads, min: 0, about: Loads, es: Cargas}
  per_load_lb: {type: DOUBLE, unit: lb, nullable: true, explained_by: missing, about: lb, es: lb}
"""

GOOD = [
    {"month": date(2024, 1, 1), "place": "tucson", "seized_lb": 1.5, "missing": None, "loads": 1, "per_load_lb": 1.5},
    {"month": date(2024, 1, 1), "place": "yuma", "seized_lb": None, "missing": "suppressed", "loads": 0},
    {
        "month": date(2024, 1, 1),
        "place": "{o'clock} :a 5 %",
        "seized_lb": 2,
        "missing": None,
        "loads": 1,
        "per_load_lb": 2,
    },
]


def and_one(**other: Any) -> list[dict[str, Any]]:
    """The good rows and one of another month, like the first but for what is told."""
    return [*GOOD, {**GOOD[0], "month": date(2024, 2, 1), **other}]


# By what is broken: the check, what it says of the column, and the rows.
BROKEN = {
    "too few rows": ("rows", "2 to 5 rows", GOOD[:1]),
    "a row twice": ("grain_unique", "one row per month, place", [*GOOD, GOOD[0]]),
    "no month": ("not_null", "month is never null", and_one(month=None)),
    "no place": ("not_null", "place is never null", and_one(place=None)),
    "no loads": ("not_null", "loads is never null", and_one(loads=None)),
    "an unknown place": ("allowed", "place is one of tucson, yuma, {o'clock} :a 5 %", and_one(place="nogales")),
    "an unknown reason": (
        "allowed",
        "missing is one of suppressed",
        and_one(seized_lb=None, per_load_lb=None, missing="lost"),
    ),
    "too many pounds": ("in_range", "seized_lb is >= 0 and <= 1234567", and_one(seized_lb=1234568.0)),
    "too few loads": ("in_range", "loads is >= 0", and_one(loads=-1)),
    "pounds unexplained": ("explained", "a null seized_lb has its reason in missing", and_one(seized_lb=None)),
    "pounds a load unexplained": (
        "explained",
        "a null per_load_lb has its reason in missing",
        and_one(per_load_lb=None),
    ),
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
    assert releases.judge(RAW, contract, frame(contract, GOOD), {}).height == 3
    found = expectations(OneTable(contract, GOOD), contract)
    assert [(each["check"], each["passed"], each["failing"], each["sample"]) for each in found] == [
        (check, True, 0, "")
        for check in ("columns", "rows", "grain_unique", "not_null", "allowed", "in_range", "explained")
    ]
    constrained(contract, GOOD)


def test_every_kind_of_expectation_is_broken(contract: Contract) -> None:
    made = {(each.check, each.words) for each in contract.expectations({}) if each.kind != "columns"}
    assert made == {(check, words) for check, words, _ in BROKEN.values()}


@pytest.mark.parametrize("what", BROKEN)
def test_gate_1_refuses_a_release_and_says_why(contract: Contract, what: str) -> None:
    _, words, rows = BROKEN[what]
    with pytest.raises(Refused, match=r"^seizures seizures\.csv: ") as refusal:
        releases.judge(RAW, contract, frame(contract, rows), {})
    assert words in str(refusal.value)


@pytest.mark.parametrize("what", BROKEN)
def test_gate_2_fails_just_the_check_that_is_broken_and_shows_the_column_and_the_rows(
    contract: Contract, what: str
) -> None:
    check, words, rows = BROKEN[what]
    found = {each["check"]: each for each in expectations(OneTable(contract, rows), contract)}
    assert {name for name, each in found.items() if not each["passed"]} == {check}
    assert found[check]["failing"] == (2 if what == "a row twice" else 1)
    seen = "1" if check == "rows" else f"{found[check]['failing']} rows"
    assert found[check]["words"] == f"not so: {words}; found {seen}"
    if check != "rows":
        assert "| month | place | seized_lb | missing | loads | per_load_lb |" in found[check]["sample"]
        assert found[check]["sample"].count("\n") == 1 + found[check]["failing"]


def test_gate_2_names_each_column_of_a_check_with_its_rows_and_none_that_is_as_it_should_be(
    contract: Contract,
) -> None:
    pounds = [{**GOOD[0], "month": date(2024, month, 1), "seized_lb": -5.0} for month in (2, 3)]
    both = {**GOOD[0], "month": date(2024, 4, 1), "seized_lb": -6.0, "loads": -7}
    (failed,) = (
        each for each in expectations(OneTable(contract, [*GOOD[:2], *pounds, both]), contract) if not each["passed"]
    )
    assert (failed["check"], failed["failing"]) == ("in_range", 3)
    assert failed["words"] == (
        "not so: seized_lb is >= 0 and <= 1234567; found 3 rows; not so: loads is >= 0; found 1 rows"
    )
    of_pounds, of_loads = failed["sample"].split("\n\n")
    assert [of_pounds.count(f"| {value} |") for value in (-5, -6, -7)] == [2, 1, 1]
    assert [of_loads.count(f"| {value} |") for value in (-5, -6, -7)] == [0, 1, 1]


def test_gate_2_fails_where_the_columns_are_not_those_of_the_contract(contract: Contract) -> None:
    table = OneTable(contract, GOOD)
    table.connection.execute(f"alter table {contract.name} add column other integer")
    failed = [each for each in expectations(table, contract) if not each["passed"]]
    assert [each["check"] for each in failed] == ["columns"]
    assert failed[0]["words"].startswith("not so: columns are those of the contract; found ['month', 'place'")
    assert "other" in failed[0]["words"]


def test_gate_2_fails_what_cannot_be_judged_and_says_why(contract: Contract) -> None:
    table = OneTable(contract, GOOD)
    table.connection.execute(f"alter table {contract.name} drop column loads")
    failed = {each["check"]: each for each in expectations(table, contract) if not each["passed"]}
    assert list(failed) == ["columns", "not_null", "in_range"]
    assert 'column "loads" not found' in failed["not_null"]["words"]
    assert (failed["not_null"]["failing"], failed["not_null"]["sample"]) == (0, "")


@pytest.mark.parametrize("what", sorted(set(BROKEN) - {"too few rows"}))
def test_gate_3_is_the_table_itself(contract: Contract, what: str) -> None:
    with pytest.raises(duckdb.ConstraintException):
        constrained(contract, BROKEN[what][2])


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
        ("rows: {min: 2, max: 5}\n", "", "rows: Field required"),
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
