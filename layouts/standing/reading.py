"""How a movement reads: points, tiers, and which pillar did most of it; shared by its figures."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from dashboard.pillar_scores import PILLARS
from layouts.elements import Element, element
from layouts.incentives.reading import pillar_name, tier_name
from layouts.scene import Scene

MOVED: Final = tuple(f"{pillar}_moved" for pillar in PILLARS)


def points(value: float, scene: Scene, *, is_change: bool = False) -> str:
    """Return points of the score with one digit: neighbours differ by less than a point."""
    sign = "+" if is_change and value > 0 else ""
    return sign + scene.words.number(value, 1)


def main_pillar(row: Any, scene: Scene) -> str:
    """Return the name of the pillar that did most of a change; empty where it can't be split."""
    parts = np.array([getattr(row, name) for name in MOVED], dtype=np.float64)
    if np.isnan(parts).any():
        return ""
    # What the change goes against can be no reason for it.
    toward = parts * np.sign(row.score_change)
    if not toward.max() > 0:
        return ""
    return pillar_name(scene, PILLARS[int(toward.argmax())])


def member_button(iso3: str, scene: Scene) -> Element:
    """Return a member's name as a button that selects it."""
    return element(
        "Button",
        scene.names.member(iso3),
        type="button",
        className="mark",
        **{"data-event": f"member:{iso3}"},
    )


def tier_or_dash(tier: Any, scene: Scene) -> str:
    """Return a tier's name, a dash for none."""
    return tier_name(scene, tier) if isinstance(tier, str) and tier else "–"
