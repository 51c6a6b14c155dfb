"""Members by place: who is ahead of whom, and in which tier with what probability."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from layouts.charts import annotation, axis, base_layout, figure, mark, safe, tooltip
from layouts.incentives.reading import chance_text, has_tiers, no_ranking, shortened, tier_name
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

SURE_FROM = 0.95
"""Probability from which two members count as told apart."""

NAMED_AT_MOST = 5
"""Chosen members that are named in a figure; more would cover it."""


def draw_dominance(frames: Frames, scene: Scene) -> Drawing:
    """Members by place down and across; the colour is the chance of the one to be ahead."""
    frame = frames["ranking_dominance"]
    if frame.empty:
        return Drawing(empty=no_ranking(scene))
    words, palette = scene.words, scene.palette
    order = _in_order(frame)
    count = len(order)
    places = list(range(1, count + 1))
    share = np.full((count, count), np.nan)
    share[~np.eye(count, dtype=bool)] = frame["ahead_share"].to_numpy(dtype=float)
    above = share[np.triu_indices(count, 1)]
    steps = palette.diverging
    data = [
        {
            "type": "heatmap",
            "x": places,
            "y": places,
            "z": [
                [None if cell != cell else round(cell, 3) for cell in row] for row in share.tolist()
            ],
            "zmin": 0,
            "zmax": 1,
            "colorscale": [[i / (len(steps) - 1), colour] for i, colour in enumerate(steps)],
            "colorbar": {
                "thickness": 10,
                "outlinewidth": 0,
                "tickformat": ".0%",
                "tickvals": [0, 0.25, 0.5, 0.75, 1],
            },
            "hovertemplate": words("sensitivity.dominance_hover") + "<extra></extra>",
        }
    ]
    layout = base_layout(
        scene,
        xaxis=axis(palette, showgrid=False, title=_title(scene), nticks=8),
        yaxis=axis(
            palette,
            showgrid=False,
            title=_title(scene),
            autorange="reversed",
            nticks=8,
        ),
        **_accents(order, scene),
    )
    apart = float(np.mean(np.maximum(above, 1 - above) >= SURE_FROM)) if len(above) else 0.0
    return Drawing(
        figure=figure(data, layout),
        title=words(
            "sensitivity.told_apart",
            share=words.value(apart, "share"),
            sure=words.value(SURE_FROM, "share"),
        ),
        subtitle=scene.subtitle(words("sensitivity.dominance_unit", count=words.number(count))),
        note=words("sensitivity.dominance_note"),
    )


def draw_tier_chances(frames: Frames, scene: Scene) -> Drawing:
    """Tiers down, members by place across; the colour is the probability of the tier."""
    frame = frames["ranking_tier_chances"]
    if not has_tiers(scene):
        return Drawing(empty=scene.words("incentives.no_tiers"))
    if frame.empty:
        return Drawing(empty=no_ranking(scene))
    words, palette, names = scene.words, scene.palette, scene.names
    order = _in_order(frame)
    tiers = list(dict.fromkeys(frame["tier"].tolist()))
    chance = frame["tier_probability"].to_numpy(dtype=float).reshape(len(order), len(tiers)).T
    steps = palette.sequential
    data = [
        {
            "type": "heatmap",
            "x": list(range(1, len(order) + 1)),
            "y": [safe(tier_name(scene, tier)) for tier in tiers],
            "z": chance.tolist(),
            "zmin": 0,
            "zmax": 1,
            "colorscale": [
                [0, palette.paper],
                *([(i + 1) / len(steps), colour] for i, colour in enumerate(steps)),
            ],
            "colorbar": {"thickness": 10, "outlinewidth": 0, "tickformat": ".0%", "nticks": 3},
            "hovertext": [
                [
                    tooltip(
                        names.member(iso3),
                        f"{tier_name(scene, tier)}: {chance_text(value, scene)}",
                    )
                    for iso3, value in zip(order, line, strict=True)
                ]
                for tier, line in zip(tiers, chance.tolist(), strict=True)
            ],
            "hoverinfo": "text",
            "customdata": [[mark("member", iso3) for iso3 in order] for _ in tiers],
        }
    ]
    layout = base_layout(
        scene,
        xaxis=axis(palette, showgrid=False, title=_title(scene), nticks=8),
        yaxis=axis(palette, showgrid=False, tickfont={"color": palette.ink}),
        **_accents(order, scene, has_rows=False),
    )
    unsure = int((chance.max(axis=0) < SURE_FROM).sum())
    return Drawing(
        figure=figure(data, layout),
        title=words(
            "sensitivity.unsure_tiers", count=words.number(unsure), all=words.number(len(order))
        ),
        subtitle=scene.subtitle(words("sensitivity.tiers_unit")),
        note=words("sensitivity.tiers_note", sure=words.value(SURE_FROM, "share")),
    )


def _title(scene: Scene) -> dict[str, Any]:
    font = {"size": scene.font_size, "color": scene.palette.soft_ink}
    return {"text": scene.words("sensitivity.place"), "font": font}


def _in_order(frame: pd.DataFrame) -> list[str]:
    """Return the members of a frame that comes by rank."""
    return list(dict.fromkeys(frame["member_iso3"].tolist()))


def _accents(order: list[str], scene: Scene, *, has_rows: bool = True) -> dict[str, Any]:
    """Return lines along the chosen members, and their names."""
    chosen = [iso3 for iso3 in scene.chosen.members if iso3 in order][:NAMED_AT_MOST]
    shapes, notes = [], []
    for iso3 in chosen:
        place = order.index(iso3) + 1
        line: dict[str, Any] = {"type": "rect", "fillcolor": "rgba(0,0,0,0)"}
        line |= {"line": {"color": scene.palette.accent, "width": 1.5}}
        across = {
            "xref": "x",
            "x0": place - 0.5,
            "x1": place + 0.5,
            "yref": "paper",
            "y0": 0,
            "y1": 1,
        }
        shapes.append(line | across)
        if has_rows:
            down = {"yref": "y", "y0": place - 0.5, "y1": place + 0.5, "xref": "paper"}
            shapes.append(line | down | {"x0": 0, "x1": 1})
        notes.append(
            annotation(
                scene,
                place,
                1,
                shortened(scene.names.member(iso3)),
                yref="paper",
                yanchor="bottom",
                xanchor="right" if place > len(order) / 2 else "left",
                font={"size": scene.font_size, "color": scene.palette.accent},
            )
        )
    top = 12 + round(1.6 * scene.font_size) if chosen else 8
    return {"shapes": shapes, "annotations": notes, "margin": {"l": 8, "r": 12, "t": top, "b": 8}}
