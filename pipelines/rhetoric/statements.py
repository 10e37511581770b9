"""Documents to rows: one reading a document, one coding a bilateral sentence, one row a turn with its text."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from pipelines.rhetoric.coding import UTTERER, Coder
from pipelines.rhetoric.languages import language_of
from pipelines.rhetoric.sentences import segment
from pipelines.rhetoric.speakers import Speakers
from pipelines.rhetoric.wordings import plain, wording, words
from pipelines.texts import Document

SKETCH_FROM_WORDS = 6
SKETCH_ONE_IN = 16
_SENTENCES = {
    "document": pl.UInt32, "turn": pl.UInt32, "start": pl.Int64, "end": pl.Int64, "sentence": pl.String,
    "occurrence": pl.Int64,
}  # fmt: skip
_TURNS = {
    "document": pl.UInt32, "turn": pl.UInt32, "start": pl.Int64, "text": pl.String,
    "speaker": pl.String, "voice": pl.String, "side": pl.String, "party": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class Held:
    """A document with the file it came from."""

    document: Document
    raw_file: str
    raw_sha256: str


@dataclass(frozen=True)
class Rows:
    """The frames of a batch in the columns of `documents.readings` and `documents.codings`, and the turns' texts."""

    readings: pl.DataFrame
    codings: pl.DataFrame
    turns: pl.DataFrame


@dataclass(frozen=True)
class Method:
    """What coding needs besides the texts.

    Attributes:
        feed: Stem of the feed.
        office: Office of the feed.
        measured: Whether the feed enters the measures.
        speakers: Who utters.
        coder: What codes sentences.
        version: Which method this is.
    """

    feed: str
    office: str
    measured: bool
    speakers: Speakers
    coder: Coder
    version: str


@dataclass
class _Read:
    """What the sentences of a batch are, in columns, and what they come to by document."""

    document: list[int] = field(default_factory=list)
    turn: list[int] = field(default_factory=list)
    start: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    sentence: list[str] = field(default_factory=list)
    occurrence: list[int] = field(default_factory=list)
    words: list[int] = field(default_factory=list)
    sentences: list[int] = field(default_factory=list)
    sketch: list[list[int]] = field(default_factory=list)
    body_sha256: list[str] = field(default_factory=list)


def statements(held: list[Held], method: Method) -> Rows:
    """The rows of some documents, in their order."""
    documents = _documents(held, method)
    turns = _turns(held, method.speakers)
    read = _Read()
    for number, one in enumerate(held):
        _segmented(number, one.document, read)
    coded = _coded(_asked(read, documents, turns), method)
    return Rows(
        _readings(documents, read, coded),
        _codings(documents, coded),
        turns.join(documents, on="document", maintain_order="left").select(
            "document_id", "raw_sha256", "turn", "speaker", "start", "text", "method_version"
        ),
    )


def _documents(held: list[Held], method: Method) -> pl.DataFrame:
    told = [one.document for one in held]
    return pl.DataFrame(
        {
            "document": pl.Series(range(len(held)), dtype=pl.UInt32),
            "document_id": [f"{method.feed}/{document.path}" for document in told],
            "genre": [document.genre for document in told],
            "date": [document.date for document in told],
            "date_precision": [document.date_precision for document in told],
            "known_from": [document.known_from for document in told],
            "language": [document.language or language_of(document.text) for document in told],
            "title": pl.Series([document.title for document in told], dtype=pl.String),
            "url": pl.Series([document.url for document in told], dtype=pl.String),
            "raw_file": [one.raw_file for one in held],
            "raw_sha256": [one.raw_sha256 for one in held],
            "furniture_lines": [document.furniture_lines for document in told],
            "repeated_paragraphs": [document.repeated_paragraphs for document in told],
            "excluded": pl.Series([_why_excluded(document) for document in told], dtype=pl.String),
        }
    ).with_columns(
        pl.lit(method.feed).alias("feed"),
        pl.lit(method.office).alias("office"),
        pl.lit(method.measured).alias("measured"),
        pl.lit(0, pl.Int32).alias("revision"),  # which one it is follows from all looks together
        pl.lit(method.version).alias("method_version"),
    )


def _why_excluded(document: Document) -> str | None:
    return document.excluded or (None if document.turns else "empty")


def _turns(held: list[Held], speakers: Speakers) -> pl.DataFrame:
    found: list[tuple[object, ...]] = []
    for number, one in enumerate(held):
        document = one.document
        utterers = speakers.resolve((turn.speaker for turn in document.turns), document.genre, document.date)
        for place, turn in enumerate(document.turns):
            utterer = utterers[turn.speaker]
            said = document.text[turn.start : turn.end]
            found.append((number, place, turn.start, said, *(getattr(utterer, name) for name in UTTERER)))
    columns = zip(*found, strict=True) if found else ((),) * len(_TURNS)
    return pl.DataFrame(dict(zip(_TURNS, columns, strict=True)), schema=_TURNS)


def _segmented(number: int, document: Document, read: _Read) -> None:
    """Add the sentences of a document, and what they come to."""
    text, said = document.text, plain(document.text)
    spans = [
        (place, start, end)
        for place, turn in enumerate(document.turns)
        for start, end in segment(text, turn.start, turn.end)
    ]
    wordings = [wording(said[start:end]) for _, start, end in spans]
    counts = [words(said[start:end]) for _, start, end in spans]
    read.document += [number] * len(spans)
    read.turn += [place for place, _, _ in spans]
    read.start += [start for _, start, _ in spans]
    read.end += [end for _, _, end in spans]
    read.sentence += [text[start:end].replace("\n", " ") for _, start, end in spans]
    read.occurrence += _occurrences(wordings)
    read.words.append(sum(counts))
    read.sentences.append(len(spans))
    read.sketch.append(
        _sketch(normal for normal, count in zip(wordings, counts, strict=True) if count >= SKETCH_FROM_WORDS)
    )
    read.body_sha256.append(hashlib.sha256(b"\n".join(wordings)).hexdigest())


def _occurrences(wordings: list[bytes]) -> list[int]:
    """How often each wording stood before it in the list."""
    if len(set(wordings)) == len(wordings):
        return [0] * len(wordings)
    seen: Counter[bytes] = Counter()
    before = []
    for normal in wordings:
        before.append(seen[normal])
        seen[normal] += 1
    return before


def _sketch(wordings: Iterable[bytes]) -> list[int]:
    """The beginnings of the wordings' hashes, those that are one in some: texts that share many share sentences."""
    digests = (hashlib.sha256(normal).digest() for normal in wordings)
    return sorted({int.from_bytes(digest[:8], "big") for digest in digests if digest[7] % SKETCH_ONE_IN == 0})


def _asked(read: _Read, documents: pl.DataFrame, turns: pl.DataFrame) -> pl.DataFrame:
    """The sentences of the documents that are not excluded, with those beside them in the turn and their utterer."""
    columns = {name: getattr(read, name) for name in _SENTENCES}
    sentences = pl.DataFrame(columns, schema=_SENTENCES)
    follows = pl.col("document").eq(pl.col("document").shift(1)) & pl.col("turn").eq(pl.col("turn").shift(1))
    return (
        sentences.with_columns(follows.fill_null(False).alias("follows"))
        .with_columns(
            pl.when("follows").then(pl.col("sentence").shift(1)).alias("before"),
            pl.when(pl.col("follows").shift(-1)).then(pl.col("sentence").shift(-1)).alias("after"),
        )
        .drop("follows")
        .join(
            documents.select("document", "language", "date", "genre", "excluded"),
            on="document",
            how="left",
            maintain_order="left",
        )
        .filter(pl.col("excluded").is_null())
        .join(turns.drop("start", "text"), on=["document", "turn"], how="left", maintain_order="left")
    )


def _coded(asked: pl.DataFrame, method: Method) -> pl.DataFrame:
    """The bilateral sentences with their codes, and with what makes two of them the same wording."""
    codes = method.coder.code(asked)
    said = asked.select("document", "turn", "start", "end", "sentence", "occurrence")
    coded = said.hstack(codes).filter(pl.col("bilateral"))
    wordings = [wording(plain(sentence)).decode() for sentence in coded["sentence"]]
    hashes = [_sha256(normal) for normal in wordings]
    return coded.with_columns(pl.Series("normal", wordings, pl.String), pl.Series("sentence_sha256", hashes, pl.String))


def _readings(documents: pl.DataFrame, read: _Read, coded: pl.DataFrame) -> pl.DataFrame:
    bilateral = coded.group_by("document").agg(pl.len().cast(pl.Int64).alias("bilateral_sentences"))
    return (
        documents.with_columns(
            pl.Series("words", read.words, pl.Int64),
            pl.Series("sentences", read.sentences, pl.Int64),
            pl.Series("sketch", read.sketch, pl.List(pl.UInt64)),
            pl.Series("body_sha256", read.body_sha256, pl.String),
        )
        .join(bilateral, on="document", how="left", maintain_order="left")
        .with_columns(pl.col("bilateral_sentences").fill_null(0))
        .select(READING)
    )


def _codings(documents: pl.DataFrame, coded: pl.DataFrame) -> pl.DataFrame:
    told = coded.join(documents, on="document", how="left", maintain_order="left")
    parts = told.select(pl.concat_str("document_id", "normal", "occurrence", separator="\n"))[:, 0]
    ids = [_sha256(part)[:16] for part in parts]
    terms = pl.col("evidence").list.eval(pl.element().struct.field("term")).list.unique(maintain_order=True)
    return told.with_columns(pl.Series("statement_id", ids, pl.String), terms.alias("terms")).select(CODING)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


READING = (
    "document_id", "feed", "office", "genre", "measured", "date", "date_precision", "known_from", "revision",
    "language", "title",
    "url", "raw_file", "raw_sha256", "body_sha256", "sketch", "method_version", "words", "sentences",
    "bilateral_sentences", "furniture_lines", "repeated_paragraphs", "excluded",
)  # fmt: skip
CODING = (
    "statement_id", "document_id", "raw_sha256", "start", "end", "sentence_sha256", "speaker", "voice", "side",
    "party", "direction", "hostility", "cooperation", "themes", "blame", "rung", "terms", "method_version",
)  # fmt: skip
