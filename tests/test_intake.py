"""Letting releases in: which date holds for a file, what is the same, what is a revision, what is forgotten."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from pipelines import intake
from pipelines.project import ROOT, Project
from pipelines.sources import cbp_drug_seizures
from pipelines.warehouse import Work, writing
from tests import publishers
from tests.conftest import Clone

DATASET = "cbp_drug_seizures"
TUCSON = ["Office of Field Operations", "Southwest Border", "Land Only", "TUCSON FIELD OFFICE"]


class Desk:
    """The dataset's inbox in a warehouse that starts from the bundle."""

    def __init__(self, folder: Path) -> None:
        self.project = Project(ROOT, folder, folder / "inbox" / "documents", None, ROOT / "seeds" / "history")

    @contextmanager
    def work(self) -> Iterator[Work]:
        with writing(self.project, print) as work:
            yield work

    def drop(self, name: str, content: bytes, published: str | None = None) -> Path:
        folder = self.project.inbox / DATASET
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        if published:
            (folder / f"{name}.receipt.json").write_text(json.dumps({"published": published}), encoding="utf-8")
        return folder / name

    def look(self) -> intake.Look:
        with self.work() as work:
            return intake.take_in(work, work.declared[f"sources.{DATASET}"], cbp_drug_seizures.normalize)

    def vintages(self) -> list[tuple[date, str]]:
        with self.work() as work:
            return work.rows(
                f"select vintage, vintage_basis from vintages.releases where dataset = '{DATASET}' order by vintage"
            )

    def forget(self) -> None:
        """As a change of code does: the cache is gone, what lies in raw and inbox is read again."""
        self.project.work.unlink()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def rows(fresh: Clone) -> list[list[str]]:
    return publishers.drug_seizures(fresh.published)


def more(rows: list[list[str]], pounds: str) -> bytes:
    """The release one month later, in which so much fentanyl was seized in Tucson."""
    later = publishers.with_next_month(rows)
    place = later.index(next(row for row in later if row[:7] == ["2026 (FYTD)", "JAN", *TUCSON, "Fentanyl"]))
    return publishers.as_csv([*later[:place], [*later[place][:8], pounds], *later[place + 1 :]])


def test_a_file_of_a_bundled_release_keeps_its_date_however_it_comes(desk: Desk, rows: list[list[str]]) -> None:
    bundled = Desk(desk.project.warehouse / "other")
    bundled.look()
    desk.drop("again.csv", publishers.as_csv(rows))
    assert [note.endswith("again; skipped") for note in desk.look().notes] == [True]
    assert desk.vintages() == bundled.vintages()
    desk.forget()
    desk.look()
    assert desk.vintages() == bundled.vintages()


def test_an_old_file_without_a_date_is_no_release_of_today(desk: Desk) -> None:
    desk.look()
    before = desk.vintages()
    may = publishers.drug_release(publishers.bundled(DATASET)[-2], open_year=2025)
    old = [row for row in may if row[:2] != ["2025 (FYTD)", "MAY"]]
    desk.drop("old.csv", publishers.as_csv(old))
    assert "ends in 2025-04 while 2025-12 is held" in desk.look().refused[0]
    assert "old.csv.receipt.json" in desk.look().refused[0]
    assert desk.vintages() == before
    desk.drop("old.csv", publishers.as_csv(old), published="2025-05-20")
    assert desk.look().refused == []
    assert [one for one in desk.vintages() if one not in before] == [(date(2025, 5, 20), "receipt")]


def test_a_publishers_return_to_earlier_figures_is_a_release(desk: Desk, rows: list[list[str]]) -> None:
    desk.drop("a.csv", more(rows, "100"), published="2026-02-14")
    desk.drop("b.csv", more(rows, "200"), published="2026-03-14")
    # Other bytes, the same figures: the rows come in another order.
    desk.drop("c.csv", more(list(reversed_rows(rows)), "100"), published="2026-04-14")
    look = desk.look()
    assert (look.notes, look.refused) == ([], [])
    assert [str(day) for day, _ in desk.vintages()][-3:] == ["2026-02-14", "2026-03-14", "2026-04-14"]


def reversed_rows(rows: list[list[str]]) -> Iterator[list[str]]:
    yield rows[0]
    yield from reversed(rows[1:])


def test_equal_figures_keep_their_earliest_date_in_whatever_order_they_come(desk: Desk, rows: list[list[str]]) -> None:
    desk.drop("late.csv", more(rows, "100"), published="2026-03-14")
    desk.look()
    desk.drop("early.csv", more(list(reversed_rows(rows)), "100"), published="2026-02-14")
    desk.look()
    found = desk.vintages()
    assert found[-1] == (date(2026, 2, 14), "receipt")
    desk.forget()
    desk.look()
    assert desk.vintages() == found


def test_of_one_days_releases_the_later_kept_holds(desk: Desk, rows: list[list[str]]) -> None:
    desk.drop("first.csv", more(rows, "100"), published="2026-02-14")
    desk.look()
    first = next((desk.project.warehouse / "raw" / DATASET / "2026-02-14").glob("*.receipt.json"))
    first.write_text(first.read_text().replace('"fetched_at": "20', '"fetched_at": "19'), encoding="utf-8")
    desk.drop("second.csv", more(rows, "200"), published="2026-02-14")
    desk.look()
    with desk.work() as work:
        held = work.rows(f"select file from vintages.releases where dataset = '{DATASET}' and vintage = '2026-02-14'")
        cell = "month = '2026-01-01' and area = 'tucson_field_office' and drug = 'fentanyl'"
        figures = work.rows(f"select seized_lb from vintages.{DATASET} where {cell}")
    assert (held, figures) == ([("second.csv",)], [(200.0,)])


def test_a_corrected_receipt_holds_from_then_on(desk: Desk, rows: list[list[str]]) -> None:
    path = desk.drop("new.csv", more(rows, "100"), published="2025-11-14")
    assert "public on 2025-11-14 but with figures for 2026-01, which had not ended" in desk.look().refused[0]
    desk.drop(path.name, more(rows, "100"), published="2026-02-14")
    with desk.work() as work:
        assert not intake.nothing_new(work, work.declared[f"sources.{DATASET}"])
    assert desk.look().refused == []
    assert desk.vintages()[-1] == (date(2026, 2, 14), "receipt")


def test_a_file_of_noise_is_refused_in_one_readable_line_and_forgotten_with_the_file(desk: Desk) -> None:
    path = desk.drop("noise.csv", b"a,b\x00c,\x1b[31md\n1,2,3\n")
    line = desk.look().refused[0]
    assert line.isprintable()
    assert line.startswith(f"{DATASET} noise.csv: column 'FY' missing")
    path.unlink()
    assert desk.look().refused == []


def times_three(rows: list[list[str]]) -> bytes:
    """The release one month later, with three times the weights in its new month."""
    later = publishers.with_next_month(rows)
    is_new = [row[:2] == ["2026 (FYTD)", "JAN"] for row in later]
    pairs = zip(later, is_new, strict=True)
    return publishers.as_csv([[*row[:8], str(3 * float(row[8]))] if new else row for row, new in pairs])


def test_a_file_taken_away_takes_with_it_what_was_refused_because_of_it(desk: Desk, rows: list[list[str]]) -> None:
    desk.look()
    before = desk.vintages()
    bad = desk.drop("bad.csv", times_three(rows), published="2026-02-14")
    assert desk.look().refused == []
    good = publishers.as_csv(publishers.with_next_month(rows))
    desk.drop("good.csv", good, published="2026-03-14")
    (line,) = desk.look().refused
    assert "good.csv" in line
    assert "bad.csv" in line
    held = desk.vintages()
    desk.forget()
    assert desk.look().refused == [line], "what is held does not depend on when it is read"
    assert desk.vintages() == held
    for path in (bad, *(desk.project.warehouse / "raw" / DATASET / "2026-02-14").glob("bad.csv*")):
        path.unlink()
    assert desk.look().refused == []
    assert desk.vintages() == [*before, (date(2026, 3, 14), "receipt")]


def test_a_file_too_large_for_a_release_is_refused_unread(desk: Desk) -> None:
    path = desk.drop("huge.csv", b"FY,")
    with path.open("r+b") as handle:
        handle.truncate(2_000_000_000)  # sparse: no byte of it is written
    assert desk.look().refused == [
        f"{DATASET} huge.csv: 2,000,000,000 bytes, more than 200,000,000; no release is so large"
    ]


def test_a_misdated_receipt_is_refused_by_name(desk: Desk, rows: list[list[str]]) -> None:
    path = desk.drop("new.csv", more(rows, "100"))
    path.with_name("new.csv.receipt.json").write_text('{"published": "yesterday"}', encoding="utf-8")
    assert desk.look().refused[0].startswith(f"{DATASET} new.csv.receipt.json: not a receipt; write ")


def test_nothing_is_left_of_a_dataset_whose_contract_is_gone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.look()
    from pipelines import contract_files

    declared = contract_files.load(ROOT)
    del declared[f"sources.{DATASET}"]
    monkeypatch.setattr(contract_files, "load", lambda _root: declared)
    with desk.work() as work:
        for table in ("vintages.releases", "meta.files", "meta.looks", "meta.tables"):
            column = "dataset" if table in ("vintages.releases", "meta.files") else "name"
            assert work.rows(f"select 1 from {table} where {column} like '%{DATASET}'") == [], table
        assert not work.exists(f"vintages.{DATASET}")
