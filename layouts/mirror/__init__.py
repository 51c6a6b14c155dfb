"""Figures of the mirror workbench: two records of the same trade, and why they differ."""

from __future__ import annotations

from layouts.mirror.cells import draw_cells
from layouts.mirror.controls import controls
from layouts.mirror.over_time import draw_over_time
from layouts.mirror.waterfall import draw_waterfall

__all__ = ["controls", "draw_cells", "draw_over_time", "draw_waterfall"]
