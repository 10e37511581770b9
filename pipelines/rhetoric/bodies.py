"""The sentences of a document: where they stand, how they read in ASCII, and what they come to."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

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
        folded: The document's text in ASCII, as terms are looked for in it.
        spans: Start and end of each sentence in the document's text.
        firsts: For each turn which sentence is its first, and at the end how many sentences there are.
        wordings: The wording of each.
        words: Words in them.
        sketch: The beginnings of the wordings' hashes, those that are one in some: texts that share many share
            sentences.
        sha256: Hash of all wordings.
    """

    folded: str
    spans: list[tuple[int, int]]
    firsts: list[int]
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
    offsets = list(itertools.accumulate((len(document.text) + 1 for document in documents), initial=0))
    turns = [
        (offset + turn.start, offset + turn.end)
        for offset, document in zip(offsets, documents, strict=False)
        for turn in document.turns
    ]
    starts, ends, firsts = Segmenter(text, code).sentences(turns)
    told = b"\n".join([said[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)])
    counts = words(told)[: len(starts)]
    wordings = wording(told).split(b"\n")[: len(starts)]
    samples = _samples(wordings, np.flatnonzero(counts >= SKETCH_FROM_WORDS).tolist())
    begun = 0
    for offset, document in zip(offsets, documents, strict=False):
        its = firsts[begun : begun + len(document.turns) + 1]
        first, last = int(its[0]), int(its[-1])
        begun += len(document.turns)
        own = wordings[first:last]
        yield Body(
            folded=searched[offset : offset + len(document.text)],
            spans=list(zip((starts[first:last] - offset).tolist(), (ends[first:last] - offset).tolist(), strict=True)),
            firsts=(its - first).tolist(),
            wordings=own,
            words=int(counts[first:last].sum()),
            sketch=sorted({sample for place in range(first, last) if (sample := samples.get(place)) is not None}),
            sha256=hashlib.sha256(b"\n".join(own)).hexdigest(),
        )


def _samples(wordings: list[bytes], places: list[int]) -> dict[int, int]:
    """By place the beginnings of hashes of wordings, those that are one in some."""
    hashes = ((place, hashlib.sha256(wordings[place]).digest()[:8]) for place in places)
    return {place: int.from_bytes(start, "big") for place, start in hashes if start[7] % SKETCH_ONE_IN == 0}
