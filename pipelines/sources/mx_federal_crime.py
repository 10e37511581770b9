"""Mexican federal drug cases: one row per month, state, law, offence and modality, from SESNSP's monthly table."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import polars as pl

from pipelines.http import Http
from pipelines.live import Found, Link, newest
from pipelines.reading import Raw, count, read_csv, refuse_first
from pipelines.seeds import Seeds

MONTHS = (
    "ENERO", "FEBRERO", "MARZO", "ABRIL", "MAYO", "JUNIO",
    "JULIO", "AGOSTO", "SEPTIEMBRE", "OCTUBRE", "NOVIEMBRE", "DICIEMBRE",
)  # fmt: skip
ABBREVIATIONS = [month[:3] for month in MONTHS]
COLUMNS = {
    "AÑO": "year",
    "INEGI": "state_code",
    "ENTIDAD": "state_reported",
    "LEY": "law_reported",
    "CONCEPTO": "offence_reported",
    "TIPO": "modality_reported",
    **{month: month for month in MONTHS},
}


FILE = re.compile(r"IDEFF(?:_NM)?_([a-z]{3})(\d\d)", re.IGNORECASE)
TITLE = re.compile(r"cifras de incidencia delictiva (?:del fuero )?federal\b.*?(\d{4})?\W*$", re.IGNORECASE)
DRIVE = "drive.google.com"


def find(http: Http, page: str) -> Found:
    """The newest federal table that the publisher's page links: IDEFF, not IDEFC, which is the states' own.

    The link leads to the file, or to its place on Google Drive, where the file lies behind another address.
    """
    link = newest(http, page, "IDEFF_….csv", _age)
    named = FILE.search(f"{link.name} {link.words}")
    name = f"{named[0]}.csv" if named else "IDEFF.csv"
    return Found(_on_drive(link.url) or link.url, name)


def _age(link: Link) -> tuple[int, ...] | None:
    """Year and month in the name, else the last year in the link's words, else nothing that tells them apart."""
    if not (link.name.lower().endswith(".csv") or _on_drive(link.url)):
        return None
    if (named := FILE.search(f"{link.name} {link.words}")) and (month := named[1].upper()) in ABBREVIATIONS:
        return 2000 + int(named[2]), ABBREVIATIONS.index(month) + 1
    titled = TITLE.search(link.words)
    return (int(titled[1] or 0), 0) if titled else None


def _on_drive(url: str) -> str:
    """The address of the file itself where the link leads to its page on Google Drive; else empty."""
    parts = urlsplit(url)
    within = re.search(r"/file/d/([\w-]+)", parts.path)
    ids = [within[1]] if within else parse_qs(parts.query).get("id", [])
    return f"https://{DRIVE}/uc?export=download&id={ids[0]}" if parts.netloc == DRIVE and ids else ""


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
