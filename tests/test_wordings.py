"""Words are counted and wordings compared whatever the spelling, and a place in plain text is a place in the text."""

from __future__ import annotations

import pytest

from pipelines.rhetoric.wordings import plain, wording, words

CASES = [
    ("Don't go: it's 4.5 %, they said.", 6, "don t go it s 4 5 they said"),
    ("Él dijo – «sí» – que mañana…", 5, "el dijo si que manana"),
    ("UN\u00a0MILLÓN\u2009de\u202fpesos", 4, "un millon de pesos"),
    ("one\ttwo\x85three", 2, "one two three"),
    ("日本 and ő", 1, "and"),
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


def test_other_spelling_is_the_same_wording() -> None:
    assert wording(plain("¡El Río, otra vez!")) == wording(plain("EL  rio\u00a0otra vez"))
    assert wording(plain("el rio otra vez")) != wording(plain("el rio otra voz"))
