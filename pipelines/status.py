"""What is held of each dataset and feed, how old it is, and what the last run did."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import click

from pipelines import contract_files, contracts, live
from pipelines.errors import EntenteError
from pipelines.project import Project
from pipelines.published import opened, opened_file

# By kind: name, newest month and newest release of what is held; in the working database as in the published one.
HELD = {
    "dataset": "select dataset, max(covers_to), max(vintage) from vintages.releases group by all",
    "feed": """select feed, max(month), max(date) from documents.texts
        where date_precision <> 'year' and excluded is null group by all""",
}


def read(project: Project) -> dict[str, Any]:
    """The state of the warehouse: one entry a dataset or feed, the publication, the last run.

    Raises:
        EntenteError: Nothing is published yet, or the file is no published database.
    """
    with opened(project) as connection:
        rows = [row for sql in HELD.values() for row in connection.execute(sql).fetchall()]
        publication = connection.execute("select publication_id, published_at from meta.publication").fetchall()[0]
    held = {name: (month, release) for name, month, release in rows}
    looks = {look["name"]: look for look in _json(project.warehouse / "looks.json", [])}
    entries = []
    for contract in contract_files.load(project.root).values():
        if contract.release is not None or contract.feed is not None:
            month, release = held.get(contract.stem, (None, None))
            asked = last_confirmed(project, contract)
            entries.append(_entry(contract, month, release, asked, looks.get(contract.stem)))
    return {
        "publication_id": publication[0],
        "published_at": publication[1],
        "last_run": _json(project.warehouse / "last_run.json", {}),
        "held": entries,
    }


def last_confirmed(project: Project, contract: contracts.Contract) -> date | None:
    """The last day on which a dataset's publisher answered with what it offers; None where it never was asked."""
    return max(live.confirmed(project, contract.stem).values(), default=None)


def staleness(contract: contracts.Contract, release: date | None, asked: date | None, refused: int = 0) -> str:
    """Why what is held is too old or not what it could be, and what to do about it; empty where it is good.

    Args:
        contract: The dataset or feed.
        release: Day of the newest release or document held.
        asked: Day on which the publisher last said what it offers.
        refused: Files at hand that were not let in. One document more or less leaves a feed as it is.
    """
    if release is None:
        return "nothing held"
    if refused and contract.release is not None:
        return f"a file was refused, so what is held is the last good release, of {release}"
    age = (date.today() - release).days
    if contract.stale_after_days is None or age <= contract.stale_after_days:
        return ""
    remedy = "ask with --live or use the inbox"
    if asked is not None and (date.today() - asked).days <= contract.stale_after_days:
        remedy = f"the publisher offered nothing newer on {asked}; use the inbox if you have a newer file"
    return f"newest is {age} days old, more than {contract.stale_after_days}; {remedy}"


def _entry(
    contract: contracts.Contract, month: date | None, release: date | None, asked: date | None, look: Any
) -> dict[str, Any]:
    refused = look["refused"] if look else []
    why = staleness(contract, release, asked, len(refused))
    return {
        "name": contract.stem,
        "kind": "dataset" if contract.release is not None else "feed",
        "newest_month": month,
        "newest_release": release,
        "last_looked": look["looked_at"] if look else None,
        "last_confirmed": asked,
        "is_stale": bool(why),
        "why": why,
        "refused": refused,
    }


def _json(path: Path, default: Any) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else default


def table(found: dict[str, Any]) -> str:
    """The state as text for a terminal; what needs somebody is red where `click.echo` finds one."""
    head = ("name", "newest month", "newest release", "last looked", "state")
    rows = [head]
    for entry in found["held"]:
        month = f"{entry['newest_month']:%Y-%m}" if entry["newest_month"] else "-"
        state = click.style(f"STALE: {entry['why']}", fg="red") if entry["is_stale"] else "ok"
        if entry["last_confirmed"] and not entry["is_stale"]:
            state += f"; publisher last confirmed {entry['last_confirmed']}"
        refused = click.style(f"; REFUSED: {len(entry['refused'])} file(s)", fg="red")
        state += refused if entry["refused"] else ""
        rows.append((entry["name"], month, str(entry["newest_release"] or "-"), entry["last_looked"] or "-", state))
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    lines = ["  ".join([*(cell.ljust(w) for cell, w in zip(row, widths, strict=False)), row[4]]) for row in rows]
    run = found["last_run"]
    ended = {0: "published", 1: "NOT PUBLISHED", 2: "published, something refused"}.get(run.get("exit_code"), "unknown")
    lines += ["", f"publication {found['publication_id']} of {found['published_at']}; last run: {ended}"]
    lines += [f"  {line}" for line in [*run.get("failed", []), *run.get("refused", [])]]
    return "\n".join(lines)


def digests(database: Path) -> dict[str, str]:
    """SHA-256 of every table of a published database, as its publication recorded them.

    Raises:
        EntenteError: There is no such database.
    """
    if not database.exists():
        raise EntenteError(f"{database}: nothing is published there; run `entente refresh`")
    with opened_file(database, "`entente refresh` makes one") as connection:
        return dict(connection.execute("select table_name, sha256 from meta.tables").fetchall())
