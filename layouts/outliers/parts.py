"""Which partners and subheadings make a figure unusual."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from dash import html

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.chips import commodity_name
from layouts.outliers.wording import case_name, no_case, usd
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

SHOWN: Final = {"partner": 7, "commodity": 5}
"""Kind to how many parts are shown; the CSV has all."""


def draw_parts(frames: Frames, scene: Scene) -> Drawing:
    """Two short tables with bars: the largest changes by partner and by code."""
    reason = no_case(frames, scene)
    if reason is not None:
        return Drawing(empty=reason)
    words, frame = scene.words, frames["outlier_parts"]
    (case,) = rows(frames["outlier_case"])
    if frame.empty:
        return Drawing(empty=words("outliers.no_parts"))
    largest = float(frame["change_usd"].abs().max())
    if not largest > 0:
        return Drawing(empty=words("outliers.no_part_changed"))
    tables = [
        _table(kind, frame[frame["kind"] == kind].head(most), largest, scene)
        for kind, most in SHOWN.items()
    ]
    return Drawing(
        children=html.Div(tables, className="case-parts"),
        title=words("outliers.parts_finding", part=_name(_leading(frame), scene)),
        subtitle=case_name(case, scene),
        note=words("outliers.parts_note"),
    )


def _leading(frame: pd.DataFrame) -> Any:
    return rows(frame[frame["kind"] == "partner"])[0]


def _name(row: Any, scene: Scene) -> str:
    part = str(row.part_id)
    if row.kind == "partner":
        return scene.names.member(part)
    return commodity_name(scene, part) if len(part) == 2 else f"HS {part}"


def _table(kind: str, frame: pd.DataFrame, largest: float, scene: Scene) -> html.Table:
    words = scene.words
    heads = [
        (words(f"outliers.part_{kind}"), ""),
        (words("outliers.usual"), "number"),
        (words("outliers.reported"), "number"),
        (words("outliers.change"), ""),
    ]
    head = html.Tr([html.Th(text, scope="col", className=name) for text, name in heads])
    body = [_row(row, largest, scene) for row in rows(frame)]
    return html.Table([html.Thead(head), html.Tbody(body)], className="data-table")


def _row(row: Any, largest: float, scene: Scene) -> html.Tr:
    name = _name(row, scene)
    change = float(row.change_usd)
    width = f"{100 * abs(change) / largest:.1f}%"
    kind = "less" if change < 0 else "more"
    bar = html.Span(className=f"change-bar change-bar--{kind}", style={"width": width})
    event = f"partner:{row.part_id}" if row.kind == "partner" else f"commodity:{row.part_id}"
    return html.Tr(
        [
            html.Td(
                html.Button(
                    html.Span(name, className="clamp"),
                    type="button",
                    className="mark",
                    **attributes(data_event=event),
                )
            ),
            html.Td(usd(row.usual_usd, scene), className="number whole"),
            html.Td(usd(row.value_usd, scene), className="number whole"),
            html.Td(
                [
                    html.Span(scene.words.value(change, "usd", is_change=True)),
                    html.Div(bar, className="change-bar__place"),
                ],
                className="whole",
            ),
        ]
    )
