"""How many of next month's submissions will be late, by region."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from layouts.charts import Figure, axis, base_layout, figure, mark, rows, tooltip
from layouts.forecast.chances import (
    as_of_text,
    collection_text,
    next_month_text,
    no_probability,
    why_nothing,
)
from layouts.palette import REGION_COLOURS
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.timeliness.delays import see_delays
from layouts.timeliness.fitting import wrapped
from layouts.timeliness.legend import mixed

LABEL_CHARACTERS: Final = 22
EVERYBODY: Final = "all"
MUTED_DOT: Final = 0.4
ROOM: Final = 1.45
"""The axis goes on beyond the longest bar, for its label."""


def draw_late_by_region(frames: Frames, scene: Scene) -> Drawing:
    """Expected number of late submissions of each region with its interval."""
    frame, words = frames["late_next_month"], scene.words
    subtitle = " · ".join([collection_text(scene), words("forecast.late_unit"), as_of_text(scene)])
    whole = next((row for row in rows(frame) if row.region_id == EVERYBODY), None)
    due, received = (int(whole.due), int(whole.received)) if whole else (0, 0)
    unforecast = int(whole.unforecast) if whole else 0
    empty = why_nothing(due, due - received, scene)
    if whole is None or empty:
        return Drawing(empty=empty, subtitle=subtitle)
    if due - received == unforecast:
        return Drawing(
            empty=no_probability("regions", scene),
            subtitle=subtitle,
            note=None if scene.is_present else see_delays(scene),
        )
    regions = frame[frame["region_id"] != EVERYBODY].sort_values(["expected_late", "region_id"])
    return Drawing(
        figure=late_by_region(regions, scene),
        title=words(
            "forecast.late_finding",
            expected=words.number(whole.expected_late),
            due=words.number(whole.due),
            month=next_month_text(scene),
        ),
        subtitle=subtitle,
        note=words(
            "forecast.late_note",
            between=words(
                "forecast.late_between", low=words.number(whole.low), high=words.number(whole.high)
            ),
        ),
        height=800 if scene.is_present else 60 + 52 * len(regions),
    )


def late_by_region(frame: pd.DataFrame, scene: Scene) -> Figure:
    """Return a dot per region on a bar of what falls due, the most late on top."""
    palette, words, size = scene.palette, scene.words, scene.font_size
    places = list(range(len(frame)))
    colours = [_colour(str(region), scene) for region in frame["region_id"]]
    whiskers_x: list[float | None] = []
    whiskers_y: list[float | None] = []
    for place, row in zip(places, rows(frame), strict=True):
        whiskers_x += [float(row.low), float(row.high), None]
        whiskers_y += [place, place, None]
    data: list[dict[str, Any]] = [
        {
            "type": "bar",
            "orientation": "h",
            "x": frame["due"].tolist(),
            "y": places,
            "width": 0.5,
            "marker": {"color": palette.faint, "line": {"width": 1, "color": palette.line}},
            "customdata": [mark("region", region) for region in frame["region_id"]],
            "hovertext": [_story(row, scene) for row in rows(frame)],
            "hoverinfo": "text",
        },
        {
            "type": "scatter",
            "mode": "lines",
            "x": whiskers_x,
            "y": whiskers_y,
            "line": {"color": palette.soft_ink, "width": size / 8},
            "hoverinfo": "skip",
        },
        {
            "type": "scatter",
            "mode": "markers",
            "x": frame["expected_late"].tolist(),
            "y": places,
            "marker": {
                "size": size * 0.9,
                "color": colours,
                "line": {"width": 1, "color": palette.paper},
            },
            "customdata": [mark("region", region) for region in frame["region_id"]],
            "hovertext": [_story(row, scene) for row in rows(frame)],
            "hoverinfo": "text",
        },
    ]
    largest = float(frame["due"].max())
    annotations = [
        {
            "x": float(row.due),
            "y": place,
            "xanchor": "left",
            "xshift": 6,
            "text": words(
                "forecast.late_of", late=words.number(row.expected_late), due=words.number(row.due)
            ),
            "showarrow": False,
            "font": {"size": size, "color": palette.ink},
        }
        for place, row in zip(places, rows(frame), strict=True)
    ]
    layout = base_layout(
        scene,
        xaxis=axis(palette, range=[0, largest * ROOM], nticks=5, rangemode="tozero"),
        yaxis=axis(
            palette,
            showgrid=False,
            tickvals=places,
            ticktext=[
                wrapped(scene.names.region(region), LABEL_CHARACTERS)
                for region in frame["region_id"]
            ],
            tickfont={"color": palette.ink, "size": size},
            range=[-0.6, len(frame) - 0.4],
        ),
        annotations=annotations,
    )
    return figure(data, layout)


def _colour(region: str, scene: Scene) -> str:
    """Return the colour of a region's dot, muted if others are chosen."""
    chosen = scene.chosen.regions
    full = REGION_COLOURS[region]
    return full if not chosen or region in chosen else mixed(full, scene.palette.paper, MUTED_DOT)


def _story(row: Any, scene: Scene) -> str:
    words = scene.words
    return tooltip(
        scene.names.region(row.region_id, is_short=False),
        words(
            "forecast.expected",
            expected=words.number(row.expected_late, 1),
            low=words.number(row.low),
            high=words.number(row.high),
        ),
        words(
            "forecast.due_and_received",
            due=words.number(row.due),
            received=words.number(row.received),
        ),
        words("forecast.unforecast", count=words.number(row.unforecast)) if row.unforecast else "",
    )
