"""`entente evidence` and the excerpts: a statement in its context where the text is at hand, and never much of it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import duckdb
import polars as pl
import pytest
from click.testing import CliRunner, Result

from pipelines import contract_files, feeds
from pipelines.cli import main
from pipelines.documents import excerpts
from pipelines.project import ROOT, Project
from pipelines.seeds import Seeds
from pipelines.warehouse import Work, writing

DECLARED = contract_files.load(ROOT)
FEEDS = {contract.stem: contract for contract in DECLARED.values() if contract.feed is not None}
BEFORE = ["The first sentence is about farms.", "The second one is about schools.", "The third one is about roads."]
SAID = "We will impose tariffs on Mexico."
AFTER = ["Then we will build roads.", "Then we will build schools."]
LONG = "We thank Mexico for its help " + " ".join(f"and step {number}" for number in range(1, 13)) + "."
ADDRESS = "https://sample.house.gov/media/a-release"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A warehouse with one press release read, coded and published."""
    folder = tmp_path_factory.mktemp("evidence")
    release = {
        "url": ADDRESS,
        "title": "A release",
        "date": "2025-08-12",
        "domain": "sample.house.gov",
        "text": " ".join(["Zero.", *BEFORE, SAID, *AFTER]) + f"\n{LONG}",
        "member": {"name": "Ann Sample", "party": "Republican", "state": "TX", "chamber": "House"},
    }
    texts = folder / "texts" / "congress_press_releases" / "data" / "2025" / "2025-08.jsonl"
    texts.parent.mkdir(parents=True)
    texts.write_text(json.dumps(release) + "\n", encoding="utf-8")
    project = Project(ROOT, folder / "w", folder / "w" / "inbox" / "documents", None, folder / "no history")
    contract = FEEDS["congress_press_releases"]
    out = project.warehouse / "documents" / contract.stem
    done = feeds.code_feed(contract, [folder / "texts"], set(), out, Seeds(ROOT, DECLARED))
    assert (done.documents, done.bilateral_sentences) == (1, 2)
    _publish(project, out)
    return project


def _publish(project: Project, out: Path) -> None:
    """A published database of the tables that `entente evidence` asks, from the parts."""
    with duckdb.connect(str(project.published)) as connection:
        connection.execute("create schema meta; create schema documents")
        connection.execute("create table meta.publication as select 'of a test' as publication_id")
        for table in ("readings", "codings"):
            parts = str(out / table / "*.parquet")
            connection.execute(f"create table documents.{table} as select * from read_parquet('{parts}')")
        connection.execute("create table documents.texts as select * from documents.readings")
        connection.execute(
            """
            create table documents.statements as
            select codings.*, readings.feed, readings.genre, readings.date, readings.language, readings.url
            from documents.codings join documents.readings using (document_id, raw_sha256)
            """
        )
        connection.execute("alter table documents.statements drop column raw_sha256")


@pytest.fixture
def statement(project: Project) -> str:
    with duckdb.connect(str(project.published), read_only=True) as connection:
        return connection.sql("select statement_id from documents.statements where hostility = 3").fetchone()[0]


def evidence(project: Project, *arguments: str) -> Result:
    """One `entente evidence` on the project's warehouse."""
    env = {"ENTENTE_WAREHOUSE": str(project.warehouse), "ENTENTE_DOCUMENTS": None, "ENTENTE_ARCHIVE": None}
    return CliRunner().invoke(main, ["evidence", *arguments], env=env)


def test_a_statement_is_shown_in_its_context_with_speaker_codes_and_address(project: Project, statement: str) -> None:
    done = evidence(project, statement[:6].upper())
    assert (done.exit_code, done.stderr) == (0, "")
    head, context = done.stdout.split("\n\n")
    shown = context.splitlines()
    assert shown[:6] == [*(f"  {sentence}" for sentence in BEFORE), f"> {SAID}", *(f"  {said}" for said in AFTER)]
    assert "Zero." not in context
    for told in (statement, "Ann Sample (legislator, US", "2025-08-12", "A release", ADDRESS, "direction US>MX"):
        assert told in head
    assert re.search("“[^”]*tariffs[^”]*”", head)


def test_as_json_it_has_the_context_and_the_place_of_each_term(project: Project, statement: str) -> None:
    answer = json.loads(evidence(project, statement, "--json").stdout)
    assert answer["context"]["before"] == BEFORE
    assert answer["context"]["sentence"] == SAID
    assert answer["context"]["after"][:2] == AFTER
    assert (answer["hostility"], answer["date"], answer["url"]) == (3, "2025-08-12", ADDRESS)
    places = {SAID[term["start"] : term["end"]] for term in answer["terms"] if term["start"] is not None}
    assert any("tariffs" in words for words in places)


def test_without_the_text_one_line_says_how_to_get_it(project: Project, statement: str, tmp_path: Path) -> None:
    bare = Project(ROOT, tmp_path, tmp_path / "inbox" / "documents", None, tmp_path)
    bare.published.write_bytes(project.published.read_bytes())
    done = evidence(bare, statement)
    assert done.exit_code == 0
    assert "direction US>MX" in done.stdout
    assert SAID not in done.stdout
    (line,) = done.stderr.splitlines()
    for told in ("congress_press_releases.zip", "inbox/documents", "ENTENTE_DOCUMENTS", "entente refresh", ADDRESS):
        assert told in line
    answer = json.loads(evidence(bare, statement, "--json").stdout)
    assert answer["context"] is None
    assert answer["not_at_hand"] == line


def test_the_text_is_shown_when_another_version_read_it_and_only_where_its_words_are_the_same(
    project: Project, statement: str, tmp_path: Path
) -> None:
    other = Project(ROOT, tmp_path, tmp_path / "inbox" / "documents", None, tmp_path)
    other.published.write_bytes(project.published.read_bytes())
    part = next((project.warehouse / "documents" / "congress_press_releases" / "turns").glob("*.parquet"))
    turns = pl.read_parquet(part).with_columns(pl.lit("00000000.0000").alias("method_version"))
    at = other.warehouse / "documents" / "congress_press_releases" / "turns" / part.name
    at.parent.mkdir(parents=True)
    turns.write_parquet(at)
    assert f"> {SAID}" in evidence(other, statement).stdout
    turns.with_columns(pl.concat_str(pl.lit("Moved. "), "text").alias("text")).write_parquet(at)
    assert "is not at hand" in evidence(other, statement).stderr


@pytest.mark.parametrize(
    ("identity", "words"),
    [
        ("0123456789abcdef", "no statement 0123456789abcdef is published"),
        ("abcde", "at least 6"),
        ("no id", "'no id' is no statement id"),
    ],
)
def test_an_id_that_is_none_is_one_readable_line(identity: str, words: str, project: Project) -> None:
    done = evidence(project, identity)
    assert done.exit_code == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("entente: ")
    assert words in line


def test_an_ambiguous_beginning_names_the_ids(project: Project, statement: str, tmp_path: Path) -> None:
    other = Project(ROOT, tmp_path, tmp_path / "inbox" / "documents", None, tmp_path)
    other.published.write_bytes(project.published.read_bytes())
    twin = statement[:8] + "00000000"
    with duckdb.connect(str(other.published)) as connection:
        connection.execute(
            f"insert into documents.statements select * replace ('{twin}' as statement_id) "
            f"from documents.statements where statement_id = '{statement}'"
        )
    done = evidence(other, statement[:8])
    assert done.exit_code == 1
    assert statement in done.stderr
    assert twin in done.stderr
    assert evidence(other, statement).exit_code == 0


def test_before_a_publication_it_says_what_to_do(tmp_path: Path) -> None:
    done = evidence(Project(ROOT, tmp_path, tmp_path, None, tmp_path), "abcdef")
    assert (done.exit_code, done.stderr) == (1, "entente: nothing is published yet; run `entente refresh`\n")


# Excerpts -------------------------------------------------------------------------------------------------------------


def _excerpts(work: Work) -> list[str]:
    frame = excerpts.make(work)
    assert dict(frame.schema) == DECLARED["documents.excerpts"].schema
    return sorted(frame["excerpt"].to_list())


def test_an_excerpt_is_the_beginning_of_the_sentence_and_never_more_than_25_words(project: Project) -> None:
    with writing(project, print) as work:
        thanks, threat = _excerpts(work)
    assert threat == SAID or thanks == SAID
    (cut,) = {thanks, threat} - {SAID}
    assert LONG.startswith(cut.removesuffix("…"))
    assert cut.endswith("…")
    assert len(cut.split()) == 25


def test_a_clone_without_texts_has_no_excerpts(tmp_path: Path) -> None:
    with writing(Project(ROOT, tmp_path, tmp_path, None, tmp_path / "no history"), print) as work:
        assert _excerpts(work) == []


@pytest.mark.parametrize(
    "sentence",
    [
        " ".join(map(str, range(26))),
        "… " * 30,
        "a—b " * 20,
        "yes – no " * 20,
        "…start " + "word " * 40,
        "one…two" * 30,
    ],
)
def test_no_way_of_counting_finds_more_than_25_words(sentence: str) -> None:
    found = excerpts.beginning(sentence)
    assert len(found.split()) <= 25
    assert len(re.findall(r"\w+", found)) <= 25
    assert found.endswith("…")


def test_a_sentence_of_25_words_is_whole() -> None:
    assert excerpts.beginning(" ".join("w" for _ in range(25)) + ".") == " ".join("w" for _ in range(25)) + "."
