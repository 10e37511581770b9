"""The whole graph, assembled; what is in it comes from the folders."""

from __future__ import annotations

import importlib

import dagster as dg

from pipelines import contract_files
from pipelines.assets import Step, Warehouse, table_step
from pipelines.automation import freshness_checks, schedules, sensors, with_freshness
from pipelines.checks import check_assets
from pipelines.contracts import Contract
from pipelines.digests import of_code
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
        *_assembled(declared),
        *model_steps(ROOT, declared),
    ]


def _assembled(declared: dict[str, Contract]) -> list[Step]:
    """The tables of documents that Python assembles from all feeds: a contract of that folder that is no feed."""
    feeds = [contract.name for contract in declared.values() if contract.feed is not None]
    found = []
    for contract in declared.values():
        if contract.path.parent == ROOT / "pipelines" / "documents" and contract.feed is None:
            module = importlib.import_module(f"pipelines.documents.{contract.stem}")
            version = of_code("documents/readings", "documents/codings", "documents/excerpts")
            found.append(
                table_step(contract, module.make, lambda _work, v=version: v, feeds, {"python", "polars", "duckdb"})
            )
    return found


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
