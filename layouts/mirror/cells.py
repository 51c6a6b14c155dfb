"""Both records by chapter and period: how far apart, cell by cell."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

import pandas as pd
from dash import html

from layouts.charts import Figure, annotation, axis, base_layout, figure, mark, rows, safe, tooltip
from layouts.flows.scale import discrete_scale
from layouts.mirror.subject import (
    RATIO_BREAKS,
    chapter_name,
    nothing,
    ratio_class,
    signed,
    story_of,
    subtitle,
)
from layouts.palette import LIGHT
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

ROW_HEIGHT: Final = 17
STAGED_ROWS: Final = 14
FEWEST_ROWS: Final = 4
TICKS: Final = 7
DARK_INK: Final = LIGHT.ink


def draw_cells(frames: Frames, scene: Scene) -> Drawing:
    """Chapters down, periods across; the largest gap first."""
    frame = frames["mirror_cells"]
    if frame.empty:
        return nothing(scene)
    order = chapter_order(frame)
    if scene.is_present:
        order = order[:STAGED_ROWS]
    return Drawing(
        figure=record_cells(frame, order, scene),
        subtitle=subtitle(frame, scene, scene.words("mirror.ratio_unit")),
        note=class_key(scene),
        height=None if scene.is_present else max(140, 64 + ROW_HEIGHT * len(order)),
    )


def chapter_order(frame: pd.DataFrame) -> list[str]:
    """Return the chapters, the one with the largest gap first."""
    gaps = frame.groupby("chapter_code")["gap_usd"].sum().abs()
    return [str(code) for code in gaps.sort_values(ascending=False, kind="stable").index]


def record_cells(frame: pd.DataFrame, order: list[str], scene: Scene) -> Figure:
    """Return a classed heatmap of ratios; what one side alone records is marked by whose it is."""
    words, palette = scene.words, scene.palette
    size = scene.font_size if scene.is_present else 12
    periods = sorted(int(period) for period in frame["period_id"].unique())
    across = {period: place for place, period in enumerate(periods)}
    down = {code: place for place, code in enumerate(order)}
    # There are thousands of cells, but few chapters and periods.
    chapters = {code: chapter_name(code, scene, 60) for code in order}
    period_names = {period: words.period(period) for period in periods}
    z: list[list[int | None]] = [[None] * len(periods) for _ in order]
    hover = [[""] * len(periods) for _ in order]
    marks = [[""] * len(periods) for _ in order]
    alone: dict[str, list[tuple[int, int]]] = {"ours": [], "theirs": []}
    story = story_of(scene)
    for row in rows(frame):
        code, period = str(row.chapter_code), int(row.period_id)
        y, x = down.get(code), across[period]
        if y is None:
            continue
        head = f"{chapters[code]}, {period_names[period]}"
        hover[y][x] = tooltip(head, *story(row))
        marks[y][x] = mark("commodity", code)
        if row.reported_usd > 0 and row.mirrored_usd > 0 and row.mirror_ratio > 0:
            z[y][x] = ratio_class(row.mirror_ratio)
        else:
            alone["ours" if row.reported_usd > 0 else "theirs"].append((x, y))
    data: list[dict[str, Any]] = [
        {
            "type": "heatmap",
            "x": list(range(len(periods))),
            "y": list(range(len(order))),
            "z": z,
            "zmin": -0.5,
            "zmax": len(RATIO_BREAKS) + 0.5,
            "colorscale": discrete_scale(_colours(scene)),
            "showscale": False,
            "xgap": 1,
            "ygap": 1,
            "hovertext": hover,
            "hoverinfo": "text",
            "hoverongaps": False,
            "customdata": marks,
        },
        *(
            {
                "type": "scatter",
                "mode": "markers",
                "name": side,
                "x": [x for x, _ in places],
                "y": [y for _, y in places],
                "marker": {
                    "symbol": "circle" if side == "ours" else "diamond-open",
                    "size": 5,
                    "color": palette.soft_ink,
                },
                "hovertext": [hover[y][x] for x, y in places],
                "hoverinfo": "text",
                "customdata": [marks[y][x] for x, y in places],
            }
            for side, places in alone.items()
        ),
    ]
    step = max(1, -(-len(periods) // TICKS))
    layout = base_layout(
        scene,
        xaxis=axis(
            palette,
            side="top",
            showgrid=False,
            tickangle=0,
            tickvals=list(range(0, len(periods), step)),
            ticktext=[safe(words.period(period)) for period in periods[::step]],
            tickfont={"size": size, "color": palette.soft_ink},
            range=[-0.5, len(periods) - 0.5],
        ),
        yaxis=axis(
            palette,
            showgrid=False,
            tickvals=list(range(len(order))),
            ticktext=[safe(chapter_name(code, scene)) for code in order],
            tickfont={"size": size, "color": palette.ink},
            range=[len(order) - 0.5, -0.5],
            # A few rows stay low, and the grey of what is missing ends with them.
            domain=[1 - min(1.0, len(order) / FEWEST_ROWS), 1],
        ),
        plot_bgcolor=palette.missing,
        annotations=[*_gaps(frame, order, scene, size), *_legend(scene, size)],
        margin={"l": 8, "r": size * 8, "t": size + 24, "b": 4},
    )
    return figure(data, layout)


def class_key(scene: Scene) -> list[Any]:
    """Return the classes with their colours, and what the marks mean."""
    words = scene.words
    steps = [words.number(step, 2) for step in RATIO_BREAKS]
    labels = [
        words("mirror.class_low", step=steps[0]),
        *(f"{low}–{high}" for low, high in pairwise(steps)),
        words("mirror.class_high", step=steps[-1]),
    ]
    keys: list[Any] = [
        html.Span(label, className="heat-key", style={"background": paper, "color": ink})
        for label, paper, ink in zip(labels, _colours(scene), _inks(scene), strict=True)
    ]
    return [*keys, html.Span(" " + words("mirror.cells_note"))]


def _inks(scene: Scene) -> list[str]:
    """Return what can be read on each class, whose outer ones are the strongest."""
    ink, paper = scene.palette.ink, scene.palette.paper
    return [paper, DARK_INK, ink, ink, DARK_INK, paper]


def _colours(scene: Scene) -> list[str]:
    """Return a colour per class, from our record far below the partners' to far above."""
    return list(scene.palette.diverging)


def _gaps(frame: pd.DataFrame, order: list[str], scene: Scene, size: int) -> list[dict[str, Any]]:
    gaps = frame.groupby("chapter_code")["gap_usd"].sum()
    font = {"size": size, "color": scene.palette.ink}
    return [
        annotation(
            scene,
            1,
            place,
            signed(float(gaps[code]), scene),
            xref="paper",
            xanchor="right",
            xshift=size * 8,
            font=font,
        )
        for place, code in enumerate(order)
    ]


def _legend(scene: Scene, size: int) -> list[dict[str, Any]]:
    """Return the heading of the column of gaps; the classes are told in the note's line."""
    return [
        annotation(
            scene,
            1,
            1,
            scene.words("column.gap_usd"),
            xref="paper",
            yref="paper",
            xanchor="right",
            yanchor="bottom",
            xshift=size * 8,
            font={"size": size, "color": scene.palette.soft_ink},
        )
    ]
