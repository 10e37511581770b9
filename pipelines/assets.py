"""A table as a Dagster asset: made again only when its code, contract or inputs changed."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import dagster as dg
import polars as pl

from pipelines.contracts import Contract
from pipelines.project import Project
from pipelines.sparklines import charts
from pipelines.warehouse import Work, writing

OWNERS = ["team:entente"]
PREVIEW_ROWS = 5

Select = str | pl.DataFrame


@dataclass(frozen=True)
class Step:
    """One asset and when it can be left alone.

    Attributes:
        name: Table, or feed, it makes.
        upstream: Names of the tables and feeds it reads.
        is_current: Whether it stands as its code and inputs, as they are now, would make it.
        asset: The Dagster asset.
        is_look: Whether it looks for something new: the releases of a dataset, the documents of a feed.
    """

    name: str
    upstream: tuple[str, ...]
    is_current: Callable[[Work], bool]
    asset: dg.AssetsDefinition
    is_look: bool = False


class Warehouse(dg.ConfigurableResource):
    """The working database of a run; opened once for all its steps, with the warehouse's lock held."""

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Work]:
        """Open the project's working database for the run."""
        say = context.log.info if context.log else print
        with writing(Project.from_environment(), say) as work:
            yield work


def key(name: str) -> dg.AssetKey:
    """The asset key of a table: schema and stem."""
    return dg.AssetKey(name.split("."))


def column_schema(contract: Contract) -> dg.TableSchema:
    """The contract's columns as Dagster shows them."""
    columns = []
    for name, column in contract.columns.items():
        allowed = (
            [f"in {column.in_}"]
            if column.in_
            else [f"in {', '.join(map(str, column.values))}"]
            if column.values
            else []
        )
        constraints = dg.TableColumnConstraints(nullable=column.nullable, other=[*column.bounds, *allowed])
        unit = f" [{column.unit}]" if column.unit else ""
        columns.append(dg.TableColumn(name, column.type, f"{column.about}{unit} / {column.es}", constraints))
    return dg.TableSchema(columns)


def describe(contract: Contract) -> str:
    """The asset's description: what it is, its grain, source and caveats."""
    parts = [f"**{contract.title}** / *{contract.titulo}*", contract.about]
    if contract.grain:
        parts.append(f"One row per {', '.join(contract.grain)}.")
    if contract.source:
        source = contract.source
        parts.append(f"Source: [{source.publisher}]({source.url}). {source.licence}. Cite: {source.citation}")
    parts += [f"- {caveat}" for caveat in contract.caveats]
    return "\n\n".join(parts)


def preview(work: Work, contract: Contract) -> str:
    """The newest rows of a table as Markdown; the end of the grain order is what people look at first."""
    order = ", ".join(f'"{name}" desc' for name in contract.grain)
    frame = work.frame(f"select * from {contract.name} order by {order} limit {PREVIEW_ROWS}")
    return markdown(frame)


def markdown(frame: pl.DataFrame) -> str:
    """A small frame as a Markdown table."""

    def cell(value: Any) -> str:
        text = f"{value:,.4g}" if isinstance(value, float) else "" if value is None else str(value)
        return text.replace("|", "\\|").replace("\n", " ")[:80]

    head = ["| " + " | ".join(frame.columns) + " |", "|" + " --- |" * frame.width]
    return "\n".join(head + ["| " + " | ".join(map(cell, row)) + " |" for row in frame.iter_rows()])


def table_step(
    contract: Contract,
    make: Callable[[Work], Select],
    version: Callable[[Work], str],
    upstream: Iterable[str],
    kinds: set[str],
    *,
    metadata: dict[str, Any] | None = None,
    judged: bool = False,
) -> Step:
    """The step that makes one table of the working database.

    Args:
        contract: What the table is.
        make: Its rows, as a query or a frame.
        version: What, beside the upstream tables and the contract, its rows depend on.
        upstream: Names of the tables it reads.
        kinds: What Dagster shows on it.
        metadata: More to show on it.
        judged: Whether it needs no judgement of its own, since what is made of it is judged.
    """
    sources = tuple(sorted(set(upstream)))

    def fingerprint(work: Work) -> str:
        return work.fingerprint_of(contract.sha256, version(work), upstream=sources)

    @dg.asset(
        key=key(contract.name),
        deps=[key(name) for name in sources],
        group_name=contract.folder,
        owners=OWNERS,
        kinds=kinds,
        description=describe(contract),
        metadata={"dagster/column_schema": column_schema(contract), **(metadata or {})},
        required_resource_keys={"work"},
    )
    def _table(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        work: Work = context.resources.work
        made_of = fingerprint(work)
        unchanged = work.is_current(contract.name, made_of)
        if not unchanged:
            work.build(contract, make(work), made_of, judged=judged)
        context.log.debug(f"{contract.name}: {'nothing new, kept as it is' if unchanged else 'built'}")
        return result(work, contract, unchanged)

    return Step(contract.name, sources, lambda work: work.is_current(contract.name, fingerprint(work)), _table)


def result(work: Work, contract: Contract, unchanged: bool, **more: Any) -> dg.MaterializeResult:
    """What a run shows of a table: rows, whether anything was done, a preview, and of measures their course."""
    shown = dg.MetadataValue.md(preview(work, contract))
    drawn = charts(work, contract) if contract.folder in ("measures", "indicators") else ""
    chart = {"chart": dg.MetadataValue.md(drawn)} if drawn else {}
    rows = work.height(contract.name)
    return dg.MaterializeResult(
        metadata={"dagster/row_count": rows, "unchanged": unchanged, "preview": shown, **chart, **more}
    )
