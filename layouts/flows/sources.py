"""The selected trade as reported, as partners record it, and reconciled, side by side."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from dashboard.flows import MIRRORED_FLOW
from layouts.charts import Figure, axis, base_layout, figure, mark, safe, tooltip
from layouts.flows.wording import (
    amount,
    estimated_of,
    measured_column,
    nothing,
    reason_not_reconciled,
    trade_subtitle,
)
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

PATTERNS: Final = {"reported": "", "mirror": ".", "reconciled": "/"}
"""Told apart by pattern, as everywhere in the view."""


def draw_sources(frames: Frames, scene: Scene) -> Drawing:
    """Three bars, and in words what the switch changes."""
    frame = frames["source_totals"]
    if not frame[measured_column(scene)].sum() > 0:
        return Drawing(empty=nothing(scene, source="reported"))
    return Drawing(
        figure=source_bars(frame, scene),
        subtitle=trade_subtitle(scene, towards=True, records=False),
        note=" ".join(difference(frame, scene)),
    )


def difference(frame: pd.DataFrame, scene: Scene) -> list[str]:
    """Say how far apart the totals are, and what leads from one to the other."""
    words, column = scene.words, measured_column(scene)
    rows = {str(row["source"]): row for row in frame.to_dict("records")}
    flow = words(f"flow.{scene.selection.flow}")
    reason = reason_not_reconciled(scene)
    if reason:
        return [words(f"flows.not_reconciled.{reason}", flow=flow) + "."]
    if "reported" not in rows or "reconciled" not in rows:
        return [words("flows.sources.one_sided")]
    reported, reconciled = rows["reported"], rows["reconciled"]
    before = float(reported[column])
    if not before > 0:
        return [words("flows.sources.one_sided")]
    change = float(reconciled[column]) / before - 1
    way = "more" if change > 0 else "less"
    parts = [words(f"flows.sources.{way}", change=words.value(abs(change), "share"))]
    if column == "value_usd":
        names = ("partner_only", "valuation", "weighing")
        told = [
            words(f"flows.sources.{name}", amount=_signed(reconciled[f"{name}_usd"], scene))
            for name in names
            if abs(reconciled[f"{name}_usd"]) >= 0.0005 * before
        ]
        if told:
            parts.append(
                words("flows.sources.because", parts=words("flows.sources.and").join(told))
            )
    parts.append(words("flows.sources.weights"))
    return parts


def _signed(value: float, scene: Scene) -> str:
    return scene.words.value(value, "usd", is_change=True)


def source_bars(frame: pd.DataFrame, scene: Scene) -> Figure:
    """Return a bar per source, from zero; a click switches to it."""
    palette, column = scene.palette, measured_column(scene)
    records = [row for row in frame.to_dict("records") if row[column] == row[column]]
    places = list(range(len(records)))
    values = [float(row[column]) for row in records]
    size = scene.font_size if scene.is_present else 12
    shown = scene.selection.source
    data: list[dict[str, Any]] = [
        {
            "type": "bar",
            "orientation": "h",
            "x": values,
            "y": places,
            "marker": {
                "color": palette.sequential[3],
                "line": {
                    "width": 2,
                    "color": [
                        palette.accent if row["source"] == shown else "rgba(0,0,0,0)"
                        for row in records
                    ],
                },
                "pattern": {
                    "shape": [PATTERNS[row["source"]] for row in records],
                    "fillmode": "overlay",
                    "fgcolor": palette.paper,
                    "size": 5,
                    "solidity": 0.25,
                },
            },
            "text": [amount(value, scene) for value in values],
            "textposition": "outside",
            "textfont": {"size": size, "color": palette.ink},
            "cliponaxis": False,
            "hovertext": [_story(row, scene) for row in records],
            "hoverinfo": "text",
            "customdata": [mark("source", row["source"]) for row in records],
        }
    ]
    layout = base_layout(
        scene,
        bargap=0.4,
        xaxis=axis(palette, visible=False, range=[0, max(values) * 1.45]),
        yaxis=axis(
            palette,
            showgrid=False,
            tickvals=places,
            ticktext=[_label(str(row["source"]), scene) for row in records],
            tickfont={"size": size, "color": palette.ink},
            range=[len(records) - 0.5, -0.5],
        ),
    )
    return figure(data, layout)


def _label(source: str, scene: Scene) -> str:
    flow = scene.selection.flow or "X"
    recorded = MIRRORED_FLOW.get(flow, flow) if source == "mirror" else flow
    valued = "cif" if source != "reconciled" and recorded in ("M", "RM") else "fob"
    name = scene.words(f"flows.sources.name.{source}")
    return f"{safe(name)}<br>{scene.words(f'flows.sources.{valued}')}"


def _story(row: Any, scene: Scene) -> str:
    words = scene.words
    return tooltip(
        words(f"source.{row['source']}"),
        amount(row[measured_column(scene)], scene),
        estimated_of(row["estimated_share"], scene),
        words("common.n", n=words.number(row["n"])),
    )
