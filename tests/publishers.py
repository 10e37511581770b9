"""Publishers played by the project's own figures: a held release written again in its publisher's layout."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from pipelines.project import ROOT
from pipelines.vintages.releases import Release

HISTORY = ROOT / "seeds" / "history"
MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
DRUG_HEADER = [
    "FY", "Month (abbv)", "Component", "Region", "Land Filter", "Area of Responsibility", "Drug Type",
    "Count of Event", "Sum Qty (lbs)",
]  # fmt: skip
VSRR_HEADER = [
    "State", "Year", "Month", "Period", "Indicator", "Data Value", "Percent Complete", "Percent Pending Investigation",
    "State Name", "Footnote", "Footnote Symbol", "Predicted Value",
]  # fmt: skip


STATE_HEADER = [
    "Fiscal Year", "Month Grouping", "Month (abbv)", "Land Border Region", "State", "Demographic", "Citizenship",
    "Title of Authority", "Encounter Count",
]  # fmt: skip


def bundled(dataset: str) -> list[Release]:
    """The releases of a dataset in the bundled history, in the order they were public."""
    register = pl.read_parquet(HISTORY / "releases.parquet").filter(pl.col("dataset") == dataset)
    figures = pl.read_parquet(HISTORY / "figures" / f"{dataset}.parquet")
    return [
        Release(facts, figures.filter(pl.col("raw_sha256") == facts["raw_sha256"]))
        for facts in register.sort("vintage", "product").iter_rows(named=True)
    ]


def held(database: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def drug_seizures(database: Path, *, open_year: int = 2026) -> list[list[str]]:
    """The newest held release of CBP drug seizures as its publisher printed it, header first."""
    rows = held(
        database,
        """select month, component_reported, region_reported, land_filter_reported, area_reported, drug_reported,
             events, seized_lb
           from vintages.cbp_drug_seizures where vintage = (select max(vintage) from vintages.cbp_drug_seizures)
           order by all""",
    )
    return _drug_rows(rows, open_year)


def drug_release(release: Release, *, open_year: int) -> list[list[str]]:
    """A held release of CBP drug seizures as its publisher printed it, header first."""
    texts = [f"{name}_reported" for name in ("component", "region", "land_filter", "area", "drug")]
    rows = release.figures.select("month", *texts, "events", "seized_lb").rows()
    return in_print_order(_drug_rows(rows, open_year))


def _drug_rows(rows: list[tuple], open_year: int) -> list[list[str]]:
    return [DRUG_HEADER, *([*_fiscal(month, open_year), *map(str, rest)] for month, *rest in rows)]


def state_encounters(release: Release, *, open_year: int) -> list[list[str]]:
    """A held release of CBP encounters by state as its publisher printed it, header first."""
    texts = [f"{name}_reported" for name in ("land_region", "state", "demographic", "citizenship", "authority")]
    rows = release.figures.select("month", *texts, "encounters").rows()
    fiscal = ((_fiscal(month, open_year), rest) for month, *rest in rows)
    return [STATE_HEADER, *([year, "FYTD", month, *map(str, rest)] for (year, month), rest in fiscal)]


def in_print_order(rows: list[list[str]]) -> list[list[str]]:
    """Rows of CBP as it prints them: the open year first, then by year, and months by their letters."""
    return [rows[0], *sorted(rows[1:], key=lambda row: ("FYTD" not in row[0], row))]


def _fiscal(month: date, open_year: int) -> list[str]:
    year = month.year + (month.month >= 10)
    return [f"{year} (FYTD)" if year == open_year else str(year), MONTHS[month.month - 1]]


def with_next_month(rows: list[list[str]]) -> list[list[str]]:
    """A file of CBP one month later: at its end its newest month, one of the open year, again as the next one."""
    place, fiscal = rows[0].index("Month (abbv)"), MONTHS[9:] + MONTHS[:9]
    newest = max((row[place] for row in rows if "FYTD" in row[0]), key=fiscal.index)
    following = fiscal[fiscal.index(newest) + 1]
    last = [row for row in rows if "FYTD" in row[0] and row[place] == newest]
    return [*rows, *([*row[:place], following, *row[place + 1 :]] for row in last)]


def as_csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def overdose_deaths(database: Path) -> list[list[str]]:
    """The newest held release of the CDC's provisional overdose deaths, in the portal's plain export, header first."""
    rows = held(
        database,
        """select jurisdiction_reported, year(month)::varchar, monthname(month), '12 month-ending', indicator_reported,
             coalesce(deaths_12m::varchar, round(pct_drugs_specified, 9)::varchar, ''),
             coalesce(pct_complete_reported, pct_complete::varchar), pct_pending::varchar, places.name,
             footnote_reported, footnote_symbol, coalesce(predicted_12m::varchar, '')
           from vintages.cdc_overdose_deaths
           join seeds.places on places.field = 'vsrr_jurisdiction' and places.reported = jurisdiction_reported
           where vintage = (select max(vintage) from vintages.cdc_overdose_deaths)
           order by all""",
    )
    return [VSRR_HEADER, *(["" if cell is None else cell for cell in row] for row in rows)]


def for_excel(rows: list[list[str]]) -> bytes:
    """The portal's export "for Excel": a byte order mark and thousands separators."""
    return b"\xef\xbb\xbf" + as_csv([rows[0], *([_separated(cell) for cell in row] for row in rows[1:])])


def _separated(cell: str) -> str:
    return f"{int(cell):,}" if cell.isdigit() and len(cell) > 4 else cell
