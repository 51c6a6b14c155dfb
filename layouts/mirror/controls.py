"""The workbench's own control: our exports against their imports, or the other way."""

from __future__ import annotations

from typing import Any

from layouts.choices import choice_group
from layouts.scene import Scene


def controls(scene: Scene) -> list[Any]:
    """Return the choice of the direction; the first is the default and releases the field."""
    words = scene.words
    return [
        choice_group(
            words("mirror.control.flow"),
            "flow",
            [(flow, words(f"mirror.control.{flow}")) for flow in ("X", "M")],
            scene.selection.flow,
        )
    ]
