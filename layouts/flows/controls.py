"""The view's own controls: flow, measure and source as groups of buttons, and the time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard.measures import SUMMED_MEASURES
from dashboard.selection import FLOWS, SOURCES
from layouts.choices import choice_group
from layouts.flows.timeline import timeline
from layouts.scene import Scene

FLOW_ORDER = ("X", "M", "RX", "RM")


def controls(scene: Scene, measures: Sequence[str] = SUMMED_MEASURES) -> list[Any]:
    """Return three groups, whose first button is the default and releases it, and the time."""
    words, selection = scene.words, scene.selection
    assert set(FLOW_ORDER) == set(FLOWS)
    return [
        choice_group(
            words("flows.control.flow"),
            "flow",
            [(flow, words(f"flow.{flow}")) for flow in FLOW_ORDER],
            selection.flow,
        ),
        choice_group(
            words("flows.control.measure"),
            "measure",
            [(measure, words.label(measure)) for measure in measures],
            selection.measure,
        ),
        choice_group(
            words("flows.control.source"),
            "source",
            [(source, words(f"source.{source}")) for source in SOURCES],
            selection.source,
        ),
        timeline(scene),
    ]
