"""Numeric claims of every document: found in the texts at hand, else as the bundle brings them."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipelines.claims import finding, storing
from pipelines.claims.finding import Finder
from pipelines.contracts import Contract
from pipelines.digests import of_code, of_text
from pipelines.rhetoric.sentences import segment
from pipelines.warehouse import Work

SEEDS = finding.SEEDS
READS = ("documents.readings", *(f"seeds.{stem}" for stem in SEEDS))
CODE = ("claims",)
_KEYS = ["document_id", "raw_sha256", "method_version"]


def make(work: Work) -> pl.DataFrame:
    """One row per claim of every reading that is not excluded, of all feeds."""
    contract = work.declared["documents.claims"]
    readings = work.frame(
        "select feed, document_id, raw_sha256, method_version, date, language from documents.readings"
        " where excluded is null order by all"
    )
    version = claims_version(work)
    finder = Finder({stem: work.seeds[stem] for stem in SEEDS})
    frames = [pl.DataFrame(schema=contract.schema)]
    for (feed,), some in readings.group_by("feed", maintain_order=True):
        frames += _of_feed(work, str(feed), some, finder, version)
    return pl.concat(frames).unique(list(contract.grain), keep="first", maintain_order=True)


def claims_version(work: Work) -> str:
    """Hash of how claims are found: the code and the seeds it reads."""
    return of_text(of_code(*CODE), *(work.seeds.version(stem) for stem in SEEDS))[:8]


def _of_feed(work: Work, feed: str, readings: pl.DataFrame, finder: Finder, version: str) -> list[pl.DataFrame]:
    """The claims of a feed's documents: those of texts at hand, then of the others from the bundle."""
    contract = work.declared["documents.claims"]
    folder = work.project.warehouse / "documents" / feed
    parts = [_part(path, folder / "claims", readings, finder, version, contract) for path in _turns(folder)]
    held = pl.concat([pl.DataFrame(schema=contract.schema), *(claims for claims, _ in parts)])
    read = pl.concat([readings.select(_KEYS[:2]).clear(), *(documents for _, documents in parts)])
    bundled = work.project.history / "documents" / f"{feed}.claims.parquet"
    if not bundled.is_file():
        return [held]
    stored = pl.read_parquet(bundled).select(list(contract.columns))
    known = readings.select(_KEYS[:2]).join(read, on=_KEYS[:2], how="anti")
    return [held, stored.join(known, on=_KEYS[:2], how="semi", maintain_order="left")]


def _turns(folder: Path) -> list[Path]:
    return sorted((folder / "turns").glob("*.parquet"))


def _part(
    turns: Path, folder: Path, readings: pl.DataFrame, finder: Finder, version: str, contract: Contract
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The claims in one file of turns, read anew only by another version, and which documents it holds."""
    at_hand = pl.read_parquet(turns).join(readings, on=_KEYS, how="semi", maintain_order="left")
    documents = at_hand.select(_KEYS[:2]).unique(maintain_order=True)
    kept = folder / f"{turns.stem}.{version}.parquet"
    if not kept.is_file():
        told = at_hand.join(readings.drop("feed"), on=_KEYS, how="left", maintain_order="left")
        found = _found(told, finder, contract, version)
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob(f"{turns.stem}.*"):
            old.unlink()
        unfinished = folder / f".{kept.name}"
        found.write_parquet(unfinished, compression="zstd", compression_level=1)
        unfinished.replace(kept)
    return pl.read_parquet(kept).join(documents, on=_KEYS[:2], how="semi", maintain_order="left"), documents


def _found(turns: pl.DataFrame, finder: Finder, contract: Contract, version: str) -> pl.DataFrame:
    """The claims in some turns with their sentences' places in the documents."""
    asked = []
    for turn in finder.worth_reading(turns).iter_rows(named=True):
        text = turn["text"]
        spans = list(segment(text, 0, len(text)))
        said = [text[first:last].replace("\n", " ") for first, last in spans]
        for place, (first, last) in enumerate(spans):
            asked.append(
                (
                    turn["document_id"],
                    turn["raw_sha256"],
                    turn["speaker"],
                    turn["start"] + first,
                    turn["start"] + last,
                    said[place],
                    said[place - 1] if place else None,
                    said[place + 1] if place + 1 < len(said) else None,
                    turn["language"],
                    turn["date"],
                )
            )
    placed = ("document_id", "raw_sha256", "speaker")
    schema = {**dict.fromkeys(placed, pl.String), "start": pl.Int64, "end": pl.Int64, **finding.ASKED}
    sentences = pl.DataFrame(asked, schema=schema, orient="row")
    rows = [{**row, "method_version": version} for row in storing.rows(finder.found(sentences), sentences)]
    return pl.DataFrame(rows, schema=contract.schema)
