"""CDC VSRR provisional overdose deaths: one row per ending month, jurisdiction and indicator, as 12-month sums.

The publisher's table has four shapes that must give the same values: ten columns in another order until 2017, twelve
since 2018, each with or without thousands separators; the portal's API, which names the same columns in small letters
(`Data Value` is `data_value`); and a Parquet re-encoding in which every number is a float.

The portal asks for no account. `ENTENTE_SOCRATA_TOKEN` may hold an application token of it, which is sent to it alone
and raises how often it may be asked.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from urllib.parse import urljoin

import polars as pl

from pipelines.http import Http, NoAnswer
from pipelines.live import Found
from pipelines.reading import Raw, count, number, read_csv, read_parquet, refuse_first
from pipelines.seeds import Seeds

COLUMNS = {
    "State": "jurisdiction_reported",
    "State Name": "jurisdiction_name",
    "Year": "year",
    "Month": "month_name",
    "Period": "period",
    "Indicator": "indicator_reported",
    "Data Value": "value",
    "Percent Complete": "pct_complete",
    "Percent Pending Investigation": "pct_pending",
    "Footnote": "footnote_reported",
}
SINCE_2018 = {"Footnote Symbol": "footnote_symbol", "Predicted Value": "predicted_12m"}
# The exports of one release print up to 16 decimals and differ in the last ones; the table of 2025 prints nine.
DECIMALS = 9
TOKEN = "ENTENTE_SOCRATA_TOKEN"
# The most the portal gives at once; without an order its pages overlap.
PAGE_ROWS = 50_000
ORDER = "$order=:id"
REASONS = {"Data suppressed (<10)": "suppressed", "Data not shown due to low data quality": "low_quality"}


def find(http: Http, page: str) -> Found:
    """The portal's whole table, page by page; published when its metadata says the rows were updated."""
    title, view = page.split("/")[-2:]
    metadata = urljoin(page, f"/api/views/{view}.json")
    secrets = {"X-App-Token": token} if (token := os.environ.get(TOKEN, "").strip()) else {}
    try:
        updated = int(json.loads(http.page(metadata, secrets)[1])["rowsUpdatedAt"])
        day = datetime.fromtimestamp(updated, UTC).date()
    except (KeyError, TypeError, ValueError, OverflowError):
        raise NoAnswer(f"{metadata}: no rowsUpdatedAt that is a time") from None
    rows = urljoin(page, f"/resource/{view}.csv?{ORDER}")
    return Found(rows, f"{title}.csv", day, updated, PAGE_ROWS, secrets)


def normalize(raw: Raw, seeds: Seeds) -> pl.DataFrame:
    """Rows of one release; deaths and the percentage of specified drugs, which share a column upstream, stand apart."""
    if raw.path.suffix == ".parquet":
        frame = read_parquet(raw, COLUMNS, optional=SINCE_2018)
    elif b"data_value" in raw.sniffed().partition(b"\n")[0]:
        frame = read_csv(raw, _of_api(COLUMNS), optional=_of_api(SINCE_2018))
    else:
        frame = read_csv(raw, COLUMNS, optional=SINCE_2018)
    frame = _ending_months(raw, frame)
    frame = seeds.translate(raw, frame, "jurisdiction", seed="places", field="vsrr_jurisdiction", column="place")
    frame = seeds.translate(raw, frame, "indicator", seed="labels", field="vsrr_indicator", column="code")
    frame = _values(raw, _footnotes(frame))
    frame = number(raw, _completeness(raw, frame), "pct_pending")
    return frame.with_columns(pl.col("pct_pending", "pct_drugs_specified").round(DECIMALS))


def _of_api(columns: dict[str, str]) -> dict[str, str]:
    """The columns under the names that the portal's API gives them."""
    return {title.lower().replace(" ", "_"): ours for title, ours in columns.items()}


def _ending_months(raw: Raw, frame: pl.DataFrame) -> pl.DataFrame:
    other = pl.col("period") != "12 month-ending"
    refuse_first(raw, frame, other, "period", "is not the 12 months that deaths_12m counts")
    month = pl.format("{} {} 1", "year", "month_name").str.to_date("%Y %B %d", strict=False)
    refuse_first(raw, frame, month.is_null(), "month_name", "and its year are not a month such as December 2021")
    return frame.with_columns(month.alias("month"))


def _footnotes(frame: pl.DataFrame) -> pl.DataFrame:
    footnote = pl.col("footnote_reported").replace("", None)
    symbol = pl.col("footnote_symbol").replace("", None)
    # Until 2017 the symbol stands in front of the footnote's text.
    return frame.with_columns(footnote, pl.coalesce(symbol, footnote.str.extract(r"^(\*+)")).alias("footnote_symbol"))


def _values(raw: Raw, frame: pl.DataFrame) -> pl.DataFrame:
    spaced = pl.col("footnote_reported").str.replace_all(r"\s+", " ")
    reason = pl.coalesce(
        pl.when(spaced.str.contains(words, literal=True)).then(pl.lit(code)) for words, code in REASONS.items()
    )
    unfit = reason.is_null() == (pl.col("value") == "")
    remedy = "if the footnote is genuine, add its reason to REASONS in pipelines/sources/cdc_overdose_deaths.py"
    refuse_first(raw, frame, unfit, "value", "does not fit its footnote, which says why a figure is not shown", remedy)
    is_percent = pl.col("indicator") == "pct_drugs_specified"
    frame = frame.with_columns(
        pl.when(is_percent).then(pl.lit("")).otherwise("value").alias("deaths_12m"),
        pl.when(is_percent).then("value").otherwise(pl.lit("")).alias("pct_drugs_specified"),
        pl.coalesce(reason, pl.when(is_percent).then(pl.lit("not_a_count"))).alias("missing"),
    )
    frame = count(raw, frame, "deaths_12m", blank=True)
    frame = count(raw, frame, "predicted_12m", blank=True)
    return number(raw, frame, "pct_drugs_specified", blank=True)


def _completeness(raw: Raw, frame: pl.DataFrame) -> pl.DataFrame:
    printed = pl.col("pct_complete")
    is_bound = printed.str.contains(r"^\d+(\.\d+)?\+$")
    frame = frame.with_columns(
        pl.when(is_bound).then(printed).alias("pct_complete_reported"),
        pl.when(is_bound).then(pl.lit("")).otherwise(printed).alias("pct_complete"),
    )
    return number(raw, frame, "pct_complete", blank=True)
