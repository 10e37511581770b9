"""Which release a month is read from, and what makes two releases the same, on small releases written here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipelines import contract_files, ddl
from pipelines.contracts import Contract
from pipelines.errors import Refused
from pipelines.project import ROOT
from pipelines.reading import Raw
from pipelines.vintages import changes, products, releases

PLAIN = """
title: Seizures
titulo: Incautaciones
about: Things seized.
source: {publisher: Someone, url: https://example.org, licence: none, citation: Someone}
release: {files: ["x/*.csv"], settled: "true", cadence_days: 31}
grain: [month, place]
rows: {min: 1, max: 99}
columns:
  month: {type: DATE, about: Month, es: Mes}
  place: {type: VARCHAR, about: Place, es: Lugar}
  seized_lb: {type: DOUBLE, unit: lb, nullable: true, about: lb, es: lb}
"""

# The product that outranks is neither the first by name nor the newer one.
PRODUCTS = (
    PLAIN.replace('settled: "true"', 'products: [settled, early], settled: "true"')
    .replace("grain: [month, place]", "grain: [month, place, product]")
    .replace(
        "  seized_lb:", "  product: {type: VARCHAR, values: [settled, early], about: Product, es: P}\n  seized_lb:"
    )
)

JAN, FEB, MAR, APR = (date(2024, month, 1) for month in range(1, 5))


def read(text: str, folder: Path) -> Contract:
    path = folder / "seizures.yml"
    path.write_text(text, encoding="utf-8")
    return contract_files.read_contract(path, "sources")


@pytest.fixture
def plain(tmp_path: Path) -> Contract:
    return read(PLAIN, tmp_path)


@pytest.fixture
def products_(tmp_path: Path) -> Contract:
    return read(PRODUCTS, tmp_path)


def frame(contract: Contract, rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=contract.schema, orient="row")


def raw(vintage: date, sha256: str = "00") -> Raw:
    return Raw("seizures", Path(f"{sha256}.csv"), vintage, "seen", sha256, "2024-09-01T00:00:00Z", "")


class Held:
    """A database that holds releases of one dataset, in the order they came."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.connection = duckdb.connect()
        self.connection.execute("create schema vintages")
        declared = contract_files.load(ROOT)
        for each in (declared["vintages.releases"], contract.of_releases(), declared["vintages.products"]):
            self.connection.execute(ddl.create_table(each, each.name, {}, constrained=True))
        self.connection.execute(f"insert into vintages.products {products.make({contract.name: contract})}")

    def came(self, vintage: date, *rows: tuple[Any, ...]) -> None:
        count = self.connection.execute("select count(*) from vintages.releases").fetchall()[0][0]
        let_in = releases.release(raw(vintage, f"{count:02}"), self.contract, frame(self.contract, list(rows)))
        for name, given in (("seizures", let_in.figures), ("releases", pl.DataFrame([let_in.facts]))):
            self.connection.register("given", given.to_arrow())
            self.connection.execute(f"insert into vintages.{name} by name select * from given")

    def newest(self) -> list[tuple[Any, ...]]:
        """The rows of `sources.seizures` in the dataset's own columns, each followed by its vintage."""
        self.changes()
        columns = ", ".join(self.contract.columns)
        query = f"select {columns}, vintage from ({changes.newest(self.contract)}) order by all"
        return self.connection.execute(query).fetchall()

    def changes(self) -> list[tuple[Any, ...]]:
        """The rows of `vintages.seizures_changes`, each followed by the days from which and to which it held."""
        made = f"create or replace table vintages.seizures_changes as {changes.make(self.contract)}"
        self.connection.execute(made)
        columns = ", ".join(self.contract.columns)
        query = f"select {columns}, valid_from, valid_to from vintages.seizures_changes order by all"
        return self.connection.execute(query).fetchall()


def test_each_month_is_read_whole_from_the_newest_release_that_covers_it(plain: Contract) -> None:
    held = Held(plain)
    held.came(MAR, (JAN, "tucson", 1.0), (JAN, "yuma", 2.0), (FEB, "tucson", 3.0))
    held.came(APR, (JAN, "tucson", 1.5), (JAN, "yuma", 2.5), (FEB, "tucson", 3.5), (MAR, "yuma", 4.5))
    assert held.newest() == [
        (JAN, "tucson", 1.5, APR),
        (JAN, "yuma", 2.5, APR),
        (FEB, "tucson", 3.5, APR),
        (MAR, "yuma", 4.5, APR),
    ]


def test_a_row_that_the_newer_release_no_longer_has_is_withdrawn(plain: Contract) -> None:
    held = Held(plain)
    held.came(MAR, (JAN, "tucson", 1.0), (JAN, "yuma", 2.0), (FEB, "yuma", 3.0))
    held.came(APR, (JAN, "tucson", 1.5), (FEB, "yuma", 3.5))
    assert held.newest() == [(JAN, "tucson", 1.5, APR), (FEB, "yuma", 3.5, APR)]


def test_a_month_inside_a_release_that_has_no_row_for_it_is_withdrawn_too(plain: Contract) -> None:
    held = Held(plain)
    held.came(APR, (JAN, "tucson", 1.0), (FEB, "tucson", 2.0), (MAR, "tucson", 3.0))
    held.came(date(2024, 5, 1), (JAN, "tucson", 1.5), (MAR, "tucson", 3.5))
    assert [row[0] for row in held.newest()] == [JAN, MAR]


def test_a_month_that_no_later_release_covers_keeps_its_last_one(plain: Contract) -> None:
    held = Held(plain)
    held.came(FEB, (JAN, "tucson", 1.0), (FEB, "tucson", 2.0))
    held.came(MAR, (JAN, "tucson", 1.5), (FEB, "tucson", 2.5))
    held.came(APR, (FEB, "tucson", 2.75), (MAR, "tucson", 3.0))
    assert held.newest() == [(JAN, "tucson", 1.5, MAR), (FEB, "tucson", 2.75, APR), (MAR, "tucson", 3.0, APR)]


def test_an_older_release_that_arrives_later_does_not_win(plain: Contract) -> None:
    held = Held(plain)
    held.came(APR, (FEB, "tucson", 2.5), (MAR, "tucson", 3.5))
    held.came(MAR, (JAN, "tucson", 1.0), (FEB, "tucson", 2.0), (FEB, "yuma", 9.0))
    assert held.newest() == [(JAN, "tucson", 1.0, MAR), (FEB, "tucson", 2.5, APR), (MAR, "tucson", 3.5, APR)]


def test_releases_of_another_dataset_do_not_count(plain: Contract) -> None:
    held = Held(plain)
    held.came(APR, (JAN, "tucson", 9.0))
    held.connection.execute("update vintages.releases set dataset = 'another'")
    held.came(MAR, (JAN, "yuma", 1.0))
    assert held.newest() == [(JAN, "yuma", 1.0, MAR)]


def test_the_first_product_outranks_a_newer_vintage_of_a_lower_one(products_: Contract) -> None:
    held = Held(products_)
    held.came(MAR, (JAN, "tucson", "settled", 1.0))
    held.came(APR, (JAN, "tucson", "early", 9.0), (JAN, "yuma", "early", 9.0), (FEB, "yuma", "early", 2.0))
    assert held.newest() == [(JAN, "tucson", "settled", 1.0, MAR), (FEB, "yuma", "early", 2.0, APR)]


def test_the_newest_vintage_of_the_first_product_is_used(products_: Contract) -> None:
    held = Held(products_)
    held.came(FEB, (JAN, "tucson", "settled", 1.0))
    held.came(MAR, (JAN, "tucson", "settled", 1.5))
    held.came(APR, (JAN, "tucson", "early", 9.0))
    assert held.newest() == [(JAN, "tucson", "settled", 1.5, MAR)]


def test_products_of_the_same_day_are_not_mixed(products_: Contract) -> None:
    held = Held(products_)
    held.came(APR, (JAN, "tucson", "early", 9.0), (FEB, "tucson", "early", 2.0))
    held.came(APR, (JAN, "tucson", "settled", 1.0))
    assert held.newest() == [(JAN, "tucson", "settled", 1.0, APR), (FEB, "tucson", "early", 2.0, APR)]


# Spans of days in which a row held ------------------------------------------------------------------------------------

MAY, OPEN = date(2024, 5, 1), date(9999, 12, 31)


def test_a_row_that_stays_as_it_is_is_one_span(plain: Contract) -> None:
    held = Held(plain)
    held.came(MAR, (JAN, "tucson", 1.0))
    held.came(APR, (JAN, "tucson", 1.0), (FEB, "tucson", 2.0))
    assert held.changes() == [(JAN, "tucson", 1.0, MAR, OPEN), (FEB, "tucson", 2.0, APR, OPEN)]


def test_a_restated_row_ends_where_the_next_begins_and_may_come_back(plain: Contract) -> None:
    held = Held(plain)
    held.came(MAR, (JAN, "tucson", 1.0))
    held.came(APR, (JAN, "tucson", 1.5))
    held.came(MAY, (JAN, "tucson", 1.0))
    assert held.changes() == [
        (JAN, "tucson", 1.0, MAR, APR),
        (JAN, "tucson", 1.0, MAY, OPEN),
        (JAN, "tucson", 1.5, APR, MAY),
    ]


def test_a_null_that_stays_null_is_no_change_and_one_that_is_filled_is(plain: Contract) -> None:
    held = Held(plain)
    held.came(FEB, (JAN, "tucson", None), (JAN, "yuma", None))
    held.came(MAR, (JAN, "tucson", None), (JAN, "yuma", 0.0))
    assert held.changes() == [
        (JAN, "tucson", None, FEB, OPEN),
        (JAN, "yuma", 0.0, MAR, OPEN),
        (JAN, "yuma", None, FEB, MAR),
    ]


def test_a_withdrawn_row_is_seen_before_its_withdrawal_and_when_it_returns(plain: Contract) -> None:
    held = Held(plain)
    held.came(MAR, (JAN, "tucson", 1.0), (JAN, "yuma", 2.0))
    held.came(APR, (JAN, "tucson", 1.0))
    held.came(MAY, (JAN, "tucson", 1.0), (JAN, "yuma", 2.0))
    assert held.changes() == [
        (JAN, "tucson", 1.0, MAR, OPEN),
        (JAN, "yuma", 2.0, MAR, APR),
        (JAN, "yuma", 2.0, MAY, OPEN),
    ]


def test_a_month_that_leaves_the_releases_stays_open(plain: Contract) -> None:
    held = Held(plain)
    held.came(MAR, (JAN, "tucson", 1.0), (FEB, "tucson", 2.0))
    held.came(APR, (FEB, "tucson", 2.0), (MAR, "tucson", 3.0))
    assert held.changes()[0] == (JAN, "tucson", 1.0, MAR, OPEN)


def test_a_product_that_outranks_ends_the_span_of_the_other_and_never_gives_way(products_: Contract) -> None:
    held = Held(products_)
    held.came(FEB, (JAN, "tucson", "early", 9.0))
    held.came(MAR, (JAN, "tucson", "settled", 1.0))
    held.came(APR, (JAN, "tucson", "early", 8.0))
    assert held.changes() == [
        (JAN, "tucson", "early", 9.0, FEB, MAR),
        (JAN, "tucson", "settled", 1.0, MAR, OPEN),
    ]


# One release ----------------------------------------------------------------------------------------------------------


def test_a_release_tells_the_months_it_covers_and_dates_its_rows(plain: Contract) -> None:
    made = releases.release(raw(APR, "ab"), plain, frame(plain, [(FEB, "yuma", 2.0), (JAN, "yuma", 1.0)]))
    told = {name: made.facts[name] for name in ("dataset", "product", "vintage", "covers_from", "covers_to", "figures")}
    assert told == {
        "dataset": "seizures",
        "product": "all",
        "vintage": APR,
        "covers_from": JAN,
        "covers_to": FEB,
        "figures": 2,
    }
    assert made.figures.columns == list(plain.of_releases().columns)
    assert made.figures["vintage"].to_list() == [APR, APR]
    assert made.figures["raw_sha256"].to_list() == ["ab", "ab"]


def test_a_release_that_mixes_products_is_refused(products_: Contract) -> None:
    rows = [(JAN, "tucson", "settled", 1.0), (FEB, "tucson", "early", 2.0)]
    with pytest.raises(Refused, match="mixes the products early, settled"):
        releases.release(raw(APR), products_, frame(products_, rows))
    assert releases.release(raw(APR), products_, frame(products_, rows[1:])).facts["product"] == "early"


ROWS: list[tuple[Any, ...]] = [(JAN, "tucson", 1234.5), (JAN, "yuma", None), (FEB, "tucson", 0.1)]


def content(contract: Contract, rows: list[tuple[Any, ...]], of: Raw | None = None) -> str:
    return releases.release(of or raw(APR), contract, frame(contract, rows)).facts["content_sha256"]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(ROWS[::-1], id="rows in another order"),
        pytest.param([(JAN, "tucson", 1234.5 * (1 + 1e-13)), *ROWS[1:]], id="noise above"),
        pytest.param([*ROWS[:2], (FEB, "tucson", 0.1 - 1e-14)], id="noise below"),
    ],
)
def test_content_is_the_same_for(plain: Contract, rows: list[tuple[Any, ...]]) -> None:
    assert frame(plain, rows).rows() != frame(plain, ROWS).rows()
    assert content(plain, rows) == content(plain, ROWS)


def test_content_is_the_same_in_another_file_of_another_day(plain: Contract) -> None:
    other = replace(raw(date(2024, 8, 8), "ff"), vintage_basis="stated", fetched_at="2025-01-01T00:00:00Z")
    assert content(plain, ROWS, other) == content(plain, ROWS)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([(JAN, "tucson", 1234.5 * (1 + 1e-10)), *ROWS[1:]], id="a figure"),
        pytest.param([(JAN, "tucson", -1234.5), *ROWS[1:]], id="a sign"),
        pytest.param([ROWS[0], (JAN, "yuma", 0.0), ROWS[2]], id="zero for null"),
        pytest.param([ROWS[0], (JAN, "nogales", None), ROWS[2]], id="a label"),
        pytest.param([*ROWS[:2], (MAR, "tucson", 0.1)], id="a month"),
        pytest.param([(JAN, "tucson", None), (JAN, "yuma", 1234.5), ROWS[2]], id="figures of two rows swapped"),
        pytest.param(ROWS[:2], id="a row less"),
    ],
)
def test_content_differs_for(plain: Contract, rows: list[tuple[Any, ...]]) -> None:
    assert content(plain, rows) != content(plain, ROWS)
