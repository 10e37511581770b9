"""The bundled history an empty warehouse starts from: figures of every vintage and coded statements, never text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from pipelines.contracts import Contract
from pipelines.errors import EntenteError
from pipelines.project import Project
from pipelines.warehouse import REGISTER, Work, writing

LIMIT_BYTES = 15_000_000
TABLES = ("readings", "codings", "claims")


def write(project: Project) -> Iterator[str]:
    """Write `seeds/history/` from the warehouse; yields a line for each file and one for the whole.

    Raises:
        EntenteError: A dataset or feed of which the warehouse holds nothing, or a bundle that grows too large.
    """
    with writing(project, print) as work:
        if missing := [f"documents.{table}" for table in TABLES if not work.exists(f"documents.{table}")]:
            raise EntenteError(f"the warehouse holds no {missing[0]}; run `entente refresh` first")
        history = project.history
        history.mkdir(parents=True, exist_ok=True)
        written = [*_figures(work, history), *_documents(work, history)]
        note = history / "SOURCES.md"
        note.write_text(sources(work.declared.values()), encoding="utf-8")
        for path in sorted(history.rglob("*.parquet")):
            if path not in written:
                path.unlink()
        total = sum(path.stat().st_size for path in written)
        for path in written:
            yield f"{path.relative_to(project.root)}: {path.stat().st_size:,} bytes"
        yield f"{len(written)} files, {total:,} bytes"
        if total > LIMIT_BYTES:
            raise EntenteError(f"the bundle has {total:,} bytes, more than {LIMIT_BYTES:,}; leave the widest out")


def _figures(work: Work, history: Path) -> Iterator[Path]:
    yield _parquet(
        work.frame(f"select * from {REGISTER}").sort("dataset", "product", "vintage"), history / "releases.parquet"
    )
    for contract in work.declared.values():
        if contract.release is not None:
            frame = work.frame(f"select * from vintages.{contract.stem}")
            if frame.is_empty():
                raise EntenteError(f"{contract.stem}: the warehouse holds no release; refresh with its files at hand")
            # Neighbouring vintages of one figure compress to almost nothing.
            yield _parquet(frame.sort(*contract.grain, "vintage"), history / "figures" / f"{contract.stem}.parquet")


def _documents(work: Work, history: Path) -> Iterator[Path]:
    for feed in (contract for contract in work.declared.values() if contract.feed is not None):
        for table in TABLES:
            contract = work.contracts[f"documents.{table}"]
            named = f"select document_id from documents.readings where feed = '{feed.stem}'"
            frame = work.frame(f"select * from documents.{table} where document_id in ({named})")
            if frame.is_empty() and table == "readings":
                if feed.rows.min == 0:
                    break  # only live looks fill it, and nothing is held yet
                raise EntenteError(f"{feed.stem}: the warehouse holds no document; refresh with its archive at hand")
            yield _parquet(frame.sort(*contract.grain), history / "documents" / f"{feed.stem}.{table}.parquet")


def _parquet(frame: pl.DataFrame, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.write_parquet(path, compression="zstd", compression_level=19, statistics=False)
    return path


def sources(contracts: Iterator[Contract]) -> str:
    """The note beside the bundle: what it holds, of whom, under which licence."""
    lines = [
        "# Sources and licences of the bundled history",
        "",
        "The project's own licence covers its code. The figures and codes here come from these publishers; no text of",
        "theirs is held, only figures, codes, offsets, hashes and addresses. Written by `entente bundle`.",
        "",
        "| bundle | publisher | licence | cite as |",
        "| --- | --- | --- | --- |",
    ]
    for contract in contracts:
        if contract.source is not None:
            source = contract.source
            lines.append(
                f"| {contract.stem} | [{source.publisher}]({source.url}) | {source.licence} | {source.citation} |"
            )
    return "\n".join(lines) + "\n"
