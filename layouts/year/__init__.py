"""Drawings of the annual page: twelve small charts, each with its finding as title."""

from layouts.year.controls import controls
from layouts.year.data import draw_covered, draw_flows, draw_quality, draw_rules
from layouts.year.standing import draw_improved, draw_results, draw_tiers, draw_training
from layouts.year.time import draw_delay, draw_on_time, draw_received, draw_unbroken

__all__ = [
    "controls",
    "draw_covered",
    "draw_delay",
    "draw_flows",
    "draw_improved",
    "draw_on_time",
    "draw_quality",
    "draw_received",
    "draw_results",
    "draw_rules",
    "draw_tiers",
    "draw_training",
    "draw_unbroken",
]
