"""Due dates as a calendar file (iCalendar, RFC 5545), for programs that subscribe to it.

It must not ask for data, nor know an address of the server: an entry is the same wherever it
is served from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pandas as pd
from icalendar import Alarm, Calendar, Event
from icalendar.prop import vDuration, vText

from dashboard.words import Words
from layouts.scene import Names

NAMES_AT_MOST: Final = 30
"""Members named in an entry; the others are counted."""

REMINDER: Final = timedelta(days=-7)
REFRESH: Final = timedelta(days=1)
EPOCH: Final = datetime(2020, 1, 1, tzinfo=UTC)
RECEIVED: Final = ("on_time", "late", "unknown")


@dataclass(frozen=True)
class Subject:
    """Whose due dates they are: a region or a member."""

    kind: str
    key: str
    name: str

    @property
    def is_member(self) -> bool:
        """Whether it is a single member."""
        return self.kind == "member"


def calendar_file(
    obligations: pd.DataFrame,
    subject: Subject,
    words: Words,
    names: Names,
    info: Mapping[str, str],
) -> bytes:
    """Return the calendar of a region or member.

    Parameters
    ----------
    obligations : DataFrame
        The subject's rows of ``due_obligations``.
    subject : Subject
        Whose.
    words, names : Words, Names
        Of the calendar's language.
    info : mapping
        Facts of the generation: its version, day, source and when it was built.

    Returns
    -------
    bytes
        UTF-8, lines ended by CR LF and folded at 75 octets; one all-day entry
        per collection, period and due date.
    """
    built_at = datetime.fromisoformat(info["built_at"]).astimezone(UTC)
    calendar = Calendar()
    calendar.add("prodid", f"-//WCO statistics dashboard//{info['framework_id']}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    is_synthetic = info.get("is_synthetic") == "true"
    title = words(
        f"due-dates.ics.{'name_synthetic' if is_synthetic else 'name'}", name=subject.name
    )
    for name in ("name", "x-wr-calname"):
        calendar.add(name, vText(title))
    for name in ("description", "x-wr-caldesc"):
        calendar.add(name, vText(_origin(words, info)))
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "P1D")
    keys = ["due_on", "collection_id", "period_id"]
    for _, rows in obligations.groupby(keys, sort=True):
        event = _event(rows, subject, words, names, info)
        event.add("uid", _uid(subject, rows, info))
        event.add("dtstamp", built_at)
        event.add("last-modified", built_at)
        # Every generation is a later revision of all its entries.
        event.add("sequence", int((built_at - EPOCH).total_seconds() // 60))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _uid(subject: Subject, rows: pd.DataFrame, info: Mapping[str, str]) -> str:
    """Return a name that stays, even if the due date moves."""
    first = rows.iloc[0]
    parts = (subject.kind, subject.key.lower(), first["collection_id"], first["period_id"])
    return "-".join(map(str, parts)) + f"@{info['framework_id']}.wco-statistics-dashboard"


def _origin(words: Words, info: Mapping[str, str]) -> str:
    return words(
        "due-dates.ics.description",
        day=words.day(date.fromisoformat(info["data_on"])),
        source=info.get("source" if words.language == "en" else "source_fr", ""),
        version=info["version"],
    )


def _event(
    rows: pd.DataFrame,
    subject: Subject,
    words: Words,
    names: Names,
    info: Mapping[str, str],
) -> Event:
    collection, period = str(rows["collection_id"].iloc[0]), int(rows["period_id"].iloc[0])
    due_on = rows["due_on"].iloc[0].date()
    collection_name = names.collections.get(collection, collection)
    what = f"{collection_name}, {words.period(period)}"
    event = Event()
    event.add("summary", _summary(rows, what, subject, words))
    event.add("dtstart", due_on)
    event.add("dtend", due_on + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("categories", [collection_name])
    text = [words("due-dates.ics.due_on", day=words.day(due_on))]
    text += _of_member(rows, words) if subject.is_member else _of_many(rows, words, names)
    event.add("description", "\n".join([*text, "", _origin(words, info)]))
    if (rows["status"] == "pending").any():
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", REMINDER)
        alarm.add("description", words("due-dates.ics.reminder", event=what))
        event.add_component(alarm)
    return event


def _summary(rows: pd.DataFrame, what: str, subject: Subject, words: Words) -> str:
    status = rows["status"]
    is_awaited = status.isin(["pending", "overdue"])
    if not is_awaited.any():
        key = "waived" if (status == "waived").all() else "received"
        return words(f"due-dates.ics.{key}", event=what)
    if subject.is_member:
        key = "overdue" if (status == "overdue").any() else "due"
        return words(f"due-dates.ics.{key}", event=what)
    owed = int((status != "waived").sum())
    count, whole = words.number(int(is_awaited.sum())), words.number(owed)
    return words("due-dates.ics.due_of", event=what, count=count, owed=whole)


def _of_member(rows: pd.DataFrame, words: Words) -> list[str]:
    row = rows.iloc[0]
    text = [words("due-dates.ics.status", status=words(f"status.{row['status']}"))]
    if row["status"] == "waived" and not pd.isna(row["waiver_reason"]):
        text.append(words("due-dates.ics.reason", reason=row["waiver_reason"]))
    return text


def _of_many(rows: pd.DataFrame, words: Words, names: Names) -> list[str]:
    groups: list[tuple[str, Any]] = [
        ("awaited", rows["status"].isin(["pending", "overdue"])),
        ("came", rows["status"].isin(RECEIVED)),
        ("excused", rows["status"] == "waived"),
    ]
    text = []
    for key, is_in in groups:
        members = sorted(names.member(str(iso3)) for iso3 in rows.loc[is_in, "member_iso3"])
        if not members:
            continue
        listed = ", ".join(members[:NAMES_AT_MOST])
        if len(members) > NAMES_AT_MOST:
            rest = words.number(len(members) - NAMES_AT_MOST)
            listed = words("due-dates.ics.more", names=listed, count=rest)
        count = words.number(len(members))
        text.append(words(f"due-dates.ics.{key}", count=count, names=listed))
    return text
