"""One refresh as a Dagster run from the command line, of the steps that are not as they should be."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import dagster as dg

from pipelines.assets import Step, key
from pipelines.definitions import CONTRACTS, defs, graph
from pipelines.errors import EntenteError
from pipelines.ingest import LIVE
from pipelines.live import EVERYONE
from pipelines.project import Project
from pipelines.publish import current_publication, is_published
from pipelines.refresh import COMMAND_LINE, FROM, JOB, failures, needed, note_run, refusals, say, set_aside
from pipelines.warehouse import writing

HOME_SETTINGS = """\
telemetry:
  enabled: false
nux:
  enabled: false
event_log_storage:
  module: pipelines.event_log
  class: EventLog
  config:
    base_dir:
      env: DAGSTER_HOME
run_coordinator:
  module: dagster.core.run_coordinator
  class: QueuedRunCoordinator
  config:
    max_concurrent_runs: 1
"""


def dagster_home(project: Project) -> Path:
    """Dagster's home inside the warehouse, made on first use; it reports no usage and shows no dialog."""
    home = project.warehouse / "dagster"
    home.mkdir(parents=True, exist_ok=True)
    settings = home / "dagster.yaml"
    if not settings.is_file() or settings.read_text(encoding="utf-8") != HOME_SETTINGS:
        settings.write_text(HOME_SETTINGS, encoding="utf-8")
    os.environ["DAGSTER_HOME"] = str(home)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "true"
    return home


@dataclass(frozen=True)
class Outcome:
    """How a refresh ended.

    Attributes:
        publication_id: What readers now open; None where nothing was published by this run.
        is_new: Whether this run made the publication.
        built: Tables made anew.
        kept: Tables that nothing had changed for.
        refused: One line for each refused file.
        failed: One line for each failed check or step.
    """

    publication_id: str | None
    is_new: bool
    built: int
    kept: int
    refused: list[str]
    failed: list[str]

    @property
    def exit_code(self) -> int:
        """0 published, 2 published with something refused, 1 not published."""
        if self.publication_id is None:
            return 1
        return 2 if self.refused else 0


def run(project: Project, only: Iterable[str] = (), *, is_live: bool = False) -> Outcome:
    """One refresh as a Dagster run, visible in the UI; only the steps whose code or inputs changed are in it.

    Args:
        project: The folders.
        only: Datasets and feeds to look at; the others stay as they are. All where empty.
        is_live: Whether the publishers are asked as well.

    Raises:
        EntenteError: A name in `only` that is no dataset and no feed.
    """
    dagster_home(project)
    outcome = _attempt(project, set(only), is_live)
    if outcome.publication_id is None:
        with writing(project, say) as work:
            is_set_aside = set_aside(work, graph) > 0
        if is_set_aside:
            outcome = _attempt(project, set(only), is_live=False)
            if outcome.publication_id is None:  # they were not what failed
                with writing(project, say) as work:
                    work.connection.execute("delete from meta.barred")
    return outcome


def _attempt(project: Project, only: set[str], is_live: bool) -> Outcome:
    with writing(project, say) as work:
        set_aside(work, graph)
        looks = _looks(graph, only)
        steps = needed(work, graph, looks, looks if is_live else set())
        current = current_publication(project)
        is_current = not steps and is_published(work)
    if is_current and current:
        refused = refusals(project, CONTRACTS.values())
        outcome = Outcome(current["publication_id"], False, 0, len(graph), refused, [])
        return _noted(project, outcome, None)
    with dg.DagsterInstance.get() as instance:
        done = defs.resolve_job_def(JOB).execute_in_process(
            instance=instance,
            run_config={"loggers": {"lines": {}}},
            asset_selection=[*map(key, sorted(steps)), dg.AssetKey("publication")],
            tags={FROM: COMMAND_LINE, **({LIVE: EVERYONE} if is_live else {})},
            raise_on_error=False,
        )
        made = [event.materialization for event in done.get_asset_materialization_events()]
        outcome = _outcome(done, made, refusals(project, CONTRACTS.values(), made))
    return _noted(project, outcome, done.run_id)


def _noted(project: Project, outcome: Outcome, run_id: str | None) -> Outcome:
    note_run(project, run_id, outcome.exit_code, outcome.failed, outcome.refused)
    return outcome


def _looks(graph: Iterable[Step], only: set[str]) -> set[str]:
    """Names of the steps that look for something new."""
    looks = {step.name.split(".")[1]: step.name for step in graph if step.is_look}
    if unknown := sorted(only - set(looks)):
        raise EntenteError(f"--only {unknown[0]}: no such dataset or feed; there are {', '.join(sorted(looks))}")
    return {name for stem, name in looks.items() if not only or stem in only}


def _outcome(done: dg.ExecuteInProcessResult, made: list[dg.AssetMaterialization], refused: list[str]) -> Outcome:
    publication_id, is_new, built = None, False, 0
    for each in made:
        shown = each.metadata
        if "publication_id" in shown:
            publication_id, is_new = str(shown["publication_id"].value), bool(shown["is_new"].value)
        elif "unchanged" in shown:
            built += not shown["unchanged"].value
    failed = failures(done.get_asset_check_evaluations(), done.get_step_failure_events())
    return Outcome(publication_id, is_new, built, len(graph) - built, refused, failed)
