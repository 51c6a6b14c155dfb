"""The figures that changed most, first and latest value side by side."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from dash import html

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.panels import Drawing, Frames
from layouts.revisions.wording import change_text, collection_name, why_nothing
from layouts.scene import Scene

ROWS_AT_MOST: Final = 40
STAGED_ROWS: Final = 12
STAGED_COLUMNS: Final = (0, 1, 2, 3, 4, 6)
"""Member, period, flow, both values and the change: what a stage has room for."""


def draw_largest(frames: Frames, scene: Scene) -> Drawing:
    """A table of revised figures, the greatest change in dollars first."""
    frame, words = frames["revised_figures"], scene.words
    subtitle = scene.subtitle(collection_name(scene), scene.scope_text)
    moved = frame[frame["revision_usd"] != 0]
    if moved.empty:
        reason = why_nothing(frames["releases"], scene)
        if not frame.empty:
            reason = words("revisions.unmoved", count=words.number(len(frame)))
        return Drawing(empty=reason, subtitle=subtitle)
    most = STAGED_ROWS if scene.is_present else ROWS_AT_MOST
    children: list[Any] = [
        html.Div(
            html.Table([_head(scene), _body(moved.head(most), scene)], className="data-table"),
            className="table-scroll",
            tabIndex="0",
            **attributes(role="region", aria_label=words("revisions.largest.title")),
        )
    ]
    if len(moved) > most and not scene.is_present:
        more = words("common.more_rows", count=words.number(len(moved) - most))
        children.append(html.P(more, className="hint"))
    return Drawing(
        children=html.Div(children),
        subtitle=subtitle,
        note=None if scene.is_present else words("revisions.largest_note"),
    )


def _head(scene: Scene) -> html.Thead:
    words = scene.words
    texts = [
        (words("column.member_iso3"), ""),
        (words("column.period_id"), ""),
        (words("column.flow_code"), ""),
        (words("column.first_usd"), "number"),
        (words("column.latest_usd"), "number"),
        (words("column.revision_usd"), "number"),
        (words("column.relative_revision"), "number"),
        (words("column.latest_on"), "number"),
        (words("revisions.days_after_short"), "number"),
    ]
    if scene.is_present:
        texts = [texts[i] for i in STAGED_COLUMNS]
    return html.Thead(html.Tr([html.Th(text, scope="col", className=kind) for text, kind in texts]))


def _body(frame: pd.DataFrame, scene: Scene) -> html.Tbody:
    return html.Tbody([_row(row, scene) for row in rows(frame)])


def _row(row: Any, scene: Scene) -> html.Tr:
    words = scene.words
    flow = words(f"flow.{row.flow_code}")
    cells = [
        html.Td(
            html.Button(
                scene.names.member(row.member_iso3),
                type="button",
                className="mark",
                **attributes(data_event=f"member:{row.member_iso3}"),
            )
        ),
        html.Td(words.period(int(row.period_id)), className="whole"),
        html.Td(flow[:1].upper() + flow[1:]),
        html.Td(words.value(row.first_usd, "usd"), className="number whole"),
        html.Td(words.value(row.latest_usd, "usd"), className="number whole"),
        html.Td(words.value(row.revision_usd, "usd", is_change=True), className="number whole"),
        html.Td(change_text(row.relative_revision, scene), className="number whole"),
        html.Td(words.day(row.latest_on.date()), className="number whole"),
        html.Td(words.value(row.revision_days, "days"), className="number whole"),
    ]
    if scene.is_present:
        cells = [cells[i] for i in STAGED_COLUMNS]
    return html.Tr(cells, className="is-chosen" if row.member_iso3 in scene.chosen.members else "")
