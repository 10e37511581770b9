"""The sentences of a document: where they stand, how they read in ASCII, and what they come to."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from pipelines.rhetoric.sentences import segment
from pipelines.rhetoric.wordings import encoded, folded, spoken, wording, words
from pipelines.texts import Document

SKETCH_FROM_WORDS = 6
SKETCH_ONE_IN = 16


@dataclass(frozen=True)
class Body:
    """A document's sentences.

    Attributes:
        spans: Start and end of each in the document's text.
        firsts: For each turn which sentence is its first, and at the end how many sentences there are.
        lines: For each turn its sentences in ASCII, one a line, as terms are looked for in them.
        wordings: The wordings of all, one a line.
        words: Words in them.
        sketch: The beginnings of the wordings' hashes, those that are one in some: texts that share many share
            sentences.
    """

    spans: list[tuple[int, int]]
    firsts: list[int]
    lines: list[str]
    wordings: bytes
    words: int
    sketch: list[int]

    @property
    def sha256(self) -> str:
        """Hash of the wordings."""
        return hashlib.sha256(self.wordings).hexdigest()


def body(document: Document) -> Body:
    """The sentences of a document."""
    text = encoded(document.text)
    spans: list[tuple[int, int]] = []
    firsts = [0]
    for turn in document.turns:
        spans += segment(document.text, turn.start, turn.end, text)
        firsts.append(len(spans))
    searched = folded(text).replace("\n", " ")
    ascii_only = [searched[start:end] for start, end in spans]
    said = spoken(text)
    told = [said[start:end] for start, end in spans]
    together = b"\n".join(told)
    wordings = wording(together)
    return Body(
        spans=spans,
        firsts=firsts,
        lines=["\n".join(ascii_only[first:last]) for first, last in zip(firsts[:-1], firsts[1:], strict=True)],
        wordings=wordings,
        words=words(together),
        sketch=_sketch(told, wordings),
    )


def _sketch(told: list[bytes], wordings: bytes) -> list[int]:
    """What is kept of the wordings' hashes; a wording has at least as many words as are counted in the sentence."""
    found: set[int] = set()
    for said, normal in zip(told, wordings.split(b"\n"), strict=False):
        if normal.count(b" ") >= SKETCH_FROM_WORDS - 1:
            digest = hashlib.sha256(normal).digest()
            if digest[7] % SKETCH_ONE_IN == 0 and words(said) >= SKETCH_FROM_WORDS:
                found.add(int.from_bytes(digest[:8], "big"))
    return sorted(found)
