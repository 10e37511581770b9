"""Publishers' files to frames of text, strictly: what is not a whole table of the expected columns is refused."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from pipelines.errors import Refused

FISCAL_MONTHS = {
    "OCT": 10, "NOV": 11, "DEC": 12, "JAN": 1, "FEB": 2, "MAR": 3,
    "APR": 4, "MAY": 5, "JUN": 6, "JUL": 7, "AUG": 8, "SEP": 9,
}  # fmt: skip


@dataclass(frozen=True)
class Raw:
    """One publisher's file as it came, with what is known of its release.

    Attributes:
        dataset: Stem of the dataset.
        path: Where the untouched bytes lie.
        vintage: Day on which the figures were public.
        vintage_basis: `publisher`, `name`, `seen` or `inferred`.
        sha256: Hash of the bytes.
        fetched_at: UTC time, ISO 8601, at which the bytes were kept.
        url: Address or file it came from.
    """

    dataset: str
    path: Path
    vintage: date
    vintage_basis: str
    sha256: str
    fetched_at: str
    url: str

    @property
    def release(self) -> str:
        """How messages name the release: dataset and file."""
        return f"{self.dataset} {self.path.name}"

    def sniffed(self) -> bytes:
        """The bytes, once they look like data.

        Raises:
            Refused: The file is empty or a web page.
        """
        content = self.path.read_bytes()
        head = content[:2048].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
        if not head:
            raise Refused(f"{self.release}: the file is empty; fetch it again")
        if head.startswith((b"<!doctype", b"<html", b"<?xml", b"<head", b"<script")):
            page = "a challenge page" if b"challenge" in head or b"captcha" in head else "a web page"
            raise Refused(
                f"{self.release}: this is {page}, not data; open the address in a browser and save the file itself"
            )
        return content


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, read in pieces."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def read_csv(
    raw: Raw, columns: Mapping[str, str], *, encoding: str = "utf-8-sig", optional: Mapping[str, str] | None = None
) -> pl.DataFrame:
    """The file's rows as text under our column names, with `line` counting lines of the file; blank cells are "".

    Args:
        raw: The file.
        columns: Publisher's header to our name, any order; each must be there and no other.
        encoding: The publisher's declared encoding.
        optional: Further columns that only some releases carry; null where the file lacks them.

    Raises:
        Refused: No data, another encoding, a missing, new or repeated column, a row with too few or too many cells, a last
            line without line end (a file cut off).
    """
    content = raw.sniffed()
    source = f"pipelines/sources/{raw.dataset}.py"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Refused(f"{raw.release} line {line}: not {encoding} text; save it as the publisher offers it") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = [name.strip() for name in next(reader, [])]
    known = {**columns, **(optional or {})}
    for name in columns:
        if name not in header:
            raise Refused(
                f"{raw.release}: column '{name}' missing, found {', '.join(header)}; edit COLUMNS in {source}"
            )
    for name in header:
        if name not in known:
            raise Refused(f"{raw.release}: column '{name}' is new; edit COLUMNS in {source}")
        if header.count(name) > 1:
            raise Refused(f"{raw.release}: column '{name}' stands twice; fetch the file again")
    rows: list[list[object]] = []
    try:
        for row in reader:
            if len(row) != len(header):
                raise Refused(
                    f"{raw.release} line {reader.line_num}: {len(row)} cells for {len(header)} columns; "
                    "the file is damaged or cut off, fetch it again"
                )
            rows.append([reader.line_num, *row])
    except csv.Error as error:
        raise Refused(
            f"{raw.release} line {reader.line_num}: {error}; the file is damaged or cut off, fetch it again"
        ) from None
    if not rows:
        raise Refused(f"{raw.release}: only a header and no rows; fetch it again")
    if not content.endswith(b"\n"):
        raise Refused(
            f"{raw.release} line {reader.line_num}: the last line has no end; the file is cut off, fetch it again"
        )
    schema = {"line": pl.Int64, **{known[name]: pl.String for name in header}}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    absent = [pl.lit(None, pl.String).alias(ours) for name, ours in (optional or {}).items() if name not in header]
    return frame.with_columns(absent)


def read_sheet(raw: Raw, sheet: str | int, columns: Mapping[str, str]) -> pl.DataFrame:
    """A worksheet's rows as text under our column names, with `line` counting rows of the sheet.

    Raises:
        Refused: Not a workbook, no such sheet, a missing column.
    """
    import fastexcel

    content = raw.sniffed()
    source = f"pipelines/sources/{raw.dataset}.py"
    try:
        book = fastexcel.read_excel(content)
        loaded = book.load_sheet(sheet, dtypes="string")
    except fastexcel.FastExcelError as error:
        reason = str(error).splitlines()[0]
        raise Refused(f"{raw.release}: sheet {sheet!r} cannot be read ({reason}); fetch the workbook again") from None
    frame = loaded.to_polars()
    for name in columns:
        if name not in frame.columns:
            found = ", ".join(frame.columns)
            raise Refused(f"{raw.release}: column {name!r} missing, found {found}; edit COLUMNS in {source}")
    picked = frame.select(pl.col(name).alias(ours) for name, ours in columns.items()).fill_null("")
    return picked.with_row_index("line", offset=2).with_columns(pl.col("line").cast(pl.Int64))


def number(raw: Raw, frame: pl.DataFrame, column: str, *, blank: bool = False) -> pl.DataFrame:
    """The frame with `column` as DOUBLE; thousands separators and scientific notation are read, blanks only if allowed.

    Raises:
        Refused: A cell that is not a number; the message names line and value.
    """
    text = pl.col(column).str.strip_chars().str.replace_all(",", "", literal=True).replace("", None)
    parsed = frame.with_columns(text.cast(pl.Float64, strict=False).alias("_number"), text.alias("_text"))
    wrong = pl.col("_number").is_null() & (pl.col("_text").is_not_null() | pl.lit(not blank))
    _refuse_first(
        raw, parsed, wrong | pl.col("_number").is_nan() | pl.col("_number").is_infinite(), column, "is not a number"
    )
    return parsed.with_columns(pl.col("_number").alias(column)).drop("_number", "_text")


def count(raw: Raw, frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """The frame with `column` as BIGINT; `1178.0` is read as 1178, a fraction is refused."""
    reported = frame.with_columns(pl.col(column).alias("_reported"))
    parsed = number(raw, reported, column)
    whole = pl.col(column) != pl.col(column).round(0)
    refused = parsed.with_columns(pl.col("_reported").alias("_shown"))
    _refuse_first(raw, refused, whole, "_shown", f"in {column} is not a whole number")
    return parsed.with_columns(pl.col(column).cast(pl.Int64)).drop("_reported")


def fiscal_month(raw: Raw, frame: pl.DataFrame, year: str, month: str) -> pl.DataFrame:
    """The frame with `month` as the first day of the calendar month; US fiscal year N runs from October N−1.

    The year may carry `(FYTD)` while it is open.

    Raises:
        Refused: A fiscal year or month abbreviation that is neither.
    """
    fiscal = pl.col(year).str.extract(r"^(20\d\d)(?: \(FYTD\))?$", 1).cast(pl.Int32)
    number_ = pl.col(month).replace_strict(FISCAL_MONTHS, default=None, return_dtype=pl.Int32)
    dated = frame.with_columns(fiscal.alias("_fiscal"), number_.alias("_number"))
    _refuse_first(raw, dated, pl.col("_fiscal").is_null(), year, "is not a fiscal year such as 2025 or 2025 (FYTD)")
    _refuse_first(raw, dated, pl.col("_number").is_null(), month, "is not a month such as OCT")
    calendar = pl.col("_fiscal") - (pl.col("_number") >= 10).cast(pl.Int32)
    return dated.with_columns(pl.date(calendar, pl.col("_number"), 1).alias("month")).drop("_fiscal", "_number")


def _refuse_first(raw: Raw, frame: pl.DataFrame, wrong: pl.Expr, column: str, words: str) -> None:
    found = frame.filter(wrong).head(1)
    if not found.is_empty():
        line, value = found["line"][0], found.get_column("_text" if "_text" in found.columns else column)[0]
        raise Refused(
            f"{raw.release} line {line}: {column.lstrip('_')} '{value or ''}' {words}; fetch the file again or correct it"
        )
