"""Make a finished workshop the generation that is served, in one step.

It must not change what is served until the new generation was written, forced to disk and read
back whole.
"""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import duckdb
import psycopg
from psycopg import sql

from dashboard.errors import WarehouseError
from dashboard.warehouse import copying, schema
from dashboard.warehouse.reading_postgresql import lost
from dashboard.warehouse.tables import create_tables
from dashboard.warehouse.targets import (
    DUCKDB,
    OLD_GENERATIONS,
    Target,
    new_version,
    parse_target,
    schema_name,
)
from dashboard.warehouse.verifying import Digest, digest, file_checksum, scan, verify_file
from dashboard.warehouse.workshop import LAST_STEP, Progress, Silent, Workshop, open_scratch

MOST_FREE: Final = 0.4
"""A file with a larger share of unused blocks is written anew before it is published."""

LOST_CLASSES: Final = ("08", "57")
"""Classes of SQLSTATE: the connection failed, or the server was shut down."""


def publish(workshop: Workshop, url: str, *, progress: Progress | None = None) -> str:
    """Publish a finished workshop, and end it.

    Parameters
    ----------
    workshop : Workshop
        Finished by ``finishing.finish``.
    url : str
        ``WAREHOUSE_URL``, the one that the workshop was begun with.
    progress : Progress, optional
        Told of each step.

    Returns
    -------
    str
        The version of the new generation.

    Raises
    ------
    WarehouseError
        If the new generation is not whole or cannot be written; the old one stays.
    """
    progress = progress or Silent()
    target = parse_target(url)
    if target != workshop.target:
        raise WarehouseError(
            "A workshop goes back where it came from.",
            remedy="Publish to the address that it was begun with.",
        )
    version = new_version(datetime.now(UTC))
    workshop.connection.execute("DELETE FROM warehouse_info WHERE name = 'version'")
    workshop.connection.execute("INSERT INTO warehouse_info VALUES ('version', ?)", [version])
    try:
        if target.engine == DUCKDB:
            _publish_duckdb(workshop, target, version, progress)
        else:
            _publish_postgresql(workshop, target, version, progress)
    finally:
        workshop.release()
    return version


def _digests(connection: duckdb.DuckDBPyConnection) -> dict[str, Digest]:
    return {
        table.name: digest(table, lambda text: connection.execute(text).fetchall())
        for table in schema.metadata.sorted_tables
    }


def _publish_duckdb(workshop: Workshop, target: Target, version: str, progress: Progress) -> None:
    assert target.pointer is not None
    progress.step("write")
    expected = _digests(workshop.connection)
    _tidy(workshop)
    workshop.connection.execute("CHECKPOINT")
    workshop.connection.close()
    checksum = file_checksum(workshop.path)
    _sync(workshop.path)
    generation = target.generation_path(version)
    workshop.path.rename(generation)
    target.checksum_path(version).write_text(checksum, encoding="ascii")
    _sync(target.checksum_path(version))
    _sync(generation.parent)
    progress.done()
    progress.step("verify")
    try:
        _verify_file(target, version, expected)
    except BaseException:
        target.delete_generation(version)
        raise
    progress.done()
    progress.step(LAST_STEP)
    link = target.pointer.with_name(f".{target.pointer.name}.{secrets.token_hex(4)}.link")
    link.symlink_to(generation.name)
    try:
        link.replace(target.pointer)
    except OSError:
        link.unlink(missing_ok=True)
        target.delete_generation(version)
        raise
    _sync(target.pointer.parent)
    for old in target.generations()[: -(OLD_GENERATIONS + 1)]:
        target.delete_generation(old)
    progress.done()


def _tidy(workshop: Workshop) -> None:
    """Write the file anew if much of it is unused: dropped tables leave their blocks behind."""
    workshop.connection.execute("CHECKPOINT")
    row = workshop.connection.execute(
        "SELECT total_blocks, free_blocks FROM pragma_database_size()"
    ).fetchone()
    assert row is not None
    total, free = row
    if free <= MOST_FREE * total:
        return
    fresh = Path(f"{workshop.path}.fresh")
    workshop.held.callback(fresh.unlink, missing_ok=True)
    connection = open_scratch(fresh)
    try:
        create_tables(connection)
    finally:
        connection.close()
    workshop.connection.execute(f"ATTACH '{str(fresh).replace(chr(39), chr(39) * 2)}' AS fresh")
    for name in schema.metadata.tables:
        workshop.connection.execute(f"INSERT INTO fresh.{name} FROM {name}")
    workshop.connection.execute("CHECKPOINT fresh")
    workshop.connection.execute("DETACH fresh")
    workshop.connection.close()
    fresh.replace(workshop.path)
    workshop.connection = open_scratch(workshop.path)


def _verify_file(target: Target, version: str, expected: dict[str, Digest]) -> None:
    report = verify_file(target, version)
    problems = [f"{problem.table}: {problem.what}" for problem in report.problems]
    with duckdb.connect() as connection:
        path = str(target.generation_path(version)).replace("'", "''")
        connection.execute(f"ATTACH '{path}' AS g (READ_ONLY)")
        connection.execute("USE g")
        problems += _differences(expected, _digests(connection))
    _refuse(problems)


def _differences(expected: dict[str, Digest], found: dict[str, Digest]) -> list[str]:
    return [
        f"{name}: reads back otherwise than it was written"
        for name in expected
        if not expected[name].equals(found[name])
    ]


def _refuse(problems: list[str]) -> None:
    if problems:
        raise WarehouseError(
            f"The new generation has {len(problems)} problem(s), so it was not published:\n  - "
            + "\n  - ".join(problems)
            + "\n",
            remedy="The old generation is still served; mend what is named and load again.",
        )


def _sync(path: Path) -> None:
    """Force a file, or the entries of a folder, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _publish_postgresql(
    workshop: Workshop, target: Target, version: str, progress: Progress
) -> None:
    tables = schema.metadata.sorted_tables
    expected = _digests(workshop.connection)
    try:
        with copying.connected(target) as database:
            progress.step("write", total=len(tables))
            with database.transaction():
                name = schema_name(version)
                database.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
                for table in tables:
                    copying.upload(
                        workshop.connection, database, version, table, workshop.path.parent
                    )
                    progress.advance()
                progress.done()
                progress.step("verify")
                _verify_schema(database, version, expected)
                progress.done()
                progress.step(LAST_STEP)
                copying.point_to(database, version)
            database.autocommit = True
            copying.drop_leftovers(database, version)
            progress.done()
    except psycopg.errors.InsufficientPrivilege:
        raise WarehouseError(
            "The database user may not create a schema.",
            remedy="Grant it CREATE on the database.",
        ) from None
    except psycopg.Error as error:
        if error.sqlstate is None or error.sqlstate[:2] in LOST_CLASSES:
            raise lost() from None
        raise WarehouseError(
            f"PostgreSQL refused the new generation (SQLSTATE {error.sqlstate}).",
            remedy="The old one is still served; the server's log says more.",
        ) from None


def _verify_schema(
    database: psycopg.Connection[tuple[Any, ...]], version: str, expected: dict[str, Digest]
) -> None:
    database.execute("SELECT set_config('search_path', %s, true)", (schema_name(version),))

    def query(text: str) -> list[tuple[Any, ...]]:
        return database.execute(text.encode()).fetchall()

    problems = [f"{one.table}: {one.what}" for one in scan(version, query).problems]
    problems += _differences(
        expected, {table.name: digest(table, query) for table in schema.metadata.sorted_tables}
    )
    _refuse(problems)
