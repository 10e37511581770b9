"""CDC WONDER deaths with synthetic opioids (T40.4) by month and state of residence, one query product a file."""

from __future__ import annotations

import polars as pl

from pipelines.errors import Refused
from pipelines.reading import Raw, count, read_csv, refuse_first
from pipelines.seeds import Seeds

COLUMNS = {
    "Notes": "notes",
    "Year": "year_reported",
    "Year Code": "year_code",
    "Month": "month_reported",
    "Month Code": "month_code",
    "Multiple Cause of death": "cause_reported",
    "Multiple Cause of death Code": "cause_code",
    "Deaths": "deaths",
    "Population": "population",
    "Crude Rate": "crude_rate",
}
STATE = {"State": "state", "State Code": "state_code"}
RESIDENCE_STATE = {"Residence State": "residence_state", "Residence State Code": "residence_state_code"}
FINAL_YEARS = {"final_1999_2020": (1999, 2020), "final_2018_2023": (2018, 2023)}
AGAIN = "export the query again by year, month and state for T40.4, without totals"


def normalize(raw: Raw, seeds: Seeds) -> pl.DataFrame:
    """Rows of one export with months from `Month Code`, the product it comes from and its provisional status."""
    frame = read_csv(raw, COLUMNS, optional={**STATE, **RESIDENCE_STATE})
    refuse_first(raw, frame, pl.col("notes") != "", "notes", "marks a row that is not one state and month", AGAIN)
    refuse_first(raw, frame, pl.col("cause_code") != "T40.4", "cause_code", "is another cause of death", AGAIN)
    month = pl.format("{}/01", "month_code").str.to_date("%Y/%m/%d", strict=False)
    is_month = month.is_not_null() & (pl.col("month_code").str.head(4) == pl.col("year_code"))
    refuse_first(raw, frame, ~is_month, "month_code", "is not a month of its year such as 2023/12", AGAIN)
    frame = count(raw, frame.with_columns(month.alias("month")), "deaths")
    frame = _status(raw, _product(raw, frame))
    return seeds.translate(raw, frame, "state", seed="places", field="wonder_state", column="place")


def _product(raw: Raw, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with `product` and `state_reported`: provisional by its header, final by the years it spans."""
    names = {**STATE, **RESIDENCE_STATE}
    found = {header for header, ours in names.items() if frame[ours].null_count() == 0}
    if found == set(RESIDENCE_STATE):
        return frame.with_columns(pl.lit("provisional").alias("product"), state_reported="residence_state").drop(
            "state"
        )
    if found != set(STATE):
        expected = " nor ".join(" with ".join(f"'{header}'" for header in pair) for pair in (STATE, RESIDENCE_STATE))
        raise Refused(f"{raw.release}: neither {expected}, found {', '.join(sorted(found)) or 'no state'}; {AGAIN}")
    first, last = frame["year_code"].min(), frame["year_code"].max()
    fits = [name for name, (start, end) in FINAL_YEARS.items() if str(start) <= first and last <= str(end)]
    if len(fits) != 1:
        remedy = "export all its years, or add the product to FINAL_YEARS in pipelines/sources/cdc_wonder_deaths.py"
        raise Refused(f"{raw.release}: years {first} to {last} tell no product ({', '.join(FINAL_YEARS)}); {remedy}")
    return frame.with_columns(pl.lit(fits[0]).alias("product")).rename({"state": "state_reported"})


def _status(raw: Raw, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with the status that stands in brackets behind the year, which 2023 of a final product lacks."""
    known = pl.col("year_reported").str.contains(r"^\d{4} ?(\(provisional( and partial)?\))?$")
    refuse_first(raw, frame, ~known, "year_reported", "has an unknown status", AGAIN)
    status = pl.col("year_reported").str.extract(r"\((.+)\)", 1)
    contradicts = status.is_not_null() & (pl.col("product") != "provisional")
    refuse_first(raw, frame, contradicts, "year_reported", "is provisional in a final product", AGAIN)
    return frame.with_columns(status.alias("status_reported"), status.is_not_null().alias("is_provisional"))
