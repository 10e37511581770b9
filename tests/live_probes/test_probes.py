"""One question to each publisher over the network: does it still offer a file where its page says so?

Run by hand with `pytest -m live tests/live_probes`. A probe asks for what comes before the file and never for the file.
"""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from pipelines import live
from pipelines.contract_files import read_contract
from pipelines.project import ROOT

PAIRS = sorted((ROOT / "pipelines" / "sources").glob("*.yml"))
ASKED = [path for path in PAIRS if hasattr(importlib.import_module(f"pipelines.sources.{path.stem}"), "find")]


@pytest.mark.live
@pytest.mark.parametrize("path", ASKED, ids=lambda path: path.stem)
def test_the_publisher_still_offers_a_file(path: Path) -> None:
    contract = read_contract(path, "sources")
    found = importlib.import_module(f"pipelines.sources.{contract.stem}").find(live.client(), contract.source.url)
    assert found.url.startswith("https://") and found.name
