"""Check-in: say how a key result goes and what comes next; who owes it, and a text to remind."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from callbacks.views.strategy import KEY_RESULTS
from callbacks.views.strategy_reports import AS_OF
from dashboard.frames import Column
from dashboard.reminders import OVERDUE, OWED, SOON, next_due, reminder
from dashboard.selection import LANGUAGES, Selection
from layouts import check_in as drawings
from layouts.panels import Panel, View


def read_owed(services: Services, selection: Selection) -> pd.DataFrame:
    """Return when each key result's next check-in is due, the longest overdue first."""
    assert selection.as_of is not None
    table = next_due(KEY_RESULTS.read(services, selection), selection.as_of)
    return table[[column.name for column in DUE.columns]]


def read_reminders(services: Services, selection: Selection) -> pd.DataFrame:
    """Return a text to each owner who owes a check-in or will soon, in both languages."""
    assert selection.as_of is not None
    table = DUE.read(services, selection)
    owed = table[table["check_in_state"].isin(OWED)]
    rows: list[dict[str, Any]] = []
    # Owners in the order of what they owe longest.
    for owner in owed["owner"].drop_duplicates():
        own: list[Any] = owed[owed["owner"] == owner].to_dict("records")
        states = [row["check_in_state"] for row in own]
        for language in LANGUAGES:
            source = services.generation.info.get("source_fr" if language == "fr" else "source", "")
            title, text = reminder(
                str(owner), own, services.words(language), selection.as_of, source
            )
            rows.append(
                {
                    "owner": owner,
                    "language": language,
                    "overdue_check_ins": states.count(OVERDUE),
                    "soon_check_ins": states.count(SOON),
                    "title": title,
                    "text": text,
                }
            )
    kinds = {column.name: "Int64" if column.unit else "str" for column in REMINDERS.columns}
    return pd.DataFrame(rows, columns=list(kinds)).astype(kinds)


DUE: Final = NamedFrame(
    "check_ins_due",
    (
        Column("key_result_id"),
        Column("strategy_id"),
        Column("tactic_id"),
        Column("name_en"),
        Column("name_fr"),
        Column("owner"),
        Column("last_check_in_on"),
        Column("cadence_days", unit="days"),
        Column("due_on"),
        Column("days_overdue", unit="days"),
        Column("check_in_state"),
    ),
    read_owed,
    AS_OF,
    is_live=True,
)
REMINDERS: Final = NamedFrame(
    "check_in_reminders",
    (
        Column("owner"),
        Column("language"),
        Column("overdue_check_ins", unit="count"),
        Column("soon_check_ins", unit="count"),
        Column("title"),
        Column("text"),
    ),
    read_reminders,
    AS_OF,
    is_live=True,
)
FRAMES: Final = (DUE, REMINDERS)

_CHOSEN: Final = frozenset({"result", "tactic"})

VIEW: Final = View(
    "check-in",
    (
        Panel(
            "owed",
            ("check_ins_due",),
            drawings.draw_owed,
            kind="block",
            fields=_CHOSEN,
            area="two-thirds",
        ),
        Panel(
            "entry",
            ("key_results", "check_ins", "check_ins_due"),
            drawings.draw_entry,
            kind="block",
            fields=_CHOSEN,
            area="third check-in-entry",
            is_staged=False,
        ),
        Panel(
            "history",
            ("check_ins", "key_results", "check_ins_due"),
            drawings.draw_history,
            kind="block",
            fields=_CHOSEN,
            area="two-thirds",
            is_staged=False,
        ),
        Panel(
            "reminders",
            ("check_in_reminders",),
            drawings.draw_reminders,
            kind="block",
            area="full",
            is_staged=False,
        ),
    ),
    parent="strategy",
)
