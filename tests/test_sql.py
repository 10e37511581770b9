"""Every SQL file is run on small given tables, must give the expected rows, and is typed as its contract says.

A case in `tests/sql/<schema>/<table>.yml` has the rows `given` by table and those to `expect`; with `where` only rows
like that are looked at, with `as_of` the connection asks for what was known on that day.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines import as_of, contract_files, ddl
from pipelines.contract_files import is_model, read_sql
from pipelines.project import ROOT
from pipelines.queries import references
from pipelines.warehouse import tables

CASES = Path(__file__).parent / "sql"
DECLARED = contract_files.load(ROOT)
TABLES = tables(DECLARED)
MODELS = {name: contract for name, contract in DECLARED.items() if is_model(contract)}


def cases() -> list[Any]:
    found = []
    for path in sorted(CASES.glob("*/*.yml")):
        for name, case in contract_files.read_yaml(path).items():
            found.append(pytest.param(f"{path.parent.name}.{path.stem}", case, id=f"{path.stem}: {name}"))
    return found


def database(given: dict[str, list[dict[str, Any]]], reads: set[str]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for name in sorted(reads | set(given)):
        connection.execute(f"create schema if not exists {ddl.schema_of(name)}")
        connection.execute(ddl.create_table(TABLES[name], name, {}, constrained=False))
    for name, rows in given.items():
        for row in rows:
            columns = ", ".join(f'"{column}"' for column in row)
            marks = ", ".join("?" for _ in row)
            connection.execute(f"insert into {name} ({columns}) values ({marks})", list(row.values()))
    return connection


def shown(value: Any) -> Any:
    if isinstance(value, float):
        return pytest.approx(value, rel=1e-9, abs=1e-12)
    return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 and value[4] == "-" else value


def test_every_model_has_a_case() -> None:
    tested = {f"{path.parent.name}.{path.stem}" for path in CASES.glob("*/*.yml")}
    assert MODELS, "no SQL model found"
    assert sorted(MODELS) == sorted(tested)


@pytest.mark.parametrize(("name", "case"), cases())
def test_given_rows_give_expected_rows(name: str, case: dict[str, Any]) -> None:
    sql = read_sql(MODELS[name])
    assert set(case) <= {"given", "as_of", "where", "expect"}
    with database(case["given"], references(sql, name)) as connection:
        if "as_of" in case:
            as_of.set_day(connection, case["as_of"])
        order = ", ".join(f'"{key}"' for key in MODELS[name].grain)
        result = connection.execute(f"select * from ({sql}) order by {order}")
        columns = [column[0] for column in result.description]
        found = [dict(zip(columns, row, strict=True)) for row in result.fetchall()]
    where = case.get("where", {})
    found = [row for row in found if all(row[key] == shown(value) for key, value in where.items())]
    expected = case["expect"]
    picked = [{key: row[key] for key in wanted} for row, wanted in zip(found, expected, strict=False)]
    assert picked == [{key: shown(value) for key, value in row.items()} for row in expected]
    assert len(found) == len(expected)


@pytest.mark.parametrize("name", sorted(MODELS))
def test_model_is_typed_as_its_contract_before_any_data(name: str) -> None:
    sql = read_sql(MODELS[name])
    with database({}, references(sql, name)) as connection:
        found = {column: kind for column, kind, *_ in connection.execute(f"describe {sql}").fetchall()}
    assert found == {column: declared.type for column, declared in MODELS[name].columns.items()}


@pytest.mark.parametrize("name", sorted(MODELS))
def test_model_opens_with_question_unit_grain_and_trap(name: str) -> None:
    comment = [line for line in read_sql(MODELS[name]).splitlines() if line.startswith("--")]
    assert comment[0].endswith("?")
    assert [word for word in ("Unit:", "Grain:", "Trap:") if not any(word in line for line in comment)] == []
