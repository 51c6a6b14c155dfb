"""Which estimate holds for each collection, and why: what is known of the days of receipt."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.delays.groups import CURRENT_STATUS, KAPLAN_MEIER
from layouts.panels import Drawing, Frames
from layouts.scene import Scene


def draw_estimates(frames: Frames, scene: Scene) -> Drawing:
    """A table of the collections: days known, estimate, reason and limits."""
    table = frames["delay_estimates"]
    words = scene.words
    heads = [
        (words("column.collection_id"), ""),
        (words("delays.estimate_head"), ""),
        (words("delays.why_head"), ""),
        (words("delays.exact_head"), "number"),
        (words("delays.upper_head"), "number"),
        (words("delays.unknown_head"), "number"),
        (words("column.overdue"), "number"),
        (words("column.pending"), "number"),
        (words("column.waived"), "number"),
    ]
    if scene.is_present:
        heads = heads[:3]
    head = html.Tr([html.Th(text, scope="col", className=kind) for text, kind in heads])
    body = html.Tbody([_row(row, scene) for row in rows(table)])
    return Drawing(
        children=html.Div(
            html.Table([html.Thead(head), body], className="data-table"),
            className="table-scroll",
            tabIndex="0",
            **attributes(role="region", aria_label=words("delays.estimates.title")),
        ),
        subtitle=scene.subtitle(words("common.all_members")),
        note=None if scene.is_present else words("delays.estimates_note"),
    )


def _row(row: Any, scene: Scene) -> html.Tr:
    words = scene.words
    name = scene.names.collections.get(row.collection_id, row.collection_id)
    where = attributes(data_event=f"collection:{row.collection_id}")
    counts = (row.exact, row.upper_bounds, row.day_unknown, row.overdue, row.pending, row.waived)
    cells = [
        html.Th(html.Button(name, type="button", className="mark", **where), scope="row"),
        html.Td(words(f"delays.estimate_{row.estimate}"), className="whole"),
        html.Td(reason(row, scene), className="delay-why"),
        *(html.Td(words.number(count), className="number") for count in counts),
    ]
    if scene.is_present:
        cells = cells[:3]
    is_chosen = row.collection_id == scene.selection.collection
    return html.Tr(cells, className="is-chosen" if is_chosen else "")


def reason(row: Any, scene: Scene) -> str:
    """Say why a collection has its estimate, and what the estimate can't tell."""
    words = scene.words
    received = row.exact + row.upper_bounds + row.day_unknown
    if not received + row.overdue + row.pending + row.waived:
        return words("delays.why_nothing_owed", range=scene.range_text)
    if row.estimate == CURRENT_STATUS and not pd.isna(row.inspected_on):
        return words("delays.why_current_status", day=words.day(row.inspected_on.date()))
    if row.estimate != KAPLAN_MEIER:
        return words("delays.why_none")
    key = "why_kaplan_meier" if row.exact else "why_all_outstanding"
    parts = [words(f"delays.{key}")]
    if row.upper_bounds:
        parts.append(words("delays.why_some_upper"))
    if row.before_log:
        parts.append(words("delays.left_before_log", count=words.number(row.before_log)) + ".")
    return " ".join(parts)
