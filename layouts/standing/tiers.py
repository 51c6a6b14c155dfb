"""Who entered and who left each tier since the range before, and by which pillar."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from dashboard.tiers import rising_tiers
from layouts.charts import rows
from layouts.elements import Element, element
from layouts.incentives.reading import has_tiers, tier_name
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.standing.reading import main_pillar, member_button, points

NAMED_AT_MOST: Final = 5
STAGED_AT_MOST: Final = 3


def draw_tier_moves(frames: Frames, scene: Scene) -> Drawing:
    """Each tier from the highest on: members now and before, who entered, who left."""
    words, frame = scene.words, frames["score_movement"]
    if not has_tiers(scene):
        return Drawing(empty=words("incentives.no_tiers"))
    if frame["tier_before"].isna().all():
        return Drawing(empty=words("standing.no_before", range=scene.range_text))
    # Of a single member there is no coming and going: a region narrows, a member does not.
    own = frame[frame["region_id"].isin(scene.chosen.regions)]
    shown = frame if own.empty else own
    tiers = rising_tiers(scene.framework.tiers)[::-1]
    parts = [part for tier in tiers for part in _tier(tier.id, shown, scene)]
    changed = shown["tier"].fillna("") != shown["tier_before"].fillna("")
    return Drawing(
        children=element("Div", parts, className="claims"),
        subtitle=scene.subtitle(
            words(
                "standing.tiers_unit",
                count=words.number(int(changed.sum())),
                all=words.number(len(shown)),
            )
        ),
        note=words("standing.tiers_note"),
    )


def _tier(tier: str, frame: pd.DataFrame, scene: Scene) -> list[Element]:
    words = scene.words
    is_now, was = (frame["tier"] == tier), (frame["tier_before"] == tier)
    heading = words(
        "standing.tier_head",
        tier=tier_name(scene, tier),
        now=words.number(int(is_now.sum())),
        before=words.number(int(was.sum())),
    )
    lines = [
        _line(key, found, scene)
        for key, found in (("entered", frame[is_now & ~was]), ("left", frame[was & ~is_now]))
        if len(found)
    ]
    if not lines:
        lines = [element("Li", words("standing.nobody_moved"))]
    return [
        element("H3", heading, className="claims__title"),
        element("Ul", lines, className="claims__list"),
    ]


def _line(key: str, found: pd.DataFrame, scene: Scene) -> Element:
    words = scene.words
    most = STAGED_AT_MOST if scene.is_present else NAMED_AT_MOST
    order = found.assign(size=found["score_change"].abs()).sort_values(
        ["size", "member_iso3"], ascending=[False, True], na_position="last"
    )
    parts: list[Any] = [words(f"standing.{key}", count=words.number(len(found)))]
    for place, row in enumerate(rows(order.head(most))):
        parts += [", " if place else " ", member_button(row.member_iso3, scene), _why(row, scene)]
    if len(order) > most:
        parts.append(words("standing.and_more", count=words.number(len(order) - most)))
    return element("Li", parts)


def _why(row: Any, scene: Scene) -> str:
    if pd.isna(row.score_change):
        key = "standing.new" if pd.isna(row.score_before) else "standing.gone"
        return f" ({scene.words(key)})"
    pillar = main_pillar(row, scene)
    change = points(row.score_change, scene, is_change=True)
    return f" ({change}, {pillar})" if pillar else f" ({change})"
