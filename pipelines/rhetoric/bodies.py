"""The sentences of a document: where they stand, how they read in ASCII, and what they come to."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from pipelines.batches import by_size
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
        starts: Where in the document's text each sentence starts.
        ends: Where it ends.
        firsts: For each turn which sentence is its first, and at the end how many sentences there are.
        wordings: The wording of each, a line each.
        words: Words in them.
        sketch: The beginnings of hashes of some wordings, one in some: texts that share many share sentences.
        sha256: Hash of all wordings.
    """

    folded: str
    starts: np.ndarray
    ends: np.ndarray
    firsts: np.ndarray
    wordings: bytes
    words: int
    sketch: list[int]
    sha256: str


def bodies(documents: Iterable[Document]) -> Iterator[Body]:
    """Yield the sentences of each document."""
    for together in by_size(documents, lambda document: len(document.text), TOGETHER):
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
    told = _lines(said, starts, ends)
    counts, worded = words(told), wording(told)
    letters = np.frombuffer(worded + b"\n", np.uint8)
    lines = np.append(0, np.flatnonzero(letters == ord("\n")) + 1)
    # Which wordings are taken depends on nothing but their letters, so that most need not be hashed.
    sums = np.add.reduceat(letters, lines[:-1], dtype=np.uint8)
    taken = np.flatnonzero((counts >= SKETCH_FROM_WORDS) & (sums % SKETCH_ONE_IN == 0))
    samples = [_beginning(worded[lines[each] : lines[each + 1] - 1]) for each in taken.tolist()]
    begun = 0
    for offset, document in zip(offsets, documents, strict=False):
        its = firsts[begun : begun + len(document.turns) + 1]
        first, last = int(its[0]), int(its[-1])
        begun += len(document.turns)
        own = worded[lines[first] : lines[last] - 1] if first < last else b""
        some = slice(*np.searchsorted(taken, (first, last)))
        yield Body(
            folded=searched[offset : offset + len(document.text)],
            starts=starts[first:last] - offset,
            ends=ends[first:last] - offset,
            firsts=its - first,
            wordings=own,
            words=int(counts[first:last].sum()),
            sketch=sorted(set(samples[some])),
            sha256=hashlib.sha256(own).hexdigest(),
        )


def _lines(said: bytes, starts: np.ndarray, ends: np.ndarray) -> bytes:
    """The sentences of plain text, a line each."""
    text = bytearray(said)
    goes_on = np.flatnonzero(starts[1:] == ends[:-1] + 1)  # most follow another after a blank: it becomes the line end
    np.frombuffer(text, np.uint8)[ends[goes_on]] = ord("\n")
    begins, lasts = np.delete(starts, goes_on + 1), np.delete(ends, goes_on)
    return b"\n".join([text[start:end] for start, end in zip(begins.tolist(), lasts.tolist(), strict=True)])


def _beginning(wording: bytes) -> int:
    """The beginning of a wording's hash."""
    return int.from_bytes(hashlib.sha256(wording).digest()[:8], "big")
