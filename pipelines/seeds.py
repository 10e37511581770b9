"""Hand-kept reference data: `seeds/<table>.csv` with its contract beside it; publishers' labels translated."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.contracts import Contract, reference
from pipelines.digests import of_text
from pipelines.errors import ContractError, Refused
from pipelines.reading import Raw


class Seeds:
    """The seed tables of a project, read once and on demand.

    Args:
        root: The clone's root.
        contracts: All contracts by table name.
    """

    def __init__(self, root: Path, contracts: dict[str, Contract]) -> None:
        self._folder = root / "seeds"
        self._contracts = contracts
        self._frames: dict[str, pl.DataFrame] = {}

    def __getitem__(self, stem: str) -> pl.DataFrame:
        """The seed table `stem` in its contract's columns and types."""
        if stem not in self._frames:
            self._frames[stem] = read_seed(self._folder, self._contracts[f"seeds.{stem}"])
        return self._frames[stem]

    def allowed(self, contract: Contract) -> dict[str, list[Any]]:
        """The values allowed in each `in:` column of a contract, sorted."""
        found: dict[str, list[Any]] = {}
        for name, column in contract.columns.items():
            if column.in_:
                table, field, where = reference(column)
                frame = self[table.removeprefix("seeds.")]
                if where:
                    frame = frame.sql(f"select * from self where {where}")
                found[name] = sorted(frame[field].drop_nulls().unique().to_list())
        return found

    def version(self, stem: str) -> str:
        """Hash of a seed's contract and files."""
        contract = self._contracts[f"seeds.{stem}"]
        return of_text(contract.sha256, *(path.read_text(encoding="utf-8") for path in files(self._folder, stem)))

    def translate(
        self, raw: Raw, frame: pl.DataFrame, to: str, *, seed: str, field: str | None = None, column: str | None = None
    ) -> pl.DataFrame:
        """The frame with the canonical column `to` beside the reported column `<to>_reported`.

        Args:
            raw: The release, named in the error.
            frame: Its rows with labels as reported.
            to: Canonical column to add.
            seed: Seed table with the columns `reported` and `column`, one row per reported label (and `field`).
            field: Which rows of a seed that serves several fields.
            column: Column of the seed with the canonical value; `to` unless told.

        Raises:
            Refused: A label the seed does not know; the message names the file to edit.
        """
        labels, reported = self[seed], f"{to}_reported"
        if field is not None:
            labels = labels.filter(pl.col("field") == field)
        known = labels.select(pl.col("reported").alias(reported), pl.col(column or to).alias(to))
        joined = frame.join(known, on=reported, how="left", maintain_order="left", validate="m:1")
        unknown = joined.filter(pl.col(to).is_null())
        if not unknown.is_empty():
            labels_ = unknown[reported].unique(maintain_order=True).to_list()
            more = f" and {len(labels_) - 1} more" if len(labels_) > 1 else ""
            raise Refused(
                f"{raw.release} line {unknown['line'][0]}: {to.replace('_', ' ')} '{labels_[0]}'{more} is unknown; "
                f"if it is genuine, add a line for it{f' (field {field})' if field else ''} to seeds/{seed}.csv"
            )
        return joined


def files(folder: Path, stem: str) -> list[Path]:
    """The CSV files of a seed: `<stem>.csv`, or every file of the folder `<stem>/`."""
    nested = sorted((folder / stem).glob("*.csv"))
    return nested or [folder / f"{stem}.csv"]


def read_seed(folder: Path, contract: Contract) -> pl.DataFrame:
    """One seed table; in a seed kept as a folder the column `list` is the name of the file.

    Raises:
        ContractError: A header, a row or a value that does not fit the contract; the message names file and line.
    """
    rows: list[dict[str, Any]] = []
    for path in files(folder, contract.stem):
        nested = path.parent != folder
        expected = [name for name in contract.columns if not (nested and name == "list")]
        with path.open(encoding="utf-8", newline="") as handle:
            reader = csv.reader(handle, strict=True)
            header = next(reader, [])
            if header != expected:
                raise ContractError(f"{path.name}: header is {','.join(header)}; make it {','.join(expected)}")
            for row in reader:
                if len(row) != len(header):
                    raise ContractError(
                        f"{path.name} line {reader.line_num}: {len(row)} values for {len(header)} columns"
                    )
                rows.append({**dict(zip(header, row, strict=True)), **({"list": path.stem} if nested else {})})
    frame = pl.DataFrame(rows, schema=dict.fromkeys(contract.columns, pl.String))
    frame = frame.with_columns(pl.all().replace("", None))
    try:
        return frame.select(_typed(name, dtype) for name, dtype in contract.schema.items())
    except pl.exceptions.PolarsError as error:
        raise ContractError(f"{contract.stem}.csv: {str(error).splitlines()[0]}") from None


def _typed(name: str, dtype: Any) -> pl.Expr:
    column = pl.col(name)
    if dtype == pl.Date:
        return column.str.to_date("%Y-%m-%d")
    if dtype == pl.Boolean:
        return column.replace_strict({"true": True, "false": False}, return_dtype=pl.Boolean)
    if dtype == pl.List(pl.String):
        return column.str.split("|")
    return column.cast(dtype)
