"""Who moves when a pillar is left out."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from layouts.charts import (
    annotation,
    axis,
    base_layout,
    emphasis,
    figure,
    mark,
    rows,
    tooltip,
)
from layouts.incentives.reading import no_ranking, pillar_name, shortened
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

DOT: Final = 7

NAME_LENGTH: Final = 14

NAME_ROOM: Final = 0.35
"""Room for a name, as a share of the range of the dots."""


def draw_left_out(frames: Frames, scene: Scene) -> Drawing:
    """A row per pillar left out, a dot per member at the places it gains; the farthest named."""
    frame = frames["ranking_left_out"]
    known = frame.dropna(subset=["places_gained_without"])
    if known.empty:
        return Drawing(
            empty=no_ranking(scene) if frame.empty else scene.words("sensitivity.one_pillar")
        )
    words, palette = scene.words, scene.palette
    pillars = list(dict.fromkeys(known["pillar"].tolist()))
    chosen = scene.chosen.members
    data, notes = [], []
    for place, pillar in enumerate(pillars):
        part = known[known["pillar"] == pillar]
        table = rows(part)
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [row.places_gained_without for row in table],
                "y": [place] * len(table),
                "marker": {
                    "size": DOT,
                    "symbol": "line-ns-open" if not chosen else "circle",
                    "color": [
                        palette.accent if row.member_iso3 in chosen else palette.sequential[4]
                        for row in table
                    ],
                    "opacity": emphasis([row.member_iso3 for row in table], chosen)
                    if chosen
                    else 0.6,
                },
                "hovertext": [_story(row, scene) for row in table],
                "hoverinfo": "text",
                "customdata": [mark("member", row.member_iso3) for row in table],
            }
        )
        # Above its row: beside it the names of members could not be read on a phone.
        heading = words("sensitivity.without", pillar=pillar_name(scene, pillar))
        head = {"xref": "paper", "xanchor": "left", "yanchor": "bottom"}
        notes.append(annotation(scene, 0, place - 0.15, heading, **head))
        notes += _named(part, place, scene)
    layout = base_layout(
        scene,
        xaxis=axis(
            palette,
            title={
                "text": words("sensitivity.places_gained"),
                "font": {"size": scene.font_size, "color": palette.soft_ink},
            },
            range=_extent(known),
            zeroline=True,
            zerolinecolor=palette.soft_ink,
            nticks=9,
        ),
        yaxis=axis(
            palette,
            showgrid=False,
            showticklabels=False,
            range=[len(pillars) - 0.6, -0.8],
        ),
        annotations=notes,
    )
    moved = known.assign(size=known["places_gained_without"].abs().astype("float64"))
    most = str(moved.groupby("pillar", sort=False)["size"].mean().idxmax())
    size = float(moved.loc[moved["pillar"] == most, "size"].mean())
    return Drawing(
        figure=figure(data, layout),
        title=words(
            "sensitivity.left_out_most",
            pillar=pillar_name(scene, most),
            places=words.number(size, 1),
        ),
        subtitle=scene.subtitle(words("sensitivity.left_out_unit")),
        note=words("sensitivity.left_out_note"),
    )


def _named(part: pd.DataFrame, place: int, scene: Scene) -> list[dict[str, Any]]:
    """Return the names of the members that lose and gain most, outside of all dots."""
    ordered = part.sort_values(["places_gained_without", "member_iso3"])
    ends = ((ordered.iloc[0], "right", -8), (ordered.iloc[-1], "left", 8))
    return [
        annotation(
            scene,
            int(row["places_gained_without"]),
            place,
            shortened(scene.names.member(str(row["member_iso3"])), NAME_LENGTH),
            xanchor=anchor,
            xshift=shift,
        )
        for row, anchor, shift in ends
        if row["places_gained_without"] != 0
    ]


def _extent(known: pd.DataFrame) -> list[float]:
    """Return the range of the places, with room for a name at either end."""
    low, high = (float(known["places_gained_without"].agg(end)) for end in ("min", "max"))
    room = NAME_ROOM * max(high - low, 1.0)
    return [low - room, high + room]


def _story(row: Any, scene: Scene) -> str:
    words = scene.words
    return tooltip(
        scene.names.member(row.member_iso3),
        words("sensitivity.without", pillar=pillar_name(scene, row.pillar)),
        words(
            "sensitivity.from_to",
            rank=words.number(row.rank),
            without=words.number(row.rank_without),
        ),
    )
