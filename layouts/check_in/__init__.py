"""Drawings of check-ins: who owes one, the form, the history, the reminders."""

from layouts.check_in.entry import draw_entry
from layouts.check_in.history import draw_history, history_table
from layouts.check_in.owed import draw_owed
from layouts.check_in.reminders import draw_reminders

__all__ = ["draw_entry", "draw_history", "draw_owed", "draw_reminders", "history_table"]
