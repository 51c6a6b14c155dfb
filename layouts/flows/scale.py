"""Classed colour scales of trade: round breaks, one hue.

It must not know which figure uses it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from layouts.charts import class_breaks
from layouts.flows.wording import measured_column
from layouts.scene import Scene

CLASSES = 6


def breaks_of(values: Sequence[float], scene: Scene) -> list[float]:
    """Return class breaks in the measure's stored unit, round where they are shown.

    Weights are stored in kilograms and written in tonnes; both are powers of
    ten apart, so the breaks are round in each.
    """
    del scene
    known = [value for value in values if value == value and value > 0]
    return class_breaks(max(known, default=0.0), CLASSES)


def class_of(value: float, breaks: Sequence[float]) -> int:
    """Return the class of a value: 0 is from the first break to the second."""
    for index, upper in enumerate(breaks[1:]):
        if value < upper:
            return index
    return len(breaks) - 2


def discrete_scale(colours: Sequence[str]) -> list[list[Any]]:
    """Return a Plotly colour scale of flat steps."""
    count = len(colours)
    scale: list[list[Any]] = []
    for i, colour in enumerate(colours):
        scale += [[i / count, colour], [(i + 1) / count, colour]]
    return scale


def colours_for(breaks: Sequence[float], scene: Scene) -> list[str]:
    """Return one colour per class, the last for the largest."""
    sequential = scene.palette.sequential
    return list(sequential[max(0, len(sequential) - (len(breaks) - 1)) :])


def legend_ticks(breaks: Sequence[float], scene: Scene) -> tuple[list[float], list[str]]:
    """Return positions and texts of the inner breaks on a scale of classes."""
    column = measured_column(scene)
    inner = list(enumerate(breaks))[1:-1]
    texts = [
        round_short(value / 1000 if column == "mass_kg" else value, scene) for _, value in inner
    ]
    return [i - 0.5 for i, _ in inner], texts


def round_short(value: float, scene: Scene) -> str:
    """Write a round number shortly: ``30 bn`` rather than ``30.0 bn``."""
    text = scene.words.short(value)
    return text.replace(".0 ", " ").replace(",0 ", " ")
