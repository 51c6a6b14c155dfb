"""Figures of the path through trade: where it stands, and what lies behind."""

from layouts.explore.controls import controls
from layouts.explore.items import draw_items
from layouts.explore.path import EVERY_FIELD, draw_path
from layouts.explore.scatter import draw_scatter
from layouts.explore.tiles import draw_tiles

__all__ = ["EVERY_FIELD", "controls", "draw_items", "draw_path", "draw_scatter", "draw_tiles"]
