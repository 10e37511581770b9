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


def _table(kept: bytes, otherwise: str) -> bytes:
    """What each byte of text becomes: itself in ASCII where kept."""
    ascii_only = KEPT.translate(str.maketrans(FOLDED)).encode("ascii", "replace").ljust(256, b"?")
    return bytes(byte if byte in kept else ord(otherwise) for byte in ascii_only)


_SEARCHED = _table(_PRINTED, "?")
_SAID = _table(_LETTERS + _SIGNS, " ")
_LOWERED = bytes(byte if byte in _LETTERS + b"\n" else ord(" ") for byte in range(256)).lower()
_UNDIVIDED = bytes(byte if byte in _LETTERS + b"\n" else ord(" ") for byte in range(256))


def encoded(text: str) -> bytes:
    """The text with a byte for a character, so that places in it are places in the text."""
    return _CODES.take(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32), mode="clip").tobytes()


def folded(text: bytes) -> str:
    """Encoded text in ASCII, as terms are looked for in it."""
    return text.translate(_SEARCHED).decode("ascii")


def spoken(text: bytes) -> bytes:
    """Encoded text in ASCII as words are counted in it; any space is a blank."""
    return text.translate(_SAID)


def plain(text: str) -> bytes:
    """The text in ASCII as words are counted in it, a byte for a character."""
    return spoken(encoded(text))


def words(said: bytes) -> np.ndarray:
    """How many words there are in each line of plain text: what stands between blanks and has a letter or a figure."""
    signs = np.frombuffer(b"\n" + said.translate(_UNDIVIDED, _SIGNS) + b"\n", np.uint8)
    is_said = signs > ord(" ")
    begun = np.flatnonzero(is_said[1:] > is_said[:-1])
    return np.diff(np.searchsorted(begun, np.flatnonzero(signs == ord("\n"))))


def wording(said: bytes) -> bytes:
    """Plain text in lower case, its words with single blanks between them and without signs; line for line."""
    lowered = np.frombuffer(said.translate(_LOWERED) + b" ", np.uint8)
    kept = (lowered[:-1] != ord(" ")) | (lowered[1:] > ord(" "))  # of blanks the one that a word follows
    return lowered[:-1][kept].tobytes().replace(b"\n ", b"\n").lstrip(b" ")
