"""Text in ASCII, a character for a character: as terms are looked for in it, and as words are counted and compared."""

from __future__ import annotations

import string

import numpy as np

from pipelines.texts import PLAIN

# What is written otherwise in ASCII; any other letter or sign is a question mark.
FOLDED = PLAIN | dict(zip("‘’‚“”„«»–—‐‑…\u00a0\u2009\u202f", '\'\'\'"""""----.   ', strict=True))
SPACES = "".join(filter(str.isspace, map(chr, range(0x3001))))
_ASCII = "".join(map(chr, range(128)))
KEPT = "".join(dict.fromkeys([*_ASCII, *FOLDED, *"¿¡•", *SPACES]))  # the last ones tell where sentences end
_OTHER = 255
_CODES = np.full(max(map(ord, KEPT)) + 2, _OTHER, np.uint8)  # its last entry stands for all letters beyond
_CODES[list(map(ord, KEPT))] = range(len(KEPT))
_LETTERS = (string.ascii_letters + string.digits).encode()
_SIGNS = string.punctuation.encode()
_PRINTED = string.printable.rstrip("\x0b\x0c").encode()
_BLANK, _LINE = ord(" "), ord("\n")


def _table(kept: bytes, otherwise: str) -> np.ndarray:
    """What each byte of text becomes: itself in ASCII where kept."""
    ascii_only = KEPT.translate(str.maketrans(FOLDED)).encode("ascii", "replace").ljust(256, b"?")
    return np.array([byte if byte in kept else ord(otherwise) for byte in ascii_only], np.uint8)


_SEARCHED = _table(_PRINTED, "?")
_SAID = _table(_LETTERS + _SIGNS, " ")


def encoded(text: str) -> bytes:
    """The text with a byte for a character, so that places in it are places in the text."""
    signs = np.array([text]).view(np.uint32)[: len(text)]
    code = signs.astype(np.uint8)
    others = np.flatnonzero(signs > 127)  # few, and looking up each letter costs more than finding them
    code[others] = _CODES.take(signs[others], mode="clip")
    return code.tobytes()


def folded(text: bytes) -> str:
    """Encoded text in ASCII, as terms are looked for in it."""
    return _spelled(text, _SEARCHED).decode("ascii")


def spoken(text: bytes) -> bytes:
    """Encoded text in ASCII as words are counted in it; any space is a blank."""
    return _spelled(text, _SAID)


def _spelled(text: bytes, table: np.ndarray) -> bytes:
    """Encoded text by a table that leaves what is printed in ASCII as it is."""
    code = np.array(bytearray(text), np.uint8)
    others = np.flatnonzero(code - _BLANK > ord("~") - _BLANK)
    code[others] = table[code[others]]
    return code.tobytes()


def plain(text: str) -> bytes:
    """The text in ASCII as words are counted in it, a byte for a character."""
    return spoken(encoded(text))


def words(said: bytes) -> np.ndarray:
    """How many words there are in each line of plain text: what stands between blanks and has a letter or a figure."""
    signs = np.frombuffer(b"\n" + said + b"\n", np.uint8)
    is_letter, is_blank = _is_letter(signs), signs <= _BLANK
    is_sign = ~(is_letter | is_blank)
    begun = np.zeros(len(signs), bool)
    begun[1:] = is_letter[1:] & is_blank[:-1]
    at = np.flatnonzero(is_sign[1:] & is_blank[:-1]) + 1
    while len(at):  # a word after signs, as in ($5), begins with its first letter
        begun[at[is_letter[at]]] = True
        at = at[is_sign[at]] + 1
    return np.add.reduceat(begun, np.flatnonzero(signs == _LINE)[:-1], dtype=np.int32)


def wording(said: bytes) -> bytes:
    """Plain text in lower case, its words with single blanks between them and without signs; line for line."""
    signs = np.frombuffer(b"\n" + said + b"\n", np.uint8)
    is_letter, is_line = _is_letter(signs), signs == _LINE
    is_between = ~(is_letter | is_line)
    is_between[:-1] &= is_letter[1:]  # of what is between words the last sign before one is kept, as a blank
    at = np.flatnonzero(is_line)[:-1] + 1
    while len(at):  # and none at the beginning of a line
        is_between[at] = False
        at = at[~(is_letter | is_line)[at]] + 1
    lowered = (signs | _BLANK) * is_letter + is_between * np.uint8(_BLANK) + is_line * np.uint8(_LINE)
    return lowered[lowered > 0][1:-1].tobytes()


def _is_letter(signs: np.ndarray) -> np.ndarray:
    """Of characters in ASCII which are letters or figures."""
    return ((signs | _BLANK) - ord("a") < 26) | (signs - ord("0") < 10)
