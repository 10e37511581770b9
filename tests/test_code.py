"""`entente code`: any line gets its answer in its place, whoever speaks and whatever is wrong with it."""

from __future__ import annotations

import itertools
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pipelines import coding_lines, contract_files
from pipelines.cli import main
from pipelines.coding_lines import Coder, MalformedLine, answered, parsed
from pipelines.project import ROOT
from pipelines.rhetoric.version import method_version

DECLARED = contract_files.load(ROOT)
FEEDS = {contract.stem: contract for contract in DECLARED.values() if contract.feed is not None}
THREAT = {"id": "t", "sentence": "We will impose tariffs on Mexico.", "lang": "en", "date": "2025-08-12"}
PRESIDENT = {"feed": "white_house", "speaker": "THE PRESIDENT"}
FIELDS = ["id", "bilateral", "side", "voice", "direction", "hostility", "cooperation", "themes", "blame", "evidence"]


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder(ROOT)


def code(*lines: str | bytes) -> tuple[Result, list[dict[str, Any]]]:
    """One `entente code` with these lines, and the lines it gives."""
    given = b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in lines)
    done = CliRunner().invoke(main, ["code"], input=given)
    return done, [json.loads(line) for line in done.stdout.splitlines()]


# Lines ----------------------------------------------------------------------------------------------------------------


def test_a_sentence_has_every_field_of_the_codebook_and_the_method() -> None:
    done, (answer,) = code(json.dumps({**THREAT, **PRESIDENT}))
    assert done.exit_code == 0
    assert done.stderr == ""
    assert list(answer)[: len(FIELDS)] == FIELDS
    assert answer["method_version"] == method_version(ROOT)
    told = {name: answer[name] for name in ("id", "bilateral", "side", "voice", "direction", "hostility", "themes")}
    assert told == {
        "id": "t",
        "bilateral": 1,
        "side": "US",
        "voice": "executive",
        "direction": "US>MX",
        "hostility": 3,
        "themes": ["trade"],
    }


def test_evidence_is_where_it_says() -> None:
    sentence = "Señor — “mañana” vamos a imponer aranceles a México, y México debe frenar el fentanilo."
    _, (answer,) = code(json.dumps({**THREAT, **PRESIDENT, "sentence": sentence, "lang": "es"}))
    said = [sentence[place["start"] : place["end"]] for place in answer["evidence"]]
    assert any("fentanilo" in words for words in said)
    assert any("aranceles" in words for words in said)
    assert all(words == words.strip() and words for words in said)


MALFORMED = {
    "garbage": (None, "not JSON"),
    "": (None, "empty line"),
    "[1, 2]": (None, "not an object"),
    '"text"': (None, "not an object"),
    '{"sentence": "No id."}': (None, "id is missing"),
    '{"id": true, "sentence": "A flag."}': (None, "id is missing"),
    '{"id": NaN, "sentence": "No figure."}': (None, "not JSON"),
    '{"id": "a"}': ("a", "sentence is missing"),
    '{"id": "a", "sentence": "  "}': ("a", "sentence is missing"),
    '{"id": "a", "sentence": 5}': ("a", "sentence is not text"),
    '{"id": "a", "sentence": "x", "prev": []}': ("a", "prev is not text"),
    '{"id": "a", "sentence": "\\ud800"}': ("a", "half a character"),
    '{"id": "a", "sentence": "x", "date": "2025-02-30"}': ("a", "2025-02-30"),
    '{"id": "a", "sentence": "x", "lang": "?"}': ("a", "lang '?'"),
    '{"id": "a", "sentence": "x", "feed": "trump_posts", "date": "1900-01-01"}': ("a", "no line for 1900-01-01"),
    "[" * 100_000: (None, "not JSON"),
}


def test_malformed_lines_are_answered_in_their_place_and_the_others_coded() -> None:
    good = [json.dumps({**THREAT, "id": number}) for number in range(len(MALFORMED) + 1)]
    mixed = [*itertools.chain(*zip(good, MALFORMED, strict=False)), good[-1], b'{"id": "\xff"}']
    done, answers = code(*mixed)
    assert done.exit_code == 1
    assert f"{len(MALFORMED) + 1} malformed" in done.stderr
    assert len(answers) == len(mixed)
    assert [answer["id"] for answer in answers[::2]] == list(range(len(good)))
    assert [answer["hostility"] for answer in answers[::2]] == [3] * len(good)
    wrong = [(answer["id"], answer["error"]) for answer in answers[1::2]]
    for (identity, error), (expected, words) in zip(wrong, [*MALFORMED.values(), (None, "UTF-8")], strict=True):
        assert (identity, words in error) == (expected, True), error
    assert [list(answer) for answer in answers[1::2]] == [["id", "error"]] * len(wrong)


def test_nothing_in_is_nothing_out() -> None:
    done, answers = code()
    assert (done.exit_code, answers) == (0, [])


def test_batches_change_neither_order_nor_codes(coder: Coder, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{**THREAT, "id": number, "sentence": f"{THREAT['sentence']} {number}"} for number in range(10)]
    lines = [json.dumps(row).encode() for row in rows]
    lines[4] = lines[9] = b"garbage"
    whole = list(answered(lines, coder))
    monkeypatch.setattr(coding_lines, "BATCH", 3)
    assert list(answered(lines, coder)) == whole
    assert [is_coded for _, is_coded in whole].index(False) == 4


def test_an_endless_input_is_answered_as_it_comes(coder: Coder) -> None:
    endless = itertools.repeat(json.dumps(THREAT).encode())
    first, is_coded = next(answered(endless, coder))
    assert is_coded
    assert json.loads(first)["id"] == "t"


# Who speaks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stem", FEEDS)
def test_a_feed_is_known_by_its_name_and_by_that_of_each_of_its_archives(stem: str, coder: Coder) -> None:
    names = [stem, *(Path(file).stem for file in FEEDS[stem].feed.files)]
    assert [coder.feed(name) for name in names] == [FEEDS[stem]] * len(names)


@pytest.mark.parametrize(
    ("name", "stem"),
    [("trump_campaign", "trump_speeches"), ("congress", "congress_press_releases"), ("obama_press", "obama_briefings")],
)
def test_the_beginning_of_an_archives_name_is_enough_where_no_other_feed_has_it(
    name: str, stem: str, coder: Coder
) -> None:
    assert coder.feed(name).stem == stem


def test_a_name_of_no_feed_or_of_several_is_told_and_the_lines_are_coded() -> None:
    rows = [{**THREAT, "corpus": name} for name in ("trump", "senado", "senado")]
    done, answers = code(*map(json.dumps, rows))
    assert done.exit_code == 0
    assert [answer["hostility"] for answer in answers] == [3] * 3
    (line,) = done.stderr.splitlines()
    assert line.endswith("senado, trump")


@pytest.mark.parametrize(
    ("line", "side", "voice"),
    [
        ({"corpus": "white_house", "speaker": "(White House, statements-releases)"}, "US", "executive"),
        ({"corpus": "white_house", "speaker": ""}, "US", "executive"),
        ({"corpus": "white_house", "speaker": "Q (reporter)"}, "US", "press"),
        ({"feed": "trump_posts", "speaker": "Donald J. Trump (Twitter)", "date": "2016-09-01"}, "US", "candidate"),
        ({"feed": "trump_posts", "speaker": "Donald J. Trump (Twitter)", "date": "2018-09-01"}, "US", "executive"),
        ({"corpus": "mananeras_amlo", "speaker": "PREGUNTA", "lang": "es"}, "MX", "press"),
        ({"corpus": "mananeras_sheinbaum", "speaker": None, "lang": "es"}, "MX", "executive"),
        ({"corpus": "congress", "speaker": "Ann Sample (D-TX, House) press release"}, "US", "legislator"),
        # Of no feed: office-holders by name and day, reporters by tag, the rest by the language of the official feeds.
        ({"speaker": "Donald J. Trump", "date": "2016-09-01"}, "US", "candidate"),
        ({"speaker": "Andrés Manuel López Obrador", "date": "2020-09-01", "lang": "es"}, "MX", "executive"),
        ({"speaker": "Reporter"}, "US", "press"),
        ({"speaker": "Juana Ejemplo", "lang": "es"}, "MX", "other"),
        ({"sentence": "Vamos a imponer aranceles a los productos de Estados Unidos.", "lang": None}, "MX", "other"),
        ({"sentence": "We will impose tariffs on the products of Mexico.", "lang": None}, "US", "other"),
        ({"lang": "fr"}, "other", "other"),
    ],
)
def test_the_utterer_of_a_line(line: dict[str, Any], side: str, voice: str, coder: Coder) -> None:
    (answer,) = coder([{**THREAT, **line}])
    assert (answer["side"], answer["voice"]) == (side, voice)


def test_a_line_without_a_date_is_of_today() -> None:
    assert parsed({"id": 1, "sentence": "x"}).day == date.today()
    assert parsed({"id": 1, "sentence": "x", "date": "2025-07-16T08:00:00"}).day == date(2025, 7, 16)
    with pytest.raises(MalformedLine, match="2025-07-31"):
        parsed({"id": 1, "sentence": "x", "date": "yesterday"})


def test_the_genre_is_given_or_told_by_the_document_or_the_tag(coder: Coder) -> None:
    tag = {**THREAT, "feed": "white_house", "speaker": "MS. SAMPLE"}
    told = [
        tag,
        {**tag, "genre": "press_briefings"},
        {**tag, "doc": "white_house/briefing-room/press-briefings/2024/x"},
    ]
    assert [answer["voice"] for answer in coder([{**row, "id": 1} for row in told])] == [
        "other",
        "executive",
        "executive",
    ]
