"""What was known on a day: nothing published later may show, in no table, and what was quoted then comes out."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines import as_of, contract_files, ddl
from pipelines.contract_files import is_model, read_sql
from pipelines.errors import EntenteError
from pipelines.project import ROOT
from pipelines.queries import references
from pipelines.vintages import changes, figure_history, products, release_months
from pipelines.warehouse import tables
from tests.conftest import Clone

DECLARED = contract_files.load(ROOT)
DATASETS = [contract for contract in DECLARED.values() if contract.release is not None]
VIEWS = {name: view for name, view in as_of.names(DECLARED).items() if view.startswith("as_of.")}
PROBES = 10_000


@pytest.fixture(scope="module")
def published(fresh: Clone):
    with duckdb.connect(str(fresh.published), read_only=True) as connection:
        yield connection


def ask(connection: duckdb.DuckDBPyConnection, day: str | date | None, sql: str) -> list[tuple[Any, ...]]:
    connection.execute("reset variable as_of" if day is None else f"set variable as_of = date '{day}'")
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.execute("reset variable as_of")


# Every probe of every dataset, found again by hand --------------------------------------------------------------------


class ByHand:
    """The releases of one dataset, each searched by hand for a cell, without any of the pipeline's SQL."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, contract: Any) -> None:
        self.contract, stem = contract, contract.stem
        facts = "product, vintage, covers_from, covers_to, raw_sha256"
        self.releases = connection.execute(
            f"select {facts} from vintages.releases where dataset = '{stem}' order by vintage"
        ).fetchall()
        self.grain = list(contract.grain)
        columns = [*self.grain, *(name for name in contract.columns if name not in self.grain)]
        frame = connection.sql(f"select raw_sha256, {', '.join(columns)} from vintages.{stem}").pl()
        width = 1 + len(self.grain)
        self.rows = {row[:width]: row[width:] for row in frame.iter_rows()}
        self.cells = sorted({row[1:width] for row in self.rows})

    def known(self, cell: tuple[Any, ...], day: date) -> tuple[Any, ...] | None:
        """The figures of a cell as known on a day, followed by the vintage they are read from; None without a row."""
        month = cell[self.grain.index("month")]
        at_hand = [each for each in self.releases if each[1] <= day and each[2] <= month <= each[3]]
        if not at_hand:
            return None
        ranks = {product: rank for rank, product in enumerate(self.contract.release.products)}
        best = min(ranks[each[0]] for each in at_hand)
        read = max((each for each in at_hand if ranks[each[0]] == best), key=lambda each: each[1])
        if "product" in self.grain and cell[self.grain.index("product")] != read[0]:
            return None
        figures = self.rows.get((read[4], *cell))
        return None if figures is None else (*figures, read[1])


def probes(releases: list[tuple[Any, ...]], chance: random.Random, many: int) -> list[date]:
    """Days around each release and between them."""
    days = [each[1] + timedelta(days=off) for each in releases for off in (-1, 0, 1)]
    first, last = min(days) - timedelta(days=400), max(days) + timedelta(days=400)
    spread = [first + timedelta(days=chance.randrange((last - first).days)) for _ in range(many)]
    return days + spread


def test_ten_thousand_probes_find_what_the_releases_said_by_then_and_nothing_later(published) -> None:
    chance = random.Random(20_250_731)
    each = PROBES // len(DATASETS) + 1
    probed = 0
    for contract in DATASETS:
        by_hand = ByHand(published, contract)
        days = probes(by_hand.releases, chance, 12)
        columns = [*by_hand.grain, *(name for name in contract.columns if name not in by_hand.grain), "vintage"]
        for at, day in enumerate(days):
            wanted = chance.sample(by_hand.cells, k=min(len(by_hand.cells), each // len(days) + 1))
            width = len(by_hand.grain)
            rows = ask(published, day, f"select {', '.join(columns)} from as_of.{contract.stem}")
            found = {row[:width]: row[width:] for row in rows}
            assert len(found) == len(rows), f"{contract.stem} on {day}: a cell twice"
            for cell in wanted:
                assert found.get(cell) == by_hand.known(cell, day), f"{contract.stem} {cell} on {day} (probe {at})"
            probed += len(wanted)
    assert probed >= PROBES


def test_without_a_day_each_view_is_the_published_table(published) -> None:
    assert len(VIEWS) > 20
    for table, view in VIEWS.items():
        contract = DECLARED[table]
        # Sums of doubles over windows may differ in the last digits, as in two builds.
        columns = ", ".join(
            f'round("{name}", 6) as "{name}"' if column.type == "DOUBLE" else f'"{name}"'
            for name, column in (contract.of_newest() if contract.release else contract).columns.items()
        )
        rows = f"select count(*), sum(hash(each)::hugeint) from (select {columns} from {{0}}) as each"
        assert ask(published, None, rows.format(view)) == ask(published, None, rows.format(table)), view


# Every view against a warehouse that never saw what came later --------------------------------------------------------


def warehouse_of(published: Path, day: date) -> duckdb.DuckDBPyConnection:
    """All tables built anew from nothing but what was public on the day."""
    made = tables(DECLARED)
    connection = duckdb.connect()
    connection.execute(f"attach '{published}' as whole (read_only)")
    connection.execute(f"set variable as_of = date '{day}'")
    for schema in {ddl.schema_of(name) for name in made}:
        connection.execute(f"create schema {schema}")

    def take(name: str, condition: str = "true") -> None:
        connection.execute(f"create table {name} as select * from whole.{name} where {condition}")

    def make(name: str, sql: str) -> None:
        connection.execute(ddl.create_table(made[name], name, {}, constrained=False))
        connection.execute(f"insert into {name} by name select * from ({sql})")

    for name, contract in DECLARED.items():
        if contract.folder == "seeds":
            take(name)
    take("vintages.releases", f"vintage <= date '{day}'")
    connection.execute(f"update vintages.releases set confirmed_until = least(confirmed_until, date '{day}')")
    make("vintages.products", products.make(DECLARED))
    make("vintages.release_months", release_months.make(DECLARED))
    for contract in DATASETS:
        take(f"vintages.{contract.stem}", f"vintage <= date '{day}'")
        make(f"vintages.{contract.stem}_changes", changes.make(contract))
        make(f"sources.{contract.stem}", changes.newest(contract))
    make("vintages.figure_history", figure_history.make(DECLARED))
    take("documents.readings", f"known_from <= date '{day}'")
    take("documents.codings", "(document_id, raw_sha256) in (select (document_id, raw_sha256) from documents.readings)")
    waiting = {name: read_sql(contract) for name, contract in DECLARED.items() if is_model(contract) and name in VIEWS}
    while waiting:
        ready = [name for name, sql in waiting.items() if not references(sql, name) & set(waiting)]
        for name in ready:
            make(name, waiting.pop(name))
    return connection


# The same selects over three days; the middle one is asked in every run, as each builds all tables anew.
@pytest.mark.parametrize(
    "day",
    [
        pytest.param(date(2019, 6, 1), marks=pytest.mark.long),
        date(2023, 11, 17),
        pytest.param(date(2025, 7, 31), marks=pytest.mark.long),
    ],
)
def test_each_view_is_what_a_warehouse_of_that_day_would_have_published(fresh: Clone, published, day: date) -> None:
    with warehouse_of(fresh.published, day) as then:
        for table, view in VIEWS.items():
            contract = DECLARED[table]
            columns = ", ".join(
                f'round("{name}", 6)' if column.type == "DOUBLE" else f'"{name}"'
                for name, column in (contract.of_newest() if contract.release else contract).columns.items()
            )
            expected = then.execute(f"select {columns} from {table} order by all").fetchall()
            found = ask(published, day, f"select {columns} from {view} order by all")
            assert found == expected, f"{view} on {day}"


# What was quoted then -------------------------------------------------------------------------------------------------

NATIONWIDE = "select sum(seized_lb) from as_of.cbp_drug_seizures where drug = 'fentanyl' and "
SOUTHWEST = NATIONWIDE + "region = 'southwest_border' and "
FY = "month between date '{0}-10-01' and date '{1}-09-01'"
FY19, FY20, FY21, FY22, FY23 = (FY.format(year - 1, year) for year in range(2019, 2024))
DEATHS = (
    "select {0} from as_of.cdc_overdose_deaths where jurisdiction = 'US' and indicator = '{1}' and month = date '{2}'"
)
ALL, SYNTHETIC = "overdose_deaths", "synthetic_opioids"
MEASURED = "select missing from as_of.overdose_deaths_12m where drug_class = 'all_drugs' and month = date '{0}'"
IMPORTS = "select sum(imports_usd) / 1e6 from as_of.us_mexico_trade where year(month) = 2017"
BY_STATE = "select sum(encounters) from as_of.cbp_encounters_by_state where month = date '2023-10-01'"
SEIZED = "select missing from as_of.border_fentanyl_seizures where month = date '{0}'"
RATIO = "select ({0}) / ({1})"

QUOTED = {
    # What 2.2 and 2.3 of the design's indicator page quote, on a day on which its release was the newest held.
    "tripled since 2020, by weight": ("2023-04-01", RATIO.format(SOUTHWEST + FY22, SOUTHWEST + FY20), 3.09, 0.01),
    "fiscal year 2021": ("2023-04-01", SOUTHWEST + FY21, 10_586.4, 0.1),
    "fiscal year 2021 over 2020": ("2023-04-01", RATIO.format(SOUTHWEST + FY21, SOUTHWEST + FY20), 2.323, 0.001),
    "January 2022": ("2023-01-05", SOUTHWEST + "month = date '2022-01-01'", 839.1, 0.1),
    "December 2021": ("2023-01-05", SOUTHWEST + "month = date '2021-12-01'", 461.4, 0.1),
    "by officers at ports, fiscal year 2023": (
        "2023-12-01",
        RATIO.format(SOUTHWEST + "component = 'ofo' and " + FY23, SOUTHWEST + FY23),
        0.896,
        0.0005,
    ),
    "October 2024 as first said": ("2025-07-01", NATIONWIDE + "month = date '2024-10-01'", 2_067.7, 0.1),
    "October 2024 as restated": (None, NATIONWIDE + "month = date '2024-10-01'", 1_992.5, 0.1),
    "April 2025 as first said": ("2025-07-01", NATIONWIDE + "month = date '2025-04-01'", 759.8, 0.1),
    "April 2025 as restated": (None, NATIONWIDE + "month = date '2025-04-01'", 772.2, 0.1),
    "May 2025 as first said": ("2025-07-01", NATIONWIDE + "month = date '2025-05-01'", 718.3, 0.1),
    "May 2025 as restated": (None, NATIONWIDE + "month = date '2025-05-01'", 721.6, 0.1),
    "encounters of October 2023 as first said": ("2023-12-01", BY_STATE, 309_221, 0),
    "encounters of October 2023 one month later": ("2023-12-31", BY_STATE, 309_137, 0),
    "deaths in 2017, reported": ("2019-05-01", DEATHS.format("deaths_12m", ALL, "2017-12-01"), 70_699, 0),
    "deaths in 2017, predicted": ("2019-05-01", DEATHS.format("predicted_12m", ALL, "2017-12-01"), 72_224, 0),
    "synthetic opioids in 2017, reported": (
        "2019-05-01",
        DEATHS.format("deaths_12m", SYNTHETIC, "2017-12-01"),
        28_659,
        0,
    ),
    "synthetic opioids in 2017, predicted": (
        "2019-05-01",
        DEATHS.format("predicted_12m", SYNTHETIC, "2017-12-01"),
        29_461,
        0,
    ),
    "deaths to May 2017 as first said": ("2018-01-31", DEATHS.format("deaths_12m", ALL, "2017-05-01"), 66_324, 0),
    "deaths to May 2017 as final": (None, DEATHS.format("deaths_12m", ALL, "2017-05-01"), 68_370, 0),
    "deaths to September 2018, first": ("2019-04-24", DEATHS.format("deaths_12m", ALL, "2018-09-01"), 67_152, 0),
    "deaths to September 2018, second": ("2019-07-11", DEATHS.format("deaths_12m", ALL, "2018-09-01"), 67_657, 0),
    "deaths to September 2018, third": (None, DEATHS.format("deaths_12m", ALL, "2018-09-01"), 68_421, 0),
    "imports of 2017 as first said": ("2018-10-31", IMPORTS, 314_267, 1),
    "imports of 2017 as restated": (None, IMPORTS, 312_667, 1),
    # Said between two releases that are held, or before the first: the answer is that it is not held, not a figure.
    "deaths in 2021 as predicted in 2022": ("2022-06-01", MEASURED.format("2021-12-01"), "vintage_not_held", 0),
    "seizures of August 2023 in September 2023": ("2023-09-20", SEIZED.format("2023-08-01"), "vintage_not_held", 0),
    "seizures of early 2022 in June 2022": ("2022-06-15", SEIZED.format("2022-01-01"), "vintage_not_held", 0),
}


@pytest.mark.parametrize(("day", "sql", "said", "within"), QUOTED.values(), ids=QUOTED.keys())
def test_a_quoted_figure_comes_out_as_of_its_day_or_is_said_not_to_be_held(
    published, day: str | None, sql: str, said: Any, within: float
) -> None:
    (found,) = ask(published, day, sql)[0]
    assert found == (pytest.approx(said, abs=within) if isinstance(said, (int, float)) else said)


# The command line -----------------------------------------------------------------------------------------------------


def test_as_of_on_the_command_line_rebinds_a_query_that_names_the_published_tables(fresh: Clone) -> None:
    query = "select seized_lb, vintage from measures.border_fentanyl_seizures where month = date '2025-05-01'"
    then, now = fresh("sql", "--csv", "--as-of", "2025-07-31", query), fresh("sql", "--csv", query)
    assert then.returncode == now.returncode == 0
    assert then.stdout.splitlines()[1].endswith(",2025-06-17")
    assert now.stdout.splitlines()[1].endswith(",2026-01-15")
    assert then.stdout != now.stdout


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("select * from vintages.cbp_drug_seizures", "ask sources.cbp_drug_seizures"),
        ("select * from meta.tables", "ask sources, documents, measures or indicators"),
        ("drop table seeds.places", "write one select"),
        ("select * from months", "write the schema before it"),
        ("from query('select * from sources.cbp_drug_seizures')", "name the table itself"),
        ("from query_table('sources.cbp_drug_seizures')", "name the table itself"),
        ("from read_parquet('parquet/sources/cbp_drug_seizures.parquet')", "name the table itself"),
        ("from 'parquet/sources/cbp_drug_seizures.parquet'", "write the schema before it|has no as-of form"),
        ("select (select max(vintage) from query_table('sources.cbp_drug_seizures'))", "name the table itself"),
    ],
)
def test_a_query_that_no_day_can_answer_is_refused_with_the_remedy(query: str, words: str) -> None:
    with pytest.raises(EntenteError, match=words):
        as_of.rebound(query, DECLARED)


def test_names_in_quotes_and_comments_are_no_tables() -> None:
    query = "select 'measures.months', month from \"Measures\" . Months /* measures.months */ -- año measures.months"
    expected = "select 'measures.months', month from as_of.months /* measures.months */ -- año measures.months"
    assert as_of.rebound(query, DECLARED) == expected
