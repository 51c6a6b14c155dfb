"""Figures of the due dates: the calendar, its list, regions, subscriptions, derogations."""

from layouts.due_dates.calendar import draw_calendar
from layouts.due_dates.derogations import draw_derogations
from layouts.due_dates.listing import draw_list
from layouts.due_dates.regions import draw_regions
from layouts.due_dates.subscribing import draw_subscriptions

__all__ = [
    "draw_calendar",
    "draw_derogations",
    "draw_list",
    "draw_regions",
    "draw_subscriptions",
]
