"""The view's own controls: flow, records, time, and every measure of trade."""

from __future__ import annotations

from typing import Any

from dashboard.measures import TRADE_MEASURES
from layouts.flows import controls as flow_controls
from layouts.scene import Scene


def controls(scene: Scene) -> list[Any]:
    """Return the groups of the view of flows, with all measures to switch to in the last."""
    flow, measure, source, time = flow_controls(scene, TRADE_MEASURES)
    return [flow, source, time, measure]
