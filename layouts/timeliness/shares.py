"""On-time shares side by side, each with its interval."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from layouts.charts import Figure, annotation, axis, base_layout, figure, mark, rows, tooltip
from layouts.palette import REGION_COLOURS
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.timeliness.fitting import wrapped
from layouts.timeliness.legend import mixed
from layouts.timeliness.stories import member_story, share_lines

LABEL_CHARACTERS: Final = 22
LABEL_ROOM: Final = 0.1
"""A share nearer than this to the axis is written to the right of its dot."""
MUTED_DOT: Final = 0.4
"""How much of its colour a muted dot keeps: dots are small."""


@dataclass(frozen=True)
class _Dot:
    label: str
    row: Any
    colour: str
    is_muted: bool
    story: str
    mark: str
    symbol: str


def draw_on_time_by_region(frames: Frames, scene: Scene) -> Drawing:
    """Regions by on-time share, the selected members among them."""
    frame, members = frames["on_time_by_region"], frames["on_time_by_member"]
    counted = frame.dropna(subset=["on_time_share"])
    if counted.empty:
        return Drawing(empty=no_counted(scene))
    chosen = members[members["member_iso3"].isin(scene.chosen.members)]
    return Drawing(
        figure=on_time_by_region(counted, chosen.dropna(subset=["on_time_share"]), scene),
        subtitle=scene.subtitle(
            scene.names.collections[scene.selection.collection or ""],
            scene.words.label("on_time_share"),
        ),
        note=scene.words("timeliness.interval_note"),
        height=800 if scene.is_present else 40 + 42 * (len(counted) + len(chosen)),
    )


def no_counted(scene: Scene) -> str:
    """Say why no on-time share can be given."""
    return scene.words("timeliness.no_counted", range=scene.range_text)


def on_time_by_region(frame: pd.DataFrame, members: pd.DataFrame, scene: Scene) -> Figure:
    """Return a dot per region and selected member with its interval, best on top."""
    palette, words = scene.palette, scene.words
    dots = sorted(_dots(frame, members, scene), key=lambda dot: dot.row.on_time_share)
    places = list(range(len(dots)))
    colours = [
        mixed(dot.colour, palette.paper, MUTED_DOT) if dot.is_muted else dot.colour for dot in dots
    ]
    shares = [float(dot.row.on_time_share) for dot in dots]
    whiskers_x: list[float | None] = []
    whiskers_y: list[float | None] = []
    for place, dot in zip(places, dots, strict=True):
        whiskers_x += [float(dot.row.low), float(dot.row.high), None]
        whiskers_y += [place, place, None]
    size = scene.font_size
    low = max(0.0, math.floor((min(float(dot.row.low) for dot in dots) - 0.03) * 10) / 10)
    data: list[dict[str, Any]] = [
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
            "mode": "markers+text",
            "x": shares,
            "y": places,
            "marker": {
                "size": size * 0.9,
                "color": colours,
                "symbol": [dot.symbol for dot in dots],
                "line": {"width": 1, "color": palette.paper},
            },
            "text": [words.measured(share, "on_time_share") for share in shares],
            # Beside the axis a centred text would run into the names.
            "textposition": [
                "top right" if share < low + LABEL_ROOM else "top center" for share in shares
            ],
            "textfont": {
                "size": size,
                "color": [palette.soft_ink if dot.is_muted else palette.ink for dot in dots],
            },
            "cliponaxis": False,
            "customdata": [dot.mark for dot in dots],
            "hovertext": [dot.story for dot in dots],
            "hoverinfo": "text",
        },
    ]
    on_time, counted = int(frame["on_time"].sum()), int(frame["counted"].sum())
    whole = on_time / counted
    ticks = [tick / 10 for tick in range(round(low * 10), 11, 1 if low >= 0.6 else 2)]
    layout = base_layout(
        scene,
        xaxis=axis(
            palette,
            range=[low, 1.02],
            tickvals=ticks,
            ticktext=[words.value(tick, "share") for tick in ticks],
        ),
        yaxis=axis(
            palette,
            showgrid=False,
            tickvals=places,
            ticktext=[_label(dot, palette.soft_ink) for dot in dots],
            tickfont={"color": palette.ink, "size": size},
            range=[-0.6, len(dots) - 0.2],
        ),
        shapes=[
            {
                "type": "line",
                "x0": whole,
                "x1": whole,
                "yref": "paper",
                "y0": 0,
                "y1": 1,
                "line": {"color": palette.soft_ink, "width": 1, "dash": "dot"},
                "layer": "below",
            }
        ],
        annotations=[
            annotation(
                scene,
                whole,
                1,
                words("timeliness.all_share", share=words.measured(whole, "on_time_share")),
                yref="paper",
                yanchor="bottom",
                font={"size": size, "color": palette.soft_ink},
            )
        ],
        margin={"l": 8, "r": 12, "t": round(size * 1.8), "b": 8},
    )
    return figure(data, layout)


def _label(dot: _Dot, soft_ink: str) -> str:
    text = wrapped(dot.label, LABEL_CHARACTERS)
    return f'<span style="color:{soft_ink}">{text}</span>' if dot.is_muted else text


def _dots(frame: pd.DataFrame, members: pd.DataFrame, scene: Scene) -> list[_Dot]:
    names, chosen = scene.names, scene.chosen
    is_focused = bool(chosen.regions or len(members))
    dots = [
        _Dot(
            names.region(row.region_id),
            row,
            REGION_COLOURS[row.region_id],
            is_focused and row.region_id not in chosen.regions,
            tooltip(names.region(row.region_id, is_short=False), *share_lines(row, scene)),
            mark("region", row.region_id),
            "circle",
        )
        for row in rows(frame)
    ]
    dots += [
        _Dot(
            names.member(row.member_iso3),
            row,
            REGION_COLOURS[row.region_id],
            False,
            member_story(row, scene),
            mark("member", row.member_iso3),
            "diamond",
        )
        for row in rows(members)
    ]
    return dots
