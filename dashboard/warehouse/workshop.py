"""The workshop: a scratch DuckDB file that holds every table while a generation is made.

Nothing here may touch a generation that is served: a workshop starts as a copy of it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

import duckdb
import psycopg

from dashboard.errors import ConfigError, WarehouseError
from dashboard.framework import Framework, read_framework
from dashboard.warehouse import copying, dimensions, key_results, schema
from dashboard.warehouse.reading_duckdb import check_schema_version
from dashboard.warehouse.tables import create_tables
from dashboard.warehouse.targets import DUCKDB, Target, parse_target, served_version

MEMORY_LIMIT: Final = "1400MB"
"""Of two thousand that loading may take; the rest is Python's and Arrow's."""

THREADS: Final = 2

ADVISORY_LOCK: Final = 0x57434F  # "WCO": one loader at a time in a database
LOCK_PATIENCE_SECONDS: Final = 2.0

DERIVED: Final = frozenset(
    {"fct_obligation", "fct_quality", "fct_key_result_value"}
    | {name for name in schema.metadata.tables if name.startswith("agg_")}
)
"""Tables that finishing computes afresh from the others."""

FRAMEWORK_USES: Final = (
    ("collection", "fct_submission"),
    ("rule", "fct_check"),
    ("key_result", "fct_check_in"),
)
"""What a framework declares, and the table that refers to it."""

LAST_STEP: Final = "publish"
"""The step of progress after whose beginning a loader can no longer be interrupted."""

_TEMPORARY: Final = "wco-workshop-"
_SECOND_LOADER: Final = (
    "Another loader is at work on this warehouse.",
    "One at a time may change it.",
    "Wait until it is done, then start again.",
)


class Progress(Protocol):
    """What long work tells whoever watches it."""

    def step(self, name: str, total: int | None = None) -> None:
        """Begin a step.

        Parameters
        ----------
        name : str
            What is done, for people.
        total : int, optional
            Units of the step, if that is known.
        """

    def advance(self, n: int = 1) -> None:
        """Tell that some more of the step is done.

        Parameters
        ----------
        n : int, default 1
            Units.
        """

    def done(self) -> None:
        """Tell that the step is done."""


class Silent:
    """Progress that nobody watches."""

    def step(self, name: str, total: int | None = None) -> None:
        """Do nothing.

        Parameters
        ----------
        name : str
            Ignored.
        total : int, optional
            Ignored.
        """

    def advance(self, n: int = 1) -> None:
        """Do nothing.

        Parameters
        ----------
        n : int, default 1
            Ignored.
        """

    def done(self) -> None:
        """Do nothing."""


@dataclass
class Workshop:
    """A scratch warehouse, held by one loader.

    ``path`` lies beside a DuckDB target, or under the temporary folder for PostgreSQL;
    ``base_version`` is the generation it was copied from, ``held`` what its end lets go of.
    """

    path: Path
    connection: duckdb.DuckDBPyConnection
    framework: Framework
    target: Target
    base_version: str | None = None
    held: contextlib.ExitStack = field(default_factory=contextlib.ExitStack, repr=False)

    def release(self) -> None:
        """Let go of the lock and delete what is left of the scratch file."""
        self.connection.close()
        self.held.close()


def begin(url: str, framework: Framework | None = None) -> Workshop:
    """Open a workshop on the current generation, or an empty one if there is none.

    Parameters
    ----------
    url : str
        ``WAREHOUSE_URL``.
    framework : Framework, optional
        Replaces the framework that the generation holds. Without one, the generation's stays,
        and an empty workshop gets the default.

    Returns
    -------
    Workshop
        Ready to be filled; ``discard`` or ``publishing.publish`` ends it.

    Raises
    ------
    WarehouseError
        If another loader is at work, or the current generation cannot be copied.
    ConfigError
        If the new framework lacks a collection, rule or key result that the warehouse has data
        of, or binds a key result to what is not known.
    """
    target = parse_target(url)
    with contextlib.ExitStack() as held:
        path, base_version, fill = (
            _begin_duckdb(target, held)
            if target.engine == DUCKDB
            else _begin_postgresql(target, held)
        )
        for leftover in (path, Path(f"{path}.wal")):
            held.callback(leftover.unlink, missing_ok=True)
        held.callback(shutil.rmtree, f"{path}.tmp", ignore_errors=True)
        connection = open_scratch(path)
        held.callback(connection.close)
        if base_version is None or target.engine != DUCKDB:
            create_tables(connection)
        fill(connection)
        chosen = framework or _stored_framework(connection) or read_framework()[0]
        _check_framework(connection, chosen)
        key_results.check_bindings(chosen)
        dimensions.fill(connection, chosen)
        return Workshop(path, connection, chosen, target, base_version, held.pop_all())


def discard(workshop: Workshop) -> None:
    """End a workshop without publishing anything; harmless when it has ended already.

    Parameters
    ----------
    workshop : Workshop
        The workshop.
    """
    workshop.release()


def open_scratch(path: Path) -> duckdb.DuckDBPyConnection:
    """Open a scratch file for writing, with bounded memory.

    Parameters
    ----------
    path : Path
        The file; made if it is not there.

    Returns
    -------
    duckdb.DuckDBPyConnection
        Read-write connection.
    """
    return duckdb.connect(
        path,
        config={
            "memory_limit": MEMORY_LIMIT,
            "threads": str(THREADS),
            "temp_directory": f"{path}.tmp",
            "preserve_insertion_order": "true",  # the facts' order is worth more than memory
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        },
    )


Filler = Callable[[duckdb.DuckDBPyConnection], None]


def _nothing(connection: duckdb.DuckDBPyConnection) -> None:
    """Leave the copy as it is."""


def _begin_duckdb(target: Target, held: contextlib.ExitStack) -> tuple[Path, str | None, Filler]:
    assert target.pointer is not None
    folder = target.pointer.parent
    folder.mkdir(parents=True, exist_ok=True)
    held.enter_context(_lock_file(target.pointer.with_name(f".{target.pointer.name}.lock")))
    version = served_version(target)
    _clean_leftovers(target, version)
    path = target.pointer.with_name(f".{target.pointer.name}.{os.getpid()}.workshop")
    if version is not None:
        source = target.generation_path(version)
        try:
            shutil.copyfile(source, path)
        except OSError as error:
            path.unlink(missing_ok=True)
            raise WarehouseError(
                f"Generation {source.name!r} cannot be copied: {error.strerror}.",
                remedy="Make room on the disk, or put the file back.",
            ) from error
    return path, version, _nothing


def _begin_postgresql(
    target: Target, held: contextlib.ExitStack
) -> tuple[Path, str | None, Filler]:
    database = held.enter_context(copying.connected(target))
    database.autocommit = True
    _lock_database(database)
    version = copying.current_version(database)
    copying.drop_leftovers(database, version)
    folder = held.enter_context(_temporary_folder())

    def fill(connection: duckdb.DuckDBPyConnection) -> None:
        if version is not None:
            names = [name for name in schema.metadata.tables if name not in DERIVED]
            copying.download(database, version, connection, names, folder)

    return folder / "warehouse.workshop", version, fill


def _lock_database(database: psycopg.Connection[tuple[Any, ...]]) -> None:
    """Take the lock; the server needs a moment to notice that a killed loader is gone."""
    deadline = time.monotonic() + LOCK_PATIENCE_SECONDS
    while True:
        row = database.execute("SELECT pg_try_advisory_lock(%s)", (ADVISORY_LOCK,)).fetchone()
        if row == (True,):
            return
        if time.monotonic() > deadline:
            raise WarehouseError(*_SECOND_LOADER)
        time.sleep(0.1)


def _clean_leftovers(target: Target, version: str | None) -> None:
    """Delete what a killed loader left: its scratch files, and generations never served."""
    assert target.pointer is not None
    hidden = f".{target.pointer.name}."
    for path in target.pointer.parent.iterdir():
        if not (path.name.startswith(hidden) and (".workshop" in path.name or path.is_symlink())):
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    for unserved in target.generations():
        if version is None or unserved > version:
            target.delete_generation(unserved)


@contextlib.contextmanager
def _lock_file(path: Path) -> Iterator[None]:
    with path.open("a+b") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WarehouseError(*_SECOND_LOADER) from None
        yield  # closing the file, or the death of the process, lets go of the lock


@contextlib.contextmanager
def _temporary_folder() -> Iterator[Path]:
    """Make a folder for one loader, and delete those that killed loaders left."""
    parent = Path(tempfile.gettempdir())
    for old in parent.glob(f"{_TEMPORARY}*"):
        with contextlib.suppress(OSError, WarehouseError), _lock_file(old / "lock"):
            shutil.rmtree(old, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=_TEMPORARY))
    try:
        with _lock_file(folder / "lock"):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _stored_framework(connection: duckdb.DuckDBPyConnection) -> Framework | None:
    info = dict(connection.execute("SELECT name, value FROM warehouse_info").fetchall())
    if not info:
        return None
    check_schema_version(info)
    return Framework.model_validate_json(info["framework"])


def _check_framework(connection: duckdb.DuckDBPyConnection, framework: Framework) -> None:
    """Refuse a framework without something that rows of the warehouse refer to."""
    known = {
        "collection": {one.id for one in framework.collections},
        "rule": {one.id for one in framework.rules},
        "key_result": {one.id for one in framework.key_results},
    }
    missing = [
        f"{kind.replace('_', ' ')} {name!r}"
        for kind, table in FRAMEWORK_USES
        for (name,) in connection.execute(
            f"SELECT DISTINCT {kind}_id FROM {table} ORDER BY 1"  # noqa: S608 -- constants
        ).fetchall()
        if name not in known[kind]
    ]
    if missing:
        raise ConfigError(
            f"The framework lacks what the warehouse has data of: {', '.join(missing)}.",
            remedy="Add them to the framework, or build a new warehouse with it.",
        )
