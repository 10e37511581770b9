"""Every coded sentence of the documents as read, in the version chosen for its feed."""

from __future__ import annotations

import polars as pl

from pipelines.documents import readings
from pipelines.warehouse import Work


def make(work: Work) -> pl.DataFrame:
    """One row per bilateral sentence of every reading, of all feeds."""
    feeds = [contract for contract in work.declared.values() if contract.feed is not None]
    return readings.held(work, feeds, "codings")
