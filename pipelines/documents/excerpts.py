"""The beginnings of the coded sentences whose texts were read here, for readers who look for the place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from pipelines.contracts import Contract
from pipelines.documents.readings import chosen_version
from pipelines.warehouse import Work

CODE = ("documents/readings",)
WORDS = 25
_PIECE = re.compile(r"[^\s…–—]+|[…–—]+")  # a dash by itself counts too, so that no way of counting finds more
_PLACE = ["document_id", "raw_sha256", "method_version"]


def make(work: Work) -> pl.DataFrame:
    """One row per bilateral sentence of the chosen versions whose turn is at hand, of the feeds that are measured.

    The others hold opinions and press of third parties, of which so many beginnings would be most of the text.
    """
    feeds = [contract for contract in work.declared.values() if contract.feed is not None and contract.feed.measured]
    frames = [frame for feed in feeds for frame in _of_feed(work, feed)]
    rows = pl.concat([pl.DataFrame(schema=work.declared["documents.excerpts"].schema), *frames])
    return rows.sort("statement_id").unique("statement_id", keep="first", maintain_order=True)


def _of_feed(work: Work, feed: Contract) -> Iterator[pl.DataFrame]:
    """The excerpts of each part read here: its turns and codings lie under one name."""
    version = chosen_version(work, feed)
    folder = work.project.warehouse / "documents" / feed.stem
    for turns in sorted((folder / "turns").glob("*.parquet")):
        codings = folder / "codings" / turns.name
        if codings.is_file():
            yield _of_part(codings, turns, version)


def _of_part(codings: Path, turns: Path, version: str) -> pl.DataFrame:
    coded = pl.read_parquet(codings, columns=["statement_id", *_PLACE, "start", "end"])
    coded = coded.filter(pl.col("method_version") == version).sort("start")
    said = pl.read_parquet(turns, columns=[*_PLACE, "start", "text"]).join(coded, on=_PLACE, how="semi")
    said = said.with_columns(pl.col("start").alias("begun")).sort("start")
    placed = coded.join_asof(said, on="start", by=_PLACE, check_sortedness=False).drop_nulls("text")
    sentence = pl.col("text").str.slice(pl.col("start") - pl.col("begun"), pl.col("end") - pl.col("start"))
    told = placed.select("statement_id", sentence.alias("sentence")).filter(pl.col("sentence") != "")
    return told.select("statement_id", pl.Series("excerpt", map(beginning, told["sentence"]), pl.String))


def beginning(sentence: str) -> str:
    """At most 25 words of a sentence with single spaces, and an ellipsis where that is not all of it."""
    whole = " ".join(sentence.split())
    pieces = list(_PIECE.finditer(whole))
    return whole if len(pieces) <= WORDS else f"{whole[: pieces[WORDS - 1].end()]}…"
