"""Where the log of cases is kept: its table, its guards, its address and its errors.

It must not read or write an event.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Double,
    Engine,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    event,
    text,
)
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from dashboard.errors import WarehouseError
from dashboard.warehouse.targets import Target

SCHEMA: Final = "wco_casework"
"""PostgreSQL's schema of the log; no generation's name begins like it."""

PATIENCE_SECONDS: Final = 2.0
"""How long a reader or writer waits for another one."""

SQLITE_MODE: Final = "rw"
"""Makes no file, and falls back on reading where the file may not be written."""

ADVISORY_LOCK: Final = 0x57434F43  # "WCOC": one at a time creates the schema

metadata = MetaData()
case_event = Table(
    "case_event",
    metadata,
    Column("event_id", Integer, primary_key=True),
    Column("collection_id", Text, nullable=False),
    Column("case_id", Text, nullable=False),
    Column("number", Integer, nullable=False),  # 1, 2, 3 ... within the case
    Column("state", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("author", Text, nullable=False),  # a name that was typed, no proof of identity
    Column("written_at", DateTime, nullable=False),  # UTC
    Column("warehouse_version", Text, nullable=False),  # the generation it was judged on
    Column("value_usd", Double, nullable=False),  # what that generation said
    Column("expected_usd", Double, nullable=False),
    Column("member_share", Double),
    Column("region_share", Double),
    Column("request_id", Text, nullable=False, unique=True),  # the same request writes once
    UniqueConstraint("collection_id", "case_id", "number"),
)
"""The log. ``number`` makes two writers who saw the same state collide."""

_SQLITE_GUARDS: Final = tuple(
    f"CREATE TRIGGER IF NOT EXISTS no_{act.lower()} BEFORE {act} ON case_event "
    "BEGIN SELECT RAISE(ABORT, 'events are never changed'); END"
    for act in ("UPDATE", "DELETE")
)
_POSTGRESQL_GUARDS: Final = (
    f"""
    CREATE OR REPLACE FUNCTION {SCHEMA}.refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'events are never changed'; END $$
    """,
    f"""
    CREATE OR REPLACE TRIGGER never_changed BEFORE UPDATE OR DELETE OR TRUNCATE
    ON {SCHEMA}.case_event FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.refuse()
    """,
)


class CaseworkError(WarehouseError):
    """The store of casework is lost, locked or may not be written."""


class CaseMovedError(WarehouseError):
    """Somebody else wrote about the case since the writer looked at it."""


def casework_path(target: Target) -> Path:
    """Return the file of the log beside a DuckDB warehouse.

    Parameters
    ----------
    target : Target
        A DuckDB target.

    Returns
    -------
    Path
        Such as ``warehouse.cases.sqlite`` beside ``warehouse.duckdb``.
    """
    assert target.pointer is not None
    return target.pointer.with_name(f"{target.pointer.stem}.cases.sqlite")


def make_file(path: Path) -> None:
    """Make the file of the log, if it is not there.

    Parameters
    ----------
    path : Path
        From :func:`casework_path`.

    Raises
    ------
    CaseworkError
        If it cannot be made.
    """
    try:
        path.touch(exist_ok=True)
    except OSError as error:
        raise CaseworkError(
            f"The log of cases cannot be made: {error.strerror}.",
            remedy="Let the server write in the folder of the warehouse, or turn writing off.",
        ) from None


def open_engine(target: Target, path: Path | None) -> Engine:
    """Return an engine for the log; nothing is opened yet.

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


def make_guards(connection: Connection, *, is_sqlite: bool) -> None:
    """Have the database itself refuse to change or delete an event.

    Parameters
    ----------
    connection : Connection
        In a transaction; the table is there.
    is_sqlite : bool
        Whether it is SQLite, else PostgreSQL.
    """
    for guard in _SQLITE_GUARDS if is_sqlite else _POSTGRESQL_GUARDS:
        connection.execute(text(guard))


def lost(error: SQLAlchemyError) -> CaseworkError:
    """Make the error that a reader understands.

    Parameters
    ----------
    error : SQLAlchemyError
        Of the engine.

    Returns
    -------
    CaseworkError
        Without any address or path.
    """
    about = str(getattr(error, "orig", "") if isinstance(error, DBAPIError) else "").lower()
    if "readonly" in about or "read-only" in about or "permission denied" in about:
        return CaseworkError(
            "The log of cases may not be written.",
            remedy="Let the server write it, or set CASEWORK_WRITING=off.",
        )
    if "locked" in about or "lock timeout" in about:
        return CaseworkError(
            "The log of cases is locked by another program.",
            remedy="Try again in a moment.",
        )
    return CaseworkError(
        "The log of cases cannot be read or written.",
        remedy="Check its file or database; docs/warehouse.md says where it is.",
    )
