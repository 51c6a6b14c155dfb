"""Figures of delays: how long it takes, who differs, and who is getting faster or slower."""

from layouts.delays.controls import controls
from layouts.delays.curves import delay_curves_by_group, draw_curves
from layouts.delays.differences import draw_differences
from layouts.delays.estimates import draw_estimates
from layouts.delays.medians import draw_medians, median_dots
from layouts.delays.movers import draw_movers, mover_dots
from layouts.delays.trends import draw_trends, trend_places

__all__ = [
    "controls",
    "delay_curves_by_group",
    "draw_curves",
    "draw_differences",
    "draw_estimates",
    "draw_medians",
    "draw_movers",
    "draw_trends",
    "median_dots",
    "mover_dots",
    "trend_places",
]
