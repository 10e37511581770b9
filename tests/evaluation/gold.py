"""The labelled sentences and their scorer, where they lie beside the project; their labels are a model's."""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipelines.errors import EntenteError
from pipelines.project import ROOT

Row = dict[str, Any]
LABELS = ("bilateral", "side", "voice", "direction", "hostility", "cooperation", "themes", "blame", "prob", "stratum")


def folder() -> Path:
    """The folder of the labelled sentences: below `ENTENTE_ARCHIVE`, else in `shared` beside the project.

    Raises:
        EntenteError: There is none.
    """
    archive = Path(os.environ.get("ENTENTE_ARCHIVE") or ROOT.parent / "shared")
    if not (archive / "gold" / "score.py").is_file():
        raise EntenteError(
            f"no labelled sentences in {archive / 'gold'}; name the folder above gold in ENTENTE_ARCHIVE"
        )
    return archive / "gold"


def rows(gold: Path, which: str) -> list[Row]:
    """The labelled sentences of a set, `dev` or `train`."""
    with (gold / f"statements_{which}.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def unlabelled(row: Row) -> Row:
    """The row as a method may see it: without its labels and how it was drawn."""
    return {name: value for name, value in row.items() if name not in LABELS}


def scorer(gold: Path) -> Callable[[list[Row], dict[str, Row]], dict[str, float]]:
    """The function of `score.py` that gives every figure for labelled rows and the predictions by id."""
    spec = importlib.util.spec_from_file_location("entente_gold_score", gold / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.report
