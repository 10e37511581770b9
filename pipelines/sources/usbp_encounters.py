"""Border Patrol encounters since 1999: one row per month and region, rounded to tens, from OHSS's workbook."""

from __future__ import annotations

import re

import polars as pl

from pipelines.http import Http
from pipelines.live import Found, Link, newest
from pipelines.reading import Raw, count, fiscal_month, read_sheet, refuse_first
from pipelines.seeds import Seeds

COLUMNS = {"Fiscal\nYear": "fiscal_year", "Month": "month", "Region": "region_reported", "Quantity": "encounters"}
REGIONS = {
    "Coastal Border": "coastal_border",
    "Northern Land Border": "northern_land_border",
    "Southwest Land Border": "southwest_land_border",
}


NAME = r".*khsm[ _-]encounters[ _-]\(?usbp\)?[ _-]fy(\d\d)m(\d\d).*\.xlsx"


def find(http: Http, page: str) -> Found:
    """The newest workbook of Border Patrol encounters that the publisher's page links."""
    link = newest(http, page, "KHSM Encounters (USBP) fy…m….xlsx", _age)
    return Found(link.url, link.name)


def _age(link: Link) -> tuple[int, ...] | None:
    """Fiscal year and place of the calendar month in it: fy25m11 is November 2024, older than fy25m01."""
    match = re.fullmatch(NAME, link.name, re.IGNORECASE)
    return (int(match[1]), (int(match[2]) - 10) % 12) if match else None


def normalize(raw: Raw, seeds: Seeds) -> pl.DataFrame:
    """Rows of one release with calendar months; `01 October` is the first month of a fiscal year."""
    frame = read_sheet(raw, "Monthly Region", COLUMNS)
    frame = frame.with_columns(pl.col("month").str.slice(3, 3).str.to_uppercase())
    frame = fiscal_month(raw, frame, "fiscal_year", "month")
    region = pl.col("region_reported").replace_strict(REGIONS, default=None)
    remedy = "if it is genuine, add it to REGIONS in pipelines/sources/usbp_encounters.py"
    refuse_first(raw, frame, region.is_null(), "region_reported", "is unknown", remedy)
    return count(raw, frame.with_columns(region.alias("region")), "encounters")
