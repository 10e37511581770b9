"""Which language a text is in."""

from __future__ import annotations

import functools
from collections.abc import Callable

import py3langid

from pipelines.texts import Language

LANGUAGES: tuple[Language, ...] = ("en", "es", "fr", "pt")
CODED: tuple[Language, ...] = ("en", "es")  # that there are terms, acts and cues of speech for
BEGINNING = 3000  # characters; more changes no judgement of the texts held and costs time
# Words of one of the languages only; where they abound in a text there is nothing to weigh, which costs far more.
COMMON: dict[Language, frozenset[str]] = {
    "en": frozenset({
        "the", "of", "and", "to", "in", "that", "is", "for", "on", "with", "are", "was", "this", "have", "be", "by",
        "from", "will", "it",
    }),
    "es": frozenset({
        "el", "los", "las", "del", "y", "que", "una", "con", "por", "para", "es", "se", "su", "lo", "como", "pero",
        "muy", "ya",
    }),
}  # fmt: skip
COMMON_IN, COMMON_FROM, COMMON_ONE_IN, OUTWEIGH = 1000, 3, 8, 5


def language_of(text: str) -> Language:
    """The most probable of our languages for the beginning of a text."""
    return _evident(text[:COMMON_IN].lower().split()) or _judge()(text[:BEGINNING])[0]


@functools.cache
def _judge() -> Callable[[str], tuple[Language, float]]:
    py3langid.set_languages(list(LANGUAGES))  # loads the model, which takes a second that most runs need not spend
    return py3langid.classify


def _evident(said: list[str]) -> Language | None:
    """The language whose common words abound among those said, or None."""
    found = {language: sum(map(common.__contains__, said)) for language, common in COMMON.items()}
    best, other = sorted(found, key=lambda language: -found[language])
    abounds = found[best] >= max(COMMON_FROM, len(said) / COMMON_ONE_IN) and found[best] >= OUTWEIGH * found[other]
    return best if abounds else None
