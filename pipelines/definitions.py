"""The whole graph, assembled; what is in it comes from the folders."""

from __future__ import annotations

import dagster as dg

from pipelines import contracts
from pipelines.assets import Step, Warehouse, table_step
from pipelines.checks import check_assets
from pipelines.contracts import Contract
from pipelines.ingest import dataset_steps
from pipelines.models import model_steps
from pipelines.project import ROOT
from pipelines.publish import publication_asset
from pipelines.refresh import jobs, lines_logger, schedules
from pipelines.warehouse import REGISTER, tables


def steps(declared: dict[str, Contract]) -> list[Step]:
    """Every step of the graph."""
    seeds = [_seed(contract) for contract in declared.values() if contract.folder == "seeds"]
    return [*seeds, *dataset_steps(declared), *model_steps(ROOT, declared)]


def _seed(contract: Contract) -> Step:
    stem = contract.stem
    return table_step(
        contract,
        make=lambda work: work.seeds[stem],
        version=lambda work: work.seeds.version(stem),
        upstream=(),
        kinds={"csv", "duckdb"},
    )


def definitions(declared: dict[str, Contract]) -> dg.Definitions:
    """Assets, checks, jobs and schedules of this clone."""
    made = tables(declared)
    judged = [contract for contract in made.values() if contract.folder != "vintages" or contract.name == REGISTER]
    return dg.Definitions(
        assets=[*(step.asset for step in graph), publication_asset(made)],
        asset_checks=check_assets(judged),
        jobs=jobs(),
        schedules=schedules(),
        resources={"work": Warehouse()},
        loggers={"console": dg.colored_console_logger, "lines": lines_logger},
        executor=dg.in_process_executor,
    )


contracts_declared = contracts.load(ROOT)
graph = steps(contracts_declared)
defs = definitions(contracts_declared)
