"""The live look against publishers played on this machine: their pages as they lay them out, and their bad days."""

from __future__ import annotations

import importlib
import json
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from pipelines import http, live, snapshots
from pipelines.contract_files import read_contract
from pipelines.contracts import Contract
from pipelines.errors import Refused
from pipelines.http import Http, NoAnswer
from pipelines.live import NoAddress
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


# Finding --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dataset", "files", "newest"),
    [
        ("cbp_drug_seizures", ["nationwide-drugs-fy22-fy25.csv", "nationwide-drugs-fy23-fy26-aug.csv"], 1),
        ("cbp_air_marine_seizures", ["amo-drug-seizures-fy23-fy26-dec.csv", "amo-drug-seizures-fy22-fy25.csv"], 0),
        ("cbp_encounters", ["sbo-encounters-fy23-fy26-jan.csv", "sbo-encounters-fy23-fy26-dec.csv"], 0),
        ("cbp_encounters", ["sbo-encounters-fy23-fy26.csv", "sbo-encounters-fy23-fy26-sep.csv"], 0),
        (
            "cbp_encounters_by_state",
            ["nationwide-encounters-fy23-fy26-jul-aor.csv", "nationwide-encounters-fy23-fy26-jul-state_0.csv"],
            1,
        ),
    ],
)
def test_the_newest_file_linked_on_the_listing_page_is_kept(
    publisher: Publisher, dataset: str, files: list[str], newest: int
) -> None:
    paths = [f"/sites/default/files/2026-09/{file}" for file in files]
    page = "/" + publisher.contract(dataset).source.url.split("/", 3)[3]
    publisher.gives(page, cbp_page(*paths), content_type="text/html; charset=UTF-8")
    publisher.gives(paths[newest], CSV, content_type="text/csv")
    raw = publisher.look(dataset)
    assert raw is not None
    assert raw.path.name == paths[newest].rpartition("/")[2]
    assert raw.path.read_bytes() == CSV.encode()
    # A run may last over midnight.
    assert datetime.now(UTC).date() - raw.vintage <= timedelta(days=1)
    assert raw.vintage_basis == "seen"
    assert raw.url == publisher.server.url_for(paths[newest])
    assert list(snapshots.kept(publisher.project, dataset)) == [raw]
    assert publisher.asked == ["/robots.txt", page, paths[newest]]


def test_a_socrata_table_is_dated_by_its_metadata(publisher: Publisher) -> None:
    publisher.gives("/api/views/xkb8-kh2a.json", json.dumps({"id": "xkb8-kh2a", "rowsUpdatedAt": 1752674192}))
    publisher.gives("/api/views/xkb8-kh2a/rows.csv", "State,Year\nUS,2025\n", content_type="text/csv; charset=utf-8")
    raw = publisher.look("cdc_overdose_deaths")
    assert raw is not None
    assert raw.path.name == "VSRR-Provisional-Drug-Overdose-Death-Counts.csv"
    assert (raw.vintage, raw.vintage_basis) == (date(2025, 7, 16), "publisher")
    assert raw.url.endswith("/api/views/xkb8-kh2a/rows.csv?accessType=DOWNLOAD")


@pytest.mark.parametrize(
    "metadata", ["<html></html>", "{}", "[]", '{"rowsUpdatedAt": "July"}', '{"rowsUpdatedAt": 1752674192000}']
)
def test_a_socrata_table_without_a_date_is_refused(publisher: Publisher, metadata: str) -> None:
    publisher.gives("/api/views/xkb8-kh2a.json", metadata)
    assert "xkb8-kh2a.json: no rowsUpdatedAt that is a time" in refusal(publisher, "cdc_overdose_deaths")


def test_a_date_in_the_future_is_refused(publisher: Publisher) -> None:
    publisher.gives("/api/views/xkb8-kh2a.json", json.dumps({"rowsUpdatedAt": 4102444800}))
    assert "published 2100-01-01 lies in the future" in refusal(publisher, "cdc_overdose_deaths")


def test_the_trade_workbook_is_told_from_the_adjusted_one(publisher: Publisher) -> None:
    page = (
        '<html><body><ul><li><a href="ctyseasonal.xlsx">Seasonally adjusted</a></li>'
        '<li><a href="../../balance/country.xlsx">All countries</a></li></ul></body></html>'
    )
    publisher.gives("/foreign-trade/statistics/country/index.html", page, content_type="text/html")
    publisher.gives("/foreign-trade/balance/country.xlsx", b"PK\x03\x04workbook")
    raw = publisher.look("us_mexico_trade")
    assert raw is not None and raw.path.name == "country.xlsx"


def test_a_page_without_the_link_is_refused(publisher: Publisher) -> None:
    publisher.gives(DRUG_PAGE, cbp_page("/sites/default/files/2026-09/sbo-encounters-fy23-fy26-aug.csv"))
    assert f"{DRUG_PAGE}: no link to nationwide-drugs-{{span}}.csv; put" in refusal(publisher)


def test_a_challenge_page_in_place_of_the_listing_is_named(publisher: Publisher) -> None:
    publisher.gives(DRUG_PAGE, CHALLENGE, content_type="text/html")
    assert "it is a challenge page" in refusal(publisher)


def test_two_files_that_are_equally_new_are_refused(publisher: Publisher) -> None:
    publisher.gives(DRUG_PAGE, cbp_page(DRUG_FILE, DRUG_FILE.replace(".csv", "_0.csv")))
    line = refusal(publisher)
    assert "fy26-aug.csv and " in line and "fy26-aug_0.csv are equally new" in line


def test_a_source_without_an_address_says_where_to_put_files(publisher: Publisher) -> None:
    for dataset in ("cdc_wonder_deaths", "mx_federal_crime", "usbp_encounters"):
        with pytest.raises(NoAddress, match=f"^{dataset}: no address to ask; put files into inbox/{dataset}/$"):
            publisher.look(dataset)
    assert publisher.asked == []


# Keeping --------------------------------------------------------------------------------------------------------------


def conditional(tag: str, body: str) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        if request.headers.get("If-None-Match") == tag:
            return Response(status=304)
        return Response(body, headers={"ETag": tag}, content_type="text/csv")

    return answer


def test_an_unchanged_file_is_not_sent_again(publisher: Publisher) -> None:
    publisher.gives(DRUG_PAGE, PAGE)
    publisher.answers(DRUG_FILE, conditional('"a1"', CSV))
    first = publisher.look()
    assert first is not None
    assert publisher.look() is None
    answers = [response.status_code for request, response in publisher.server.log if request.path == DRUG_FILE]
    assert answers == [200, 304]
    assert live.offered(publisher.project, "cbp_drug_seizures") == {first.sha256: first}


def test_a_file_no_longer_held_is_sent_again(publisher: Publisher) -> None:
    publisher.gives(DRUG_PAGE, PAGE)
    publisher.answers(DRUG_FILE, conditional('"a1"', CSV))
    first = publisher.look()
    assert first is not None
    first.path.with_name(first.path.name + snapshots.RECEIPT).unlink()
    assert live.offered(publisher.project, "cbp_drug_seizures") == {}
    again = publisher.look()
    assert again is not None and again.sha256 == first.sha256


def test_known_bytes_under_a_new_tag_are_nothing_new(publisher: Publisher) -> None:
    publisher.gives(DRUG_PAGE, PAGE)
    tags = iter(('"a"', '"b"'))
    publisher.answers(DRUG_FILE, lambda _request: Response(CSV, headers={"ETag": next(tags)}, content_type="text/csv"))
    assert publisher.look() is not None
    assert publisher.look() is None
    assert len(publisher.raw) == 2


def test_other_bytes_under_the_same_name_are_kept_beside_the_first(publisher: Publisher) -> None:
    publisher.gives(DRUG_PAGE, PAGE)
    bodies = iter((CSV, CSV + "2026 (FYTD),JUL,U.S. Border Patrol\r\n"))
    publisher.answers(DRUG_FILE, lambda _request: Response(next(bodies), content_type="text/csv"))
    first, second = publisher.look(), publisher.look()
    assert first is not None and second is not None
    assert first.path != second.path and first.path.read_bytes() == CSV.encode()
    assert live.offered(publisher.project, "cbp_drug_seizures") == {second.sha256: second}


def test_every_dataset_is_asked_although_one_refuses(publisher: Publisher) -> None:
    publisher.gives(DRUG_PAGE, DENIED, status=403)
    page = "/document/stats/southwest-land-border-encounters"
    publisher.gives(page, cbp_page("/sites/default/files/2026-02/sbo-encounters-fy23-fy26-jan.csv"))
    publisher.gives("/sites/default/files/2026-02/sbo-encounters-fy23-fy26-jan.csv", CSV, content_type="text/csv")
    datasets = ("mx_federal_crime", "cbp_drug_seizures", "cbp_encounters")
    notes, refused = live.ask(publisher.project, map(publisher.contract, datasets), publisher.http)
    assert [line.split(":")[0] for line in refused] == ["cbp_drug_seizures"]
    assert notes[0].startswith("mx_federal_crime: no address to ask")
    assert re.match(r"cbp_encounters: sbo-encounters-fy23-fy26-jan\.csv of \d{4}-\d\d-\d\d, from http", notes[1])


# Bad days -------------------------------------------------------------------------------------------------------------


def test_a_publisher_that_refuses_this_client_is_named(publisher: Publisher) -> None:
    publisher.gives(DRUG_PAGE, DENIED, status=403, content_type="text/html")
    assert f"{DRUG_PAGE}: answered 403, it refuses this client; put" in refusal(publisher)


def test_a_link_that_leads_nowhere_is_refused(publisher: Publisher) -> None:
    publisher.gives(DRUG_PAGE, PAGE)
    publisher.gives(DRUG_FILE, "gone", status=404)
    assert f"{DRUG_FILE}: answered 404, it is not there" in refusal(publisher)


@pytest.mark.parametrize(
    ("body", "content_type", "words"),
    [
        (CHALLENGE, "text/html; charset=utf-8", "it gives a web page, not a file"),
        (CHALLENGE, "text/csv", "this is a challenge page, not data"),
        (DENIED, "application/octet-stream", "this is a web page, not data"),
        ("", "text/csv", "the file is empty"),
    ],
)
def test_what_is_not_data_never_enters_raw(publisher: Publisher, body: str, content_type: str, words: str) -> None:
    publisher.gives(DRUG_PAGE, PAGE)
    publisher.gives(DRUG_FILE, body, content_type=content_type)
    assert f"{DRUG_FILE}: {words}" in refusal(publisher)


def test_a_bad_day_leaves_the_last_good_file_on_offer(publisher: Publisher) -> None:
    publisher.gives(DRUG_PAGE, PAGE)
    bodies = iter((CSV, CHALLENGE))
    publisher.answers(DRUG_FILE, lambda _request: Response(next(bodies), content_type="text/csv"))
    first = publisher.look()
    assert first is not None
    refusal(publisher)
    assert live.offered(publisher.project, "cbp_drug_seizures") == {first.sha256: first}


def test_the_client_waits_as_long_as_it_is_told_to(publisher: Publisher) -> None:
    publisher.gives("/robots.txt", "", status=404)
    publisher.gives(DRUG_PAGE, PAGE)
    answers = iter((429, 503, 200))

    def busy(_request: Request) -> Response:
        status = next(answers)
        return Response(CSV, status, {"Retry-After": "7"} if status == 429 else {}, content_type="text/csv")

    publisher.answers(DRUG_FILE, busy)
    assert publisher.look() is not None
    assert publisher.clock.waits == [1.0, 1.0, 7.0, 4.0]


def test_a_publisher_that_asks_to_wait_for_hours_is_asked_another_day(publisher: Publisher) -> None:
    publisher.gives(DRUG_PAGE, "", status=429, headers={"Retry-After": "7200"})
    assert "it asks to wait 7,200 s; look again later" in refusal(publisher)


def test_a_publisher_that_stays_busy_is_refused(publisher: Publisher) -> None:
    publisher.gives(DRUG_PAGE, "", status=503)
    assert "answered 503" in refusal(publisher)
    assert publisher.asked.count(DRUG_PAGE) == 1 + http.RETRIES


def test_no_connection_is_said_in_words(publisher: Publisher) -> None:
    publisher.gives(DRUG_PAGE, PAGE.replace(DRUG_FILE, "http://localhost:1/nationwide-drugs-fy23-fy26-aug.csv"))
    publisher.http = Http(local={publisher.host, "localhost:1"}, sleep=publisher.clock.sleep)
    assert "Connection refused" in refusal(publisher)


def test_a_publisher_that_does_not_answer_in_time_is_refused(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "TIMEOUT", (1, 0.05))
    with socket.create_server(("127.0.0.1", 0)) as mute:
        host = f"127.0.0.1:{mute.getsockname()[1]}"
        publisher.http = Http(local={host, publisher.host}, sleep=publisher.clock.sleep)
        publisher.gives(DRUG_PAGE, PAGE.replace(DRUG_FILE, f"http://{host}{DRUG_FILE}"))
        assert "timed out" in refusal(publisher)


def test_a_file_that_breaks_off_is_refused(publisher: Publisher) -> None:
    publisher.gives(DRUG_PAGE, PAGE)
    lengthy = {"Content-Length": "5000"}
    publisher.answers(DRUG_FILE, lambda _request: Response(iter([CSV]), headers=lengthy, content_type="text/csv"))
    assert "it broke off" in refusal(publisher)


def test_a_file_larger_than_any_release_is_refused(publisher: Publisher) -> None:
    publisher.gives(DRUG_PAGE, PAGE)
    publisher.gives(DRUG_FILE, CSV * 3000, content_type="text/csv")
    assert "it is larger than 100,000 bytes" in refusal(publisher)


# Manners --------------------------------------------------------------------------------------------------------------


def test_the_client_says_who_it_is(publisher: Publisher) -> None:
    publisher.gives(DRUG_PAGE, PAGE)
    publisher.http.page(publisher.server.url_for(DRUG_PAGE))
    agents = {request.headers["User-Agent"] for request, _ in publisher.server.log}
    assert agents == {f"entente/{version('entente')} (open-source research pipeline)"}


def test_a_host_is_asked_at_most_once_a_second(publisher: Publisher) -> None:
    publisher.gives("/a", "a")
    url = publisher.server.url_for("/a")
    publisher.http.page(url)
    publisher.clock.now += 0.25
    publisher.http.page(url)
    publisher.clock.now += 5
    publisher.http.page(url)
    assert publisher.clock.waits == [1.0, 0.75]


def test_a_longer_pause_that_robots_txt_asks_for_is_kept(publisher: Publisher) -> None:
    publisher.gives("/robots.txt", "User-agent: *\nCrawl-delay: 10\n")
    publisher.gives("/a", "a")
    for _ in range(2):
        publisher.http.page(publisher.server.url_for("/a"))
    assert publisher.clock.waits == [1.0, 10.0]


def test_what_robots_txt_forbids_is_not_asked_for(publisher: Publisher) -> None:
    legacy = "/sites/default/files/assets/documents/2026-Sep/nationwide-drugs-fy23-fy26-aug.csv"
    publisher.gives("/robots.txt", "User-agent: *\nDisallow:  /sites/default/files/assets/documents/\n")
    publisher.gives(DRUG_PAGE, cbp_page(legacy))
    assert f"{legacy}: robots.txt asks programs to stay away" in refusal(publisher)
    assert publisher.asked == ["/robots.txt", DRUG_PAGE]


@pytest.mark.parametrize("status", [429, 500])
def test_a_site_whose_robots_txt_is_out_of_order_is_left_alone(publisher: Publisher, status: int) -> None:
    publisher.gives("/robots.txt", "", status=status)
    assert f"/robots.txt: answered {status}" in refusal(publisher)
    assert set(publisher.asked) == {"/robots.txt"}


def redirect(to: str) -> Callable[[Request], Response]:
    return lambda _request: Response(status=302, headers={"Location": to})


def test_a_redirect_within_the_web_is_followed(publisher: Publisher) -> None:
    publisher.answers("/old", redirect("/new"))
    publisher.gives("/new", "here")
    assert publisher.http.page(publisher.server.url_for("/old")) == (publisher.server.url_for("/new"), "here")


def test_a_redirect_into_this_machine_is_refused(publisher: Publisher) -> None:
    secret = publisher.server.url_for("/secret").replace("localhost", "127.0.0.1")
    publisher.gives(DRUG_PAGE, PAGE)
    publisher.answers(DRUG_FILE, redirect(secret))
    publisher.gives("/secret", CSV)
    assert "/secret: 127.0.0.1 lies inside this network" in refusal(publisher)
    assert "/secret" not in publisher.asked


@pytest.mark.parametrize(
    "address", ["http://10.0.0.1/", "http://169.254.169.254/latest/", "http://[::1]/", "http://[::ffff:127.0.0.1]/",
                "http://2130706433/", "http://100.64.0.1/", "http://224.0.0.1/"],
)  # fmt: skip
def test_an_address_inside_this_network_is_refused(publisher: Publisher, address: str) -> None:
    with pytest.raises(NoAnswer, match="lies inside this network"):
        publisher.http.page(address)


@pytest.mark.parametrize("address", ["file:" + "///etc/hostname", "ftp://example.org/a.csv", "http:///a", "//[", ""])
def test_what_is_no_web_address_is_refused(publisher: Publisher, address: str) -> None:
    publisher.answers("/onward", redirect(address))
    with pytest.raises(NoAnswer):
        publisher.http.page(publisher.server.url_for("/onward"))


def test_a_circle_of_redirects_ends(publisher: Publisher) -> None:
    publisher.answers("/a", redirect("/a"))
    with pytest.raises(NoAnswer, match="redirected more than 5 times"):
        publisher.http.page(publisher.server.url_for("/a"))
