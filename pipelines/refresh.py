"""The job `refresh`, its schedule, and what a run of it says to a person."""

import logging
import sys

import dagster as dg

from pipelines.ingest import LIVE

JOB = "refresh"


def jobs() -> list:
    """The one job: look at every dataset and feed, rebuild what changed, judge it, publish."""
    about = "Look at every dataset and feed at hand, rebuild what changed, judge it and publish."
    return [dg.define_asset_job(JOB, dg.AssetSelection.all(), description=about, executor_def=dg.in_process_executor)]


def schedules() -> list[dg.ScheduleDefinition]:
    """The daily refresh that asks the publishers, off until switched on in the UI."""
    return [dg.ScheduleDefinition(name="daily_refresh", job_name=JOB, cron_schedule="30 7 * * *", tags={LIVE: "true"})]


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
