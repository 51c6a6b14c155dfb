"""Drawings of the brief: what changed since a day gone by, in words, on one page."""

from layouts.brief.controls import controls
from layouts.brief.members import draw_members
from layouts.brief.results import draw_results

__all__ = ["controls", "draw_members", "draw_results"]
