"""The items of the level as a sorted list of bars; each name goes one step down."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from dash import html

from dashboard.drill import level_of
from layouts.attributes import attributes
from layouts.charts import rows
from layouts.explore.wording import drill_mark, row_name
from layouts.flows.wording import (
    amount,
    estimated_of,
    measured_column,
    nothing,
    trade_subtitle,
)
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

ROWS_AT_MOST: Final = 20
ROWS_ON_STAGE: Final = 9


def draw_items(frames: Frames, scene: Scene) -> Drawing:
    """The largest items, each with how much of it is estimated, and the rest as one bar."""
    frame = frames["drill_items"]
    column = measured_column(scene)
    if not frame[column].sum() > 0:
        return Drawing(empty=nothing(scene))
    level = level_of(scene.selection)
    return Drawing(
        children=html.Div([_table(frame, scene), _key(scene)]),
        title=scene.words(f"explore.items.of.{level}"),
        subtitle=trade_subtitle(scene, frame, towards=True),
    )


def _table(frame: pd.DataFrame, scene: Scene) -> html.Div:
    words, column = scene.words, measured_column(scene)
    ranked = frame[frame[column] > 0].sort_values([column, "item"], ascending=[False, True])
    shown = ranked.head(ROWS_ON_STAGE if scene.is_present else ROWS_AT_MOST)
    rest = ranked.iloc[len(shown) :]
    total = float(ranked[column].sum())
    rest_value = float(rest[column].sum())
    most = max(float(shown[column].iloc[0]), rest_value)
    lines = [_line(row, most, total, scene) for row in rows(shown)]
    if len(rest):
        label = words("explore.others", count=words.number(len(rest)))
        lines.append(
            html.Tr(
                [
                    html.Th(label, scope="row", className="soft"),
                    html.Td(_bar(rest_value / most, 0.0, "is-rest"), className="drill__bar"),
                    html.Td(amount(rest_value, scene), className="number"),
                    html.Td(words.value(rest_value / total, "share"), className="number"),
                    html.Td(),
                ]
            )
        )
    head = html.Tr(
        [
            html.Th(words(f"explore.level.{level_of(scene.selection)}"), scope="col"),
            html.Th(),
            html.Th(words.label(column), scope="col", className="number"),
            html.Th(words.label("trade_share"), scope="col", className="number"),
            html.Th(words.label("estimated_share"), scope="col", className="number"),
        ]
    )
    return html.Div(
        html.Table([html.Thead(head), html.Tbody(lines)], className="data-table drill"),
        className="table-scroll",
        tabIndex="0",
        **attributes(role="region", aria_label=words("explore.items.title")),
    )


def _line(row: Any, most: float, total: float, scene: Scene) -> html.Tr:
    words, value = scene.words, float(getattr(row, measured_column(scene)))
    name = row_name(row, scene)
    event = drill_mark(row.level, row.item, scene)
    is_chosen = row.item == scene.chosen.commodity
    label: Any = name
    if event:
        label = html.Button(
            name,
            type="button",
            className="mark",
            title=name,
            **attributes(data_event=event, aria_pressed="true" if is_chosen else "false"),
        )
    estimated = float(row.estimated_share) if row.estimated_share == row.estimated_share else 0.0
    return html.Tr(
        [
            html.Th(label, scope="row"),
            html.Td(
                _bar(value / most, estimated, _kind(scene)),
                className="drill__bar",
                title=estimated_of(row.estimated_share, scene),
            ),
            html.Td(amount(value, scene), className="number"),
            html.Td(words.value(value / total, "share"), className="number"),
            html.Td(words.value(row.estimated_share, "share"), className="number"),
        ],
        key=row.item,
        className="is-chosen" if is_chosen else "",
    )


def _kind(scene: Scene) -> str:
    return "is-mirror" if scene.selection.source == "mirror" else ""


def _bar(width: float, estimated: float, kind: str) -> html.Span:
    """Return a bar: what was reported plain, what was estimated hatched."""
    parts = [html.Span(style={"width": f"{100 * width * (1 - estimated):.2f}%"})]
    if estimated > 0:
        parts.append(
            html.Span(className="is-estimated", style={"width": f"{100 * width * estimated:.2f}%"})
        )
    return html.Span(parts, className=f"drill-bar {kind}".strip())


def _key(scene: Scene) -> html.P:
    words = scene.words
    plain = "explore.key.mirror" if scene.selection.source == "mirror" else "explore.key.reported"
    return html.P(
        [
            html.Span(html.Span(), className=f"drill-bar drill-key {_kind(scene)}".strip()),
            html.Span(words(plain)),
            html.Span(html.Span(className="is-estimated"), className="drill-bar drill-key"),
            html.Span(words("explore.key.estimated")),
        ],
        className="hint drill__key",
    )
