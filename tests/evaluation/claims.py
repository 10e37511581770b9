"""Scores of the claims on the model-labelled sentences: part `claims` of `make evaluate`."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from pipelines.claims.lines import Claimant
from pipelines.project import ROOT, Project
from pipelines.published import opened
from tests.evaluation.gold import Row

LABELS = ("checkable", "claims_complete", "neg_type", "claims")
LANGUAGES = ("en", "es")
LEAST = {
    "finding_f1": 0.80,
    "metric_accuracy": 0.85,
    "value_accuracy": 0.90,
    "verdict_macro_f1": 0.65,
    "decided_precision": 0.90,
    "decided_recall": 0.50,
}


def rows(gold: Path) -> list[Row]:
    """The sentences with their labelled claims."""
    with (gold / "claims_dev.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def scorer(gold: Path) -> Callable[[list[Row], dict[str, Row]], dict[str, Any]]:
    """The function of `score_claims.py` that gives every figure."""
    spec = importlib.util.spec_from_file_location("entente_gold_score_claims", gold / "score_claims.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.report


def scores(gold: Path, connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    """Every figure, overall and by language; the method sees no label."""
    labelled = rows(gold)
    unlabelled = [{name: value for name, value in row.items() if name not in LABELS} for row in labelled]
    answers = {answer["id"]: answer for answer in Claimant(ROOT, connection)(unlabelled)}
    report = scorer(gold)
    groups = {"all": labelled, **{each: [row for row in labelled if row["lang"] == each] for each in LANGUAGES}}
    return {name: report(some, answers) for name, some in groups.items()}


def shown(gold: Path) -> None:
    """Print the scores against the published database."""
    with opened(Project.from_environment()) as connection:
        scored = scores(gold, connection)
    print(f"\nNumeric claims, model-labelled, {scored['all']['sentences']} sentences\n")
    print(f"{'':22}" + "".join(f"{name:>9}" for name in scored))
    for name, first in scored["all"].items():
        form = "9.3f" if isinstance(first, float) else "9d"
        print(f"{name:22}" + "".join(f"{each[name]:{form}}" for each in scored.values()))
    for name, least in LEAST.items():
        value = scored["all"][name]
        print(f"  {name}: {value:.3f}, {'reaches' if value >= least else 'BELOW'} {least:.2f}")
