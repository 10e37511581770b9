"""Faults replayed: each refused in one line while what is held stays, or read as what it is.

Those of `faults` are played on a file of CBP drug seizures, those of other datasets on their own newest figures.
"""

from __future__ import annotations

import importlib
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import Refused
from pipelines.reading import Raw, read_sheet, sha256_of
from pipelines.vintages import releases, sentinel
from pipelines.vintages.releases import Release
from tests import publishers
from tests.conftest import Clone
from tests.faults import (
    CHALLENGE,
    DRUGS,
    KG,
    POUNDS,
    REFUSED,
    REPAIRED,
    UNDECIDED,
    csv,
    each,
    first,
    genuine,
    is_new,
    is_open,
    put,
    times,
)
from tests.test_sources import CONTRACTS, SEEDS, write_workbook

STATES = "cbp_encounters_by_state"
PUBLIC = date(2026, 2, 14)


class Shelf:
    """What is held of a dataset, and how a file comes in."""

    def __init__(self, dataset: str, folder: Path) -> None:
        self.contract, self.folder = CONTRACTS[f"sources.{dataset}"], folder
        self.held = publishers.bundled(dataset)

    def read(self, content: bytes, name: str = "new.csv", public: date = PUBLIC) -> Release:
        """The release in a publisher's file, judged by itself."""
        path = self.folder / name
        path.write_bytes(content)
        raw = Raw(self.contract.stem, path, public, "receipt", sha256_of(path), "2026-02-14T00:00:00Z", path.as_uri())
        frame = importlib.import_module(f"pipelines.sources.{self.contract.stem}").normalize(raw, SEEDS)
        return self.judged(raw, frame)

    def judged(self, raw: Raw, frame: pl.DataFrame) -> Release:
        allowed = SEEDS.allowed(self.contract)
        return releases.release(raw, self.contract, releases.judge(raw, self.contract, frame, allowed))

    def let_in(self, item: Release) -> list[str]:
        """Put a release on the shelf, once it may stand there."""
        mine = [one for one in self.held if one.facts["product"] == item.facts["product"]]
        earlier = [one for one in mine if one.facts["vintage"] <= item.facts["vintage"]]
        later = [one for one in mine if one.facts["vintage"] > item.facts["vintage"]]
        notes = sentinel.watch(self.contract, item, earlier[-1] if earlier else None, later[0] if later else None)
        self.held = sorted([*self.held, item], key=lambda one: one.facts["vintage"])
        return notes


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(DRUGS, tmp_path)


def test_the_file_without_a_fault_is_let_in(shelf: Shelf) -> None:
    assert shelf.let_in(shelf.read(csv(genuine()))) == []
    assert shelf.held[-1].facts["covers_to"] == date(2026, 1, 1)


def test_at_least_forty_faults_are_replayed() -> None:
    assert len(REFUSED) + len(REPAIRED) >= 40


@pytest.mark.parametrize("fault", list(REFUSED))
def test_fault_is_refused_in_one_line_and_what_is_held_stays(fault: str, shelf: Shelf) -> None:
    content, fragments = REFUSED[fault]
    before = list(shelf.held)
    with pytest.raises(Refused) as refused:
        shelf.let_in(shelf.read(content()))
    line = str(refused.value)
    assert line.startswith(f"{DRUGS} new.csv")
    assert line.isprintable()
    for fragment in fragments:
        assert fragment in line
    assert shelf.held == before


@pytest.mark.parametrize("fault", list(REPAIRED))
def test_other_bytes_of_the_same_figures_are_the_same_release(fault: str, shelf: Shelf) -> None:
    as_printed = shelf.read(csv(genuine()))
    again = shelf.read(REPAIRED[fault](), "again.csv")
    assert again.facts["content_sha256"] == as_printed.facts["content_sha256"]


def test_two_files_of_one_day_are_judged_one_by_the_other(shelf: Shelf) -> None:
    shelf.let_in(shelf.read(csv(genuine())))
    mended = first(put(POUNDS, lambda cell: str(float(cell) + 5)), is_new)
    shelf.let_in(shelf.read(mended, "mended.csv"))
    assert [one.facts["file"] for one in shelf.held[-2:]] == ["new.csv", "mended.csv"]
    with pytest.raises(Refused, match="0.454 times"):
        shelf.let_in(shelf.read(each(times(KG, POUNDS), is_open), "kg.csv"))


@pytest.mark.parametrize("fault", list(UNDECIDED))
def test_what_genuine_releases_do_as_well_is_let_in(fault: str, shelf: Shelf) -> None:
    shelf.let_in(shelf.read(UNDECIDED[fault]()))


def test_labels_of_closed_years_that_change_alone_are_recorded(tmp_path: Path) -> None:
    shelf = Shelf(DRUGS, tmp_path)
    newest = shelf.held[-1]
    moved = pl.when(pl.col("month") == date(2023, 5, 1), pl.col("area") == "tucson_sector").then(pl.lit("land"))
    renamed = newest.figures.with_columns(moved.otherwise("land_filter_reported").alias("land_filter_reported"))
    notes = shelf.let_in(Release({**newest.facts, "vintage": PUBLIC, "file": "new.csv"}, renamed))
    assert len(notes) == 1
    assert "rows of closed years have other labels in new.csv of 2026-02-14" in notes[0]
    assert notes[0].endswith("recorded")


# Other datasets -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "label", "says"),
    [
        (4, "ATLANTIS", ["state 'ATLANTIS' is unknown", "(field us_state) to seeds/places.csv"]),
        (5, "Toddlers", ["demographic 'Toddlers'", "(field demographic) to seeds/labels.csv"]),
        (6, "WAKANDA", ["citizenship 'WAKANDA'", "seeds/labels.csv"]),
        (7, "Title 43", ["authority 'Title 43'", "seeds/labels.csv"]),
        (8, "-1", ["'encounters is >= 0", "encounters=-1"]),
        (8, "1e3.5", ["encounters '1e3.5' is not a number"]),
    ],
)
def test_a_fault_in_encounters_by_state_is_refused(place: int, label: str, says: list[str], tmp_path: Path) -> None:
    rows = publishers.state_encounters(publishers.bundled(STATES)[-1], open_year=2024)
    rows[1] = [*rows[1][:place], label, *rows[1][place + 1 :]]
    with pytest.raises(Refused) as refused:
        Shelf(STATES, tmp_path).read(csv(rows))
    assert str(refused.value).startswith(f"{STATES} new.csv")
    for fragment in says:
        assert fragment in str(refused.value)


NEWEST = [
    pytest.param(dataset, product, id=f"{dataset}-{product}" if product != "all" else dataset)
    for dataset, product in sorted(
        {(one.stem, p) for one in CONTRACTS.values() if one.release for p in one.release.products}
    )
]


def spoilt(dataset: str, product: str, tmp_path: Path, change: Callable[[pl.DataFrame], pl.DataFrame]) -> str:
    """The line with which the newest figures of a product are refused once they are changed and come a month later."""
    shelf = Shelf(dataset, tmp_path)
    newest = [one for one in shelf.held if one.facts["product"] == product][-1]
    later = replace(newest, facts={**newest.facts, "vintage": date(2026, 8, 14)})
    figures = change(newest.figures.drop("vintage", "raw_sha256"))
    raw = Raw(dataset, Path("new.csv"), later.facts["vintage"], "receipt", "ff", "2026-08-14T00:00:00Z", "")
    before = list(shelf.held)
    with pytest.raises(Refused) as refused:
        shelf.let_in(shelf.judged(raw, figures))
    assert shelf.held == before
    assert str(refused.value).startswith(f"{dataset} new.csv: ")
    return str(refused.value)


def quantity(dataset: str) -> str:
    return CONTRACTS[f"sources.{dataset}"].figures[0]


@pytest.mark.parametrize(("dataset", "product"), NEWEST)
def test_every_dataset_refuses_a_file_without_its_oldest_year(dataset: str, product: str, tmp_path: Path) -> None:
    def younger(figures: pl.DataFrame) -> pl.DataFrame:
        start = pl.col("month").min().dt.offset_by("1y")
        return figures.filter(pl.col("month") >= start)

    line = spoilt(dataset, product, tmp_path, younger)
    assert "a whole release" in line or "rows, a whole" in line


@pytest.mark.parametrize(("dataset", "product"), NEWEST)
def test_every_dataset_refuses_a_file_that_ends_a_month_earlier(dataset: str, product: str, tmp_path: Path) -> None:
    line = spoilt(dataset, product, tmp_path, lambda figures: figures.filter(pl.col("month") < pl.col("month").max()))
    assert "is held" in line
    assert "say when it was public" in line


@pytest.mark.parametrize(("dataset", "product"), NEWEST)
def test_every_dataset_refuses_figures_times_ten(dataset: str, product: str, tmp_path: Path) -> None:
    value = quantity(dataset)
    line = spoilt(dataset, product, tmp_path, lambda figures: figures.with_columns(pl.col(value) * 10))
    assert "times" in line or "closed years" in line or "rows break" in line


@pytest.mark.parametrize(("dataset", "product"), NEWEST)
def test_every_dataset_refuses_a_file_with_a_row_in_six_missing(dataset: str, product: str, tmp_path: Path) -> None:
    def thinned(figures: pl.DataFrame) -> pl.DataFrame:
        return figures.sort(CONTRACTS[f"sources.{dataset}"].grain).filter(pl.int_range(pl.len()) % 6 != 2)

    line = spoilt(dataset, product, tmp_path, thinned)
    assert any(words in line for words in ("have no row", "closed years differ", "may be withdrawn", "break the rule"))


@pytest.mark.parametrize(("dataset", "product"), NEWEST)
def test_every_dataset_refuses_a_month_that_has_not_ended(dataset: str, product: str, tmp_path: Path) -> None:
    def ahead(figures: pl.DataFrame) -> pl.DataFrame:
        last = figures.filter(pl.col("month") == pl.col("month").max())
        return pl.concat([figures, last.with_columns(pl.lit(date(2026, 8, 1)).alias("month"))])

    assert "public on 2026-08-14 but with figures for 2026-08" in spoilt(dataset, product, tmp_path, ahead)


def test_a_state_with_a_death_more_breaks_the_sum_before_anything_is_let_in(tmp_path: Path) -> None:
    def wrong(figures: pl.DataFrame) -> pl.DataFrame:
        is_cell = (pl.col("jurisdiction") == "US-TX") & (pl.col("indicator") == "overdose_deaths")
        return figures.with_columns(pl.col("deaths_12m") + is_cell.cast(pl.Int64))

    line = spoilt("cdc_overdose_deaths", "all", tmp_path, wrong)
    assert "rows break the rule jurisdictions_make_the_us" in line
    assert "change pipelines/sources/cdc_overdose_deaths.yml" in line


def test_predictions_that_are_gone_are_refused(tmp_path: Path) -> None:
    none = pl.lit(None, pl.Int64).alias("predicted_12m")
    line = spoilt("cdc_overdose_deaths", "all", tmp_path, lambda figures: figures.with_columns(none))
    assert "predicted_12m in months of both releases" in line
    assert "0 times" in line


# Workbooks ------------------------------------------------------------------------------------------------------------


def workbook(path: Path, content: bytes | None = None) -> Raw:
    if content is None:
        write_workbook(path, {"country": '"year","CTY_CODE"\n"2020","2010"\n'})
    else:
        path.write_bytes(content)
    return Raw("us_mexico_trade", path, PUBLIC, "receipt", "00", "2026-02-14T00:00:00Z", "")


def refusal(raw: Raw) -> str:
    with pytest.raises(Refused) as refused:
        read_sheet(raw, "country", {"year": "year", "CTY_CODE": "country_code"})
    assert str(refused.value).startswith("us_mexico_trade book.xlsx: ")
    return str(refused.value)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    raw = workbook(tmp_path / "book.xlsx")
    with zipfile.ZipFile(raw.path, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet2.xml", b" " * 30_000_000)
    assert raw.path.stat().st_size < 100_000
    line = refusal(raw)
    assert "unpack to 30," in line
    assert "as a zip bomb does; not read, fetch the workbook" in line


def test_a_workbook_that_unpacks_to_little_is_read(tmp_path: Path) -> None:
    raw = workbook(tmp_path / "book.xlsx")
    with zipfile.ZipFile(raw.path, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet2.xml", b" " * 3_000_000)
    assert read_sheet(raw, "country", {"year": "year", "CTY_CODE": "country_code"}).height == 1


def test_a_workbook_with_a_damaged_part_is_refused(tmp_path: Path) -> None:
    raw = workbook(tmp_path / "book.xlsx")
    raw.path.write_bytes(raw.path.read_bytes().replace(b"2020", b"2021", 1))
    assert "sheet1.xml in it is damaged; fetch the workbook again" in refusal(raw)


def test_a_table_of_text_under_the_name_of_a_workbook_is_refused(tmp_path: Path) -> None:
    assert "not a whole workbook" in refusal(workbook(tmp_path / "book.xlsx", b"year,CTY_CODE\r\n2020,2010\r\n"))


# A whole refresh ------------------------------------------------------------------------------------------------------


def test_faults_of_three_datasets_leave_them_as_they_were_and_a_fourth_is_published(copy: Clone) -> None:
    before = digests(copy)
    bomb = workbook(copy.warehouse / "bomb.xlsx")
    with zipfile.ZipFile(bomb.path, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet2.xml", b" " * 30_000_000)
    faulty = {
        DRUGS: ("kg.csv", each(times(KG, POUNDS), is_open), "0.454 times; it may be restated by 0.7 to 1.4 times"),
        "us_mexico_trade": ("country.xlsx", bomb.path.read_bytes(), "as a zip bomb does"),
        "cdc_overdose_deaths": ("VSRR.csv", CHALLENGE, "this is a challenge page, not data"),
    }
    for dataset, (name, content, _) in faulty.items():
        copy.drop(dataset, name, content, json.dumps({"published": str(PUBLIC)}))
    rows = publishers.with_next_month(publishers.state_encounters(publishers.bundled(STATES)[-1], open_year=2024))
    copy.drop(STATES, "nationwide-encounters-fy21-fy24-dec-state.csv", csv(rows), '{"published": "2024-01-26"}')

    done = copy("refresh")

    assert done.returncode == 2, done.stderr
    for dataset, (name, _, words) in faulty.items():
        (line,) = (line for line in done.stderr.splitlines() if f"{dataset} {name}" in line)
        assert words in line
    after = digests(copy)
    for dataset in faulty:
        for table in (f"vintages.{dataset}", f"sources.{dataset}"):
            assert after[table] == before[table]
    assert after[f"sources.{STATES}"] != before[f"sources.{STATES}"]
    assert copy.ask(f"select max(month)::varchar from sources.{STATES}") == [("2023-12-01",)]
    shown = [line for line in copy("status").stdout.splitlines() if "REFUSED: 1 file" in line]
    assert {line.split()[0] for line in shown} == set(faulty)
    assert all("STALE: a file was refused, so what is held is the last good release" in line for line in shown)


def digests(clone: Clone) -> dict[str, str]:
    """The hash of each published table."""
    lines = (line.split() for line in clone("digest").stdout.splitlines())
    return {name: sha256 for sha256, name in lines}
