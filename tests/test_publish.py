"""Readers never notice a publication, the last few are kept, and there is one writer at a time."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines import publish
from pipelines.project import ROOT, Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    warehouse = tmp_path / "warehouse"
    (warehouse / "publications").mkdir(parents=True)
    return Project(ROOT, warehouse, tmp_path / "documents", None, tmp_path / "history")


def drafted(project: Project, name: str) -> Path:
    """A finished draft: a database that knows its name, with a table of several blocks, and the Parquet beside it."""
    draft = project.warehouse / "publications" / f".{name}"
    (draft / "parquet").mkdir(parents=True)
    (draft / "site").mkdir()
    with duckdb.connect(str(draft / publish.DATABASE)) as connection:
        connection.execute(f"create table said as select '{name}' as name")
        rows = "select i, hash(i)::varchar || '" + name + "' as words from range(300000) as each(i)"
        connection.execute(f"create table held as {rows}")
    (draft / "parquet" / "name").write_text(name, encoding="utf-8")
    return draft


def made_current(project: Project, name: str) -> None:
    publications = project.warehouse / "publications"
    # Those there are older than the new one by more than the clock's tick.
    for each in publications.iterdir():
        was = each.stat().st_mtime - 60
        os.utime(each, (was, was))
    publish.make_current(project, drafted(project, name), publications / name)


def kept(project: Project) -> list[str]:
    return sorted(each.name for each in (project.warehouse / "publications").iterdir())


SAY = "connection.execute('select name from said').fetchall()[0][0]"


def seen(project: Project) -> tuple[str, str]:
    """What the published database and the Parquet beside it say they are, as a new reader finds them."""
    child = f"import duckdb, sys; connection = duckdb.connect(sys.argv[1], read_only=True); print({SAY})"
    command = [sys.executable, "-c", child, str(project.published)]
    database = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    return database, (project.warehouse / "parquet" / "name").read_text(encoding="utf-8")


class Process:
    """A Python process that is spoken to a line at a time."""

    def __init__(self, code: str, *arguments: object) -> None:
        command = [sys.executable, "-u", "-c", code, *map(str, arguments)]
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env, cwd=ROOT
        )
        # A process that never says what is waited for ends, so that the test fails and does not hang.
        self.limit = threading.Timer(30, self.process.kill)
        self.limit.start()

    def hears(self) -> str:
        """The next line the process says; "" once it has ended."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().rstrip("\n")

    def go_on(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def ends(self) -> int:
        return self.process.wait(60)


@pytest.fixture
def process() -> Iterator[Callable[..., Process]]:
    started: list[Process] = []

    def start(code: str, *arguments: object) -> Process:
        started.append(Process(code, *arguments))
        return started[-1]

    yield start
    for each in started:
        each.limit.cancel()
        each.process.kill()
        each.process.communicate()


# Making a publication current -----------------------------------------------------------------------------------------


READER = f"""
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
print({SAY})
sys.stdin.readline()
print(connection.execute("select count(*) filter (ends_with(words, 'first')) from held").fetchall()[0][0])
print({SAY})
"""


def test_an_open_reader_keeps_what_it_opened_and_a_new_one_sees_the_new(
    project: Project, process: Callable[..., Process]
) -> None:
    made_current(project, "first")
    reader = process(READER, project.published)
    assert reader.hears() == "first"
    # Enough publications for the first one's folder to be removed under the reader.
    names = [f"later{number}" for number in range(publish.KEPT_PUBLICATIONS)]
    for name in names:
        made_current(project, name)
    assert "first" not in kept(project)
    assert seen(project) == (names[-1], names[-1])
    reader.go_on()
    assert [reader.hears(), reader.hears()] == ["300000", "first"]
    assert reader.ends() == 0


def test_only_the_last_publications_are_kept(project: Project) -> None:
    # Their names do not sort in the order they were made.
    names = ["e", "b", "d", "a", "c"]
    for number, name in enumerate(names, start=1):
        made_current(project, name)
        assert kept(project) == sorted(names[max(0, number - publish.KEPT_PUBLICATIONS) : number])
    assert publish.KEPT_PUBLICATIONS >= 2
    assert seen(project) == ("c", "c")
    assert sorted(each.name for each in project.warehouse.iterdir()) == [
        "parquet",
        "publications",
        "published.duckdb",
        "site",
    ]


def test_a_publication_made_again_takes_the_place_of_its_namesake(project: Project) -> None:
    for name in ("first", "second", "first"):
        made_current(project, name)
    assert kept(project) == ["first", "second"]
    assert seen(project) == ("first", "first")


def test_at_every_step_readers_find_a_whole_publication(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """After each change to a name: the Parquet is there, and the database is never newer than the Parquet."""
    for name in ("a", "b", "c"):
        made_current(project, name)
    states: list[tuple[str, str]] = []

    def look() -> None:
        database = project.published.stat().st_ino
        made = (project.warehouse / "publications").glob(f"*/{publish.DATABASE}")
        of_database = [path.parent.name for path in made if path.stat().st_ino == database]
        states.append((of_database[0].lstrip("."), (project.warehouse / "parquet" / "name").read_text("utf-8")))

    def watched(call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*arguments: Any, **options: Any) -> Any:
            result = call(*arguments, **options)
            look()
            return result

        return wrapper

    draft = drafted(project, "d")
    for owner, name in ((Path, "replace"), (Path, "symlink_to"), (Path, "unlink"), (os, "link")):
        monkeypatch.setattr(owner, name, watched(getattr(owner, name)))
    monkeypatch.setattr(publish.shutil, "rmtree", watched(publish.shutil.rmtree))
    publish.make_current(project, draft, project.warehouse / "publications" / "d")
    monkeypatch.undo()
    assert list(dict.fromkeys(states)) == [("c", "c"), ("c", "d"), ("d", "d")]
    assert kept(project) == ["b", "c", "d"]


def test_what_fails_before_the_database_leaves_readers_the_one_they_had(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_current(project, "first")

    def full(*_arguments: Any) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(publish.os, "link", full)
    with pytest.raises(OSError, match="No space left"):
        made_current(project, "second")
    monkeypatch.undo()
    assert seen(project)[0] == "first"
    assert "first" in kept(project)
    made_current(project, "third")
    assert seen(project) == ("third", "third")


def test_the_current_publication_stays_even_where_the_clock_was_set_back(project: Project) -> None:
    for name in ("a", "b", "c"):
        made_current(project, name)
    for each in (project.warehouse / "publications").iterdir():
        was = each.stat().st_mtime + 86_400
        os.utime(each, (was, was))
    publications = project.warehouse / "publications"
    publish.make_current(project, drafted(project, "d"), publications / "d")
    assert (publications / "d" / publish.DATABASE).is_file()
    assert seen(project) == ("d", "d")


# One writer -----------------------------------------------------------------------------------------------------------


WRITER = """
import sys
from pathlib import Path
from pipelines.project import ROOT, Project
from pipelines.warehouse import writing

warehouse, name = Path(sys.argv[1]), sys.argv[2]
project = Project(ROOT, warehouse, warehouse / "documents", None, warehouse / "history")
with writing(project, lambda words: print("says:", words)) as work:
    held = work.rows("select table_name from duckdb_tables() where table_name like 'by_%' order by all")
    print("writes after:", *(table for (table,) in held))
    sys.stdin.readline()
    # Still to be written when the second one starts to wait: it can only be seen by one that waited.
    work.connection.execute(f"create table meta.by_{name} (i int)")
print("ended")
"""


def test_a_second_writer_says_that_it_waits_and_goes_on_when_the_first_has_ended(
    project: Project, process: Callable[..., Process]
) -> None:
    first = process(WRITER, project.warehouse, "first")
    assert first.hears() == "writes after:"
    second = process(WRITER, project.warehouse, "second")
    assert second.hears() == f"says: another refresh is writing to {project.warehouse}; waiting for it to end"
    first.go_on()
    assert first.hears() == "ended"
    assert second.hears() == "writes after: by_first"
    second.go_on()
    assert second.hears() == "ended"
    assert (first.ends(), second.ends()) == (0, 0)


def test_a_writer_alone_says_nothing_even_after_one_that_was_killed(
    project: Project, process: Callable[..., Process]
) -> None:
    killed = process(WRITER, project.warehouse, "killed")
    assert killed.hears() == "writes after:"
    killed.process.kill()
    assert killed.ends() < 0
    alone = process(WRITER, project.warehouse, "alone")
    assert alone.hears() == "writes after:"
    alone.go_on()
    assert alone.hears() == "ended"


def test_readers_of_the_published_database_are_not_kept_waiting_by_the_writer(
    project: Project, process: Callable[..., Process]
) -> None:
    made_current(project, "first")
    writer = process(WRITER, project.warehouse, "writer")
    assert writer.hears() == "writes after:"
    assert seen(project) == ("first", "first")
