"""Faults of publishers and couriers: what becomes of a genuine file of CBP drug seizures on its way.

The file is the newest held release in its publisher's layout with one more month, as it would come in February 2026.
"""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from functools import cache

from tests import publishers

DRUGS = "cbp_drug_seizures"
KG = 0.45359237
AREA = "TUCSON FIELD OFFICE"
Rows = list[list[str]]
YEAR, MONTH, COMPONENT, REGION, LAND, PLACE, DRUG, EVENTS, POUNDS = range(9)


@cache
def genuine() -> Rows:
    """The drug file of February 2026: the one of January and one more month."""
    held = publishers.drug_release(publishers.bundled(DRUGS)[-1], open_year=2026)
    return publishers.in_print_order(publishers.with_next_month(held))


def csv(rows: Rows) -> bytes:
    return publishers.as_csv(rows)


def each(change: Callable[[list[str]], list[str]], where: Callable[[list[str]], bool] = lambda row: True) -> bytes:
    """The file with the rows of a kind changed."""
    return csv([genuine()[0], *(change(row) if where(row) else row for row in genuine()[1:])])


def only(where: Callable[[list[str]], bool]) -> bytes:
    """The file with the rows of a kind alone."""
    return csv([genuine()[0], *filter(where, genuine()[1:])])


def put(place: int, make: Callable[[str], str]) -> Callable[[list[str]], list[str]]:
    return lambda row: [*row[:place], make(row[place]), *row[place + 1 :]]


def times(factor: float, *places: int) -> Callable[[list[str]], list[str]]:
    def change(row: list[str]) -> list[str]:
        kept = list(row)
        for place in places:
            kept[place] = str(round(float(row[place]) * factor) if place == EVENTS else float(row[place]) * factor)
        return kept

    return change


def first(change: Callable[[list[str]], list[str]], where: Callable[[list[str]], bool] = lambda row: True) -> bytes:
    """The file with the first row of a kind changed."""
    rows = genuine()
    place = next(number for number, row in enumerate(rows) if number and where(row))
    return csv([*rows[:place], change(rows[place]), *rows[place + 1 :]])


def is_open(row: list[str]) -> bool:
    return "FYTD" in row[YEAR]


def is_new(row: list[str]) -> bool:
    return is_open(row) and row[MONTH] == "JAN"


def was_held(row: list[str]) -> bool:
    return is_open(row) and row[MONTH] != "JAN"


def odd_areas() -> set[str]:
    return set(sorted({row[PLACE] for row in genuine()[1:]})[::2])


def columns(pick: Callable[[list[str]], list[str]]) -> bytes:
    return csv([pick(row) for row in genuine()])


def zipped(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("nationwide-drugs.csv", content)
    return packed.getvalue()


def scientific(cell: str) -> str:
    return f"{float(cell):.17e}"


def separated(cell: str) -> str:
    whole, point, rest = cell.partition(".")
    return f"{int(whole):,}{point}{rest}" if whole.isdigit() else cell


HTML = b"<!DOCTYPE html>\n<html><head><title>Page not found</title></head><body></body></html>\n"
CHALLENGE = b"<html><head><title>Challenge Validation</title></head><body></body></html>\n"
NEW_MONTH = "of the new month 2026-01"

REFUSED: dict[str, tuple[Callable[[], bytes], list[str]]] = {
    # What is no table of text.
    "a web page": (lambda: HTML, ["this is a web page, not data", "save the file itself"]),
    "a challenge page with status 200": (lambda: CHALLENGE, ["this is a challenge page", "open the address"]),
    "an error in JSON": (lambda: b'{"error": true, "message": "Not found"}\n', ["column 'FY' missing"]),
    "an empty file": (lambda: b"", ["the file is empty", "fetch it again"]),
    "a header and no rows": (lambda: csv(genuine()[:1]), ["only a header and no rows", "fetch it again"]),
    "gzip under the name of a csv": (lambda: gzip.compress(csv(genuine())), ["this is a gzip file", "unpack it"]),
    "zip under the name of a csv": (lambda: zipped(csv(genuine())), ["this is a zip file", "unpack it"]),
    "UTF-16": (lambda: csv(genuine()).decode().encode("utf-16"), ["text in UTF-16", "save it as UTF-8"]),
    "UTF-16 without a mark": (lambda: csv(genuine()).decode().encode("utf-16-le"), ["text in UTF-16"]),
    "Latin-1": (
        lambda: first(put(PLACE, lambda _: "MÉXICALI")).decode().encode("latin-1"),
        ["line 2: not utf-8-sig text", "0xc9", "as the publisher offers it"],
    ),
    "a NUL byte": (lambda: first(put(PLACE, lambda cell: cell + "\0")), ["line 2: holds a NUL byte", "fetch it again"]),
    # Files cut off or put together.
    "cut inside a line": (lambda: csv(genuine())[:-40], ["the file is damaged or cut off"]),
    "cut at the end of a line": (
        lambda: csv(genuine()[:-1]),
        ["1 figures of closed years differ", "2025-09", "then none", "fetch the file again"],
    ),
    "cut at the end of a line in the newest month": (
        lambda: csv([*(row for row in genuine() if not is_new(row)), *[row for row in genuine() if is_new(row)][:60]]),
        ["have none in the new month 2026-01"],
    ),
    "the file twice in one": (lambda: csv([*genuine(), *genuine()]), ["line 8071: fiscal_year 'FY' is not a"]),
    "a footer": (lambda: csv(genuine()) + b"Source: CBP\r\n", ["1 cells for 9 columns"]),
    "an open quotation mark": (lambda: csv(genuine()) + b'"2026,JAN\r\n', ["the file is damaged or cut off"]),
    # Columns.
    "a renamed column": (
        lambda: columns(lambda row: [*row[:8], "Weight (lbs)" if row[8] == "Sum Qty (lbs)" else row[8]]),
        ["column 'Sum Qty (lbs)' missing", "edit COLUMNS in pipelines/sources/cbp_drug_seizures.py"],
    ),
    "a new column": (lambda: columns(lambda row: [*row, "x"]), ["column 'x' is new", "edit COLUMNS"]),
    "a missing column": (lambda: columns(lambda row: row[:7] + row[8:]), ["column 'Count of Event' missing"]),
    "a column twice": (lambda: columns(lambda row: [*row, row[0]]), ["column 'FY' stands twice"]),
    # Labels and cells.
    "an unknown drug": (
        lambda: first(put(DRUG, lambda _: "Xylazine")),
        ["line 2: drug 'Xylazine' is unknown", "add a line for it to seeds/drug_labels.csv"],
    ),
    "an unknown component": (
        lambda: first(put(COMPONENT, lambda _: "Air and Marine")),
        ["component 'Air and Marine' is unknown", "seeds/labels.csv"],
    ),
    "an unknown area": (lambda: first(put(PLACE, lambda _: "MARS SECTOR")), ["area 'MARS SECTOR'", "seeds/places.csv"]),
    "an unknown region": (lambda: first(put(REGION, lambda _: "Gulf")), ["region 'Gulf'", "seeds/labels.csv"]),
    "a misspelt mark of the open year": (
        lambda: each(put(YEAR, lambda cell: cell.replace("(FYTD)", "(FYDT)"))),
        ["fiscal_year '2026 (FYDT)' is not a fiscal year"],
    ),
    "a month that is none": (lambda: first(put(MONTH, lambda _: "SEPT")), ["'SEPT' is not a month such as OCT"]),
    "a text for a weight": (lambda: first(put(POUNDS, lambda _: "n/a")), ["line 2: seized_lb 'n/a' is not a number"]),
    "a blank weight": (lambda: first(put(POUNDS, lambda _: "")), ["line 2: seized_lb '' is not a number"]),
    "half an event": (lambda: first(put(EVENTS, lambda _: "1.5")), ["events '1.5' is not a whole number"]),
    "a negative count": (lambda: first(put(EVENTS, lambda _: "-3")), ["'events is >= 1 and <= 5000'", "events=-3"]),
    "a negative weight": (lambda: first(put(POUNDS, lambda _: "-3.5")), ["'seized_lb is >= 0", "seized_lb=-3.5"]),
    # Rows twice.
    "a month repeated": (
        lambda: csv([*genuine(), *filter(is_new, genuine())]),
        ["348 rows break 'one row per month, component"],
    ),
    "a key twice": (lambda: csv([*genuine(), genuine()[-1]]), ["2 rows break 'one row per", "month=2025-09-01"]),
    # Months.
    "the oldest fiscal year missing": (
        lambda: only(lambda row: row[YEAR] != "2023"),
        ["rows, a whole release has 6,300 to 20,000 rows"],
    ),
    "a fiscal year in the middle missing": (
        lambda: only(lambda row: row[YEAR] != "2024"),
        ["a whole release has 6,300 to 20,000 rows"],
    ),
    "the open fiscal year missing": (
        lambda: only(lambda row: not is_open(row)),
        ["ends in 2025-09 while 2025-12 is held", 'new.csv.receipt.json: {"published":'],
    ),
    "the first months missing": (
        lambda: only(lambda row: row[YEAR] != "2023" or row[MONTH] not in ("OCT", "NOV", "DEC")),
        ["covers 2023-01 to 2026-01, 37 months", "begins in month 10", "its first months are missing"],
    ),
    "a month inside missing": (
        lambda: only(lambda row: row[YEAR] != "2024" or row[MONTH] != "MAR"),
        ["but 1 of them have no row, first 2024-03"],
    ),
    "a month that has not ended": (
        lambda: csv([*genuine(), *(put(MONTH, lambda _: "FEB")(row) for row in filter(is_new, genuine()))]),
        ["public on 2026-02-14 but with figures for 2026-02, which had not ended", "correct its receipt"],
    ),
    "months of next year": (
        lambda: each(put(YEAR, lambda _: "2027 (FYTD)"), is_new),
        ["public on 2026-02-14 but with figures for 2027-01"],
    ),
    "an older file": (
        lambda: csv(publishers.drug_release(publishers.bundled(DRUGS)[-2], open_year=2025)),
        ["ends in 2025-05 while 2025-12 is held, from nationwide-drugs-fy23-fy26-dec.csv of 2026-01-15"],
    ),
    # Figures.
    "half the areas missing": (
        lambda: only(lambda row: row[PLACE] not in odd_areas()),
        ["rows, a whole release has"],
    ),
    "half the areas missing in the open year": (
        lambda: only(lambda row: not was_held(row) or row[PLACE] not in odd_areas()),
        ["are missing in new.csv of 2026-02-14", "at most 5% may be withdrawn"],
    ),
    "half the areas missing in the newest month": (
        lambda: only(lambda row: not is_new(row) or row[PLACE] not in odd_areas()),
        ["members of area with figures in each of the 12 months before", "have none in the new month 2026-01"],
    ),
    "one row in seven of the open year missing": (
        lambda: csv([row for number, row in enumerate(genuine()) if number % 7 or not was_held(row)]),
        ["are missing in new.csv", "may be withdrawn"],
    ),
    "weights in kg": (lambda: each(times(KG, POUNDS)), ["figures of closed years differ", "seized_lb"]),
    "weights in kg in the open year": (
        lambda: each(times(KG, POUNDS), is_open),
        ["seized_lb in months of both releases", "0.454 times"],
    ),
    "one area times ten": (
        lambda: each(times(10, EVENTS, POUNDS), lambda row: row[PLACE] == AREA),
        ["figures of closed years differ", "tucson_field_office"],
    ),
    "one area times ten in the open year": (
        lambda: each(times(10, POUNDS), lambda row: row[PLACE] == AREA and is_open(row)),
        ["seized_lb of 2025-10 tucson_field_office in months of both releases", "10 times"],
    ),
    "one area times ten in one held month": (
        lambda: each(times(10, POUNDS), lambda row: row[PLACE] == AREA and was_held(row) and row[MONTH] == "NOV"),
        ["seized_lb of 2025-11 tucson_field_office", "10 times"],
    ),
    "one area times ten in the newest month": (
        lambda: each(times(10, EVENTS, POUNDS), lambda row: row[PLACE] == AREA and is_new(row)),
        ["events of tucson_field_office in the new month 2026-01", "times the largest of the 12 months before"],
    ),
    "the newest month times ten": (lambda: each(times(10, POUNDS), is_new), [f"seized_lb {NEW_MONTH}", "(median)"]),
    "a closed figure changed": (
        lambda: first(put(POUNDS, lambda cell: str(float(cell) + 0.01)), lambda row: row[YEAR] == "2024"),
        ["1 figures of closed years differ between nationwide-drugs-fy23-fy26-dec.csv of 2026-01-15", "never restated"],
    ),
    "a closed row taken out": (
        lambda: only(lambda row: row is not next(one for one in genuine() if one[YEAR] == "2024")),
        ["1 figures of closed years differ", "then none"],
    ),
    "the newest month without weights": (
        lambda: each(put(POUNDS, lambda _: "0"), is_new),
        [f"seized_lb {NEW_MONTH} is 0, 0 times"],
    ),
    "the newest month all zero": (
        lambda: each(lambda row: [*row[:7], "0", "0"], is_new),
        ["174 rows break 'events is >= 1", "month=2026-01-01"],
    ),
}  # fmt: skip

REPAIRED: dict[str, Callable[[], bytes]] = {
    "a byte order mark": lambda: b"\xef\xbb\xbf" + csv(genuine()),
    "LF for CRLF": lambda: csv(genuine()).replace(b"\r\n", b"\n"),
    "thousands separators": lambda: each(lambda row: [*row[:7], separated(row[7]), separated(row[8])]),
    "scientific notation": lambda: each(put(POUNDS, scientific)),
    "counts as floats": lambda: each(put(EVENTS, lambda cell: f"{cell}.0")),
    "reordered columns": lambda: columns(lambda row: row[::-1]),
    "reordered rows": lambda: csv([genuine()[0], *genuine()[:0:-1]]),
    "everything quoted": lambda: "".join(",".join(f'"{cell}"' for cell in row) + "\r\n" for row in genuine()).encode(),
    "blanks around numbers": lambda: each(lambda row: [*row[:7], f" {row[7]}", f"{row[8]} "]),
    "the same file under a new name": lambda: csv(genuine()),
}

UNDECIDED: dict[str, Callable[[], bytes]] = {
    # One load moves an area's month of weight as much: 65 times the largest before in Atlanta, September 2024.
    "weights of one area times ten in the newest month": lambda: each(
        times(10, POUNDS), lambda row: row[PLACE] == "TUCSON SECTOR" and is_new(row)
    ),
    # 0.45 of the month before lies within what months do: 0.54 in September 2021.
    "weights in kg in the newest month": lambda: each(times(KG, POUNDS), is_new),
    # Genuine restatements take out single cells of the open year.
    "one row of the open year missing": lambda: only(
        lambda row: row is not next(one for one in genuine() if was_held(one))
    ),
}
