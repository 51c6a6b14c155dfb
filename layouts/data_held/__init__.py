"""What the warehouse holds: collections, files, coverage, gaps and the generation's facts."""

from layouts.data_held.coverage import draw_coverage
from layouts.data_held.holdings import draw_collections, draw_files
from layouts.data_held.state import draw_facts, draw_gaps

__all__ = ["draw_collections", "draw_coverage", "draw_facts", "draw_files", "draw_gaps"]
