"""The items of the level as a sorted list of bars; each name goes one step down."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from dash import html

from dashboard.drill import level_of
from layouts.attributes import attributes
from layouts.charts import rows
from layouts.explore.answering import answer, nothing_here
from layouts.explore.wording import (
    drill_mark,
    figure_of,
    reading,
    row_name,
    shown_measure,
)
from layouts.flows.wording import estimated_of, measured_column, trade_subtitle
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

ROWS_AT_MOST: Final = 15
ROWS_ON_STAGE: Final = 13
PARTS: Final = frozenset({"value_usd", "mass_kg", "trade_share"})
"""Measures of which the items are parts of a whole: their rest is summed, their bars textured."""


def draw_items(frames: Frames, scene: Scene) -> Drawing:
    """The items by the selected measure, and what is beyond the list."""
    frame, measure = frames["drill_items"], shown_measure(scene)
    words, level = scene.words, level_of(scene.selection)
    if not frame["value_usd"].sum() > 0:
        return Drawing(empty=nothing_here(scene))
    note = reading(measure, level, scene)
    if not frame[measure].notna().any():
        note = words(f"explore.none.{_why(measure)}", measure=words.label(measure))
        measure = "value_usd"
    is_told = scene.is_present and bool(frame[measured_column(scene)].sum() > 0)
    return Drawing(
        children=html.Div([_table(frame, measure, scene), _key(measure, scene)]),
        # The stage has no path beside it: there the list says what the path would.
        title=answer(frame, scene) if is_told else words(f"explore.items.of.{level}"),
        subtitle=trade_subtitle(
            scene, frame, towards=True, label=words.label(measure), unreconciled="view"
        ),
        note=note or None,
    )


def _why(measure: str) -> str:
    return measure if measure in ("growth", "unit_value") else "other"


def _table(frame: pd.DataFrame, measure: str, scene: Scene) -> html.Div:
    words = scene.words
    kept = frame[frame["value_usd"] > 0]
    if measure in PARTS:
        kept = kept[kept[measure] > 0]
    ranked = kept.sort_values([measure, "item"], ascending=[False, True], na_position="last")
    shown = ranked.head(ROWS_ON_STAGE if scene.is_present else ROWS_AT_MOST)
    rest = ranked.iloc[len(shown) :]
    rest_value = float(rest[measure].sum()) if measure in PARTS else 0.0
    low = min(0.0, float(shown[measure].min()))
    high = max(0.0, float(shown[measure].max()), rest_value)
    scale = (low, (high - low) or 1.0)
    lines = [_line(row, measure, scale, scene) for row in rows(shown)]
    if len(rest):
        lines.append(_rest(rest, measure, rest_value, scale, scene))
    other = "trade_share" if measure == "value_usd" else "value_usd"
    head = html.Tr(
        [
            html.Th(words(f"explore.level.{level_of(scene.selection)}"), scope="col"),
            html.Th(),
            *(
                html.Th(words.label(name), scope="col", className="number")
                for name in (measure, other, "estimated_share")
            ),
        ]
    )
    # Titles of headings have up to 250 letters, most of them alike at the beginning.
    is_long = level_of(scene.selection) in ("heading", "subheading")
    kind = "data-table drill drill--long" if is_long else "data-table drill"
    return html.Div(
        html.Table([html.Thead(head), html.Tbody(lines)], className=kind),
        className="drill__scroll",
        tabIndex="0",
        **attributes(role="region", aria_label=words("explore.items.title")),
    )


def _rest(
    rest: pd.DataFrame, measure: str, value: float, scale: tuple[float, float], scene: Scene
) -> html.Tr:
    words, is_part = scene.words, measure in PARTS
    label = words(
        "explore.others" if is_part else "explore.unlisted", count=words.number(len(rest))
    )
    other = "trade_share" if measure == "value_usd" else "value_usd"
    return html.Tr(
        [
            html.Th(label, scope="row", className="soft"),
            html.Td(
                _bar(value, 0.0, scale, "is-rest") if is_part else None, className="drill__bar"
            ),
            html.Td(figure_of(value, measure, scene) if is_part else None, className="number"),
            html.Td(figure_of(float(rest[other].sum()), other, scene), className="number"),
            html.Td(),
        ]
    )


def _line(row: Any, measure: str, scale: tuple[float, float], scene: Scene) -> html.Tr:
    words, value = scene.words, float(getattr(row, measure))
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
    has_estimate = measure in PARTS and row.estimated_share == row.estimated_share
    estimated = float(row.estimated_share) if has_estimate else 0.0
    other = "trade_share" if measure == "value_usd" else "value_usd"
    return html.Tr(
        [
            html.Th(label, scope="row"),
            html.Td(
                _bar(value, estimated, scale, _kind(measure, scene)),
                className="drill__bar",
                title=estimated_of(row.estimated_share, scene),
            ),
            html.Td(figure_of(value, measure, scene), className="number"),
            html.Td(figure_of(float(getattr(row, other)), other, scene), className="number"),
            html.Td(words.value(row.estimated_share, "share"), className="number"),
        ],
        key=row.item,
        className="is-chosen" if is_chosen else "",
    )


def _kind(measure: str, scene: Scene) -> str:
    return "is-mirror" if measure in PARTS and scene.selection.source == "mirror" else ""


def _bar(value: float, estimated: float, scale: tuple[float, float], kind: str) -> html.Span | None:
    """Return a bar from 0: what was reported plain, what was estimated hatched."""
    if value != value:
        return None
    low, span = scale
    start = 100 * (min(value, 0.0) - low) / span
    width = 100 * abs(value) / span
    parts = [
        html.Span(
            style={"width": f"{width * (1 - estimated):.2f}%"}
            | ({"marginLeft": f"{start:.2f}%"} if start > 0 else {})
        )
    ]
    if estimated > 0:
        style = {"width": f"{width * estimated:.2f}%"}
        parts.append(html.Span(className="is-estimated", style=style))
    sign = "is-negative" if value < 0 else ""
    return html.Span(parts, className=" ".join(one for one in ("drill-bar", kind, sign) if one))


def _key(measure: str, scene: Scene) -> html.P | None:
    if measure not in PARTS:
        return None
    words, is_mirror = scene.words, scene.selection.source == "mirror"
    kind = _kind(measure, scene)
    return html.P(
        [
            html.Span(html.Span(), className=f"drill-bar drill-key {kind}".strip()),
            html.Span(words("explore.key.mirror" if is_mirror else "explore.key.reported")),
            html.Span(html.Span(className="is-estimated"), className="drill-bar drill-key"),
            html.Span(words("explore.key.estimated")),
        ],
        className="hint drill__key",
    )
