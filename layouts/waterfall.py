"""Waterfalls: two values as dots, and between them the bars that lead from the one to the other.

It must not know what the values are of, nor how they are written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from layouts.charts import Figure, annotation, axis, base_layout, figure, safe
from layouts.scene import Scene

BAR: Final = 0.62
"""Height of a bar, in rows."""

LABEL_SIZE: Final = 12
"""Size of the labels beside the rows, px; on the stage that of the scene."""


@dataclass(frozen=True)
class End:
    """One of the two values: the dot of the first or of the last row."""

    value: float
    label: str
    story: str
    symbol: str


@dataclass(frozen=True)
class Bar:
    """What moved the value: one row between the two."""

    change: float
    label: str
    story: str
    colour: str
    event: str = ""
    opacity: float = 1.0
    is_hatched: bool = False


def label_size(scene: Scene) -> int:
    """Return the size of the labels beside the rows, px."""
    return scene.font_size if scene.is_present else LABEL_SIZE


def waterfall(
    scene: Scene,
    first: End,
    bars: Sequence[Bar],
    last: End,
    *,
    names: tuple[str, str],
    right: float,
    annotations: list[dict[str, Any]],
    top: float = 0.6,
    bar: float = BAR,
) -> Figure:
    """Return a row for either value and for each bar, from top to bottom.

    ``names`` are those of the traces of bars and of values; ``right`` is the room for
    ``annotations`` at the right in pixels; ``top``, the room above the first row, and ``bar``,
    the height of a bar, are in rows.
    """
    palette = scene.palette
    levels = [first.value]
    for step in bars:
        levels.append(levels[-1] + step.change)
    end = len(bars) + 1
    links: dict[str, list[float | None]] = {"x": [], "y": []}
    for place, level in enumerate(levels):
        links["x"] += [level, last.value if place == len(bars) else level, None]
        links["y"] += [place, place + 1, None]
    ends = (first, last)
    data: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": "links",
            **links,
            "line": {"color": palette.muted, "width": 1, "dash": "dot"},
            "hoverinfo": "skip",
        },
        {
            "type": "bar",
            "orientation": "h",
            "name": names[0],
            "y": list(range(1, end)),
            "x": [step.change for step in bars],
            "base": levels[:-1],
            "width": bar,
            "marker": {
                "color": [step.colour for step in bars],
                "opacity": [step.opacity for step in bars],
                "pattern": {
                    "shape": ["/" if step.is_hatched else "" for step in bars],
                    "fgcolor": palette.paper,
                    "size": 5,
                    "solidity": 0.35,
                },
            },
            "hovertext": [step.story for step in bars],
            "hoverinfo": "text",
            "customdata": [step.event for step in bars],
        },
        {
            "type": "scatter",
            "mode": "markers",
            "name": names[1],
            "x": [one.value for one in ends],
            "y": [0, end],
            "marker": {
                "symbol": [one.symbol for one in ends],
                "size": scene.font_size * 0.9,
                "color": palette.ink,
                "line": {"width": 2},
            },
            "hovertext": [one.story for one in ends],
            "hoverinfo": "text",
            "cliponaxis": False,
        },
    ]
    labels = [first.label, *(step.label for step in bars), last.label]
    return figure(data, _layout(scene, [*levels, last.value], labels, top, right, annotations))


def written(
    scene: Scene, place: float, text: str, shift: float, colour: str | None = None
) -> dict[str, Any]:
    """Return a value at the right of a row, that ends ``shift`` pixels beyond the bars."""
    return annotation(
        scene,
        1,
        place,
        text,
        xref="paper",
        xanchor="right",
        xshift=shift,
        font={"size": label_size(scene), "color": colour or scene.palette.ink},
    )


def rising_or_falling(change: float, scene: Scene) -> str:
    """Return the colour of a bar by its direction."""
    return scene.palette.diverging[-1] if change >= 0 else scene.palette.diverging[0]


def _layout(
    scene: Scene,
    levels: Sequence[float],
    labels: Sequence[str],
    top: float,
    right: float,
    annotations: list[dict[str, Any]],
) -> dict[str, Any]:
    low, high = min(levels), max(levels)
    room = (high - low) or max(abs(high), 1.0) * 0.1
    return base_layout(
        scene,
        bargap=0,
        xaxis=axis(
            scene.palette,
            range=[low - room * 0.06, high + room * 0.06],
            showticklabels=False,
            nticks=5,
        ),
        yaxis=axis(
            scene.palette,
            showgrid=False,
            tickvals=list(range(len(labels))),
            ticktext=[safe(label) for label in labels],
            tickfont={"size": label_size(scene), "color": scene.palette.ink},
            range=[len(labels) - 1 + 0.6, -top],
        ),
        annotations=annotations,
        margin={"l": 8, "r": right, "t": 4, "b": 4},
    )
