"""Every genuine release of the archive is read within its contract and gives the totals its publisher printed."""

from __future__ import annotations

import csv
import importlib
from collections.abc import Iterable
from datetime import date
from pathlib import Path, PurePosixPath

import duckdb
import polars as pl
import pytest

from pipelines import contract_files, ddl, digests
from pipelines.reading import Raw, sha256_of
from pipelines.seeds import Seeds

pytestmark = pytest.mark.archive

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = {
    contract.name: contract
    for place, folder in contract_files.PLACES
    if folder in ("seeds", "sources")
    for contract in (contract_files.read_contract(path, folder) for path in sorted((ROOT / place).glob("*.yml")))
}
SEEDS = Seeds(ROOT, CONTRACTS)
DATASETS = sorted(name.removeprefix("sources.") for name in CONTRACTS if name.startswith("sources."))
FISCAL_YEAR = pl.col("month").dt.offset_by("3mo").dt.year()
IS_DECEMBER = pl.col("month").dt.month() == 12


class Releases:
    """The archive's releases of each dataset by path, read once."""

    def __init__(self, data: Path) -> None:
        self._data = data
        with (data / "releases.csv").open(encoding="utf-8", newline="") as handle:
            self._register = list(csv.DictReader(handle))
        self._read: dict[str, dict[str, pl.DataFrame]] = {}

    def __getitem__(self, dataset: str) -> dict[str, pl.DataFrame]:
        if dataset not in self._read:
            self._read[dataset] = {row["path"]: self._normalized(dataset, row) for row in self._rows(dataset)}
        return self._read[dataset]

    def of(self, dataset: str, fragment: str) -> pl.DataFrame:
        """The one release whose path holds `fragment`."""
        (found,) = (frame for path, frame in self[dataset].items() if fragment in path)
        return found

    def _rows(self, dataset: str) -> Iterable[dict[str, str]]:
        release = CONTRACTS[f"sources.{dataset}"].release
        assert release is not None
        matches = [r for r in self._register if any(PurePosixPath(r["path"]).match(glob) for glob in release.files)]
        assert matches, f"no file of the archive matches {release.files} of {dataset}"
        return matches

    def _normalized(self, dataset: str, row: dict[str, str]) -> pl.DataFrame:
        path = self._data / row["path"]
        vintage = date.fromisoformat(row["vintage"])
        raw = Raw(dataset, path, vintage, row["vintage_basis"], sha256_of(path), row["seen_by"], path.as_uri())
        assert raw.sha256 == row["sha256"], f"{row['path']} is not the file that was registered"
        module = importlib.import_module(f"pipelines.sources.{dataset}")
        return module.normalize(raw, SEEDS).select(list(CONTRACTS[f"sources.{dataset}"].columns))


@pytest.fixture(scope="module")
def releases(archive: Path) -> Releases:
    return Releases(archive / "data")


def totals(frame: pl.DataFrame, by: pl.Expr, of: str) -> dict[int, float]:
    return dict(frame.group_by(by.alias("by")).agg(pl.col(of).sum()).sort("by").iter_rows())


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_release_fits_its_contract(dataset: str, releases: Releases):
    contract = CONTRACTS[f"sources.{dataset}"]
    for path, frame in releases[dataset].items():
        assert frame.schema == pl.Schema(contract.schema), path
        assert contract.rows.min <= frame.height <= contract.rows.max, path
        connection = duckdb.connect()
        connection.execute("create schema sources")
        connection.execute(ddl.create_table(contract, contract.name, SEEDS.allowed(contract), constrained=True))
        connection.register("frame", frame)
        connection.execute(f"insert into {contract.name} by name select * from frame")
        for name, rule in contract.rules.items():
            assert connection.execute(rule.sql).fetchall() == [], f"{path} breaks {name}"


def test_fentanyl_seizures_are_those_cbp_prints(releases: Releases):
    files = ("fy19-fy22", "fy20-fy23", "fy21-fy24", "fy23-fy26-dec")
    fentanyl = [releases.of("cbp_drug_seizures", f).filter(pl.col("drug") == "fentanyl") for f in files]
    southwest = pl.col("region") == "southwest_border"
    found, border = {}, {}
    for frame in fentanyl:
        found |= totals(frame, FISCAL_YEAR, "seized_lb")
        border |= totals(frame.filter(southwest), FISCAL_YEAR, "seized_lb")
    nationwide = [2803.6, 4791.1, 11201.3, 14699.9, 27022.9, 21889.2, 12027.3]
    at_border = [2633.3, 4557.7, 10586.4, 14104.1, 26717.8, 21148.2, 11488.3]
    assert [found[year] for year in range(2019, 2026)] == pytest.approx(nationwide, abs=0.051)
    assert [border[year] for year in range(2019, 2026)] == pytest.approx(at_border, abs=0.051)


def test_air_and_marine_fentanyl_is_a_fraction_of_the_rest(releases: Releases):
    found = {}
    for frame in releases["cbp_air_marine_seizures"].values():
        found |= totals(frame.filter(pl.col("drug") == "fentanyl"), FISCAL_YEAR, "seized_lb")
    expected = [389.0, 558.3, 785.8, 1325.5, 1453.1, 1847.3, 944.4]
    assert [found[year] for year in range(2019, 2026)] == pytest.approx(expected, abs=0.051)


def test_southwest_encounters_are_those_cbp_prints_to_the_unit(releases: Releases):
    first = totals(releases.of("cbp_encounters", "fy19-fy22"), FISCAL_YEAR, "encounters")
    second = totals(releases.of("cbp_encounters", "fy22-fy25-nov"), FISCAL_YEAR, "encounters")
    assert first == {2019: 977_509, 2020: 458_088, 2021: 1_734_686, 2022: 2_378_944}
    assert {year: second[year] for year in (2022, 2023, 2024)} == {2022: 2_378_944, 2023: 2_475_669, 2024: 2_135_005}


def test_title_42_apprehensions_of_the_first_release_stay_as_reported(releases: Releases):
    rows = releases.of("cbp_encounters", "fy19-fy22").filter(
        pl.col("authority") == "title_42", pl.col("encounter_type") == "apprehension"
    )
    assert (rows.height, rows["encounters"].sum()) == (127, 1_054_084)
    later = releases.of("cbp_encounters", "fy22-fy25-nov").filter(pl.col("authority") == "title_42")
    assert later["encounter_type"].unique().to_list() == ["expulsion"]


def test_nationwide_encounters_are_those_cbp_prints_to_the_unit(releases: Releases):
    for frame in releases["cbp_encounters_by_state"].values():
        found = totals(frame, FISCAL_YEAR, "encounters")
        assert [found[year] for year in (2021, 2022, 2023)] == [1_956_519, 2_766_582, 3_201_144]


def test_southwest_border_is_the_same_in_both_encounter_files(releases: Releases):
    by_state = releases.of("cbp_encounters_by_state", "fy20-fy23")
    southwest = by_state.filter(pl.col("land_region") == "southwest_land_border")
    ours, theirs = (
        totals(frame, pl.col("month"), "encounters")
        for frame in (releases.of("cbp_encounters", "fy19-fy22"), southwest)
    )
    shared = set(ours) & set(theirs)
    assert len(shared) == 36
    assert {month: ours[month] for month in shared} == {month: theirs[month] for month in shared}


def test_overdose_deaths_are_those_the_cdc_prints(releases: Releases):
    us = releases.of("cdc_overdose_deaths", "xkb8-kh2a.parquet").filter(pl.col("jurisdiction") == "US", IS_DECEMBER)
    years = pl.col("month").dt.year()
    deaths = totals(us.filter(pl.col("indicator") == "overdose_deaths"), years, "deaths_12m")
    synthetic = totals(us.filter(pl.col("indicator") == "synthetic_opioids"), years, "deaths_12m")
    expected = {2016: 63_938, 2017: 70_699, 2021: 107_573, 2022: 109_413, 2023: 106_881, 2024: 80_719}
    assert {year: deaths[year] for year in expected} == expected
    expected = {2016: 19_500, 2021: 71_143, 2022: 74_829, 2023: 74_091}
    assert {year: synthetic[year] for year in expected} == expected


def test_both_exports_of_one_vsrr_release_are_the_same_release(releases: Releases):
    grain = CONTRACTS["sources.cdc_overdose_deaths"].grain
    plain, excel = (
        digests.of_frame(releases.of("cdc_overdose_deaths", path), grain, 12)
        for path in ("through-2018-09/", "through-2018-09-excel-export/")
    )
    assert plain == excel


def test_the_re_encoded_vsrr_agrees_with_the_file_of_2019_where_both_are_final(releases: Releases):
    grain = CONTRACTS["sources.cdc_overdose_deaths"].grain
    as_published, re_encoded = (
        releases.of("cdc_overdose_deaths", path).filter(pl.col("month") < date(2018, 1, 1), pl.col("deaths_12m") >= 0)
        for path in ("through-2018-11/", "xkb8-kh2a.parquet")
    )
    both = as_published.join(re_encoded, on=grain)
    assert both.height == 9_840
    assert both.filter(pl.col("deaths_12m") != pl.col("deaths_12m_right")).is_empty()


def test_wonder_sums_are_those_of_the_listed_state_months(releases: Releases):
    products = {frame["product"][0]: frame for frame in releases["cdc_wonder_deaths"].values()}
    assert set(products) == {"final_1999_2020", "final_2018_2023", "provisional"}
    found = totals(products["final_2018_2023"], pl.col("month").dt.year(), "deaths")
    assert [found[year] for year in (2021, 2022, 2023)] == [70_292, 73_518, 72_425]
    for other, cells in (("final_1999_2020", 1_365), ("provisional", 3_003)):
        shared = products["final_2018_2023"].join(products[other], on=["month", "state"])
        assert shared.height == cells
        assert shared.filter(pl.col("deaths") != pl.col("deaths_right")).is_empty()


def test_trade_with_mexico_is_what_the_census_bureau_prints(releases: Releases):
    year = pl.col("month").dt.year()
    first, second = (releases.of("us_mexico_trade", path) for path in ("through-2018-08", "through-2023-01"))
    assert (first["month"].max(), second["month"].max()) == (date(2018, 8, 1), date(2023, 1, 1))
    assert (first["month"].min(), second["month"].n_unique()) == (date(1985, 1, 1), 457)
    assert totals(first, year, "imports_usd")[2017] == pytest.approx(314_267_299_235)
    assert totals(second, year, "imports_usd")[2017] == pytest.approx(312.667e9, abs=0.5e6)
    assert 454.8e9 <= totals(second, year, "imports_usd")[2022] <= 454.95e9


def test_federal_drug_cases_cover_every_state_and_published_month(releases: Releases):
    frame = releases.of("mx_federal_crime", "IDEFF_jul25")
    assert (frame["month"].min(), frame["month"].max()) == (date(2012, 1, 1), date(2025, 7, 1))
    assert frame.group_by("month").len()["len"].unique().to_list() == [33 * 9]
    assert frame.filter(pl.col("state") == "abroad").height == 163 * 9
    kinds = frame.select("law", "offence").unique().sort("offence").rows()
    assert kinds == [
        ("federal_penal_code", "against_health"),
        ("other_laws", "general_health_law"),
        ("other_laws", "organised_crime_law"),
    ]


def test_border_patrol_encounters_are_cbp_figures_rounded_to_tens(releases: Releases):
    (frame,) = releases["usbp_encounters"].values()
    southwest = totals(frame.filter(pl.col("region") == "southwest_land_border"), FISCAL_YEAR, "encounters")
    # The workbook rounds its annual sheet and each month apart, so twelve months are off by at most twelve times five.
    years = [2_206_440, 2_045_840, 1_530_520]
    assert [southwest[year] for year in (2022, 2023, 2024)] == pytest.approx(years, abs=60)
    assert frame.filter(pl.col("encounters") % 10 != 0).is_empty()
    exact = releases.of("cbp_encounters", "fy22-fy25-nov").filter(pl.col("component") == "usbp")
    printed = totals(exact, FISCAL_YEAR, "encounters")
    assert [printed[year] for year in (2022, 2023, 2024)] == [2_206_436, 2_045_838, 1_530_523]
