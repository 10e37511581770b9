"""The job `refresh`: which of its steps a run needs, and what a run of it says to a person."""

import json
import logging
import sys
from collections.abc import Iterable
from graphlib import TopologicalSorter
from typing import Any

import dagster as dg

from pipelines.assets import Step
from pipelines.contracts import Contract
from pipelines.intake import bar
from pipelines.project import Project
from pipelines.published import opened
from pipelines.snapshots import strays
from pipelines.warehouse import REGISTER, Work

JOB = "refresh"
# In a run's tag FROM: by whom it was started.
FROM, COMMAND_LINE = "entente/from", "command line"


def jobs() -> list:
    """The one job: look at every dataset and feed, rebuild what changed, judge it, publish."""
    about = "Look at every dataset and feed at hand, rebuild what changed, judge it and publish."
    return [dg.define_asset_job(JOB, dg.AssetSelection.all(), description=about, executor_def=dg.in_process_executor)]


def needed(work: Work, graph: Iterable[Step], looks: set[str], asked: set[str]) -> set[str]:
    """Names of the steps to run: what is not as its code and inputs would make it, and all that reads it.

    Args:
        work: The working database.
        graph: Every step.
        looks: Names of the steps that may look for something new; the others stay as they are.
        asked: Names of those that look whatever is at hand.
    """
    steps = {step.name: step for step in graph}
    order = TopologicalSorter({name: set(step.upstream) & set(steps) for name, step in steps.items()})
    found: set[str] = set()
    for name in order.static_order():
        step = steps[name]
        if step.is_look and name not in looks:
            continue
        if name in asked or not step.is_current(work) or found.intersection(step.upstream):
            found.add(name)
    return found


def set_aside(work: Work, graph: Iterable[Step]) -> int:
    """Bar the releases since the publication that a failed check goes back to; how many that were.

    So one release that no gate saw through alone does not keep everything else from being published.
    """
    failed = work.rows("select name, checks from meta.tables where not judged and checks is not null")
    if not failed or not work.project.published.exists():
        return 0
    register = f"select dataset, raw_sha256, file from {REGISTER}"
    with opened(work.project) as connection:
        published = set(connection.execute(register).fetchall())
    new = [row for row in work.rows(register) if row not in published]
    steps = {step.name: step for step in graph}
    count = 0
    for name, checks in failed:
        words = next(f"{found['check']}: {found['words']}" for found in json.loads(checks) if not found["passed"])
        fed = _fed_by(steps, name)
        for dataset, raw_sha256, file in new:
            if f"vintages.{dataset}" in fed:
                reason = f"{dataset} {file}: with it in, {name} fails {words}; fetch it again, or mend what judges it"
                bar(work, work.declared[f"sources.{dataset}"], raw_sha256, name, reason)
                count += 1
    return count


def _fed_by(steps: dict[str, Step], name: str) -> set[str]:
    """The tables whose figures a table is made of; the register of releases is of all datasets and of none."""
    upstream = set(steps[name].upstream) - {REGISTER} if name in steps else set()
    return {name}.union(*(_fed_by(steps, each) for each in upstream))


def refusals(
    project: Project, contracts: Iterable[Contract], made: Iterable[dg.AssetMaterialization] = ()
) -> list[str]:
    """A line for each file that is not let in or that no look will find, and for each publisher that refused this run.

    Args:
        project: The folders.
        contracts: The contracts as written.
        made: What the run made, which tells what its looks met.
    """
    looks = json.loads((project.warehouse / "looks.json").read_text(encoding="utf-8"))
    lines = [line for look in looks for line in look["refused"]]
    for each in made:
        lines += each.metadata["refused"].value if "refused" in each.metadata else []
    return [*dict.fromkeys(lines), *strays(project, contracts)]


def note_run(project: Project, run_id: str | None, exit_code: int, failed: list[str], refused: list[str]) -> None:
    """Keep how the last refresh ended, for `entente status`."""
    facts = {"run_id": run_id, "exit_code": exit_code, "failed": failed, "refused": refused}
    (project.warehouse / "last_run.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def failures(checks: Iterable[Any], steps: Iterable[dg.DagsterEvent]) -> list[str]:
    """A line for each failed check that stops a run, and for each failed step."""
    lines = [
        f"{'.'.join(check.asset_key.path)}: {check.check_name}: {check.description}"
        for check in checks
        if not check.passed and check.blocking
    ]
    return lines + [line for line in map(_cause, steps) if line]


def _cause(event: dg.DagsterEvent) -> str:
    error = event.step_failure_data.error
    while error is not None and error.cause is not None:
        error = error.cause
    if error is not None and error.cls_name == "DagsterExecutionInterruptedError":
        return "interrupted; run it again, what was finished is kept"
    if error is None or error.cls_name == "DagsterAssetCheckFailedError":
        return ""
    message = " ".join(error.message.split(": ", 1)[-1].split())
    return f"{event.step_key.replace('__', '.')}: {message}"


class _Lines(logging.Handler):
    """Prints what the assets say for a person; Dagster's own events stay in its run log."""

    def emit(self, record: logging.LogRecord) -> None:
        meta = getattr(record, "dagster_meta", {})
        # Refusals are warnings in the run's log; the command line lists them at its end.
        if record.levelno == logging.INFO and not meta.get("dagster_event"):
            say(meta.get("orig_message", record.getMessage()))


@dg.logger(description="What the assets say, one line each, on stderr.")
def lines_logger(context: dg.InitLoggerContext) -> logging.Logger:
    """The logger of a refresh from the command line."""
    logger = logging.Logger("entente", logging.INFO)
    logger.addHandler(_Lines())
    return logger


def say(line: str) -> None:
    """One line for a person, on stderr."""
    print(line, file=sys.stderr, flush=True)
