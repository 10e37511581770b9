"""Gate 2: each contract's expectations by Great Expectations inside DuckDB, and its SQL rules, as blocking checks."""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import dagster as dg
import duckdb

from pipelines.assets import key, markdown
from pipelines.contracts import Contract, Expectation
from pipelines.ddl import condition
from pipelines.warehouse import Work

SHOWN_ROWS = 10


def check_assets(contracts: Iterable[Contract]) -> list[dg.AssetChecksDefinition]:
    """One set of checks a table: one for each kind of expectation and one for each rule."""
    return [_checks(contract) for contract in contracts]


def _checks(contract: Contract) -> dg.AssetChecksDefinition:
    # The allowed values of seeds are not needed to name the checks; each stands for itself until a check runs.
    placeholders: dict[str, list[Any]] = {name: [] for name, column in contract.columns.items() if column.in_}
    expected = {check: _words(group) for check, group in _by_check(contract.expectations(placeholders)).items()}
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
    """The judgement of every check of a contract on its table: passed, how many rows fail, and which.

    Great Expectations judges what a contract says of several columns in one pass; the columns are told apart only
    where it fails.
    """
    groups = _by_check(contract.expectations(work.seeds.allowed(contract)))
    outcome = _validate(work, contract, groups)
    found = []
    for check, group in groups.items():
        passed, failing, observed = outcome[check]
        words, sample = (_words(group), "") if passed else _told(work, contract, group, failing, observed)
        found.append({"check": check, "passed": passed, "failing": failing, "sample": sample, "words": words})
    return found


def _by_check(expected: Iterable[Expectation]) -> dict[str, list[Expectation]]:
    groups: dict[str, list[Expectation]] = {}
    for each in expected:
        groups.setdefault(each.check, []).append(each)
    return groups


def _words(group: list[Expectation]) -> str:
    return "; ".join(each.words for each in group)


def _validate(work: Work, contract: Contract, groups: dict[str, list[Expectation]]) -> dict[str, tuple[bool, int, str]]:
    """Success, failing rows and what was seen instead, by check name."""
    gx, source, session = _judge()
    with session.of(work, contract.folder):
        table = source.add_table_asset(contract.name, table_name=contract.stem)
        try:
            batch = table.add_batch_definition_whole_table("all").get_batch()
            judges = [_as_gx(gx, check, group) for check, group in groups.items()]
            validation = batch.validate(gx.ExpectationSuite(name=contract.name, expectations=judges))
        finally:
            source.delete_asset(contract.name)
    outcome: dict[str, tuple[bool, int, str]] = {}
    for each in validation.results:
        check = each.expectation_config.meta["check"]
        error = next((i["exception_message"] for i in _exceptions(each.exception_info) if i["exception_message"]), "")
        seen = each.result.get("observed_value")
        of_rows = groups[check][0].kind not in ("columns", "rows")
        failing = int(each.result.get("unexpected_count") or (of_rows and seen) or (not error))
        observed = error or (f"found {failing:,} rows" if of_rows else f"found {seen}")
        outcome[check] = (bool(each.success), 0 if each.success else failing, observed)
    return outcome


def _exceptions(info: dict[str, Any]) -> list[dict[str, Any]]:
    return [info] if "exception_message" in info else list(info.values())


def _as_gx(gx: Any, check: str, group: list[Expectation]) -> Any:
    kinds, details = gx.expectations, group[0].details
    meta = {"check": check}
    match group[0].kind:
        case "columns":
            return kinds.ExpectTableColumnsToMatchOrderedList(column_list=details["columns"], meta=meta)
        case "rows":
            return kinds.ExpectTableRowCountToBeBetween(min_value=details["min"], max_value=details["max"], meta=meta)
        case "unique" if len(details["columns"]) == 1:
            return kinds.ExpectColumnValuesToBeUnique(column=details["columns"][0], meta=meta)
        case "unique":
            return kinds.ExpectCompoundColumnsToBeUnique(column_list=details["columns"], meta=meta)
        case _:
            broken = " or ".join(f"({_broken(each)})" for each in group)
            for sign, literal in (("{", "{{"), ("}", "}}"), (":", "\\:")):  # which would stand for a parameter
                broken = broken.replace(sign, literal)
            return kinds.UnexpectedRowsExpectation(
                unexpected_rows_query=f"select * from {{batch}} where {broken}", meta=meta
            )


def _broken(expectation: Expectation) -> str:
    """The condition of the rows that break an expectation."""
    return f'"{expectation.column}" is null' if expectation.kind == "not_null" else f"not ({condition(expectation)})"


def _told(work: Work, contract: Contract, group: list[Expectation], failing: int, observed: str) -> tuple[str, str]:
    """What is not so, and some of the rows that break it as Markdown; of several columns only of those that do."""
    if not failing or group[0].kind in ("columns", "rows"):
        return f"not so: {_words(group)}; {observed}", ""
    words, samples = [], []
    for each in group:
        where = _duplicate(contract) if each.kind == "unique" else _broken(each)
        if count := work.frame(f"select count(*) from {contract.name} where {where}").item():
            words.append(f"not so: {each.words}; found {count:,} rows")
            samples.append(markdown(work.frame(f"select * from {contract.name} where {where} limit {SHOWN_ROWS}")))
    return "; ".join(words) or f"not so: {_words(group)}; {observed}", "\n\n".join(samples)


def _duplicate(contract: Contract) -> str:
    keys = ", ".join(f'"{name}"' for name in contract.grain)
    return f"({keys}) in (select ({keys}) from {contract.name} group by all having count(*) > 1)"


class _Session:
    """What Great Expectations takes for its one connection: for each table a cursor of the working database's.

    Its schema is the table's, since some metrics leave the schema's name out.
    """

    notices: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.current = duckdb.connect()

    @contextmanager
    def of(self, work: Work, schema: str) -> Iterator[None]:
        """Let what is asked meanwhile be asked of one schema of the working database."""
        self.current = work.connection.cursor()
        try:
            self.current.execute(f"set schema = '{schema}'")
            yield
        finally:
            self.current.close()

    def cursor(self) -> Any:
        """A cursor as SQLAlchemy needs it."""
        return _engine().CursorWrapper(self.current, self)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.current, name)


@cache
def _judge() -> tuple[Any, Any, _Session]:
    """Great Expectations, its source of tables and the session it asks; made once, for each costs more than a table."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx  # only here: it takes seconds, and only a check needs it

    _engine()
    session = _Session()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_sql(
        "warehouse", connection_string="duckdb:///:memory:", kwargs={"creator": lambda: session}
    )
    return gx, source, session


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
