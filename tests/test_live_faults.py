"""The live look on publishers' bad days: every refusal is one line, and nothing of it is kept."""

from __future__ import annotations

import gzip
import socket
import struct
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from werkzeug import Request, Response

from pipelines import http, live
from pipelines.http import Http
from tests import served
from tests.served import CHALLENGE, CSV, DENIED, DRUG_FILE, DRUG_PAGE, PAGE, Publisher, refusal

publisher = served.publisher


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


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_publisher_that_stumbles_once_is_asked_again(publisher: Publisher, status: int) -> None:
    publisher.gives(DRUG_PAGE, PAGE)
    statuses = iter((status, 200))
    publisher.answers(DRUG_FILE, lambda _request: Response(CSV, next(statuses), content_type="text/csv"))
    assert publisher.look() is not None
    assert publisher.asked.count(DRUG_FILE) == 2


def test_a_date_until_which_to_wait_is_kept(publisher: Publisher) -> None:
    publisher.gives("/robots.txt", "", status=404)
    publisher.gives(DRUG_PAGE, PAGE)
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    answers = iter((Response("", 429, {"Retry-After": until}), Response(CSV, content_type="text/csv")))
    publisher.answers(DRUG_FILE, lambda _request: next(answers))
    assert publisher.look() is not None
    assert 30 < max(publisher.clock.waits) <= 60


def test_a_wait_that_cannot_be_read_is_as_long_as_one_not_asked_for(publisher: Publisher) -> None:
    publisher.gives("/robots.txt", "", status=404)
    publisher.gives(DRUG_PAGE, "", status=429, headers={"Retry-After": "soon"})
    assert "answered 429" in refusal(publisher)
    assert publisher.clock.waits == [1.0, 1.0, 4.0, 8.0]


def test_a_file_that_trickles_in_is_given_up(publisher: Publisher) -> None:
    publisher.gives(DRUG_PAGE, PAGE)
    publisher.gives(DRUG_FILE, CSV * 20_000, content_type="text/csv")
    clock = publisher.clock

    def minutes_later() -> float:
        clock.now += 60
        return clock.now

    publisher.http = Http(local={publisher.host}, clock=minutes_later, sleep=clock.sleep)
    assert "it is not whole after 600 s; look again later" in refusal(publisher)


def packed(content: bytes) -> Response:
    return Response(content, headers={"Content-Encoding": "gzip"}, content_type="text/csv")


@pytest.mark.parametrize("parts", [1, 3])
def test_a_packed_file_is_kept_unpacked(publisher: Publisher, parts: int) -> None:
    publisher.gives(DRUG_PAGE, PAGE)
    publisher.answers(DRUG_FILE, lambda _request: packed(gzip.compress(CSV.encode()) * parts))
    raw = publisher.look()
    assert raw is not None and raw.path.read_bytes() == CSV.encode() * parts


@pytest.mark.parametrize("missing", [1, 8, 40])
def test_a_packed_file_that_lacks_its_end_is_refused_although_its_length_is_as_stated(
    publisher: Publisher, missing: int
) -> None:
    publisher.gives(DRUG_PAGE, PAGE)
    content = gzip.compress((CSV + CHALLENGE).encode())[:-missing]
    publisher.answers(DRUG_FILE, lambda _request: packed(content))
    assert "it broke off, the packed file has no end" in refusal(publisher)


def test_a_packed_file_that_is_damaged_is_refused(publisher: Publisher) -> None:
    publisher.gives(DRUG_PAGE, PAGE)
    publisher.answers(DRUG_FILE, lambda _request: packed(b"PK\x03\x04 not gzip at all"))
    assert "it broke off" in refusal(publisher)


def test_a_file_that_unpacks_without_end_is_given_up_at_the_limit(publisher: Publisher) -> None:
    publisher.gives(DRUG_PAGE, PAGE)
    bomb = gzip.compress(bytes(50_000_000))
    assert len(bomb) < 100_000
    publisher.answers(DRUG_FILE, lambda _request: packed(bomb))
    assert "it is larger than 100,000 bytes" in refusal(publisher)


def test_a_page_that_unpacks_without_end_is_given_up_at_the_limit(publisher: Publisher) -> None:
    publisher.answers(DRUG_PAGE, lambda _request: packed(gzip.compress(bytes(50_000_000))))
    assert "it is larger than 5,000,000 bytes" in refusal(publisher)


def test_a_file_packed_in_a_way_not_asked_for_is_refused(publisher: Publisher) -> None:
    publisher.gives(DRUG_PAGE, PAGE)
    publisher.gives(DRUG_FILE, CSV, headers={"Content-Encoding": "br"}, content_type="text/csv")
    assert "it comes packed as br, which was not asked for" in refusal(publisher)
    asked_for = {request.headers["Accept-Encoding"] for request, _ in publisher.server.log}
    assert asked_for == {"gzip"}


def reset_in_the_middle(listener: socket.socket) -> None:
    """Say that there is no robots.txt, then send a part of the file that is announced and tear the connection."""
    connection, _ = listener.accept()
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    connection.close()
    connection, _ = listener.accept()
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 9999\r\n\r\n" + CSV.encode())
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def test_a_connection_torn_in_the_middle_of_a_file_is_refused(publisher: Publisher) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host = f"127.0.0.1:{listener.getsockname()[1]}"
        publisher.http = Http(local={host, publisher.host}, sleep=publisher.clock.sleep)
        publisher.gives("/robots.txt", "", status=404)
        publisher.gives(DRUG_PAGE, PAGE.replace(DRUG_FILE, f"http://{host}{DRUG_FILE}"))
        server = threading.Thread(target=reset_in_the_middle, args=(listener,), daemon=True)
        server.start()
        assert "it broke off" in refusal(publisher)
        server.join(5)
