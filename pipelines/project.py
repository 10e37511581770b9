"""Where things are: the clone's root, the warehouse, the documents and the archive."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import EntenteError

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Project:
    """The folders of one installation.

    Attributes:
        root: The clone: `pipelines/`, `sql/`, `seeds/`.
        warehouse: Everything made at run time.
        documents: Folder of document archives, one folder a feed.
        archive: Publishers' files and corpora for development and tests, or None.
        history: The bundled history an empty warehouse starts from.
    """

    root: Path
    warehouse: Path
    documents: Path
    archive: Path | None
    history: Path

    @classmethod
    def from_environment(cls) -> Project:
        """The project of this clone, with `ENTENTE_WAREHOUSE`, `ENTENTE_DOCUMENTS` and `ENTENTE_ARCHIVE` applied."""
        warehouse = Path(os.environ.get("ENTENTE_WAREHOUSE") or ROOT / "warehouse").resolve()
        documents = Path(os.environ.get("ENTENTE_DOCUMENTS") or warehouse / "inbox" / "documents").resolve()
        if warehouse.exists() and not warehouse.is_dir():
            raise EntenteError(f"ENTENTE_WAREHOUSE names {warehouse}, which is not a folder; name one or unset it")
        named = os.environ.get("ENTENTE_ARCHIVE")
        archive = Path(named).resolve() if named else None
        if archive is not None and not archive.is_dir():
            raise EntenteError(f"ENTENTE_ARCHIVE names {archive}, which is not a folder; unset it or name the archive")
        return cls(ROOT, warehouse, documents, archive, ROOT / "seeds" / "history")

    @property
    def work(self) -> Path:
        """The working database, a cache that only a refresh opens."""
        return self.warehouse / "work.duckdb"

    @property
    def published(self) -> Path:
        """The database that readers open."""
        return self.warehouse / "published.duckdb"

    @property
    def cache(self) -> Path:
        """Drawings kept between publications; it may be deleted at any time."""
        return self.warehouse / "cache"

    @property
    def inbox(self) -> Path:
        """The folder for publisher files dropped by hand, one folder a dataset."""
        return self.warehouse / "inbox"
