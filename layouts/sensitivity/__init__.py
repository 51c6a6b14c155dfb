"""Figures of how sure the ranking is: choices, pairs, pillars left out, tiers and groups."""

from layouts.sensitivity.choices import draw_choices
from layouts.sensitivity.groups import draw_groups
from layouts.sensitivity.left_out import draw_left_out
from layouts.sensitivity.places import draw_dominance, draw_tier_chances

__all__ = ["draw_choices", "draw_dominance", "draw_groups", "draw_left_out", "draw_tier_chances"]
