"""What will more likely be late than on time next month, least likely first."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from dash import html

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.forecast.chances import (
    as_of_text,
    chance_cell,
    collection_text,
    mark,
    next_month_text,
    why_nothing,
)
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

LIKELY_LATE: Final = 0.5
"""Below this probability of being on time a submission is called likely late."""

ROWS_AT_MOST: Final = 100
STAGED_ROWS: Final = 18
STAGED_COLUMNS: Final = (0, 2, 3, 4)


def draw_likely_late(frames: Frames, scene: Scene) -> Drawing:
    """A table of what is likely late, with the member's own history behind it."""
    frame, words = frames["due_next_month"], scene.words
    subtitle = " · ".join(
        [
            collection_text(scene),
            words("forecast.due_in", month=next_month_text(scene)),
            scene.scope_text,
            as_of_text(scene),
        ]
    )
    waits = frame[~frame["is_received"].astype(bool)]
    known = int(waits["by_due_share"].notna().sum())
    empty = why_nothing(len(frame), len(waits), known, scene)
    if empty:
        return Drawing(empty=empty, subtitle=subtitle)
    likely = waits[waits["by_due_share"] < LIKELY_LATE]
    values = {"count": words.number(len(likely)), "waits": words.number(len(waits))}
    if likely.empty:
        key = "none_likely" if len(waits) > 1 else "none_likely_of_one"
        return Drawing(
            empty=words(f"forecast.{key}", month=next_month_text(scene), **values),
            subtitle=subtitle,
        )
    most = STAGED_ROWS if scene.is_present else ROWS_AT_MOST
    children: list[Any] = [
        html.Div(
            html.Table([_head(scene), _body(likely.head(most), scene)], className="data-table"),
            className="table-scroll",
            tabIndex="0",
            **attributes(role="region", aria_label=words("forecast.likely.title")),
        )
    ]
    if len(likely) > most and not scene.is_present:
        more = words("common.more_rows", count=words.number(len(likely) - most))
        children.append(html.P(more, className="hint"))
    key = "likely_finding" if len(likely) > 1 else "likely_finding_one"
    if len(waits) == 1:
        key = "likely_finding_sole"
    return Drawing(
        children=html.Div(children),
        title=words(f"forecast.{key}", **values),
        subtitle=subtitle,
        note=None if scene.is_present else words("forecast.likely_note"),
    )


def _head(scene: Scene) -> html.Thead:
    words = scene.words
    texts = [
        (words("column.member_iso3"), ""),
        (words("column.region_id"), ""),
        (words("column.period_id"), ""),
        (words("column.due_on"), "number"),
        (words("forecast.on_time"), "number"),
        (words("forecast.gone"), "number"),
        (words("forecast.history"), "number"),
    ]
    if scene.is_present:
        texts = [texts[i] for i in STAGED_COLUMNS]
    return html.Thead(html.Tr([html.Th(text, scope="col", className=kind) for text, kind in texts]))


def _body(frame: pd.DataFrame, scene: Scene) -> html.Tbody:
    return html.Tbody([_row(row, scene) for row in rows(frame)])


def _row(row: Any, scene: Scene) -> html.Tr:
    words, names = scene.words, scene.names
    gone = int(row.days_gone)
    cells = [
        html.Td(mark(names.member(row.member_iso3), f"member:{row.member_iso3}")),
        html.Td(mark(names.region(row.region_id), f"region:{row.region_id}")),
        html.Td(words.period(int(row.period_id)), className="whole"),
        html.Td(words.day(row.due_on.date()), className="number whole"),
        chance_cell(row.by_due_share, row.low, row.high, words),
        html.Td(words.number(gone) if gone > 0 else words("forecast.not_over"), className="number"),
        html.Td(words.number(row.history_count), className="number"),
    ]
    if scene.is_present:
        cells = [cells[i] for i in STAGED_COLUMNS]
    return html.Tr(cells, className="is-chosen" if row.member_iso3 in scene.chosen.members else "")
