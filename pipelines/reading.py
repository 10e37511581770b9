"""Publishers' files to frames of text, strictly: what is not a whole table of the expected columns is refused."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from pipelines.errors import Refused

# Beyond it a DOUBLE no longer holds every whole number.
LARGEST_COUNT = 2**53
THOUSANDS = r"^-?\d{1,3}(,\d{3})+(\.\d+)?$"
DAMAGED = "the file is damaged or cut off, fetch it again"
# First bytes of what is saved under the name of a table of text.
OTHER_FORMATS = {
    b"\x1f\x8b": "a gzip file; unpack it and save the table in it",
    b"PK\x03\x04": "a zip file or a workbook; unpack it and save the table in it",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook; fetch the publisher's CSV",
    b"PAR1": "a Parquet file; fetch the publisher's CSV",
    b"%PDF": "a PDF; fetch the publisher's CSV",
    b"\xff\xfe": "text in UTF-16; save it as UTF-8",
    b"\xfe\xff": "text in UTF-16; save it as UTF-8",
}
# The workbooks held unpack to 7 to 12 MB, 5 to 10 times their size.
LARGEST_WORKBOOK = 256 * 2**20
DENSEST_WORKBOOK = 100
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
        vintage_basis: `publisher`, `receipt`, `seen` or `inferred`.
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
        Refused: No data, another format or encoding, a missing, new or repeated column, a row with too few or too many
            cells, a last line without line end (a file cut off).
    """
    content = raw.sniffed()
    text = _decoded(raw, content, encoding)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[object]] = []
    try:
        header = _header(raw, [name.strip() for name in next(reader, [])], columns, optional or {})
        if (place := text.find("\0")) >= 0:
            raise Refused(f"{raw.release} line {text[:place].count(chr(10)) + 1}: holds a NUL byte; {DAMAGED}")
        for row in reader:
            if len(row) != len(header):
                raise Refused(
                    f"{raw.release} line {reader.line_num}: {len(row)} cells for {len(header)} columns; {DAMAGED}"
                )
            rows.append([reader.line_num, *row])
    except csv.Error as error:
        raise Refused(f"{raw.release} line {reader.line_num}: {error}; {DAMAGED}") from None
    if not rows:
        raise Refused(f"{raw.release}: only a header and no rows; fetch it again")
    if not content.endswith(b"\n"):
        raise Refused(f"{raw.release} line {reader.line_num}: the last line has no end; {DAMAGED}")
    frame = pl.DataFrame(rows, schema={"line": pl.Int64, **dict.fromkeys(header, pl.String)}, orient="row")
    absent = [ours for ours in (optional or {}).values() if ours not in header]
    return frame.with_columns(pl.lit(None, pl.String).alias(ours) for ours in absent)


def _decoded(raw: Raw, content: bytes, encoding: str) -> str:
    """The text of a table, once its bytes are text in the publisher's encoding."""
    for start, words in OTHER_FORMATS.items():
        if content.startswith(start):
            raise Refused(f"{raw.release}: this is {words}")
    if content[1::2][:64].count(0) > 32 or content[::2][:64].count(0) > 32:
        raise Refused(f"{raw.release}: this is text in UTF-16; save it as UTF-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line, found = content[: error.start].count(b"\n") + 1, content[error.start]
        raise Refused(
            f"{raw.release} line {line}: not {encoding} text but byte 0x{found:02x}, as in Latin-1 or Windows-1252; "
            "save it as the publisher offers it"
        ) from None


def _header(raw: Raw, found: list[str], columns: Mapping[str, str], optional: Mapping[str, str]) -> list[str]:
    """Our names of the columns found, in the file's order."""
    remedy = f"if this is the publisher's table, edit COLUMNS in pipelines/sources/{raw.dataset}.py"
    names = ", ".join(" ".join(name.split()) for name in found)
    for name in columns:
        if name not in found:
            raise Refused(f"{raw.release}: column {name!r} missing, found {names}; {remedy}")
    for name in found:
        if name not in columns and name not in optional:
            raise Refused(f"{raw.release}: column {name!r} is new; {remedy}")
        if found.count(name) > 1:
            raise Refused(f"{raw.release}: column {name!r} stands twice; fetch the file again")
    return [columns[name] if name in columns else optional[name] for name in found]


def read_sheet(raw: Raw, sheet: str | int, columns: Mapping[str, str]) -> pl.DataFrame:
    """A worksheet's rows as text under our column names, with `line` counting rows of the sheet.

    Raises:
        Refused: Not a workbook, one that unpacks to too much, no such sheet, a missing or new column, no rows.
    """
    import fastexcel

    content = raw.sniffed()
    _refuse_zip_bomb(raw, content)
    try:
        book = fastexcel.read_excel(content)
        loaded = book.load_sheet(sheet, dtypes="string")
    except fastexcel.FastExcelError as error:
        reason = str(error).splitlines()[0]
        raise Refused(f"{raw.release}: sheet {sheet!r} cannot be read ({reason}); fetch the workbook again") from None
    return _as_text(raw, loaded.to_polars(), columns, {}, first=2)


def _refuse_zip_bomb(raw: Raw, content: bytes) -> None:
    """Refuse a workbook whose parts unpack to more than a table can be, or to other sizes than it declares."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            parts = book.infolist()
            unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
            if unpacked > LARGEST_WORKBOOK or unpacked > DENSEST_WORKBOOK * max(packed, 2**16):
                raise Refused(
                    f"{raw.release}: {len(content):,} bytes that unpack to {unpacked:,}, as a zip bomb does; not read, "
                    "fetch the workbook from its publisher again"
                )
            damaged = book.testzip()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Refused(f"{raw.release}: not a whole workbook ({error}); fetch the workbook again") from None
    if damaged:
        raise Refused(f"{raw.release}: {damaged} in it is damaged; fetch the workbook again")


def read_parquet(raw: Raw, columns: Mapping[str, str], *, optional: Mapping[str, str] | None = None) -> pl.DataFrame:
    """The rows of a table a third party turned into Parquet as text, as `read_csv` would give them; whole floats bare.

    Raises:
        Refused: Not a Parquet file, a missing or new column, no rows.
    """
    try:
        frame = pl.read_parquet(raw.sniffed())
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise Refused(f"{raw.release}: not a whole Parquet file ({str(error).splitlines()[0]}); {DAMAGED}") from None
    return _as_text(raw, frame, columns, optional or {}, first=1)


def _as_text(
    raw: Raw, frame: pl.DataFrame, columns: Mapping[str, str], optional: Mapping[str, str], *, first: int
) -> pl.DataFrame:
    header = _header(raw, frame.columns, columns, optional)
    if frame.is_empty():
        raise Refused(f"{raw.release}: only a header and no rows; fetch it again")
    text = frame.rename(dict(zip(frame.columns, header, strict=True))).cast(pl.String).fill_null("")
    bare = text.with_columns(pl.col(pl.String).str.replace(r"^(-?\d+)\.0$", "${1}"))
    absent = [ours for ours in optional.values() if ours not in header]
    lines = bare.with_row_index("line", offset=first).with_columns(pl.col("line").cast(pl.Int64))
    return lines.with_columns(pl.lit(None, pl.String).alias(ours) for ours in absent)


def number(raw: Raw, frame: pl.DataFrame, column: str, *, blank: bool = False) -> pl.DataFrame:
    """The frame with `column` as DOUBLE; separators and scientific notation are read, blanks only if allowed.

    Raises:
        Refused: A cell that is not a number; the message names line and value.
    """
    text = pl.col(column).str.strip_chars().replace("", None)
    grouped = text.str.contains(THOUSANDS) | ~text.str.contains(",", literal=True)
    bare = pl.when(grouped).then(text.str.replace_all(",", "", literal=True))
    parsed = bare.cast(pl.Float64, strict=False)
    wrong = parsed.is_null() & (text.is_not_null() | pl.lit(not blank))
    refuse_first(raw, frame, wrong | ~parsed.is_finite().fill_null(True), column, "is not a number")
    return frame.with_columns(parsed.alias(column))


def count(raw: Raw, frame: pl.DataFrame, column: str, *, blank: bool = False) -> pl.DataFrame:
    """The frame with `column` as BIGINT; `1178.0` is read as 1178, a fraction is refused, blanks only if allowed."""
    parsed = number(raw, frame, column, blank=blank)
    wrong = (parsed[column] != parsed[column].round()) | (parsed[column].abs() > LARGEST_COUNT)
    refuse_first(raw, frame, wrong, column, "is not a whole number")
    return parsed.with_columns(pl.col(column).cast(pl.Int64))


def fiscal_month(raw: Raw, frame: pl.DataFrame, year: str, month: str) -> pl.DataFrame:
    """The frame with `month` as the first day of the calendar month; US fiscal year N runs from October N−1.

    The year may carry `(FYTD)` while it is open.

    Raises:
        Refused: A fiscal year or month abbreviation that is neither.
    """
    fiscal = pl.col(year).str.extract(r"^(20\d\d)(?: \(FYTD\))?$", 1).cast(pl.Int32)
    number_ = pl.col(month).replace_strict(FISCAL_MONTHS, default=None, return_dtype=pl.Int32)
    dated = frame.with_columns(fiscal.alias("_fiscal"), number_.alias("_number"))
    refuse_first(raw, dated, pl.col("_fiscal").is_null(), year, "is not a fiscal year such as 2025 or 2025 (FYTD)")
    refuse_first(raw, dated, pl.col("_number").is_null(), month, "is not a month such as OCT")
    calendar = pl.col("_fiscal") - (pl.col("_number") >= 10).cast(pl.Int32)
    return dated.with_columns(pl.date(calendar, pl.col("_number"), 1).alias("month")).drop("_fiscal", "_number")


def refuse_first(
    raw: Raw,
    frame: pl.DataFrame,
    wrong: pl.Expr | pl.Series,
    column: str,
    words: str,
    remedy: str = "fetch the file again or correct it",
) -> None:
    """Refuse the release at the first row that is `wrong`, naming its line and what stands in `column`.

    Raises:
        Refused: There is such a row.
    """
    found = frame.filter(wrong).head(1)
    if not found.is_empty():
        line, value = found["line"][0], found[column][0]
        raise Refused(f"{raw.release} line {line}: {column} '{value}' {words}; {remedy}")
