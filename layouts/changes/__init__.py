"""Figures of what changed between two ranges, and of trade over time."""

from layouts.changes.controls import controls
from layouts.changes.totals import draw_totals
from layouts.changes.waterfall import draw_commodities, draw_members, draw_partners

__all__ = ["controls", "draw_commodities", "draw_members", "draw_partners", "draw_totals"]
