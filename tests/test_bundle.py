"""The bundle is what the publishers' files and texts give, and of the method as it is now."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines import contract_files, intake
from pipelines.bundle import TABLES
from pipelines.project import ROOT, Project
from pipelines.rhetoric.version import feed_version
from pipelines.warehouse import writing
from tests.conftest import Clone

HISTORY = ROOT / "seeds" / "history"
DECLARED = contract_files.load(ROOT)
# A feed that may hold nothing is not bundled before it holds something.
FEEDS = sorted(each.stem for each in DECLARED.values() if each.feed is not None and each.rows.min > 0)
DATASETS = sorted(contract.stem for contract in DECLARED.values() if contract.release is not None)


def test_the_bundle_holds_every_dataset_and_feed_and_no_other() -> None:
    figures = sorted(path.stem for path in (HISTORY / "figures").glob("*.parquet"))
    documents = sorted(path.name for path in (HISTORY / "documents").glob("*.parquet"))
    assert len(DATASETS) == 9
    assert figures == DATASETS
    assert documents == sorted(f"{feed}.{table}.parquet" for feed in FEEDS for table in TABLES)


@pytest.mark.parametrize("feed", FEEDS)
def test_the_bundled_codes_are_of_the_method_as_it_is(feed: str) -> None:
    versions = pl.read_parquet(HISTORY / "documents" / f"{feed}.readings.parquet")["method_version"].unique()
    assert versions.to_list() == [feed_version(ROOT, feed)], "the method changed: make the bundle anew from the texts"


@pytest.mark.archive
def test_reading_the_publishers_files_again_gives_the_bundled_figures(archive: Path, tmp_path: Path) -> None:
    import importlib

    project = Project(ROOT, tmp_path, tmp_path / "none", archive, tmp_path / "no history")
    with writing(project, print) as work:
        for dataset in DATASETS:
            contract = work.declared[f"sources.{dataset}"]
            look = intake.take_in(work, contract, importlib.import_module(f"pipelines.sources.{dataset}").normalize)
            assert look.refused == []
            grain = [*contract.grain, "vintage"]
            bundled = pl.read_parquet(HISTORY / "figures" / f"{dataset}.parquet").sort(grain)
            assert_frame_equal(work.frame(f"select * from vintages.{dataset}").sort(grain), bundled, rel_tol=1e-15)
        keys = ["dataset", "product", "vintage"]
        register = work.frame("select * from vintages.releases").sort(keys)
        assert_frame_equal(register, pl.read_parquet(HISTORY / "releases.parquet").sort(keys))


@pytest.mark.archive
@pytest.mark.long
def test_reading_everything_again_publishes_the_same_tables(archive: Path, fresh: Clone, tmp_path: Path) -> None:
    whole = Clone(tmp_path / "warehouse", archive=archive)
    done = whole("refresh")
    assert done.returncode == 0, done.stderr
    assert "white_house: 100 % of" in done.stderr
    compared = whole("digest", "--against", str(fresh.published))
    assert compared.returncode == 0, compared.stdout
