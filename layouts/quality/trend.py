"""Quality over time: by region, or the chosen members against all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from layouts.charts import Figure, annotation, axis, base_layout, figure, mark, rows, safe, tooltip
from layouts.palette import REGION_COLOURS
from layouts.panels import Drawing, Frames
from layouts.quality.subject import (
    EVERYBODY,
    FULL_WEIGHT,
    collection_text,
    no_scores,
    period_event,
    period_ticks,
    score_shown,
)
from layouts.scene import Scene

MEMBERS_AT_MOST: Final = 6
"""Chosen members that get a line of their own."""

PERIODS_TO_COMPARE: Final = 3
LINE_AT_MOST: Final = 17
"""Signs of a name that stand on one line beside the chart."""

DASHES: Final = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")


def draw_trend(frames: Frames, scene: Scene) -> Drawing:
    """A line for each region or chosen member, and one for all."""
    regions, members = frames["quality_by_period"], frames["quality_of_members"]
    shown = score_shown(scene)
    if regions[shown].dropna().empty:
        return Drawing(empty=no_scores(scene))
    words = scene.words
    return Drawing(
        figure=quality_trend(regions, members, scene),
        subtitle=scene.subtitle(words.label(shown), words("unit.score"), collection_text(scene)),
        note=" ".join(
            [
                *([words("quality.trend_members_note")] if scene.chosen.members else []),
                *partial_notes(regions, scene),
            ]
        )
        or None,
    )


def partial_notes(regions: pd.DataFrame, scene: Scene) -> list[str]:
    """Return a warning if the last period has far fewer checked rows than usual."""
    everybody = regions[regions["region_id"] == EVERYBODY].sort_values("period_id")
    counts = everybody["rows_checked"].to_numpy()
    if len(counts) < PERIODS_TO_COMPARE or counts[-1] >= np.median(counts) / 2:
        return []
    period = scene.words.period(int(everybody["period_id"].iloc[-1]))
    return [scene.words("quality.partial", period=period)]


def quality_trend(regions: pd.DataFrame, members: pd.DataFrame, scene: Scene) -> Figure:
    """Return scores by period: regions in their colours, chosen members in the accent."""
    palette, words, names = scene.palette, scene.words, scene.names
    shown, chosen = score_shown(scene), scene.chosen
    periods = sorted(int(period) for period in regions["period_id"].unique())
    places = {period: place for place, period in enumerate(periods)}
    data: list[dict[str, Any]] = []
    ends: list[tuple[float, str, str]] = []

    def line(rows_of: pd.DataFrame, name: str, event: str, style: dict[str, Any]) -> None:
        by_place = {places[int(row.period_id)]: row for row in rows(rows_of)}
        ys = [_score(by_place.get(place), shown) for place in range(len(periods))]
        data.append(
            {
                "type": "scatter",
                "mode": "lines+markers" if len(periods) < 3 else "lines",
                "x": list(range(len(periods))),
                "y": ys,
                "name": name,
                "customdata": [event or mark("month", period_event(period)) for period in periods],
                "hovertext": [
                    tooltip(
                        f"{name}, {words.period(period)}",
                        f"{words.label(shown)} {words.value(y, 'score')}",
                        words(
                            "quality.rows_checked",
                            rows=words.short(float(by_place[place].rows_checked)),
                        ),
                        words(
                            "quality.weight_used",
                            share=words.value(by_place[place].weight_used, "share"),
                        )
                        if by_place[place].weight_used < FULL_WEIGHT
                        else "",
                    )
                    if y is not None
                    else ""
                    for place, (period, y) in enumerate(zip(periods, ys, strict=True))
                ],
                "hoverinfo": "text",
                "connectgaps": False,
                "line": {"shape": "linear", **style},
            }
        )
        last = next((y for y in reversed(ys) if y is not None), None)
        if last is not None and style["color"] != palette.muted:
            ends.append((last, name, style["color"]))

    thick = 5 if scene.is_present else 2.5
    for region in scene.catalogue.regions:
        is_lit = not chosen.members and (not chosen.regions or region in chosen.regions)
        is_on = region in chosen.regions and not chosen.members
        line(
            regions[regions["region_id"] == region],
            names.region(region),
            mark("region", region),
            {
                "color": REGION_COLOURS[region] if is_lit else palette.muted,
                "width": thick if is_on else thick * 0.6,
            },
        )
    line(
        regions[regions["region_id"] == EVERYBODY],
        words("quality.everybody"),
        "",
        {"color": palette.ink, "width": thick},
    )
    for place, iso3 in enumerate(chosen.members[:MEMBERS_AT_MOST]):
        line(
            members[members["member_iso3"] == iso3],
            names.member(iso3),
            mark("member", iso3),
            {"color": palette.accent, "width": thick, "dash": DASHES[place]},
        )
    known = [y for one in data for y in one["y"] if y is not None]
    low, high = _bounds(known)
    line_height = (high - low) * (0.05 if scene.is_present else 0.058)
    wrapped = [in_two_lines(name) for _, name, _ in ends]
    rooms = [line_height * (1.3 + text.count("\n")) for text in wrapped]
    heights = spread([end[0] for end in ends], rooms, high, low)
    labels = [
        annotation(
            scene,
            1,
            height,
            "",
            xref="paper",
            xanchor="left",
            xshift=6,
            align="left",
            font={"size": scene.font_size, "color": colour},
        )
        | {"text": "<br>".join(safe(part) for part in text.split("\n"))}
        for (_, _, colour), text, height in zip(ends, wrapped, heights, strict=True)
    ]
    longest = max((len(part) for text in wrapped for part in text.split("\n")), default=0)
    ticks, labels_of_ticks = period_ticks(periods, scene)
    layout = base_layout(
        scene,
        xaxis=axis(
            palette,
            showgrid=False,
            tickvals=ticks,
            ticktext=labels_of_ticks,
            tickangle=0,
            range=[-0.2, max(0.2, len(periods) - 0.8)],
        ),
        yaxis=axis(palette, range=[low, high], nticks=5),
        annotations=labels,
        margin={
            "l": 8,
            "r": round(longest * scene.font_size * 0.54) + 14,
            "t": 8,
            "b": 8,
        },
    )
    return figure(data, layout)


def in_two_lines(name: str) -> str:
    """Break a long name at the space nearest to its middle."""
    spaces = [place for place, sign in enumerate(name) if sign == " "]
    if len(name) <= LINE_AT_MOST or not spaces:
        return name
    middle = min(spaces, key=lambda place: abs(place - len(name) / 2))
    return f"{name[:middle]}\n{name[middle + 1 :]}"


def spread(
    values: Sequence[float], rooms: Sequence[float], highest: float, lowest: float
) -> list[float]:
    """Return heights of labels near to ``values`` that leave each label its room.

    The order of the values is kept and none begins above ``highest``. If that
    pushes labels below ``lowest``, all move up; too many for the height stand
    closer.
    """
    order = sorted(range(len(values)), key=lambda place: -values[place])
    total = sum(rooms)
    squeeze = min(1.0, (highest - lowest) / total) if total > 0 else 1.0
    heights = [0.0] * len(values)
    top = highest
    for place in order:
        half = rooms[place] * squeeze / 2
        heights[place] = min(values[place], top - half)
        top = heights[place] - half
    bottom = lowest
    for place in reversed(order):
        half = rooms[place] * squeeze / 2
        heights[place] = max(heights[place], bottom + half)
        bottom = heights[place] + half
    return heights


def _score(row: Any, shown: str) -> float | None:
    if row is None:
        return None
    value = float(getattr(row, shown))
    return None if value != value else value


def _bounds(known: Sequence[float]) -> tuple[float, float]:
    low, high = min(known), max(known)
    room = max(2.0, (high - low) * 0.08)
    return max(0.0, low - room), min(100.5, high + room)
