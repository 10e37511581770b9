"""Dagster's UI as a person opens it: the graph reads like the flow, and the run of the first refresh is there."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from tests.browser.conftest import Watched
from tests.conftest import Clone


@pytest.fixture
def address(copy: Clone) -> Iterator[str]:
    """`entente ui` on a free port of 127.0.0.1; it is interrupted at the end as a person would."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ENTENTE_", "DAGSTER_"))}
    command = [str(Path(sys.executable).with_name("entente")), "ui", "--port", str(port)]
    log = copy.warehouse.with_suffix(".log").open("wb")
    served = subprocess.Popen(
        command, cwd=copy.root, env={**kept, "ENTENTE_WAREHOUSE": str(copy.warehouse)}, stdout=log, stderr=log
    )
    try:
        yield _when_up(f"http://127.0.0.1:{port}")
    finally:
        served.send_signal(signal.SIGINT)
        served.wait(60)
        log.close()


def _when_up(url: str) -> str:
    """The address, once a server answers there."""
    with requests.Session() as session:
        session.mount("http://", HTTPAdapter(max_retries=Retry(total=90, backoff_factor=1, backoff_max=2)))
        session.get(f"{url}/server_info", timeout=10).raise_for_status()
    return url


def test_the_graph_its_tables_and_a_run_are_visible_and_nothing_leaves_the_machine(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(viewport={"width": 1500, "height": 1000})
    watched = Watched(context)
    page = watched.page
    page.set_default_timeout(90_000)
    page.goto(f"{address}/asset-groups")
    for group in ("sources", "documents", "measures", "indicators", "publication"):
        page.get_by_text(group, exact=True).first.wait_for()
    page.goto(f"{address}/assets/measures/border_fentanyl_seizures")
    page.get_by_text("Fentanyl seized at the southwest border").first.wait_for()
    page.goto(f"{address}/runs")
    page.get_by_text("Success").first.wait_for()
    page.goto(f"{address}/automation")
    page.get_by_text("cbp_drug_seizures_refresh").first.wait_for()
    assert watched.outside(address, address.replace("http", "ws")) == []
    context.close()
