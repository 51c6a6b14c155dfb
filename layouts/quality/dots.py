"""The scores of all members as dots, a band for each region."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from layouts.charts import (
    Figure,
    annotation,
    axis,
    base_layout,
    figure,
    mark,
    rows,
    tooltip,
)
from layouts.palette import REGION_COLOURS
from layouts.panels import Drawing, Frames
from layouts.quality.intervals import limits, sureness
from layouts.quality.makeup import redistribution
from layouts.quality.subject import (
    FULL_WEIGHT,
    collection_text,
    is_in_scope,
    is_named,
    no_scores,
    past_note,
    score_shown,
)
from layouts.scene import Scene

HALF_BAND: Final = 0.34
"""Greatest distance of a dot from the middle of its region's band."""

BINS: Final = 60
NAMED_AT_MOST: Final = 6
"""Chosen members that are labelled; more labels would hide each other."""


def draw_regions(frames: Frames, scene: Scene) -> Drawing:
    """Each member a dot, each region a bar at its score."""
    members, regions = frames["quality_by_member"], frames["quality_by_region"]
    shown = score_shown(scene)
    if members[shown].dropna().empty:
        return Drawing(empty=no_scores(scene))
    words = scene.words
    return Drawing(
        figure=quality_by_region_dots(members, scene, is_small=False, regions=regions),
        subtitle=scene.subtitle(words.label(shown), words("unit.score"), collection_text(scene)),
        note=" ".join(
            [words("quality.dots_note"), words("quality.interval_note"), past_note(scene)]
        ).strip(),
    )


def quality_by_region_dots(
    frame: pd.DataFrame,
    scene: Scene,
    *,
    is_small: bool,
    regions: pd.DataFrame | None = None,
) -> Figure:
    """Return members as dots in the band of their region, and each region's own score.

    ``frame`` is ``quality_by_member``; ``regions`` is ``quality_by_region``,
    without which no bar is drawn. ``is_small`` leaves room for less: smaller
    dots and fewer ticks.
    """
    palette, words, names = scene.palette, scene.words, scene.names
    shown = score_shown(scene)
    known = frame.dropna(subset=[shown]).sort_values([shown, "member_iso3"])
    inside: dict[str, list[Any]] = {}
    for row in rows(known):
        inside.setdefault(row.region_id, []).append(row)
    order = _order(known, regions, shown, scene)
    places = {region: place for place, region in enumerate(reversed(order))}
    low = _low_end(known[shown].min())
    size = 14 if scene.is_present else 6 if is_small else 8
    xs, ys, marks, texts, colours, opacities, sizes, lines = ([] for _ in range(8))
    labels: list[dict[str, Any]] = []
    for region in order:
        offsets = swarm([getattr(row, shown) for row in inside[region]], (100 - low) / BINS)
        for row, offset in zip(inside[region], offsets, strict=True):
            score = getattr(row, shown)
            is_chosen = row.member_iso3 in scene.chosen.members
            xs.append(score)
            ys.append(places[region] + offset)
            marks.append(mark("member", row.member_iso3))
            texts.append(_story(row, shown, scene))
            colours.append(REGION_COLOURS.get(region, palette.muted))
            is_lit = is_chosen or is_in_scope(scene, row.member_iso3, region)
            opacities.append(0.9 if is_lit else 0.22)
            sizes.append(size * (1.6 if is_chosen else 1))
            lines.append(palette.accent if is_chosen else palette.paper)
            if is_chosen and len(labels) < NAMED_AT_MOST:
                labels.append(_name_of(row, score, places[region] + offset, low, scene))
    data: list[dict[str, Any]] = []
    if regions is not None:
        data.append(_whiskers(regions, known, places, dict(zip(marks, ys, strict=True)), scene))
        data.append(_bars(regions, places, shown, scene, is_small=is_small))
    data.append(
        {
            "type": "scatter",
            "mode": "markers",
            "x": xs,
            "y": ys,
            "customdata": marks,
            "hovertext": texts,
            "hoverinfo": "text",
            "cliponaxis": False,
            "marker": {
                "size": sizes,
                "color": colours,
                "opacity": opacities,
                "line": {
                    "color": lines,
                    "width": [2 if c == palette.accent else 0.5 for c in lines],
                },
            },
        }
    )
    chosen = scene.chosen.regions
    names_of = [
        annotation(
            scene,
            0,
            places[region],
            names.region(region),
            xref="paper",
            xanchor="right",
            xshift=-8,
            captureevents=True,
            name=mark("region", region),
            font={
                "size": scene.font_size,
                "color": palette.ink
                if not is_named(scene.chosen) or region in chosen
                else palette.soft_ink,
                "weight": 600 if region in chosen else 400,
            },
        )
        for region in order
    ]
    longest = max((len(names.region(region)) for region in order), default=0)
    ticks = _ticks(low, 4 if is_small else 6)
    layout = base_layout(
        scene,
        xaxis=axis(
            palette,
            range=[low - (100 - low) * 0.01, 100 + (100 - low) * 0.015],
            tickvals=ticks,
            ticktext=[words.number(tick) for tick in ticks],
        ),
        yaxis=axis(palette, visible=False, range=[-0.55, len(order) - 0.45]),
        annotations=[*names_of, *labels],
        margin={"l": round(longest * scene.font_size * 0.56) + 16, "r": 12, "t": 4, "b": 24},
    )
    return figure(data, layout)


def swarm(values: Sequence[float], width: float) -> list[float]:
    """Return how far each dot is moved off its line so that dots do not hide each other.

    Dots within one ``width`` are stacked alternately above and below; values
    are sorted. No dot leaves its band.
    """
    stacks: dict[int, list[int]] = {}
    for place, value in enumerate(values):
        stacks.setdefault(math.floor(value / width), []).append(place)
    tallest = max((len(stack) for stack in stacks.values()), default=1)
    step = min(0.11, 2 * HALF_BAND / max(1, tallest))
    offsets = [0.0] * len(values)
    for stack in stacks.values():
        for rank, place in enumerate(stack):
            side = 1 if rank % 2 else -1
            offsets[place] = side * step * ((rank + 1) // 2)
    return offsets


def _order(
    known: pd.DataFrame, regions: pd.DataFrame | None, shown: str, scene: Scene
) -> list[str]:
    present = [r for r in scene.catalogue.regions if r in set(known["region_id"])]
    if regions is None:
        return present
    scores = regions.set_index("region_id")[shown]
    return sorted(
        present, key=lambda r: (-_or_zero(scores.get(r)), scene.catalogue.regions.index(r))
    )


def _or_zero(value: Any) -> float:
    return 0.0 if value is None or value != value else float(value)


def _low_end(lowest: float) -> float:
    """Return where the axis begins: a round score below the lowest, at most 80."""
    return float(min(80, max(0, math.floor((lowest - 2) / 10) * 10)))


def _ticks(low: float, count: int) -> list[float]:
    span = 100 - low
    step = next(s for s in (5, 10, 20, 25, 50) if span / s <= count)
    first = math.ceil(low / step) * step
    return [float(tick) for tick in range(first, 101, step)]


def _bars(
    regions: pd.DataFrame, places: dict[str, int], shown: str, scene: Scene, *, is_small: bool
) -> dict[str, Any]:
    known = regions[regions["region_id"].isin(list(places))].dropna(subset=[shown])
    words, names = scene.words, scene.names
    chosen = scene.chosen
    colours = [
        REGION_COLOURS[region]
        if not is_named(chosen) or region in chosen.regions
        else scene.palette.muted
        for region in known["region_id"]
    ]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": known[shown].tolist(),
        "y": [places[region] for region in known["region_id"]],
        "customdata": [mark("region", region) for region in known["region_id"]],
        "hovertext": [
            tooltip(
                names.region(row.region_id, is_short=False),
                f"{words.label(shown)} {words.value(getattr(row, shown), 'score')}",
                sureness(row, shown, scene),
                words(
                    "quality.quartiles",
                    low=words.value(row.low_quartile, "score"),
                    high=words.value(row.high_quartile, "score"),
                    middle=words.value(row.middle, "score"),
                )
                if shown == "quality_score"
                else "",
                words("quality.members_scored", count=words.number(row.member_count)),
                words("quality.rows_checked", rows=words.short(float(row.rows_checked))),
            )
            for row in rows(known)
        ],
        "hoverinfo": "text",
        "cliponaxis": False,
        "marker": {
            "symbol": "line-ns",
            "size": 22 if is_small else 44 if scene.is_present else 30,
            "color": colours,
            "line": {"width": 6 if scene.is_present else 3, "color": colours},
        },
    }


def _whiskers(
    regions: pd.DataFrame,
    members: pd.DataFrame,
    places: dict[str, int],
    heights: dict[str, float],
    scene: Scene,
) -> dict[str, Any]:
    """Return the intervals of regions, and of chosen members, as one broken line."""
    shown, chosen = score_shown(scene), scene.chosen.members
    xs: list[float | None] = []
    ys: list[float | None] = []
    ends: list[tuple[Any, float | None]] = [
        (row, places.get(row.region_id)) for row in rows(regions)
    ]
    ends += [
        (row, heights.get(mark("member", row.member_iso3)))
        for row in rows(members[members["member_iso3"].isin(chosen)])
    ]
    for row, height in ends:
        between = limits(row, shown)
        if between is not None and height is not None:
            xs += [*between, None]
            ys += [height, height, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": xs,
        "y": ys,
        "hoverinfo": "skip",
        "connectgaps": False,
        "cliponaxis": False,
        "line": {"color": scene.palette.ink, "width": 4 if scene.is_present else 2},
    }


def _story(row: Any, shown: str, scene: Scene) -> str:
    words = scene.words
    lines = [
        scene.names.member(row.member_iso3),
        f"{words.label(shown)} {words.value(getattr(row, shown), 'score')}",
    ]
    lines.append(sureness(row, shown, scene))
    if row.weight_used < FULL_WEIGHT:
        lines.append(redistribution(row, scene))
    lines.append(words("quality.rows_checked", rows=words.short(float(row.rows_checked))))
    return tooltip(*lines)


def _name_of(row: Any, x: float, y: float, low: float, scene: Scene) -> dict[str, Any]:
    is_right = x > (low + 100) / 2
    score = getattr(row, score_shown(scene))
    return annotation(
        scene,
        x,
        y,
        f"{scene.names.member(row.member_iso3)} {scene.words.value(score, 'score')}",
        xanchor="right" if is_right else "left",
        xshift=-8 if is_right else 8,
        bgcolor=scene.palette.paper,
        borderpad=1,
        font={"size": scene.font_size, "color": scene.palette.accent, "weight": 600},
    )
