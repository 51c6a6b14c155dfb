"""Colours and legends of statuses and of classed shares.

A status is told by its colour and its glyph; a cell that is muted keeps its
hue, mixed into the paper.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any, Final

from dash import html

from layouts.attributes import attributes
from layouts.palette import STATUS_SYMBOLS, Palette
from layouts.scene import Scene

STATUS_ORDER: Final = ("on_time", "late", "overdue", "pending", "waived", "unknown")
STATUS_CODES: Final = {status: code for code, status in enumerate(STATUS_ORDER)}
SHARE_BREAKS: Final = (0.5, 0.6, 0.7, 0.8, 0.9)
"""Between the classes of an on-time share; a share on a break is in the class above."""

MUTED_INK: Final = 0.24
"""How much of its colour a muted cell keeps."""


def mixed(colour: str, paper: str, share: float) -> str:
    """Return a colour mixed into another: ``share`` of the first."""
    parts = [(int(colour[i : i + 2], 16), int(paper[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in parts)


def stepped_scale(colours: Sequence[str]) -> list[list[Any]]:
    """Return a Plotly colour scale of equal steps, one per colour."""
    count = len(colours)
    return [[edge / count, colour] for i, colour in enumerate(colours) for edge in (i, i + 1)]


def with_muted(colours: Sequence[str], palette: Palette) -> list[str]:
    """Return colours, and after them their muted forms in the same order."""
    return [*colours, *(mixed(colour, palette.paper, MUTED_INK) for colour in colours)]


def status_colours(palette: Palette) -> list[str]:
    """Return the colours of the statuses, in the order of their codes."""
    return [palette.status[status] for status in STATUS_ORDER]


def share_class(share: float) -> int:
    """Return the class of an on-time share, 0 for the lowest."""
    return bisect_right(SHARE_BREAKS, share)


def swatch(colour: str, glyph: str = "") -> html.Span:
    """Return a coloured square for a legend."""
    return html.Span(
        glyph,
        className="swatch",
        style={"backgroundColor": colour},
        **attributes(aria_hidden="true"),
    )


def status_legend(scene: Scene, counts: Mapping[str, int]) -> html.Span:
    """Return the statuses with their counts; a click on one shows it alone."""
    words, palette = scene.words, scene.palette
    items: list[Any] = []
    for status in STATUS_ORDER:
        label: list[Any] = [
            swatch(palette.status[status], STATUS_SYMBOLS[status]),
            f"{words(f'status.{status}')} {words.number(counts.get(status, 0))}",
        ]
        if scene.is_present:
            items.append(html.Span(label, className="legend__item"))
            continue
        is_on = scene.chosen.status == status
        items.append(
            html.Button(
                label,
                type="button",
                className="legend__item" + (" is-on" if is_on else ""),
                title=words("timeliness.show_only", status=words(f"status.{status}")),
                **attributes(
                    data_event=f"status:{status}", aria_pressed="true" if is_on else "false"
                ),
            )
        )
    return html.Span(items, className="legend")


def share_legend(scene: Scene) -> html.Span:
    """Return the classes of an on-time share, and the hatch of what is missing."""
    words = scene.words
    edges = [0.0, *SHARE_BREAKS, 1.0]
    items = [
        html.Span(
            [swatch(colour), f"{words.number(low * 100)}–{words.value(high, 'share')}"],
            className="legend__item",
        )
        for colour, low, high in zip(scene.palette.sequential, edges, edges[1:], strict=False)
    ]
    items.append(
        html.Span(
            [html.Span(className="swatch swatch--missing"), words("timeliness.open_or_nothing")],
            className="legend__item",
        )
    )
    return html.Span(items, className="legend")


def hatched(
    scene: Scene, rows: Sequence[float], starts: Sequence[float], **more: Any
) -> dict[str, Any]:
    """Return a trace of hatched cells: places where nothing is counted."""
    return {
        "type": "bar",
        "orientation": "h",
        "y": list(rows),
        "base": list(starts),
        "x": [1.0] * len(rows),
        "width": 1.0,
        "marker": {
            "color": scene.palette.missing,
            "line": {"width": 1, "color": scene.palette.paper},
            "pattern": {
                "shape": "/",
                "size": 5,
                "solidity": 0.2,
                "fgcolor": scene.palette.muted,
                "bgcolor": scene.palette.missing,
            },
        },
        "hoverinfo": "text",
        "showlegend": False,
        **more,
    }
