"""Drawings of the pace of the strategy: statuses over time, and what its forecasts are worth."""

from layouts.pace.months import draw_heatmap
from layouts.pace.spread import draw_spread
from layouts.pace.worth import draw_worth

__all__ = ["draw_heatmap", "draw_spread", "draw_worth"]
