"""Figures of the path through trade: where it stands, and what lies behind."""

from layouts.explore.controls import controls
from layouts.explore.items import draw_items
from layouts.explore.path import EVERY_FIELD, draw_path

__all__ = ["EVERY_FIELD", "controls", "draw_items", "draw_path"]
