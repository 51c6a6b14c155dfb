# ruff: noqa: S608 - names and constants of this package make up statements; values are bound

"""Loads indicators, activities and check-ins into a workshop.

Each has a header and one record per line; a record that cannot be placed is a
finding and the others are kept. Nothing is published here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dashboard import reference
from dashboard.warehouse.intake import Intake, RecordFile, load_records, next_id
from dashboard.warehouse.record_fields import Fields, RecordError
from dashboard.warehouse.report import LoadReport

if TYPE_CHECKING:
    from dashboard.warehouse.workshop import Workshop

FIRST_YEAR: Final = 1950

INDICATORS: Final = RecordFile("indicators", ("member", "year", "indicator", "value", "source"))
ACTIVITY: Final = RecordFile(
    "activity",
    ("tactic", "kind", "happened_on"),
    ("member", "region", "amount", "is_done", "note"),
)
CHECK_IN: Final = RecordFile(
    "check_in",
    ("key_result", "checked_in_on", "author"),
    ("value", "confidence", "note"),
)


def load_indicators(workshop: Workshop, path: Path, *, loaded_at: datetime) -> LoadReport:
    """Load external scores: member, year, indicator, value, source.

    Parameters
    ----------
    workshop : Workshop
        Holds the copy of the warehouse that is changed.
    path : Path
        A CSV file. A value for the same member, indicator and year replaces the old one.
    loaded_at : datetime
        Now, UTC without an offset.

    Returns
    -------
    LoadReport
        Every record accounted for.
    """
    connection = workshop.connection
    known = [indicator.id for indicator in workshop.framework.indicators]
    members = {int(member) for member in reference.members()["member_id"]}
    held: dict[tuple[int, str, int], tuple[float, str]] = {
        (row[0], row[1], row[2]): (row[3], row[4])
        for row in connection.execute(
            "select member_id, indicator_id, year, value, source from fct_indicator"
        ).fetchall()
    }
    fresh: dict[tuple[int, str, int], tuple[float, str]] = {}

    def take(fields: Fields, intake: Intake) -> None:
        member_id = fields.area("member")
        if member_id not in members:
            raise RecordError("member", fields.text("member"), "a member")
        year = fields.number("year", FIRST_YEAR, loaded_at.year)
        if year is None or year != int(year):
            raise RecordError("year", fields.text("year"), "a year such as 2019")
        key = (member_id, fields.one_of("indicator", known), int(year))
        value = fields.number("value")
        if value is None:
            raise RecordError("value", "", "a number")
        entry = (value, fields.needed("source"))
        if fresh.get(key, held.get(key)) == entry:
            intake.unchanged += 1
            return
        if key in fresh or key in held:
            intake.changed += 1
        else:
            intake.created += 1
        fresh[key] = entry

    def write(_: int) -> None:
        connection.executemany(
            "delete from fct_indicator where member_id = ? and indicator_id = ? and year = ?",
            [list(key) for key in fresh if key in held] or [[0, "", 0]],
        )
        if fresh:
            connection.executemany(
                "insert into fct_indicator values (?, ?, ?, ?, ?)",
                [[*key, *entry] for key, entry in fresh.items()],
            )

    return load_records(workshop, path, INDICATORS, take, write, loaded_at=loaded_at)


def load_activity(workshop: Workshop, path: Path, *, loaded_at: datetime) -> LoadReport:
    """Load acts of the strategy: tactic, kind, happened_on and what they were.

    Parameters
    ----------
    workshop : Workshop
        Holds the copy of the warehouse that is changed.
    path : Path
        A CSV file. A record that is held already, in every field, is not repeated.
    loaded_at : datetime
        Now, UTC without an offset.

    Returns
    -------
    LoadReport
        Every record accounted for.
    """
    tactics = [tactic.id for tactic in workshop.framework.tactics]
    regions = list(reference.regions()["region_id"])
    region_of = dict(
        zip(reference.members()["member_id"], reference.members()["region_id"], strict=True)
    )
    columns = "tactic_id, kind, member_id, region_id, happened_on, amount, is_done, note"

    def parse(fields: Fields) -> tuple[Any, ...]:
        member_id = fields.area("member") if fields.text("member") else None
        region = (
            fields.one_of("region", regions)
            if fields.text("region")
            else (region_of.get(member_id) if member_id is not None else None)
        )
        return (
            fields.one_of("tactic", tactics),
            fields.needed("kind"),
            member_id,
            region,
            fields.day("happened_on"),
            fields.number("amount", default=1.0),
            fields.truth("is_done", default=True),
            fields.text("note") or None,
        )

    return _load_appended(
        workshop, path, ACTIVITY, parse, "fct_activity", "activity_id", columns, loaded_at
    )


def load_check_ins(workshop: Workshop, path: Path, *, loaded_at: datetime) -> LoadReport:
    """Load progress reports: key_result, checked_in_on, value, confidence, note, author.

    Parameters
    ----------
    workshop : Workshop
        Holds the copy of the warehouse that is changed.
    path : Path
        A CSV file. A record that is held already, in every field, is not repeated.
    loaded_at : datetime
        Now, UTC without an offset.

    Returns
    -------
    LoadReport
        Every record accounted for.
    """
    key_results = [result.id for result in workshop.framework.key_results]
    columns = "key_result_id, checked_in_on, value, confidence, note, author"

    def parse(fields: Fields) -> tuple[Any, ...]:
        return (
            fields.one_of("key_result", key_results),
            fields.day("checked_in_on", latest=loaded_at.date()),
            fields.number("value"),
            fields.number("confidence", 0, 1),
            fields.text("note") or None,
            fields.needed("author"),
        )

    return _load_appended(
        workshop, path, CHECK_IN, parse, "fct_check_in", "check_in_id", columns, loaded_at
    )


def _load_appended(
    workshop: Workshop,
    path: Path,
    file: RecordFile,
    parse: Callable[[Fields], tuple[Any, ...]],
    table: str,
    key: str,
    columns: str,
    loaded_at: datetime,
) -> LoadReport:
    connection = workshop.connection
    held = set(connection.execute(f"select {columns} from {table}").fetchall())
    fresh: list[tuple[Any, ...]] = []

    def take(fields: Fields, intake: Intake) -> None:
        record = parse(fields)
        if record in held:
            intake.unchanged += 1
            return
        held.add(record)
        fresh.append(record)
        intake.created += 1

    def write(_: int) -> None:
        first = next_id(connection, table, key)
        if fresh:
            marks = ", ".join("?" for _ in range(len(fresh[0]) + 1))
            connection.executemany(
                f"insert into {table} ({key}, {columns}) values ({marks})",
                [[first + place, *record] for place, record in enumerate(fresh)],
            )

    return load_records(workshop, path, file, take, write, loaded_at=loaded_at)
