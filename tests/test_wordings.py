"""Words are counted and wordings compared whatever the spelling, and a place in plain text is a place in the text."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.rhetoric.lexicon import fold
from pipelines.rhetoric.wordings import encoded, folded, plain, wording, words

CASES = [
    ("Don't go: it's 4.5 %, they said.", 6, "don t go it s 4 5 they said"),
    ("Él dijo – «sí» – que mañana…", 5, "el dijo si que manana"),
    ("UN\u00a0MILLÓN\u2009de\u202fpesos", 4, "un millon de pesos"),
    ("one\ttwo\x85three", 2, "one two three"),
    ("日本 and ő", 1, "and"),
    ("- (“¿$5 at https://a.b/c”) -- d-e ...", 4, "5 at https a b c d e"),
    ("… — ¡!", 0, ""),
    ("", 0, ""),
]


@pytest.mark.parametrize(("text", "count", "normal"), CASES)
def test_words_and_wording(text: str, count: int, normal: str) -> None:
    assert (words(plain(text)), wording(plain(text)).decode()) == (count, normal)


@pytest.mark.parametrize("text", [text for text, _, _ in CASES])
def test_plain_text_has_a_byte_for_each_character(text: str) -> None:
    assert len(plain(text)) == len(text)
    assert plain(text).isascii()


@pytest.mark.parametrize("text", [*(text for text, _, _ in CASES), "“¿Qué?”\r\n\x7f\x0b―\ud800•\u3000🌵"])
def test_a_text_is_folded_as_a_column_is(text: str) -> None:
    said = text.replace("\ud800", "")
    assert folded(encoded(said)) == pl.select(fold(pl.lit(said))).item()
    assert len(encoded(text)) == len(text)


def test_lines_are_worded_one_by_one() -> None:
    said = [plain(text) for text, _, _ in CASES if text.strip()]
    assert wording(b"\n".join(said)).split(b"\n") == [wording(line) for line in said]
    assert words(b"\n".join(said)).tolist() == [count for line in said for count in words(line)]


def test_other_spelling_is_the_same_wording() -> None:
    assert wording(plain("¡El Río, otra vez!")) == wording(plain("EL  rio\u00a0otra vez"))
    assert wording(plain("el rio otra vez")) != wording(plain("el rio otra voz"))
