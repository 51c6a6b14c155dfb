"""What has not come yet, longest first."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from dash import html

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

ROWS_AT_MOST: Final = 100
STAGED_ROWS: Final = 17
STAGED_COLUMNS: Final = (0, 2, 3, 4, 5)
"""Member, collection, period, due day, days: what a stage has room for."""


def draw_overdue(frames: Frames, scene: Scene) -> Drawing:
    """A table of overdue obligations of every collection."""
    frame = frames["overdue"]
    words = scene.words
    subtitle = scene.subtitle(words("timeliness.every_collection"), scene.scope_text)
    if frame.empty:
        return Drawing(
            empty=words(
                "timeliness.nothing_overdue", scope=scene.scope_text, range=scene.range_text
            ),
            subtitle=subtitle,
        )
    most = STAGED_ROWS if scene.is_present else ROWS_AT_MOST
    children: list[Any] = [
        html.Div(
            html.Table([_head(scene), _body(frame.head(most), scene)], className="data-table"),
            className="table-scroll",
            tabIndex="0",
            **attributes(role="region", aria_label=words("timeliness.overdue.title")),
        )
    ]
    if len(frame) > most and not scene.is_present:
        children.append(
            html.P(
                words("common.more_rows", count=words.number(len(frame) - most)), className="hint"
            )
        )
    return Drawing(
        children=html.Div(children),
        title=_finding(frame, scene),
        subtitle=subtitle,
        note=None if scene.is_present else words("timeliness.trade_note"),
    )


def _finding(frame: pd.DataFrame, scene: Scene) -> str:
    members = frame["member_iso3"].unique()
    count = scene.words.number(len(frame))
    if len(members) == 1:
        key = "overdue_one" if len(frame) == 1 else "overdue_of_one"
        name = scene.names.member(members[0])
        return scene.words(f"timeliness.{key}", count=count, member=name)
    members_text = scene.words.number(len(members))
    return scene.words("timeliness.overdue_finding", count=count, members=members_text)


def _head(scene: Scene) -> html.Thead:
    words = scene.words
    texts = [
        (words("column.member_iso3"), ""),
        (words("column.region_id"), ""),
        (words("column.collection_id"), ""),
        (words("column.period_id"), ""),
        (words("column.due_on"), "number"),
        (words("timeliness.days_overdue"), "number"),
        (words("timeliness.trade_weight"), "number"),
    ]
    if scene.is_present:
        texts = [texts[i] for i in STAGED_COLUMNS]
    return html.Thead(html.Tr([html.Th(text, scope="col", className=kind) for text, kind in texts]))


def _body(frame: pd.DataFrame, scene: Scene) -> html.Tbody:
    longest = float(frame["days_late"].max()) or 1.0
    return html.Tbody([_row(row, longest, scene) for row in rows(frame)])


def _row(row: Any, longest: float, scene: Scene) -> html.Tr:
    words, names = scene.words, scene.names
    bar = {"width": f"{100 * float(row.days_late) / longest:.1f}%"}
    collection = names.collections.get(row.collection_id, row.collection_id)
    cells = [
        html.Td(_mark(names.member(row.member_iso3), f"member:{row.member_iso3}")),
        html.Td(_mark(names.region(row.region_id), f"region:{row.region_id}")),
        html.Td(_mark(collection, f"collection:{row.collection_id}")),
        html.Td(words.period(int(row.period_id)), className="whole"),
        html.Td(words.day(row.due_on.date()), className="number whole"),
        html.Td(
            [
                html.Span(words.number(row.days_late)),
                html.Span(html.Span(style=bar), className="inline-bar"),
            ],
            className="number with-bar",
        ),
        html.Td(words.measured(row.trade_share, "trade_share"), className="number"),
    ]
    if scene.is_present:
        cells = [cells[i] for i in STAGED_COLUMNS]
    return html.Tr(cells, className="is-chosen" if row.member_iso3 in scene.chosen.members else "")


def _mark(text: str, event: str) -> html.Button:
    return html.Button(text, type="button", className="mark", **attributes(data_event=event))
