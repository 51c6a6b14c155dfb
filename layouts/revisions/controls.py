"""The view's own control: exports or imports."""

from __future__ import annotations

from typing import Any

from layouts.choices import choice_group
from layouts.revisions.wording import FLOWS, shown_flow
from layouts.scene import Scene


def controls(scene: Scene) -> list[Any]:
    """Return the two flows as a group of buttons; the first is the default."""
    words = scene.words
    return [
        choice_group(
            words("flows.control.flow"),
            "flow",
            [(flow, words(f"flow.{flow}")) for flow in FLOWS],
            shown_flow(scene),
        )
    ]
