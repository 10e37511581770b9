"""A look opens only the files that are new to it, whatever their archive does, and never takes one for another."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import polars as pl

from pipelines import file_hashes
from pipelines.feeds import code_feed
from tests.test_feeds import SEEDS, Desk, spoil


def test_new_file_in_an_archive_is_read_without_opening_the_known_ones(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.lay()
    path = desk.pack()
    assert desk.run().documents == 3
    with zipfile.ZipFile(path) as archive:
        article = next(name for name in archive.namelist() if name.endswith("what-they-say.md"))
        text = archive.read(article).decode()
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("articles/2025-07/2025-07-03-again.md", text.replace("what-they-say", "again"))
    spoil(path, "what-they-say.md")
    outcome = desk.run()
    assert (outcome.members, outcome.known, outcome.documents, outcome.refused) == (4, 3, 1, ())


def test_other_method_opens_the_known_files_again_and_reports_the_spoilt_one(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.lay()
    path = desk.pack()
    desk.run()
    spoil(path, "what-they-say.md")
    outcome = code_feed(desk.contract, [desk.places], set(), desk.out, SEEDS)
    assert (outcome.known, outcome.documents, len(outcome.refused)) == (0, 2, 1)


def test_forgotten_hashes_are_taken_again_and_nothing_is_coded_twice(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.lay()
    desk.pack()
    desk.run()
    kept = (desk.out / file_hashes.NAME).read_bytes()
    (desk.out / file_hashes.NAME).unlink()
    outcome = desk.run()
    assert (outcome.known, outcome.documents) == (3, 0)
    assert pl.read_parquet(desk.out / file_hashes.NAME).equals(pl.read_parquet(kept))


def test_equal_files_under_two_names_of_an_archive_are_read_once(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    folder = desk.lay() / "articles" / "2025-07"
    shutil.copy(folder / "2025-07-02-what-they-say.md", folder / "2025-07-02-what-they-say-2.md")
    desk.pack()
    outcome = desk.run()
    assert (outcome.members, outcome.repeated, outcome.documents) == (4, 1, 3)
