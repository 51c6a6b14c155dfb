"""Read the current generation from PostgreSQL.

It must not write anything (its connections are read-only), and no part of the address may stand
in a message.
"""

from __future__ import annotations

import threading
import time
from typing import Any, Final

import psycopg
import pyarrow as pa
from sqlalchemy import Connection, Engine, Select, create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from dashboard.errors import WarehouseBusyError, WarehouseError
from dashboard.warehouse.frames import arrow_column
from dashboard.warehouse.reading_duckdb import check_schema_version
from dashboard.warehouse.targets import POINTER_TABLE, Target, schema_name

POINTER_SECONDS: Final = 1.0
"""The pointer is asked for at most this often."""

CONNECT_SECONDS: Final = 5

_OPTIONS: Final = "-c default_transaction_read_only=on -c jit=off -c timezone=UTC"
_GONE: Final = (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName)
_BUILD: Final = "Build one with `./run warehouse sample`, or load files into it."


def lost() -> WarehouseError:
    """Make the error of a database that does not answer.

    Returns
    -------
    WarehouseError
        Without any part of the address.
    """
    return WarehouseError(
        "The warehouse's PostgreSQL cannot be reached.",
        remedy="Check that it runs and that WAREHOUSE_URL is right; reading goes on by itself.",
    )


class PostgresqlReader:
    """Statements on the schema that the pointer names.

    Parameters
    ----------
    target : Target
        A PostgreSQL target.
    query_limit : int
        Connections that are kept.
    version : str, optional
        A generation to read in the place of the one that the pointer names.
    """

    def __init__(self, target: Target, *, query_limit: int, version: str | None = None) -> None:
        self._pinned = version
        self._engine: Engine = create_engine(
            target.url,
            pool_size=query_limit,
            max_overflow=1,  # for the pointer
            pool_timeout=CONNECT_SECONDS,
            connect_args={
                "options": _OPTIONS,
                "connect_timeout": CONNECT_SECONDS,
                "prepare_threshold": None,  # a plan must not outlive the generation it was made for
            },
        )
        self._lock = threading.Lock()
        self._pointer: tuple[float, str] | None = None
        self._checked = ""

    def version(self) -> str:
        """Return the version that the pointer named within the last second.

        Returns
        -------
        str
            The version.

        Raises
        ------
        WarehouseError
            If there is no generation or the database does not answer.
        """
        if self._pinned is not None:
            return self._pinned
        with self._lock:
            now = time.monotonic()
            if self._pointer is None or now - self._pointer[0] >= POINTER_SECONDS:
                self._pointer = None
                self._pointer = now, self._asked_version()
            return self._pointer[1]

    def columns(
        self, statement: Select[Any], deadline_seconds: float
    ) -> tuple[str, list[pa.ChunkedArray]]:
        """Run a statement.

        Parameters
        ----------
        statement : sqlalchemy.Select
            What to ask.
        deadline_seconds : float
            It is interrupted after so long.

        Returns
        -------
        version : str
            The generation that was read.
        columns : list of pyarrow.ChunkedArray
            The result's columns.

        Raises
        ------
        WarehouseBusyError
            If the deadline passed.
        WarehouseError
            If the database does not answer.
        """
        for attempt in (1, 2):
            version = self.version()
            try:
                return version, self._run(statement, version, deadline_seconds)
            except DBAPIError as error:
                # The pool's connections died with a restarted server, or the generation was
                # dropped since the pointer was read: once more, from the start.
                is_stale = error.connection_invalidated or isinstance(error.orig, _GONE)
                if attempt == 2 or not is_stale:
                    self._explain(error, deadline_seconds)
                    raise
                with self._lock:
                    self._pointer = None
            except PoolTimeoutError:
                raise lost() from None
        raise AssertionError  # the second attempt returns or raises

    def close(self) -> None:
        """Close every connection that is not in use."""
        self._engine.dispose()
        with self._lock:
            self._pointer = None

    def _run(
        self, statement: Select[Any], version: str, deadline_seconds: float
    ) -> list[pa.ChunkedArray]:
        with self._engine.connect() as connection:
            self._prepare(connection, version, deadline_seconds)
            result = connection.execute(statement)
            width = len(result.keys())
            rows = result.all()
            if not rows:
                return [arrow_column([])] * width
            return [arrow_column(column) for column in zip(*rows, strict=True)]

    def _prepare(self, connection: Connection, version: str, deadline_seconds: float) -> None:
        connection.execute(
            text(
                "SELECT set_config('search_path', :schema, true), "
                "set_config('statement_timeout', :timeout, true)"
            ),
            {"schema": schema_name(version), "timeout": str(int(deadline_seconds * 1000))},
        )
        if self._checked != version:
            rows = connection.execute(text("SELECT name, value FROM warehouse_info"))
            check_schema_version({row.name: row.value for row in rows})
            self._checked = version

    def _asked_version(self) -> str:
        statement = text(f"SELECT version FROM public.{POINTER_TABLE}")  # noqa: S608 -- a constant
        for attempt in (1, 2):
            try:
                with self._engine.connect() as connection:
                    version = connection.execute(statement).scalar_one_or_none()
                break
            except DBAPIError as error:
                if isinstance(error.orig, _GONE):
                    version = None
                    break
                if attempt == 2 or not error.connection_invalidated:
                    raise lost() from None
            except SQLAlchemyError:
                raise lost() from None
        else:  # pragma: no cover -- the second attempt breaks or raises
            raise AssertionError
        if version is None:
            raise WarehouseError("The database holds no warehouse yet.", remedy=_BUILD)
        return str(version)

    def _explain(self, error: DBAPIError, deadline_seconds: float) -> None:
        """Raise the error that a reader understands, if it is not the program's own fault."""
        if isinstance(error.orig, psycopg.errors.QueryCanceled):
            raise WarehouseBusyError(
                f"A query ran longer than {deadline_seconds:g} s and was stopped.",
                "WAREHOUSE_DEADLINE_SECONDS sets how long one may run.",
                "Select fewer periods or members, or try again.",
            ) from None
        if isinstance(error, OperationalError) or error.connection_invalidated:
            raise lost() from None
        if isinstance(error.orig, _GONE):
            raise WarehouseError("The current generation is gone.", remedy=_BUILD) from None
