"""Everything a publication shows people: the page, the checks, the catalogue, and the data to take away."""

from __future__ import annotations

import shutil
from itertools import groupby
from pathlib import Path
from typing import Any

from pipelines import catalogue
from pipelines.contracts import Contract
from pipelines.published import opened_file
from pipelines.site import figures, page, take_away
from pipelines.site.drawing import Drawer
from pipelines.site.parts import Held
from pipelines.site.words import Said

CITATION = "CITATION.cff"
RULE = "rule_"  # what the name of a rule's check begins with


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
    drawer = Drawer(cache)
    with opened_file(database, "run `entente refresh` again") as connection:
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
    (folder / "checks.html").write_text(_checks(checks, made, facts), encoding="utf-8")
    (folder / "catalogue.html").write_text(_catalogue(made, facts), encoding="utf-8")
    held = [_held(row, declared) for row in asked["status"].to_dicts()]
    html = page.render(asked, facts, held, _downloads(taken, folder), drawer)
    drawer.forget_unused()
    (folder / "index.html").write_text(html, encoding="utf-8")


def _held(row: dict[str, Any], declared: dict[str, Contract]) -> Held:
    """What is held of a dataset or feed, under the title of its contract, else its name."""
    name = row["name"]
    contract = next((each for each in declared.values() if each.stem == name and (each.release or each.feed)), None)
    if contract is None:
        return Held(name, Said(name, name), row["newest_release"], None)
    return Held(name, Said(contract.title, contract.titulo), row["newest_release"], contract.stale_after_days)


def _downloads(taken: list[Contract], folder: Path) -> list[page.Download]:
    """The files beside the page, with what they are and how large."""
    beside = {
        "data/datapackage.json": Said(
            "Data Package: fields, units, sources, releases", "Data Package: campos, unidades, fuentes, publicaciones"
        ),
        f"data/{take_away.CHECKSUMS}": Said("SHA-256 of every file", "SHA-256 de cada archivo"),
        "catalogue.html": Said("Catalogue of all tables", "Catálogo de todas las tablas"),
        "checks.html": Said("Checks of this publication", "Verificaciones de esta publicación"),
        CITATION: Said("How to cite", "Cómo citar"),
    }

    def _file(href: str, label: str) -> page.File:
        return page.File(href, label, take_away.size(folder / href))

    return [
        *(page.Download(title, [_file(href, Path(href).name)]) for href, title in beside.items()),
        *(
            page.Download(
                Said(contract.title, contract.titulo),
                [_file(f"data/{contract.stem}.{kind.lower()}", kind) for kind in ("CSV", "Parquet")],
            )
            for contract in taken
        ),
    ]


def _checks(rows: list[tuple[Any, ...]], made: dict[str, Contract], facts: dict[str, Any]) -> str:
    found = [
        (name, check, passed, failing, _rule(made[name], check) if name in made else None, words)
        for name, check, passed, failing, words in rows
    ]
    tables = [(name, list(each)) for name, each in groupby(found, key=lambda row: row[0])]
    failed = [row for row in found if not row[2]]
    return _filled("checks.html", facts, tables=tables, failed=failed, count=len(rows))


def _rule(contract: Contract, check: str) -> str | None:
    """What a rule of the contract demands, in its words; None of a check that the columns bring."""
    rule = contract.rules.get(check.removeprefix(RULE))
    return rule.about if check.startswith(RULE) and rule else None


def _catalogue(made: dict[str, Contract], facts: dict[str, Any]) -> str:
    schemas = []
    for schema, title in catalogue.SCHEMAS.items():
        members = sorted((each for each in made.values() if each.folder == schema), key=lambda each: each.stem)
        schemas.append((schema, title, members))
    return _filled("catalogue.html", facts, schemas=schemas)


def _filled(template: str, facts: dict[str, Any], **given: Any) -> str:
    """A page beside the first one."""
    return (
        page.environment()
        .get_template(template)
        .render(style=page.style(), publication_id=facts["publication_id"], **given)
    )
