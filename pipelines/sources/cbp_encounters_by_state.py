"""CBP encounters nationwide by state: one row per month, region, state, group and legal ground."""

from __future__ import annotations

import polars as pl

from pipelines.http import Http
from pipelines.live import Found, linked
from pipelines.reading import Raw, count, fiscal_month, read_csv
from pipelines.seeds import Seeds

COLUMNS = {
    "Fiscal Year": "fiscal_year",
    "Month Grouping": "month_grouping",
    "Month (abbv)": "month_abbreviation",
    "Land Border Region": "land_region_reported",
    "State": "state_reported",
    "Demographic": "demographic_reported",
    "Citizenship": "citizenship_reported",
    "Title of Authority": "authority_reported",
    "Encounter Count": "encounters",
}


def find(http: Http, page: str) -> Found:
    """The newest of the files that the publisher's page links; it lists those of other years as well."""
    return linked(http, page, "nationwide-encounters-{span}-state.csv")


def normalize(raw: Raw, seeds: Seeds) -> pl.DataFrame:
    """Rows of one release with calendar months, canonical labels and ISO 3166-2 states."""
    frame = read_csv(raw, COLUMNS)
    frame = fiscal_month(raw, frame, "fiscal_year", "month_abbreviation")
    frame = count(raw, frame, "encounters")
    for field in ("land_region", "demographic", "citizenship", "authority"):
        frame = seeds.translate(raw, frame, field, seed="labels", field=field, column="code")
    return seeds.translate(raw, frame, "state", seed="places", field="us_state", column="place")
