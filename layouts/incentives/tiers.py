"""How many members are in each tier, by region, and for how many that is sure."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from dashboard.disclosure import ALL
from dashboard.tier_counts import SURE_FROM
from dashboard.tiers import rising_tiers
from layouts.charts import Figure, axis, base_layout, figure, mark, rows, safe, tooltip
from layouts.incentives.reading import has_tiers, tier_name
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

LABELLED_FROM: Final = 5
"""Members from which a part of a bar is wide enough for its number."""


def draw_tiers(frames: Frames, scene: Scene) -> Drawing:
    """Members in each tier, by region; hatched where the tier is less than 90 % sure."""
    frame, words = frames["tier_counts"], scene.words
    if not has_tiers(scene):
        return Drawing(empty=words("incentives.no_tiers"))
    if frame.empty:
        return Drawing(empty=words("incentives.no_tier_counts", range=scene.range_text))
    return Drawing(
        figure=tier_bars(frame, scene),
        subtitle=scene.subtitle(words("incentives.tiers_unit")),
        note=words("incentives.tiers_note", share=words.value(SURE_FROM, "share"))
        + " "
        + words("incentives.tiers_computed"),
    )


def tier_bars(frame: pd.DataFrame, scene: Scene) -> Figure:
    """Return stacked bars: a region each, its tiers from the highest on, sure ones first.

    ``frame`` is the frame ``tier_counts``; of who may not see regions there is one bar, of all.
    """
    palette, words = scene.palette, scene.words
    tiers = rising_tiers(scene.framework.tiers)[::-1]
    there = set(frame["region_id"])
    regions = [region for region in scene.catalogue.regions if region in there] or [ALL]
    chosen = scene.chosen.regions
    counted = {(row.region_id, row.tier): row for row in rows(frame)}
    colours = _tier_colours(palette.sequential, len(tiers))
    data: list[dict[str, Any]] = []
    for tier, colour in zip(tiers, colours, strict=True):
        inside = [counted.get((region, tier.id)) for region in regions]
        for is_sure in (True, False):
            counts = [_count(row, is_sure) for row in inside]
            name = tier_name(scene, tier.id)
            data.append(
                {
                    "type": "bar",
                    "orientation": "h",
                    "name": safe(name),
                    "legendgroup": tier.id,
                    "showlegend": is_sure,
                    "y": [_region_name(region, scene) for region in regions],
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
                        _story(row, region, name, is_sure, scene)
                        for region, row in zip(regions, inside, strict=True)
                    ],
                    "hoverinfo": "text",
                    "customdata": [
                        "" if region == ALL else mark("region", region) for region in regions
                    ],
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


def _count(row: Any, is_sure: bool) -> int:
    """Return how many members are in a tier for sure, or are not."""
    if row is None:
        return 0
    return int(row.sure_count if is_sure else row.member_count - row.sure_count)


def _region_name(region: str, scene: Scene, *, is_short: bool = True) -> str:
    if region == ALL:
        return scene.words("common.all_members")
    return scene.names.region(region, is_short=is_short)


def _story(row: Any, region: str, tier: str, is_sure: bool, scene: Scene) -> str:
    words = scene.words
    members = 0 if row is None else int(row.member_count)
    has_mean = row is not None and not pd.isna(row.tier_probability)
    return tooltip(
        f"{_region_name(region, scene, is_short=False)}: {tier}",
        words(
            "incentives.tier_sure" if is_sure else "incentives.tier_unsure",
            count=words.number(_count(row, is_sure)),
            all=words.number(members),
            share=words.value(SURE_FROM, "share"),
        ),
        words("incentives.tier_mean", share=words.value(float(row.tier_probability), "share"))
        if has_mean
        else "",
    )
