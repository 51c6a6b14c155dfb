"""Figures of incentives: who ranks where, how sure that is, and what it is made of.

Bands are always drawn: a rank without its band is never shown.
"""

from layouts.incentives.claims import draw_claims
from layouts.incentives.controls import controls
from layouts.incentives.missing import draw_missing
from layouts.incentives.movers import draw_movers, movers_chart
from layouts.incentives.outside import draw_outside
from layouts.incentives.pillars import draw_pillars, pillar_table
from layouts.incentives.ranking import draw_ranking, ranking_chart
from layouts.incentives.strip import ranking_strip
from layouts.incentives.tiers import draw_tiers, tier_bars
from layouts.incentives.treatments import draw_treatments

__all__ = [
    "controls",
    "draw_claims",
    "draw_missing",
    "draw_movers",
    "draw_outside",
    "draw_pillars",
    "draw_ranking",
    "draw_tiers",
    "draw_treatments",
    "movers_chart",
    "pillar_table",
    "ranking_chart",
    "ranking_strip",
    "tier_bars",
]
