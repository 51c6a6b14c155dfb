"""How far each region is with what fell due lately or falls due next."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from dash import html

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.due_dates.strip import counts_text, event_name, nothing_due, strip
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

EVENTS_PASSED: Final = 4
EVENTS_AHEAD: Final = 2
"""Columns: the last due dates, and the next ones."""

Event = tuple[pd.Timestamp, str, int]


def draw_regions(frames: Frames, scene: Scene) -> Drawing:
    """A row per region and a column per due date, with what has come of what is owed."""
    frame = frames["due_by_region"]
    chosen = scene.chosen.collection
    if chosen:
        frame = frame[frame["collection_id"] == chosen]
    words = scene.words
    if frame.empty:
        return Drawing(empty=nothing_due(scene))
    events = near_events(frame, scene)
    cells: dict[tuple[str, Event], Any] = {
        (row.region_id, (row.due_on, row.collection_id, int(row.period_id))): row
        for row in rows(frame)
    }
    shown = [one for one in scene.catalogue.regions if any((one, e) in cells for e in events)]
    head = html.Tr(
        [
            html.Th(words("column.region_id"), scope="col"),
            *(_head(event, cells, shown, scene) for event in events),
        ]
    )
    body = [
        html.Tr(
            [
                html.Th(_region(region, scene), scope="row"),
                *(_cell(cells.get((region, event)), scene) for event in events),
            ],
            className="is-chosen" if region in scene.chosen.regions else "",
        )
        for region in shown
    ]
    return Drawing(
        children=html.Div(
            html.Table([html.Thead(head), html.Tbody(body)], className="data-table due-regions"),
            className="table-scroll",
            tabIndex="0",
            **attributes(role="region", aria_label=words("due-dates.regions.title")),
        ),
        subtitle=" · ".join(
            [words("due-dates.regions_unit"), words("common.as_of", day=words.day(scene.as_of))]
        ),
    )


def near_events(frame: pd.DataFrame, scene: Scene) -> list[Event]:
    """Return the last due dates before the as-of day and the next ones, in their order."""
    known = frame[["due_on", "collection_id", "period_id"]].drop_duplicates()
    known = known.sort_values(["due_on", "collection_id", "period_id"])
    passed = known["due_on"] < pd.Timestamp(scene.as_of)
    near = pd.concat([known[passed].tail(EVENTS_PASSED), known[~passed].head(EVENTS_AHEAD)])
    return [(row.due_on, str(row.collection_id), int(row.period_id)) for row in rows(near)]


def _head(
    event: Event, cells: dict[tuple[str, Event], Any], shown: list[str], scene: Scene
) -> html.Th:
    row = next(cells[(region, event)] for region in shown if (region, event) in cells)
    return html.Th(
        [
            html.Div(event_name(row, scene)),
            html.Div(scene.words("due-dates.due", day=scene.words.day(event[0].date()))),
        ],
        scope="col",
    )


def _region(region: str, scene: Scene) -> html.Button:
    return html.Button(
        scene.names.region(region),
        type="button",
        className="mark",
        **attributes(data_event=f"region:{region}"),
    )


def _cell(row: Any | None, scene: Scene) -> html.Td:
    words = scene.words
    if row is None:
        return html.Td(words("due-dates.nobody_owes"), className="hint")
    if row.owed == 0:
        text = words("due-dates.all_waived")
    else:
        text = words(
            "due-dates.received_of",
            count=words.number(int(row.received)),
            owed=words.number(int(row.owed)),
        )
    return html.Td([html.Div(text), strip(row, scene)], title=counts_text(row, scene))
