"""Every claim of the documents with the official figure of each of its readings, now and as known on its day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import duckdb
import polars as pl

from pipelines import as_of
from pipelines.claims import lines, storing
from pipelines.claims.books import Books
from pipelines.claims.checking import Checked, Checker
from pipelines.claims.periods import first_day
from pipelines.claims.readings import Reading, Readings
from pipelines.warehouse import Work

DATASETS = (
    "cbp_drug_seizures",
    "cbp_encounters",
    "cbp_encounters_by_state",
    "cdc_overdose_deaths",
    "cdc_wonder_deaths",
    "us_mexico_trade",
    "usbp_encounters",
)
SEEDS = ("metrics", "metric_readings", "official_statements")
READS = (
    "documents.claims",
    "documents.codings",
    "documents.texts",
    "seeds.speaker_groups",
    "vintages.release_months",
    *(f"sources.{dataset}" for dataset in DATASETS),
    *(f"seeds.{stem}" for stem in SEEDS),
)
CODE = ("claims", "as_of")
# Who a name is in a document stands with its coded sentences; elsewhere as most often in its feed.
CLAIMS = """
with named as (
  select texts.feed, codings.document_id, codings.speaker, codings.side, codings.voice, codings.party
  from documents.codings as codings
  join documents.texts as texts using (document_id, raw_sha256)
),
in_document as (
  select document_id, speaker, mode((side, voice, coalesce(party, 'any'))) as who from named group by all
),
in_feed as (
  select feed, speaker, mode((side, voice, coalesce(party, 'any'))) as who from named group by all
)
select
  claims.*,
  texts.date,
  texts.feed,
  coalesce(of_party.speaker_group, of_any.speaker_group, 'unknown') as speaker_group
from documents.claims as claims
join documents.texts as texts using (document_id, raw_sha256)
left join in_document on in_document.document_id = claims.document_id and in_document.speaker = claims.speaker
left join in_feed on in_feed.feed = texts.feed and in_feed.speaker = claims.speaker
left join seeds.speaker_groups as of_party
  on (of_party.side, of_party.voice, of_party.party) = coalesce(in_document.who, in_feed.who)
left join seeds.speaker_groups as of_any
  on of_any.side = coalesce(in_document.who, in_feed.who)[1]
  and of_any.voice = coalesce(in_document.who, in_feed.who)[2]
  and of_any.party = 'any'
where texts.excluded is null and texts.duplicate_of is null
order by claims.claim_id, claims.raw_sha256
"""

Row = dict[str, Any]


def make(work: Work) -> pl.DataFrame:
    """One row per claim and reading."""
    contract = work.declared["indicators.claims_ledger"]
    claims = work.frame(CLAIMS)
    seeds = {stem: work.seeds[stem] for stem in SEEDS}
    newest = dict(work.rows("select dataset, max(vintage) from vintages.releases group by all"))
    datasets = {row["metric"]: row["dataset"] for row in seeds["metrics"].iter_rows(named=True)}
    with known(work) as connection:
        checker = Checker(seeds, Readings(seeds, Books(connection)))
        rows = [
            told
            for place, row in enumerate(claims.iter_rows(named=True))
            for told in _rows(row, checker.check(storing.claim_of(row, place), row["date"]), newest, datasets)
        ]
    return pl.DataFrame(rows, schema=contract.schema)


@contextmanager
def known(work: Work) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection on which the views of schema `as_of` over the datasets stand while it is open, and never after."""
    needed = {"vintages.release_months", *(f"sources.{dataset}" for dataset in DATASETS)}
    views = [view for view in as_of.views(work.declared) if view.contract.name in needed]
    connection = work.connection.cursor()
    connection.execute("begin")
    try:
        as_of.write(connection, views)
        yield connection
    finally:
        connection.execute("rollback")
        connection.close()


def _rows(row: Row, checked: Checked, newest: dict[str, date], datasets: dict[str, str]) -> Iterator[Row]:
    """The rows of one claim: one for each reading, or one without."""
    claim = checked.claim
    kept = ("claim_id", "raw_sha256", "document_id", "date", "feed", "speaker", "speaker_group", "start", "end")
    same = {
        **{name: row[name] for name in (*kept, "span_start", "span_end", "metric", "kind", "value", "modifier")},
        "unit": lines.unit_of(claim),
        "verdict": checked.verdict,
        "verdict_then": checked.verdict_then,
        "reason": checked.reason,
        "vintage": newest.get(datasets[claim.series]),
        "method_version": row["method_version"],
    }
    shown = checked.chosen or (checked.readings[0] if checked.readings else None)
    if not checked.readings:
        none = {"reading": "none", "reading_about": "none", "standing": "none", "missing": "no_reading"}
        geography = lines.geography_of(claim, None)
        yield {**same, **none, "missing_then": "no_reading", "place": 0, "is_shown": True, "geography": geography}
    for place, reading in enumerate(checked.readings, start=1):
        yield {**same, **_reading(checked, reading), "place": place, "is_shown": reading is shown}


def _reading(checked: Checked, reading: Reading) -> Row:
    base = reading.base
    then = "vintage_not_held" if reading.value is not None else "period_not_held"
    return {
        "geography": lines.geography_of(checked.claim, reading),
        "reading": reading.reading,
        "reading_about": reading.label,
        "standing": reading.standing,
        "period_start": first_day(reading.window.start),
        "period_end": first_day(reading.window.end),
        "baseline_start": base and first_day(base.start),
        "baseline_end": base and first_day(base.end),
        "official_value": reading.value,
        "official_value_then": reading.value_then,
        "is_fitting": checked.fits(reading),
        "is_fitting_then": checked.fits(reading, then=True),
        "sql": reading.sql,
        "missing": None if reading.value is not None else "period_not_held",
        "missing_then": None if reading.value_then is not None else then,
    }
