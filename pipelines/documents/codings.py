"""Every coded sentence of the documents as read, in the version chosen for its feed."""

from __future__ import annotations

import polars as pl

from pipelines.documents import readings
from pipelines.warehouse import Work

CODE = ("documents/readings",)


def make(work: Work) -> pl.DataFrame:
    """One row per bilateral sentence of every reading, of all feeds."""
    feeds = [contract for contract in work.declared.values() if contract.feed is not None]
    frames = [readings.read(work, feed, "codings") for feed in feeds]
    return pl.concat([pl.DataFrame(schema=work.declared["documents.codings"].schema), *frames])
