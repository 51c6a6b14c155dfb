"""How many members are in each tier, by region, and for how many that is sure."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from layouts.charts import Figure, axis, base_layout, figure, mark, safe, tooltip
from layouts.incentives.reading import no_ranking, ranked, tier_name
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

SURE_FROM: Final = 0.9
"""Probability from which a member counts as surely in its tier."""


LABELLED_FROM: Final = 3
"""Members from which a part of a bar is wide enough for its number."""


def draw_tiers(frames: Frames, scene: Scene) -> Drawing:
    """Members in each tier, by region; hatched where the tier is less than 90 % sure."""
    frame = ranked(frames["ranking"])
    if frame.empty:
        return Drawing(empty=no_ranking(scene))
    words = scene.words
    return Drawing(
        figure=tier_bars(frame, scene),
        subtitle=scene.subtitle(words("incentives.tiers_unit")),
        note=words("incentives.tiers_note", share=words.value(SURE_FROM, "share")),
    )


def tier_bars(frame: pd.DataFrame, scene: Scene) -> Figure:
    """Return stacked bars: a region each, its tiers from the highest on, sure ones first."""
    palette, words, names = scene.palette, scene.words, scene.names
    tiers = sorted(scene.framework.tiers, key=lambda tier: -tier.threshold)
    regions = [region for region in scene.catalogue.regions if (frame["region_id"] == region).any()]
    chosen = scene.chosen.regions
    colours = _tier_colours(palette.sequential, len(tiers))
    data: list[dict[str, Any]] = []
    for tier, colour in zip(tiers, colours, strict=True):
        inside = frame[frame["tier"] == tier.id]
        for is_sure in (True, False):
            part = inside[(inside["tier_probability"] >= SURE_FROM) == is_sure]
            counts = [int((part["region_id"] == region).sum()) for region in regions]
            name = tier_name(scene, tier.id)
            data.append(
                {
                    "type": "bar",
                    "orientation": "h",
                    "name": safe(name),
                    "legendgroup": tier.id,
                    "showlegend": is_sure,
                    "y": [names.region(region) for region in regions],
                    "x": counts,
                    # Muted parts carry no number: it could not be read on them.
                    "text": [
                        words.number(count)
                        if count >= LABELLED_FROM and (not chosen or region in chosen)
                        else ""
                        for region, count in zip(regions, counts, strict=True)
                    ],
                    "textposition": "inside",
                    "insidetextanchor": "middle",
                    "textangle": 0,
                    "constraintext": "none",
                    "marker": {
                        "color": colour,
                        "opacity": [
                            1.0 if not chosen or region in chosen else 0.35 for region in regions
                        ],
                        "line": {"color": palette.paper, "width": 1},
                        "pattern": {
                            "shape": "" if is_sure else "/",
                            "fillmode": "overlay",
                            "fgcolor": palette.paper,
                            "fgopacity": 0.55,
                            "size": 5,
                            "solidity": 0.3,
                        },
                    },
                    "hovertext": [
                        _story(inside, region, name, is_sure, count, scene)
                        for region, count in zip(regions, counts, strict=True)
                    ],
                    "hoverinfo": "text",
                    "customdata": [mark("region", region) for region in regions],
                }
            )
    layout = base_layout(
        scene,
        barmode="stack",
        bargap=0.3,
        showlegend=True,
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1.02,
            "xanchor": "left",
            "yanchor": "bottom",
            "traceorder": "normal",
            "itemclick": False,
            "itemdoubleclick": False,
        },
        xaxis=axis(palette, rangemode="tozero", nticks=6),
        yaxis=axis(
            palette,
            showgrid=False,
            autorange="reversed",
            tickfont={"color": palette.ink},
        ),
    )
    return figure(data, layout)


def _tier_colours(steps: tuple[str, ...], count: int) -> list[str]:
    # The highest tier is the strongest shade; the faintest step would not show on paper.
    usable = steps[1:]
    last = len(usable) - 1
    return [usable[round(last - i * last / max(1, count - 1))] for i in range(count)]


def _story(
    inside: pd.DataFrame, region: str, tier: str, is_sure: bool, count: int, scene: Scene
) -> str:
    words = scene.words
    here = inside[inside["region_id"] == region]
    expected = float(here["tier_probability"].mean()) if len(here) else float("nan")
    return tooltip(
        f"{scene.names.region(region, is_short=False)}: {tier}",
        words(
            "incentives.tier_sure" if is_sure else "incentives.tier_unsure",
            count=words.number(count),
            all=words.number(len(here)),
            share=words.value(SURE_FROM, "share"),
        ),
        words("incentives.tier_mean", share=words.value(expected, "share")) if len(here) else "",
    )
