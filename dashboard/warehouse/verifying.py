"""Read every row of a generation and tell whether it is whole.

It must not mend anything, and must not trust what the generation says of itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import psycopg
from sqlalchemy import Table, types

from dashboard.errors import WarehouseError
from dashboard.warehouse import copying, schema
from dashboard.warehouse.reading_duckdb import check_schema_version
from dashboard.warehouse.references import REFERENCES
from dashboard.warehouse.targets import DUCKDB, Target, parse_target, schema_name, served_version

Query = Callable[[str], list[tuple[Any, ...]]]

RELATIVE_TOLERANCE: Final = 1e-9
"""Two engines add the same values in different orders."""

TRADE_ROLLUPS: Final = (
    "agg_trade_reporter",
    "agg_trade_partner",
    "agg_trade_chapter",
    "agg_trade_partner_chapter",
    "agg_trade_section",
    "agg_trade_region",
)
"""Each adds up to the current trade."""

PAST_ROLLUPS: Final = ("agg_past_chapter", "agg_past_section")
"""Each adds up to the trade of submissions that a revision has replaced."""

REQUIRED_FACTS: Final = ("version", "built_at", "data_on", "is_synthetic", "framework")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not whole, and the table it is in."""

    table: str
    what: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a full scan found."""

    version: str
    row_counts: Mapping[str, int]
    problems: tuple[Problem, ...]

    @property
    def is_ok(self) -> bool:
        """Tell whether nothing was found.

        Returns
        -------
        bool
            True if the generation is whole.
        """
        return not self.problems


@dataclass(frozen=True, slots=True)
class Digest:
    """What a table holds, in figures that any engine can compute by reading all of it."""

    rows: int
    parts: tuple[float | None, ...]

    def equals(self, other: Digest) -> bool:
        """Tell whether two tables hold the same, as far as the figures tell.

        Parameters
        ----------
        other : Digest
            Digest of the other table.

        Returns
        -------
        bool
            True if so.
        """
        return (
            self.rows == other.rows
            and len(self.parts) == len(other.parts)
            and all(map(_is_near, self.parts, other.parts))
        )


def _is_near(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= RELATIVE_TOLERANCE * max(abs(one), abs(other))


def verify(url: str) -> Report:
    """Scan the generation that is served.

    Parameters
    ----------
    url : str
        ``WAREHOUSE_URL``.

    Returns
    -------
    Report
        Its version, the rows of each table, and every problem.

    Raises
    ------
    WarehouseError
        If there is no generation, or it cannot be opened at all.
    """
    target = parse_target(url)
    if target.engine == DUCKDB:
        version = served_version(target)
        if version is None:
            raise WarehouseError("There is no warehouse to verify.", remedy="Build one first.")
        return verify_file(target, version)
    with copying.connected(target) as database:
        found = copying.current_version(database)
        if found is None:
            raise WarehouseError("There is no warehouse to verify.", remedy="Build one first.")
        database.execute("SELECT set_config('search_path', %s, false)", (schema_name(found),))
        return scan(found, _postgresql_query(database))


def verify_file(target: Target, version: str) -> Report:
    """Scan a generation's DuckDB file.

    Parameters
    ----------
    target : Target
        A DuckDB target.
    version : str
        The generation.

    Returns
    -------
    Report
        What was found.

    Raises
    ------
    WarehouseError
        If the file cannot be opened.
    """
    path = target.generation_path(version)
    if not is_as_published(target, version):
        # DuckDB has been seen to crash on damaged blocks: such a file is not even opened.
        return Report(version, {}, (Problem(path.name, "its bytes are not those published"),))
    # Attached to a connection of its own: the settings of a reader in this process don't clash.
    with duckdb.connect(config={"threads": "2", "memory_limit": "1GB"}) as connection:
        try:
            connection.execute(
                f"ATTACH '{str(path).replace(chr(39), chr(39) * 2)}' AS g (READ_ONLY)"
            )
            connection.execute("USE g")
        except duckdb.Error as error:
            raise WarehouseError(
                f"File {path.name!r} cannot be opened ({type(error).__name__}).",
                remedy="Load again; the generation before it is still there.",
            ) from None
        return scan(version, lambda text: connection.execute(text).fetchall())


def file_checksum(path: Path) -> str:
    """Return the SHA-256 of a file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    str
        Hexadecimal digits.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_as_published(target: Target, version: str) -> bool:
    """Tell whether a generation's file has the bytes that were published.

    Parameters
    ----------
    target : Target
        A DuckDB target.
    version : str
        The generation.

    Returns
    -------
    bool
        False if they differ; True also if the checksum is not there to tell.

    Raises
    ------
    WarehouseError
        If the file is missing.
    """
    path = target.generation_path(version)
    try:
        expected = target.checksum_path(version).read_text(encoding="ascii")
    except FileNotFoundError:
        return True
    try:
        return file_checksum(path) == expected
    except OSError as error:
        raise WarehouseError(
            f"File {path.name!r} cannot be read: {error.strerror}.",
            remedy="Put it back, or load again.",
        ) from None


def _postgresql_query(database: psycopg.Connection[tuple[Any, ...]]) -> Query:
    return lambda text: database.execute(text.encode()).fetchall()


def scan(version: str, query: Query) -> Report:
    """Scan a generation by statements that both engines understand.

    Parameters
    ----------
    version : str
        What the generation's version should be.
    query : callable
        Runs a statement on it and returns the rows.

    Returns
    -------
    Report
        What was found.
    """
    counts: dict[str, int] = {}
    problems: list[Problem] = []
    for table in schema.metadata.sorted_tables:
        try:
            counts[table.name] = digest(table, query).rows
            problems.extend(_duplicates(table, query))
        except (duckdb.Error, psycopg.Error) as error:
            # No more questions: DuckDB has been seen to crash on the second damaged table.
            damage = Problem(table.name, f"cannot be read: {type(error).__name__}")
            return Report(version, counts, (*problems, damage))
    if not problems:
        problems.extend(_orphans(query))
        problems.extend(_strays(query))
        problems.extend(_false_facts(version, query))
        problems.extend(_false_rollups(query))
    return Report(version, counts, tuple(problems))


def digest(table: Table, query: Query) -> Digest:
    """Read every cell of a table and add up what it holds.

    Parameters
    ----------
    table : sqlalchemy.Table
        A table of the schema.
    query : callable
        Runs a statement and returns the rows.

    Returns
    -------
    Digest
        Rows, and for each column what its values add up to and how many there are.
    """
    parts = ", ".join(f"{_sum(column)}, count({column.name})" for column in table.columns)
    (row,) = query(f"SELECT count(*), {parts} FROM {table.name}")  # noqa: S608 -- of the schema
    return Digest(int(row[0]), tuple(None if part is None else float(part) for part in row[1:]))


def _sum(column: Any) -> str:
    name = column.name
    if isinstance(column.type, types.Text):
        # Both engines give a code point; the length alone would miss a changed letter.
        return f"sum(CAST(length({name}) * 1024 + ascii({name}) AS DOUBLE PRECISION))"
    if isinstance(column.type, types.Boolean):
        return f"sum(CASE WHEN {name} THEN 1.0 ELSE 0.0 END)"
    if isinstance(column.type, types.DateTime):
        return f"sum(CAST(EXTRACT(EPOCH FROM {name}) AS DOUBLE PRECISION))"
    if isinstance(column.type, types.Date):
        return f"sum(CAST({name} - DATE '2000-01-01' AS DOUBLE PRECISION))"
    return f"sum(CAST({name} AS DOUBLE PRECISION))"


def _duplicates(table: Table, query: Query) -> Iterator[Problem]:
    keys = ", ".join(column.name for column in table.primary_key.columns)
    if keys:
        ((count,),) = query(
            "SELECT count(*) FROM (SELECT 1 AS one "  # noqa: S608 -- names of the schema
            f"FROM {table.name} GROUP BY {keys} HAVING count(*) > 1) AS twice"
        )
        if count:
            yield Problem(table.name, f"{count} key(s) ({keys}) stand more than once")


def _orphans(query: Query) -> Iterator[Problem]:
    for table, column, target, key in REFERENCES:
        found = query(
            f"SELECT v FROM (SELECT DISTINCT {column} AS v FROM {table}) AS used "  # noqa: S608
            f"WHERE v IS NOT NULL AND v NOT IN (SELECT {key} FROM {target}) ORDER BY v LIMIT 3"
        )
        if found:
            values = [value for (value,) in found]
            yield Problem(table, f"{column} has values that {target} lacks, such as {values!r}")


def _strays(query: Query) -> Iterator[Problem]:
    """Find rows that belong to another reporter or period than their submission does."""
    for table in ("fct_trade", "fct_control_total"):
        ((count,),) = query(
            f"SELECT count(*) FROM {table} AS t JOIN fct_submission AS s "  # noqa: S608 -- ours
            "ON s.submission_id = t.submission_id "
            "WHERE s.reporter_id <> t.reporter_id OR s.period_id <> t.period_id"
        )
        if count:
            yield Problem(table, f"{count} row(s) disagree with their submission")


def _false_facts(version: str, query: Query) -> Iterator[Problem]:
    info: dict[str, str] = dict(query("SELECT name, value FROM warehouse_info"))
    for name in REQUIRED_FACTS:
        if not info.get(name):
            yield Problem("warehouse_info", f"{name!r} is missing")
    if info.get("version") != version:
        yield Problem("warehouse_info", f"version is {info.get('version')!r}, not {version!r}")
    try:
        check_schema_version(info)
    except WarehouseError as error:
        yield Problem("warehouse_info", error.found)


def _false_rollups(query: Query) -> Iterator[Problem]:
    """Compare each trade rollup with the facts that are current, or that were."""
    for names, held, what in (
        (TRADE_ROLLUPS, "IS NULL", "current"),
        (PAST_ROLLUPS, "IS NOT NULL", "replaced"),
    ):
        facts = _totals(
            query,
            "(SELECT s.collection_id, s.period_id, t.flow_code, t.value_usd FROM fct_trade AS t "  # noqa: S608
            "JOIN fct_submission AS s ON s.submission_id = t.submission_id "
            f"WHERE s.is_accepted AND s.superseded_at {held}) AS trade",
            rows="count(*)",
        )
        for name in names:
            found = _totals(query, name, rows="sum(row_count)")
            if found.keys() != facts.keys() or not all(
                all(map(_is_near, found[key], facts[key])) for key in facts
            ):
                yield Problem(name, f"does not add up to the {what} trade of fct_trade")


def _totals(query: Query, source: str, *, rows: str) -> dict[tuple[Any, ...], tuple[float, ...]]:
    found = query(
        f"SELECT collection_id, period_id, flow_code, sum(value_usd), {rows} "  # noqa: S608
        f"FROM {source} GROUP BY 1, 2, 3"
    )
    return {tuple(row[:3]): (float(row[3]), float(row[4])) for row in found}
