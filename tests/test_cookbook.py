"""The cookbook: every query of it runs on the published database and prints what the page shows."""

from __future__ import annotations

import re

import duckdb
import polars as pl
import pytest

from pipelines.cli import WIDE
from pipelines.project import ROOT
from tests.conftest import Clone

PAGE = (ROOT / "warehouse" / "README.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"### (\d+)\. ([^\n]+)\n\n```sql\n(.*?)\n```\n\n(\|.*?\|)\n(?:\n|$)", PAGE, re.DOTALL)


def test_the_cookbook_has_fifteen_questions_each_with_its_answer() -> None:
    assert [int(number) for number, *_ in SHOWN] == list(range(1, 16))
    assert PAGE.count("```sql") == 15


@pytest.mark.parametrize(("question", "query", "answer"), [each[1:] for each in SHOWN], ids=[each[0] for each in SHOWN])
def test_a_query_of_the_cookbook_prints_what_stands_there(fresh: Clone, question: str, query: str, answer: str) -> None:
    with duckdb.connect(str(fresh.published), read_only=True) as connection, pl.Config(**WIDE):
        assert str(connection.sql(query).pl()) == answer, question


def test_the_database_brings_the_questions_of_the_cookbook(fresh: Clone) -> None:
    held = fresh.ask("select number, question, query from indicators.how_to order by number")
    assert held == [(int(number), question, query) for number, question, query, _ in SHOWN]
