"""Tables of the record: runs, who moved, overrides, recognition."""

from layouts.record.given import draw_given
from layouts.record.moves import draw_moves
from layouts.record.overrides import draw_overrides
from layouts.record.runs import draw_runs

__all__ = ["draw_given", "draw_moves", "draw_overrides", "draw_runs"]
