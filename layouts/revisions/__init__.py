"""Drawings of the view of revisions."""

from __future__ import annotations

from layouts.revisions.ages import draw_ages
from layouts.revisions.controls import controls
from layouts.revisions.largest import draw_largest
from layouts.revisions.regions import draw_regions
from layouts.revisions.sizes import draw_sizes
from layouts.revisions.triangle import draw_triangle

__all__ = [
    "controls",
    "draw_ages",
    "draw_largest",
    "draw_regions",
    "draw_sizes",
    "draw_triangle",
]
