"""The six charts as Plotly's plain dictionaries, the same on every page."""

from __future__ import annotations

from typing import Any

import pandas as pd

CHARTS = ("on_time", "quality", "matrix", "members", "months", "chapters")
TITLES = {
    "on_time": "On-time share by region",
    "quality": "Quality score by region",
    "matrix": "Exports from region to region, USD",
    "members": "Top twenty members by exports, USD",
    "months": "Exports and imports by month, USD",
    "chapters": "Exports by chapter, USD",
}
HEIGHT = 330  # pixels
BLUE, ORANGE = "#1f5f99", "#c8641b"


def figure(chart: str, rows: pd.DataFrame) -> dict[str, Any]:
    """Return the figure of a chart from the rows of its question."""
    layout: dict[str, Any] = {
        "title": {"text": TITLES[chart], "font": {"size": 14}},
        "height": HEIGHT,
        "margin": {"l": 40, "r": 10, "t": 40, "b": 40},
        "showlegend": chart == "months",
        "xaxis": {"automargin": True},
        "yaxis": {"automargin": True},
    }
    if chart == "months":
        layout["xaxis"]["type"] = "category"
    return {"data": _traces(chart, rows), "layout": layout}


def _traces(chart: str, rows: pd.DataFrame) -> list[dict[str, Any]]:
    if chart == "matrix":
        wide = rows.pivot_table(index="reporter", columns="partner", values="value")
        return [
            {
                "type": "heatmap",
                "x": wide.columns.tolist(),
                "y": wide.index.tolist(),
                "z": wide.astype(object).where(wide.notna(), None).to_numpy().tolist(),
                "colorscale": [[0, "#f2f6fa"], [1, BLUE]],
                "texttemplate": "%{z:.2s}",
            }
        ]
    if chart == "months":
        return [
            {
                "type": "scatter",
                "mode": "lines",
                "name": name,
                "x": part["month"].tolist(),
                "y": part["value"].tolist(),
                "line": {"color": colour},
            }
            for code, name, colour in (("X", "Exports", BLUE), ("M", "Imports", ORANGE))
            for part in (rows[rows["flow"] == code],)
        ]
    if chart == "chapters":
        return [_bars(rows["chapter"], rows["value"], "v")]
    if chart == "members":
        rows = rows.iloc[::-1]
    label, value = rows.columns
    return [_bars(rows[value], rows[label], "h")]


def _bars(x: pd.Series, y: pd.Series, orientation: str) -> dict[str, Any]:
    return {
        "type": "bar",
        "x": x.tolist(),
        "y": y.tolist(),
        "orientation": orientation,
        "marker": {"color": BLUE},
    }
