"""Figures of what changed between two ranges, and of trade over time."""

from layouts.changes.controls import controls
from layouts.changes.multiples import draw_multiples
from layouts.changes.prices import draw_prices
from layouts.changes.ranks import draw_ranks
from layouts.changes.seasonal import draw_seasonal
from layouts.changes.shares import draw_region_shares, draw_section_shares
from layouts.changes.totals import draw_totals
from layouts.changes.waterfall import draw_commodities, draw_members, draw_partners

__all__ = [
    "controls",
    "draw_commodities",
    "draw_members",
    "draw_multiples",
    "draw_partners",
    "draw_prices",
    "draw_ranks",
    "draw_region_shares",
    "draw_seasonal",
    "draw_section_shares",
    "draw_totals",
]
