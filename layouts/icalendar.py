"""Calendars of due days that programs subscribe to (iCalendar, RFC 5545).

It must not know what falls due, nor an address of the server: an entry is the same wherever it
is served from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

from icalendar import Alarm, Calendar, Event
from icalendar.prop import vDuration, vText

REMINDER: Final = timedelta(days=-7)
REFRESH: Final = timedelta(days=1)
EPOCH: Final = datetime(2020, 1, 1, tzinfo=UTC)


def entry(
    day: date, summary: str, description: str, uid: str, reminder: str | None = None
) -> Event:
    """Return an all-day entry that keeps nobody busy.

    Parameters
    ----------
    day : date
        On which it falls due.
    summary, description : str
        What falls due, and all that is to be told of it.
    uid : str
        A name that stays, even if the day moves.
    reminder : str, optional
        Text of the alarm a week before; without it there is none.

    Returns
    -------
    Event
        Without its dates of revision, which `calendar_bytes` adds.
    """
    event = Event()
    event.add("summary", summary)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("description", description)
    event.add("uid", uid)
    if reminder is not None:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", REMINDER)
        alarm.add("description", reminder)
        event.add_component(alarm)
    return event


def entry_name(parts: Iterable[object], info: Mapping[str, str]) -> str:
    """Return the ``uid`` of what ``parts`` name in this warehouse."""
    return "-".join(map(str, parts)) + f"@{info['framework_id']}.wco-statistics-dashboard"


def calendar_bytes(
    entries: Iterable[Event], name: str, description: str, info: Mapping[str, str]
) -> bytes:
    """Return the file of a calendar.

    Parameters
    ----------
    entries : iterable of Event
        As `entry` makes them.
    name, description : str
        Of the calendar.
    info : mapping
        Facts of the generation: ``framework_id``, and when it was built.

    Returns
    -------
    bytes
        UTF-8, lines ended by CR LF and folded at 75 octets.
    """
    built_at = datetime.fromisoformat(info["built_at"]).astimezone(UTC)
    calendar = Calendar()
    calendar.add("prodid", f"-//WCO statistics dashboard//{info['framework_id']}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for key in ("name", "x-wr-calname"):
        calendar.add(key, vText(name))
    for key in ("description", "x-wr-caldesc"):
        calendar.add(key, vText(description))
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "P1D")
    for event in entries:
        event.add("dtstamp", built_at)
        event.add("last-modified", built_at)
        # Every generation is a later revision of all its entries.
        event.add("sequence", int((built_at - EPOCH).total_seconds() // 60))
        calendar.add_component(event)
    return bytes(calendar.to_ical())
