"""Documents to rows: one reading a document, one coding a bilateral sentence, one row a turn with its text."""

from __future__ import annotations

import hashlib
import itertools
import operator
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from pipelines.batches import by_size
from pipelines.rhetoric.bodies import Body, bodies
from pipelines.rhetoric.candidates import naming, within
from pipelines.rhetoric.coding import UTTERER, Coder
from pipelines.rhetoric.languages import language_of
from pipelines.rhetoric.speakers import Speakers
from pipelines.texts import Document

PART = 16_000_000  # characters
_TURNS = {
    "document": pl.UInt32, "turn": pl.UInt32, "start": pl.Int64, "text": pl.String, "folded": pl.String,
    "speaker": pl.String, "voice": pl.String, "side": pl.String, "party": pl.String,
}  # fmt: skip
_SENTENCES = {
    "turn_row": pl.UInt32, "start": pl.Int64, "end": pl.Int64, "sentence": pl.String, "before": pl.String,
    "after": pl.String, "normal": pl.String, "occurrence": pl.Int64,
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
class _Part:
    """Of some documents what is known before coding: the documents, their turns' texts, the sentences to be coded."""

    documents: pl.DataFrame
    turns: pl.DataFrame
    asked: pl.DataFrame


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


def statements(held: Iterable[Held], method: Method) -> Rows:
    """The rows of some documents, in their order.

    Sentences are looked for in a part of the documents at a time, so that not all lie in memory; what is found is coded
    at once, as expressions take long to make and Polars remembers few.
    """
    parts: list[_Part] = []
    before = 0
    for some in by_size(held, lambda one: len(one.document.text), PART):
        parts.append(_part(some, before, method))
        before += len(some)
    documents = pl.concat(part.documents for part in parts)
    coded = _coded(pl.concat(part.asked for part in parts), method.coder)
    return Rows(_readings(documents, coded), _codings(documents, coded), pl.concat(part.turns for part in parts))


def asked_of(held: Iterable[Held], method: Method) -> Iterator[pl.DataFrame]:
    """Yield, some documents at a time, the sentences that `statements` looks at closely.

    One row a sentence, with its `statement_id` and `document_id` beside what `Coder.code` takes.
    """
    asked = ("sentence", "before", "after", "language", "date", "genre", *UTTERER)
    for some in by_size(held, lambda one: len(one.document.text), PART):
        part = _part(some, 0, method)
        told = part.asked.join(part.documents.select("document", "document_id"), on="document", maintain_order="left")
        yield told.select(_statement_id(told), "document_id", *asked)


def _part(held: list[Held], before: int, method: Method) -> _Part:
    """What is known of some documents before coding, where so many come before them."""
    read = list(bodies(one.document for one in held))
    documents = _documents(held, read, method)
    turns = _turns(held, read, method.speakers).join(documents, on="document", maintain_order="left")
    place = pl.col("document") + pl.lit(before, pl.UInt32)
    return _Part(
        documents.with_columns(place),
        turns.select("document_id", "raw_sha256", "turn", "speaker", "start", "text", "method_version"),
        _asked(held, read, turns, method.coder).with_columns(place),
    )


def _documents(held: list[Held], read: list[Body], method: Method) -> pl.DataFrame:
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
            "words": pl.Series([its.words for its in read], dtype=pl.Int64),
            "sentences": pl.Series([len(its.starts) for its in read], dtype=pl.Int64),
            "sketch": pl.Series([its.sketch for its in read], dtype=pl.List(pl.UInt64)),
            "body_sha256": pl.Series([its.sha256 for its in read], dtype=pl.String),
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


def _turns(held: list[Held], read: list[Body], speakers: Speakers) -> pl.DataFrame:
    found: list[tuple[object, ...]] = []
    for number, (one, its) in enumerate(zip(held, read, strict=True)):
        document = one.document
        utterers = speakers.resolve((turn.speaker for turn in document.turns), document.genre, document.date)
        for place, turn in enumerate(document.turns):
            who = utterers[turn.speaker]
            said, folded = document.text[turn.start : turn.end], its.folded[turn.start : turn.end]
            found.append((number, place, turn.start, said, folded, who.speaker, who.voice, who.side, who.party))
    columns = zip(*found, strict=True) if found else ((),) * len(_TURNS)
    return pl.DataFrame(dict(zip(_TURNS, columns, strict=True)), schema=_TURNS)


def _asked(held: list[Held], read: list[Body], turns: pl.DataFrame, coder: Coder) -> pl.DataFrame:
    """The candidates of the documents that are not excluded, with those beside them in the turn and their utterer."""
    numbered = turns.with_row_index("turn_row")
    lexicon = coder.features.lexicon
    named = naming(numbered.filter(pl.col("excluded").is_null()), lexicon)
    lines = [_lines(read[number], turn) for number, turn in named.select("document", "turn").iter_rows()]
    chosen = within(named.with_columns(pl.Series("lines", lines, pl.String)), lexicon)
    places = chosen.join(numbered.select("turn_row", "document", "turn"), on="turn_row", maintain_order="left")
    found: list[tuple[object, ...]] = []
    for number, some in itertools.groupby(places.iter_rows(), key=operator.itemgetter(2)):
        text, its = held[number].document.text, read[number]
        wordings = its.wordings.split(b"\n")
        for row, place, _, turn in some:
            first, last = its.firsts[turn : turn + 2].tolist()
            at = first + place
            near = [_said(text, its, each) if first <= each < last else None for each in (at, at - 1, at + 1)]
            normal = wordings[at]
            span = int(its.starts[at]), int(its.ends[at])
            found.append((row, *span, *near, normal.decode(), wordings[:at].count(normal)))
    sentences = pl.DataFrame(found, schema=_SENTENCES, orient="row")
    told = ("turn_row", "document", "turn", "language", "date", "genre", *UTTERER)
    return sentences.join(numbered.select(told), on="turn_row", maintain_order="left")


def _lines(its: Body, turn: int) -> str:
    """The folded sentences of a turn, one a line."""
    own = slice(*its.firsts[turn : turn + 2])
    return "\n".join([its.folded[each] for each in map(slice, its.starts[own].tolist(), its.ends[own].tolist())])


def _said(text: str, its: Body, sentence: int) -> str:
    return text[its.starts[sentence] : its.ends[sentence]].replace("\n", " ")


def _coded(asked: pl.DataFrame, coder: Coder) -> pl.DataFrame:
    """The bilateral sentences with their codes, and with what makes two of them the same wording."""
    numbered = asked.with_row_index("place")
    said = numbered.select("place", "document", "turn", "start", "end", "normal", "occurrence")
    coded = said.join(coder.coded(numbered), on="place", maintain_order="left")
    hashes = [_sha256(normal) for normal in coded["normal"]]
    return coded.with_columns(pl.Series("sentence_sha256", hashes, pl.String))


def _readings(documents: pl.DataFrame, coded: pl.DataFrame) -> pl.DataFrame:
    bilateral = coded.group_by("document").agg(pl.len().cast(pl.Int64).alias("bilateral_sentences"))
    counted = documents.join(bilateral, on="document", how="left", maintain_order="left")
    return counted.with_columns(pl.col("bilateral_sentences").fill_null(0)).select(READING)


def _codings(documents: pl.DataFrame, coded: pl.DataFrame) -> pl.DataFrame:
    told = coded.join(documents, on="document", how="left", maintain_order="left")
    terms = pl.col("evidence").list.eval(pl.element().struct.field("term")).list.unique(maintain_order=True)
    return told.with_columns(_statement_id(told), terms.alias("terms")).select(CODING)


def _statement_id(told: pl.DataFrame) -> pl.Series:
    """What a sentence is known by: its document, its wording, and how often that stood there before."""
    parts = told.select(pl.concat_str("document_id", "normal", "occurrence", separator="\n"))[:, 0]
    return pl.Series("statement_id", [_sha256(part)[:16] for part in parts], pl.String)


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
