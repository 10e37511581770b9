"""Each official dataset reads its samples as expected and refuses damaged ones with a message a person can act on.

`tests/sources/<dataset>/<case>/` holds one file in the publisher's layout and `expect.csv`; `broken.yml` beside the
cases names edits that must be refused. A folder `x.xlsx/` is a workbook with a CSV a sheet, in which only texts are
quoted; a folder `x.parquet/` is a table re-encoded with floats.
"""

from __future__ import annotations

import csv
import importlib
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import duckdb
import polars as pl
import pytest

from pipelines import contract_files, ddl, digests
from pipelines.errors import Refused
from pipelines.reading import Raw, sha256_of
from pipelines.seeds import Seeds

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "tests" / "sources"
PAIRS = sorted(path.stem for path in (ROOT / "pipelines" / "sources").glob("*.yml"))
CONTRACTS = {
    contract.name: contract
    for place, folder in contract_files.PLACES
    if folder in ("seeds", "sources")
    for contract in (contract_files.read_contract(path, folder) for path in sorted((ROOT / place).glob("*.yml")))
}
SEEDS = Seeds(ROOT, CONTRACTS)
CHALLENGE = b"<!DOCTYPE html>\n<html><head><title>Challenge Validation</title></head><body></body></html>\n"
ERROR_PAGE = b"\xef\xbb\xbf\r\n<html><head><title>Access Denied</title></head><body>Reference #18</body></html>\n"

# An edit of a sample for every rule of a dataset, after which the rule must name rows.
RULE_BREAKERS = {
    "cdc_overdose_deaths.jurisdictions_make_the_us": "deaths_12m = deaths_12m + 1 where jurisdiction = 'US-TX'",
    "cdc_overdose_deaths.percentage_only_in_its_indicator": (
        "pct_drugs_specified = 50 where indicator = 'cocaine' and deaths_12m > 0"
    ),
}


def cases(dataset: str) -> list[Path]:
    return sorted(path for path in (SAMPLES / dataset).glob("*") if path.is_dir())


def sample_of(case: Path) -> Path:
    (sample,) = (path for path in case.iterdir() if path.name != "expect.csv")
    return sample


CASES = [pytest.param(dataset, case, id=f"{dataset}-{case.name}") for dataset in PAIRS for case in cases(dataset)]


def made(sample: Path, folder: Path, edits: dict[str, str] | None = None) -> Path:
    """The sample as a file in `folder`, with each text of `edits` replaced."""
    parts = [sample] if sample.is_file() else sorted(sample.iterdir())
    texts = {part.stem: part.read_bytes().decode("latin-1") for part in parts}
    for old, new in (edits or {}).items():
        assert any(old in text for text in texts.values()), f"{sample.name} does not hold {old!r}"
        texts = {name: text.replace(old, new) for name, text in texts.items()}
    path = folder / sample.name
    encoded = {name: text.encode("latin-1") for name, text in texts.items()}
    if sample.is_file():
        path.write_bytes(encoded[sample.stem])
    elif sample.suffix == ".xlsx":
        write_workbook(path, {name: content.decode() for name, content in encoded.items()})
    else:
        frame = pl.read_csv(encoded["table"], infer_schema_length=None)
        frame.with_columns(pl.col(pl.Int64).cast(pl.Float64)).write_parquet(path)
    return path


def write_workbook(path: Path, sheets: dict[str, str]) -> None:
    """The smallest workbook a reader of Office Open XML accepts."""
    kinds, main = (
        "http://schemas.openxmlformats.org/package/2006",
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    )
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, start=1)
    )
    linked = "".join(
        f'<Relationship Id="rId{n}" Type="{office}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{kinds}/content-types"/>')
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{kinds}/relationships">'
            f'<Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{listed}</sheets></workbook>'
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{kinds}/relationships">{linked}</Relationships>'
        )
        for n, text in enumerate(sheets.values(), start=1):
            rows = csv.reader(text.splitlines(keepends=True), quoting=csv.QUOTE_NONNUMERIC)
            cells = "".join("<row>" + "".join(map(cell, row)) + "</row>" for row in rows)
            archive.writestr(
                f"xl/worksheets/sheet{n}.xml", f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>'
            )


def cell(value: str | float) -> str:
    if isinstance(value, float):
        return f"<c><v>{value!r}</v></c>"
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def normalized(dataset: str, path: Path) -> pl.DataFrame:
    """What the pair makes of a file, in the contract's columns."""
    raw = Raw(dataset, path, date(2025, 1, 1), "seen", sha256_of(path), "2025-01-01T00:00:00+00:00", path.as_uri())
    module = importlib.import_module(f"pipelines.sources.{dataset}")
    return module.normalize(raw, SEEDS).select(list(CONTRACTS[f"sources.{dataset}"].columns))


def refusal(dataset: str, path: Path) -> str:
    """The one line with which the pair refuses a file."""
    with pytest.raises(Refused) as refused:
        normalized(dataset, path)
    message = str(refused.value)
    assert message.startswith(f"{dataset} {path.name}"), message
    assert "\n" not in message, message
    return message


def database(dataset: str, frame: pl.DataFrame) -> duckdb.DuckDBPyConnection:
    """A database whose constrained table `sources.<dataset>` took the frame in."""
    contract = CONTRACTS[f"sources.{dataset}"]
    connection = duckdb.connect()
    connection.execute("create schema sources")
    connection.execute(ddl.create_table(contract, contract.name, SEEDS.allowed(contract), constrained=True))
    connection.register("frame", frame)
    connection.execute(f"insert into {contract.name} by name select * from frame")
    return connection


def test_every_pair_has_its_module_a_sample_and_broken_samples():
    assert len(PAIRS) >= 9
    assert [path.stem for path in sorted((ROOT / "pipelines" / "sources").glob("[!_]*.py"))] == PAIRS
    for dataset in PAIRS:
        assert cases(dataset), f"tests/sources/{dataset}/ holds no case; add <case>/<publisher's file> and expect.csv"
        assert (SAMPLES / dataset / "broken.yml").is_file(), f"tests/sources/{dataset}/broken.yml is missing"
    folders = sorted(path.name for path in SAMPLES.iterdir() if path.is_dir() and not path.name.startswith("_"))
    assert folders == PAIRS, "a folder of samples without a pair"


@pytest.mark.parametrize(("dataset", "case"), CASES)
def test_sample_gives_the_expected_rows_in_contract_types(dataset: str, case: Path, tmp_path: Path):
    contract = CONTRACTS[f"sources.{dataset}"]
    frame = normalized(dataset, made(sample_of(case), tmp_path))
    assert frame.schema == pl.Schema(contract.schema)
    text = frame.sort(contract.grain).write_csv()
    expected = case / "expect.csv"
    assert expected.is_file(), f"if every figure below is right, save it as {expected.relative_to(ROOT)}\n{text}"
    assert text == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize(("dataset", "case"), CASES)
def test_sample_fits_the_constraints_of_its_contract(dataset: str, case: Path, tmp_path: Path):
    frame = normalized(dataset, made(sample_of(case), tmp_path))
    connection = database(dataset, frame)
    assert connection.execute(f"select count(*) from sources.{dataset}").fetchone() == (frame.height,)
    assert frame.height > 0


def broken_cases() -> Iterator[Any]:
    for dataset in PAIRS:
        path = SAMPLES / dataset / "broken.yml"
        for what, facts in (contract_files.read_yaml(path) if path.is_file() else {}).items():
            yield pytest.param(dataset, facts, id=f"{dataset}-{what.replace(' ', '_')}")


@pytest.mark.parametrize(("dataset", "facts"), list(broken_cases()))
def test_broken_sample_is_refused_by_name_and_remedy(dataset: str, facts: dict[str, Any], tmp_path: Path):
    sample = sample_of(SAMPLES / dataset / facts["of"])
    message = refusal(dataset, made(sample, tmp_path, facts["replace"]))
    for fragment in facts["says"]:
        assert fragment in message


@pytest.mark.parametrize("dataset", PAIRS)
def test_every_dataset_refuses_a_missing_a_new_and_an_unreadable_value(dataset: str):
    tried = contract_files.read_yaml(SAMPLES / dataset / "broken.yml")
    assert {"missing column", "new column", "not a number"} <= set(tried)


@pytest.mark.parametrize(("dataset", "case"), CASES)
@pytest.mark.parametrize(
    ("content", "fragments"),
    [
        pytest.param(b"", ["the file is empty", "fetch it again"], id="empty"),
        pytest.param(ERROR_PAGE, ["this is a web page, not data", "save the file itself"], id="web_page"),
        pytest.param(CHALLENGE, ["this is a challenge page, not data", "save the file itself"], id="challenge_page"),
        pytest.param(None, ["fetch"], id="cut_in_half"),
    ],
)
def test_damaged_file_is_refused(dataset: str, case: Path, content: bytes | None, fragments: list[str], tmp_path: Path):
    path = made(sample_of(case), tmp_path)
    whole = path.read_bytes()
    half = whole[: len(whole) // 2].rstrip(b"\r\n")
    path.write_bytes(half if content is None else content)
    message = refusal(dataset, path)
    for fragment in fragments:
        assert fragment in message


@pytest.mark.parametrize(("dataset", "case"), CASES)
def test_a_file_cut_anywhere_is_refused_without_a_crash(dataset: str, case: Path, tmp_path: Path):
    path = made(sample_of(case), tmp_path)
    whole = path.read_bytes()
    refused = 0
    for part in range(1, 24):
        path.write_bytes(whole[: len(whole) * part // 24])
        try:
            normalized(dataset, path)
        except Refused:
            refused += 1
    assert refused >= 21, "only a cut that falls on the end of a line leaves a whole table"


@pytest.mark.parametrize(("dataset", "sheet"), [("us_mexico_trade", "country"), ("usbp_encounters", "Monthly Region")])
def test_a_workbook_without_the_sheet_is_refused(dataset: str, sheet: str, tmp_path: Path):
    path = tmp_path / "book.xlsx"
    write_workbook(path, {"Notes": '"Title"\n"text"\n'})
    message = refusal(dataset, path)
    assert f"sheet '{sheet}' cannot be read" in message
    assert "fetch the workbook again" in message


def test_the_exports_and_the_re_encoding_of_one_vsrr_release_are_the_same(tmp_path: Path):
    dataset = "cdc_overdose_deaths"
    plain = sample_of(SAMPLES / dataset / "through-2018-09")
    excel = sample_of(SAMPLES / dataset / "through-2018-09-excel-export")
    parquet = tmp_path / "xkb8-kh2a.parquet"
    pl.read_csv(plain).with_columns(pl.col(pl.Int64).cast(pl.Float64)).write_parquet(parquet)
    grain = CONTRACTS[f"sources.{dataset}"].grain
    contents = {digests.of_frame(normalized(dataset, path), grain, 12) for path in (plain, excel, parquet)}
    assert plain.read_bytes() != excel.read_bytes()
    assert len(contents) == 1


def test_the_month_grouping_of_encounters_is_no_part_of_them(tmp_path: Path):
    sample = sample_of(SAMPLES / "cbp_encounters" / "fy22-fy25-nov")
    as_printed = normalized("cbp_encounters", made(sample, tmp_path))
    regrouped = normalized("cbp_encounters", made(sample, tmp_path, {",Remaining,": ",FYTD,"}))
    assert regrouped.equals(as_printed)


@pytest.mark.parametrize("product", ["final_1999_2020", "final_2018_2023", "provisional"])
def test_a_wonder_product_is_told_by_its_content_not_its_name(product: str, tmp_path: Path):
    path = made(sample_of(SAMPLES / "cdc_wonder_deaths" / product), tmp_path).rename(tmp_path / "Provisional 2018.csv")
    assert normalized("cdc_wonder_deaths", path)["product"].unique().to_list() == [product]


@pytest.mark.parametrize("dataset", PAIRS)
def test_settled_holds_for_an_old_month_and_not_for_a_fresh_one(dataset: str):
    release = CONTRACTS[f"sources.{dataset}"].release
    assert release is not None
    months = "(values (date '2018-03-01'), (date '2023-12-01')) as t(month)"
    query = f"select {release.settled} from {months}, (select date '2024-01-15' as vintage) order by month"
    answers = duckdb.execute(query).fetchall()
    assert answers == [(True,), (False,)]


def test_every_rule_of_a_dataset_has_an_edit_that_breaks_it():
    rules = {f"{stem}.{rule}" for stem in PAIRS for rule in CONTRACTS[f"sources.{stem}"].rules}
    assert rules == set(RULE_BREAKERS)


@pytest.mark.parametrize("name", sorted(RULE_BREAKERS))
def test_rule_is_silent_on_a_sample_and_names_the_rows_that_break_it(name: str, tmp_path: Path):
    dataset, rule = name.split(".")
    sql = CONTRACTS[f"sources.{dataset}"].rules[rule].sql
    connection = database(dataset, normalized(dataset, made(sample_of(cases(dataset)[-1]), tmp_path)))
    assert connection.execute(sql).fetchall() == []
    connection.execute(f"update sources.{dataset} set {RULE_BREAKERS[name]}")
    assert len(connection.execute(sql).fetchall()) == 1
