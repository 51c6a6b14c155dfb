"""Figures of a member's standing: what would lift it, and what moved it."""

from layouts.standing.bump import draw_bump
from layouts.standing.improved import draw_improved
from layouts.standing.lift import draw_lift
from layouts.standing.tiers import draw_tier_moves
from layouts.standing.why import draw_why

__all__ = ["draw_bump", "draw_improved", "draw_lift", "draw_tier_moves", "draw_why"]
