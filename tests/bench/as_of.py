"""How fast `as_of` answers over ten million vintage rows, beside the same query on the current rows as a table.

`make bench` runs it. The releases are made up: one a month, as their publisher has them, each four fiscal years of 900
rows a month, as many as the widest of its files, and every row of the open year restated in every fifth release. The
tables and views are those of the pipeline. What counts is the ratio within one run; the times depend on the machine.
"""

from __future__ import annotations

import random
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

import duckdb

from pipelines import as_of, contract_files, ddl
from pipelines.project import ROOT
from pipelines.vintages import changes, products, release_months
from pipelines.warehouse import tables

DATASET = "cbp_drug_seizures"
RELEASES, CELLS, RUNS = 270, 900, 400
FIRST = date(2004, 1, 20)
QUERY = "select month, sum(seized_lb) as seized_lb from {table} where drug = 'fentanyl' group by month order by month"

REGISTER = f"""
insert into vintages.releases by name
select '{DATASET}' as dataset, 'all' as product, vintage, 'publisher' as vintage_basis, covers_from,
  (date_trunc('month', vintage) - interval 1 month)::date as covers_to, 1 as figures, vintage::varchar as raw_sha256,
  vintage::varchar as content_sha256, vintage as confirmed_until, vintage::varchar as fetched_at, '' as file
from (
  select vintage, make_date((year(vintage + interval 2 month) - 4)::integer, 10, 1) as covers_from
  from (select (date '{FIRST}' + to_months(month::integer))::date as vintage from range({RELEASES}) as months(month))
)
"""

# Ten drugs in 90 areas; fentanyl is one in ten rows.
FIGURES = f"""
insert into vintages.{DATASET} by name
select covered.month, 'ofo' as component, 'southwest_border' as region, 'land' as land_filter,
  'area ' || (cell // 10) as area, case cell % 10 when 0 then 'fentanyl' else 'drug ' || (cell % 10) end as drug,
  (1 + hash(covered.month, cell) % 1000
    + case when covered.month >= opened then (date_diff('month', date '{FIRST}', vintage) + cell) // 5 else 0 end
  )::double as seized_lb,
  1 + cell % 7 as events, '' as component_reported, '' as region_reported, '' as land_filter_reported,
  '' as area_reported, '' as drug_reported, vintage, raw_sha256
from (
  select *, (covers_from + interval 3 year)::date as opened,
    unnest(generate_series(covers_from, covers_to, interval 1 month))::date as month
  from vintages.releases
) as covered
cross join range({CELLS}) as cells(cell)
order by vintage, covered.month, cell
"""


def build(path: Path) -> tuple[int, int]:
    """The database of the benchmark; how many vintage rows and change rows it has."""
    declared = contract_files.load(ROOT)
    contract = declared[f"sources.{DATASET}"]
    made = tables(declared)
    with duckdb.connect(str(path)) as connection:
        for name in made:
            connection.execute(f"create schema if not exists {ddl.schema_of(name)}")
            connection.execute(ddl.create_table(made[name], name, {}, constrained=False))
        connection.execute(REGISTER)
        connection.execute(FIGURES)
        ordered = (
            ("vintages.products", products.make(declared)),
            ("vintages.release_months", release_months.of([contract])),
            (f"vintages.{DATASET}_changes", changes.make(contract)),
            (f"sources.{DATASET}", changes.newest(contract)),
        )
        for name, sql in ordered:
            order = ", ".join(made[name].grain)
            connection.execute(f"insert into {name} by name select * from ({sql}) order by {order}")
        as_of.write(connection, as_of.views(declared))
        heights = [f"select count(*) from vintages.{DATASET}{suffix}" for suffix in ("", "_changes")]
        rows, spans = (connection.execute(height).fetchall()[0][0] for height in heights)
    return rows, spans


def milliseconds(connection: duckdb.DuckDBPyConnection, table: str, days: list[date]) -> list[float]:
    """How long the query took on each day."""
    took = []
    for day in days:
        as_of.set_day(connection, day)
        begun = time.perf_counter()
        connection.execute(QUERY.format(table=table)).fetchall()
        took.append(1000 * (time.perf_counter() - begun))
    return took


def main() -> int:
    """Print rows, median, 95th percentile and ratio; 1 where as-of takes over 20 ms or three times the yardstick."""
    chance = random.Random(1)  # noqa: S311 (no secret)
    days = [FIRST + timedelta(days=chance.randrange(30 * RELEASES)) for _ in range(RUNS)]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bench.duckdb"
        begun = time.perf_counter()
        rows, spans = build(path)
        print(f"{rows:,} vintage rows, {spans:,} change rows, built in {time.perf_counter() - begun:.0f} s")
        with duckdb.connect(str(path), read_only=True) as connection:
            found = {}
            for name, table in (("current rows", f"sources.{DATASET}"), ("as of", f"as_of.{DATASET}")):
                milliseconds(connection, table, days[:20])
                took = quantiles(milliseconds(connection, table, days), n=100)
                found[name] = took[94]
                print(f"{name}: median {took[49]:.2f} ms, 95th percentile {took[94]:.2f} ms over {RUNS} random days")
    ratio = found["as of"] / found["current rows"]
    print(f"ratio of the 95th percentiles {ratio:.2f}")
    return int(found["as of"] > 20 or ratio > 3)


if __name__ == "__main__":
    sys.exit(main())
