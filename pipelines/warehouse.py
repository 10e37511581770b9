"""The working database: one writer at a time, tables built only when their code or inputs changed."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import duckdb
import polars as pl

from pipelines import contract_files, ddl, digests
from pipelines.contracts import Contract
from pipelines.errors import EntenteError
from pipelines.project import Project
from pipelines.seeds import Seeds

# A change in any of these may change any table.
KERNEL = (
    "contract_files",
    "contracts",
    "ddl",
    "digests",
    "ingest",
    "intake",
    "models",
    "publishers",
    "queries",
    "reading",
    "seeds",
    "warehouse",
    "vintages",
)

REGISTER = "vintages.releases"

META = """
create schema if not exists meta;
create table if not exists meta.tables (
  name varchar primary key, fingerprint varchar not null, content varchar, judged boolean not null,
  rows bigint not null, built_at varchar not null, checks varchar, digest varchar
);
create table if not exists meta.files (
  dataset varchar not null, raw_sha256 varchar not null, dated varchar not null, file varchar not null,
  outcome varchar not null, reason varchar not null, release varchar not null, fingerprint varchar not null,
  primary key (dataset, raw_sha256)
);
create table if not exists meta.barred (
  dataset varchar not null, raw_sha256 varchar not null, reason varchar not null, judge varchar not null,
  fingerprint varchar not null, primary key (dataset, raw_sha256)
);
create table if not exists meta.looks (
  name varchar primary key, looked_at varchar not null, refused varchar[] not null, notes varchar[] not null
);
"""


def now() -> str:
    """The UTC time to the second, ISO 8601."""
    return datetime.now(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


class Work:
    """The working database while this process holds its lock.

    Attributes:
        project: The folders.
        declared: The contracts as written, by name.
        contracts: The contract of every table, by table name: a dataset has three, see `tables`.
        seeds: The seed tables.
        connection: The one DuckDB connection of the process.
    """

    def __init__(self, project: Project, connection: duckdb.DuckDBPyConnection) -> None:
        self.project = project
        self.declared = contract_files.load(project.root)
        self.contracts = tables(self.declared)
        self.seeds = Seeds(project.root, self.declared)
        self.connection = connection
        connection.execute("set enable_progress_bar = false")
        connection.execute(META)
        for schema in sorted({ddl.schema_of(name) for name in self.contracts}):
            connection.execute(f"create schema if not exists {schema}")
        if not self.exists(REGISTER):
            connection.execute(ddl.create_table(self.contracts[REGISTER], REGISTER, {}, constrained=False))
        self._forget_undeclared()

    def _forget_undeclared(self) -> None:
        """Leave nothing of a dataset, feed or table whose contract is gone."""
        stems = ", ".join(ddl.quoted(c.stem) for c in self.declared.values() if c.release or c.feed)
        names = ", ".join(map(ddl.quoted, {*self.contracts, *self.declared}))
        self.connection.execute(f"delete from {REGISTER} where dataset not in ({stems})")
        self.connection.execute(f"delete from meta.files where dataset not in ({stems})")
        self.connection.execute(f"delete from meta.looks where name not in ({stems})")
        self.connection.execute(f"delete from meta.tables where name not in ({names})")
        for schema, table in self.rows(
            "select schema_name, table_name from duckdb_tables() where schema_name <> 'meta'"
        ):
            if f"{schema}.{table}" not in self.contracts:
                self.connection.execute(f"drop table {schema}.{table}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All statements inside, or none of them."""
        self.connection.execute("begin")
        try:
            yield
        except BaseException:
            self.connection.execute("rollback")
            raise
        self.connection.execute("commit")

    @cached_property
    def kernel(self) -> str:
        """Hash of the code every table depends on."""
        return digests.of_code(*KERNEL)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return self.connection.execute(sql).fetchall()

    def frame(self, sql: str) -> pl.DataFrame:
        """A query's result as a frame."""
        return self.connection.sql(sql).pl()

    def exists(self, table: str) -> bool:
        """Whether the table stands in the working database."""
        schema, stem = table.split(".")
        found = f"select 1 from duckdb_tables() where schema_name = '{schema}' and table_name = '{stem}'"
        return bool(self.rows(found))

    def height(self, table: str) -> int:
        """How many rows a table has."""
        return self.rows(f"select count(*) from {table}")[0][0]

    # Fingerprints ------------------------------------------------------------------------------------------------

    def content(self, table: str) -> str:
        """What tells whether a table holds other rows than before; "" where it does not stand."""
        found = self.rows(f"select coalesce(content, fingerprint) from meta.tables where name = {ddl.quoted(table)}")
        return found[0][0] if found else ""

    def fingerprint_of(self, *parts: str, upstream: Iterator[str] | tuple[str, ...] = ()) -> str:
        """The fingerprint of what is made from `parts` and the rows of the tables `upstream`, as they stand now."""
        return digests.of_text(self.kernel, *parts, *(f"{name} {self.content(name)}" for name in sorted(upstream)))

    def is_current(self, table: str, fingerprint: str) -> bool:
        """Whether the table stands, judged, under this fingerprint."""
        found = self.rows(f"select fingerprint, judged from meta.tables where name = {ddl.quoted(table)}")
        return found == [(fingerprint, True)]

    def record(self, name: str, fingerprint: str, height: int, *, judged: bool, content: str | None = None) -> None:
        """Note that a table, or the Parquet of a feed, was made; without `content` its fingerprint tells its rows."""
        told = [*map(ddl.quoted, (name, fingerprint)), ddl.quoted(content) if content else "null"]
        values = ", ".join([*told, str(judged), str(height), ddl.quoted(now()), "null", "null"])
        self.connection.execute(f"insert or replace into meta.tables values ({values})")

    def results(self, table: str) -> list[dict[str, Any]] | None:
        """The check results of a table that passed and has not changed since; None where it is still to be judged."""
        found = self.rows(f"select checks from meta.tables where name = {ddl.quoted(table)} and judged")
        return json.loads(found[0][0]) if found and found[0][0] else None

    def judged(self, table: str, results: list[dict[str, Any]], *, passed: bool) -> None:
        """Keep a table's check results; only with `passed` is it left alone until something changes."""
        self.connection.execute(
            f"update meta.tables set judged = {passed}, checks = {ddl.quoted(json.dumps(results))} "
            f"where name = {ddl.quoted(table)}"
        )

    def looked(self, name: str, refused: list[str], notes: list[str]) -> None:
        """Keep what the look at a dataset or feed found, in place of the look before."""
        lines = [f"[{', '.join(map(ddl.quoted, part))}]::varchar[]" for part in (refused, notes)]
        values = ", ".join([ddl.quoted(name), ddl.quoted(now()), *lines])
        self.connection.execute(f"insert or replace into meta.looks values ({values})")

    # Tables ------------------------------------------------------------------------------------------------------

    def build(self, contract: Contract, select: str | pl.DataFrame, fingerprint: str, *, judged: bool = False) -> int:
        """Make the table anew from a query or a frame, in the contract's columns and types; returns its rows.

        With `judged` the table needs no judgement of its own.

        Raises:
            EntenteError: The query's columns or types are not the contract's.
        """
        if isinstance(select, pl.DataFrame):
            self.connection.register("given", select.to_arrow())
            select = "select * from given"
        self._agree(contract, select)
        with self.transaction():
            self.connection.execute(f"drop table if exists {contract.name}")
            self.connection.execute(ddl.create_table(contract, contract.name, {}, constrained=False))
            self.connection.execute(f"insert into {contract.name} by name {select}")
            rows = f"select count(*), coalesce(sum(hash(each)::hugeint), 0)::varchar from {contract.name} as each"
            height, content = self.rows(rows)[0]
            self.record(contract.name, fingerprint, height, judged=judged, content=f"{height} {content}")
        return height

    def _agree(self, contract: Contract, select: str) -> None:
        found = {name: kind for name, kind, *_ in self.rows(f"describe {select}")}
        where = f"{contract.name} ({contract.path.name})"
        for name, column in contract.columns.items():
            if name not in found:
                raise EntenteError(f"{where}: the query gives no column {name}; found {', '.join(found)}")
            if found[name] != column.type:
                raise EntenteError(
                    f"{where}: {name} is {found[name]}, the contract says {column.type}; cast it in the query"
                )
        if extra := sorted(set(found) - set(contract.columns)):
            raise EntenteError(f"{where}: the query gives {extra[0]}, which the contract lacks; declare or drop it")

    def report(self) -> None:
        """Write what the last look at each dataset and feed found to `looks.json`, for `entente status`."""
        looks = self.frame("select * from meta.looks order by name").to_dicts()
        (self.project.warehouse / "looks.json").write_text(json.dumps(looks, indent=1) + "\n", encoding="utf-8")

    def digest(self, contract: Contract) -> str:
        """The table's content as decision 14 defines sameness: rows in grain order, doubles to 9 digits."""
        table = ddl.quoted(contract.name)
        held = self.rows(f"select digest from meta.tables where name = {table}")
        if held and held[0][0]:
            return held[0][0]
        found = digests.of_frame(self.frame(f"select * from {contract.name}"), contract.grain, 9)
        self.connection.execute(f"update meta.tables set digest = {ddl.quoted(found)} where name = {table}")
        return found


def tables(declared: dict[str, Contract]) -> dict[str, Contract]:
    """The contract of every table; a dataset's is there for its releases, their changes and the newest figures."""
    found: dict[str, Contract] = {}
    for name, contract in declared.items():
        if contract.release is not None:
            found[f"vintages.{contract.stem}"] = contract.of_releases()
            found[f"vintages.{contract.stem}_changes"] = contract.of_changes()
            found[name] = contract.of_newest()
        elif contract.feed is None:
            found[name] = contract
    return found


@contextmanager
def writing(project: Project, say: Callable[[str], None]) -> Iterator[Work]:
    """The working database, opened by the only writer; a second one waits for the first and says so.

    Raises:
        EntenteError: The working database is held by a program that does not take the lock.
    """
    (project.inbox / "documents").mkdir(parents=True, exist_ok=True)
    with (project.warehouse / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"another refresh is writing to {project.warehouse}; waiting for it to end")
            fcntl.flock(lock, fcntl.LOCK_EX)
        config = {
            "memory_limit": "1GB",
            "autoinstall_known_extensions": "false",
            "temp_directory": str(project.warehouse),
        }
        connection = _open(project, config)
        try:
            work = Work(project, connection)
            try:
                yield work
            finally:
                work.report()
        finally:
            connection.close()


def _open(project: Project, config: dict[str, str]) -> duckdb.DuckDBPyConnection:
    """The working database, made anew where its register of releases is of an older shape."""
    register = project.root / "pipelines" / "vintages" / "releases.yml"
    shape = digests.of_text(META, register.read_text(encoding="utf-8"))
    mark = project.work.with_suffix(".shape")
    if project.work.exists() and (not mark.is_file() or mark.read_text(encoding="utf-8") != shape):
        project.work.unlink()
    mark.write_text(shape, encoding="utf-8")
    try:
        return duckdb.connect(str(project.work), config=config)
    except duckdb.IOException as error:
        reason = str(error).splitlines()[0]
        raise EntenteError(f"{project.work.name}: {reason}; close it there, readers open published.duckdb") from None
