"""`entente claims`: sentences as JSON Lines to numeric claims with verdicts as JSON Lines, in order."""

from __future__ import annotations

import calendar
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines import contract_files
from pipelines.claims import finding
from pipelines.claims.books import Books
from pipelines.claims.checking import Checked, Checker
from pipelines.claims.finding import Claim, Finder
from pipelines.claims.periods import Period, first_day
from pipelines.claims.readings import Reading, Readings
from pipelines.coding_lines import BATCH, Line, MalformedLine, parsed
from pipelines.rhetoric.languages import language_of
from pipelines.seeds import Seeds

SEEDS = (*finding.SEEDS, "metrics", "metric_readings", "official_statements")
_MONTH_ONLY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_STATE = re.compile(r"jurisdiction = '(US-\w\w)'")


class Claimant:
    """Finds the claims of sentences and checks them against a published database.

    Args:
        root: The clone's root.
        connection: Open, for reading, on a published database.
    """

    def __init__(self, root: Path, connection: duckdb.DuckDBPyConnection) -> None:
        tables = seed_tables(root)
        self.finder = Finder(tables)
        self.checker = Checker(tables, Readings(tables, Books(connection)))

    def __call__(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The answer to each row as `entente claims` writes it; a malformed row raises MalformedLine."""
        lines = [read(row) for row in rows]
        return [
            {"id": line.identity, "claims": claims} for line, claims in zip(lines, self.answers(lines), strict=True)
        ]

    def answers(self, lines: list[Line]) -> list[list[dict[str, Any]]]:
        """The claims of each line, one list for one line, in order."""
        found: list[list[dict[str, Any]]] = [[] for _ in lines]
        for claim in self.finder.found(pl.DataFrame([_asked(line) for line in lines], schema=finding.ASKED)):
            line = lines[claim.row]
            found[claim.row].append(told(self.checker.check(claim, line.day), line.texts["sentence"]))
        return found


def seed_tables(root: Path) -> dict[str, pl.DataFrame]:
    """The seed tables that claims are found and checked with, by stem."""
    seeds = Seeds(root, contract_files.load(root))
    return {stem: seeds[stem] for stem in SEEDS}


# Lines ---------------------------------------------------------------------------------------------------------------


def answered(lines: Iterable[bytes], claimant: Claimant) -> Iterator[tuple[bytes, bool]]:
    """Yield, for each line in, the line out and whether it could be read; batch after batch."""
    remaining = iter(lines)
    while batch := list(islice(remaining, BATCH)):
        taken = [_taken(line) for line in batch]
        good = [line for line in taken if isinstance(line, Line)]
        claims = iter(claimant.answers(good))
        for line in taken:
            is_good = isinstance(line, Line)
            answer = {"id": line.identity, "claims": next(claims)} if is_good else _refused(line)
            yield f"{json.dumps(answer, ensure_ascii=False)}\n".encode(), is_good


def read(row: Any) -> Line:
    """One line as read from JSON; a date may be a month, which then is read as its last day."""
    if isinstance(row, Mapping) and isinstance(row.get("date"), str) and _MONTH_ONLY.fullmatch(row["date"]):
        year, month = map(int, row["date"].split("-"))
        row = {**row, "date": f"{row['date']}-{calendar.monthrange(year, month)[1]}"}
    return parsed(row)


def _taken(line: bytes) -> Line | MalformedLine:
    try:
        return read(json.loads(line))
    except MalformedLine as malformed:
        return malformed
    except UnicodeDecodeError:
        return MalformedLine(None, "not UTF-8; save the file as UTF-8")
    except (ValueError, RecursionError):
        return MalformedLine(None, "empty line" if not line.strip() else "not JSON; write one object a line")


def _refused(malformed: MalformedLine) -> dict[str, Any]:
    return {"id": malformed.identity, "error": str(malformed)}


def _asked(line: Line) -> dict[str, Any]:
    texts = line.texts
    return {
        "sentence": texts["sentence"],
        "before": texts["prev"] or None,
        "after": texts["next"] or None,
        "language": texts["lang"] or language_of(texts["sentence"]),
        "date": line.day,
    }


# What is told of a claim ---------------------------------------------------------------------------------------------


def told(checked: Checked, sentence: str) -> dict[str, Any]:
    """A checked claim in the fields of the codebook."""
    claim, chosen = checked.claim, checked.chosen
    period, baseline = span_of(claim, chosen)
    return {
        "span": sentence[claim.start : claim.end],
        "metric": claim.metric,
        "kind": claim.kind,
        "value": claim.quantity.value,
        "unit": unit_of(claim),
        "modifier": claim.quantity.modifier,
        "geography": geography_of(claim, chosen),
        "period_start": _month(period and period.start),
        "period_end": _month(period and period.end),
        "baseline_start": _month(baseline and baseline.start),
        "baseline_end": _month(baseline and baseline.end),
        "verdict": checked.verdict,
        "official_value": chosen and chosen.value,
        "verdict_then": checked.verdict_then,
        "official_value_then": chosen and chosen.value_then,
        "readings": [_reading(checked, each) for each in checked.readings],
        "sql": chosen and chosen.sql,
        "reason": checked.reason,
    }


def span_of(claim: Claim, chosen: Reading | None) -> tuple[Period | None, Period | None]:
    """The months a claim is about and those it compares with: of the reading shown, else as stated."""
    if chosen is not None:
        base = chosen.base
        return (
            Period(chosen.window.start, chosen.window.end, "months"),
            None if base is None else Period(base.start, base.end, "months"),
        )
    stated = [None if each is None or each.kind == "same" else each for each in (claim.period, claim.baseline)]
    return stated[0], stated[1]


def unit_of(claim: Claim) -> str:
    """The unit of a claim, with the time it is counted for."""
    unit = claim.quantity.unit or claim.metric
    return f"{unit} per {claim.quantity.rate}" if claim.quantity.rate and claim.kind == "level" else unit


def geography_of(claim: Claim, chosen: Reading | None) -> str:
    """Where a claim is about, as far as its words and the reading shown say."""
    if chosen is not None and (state := _STATE.search(chosen.sql)):
        return state[1]
    if chosen is not None and "southwest" in chosen.reading or claim.metric == "sw_border_encounters":
        return "US southwest border"
    if claim.metric.startswith("us_"):
        return "US-MX"
    return "MX" if claim.metric.endswith(("_mx", "_kg", "mexico_usd")) else "US"


def _reading(checked: Checked, reading: Reading) -> dict[str, Any]:
    return {
        "reading": reading.reading,
        "about": reading.label,
        "standing": reading.standing,
        "value": reading.value,
        "within_tolerance": checked.fits(reading),
        "value_then": reading.value_then,
        "within_tolerance_then": checked.fits(reading, then=True),
        "sql": reading.sql,
    }


def _month(month: int | None) -> str | None:
    return None if month is None else f"{first_day(month):%Y-%m}"
