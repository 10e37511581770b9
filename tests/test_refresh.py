"""One refresh end to end, as a person runs it: the bundle, the inbox, wrong files, failed checks, open readers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipelines.definitions import graph
from tests import publishers
from tests.conftest import Clone

NEWEST_DRUGS = "nationwide-drugs-fy23-fy26-jan.csv"


def test_a_fresh_clone_publishes_within_two_gigabytes(fresh: Clone) -> None:
    assert 0 < fresh.refresh_peak_kb < 2_000_000
    assert fresh.ask("select bool_and(passed) from meta.checks") == [(True,)]
    checked = "select count(distinct table_name), count(distinct check_name) from meta.checks"
    assert fresh.ask(checked + " where not starts_with(check_name, 'rule_')")[0][1] == 7
    assert fresh.ask(checked)[0][0] > 40


@pytest.mark.parametrize(
    ("fiscal_year", "nationwide", "southwest"),
    [
        (2019, 2803.6, 2633.3),
        (2020, 4791.1, 4557.7),
        (2021, 11201.3, 10586.4),
        (2022, 14699.9, 14104.1),
        (2023, 27022.9, 26717.8),
        (2024, 21889.2, 21148.2),
        (2025, 12027.3, 11488.3),
    ],
)
def test_published_fentanyl_pounds_are_those_of_the_publisher(
    fresh: Clone, fiscal_year: int, nationwide: float, southwest: float
) -> None:
    year = f"year(month + interval 3 month) = {fiscal_year}"
    found = fresh.ask(
        "select round(sum(seized_lb), 1), round(sum(seized_lb) filter (region = 'southwest_border'), 1) "
        f"from sources.cbp_drug_seizures where drug = 'fentanyl' and {year}"
    )
    assert found == [(nationwide, southwest)]
    assert fresh.ask(f"select round(sum(seized_lb), 1) from measures.border_fentanyl_seizures where {year}") == [
        (southwest,)
    ]


def test_published_encounters_are_those_of_the_publisher(fresh: Clone) -> None:
    found = fresh.ask(
        "select year(month + interval 3 month) as fiscal_year, sum(encounters) from measures.border_encounters "
        "where encounters is not null group by 1 having count(*) = 12 order by 1"
    )
    assert found[2:] == [(2021, 1734686), (2022, 2378944), (2023, 2475669), (2024, 2135005)]


def test_published_overdose_deaths_are_those_of_the_publisher(fresh: Clone) -> None:
    sql = "select deaths_12m, vintage::varchar from measures.overdose_deaths_12m"
    assert fresh.ask(f"{sql} where month = '2021-12-01' and drug_class = 'all_drugs'") == [(107573, "2025-07-16")]


def test_rhetoric_is_there_since_2018_and_a_month_without_text_is_null(fresh: Clone) -> None:
    sql = "select count(*) from indicators.fentanyl_seizures_vs_rhetoric where mx_to_us_per_10k_words is"
    assert fresh.ask(f"{sql} not null and month < '2019-06-01'")[0][0] >= 6
    assert fresh.ask(f"{sql} null and mx_to_us_missing is null") == [(0,)]
    assert fresh.ask(f"{sql} null and month = '2025-03-01'") == [(1,)]


def test_every_published_table_carries_comments_constraints_and_its_parquet(fresh: Clone) -> None:
    tables = fresh.ask(
        "select schema_name || '.' || table_name, comment from duckdb_tables() where schema_name <> 'meta'"
    )
    assert len(tables) > 30
    assert [name for name, comment in tables if not comment] == []
    for name, _ in tables:
        schema, stem = name.split(".")
        path = fresh.warehouse / "parquet" / schema / f"{stem}.parquet"
        assert duckdb.sql(f"select count(*) from '{path}'").fetchall() == fresh.ask(f"select count(*) from {name}")
    keys = fresh.ask(
        "select count(*) from duckdb_constraints() where constraint_type = 'PRIMARY KEY' and schema_name <> 'meta'"
    )
    assert keys[0][0] == sum(not name.startswith("vintages.") for name, _ in tables)


def test_a_second_refresh_with_nothing_new_does_no_work_and_says_so(copy: Clone) -> None:
    before = copy.published.stat().st_ino
    done = copy("refresh")
    assert (done.returncode, done.stderr) == (0, "")
    assert "stays current, nothing new" in done.stdout
    assert "(0 tables built" in done.stdout
    assert copy.published.stat().st_ino == before


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def cut_at_a_line(content: bytes) -> bytes:
    return b"".join(content.splitlines(keepends=True)[: content.count(b"\n") // 2])


WRONG = {
    "web page": (lambda c: b"<!DOCTYPE html><html><body>Not found</body></html>", ["web page", "save the file"]),
    "missing column": (
        lambda c: c.replace(b"Drug Type", b"Drug"),
        ["column 'Drug Type' missing", "edit COLUMNS in pipelines/sources/"],
    ),
    "unknown drug": (
        lambda c: c.replace(b"Fentanyl", b"Fentanil", 1),
        ["line 7: drug 'Fentanil'", "seeds/drug_labels.csv"],
    ),
    "cut mid-line": (cut, ["cut off", "fetch it again"]),
    "cut at a line end": (cut_at_a_line, ["rows", "cut off", "fetch it again"]),
    "empty": (lambda c: b"", ["empty", "fetch it again"]),
}


def test_a_wrong_file_gets_one_line_and_changes_nothing(copy: Clone) -> None:
    rows = publishers.drug_seizures(copy.published)
    fentanyl = [row for row in rows if row[6] == "Fentanyl"][0]
    rows.remove(fentanyl)
    rows.insert(6, fentanyl)
    before = copy("digest").stdout
    dropped = {
        name: copy.drop("cbp_drug_seizures", f"{name} {NEWEST_DRUGS}", spoil(publishers.as_csv(rows)))
        for name, (spoil, _) in WRONG.items()
    }
    done = copy("refresh")
    assert done.returncode == 2
    lines = {}
    for name, (_, words) in WRONG.items():
        lines[name], *rest = [line for line in done.stderr.splitlines() if dropped[name].name in line]
        assert rest == []
        assert lines[name].startswith(f"cbp_drug_seizures {dropped[name].name}")
        assert [word for word in words if word not in lines[name]] == []
    assert copy("digest").stdout == before
    again = copy("refresh")
    assert again.returncode == 2
    assert [again.stderr.count(line) for line in lines.values()] == [1] * len(WRONG)
    assert "nothing new" in again.stdout
    shown = copy("status").stdout
    assert [name for name, line in lines.items() if line not in shown] == []
    for path in dropped.values():
        path.unlink()
    assert copy("refresh").returncode == 0
    shown = copy("status").stdout
    assert [name for name, line in lines.items() if line in shown] == []


def test_a_file_where_nobody_looks_is_reported(copy: Clone) -> None:
    copy.drop("cbp_drugs", "x.csv", b"a")
    copy.drop("", "y.csv", b"a")
    copy.drop("documents/whitehouse", "z.md", b"a")
    done = copy("refresh")
    assert done.returncode == 2
    for words in ("inbox/cbp_drugs: no dataset", "inbox/y.csv: no dataset", "whitehouse in ", "of that name; put"):
        assert words in done.stderr


def test_the_same_release_again_is_skipped_with_one_line_in_either_export_style(copy: Clone) -> None:
    before = copy("digest").stdout
    copy.drop("cbp_drug_seizures", NEWEST_DRUGS, publishers.as_csv(publishers.drug_seizures(copy.published)))
    deaths = publishers.overdose_deaths(copy.published)
    copy.drop("cdc_overdose_deaths", "plain.csv", publishers.as_csv(deaths))
    copy.drop("cdc_overdose_deaths", "for-excel.csv", publishers.for_excel(deaths))
    done = copy("refresh")
    assert done.returncode == 0, done.stderr
    for name in (NEWEST_DRUGS, "plain.csv", "for-excel.csv"):
        lines = [line for line in done.stderr.splitlines() if f" {name}: " in line]
        assert len(lines) == 1
        assert lines[0].endswith("again; skipped")
    assert copy("digest").stdout == before


def built(clone: Clone) -> dict[str, str]:
    """When each table of the working database was made."""
    return dict(
        publishers.held(clone.warehouse / "work.duckdb", "select name, built_at || fingerprint from meta.tables")
    )


def made_of(dataset: str) -> set[str]:
    """Everything that the graph makes of a dataset, through whatever lies between."""
    found = {dataset, "vintages.releases", *(f"vintages.{dataset.split('.')[1]}{form}" for form in ("", "_changes"))}
    while more := {step.name for step in graph if found & set(step.upstream)} - found:
        found |= more
    return found


def test_a_new_release_is_published_with_its_revisions_and_as_of_and_only_what_it_touches_is_built(copy: Clone) -> None:
    """Another dataset, at which this run is told not to look, waits."""
    states = publishers.bundled("cbp_encounters_by_state")[-1]
    later = publishers.with_next_month(publishers.state_encounters(states, open_year=2024))
    waiting = copy.drop(
        "cbp_encounters_by_state", "dec-state.csv", publishers.as_csv(later), '{"published": "2024-01-26"}'
    )
    rows = publishers.with_next_month(publishers.drug_seizures(copy.published))
    open_months = [row for row in rows if row[0] == "2026 (FYTD)" and row[1] == "DEC" and row[6] == "Fentanyl"]
    restated = next(row for row in open_months if row[3] == "Southwest Border")
    was = float(restated[8])
    restated[8] = str(was + 1.25)
    receipt = '{"published": "2026-02-14", "url": "https://www.cbp.gov/document/stats/nationwide-drug-seizures"}'
    path = copy.drop("cbp_drug_seizures", NEWEST_DRUGS, publishers.as_csv(rows), receipt)
    newest = "select max(month)::varchar from measures.border_fentanyl_seizures where missing is null"
    before = built(copy)
    with duckdb.connect(str(copy.published), read_only=True) as reader:
        done = copy("refresh", "--only", "cbp_drug_seizures")
        assert done.returncode == 0, done.stderr
        assert reader.execute(newest).fetchall() == [("2025-12-01",)]
    assert copy.ask(newest) == [("2026-01-01",)]
    assert copy.ask(
        "select vintage::varchar, vintage_basis from vintages.releases where dataset = 'cbp_drug_seizures' "
        "order by vintage desc limit 1"
    ) == [("2026-02-14", "receipt")]
    assert copy.ask("select count(distinct vintage) from vintages.cbp_drug_seizures") == [(6,)]
    kept = list((copy.warehouse / "raw" / "cbp_drug_seizures" / "2026-02-14").glob("*.csv"))
    assert [each.read_bytes() for each in kept] == [path.read_bytes()]
    revised = "select newest_value - first_value, largest_change, revisions, releases from indicators.data_revisions "
    assert copy.ask(f"{revised} where dataset = 'cbp_drug_seizures' and month = '2025-12-01' and revisions > 0") == [
        (pytest.approx(1.25), pytest.approx(1.25), 1, 2)
    ]
    december = "select seized_lb from measures.border_fentanyl_seizures where month = '2025-12-01'"
    then, now = (
        float(copy("sql", "--csv", "--as-of", day, december).stdout.splitlines()[1])
        for day in ("2026-02-13", "2026-02-14")
    )
    assert now - then == pytest.approx(1.25)
    touched = {name for name, when in built(copy).items() if when != before[name]}
    # The releases and all that is told of them, the newest figures, the spine of months and what is laid out along it.
    assert touched >= {
        "vintages.cbp_drug_seizures",
        "vintages.cbp_drug_seizures_changes",
        "vintages.figure_history",
        "vintages.release_months",
        "vintages.releases",
        "sources.cbp_drug_seizures",
        "measures.months",
        "measures.border_fentanyl_seizures",
        "measures.seizures_by_region",
        "indicators.data_revisions",
        "indicators.drug_seizures",
        "indicators.fentanyl_seizures_vs_rhetoric",
        "indicators.lead_lag",
    }
    assert touched <= made_of("sources.cbp_drug_seizures") | {"sources.cbp_drug_seizures", "vintages.releases"}
    assert copy.ask("select max(month)::varchar from sources.cbp_encounters_by_state") == [("2023-11-01",)]
    waiting.unlink()
    assert "nothing new" in copy("refresh").stdout


def test_a_failed_check_publishes_nothing_and_the_previous_publication_stays(copy: Clone, code: Path) -> None:
    spoilt = Clone(copy.warehouse, code)
    before = copy("digest").stdout
    sql = code / "sql" / "measures" / "border_fentanyl_seizures.sql"
    sql.write_text(sql.read_text().replace("coalesce(seized_lb, 0)", "coalesce(seized_lb, 0) * 2"), encoding="utf-8")
    done = spoilt("refresh")
    assert done.returncode == 1
    assert "measures.border_fentanyl_seizures: rule_parts_make_the_whole: 1 rows break the rule" in done.stderr
    assert "not published" in done.stderr
    assert copy("digest").stdout == before


def test_what_could_not_be_published_is_published_once_the_reason_is_gone(copy: Clone, code: Path) -> None:
    spoilt = Clone(copy.warehouse, code)
    states = publishers.bundled("cbp_encounters_by_state")[-1]
    later = publishers.with_next_month(publishers.state_encounters(states, open_year=2024))
    copy.drop("cbp_encounters_by_state", "dec-state.csv", publishers.as_csv(later), '{"published": "2024-01-26"}')
    query = code / "pipelines" / "site" / "queries" / "seizures.sql"
    written = query.read_text(encoding="utf-8")
    query.write_text("select from where", encoding="utf-8")
    done = spoilt("refresh")
    assert (done.returncode, "not published" in done.stderr) == (1, True)
    assert copy.ask("select max(month)::varchar from sources.cbp_encounters_by_state") == [("2023-11-01",)]
    query.write_text(written, encoding="utf-8")
    assert spoilt("refresh").returncode == 0
    assert copy.ask("select max(month)::varchar from sources.cbp_encounters_by_state") == [("2023-12-01",)]


@pytest.mark.long
def test_a_release_with_which_a_table_fails_its_checks_is_set_aside_and_the_rest_is_published(
    copy: Clone, code: Path
) -> None:
    strict = Clone(copy.warehouse, code)
    contract = code / "sql" / "measures" / "border_fentanyl_seizures.yml"
    sql = "select month from measures.border_fentanyl_seizures where month >= date '2026-01-01' and missing is null"
    rule = f"  none_of_2026:\n    about: Nothing of 2026.\n    sql: {sql}\n"
    contract.write_text(contract.read_text(encoding="utf-8") + rule, encoding="utf-8")
    states = publishers.bundled("cbp_encounters_by_state")[-1]
    later = publishers.with_next_month(publishers.state_encounters(states, open_year=2024))
    copy.drop("cbp_encounters_by_state", "dec-state.csv", publishers.as_csv(later), '{"published": "2024-01-26"}')
    rows = publishers.with_next_month(publishers.drug_seizures(copy.published))
    copy.drop("cbp_drug_seizures", NEWEST_DRUGS, publishers.as_csv(rows), '{"published": "2026-02-14"}')
    done = strict("refresh")
    assert done.returncode == 2, done.stderr
    assert f"{NEWEST_DRUGS}: with it in, measures.border_fentanyl_seizures fails rule_none_of_2026" in done.stderr
    assert copy.ask("select max(month)::varchar from sources.cbp_drug_seizures") == [("2025-12-01",)]
    assert copy.ask("select max(month)::varchar from sources.cbp_encounters_by_state") == [("2023-12-01",)]
    again = strict("refresh")
    assert (again.returncode, "nothing new" in again.stdout) == (2, True)
    # Once the judge is mended the release tries again.
    contract.write_text(contract.read_text(encoding="utf-8").replace(rule, ""), encoding="utf-8")
    assert strict("refresh").returncode == 0
    assert copy.ask("select max(month)::varchar from sources.cbp_drug_seizures") == [("2026-01-01",)]


@pytest.fixture
def pair(code: Path) -> list[Path]:
    """The two files of a dataset more, of which no release is held."""
    sources = code / "pipelines" / "sources"
    made = [sources / f"usbp_sectors.{suffix}" for suffix in ("yml", "py")]
    for path in made:
        like = sources / f"usbp_encounters{path.suffix}"
        path.write_text(like.read_text(encoding="utf-8"), encoding="utf-8")
    return made


def test_a_dataset_is_two_files_and_the_graph_has_it(code: Path, pair: list[Path]) -> None:
    assert len(pair) == 2
    program = "from pipelines.definitions import graph; print(*sorted(step.name for step in graph))"
    env = {**os.environ, "PYTHONPATH": str(code)}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=code, env=env, capture_output=True, text=True, check=True
    )
    steps = done.stdout.split()
    assert {"sources.usbp_sectors", "vintages.usbp_sectors_changes"} <= set(steps)
    assert len(steps) == len(graph) + sum("usbp_sectors" in name for name in steps)


@pytest.mark.long
def test_a_dataset_of_which_nothing_is_held_is_empty_and_stale_and_leaves_nothing_behind(
    copy: Clone, code: Path, pair: list[Path]
) -> None:
    more = Clone(copy.warehouse, code)
    done = more("refresh")
    assert done.returncode == 0, done.stderr
    tables = "select count(*) from duckdb_tables() where table_name = 'usbp_sectors'"
    assert more.ask(tables) == [(2,)]
    assert more.ask("select count(*) from as_of.usbp_sectors") == [(0,)]
    status = more("status").stdout
    assert "nothing held" in next(line for line in status.splitlines() if line.startswith("usbp_sectors"))
    for path in pair:
        path.unlink()
    assert more("refresh").returncode == 0
    assert more.ask(tables) == [(0,)]


def test_two_rebuilds_from_scratch_are_identical(fresh: Clone, tmp_path: Path) -> None:
    other = Clone(tmp_path / "warehouse")
    assert other("refresh").returncode == 0
    done = other("digest", "--against", str(fresh.published))
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("same") > 30
    assert "DIFFERS" not in done.stdout
