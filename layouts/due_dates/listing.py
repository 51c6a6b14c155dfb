"""The due dates one below the other, with what has come."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from dash import html

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.due_dates.strip import counts_text, nothing_due, strip
from layouts.palette import STATUS_SYMBOLS
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

STAGED_ROWS: Final = 14
STAGED_BEFORE: Final = 4
"""Of those, so many have passed."""

COUNTS: Final = ("owed", "received", "overdue", "pending", "waived")


def draw_list(frames: Frames, scene: Scene) -> Drawing:
    """A table of due dates; of one member, with the status of each."""
    words = scene.words
    is_one = len(scene.chosen.members) == 1
    frame = frames["due_obligations" if is_one else "due_calendar"]
    chosen = scene.chosen.collection
    if chosen:
        frame = frame[frame["collection_id"] == chosen]
    if frame.empty:
        empty = nothing_due(scene)
        if chosen:
            name = scene.names.collections[chosen]
            empty = words("due-dates.nothing_of", scope=scene.scope_text, collection=name)
        return Drawing(empty=empty)
    if scene.is_present:
        frame = _staged(frame, scene)
    table = html.Table(
        _of_one(frame, scene) if is_one else _of_many(frame, scene),
        className="data-table due-list",
    )
    return Drawing(
        children=html.Div(
            table,
            className="table-scroll",
            tabIndex="0",
            **attributes(role="region", aria_label=words("due-dates.list.title")),
        ),
        subtitle=" · ".join(
            [
                words("due-dates.list_unit"),
                scene.scope_text,
                words("common.as_of", day=words.day(scene.as_of)),
            ]
        ),
    )


def _staged(frame: pd.DataFrame, scene: Scene) -> pd.DataFrame:
    passed = frame["due_on"] < pd.Timestamp(scene.as_of)
    return pd.concat([frame[passed].tail(STAGED_BEFORE), frame[~passed]]).head(STAGED_ROWS)


def _of_many(frame: pd.DataFrame, scene: Scene) -> list[Any]:
    body = [_row(row, scene) for row in rows(frame)]
    return [html.Thead(html.Tr(_head(scene))), html.Tbody(body)]


def _of_one(frame: pd.DataFrame, scene: Scene) -> list[Any]:
    """Return the table of one member; a column of reasons only if there is one."""
    names = ["due_on", "collection_id", "period_id", "status"]
    has_reasons = bool(frame["waiver_reason"].notna().any())
    if has_reasons:
        names.append("waiver_reason")
    head = [html.Th(scene.words(f"column.{name}"), scope="col") for name in names]
    body = [_row_of_one(row, scene, has_reasons=has_reasons) for row in rows(frame)]
    return [html.Thead(html.Tr(head)), html.Tbody(body)]


def _head(scene: Scene) -> list[html.Th]:
    words = scene.words
    texts = [("due_on", ""), ("collection_id", ""), ("period_id", "")]
    heads = [html.Th(words(f"column.{name}"), scope="col", className=kind) for name, kind in texts]
    heads += [
        html.Th(words(f"column.{name}"), scope="col", className="number due-list__count")
        for name in COUNTS
    ]
    return [*heads, html.Th(words("due-dates.how_it_stands"), scope="col")]


def _row(row: Any, scene: Scene) -> html.Tr:
    words = scene.words
    cells = [
        _when(row, scene),
        html.Td(_collection(row, scene)),
        html.Td(words.period(int(row.period_id)), className="whole"),
        *(
            html.Td(
                words.number(count) if (count := int(getattr(row, name))) else "",
                className=f"number due-list__count due-list__count--{name}",
            )
            for name in COUNTS
        ),
        html.Td(
            [
                strip(row, scene),
                html.Span(counts_text(row, scene), className="visually-hidden"),
            ],
            className="due-list__strip",
        ),
    ]
    return html.Tr(cells, className="is-passed" if row.due_on.date() < scene.as_of else "")


def _row_of_one(row: Any, scene: Scene, *, has_reasons: bool) -> html.Tr:
    words = scene.words
    status = str(row.status)
    reason = "" if pd.isna(row.waiver_reason) else str(row.waiver_reason)
    cells = [
        _when(row, scene),
        html.Td(_collection(row, scene)),
        html.Td(words.period(int(row.period_id)), className="whole"),
        html.Td(f"{STATUS_SYMBOLS[status]} {words(f'status.{status}')}", className="whole"),
        *([html.Td(reason)] if has_reasons else []),
    ]
    return html.Tr(cells, className=f"due-list__row--{status}")


def _when(row: Any, scene: Scene) -> html.Td:
    words = scene.words
    day = row.due_on.date()
    days = (day - scene.as_of).days
    if days == 0:
        left = words("due-dates.today")
    else:
        key = "due-dates.days_ahead" if days > 0 else "due-dates.days_ago"
        left = words(key, days=words.value(abs(days), "days"))
    return html.Td(
        [html.Span(words.day(day)), html.Span(left, className="hint due-list__left")],
        className="whole",
    )


def _collection(row: Any, scene: Scene) -> html.Button:
    return html.Button(
        scene.names.collections.get(row.collection_id, row.collection_id),
        type="button",
        className="mark",
        **attributes(data_event=f"collection:{row.collection_id}"),
    )
