"""What happens by itself: a schedule a dataset and feed, a sensor on the inbox, and whether what is held is fresh.

All of it is derived from the contracts. A schedule is off until it is switched on and asks one publisher; the sensor is
on and never reaches the network. Both start the one job with the steps that must run for it to publish.
"""

import fcntl
import json
import time
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path, PurePosixPath

import dagster as dg

from pipelines import status
from pipelines.assets import Step, key
from pipelines.contracts import Contract
from pipelines.ddl import quoted
from pipelines.digests import of_text
from pipelines.feeds import IGNORED
from pipelines.ingest import LIVE
from pipelines.notices import tell
from pipelines.project import Project
from pipelines.refresh import COMMAND_LINE, FROM, JOB, failures, needed, note_run, refusals, set_aside
from pipelines.snapshots import RECEIPT, dropped
from pipelines.warehouse import Work, writing

SECONDS_BETWEEN = 60
# A file that was written to less than this ago may still be on its way.
SETTLED_SECONDS = 5.0
RUN_KEY = "run_key"  # in the sensor's cursor, beside the stems


def looks(graph: Iterable[Step], declared: dict[str, Contract]) -> dict[str, tuple[Step, Contract]]:
    """By stem the step that looks at each dataset and feed, and its contract."""
    watched = {contract.stem: contract for contract in declared.values() if contract.release or contract.feed}
    steps = {step.name.split(".")[1]: step for step in graph if step.is_look}
    return {stem: (steps[stem], contract) for stem, contract in watched.items()}


def selection(project: Project, graph: list[Step], asked: set[str]) -> list[dg.AssetKey] | None:
    """The assets a run needs so that it looks at the steps `asked` and can publish; None while another run writes.

    A look and what reads it would not do: the publication demands that every step stands as its code and inputs make
    it, and after an update of the code, or a run that broke off, others do not.
    """
    if _is_writing(project):
        return None
    with writing(project, print) as work:
        set_aside(work, graph)
        steps = needed(work, graph, {step.name for step in graph if step.is_look}, asked)
    return [*map(key, sorted(steps)), dg.AssetKey("publication")]


def _is_writing(project: Project) -> bool:
    """Whether a run holds the warehouse's lock; a schedule or sensor has a minute and must not wait for it."""
    project.warehouse.mkdir(parents=True, exist_ok=True)
    with (project.warehouse / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


# Schedules ------------------------------------------------------------------------------------------------------------


def schedules(graph: list[Step], declared: dict[str, Contract]) -> list[dg.ScheduleDefinition]:
    """For each dataset and feed with `refresh:` the schedule that asks its publisher, in UTC, off until switched on."""
    watched = looks(graph, declared).values()
    return [_schedule(graph, step, contract) for step, contract in watched if contract.refresh]


def _schedule(graph: list[Step], step: Step, contract: Contract) -> dg.ScheduleDefinition:
    def _request(_context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        # While another run writes it cannot be known what will be needed: then the whole job, whose steps that are as
        # they should be take no time.
        chosen = selection(Project.from_environment(), graph, {step.name})
        return dg.RunRequest(asset_selection=chosen, tags={LIVE: contract.stem, FROM: "schedule"})

    return dg.ScheduleDefinition(
        name=f"{contract.stem}_refresh",
        job_name=JOB,
        cron_schedule=contract.refresh,
        execution_timezone="UTC",
        description=f"Ask {contract.source.publisher} for {contract.title}, and publish.",
        execution_fn=_request,
    )


# The inbox ------------------------------------------------------------------------------------------------------------


def sensors(graph: list[Step], declared: dict[str, Contract]) -> list[dg.SensorDefinition]:
    """The sensor that takes in what is dropped into the inbox, and those that keep how a run ended."""
    return [_inbox(graph, declared), *_run_sensors(declared)]


def _inbox(graph: list[Step], declared: dict[str, Contract]) -> dg.SensorDefinition:
    watched = looks(graph, declared)

    def _notice(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        project = Project.from_environment()
        before = {stem: "" for stem in watched} | (json.loads(context.cursor) if context.cursor else {})
        found, unsettled = inbox_stamps(project, [contract for _, contract in watched.values()], time.time())
        changed = [stem for stem in watched if stem in found and found[stem] != before[stem]]
        if not changed:
            return dg.SkipReason(f"still being written: {', '.join(unsettled)}" if unsettled else "nothing new")
        chosen = selection(project, graph, {watched[stem][0].name for stem in changed})
        if chosen is None:
            return dg.SkipReason(f"a refresh is running; {', '.join(changed)} waits for its end")
        # Each key is made from the one before, so that a file put back as it was is taken in again: Dagster starts one
        # run a key. With its cursor lost the sensor names the first run again.
        run_key = f"inbox-{of_text(context.cursor or '', *(f'{stem} {found[stem]}' for stem in changed))[:16]}"
        request = dg.RunRequest(run_key=run_key, asset_selection=chosen, tags={FROM: f"inbox: {', '.join(changed)}"})
        return dg.SensorResult(run_requests=[request], cursor=json.dumps(before | found | {RUN_KEY: run_key}))

    return dg.SensorDefinition(
        name="inbox",
        job_name=JOB,
        minimum_interval_seconds=SECONDS_BETWEEN,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Take in files that are new, changed or gone in the inbox, and publish. Asks no publisher.",
        evaluation_fn=_notice,
    )


def inbox_stamps(project: Project, contracts: Iterable[Contract], now: float) -> tuple[dict[str, str], list[str]]:
    """By stem what tells whether the files of the inbox are those seen before, empty where there are none.

    Datasets and feeds of which a file was written to in the last seconds are not among them; their stems come second.
    """
    found: dict[str, str] = {}
    unsettled: list[str] = []
    for contract in contracts:
        facts, is_settled = [], True
        for path in _inbox_files(project, contract):
            try:
                stat = path.stat()
            except FileNotFoundError:  # taken away meanwhile
                continue
            facts.append(f"{path.as_posix()} {stat.st_size} {stat.st_mtime_ns}")
            is_settled = is_settled and not 0 <= now - stat.st_mtime < SETTLED_SECONDS
        if is_settled:
            found[contract.stem] = of_text(*facts) if facts else ""
        else:
            unsettled.append(contract.stem)
    return found, unsettled


def _inbox_files(project: Project, contract: Contract) -> list[Path]:
    """The files of the inbox that a look at the dataset or feed would find; of a dataset also their receipts."""
    if contract.feed is None:
        paths = dropped(project, contract.stem)
        return [*paths, *(path.with_name(path.name + RECEIPT) for path in paths)]
    tops = [*contract.feed.files, *(pattern.removesuffix(".zip") for pattern in contract.feed.files), contract.stem]
    return [
        path
        for top in sorted(project.documents.glob("*"))
        if any(PurePosixPath(top.name).match(pattern) for pattern in tops)
        for path in sorted([top, *top.rglob("*")])
        if path.is_file() and not _is_hidden(path.relative_to(project.documents))
    ]


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts) or path.name.endswith(IGNORED)


# How a run ended ------------------------------------------------------------------------------------------------------


def _run_sensors(declared: dict[str, Contract]) -> list[dg.SensorDefinition]:
    """Sensors that keep for `entente status` how a run ended that the command line did not start."""

    def _refused(context: dg.RunStatusSensorContext, project: Project) -> list[str]:
        kind, run_id = dg.DagsterEventType.ASSET_MATERIALIZATION, context.dagster_run.run_id
        records = context.instance.all_logs(run_id, of_type=kind)
        return refusals(project, declared.values(), [record.asset_materialization for record in records])

    @dg.run_status_sensor(
        run_status=dg.DagsterRunStatus.SUCCESS,
        name="published_run",
        description="Keep for `entente status` that a run ended well.",
        default_status=dg.DefaultSensorStatus.RUNNING,
    )
    def _published(context: dg.RunStatusSensorContext) -> None:
        project, run = Project.from_environment(), context.dagster_run
        if run.tags.get(FROM) != COMMAND_LINE and run.job_name == JOB:
            refused = _refused(context, project)
            note_run(project, run.run_id, 2 if refused else 0, [], refused)

    @dg.run_failure_sensor(
        name="failed_run",
        description="Say in one line why a run failed, and keep it for `entente status`.",
        default_status=dg.DefaultSensorStatus.RUNNING,
    )
    def _failed(context: dg.RunFailureSensorContext) -> None:
        project, run = Project.from_environment(), context.dagster_run
        if run.tags.get(FROM) == COMMAND_LINE or run.job_name != JOB:
            return
        records = context.instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
        checks = [record.get_dagster_event().asset_check_evaluation_data for record in records]
        lines = failures(checks, context.get_step_failure_events()) or [context.failure_event.message or "no reason"]
        note_run(project, run.run_id, 1, lines, _refused(context, project))
        context.log.error(f"run {run.run_id[:8]} did not publish: {'; '.join(lines)}")
        context.log.info(tell(run.run_id, lines))

    return [_published, _failed]


# Freshness ------------------------------------------------------------------------------------------------------------


def freshness_checks(graph: list[Step], declared: dict[str, Contract]) -> list[dg.AssetChecksDefinition]:
    """For each dataset and feed with `stale_after_days` a check that warns, and never stops a run, when it is stale."""
    watched = looks(graph, declared).values()
    return [_freshness(step, contract) for step, contract in watched if contract.stale_after_days is not None]


def _freshness(step: Step, contract: Contract) -> dg.AssetChecksDefinition:
    kind, table = ("dataset", "vintages.releases") if contract.feed is None else ("feed", "documents.texts")

    @dg.asset_check(
        asset=key(step.name),
        name="is_fresh",
        description=f"The newest of it is at most {contract.stale_after_days} days old.",
        additional_deps=[key(table)] if contract.feed is not None else [],
        required_resource_keys={"work"},
    )
    def _is_fresh(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
        work: Work = context.resources.work
        rows = work.rows(status.HELD[kind]) if work.exists(table) else []
        newest = {name: release for name, _month, release in rows}.get(contract.stem)
        looked = work.rows(f"select len(refused) from meta.looks where name = {quoted(contract.stem)}")
        refused = looked[0][0] if looked else 0
        why = status.staleness(contract, newest, status.last_confirmed(work.project, contract), refused)
        age = "nothing" if newest is None else f"{(date.today() - newest).days} days"
        return dg.AssetCheckResult(
            passed=not why,
            severity=dg.AssetCheckSeverity.WARN,
            description=why or f"the newest is {age} old",
            metadata={"newest": str(newest or "none"), "age": age, "stale_after_days": contract.stale_after_days},
        )

    return _is_fresh


def with_freshness(graph: list[Step], declared: dict[str, Contract]) -> list[dg.AssetsDefinition]:
    """The assets of the graph; those that look are late in the UI when nobody looked for `stale_after_days`."""
    days = {step.name: contract.stale_after_days for step, contract in looks(graph, declared).values()}
    return [_watched(step.asset, days[step.name]) if days.get(step.name) else step.asset for step in graph]


def _watched(asset: dg.AssetsDefinition, days: int) -> dg.AssetsDefinition:
    policy = dg.FreshnessPolicy.time_window(timedelta(days=days))
    return asset.map_asset_specs(lambda spec: dg.apply_freshness_policy(spec, policy))
