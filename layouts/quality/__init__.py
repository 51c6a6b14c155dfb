"""Figures of quality: how good the data is, which rules fail where, and what to do."""

from layouts.quality.concerns import draw_concerns
from layouts.quality.dots import draw_regions, quality_by_region_dots
from layouts.quality.findings import draw_findings
from layouts.quality.makeup import draw_makeup
from layouts.quality.mending import draw_mending
from layouts.quality.rules import draw_rules
from layouts.quality.table import draw_scores
from layouts.quality.trend import draw_trend

__all__ = [
    "draw_concerns",
    "draw_findings",
    "draw_makeup",
    "draw_mending",
    "draw_regions",
    "draw_rules",
    "draw_scores",
    "draw_trend",
    "quality_by_region_dots",
]
