"""Publishers played by the project's own figures: a held release written again in its publisher's layout."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import duckdb

MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
DRUG_HEADER = [
    "FY", "Month (abbv)", "Component", "Region", "Land Filter", "Area of Responsibility", "Drug Type",
    "Count of Event", "Sum Qty (lbs)",
]  # fmt: skip
VSRR_HEADER = [
    "State", "Year", "Month", "Period", "Indicator", "Data Value", "Percent Complete", "Percent Pending Investigation",
    "State Name", "Footnote", "Footnote Symbol", "Predicted Value",
]  # fmt: skip


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
    return [DRUG_HEADER, *([*_fiscal(month, open_year), *map(str, rest)] for month, *rest in rows)]


def _fiscal(month: date, open_year: int) -> list[str]:
    year = month.year + (month.month >= 10)
    return [f"{year} (FYTD)" if year == open_year else str(year), MONTHS[month.month - 1]]


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
