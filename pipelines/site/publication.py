"""Everything a publication shows people: the page, the checks, the catalogue, and the data to take away."""

from __future__ import annotations

import shutil
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from pipelines import catalogue
from pipelines.contracts import Contract
from pipelines.site import figures, page, take_away
from pipelines.site.drawing import Drawer
from pipelines.site.words import Said

CITATION = "CITATION.cff"


def write(
    database: Path,
    declared: dict[str, Contract],
    made: dict[str, Contract],
    facts: dict[str, Any],
    folder: Path,
    root: Path,
    cache: Path,
) -> None:
    """Write `index.html`, `checks.html`, `catalogue.html`, `CITATION.cff` and `data/` of a publication.

    Args:
        database: The publication's database, whole.
        declared: The contracts as written.
        made: The contract of every table of it.
        facts: `publication_id`, `published_at` and `tables` of it.
        folder: Where they go; it is made.
        root: The project, whose CITATION.cff is completed.
        cache: Where drawings are kept between publications.
    """
    folder.mkdir()
    with duckdb.connect(str(database), read_only=True) as connection:
        taken = take_away.write(connection, declared, facts, folder / "data")
        asked = figures.read(connection)
        checks = connection.execute(
            "select table_name, check_name, passed, failing, words from meta.checks order by all"
        ).fetchall()
    shutil.copy(root / CITATION, folder / CITATION)
    with (folder / CITATION).open("a", encoding="utf-8") as citation:
        citation.write(
            f"identifiers:\n  - type: other\n    value: {facts['publication_id']}\n    description: publication_id\n"
        )
    (folder / "checks.html").write_text(_checks(checks, facts), encoding="utf-8")
    (folder / "catalogue.html").write_text(_catalogue(made, facts), encoding="utf-8")
    stems = {contract.stem: contract.stale_after_days for contract in declared.values()}
    held = [page.Held(row["name"], row["newest_release"], stems.get(row["name"])) for row in asked["status"].to_dicts()]
    drawer = Drawer(cache)
    html = page.render(asked, facts, held, _downloads(taken, folder), drawer)
    drawer.forget_unused()
    (folder / "index.html").write_text(html, encoding="utf-8")


def _downloads(taken: list[Contract], folder: Path) -> list[page.Download]:
    """The files beside the page, with what they are and how large."""
    files = [
        (
            "data/datapackage.json",
            Said(
                "Data Package: fields, units, sources, releases",
                "Data Package: campos, unidades, fuentes, publicaciones",
            ),
        ),
        (f"data/{take_away.CHECKSUMS}", Said("SHA-256 of every file", "SHA-256 de cada archivo")),
        ("catalogue.html", Said("Catalogue of all tables", "Catálogo de todas las tablas")),
        ("checks.html", Said("Checks of this publication", "Verificaciones de esta publicación")),
        (CITATION, Said("How to cite", "Cómo citar")),
    ]
    for contract in taken:
        for suffix in ("csv", "parquet"):
            files.append(
                (
                    f"data/{contract.stem}.{suffix}",
                    Said(f"{contract.title} ({suffix})", f"{contract.titulo} ({suffix})"),
                )
            )
    return [page.Download(href, title, take_away.size(folder / href)) for href, title in files]


def _checks(rows: list[tuple[Any, ...]], facts: dict[str, Any]) -> str:
    tables = [(name, list(found)) for name, found in groupby(rows, key=lambda row: row[0])]
    failed = sum(not passed for _, _, passed, _, _ in rows)
    return (
        page.environment()
        .get_template("checks.html")
        .render(tables=tables, failed=failed, count=len(rows), style=page.style(), **_named(facts))
    )


def _catalogue(made: dict[str, Contract], facts: dict[str, Any]) -> str:
    schemas = []
    for schema, title in catalogue.SCHEMAS.items():
        members = sorted((each for each in made.values() if each.folder == schema), key=lambda each: each.stem)
        schemas.append((schema, title, members))
    return (
        page.environment().get_template("catalogue.html").render(schemas=schemas, style=page.style(), **_named(facts))
    )


def _named(facts: dict[str, Any]) -> dict[str, str]:
    return {name: facts[name] for name in ("publication_id", "published_at")}
