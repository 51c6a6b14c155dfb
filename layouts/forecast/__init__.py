"""Figures and tables of the forecast."""

from layouts.forecast.listing import draw_likely_late
from layouts.forecast.open_ones import draw_open
from layouts.forecast.regions import draw_late_by_region
from layouts.forecast.reliability import draw_reliability
from layouts.forecast.scores import draw_scores

__all__ = [
    "draw_late_by_region",
    "draw_likely_late",
    "draw_open",
    "draw_reliability",
    "draw_scores",
]
