"""The wording of a sentence apart from its spelling: how many words it has, and what makes two sentences the same."""

from __future__ import annotations

import codecs
import string

from pipelines.texts import ACCENTED, UNACCENTED

# Any other letter than these and ASCII is a question mark, which is neither letter nor space.
_SPACES = "\u00a0\u2009\u202f"
_PLAIN = {**UNACCENTED, **dict.fromkeys(map(ord, _SPACES), " ")}
_KEPT = "".join(map(chr, range(128))) + ACCENTED + _SPACES
_ONE_BYTE = codecs.charmap_build(_KEPT.ljust(256, "\ufffe"))
_LETTERS = (string.ascii_letters + string.digits).encode()
_SIGNS = string.punctuation.encode()


def _table(kept: bytes) -> bytes:
    """What each byte of text becomes: itself without its accent where kept, else a blank."""
    plain = _KEPT.translate(_PLAIN).encode().ljust(256, b"?")
    return bytes(byte if byte in kept else ord(" ") for byte in plain)


_SAID = _table(_LETTERS + _SIGNS)
_LOWERED = bytes(byte if byte in _LETTERS else ord(" ") for byte in range(256)).lower()


def plain(text: str) -> bytes:
    """The text in ASCII, a byte for a character, so that places in it are places in the text; any space is a blank."""
    return codecs.charmap_encode(text, "replace", _ONE_BYTE)[0].translate(_SAID)


def words(said: bytes) -> int:
    """How many words there are in plain text: what stands between blanks and has a letter or a figure."""
    return len(said.translate(None, _SIGNS).split())


def wording(said: bytes) -> bytes:
    """Plain text in lower case, its words with single blanks between them and without signs."""
    return b" ".join(said.translate(_LOWERED).split())
