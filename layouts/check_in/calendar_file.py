"""Due days of check-ins as a calendar file.

It must not ask for data.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from icalendar import Event

from dashboard.reminders import OVERDUE
from dashboard.words import Words
from layouts.icalendar import calendar_bytes, entry, entry_name


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
    is_synthetic = info.get("is_synthetic") == "true"
    name = words(f"check-in.ics.{'name_synthetic' if is_synthetic else 'name'}", owner=owner)
    events = [_event(row, words, info) for row in due.to_dict("records")]
    return calendar_bytes(events, name, _source(words, info), info)


def _source(words: Words, info: Mapping[str, str]) -> str:
    return info.get("source" if words.language == "en" else "source_fr", "")


def _event(row: Mapping[Any, Any], words: Words, info: Mapping[str, str]) -> Event:
    name = words.name(row)
    is_overdue = row["check_in_state"] == OVERDUE
    last = row["last_check_in_on"]
    about = words(
        "check-in.ics.about",
        owner=row["owner"],
        days=words.number(int(row["cadence_days"])),
        last=words("strategy.never") if pd.isna(last) else words.day(last.date()),
    )
    key = "event_overdue" if is_overdue else "event"
    return entry(
        row["due_on"].date(),
        words(f"check-in.ics.{key}", tactic=row["tactic_id"], name=name),
        f"{about}\n{_source(words, info)}",
        entry_name(["check-in", row["key_result_id"]], info),
        None if is_overdue else words("check-in.ics.reminder", name=name),
    )
