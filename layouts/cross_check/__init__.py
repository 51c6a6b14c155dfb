"""Figures of the cross-check: our scores beside those of other organisations."""

from layouts.cross_check.agreement import controls, draw_agreement
from layouts.cross_check.limits import draw_limits
from layouts.cross_check.members import draw_members
from layouts.cross_check.scatter import draw_scatter

__all__ = ["controls", "draw_agreement", "draw_limits", "draw_members", "draw_scatter"]
