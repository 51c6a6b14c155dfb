"""Due days of check-ins as a calendar file (iCalendar, RFC 5545).

It must not ask for data, nor know an address of the server.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pandas as pd
from icalendar import Alarm, Calendar, Event
from icalendar.prop import vText

from dashboard.reminders import OVERDUE
from dashboard.words import Words

REMINDER: Final = timedelta(days=-7)


def check_in_calendar(
    due: pd.DataFrame, owner: str, words: Words, info: Mapping[str, str]
) -> bytes:
    """Return the calendar of the next check-in on each key result.

    Parameters
    ----------
    due : DataFrame
        Rows of ``check_ins_due``.
    owner : str
        Whose they are, as it is written.
    words : Words
        Of the calendar's language.
    info : mapping
        Facts of the generation.

    Returns
    -------
    bytes
        UTF-8, one all-day entry per key result, on the day that its check-in is due.
    """
    built_at = datetime.fromisoformat(info["built_at"]).astimezone(UTC)
    calendar = Calendar()
    calendar.add("prodid", f"-//WCO statistics dashboard//{info['framework_id']}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    is_synthetic = info.get("is_synthetic") == "true"
    title = words(f"check-in.ics.{'name_synthetic' if is_synthetic else 'name'}", owner=owner)
    for name in ("name", "x-wr-calname"):
        calendar.add(name, vText(title))
    calendar.add("x-published-ttl", "P1D")
    for row in due.to_dict("records"):
        calendar.add_component(_event(row, words, info, built_at))
    return bytes(calendar.to_ical())


def _event(
    row: Mapping[Any, Any], words: Words, info: Mapping[str, str], built_at: datetime
) -> Event:
    day, name = row["due_on"].date(), words.name(row)
    is_overdue = row["check_in_state"] == OVERDUE
    last = row["last_check_in_on"]
    event = Event()
    key = "event_overdue" if is_overdue else "event"
    event.add("summary", words(f"check-in.ics.{key}", tactic=row["tactic_id"], name=name))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    about = words(
        "check-in.ics.about",
        owner=row["owner"],
        days=words.number(int(row["cadence_days"])),
        last=words("strategy.never") if pd.isna(last) else words.day(last.date()),
    )
    source = info.get("source" if words.language == "en" else "source_fr", "")
    event.add("description", f"{about}\n{source}")
    # A check-in moves its due day: the entry stays the same one.
    uid = f"check-in-{row['key_result_id']}@{info['framework_id']}.wco-statistics-dashboard"
    event.add("uid", uid)
    event.add("dtstamp", built_at)
    if not is_overdue:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", REMINDER)
        alarm.add("description", words("check-in.ics.reminder", name=name))
        event.add_component(alarm)
    return event
