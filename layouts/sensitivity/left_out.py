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
    safe,
    tooltip,
)
from layouts.incentives.reading import no_ranking, pillar_name, shortened
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

DOT: Final = 7


def draw_left_out(frames: Frames, scene: Scene) -> Drawing:
    """A row per pillar left out, a dot per member at the places it gains; the farthest named."""
    frame = frames["ranking_left_out"]
    known = frame.dropna(subset=["places_gained"])
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
                "x": [row.places_gained for row in table],
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
        notes += _named(part, place, scene)
    layout = base_layout(
        scene,
        xaxis=axis(
            palette,
            title={"text": words("sensitivity.places_gained")},
            zeroline=True,
            zerolinecolor=palette.soft_ink,
            nticks=9,
        ),
        yaxis=axis(
            palette,
            showgrid=False,
            tickvals=list(range(len(pillars))),
            ticktext=[
                safe(words("sensitivity.without", pillar=pillar_name(scene, pillar)))
                for pillar in pillars
            ],
            range=[len(pillars) - 0.4, -0.6],
            tickfont={"color": palette.ink},
        ),
        annotations=notes,
    )
    moved = known.assign(size=known["places_gained"].abs().astype("float64"))
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
    """Return the names of the members that gain and lose most."""
    ordered = part.sort_values(["places_gained", "member_iso3"])
    ends = ((ordered.iloc[0], "left"), (ordered.iloc[-1], "right"))
    return [
        annotation(
            scene,
            int(row["places_gained"]),
            place - 0.12,
            shortened(scene.names.member(str(row["member_iso3"]))),
            xanchor=anchor,
            yanchor="bottom",
        )
        for row, anchor in ends
        if row["places_gained"] != 0
    ]


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
