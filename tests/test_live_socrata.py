"""The CDC's portal, played on this machine: its metadata first, then the rows page by page, then the metadata again."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from werkzeug import Request, Response

from pipelines import live
from pipelines.project import ROOT
from pipelines.reading import Raw
from tests import served
from tests.served import Publisher, refusal, source
from tests.test_sources import SEEDS

publisher = served.publisher

VSRR = "cdc_overdose_deaths"
METADATA = "/api/views/xkb8-kh2a.json"
ROWS = "/resource/xkb8-kh2a.csv"
HEADER = '"state","year","footnote"\n'
LINES = ['"AK","2015","a\nb"\n', '"AK","2016",\n', '"AL","2015",\n', '"AL","2016",\n', '"AR","2015",\n']
UPDATED = 1752674192
DATED = date(2025, 7, 16)


class Portal:
    """The portal's table and when it says that its rows were updated; a page is as long as it is asked to be."""

    def __init__(self, publisher: Publisher, lines: list[str]) -> None:
        self.lines, self.updated, self.asked, self.tokens = lines, iter([UPDATED] * 9), [], []
        self.instead: list[Response] = []
        publisher.answers(METADATA, self.metadata)
        publisher.answers(ROWS, self.rows)

    def metadata(self, request: Request) -> Response:
        self.tokens.append(request.headers.get("X-App-Token"))
        return Response(json.dumps({"id": "xkb8-kh2a", "rowsUpdatedAt": next(self.updated)}))

    def rows(self, request: Request) -> Response:
        self.tokens.append(request.headers.get("X-App-Token"))
        self.asked.append({name: request.args[name] for name in ("$order", "$limit", "$offset")})
        if self.instead:
            return self.instead.pop(0)
        first, most = int(request.args["$offset"]), int(request.args["$limit"])
        return Response(HEADER + "".join(self.lines[first : first + most]), content_type="text/csv; charset=utf-8")


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source(VSRR), "PAGE_ROWS", 2)


@pytest.mark.parametrize("rows", [1, 2, 4, 5])
def test_a_table_comes_page_by_page_in_a_stable_order_under_one_header(publisher: Publisher, rows: int) -> None:
    portal = Portal(publisher, LINES[:rows])
    raw = publisher.look(VSRR)
    assert raw is not None
    assert raw.path.name == "VSRR-Provisional-Drug-Overdose-Death-Counts.csv"
    assert raw.path.read_text(encoding="utf-8") == HEADER + "".join(LINES[:rows])
    assert (raw.vintage, raw.vintage_basis) == (DATED, "publisher")
    pages = rows // 2 + 1
    assert portal.asked == [{"$order": ":id", "$limit": "2", "$offset": str(2 * page)} for page in range(pages)]
    assert publisher.asked == ["/robots.txt", METADATA, *[ROWS] * pages, METADATA]


def test_rows_that_were_not_updated_are_not_asked_for(publisher: Publisher) -> None:
    portal = Portal(publisher, LINES)
    raw = publisher.look(VSRR)
    before = len(publisher.asked)
    assert publisher.look(VSRR) is None
    assert publisher.asked[before:] == [METADATA]
    assert raw is not None and list(live.confirmed(publisher.project, VSRR)) == [raw.sha256]
    portal.updated, portal.lines = iter([UPDATED + 60] * 2), LINES[:4]
    again = publisher.look(VSRR)
    assert again is not None and again.sha256 != raw.sha256
    assert list(live.confirmed(publisher.project, VSRR)) == [raw.sha256, again.sha256]


def test_rows_that_are_no_longer_held_are_asked_for_again(publisher: Publisher) -> None:
    Portal(publisher, LINES)
    raw = publisher.look(VSRR)
    assert raw is not None
    raw.path.with_name(raw.path.name + ".receipt.json").unlink()
    assert publisher.look(VSRR) is not None


def test_rows_replaced_between_two_pages_are_refused(publisher: Publisher) -> None:
    Portal(publisher, LINES).updated = iter([UPDATED, UPDATED + 1])
    assert "its rows were replaced while they were read; look again later" in refusal(publisher, VSRR)


@pytest.mark.parametrize(
    "second",
    [
        '"state","year","note"\n"AR","2015",\n',
        HEADER + '"AR","20',
        HEADER + LINES[0] + LINES[1],
        '{"error": true}\n{}\n',
    ],
    ids=["other columns", "cut", "the first page again", "an error"],
)
def test_a_page_that_does_not_continue_the_one_before_is_refused(publisher: Publisher, second: str) -> None:
    pages = (HEADER + LINES[0] + LINES[1], second)
    Portal(publisher, LINES).instead = [Response(page, content_type="text/csv") for page in pages]
    assert "$offset=2: this page does not continue the one before, or is cut" in refusal(publisher, VSRR)


def test_pages_without_end_are_refused(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST_PAGES", 3)
    Portal(publisher, [f'"AK","{year}",\n' for year in range(2000, 2100)])
    assert "it does not end after 3 pages of 2 rows" in refusal(publisher, VSRR)


@pytest.mark.parametrize("token", ["", "t0ken"])
def test_the_portal_is_sent_a_token_where_the_environment_holds_one(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setenv("ENTENTE_SOCRATA_TOKEN", token)
    portal = Portal(publisher, LINES[:1])
    publisher.look(VSRR)
    assert portal.tokens == [token or None] * 3


@pytest.mark.parametrize(
    "metadata", ["<html></html>", "{}", "[]", '{"rowsUpdatedAt": "July"}', '{"rowsUpdatedAt": 1752674192000}']
)
def test_a_table_without_a_date_is_refused(publisher: Publisher, metadata: str) -> None:
    publisher.gives(METADATA, metadata)
    assert "xkb8-kh2a.json: no rowsUpdatedAt that is a time" in refusal(publisher, VSRR)


def test_a_date_in_the_future_is_refused(publisher: Publisher) -> None:
    publisher.gives(METADATA, json.dumps({"rowsUpdatedAt": 4102444800}))
    assert "published 2100-01-01 lies in the future" in refusal(publisher, VSRR)


def test_a_busy_portal_is_waited_for(publisher: Publisher) -> None:
    publisher.gives("/robots.txt", "", status=404)
    Portal(publisher, LINES[:1]).instead = [Response("", 429, {"Retry-After": "9"})]
    assert publisher.look(VSRR) is not None
    assert 9.0 in publisher.clock.waits


@pytest.mark.parametrize("case", ["through-2017-05", "through-2018-09-excel-export"])
def test_the_columns_of_the_portals_api_are_read_as_those_of_its_export(case: str, tmp_path: Path) -> None:
    (sample,) = (ROOT / "tests" / "sources" / VSRR / case).glob("VSRR*.csv")
    header, _, rows = sample.read_text(encoding="utf-8-sig").partition("\n")
    titles = [f'"{title.lower().replace(" ", "_")}"' for title in header.strip().split(",")]
    assert '"data_value"' in titles
    api = tmp_path / sample.name
    api.write_text(",".join(titles) + "\n" + rows, encoding="utf-8")

    def read(path: Path) -> pl.DataFrame:
        return source(VSRR).normalize(Raw(VSRR, path, DATED, "publisher", "", "", ""), SEEDS)

    assert_frame_equal(read(api), read(sample))
