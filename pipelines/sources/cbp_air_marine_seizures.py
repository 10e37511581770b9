"""CBP Air and Marine Operations drug seizures: one row per month, component, region, land filter, branch and drug."""

from __future__ import annotations

import polars as pl

from pipelines.http import Http
from pipelines.live import Found, linked
from pipelines.reading import Raw, count, fiscal_month, number, read_csv
from pipelines.seeds import Seeds

COLUMNS = {
    "FY": "fiscal_year",
    "Month (abbv)": "month_abbreviation",
    "Component": "component_reported",
    "Region": "region_reported",
    "Land Filter": "land_filter_reported",
    "Branch": "branch_reported",
    "Drug Type": "drug_reported",
    "Count of Event": "events",
    "Sum Qty (lbs)": "seized_lb",
}


def find(http: Http, page: str) -> Found:
    """The newest of the files that the publisher's page links; it lists those of other years as well."""
    return linked(http, page, "amo-drug-seizures-{span}.csv")


def normalize(raw: Raw, seeds: Seeds) -> pl.DataFrame:
    """Rows of one release with calendar months and canonical labels; weights in lb, as printed."""
    frame = read_csv(raw, COLUMNS)
    frame = fiscal_month(raw, frame, "fiscal_year", "month_abbreviation")
    frame = number(raw, frame, "seized_lb")
    frame = count(raw, frame, "events")
    for field in ("component", "region", "land_filter"):
        frame = seeds.translate(raw, frame, field, seed="labels", field=field, column="code")
    frame = seeds.translate(raw, frame, "branch", seed="places", field="amo_branch", column="place")
    return seeds.translate(raw, frame, "drug", seed="drug_labels")
