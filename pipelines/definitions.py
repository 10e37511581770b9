"""The whole graph, assembled; what is in it comes from the folders."""

from __future__ import annotations

import dagster as dg

from pipelines import contract_files
from pipelines.assembled import assembled_steps
from pipelines.assets import Step, Warehouse, table_step
from pipelines.automation import freshness_checks, schedules, sensors, with_freshness
from pipelines.checks import check_assets
from pipelines.contracts import Contract
from pipelines.ingest import dataset_steps
from pipelines.ingest_texts import feed_steps
from pipelines.models import model_steps
from pipelines.project import ROOT
from pipelines.publish import publication_asset
from pipelines.refresh import jobs, lines_logger
from pipelines.warehouse import tables


def steps(declared: dict[str, Contract]) -> list[Step]:
    """Every step of the graph."""
    seeds = [_seed(contract) for contract in declared.values() if contract.folder == "seeds"]
    return [
        *seeds,
        *dataset_steps(declared),
        *feed_steps(declared),
        *assembled_steps(declared),
        *model_steps(ROOT, declared),
    ]


def _seed(contract: Contract) -> Step:
    stem = contract.stem
    return table_step(
        contract,
        make=lambda work: work.seeds[stem],
        version=lambda work: work.seeds.version(stem),
        upstream=(),
        kinds={"csv", "duckdb"},
    )


def definitions(declared: dict[str, Contract], graph: list[Step]) -> dg.Definitions:
    """Assets, checks, jobs, schedules and sensors of this clone."""
    made = tables(declared)
    judged = [contract for name, contract in made.items() if contract.folder != "vintages" or name in declared]
    return dg.Definitions(
        assets=[*with_freshness(graph, declared), publication_asset(made, graph)],
        asset_checks=[*check_assets(judged), *freshness_checks(graph, declared)],
        jobs=jobs(),
        schedules=schedules(graph, declared),
        sensors=sensors(graph, declared),
        resources={"work": Warehouse()},
        loggers={"console": dg.colored_console_logger, "lines": lines_logger},
        executor=dg.in_process_executor,
    )


CONTRACTS = contract_files.load(ROOT)
graph = steps(CONTRACTS)
defs = definitions(CONTRACTS, graph)
