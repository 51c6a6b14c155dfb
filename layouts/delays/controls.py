"""The view's own control: by what delays are compared."""

from __future__ import annotations

from typing import Any

from dashboard.selection import GROUPINGS
from layouts.choices import choice_group
from layouts.scene import Scene


def controls(scene: Scene) -> list[Any]:
    """Return the buttons; the first is the default and releases the field."""
    words = scene.words
    options = [(grouping, words(f"grouping.{grouping}")) for grouping in GROUPINGS]
    chosen = scene.selection.grouping
    return [choice_group(words("delays.compare"), "grouping", options, chosen, key="by")]
