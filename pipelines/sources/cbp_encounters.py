"""CBP encounters at the southwest land border: one row per month, component, group and legal ground."""

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
    "Component": "component_reported",
    "Demographic": "demographic_reported",
    "Citizenship Grouping": "citizenship_reported",
    "Title of Authority": "authority_reported",
    "Encounter Type": "encounter_type_reported",
    "Encounter Count": "encounters",
}


def find(http: Http, page: str) -> Found:
    """The newest of the files that the publisher's page links; it lists those of other years as well."""
    return linked(http, page, "sbo-encounters-{span}.csv")


def normalize(raw: Raw, seeds: Seeds) -> pl.DataFrame:
    """Rows of one release with calendar months and canonical labels; encounter types as the release prints them."""
    frame = read_csv(raw, COLUMNS)
    frame = fiscal_month(raw, frame, "fiscal_year", "month_abbreviation")
    frame = count(raw, frame, "encounters")
    for field in ("component", "demographic", "authority", "encounter_type"):
        frame = seeds.translate(raw, frame, field, seed="labels", field=field, column="code")
    return seeds.translate(raw, frame, "citizenship", seed="labels", field="citizenship_group", column="code")
