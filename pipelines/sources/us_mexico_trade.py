"""US goods trade with Mexico: one row per month, from the Census Bureau's table of countries."""

from __future__ import annotations

import polars as pl

from pipelines.errors import Refused
from pipelines.http import Http
from pipelines.live import Found, linked
from pipelines.reading import Raw, number, read_sheet, refuse_first
from pipelines.seeds import Seeds

MEXICO = "2010"
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
FLOWS = {"imports": "I", "exports": "E"}
COLUMNS = {"year": "year", "CTY_CODE": "country_code", "CTYNAME": "country_reported"} | {
    f"{letter}{part}": f"{flow}_{part}" for flow, letter in FLOWS.items() for part in (*MONTHS, "YR")
}
# US$ million; the held releases add up to 1e-10 in every year, also in those printed with one decimal.
ROUNDING = 0.001


def find(http: Http, page: str) -> Found:
    """The table of all countries that the publisher's page links, under one name and without a date."""
    return linked(http, page, "country.xlsx")


def normalize(raw: Raw, seeds: Seeds) -> pl.DataFrame:
    """Published months of Mexico in USD; the file's US$ million, rounded to the cent."""
    frame = read_sheet(raw, "country", COLUMNS).filter(pl.col("country_code") == MEXICO)
    if frame.is_empty():
        raise Refused(f"{raw.release}: no row for CTY_CODE {MEXICO} (Mexico); fetch the workbook again")
    for flow in FLOWS:
        for part in (*MONTHS, "YR"):
            frame = number(raw, frame, f"{flow}_{part}")
    for flow in FLOWS:
        months = pl.sum_horizontal(f"{flow}_{part}" for part in MONTHS)
        off = (months - pl.col(f"{flow}_YR")).abs() > ROUNDING
        refuse_first(raw, frame, off, f"{flow}_YR", "is not the sum of its months", "fetch the workbook again")
    millions = _published(raw, _years(raw, frame))
    return millions.with_columns((pl.col(flow) * 1e6).round(2).alias(f"{flow}_usd") for flow in FLOWS)


def _years(raw: Raw, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows with a year; the publisher also leaves rows of zeros without one."""
    is_blank = pl.col("year") == ""
    figures = pl.max_horizontal(f"{flow}_YR" for flow in FLOWS)
    refuse_first(raw, frame, is_blank & (figures != 0), "year", "is blank beside figures", "fetch the workbook again")
    refuse_first(raw, frame, ~is_blank & ~pl.col("year").str.contains(r"^(19|20)\d\d$"), "year", "is not a year")
    return frame.filter(~is_blank)


def _published(raw: Raw, frame: pl.DataFrame) -> pl.DataFrame:
    """One row per month up to the last published one: after it the file says 0, which is no figure."""
    months = pl.concat(
        frame.select(
            "line", pl.date(pl.col("year").cast(pl.Int32), number_, 1).alias("month"),
            *(pl.col(f"{flow}_{part}").alias(flow) for flow in FLOWS),
        )
        for number_, part in enumerate(MONTHS, start=1)
    ).sort("month")  # fmt: skip
    last = months.filter(pl.col("imports") + pl.col("exports") != 0)["month"].max()
    covered = months.filter(pl.col("month") <= last)
    for flow in FLOWS:
        words = f"has {flow} of 0 though a later month is published or the other flow is not 0"
        refuse_first(raw, covered, pl.col(flow) == 0, "month", words, "fetch the workbook again")
    return covered
