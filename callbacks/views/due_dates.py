"""The view of due dates: what falls due when, and what is waived."""

from __future__ import annotations

from dataclasses import fields
from typing import Final

from callbacks.views.due_dates_frames import FRAMES as FRAMES
from dashboard.selection import Selection
from layouts import due_dates as drawings
from layouts.panels import Panel, View

_CHOSEN: Final = frozenset({"regions", "members", "collection"})
_EVERY_FIELD: Final = frozenset(field.name for field in fields(Selection))
"""For panels with addresses of their own: these carry the selection."""

VIEW: Final = View(
    "due-dates",
    (
        Panel(
            "calendar",
            ("due_calendar",),
            drawings.draw_calendar,
            kind="block",
            fields=_CHOSEN,
            area="strip",
        ),
        Panel(
            "list",
            ("due_calendar", "due_obligations"),
            drawings.draw_list,
            kind="block",
            fields=_CHOSEN,
            area="two-thirds",
        ),
        Panel(
            "subscribe",
            (),
            drawings.draw_subscriptions,
            kind="block",
            fields=_EVERY_FIELD,
            area="third",
            is_staged=False,
        ),
        Panel(
            "regions",
            ("due_by_region",),
            drawings.draw_regions,
            kind="block",
            fields=_CHOSEN,
            area="two-thirds",
        ),
        Panel(
            "derogations",
            ("derogations",),
            drawings.draw_derogations,
            kind="block",
            fields=_CHOSEN,
            area="third",
        ),
    ),
    parent="timeliness",
)
