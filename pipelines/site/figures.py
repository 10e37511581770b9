"""What the page shows, asked of the publication's own database."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

QUERIES = Path(__file__).parent / "queries"


def read(connection: duckdb.DuckDBPyConnection) -> dict[str, pl.DataFrame]:
    """The rows of each query of the folder, by its stem."""
    return {path.stem: connection.sql(path.read_text(encoding="utf-8")).pl() for path in sorted(QUERIES.glob("*.sql"))}
