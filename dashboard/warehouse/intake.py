# ruff: noqa: S608 - names and constants of this package make up statements; values are bound

"""Takes in files of small records, one by one, and accounts for each.

What a record means is said by its module; here a file is read, a record that
cannot be placed becomes a finding, and the load is logged.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dashboard.errors import DataContractError
from dashboard.warehouse import staging
from dashboard.warehouse.file_layouts import normalise
from dashboard.warehouse.record_fields import Fields, RecordError
from dashboard.warehouse.report import Example, FileReport, LoadReport, rule_findings
from dashboard.warehouse.resolving import Areas

if TYPE_CHECKING:
    import duckdb

    from dashboard.framework import Framework
    from dashboard.warehouse.workshop import Workshop

RULE: Final = "unreadable_record"
EXAMPLES: Final = 20


@dataclass(frozen=True, slots=True)
class RecordFile:
    """The columns of one kind of file."""

    kind: str
    """As in ``load_log``."""
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


@dataclass
class Intake:
    """What became of the records of one file."""

    rows_read: int = 0
    rows_loaded: int = 0
    rows_held: int = 0
    problems: list[Example] = field(default_factory=list)
    created: int = 0
    changed: int = 0
    unchanged: int = 0


def load_records(
    workshop: Workshop,
    path: Path,
    file: RecordFile,
    take: Callable[[Fields, Intake], None],
    write: Callable[[int], None],
    *,
    loaded_at: datetime,
) -> LoadReport:
    """Read a file of records, take each, write what is new, and account for all.

    Parameters
    ----------
    workshop : Workshop
        Holds the copy of the warehouse that is changed.
    path : Path
        A CSV file.
    file : RecordFile
        Its columns.
    take : callable
        Understands one record and counts it as created, changed or unchanged.
        Raises `RecordError`.
    write : callable
        Writes what was taken; gets the load's id. Called if there is a change.
    loaded_at : datetime
        Now, UTC without an offset.

    Returns
    -------
    LoadReport
        Every record accounted for.

    Raises
    ------
    DataContractError
        If the file cannot be read or its header is wrong.
    """
    connection = workshop.connection
    source = staging.inspect(path)
    areas = Areas()
    intake = Intake()
    for line, values, is_ragged in _lines(source, file):
        intake.rows_read += 1
        try:
            if is_ragged:
                raise RecordError("row", ",".join(values)[:80], "as many fields as the header")
            take(Fields(values, areas), intake)
            intake.rows_loaded += 1
        except RecordError as problem:
            intake.problems.append(
                Example(source.name, line, problem.field, problem.value, problem.expected)
            )
    has_changes = bool(intake.created or intake.changed)
    if has_changes:
        load_id = next_id(connection, "load_log", "load_id")
        write(load_id)
        _write_log(connection, load_id, source, file.kind, intake, loaded_at)
    return _report(workshop.framework, source, file.kind, intake, has_changes=has_changes)


def _lines(source: staging.SourceFile, file: RecordFile) -> Any:
    if source.container == "parquet":
        raise DataContractError(f"{source.name} is Parquet.", f"A {file.kind} file is CSV.")
    stream = staging.records(source)
    first = next(stream, None)
    header = [normalise(name) for name in (first[1] if first else [])]
    if header and not header[-1]:
        header.pop()
    known = {normalise(name): name for name in (*file.required, *file.optional)}
    missing = [name for name in file.required if normalise(name) not in header]
    if missing:
        raise DataContractError(
            f"{source.name}: the header lacks {missing}; it has {header}.",
            f"A {file.kind} file has {list(file.required)}, and may have {list(file.optional)}.",
            "See docs/loading.md.",
        )
    names = [known.get(name, "") for name in header]
    width = len(header)
    for line, cells in stream:
        is_ragged = len(cells) != width and not (len(cells) == width + 1 and not cells[-1].strip())
        values = (
            dict(enumerate(cells))
            if is_ragged
            else {name: cell for name, cell in zip(names, cells, strict=False) if name}
        )
        yield line, (list(values.values()) if is_ragged else values), is_ragged


def _write_log(
    connection: duckdb.DuckDBPyConnection,
    load_id: int,
    source: staging.SourceFile,
    kind: str,
    intake: Intake,
    loaded_at: datetime,
) -> None:
    connection.execute(
        "insert into load_log values (?, ?, ?, ?, null, null, ?, ?, ?, 0, ?, ?, ?, ?)",
        [
            *(load_id, source.name, source.sha256, kind, loaded_at, intake.rows_read),
            *(intake.rows_loaded, len(intake.problems), intake.created, intake.changed),
            intake.unchanged,
        ],
    )
    if intake.problems:
        first = next_id(connection, "fct_finding", "finding_id")
        connection.executemany(
            "insert into fct_finding values (?, ?, null, ?, ?, ?, ?, ?, ?, null, null, null, null)",
            [
                [
                    *(first + place, load_id, RULE, one.file_name, one.line, one.field),
                    *(one.value, one.expected),
                ]
                for place, one in enumerate(intake.problems[:EXAMPLES])
            ],
        )


def _report(
    framework: Framework,
    source: staging.SourceFile,
    kind: str,
    intake: Intake,
    *,
    has_changes: bool,
) -> LoadReport:
    file = FileReport(
        source.name,
        "loaded" if has_changes else "unchanged",
        layout_id=kind,
        encoding=source.encoding,
        rows_read=intake.rows_read,
        rows_loaded=intake.rows_loaded,
        rows_finding=len(intake.problems),
        rows_held=intake.unchanged,
        problems={RULE: len(intake.problems)} if intake.problems else {},
        submissions_new=intake.created,
        submissions_revised=intake.changed,
        submissions_unchanged=intake.unchanged,
    )
    findings = rule_findings(
        framework, {RULE: len(intake.problems)}, {RULE: intake.problems[:EXAMPLES]}
    )
    return LoadReport((file,), findings)


def next_id(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> int:
    """Return the number after the last one in use.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Connection to a workshop.
    table, column : str
        Where the numbers are.

    Returns
    -------
    int
        1 if the table is empty.
    """
    row: Any = connection.execute(f"select coalesce(max({column}), 0) + 1 from {table}").fetchone()
    return int(row[0])
