"""`entente claims` as a program calls it: lines in, verdicts with their SQL out; wrong lines are said, others read."""

from __future__ import annotations

import json

import duckdb
import pytest
from click.testing import CliRunner

from pipelines.cli import main
from tests.conftest import Clone

TRIPLED = {
    "id": 7,
    "date": "2023-05-01",
    "sentence": "Fentanyl seizures at the southern border have tripled since 2020.",
}


def answered(clone: Clone, *lines: str) -> tuple[int, list[dict], str]:
    done = CliRunner().invoke(main, ["claims"], input="\n".join(lines), env={"ENTENTE_WAREHOUSE": str(clone.warehouse)})
    return done.exit_code, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def test_a_claim_comes_with_its_readings_and_sql_that_gives_the_figure_again(fresh: Clone) -> None:
    code, (answer,), _ = answered(fresh, json.dumps(TRIPLED))
    assert code == 0
    (claim,) = answer["claims"]
    assert (answer["id"], claim["metric"], claim["kind"], claim["value"]) == (
        7,
        "cbp_fentanyl_seized_lb",
        "change_ratio",
        3.0,
    )
    assert claim["verdict"] in ("supported", "supported_under_reading")
    figures = {round(reading["value"], 2) for reading in claim["readings"] if reading["value"] is not None}
    assert {3.09, 1.37} <= figures
    with duckdb.connect(str(fresh.published), read_only=True) as connection:
        assert connection.execute(claim["sql"]).fetchall()[0][0] == pytest.approx(claim["official_value"])


def test_a_malformed_line_is_said_and_the_others_are_read(fresh: Clone) -> None:
    code, answers, said = answered(fresh, "no json", json.dumps({**TRIPLED, "sentence": "Good morning."}))
    assert code == 1
    assert "not JSON" in answers[0]["error"]
    assert answers[1] == {"id": 7, "claims": []}
    assert "1 malformed line(s)" in said
