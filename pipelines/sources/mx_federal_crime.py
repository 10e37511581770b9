"""Mexican federal drug cases: one row per month, state, law, offence and modality, from SESNSP's monthly table."""

from __future__ import annotations

import polars as pl

from pipelines.reading import Raw, count, read_csv, refuse_first
from pipelines.seeds import Seeds

MONTHS = (
    "ENERO", "FEBRERO", "MARZO", "ABRIL", "MAYO", "JUNIO",
    "JULIO", "AGOSTO", "SEPTIEMBRE", "OCTUBRE", "NOVIEMBRE", "DICIEMBRE",
)  # fmt: skip
COLUMNS = {
    "AÑO": "year",
    "INEGI": "state_code",
    "ENTIDAD": "state_reported",
    "LEY": "law_reported",
    "CONCEPTO": "offence_reported",
    "TIPO": "modality_reported",
    **{month: month for month in MONTHS},
}


def normalize(raw: Raw, seeds: Seeds) -> pl.DataFrame:
    """Drug cases of one release up to its last published month; offences the seed calls `not_drug` are left out."""
    frame = _published(raw, read_csv(raw, COLUMNS, encoding="latin-1"))
    frame = seeds.translate(raw, frame, "law", seed="labels", field="mx_law", column="code")
    for field in ("offence", "modality"):
        frame = seeds.translate(raw, frame, field, seed="labels", field=f"mx_{field}", column="code")
        frame = frame.filter(pl.col(field) != "not_drug")
    frame = seeds.translate(raw, frame, "state", seed="places", field="mx_state", column="place")
    return count(raw, frame, "cases")


def _published(raw: Raw, frame: pl.DataFrame) -> pl.DataFrame:
    """One row per cell up to the last month with any figure: the months to come stand blank in the file."""
    refuse_first(raw, frame, ~pl.col("year").str.contains(r"^20\d\d$"), "year", "is not a year")
    kept = [name for name in frame.columns if name not in MONTHS]
    cells = frame.unpivot(on=list(MONTHS), index=kept, variable_name="month_name", value_name="cases")
    number = pl.col("month_name").replace_strict({name: n for n, name in enumerate(MONTHS, start=1)})
    cells = cells.with_columns(pl.date(pl.col("year").cast(pl.Int32), number, 1).alias("month"))
    is_blank = pl.col("cases").str.strip_chars() == ""
    covered = cells.filter(pl.col("month") <= cells.filter(~is_blank)["month"].max())
    refuse_first(raw, covered, is_blank, "month", "is blank though figures of that month or a later one are published")
    return covered
