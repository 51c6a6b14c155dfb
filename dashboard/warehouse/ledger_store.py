"""Where the logs beside the generations are kept: address, guards and errors.

It must not read or write an entry.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from dashboard.errors import WarehouseError
from dashboard.warehouse.targets import Target

SCHEMA: Final = "wco_casework"
"""PostgreSQL's schema of the logs; no generation's name begins like it."""

PATIENCE_SECONDS: Final = 2.0
"""How long a reader or writer waits for another one."""

SQLITE_MODE: Final = "rw"
"""Makes no file, and falls back on reading where the file may not be written."""

ADVISORY_LOCK: Final = 0x57434F43  # "WCOC": one at a time creates the schema

_REFUSE: Final = f"""
    CREATE OR REPLACE FUNCTION {SCHEMA}.refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'events are never changed'; END $$
"""


class LedgerError(WarehouseError):
    """The store beside the generations is lost, locked or may not be written."""


class EntryMovedError(WarehouseError):
    """Somebody else wrote about the same subject since the writer looked at it."""


def ledger_path(target: Target) -> Path:
    """Return the file of the logs beside a DuckDB warehouse.

    Parameters
    ----------
    target : Target
        A DuckDB target.

    Returns
    -------
    Path
        Such as ``warehouse.cases.sqlite`` beside ``warehouse.duckdb``: the log of cases came
        first, and files made then are still opened.
    """
    assert target.pointer is not None
    return target.pointer.with_name(f"{target.pointer.stem}.cases.sqlite")


def make_file(path: Path) -> None:
    """Make the file of the logs, if it is not there.

    Parameters
    ----------
    path : Path
        From :func:`ledger_path`.

    Raises
    ------
    LedgerError
        If it cannot be made.
    """
    try:
        path.touch(exist_ok=True)
    except OSError as error:
        raise LedgerError(
            f"The store beside the warehouse cannot be made: {error.strerror}.",
            remedy="Let the server write in the folder of the warehouse, or turn writing off.",
        ) from None


def open_engine(target: Target, path: Path | None) -> Engine:
    """Return an engine for the logs; nothing is opened yet.

    Parameters
    ----------
    target : Target
        The warehouse.
    path : Path or None
        The SQLite file; None for PostgreSQL.

    Returns
    -------
    Engine
        Every transaction locks at once, unless its option ``is_reading`` is set.
    """
    if path is None:
        return create_engine(
            target.url,
            pool_size=1,
            max_overflow=3,
            pool_timeout=PATIENCE_SECONDS,
            pool_pre_ping=True,
            connect_args={
                "options": f"-c timezone=UTC -c lock_timeout={int(PATIENCE_SECONDS * 1000)}",
                "connect_timeout": int(PATIENCE_SECONDS),
            },
        ).execution_options(schema_translate_map={None: SCHEMA})
    address = f"file:{quote(str(path))}?mode={SQLITE_MODE}"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(address, uri=True, timeout=PATIENCE_SECONDS)

    engine = create_engine("sqlite+pysqlite://", creator=connect, poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def take_over_transactions(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver would begin too late

    @event.listens_for(engine, "begin")
    def lock_at_once(connection: Connection) -> None:
        is_reading = connection.get_execution_options().get("is_reading")
        connection.exec_driver_sql("BEGIN" if is_reading else "BEGIN IMMEDIATE")

    return engine


def make_guards(connection: Connection, tables: Iterable[str], *, is_sqlite: bool) -> None:
    """Have the database itself refuse to change or delete an entry.

    Parameters
    ----------
    connection : Connection
        In a transaction; the tables are there.
    tables : iterable of str
        Their names.
    is_sqlite : bool
        Whether it is SQLite, else PostgreSQL.
    """
    if not is_sqlite:
        connection.execute(text(_REFUSE))
    for table in tables:
        for guard in _sqlite_guards(table) if is_sqlite else (_postgresql_guard(table),):
            connection.execute(text(guard))


def _sqlite_guards(table: str) -> tuple[str, ...]:
    return tuple(
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{act.lower()} BEFORE {act} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'events are never changed'); END"
        for act in ("UPDATE", "DELETE")
    )


def _postgresql_guard(table: str) -> str:
    return (
        "CREATE OR REPLACE TRIGGER never_changed BEFORE UPDATE OR DELETE OR TRUNCATE "
        f"ON {SCHEMA}.{table} FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.refuse()"
    )


def lost(error: SQLAlchemyError) -> LedgerError:
    """Make the error that a reader understands.

    Parameters
    ----------
    error : SQLAlchemyError
        Of the engine.

    Returns
    -------
    LedgerError
        Without any address or path.
    """
    about = str(getattr(error, "orig", "") if isinstance(error, DBAPIError) else "").lower()
    if "readonly" in about or "read-only" in about or "permission denied" in about:
        return LedgerError(
            "The store beside the warehouse may not be written.",
            remedy="Let the server write it, or set CASEWORK_WRITING=off.",
        )
    if "locked" in about or "lock timeout" in about:
        return LedgerError(
            "The store beside the warehouse is locked by another program.",
            remedy="Try again in a moment.",
        )
    return LedgerError(
        "The store beside the warehouse cannot be read or written.",
        remedy="Check its file or database; docs/warehouse.md says where it is.",
    )
