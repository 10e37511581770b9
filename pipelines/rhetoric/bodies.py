"""The sentences of a document: where they stand, how they read in ASCII, and what they come to."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipelines.rhetoric.sentences import Segmenter
from pipelines.rhetoric.wordings import encoded, folded, spoken, wording, words
from pipelines.texts import Document

SKETCH_FROM_WORDS = 6
SKETCH_ONE_IN = 16
TOGETHER = 500_000  # characters of documents looked at as one


@dataclass(frozen=True)
class Body:
    """A document's sentences.

    Attributes:
        spans: Start and end of each in the document's text.
        firsts: For each turn which sentence is its first, and at the end how many sentences there are.
        lines: For each turn its sentences in ASCII, one a line, as terms are looked for in them.
        wordings: The wording of each.
        words: Words in them.
        sketch: The beginnings of the wordings' hashes, those that are one in some: texts that share many share
            sentences.
        sha256: Hash of all wordings.
    """

    spans: list[tuple[int, int]]
    firsts: list[int]
    lines: list[str]
    wordings: list[bytes]
    words: int
    sketch: list[int]
    sha256: str


def bodies(documents: Iterable[Document]) -> Iterator[Body]:
    """Yield the sentences of each document."""
    together: list[Document] = []
    size = 0
    for document in documents:
        together.append(document)
        size += len(document.text)
        if size >= TOGETHER:
            yield from _bodies(together)
            together, size = [], 0
    yield from _bodies(together)


def _bodies(documents: list[Document]) -> Iterator[Body]:
    """Yield the sentences of some documents, whose texts are looked at as one."""
    text = " ".join(document.text for document in documents)
    code = encoded(text)
    searched, said = folded(code).replace("\n", " "), spoken(code)
    segmenter = Segmenter(text, code)
    offset = 0
    for document in documents:
        spans: list[tuple[int, int]] = []
        firsts = [0]
        for turn in document.turns:
            spans += segmenter.sentences(offset + turn.start, offset + turn.end)
            firsts.append(len(spans))
        lines = [searched[start:end] for start, end in spans]
        told = b"\n".join([said[start:end] for start, end in spans])
        wordings = wording(told)
        each = wordings.split(b"\n") if spans else []
        yield Body(
            spans=[(start - offset, end - offset) for start, end in spans],
            firsts=firsts,
            lines=["\n".join(lines[first:last]) for first, last in itertools.pairwise(firsts)],
            wordings=each,
            words=words(told),
            sketch=_sketch(told.split(b"\n"), each),
            sha256=hashlib.sha256(wordings).hexdigest(),
        )
        offset += len(document.text) + 1


def _sketch(told: list[bytes], wordings: list[bytes]) -> list[int]:
    """What is kept of the wordings' hashes; a wording has at least as many words as are counted in the sentence."""
    found: set[int] = set()
    for said, normal in zip(told, wordings, strict=False):
        if normal.count(b" ") >= SKETCH_FROM_WORDS - 1:
            digest = hashlib.sha256(normal).digest()
            if digest[7] % SKETCH_ONE_IN == 0 and words(said) >= SKETCH_FROM_WORDS:
                found.add(int.from_bytes(digest[:8], "big"))
    return sorted(found)
