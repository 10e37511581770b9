"""A source pair as assets: its releases, what was known of each figure when, and the newest figures."""

import importlib

import dagster as dg

from pipelines import live
from pipelines.assets import OWNERS, Step, column_schema, describe, key, result, table_step
from pipelines.contracts import Contract, seeds_read
from pipelines.ddl import quoted
from pipelines.digests import of_frame, of_text
from pipelines.intake import Look, Normalize, nothing_new, take_in
from pipelines.queries import references
from pipelines.vintages import changes
from pipelines.warehouse import REGISTER, Work

# A run with this tag asks the publishers; no other reaches the network.
LIVE = "entente/live"


def dataset_steps(declared: dict[str, Contract]) -> list[Step]:
    """For each source pair its releases, their changes and the newest figures; then the tables across datasets."""
    datasets = [contract for contract in declared.values() if contract.release is not None]
    register = table_step(
        declared[REGISTER],
        make=lambda work: work.frame(f"select * from {REGISTER}"),
        version=lambda work: of_frame(work.frame(f"select * from {REGISTER}"), declared[REGISTER].grain, 9),
        upstream=[f"vintages.{contract.stem}" for contract in datasets],
        kinds={"duckdb"},
    )
    across = [each for each in declared.values() if each.folder == "vintages" and each.name != REGISTER]
    return [
        register,
        *(_across(contract, declared) for contract in across),
        *(step for contract in datasets for step in (_releases(contract), _changes(contract), _newest(contract))),
    ]


def _across(contract: Contract, declared: dict[str, Contract]) -> Step:
    """A table of all datasets: `pipelines/vintages/<table>.py` gives its SQL."""
    sql = importlib.import_module(f"pipelines.vintages.{contract.stem}").make(declared)
    return table_step(
        contract,
        make=lambda _work: sql,
        version=lambda _work: of_text(sql),
        upstream=references(sql, contract.name),
        kinds={"sql", "duckdb"},
    )


def _releases(contract: Contract) -> Step:
    normalize: Normalize = importlib.import_module(f"pipelines.sources.{contract.stem}").normalize
    table = contract.of_releases()

    @dg.asset(
        key=key(table.name),
        deps=[key(name) for name in sorted(seeds_read(contract))],
        group_name="vintages",
        owners=OWNERS,
        kinds={"python", "polars", "duckdb"},
        description=describe(table),
        metadata={"dagster/column_schema": column_schema(table)},
        required_resource_keys={"work"},
    )
    def _dataset(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        work: Work = context.resources.work
        before = work.content(table.name)
        is_asked = live.is_asked(context.run.tags.get(LIVE), contract.stem)
        notes, refusals = live.ask(work.project, [contract], live.client()) if is_asked else ([], [])
        # A publisher that gives nothing leaves nothing at hand: of this look it is a note, of the run a refusal.
        look = take_in(work, contract, normalize, Look([*notes, *refusals]))
        refused = [*refusals, *look.refused]
        for line in look.notes:
            if line not in refusals:
                context.log.info(line)
        for line in refused:
            context.log.warning(line)
        held = work.rows(f"select vintage::varchar from {REGISTER} where dataset = {quoted(contract.stem)} order by 1")
        return result(
            work,
            table,
            before == work.content(table.name),
            releases=len(held),
            newest_vintage=held[-1][0] if held else "none",
            refused=refused,
        )

    upstream = tuple(sorted(seeds_read(contract)))
    return Step(table.name, upstream, lambda work: nothing_new(work, contract), _dataset, is_look=True)


def _changes(contract: Contract) -> Step:
    return table_step(
        contract.of_changes(),
        make=lambda _work: changes.make(contract),
        version=lambda _work: of_text(changes.make(contract)),
        upstream=[f"vintages.{contract.stem}", "vintages.products"],
        kinds={"sql", "duckdb"},
        judged=True,
    )


def _newest(contract: Contract) -> Step:
    return table_step(
        contract.of_newest(),
        make=lambda _work: changes.newest(contract),
        version=lambda _work: of_text(changes.newest(contract)),
        upstream=[f"vintages.{contract.stem}", f"vintages.{contract.stem}_changes", "vintages.products"],
        kinds={"sql", "duckdb"},
    )
