"""The published database, opened for reading, with one readable line where it cannot be."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.errors import EntenteError
from pipelines.project import Project


def opened(project: Project) -> duckdb.DuckDBPyConnection:
    """The published database of a project.

    Raises:
        EntenteError: Nothing is published yet, or the file is no published database.
    """
    if not project.published.exists():
        raise EntenteError("nothing is published yet; run `entente refresh`")
    return opened_file(project.published, "move it away and run `entente refresh`")


def opened_file(path: Path, remedy: str) -> duckdb.DuckDBPyConnection:
    """A published database by its path, which may be of another warehouse.

    Raises:
        EntenteError: It is no published database; the line ends with the remedy.
    """
    try:
        connection = duckdb.connect(str(path), read_only=True)
        connection.execute("set enable_progress_bar = false")  # it would stand among the answers on stdout
        connection.execute("from meta.publication").fetchall()
    except duckdb.Error as error:
        raise EntenteError(f"{path.name}: no published database ({str(error).splitlines()[0]}); {remedy}") from None
    return connection
