"""Which language a text is in."""

from __future__ import annotations

import py3langid

from pipelines.texts import Language

LANGUAGES: tuple[Language, ...] = ("en", "es", "fr", "pt")
BEGINNING = 3000  # characters; more changes no judgement of the texts held and costs time

py3langid.set_languages(list(LANGUAGES))


def language_of(text: str) -> Language:
    """The most probable of our languages for the beginning of a text."""
    return py3langid.classify(text[:BEGINNING])[0]
