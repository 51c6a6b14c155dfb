"""What moved a member's score: from the range before to the selected one, pillar by pillar."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from dashboard.pillar_scores import PILLARS
from dashboard.ranking import FALSE_DISCOVERIES
from layouts.charts import Figure, rows, tooltip
from layouts.incentives.reading import has_tiers, is_in_scope, pillar_name
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.standing.reading import points, tier_or_dash
from layouts.waterfall import Bar, End, label_size, rising_or_falling, waterfall, written

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
    words, size = scene.words, label_size(scene)
    parts = parts_of(row, scene)
    first, last = (
        End(
            float(score),
            words(key),
            tooltip(words(key), points(score, scene), tier_or_dash(tier, scene)),
            symbol,
        )
        for score, key, tier, symbol in (
            (row.score_before, "standing.score_before", row.tier_before, "circle-open"),
            (row.incentive_score, "standing.score_now", row.tier, "circle"),
        )
    )
    changes = [points(change, scene, is_change=True) for _, change in parts]
    bars = [
        Bar(
            change,
            name,
            tooltip(name, words("standing.part", change=text)),
            rising_or_falling(change, scene),
        )
        for (name, change), text in zip(parts, changes, strict=True)
    ]
    texts = [points(first.value, scene), *changes, points(last.value, scene)]
    return waterfall(
        scene,
        first,
        bars,
        last,
        names=("parts", "scores"),
        right=size * 5,
        annotations=[written(scene, place, text, size * 4.6) for place, text in enumerate(texts)],
    )
