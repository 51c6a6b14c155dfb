"""The graph factory, the base layout of every figure, and what all figures share.

Figures are plain dicts: validating them on the hot path costs twenty times
their making. Tests validate each against Plotly's schema instead.
"""

from __future__ import annotations

import html
from collections import namedtuple
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import pandas as pd
from dash import dcc

from dashboard import ids
from layouts.palette import Palette
from layouts.scene import Scene

Figure = dict[str, Any]

FONT: Final = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', "
    "'Liberation Sans', Arial, sans-serif"
)

GRAPH_CONFIG: Final[Any] = {
    "displayModeBar": False,
    "showSendToCloud": False,
    "displaylogo": False,
    "responsive": True,
    "scrollZoom": False,
    "doubleClick": False,
    "topojsonURL": "/assets/outlines/",
    "showTips": False,
}


def graph(view: str, panel: str) -> dcc.Graph:
    """Return the empty graph of a panel; every graph of the product is made here."""
    return dcc.Graph(
        id=ids.chart(view, panel),
        figure={
            "data": [],
            "layout": {
                "paper_bgcolor": "rgba(0,0,0,0)",
                "xaxis": {"visible": False},
                "yaxis": {"visible": False},
                "plot_bgcolor": "rgba(0,0,0,0)",
            },
        },
        config=GRAPH_CONFIG,
        responsive=True,
        className="chart",
        style={"height": "100%"},
    )


_LINE_END: Final = "\x1f"
"""Between the lines of a tooltip while it is put together; no text has it."""


def rows(frame: pd.DataFrame) -> list[Any]:
    """Return a frame's rows as named tuples."""
    kind = _row_kind(tuple(str(name) for name in frame.columns))
    return [
        kind._make(values) for values in zip(*(c.tolist() for _, c in frame.items()), strict=True)
    ]


@lru_cache(maxsize=512)
def _row_kind(names: tuple[str, ...]) -> Any:
    """Return the class of such rows; to make one takes longer than to fill a hundred."""
    return namedtuple("Row", names, rename=True)


def safe(text: object) -> str:
    """Escape a text that came from data: plotly reads tags in labels."""
    return html.escape(str(text), quote=False)


def axis(palette: Palette, **options: Any) -> dict[str, Any]:
    """Return an axis in the house style: light grid, no frame, no zero line."""
    return {
        "gridcolor": palette.line,
        "gridwidth": 1,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "automargin": True,
        "fixedrange": True,
        "tickfont": {"color": palette.soft_ink},
        **options,
    }


def base_layout(scene: Scene, **options: Any) -> dict[str, Any]:
    """Return the layout that every figure starts from.

    Margins grow with the text on the stage; ``uirevision`` keeps a legend's
    state while data changes.
    """
    palette = scene.palette
    size = scene.font_size
    return {
        "autosize": True,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": size, "color": palette.ink},
        "margin": {"l": 8, "r": 12, "t": 8, "b": 8},
        "showlegend": False,
        "separators": ",\u202f" if scene.words.language == "fr" else ".,",
        "hoverlabel": {
            "bgcolor": palette.ink,
            "bordercolor": palette.ink,
            "font": {"family": FONT, "size": size, "color": palette.paper},
            "align": "left",
        },
        "clickmode": "event",
        "dragmode": False,
        "hovermode": "closest",
        "xaxis": axis(palette),
        "yaxis": axis(palette),
        **options,
    }


def figure(data: Sequence[Mapping[str, Any]], layout: Mapping[str, Any]) -> Figure:
    """Return a figure dict."""
    return {"data": list(data), "layout": dict(layout)}


def tooltip(*lines: str) -> str:
    """Return hover text: name first (bold), then value, interval, n, source; escaped."""
    # Escaped at once: a chart has thousands of tooltips, of half a dozen lines each.
    text = safe(_LINE_END.join([line for line in lines if line]))
    if not text:
        return ""
    head, _, rest = text.partition(_LINE_END)
    return f"<b>{head}</b><br>{rest.replace(_LINE_END, '<br>')}" if rest else f"<b>{head}</b>"


def patterned(colour: str, shape: str, palette: Palette) -> dict[str, Any]:
    """Return the fill of a bar that is told by its pattern as well as by its colour."""
    return {
        "color": colour,
        "line": {"width": 0.5, "color": palette.paper},
        "pattern": {
            "shape": shape,
            "bgcolor": colour,
            "fgcolor": palette.paper,
            "size": 6,
            "solidity": 0.25,
        },
    }


def mark(kind: str, *values: object) -> str:
    """Return the custom data of a mark: what a click on it selects.

    The browser sends it back as ``kind:value|value``; see ``assets/app.js``.
    """
    return f"{kind}:" + "|".join(str(value) for value in values)


def emphasis(keys: Iterable[str], chosen: Sequence[str]) -> list[float]:
    """Return opacities: highlighting is done by muting the rest."""
    return [1.0 if not chosen or key in chosen else 0.28 for key in keys]


def annotation(scene: Scene, x: Any, y: Any, text: str, **options: Any) -> dict[str, Any]:
    """Return a direct label without an arrow; the text is escaped."""
    return {
        "x": x,
        "y": y,
        "text": safe(text),
        "showarrow": False,
        "font": {"size": scene.font_size, "color": scene.palette.ink},
        **options,
    }


def class_breaks(largest: float, count: int = 5) -> list[float]:
    """Return round, roughly geometric class breaks from 0 up to beyond ``largest``.

    Breaks are 1, 3, 10, 30 ... of a power of ten, so that people can read
    values off a map.
    """
    if not largest > 0:
        return [0.0, 1.0]
    ladder: list[float] = []
    exponent = -6
    while 10.0**exponent <= largest * 10:
        ladder += [10.0**exponent, 3 * 10.0**exponent]
        exponent += 1
    above = next(i for i, step in enumerate(ladder) if step >= largest)
    return [0.0, *ladder[max(0, above - count + 1) : above + 1]]
