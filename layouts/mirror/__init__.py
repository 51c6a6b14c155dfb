"""Figures of the mirror workbench: two records of the same trade, and why they differ."""

from __future__ import annotations

from layouts.mirror.cells import draw_cells
from layouts.mirror.controls import controls
from layouts.mirror.letter import draw_enquiry, enquiry
from layouts.mirror.matrix import draw_matrix
from layouts.mirror.over_time import draw_over_time
from layouts.mirror.standings import draw_standings
from layouts.mirror.tables import draw_chapters, draw_partners
from layouts.mirror.waterfall import draw_waterfall

__all__ = [
    "controls",
    "draw_cells",
    "draw_chapters",
    "draw_enquiry",
    "draw_matrix",
    "draw_over_time",
    "draw_partners",
    "draw_standings",
    "draw_waterfall",
    "enquiry",
]
