"""What several tests share: the archive, a clone driven by its command line, and no way out to the network."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from pipelines.project import ROOT
from tests import publishers

_connect = socket.socket.connect


def _only_loopback(self: socket.socket, address: Any) -> None:
    if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(
        ("127.", "::1", "localhost")
    ):
        raise AssertionError(f"a test reached for the network: {address}")
    _connect(self, address)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that refresh a warehouse most often come first, so that at the end no worker waits for the other."""
    refreshes = Counter(item.path for item in items if "copy" in getattr(item, "fixturenames", ()))
    items.sort(key=lambda item: -refreshes[item.path])


@pytest.fixture(autouse=True)
def _offline(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "live" not in request.keywords:
        monkeypatch.setattr(socket.socket, "connect", _only_loopback)


@pytest.fixture(scope="session")
def archive() -> Path:
    """The folder with the publishers' files; tests that need it are skipped where none is named."""
    named = os.environ.get("ENTENTE_ARCHIVE")
    if not named:
        pytest.skip("ENTENTE_ARCHIVE is not set: it names the folder with the publishers' files under data/")
    return Path(named)


PROGRAM = """
import atexit, pathlib, resource
peak = pathlib.Path({peak!r})
atexit.register(lambda: peak.write_text(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)))
from pipelines.cli import main
main()
"""


class Clone:
    """A clone with a warehouse of its own, driven by the command line."""

    def __init__(self, warehouse: Path, root: Path = ROOT, archive: Path | None = None) -> None:
        self.warehouse, self.root, self.archive = warehouse, root, archive
        self.refresh_peak_kb = 0

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One `entente` command."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("ENTENTE_", "DAGSTER_"))}
        # Nothing listens there: a command that reached for the network would fail.
        no_way_out = {"HTTP_PROXY": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9"}
        env = {**kept, **no_way_out, "ENTENTE_WAREHOUSE": str(self.warehouse), "PYTHONPATH": str(self.root)}
        if self.archive is not None:
            env["ENTENTE_ARCHIVE"] = str(self.archive)
        command = [sys.executable, "-c", PROGRAM.format(peak=str(self.peak)), *arguments]
        return subprocess.run(command, cwd=self.root, env=env, capture_output=True, text=True, check=False)

    @property
    def peak(self) -> Path:
        """Where the last command left the most memory it held at once, in kB."""
        return self.warehouse.with_name(f"{self.warehouse.name}.peak")

    @property
    def published(self) -> Path:
        """The database that readers open."""
        return self.warehouse / "published.duckdb"

    def ask(self, sql: str) -> list[tuple]:
        """Rows of a query on the published database."""
        return publishers.held(self.published, sql)

    def drop(self, dataset: str, name: str, content: bytes, receipt: str | None = None) -> Path:
        """Put a publisher's file into the inbox."""
        folder = self.warehouse / "inbox" / dataset
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / name
        path.write_bytes(content)
        if receipt:
            path.with_name(name + ".receipt.json").write_text(receipt, encoding="utf-8")
        return path


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    """A clone after its first refresh from the bundle, one for all who test side by side; leave it as it is."""
    mine = tmp_path_factory.getbasetemp()
    shared = mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine
    clone = Clone(shared / "fresh" / "warehouse")
    said, peak = shared / "fresh.txt", shared / "fresh.peak"
    with FileLock(shared / "fresh.lock"):
        if not said.is_file():
            clone.warehouse.parent.mkdir()
            done = clone("refresh")
            said.write_text(f"{done.returncode}\n{done.stdout}{done.stderr}", encoding="utf-8")
            peak.write_text(clone.peak.read_text())
    ended = said.read_text(encoding="utf-8")
    assert ended.startswith("0\n"), ended
    assert "publication made" in ended
    clone.refresh_peak_kb = int(peak.read_text())
    return clone


@pytest.fixture
def copy(fresh: Clone, tmp_path: Path) -> Clone:
    """A copy of the fresh clone's warehouse, to be changed.

    What is published is never written to again, so it is linked and not copied.
    """

    def take(source: str, target: str) -> str:
        is_published = "publications" in Path(source).parts or source == str(fresh.published)
        os.link(source, target) if is_published else shutil.copy2(source, target)
        return target

    shutil.copytree(fresh.warehouse, tmp_path / "warehouse", symlinks=True, copy_function=take)
    return Clone(tmp_path / "warehouse")


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """A copy of the code, SQL and seeds, to be changed."""
    root = tmp_path / "clone"
    for name in ("pipelines", "sql", "seeds"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "CITATION.cff", root)
    return root
