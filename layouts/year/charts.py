"""The three forms of the annual page's charts: bars, dots with intervals, a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.year import chosen_year
from layouts.charts import (
    Figure,
    annotation,
    axis,
    base_layout,
    figure,
    patterned,
    safe,
    tooltip,
)
from layouts.incentives.reading import shortened
from layouts.panels import Drawing
from layouts.scene import Scene

NAME = 34
LETTER = 0.07
"""Width of a letter behind a bar, as a share of the longest bar in the narrowest panel."""


@dataclass(frozen=True)
class Bar:
    """A row of a chart: its name, value, written value, colour, mark and interval."""

    name: str
    value: float
    text: str
    colour: str
    event: str = ""
    low: float | None = None
    high: float | None = None
    is_muted: bool = False


@dataclass(frozen=True)
class Part:
    """A part of stacked columns: its name, colour, a value per column, and Plotly's pattern."""

    name: str
    colour: str
    values: Sequence[float]
    pattern: str = ""


def shown_year(scene: Scene) -> int:
    """The year that the page is about."""
    return chosen_year(scene.selection, scene.catalogue)


def subtitle(what: str, scene: Scene) -> str:
    """What is measured, and in which year."""
    return f"{what} · {shown_year(scene)}"


def nothing(scene: Scene) -> Drawing:
    """Say that the year holds nothing of it."""
    return Drawing(empty=scene.words("year.nothing", year=str(shown_year(scene))))


def bars(
    rows: Sequence[Bar], scene: Scene, *, low: float = 0.0, high: float | None = None
) -> Figure:
    """Return horizontal bars, the first on top, their values written at the end."""
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "y": list(range(len(rows))),
            "x": [row.value for row in rows],
            "width": 0.64,
            "marker": {
                "color": [row.colour for row in rows],
                "opacity": [0.28 if row.is_muted else 1.0 for row in rows],
            },
            "text": [safe(row.text) for row in rows],
            "textposition": "outside",
            "textfont": {"size": _size(scene), "color": scene.palette.ink},
            "cliponaxis": False,
            "hovertext": [tooltip(row.name, row.text) for row in rows],
            "hoverinfo": "text",
            "customdata": [row.event for row in rows],
        }
    ]
    most = max([row.value for row in rows] + [0.0])
    least = min([row.value for row in rows] + [low])
    longest = max((len(row.text) for row in rows), default=0)
    room = ((high or most) - least) * max(0.24, LETTER * longest) or 1.0
    return figure(
        data, _layout(rows, scene, [least - (room if least < 0 else 0), (high or most) + room])
    )


def dots(rows: Sequence[Bar], scene: Scene, *, low: float | None = None) -> Figure:
    """Return dots with their intervals, the first on top, their values written at the right."""
    size = _size(scene)
    ends = [value for row in rows for value in (row.value, row.low, row.high) if value is not None]
    least, most = min(ends), max(ends)
    room = (most - least) * 0.12 or 1.0
    data = [
        {
            "type": "scatter",
            "mode": "markers",
            "y": list(range(len(rows))),
            "x": [row.value for row in rows],
            "error_x": {
                "type": "data",
                "symmetric": False,
                "array": [(row.high or row.value) - row.value for row in rows],
                "arrayminus": [
                    row.value - (row.value if row.low is None else row.low) for row in rows
                ],
                "color": scene.palette.soft_ink,
                "thickness": 1.5,
                "width": 0,
            },
            "marker": {
                "size": scene.font_size * 0.8,
                "color": [row.colour for row in rows],
                "opacity": [0.28 if row.is_muted else 1.0 for row in rows],
            },
            "hovertext": [tooltip(row.name, row.text) for row in rows],
            "hoverinfo": "text",
            "customdata": [row.event for row in rows],
        }
    ]
    layout = _layout(rows, scene, [least - room if low is None else low, most + room])
    layout["annotations"] = [
        annotation(
            scene,
            1,
            place,
            row.text,
            xref="paper",
            xanchor="right",
            xshift=size * 4.6,
            font={"size": size, "color": scene.palette.ink},
        )
        for place, row in enumerate(rows)
    ]
    layout["margin"] = {"l": 8, "r": int(size * 5), "t": 4, "b": 4}
    return figure(data, layout)


def _size(scene: Scene) -> int:
    return scene.font_size if scene.is_present else 12


def _layout(rows: Sequence[Bar], scene: Scene, span: list[float]) -> dict[str, Any]:
    return base_layout(
        scene,
        xaxis=axis(scene.palette, range=span, showticklabels=False, showgrid=False),
        yaxis=axis(
            scene.palette,
            showgrid=False,
            tickvals=list(range(len(rows))),
            ticktext=[safe(shortened(row.name, NAME)) for row in rows],
            tickfont={"size": _size(scene), "color": scene.palette.ink},
            range=[len(rows) - 0.4, -0.6],
        ),
        margin={"l": 8, "r": 8, "t": 4, "b": 4},
    )


def line(
    days: Sequence[str], values: Sequence[float], texts: Sequence[str], scene: Scene
) -> Figure:
    """Return a line over the months of a year, its first and last value written."""
    palette = scene.palette
    least, most = min(values), max(values)
    room = (most - least) * 0.3 or abs(most) * 0.1 or 1.0
    data = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": list(days),
            "y": list(values),
            "line": {"color": palette.ink, "width": 2},
            "marker": {"size": scene.font_size * 0.4, "color": palette.ink},
            "hovertext": [tooltip(text) for text in texts],
            "hoverinfo": "text",
        }
    ]
    ends = [(0, 1, "left"), (len(days) - 1, -2, "right")] if len(days) > 1 else [(0, 0, "left")]
    layout = base_layout(
        scene,
        xaxis=axis(palette, type="date", showgrid=False, tickformat="%m", dtick="M3"),
        yaxis=axis(palette, range=[least - room, most + room], showticklabels=False),
        annotations=[
            annotation(
                scene,
                days[place],
                values[place],
                texts[place],
                xanchor=anchor,
                # On the side that the line does not come from.
                yanchor="top" if values[beside] > values[place] else "bottom",
                yshift=-6 if values[beside] > values[place] else 6,
                font={"size": _size(scene), "color": palette.ink},
            )
            for place, beside, anchor in ends
        ],
        margin={"l": 8, "r": 12, "t": 12, "b": 8},
    )
    return figure(data, layout)


def columns(labels: Sequence[str], parts: Sequence[Part], scene: Scene) -> Figure:
    """Return stacked columns, the first part at the bottom; a legend above."""
    size = _size(scene)
    data = [
        {
            "type": "bar",
            "name": safe(part.name),
            "x": list(labels),
            "y": list(part.values),
            "marker": patterned(part.colour, part.pattern, scene.palette),
            "hovertext": [
                tooltip(label, f"{part.name}: {scene.words.number(value)}")
                for label, value in zip(labels, part.values, strict=True)
            ],
            "hoverinfo": "text",
        }
        for part in parts
    ]
    layout = base_layout(
        scene,
        barmode="stack",
        bargap=0.25,
        showlegend=True,
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1.02,
            "yanchor": "bottom",
            "traceorder": "normal",
            "font": {"size": size},
        },
        xaxis=axis(scene.palette, type="category", showgrid=False, tickfont={"size": size}),
        yaxis=axis(scene.palette, nticks=4),
        margin={"l": 8, "r": 8, "t": 28, "b": 8},
    )
    return figure(data, layout)
