"""Move tables between a workshop and PostgreSQL, in bulk and in bounded memory.

It must not know what the tables mean, nor make a schema current before the workshop says so.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import duckdb
import psycopg
from psycopg import sql
from sqlalchemy import Table, types
from sqlalchemy.dialects import postgresql

from dashboard.errors import WarehouseError
from dashboard.warehouse import schema
from dashboard.warehouse.reading_postgresql import CONNECT_SECONDS, lost
from dashboard.warehouse.targets import (
    OLD_GENERATIONS,
    POINTER_TABLE,
    SCHEMA_PREFIX,
    VERSION,
    Target,
    schema_name,
)

CHUNK_BYTES: Final = 1 << 20
DROP_PATIENCE: Final = "10s"

INDEXES: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "fct_submission": (("reporter_id", "collection_id", "period_id"),),
    "fct_finding": (("submission_id",), ("rule_id",)),
    "fct_trade": (
        ("period_id", "reporter_id"),
        ("reporter_id", "period_id"),
        ("partner_id", "period_id"),
        ("submission_id",),
    ),
    "fct_control_total": (("submission_id",), ("reporter_id", "period_id")),
    "fct_check": (("rule_id",),),
    "fct_activity": (("kind", "happened_on"),),
    "fct_check_in": (("key_result_id", "checked_in_on"),),
    "agg_submission_trade": (("submission_id",),),
    "agg_trade_reporter": (
        ("collection_id", "period_id", "reporter_id"),
        ("reporter_id", "period_id"),
    ),
    "agg_trade_partner": (
        ("collection_id", "period_id", "reporter_id"),
        ("reporter_id", "period_id"),
        ("partner_id", "period_id"),
    ),
    "agg_trade_chapter": (
        ("collection_id", "period_id", "reporter_id"),
        ("reporter_id", "period_id"),
        ("chapter_code", "period_id"),
    ),
    "agg_past_chapter": (("collection_id", "period_id", "reporter_id"),),
    "agg_past_section": (("collection_id", "period_id", "reporter_id"),),
    "agg_trade_partner_chapter": (("partner_id", "chapter_code", "period_id"),),
    "agg_trade_region": (("collection_id", "period_id"),),
    "agg_trade_section": (
        ("section_id", "collection_id", "period_id"),
        ("reporter_id", "period_id"),
        ("partner_id", "period_id"),
    ),
    "agg_forecast_test": (("collection_id", "member_id"),),
    "agg_obligation": (
        ("collection_id", "period_id", "member_id"),
        ("member_id", "collection_id", "period_id"),
    ),
}
"""What the views ask for; DuckDB needs none of it."""


@contextlib.contextmanager
def connected(target: Target) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """Connect to a PostgreSQL target for writing.

    Parameters
    ----------
    target : Target
        A PostgreSQL target.

    Yields
    ------
    psycopg.Connection
        Closed at the end.

    Raises
    ------
    WarehouseError
        If the database does not answer; the message holds no part of the address.
    """
    address = target.url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        connection = psycopg.connect(
            address, connect_timeout=CONNECT_SECONDS, options="-c timezone=UTC -c jit=off"
        )
    except psycopg.Error:
        raise lost() from None
    with contextlib.closing(connection):
        yield connection


def current_version(database: psycopg.Connection[tuple[Any, ...]]) -> str | None:
    """Return the version that the pointer names.

    Parameters
    ----------
    database : psycopg.Connection
        Connection to the target.

    Returns
    -------
    str or None
        The version; None if nothing was published yet.
    """
    row = database.execute("SELECT to_regclass(%s)", (f"public.{POINTER_TABLE}",)).fetchone()
    if row is None or row[0] is None:
        return None
    row = database.execute(
        sql.SQL("SELECT version FROM public.{}").format(sql.Identifier(POINTER_TABLE))
    ).fetchone()
    return None if row is None else str(row[0])


def kept_versions(database: psycopg.Connection[tuple[Any, ...]]) -> list[str]:
    """List the generations that have a schema, the newest first, served or not.

    Parameters
    ----------
    database : psycopg.Connection
        Connection to the target.

    Returns
    -------
    list of str
        Versions.
    """
    rows = database.execute(
        "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %s) ORDER BY nspname DESC",
        (SCHEMA_PREFIX,),
    ).fetchall()
    versions = [name.removeprefix(SCHEMA_PREFIX) for (name,) in rows]
    return [version for version in versions if VERSION.match(version)]


def drop_leftovers(database: psycopg.Connection[tuple[Any, ...]], current: str | None) -> None:
    """Drop generations older than those that are kept, and any that was never served.

    Parameters
    ----------
    database : psycopg.Connection
        Connection to the target.
    current : str or None
        The version now served.
    """
    versions = kept_versions(database)
    kept = [version for version in versions if current is not None and version <= current]
    database.execute("SELECT set_config('lock_timeout', %s, false)", (DROP_PATIENCE,))
    for version in versions:
        if version not in kept[: OLD_GENERATIONS + 1]:
            name = sql.Identifier(schema_name(version))
            # One that is still being read is left to the next loader.
            with contextlib.suppress(psycopg.errors.LockNotAvailable):
                database.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(name))
    database.execute("SELECT set_config('lock_timeout', '0', false)")


def download(
    database: psycopg.Connection[tuple[Any, ...]],
    version: str,
    connection: duckdb.DuckDBPyConnection,
    names: Sequence[str],
    folder: Path,
) -> None:
    """Copy tables of a generation into a workshop.

    Parameters
    ----------
    database : psycopg.Connection
        Connection to the target.
    version : str
        The generation.
    connection : duckdb.DuckDBPyConnection
        The workshop's; its tables are empty.
    names : sequence of str
        Tables.
    folder : Path
        For the table that is on its way.
    """
    for name in names:
        table = schema.metadata.tables[name]
        path = folder / f"{name}.csv"
        texts = [c.name for c in table.columns if isinstance(c.type, types.Text)]
        statement = sql.SQL(
            "COPY (SELECT {columns} FROM {schema}.{name}{order}) TO STDOUT "
            "(FORMAT csv, FORCE_QUOTE ({texts}))"
        ).format(
            columns=sql.SQL(", ").join(sql.Identifier(c.name) for c in table.columns),
            schema=sql.Identifier(schema_name(version)),
            name=sql.Identifier(name),
            order=sql.SQL(""),
            texts=sql.SQL(", ").join(map(sql.Identifier, texts)),
        )
        if not texts:
            raise AssertionError(name)  # every table of the schema has a text
        with path.open("wb") as file, database.cursor().copy(statement) as rows:
            for chunk in rows:
                file.write(chunk)
        connection.execute(
            f"INSERT INTO {name} SELECT * FROM read_csv($path, header = false, "  # noqa: S608
            "columns = $columns, delim = ',', quote = '\"', escape = '\"', auto_detect = false, "
            "nullstr = '', allow_quoted_nulls = false, parallel = false)",
            {"path": str(path), "columns": _duckdb_columns(table)},
        )
        path.unlink()


def _duckdb_columns(table: Table) -> dict[str, str]:
    names = {types.Double: "DOUBLE", types.DateTime: "TIMESTAMP", types.Text: "VARCHAR"}
    return {
        column.name: next(
            (name for kind, name in names.items() if isinstance(column.type, kind)),
            str(column.type),
        )
        for column in table.columns
    }


def upload(
    connection: duckdb.DuckDBPyConnection,
    database: psycopg.Connection[tuple[Any, ...]],
    version: str,
    table: Table,
    folder: Path,
) -> None:
    """Create one table of a new generation and fill it from a workshop.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        The workshop's.
    database : psycopg.Connection
        Connection to the target, inside the transaction of the publication.
    version : str
        The new generation; its schema exists.
    table : sqlalchemy.Table
        The table.
    folder : Path
        For the table that is on its way.
    """
    name = sql.Identifier(schema_name(version), table.name)
    database.execute(_definition(table, name))
    path = folder / f"{table.name}.csv"
    # PostgreSQL's text cannot hold the character 0, which a broken file can bring here.
    columns = ", ".join(
        f"replace({c.name}, chr(0), '') AS {c.name}" if isinstance(c.type, types.Text) else c.name
        for c in table.columns
    )
    connection.execute(
        f"COPY (SELECT {columns} FROM {table.name}) TO '{path}' "  # noqa: S608 -- of the schema
        "(FORMAT csv, HEADER false, NULLSTR '')"
    )
    with path.open("rb") as file:
        copy = sql.SQL("COPY {} FROM STDIN (FORMAT csv)").format(name)
        with database.cursor().copy(copy) as rows:
            while chunk := file.read(CHUNK_BYTES):
                rows.write(chunk)
    path.unlink()
    keys = tuple(column.name for column in table.primary_key.columns)
    if keys:
        database.execute(
            sql.SQL("ALTER TABLE {} ADD PRIMARY KEY ({})").format(name, _identifiers(keys))
        )
    for index in INDEXES.get(table.name, ()):
        database.execute(sql.SQL("CREATE INDEX ON {} ({})").format(name, _identifiers(index)))
    database.execute(sql.SQL("ANALYZE {}").format(name))


def _definition(table: Table, name: sql.Composable) -> sql.Composed:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's, untyped
    columns = [
        sql.SQL("{} {}{}").format(
            sql.Identifier(column.name),
            sql.SQL(column.type.compile(dialect=dialect)),
            sql.SQL("" if column.nullable else " NOT NULL"),
        )
        for column in table.columns
    ]
    return sql.SQL("CREATE TABLE {} ({})").format(name, sql.SQL(", ").join(columns))


def _identifiers(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def point_to(database: psycopg.Connection[tuple[Any, ...]], version: str) -> None:
    """Make a generation the current one, once the transaction commits.

    Parameters
    ----------
    database : psycopg.Connection
        Connection to the target, inside the transaction of the publication.
    version : str
        The new generation.

    Raises
    ------
    WarehouseError
        If the database may not be written.
    """
    pointer = sql.Identifier("public", POINTER_TABLE)
    try:
        database.execute(
            sql.SQL(
                "CREATE TABLE IF NOT EXISTS {} (version text NOT NULL, "
                "published_at timestamptz NOT NULL)"
            ).format(pointer)
        )
        database.execute(sql.SQL("DELETE FROM {}").format(pointer))
        database.execute(
            sql.SQL("INSERT INTO {} VALUES (%s, clock_timestamp())").format(pointer), (version,)
        )
    except psycopg.errors.InsufficientPrivilege:
        raise WarehouseError(
            "The database user may not write the pointer table in the schema 'public'.",
            remedy="Grant it CREATE on the schema 'public'.",
        ) from None
