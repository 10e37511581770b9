"""Gate 3 and the publication: written whole beside the current one, made current by renames, the database last."""

import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import duckdb
import polars as pl

from pipelines import as_of, catalogue, ddl, digests
from pipelines.assets import OWNERS, Step, key
from pipelines.contracts import Contract
from pipelines.errors import NotPublished
from pipelines.project import Project
from pipelines.published import opened
from pipelines.warehouse import Work, now

KEPT_PUBLICATIONS = 3
DATABASE = "entente.duckdb"
META_COMMENTS = {
    "publication": "Id and time of this publication / Identificador y hora de esta publicación",
    "tables": "Rows and SHA-256 of each table / Filas y SHA-256 de cada tabla",
    "looks": "What the last look at each dataset and feed found / Lo que halló la última revisión de cada fuente",
    "checks": "Result of every check of every table / Resultado de cada verificación de cada tabla",
}


@dataclass(frozen=True)
class Publication:
    """What readers now open: its permanent id, whether this run made it, and its tables' digests."""

    publication_id: str
    is_new: bool
    digests: dict[str, str]


def publish(work: Work) -> Publication:
    """The publication of the working tables; where nothing differs from the current one, that one.

    Raises:
        NotPublished: A table that is missing, that no gate has passed, or that breaks its constraints; what was
            published before stays as it is.
    """
    made = work.contracts
    _all_judged(work, made)
    found = {name: work.digest(contract) for name, contract in made.items()}
    views = as_of.views(work.declared)
    content = content_of(work, views)
    current = current_publication(work.project)
    if current and current["content_sha256"] == content:
        return Publication(current["publication_id"], False, found)
    published_at = now()
    publication_id = f"{published_at[:10]}-{content[:8]}"
    publications = work.project.warehouse / "publications"
    for leftover in publications.glob(".*"):  # of a run that was killed
        shutil.rmtree(leftover)
    draft = publications / f".{publication_id}"
    (draft / "parquet").mkdir(parents=True)
    facts = {
        "publication_id": publication_id,
        "published_at": published_at,
        "content_sha256": content,
        "tables": {name: {"rows": work.height(name), "sha256": found[name]} for name in sorted(found)},
    }
    try:
        _write_database(work, made, draft / DATABASE, facts)
    except duckdb.ConstraintException as error:
        shutil.rmtree(draft)
        raise NotPublished(f"gate 3: {str(error).splitlines()[0]}; mend the table or its contract") from None
    with duckdb.connect(str(draft / DATABASE)) as connection:
        as_of.write(connection, views)
    _write_parquet(work, made, draft / "parquet", publication_id)
    site = draft / "site"
    from pipelines.site import publication  # only here: what draws takes a second to import

    publication.write(draft / DATABASE, work.declared, made, facts, site, work.project.root, work.project.cache)
    for folder in (draft, draft / "parquet"):
        (folder / "publication.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    make_current(work.project, draft, publications / publication_id)
    catalogue.write(work.contracts, work.project.warehouse / "CATALOG.md")
    return Publication(publication_id, True, found)


def content_of(work: Work, views: list[as_of.View]) -> str:
    """What tells whether the working tables, as they stand, are those of a publication: its `content_sha256`."""
    found = {name: work.digest(contract) for name, contract in work.contracts.items()}
    declared = [contract.sha256 for contract in work.contracts.values()]
    told = [*(f"{name} {found[name]}" for name in sorted(found)), *declared, work.kernel]
    return digests.of_text(*told, *(view.sql for view in views), digests.of_folder("site"))


def is_published(work: Work) -> bool:
    """Whether readers open the working tables as they stand; not so where the last run broke off while publishing."""
    current = current_publication(work.project)
    return current is not None and current["content_sha256"] == content_of(work, as_of.views(work.declared))


def current_publication(project: Project) -> dict[str, str] | None:
    """The facts of the publication that readers open; None before the first."""
    if not project.published.exists():
        return None
    with opened(project) as connection:
        columns = ("publication_id", "published_at", "content_sha256")
        row = connection.execute(f"select {', '.join(columns)} from meta.publication").fetchall()[0]
    return dict(zip(columns, row, strict=True))


def _all_judged(work: Work, made: dict[str, Contract]) -> None:
    judged = {name for (name,) in work.rows("select name from meta.tables where judged")}
    missing = sorted(name for name in made if name not in judged)
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise NotPublished(f"{missing[0]}{more} not built or not passed by its checks; run the whole refresh")


def _write_database(work: Work, made: dict[str, Contract], path: Path, facts: dict[str, object]) -> None:
    connection = work.connection
    connection.execute(f"attach {ddl.quoted(path)} as publication")
    try:
        # In one transaction: hundreds of comments, each committed by itself, would cost more than the rows.
        with work.transaction():
            for schema in sorted({contract.folder for contract in made.values()}):
                connection.execute(f"create schema publication.{schema}")
            for name, contract in made.items():
                target = f"publication.{name}"
                connection.execute(ddl.create_table(contract, target, work.seeds.allowed(contract), constrained=True))
                order = ", ".join(f'"{column}"' for column in contract.grain)
                connection.execute(f"insert into {target} select * from {name} order by {order}")
                for comment in ddl.comments(contract, target):
                    connection.execute(comment)
            _write_meta(work, facts)
    finally:
        connection.execute("detach publication")


def _write_meta(work: Work, facts: dict[str, object]) -> None:
    connection = work.connection
    values = ", ".join(
        f"{ddl.quoted(facts[name])} as {name}" for name in ("publication_id", "published_at", "content_sha256")
    )
    connection.execute("create schema publication.meta")
    connection.execute(f"create table publication.meta.publication as select {values}")
    connection.execute("create table publication.meta.looks as select * from meta.looks order by name")
    connection.execute(
        "create table publication.meta.checks as select name as table_name, item ->> 'check' as check_name, "
        "(item ->> 'passed')::boolean as passed, (item ->> 'failing')::bigint as failing, item ->> 'words' as words "
        "from meta.tables, unnest(from_json(checks, '[\"JSON\"]')) as each(item) where checks is not null order by all"
    )
    tables: dict[str, dict[str, object]] = facts["tables"]  # type: ignore[assignment]
    rows = pl.DataFrame([{"table_name": name, **entry} for name, entry in tables.items()])
    connection.register("given", rows.to_arrow())
    connection.execute("create table publication.meta.tables as select * from given")
    for table, about in META_COMMENTS.items():
        connection.execute(f"comment on table publication.meta.{table} is {ddl.quoted(about)}")


def _write_parquet(work: Work, made: dict[str, Contract], folder: Path, publication_id: str) -> None:
    for name, contract in made.items():
        (folder / contract.folder).mkdir(exist_ok=True)
        path = folder / contract.folder / f"{contract.stem}.parquet"
        order = ", ".join(f'"{column}"' for column in contract.grain)
        work.connection.execute(
            f"copy (select * from {name} order by {order}) to {ddl.quoted(path)} "
            f"(format parquet, compression zstd, kv_metadata {{publication_id: {ddl.quoted(publication_id)}}})"
        )


def make_current(project: Project, draft: Path, final: Path) -> None:
    """Rename a finished draft to its place and point readers to it, the database last; an open reader never notices."""
    for path in sorted(draft.rglob("*")):
        _sync(path)
    if final.exists():  # readers may still be pointed to it; it goes once they are not
        aside = final.with_name(f".{final.name}.replaced")
        shutil.rmtree(aside, ignore_errors=True)
        final.replace(aside)
    draft.replace(final)
    _sync(final.parent)
    for name in ("parquet", "site"):
        link = project.warehouse / f".{name}.{os.getpid()}"
        link.unlink(missing_ok=True)
        link.symlink_to(Path("publications") / final.name / name)
        link.replace(project.warehouse / name)
    database = project.warehouse / f".published.{os.getpid()}"
    database.unlink(missing_ok=True)
    os.link(final / DATABASE, database)
    database.replace(project.published)
    _sync(project.warehouse)
    older = [path for path in final.parent.iterdir() if not path.name.startswith(".") and path != final]
    older.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for old in [*older[KEPT_PUBLICATIONS - 1 :], *final.parent.glob(".*.replaced")]:
        shutil.rmtree(old)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def publication_asset(contracts: dict[str, Contract], steps: Iterable[Step]) -> dg.AssetsDefinition:
    """The asset that publishes: downstream of every published table, and only where every step stands as it should.

    So one table made by hand never publishes, and publishing by hand never mixes old tables with new ones.
    """
    steps = list(steps)

    @dg.asset(
        key=dg.AssetKey("publication"),
        deps=[key(name) for name in contracts],
        group_name="publication",
        owners=OWNERS,
        kinds={"duckdb", "parquet"},
        description="What readers open: database, Parquet and page, written whole and made current by renames.",
        required_resource_keys={"work"},
    )
    def _publication(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        work: Work = context.resources.work
        # What lies at hand and was not looked at is for the next run; what was looked at must be in every table.
        made = (step for step in steps if not step.is_look)
        if stale := next((step.name for step in made if not step.is_current(work)), None):
            raise NotPublished(f"{stale} is not as its code and inputs would make it; run the whole refresh")
        done = publish(work)
        rows = sum(work.height(name) for name in done.digests)
        return dg.MaterializeResult(
            metadata={
                "publication_id": done.publication_id,
                "is_new": done.is_new,
                "tables": len(done.digests),
                "dagster/row_count": rows,
                "published": dg.MetadataValue.path(work.project.published),
            }
        )

    return _publication
