"""What has not come yet, and by when it probably will."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from dash import html

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.forecast.chances import chance_cell, collection_text, mark
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

ROWS_AT_MOST: Final = 60
STAGED_ROWS: Final = 18
STAGED_COLUMNS: Final = (0, 2, 3, 7)
SEVERAL: Final = 1.5
"""From here on a rounded number takes the plural."""


def draw_open(frames: Frames, scene: Scene) -> Drawing:
    """A table of what is open with three probabilities each, the latest due first."""
    frame, words = frames["arrival_forecast"], scene.words
    subtitle = scene.subtitle(collection_text(scene), scene.scope_text)
    values = {"collection": collection_text(scene), "scope": scene.scope_text}
    day = words.day(scene.as_of)
    if frame.empty:
        text = words("forecast.nothing_open", range=scene.range_text, day=day, **values)
        return Drawing(empty=text, subtitle=subtitle)
    if not _is_known(frame, scene).any():
        return Drawing(empty=words("forecast.no_days", **values), subtitle=subtitle)
    most = STAGED_ROWS if scene.is_present else ROWS_AT_MOST
    shown = frame.sort_values(
        ["due_on", "by_due_share", "member_iso3"], ascending=[False, True, True]
    )
    children: list[Any] = [
        html.Div(
            html.Table([_head(scene), _body(shown.head(most), scene)], className="data-table"),
            className="table-scroll",
            tabIndex="0",
            **attributes(role="region", aria_label=words("forecast.open.title")),
        )
    ]
    if len(shown) > most and not scene.is_present:
        more = words("common.more_rows", count=words.number(len(shown) - most))
        children.append(html.P(more, className="hint"))
    return Drawing(
        children=html.Div(children),
        title=_finding(frame, scene),
        subtitle=subtitle,
        note=None if scene.is_present else words("forecast.open_note"),
    )


def _is_known(frame: pd.DataFrame, scene: Scene) -> pd.Series:
    """Say which have a probability; that of a due day gone by is none."""
    ahead = frame["due_on"] > pd.Timestamp(scene.as_of)
    later = frame[["by_month_end_share", "within_90_days_share"]].notna().any(axis=1)
    return later | (ahead & frame["by_due_share"].notna())


def _finding(frame: pd.DataFrame, scene: Scene) -> str:
    words = scene.words
    if frame["within_90_days_share"].isna().all():
        return words("forecast.open_count", count=words.number(len(frame)))
    expected = float(frame["within_90_days_share"].sum())
    key = "open_finding" if len(frame) > 1 and expected >= SEVERAL else "open_finding_few"
    return words(f"forecast.{key}", count=words.number(len(frame)), expected=words.number(expected))


def _head(scene: Scene) -> html.Thead:
    words = scene.words
    texts = [
        (words("column.member_iso3"), ""),
        (words("column.region_id"), ""),
        (words("column.period_id"), ""),
        (words("column.due_on"), "number"),
        (words("forecast.gone"), "number"),
        (words("forecast.by_due"), "number"),
        (words("forecast.by_month_end"), "number"),
        (words("forecast.within_90"), "number"),
        (words("forecast.history"), "number"),
    ]
    if scene.is_present:
        texts = [texts[i] for i in STAGED_COLUMNS]
    return html.Thead(html.Tr([html.Th(text, scope="col", className=kind) for text, kind in texts]))


def _body(frame: pd.DataFrame, scene: Scene) -> html.Tbody:
    return html.Tbody([_row(row, scene) for row in rows(frame)])


def _row(row: Any, scene: Scene) -> html.Tr:
    words, names = scene.words, scene.names
    is_past = row.due_on.date() <= scene.as_of
    cells = [
        html.Td(mark(names.member(row.member_iso3), f"member:{row.member_iso3}")),
        html.Td(mark(names.region(row.region_id), f"region:{row.region_id}")),
        html.Td(words.period(int(row.period_id)), className="whole"),
        html.Td(words.day(row.due_on.date()), className="number whole"),
        html.Td(words.number(row.days_gone), className="number"),
        html.Td(words("forecast.past"), className="number")
        if is_past
        else chance_cell(row.by_due_share, row.by_due_low, row.by_due_high, words),
        chance_cell(row.by_month_end_share, row.by_month_end_low, row.by_month_end_high, words),
        chance_cell(
            row.within_90_days_share, row.within_90_days_low, row.within_90_days_high, words
        ),
        html.Td(words.number(row.history_count), className="number"),
    ]
    if scene.is_present:
        cells = [cells[i] for i in STAGED_COLUMNS]
    return html.Tr(cells, className="is-chosen" if row.member_iso3 in scene.chosen.members else "")
