"""Sparklines: a series as a small picture without axes, for key figures and tables."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dash import html

from layouts.drawn_images import svg_address
from layouts.scene import Scene

WIDTH, HEIGHT, MARGIN = 72.0, 24.0, 3.0


def sparkline(values: Sequence[float | None], scene: Scene, *, label: str = "") -> html.Img:
    """Return a line through ``values``; gaps stay gaps, the last point is marked.

    ``label`` is what a screen reader says; without it the picture is silent.
    """
    palette = scene.palette
    numbers = [math.nan if value is None else float(value) for value in values]
    known = [value for value in numbers if not math.isnan(value)]
    shapes: list[str] = []
    if known:
        low, high = min(known), max(known)
        span = (high - low) or 1.0
        step = (WIDTH - 2 * MARGIN) / max(1, len(numbers) - 1)

        def place(index: int) -> str:
            y = HEIGHT - MARGIN - (numbers[index] - low) / span * (HEIGHT - 2 * MARGIN)
            return f"{MARGIN + index * step:.1f},{y:.1f}"

        runs: list[list[str]] = [[]]
        for index, value in enumerate(numbers):
            if math.isnan(value):
                runs.append([])
            else:
                runs[-1].append(place(index))
        shapes += [
            f'<polyline points="{" ".join(run)}" fill="none" stroke="{palette.soft_ink}" '
            'stroke-width="1.5"/>'
            for run in runs
            if len(run) > 1
        ]
        last = max(index for index, value in enumerate(numbers) if not math.isnan(value))
        x, y = place(last).split(",")
        shapes.append(f'<circle cx="{x}" cy="{y}" r="2.5" fill="{palette.accent}"/>')
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}">'
        + "".join(shapes)
        + "</svg>"
    )
    return html.Img(src=svg_address(picture), alt=label, className="spark")
