"""The live look at document feeds against publishers played on this machine: their lists, their texts, their bad days.

The layouts are the publishers', the sentences are written for these tests.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from pipelines import ingest_texts, live_documents
from pipelines.contract_files import read_contract
from pipelines.contracts import Contract
from pipelines.documents import federal_register, posts, readings
from pipelines.errors import Refused
from pipelines.feeds import members
from pipelines.http import Http
from pipelines.project import ROOT, Project
from pipelines.publishers import Source
from pipelines.rhetoric.version import feed_version
from pipelines.texts import Document
from pipelines.warehouse import Work, writing
from tests.served import CHALLENGE, DENIED, Clock

ACTIONS, NEWS = "/presidential-actions/feed/", "/news/feed/"
ARCHIVE = "/presidencia/es/archivo/articulos"
SEARCH = "/api/v1/documents.json"
RSS = {"content_type": "application/rss+xml; charset=UTF-8"}
TODAY = datetime.now(UTC).date()


@dataclass
class Publisher:
    """A publisher of documents on this machine, the client that asks it and the warehouse that keeps what it gives."""

    server: HTTPServer
    project: Project
    clock: Clock
    http: Http

    def contract(self, feed: str) -> Contract:
        """The feed's contract with its address on this machine."""
        contract = read_contract(ROOT / "pipelines" / "documents" / f"{feed}.yml", "documents")
        path = contract.source.url.split("/", 3)[3]
        source = Source(**{**contract.source.model_dump(), "url": self.server.url_for(f"/{path}")})
        return contract.model_copy(update={"source": source})

    def ask(self, feed: str, held: set[str] | None = None) -> tuple[list[str], list[str]]:
        return live_documents.ask(self.project, self.contract(feed), held or set(), self.http)

    def read(self, feed: str) -> list[Document]:
        """The documents in raw, as the feed reads them."""
        found, refused = members(self.contract(feed), [live_documents.folder(self.project)])
        assert not refused
        module = importlib.import_module(f"pipelines.documents.{feed}")
        return [document for member in found for document in module.read(member)]

    def gives(self, path: str, body: str | bytes, **options: object) -> None:
        self.server.expect_request(path).respond_with_data(body, **options)

    def answers(self, path: str, handler: Callable[[Request], Response]) -> None:
        self.server.expect_request(path).respond_with_handler(handler)

    def url(self, path: str) -> str:
        return self.server.url_for(path)

    @property
    def asked(self) -> list[str]:
        """Paths asked for so far, in order, without robots.txt."""
        return [request.path for request, _ in self.server.log if request.path != "/robots.txt"]

    @property
    def raw(self) -> list[Path]:
        """Documents in raw."""
        found = live_documents.folder(self.project).rglob("*")
        kept = [path for path in found if path.is_file() and not path.name.startswith(".")]
        return sorted(path for path in kept if not path.name.endswith(".receipt.json"))


@pytest.fixture
def publisher(httpserver: HTTPServer, tmp_path: Path) -> Publisher:
    httpserver.no_handler_status_code = 404
    project = Project(ROOT, tmp_path, tmp_path / "inbox" / "documents", None, tmp_path / "history")
    clock = Clock()
    http = Http(local={f"{httpserver.host}:{httpserver.port}"}, clock=clock, sleep=clock.sleep)
    return Publisher(httpserver, project, clock, http)


def rss(*found: str, head: str = "") -> str:
    """An RSS feed as WordPress writes it."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<rss version="2.0"\n'
        '\txmlns:content="http://purl.org/rss/1.0/modules/content/"\n'
        '\txmlns:dc="http://purl.org/dc/elements/1.1/"\n\t>\n\n<channel>\n\t<title>Example</title>\n'
        f"\t<lastBuildDate>{datetime.now(UTC):%a, %d %b %Y %H:%M:%S} +0000</lastBuildDate>\n{''.join(found)}"
        "</channel>\n</rss>\n"
    )


def item(url: str, day: date = TODAY, html: str = "<p>We talk with Mexico.</p>", title: str = "An Example") -> str:
    encoded = f"<content:encoded><![CDATA[{html}]]></content:encoded>" if html else ""
    return (
        f"\t<item>\n\t\t<title>{escape(title)}</title>\n\t\t<link>{url}</link>\n"
        f"\t\t<pubDate>{day:%a, %d %b %Y} 16:00:00 +0000</pubDate>\n\t\t"
        f"<description><![CDATA[<p>Shortened [&hellip;]</p>]]></description>\n\t\t{encoded}\n\t</item>\n"
    )


def paged(*pages: str) -> Callable[[Request], Response]:
    """A feed that answers `?paged=N`, and 404 after its last page, as WordPress does."""

    def answer(request: Request) -> Response:
        number = int(request.args.get("paged", 1))
        if number > len(pages):
            return Response("<!DOCTYPE html><title>Page not found</title>", 404, content_type="text/html")
        return Response(pages[number - 1], content_type=RSS["content_type"])

    return answer


# RSS: the White House and the Department of State ---------------------------------------------------------------------


def test_new_releases_of_both_feeds_are_kept_as_served_with_a_receipt(publisher: Publisher) -> None:
    action, note = publisher.url("/presidential-actions/2026/09/a/"), publisher.url("/fact-sheets/2026/09/b/")
    served = item(action, html="<p>We talk with <b>Mexico</b>.</p>")
    publisher.answers(ACTIONS, paged(rss(served)))
    publisher.answers(NEWS, paged(rss(item(note), served)))
    notes, refused = publisher.ask("white_house")
    assert (notes, refused) == ([f"white_house: 2 new, the newest of {TODAY}"], [])
    assert len(publisher.raw) == 2
    for path in publisher.raw:
        assert path.parent == live_documents.folder(publisher.project) / "white_house" / TODAY.isoformat()
        receipt = json.loads(path.with_name(path.name + ".receipt.json").read_text(encoding="utf-8"))
        assert receipt["url"] in (action, note)
        assert receipt["fetched_at"].startswith(TODAY.isoformat()) and len(receipt["sha256"]) == 64
    assert any(served.strip().encode() in path.read_bytes() for path in publisher.raw), "the item's own bytes"
    found = {document.path: document for document in publisher.read("white_house")}
    assert set(found) == {"presidential-actions/2026/09/a", "fact-sheets/2026/09/b"}
    assert found["presidential-actions/2026/09/a"].text == "We talk with Mexico."
    assert found["presidential-actions/2026/09/a"].date == TODAY


def test_a_release_of_the_archive_is_known_by_its_address_and_not_kept_again(publisher: Publisher) -> None:
    archived = {"presidential-actions/2026/09/a"}
    publisher.answers(ACTIONS, paged(rss(item(publisher.url("/presidential-actions/2026/09/a/?utm_source=rss")))))
    publisher.answers(NEWS, paged(rss()))
    assert publisher.ask("white_house", archived) == (["white_house: nothing new"], [])
    assert publisher.raw == []


def test_an_item_without_text_brings_its_page(publisher: Publisher) -> None:
    path = "/remarks/2026/09/a/"
    publisher.answers(ACTIONS, paged(rss()))
    publisher.answers(NEWS, paged(rss(item(publisher.url(path), html=""))))
    page = (
        '<!DOCTYPE html><html><head><meta property="article:published_time" content="2026-09-14T18:00:00+00:00">'
        '</head><body><h1>Remarks</h1><div class="entry-content"><p>We talk – with Mexico.</p></div></body></html>'
    )
    publisher.gives(path, page, content_type="text/html; charset=UTF-8")
    assert publisher.ask("white_house")[1] == []
    (kept,) = publisher.raw
    assert kept.read_bytes() == page.encode()
    (document,) = publisher.read("white_house")
    assert (document.path, document.url, document.text) == (
        "remarks/2026/09/a",
        publisher.url(path),
        "We talk – with Mexico.",
    )


def test_a_second_look_keeps_and_asks_for_nothing_that_is_held(publisher: Publisher) -> None:
    publisher.answers(ACTIONS, paged(rss(item(publisher.url("/presidential-actions/2026/09/a/")))))
    publisher.answers(NEWS, paged(rss()))
    publisher.ask("white_house")
    before = publisher.raw
    assert publisher.ask("white_house") == (["white_house: nothing new"], [])
    assert publisher.raw == before


def test_a_feed_that_has_not_changed_is_not_sent_again(publisher: Publisher) -> None:
    def answer(request: Request) -> Response:
        if request.headers.get("If-None-Match") == '"one"':
            return Response(status=304)
        feed = rss(item(publisher.url(f"{request.path}../a/")), item(publisher.url("/news/old/"), date(2020, 1, 1)))
        return Response(feed, headers={"ETag": '"one"'}, content_type=RSS["content_type"])

    publisher.answers(ACTIONS, answer)
    publisher.answers(NEWS, answer)
    publisher.ask("white_house")
    first = len(publisher.asked)
    assert publisher.ask("white_house") == (["white_house: nothing new"], [])
    assert publisher.asked[first:] == [ACTIONS, NEWS]
    assert [response.status_code for _, response in publisher.server.log[-2:]] == [304, 304]


def test_a_look_goes_back_page_by_page_until_all_is_too_old(publisher: Publisher) -> None:
    def page(number: int, day: date) -> str:
        return rss(*(item(publisher.url(f"/articles/{number}/{each}/"), day) for each in range(3)))

    pages = [page(1, TODAY), page(2, TODAY - timedelta(days=30)), page(3, date(2025, 1, 1)), page(4, date(2024, 1, 1))]
    publisher.answers(ACTIONS, paged(*pages))
    publisher.answers(NEWS, paged(rss()))
    publisher.ask("white_house")
    assert len(publisher.raw) == 6, "nothing of the administration before"
    assert publisher.asked.count(ACTIONS) == 3
    publisher.ask("white_house")
    assert publisher.asked.count(ACTIONS) == 3 + 2, "only as far back as the last look, and some days"


def test_no_more_than_a_share_is_kept_in_one_look_newest_first(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_documents, "MOST", 4)
    days = [TODAY - timedelta(days=number) for number in range(9)]
    pages = [
        rss(*(item(publisher.url(f"/articles/{day}/"), day) for day in days[start : start + 3])) for start in (0, 3, 6)
    ]
    publisher.answers(ACTIONS, paged(*pages))
    publisher.answers(NEWS, paged(rss()))
    notes, refused = publisher.ask("white_house")
    assert notes == [
        f"white_house: 4 new, the newest of {TODAY}",
        "white_house: 2 or more left for the next look",
    ]
    assert publisher.asked.count(ACTIONS) == 2, "the third page is for another day"
    assert {document.date for document in publisher.read("white_house")} == set(days[:4])
    publisher.ask("white_house")
    assert publisher.ask("white_house")[0][-1] == f"white_house: 1 new, the newest of {days[8]}"
    assert {document.date for document in publisher.read("white_house")} == set(days)
    assert publisher.ask("white_house") == (["white_house: nothing new"], [])
    assert not refused


def test_one_text_that_cannot_be_had_does_not_stop_the_rest_and_is_asked_for_again(publisher: Publisher) -> None:
    broken, whole = publisher.url("/remarks/2026/09/broken/"), publisher.url("/articles/2026/09/whole/")
    publisher.answers(ACTIONS, paged(rss(item(broken, html=""), item(whole))))
    publisher.answers(NEWS, paged(rss()))
    notes, refused = publisher.ask("white_house")
    assert notes == [f"white_house: 1 new, the newest of {TODAY}"]
    assert refused == [
        f"white_house: {broken}: answered 404, it is not there; asked again at the next look, or put the text into "
        "inbox/documents/white_house/"
    ]
    publisher.gives("/remarks/2026/09/broken/", "<h1>A</h1><div class='entry-content'></div>")
    assert publisher.ask("white_house") == ([f"white_house: 1 new, the newest of {TODAY}"], [])


@pytest.mark.parametrize("status", [404, 410])
def test_a_text_that_is_listed_and_never_there_is_given_up_after_three_looks(publisher: Publisher, status: int) -> None:
    path, day = "/remarks/2026/09/lost/", TODAY - timedelta(days=30)
    publisher.answers(ACTIONS, paged(rss(item(publisher.url(path), day, html=""))))
    publisher.answers(NEWS, paged(rss()))
    publisher.gives(path, "", status=status)

    def through() -> str:
        memory = live_documents.folder(publisher.project) / "white_house" / live_documents.MEMORY
        return json.loads(memory.read_text(encoding="utf-8"))[publisher.url(ACTIONS)]["through"]

    for _ in range(2):
        _, (line,) = publisher.ask("white_house")
        assert "asked again at the next look" in line and through() == day.isoformat()
    (gone, news), refused = publisher.ask("white_house")
    assert gone.startswith(f"white_house: {publisher.url(path)}: answered {status}") and refused == []
    assert "at 3 looks in a row; not asked for again, put the text into inbox/documents/white_house/" in gone
    assert news == "white_house: nothing new"
    assert through() == TODAY.isoformat()
    assert publisher.ask("white_house") == (["white_house: nothing new"], [])
    assert publisher.asked.count(path) == 3


def test_a_text_that_is_refused_for_another_reason_is_not_given_up(publisher: Publisher) -> None:
    path, statuses = "/remarks/2026/09/shy/", iter([404, 404, 403, 404, 404, 403])
    publisher.answers(ACTIONS, paged(rss(item(publisher.url(path), html=""))))
    publisher.answers(NEWS, paged(rss()))
    publisher.answers(path, lambda _request: Response(status=next(statuses)))
    for _ in range(6):
        assert len(publisher.ask("white_house")[1]) == 1


@pytest.mark.parametrize(
    ("body", "options", "reason"),
    [
        ("", {"status": 403}, "answered 403, it refuses this client"),
        ("", {"status": 404}, "answered 404, it is not there"),
        (DENIED, {"content_type": "text/html"}, "it gives a web page, not a file"),
        (CHALLENGE, RSS, "it declares a document type of its own"),
        ("<html><head></head></html>", RSS, "<html> where <rss> should be"),
        (rss().replace("UTF-8", "UTF-16").encode("utf-16"), RSS, "an encoding of two bytes a letter"),
        (rss()[:-9], RSS, "not well-formed XML"),
        (rss(head='<!DOCTYPE rss [<!ENTITY a "a">]>'), RSS, "it declares a document type of its own"),
        (rss(head='<!DOCTYPE rss SYSTEM "http://127.0.0.1/x.dtd">'), RSS, "it declares a document type of its own"),
    ],
)
def test_a_feed_that_is_none_is_one_line_and_the_other_feed_is_read(
    publisher: Publisher, body: str, options: dict[str, object], reason: str
) -> None:
    publisher.gives(ACTIONS, body, **options)
    publisher.answers(NEWS, paged(rss(item(publisher.url("/articles/2026/09/a/")))))
    notes, refused = publisher.ask("white_house")
    (line,) = refused
    assert line.startswith(f"white_house: {publisher.url(ACTIONS)}: ") and reason in line
    assert line.endswith("; put the texts into inbox/documents/white_house/")
    assert notes == [f"white_house: 1 new, the newest of {TODAY}"]
    assert len(publisher.raw) == 1


def test_markup_in_a_title_stays_text_and_control_characters_go(publisher: Publisher) -> None:
    wild = item(
        publisher.url("/articles/2026/09/a/"),
        title="A <script>alert('x')</script> title\x85\x9f",
        html="<p>We talk<script>steal()</script> with&#11; Mexico\x9f.</p><style>p{}</style>",
    )
    publisher.answers(ACTIONS, paged(rss(wild)))
    publisher.answers(NEWS, paged(rss()))
    publisher.ask("white_house")
    (document,) = publisher.read("white_house")
    assert document.title == "A <script>alert('x')</script> title"
    assert document.text == "We talk with Mexico."


def test_a_feed_is_read_in_the_encoding_it_declares(publisher: Publisher) -> None:
    latin = rss(item(publisher.url("/articles/2026/09/a/"), html="<p>Peña y México.</p>"))
    publisher.answers(ACTIONS, paged(latin.replace("UTF-8", "ISO-8859-1").encode("latin-1")))
    publisher.answers(NEWS, paged(rss()))
    publisher.ask("white_house")
    assert [document.text for document in publisher.read("white_house")] == ["Peña y México."]
    assert "Peña".encode("latin-1") in publisher.raw[0].read_bytes()


def test_entries_that_lead_elsewhere_or_state_no_day_are_noted_and_left_out(publisher: Publisher) -> None:
    inside = item("http://169.254.169.254/latest/meta-data/", html="")
    undated = item(publisher.url("/articles/2026/09/a/")).replace("16:00:00 +0000", "soon")
    future = item(publisher.url("/articles/2026/09/b/"), TODAY + timedelta(days=40))
    publisher.answers(
        ACTIONS, paged(rss(inside, undated, future, item("http://[broken"), item(publisher.url("/privacy/"))))
    )
    publisher.answers(NEWS, paged(rss()))
    notes, refused = publisher.ask("white_house")
    told = "\n".join(notes)
    for why in ("is not on its own site", "is no time of publication", "lies in the future", "'http://[broken'"):
        assert why in told
    assert (publisher.raw, refused) == ([], [])
    assert set(publisher.asked) == {ACTIONS, NEWS}


def test_an_item_of_the_state_department_is_held_once_under_the_feed_that_says_the_most(publisher: Publisher) -> None:
    remarks, release = publisher.url("/remarks/2026/07/a"), publisher.url("/releases/2026/07/b")
    publisher.answers("/rss-feed/department-press-briefings/feed/", paged(rss()))
    publisher.answers("/rss-feed/secretarys-remarks/feed/", paged(rss(item(remarks))))
    publisher.answers("/rss-feed/press-releases/feed/", paged(rss(item(release), item(remarks))))
    notes, refused = publisher.ask("state_department")
    assert (notes, refused) == ([f"state_department: 2 new, the newest of {TODAY}"], [])
    found = {document.path: document.genre for document in publisher.read("state_department")}
    assert found == {"remarks/2026/07/a": "remarks", "releases/2026/07/b": "press_releases"}


def test_a_feed_that_ignores_the_page_asked_for_ends(publisher: Publisher) -> None:
    for feed in ("department-press-briefings", "secretarys-remarks", "press-releases"):
        publisher.gives(f"/rss-feed/{feed}/feed/", rss(item(publisher.url("/releases/2026/07/b"))), **RSS)
    assert publisher.ask("state_department")[1] == []
    assert len(publisher.raw) == 1
    assert len(publisher.asked) == 6


# The archive of gob.mx ------------------------------------------------------------------------------------------------


def conference(day: date) -> str:
    month = list(importlib.import_module("pipelines.documents.presidencia_amlo").MONTHS)[day.month - 1]
    return f"version-estenografica-conferencia-de-prensa-de-ejemplo-del-{day.day}-de-{month}-de-{day.year}"


def listed(*entries: tuple[str, date]) -> str:
    """A page of the archive: each article with its time, heading and link."""
    articles = "".join(
        f'<article><time date="{day} 07:30:00">un día</time><h2>Un título</h2>'
        f'<a class="small-link" href="/presidencia/articulos/{slug}?idiom=es">Continuar leyendo</a></article>'
        for slug, day in entries
    )
    return f'<!DOCTYPE html><html lang="es"><body><div id="prensa">{articles}</div></body></html>'


def transcript(slug: str, day: date) -> str:
    """The page of a transcript."""
    spelled = slug.partition("-del-")[2].replace("-", " ")
    return (
        f'<!DOCTYPE html><html lang="es"><head><meta charset="utf-8"><title>Versión | gob.mx</title></head><body>'
        f"<h1>Versión estenográfica. Conferencia de prensa de ejemplo del {spelled}</h1>"
        f"<dl><dt>Fecha de publicación</dt><dd>{day:%d}</dd></dl>"
        '<div class="article-body"><p><strong>PRESIDENTA CLAUDIA SHEINBAUM PARDO:</strong> Hablamos con Estados Unidos '
        "hoy sobre la niñez.</p></div></body></html>"
    )


def archive_of(publisher: Publisher, *pages: str) -> None:
    def answer(request: Request) -> Response:
        number = int(request.args["page"])
        return Response(pages[number - 1] if number <= len(pages) else listed(), content_type="text/html")

    publisher.answers(ARCHIVE, answer)


@pytest.mark.parametrize("as_script", [False, True])
def test_new_conferences_are_fetched_and_other_articles_left(publisher: Publisher, as_script: bool) -> None:
    new, old = TODAY - timedelta(days=1), TODAY - timedelta(days=2)
    page = listed(("a-que-hora-es-la-conferencia", TODAY), (conference(new), new), (conference(old), old))
    if as_script:
        page = f"$('#prensa').html({json.dumps(page)});".replace("/", "\\/")
    archive_of(publisher, page)
    for day in (new, old):
        publisher.gives(f"/presidencia/articulos/{conference(day)}", transcript(conference(day), day))
    held = {f"presidencia/es/articulos/{conference(old)}"}
    notes, refused = publisher.ask("presidencia_sheinbaum", held)
    assert (notes, refused) == ([f"presidencia_sheinbaum: 1 new, the newest of {new}"], [])
    assert f"/presidencia/articulos/{conference(old)}" not in publisher.asked, "held in the archive"
    (document,) = publisher.read("presidencia_sheinbaum")
    assert document.path == f"presidencia/es/articulos/{conference(new)}", "as the archive names it"
    assert (document.date, document.genre) == (new, "press_conference")
    (turn,) = document.turns
    assert document.text[turn.start : turn.end] == "Hablamos con Estados Unidos hoy sobre la niñez."
    assert publisher.ask("presidencia_sheinbaum", held)[0] == ["presidencia_sheinbaum: nothing new"]


def test_the_archive_is_read_back_to_the_first_day_of_the_term(publisher: Publisher) -> None:
    days = [TODAY - timedelta(days=1), date(2024, 10, 2), date(2024, 9, 30), date(2024, 9, 27)]
    archive_of(publisher, *(listed((conference(day), day)) for day in days))
    for day in days:
        publisher.gives(f"/presidencia/articulos/{conference(day)}", transcript(conference(day), day))
    publisher.ask("presidencia_sheinbaum")
    assert {document.date for document in publisher.read("presidencia_sheinbaum")} == set(days[:2])
    assert publisher.asked.count(ARCHIVE) == 3


def test_a_challenge_page_with_status_200_is_one_line_and_never_kept(publisher: Publisher) -> None:
    publisher.gives(ARCHIVE, CHALLENGE, content_type="text/html")
    notes, refused = publisher.ask("presidencia_sheinbaum")
    (line,) = refused
    assert "it answers with a challenge page; put the texts into inbox/documents/presidencia_sheinbaum/" in line
    assert (notes, publisher.raw) == ([], [])


@pytest.mark.parametrize("body", [CHALLENGE, DENIED, '<html><script src="/_Incapsula_Resource?x"></script></html>'])
def test_a_challenge_in_place_of_a_transcript_is_asked_again(publisher: Publisher, body: str) -> None:
    day = TODAY - timedelta(days=1)
    archive_of(publisher, listed((conference(day), day)))
    answers = iter((body, transcript(conference(day), day)))
    publisher.answers(f"/presidencia/articulos/{conference(day)}", lambda _request: Response(next(answers)))
    notes, refused = publisher.ask("presidencia_sheinbaum")
    assert len(refused) == 1 and "it answers with a challenge page; asked again" in refused[0]
    assert publisher.raw == []
    assert publisher.ask("presidencia_sheinbaum")[0] == [f"presidencia_sheinbaum: 1 new, the newest of {day}"]


def test_an_archive_in_another_layout_names_the_file_to_edit(publisher: Publisher) -> None:
    publisher.gives(ARCHIVE, "<html><body><p>Bienvenidos</p></body></html>", content_type="text/html")
    (line,) = publisher.ask("presidencia_sheinbaum")[1]
    assert "no list of articles; edit ENTRY in pipelines/documents/presidencia_sheinbaum.py" in line


def test_a_page_is_kept_as_it_was_served_and_read_in_the_encoding_it_declares(publisher: Publisher) -> None:
    day = TODAY - timedelta(days=1)
    archive_of(publisher, listed((conference(day), day)))
    page = transcript(conference(day), day).replace('"utf-8"', '"iso-8859-1"').encode("latin-1")
    publisher.gives(f"/presidencia/articulos/{conference(day)}", page, content_type="text/html")
    assert publisher.ask("presidencia_sheinbaum")[1] == []
    assert [path.read_bytes() for path in publisher.raw] == [page]
    (document,) = publisher.read("presidencia_sheinbaum")
    assert "sobre la niñez" in document.text


def test_a_page_in_another_encoding_than_it_declares_is_refused_by_its_reader(publisher: Publisher) -> None:
    day = TODAY - timedelta(days=1)
    archive_of(publisher, listed((conference(day), day)))
    page = transcript(conference(day), day).encode("latin-1")
    publisher.gives(f"/presidencia/articulos/{conference(day)}", page, content_type="text/html")
    publisher.ask("presidencia_sheinbaum")
    with pytest.raises(Refused, match="not text in the encoding it declares"):
        publisher.read("presidencia_sheinbaum")


# The Federal Register -------------------------------------------------------------------------------------------------


@dataclass
class Register:
    """The API of the Federal Register as it answers: 404 for none, 400 beyond its window, repeated numbers."""

    publisher: Publisher
    documents: list[tuple[str, date]]
    window: int = 2000

    def __post_init__(self) -> None:
        self.publisher.answers(SEARCH, self.search)
        self.publisher.server.expect_request("/full_text").respond_with_handler(
            lambda request: Response(f"<div><p>Order {request.args['n']} on trade with Mexico.</p></div>")
        )

    def search(self, request: Request) -> Response:
        asked = request.args
        assert asked["conditions[type][]"] == "PRESDOCU" and asked["order"] == "oldest"
        assert set(asked.getlist("fields[]")) == set(federal_register.FIELDS)
        first, last = (date.fromisoformat(asked[f"conditions[publication_date][{end}]"]) for end in ("gte", "lte"))
        per_page, page = int(asked["per_page"]), int(asked["page"])
        found = sorted((day, number) for number, day in self.documents if first <= day <= last)
        if asked["conditions[term]"] != "Mexico" or not found:
            return Response(json.dumps({"count": 0, "results": []}), 404, content_type="application/json")
        if page * per_page > self.window:
            return Response('{"errors": {"page": "beyond the window"}}', 400, content_type="application/json")
        shown = found[(page - 1) * per_page : page * per_page]
        answer = {"count": len(found), "total_pages": -(-len(found) // per_page)}
        results = {"results": [self.result(number, day) for day, number in shown]}
        return Response(json.dumps({**answer, **results}), content_type="application/json; charset=utf-8")

    def result(self, number: str, day: date) -> dict[str, object]:
        told = {"document_number": number, "publication_date": day.isoformat(), "title": f"Order {number}"}
        url = self.publisher.url(f"/documents/{day:%Y/%m/%d}/{number}/order")
        text = self.publisher.url(f"/full_text?n={number}")
        return {**told, "type": "Presidential Document", "subtype": "Proclamation", "citation": "91 FR 1",
                "html_url": url, "body_html_url": text, "raw_text_url": None}  # fmt: skip


class Narrow(Register):
    """The API on a day on which it refuses whatever spans more than a year."""

    def search(self, request: Request) -> Response:
        ends = (date.fromisoformat(request.args[f"conditions[publication_date][{end}]"]) for end in ("lte", "gte"))
        if (next(ends) - next(ends)).days > 366:
            return Response('{"errors": {}}', 400, content_type="application/json")
        return super().search(request)


def test_presidential_documents_are_kept_with_what_the_api_says_of_them(publisher: Publisher) -> None:
    Register(publisher, [("2026-00001", TODAY - timedelta(days=3)), ("2026-00002", TODAY - timedelta(days=1))])
    notes, refused = publisher.ask("federal_register")
    assert (notes, refused) == ([f"federal_register: 2 new, the newest of {TODAY - timedelta(days=1)}"], [])
    first, second = publisher.read("federal_register")
    assert first.path == f"documents/{TODAY - timedelta(days=3):%Y/%m/%d}/2026-00001"
    assert (first.title, first.genre) == ("Order 2026-00001", "proclamation")
    assert second.text == "Order 2026-00002\nOrder 2026-00002 on trade with Mexico."
    kept = json.loads(publisher.raw[0].read_text(encoding="utf-8"))
    assert kept["document"]["citation"] == "91 FR 1"
    assert publisher.ask("federal_register") == (["federal_register: nothing new"], [])
    assert publisher.asked.count("/full_text") == 2, "a text is fetched once"


def test_no_match_answered_with_404_is_nothing_new(publisher: Publisher) -> None:
    Register(publisher, [])
    assert publisher.ask("federal_register") == (["federal_register: nothing new"], [])
    assert publisher.raw == []


def test_a_slice_beyond_the_window_is_halved_until_it_lies_within(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(federal_register, "WINDOW", 4)
    monkeypatch.setattr(federal_register, "PER_PAGE", 2)
    days = [TODAY - timedelta(days=number) for number in range(11)]
    register = Register(publisher, [(f"2026-{number:05}", day) for number, day in enumerate(days)], window=4)
    notes, refused = publisher.ask("federal_register")
    assert refused == []
    assert {document.date for document in publisher.read("federal_register")} == set(days)
    statuses = [response.status_code for request, response in publisher.server.log if request.path == SEARCH]
    assert 400 not in statuses
    assert len(register.documents) == len(publisher.raw)


def test_a_window_smaller_than_promised_is_halved_too(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(federal_register, "PER_PAGE", 2)
    Narrow(publisher, [(f"2026-{number:05}", TODAY - timedelta(days=number)) for number in range(3)])
    assert publisher.ask("federal_register")[1] == []
    assert len(publisher.raw) == 3


def test_a_number_used_twice_is_two_documents(publisher: Publisher) -> None:
    Register(publisher, [("01-726", date(2015, 3, 2)), ("01-726", date(2015, 9, 1))])
    publisher.ask("federal_register")
    paths = {document.path for document in publisher.read("federal_register")}
    assert paths == {"documents/2015/03/02/01-726", "documents/2015/09/01/01-726"}


def test_what_is_left_is_counted_and_fetched_at_the_next_look(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_documents, "MOST", 2)
    Register(publisher, [(f"2026-{number:05}", TODAY - timedelta(days=30 * number)) for number in range(5)])
    assert publisher.ask("federal_register")[0][-1] == "federal_register: 3 left for the next look"
    assert publisher.ask("federal_register")[0][-1] == "federal_register: 1 left for the next look"
    assert publisher.ask("federal_register")[0] == [f"federal_register: 1 new, the newest of {TODAY - timedelta(120)}"]
    assert publisher.ask("federal_register")[0] == ["federal_register: nothing new"]


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [("{", 200, "no JSON"), ("[]", 200, "no count of documents"), ("{}", 500, "answered 500")],
)
def test_an_api_that_answers_otherwise_is_one_line(publisher: Publisher, body: str, status: int, reason: str) -> None:
    publisher.gives(SEARCH, body, status=status, content_type="application/json")
    (line,) = publisher.ask("federal_register")[1]
    assert reason in line and line.endswith("; put the texts into inbox/documents/federal_register/")
    assert "fields" not in line, "the question is longer than a line"


def test_entries_of_the_api_that_lack_a_field_are_noted(publisher: Publisher) -> None:
    body = json.dumps({"count": 2, "results": [{"document_number": "1"}, 7]})
    publisher.gives(SEARCH, body, content_type="application/json")
    notes, refused = publisher.ask("federal_register")
    assert refused == []
    assert sum("left out" in note for note in notes) == 2


# All feeds ------------------------------------------------------------------------------------------------------------


def test_a_feed_without_an_address_says_where_its_texts_go_and_a_closed_one_nothing(publisher: Publisher) -> None:
    assert publisher.ask("congress_press_releases") == (
        ["congress_press_releases: no address to ask; put the texts into inbox/documents/congress_press_releases/"],
        [],
    )
    assert publisher.ask("presidencia_amlo") == ([], [])


@pytest.fixture
def work(publisher: Publisher) -> Iterator[Work]:
    with writing(publisher.project, print) as opened:
        yield opened


def coded(work: Work, feed: str, at: str, monkeypatch: pytest.MonkeyPatch) -> list[tuple]:
    """Revision, known_from and words of the feed's readings after a look at a given time."""
    monkeypatch.setattr(ingest_texts, "now", lambda: at)
    look = ingest_texts.look_at(work, work.declared[f"documents.{feed}"], print)
    assert look.refused == []
    rows = readings.read(work, work.declared[f"documents.{feed}"], "readings").sort("revision", "raw_sha256")
    return rows.select("revision", "known_from", "words").rows()


def test_a_text_changed_under_its_address_is_a_later_revision_known_from_that_look(
    publisher: Publisher, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = publisher.url("/articles/2026/09/a/")
    day = TODAY - timedelta(days=5)
    said = "<p>We talk with Mexico.</p>"
    publisher.answers(NEWS, paged(rss()))
    publisher.answers(ACTIONS, lambda request: paged(rss(item(url, day, html=said)))(request))
    publisher.ask("white_house")
    assert coded(work, "white_house", f"{TODAY}T01:00:00Z", monkeypatch) == [(0, day, 4)]
    said = "<p>We  talk with <b>Mexico</b>.</p>"
    assert publisher.ask("white_house")[0] == ["white_house: nothing new"], "the same words in other markup"
    said = "<p>We talk no longer.</p>"
    assert publisher.ask("white_house")[0] == [f"white_house: 1 new, the newest of {day}"]
    assert len(publisher.raw) == 2
    assert publisher.ask("white_house")[0] == ["white_house: nothing new"]
    assert coded(work, "white_house", f"{TODAY}T02:00:00Z", monkeypatch) == [(0, day, 4), (1, TODAY, 4)]


def test_the_same_words_in_another_file_are_no_revision(
    publisher: Publisher, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = TODAY - timedelta(days=5)
    publisher.answers(NEWS, paged(rss()))
    publisher.answers(ACTIONS, paged(rss(item(publisher.url("/articles/2026/09/a/"), day))))
    publisher.ask("white_house")
    assert coded(work, "white_house", f"{TODAY}T01:00:00Z", monkeypatch) == [(0, day, 4)]
    folder = publisher.project.documents / "white_house" / "articles" / "2026-09"
    folder.mkdir(parents=True)
    matter = f"---\ndate: '{day}'\nsource_url: https://www.whitehouse.gov/articles/2026/09/a/\ntitle: An Example\n---\n"
    (folder / "a.md").write_text(f"{matter}\nWe talk with **Mexico**.\n", encoding="utf-8")
    assert coded(work, "white_house", f"{TODAY}T02:00:00Z", monkeypatch) == [(0, day, 4), (0, day, 4)]


@pytest.mark.parametrize("feed", ["federal_register", "state_department"])
def test_a_feed_of_which_nothing_is_held_gives_no_rows(feed: str, work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    assert coded(work, feed, f"{TODAY}T01:00:00Z", monkeypatch) == []
    assert readings.held(work, work.declared[f"documents.{feed}"]) == set()
    assert ingest_texts.nothing_new(work, work.declared[f"documents.{feed}"])


def test_what_a_live_look_kept_is_looked_at_again_without_a_request(
    publisher: Publisher, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    Register(publisher, [("2026-00001", TODAY - timedelta(days=3))])
    feed = work.declared["documents.federal_register"]
    coded(work, feed.stem, f"{TODAY}T01:00:00Z", monkeypatch)
    publisher.ask("federal_register")
    assert not ingest_texts.nothing_new(work, feed), "a refresh without --live reads what was kept"
    assert len(coded(work, feed.stem, f"{TODAY}T02:00:00Z", monkeypatch)) == 1
    assert readings.held(work, feed) == {f"documents/{TODAY - timedelta(days=3):%Y/%m/%d}/2026-00001"}
    assert publisher.ask("federal_register", readings.held(work, feed))[0] == ["federal_register: nothing new"]
    assert ingest_texts.nothing_new(work, feed), "a look that finds nothing leaves nothing to rebuild"


def test_a_refused_file_is_told_and_stops_neither_the_others_nor_the_publication(
    publisher: Publisher, work: Work
) -> None:
    Register(publisher, [("2026-00001", TODAY - timedelta(days=3))])
    publisher.ask("federal_register")
    damaged = publisher.raw[0].with_name("damaged.json")
    damaged.write_text("{", encoding="utf-8")
    feed = work.declared["documents.federal_register"]
    look = ingest_texts.look_at(work, feed, print, ["federal_register: told before"])
    (line,) = look.refused
    assert f"federal_register {TODAY}/damaged.json: no document of the API" in line
    assert look.notes[0] == "federal_register: told before"
    assert readings.read(work, feed, "readings").height == 1
    assert ingest_texts.nothing_new(work, feed), "else nothing could be published while the file lies there"
    damaged.unlink()
    assert not ingest_texts.nothing_new(work, feed)


@pytest.mark.parametrize("feed", ["white_house", "presidencia_sheinbaum", "federal_register", "state_department"])
def test_how_a_page_is_read_is_part_of_the_methods_version(feed: str, code: Path) -> None:
    before = feed_version(code, feed)
    pages = code / "pipelines" / "documents" / "pages.py"
    pages.write_text(pages.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert feed_version(code, feed) != before


# The publishers themselves --------------------------------------------------------------------------------------------


@pytest.mark.live
@pytest.mark.parametrize("feed", ["white_house", "presidencia_sheinbaum", "federal_register", "state_department"])
def test_the_publisher_still_answers_in_the_layout_that_is_read(
    feed: str, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_documents, "MOST", 2)
    monkeypatch.setattr(importlib.import_module(f"pipelines.documents.{feed}"), "SINCE", TODAY - timedelta(days=60))
    contract = read_contract(ROOT / "pipelines" / "documents" / f"{feed}.yml", "documents")
    _notes, refused = live_documents.ask(publisher.project, contract, set(), Http())
    assert refused == []
    found = publisher.read(feed)
    assert found and all(document.turns for document in found)


def test_items_are_found_whatever_stands_around_them() -> None:
    spaced = "\n\n" + rss(item("https://example.org/a/", html="<p>]]&gt;</item></p>"))
    (found,) = posts.items(spaced.encode())
    assert found.link == "https://example.org/a/"
    assert posts.items(found.source)[0] == found, "what is kept of an item is that item"
