"""The view's own controls: those of trade, and the scale of the small charts.

The base is chosen beside the totals.
"""

from __future__ import annotations

from typing import Any

from dashboard.selection import SCALES
from layouts.choices import choice_group
from layouts.flows.controls import controls as trade_controls
from layouts.scene import Scene


def controls(scene: Scene) -> list[Any]:
    """Return the groups of buttons."""
    words = scene.words
    return [
        *trade_controls(scene),
        choice_group(
            words("changes.scale"),
            "scale",
            [(scale, words(f"scale.{scale}")) for scale in SCALES],
            scene.selection.scale,
        ),
    ]
