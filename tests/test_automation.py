"""What happens by itself: schedules from the contracts, the sensor on the inbox, freshness that warns, runs noted."""

from __future__ import annotations

import fcntl
import importlib
import json
import os
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import dagster as dg
import pytest
from pytest_httpserver import HTTPServer

from pipelines import automation, contract_files, live, runs, status
from pipelines.definitions import CONTRACTS, defs, graph
from pipelines.http import Http
from pipelines.project import ROOT, Project
from pipelines.refresh import JOB
from tests import publishers
from tests.conftest import Clone

WATCHED = {c.stem: c for c in contract_files.load(ROOT).values() if c.release is not None or c.feed is not None}
REPOSITORY = defs.get_repository_def()
INBOX = REPOSITORY.get_sensor_def("inbox")
DRUGS, CRIME, FEED = "cbp_drug_seizures", "mx_federal_crime", "white_house"
LONG_AGO = time.time() - 3600


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(ROOT, tmp_path, tmp_path / "inbox" / "documents", None, tmp_path / "history")


def put(project: Project, name: str, content: str = "a", at: float = LONG_AGO) -> Path:
    path = project.inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    os.utime(path, (at, at))
    return path


def stamps(project: Project) -> dict[str, str]:
    """The stamps of what lies in the inbox and is settled."""
    found, _ = automation.inbox_stamps(project, WATCHED.values(), time.time())
    return {stem: stamp for stem, stamp in found.items() if stamp}


# Schedules ------------------------------------------------------------------------------------------------------------


def test_each_dataset_and_feed_has_the_schedule_of_its_contract_off_and_in_utc() -> None:
    found = {s.name: (s.cron_schedule, s.execution_timezone, s.default_status) for s in REPOSITORY.schedule_defs}
    off = dg.DefaultScheduleStatus.STOPPED
    assert found == {f"{stem}_refresh": (c.refresh, "UTC", off) for stem, c in WATCHED.items() if c.refresh}
    assert len(found) > 10


@pytest.mark.parametrize(("told", "asked"), [("true", True), (DRUGS, True), (CRIME, False), (None, False)])
def test_a_run_asks_the_publisher_it_names_or_everyone(told: str | None, asked: bool) -> None:
    assert live.is_asked(told, DRUGS) is asked


# The inbox ------------------------------------------------------------------------------------------------------------


def test_the_sensor_is_on_and_never_asks_a_publisher() -> None:
    assert INBOX.default_status == dg.DefaultSensorStatus.RUNNING
    assert INBOX.minimum_interval_seconds == 60


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        (f"{DRUGS}/a.csv", DRUGS),
        (f"{DRUGS}/2026/a.csv", DRUGS),
        (f"documents/{FEED}/2026/a.html", FEED),
        (f"documents/{FEED}.zip", FEED),
    ],
)
def test_a_new_changed_or_removed_file_is_noticed(project: Project, name: str, stem: str) -> None:
    path = put(project, name)
    seen = [stamps(project)]
    assert list(seen[0]) == [stem] and stamps(project) == seen[0]
    put(project, name, "ab")
    seen.append(stamps(project))
    put(project, name, "ab", LONG_AGO + 1)
    seen.append(stamps(project))
    path.unlink()
    seen.append(stamps(project))
    assert len({json.dumps(each) for each in seen}) == 4 and seen[3] == {}


@pytest.mark.parametrize(
    "name",
    [
        f"{DRUGS}/.a.csv.part",
        f"{DRUGS}/a.csv.receipt.json",
        f"documents/{FEED}/.DS_Store",
        f"documents/{FEED}/.git/a.html",
        "unknown_dataset/a.csv",
        "documents/unknown_feed/a.html",
    ],
)
def test_what_no_look_would_find_is_not_noticed(project: Project, name: str) -> None:
    put(project, name)
    assert stamps(project) == {}


def test_a_receipt_beside_its_file_is_noticed(project: Project) -> None:
    put(project, f"{DRUGS}/a.csv")
    before = stamps(project)
    put(project, f"{DRUGS}/a.csv.receipt.json", '{"published": "2026-01-15"}')
    assert stamps(project) != before


def test_a_file_that_is_still_being_written_keeps_its_dataset_waiting(project: Project) -> None:
    put(project, f"{CRIME}/a.csv")
    put(project, f"{DRUGS}/a.csv")
    put(project, f"{DRUGS}/b.csv", at=time.time())
    found, unsettled = automation.inbox_stamps(project, WATCHED.values(), time.time())
    assert unsettled == [DRUGS] and DRUGS not in found and found[CRIME]
    later, unsettled = automation.inbox_stamps(project, WATCHED.values(), time.time() + 60)
    assert unsettled == [] and later[DRUGS]


def test_a_file_put_back_as_it_was_starts_a_run_again(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTENTE_WAREHOUSE", str(project.warehouse))
    monkeypatch.delenv("ENTENTE_DOCUMENTS", raising=False)
    monkeypatch.setattr(automation, "selection", lambda *_: [dg.AssetKey("publication")])
    path, keys, cursor = project.inbox / DRUGS / "a.csv", set(), None
    for is_taken_out in (False, True) * 2:
        path.unlink() if is_taken_out else put(project, f"{DRUGS}/a.csv")
        noticed = INBOX.evaluate_tick(dg.build_sensor_context(cursor=cursor, repository_def=REPOSITORY))
        cursor = noticed.cursor
        keys.add(noticed.run_requests[0].run_key)
    assert len(keys) == 4


# Runs -----------------------------------------------------------------------------------------------------------------


class Daemon:
    """Dagster's daemon in this process: evaluates a sensor or schedule and executes what it requests."""

    def __init__(self, clone: Clone, instance: dg.DagsterInstance) -> None:
        self.clone, self.instance = clone, instance
        self.project = Project.from_environment()

    def sensor(self, cursor: str | None = None) -> object:
        context = dg.build_sensor_context(self.instance, cursor, repository_def=REPOSITORY)
        return INBOX.evaluate_tick(context)

    def schedule(self, stem: str) -> dg.RunRequest:
        context = dg.build_schedule_context(self.instance, repository_def=REPOSITORY)
        (request,) = REPOSITORY.get_schedule_def(f"{stem}_refresh").evaluate_tick(context).run_requests
        return request

    def execute(self, request: dg.RunRequest) -> dg.ExecuteInProcessResult:
        chosen = list(request.asset_selection) if request.asset_selection is not None else None
        done = defs.resolve_job_def(JOB).execute_in_process(
            instance=self.instance, asset_selection=chosen, tags=dict(request.tags), raise_on_error=False
        )
        self._tell(done)
        return done

    def _tell(self, done: dg.ExecuteInProcessResult) -> None:
        run = self.instance.get_run_by_id(done.run_id)
        name = "published_run" if done.success else "failed_run"
        kind = dg.DagsterEventType.RUN_SUCCESS if done.success else dg.DagsterEventType.RUN_FAILURE
        (event,) = [record.get_dagster_event() for record in self.instance.all_logs(done.run_id, of_type=kind)]
        context = dg.build_run_status_sensor_context(name, event, self.instance, run)
        REPOSITORY.get_sensor_def(name)(context if done.success else context.for_run_failure())

    @property
    def last_run(self) -> dict:
        return json.loads((self.clone.warehouse / "last_run.json").read_text(encoding="utf-8"))


@pytest.fixture
def daemon(copy: Clone, monkeypatch: pytest.MonkeyPatch) -> Iterator[Daemon]:
    # The warehouse was made without the archive; with it in sight every feed would be read anew.
    for name in ("ENTENTE_ARCHIVE", "ENTENTE_DOCUMENTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ENTENTE_WAREHOUSE", str(copy.warehouse))
    monkeypatch.setenv("DAGSTER_HOME", str(runs.dagster_home(Project.from_environment())))
    with dg.DagsterInstance.get() as instance:
        yield Daemon(copy, instance)


def newer(clone: Clone) -> bytes:
    """The newest held release of drug seizures with one month more, as its publisher would print it."""
    rows = publishers.drug_seizures(clone.published)
    december = [row[2:] for row in rows if row[:2] == ["2026 (FYTD)", "DEC"]]
    return publishers.as_csv([*rows, *(["2026 (FYTD)", "JAN", *rest] for rest in december)])


def test_a_file_dropped_into_the_inbox_is_published_by_one_run(daemon: Daemon) -> None:
    clone = daemon.clone
    path = clone.drop(DRUGS, "nationwide-drugs-fy23-fy26-jan.csv", newer(clone), '{"published": "2026-02-14"}')
    assert "still being written: cbp_drug_seizures" in daemon.sensor().skip_message
    for each in path.parent.iterdir():
        os.utime(each, (LONG_AGO, LONG_AGO))
    noticed = daemon.sensor()
    (request,) = noticed.run_requests
    chosen = {each.to_user_string() for each in request.asset_selection}
    assert {f"vintages/{DRUGS}", f"sources/{DRUGS}", "publication"} <= chosen
    assert not chosen & {f"vintages/{CRIME}", f"documents/{FEED}"}
    # While that file waits, a look at another dataset alone could not publish.
    assert dg.AssetKey(["vintages", DRUGS]) in daemon.schedule(CRIME).asset_selection
    assert "entente/live" not in request.tags
    assert daemon.execute(request).success
    assert clone.ask(f"select max(month)::varchar, max(vintage)::varchar from sources.{DRUGS}") == [
        ("2026-01-01", "2026-02-14")
    ]
    assert (daemon.last_run["exit_code"], daemon.last_run["failed"]) == (0, [])
    assert daemon.sensor(noticed.cursor).skip_message == "nothing new"
    # With its cursor lost the sensor finds the same files, and names the same run.
    assert daemon.sensor().run_requests[0].run_key == request.run_key


def test_a_sensor_waits_for_the_end_of_a_run_and_a_schedule_takes_the_whole_job(daemon: Daemon) -> None:
    put(daemon.project, f"{DRUGS}/a.csv")
    with (daemon.clone.warehouse / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert daemon.sensor().skip_message == f"a refresh is running; {DRUGS} waits for its end"
        assert daemon.schedule(CRIME).asset_selection is None


def test_a_scheduled_look_asks_one_publisher_and_publishes_although_it_refuses(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer
) -> None:
    play(CRIME, monkeypatch, httpserver)
    httpserver.expect_request("/page").respond_with_data("<title>Challenge Validation</title>")
    request = daemon.schedule(CRIME)
    assert request.tags["entente/live"] == CRIME
    assert dg.AssetKey(["vintages", DRUGS]) not in request.asset_selection
    done = daemon.execute(request)
    assert done.success
    assert {request.path for request, _ in httpserver.log} == {"/robots.txt", "/page"}
    assert daemon.last_run["exit_code"] == 2
    (line,) = daemon.last_run["refused"]
    assert line.startswith(f"{CRIME}: http://") and line.endswith(f"put the file into inbox/{CRIME}/ by hand")
    (fresh,) = [check for check in done.get_asset_check_evaluations() if check.check_name == "is_fresh"]
    assert fresh.asset_key.to_user_string() == f"vintages/{CRIME}"
    assert (fresh.passed, fresh.blocking, fresh.severity) == (False, False, dg.AssetCheckSeverity.WARN)
    assert "days old, more than 75" in fresh.description


def test_a_run_that_fails_is_noted_with_its_reason(daemon: Daemon, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_http: Http, _page: str) -> live.Found:
        raise RuntimeError("the reader is broken")

    monkeypatch.setattr(importlib.import_module(f"pipelines.sources.{CRIME}"), "find", broken)
    published = status.read(daemon.project)["publication_id"]
    assert not daemon.execute(daemon.schedule(CRIME)).success
    assert daemon.last_run["exit_code"] == 1
    assert daemon.last_run["failed"] == [f"vintages.{CRIME}: the reader is broken"]
    found = status.read(daemon.project)
    assert found["publication_id"] == published
    assert "NOT PUBLISHED" in status.table(found)


def play(stem: str, monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer) -> None:
    """Let the dataset's publisher be on this machine, with its listing under `/page`."""
    httpserver.no_handler_status_code = 404
    module = importlib.import_module(f"pipelines.sources.{stem}")
    find: Callable[[Http, str], live.Found] = module.find
    client = Http(local={f"{httpserver.host}:{httpserver.port}"}, sleep=lambda _seconds: None)
    monkeypatch.setattr(live, "client", lambda: client)
    monkeypatch.setattr(module, "find", lambda http, _page: find(http, httpserver.url_for("/page")))


# Freshness ------------------------------------------------------------------------------------------------------------


def test_every_dataset_and_feed_that_can_be_stale_is_checked_and_watched() -> None:
    wanted = {step.name for step, c in automation.looks(graph, CONTRACTS).values() if c.stale_after_days is not None}
    keys = REPOSITORY.asset_graph.asset_check_keys
    assert {".".join(key.asset_key.path) for key in keys if key.name == "is_fresh"} == wanted
    specs = {".".join(spec.key.path): spec for spec in defs.resolve_all_asset_specs()}
    assert {name for name, spec in specs.items() if spec.freshness_policy is not None} == wanted


def test_what_the_publisher_confirmed_is_told_from_what_nobody_asked(project: Project) -> None:
    contract, today = WATCHED[DRUGS], date.today()
    assert status.staleness(contract, today - timedelta(days=75), None) == ""
    assert status.staleness(contract, None, None) == "nothing held"
    old = today - timedelta(days=76)
    assert status.staleness(contract, old, None).endswith("more than 75; ask with --live or use the inbox")
    assert f"the publisher offered nothing newer on {today}" in status.staleness(contract, old, today)
    assert "ask with --live" in status.staleness(contract, old, old)
    assert "a file was refused" in status.staleness(contract, today, today, refused=1)
