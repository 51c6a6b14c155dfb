"""Loads receipt logs: which member's data of which period came in when.

A receipt is a submission of which the data may not be here: loading the data
later attaches to it, and logging after loading fills the day in. Data itself is
never touched here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import pyarrow as pa

from dashboard.warehouse.intake import Intake, RecordFile, load_records, next_id
from dashboard.warehouse.record_fields import Fields, RecordError
from dashboard.warehouse.report import LoadReport
from dashboard.warehouse.resolving import parse_period
from dashboard.warehouse.submitting import BOUNDS, CHANNELS

if TYPE_CHECKING:
    import duckdb

    from dashboard.warehouse.workshop import Workshop

RECEIPT_LOG: Final = RecordFile(
    "log",
    ("member", "collection", "period", "received_at"),
    ("bound", "channel", "absent_at", "is_accepted"),
)

Fate = Literal["created", "changed", "unchanged"]
Key = tuple[int, str, int]


@dataclass(frozen=True, slots=True)
class Held:
    """A submission as far as its receipt goes."""

    submission_id: int
    received_at: datetime | None
    bound: str
    absent_at: datetime | None
    known_at: datetime
    channel: str
    is_accepted: bool
    has_data: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a receipt log."""

    received_at: datetime
    bound: str = "exact"
    channel: str = "unknown"
    absent_at: datetime | None = None
    is_accepted: bool = True


def period_start(period_id: int) -> date:
    """Return the first day of a period.

    Parameters
    ----------
    period_id : int
        A year or a month.

    Returns
    -------
    date
        Its first day.
    """
    if period_id > 9999:
        return date(period_id // 100, period_id % 100, 1)
    return date(period_id, 1, 1)


def after_period(period_id: int) -> datetime:
    """Return the day after a period's end: before it, its data cannot have come.

    Parameters
    ----------
    period_id : int
        A year or a month.

    Returns
    -------
    datetime
        Midnight at the end of its last day.

    Examples
    --------
    >>> after_period(202312).date().isoformat(), after_period(2023).date().isoformat()
    ('2024-01-01', '2024-01-01')
    """
    start = period_start(period_id)
    # no month is longer than 31 days and no year than 366, and the next one begins on a first
    end = start + timedelta(days=31 if period_id > 9999 else 366)
    return datetime.combine(end.replace(day=1), time())


def enter(held: list[Held], entry: Entry, submission_id: int) -> tuple[list[Held], Fate]:
    """Enter a receipt among the submissions of one member, collection and period.

    An exact day is a receipt of its own unless it fills in an unknown day or
    sharpens an upper bound. An upper bound says no more than that something was
    there by then: it fills in an unknown day or lowers a later bound, and adds
    nothing where an earlier receipt is on record.

    Parameters
    ----------
    held : list of Held
        In order of revision.
    entry : Entry
        The receipt.
    submission_id : int
        For a new submission.

    Returns
    -------
    held : list of Held
        In the new order of revision.
    fate : str
        created, changed or unchanged.
    """
    accepted = [one for one in held if one.is_accepted == entry.is_accepted]
    dated = [one for one in accepted if one.received_at is not None]
    same = [one for one in dated if one.received_at == entry.received_at]
    if any(one.bound == "exact" or entry.bound == "upper" for one in same):
        return held, "unchanged"
    if entry.bound == "upper" and any(_at(one) <= entry.received_at for one in dated):
        return held, "unchanged"
    target = next((one for one in accepted if one.received_at is None), None) or next(
        (one for one in dated if one.bound == "upper" and _at(one) >= entry.received_at), None
    )
    if target is None:
        new = Held(
            submission_id,
            entry.received_at,
            entry.bound,
            entry.absent_at,
            entry.received_at,
            entry.channel,
            entry.is_accepted,
            has_data=False,
        )
        return _ordered([*held, new]), "created"
    filled = replace(
        target,
        received_at=entry.received_at,
        bound=entry.bound,
        absent_at=entry.absent_at or target.absent_at,
        known_at=entry.received_at,
        channel=entry.channel if entry.channel != "unknown" else target.channel,
    )
    return _ordered([filled if one is target else one for one in held]), "changed"


def _at(one: Held) -> datetime:
    assert one.received_at is not None
    return one.received_at


def _ordered(held: list[Held]) -> list[Held]:
    """Order by receipt; one of an unknown day stays behind the one that it followed."""
    keyed: list[tuple[datetime, int, Held]] = []
    last = datetime.combine(date.min, time())
    for place, one in enumerate(held):
        last = one.received_at or last
        keyed.append((last, place, one))
    ordered: list[Held] = []
    for _, _, one in sorted(keyed, key=lambda item: item[:2]):
        known_at = one.known_at
        if one.received_at is None and ordered:
            known_at = max(known_at, ordered[-1].known_at)
        ordered.append(replace(one, known_at=known_at))
    return ordered


def load_log(workshop: Workshop, path: Path, *, loaded_at: datetime) -> LoadReport:
    """Load a receipt log: member, collection, period, received_at and how it is known.

    Parameters
    ----------
    workshop : Workshop
        Holds the copy of the warehouse that is changed.
    path : Path
        A CSV file.
    loaded_at : datetime
        Now, UTC without an offset.

    Returns
    -------
    LoadReport
        Every entry accounted for; new submissions are receipts, revised ones
        got a day or a sharper one.
    """
    connection = workshop.connection
    frequency = {c.id: c.frequency for c in workshop.framework.collections}
    held = _held(connection)
    touched: set[Key] = set()
    created: set[int] = set()
    last_id = next_id(connection, "fct_submission", "submission_id") - 1

    def take(fields: Fields, intake: Intake) -> None:
        nonlocal last_id
        collection = fields.one_of("collection", list(frequency))
        text = fields.needed("period")
        period_id = parse_period(text, frequency[collection], loaded_at.date())
        if period_id is None:
            kind = "month 202301" if frequency[collection] == "M" else "year 2023"
            raise RecordError("period", text, f"a {kind}, not in the future")
        entry = Entry(
            received_at=fields.moment("received_at", latest=loaded_at.date()),
            bound=fields.one_of("bound", BOUNDS, default="exact"),
            channel=fields.one_of("channel", CHANNELS, default="unknown"),
            absent_at=fields.moment("absent_at") if fields.text("absent_at") else None,
            is_accepted=fields.truth("is_accepted", default=True),
        )
        if entry.received_at.date() < period_start(period_id):
            raise RecordError(
                "received_at", fields.text("received_at"), "not before the period begins"
            )
        if entry.absent_at is not None and entry.absent_at > entry.received_at:
            raise RecordError("absent_at", fields.text("absent_at"), "not after received_at")
        key = (fields.area("member"), collection, period_id)
        held[key], fate = enter(held.get(key, []), entry, last_id + 1)
        if fate == "created":
            last_id += 1
            created.add(last_id)
            intake.created += 1
        elif fate == "changed":
            intake.changed += 1
        else:
            intake.unchanged += 1
        if fate != "unchanged":
            touched.add(key)

    def write(load_id: int) -> None:
        _write(connection, {key: held[key] for key in touched}, created, load_id)

    return load_records(workshop, path, RECEIPT_LOG, take, write, loaded_at=loaded_at)


def _held(connection: duckdb.DuckDBPyConnection) -> dict[Key, list[Held]]:
    held: dict[Key, list[Held]] = {}
    for reporter_id, collection_id, period_id, *rest in connection.execute(
        "select reporter_id, collection_id, period_id, submission_id, received_at, "
        "received_bound, absent_at, known_at, channel, is_accepted, has_data "
        "from fct_submission order by reporter_id, collection_id, period_id, revision"
    ).fetchall():
        held.setdefault((reporter_id, collection_id, period_id), []).append(Held(*rest))
    return held


def _write(
    connection: duckdb.DuckDBPyConnection,
    touched: dict[Key, list[Held]],
    created: set[int],
    load_id: int,
) -> None:
    rows = [
        (*key, revision, one)
        for key, submissions in touched.items()
        for revision, one in enumerate(submissions)
    ]
    table = pa.table(
        {
            "submission_id": pa.array([row[4].submission_id for row in rows], pa.int32()),
            "reporter_id": pa.array([row[0] for row in rows], pa.int32()),
            "collection_id": pa.array([row[1] for row in rows], pa.string()),
            "period_id": pa.array([row[2] for row in rows], pa.int32()),
            "revision": pa.array([row[3] for row in rows], pa.int16()),
            "received_at": pa.array([row[4].received_at for row in rows], pa.timestamp("us")),
            "received_bound": pa.array([row[4].bound for row in rows], pa.string()),
            "absent_at": pa.array([row[4].absent_at for row in rows], pa.timestamp("us")),
            "known_at": pa.array([row[4].known_at for row in rows], pa.timestamp("us")),
            "channel": pa.array([row[4].channel for row in rows], pa.string()),
            "is_accepted": pa.array([row[4].is_accepted for row in rows], pa.bool_()),
            "is_created": pa.array([row[4].submission_id in created for row in rows], pa.bool_()),
        }
    )
    connection.register("receipt_source", table)
    connection.execute("""
        update fct_submission s set revision = r.revision, received_at = r.received_at,
            received_bound = r.received_bound, absent_at = r.absent_at, known_at = r.known_at,
            channel = r.channel
        from receipt_source r where s.submission_id = r.submission_id
    """)
    connection.execute(
        """
        insert into fct_submission
        select submission_id, reporter_id, collection_id, period_id, revision, received_at,
            received_bound, absent_at, known_at, null, channel, is_accepted, false, 0, 0, null,
            null, $load_id
        from receipt_source where is_created
        """,
        {"load_id": load_id},
    )
    connection.unregister("receipt_source")
