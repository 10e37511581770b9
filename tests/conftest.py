"""What several tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def archive() -> Path:
    """The folder with the publishers' files; tests that need it are skipped where none is named."""
    named = os.environ.get("ENTENTE_ARCHIVE")
    if not named:
        pytest.skip("ENTENTE_ARCHIVE is not set: it names the folder with the publishers' files under data/")
    return Path(named)
