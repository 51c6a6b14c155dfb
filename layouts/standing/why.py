"""What moved a member's score: from the range before to the selected one, pillar by pillar."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from dashboard.pillar_scores import PILLARS
from dashboard.ranking import FALSE_DISCOVERIES
from layouts.charts import Figure, annotation, figure, rows, tooltip, waterfall_layout
from layouts.incentives.reading import has_tiers, is_in_scope, pillar_name
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.standing.reading import points, tier_or_dash

BAR: Final = 0.62
LEAST: Final = 1e-9
"""Points below which a pillar did not move."""


def draw_why(frames: Frames, scene: Scene) -> Drawing:
    """The waterfall of the member selected, or of the one whose score moved most."""
    words, frame = scene.words, frames["score_movement"]
    if not has_tiers(scene):
        return Drawing(empty=words("standing.no_parts"))
    moved = frame.dropna(subset=["score_change"])
    if moved.empty:
        return Drawing(empty=words("standing.no_before", range=scene.range_text))
    scope = moved[is_in_scope(moved, scene)]
    if scope.empty and scene.chosen.members:
        return Drawing(
            empty=words("standing.no_change", scope=scene.scope_text, range=scene.range_text)
        )
    row = _largest(moved if scope.empty else scope)
    name = scene.names.member(row.member_iso3)
    key = "standing.why.clear" if row.change_chance <= FALSE_DISCOVERIES else "standing.why.unclear"
    return Drawing(
        figure=score_waterfall(row, scene),
        title=words(
            key,
            member=name,
            change=points(row.score_change, scene, is_change=True),
            low=points(row.score_change_low, scene, is_change=True),
            high=points(row.score_change_high, scene, is_change=True),
        ),
        subtitle=scene.subtitle(
            words(
                "standing.why_unit",
                before=tier_or_dash(row.tier_before, scene),
                now=tier_or_dash(row.tier, scene),
            )
        ),
        note=words("standing.why_note" if len(scope) == 1 else "standing.why_most"),
    )


def _largest(moved: pd.DataFrame) -> Any:
    order = moved.assign(size=moved["score_change"].abs()).sort_values(
        ["size", "member_iso3"], ascending=[False, True]
    )
    return rows(order.head(1))[0]


def parts_of(row: Any, scene: Scene) -> list[tuple[str, float]]:
    """Return what each pillar added to the change, and what the weights of those missing did."""
    parts = [
        (pillar_name(scene, pillar), float(getattr(row, f"{pillar}_moved"))) for pillar in PILLARS
    ]
    if abs(row.weights_moved) > LEAST:
        parts.append((scene.words("standing.weights_moved"), float(row.weights_moved)))
    return parts


def score_waterfall(row: Any, scene: Scene) -> Figure:
    """Return a row per pillar between the two scores: dots for these, floating bars between."""
    palette, words = scene.palette, scene.words
    size = scene.font_size if scene.is_present else 12
    parts = parts_of(row, scene)
    levels = [float(row.score_before)]
    for _, change in parts:
        levels.append(levels[-1] + change)
    last = len(parts) + 1
    labels = [
        words("standing.score_before"),
        *(name for name, _ in parts),
        words("standing.score_now"),
    ]
    links: dict[str, list[float | None]] = {"x": [], "y": []}
    for place in range(last):
        links["x"] += [levels[place], levels[place], None]
        links["y"] += [place, place + 1, None]
    ends = [float(row.score_before), float(row.incentive_score)]
    texts = [
        points(ends[0], scene),
        *(points(change, scene, is_change=True) for _, change in parts),
        points(ends[1], scene),
    ]
    data: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": "links",
            **links,
            "line": {"color": palette.muted, "width": 1, "dash": "dot"},
            "hoverinfo": "skip",
        },
        {
            "type": "bar",
            "orientation": "h",
            "name": "parts",
            "y": list(range(1, last)),
            "x": [change for _, change in parts],
            "base": levels[:-1],
            "width": BAR,
            "marker": {
                "color": [
                    palette.diverging[-1] if change >= 0 else palette.diverging[0]
                    for _, change in parts
                ]
            },
            "hovertext": [
                tooltip(name, words("standing.part", change=points(change, scene, is_change=True)))
                for name, change in parts
            ],
            "hoverinfo": "text",
        },
        {
            "type": "scatter",
            "mode": "markers",
            "name": "scores",
            "x": ends,
            "y": [0, last],
            "marker": {
                "symbol": ["circle-open", "circle"],
                "size": size * 0.9,
                "color": palette.ink,
                "line": {"width": 2},
            },
            "hovertext": [
                tooltip(labels[0], texts[0], tier_or_dash(row.tier_before, scene)),
                tooltip(labels[-1], texts[-1], tier_or_dash(row.tier, scene)),
            ],
            "hoverinfo": "text",
            "cliponaxis": False,
        },
    ]
    layout = waterfall_layout(
        scene,
        levels,
        labels,
        size,
        top=0.6,
        right=size * 5,
        annotations=[
            annotation(
                scene,
                1,
                place,
                text,
                xref="paper",
                xanchor="right",
                xshift=size * 4.6,
                font={"size": size, "color": palette.ink},
            )
            for place, text in enumerate(texts)
        ],
    )
    return figure(data, layout)
