"""Blocks of the chase list: whom to write to, and the note."""

from layouts.chase.letter import draw_note
from layouts.chase.listing import draw_list

__all__ = ["draw_list", "draw_note"]
