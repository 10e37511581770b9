"""The project as a person finds it: the root, the lock, the catalogue, the README, the graph."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from pipelines import catalogue, contract_files, publish, queries
from pipelines.errors import ContractError
from pipelines.project import ROOT
from pipelines.runs import HOME_SETTINGS
from pipelines.warehouse import tables
from tests.conftest import Clone

README = (ROOT / "README.md").read_text(encoding="utf-8")
FILES = {"CITATION.cff", "LICENSE", "Makefile", "README.md", "pyproject.toml", "requirements.lock"}
FOLDERS = {"pipelines", "seeds", "sql", "tests", "warehouse"}


def tracked() -> list[str]:
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    return done.stdout.splitlines()


def test_the_root_holds_what_the_layout_says() -> None:
    names = {path.split("/")[0] for path in tracked()}
    assert {name for name in names if not name.startswith(".")} == FILES | FOLDERS


def test_the_lock_has_hashes_and_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"://|file:|^-", lock, re.MULTILINE)
    pinned = re.findall(r"^[a-z0-9][\w.-]*==", lock, re.MULTILINE)
    assert len(pinned) > 80
    assert lock.count("--hash=sha256:") >= len(pinned)


def test_no_text_of_publishers_and_nothing_large_is_tracked() -> None:
    sizes = {path: (ROOT / path).stat().st_size for path in tracked() if (ROOT / path).is_file()}
    assert sum(size for path, size in sizes.items() if path.startswith("seeds/history/")) < 15_000_000
    assert [path for path, size in sizes.items() if size > 5_000_000] == []
    stored = [path for path in sizes if path.startswith("seeds/history/") and path.endswith(".parquet")]
    assert len(stored) > 20
    for path in stored:
        lengths = "max(length(columns(*)::varchar))"
        longest = duckdb.sql(f"select {lengths} from '{ROOT / path}'").fetchall()[0]
        # Titles, addresses, hashes and lists of terms are short; a sentence's text would not stay under this.
        assert max(length or 0 for length in longest) < 2000, path


def test_the_catalogue_is_that_of_the_contracts() -> None:
    found = (ROOT / "warehouse" / "CATALOG.md").read_text(encoding="utf-8")
    assert found == catalogue.text(tables(contract_files.load(ROOT))), (
        "run `make refresh` and commit warehouse/CATALOG.md"
    )


def test_the_readme_shows_what_its_queries_print(fresh: Clone) -> None:
    shown = re.findall(
        r"```sql\n(.*?)```.*?entente sql(?: --as-of (\S+))? \"…\"` prints:\n\n(\|.*?)\n\n", README, re.DOTALL
    )
    assert len(shown) == README.count("```sql") == 4
    for query, day, printed in shown:
        assert fresh("sql", *(("--as-of", day) if day else ()), query).stdout.strip() == printed.strip()


def test_the_readme_names_every_command(fresh: Clone) -> None:
    listed = re.findall(r"^  (\w+)  ", fresh("--help").stdout.split("Commands:")[1], re.MULTILINE)
    assert len(listed) >= 6
    assert [name for name in listed if f"entente {name}" not in README and f"make {name}" not in README] == []


def test_the_readme_shows_the_example_as_it_is() -> None:
    shown = re.search(r"```python\n(def normalize.*?)```", README, re.DOTALL)[1]
    assert shown in (ROOT / "pipelines" / "sources" / "usbp_encounters.py").read_text(encoding="utf-8")


def test_every_asset_is_described_owned_and_of_a_kind() -> None:
    from pipelines.definitions import defs

    assets = list(defs.resolve_asset_graph().asset_nodes)
    assert len(assets) > 40
    for node in assets:
        assert node.description, node.key
        assert node.owners == ["team:entente"], node.key
        assert node.kinds, node.key
        assert node.group_name == node.key.path[0], node.key
    blocking = [each for checks in defs.asset_checks for each in checks.check_specs if each.blocking]
    assert len(blocking) > 200


def test_the_publication_waits_for_every_published_table() -> None:
    from pipelines.definitions import defs

    upstream = defs.resolve_asset_graph().get(dg.AssetKey("publication")).parent_keys
    published = {dg.AssetKey(name.split(".")) for name in tables(contract_files.load(ROOT))}
    assert upstream == published


def test_dagster_loads_the_project_by_its_own_settings(tmp_path: Path) -> None:
    env = {**os.environ, "DAGSTER_HOME": str(tmp_path), "ENTENTE_WAREHOUSE": str(tmp_path)}
    (tmp_path / "dagster.yaml").write_text(HOME_SETTINGS, encoding="utf-8")
    command = [sys.executable, "-m", "dagster", "definitions", "validate"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "enabled: false" in HOME_SETTINGS.split("telemetry:")[1].splitlines()[1]


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("select * from a.b join c.d using (month)", {"a.b", "c.d"}),
        ("with e as (select * from a.b) select * from e", {"a.b"}),
        (
            "with e as (with f as (select * from a.b) select * from f) select * from e where x in (select y from g.h)",
            {"a.b", "g.h"},
        ),
        ("select 1 union all select month from a.b", {"a.b"}),
    ],
)
def test_dependencies_are_read_from_the_sql(sql: str, found: set[str]) -> None:
    assert queries.references(sql, "x.y") == found


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("select * from b", "b has no schema"),
        ("select 1; select 2", "holds 2 statements"),
        ("selekt 1", "syntax error"),
        ("drop table a.b", "x.y: write one select"),
    ],
)
def test_sql_that_is_not_one_plain_select_is_an_error(sql: str, message: str) -> None:
    with pytest.raises(ContractError, match=re.escape(message)):
        queries.references(sql, "x.y")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("sql", "selekt 1"), "entente: sql: Parser Error"),
        (("sql", "delete from sources.cbp_encounters"), "read-only"),
        (
            ("refresh", "--only", "cbp_drug_seizure"),
            "--only cbp_drug_seizure: no such dataset or feed; there are articles,",
        ),
        (
            ("sql", "--as-of", "2025-02-30", "select 1"),
            "--as-of 2025-02-30: that is no day, or not written as 2025-07-31 is",
        ),
        (("sql", "--as-of", "9999-01-01", "select 1"), "--as-of 9999-01-01 lies in the future"),
        (
            ("sql", "--as-of", "2025-02-20", "from measures.nope"),
            "measures.nope has no as-of form; there is no such table",
        ),
        (("refresh", "--documents", "/nowhere"), "--documents /nowhere: no such folder"),
        (("refrehs",), "entente: no such command 'refrehs'. Did you mean 'refresh'? See entente --help"),
        (("sql",), "entente sql: missing argument 'QUERY'; see entente sql --help"),
        (("sql", ""), "the query is empty or returns nothing; write a select"),
        (("sql", "from measures.nope"), "CATALOG.md lists the tables"),
        (
            ("sql", "copy (select 1) to 'taken.csv'"),
            "a query reads the publication and no file; to write one, add --csv",
        ),
        (("sql", "select * from read_csv('taken.csv')"), "a query reads the publication and no file"),
        (("sql", "select 1; select 2"), "the query holds 2 selects; ask one at a time"),
        (("sql", "select date 'x'"), "try_cast gives null for what is no such value"),
        (("sql", "select nope from measures.border_encounters"), '"describe <table>" shows the columns'),
        (("sql", "--csv", "--json", "select 1"), "--csv and --json are two answers; choose one"),
        (("ui", "--port", "99999"), "'--port': 99999 is not in the range"),
    ],
)
def test_a_wrong_command_gets_a_readable_line(fresh: Clone, arguments: tuple[str, ...], message: str) -> None:
    done = fresh(*arguments)
    assert done.returncode in (1, 2)
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_lists_and_intervals_are_written_as_text(fresh: Clone) -> None:
    query = "select ['a', 'b'] as named, {'x': 1} as held, interval 2 days as passed, 1 as number"
    done = fresh("sql", "--csv", query)
    assert list(csv.reader(done.stdout.splitlines())) == [
        ["named", "held", "passed", "number"],
        ['["a","b"]', '{"x":1}', "2 days", "1"],
    ]
    (row,) = json.loads(fresh("sql", "--json", query).stdout)
    assert row == {"named": ["a", "b"], "held": {"x": 1}, "passed": "2 days", "number": 1}


def test_a_value_that_is_cut_is_said_to_be(fresh: Clone) -> None:
    notice = "sql: long values are cut here; --csv and --json give them whole\n"
    assert fresh("sql", "select repeat('x', 101) as long, 1 as number").stderr == notice
    for query in ("select repeat('x', 100) as long", "select null::varchar as none", "select '' as none where false"):
        assert fresh("sql", query).stderr == ""
    assert fresh("sql", "--csv", "select repeat('x', 101) as long").stderr == ""


def test_a_query_writes_no_file(fresh: Clone, tmp_path: Path) -> None:
    for query in ("copy (select 1) to '{}'", "explain analyze copy (select 1) to '{}'", "export database '{}'"):
        assert fresh("sql", query.format(tmp_path / "taken")).returncode == 1
    assert not list(tmp_path.iterdir())


def test_a_warehouse_that_holds_something_else_gets_a_readable_line(tmp_path: Path) -> None:
    spoilt = Clone(tmp_path / "warehouse")
    spoilt.warehouse.mkdir()
    spoilt.published.write_text("no database")
    for arguments in (("sql", "select 1"), ("status",), ("digest",), ("refresh",), ("evidence", "0123456789abcdef")):
        done = spoilt(*arguments)
        assert done.returncode == 1
        assert "published.duckdb: no published database" in done.stderr.splitlines()[-1]
        assert "Traceback" not in done.stderr
    done = Clone(spoilt.published)("status")
    assert "ENTENTE_WAREHOUSE names" in done.stderr
    assert "which is not a folder" in done.stderr


def test_the_help_fits_a_screen_and_comes_without_asking(tmp_path: Path) -> None:
    asked = Clone(tmp_path / "warehouse")()
    assert asked.returncode == 0
    lines = asked.stdout.splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    assert "..." not in asked.stdout.partition("Commands:")[2]


def test_before_the_first_refresh_every_command_says_what_to_run(tmp_path: Path) -> None:
    empty = Clone(tmp_path / "warehouse")
    for arguments in (("sql", "select 1"), ("status",), ("digest",)):
        done = empty(*arguments)
        assert (done.returncode, "run `entente refresh`" in done.stderr) == (1, True)


def test_gate_3_refuses_what_gates_1_and_2_never_saw(copy: Clone) -> None:
    from pipelines.errors import NotPublished
    from pipelines.project import Project
    from pipelines.warehouse import writing

    project = Project(ROOT, copy.warehouse, copy.warehouse / "inbox" / "documents", None, ROOT / "seeds" / "history")
    before = copy("digest").stdout
    with writing(project, print) as work:
        work.connection.execute("update measures.months set month = null where month = '2020-01-01'")
        work.connection.execute("update meta.tables set digest = null where name = 'measures.months'")
        with pytest.raises(NotPublished, match="gate 3: .*NOT NULL"):
            publish.publish(work)
    assert copy("digest").stdout == before
