"""Drawings of the strategy view."""

from layouts.strategy.board import draw_board, draw_status
from layouts.strategy.detail import draw_evidence, draw_series

__all__ = ["draw_board", "draw_evidence", "draw_series", "draw_status"]
