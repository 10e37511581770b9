"""Documents to rows: one reading a document, one coding a bilateral sentence, one row a turn with its text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from pipelines.rhetoric.coding import code, fold
from pipelines.rhetoric.languages import language_of
from pipelines.rhetoric.sentences import segment
from pipelines.rhetoric.speakers import Speakers
from pipelines.texts import Document

SKETCH_FROM_WORDS = 6
SKETCH_ONE_IN = 16
_WORD = r"(?-u:[!-~]*[A-Za-z0-9][!-~]*)"
_SENTENCES = {"document": pl.UInt32, "turn": pl.UInt32, "start": pl.Int64, "end": pl.Int64, "sentence": pl.String}
_TURNS = {
    "document": pl.UInt32, "turn": pl.UInt32, "start": pl.Int64, "text": pl.String,
    "speaker": pl.String, "voice": pl.String, "side": pl.String,
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
        lexicon: The seed table of terms.
        dyad: The seed table of the two sides.
        version: Which method this is.
    """

    feed: str
    office: str
    measured: bool
    speakers: Speakers
    lexicon: pl.DataFrame
    dyad: pl.DataFrame
    version: str


def statements(held: list[Held], method: Method) -> Rows:
    """The rows of some documents, in their order."""
    documents = _documents(held, method)
    turns = pl.DataFrame(_turns(held, method.speakers), schema=_TURNS, orient="row")
    sentences = pl.DataFrame(_sentences(held), schema=_SENTENCES, orient="row")
    sentences = _hashed(sentences.join(documents.select("document", "language", "excluded"), on="document", how="left"))
    sentences = sentences.join(turns.drop("start", "text"), on=["document", "turn"], how="left", maintain_order="left")
    coded = _coded(sentences.filter(pl.col("excluded").is_null()), method)
    return Rows(
        _readings(documents, sentences, coded, held),
        _codings(documents, coded),
        turns.join(documents, on="document", maintain_order="left").select(
            "document_id", "raw_sha256", "turn", "speaker", "start", "text", "method_version"
        ),
    )


def _documents(held: list[Held], method: Method) -> pl.DataFrame:
    rows = [
        {
            "document": number,
            "document_id": f"{method.feed}/{one.document.path}",
            "feed": method.feed,
            "office": method.office,
            "genre": one.document.genre,
            "measured": method.measured,
            "date": one.document.date,
            "date_precision": one.document.date_precision,
            "known_from": one.document.known_from,
            "revision": 0,  # which one it is follows from all looks together
            "language": one.document.language or language_of(one.document.text),
            "title": one.document.title,
            "url": one.document.url,
            "raw_file": one.raw_file,
            "raw_sha256": one.raw_sha256,
            "method_version": method.version,
            "furniture_lines": one.document.furniture_lines,
            "repeated_paragraphs": one.document.repeated_paragraphs,
            "excluded": one.document.excluded or (None if one.document.turns else "empty"),
        }
        for number, one in enumerate(held)
    ]
    texts = ("title", "url", "excluded")
    frame = pl.DataFrame(
        rows, schema_overrides={"document": pl.UInt32, "revision": pl.Int32, **dict.fromkeys(texts, pl.String)}
    )
    return frame


def _turns(held: list[Held], speakers: Speakers) -> Iterable[tuple[object, ...]]:
    for number, one in enumerate(held):
        document = one.document
        utterers = speakers.resolve((turn.speaker for turn in document.turns), document.genre, document.date)
        for place, turn in enumerate(document.turns):
            utterer = utterers[turn.speaker]
            said = document.text[turn.start : turn.end]
            yield number, place, turn.start, said, utterer.speaker, utterer.voice, utterer.side


def _sentences(held: list[Held]) -> Iterable[tuple[object, ...]]:
    for number, one in enumerate(held):
        text = one.document.text
        for place, turn in enumerate(one.document.turns):
            for start, end in segment(text, turn.start, turn.end):
                yield number, place, start, end, text[start:end]


def _hashed(sentences: pl.DataFrame) -> pl.DataFrame:
    """The sentences with words, their normalised wording, its hash, and how often the document said it before."""
    folded = sentences.with_columns(fold(pl.col("sentence")).alias("folded"))
    normal = folded.with_columns(
        pl.col("folded").str.count_matches(_WORD).cast(pl.Int64).alias("words"),
        pl.col("folded").str.to_lowercase().str.replace_all(r"[^a-z0-9]+", " ").str.strip_chars(" ").alias("normal"),
    ).drop("folded")
    hashes = [hashlib.sha256(wording.encode()).hexdigest() for wording in normal["normal"]]
    return normal.with_columns(pl.Series("sentence_sha256", hashes, pl.String)).with_columns(
        pl.int_range(pl.len()).over("document", "sentence_sha256").alias("occurrence")
    )


def _coded(sentences: pl.DataFrame, method: Method) -> pl.DataFrame:
    """The bilateral sentences with their codes."""
    within = ("document", "turn")
    asked = sentences.with_columns(
        pl.col("sentence").shift(1).over(within).alias("before"),
        pl.col("sentence").shift(-1).over(within).alias("after"),
    )
    codes = code(asked, method.lexicon, method.dyad)
    return pl.concat([sentences, codes], how="horizontal").filter(pl.col("bilateral"))


def _readings(documents: pl.DataFrame, sentences: pl.DataFrame, coded: pl.DataFrame, held: list[Held]) -> pl.DataFrame:
    small = (pl.col("words") >= SKETCH_FROM_WORDS) & (pl.col("hash") % SKETCH_ONE_IN == 0)
    hashed = sentences.with_columns(
        pl.col("sentence_sha256").str.slice(0, 16).str.to_integer(base=16, dtype=pl.UInt64).alias("hash")
    )
    counted = hashed.group_by("document").agg(
        pl.col("words").sum(),
        pl.len().cast(pl.Int64).alias("sentences"),
        pl.col("hash").filter(small).unique().sort().alias("sketch"),
        pl.col("normal"),
    )
    bodies = [hashlib.sha256("\n".join(said).encode()).hexdigest() for said in counted["normal"]]
    counted = counted.drop("normal").with_columns(pl.Series("body_sha256", bodies, pl.String))
    bilateral = coded.group_by("document").agg(pl.len().cast(pl.Int64).alias("bilateral_sentences"))
    empty = hashlib.sha256(b"").hexdigest()
    return (
        documents.join(counted, on="document", how="left", maintain_order="left")
        .join(bilateral, on="document", how="left", maintain_order="left")
        .with_columns(pl.col("words", "sentences", "bilateral_sentences").fill_null(0))
        .with_columns(pl.col("body_sha256").fill_null(empty), pl.col("sketch").fill_null([]))
        .select(READING)
    )


def _codings(documents: pl.DataFrame, coded: pl.DataFrame) -> pl.DataFrame:
    told = coded.drop("language", "excluded").join(documents, on="document", how="left", maintain_order="left")
    parts = told.select(pl.concat_str("document_id", "normal", "occurrence", separator="\n"))[:, 0]
    ids = [hashlib.sha256(part.encode()).hexdigest()[:16] for part in parts]
    terms = pl.col("evidence").list.eval(pl.element().struct.field("term")).list.unique(maintain_order=True)
    return told.with_columns(pl.Series("statement_id", ids, pl.String), terms.alias("terms")).select(CODING)


READING = (
    "document_id", "feed", "office", "genre", "measured", "date", "date_precision", "known_from", "revision",
    "language", "title",
    "url", "raw_file", "raw_sha256", "body_sha256", "sketch", "method_version", "words", "sentences",
    "bilateral_sentences", "furniture_lines", "repeated_paragraphs", "excluded",
)  # fmt: skip
CODING = (
    "statement_id", "document_id", "raw_sha256", "start", "end", "sentence_sha256", "speaker", "voice", "side",
    "direction", "hostility", "cooperation", "themes", "blame", "terms", "method_version",
)  # fmt: skip
