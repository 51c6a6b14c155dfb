"""Read the current generation from its DuckDB file.

It must not open a file for writing, nor share one cursor between threads: DuckDB then gives one
thread the rows of another.
"""

from __future__ import annotations

import errno
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import duckdb
import pyarrow as pa
from duckdb_sqlalchemy import Dialect as DuckdbDialect
from sqlalchemy import Select

from dashboard.errors import WarehouseBusyError, WarehouseError
from dashboard.warehouse import schema
from dashboard.warehouse.compiling import Compiler
from dashboard.warehouse.targets import Target

_log = logging.getLogger(__name__)

READ_ONLY_SETTINGS: Final[dict[str, str | bool | int | float | list[str]]] = {
    "enable_external_access": "false",
    "lock_configuration": "true",
    "memory_limit": "1GB",
    "threads": "2",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
"""One process must open one file with the same settings everywhere, or DuckDB refuses."""

_BUILD: Final = "Build one with `./run warehouse sample`, or load files into it."


class _Generation:
    """One open file; closed when it was replaced and its last statement has ended."""

    def __init__(self, version: str, connection: duckdb.DuckDBPyConnection) -> None:
        self.version = version
        self.connection = connection
        self.readers = 0
        self.is_retired = False


class DuckdbReader:
    """Statements on the file that the pointer names.

    Parameters
    ----------
    target : Target
        A DuckDB target.
    version : str, optional
        A generation to read in the place of the one that the pointer names.
    """

    def __init__(self, target: Target, *, version: str | None = None) -> None:
        assert target.pointer is not None
        self._target = target
        self._pinned = version
        self._pointer = target.pointer
        self._lock = threading.Lock()
        self._current: _Generation | None = None
        # Numbered parameters: one that stands twice stays one, as GROUP BY needs it.
        self._compiler = Compiler(DuckdbDialect(paramstyle="numeric_dollar"))

    def version(self) -> str:
        """Return the version that the pointer names now.

        Returns
        -------
        str
            The version.

        Raises
        ------
        WarehouseError
            If there is no pointer, or it is not one of this product's.
        """
        if self._pinned is not None:
            return self._pinned
        name = self._pointer.name
        try:
            version = self._target.version_of(self._pointer.readlink().name)
        except FileNotFoundError:
            raise WarehouseError(f"There is no warehouse {name!r}.", remedy=_BUILD) from None
        except OSError as error:
            if error.errno == errno.EINVAL:
                raise WarehouseError(
                    f"{name!r} is a file, not a pointer to a generation.",
                    "A warehouse is a symbolic link that the loader makes.",
                    "Give a name of its own to the warehouse, and build it.",
                ) from None
            raise WarehouseError(
                f"Warehouse {name!r} cannot be reached: {error.strerror}.",
                remedy="Check that its folder is there and may be read.",
            ) from None
        if version is None:
            raise WarehouseError(
                f"{name!r} points to something that is no generation of it.", remedy=_BUILD
            )
        return version

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
            If the deadline passed or memory did not suffice.
        WarehouseError
            If the file cannot be read.
        """
        text, parameters = self._compiler.compile(statement)
        with self._generation() as generation:
            table = self._run(generation, text, parameters, deadline_seconds)
            return generation.version, table.columns

    def close(self) -> None:
        """Close the file once its running statements have ended."""
        with self._lock:
            self._retire()

    def _run(
        self, generation: _Generation, text: str, parameters: list[Any], deadline_seconds: float
    ) -> pa.Table:
        cursor = generation.connection.cursor()
        watch = threading.Timer(deadline_seconds, cursor.interrupt)
        watch.daemon = True
        watch.start()
        try:
            return cursor.execute(text, parameters).to_arrow_table()
        except duckdb.InterruptException:
            raise WarehouseBusyError(
                f"A query ran longer than {deadline_seconds:g} s and was stopped.",
                "WAREHOUSE_DEADLINE_SECONDS sets how long one may run.",
                "Select fewer periods or members, or try again.",
            ) from None
        except duckdb.OutOfMemoryException:
            raise WarehouseBusyError(
                "A query needs more memory than it may take.",
                f"It may take {READ_ONLY_SETTINGS['memory_limit']}.",
                "Select fewer periods or members.",
            ) from None
        except (duckdb.IOException, duckdb.FatalException, duckdb.InternalException) as error:
            _log.warning("generation %s failed: %s", generation.version, type(error).__name__)
            with self._lock:  # such a failure can spoil the connection: open anew next time
                if self._current is generation:
                    self._retire()
            raise WarehouseError(
                f"Generation {generation.version} of {self._pointer.name!r} cannot be read.",
                remedy="Check it with `./run warehouse verify`; load again if it is damaged.",
            ) from None
        finally:
            watch.cancel()
            watch.join()  # else it could interrupt a cursor that is being closed
            cursor.close()

    @contextmanager
    def _generation(self) -> Iterator[_Generation]:
        with self._lock:
            version = self.version()
            if self._current is None or self._current.version != version:
                opened = self._open(version)
                self._retire()
                self._current = opened
            generation = self._current
            generation.readers += 1
        try:
            yield generation
        finally:
            with self._lock:
                generation.readers -= 1
                if generation.is_retired and generation.readers == 0:
                    generation.connection.close()

    def _open(self, version: str) -> _Generation:
        path = self._target.generation_path(version)
        try:
            connection = duckdb.connect(path, read_only=True, config=READ_ONLY_SETTINGS)
        except duckdb.Error as error:
            _log.warning("generation %s cannot be opened: %s", version, type(error).__name__)
            is_there = path.exists()
            raise WarehouseError(
                f"File {path.name!r} of the warehouse "
                + ("cannot be opened." if is_there else "is missing."),
                remedy="Put it back, or load again." if not is_there else "Load again.",
            ) from None
        try:
            check_schema_version(
                dict(connection.execute("SELECT name, value FROM warehouse_info").fetchall())
            )
        except BaseException:
            connection.close()
            raise
        return _Generation(version, connection)

    def _retire(self) -> None:
        """Close the current generation now or after its last statement; the lock is held."""
        old, self._current = self._current, None
        if old is not None:
            old.is_retired = True
            if old.readers == 0:
                old.connection.close()


def check_schema_version(info: dict[str, str]) -> None:
    """Refuse a generation that was built for other tables.

    Parameters
    ----------
    info : dict of str to str
        ``warehouse_info`` of the generation.

    Raises
    ------
    WarehouseError
        If its schema version is not this program's.
    """
    found = info.get("schema_version", "")
    if found != str(schema.SCHEMA_VERSION):
        raise WarehouseError(
            f"The warehouse has schema version {found!r}.",
            f"This program reads version {schema.SCHEMA_VERSION}.",
            "Build it again with `./run warehouse`.",
        )
