"""Gate 2: each contract's expectations by Great Expectations inside DuckDB, and its SQL rules, as blocking checks."""

import os
from collections import deque
from collections.abc import Iterable
from typing import Any

import dagster as dg

from pipelines.assets import key, markdown
from pipelines.contracts import Contract, Expectation
from pipelines.ddl import condition
from pipelines.warehouse import Work

SHOWN_ROWS = 10


def check_assets(contracts: Iterable[Contract]) -> list[dg.AssetChecksDefinition]:
    """One set of checks a table; every expectation and every rule is a check of its own."""
    return [_checks(contract) for contract in contracts]


def _checks(contract: Contract) -> dg.AssetChecksDefinition:
    # The allowed values of seeds are not needed to name the checks; each stands for itself until a check runs.
    placeholders: dict[str, list[Any]] = {name: [] for name, column in contract.columns.items() if column.in_}
    expected = {e.check: e.words for e in contract.expectations(placeholders)}
    rules = {f"rule_{name}": rule for name, rule in contract.rules.items()}
    asset = key(contract.name)
    specs = [dg.AssetCheckSpec(name, asset=asset, description=words, blocking=True) for name, words in expected.items()]
    specs += [
        dg.AssetCheckSpec(name, asset=asset, description=rule.about, blocking=rule.severity == "fail")
        for name, rule in rules.items()
    ]

    @dg.multi_asset_check(
        specs=specs, name=f"{contract.folder}__{contract.stem}__checks", required_resource_keys={"work"}
    )
    def _judge(context: dg.AssetCheckExecutionContext) -> Iterable[dg.AssetCheckResult]:
        work: Work = context.resources.work
        results = work.results(contract.name)
        if results is None:
            results = [*expectations(work, contract), *(_rule(work, name, rule.sql) for name, rule in rules.items())]
            warnings = {name for name, rule in rules.items() if rule.severity == "warn"}
            passed = all(found["passed"] for found in results if found["check"] not in warnings)
            work.judged(contract.name, results, passed=passed)
        for found in results:
            severity = rules[found["check"]].severity if found["check"] in rules else "fail"
            yield dg.AssetCheckResult(
                passed=found["passed"],
                check_name=found["check"],
                asset_key=asset,
                severity=dg.AssetCheckSeverity.WARN if severity == "warn" else dg.AssetCheckSeverity.ERROR,
                description=found["words"],
                metadata={"failing": found["failing"], "failing_rows": dg.MetadataValue.md(found["sample"])},
            )

    return _judge


def _rule(work: Work, name: str, sql: str) -> dict[str, Any]:
    failing = work.rows(f"select count(*) from ({sql})")[0][0]
    sample = markdown(work.frame(f"select * from ({sql}) limit {SHOWN_ROWS}")) if failing else ""
    words = f"{failing:,} rows break the rule" if failing else "no row breaks the rule"
    return {"check": name, "passed": failing == 0, "failing": failing, "sample": sample, "words": words}


# Great Expectations ---------------------------------------------------------------------------------------------------


def expectations(work: Work, contract: Contract) -> list[dict[str, Any]]:
    """The judgement of every expectation of a contract on its table: passed, how many rows fail, and which."""
    expected = list(contract.expectations(work.seeds.allowed(contract)))
    outcome = _validate(work, contract, expected)
    found = []
    for expectation in expected:
        passed, failing, observed = outcome[expectation.check]
        sample = "" if passed else _failing_rows(work, contract, expectation)
        words = expectation.words if passed else f"not so: {expectation.words}; {observed}"
        found.append(
            {"check": expectation.check, "passed": passed, "failing": failing, "sample": sample, "words": words}
        )
    return found


def _validate(work: Work, contract: Contract, expected: list[Expectation]) -> dict[str, tuple[bool, int, str]]:
    """Success, failing rows and what was seen instead, by check name."""
    gx = _great_expectations()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_sql(
        "warehouse", connection_string="duckdb:///:memory:", kwargs={"creator": lambda: _session(work, contract.folder)}
    )
    table = source.add_table_asset(contract.stem, table_name=contract.stem)
    batch = table.add_batch_definition_whole_table("all").get_batch()
    suite = gx.ExpectationSuite(name=contract.name, expectations=[_as_gx(gx, contract, each) for each in expected])
    validation = batch.validate(suite)
    outcome: dict[str, tuple[bool, int, str]] = {}
    for each in validation.results:
        check = each.expectation_config.meta["check"]
        error = next((i["exception_message"] for i in _exceptions(each.exception_info) if i["exception_message"]), "")
        failing = int(each.result.get("unexpected_count") or (not each.success))
        observed = error or f"found {each.result.get('observed_value', f'{failing:,} rows')}"
        outcome[check] = (bool(each.success), 0 if each.success else failing, observed)
    return outcome


def _exceptions(info: dict[str, Any]) -> list[dict[str, Any]]:
    return [info] if "exception_message" in info else list(info.values())


def _as_gx(gx: Any, contract: Contract, expectation: Expectation) -> Any:
    kinds, details = gx.expectations, expectation.details
    meta = {"check": expectation.check}
    match expectation.kind:
        case "columns":
            return kinds.ExpectTableColumnsToMatchOrderedList(column_list=details["columns"], meta=meta)
        case "rows":
            return kinds.ExpectTableRowCountToBeBetween(min_value=details["min"], max_value=details["max"], meta=meta)
        case "unique" if len(details["columns"]) == 1:
            return kinds.ExpectColumnValuesToBeUnique(column=details["columns"][0], meta=meta)
        case "unique":
            return kinds.ExpectCompoundColumnsToBeUnique(column_list=details["columns"], meta=meta)
        case "not_null":
            return kinds.ExpectColumnValuesToNotBeNull(column=expectation.column, meta=meta)
        case "in_set":
            return kinds.ExpectColumnValuesToBeInSet(column=expectation.column, value_set=details["values"], meta=meta)
        case "between":
            return kinds.ExpectColumnValuesToBeBetween(
                column=expectation.column, min_value=details["min"], max_value=details["max"], meta=meta
            )
        case "explained":
            query = f"select * from {{batch}} where not ({condition(expectation)})"
            return kinds.UnexpectedRowsExpectation(unexpected_rows_query=query, meta=meta)


def _failing_rows(work: Work, contract: Contract, expectation: Expectation) -> str:
    """Some rows that break an expectation, as Markdown; "" where it is not about rows."""
    match expectation.kind:
        case "columns" | "rows":
            return ""
        case "unique":
            keys = ", ".join(f'"{name}"' for name in contract.grain)
            where = f"({keys}) in (select ({keys}) from {contract.name} group by all having count(*) > 1)"
        case "not_null":
            where = f'"{expectation.column}" is null'
        case _:
            where = f"not ({condition(expectation)})"
    return markdown(work.frame(f"select * from {contract.name} where {where} limit {SHOWN_ROWS}"))


def _session(work: Work, schema: str) -> Any:
    """A cursor of our own connection in one schema: some metrics of Great Expectations leave the schema's name out."""
    cursor = work.connection.cursor()
    cursor.execute(f"set schema = '{schema}'")
    return _engine().ConnectionWrapper(cursor)


def _great_expectations() -> Any:
    """Great Expectations, imported only here: it takes seconds, and only a check needs it."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx

    _engine()
    return gx


def _engine() -> Any:
    """The SQLAlchemy dialect of DuckDB, which buffers rows: Great Expectations reads them after handing back."""
    import duckdb_engine
    from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

    if duckdb_engine.Dialect.execution_ctx_cls.__name__ != "_Buffered":

        class _Buffered(duckdb_engine.Dialect.execution_ctx_cls):  # type: ignore[misc]
            def post_exec(self) -> None:
                super().post_exec()
                if self.cursor.description:
                    rows = deque(self.cursor.fetchall())
                    self.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(self.cursor, initial_buffer=rows)

        duckdb_engine.Dialect.execution_ctx_cls = _Buffered
    return duckdb_engine
