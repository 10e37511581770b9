"""A row of `seeds/hypotheses.csv` and the series it names, as it wants them."""

from __future__ import annotations

import hashlib
from typing import Any, Literal

import numpy as np
import polars as pl

from pipelines.errors import EntenteError
from pipelines.warehouse import Work

Hypothesis = dict[str, Any]


def registered(work: Work, method: str) -> tuple[list[Hypothesis], dict[str, int]]:
    """The hypotheses tested by one method, each with what replaces it, and how many of a family other methods test."""
    held = work.frame(
        f"""
        select held.*, later.hypothesis_id as replaced_by
        from seeds.hypotheses as held
        left join seeds.hypotheses as later on later.replaces = held.hypothesis_id
        where held.status = 'registered' and held.tested_by = '{method}'
        order by held.hypothesis_id
        """
    )
    elsewhere = work.frame(
        f"""
        select family, count(*) as tests
        from seeds.hypotheses
        where status = 'registered' and tested_by <> '{method}'
        group by family
        """
    )
    return held.to_dicts(), dict(elsewhere.iter_rows())


def named_series(hypothesis: Hypothesis, series: pl.DataFrame, side: Literal["x", "y"]) -> pl.DataFrame:
    """Month and value of one series of a hypothesis, as registered: its level, logarithm or change; NaN where unknown.

    Raises:
        EntenteError: There is no such series, or it has a month of 0 whose logarithm is asked for.
    """
    who, name = f"hypothesis {hypothesis['hypothesis_id']}", hypothesis[f"{side}_series"]
    found = series.filter(pl.col("series") == name).select("month", "value").sort("month")
    if found.is_empty():
        raise EntenteError(f"{who}: measures.series has no {name}; give it that name in sql/measures/series.sql")
    value, transformation = pl.col("value"), hypothesis[f"{side}_transformation"]
    if transformation == "log" and not found.filter(value <= 0).is_empty():
        raise EntenteError(
            f"{who}: {name} has a month of 0, which has no logarithm; "
            "register its level under a new id in seeds/hypotheses.csv and take the row out"
        )
    changed = {"level": value, "log": value.log(), "diff": value.diff()}[transformation]
    return found.with_columns(changed.fill_null(float("nan")).alias("value"))


def term_months(hypothesis: Hypothesis) -> int:
    """How many months the registered sample has when it is complete."""
    first, last = hypothesis["sample_from"], hypothesis["sample_to"]
    return 12 * (last.year - first.year) + last.month - first.month + 1


def own_draws(name: str) -> np.random.Generator:
    """Random numbers that belong to a name, so that another hypothesis added leaves these as they were."""
    return np.random.default_rng(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big"))
