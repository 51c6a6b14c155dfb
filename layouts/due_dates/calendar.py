"""A year of months, each due date in its place with how it stands."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import pandas as pd
from dash import html

from dashboard.selection import shift_month
from layouts.attributes import attributes
from layouts.charts import rows
from layouts.due_dates.strip import (
    awaited,
    chosen_first,
    counts_text,
    event_name,
    legend,
    nothing_due,
    strip,
)
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

MONTHS_BEFORE: Final = 2
MONTHS: Final = 12
STAGED_MONTHS: Final = 6

Events = Mapping[date, list[Any]]


def draw_calendar(frames: Frames, scene: Scene) -> Drawing:
    """The months around the as-of day with what falls due on each day."""
    frame = frames["due_calendar"]
    words = scene.words
    if frame.empty:
        return Drawing(empty=nothing_due(scene))
    count = STAGED_MONTHS if scene.is_present else MONTHS
    first = shift_month(f"{scene.as_of:%Y-%m}", -(1 if scene.is_present else MONTHS_BEFORE))
    months = [shift_month(first, step) for step in range(count)]
    events: dict[date, list[Any]] = {}
    for row in rows(frame):
        events.setdefault(row.due_on.date(), []).append(row)
    sheets = [_month(month, events, scene) for month in months]
    return Drawing(
        children=html.Div(sheets, className="due-calendar"),
        title=_finding(frame, scene),
        subtitle=" · ".join(
            [
                words("due-dates.calendar_unit"),
                scene.scope_text,
                words("common.as_of", day=words.day(scene.as_of)),
            ]
        ),
        note=html.Span([legend(scene), html.Span(_note(scene))]),
    )


def _note(scene: Scene) -> str:
    note = scene.words("due-dates.calendar_note")
    return note if scene.is_present else f"{note} {scene.words('due-dates.calendar_click')}"


def _finding(frame: pd.DataFrame, scene: Scene) -> str | None:
    """Return the next due date on which something is awaited."""
    chosen = scene.chosen.collection
    ahead = frame[(frame["due_on"] >= pd.Timestamp(scene.as_of)) & (frame["pending"] > 0)]
    if chosen:
        ahead = ahead[ahead["collection_id"] == chosen]
    if ahead.empty:
        return None
    row = rows(ahead.head(1))[0]
    words = scene.words
    days = (row.due_on.date() - scene.as_of).days
    key = "next" if days else "next_today"
    return words(
        f"due-dates.{key}_one" if row.owed == 1 else f"due-dates.{key}",
        day=words.day(row.due_on.date()),
        left=words.value(days, "days"),
        event=event_name(row, scene),
        count=words.number(awaited(row)),
        owed=words.number(int(row.owed)),
    )


def _month(month: str, events: Events, scene: Scene) -> html.Table:
    words = scene.words
    year, number = int(month[:4]), int(month[5:7])
    letters = words("due-dates.weekdays").split(" ")
    head = html.Tr([html.Th(letter, scope="col") for letter in letters])
    weeks = [
        html.Tr(
            [
                html.Td() if day == 0 else _day(date(year, number, day), events, scene)
                for day in week
            ]
        )
        for week in calendar.Calendar().monthdayscalendar(year, number)
    ]
    return html.Table(
        [html.Caption(words.month(month)), html.Thead(head), html.Tbody(weeks)],
        className="due-month",
    )


def _day(day: date, events: Events, scene: Scene) -> html.Td:
    found = events.get(day, [])
    kinds = ["due-day"] if found else []
    if day == scene.as_of:
        kinds.append("is-today")
    children: list[Any] = [html.Span(str(day.day), className="due-month__number")]
    children += [_event(row, scene) for row in found]
    return html.Td(children, className=" ".join(kinds))


def _event(row: Any, scene: Scene) -> Any:
    words = scene.words
    text = f"{words.day(row.due_on.date())}: {event_name(row, scene)}. {counts_text(row, scene)}"
    count = awaited(row)
    label = words.number(count) if count else "–" if row.received == 0 else "✓"
    kind = "due-event due-event--overdue" if row.overdue else "due-event"
    children = [strip(row, scene), html.Span(label, className="due-event__count")]
    return html.Button(
        children,
        type="button",
        title=text,
        className=f"{kind} {chosen_first(row.collection_id, scene)}".strip(),
        **attributes(data_event=f"collection:{row.collection_id}", aria_label=text),
    )
