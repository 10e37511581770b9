"""The hand-kept events and elections: their evidence is what they say, and election days are those of the law."""

from __future__ import annotations

import re
import zipfile
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from pipelines import contract_files
from pipelines.project import ROOT
from pipelines.seeds import Seeds

SEEDS = Seeds(ROOT, contract_files.load(ROOT))
EVENTS = SEEDS["events"]
ELECTIONS = SEEDS["elections"]
# What an identifier of a numbered or gazetted document looks like.
NUMBERED = re.compile(
    r"^(Executive Order \d{5}|Proclamations? \d{4,5}|Public Law \d{3}-\d+|H\.J\.Res\. \d+|FR Doc\. \d{4}-\d{5}"
    r"|DOF \d{4}-\d\d-\d\d, \w|.+ v\. .+, No\. [\w:-]+)"
)
MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
    *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)
HELD = re.compile(r"^(White House|Presidency of Mexico|@realDonaldTrump), (\d{4}-\d\d-\d\d), (.+)$")


def corpus() -> pl.DataFrame:
    """The events whose evidence is an office's own text, with its publisher, day and title."""
    held = EVENTS.filter(pl.col("evidence_tier") == "corpus")
    parts = pl.col("official_id").str.extract_groups(HELD.pattern).struct.rename_fields(["publisher", "day", "name"])
    return held.with_columns(parts.alias("parts")).unnest("parts")


def first_sunday(year: int, month: int) -> date:
    first = date(year, month, 1)
    return first + timedelta((6 - first.weekday()) % 7)


def test_events_are_seventy_or_more_over_every_year() -> None:
    assert EVENTS.height >= 70
    assert sorted(EVENTS["event_date"].dt.year().unique()) == list(range(2018, 2027))
    assert EVENTS["event_date"].is_between(date(2018, 1, 1), date(2026, 7, 31)).all()


def test_every_event_has_an_official_identifier_or_two_publishers() -> None:
    host = r"^https?://(?:www\.)?([^/]+)/."
    hosts = EVENTS.select(pl.col("source_url_1", "source_url_2").str.extract(host))
    two = (hosts["source_url_1"] != hosts["source_url_2"]).fill_null(value=False)
    assert EVENTS.filter(EVENTS["official_id"].is_null() & ~two)["event_id"].to_list() == []


def test_every_address_names_a_page_and_no_front_page() -> None:
    addresses = EVENTS.select(pl.concat_list("source_url_1", "source_url_2").explode()).to_series().drop_nulls()
    assert addresses.str.contains(r"^https?://[^/\s]+\.[a-z]{2,}/[^\s]+$").all()
    assert len(addresses) > EVENTS.height


def test_no_address_is_of_a_copier_or_a_campaigning_site() -> None:
    refused = (
        "govwatch|47-watch|behindtherhetoric|justia|vlex|omb.report|govregs|casetext|legiplex|ballotpedia|capitollabs|cpware"
        "|wikipedia|wikisource|pledgetimes|scoop.co.nz|miragenews|breitbart|dailycaller|townhall"
    )
    addresses = EVENTS.select(pl.concat_list("source_url_1", "source_url_2").explode()).to_series().drop_nulls()
    assert addresses.filter(addresses.str.contains(refused)).to_list() == []


def test_the_federal_register_is_cited_under_the_number_of_the_row() -> None:
    cited = EVENTS.filter(pl.col("source_url_1").str.contains("federalregister.gov|govinfo.gov/content/pkg/FR"))
    assert cited.height >= 10
    numbered = pl.col("official_id").str.extract(r"FR Doc\. (\d{4}-\d{5})")
    for number, url in cited.select(numbered, "source_url_1").iter_rows():
        assert number is not None, url
        assert number in url


def test_an_official_document_has_a_number_or_a_gazette() -> None:
    official = EVENTS.filter(pl.col("evidence_tier") == "official_document")
    assert official.height >= 20
    assert [name for name in official["official_id"] if not NUMBERED.match(name)] == []


def test_identifiers_begin_with_the_date_as_far_as_it_is_known() -> None:
    for event_id, day, precision in EVENTS.select("event_id", "event_date", "date_precision").iter_rows():
        parts = {"year": 1, "month": 2, "day": 3}[precision]
        known = day.isoformat().split("-")
        assert event_id.startswith("-".join(known[:parts]) + "-"), event_id
        assert known[parts:] == ["01"] * (3 - parts), event_id
    assert EVENTS["event_id"].is_unique().all()


def test_classes_are_those_of_the_seed_and_none_stands_for_half_of_all() -> None:
    assert set(EVENTS["plover"]) <= set(SEEDS["plover"]["plover"])
    assert EVENTS["plover"].value_counts()["count"].max() < EVENTS.height / 2


def test_descriptions_are_one_sentence_in_words_of_their_own() -> None:
    assert EVENTS.filter(~pl.col("description").str.contains(r"^[^.]+(?:\d\.\d[^.]*)*\.$"))["event_id"].to_list() == []
    assert EVENTS["description"].is_unique().all()


def test_texts_named_as_evidence_are_of_the_event() -> None:
    held = corpus()
    assert held["publisher"].is_not_null().all(), held.filter(pl.col("publisher").is_null())["event_id"].to_list()
    exact = held.filter(pl.col("date_precision") == "day")
    assert exact.filter(pl.col("day") != pl.col("event_date").cast(pl.String))["event_id"].to_list() == []


def test_texts_named_as_evidence_are_held(archive: Path) -> None:
    """The White House's and the presidency's texts by address or day, the president's posts by number."""
    held = corpus()
    archives = archive / "corpora"
    with zipfile.ZipFile(archives / "white_house.zip") as pages:
        heads = "".join(
            pages.read(name).decode()[:900]
            for name in pages.namelist()
            if name.endswith(".md") and any(f"/{day}-" in name for day in held["day"])
        )
    with zipfile.ZipFile(archives / "trump_tweets.zip") as posts:
        numbers = "".join(posts.read(name).decode() for name in posts.namelist() if name.endswith(".csv"))
    with zipfile.ZipFile(archives / "mananeras_sheinbaum.zip") as conferences:
        sheinbaum = "".join(conferences.read(n).decode()[:400] for n in conferences.namelist() if "corpus/" in n)
    with zipfile.ZipFile(archives / "mananeras_amlo.zip") as conferences:
        amlo = [conferences.read(n).decode()[:400] for n in conferences.namelist() if n.startswith("articulos/")]
    for publisher, day, name, url in held.select("publisher", "day", "name", "source_url_1").iter_rows():
        if publisher == "White House":
            assert f"source_url: {url}" in heads, url
        elif publisher == "@realDonaldTrump":
            assert f",{name}," in numbers, name
        elif url is not None:
            assert f"URL: {url}\nFecha: {day}" in sheinbaum, url
        else:
            dated = f"{day[8:]} de {MONTHS[int(day[5:7]) - 1]} de {day[:4]}"
            assert any(dated in head and name in head for head in amlo), f"{day}: {name}"


@pytest.mark.parametrize("country", ["US", "MX"])
def test_elections_fall_on_the_day_of_the_law(country: str) -> None:
    rows = ELECTIONS.filter((pl.col("country") == country) & (pl.col("kind") != "judicial"))
    assert rows.height >= 6
    for day in rows["election_date"]:
        if country == "US":
            first = date(day.year, 11, 1)
            expected = first + timedelta((0 - first.weekday()) % 7 + 1)
        else:
            # The reform of 2014 moved the day from July to June, first for 2015, and kept July for 2018.
            expected = first_sunday(day.year, 7 if day.year in (2012, 2018) else 6)
        assert day == expected


def test_mexican_campaigns_last_as_long_as_the_law_says_and_end_three_days_before() -> None:
    rows = ELECTIONS.filter((pl.col("country") == "MX") & pl.col("campaign_start").is_not_null())
    assert rows.height == 6
    for kind, day, start, end in rows.select("kind", "election_date", "campaign_start", "campaign_end").iter_rows():
        assert (day - end).days == 4
        assert (end - start).days + 1 == (90 if kind == "presidential" else 60)


def test_us_campaigns_are_the_sixty_days_of_electioneering() -> None:
    rows = ELECTIONS.filter((pl.col("country") == "US") & pl.col("campaign_start").is_not_null())
    assert rows.height == 8
    assert (rows["campaign_end"] == rows["election_date"]).all()
    assert ((rows["election_date"] - rows["campaign_start"]) == timedelta(60)).all()


def test_each_federal_election_from_2012_to_2026_is_listed_and_the_judicial_one_is_flagged() -> None:
    years = {country: sorted(rows["election_date"].dt.year()) for (country,), rows in ELECTIONS.group_by("country")}
    assert years["US"] == [*range(2012, 2027, 2), 2028]
    assert years["MX"] == [2012, 2015, 2018, 2021, 2024, 2025, 2027]
    assert ELECTIONS.filter(pl.col("kind") == "judicial")["election_id"].to_list() == ["mx-2025"]
