"""Where each reporter's record stands among its partners', with how sure that is."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from layouts.charts import (
    Figure,
    annotation,
    axis,
    base_layout,
    figure,
    mark,
    rows,
    safe,
    tooltip,
)
from layouts.mirror.subject import collection_text, nothing, ratio_text, short
from layouts.palette import REGION_COLOURS
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

ROWS_AT_MOST: Final = 40
STAGED_ROWS: Final = 14
ROW_HEIGHT: Final = 20
NAME_AT_MOST: Final = 24
LADDER: Final = (0.1, 0.2, 0.5, 0.8, 1.0, 1.25, 2.0, 5.0, 10.0)


def draw_standings(frames: Frames, scene: Scene) -> Drawing:
    """Those furthest from their partners' records; of a chosen region, all its members."""
    frame = frames["mirror_standings"]
    words = scene.words
    if scene.as_of < scene.catalogue.data_on:
        return Drawing(empty=words("mirror.standings.past"))
    if frame.empty:
        drawing = nothing(scene)
        return (
            drawing
            if scene.selection.flow not in ("X", "M")
            else Drawing(empty=words("mirror.standings.none", range=scene.range_text))
        )
    shown = furthest(frame, scene)
    if shown.empty:
        return Drawing(empty=words("mirror.standings.none_here", scope=scene.scope_text))
    year = words.number(int(frame["year"].iloc[0])).replace(",", "").replace("\u202f", "")
    flow = words(f"flow.{scene.selection.flow}")
    return Drawing(
        figure=standing_dots(shown, scene),
        title=_finding(frame, scene),
        subtitle=" · ".join(
            part
            for part in (
                words("mirror.standings.unit", flow=flow),
                collection_text(scene),
                year,
                words("common.as_of", day=words.day(scene.as_of)),
            )
            if part
        ),
        note=words("mirror.standings.read"),
        height=None if scene.is_present else max(260, 60 + ROW_HEIGHT * len(shown)),
    )


def stands_apart(frame: pd.DataFrame) -> pd.Series:
    """Tell whose interval excludes agreement."""
    return (frame["low"] > 1.0) | (frame["high"] < 1.0)


def furthest(frame: pd.DataFrame, scene: Scene) -> pd.DataFrame:
    """Return the members that are shown, the highest standing first."""
    chosen = scene.chosen
    if chosen.regions:
        kept = frame[frame["region_id"].isin(chosen.regions)]
    else:
        distance = np.log(frame["standing"]).abs().sort_values(ascending=False, kind="stable")
        most = STAGED_ROWS if scene.is_present else ROWS_AT_MOST
        is_named = frame["member_iso3"].isin([*chosen.members, *chosen.partners])
        kept = frame[is_named | frame.index.isin(distance.index[:most])]
    return kept.sort_values(["standing", "member_iso3"], ascending=[False, True], kind="stable")


def _finding(frame: pd.DataFrame, scene: Scene) -> str:
    words = scene.words
    apart = frame[stands_apart(frame)]
    if apart.empty:
        return words("mirror.standings.nobody", count=words.number(len(frame)))
    return words(
        "mirror.standings.finding",
        above=words.number(int((apart["standing"] > 1).sum())),
        below=words.number(int((apart["standing"] < 1).sum())),
        count=words.number(len(frame)),
    )


def standing_dots(shown: pd.DataFrame, scene: Scene) -> Figure:
    """Return a dot with its interval per member, on a log scale around agreement."""
    palette = scene.palette
    size = scene.font_size if scene.is_present else 12
    listed = rows(shown)
    places = list(range(len(listed)))
    is_apart = stands_apart(shown).to_list()
    named = {*scene.chosen.members, *scene.chosen.partners}
    opacity = [
        1.0 if apart or row.member_iso3 in named else 0.4
        for apart, row in zip(is_apart, listed, strict=True)
    ]
    colours = [REGION_COLOURS.get(row.region_id, palette.muted) for row in listed]
    data: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "markers",
            "name": "standings",
            "x": [row.standing for row in listed],
            "y": places,
            "error_x": {
                "type": "data",
                "symmetric": False,
                "array": [row.high - row.standing for row in listed],
                "arrayminus": [row.standing - row.low for row in listed],
                "color": palette.muted,
                "thickness": 2,
                "width": 0,
            },
            "marker": {
                "size": scene.font_size * 0.7,
                "color": colours,
                "opacity": opacity,
                "line": {
                    "width": [2 if row.member_iso3 in named else 0 for row in listed],
                    "color": palette.accent,
                },
            },
            "hovertext": [_story(row, scene) for row in listed],
            "hoverinfo": "text",
            "customdata": [mark("member", row.member_iso3) for row in listed],
        }
    ]
    low = min(0.8, float(shown["low"].min())) * 0.97
    high = max(1.25, float(shown["high"].max())) * 1.03
    ticks = [step for step in LADDER if low <= step <= high]
    layout = base_layout(
        scene,
        xaxis=axis(
            palette,
            type="log",
            side="top",
            range=[float(np.log10(low)), float(np.log10(high))],
            tickvals=ticks,
            ticktext=[scene.words.number(tick, 2 if tick % 1 else 0) for tick in ticks],
            tickangle=0,
        ),
        yaxis=axis(
            palette,
            showgrid=False,
            tickvals=places,
            ticktext=[
                safe(short(scene.names.member(row.member_iso3), NAME_AT_MOST)) for row in listed
            ],
            tickfont={"size": size, "color": palette.ink},
            range=[max(len(listed), 4) - 0.5, -0.7],
        ),
        shapes=[
            {
                "type": "line",
                "x0": 1,
                "x1": 1,
                "yref": "paper",
                "y0": 0,
                "y1": 1,
                "line": {"color": palette.soft_ink, "width": 1},
            }
        ],
        annotations=[
            annotation(
                scene,
                1,
                place,
                ratio_text(row.standing, scene),
                xref="paper",
                xanchor="right",
                xshift=size * 4.6,
                font={"size": size, "color": palette.ink},
            )
            for place, row in enumerate(listed)
        ],
        margin={"l": 8, "r": size * 5, "t": 8, "b": 4},
    )
    return figure(data, layout)


def _story(row: Any, scene: Scene) -> str:
    words = scene.words
    return tooltip(
        scene.names.member(row.member_iso3),
        words("mirror.standings.story", ratio=ratio_text(row.standing, scene)),
        words(
            "common.interval",
            low=words.value(row.low, "ratio"),
            high=words.value(row.high, "ratio"),
        ),
        words("mirror.standings.fitted", ratio=ratio_text(row.effect, scene)),
        words("mirror.standings.pairs", count=words.number(row.pair_count)),
    )
