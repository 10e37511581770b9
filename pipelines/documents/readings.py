"""Every document as read: what was coded here and what the bundle brings, one version of the method a feed."""

from __future__ import annotations

import polars as pl

from pipelines.contracts import Contract
from pipelines.errors import EntenteError
from pipelines.feeds import LOOKED_AT
from pipelines.rhetoric.version import feed_version
from pipelines.warehouse import Work

CODE = ()
KEYS = ["document_id", "raw_sha256", "method_version"]


def make(work: Work) -> pl.DataFrame:
    """One row per document and file it was read from, of all feeds."""
    feeds = [contract for contract in work.declared.values() if contract.feed is not None]
    frames = [read(work, feed, "readings") for feed in feeds]
    return pl.concat([pl.DataFrame(schema=work.declared["documents.readings"].schema), *frames])


def read(work: Work, feed: Contract, table: str) -> pl.DataFrame:
    """The rows of `readings` or `codings` of one feed in its chosen version, coded here or bundled."""
    contract = work.declared[f"documents.{table}"]
    version = chosen_version(work, feed)
    parts = [frame for frame, _ in _parts(work, feed, table)]
    rows = pl.concat([*parts, pl.DataFrame(schema=contract.schema)]).filter(pl.col("method_version") == version)
    rows = rows.unique(list(contract.grain), keep="first", maintain_order=True)
    if table == "readings":
        rows = rows.drop("known_from", "revision").join(_history(work, feed), on=KEYS[:2], maintain_order="left")
    return rows.select(list(contract.columns))


def chosen_version(work: Work, feed: Contract) -> str:
    """Today's version of the method where it coded every document of the feed, else the one that coded most of them.

    Versions are never mixed within a feed: where the text of a bundled document is not at hand, a change of the method
    leaves the whole feed in the bundle's version.
    """
    current = feed_version(work.project.root, feed.stem)
    documents = _documents(work, feed)
    coded = dict(documents.group_by("method_version").len().iter_rows())
    whole = documents["document_id"].n_unique()
    if not coded or coded.get(current) == whole:
        return current
    others = {version: count for version, count in coded.items() if version != current}
    return max(others, key=lambda version: (others[version], version), default=current)


def held(work: Work, feed: Contract) -> set[str]:
    """Paths of the feed's documents, coded here or bundled, by whatever version."""
    return {name.removeprefix(f"{feed.stem}/") for name in _documents(work, feed)["document_id"]}


def left_out(work: Work, feed: Contract) -> int:
    """How many documents of the feed are not coded in its chosen version."""
    documents = _documents(work, feed)
    chosen = documents.filter(pl.col("method_version") == chosen_version(work, feed))
    return documents["document_id"].n_unique() - chosen.height


def _documents(work: Work, feed: Contract) -> pl.DataFrame:
    schema = {"document_id": pl.String, "method_version": pl.String}
    parts = [frame.select(list(schema)) for frame, _ in _parts(work, feed, "readings")]
    return pl.concat([pl.DataFrame(schema=schema), *parts]).unique()


def _history(work: Work, feed: Contract) -> pl.DataFrame:
    """Of each document and file: which revision of the document it is, and from which day this text was public.

    The first text, and the copies found with it, are revision 0 and public from their own day; a text found by a later
    look is the next revision, public from the day of that look. The same words in another file are no new revision.
    """
    columns = [*KEYS[:2], "body_sha256", "known_from", "revision"]
    parts = [
        frame.select(*columns, pl.lit(looked_at).alias("looked_at"))
        for frame, looked_at in _parts(work, feed, "readings")
    ]
    none = pl.DataFrame(schema={**work.declared["documents.readings"].schema, "looked_at": pl.String})
    seen = pl.concat([none.select(*columns, "looked_at"), *parts])
    seen = seen.sort("looked_at", "revision").unique(KEYS[:2], keep="first", maintain_order=True)
    wording = ["document_id", "body_sha256"]
    seen = seen.with_columns(pl.col("looked_at", "revision", "known_from").first().over(wording))
    # Bundled rows bring their revision; those found here follow in the order of the looks.
    rank = pl.struct("looked_at", pl.col("revision")).rank("dense").over("document_id") - 1
    day = pl.col("looked_at").str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    is_later = (rank > 0) & (pl.col("looked_at") != "")
    return seen.select(
        *KEYS[:2],
        rank.cast(pl.Int32).alias("revision"),
        pl.when(is_later).then(pl.max_horizontal("known_from", day)).otherwise("known_from").alias("known_from"),
    )


def _parts(work: Work, feed: Contract, table: str) -> list[tuple[pl.DataFrame, str]]:
    """The feed's Parquet with the time of the look that made it: what was coded here, then the bundle ("")."""
    here = sorted((work.project.warehouse / "documents" / feed.stem / table).glob("*.parquet"))
    bundled = work.project.history / "documents" / f"{feed.stem}.{table}.parquet"
    stored = list(work.declared[f"documents.{table}"].columns)
    parts = [(pl.read_parquet(path).select(stored), pl.read_parquet_metadata(path)[LOOKED_AT]) for path in here]
    if not bundled.is_file():
        return parts
    frame = pl.read_parquet(bundled)
    if lacking := [name for name in stored if name not in frame.columns]:
        raise EntenteError(
            f"{bundled.name}: the bundle lacks {lacking[0]}; delete it and make it anew with `entente bundle`"
        )
    return [*parts, (frame.select(stored), "")]
