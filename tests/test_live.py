"""The live look against publishers played on this machine: what it finds on their pages, and what it keeps."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
from werkzeug import Request, Response

from pipelines import live, snapshots
from pipelines.live import NoAddress
from tests import served
from tests.served import (
    CHALLENGE,
    CSV,
    DENIED,
    DRUG_FILE,
    DRUG_PAGE,
    PAGE,
    Publisher,
    cbp_page,
    listing_of,
    refusal,
    source,
)

publisher = served.publisher

# Finding --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dataset", "files", "newest"),
    [
        ("cbp_drug_seizures", ["nationwide-drugs-fy22-fy25.csv", "nationwide-drugs-fy23-fy26-aug.csv"], 1),
        ("cbp_air_marine_seizures", ["amo-drug-seizures-fy23-fy26-dec.csv", "amo-drug-seizures-fy22-fy25.csv"], 0),
        (
            "usbp_encounters",
            ["KHSM%20Encounters%20(USBP)%20fy25m03.xlsx", "KHSM%20Encounters%20(USBP)%20fy25m11.xlsx"],
            0,
        ),
        (
            "usbp_encounters",
            ["KHSM%20Encounters%20(CBP)%20fy26m01.xlsx", "KHSM%20Encounters%20(USBP)%20fy25m12.xlsx"],
            1,
        ),
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
    page = listing_of(dataset)
    publisher.gives(page, cbp_page(*paths), content_type="text/html; charset=UTF-8")
    publisher.gives(unquote(paths[newest]), CSV, content_type="text/csv")
    raw = publisher.look(dataset)
    assert raw is not None
    assert raw.path.name == unquote(paths[newest]).rpartition("/")[2]
    assert raw.path.read_bytes() == CSV.encode()
    # A run may last over midnight.
    assert datetime.now(UTC).date() - raw.vintage <= timedelta(days=1)
    assert raw.vintage_basis == "seen"
    assert raw.url == publisher.server.url_for(paths[newest])
    assert list(snapshots.kept(publisher.project, dataset)) == [raw]
    assert publisher.asked == ["/robots.txt", page, unquote(paths[newest])]


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


def sesnsp_page(*links: tuple[str, str]) -> str:
    """The page of open data on crime, with its tables as (address, words)."""
    items = "".join(
        f'<p><strong><a href="{to}" target="_blank" rel="noopener">{words}</a></strong></p>' for to, words in links
    )
    return f'<!DOCTYPE html><html lang="es"><head><meta charset="utf-8"></head><body>{items}</body></html>'


STATES = ("/cms/uploads/IDEFC_NM_oct26.csv", "Cifras de Incidencia Delictiva Estatal, 2015 - octubre 2026")
METHOD = ("https://drive.google.com/file/d/0method/view", "Metodología de la Incidencia Delictiva Federal")
SESNSP = "mx_federal_crime"


def test_the_federal_table_is_told_from_that_of_the_states(publisher: Publisher) -> None:
    links = [STATES, METHOD, ("/cms/uploads/IDEFF_ago26.csv", "antes"), ("/cms/uploads/IDEFF_oct26.csv", "Federal")]
    publisher.gives(listing_of(SESNSP), sesnsp_page(*links), content_type="text/html; charset=utf-8")
    publisher.gives("/cms/uploads/IDEFF_oct26.csv", CSV, content_type="application/octet-stream")
    raw = publisher.look(SESNSP)
    assert raw is not None and raw.path.name == "IDEFF_oct26.csv"


@pytest.mark.parametrize(
    ("link", "name"),
    [
        ("https://drive.google.com/file/d/1aB_c-D/view?usp=sharing", "IDEFF.csv"),
        ("https://drive.google.com/open?id=1aB_c-D", "IDEFF.csv"),
    ],
)
def test_a_link_to_google_drive_leads_to_the_file_itself(publisher: Publisher, link: str, name: str) -> None:
    title = "Cifras de Incidencia Delictiva <span>Federal</span>, 2012 - 2026"
    publisher.gives(listing_of(SESNSP), sesnsp_page(STATES, METHOD, (link, title)))
    found = source(SESNSP).find(publisher.http, publisher.contract(SESNSP).source.url)
    assert (found.url, found.name) == ("https://drive.google.com/uc?export=download&id=1aB_c-D", name)


def test_the_challenge_of_gob_mx_says_to_use_the_inbox(publisher: Publisher) -> None:
    publisher.gives(listing_of(SESNSP), CHALLENGE, content_type="text/html")
    line = refusal(publisher, SESNSP)
    assert "no link to IDEFF_….csv; it is a challenge page, which only a browser passes; put the file into" in line


def test_a_source_without_an_address_says_where_to_put_files(publisher: Publisher) -> None:
    with pytest.raises(
        NoAddress, match="^cdc_wonder_deaths: no address to ask; put files into inbox/cdc_wonder_deaths/$"
    ):
        publisher.look("cdc_wonder_deaths")
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
    datasets = ("cdc_wonder_deaths", "cbp_drug_seizures", "cbp_encounters")
    notes, refused = live.ask(publisher.project, map(publisher.contract, datasets), publisher.http)
    assert [line.split(":")[0] for line in refused] == ["cbp_drug_seizures"]
    assert notes[0].startswith("cdc_wonder_deaths: no address to ask")
    assert re.match(r"cbp_encounters: sbo-encounters-fy23-fy26-jan\.csv of \d{4}-\d\d-\d\d, from http", notes[1])


# Confirming -----------------------------------------------------------------------------------------------------------


def yesterday(publisher: Publisher, dataset: str = "cbp_drug_seizures") -> None:
    """Let what was confirmed today have been confirmed long ago."""
    path = publisher.project.warehouse / "raw" / dataset / live.MEMORY
    facts = json.loads(path.read_text(encoding="utf-8"))
    facts["confirmed"] = dict.fromkeys(facts["confirmed"], "2026-01-02")
    path.write_text(json.dumps(facts), encoding="utf-8")


@pytest.mark.parametrize("tag", ['"a1"', ""], ids=["not modified", "the same bytes"])
def test_a_look_that_finds_nothing_new_confirms_what_is_held(publisher: Publisher, tag: str) -> None:
    publisher.gives(DRUG_PAGE, PAGE)
    publisher.answers(DRUG_FILE, conditional(tag, CSV))
    first = publisher.look()
    assert first is not None
    yesterday(publisher)
    assert publisher.look() is None
    (day,) = live.confirmed(publisher.project, "cbp_drug_seizures").values()
    assert datetime.now(UTC).date() - day <= timedelta(days=1)
    assert list(live.confirmed(publisher.project, "cbp_drug_seizures")) == [first.sha256]


def test_what_was_confirmed_before_a_new_release_stays_known(publisher: Publisher) -> None:
    publisher.gives(DRUG_PAGE, PAGE)
    bodies = iter((CSV, CSV + "2026 (FYTD),JUL,U.S. Border Patrol\r\n"))
    publisher.answers(DRUG_FILE, lambda _request: Response(next(bodies), content_type="text/csv"))
    first = publisher.look()
    yesterday(publisher)
    second = publisher.look()
    assert first is not None and second is not None
    known = live.confirmed(publisher.project, "cbp_drug_seizures")
    assert known[first.sha256].isoformat() == "2026-01-02" < known[second.sha256].isoformat()


def test_a_publisher_that_gives_nothing_confirms_nothing(publisher: Publisher) -> None:
    publisher.gives(DRUG_PAGE, PAGE)
    bodies = iter((CSV, CHALLENGE))
    publisher.answers(DRUG_FILE, lambda _request: Response(next(bodies), content_type="text/csv"))
    first = publisher.look()
    yesterday(publisher)
    refusal(publisher)
    assert first is not None
    assert [str(day) for day in live.confirmed(publisher.project, "cbp_drug_seizures").values()] == ["2026-01-02"]


def test_what_an_older_version_remembered_is_still_read(publisher: Publisher) -> None:
    publisher.gives(DRUG_PAGE, PAGE)
    publisher.answers(DRUG_FILE, conditional('"a1"', CSV))
    first = publisher.look()
    path = publisher.project.warehouse / "raw" / "cbp_drug_seizures" / live.MEMORY
    facts = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({name: facts[name] for name in ("url", "sha256", "marks")}), encoding="utf-8")
    assert live.confirmed(publisher.project, "cbp_drug_seizures") == {}
    assert publisher.look() is None and first is not None
    assert list(live.confirmed(publisher.project, "cbp_drug_seizures")) == [first.sha256]
