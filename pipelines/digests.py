"""What makes two tables, releases or pieces of code the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import polars as pl


def of_frame(frame: pl.DataFrame, grain: Iterable[str], digits: int) -> str:
    """SHA-256 of a frame's rows in grain order, doubles rounded to `digits` significant digits.

    Lists count by their members in order; the order of rows does not count.
    """
    keys = list(grain)
    rounded = frame.with_columns(
        pl.col(pl.Float32, pl.Float64).round_sig_figs(digits),
        pl.selectors.by_dtype(pl.List(pl.String)).list.join("\x1f"),
        pl.selectors.by_dtype(pl.List(pl.UInt64)).cast(pl.List(pl.String)).list.join("\x1f"),
    )
    rest = [name for name in frame.columns if name not in keys]
    ordered = rounded.sort([*keys, *rest], nulls_last=True)
    return hashlib.sha256(ordered.write_csv(null_value="\x00").encode()).hexdigest()


def of_text(*parts: str) -> str:
    """SHA-256 of texts in order."""
    return hashlib.sha256("\x1e".join(parts).encode()).hexdigest()


@cache
def of_folder(name: str) -> str:
    """SHA-256 of every file in a folder of this package, whatever it is written in."""
    here = Path(__file__).parent / name
    paths = sorted(path for path in here.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return of_text(*(path.relative_to(here).as_posix() + path.read_text(encoding="utf-8") for path in paths))


@cache
def of_code(*modules: str) -> str:
    """SHA-256 of Python modules of this package, named by their stems or folders."""
    here = Path(__file__).parent
    paths = sorted(path for name in modules for path in [*here.glob(f"{name}.py"), *here.glob(f"{name}/*.py")])
    return of_text(*(path.name + path.read_text(encoding="utf-8") for path in paths))
