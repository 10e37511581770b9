"""Publishers played on this machine: their pages as they lay them out, a clock that nobody waits for, a warehouse."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from pipelines import live
from pipelines.contract_files import read_contract
from pipelines.contracts import Contract
from pipelines.errors import Refused
from pipelines.http import Http
from pipelines.project import ROOT, Project
from pipelines.publishers import Source
from pipelines.reading import Raw

CSV = "FY,Month (abbv),Component\r\n2026 (FYTD),AUG,U.S. Border Patrol\r\n"
DRUG_PAGE = "/document/stats/nationwide-drug-seizures"
DRUG_FILE = "/sites/default/files/2026-09/nationwide-drugs-fy23-fy26-aug.csv"
CHALLENGE = '<!DOCTYPE html>\n<html><head><title>Challenge Validation</title><script src="/_x"></script></head></html>'
DENIED = "<HTML><HEAD>\n<TITLE>Access Denied</TITLE>\n</HEAD><BODY>\nReference #18\n</BODY></HTML>"


def cbp_page(*paths: str) -> str:
    """A page of the CBP Public Data Portal with its files."""
    items = "\n".join(
        f'<div class="field__item"><span class="file file--mime-text-csv file--x-office-spreadsheet">'
        f'<a href="{path}" type="text/csv" title="{path.rpartition("/")[2]}">Data &amp; files</a></span></div>'
        for path in paths
    )
    return (
        '<!DOCTYPE html>\n<html lang="en" dir="ltr"><head><title>Data Portal</title></head><body>'
        '<a href="#main-content">Skip to main content</a><a href="https://[broken/">Social</a><a name="top"></a>'
        '<a href="/sites/default/files/2026-09/nationwide-drugs-data-dictionary.pdf">Data dictionary</a>'
        f"{items}</body></html>"
    )


PAGE = cbp_page(
    "/sites/default/files/assets/documents/2022-Nov/nationwide-drugs-fy19-fy22.csv",
    "/sites/default/files/2025-11/nationwide-drugs-fy22-fy25.csv",
    DRUG_FILE,
    DRUG_FILE,
)


@dataclass
class Clock:
    """Time that passes only when somebody waits."""

    now: float = 1000.0
    waits: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(round(seconds, 3))
        self.now += seconds


@dataclass
class Publisher:
    """A publisher on this machine, the client that asks it and the warehouse that keeps what it gives."""

    server: HTTPServer
    project: Project
    clock: Clock
    http: Http

    def contract(self, dataset: str) -> Contract:
        """The dataset's contract with its page on this machine."""
        contract = read_contract(ROOT / "pipelines" / "sources" / f"{dataset}.yml", "sources")
        path = contract.source.url.split("/", 3)[3]
        source = Source(**{**contract.source.model_dump(), "url": self.server.url_for(f"/{path}")})
        return contract.model_copy(update={"source": source})

    def look(self, dataset: str = "cbp_drug_seizures") -> Raw | None:
        return live.look(self.project, self.contract(dataset), source(dataset), self.http)

    def gives(self, path: str, body: str | bytes, **options: object) -> None:
        self.server.expect_request(path).respond_with_data(body, **options)

    def answers(self, path: str, handler: Callable[[Request], Response]) -> None:
        self.server.expect_request(path).respond_with_handler(handler)

    @property
    def host(self) -> str:
        return f"{self.server.host}:{self.server.port}"

    @property
    def asked(self) -> list[str]:
        """Paths asked for so far, in order."""
        return [request.path for request, _ in self.server.log]

    @property
    def raw(self) -> list[str]:
        """Files in raw, however they are named, without what the client remembers."""
        found = (self.project.warehouse / "raw").rglob("*")
        return sorted(path.name for path in found if path.is_file() and path.name != live.MEMORY)


def source(dataset: str) -> ModuleType:
    return importlib.import_module(f"pipelines.sources.{dataset}")


def listing_of(dataset: str) -> str:
    """The path of the page that lists the dataset's files."""
    contract = read_contract(ROOT / "pipelines" / "sources" / f"{dataset}.yml", "sources")
    return "/" + contract.source.url.split("/", 3)[3]


@pytest.fixture
def publisher(httpserver: HTTPServer, tmp_path: Path) -> Publisher:
    httpserver.no_handler_status_code = 404
    project = Project(ROOT, tmp_path, tmp_path / "inbox" / "documents", None, tmp_path / "history")
    clock = Clock()
    http = Http(local={f"{httpserver.host}:{httpserver.port}"}, clock=clock, sleep=clock.sleep, file_bytes=100_000)
    return Publisher(httpserver, project, clock, http)


def refusal(publisher: Publisher, dataset: str = "cbp_drug_seizures") -> str:
    """The line of the refusal, once nothing of it is in raw."""
    before = publisher.raw
    with pytest.raises(Refused) as caught:
        publisher.look(dataset)
    line = str(caught.value)
    assert line.startswith(f"{dataset}: http") and line.endswith(f"put the file into inbox/{dataset}/ by hand")
    assert publisher.raw == before
    assert "object at 0x" not in line
    return line
