"""The members whose delays have fallen or grown most, each with its interval."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from layouts.charts import Figure, annotation, axis, base_layout, figure, mark, rows, safe
from layouts.delays.trends import is_sure, per_year, trend_story
from layouts.palette import REGION_COLOURS
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.timeliness.fitting import shortened

EACH_SIDE: Final = 7
STAGED_SIDE: Final = 4
NAME_CHARACTERS: Final = 26
ROW_HEIGHT: Final = 22
REST_HEIGHT: Final = 70


def draw_movers(frames: Frames, scene: Scene) -> Drawing:
    """Both ends of the order, of the selected members or regions or of all."""
    table, chance = frames["member_delay_trends"], frames["delay_trend_chance"]
    if table.empty or chance.empty:
        return Drawing(empty=scene.words("delays.no_trends_movers"))
    words = scene.words
    shown = both_ends(in_scope(table, scene), STAGED_SIDE if scene.is_present else EACH_SIDE)
    if shown.empty:
        return Drawing(empty=words("delays.no_movers", scope=scene.scope_within))
    row = rows(chance)[0]
    note = words("delays.movers_note")
    if row.draws:
        times = per_year(scene)
        note += " " + words(
            "delays.extremes",
            tested=words.number(row.members_tested),
            low=words.number(row.slope_least * times, 1),
            high=words.number(row.slope_most * times, 1),
        )
    return Drawing(
        figure=mover_dots(shown, row, scene),
        subtitle=scene.subtitle(
            scene.names.collections[scene.selection.collection or ""],
            scene.scope_text,
            words("delays.slope_unit"),
        ),
        note=note,
        height=800 if scene.is_present else max(260, REST_HEIGHT + ROW_HEIGHT * len(shown)),
    )


def in_scope(table: pd.DataFrame, scene: Scene) -> pd.DataFrame:
    """Return the members that are selected; nobody named means all."""
    chosen = scene.chosen
    if chosen.members:
        return table[table["member_iso3"].isin(chosen.members)]
    if chosen.regions:
        return table[table["region_id"].isin(chosen.regions)]
    return table


def both_ends(table: pd.DataFrame, side: int) -> pd.DataFrame:
    """Return the members that improved most, then those that slipped most, by slope."""
    ordered = table.sort_values(["slope_days", "member_iso3"])
    faster = ordered[ordered["slope_days"] < 0].head(side)
    slower = ordered[ordered["slope_days"] > 0].tail(side)
    return pd.concat([faster, slower])


def mover_dots(shown: pd.DataFrame, chance: Any, scene: Scene) -> Figure:
    """Return a dot a member with its whisker, on the range that chance makes of the ends."""
    palette, times = scene.palette, per_year(scene)
    members = rows(shown)
    whiskers_x: list[float | None] = []
    whiskers_y: list[float | None] = []
    for place, row in enumerate(members):
        # An end that is not bounded stops at the dot.
        ends = [row.slope_days if pd.isna(end) else end for end in (row.low, row.high)]
        whiskers_x += [ends[0] * times, ends[1] * times, None]
        whiskers_y += [place, place, None]
    sure = [is_sure(row) for row in members]
    data: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": whiskers_x,
            "y": whiskers_y,
            "line": {"color": palette.soft_ink, "width": scene.font_size / 10},
            "hoverinfo": "skip",
        },
        {
            "type": "scatter",
            "mode": "markers",
            "x": [row.slope_days * times for row in members],
            "y": list(range(len(members))),
            "marker": {
                "size": scene.font_size * 0.8,
                "color": [REGION_COLOURS.get(row.region_id, palette.soft_ink) for row in members],
                "symbol": ["circle" if one else "circle-open" for one in sure],
                "line": {"width": 2},
            },
            "customdata": [mark("member", row.member_iso3) for row in members],
            "hovertext": [trend_story(row, scene) for row in members],
            "hoverinfo": "text",
        },
    ]
    return figure(data, _layout(members, chance, scene))


def _span(members: list[Any], chance: Any, times: int) -> list[float]:
    """Return the ends of the axis: around the dots and the grey, whiskers may go beyond."""
    ends = [row.slope_days * times for row in members] + [0.0]
    if chance.draws:
        ends += [chance.slope_least * times, chance.slope_most * times]
    room = 0.15 * (max(ends) - min(ends)) or 1.0
    return [min(ends) - room, max(ends) + room]


def _layout(members: list[Any], chance: Any, scene: Scene) -> dict[str, Any]:
    palette, words, times = scene.palette, scene.words, per_year(scene)
    shapes: list[dict[str, Any]] = []
    labels: list[dict[str, Any]] = []
    if chance.draws:
        shapes.append(
            {
                "type": "rect",
                "x0": chance.slope_least * times,
                "x1": chance.slope_most * times,
                "yref": "paper",
                "y0": 0,
                "y1": 1,
                "fillcolor": palette.muted,
                "opacity": 0.3,
                "line": {"width": 0},
                "layer": "below",
            }
        )
        labels.append(
            annotation(
                scene,
                (chance.slope_least + chance.slope_most) / 2 * times,
                1,
                words("delays.by_chance"),
                yref="paper",
                yanchor="bottom",
                font={"size": scene.font_size, "color": palette.soft_ink},
            )
        )
    return base_layout(
        scene,
        xaxis=axis(
            palette,
            nticks=6,
            range=_span(members, chance, times),
            zeroline=True,
            zerolinecolor=palette.soft_ink,
            title={
                "text": words("delays.slope_axis"),
                "font": {"size": scene.font_size, "color": palette.soft_ink},
                "standoff": 4,
            },
        ),
        yaxis=axis(
            palette,
            showgrid=False,
            tickvals=list(range(len(members))),
            ticktext=[
                safe(shortened(scene.names.member(row.member_iso3), NAME_CHARACTERS))
                for row in members
            ],
            tickfont={"color": palette.ink, "size": scene.font_size},
            range=[len(members) - 0.4, -0.6],
        ),
        shapes=shapes,
        annotations=labels,
        margin={"l": 8, "r": 12, "t": round(scene.font_size * 1.7), "b": 8},
    )
