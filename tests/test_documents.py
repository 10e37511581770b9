"""Each document feed reads its samples as expected and refuses damaged files with a message a person can act on.

`tests/documents/<feed>/<case>/archive/` holds files in the publisher's layout and `expect.yml` what they must give, a
turn as [tag, speaker, voice, side, text]; `tests/documents/<feed>/broken.yml` names edits that must be refused. The
texts are written for these tests.
"""

from __future__ import annotations

import importlib
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines import contract_files
from pipelines.errors import Refused
from pipelines.feeds import members
from pipelines.rhetoric.languages import language_of
from pipelines.rhetoric.speakers import Speakers
from pipelines.seeds import Seeds
from pipelines.texts import Document, Member, compose, normalised

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "tests" / "documents"
DECLARED = contract_files.load(ROOT)
FEEDS = {contract.stem: contract for contract in DECLARED.values() if contract.feed is not None}
SEEDS = Seeds(ROOT, DECLARED)
CASES = [
    pytest.param(feed, case.parent, id=f"{feed}-{case.parent.name}")
    for feed in FEEDS
    for case in sorted((SAMPLES / feed).glob("*/expect.yml"))
]
BROKEN = [
    pytest.param(feed, edit, id=f"{feed}-{edit['error'][:40]}")
    for feed in FEEDS
    for edit in yaml.safe_load((SAMPLES / feed / "broken.yml").read_text(encoding="utf-8"))
]


def documents(feed: str, place: Path) -> list[Document]:
    read = importlib.import_module(f"pipelines.documents.{feed}").read
    contract = FEEDS[feed]
    laid = place.parent / contract.feed.files[0].removesuffix(".zip")
    found, refused = members(contract, [place.parent]) if laid == place else ([], [])
    assert not refused
    return [document for member in found for document in read(member)]


def laid_out(feed: str, case: Path, folder: Path) -> Path:
    """A copy of the case's archive under the name the feed looks for."""
    place = folder / FEEDS[feed].feed.files[0].removesuffix(".zip")
    shutil.copytree(case / "archive", place)
    return place


def seen(feed: str, document: Document) -> dict[str, Any]:
    """A document as expect.yml writes it."""
    contract = FEEDS[feed]
    speakers = Speakers(feed, contract.feed, SEEDS["voices"], SEEDS["actors"])
    utterers = speakers.resolve((turn.speaker for turn in document.turns), document.genre, document.date)
    turns = []
    for turn in document.turns:
        who = utterers[turn.speaker]
        turns.append([turn.speaker, who.speaker, who.voice, who.side, document.text[turn.start : turn.end]])
    facts = {
        "path": document.path,
        "url": document.url,
        "title": document.title,
        "date": document.date,
        "date_precision": document.date_precision,
        "genre": document.genre,
        "language": document.language or language_of(document.text),
        "furniture_lines": document.furniture_lines,
        "repeated_paragraphs": document.repeated_paragraphs,
        "excluded": document.excluded,
        "turns": turns,
    }
    usual = {"url": None, "title": None, "date_precision": "day", "furniture_lines": 0, "repeated_paragraphs": 0}
    return {name: fact for name, fact in facts.items() if fact != ({**usual, "excluded": None}).get(name, ...)}


def test_every_feed_has_samples() -> None:
    assert len(FEEDS) >= 10
    for feed in FEEDS:
        assert list((SAMPLES / feed).glob("*/expect.yml")), f"tests/documents/{feed} has no sample; write one"


@pytest.mark.parametrize(("feed", "case"), CASES)
def test_sample_is_read_as_expected(feed: str, case: Path, tmp_path: Path) -> None:
    found = [seen(feed, document) for document in documents(feed, laid_out(feed, case, tmp_path))]
    assert found == yaml.safe_load((case / "expect.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("feed", "edit"), BROKEN)
def test_damaged_file_is_refused_with_file_and_remedy(feed: str, edit: dict[str, str], tmp_path: Path) -> None:
    cases = [path.parent for path in sorted((SAMPLES / feed).glob("*/expect.yml"))]
    case = next((each for each in cases if (each / "archive" / edit["file"]).is_file()), cases[0])
    place = laid_out(feed, case, tmp_path)
    path = place / edit["file"]
    if "replace" in edit:
        text = path.read_text(encoding="utf-8")
        assert edit["replace"] in text
        content = text.replace(edit["replace"], edit["with"]).encode()
    else:
        content = edit["content"].encode() if "content" in edit else edit["latin1"].encode("latin-1")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    with pytest.raises(Refused) as refused:
        documents(feed, place)
    message = str(refused.value)
    assert edit["error"] in message
    assert message.startswith(f"{feed} ")
    assert ";" in message, "the remedy is missing"


@pytest.mark.parametrize(("feed", "case"), CASES)
def test_turns_are_slices_in_order(feed: str, case: Path, tmp_path: Path) -> None:
    for document in documents(feed, laid_out(feed, case, tmp_path)):
        edges = [edge for turn in document.turns for edge in (turn.start, turn.end)]
        assert edges == sorted(edges)
        for turn in document.turns:
            said = document.text[turn.start : turn.end]
            assert said == said.strip() != ""


def test_second_printing_counts_once_whatever_its_case_accents_and_spaces() -> None:
    paragraph = "Una oración de prueba con más de doce palabras, que el editor imprime otra vez."
    again = "UNA oracion  de prueba con mas de doce palabras, que el editor imprime otra vez."
    composed = compose([("", paragraph), ("", "Sí."), ("", again), ("", "Sí.")])
    assert composed.repeated_paragraphs == 1
    assert [composed.text[turn.start : turn.end] for turn in composed.turns] == [f"{paragraph}\nSí.", "Sí."]
    assert normalised(paragraph) == normalised(again)


@pytest.mark.parametrize("space", [" ", "   ", "\n    ", "\u00a0 ", "\t", "\u2000", "\u3000", "\x1f\u2009"])
@pytest.mark.parametrize("word", ["soul", "\1"])
def test_any_space_in_a_long_text_becomes_a_single_one(space: str, word: str) -> None:
    words = ["corazón", "“and”", word] * 200
    composed = compose([("A", space.join(words) + space), (None, space), ("A", f"{space}yes"), ("B", "no\0")])
    assert composed.text == " ".join(words) + "\nyes\nno\0"
    assert [(turn.speaker, turn.end) for turn in composed.turns] == [
        ("A", len(composed.text) - 4),
        ("B", len(composed.text)),
    ]


def test_wrong_companion_never_leaks_between_folders(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "manifest.csv").write_text(folder, encoding="utf-8")
    (tmp_path / "two" / "a.txt").write_text("A.", encoding="utf-8")
    manifest = Member("articles", tmp_path, "two/a.txt").companion("manifest.csv")
    assert manifest is not None
    assert manifest.text() == "two"


# The archive ----------------------------------------------------------------------------------------------------------


def archived(feed: str, archive: Path, every: int) -> list[Document]:
    """Documents of every n-th file of a feed in the archive."""
    read = importlib.import_module(f"pipelines.documents.{feed}").read
    found, refused = members(FEEDS[feed], [archive / "corpora", archive])
    assert found, f"the archive holds nothing of {feed}"
    assert not refused
    return [document for member in found[::every] for document in read(member)]


@pytest.mark.archive
def test_the_president_speaks_half_of_his_conferences(archive: Path) -> None:
    speakers = Speakers("presidencia_amlo", FEEDS["presidencia_amlo"].feed, SEEDS["voices"], SEEDS["actors"])
    words: dict[str, int] = {}
    for document in archived("presidencia_amlo", archive, 20)[1:]:
        if "del presidente" in document.title.lower() and document.genre == "press_conference":
            who = speakers.resolve((turn.speaker for turn in document.turns), document.genre, document.date)
            for turn in document.turns:
                name = who[turn.speaker].speaker
                words[name] = words.get(name, 0) + len(document.text[turn.start : turn.end].split())
    total = sum(words.values())
    assert words["Andrés Manuel López Obrador"] / total == pytest.approx(0.49, abs=0.04)
    assert words["press"] / total == pytest.approx(0.19, abs=0.04)


@pytest.mark.archive
def test_page_furniture_and_the_repeated_paragraph_of_the_articles_are_left_out(archive: Path) -> None:
    by_path = {document.path[:3]: document for document in archived("articles", archive, 1)}
    assert len(by_path) == 5
    said = {path: " ".join(d.text[turn.start : turn.end] for turn in d.turns) for path, d in by_path.items()}
    for chrome in ("Gift Article", "Choose your plan", "ArrowRight", "Leave a Reply", "Similar Posts"):
        assert not any(chrome in text for text in said.values())
    assert by_path["004"].repeated_paragraphs == 1
    assert said["004"].count("present state of bilateral ties") == 1
    assert by_path["000"].date_precision == "year"


@pytest.mark.archive
def test_archive_sample_reads_whole(archive: Path) -> None:
    counts = {
        feed: len(archived(feed, archive, every))
        for feed, every in (("white_house", 400), ("presidencia_sheinbaum", 10), ("trump_speeches", 20))
    }
    assert counts == {"white_house": 32, "presidencia_sheinbaum": 19, "trump_speeches": 10}
    assert len(archived("obama_briefings", archive, 6)) == 4


@pytest.mark.archive
def test_posts_of_both_copies_count_once(archive: Path) -> None:
    posts = archived("trump_posts", archive, 1)
    assert len(posts) == 7_536 + 4_225 + 16_924
    own = [post.path for post in posts if post.excluded != "other_copy"]
    assert len(own) == len(set(own))
    assert sum(post.excluded == "retweet" for post in posts) == 188 + 126
    assert not any("&," in post.text and "&amp" in post.text for post in posts)
    assert {post.date.year for post in posts} == set(range(2015, 2022))
    assert max(post.date for post in posts) == date(2021, 1, 8)


@pytest.mark.parametrize(
    ("day", "precision", "known_from"),
    [
        (date(2023, 2, 5), "day", date(2023, 2, 5)),
        (date(2024, 2, 1), "month", date(2024, 2, 29)),
        (date(2023, 7, 1), "year", date(2023, 12, 31)),
    ],
)
def test_a_text_is_known_from_the_last_day_of_the_period_it_is_dated_to(
    day: date, precision: Any, known_from: date
) -> None:
    document = Document("a", None, None, day, precision, "en", "article", "", ())
    assert document.known_from == known_from
