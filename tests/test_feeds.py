"""Coding a feed: the same rows from a zip and a folder, nothing twice, and a damaged file does not stop the others."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import polars as pl
import pytest

from pipelines import contract_files, feeds
from pipelines.feeds import Outcome, code_feed, members
from pipelines.rhetoric.version import feed_version
from pipelines.seeds import Seeds

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "tests" / "documents"
DECLARED = contract_files.load(ROOT)
SEEDS = Seeds(ROOT, DECLARED)
FEEDS = {contract.stem: contract for contract in DECLARED.values() if contract.feed is not None}
SAMPLE = {"white_house": "types", "presidencia_amlo": "blocks", "trump_posts": "copies", "articles": "manifest"}


class Desk:
    """A folder of documents and a folder of parts."""

    def __init__(self, folder: Path, feed: str = "white_house") -> None:
        self.feed, self.places, self.out = feed, folder / "documents", folder / "parts"
        self.contract = FEEDS[feed]
        self.places.mkdir(parents=True)

    @property
    def folder(self) -> Path:
        return self.places / self.contract.feed.files[0].removesuffix(".zip")

    def lay(self) -> Path:
        """The sample's files as a folder."""
        shutil.copytree(SAMPLES / self.feed / SAMPLE[self.feed] / "archive", self.folder)
        return self.folder

    def pack(self, name: str | None = None) -> Path:
        """The folder's files as a zip archive in its place."""
        path = self.places / (name or self.contract.feed.files[0])
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(self.folder.rglob("*")):
                if file.is_file():
                    archive.write(file, file.relative_to(self.folder).as_posix())
        shutil.rmtree(self.folder)
        return path

    def known(self) -> set[tuple[str, str]]:
        parts = self.rows("readings") if (self.out / "readings").is_dir() else None
        return set() if parts is None else set(parts.select("raw_sha256", "method_version").iter_rows())

    def run(self, progress: feeds.Progress | None = None) -> Outcome:
        return code_feed(self.contract, [self.places], self.known(), self.out, SEEDS, progress)

    def rows(self, table: str) -> pl.DataFrame:
        parts = sorted((self.out / table).glob("*.parquet"))
        return pl.concat([pl.read_parquet(path) for path in parts])

    def names(self) -> list[str]:
        return sorted(path.relative_to(self.out).as_posix() for path in self.out.rglob("*") if path.is_file())


def alike(one: Desk, other: Desk) -> None:
    for table in feeds.TABLES:
        assert one.rows(table).equals(other.rows(table)), table


@pytest.mark.parametrize("feed", SAMPLE)
def test_zip_and_folder_give_the_same_rows(feed: str, tmp_path: Path) -> None:
    folder, packed = Desk(tmp_path / "a", feed), Desk(tmp_path / "b", feed)
    folder.lay()
    if feed != "articles":
        packed.lay()
        packed.pack()
    else:
        shutil.copytree(packed.lay(), packed.places / feed)
        shutil.rmtree(packed.folder)
    assert folder.run() == packed.run()
    assert folder.run().documents == 0
    alike(folder, packed)
    assert folder.names() == packed.names()


def test_second_run_codes_nothing_and_leaves_the_parts_alone(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.lay()
    first = desk.run()
    before = {name: (desk.out / name).stat().st_mtime_ns for name in desk.names()}
    second = desk.run()
    assert (first.members, first.documents, first.known) == (3, 3, 0)
    assert (second.members, second.documents, second.known) == (3, 0, 3)
    assert before == {name: (desk.out / name).stat().st_mtime_ns for name in desk.names()}


def spoil(path: Path, name: str) -> None:
    """Damage the bytes of a file in an archive, whose directory stays as it is."""
    with zipfile.ZipFile(path) as archive:
        entry = next(entry for entry in archive.infolist() if entry.filename.endswith(name))
        at = entry.header_offset + 30 + len(entry.filename) + entry.compress_size // 2
    content = bytearray(path.read_bytes())
    content[at : at + 8] = b"damaged!"
    path.write_bytes(bytes(content))


def test_a_transcript_with_nothing_below_its_header_is_held_with_its_reason(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "presidencia_amlo")
    path = desk.folder / "articulos" / "2020" / "noviembre" / "07--version-estenografica-1.txt"
    path.parent.mkdir(parents=True)
    path.write_text("Un título\nPresidencia de la República\n07 de noviembre de 2020\n---\n", encoding="utf-8")
    outcome = desk.run()
    assert (outcome.documents, outcome.words, outcome.refused) == (1, 0, ())
    assert desk.rows("readings").select("excluded", "words").rows() == [("empty", 0)]


def test_same_files_named_twice_are_read_once(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    folder = desk.lay()
    shutil.copytree(folder, desk.places / "again")
    desk.pack()
    shutil.move(desk.places / "again", folder)
    outcome = desk.run()
    assert (outcome.members, outcome.repeated, outcome.documents) == (6, 3, 3)


def test_files_in_the_feeds_own_folder_are_found_loose_and_zipped(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "presidencia_amlo")
    sample = desk.lay()
    own = desk.places / "presidencia_amlo"
    shutil.copytree(sample / "articulos" / "2019", own / "articulos" / "2019")
    shutil.rmtree(sample / "articulos" / "2019")
    desk.pack("presidencia_amlo/upload.zip")
    (own / ".DS_Store").write_bytes(b"x")
    (own / "upload.zip.receipt.json").write_text("{}", encoding="utf-8")
    found, refused = members(desk.contract, [desk.places])
    assert not refused
    assert [member.path.name[:12] for member in found] == ["07--mensaje-", "09--version-"]
    assert desk.run().documents == 2


def test_damaged_member_is_refused_and_the_others_go_on(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    bad = desk.lay() / "articles" / "2025-07" / "2025-07-02-what-they-say.md"
    bad.write_bytes(b"---\ndate: '2025-07-02'\n\xff\xfe\n")
    outcome = desk.run()
    assert outcome.documents == 2
    assert len(outcome.refused) == 1
    assert "2025-07-02-what-they-say.md line 3: not UTF-8" in outcome.refused[0]
    assert desk.rows("readings")["raw_file"].str.contains("what-they-say").sum() == 0


def test_archive_damaged_at_one_file_gives_the_others(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.lay()
    spoil(desk.pack(), ".md")
    outcome = desk.run()
    assert outcome.documents == 2
    assert len(outcome.refused) == 1
    assert "fetch it again" in outcome.refused[0]


def test_archive_that_is_none_is_refused_and_the_folder_beside_it_read(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.lay()
    (desk.places / "white_house.zip").write_bytes(b"<html>challenge</html>")
    outcome = desk.run()
    assert outcome.documents == 3
    assert outcome.refused == (
        "white_house white_house.zip: not a zip archive (File is not a zip file); fetch it again",
    )


def test_changed_member_is_coded_anew_beside_the_earlier_text(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    path = desk.lay() / "articles" / "2025-07" / "2025-07-02-what-they-say.md"
    desk.run()
    path.write_text(path.read_text(encoding="utf-8").replace("on notice", "on notice again"), encoding="utf-8")
    outcome = desk.run()
    assert (outcome.known, outcome.documents) == (2, 1)
    rows = desk.rows("readings").filter(pl.col("raw_file").str.contains("what-they-say"))
    assert (rows["document_id"].n_unique(), rows["raw_sha256"].n_unique(), rows["body_sha256"].n_unique()) == (1, 2, 2)
    grain = DECLARED["documents.readings"].grain
    assert not desk.rows("readings").select(grain).is_duplicated().any()


def test_changed_manifest_reads_its_articles_anew(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "articles")
    manifest = desk.lay() / "manifest.csv"
    desk.run()
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("2023-06-12", "2023-06-13"), encoding="utf-8")
    assert desk.run().documents == 2


def test_other_method_codes_all_anew(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.lay()
    desk.run()
    older = {(digest, "00000000.0000") for digest, _ in desk.known()}
    outcome = code_feed(desk.contract, [desk.places], older, desk.out, SEEDS)
    assert (outcome.known, outcome.documents) == (0, 3)
    assert desk.rows("readings").height == 3, "the same part again, not a second one"
    assert set(desk.rows("readings")["method_version"]) == {feed_version(ROOT, "white_house")}


def test_part_without_its_readings_is_swept(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.lay()
    desk.run()
    before = desk.names()
    for table, name in (
        ("turns", "feedfeedfeedfeed.parquet"),
        ("codings", "feedfeedfeedfeed.parquet"),
        ("turns", ".x.7"),
    ):
        (desk.out / table / name).write_bytes(b"half a part")
    desk.run()
    assert desk.names() == before


def test_processes_and_batches_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, many = Desk(tmp_path / "a"), Desk(tmp_path / "b")
    one.lay()
    many.lay()
    told: list[tuple[int, int]] = []
    one.run()
    monkeypatch.setattr(feeds, "BATCH_BYTES", 1)
    monkeypatch.setattr(feeds, "POOL_FROM_BYTES", 1)
    outcome = many.run(lambda done, total: told.append((done, total)))
    assert outcome.documents == 3
    assert len(list((many.out / "readings").glob("*.parquet"))) == 3
    for table in feeds.TABLES:
        keys = DECLARED[f"documents.{table}"].grain if table != "turns" else ("document_id", "raw_sha256", "turn")
        assert one.rows(table).sort(keys).equals(many.rows(table).sort(keys)), table
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] == told[-1][1] > 0


def told() -> tuple[int, str | None]:
    """The process and how many threads Polars may use in it."""
    return os.getpid(), os.environ.get(feeds.THREADS)


def test_each_process_that_codes_keeps_to_one_thread() -> None:
    feeds.close()
    pool = feeds._pool()
    threads: dict[int, str | None] = {}
    for _ in range(1000):  # until each has told
        threads |= dict([each.result() for each in [pool.submit(told) for _ in range(feeds.PROCESSES)]])
        if len(threads) == feeds.PROCESSES:
            break
    assert list(threads.values()) == ["1"] * feeds.PROCESSES


def test_rows_pass_the_contracts_ranges_and_rules(tmp_path: Path) -> None:
    import duckdb

    desk = Desk(tmp_path)
    desk.lay()
    desk.run()
    connection = duckdb.connect()
    connection.execute("create schema documents")
    for table in ("readings", "codings"):
        contract = DECLARED[f"documents.{table}"]
        rows = desk.rows(table)
        assert rows.height, table
        assert dict(rows.schema) == contract.schema
        connection.register("rows_now", rows.to_arrow())
        connection.execute(f"create table documents.{table} as from rows_now")
        for column, about in contract.columns.items():
            if about.values:
                assert set(rows[column].drop_nulls()) <= set(about.values), column
            assert about.nullable or rows[column].null_count() == 0, column
        for name, rule in contract.rules.items():
            assert connection.sql(rule.sql).fetchall() == [], name


# The archive ----------------------------------------------------------------------------------------------------------


@pytest.mark.archive
def test_cut_off_copies_lie_in_their_twins(archive: Path, tmp_path: Path) -> None:
    contract = FEEDS["presidencia_sheinbaum"]
    code_feed(contract, [archive / "corpora"], set(), tmp_path, SEEDS)
    rows = pl.concat([pl.read_parquet(path) for path in sorted((tmp_path / "readings").glob("*.parquet"))])
    cut = rows.filter(pl.col("raw_file").str.starts_with("truncated"))
    whole = {
        row["document_id"]: row for row in rows.filter(~pl.col("raw_file").str.starts_with("truncated")).to_dicts()
    }
    assert cut.height == 8
    shares = []
    for row in cut.iter_rows(named=True):
        twin = whole.get(row["document_id"])
        if twin is not None:
            shares.append(len(set(row["sketch"]) & set(twin["sketch"])) / len(row["sketch"]))
            assert row["words"] < 0.45 * twin["words"]
    # The eighth is an event of a day of which the archive holds another text.
    assert len(shares) == 7
    assert min(shares) >= 0.9


@pytest.mark.archive
@pytest.mark.long
def test_whole_archive_is_read_within_bounds(archive: Path, tmp_path: Path) -> None:
    bilateral, equal_bodies = {}, 0
    archived = {stem: contract for stem, contract in FEEDS.items() if contract.rows.min}  # live looks fill the others
    assert len(archived) >= 8
    for stem, contract in archived.items():
        outcome = code_feed(contract, [archive / "corpora", archive], set(), tmp_path / stem, SEEDS)
        assert contract.rows.min <= outcome.documents <= contract.rows.max, stem
        assert outcome.refused == (), stem
        bilateral[stem] = outcome.bilateral_sentences
        rows = pl.concat([pl.read_parquet(path) for path in sorted((tmp_path / stem / "readings").glob("*.parquet"))])
        assert not rows.select(DECLARED["documents.readings"].grain).is_duplicated().any()
        if stem == "white_house":
            bodies = rows.filter(pl.col("words") >= 40).group_by("body_sha256").len()
            equal_bodies = bodies.filter(pl.col("len") > 1).height
    assert min(bilateral.values()) > 50
    assert equal_bodies >= 2


ALONE = """
import resource, sys
from pathlib import Path
from tests.test_feeds import FEEDS, SEEDS, code_feed
code_feed(FEEDS["white_house"], [Path(sys.argv[1]) / "corpora"], set(), Path(sys.argv[2]), SEEDS)
print(max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))
"""


@pytest.mark.archive
@pytest.mark.long
def test_no_process_needs_a_gigabyte_to_read_and_code_the_widest_archive(archive: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", ALONE, str(archive), str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert 100_000 < int(done.stdout) < 1_000_000
