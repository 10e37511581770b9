"""Every SQL rule of a contract names the rows that break it and is silent where it holds.

The rules of `pipelines/sources` are broken on samples of the publishers' files in `test_sources`; all others have
their cases in `tests/rules/<schema>.<table>.yml`: under `breaks` the given rows and, with `names`, which of them the
rule must name; under `holds` given rows on which it is silent.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipelines import contract_files
from pipelines.project import ROOT
from pipelines.queries import references
from tests.test_sql import DECLARED, database, shown

CASES = Path(__file__).parent / "rules"
RULES = {
    f"{name}: {rule}": declared.sql
    for name, contract in DECLARED.items()
    if not contract.path.is_relative_to(ROOT / "pipelines" / "sources")
    for rule, declared in contract.rules.items()
}
HELD: dict[str, dict[str, dict[str, Any]]] = {
    f"{path.stem}: {rule}": case
    for path in sorted(CASES.glob("*.yml"))
    for rule, case in contract_files.read_yaml(path).items()
}


def cases(kind: str) -> list[Any]:
    return [
        pytest.param(rule, case, id=f"{rule}: {words}")
        for rule, held in HELD.items()
        if rule in RULES
        for words, case in held.get(kind, {}).items()
    ]


def found(rule: str, given: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The rows a rule names among the given ones."""
    with database(given, references(RULES[rule], rule)) as connection:
        result = connection.execute(RULES[rule])
        columns = [column[0] for column in result.description]
        return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]


def test_every_rule_has_cases_that_break_it_and_cases_where_it_holds() -> None:
    assert len(RULES) >= 10, "too few rules found; was a folder of contracts moved?"
    assert sorted(HELD) == sorted(RULES)
    assert [rule for rule, held in HELD.items() if set(held) != {"breaks", "holds"}] == []
    assert [rule for rule, held in HELD.items() if not (held["breaks"] and held["holds"])] == []


@pytest.mark.parametrize(("rule", "case"), cases("breaks"))
def test_rule_names_what_breaks_it(rule: str, case: dict[str, Any]) -> None:
    rows = found(rule, case["given"])
    assert rows
    if "names" in case:
        key = list(case["names"][0])
        named = [{column: row[column] for column in key} for row in rows]
        expected = [{column: shown(value) for column, value in row.items()} for row in case["names"]]
        assert sorted(named, key=repr) == sorted(expected, key=repr)


@pytest.mark.parametrize(("rule", "given"), cases("holds"))
def test_rule_is_silent_where_it_holds(rule: str, given: dict[str, list[dict[str, Any]]]) -> None:
    unread = {table for table in references(RULES[rule], rule) if not given.get(table)}
    assert unread == set(), "the rule reads a table that the case leaves empty: its silence would say nothing"
    assert found(rule, given) == []
