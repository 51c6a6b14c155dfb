"""What figures over periods share: the axis, bands of what is missing or thin, and the range.

It must not draw data.
"""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from dashboard.stats.seasonal import COMPLETE
from layouts.charts import axis
from layouts.flows.series import position, year_ticks
from layouts.scene import Scene

Run = list[int]
"""Places of periods that follow each other."""

YEARS_NAMED: Final = 4
HALF_A_MONTH: Final = 0.5 / 12
HALF_A_YEAR: Final = 0.5


def half(periods: list[int]) -> float:
    """Return half the width of a period on the axis of years."""
    return HALF_A_YEAR if periods[0] < 10_000 else HALF_A_MONTH


def is_thin(share: Any) -> bool:
    """Tell whether too few have reported a period to compare it."""
    return bool(pd.isna(share)) or float(share) < COMPLETE


def runs(flags: list[bool]) -> list[Run]:
    """Return the places where a flag is set, those that follow each other together."""
    found: list[Run] = []
    for place, is_set in enumerate(flags):
        if is_set and found and found[-1][-1] == place - 1:
            found[-1].append(place)
        elif is_set:
            found.append([place])
    return found


def period_axis(periods: list[int], scene: Scene, **options: Any) -> dict[str, Any]:
    """Return the axis of years for periods, with whole years as ticks."""
    places = [position(period) for period in periods]
    edge = half(periods)
    ticks = year_ticks(places) or [int(places[0])]
    # Every other year where there are many: a phone has room for four.
    ticks = ticks if len(ticks) <= YEARS_NAMED else ticks[::2]
    return axis(
        scene.palette,
        showgrid=False,
        tickangle=0,
        tickvals=ticks,
        ticktext=[str(year) for year in ticks],
        range=[places[0] - edge, places[-1] + edge],
        **options,
    )


def band(
    periods: list[int], run: Run, colour: str, *, opacity: float = 1.0, layer: str = "below"
) -> dict[str, Any]:
    """Return a band over a run of periods, as high as the chart."""
    return {
        "type": "rect",
        "xref": "x",
        "yref": "paper",
        "x0": position(periods[run[0]]) - half(periods),
        "x1": position(periods[run[-1]]) + half(periods),
        "y0": 0,
        "y1": 1,
        "line": {"width": 0},
        "fillcolor": colour,
        "opacity": opacity,
        "layer": layer,
    }


def is_in_range(period: int, first: str, last: str) -> bool:
    """Tell whether a period lies in a range of months."""
    if period < 10_000:
        return int(first[:4]) <= period <= int(last[:4])
    return int(first.replace("-", "")) <= period <= int(last.replace("-", ""))
