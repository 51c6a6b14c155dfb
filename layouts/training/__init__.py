"""Drawings of the training effect: the event studies, and how to read them."""

from layouts.training.events import draw_on_time, draw_quality
from layouts.training.reading import draw_reading

__all__ = ["draw_on_time", "draw_quality", "draw_reading"]
