"""Figures of the outlier desk: the list, and all about one case."""

from layouts.outliers.case import draw_case
from layouts.outliers.controls import controls
from layouts.outliers.findings import draw_findings
from layouts.outliers.listing import draw_list
from layouts.outliers.log import draw_log
from layouts.outliers.parts import draw_parts
from layouts.outliers.series import draw_series

__all__ = [
    "controls",
    "draw_case",
    "draw_findings",
    "draw_list",
    "draw_log",
    "draw_parts",
    "draw_series",
]
