"""How much of what was owed is there, by collection and period."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import pandas as pd

from layouts.charts import Figure, annotation, axis, base_layout, figure, mark, rows, tooltip
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

COVERAGE_BREAKS: Final = (0.5, 0.75, 0.9, 0.98)
"""Shares at which the shade of a cell changes."""

WIDE_AT_MOST: Final = 40
"""Periods of a band that are told apart by a line; more would be all lines."""

SHADES: Final = (0, 1, 2, 3, 4)


def draw_coverage(frames: Frames, scene: Scene) -> Drawing:
    """Collections down, time across, shaded by the share of what was owed that is there."""
    frame, words = frames["collection_coverage"], scene.words
    if frame.empty:
        return Drawing(empty=words("data-held.nothing_owed", scope=scene.scope_within))
    parts = [
        words.label("received_share"),
        scene.scope_text,
        words("common.as_of", day=words.day(scene.as_of)),
    ]
    return Drawing(
        figure=coverage_map(frame, scene),
        subtitle=" · ".join(parts),
        note=words("data-held.coverage_note"),
    )


def coverage_map(frame: pd.DataFrame, scene: Scene) -> Figure:
    """Return a band per collection, each period as wide as it is long."""
    palette, names = scene.palette, scene.names
    present = [c for c in scene.catalogue.collections if c in set(frame["collection_id"])]
    months = [_months_of(int(period)) for period in frame["period_id"]]
    low = min(first for first, _ in months)
    high = max(last for _, last in months) + 1
    papers = [palette.sequential[place] for place in SHADES]
    data: list[dict[str, Any]] = []
    for place, collection in enumerate(present):
        inside = frame[frame["collection_id"] == collection].sort_values("period_id")
        data += [_band(part, place, collection, papers, scene) for part in _unbroken(inside)]
    years = list(range(-(-low // 12), high // 12 + 1))
    every = max(1, round(len(years) / 10))
    shown = years[::every]
    chosen = scene.selection.collection
    labels = [
        annotation(
            scene,
            0,
            place,
            names.collections[collection],
            xref="paper",
            xanchor="right",
            xshift=-8,
            captureevents=True,
            name=mark("collection", collection),
            font={
                "size": scene.font_size,
                "color": palette.ink,
                "weight": 600 if collection == chosen else 400,
            },
        )
        for place, collection in enumerate(present)
    ]
    keys = _coverage_keys(papers, len(present), scene)
    longest = max(len(names.collections[collection]) for collection in present)
    layout = base_layout(
        scene,
        xaxis=axis(
            palette,
            showgrid=False,
            tickvals=[year * 12 for year in shown],
            ticktext=[str(year) for year in shown],
            range=[low, high],
        ),
        yaxis=axis(palette, visible=False, range=[len(present) + 0.2, -0.6]),
        annotations=[*labels, *keys],
        margin={
            "l": round(longest * scene.font_size * 0.58) + 16,
            "r": 12,
            "t": 4,
            "b": scene.font_size * 2,
        },
    )
    return figure(data, layout)


def _months_of(period_id: int) -> tuple[int, int]:
    """Return the first and last month of a period, counted from year 0."""
    if period_id > 9999:
        month = period_id // 100 * 12 + period_id % 100 - 1
        return month, month
    return period_id * 12, period_id * 12 + 11


def _unbroken(frame: pd.DataFrame) -> list[pd.DataFrame]:
    """Cut a collection's periods where one is not there, so that the gap stays a gap."""
    starts, before = [], None
    for place, period in enumerate(frame["period_id"]):
        first, last = _months_of(int(period))
        if before is None or first != before + 1:
            starts.append(place)
        before = last
    ends = [*starts[1:], len(frame)]
    return [frame.iloc[start:end] for start, end in zip(starts, ends, strict=True)]


def _band(
    frame: pd.DataFrame, place: int, collection: str, papers: Sequence[str], scene: Scene
) -> dict[str, Any]:
    words, names = scene.words, scene.names
    months = [_months_of(int(period)) for period in frame["period_id"]]
    edges = [first for first, _ in months] + [months[-1][1] + 1]
    count = len(papers)
    scale = []
    for index, paper in enumerate(papers):
        scale += [[index / count, paper], [(index + 1) / count, paper]]
    return {
        "type": "heatmap",
        "x": edges,
        "y": [place - 0.38, place + 0.38],
        "z": [[_class_of(share) for share in frame["received_share"]]],
        "zmin": -0.5,
        "zmax": count - 0.5,
        "colorscale": scale,
        "showscale": False,
        "xgap": 1 if len(frame) <= WIDE_AT_MOST else 0,
        "customdata": [[mark("collection", collection)] * len(frame)],
        "text": [
            [
                tooltip(
                    f"{names.collections[collection]}, {words.period(int(row.period_id))}",
                    f"{words.label('received_share')} {words.value(row.received_share, 'share')}",
                    words(
                        "data-held.of_owed",
                        received=words.number(row.received_count),
                        owed=words.number(row.owed_count),
                    ),
                )
                for row in rows(frame)
            ]
        ],
        "hoverinfo": "text",
    }


def _class_of(share: float) -> int | None:
    return None if share != share else sum(share >= step for step in COVERAGE_BREAKS)


def _coverage_keys(papers: Sequence[str], place: int, scene: Scene) -> list[dict[str, Any]]:
    words, palette = scene.words, scene.palette
    steps = [words.value(step, "share") for step in COVERAGE_BREAKS]
    labels = [
        words("quality.below", step=steps[0]),
        *(f"{low} – {high}" for low, high in pairwise(steps)),
        words("quality.from", step=steps[-1]),
    ]
    widths = [len(label) * scene.font_size * 0.56 + 8 for label in labels]
    return [
        annotation(
            scene,
            0,
            place,
            label,
            xref="paper",
            xanchor="left",
            xshift=round(sum(widths[:index])),
            bgcolor=paper,
            borderpad=2,
            font={
                "size": scene.font_size,
                "color": palette.paper if index > 3 else palette.ink,
            },
        )
        for index, (label, paper) in enumerate(zip(labels, papers, strict=True))
    ]
