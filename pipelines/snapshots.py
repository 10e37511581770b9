"""Publishers' files as they came: the archive, the inbox and what was kept before, each with a receipt."""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from pipelines.contracts import Contract
from pipelines.errors import EntenteError, Refused
from pipelines.http import FILE_BYTES
from pipelines.project import Project
from pipelines.reading import Raw, sha256_of

RECEIPT = ".receipt.json"


def archived(project: Project, contract: Contract) -> list[Raw]:
    """The archive's files of a dataset, dated by its `releases.csv`; none where no archive is named."""
    if project.archive is None or contract.release is None:
        return []
    register = project.archive / "data" / "releases.csv"
    if not register.is_file():
        raise EntenteError(f"{register} is missing; ENTENTE_ARCHIVE must name a folder with data/releases.csv")
    found = []
    with register.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            if any(PurePosixPath(row["path"]).match(pattern) for pattern in contract.release.files):
                path = project.archive / "data" / row["path"]
                day = date.fromisoformat(row["vintage"])
                raw = Raw(
                    contract.stem, path, day, row["vintage_basis"], sha256_of(path), row["seen_by"], path.as_uri()
                )
                if raw.sha256 != row["sha256"]:
                    raise EntenteError(f"{row['path']}: its hash is not the one in releases.csv; restore the archive")
                found.append(raw)
    return found


def kept(project: Project, dataset: str) -> Iterator[Raw]:
    """Files kept in raw earlier, oldest first."""
    receipts = sorted((project.warehouse / "raw" / dataset).glob(f"*/*{RECEIPT}"))
    for receipt in receipts:
        facts = json.loads(receipt.read_text(encoding="utf-8"))
        path = receipt.with_name(receipt.name.removesuffix(RECEIPT))
        yield Raw(
            dataset,
            path,
            date.fromisoformat(facts["vintage"]),
            facts["vintage_basis"],
            facts["sha256"],
            facts["fetched_at"],
            facts["url"],
        )


def dropped(project: Project, dataset: str) -> list[Path]:
    """Files a person put into the dataset's inbox, by name."""
    folder = project.inbox / dataset
    paths = sorted(folder.rglob("*")) if folder.is_dir() else []
    return [p for p in paths if p.is_file() and not p.name.startswith(".") and not p.name.endswith(RECEIPT)]


def strays(project: Project, contracts: Iterable[Contract]) -> list[str]:
    """A line for each thing in the inbox that no dataset or feed will ever look at."""
    contracts = list(contracts)
    datasets = sorted(contract.stem for contract in contracts if contract.release is not None)
    feeds = sorted(contract.stem for contract in contracts if contract.feed is not None)
    archives = {Path(name).stem for contract in contracts if contract.feed for name in contract.feed.files}
    lines = [
        f"{path.relative_to(project.warehouse)}: no dataset of that name; put files into inbox/<dataset>/, one of "
        f"{', '.join(datasets)}"
        for path in _entries(project.inbox)
        if path.name != "documents" and not (path.is_dir() and path.name in datasets)
    ]
    return lines + [
        f"{path.name} in {project.documents}: no feed of that name; put archives into documents/<feed>/, one of "
        f"{', '.join(feeds)}"
        for path in _entries(project.documents)
        if not (path.is_dir() and path.name in feeds) and path.stem not in archives
    ]


def _entries(folder: Path) -> list[Path]:
    return sorted(p for p in folder.iterdir() if not p.name.startswith(".")) if folder.is_dir() else []


def keep(project: Project, dataset: str, path: Path, known: dict[str, Raw], told: dict[str, str] | None = None) -> Raw:
    """The file as kept in raw, copied there with a receipt unless its bytes are known already.

    The vintage is `published` of what the publisher `told`, for a file of the inbox of `<file>.receipt.json` beside it,
    else the day it is first seen.

    Raises:
        Refused: A file that is too large, a receipt that cannot be read, or one that dates the file in the future.
    """
    if (size := path.stat().st_size) > FILE_BYTES:
        raise Refused(f"{dataset} {path.name}: {size:,} bytes, more than {FILE_BYTES:,}; no release is so large")
    sha256 = sha256_of(path)
    held = known.get(sha256)
    if held is not None and (told is not None or not path.with_name(path.name + RECEIPT).is_file()):
        return held
    now = datetime.now(UTC).replace(microsecond=0)
    stated, by = (_stated(dataset, path, now.date()), "receipt") if told is None else (told, "publisher")
    vintage, basis = (stated["published"], by) if "published" in stated else (now.date().isoformat(), "seen")
    facts = {
        "url": stated.get("url", path.name),
        "sha256": sha256,
        "bytes": path.stat().st_size,
        "fetched_at": now.isoformat().replace("+00:00", "Z"),
        "vintage": vintage,
        "vintage_basis": basis,
    }
    if held is not None and basis == "seen":
        return held
    if held is not None:
        # The same bytes with a receipt of their own: what it says holds, from now on.
        raw = replace(held, vintage=date.fromisoformat(vintage), vintage_basis=basis, url=facts["url"])
        if raw != held and held.path.is_relative_to(project.warehouse / "raw"):
            _write_receipt(held.path, {**facts, "fetched_at": held.fetched_at})
        return raw
    folder = project.warehouse / "raw" / dataset / vintage
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / path.name
    if target.exists():
        target = folder / f"{path.stem}.{sha256[:8]}{path.suffix}"
    # The receipt comes last: bytes without one are a copy that was interrupted, and are written again.
    _replace(target, lambda draft: shutil.copyfile(path, draft))
    _write_receipt(target, facts)
    return Raw(dataset, target, date.fromisoformat(vintage), basis, sha256, facts["fetched_at"], facts["url"])


def _write_receipt(path: Path, facts: dict[str, Any]) -> None:
    text = json.dumps(facts, indent=1) + "\n"
    _replace(path.with_name(path.name + RECEIPT), lambda draft: draft.write_text(text, encoding="utf-8"))


def _stated(dataset: str, path: Path, today: date) -> dict[str, str]:
    receipt = path.with_name(path.name + RECEIPT)
    if not receipt.is_file():
        return {}
    remedy = 'write {"published": "2026-01-15", "url": "https://…"}'
    try:
        stated = json.loads(receipt.read_text(encoding="utf-8"))
        published = date.fromisoformat(stated["published"]) if "published" in stated else today
    except (ValueError, TypeError):
        raise Refused(f"{dataset} {receipt.name}: not a receipt; {remedy}") from None
    if unknown := sorted(set(stated) - {"published", "url"}):
        raise Refused(f"{dataset} {receipt.name}: '{unknown[0]}' is unknown; {remedy}")
    if published > today:
        raise Refused(f"{dataset} {receipt.name}: published {published} lies in the future; {remedy}")
    return stated


def _replace(target: Path, write: Callable[[Path], object]) -> None:
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    write(draft)
    draft.replace(target)
