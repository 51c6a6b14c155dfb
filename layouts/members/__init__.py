"""Figures of one member's page: who it is, what it owes, where it stands, whom it is like."""

from layouts.members.board import draw_board, draw_due_dates
from layouts.members.comparison import draw_comparison, draw_over_time
from layouts.members.findings import draw_findings
from layouts.members.profile import draw_profile
from layouts.members.standing import draw_dimensions, draw_pillars
from layouts.members.trade import draw_partners, draw_series

__all__ = [
    "draw_board",
    "draw_comparison",
    "draw_dimensions",
    "draw_due_dates",
    "draw_findings",
    "draw_over_time",
    "draw_partners",
    "draw_pillars",
    "draw_profile",
    "draw_series",
]
