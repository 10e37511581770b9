"""Dagster's event log in SQLite, on one engine: a refresh writes some two thousand events, one by one."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from dagster._core.storage.event_log import ConsolidatedSqliteEventLogStorage
from sqlalchemy import Connection, Engine, create_engine, event

BUSY_SECONDS = 60


class EventLog(ConsolidatedSqliteEventLogStorage):
    """The consolidated log with its engine kept.

    Dagster makes a new engine for each event, which compiles every statement and opens the file anew. In WAL mode
    `synchronous = normal` loses at worst the last events in a power cut, and no figure.
    """

    @cached_property
    def _engine(self) -> Engine:
        engine = create_engine(self._conn_string, connect_args={"timeout": BUSY_SECONDS})

        @event.listens_for(engine, "connect")
        def _relax(connection: Any, _record: Any) -> None:
            connection.execute("pragma synchronous = normal")

        return engine

    @contextmanager
    def _connect(self) -> Iterator[Connection]:
        with self._engine.begin() as connection:
            yield connection
