"""Every document as read: what was coded here and what the bundle brings, one version of the method a feed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from pipelines.contracts import Contract
from pipelines.rhetoric.version import feed_version
from pipelines.warehouse import Work


def make(work: Work) -> pl.DataFrame:
    """One row per document and file it was read from, of all feeds."""
    feeds = [contract for contract in work.declared.values() if contract.feed is not None]
    return held(work, feeds, "readings")


def held(work: Work, feeds: list[Contract], table: str) -> pl.DataFrame:
    """The rows of `readings` or `codings` of the feeds, each feed in its chosen version."""
    contract = work.declared[f"documents.{table}"]
    frames = [pl.DataFrame(schema=contract.schema)]
    for feed in feeds:
        version = chosen_version(work, feed)
        rows = pl.concat([frame.filter(pl.col("method_version") == version) for frame in _parts(work, feed, table)])
        keys = [name for name in contract.grain if name in rows.columns]
        frames.append(rows.unique(keys, keep="first", maintain_order=True).select(list(contract.columns)))
    return pl.concat(frames)


def chosen_version(work: Work, feed: Contract) -> str:
    """The version in which the most files of a feed are coded, today's where that is equal.

    Versions are never mixed within a feed: where the text of a bundled document is not at hand, a change of the method
    leaves the whole feed in the bundle's version.
    """
    current = feed_version(work.project.root, feed.stem)
    files = pl.concat([part.select("raw_sha256", "method_version") for part in _parts(work, feed, "readings")])
    counts = files.unique().group_by("method_version").len().iter_rows()
    return max(counts, key=lambda one: (one[1], one[0] == current, one[0]), default=(current, 0))[0]


def _parts(work: Work, feed: Contract, table: str) -> list[pl.DataFrame]:
    """The feed's Parquet: what was coded here, then the bundle."""
    here = sorted((work.project.warehouse / "documents" / feed.stem / table).glob("*.parquet"))
    bundled = work.project.history / "documents" / f"{feed.stem}.{table}.parquet"
    schema = work.declared[f"documents.{table}"].schema
    parts = [_read(path, schema, table, _day(path)) for path in here]
    if bundled.is_file():
        parts.append(_read(bundled, schema, table, date.min))
    dated = _dated(parts) if table == "readings" else parts
    return [pl.DataFrame(schema=schema), *(part.select(list(schema)) for part in dated)]


def _read(path: Path, schema: dict[str, pl.DataType], table: str, seen: date) -> pl.DataFrame:
    frame = pl.read_parquet(path).select(list(schema))
    return frame.with_columns(pl.lit(seen).alias("seen")) if table == "readings" else frame


def _day(path: Path) -> date:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date()


def _dated(parts: list[pl.DataFrame]) -> list[pl.DataFrame]:
    """The parts with `known_from`: a text that replaces an earlier one is known from the day it was first seen."""
    if not parts:
        return []
    first = pl.concat(parts).group_by("document_id", "raw_sha256").agg(pl.col("seen").min(), pl.col("known_from").min())
    known = first.select(
        "document_id",
        "raw_sha256",
        pl.when(pl.col("seen") == pl.col("seen").min().over("document_id"))
        .then("known_from")
        .otherwise(pl.max_horizontal("known_from", "seen"))
        .alias("known_from"),
    )
    return [
        part.drop("known_from", "seen").join(known, on=["document_id", "raw_sha256"], maintain_order="left")
        for part in parts
    ]
