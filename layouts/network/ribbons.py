"""Ribbons whose width is a value: plain for what was reported, hatched for what was estimated.

Plotly's own Sankey places nodes by an optimiser and moves them for half a second at every change;
these are filled lines, so order and place are ours. It must not know what a ribbon stands for.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from layouts.palette import Palette

STEPS: Final = 20
"""Points along each edge of a ribbon."""
LOUD: Final = 0.62
QUIET: Final = 0.14
THICK: Final = 0.05
"""Width above which a ribbon takes its clicks on more than one line, as a share of the height."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Ribbon:
    """A ribbon between two edges, each from its start to its end.

    ``estimated`` is the share of its width that is hatched, at its second edge. ``story`` is the
    hover text and ``event`` the mark of a click.
    """

    first: tuple[Point, ...]
    second: tuple[Point, ...]
    colour: str
    estimated: float
    story: str
    event: str
    is_muted: bool = False

    def line(self, share: float) -> list[Point]:
        """Return the line at a share of the width, 0 at the first edge."""
        return [
            (x0 + share * (x1 - x0), y0 + share * (y1 - y0))
            for (x0, y0), (x1, y1) in zip(self.first, self.second, strict=True)
        ]


def bend(start: Point, end: Point) -> tuple[Point, ...]:
    """Return an edge from left to right that leaves and arrives level."""
    points = []
    for step in range(STEPS + 1):
        t = step / STEPS
        ease = t * t * (3 - 2 * t)
        points.append((start[0] + t * (end[0] - start[0]), start[1] + ease * (end[1] - start[1])))
    return tuple(points)


def bow(base: float, reach: float, start: float, end: float) -> tuple[Point, ...]:
    """Return half an ellipse over the line at ``base`` from ``start`` to ``end`` on it."""
    middle, half = (start + end) / 2, (start - end) / 2
    return tuple(
        (
            base + reach * math.sin(math.pi * step / STEPS),
            middle + half * math.cos(math.pi * step / STEPS),
        )
        for step in range(STEPS + 1)
    )


def ribbon_traces(ribbons: Sequence[Ribbon], palette: Palette) -> list[dict[str, Any]]:
    """Return one filled trace per colour and kind, muted ones first; they take no clicks."""
    groups: dict[tuple[bool, str, bool], list[list[Point]]] = {}
    for one in ribbons:
        cut = 1.0 - min(1.0, max(0.0, one.estimated))
        for is_hatched, low, high in ((False, 0.0, cut), (True, cut, 1.0)):
            if high - low > 1e-9:
                outline = [*one.line(low), *reversed(one.line(high)), one.line(low)[0]]
                key = (not one.is_muted, one.colour, is_hatched)
                groups.setdefault(key, []).append(outline)
    return [
        _filled(outlines, colour, palette, is_loud=is_loud, is_hatched=is_hatched)
        for (is_loud, colour, is_hatched), outlines in sorted(groups.items())
    ]


def _filled(
    outlines: Iterable[list[Point]],
    colour: str,
    palette: Palette,
    *,
    is_loud: bool,
    is_hatched: bool,
) -> dict[str, Any]:
    x: list[float | None] = []
    y: list[float | None] = []
    for outline in outlines:
        x += [*(round(point[0], 4) for point in outline), None]
        y += [*(round(point[1], 4) for point in outline), None]
    trace: dict[str, Any] = {
        "type": "scatter",
        "mode": "lines",
        "name": "estimated" if is_hatched else "reported",
        "x": x[:-1],
        "y": y[:-1],
        "fill": "toself",
        "fillcolor": colour,
        "line": {"width": 0, "color": colour},
        "opacity": LOUD if is_loud else QUIET,
        "hoverinfo": "skip",
    }
    if is_hatched:
        trace["fillpattern"] = {
            "shape": "/",
            "fillmode": "replace",
            "bgcolor": palette.paper,
            "fgcolor": colour,
            "fgopacity": 1,
            "size": 5,
            "solidity": 0.4,
        }
    return trace


def _width(one: Ribbon) -> float:
    return abs(one.second[0][1] - one.first[0][1])


def handles(ribbons: Sequence[Ribbon], spots: Sequence[tuple[Point, str, str]]) -> dict[str, Any]:
    """Return the unseen points that tell the stories and take the clicks.

    ``spots`` are further ones: a point, its hover text and its mark.
    """
    found: list[tuple[Point, str, str]] = []
    # Of points as near as each other the last takes the click: wide ribbons, then the spots.
    for one in sorted(ribbons, key=_width):
        lanes = min(4, 1 + int(_width(one) / THICK))
        for lane in range(lanes):
            line = one.line((lane + 0.5) / lanes)
            found += [(line[STEPS * part // 4], one.story, one.event) for part in (1, 2, 3)]
    found += spots
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "handles",
        "x": [round(point[0], 4) for point, _, _ in found],
        "y": [round(point[1], 4) for point, _, _ in found],
        # Small, since all points that the pointer is inside of count as equally near.
        "marker": {"size": 2, "opacity": 0},
        "hovertext": [story for _, story, _ in found],
        "hoverinfo": "text",
        "customdata": [event for _, _, event in found],
        "cliponaxis": False,
    }
