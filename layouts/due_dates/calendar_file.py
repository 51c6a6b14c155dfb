"""Due dates as a calendar file that programs subscribe to.

It must not ask for data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pandas as pd
from icalendar import Event

from dashboard.words import Words
from layouts.icalendar import calendar_bytes, entry, entry_name
from layouts.scene import Names

NAMES_AT_MOST: Final = 30
"""Members named in an entry; the others are counted."""

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
    is_synthetic = info.get("is_synthetic") == "true"
    key = "name_synthetic" if is_synthetic else "name"
    events = [
        _event(rows, subject, words, names, info)
        for _, rows in obligations.groupby(["due_on", "collection_id", "period_id"], sort=True)
    ]
    name = words(f"due-dates.ics.{key}", name=subject.name)
    return calendar_bytes(events, name, _origin(words, info), info)


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
    text = [words("due-dates.ics.due_on", day=words.day(due_on))]
    text += _of_member(rows, words) if subject.is_member else _of_many(rows, words, names)
    is_pending = (rows["status"] == "pending").any()
    event = entry(
        due_on,
        _summary(rows, what, subject, words),
        "\n".join([*text, "", _origin(words, info)]),
        entry_name([subject.kind, subject.key.lower(), collection, period], info),
        words("due-dates.ics.reminder", event=what) if is_pending else None,
    )
    event.add("categories", [collection_name])
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
