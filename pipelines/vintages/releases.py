"""Letting a release in: gate 1, the content's hash and the register of releases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.contracts import Contract, Expectation
from pipelines.digests import of_frame
from pipelines.errors import Refused
from pipelines.reading import Raw
from pipelines.vintages.rules import broken_rules

CONTENT_DIGITS = 12


@dataclass(frozen=True)
class Release:
    """One release let in: its facts for `vintages.releases` and its figures."""

    facts: dict[str, Any]
    figures: pl.DataFrame


def judge(raw: Raw, contract: Contract, frame: pl.DataFrame, allowed: dict[str, list[Any]]) -> pl.DataFrame:
    """The frame in the contract's columns, once every expectation and rule of the contract holds (gate 1).

    Raises:
        Refused: The first expectation or rule that fails, with a failing row and the remedy.
    """
    if lacking := [name for name in contract.columns if name not in frame.columns]:
        raise Refused(f"{raw.release}: normalize gives no column {lacking[0]}; mend pipelines/sources/{raw.dataset}.py")
    figures = frame.select(list(contract.columns))
    for name, dtype in contract.schema.items():
        if figures.schema[name] != dtype:
            raise Refused(f"{raw.release}: {name} is {figures.schema[name]}, the contract says {dtype}")
    for expectation in contract.expectations(allowed):
        if expectation.kind == "rows":
            _judge_rows(raw, expectation, figures.height)
            continue
        failing = broken(expectation, figures)
        if not failing.is_empty():
            shown = ", ".join(f"{key}={failing[key][0]}" for key in contract.grain)
            value = f"{expectation.column}={failing[expectation.column][0]}, " if expectation.column else ""
            raise Refused(
                f"{raw.release}: {failing.height:,} rows break '{expectation.words}', first {value}{shown}; "
                f"if they are genuine, change pipelines/sources/{raw.dataset}.yml and say why"
            )
    if rule := broken_rules(contract, figures):
        raise Refused(
            f"{raw.release}: {rule.rows:,} rows break the rule {rule.name} ({rule.about}), first {rule.first}; "
            f"fetch the file again, or if it is genuine change pipelines/sources/{raw.dataset}.yml and say why"
        )
    return figures


def _judge_rows(raw: Raw, expectation: Expectation, height: int) -> None:
    low, high = expectation.details["min"], expectation.details["max"]
    if height < low or (high is not None and height > high):
        raise Refused(
            f"{raw.release}: {height:,} rows, a whole release has {expectation.words}; "
            "the file is cut off or another table, fetch it again"
        )


def broken(expectation: Expectation, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of a frame that break one expectation about rows."""
    name, details = expectation.column, expectation.details
    match expectation.kind:
        case "not_null":
            return frame.filter(pl.col(name).is_null())
        case "unique":
            return frame.filter(pl.struct(details["columns"]).is_duplicated())
        case "in_set":
            return frame.filter(~pl.col(name).is_in(details["values"]))
        case "between":
            low = pl.lit(True) if details["min"] is None else pl.col(name) >= details["min"]
            high = pl.lit(True) if details["max"] is None else pl.col(name) <= details["max"]
            return frame.filter(~(low & high))
        case "explained":
            return frame.filter(pl.col(name).is_null() != pl.col(details["reason"]).is_not_null())
        case "columns":
            return frame.clear()
        case _:
            raise ValueError(f"{expectation.kind} is no condition on rows")


def release(raw: Raw, contract: Contract, figures: pl.DataFrame) -> Release:
    """The judged figures as a release: covered months, content hash and `vintage` on each row.

    Raises:
        Refused: A release that mixes products.
    """
    first, last = figures["month"].min(), figures["month"].max()
    assert isinstance(first, date) and isinstance(last, date)
    products = figures["product"].unique().to_list() if "product" in figures.columns else ["all"]
    if len(products) != 1:
        raise Refused(f"{raw.release}: mixes the products {', '.join(sorted(products))}; split the file")
    facts = {
        "dataset": contract.stem,
        "product": products[0],
        "vintage": raw.vintage,
        "vintage_basis": raw.vintage_basis,
        "covers_from": first,
        "covers_to": last,
        "figures": figures.height,
        "raw_sha256": raw.sha256,
        "content_sha256": of_frame(figures, contract.grain, CONTENT_DIGITS),
        "confirmed_until": raw.vintage,
        "fetched_at": raw.fetched_at,
        "file": raw.path.name,
    }
    dated = figures.with_columns(pl.lit(raw.vintage).alias("vintage"), pl.lit(raw.sha256).alias("raw_sha256"))
    return Release(facts, dated)


def registered(history: Path, dataset: str) -> dict[str, dict[str, Any]]:
    """The facts of each release in the bundled history, by the hash of the publisher's file."""
    register = history / "releases.parquet"
    if not register.is_file():
        return {}
    held = pl.read_parquet(register).filter(pl.col("dataset") == dataset)
    return {facts["raw_sha256"]: facts for facts in held.iter_rows(named=True)}


def bundled(history: Path, contract: Contract, raw_sha256: str) -> pl.DataFrame:
    """The figures of one release of the bundled history.

    Raises:
        Refused: The bundle was made for other columns.
    """
    rows = pl.scan_parquet(history / "figures" / f"{contract.stem}.parquet")
    if rows.collect_schema().names() != list(contract.of_releases().columns):
        raise Refused(f"{contract.stem}: the bundle was made for other columns; make it anew with `entente bundle`")
    return rows.filter(pl.col("raw_sha256") == raw_sha256).drop("vintage", "raw_sha256").collect()
