"""The manners of the client: who it says it is, how often it asks, what it may not open, where it does not follow."""

from __future__ import annotations

import socket
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest
from werkzeug import Request, Response

from pipelines import http, outside
from pipelines.http import Http, NoAnswer
from tests import served
from tests.served import CSV, DRUG_FILE, DRUG_PAGE, PAGE, Publisher, cbp_page, refusal

publisher = served.publisher


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


@pytest.mark.parametrize(
    ("rules", "path", "is_allowed"),
    [
        ("Disallow: /*?paged=", "/feed/?paged=2", False),
        ("Disallow: /*?paged=", "/feed/", True),
        ("Disallow: /*.csv$", "/a.csv", False),
        ("Disallow: /*.csv$", "/a.csv?v=1", True),
        ("Disallow: /\nAllow: /uc", "/uc?id=1", True),
        ("Disallow: /\nAllow: /uc", "/file", False),
        ("Disallow:", "/a", True),
        ("Disallow: /\n\nUser-agent: entente\nDisallow: /b", "/a", True),
        ("Disallow:\n\nUser-agent: entente\nDisallow: /b", "/b", False),
    ],
)
def test_of_two_rules_the_more_specific_counts(publisher: Publisher, rules: str, path: str, is_allowed: bool) -> None:
    publisher.gives("/robots.txt", f"User-agent: *\n{rules}\n")
    publisher.gives(path.partition("?")[0], "here")
    if is_allowed:
        assert publisher.http.page(publisher.server.url_for(path))[1] == "here"
    else:
        with pytest.raises(NoAnswer, match="robots.txt asks programs to stay away"):
            publisher.http.page(publisher.server.url_for(path))


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
                "http://2130706433/", "http://100.64.0.1/", "http://224.0.0.1/", "http://[2002:7f00:1::]/",
                "http://[2002:a00:1::1]/", "http://[64:ff9b::10.0.0.1]/", "http://[::127.0.0.1]/"],
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


def test_a_redirect_from_https_to_http_is_refused() -> None:
    assert http.redirected("https://a.gov/x", "/y") == "https://a.gov/y"
    assert http.redirected("http://a.gov/x", "https://a.gov/x") == "https://a.gov/x"
    with pytest.raises(NoAnswer, match="^https://a.gov/x: it redirects to http://a.gov/y, which is not encrypted$"):
        http.redirected("https://a.gov/x", "http://a.gov/y")
    with pytest.raises(NoAnswer, match="which is no web address"):
        http.redirected("https://a.gov/x", "https://[broken/")


def test_a_name_that_leads_into_this_network_is_refused(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {"statistics.example": ["93.184.216.34", "10.1.2.3"]}
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *_more, **_named: [(2, 1, 6, "", (ip, 0)) for ip in answers[host]]
    )
    with pytest.raises(NoAnswer, match="10.1.2.3 lies inside this network"):
        publisher.http.page("https://statistics.example/")


@pytest.mark.parametrize("address", ["93.184.216.34", "::ffff:93.184.216.34", "64:ff9b::93.184.216.34", "2606:4700::1"])
def test_an_address_of_the_web_is_none_of_this_network(address: str) -> None:
    outside.demand_web("https://statistics.example/", address)


def test_a_name_that_leads_elsewhere_once_it_was_looked_up_is_not_asked(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    answers = iter(["93.184.216.34", "93.184.216.34"])
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda _host, port, *_more, **_named: [(2, 1, 6, "", (next(answers, "127.0.0.1"), port))],
    )
    with pytest.raises(NoAnswer, match="^http://statistics.example: 127.0.0.1 lies inside this network"):
        publisher.http.page(f"http://statistics.example:{publisher.server.port}/a")
    assert publisher.asked == []


def test_a_proxy_inside_this_network_is_used(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", publisher.server.url_for("/").replace("localhost", "127.0.0.1"))
    publisher.gives("/a", "by way of the proxy")
    assert publisher.http.page("http://93.184.216.34/a")[1] == "by way of the proxy"


def test_what_netrc_holds_does_not_go_to_a_publisher(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login me password s3cret\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    publisher.gives("/a", "a")
    publisher.http.page(publisher.server.url_for("/a"))
    assert {request.headers.get("Authorization") for request, _ in publisher.server.log} == {None}


def test_a_secret_does_not_follow_a_redirect_to_another_host(publisher: Publisher) -> None:
    elsewhere = publisher.server.url_for("/new").replace("localhost", "127.0.0.1")
    hosts = {publisher.host, publisher.host.replace("localhost", "127.0.0.1")}
    publisher.http = Http(local=hosts, clock=publisher.clock, sleep=publisher.clock.sleep)
    publisher.answers("/old", redirect(elsewhere))
    publisher.gives("/new", "here")
    publisher.http.page(publisher.server.url_for("/old"), {"X-App-Token": "t0ken"})
    told = {request.path: request.headers.get("X-App-Token") for request, _ in publisher.server.log}
    assert told == {"/robots.txt": None, "/old": "t0ken", "/new": None}
