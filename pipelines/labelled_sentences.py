"""Sentences labelled beside the labelled sets: a seed holds their labels, the texts at hand hold their words."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import polars as pl

from pipelines import contract_files, feeds
from pipelines.coding_lines import ASKED
from pipelines.contracts import Contract
from pipelines.documents import reader
from pipelines.errors import Refused
from pipelines.project import ROOT
from pipelines.rhetoric.coding import Coder
from pipelines.rhetoric.speakers import Speakers
from pipelines.rhetoric.statements import Held, Method, asked_of
from pipelines.seeds import Seeds
from pipelines.texts import Document

FOUND = 0.98  # share of the labelled sentences that the texts must hold


@dataclass(frozen=True)
class Labelled:
    """Sentences with their labels.

    Attributes:
        asked: What the method is asked of each, in the columns of `ASKED`.
        labels: The labels in the same order, with `id`, `feed`, `doc`, `lang` and `date`.
    """

    asked: pl.DataFrame
    labels: list[dict[str, Any]]


NONE = Labelled(pl.DataFrame(schema=ASKED), [])


def documents(folder: Path) -> Iterator[tuple[Contract, Document]]:
    """Yield every document of the feeds below a folder, feed by feed; what cannot be read is left out."""
    for feed in contract_files.load(ROOT).values():
        if feed.feed is None:
            continue
        for member in feeds.members(feed, [folder / "corpora", folder])[0]:
            with contextlib.suppress(Refused):
                for document in reader(feed.stem).read(member):
                    yield feed, document


def labelled_sentences(folder: Path, coder: Coder, labels: pl.DataFrame) -> Labelled:
    """The labelled sentences that the texts below a folder hold, each once.

    Args:
        folder: Folder above `corpora`.
        coder: The method, which says what is a sentence.
        labels: Rows of seeds/labelled_sentences.csv.

    Raises:
        Refused: The texts lack more of them than a change of how sentences are cut explains.
    """
    seeds = Seeds(ROOT, contract_files.load(ROOT))
    found = [NONE.asked.with_columns(pl.lit("").alias(name) for name in ("statement_id", "document_id", "feed"))]
    for feed, some in groupby(documents(folder), key=lambda one: one[0]):
        speakers = Speakers(feed.stem, feed.feed, seeds["voices"], seeds["actors"])
        method = Method(feed.stem, feed.feed.office, feed.feed.measured, speakers, coder, version="")
        held = (Held(document, raw_file="", raw_sha256="") for _, document in some)
        for asked in asked_of(held, method):
            sentences = asked.join(labels, on="statement_id", how="semi")
            found.append(sentences.with_columns(pl.lit(feed.stem).alias("feed")).select(found[0].columns))
    sentences = pl.concat(found).unique("statement_id", keep="first", maintain_order=True).join(labels, "statement_id")
    if sentences.height < FOUND * labels.height:
        raise Refused(
            f"{folder} holds {sentences.height:,} of the {labels.height:,} sentences of seeds/labelled_sentences.csv; "
            "name the folder above corpora that holds every archive, or label anew what a new way of reading lost"
        )
    told = sentences.select(
        pl.col("statement_id").alias("id"), "feed", pl.col("document_id").alias("doc"),
        pl.col("language").alias("lang"), pl.col("date").cast(pl.String),
        "bilateral", "direction", "hostility", "cooperation", pl.col("themes").fill_null([]),
    )  # fmt: skip
    return Labelled(sentences.select(list(ASKED)), told.to_dicts())
