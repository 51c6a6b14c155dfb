"""Figures of timeliness: who is on time, who is late, who has not come."""

from layouts.timeliness.board import draw_status_board, status_board
from layouts.timeliness.collections import collection_statuses, draw_collections
from layouts.timeliness.delays import delay_curves, draw_delays
from layouts.timeliness.over_time import draw_on_time_over_time, on_time_over_time
from layouts.timeliness.overdue import draw_overdue
from layouts.timeliness.region_board import draw_region_status_board, region_status_board
from layouts.timeliness.shares import draw_on_time_by_region, on_time_by_region

__all__ = [
    "collection_statuses",
    "delay_curves",
    "draw_collections",
    "draw_delays",
    "draw_on_time_by_region",
    "draw_on_time_over_time",
    "draw_overdue",
    "draw_region_status_board",
    "draw_status_board",
    "on_time_by_region",
    "on_time_over_time",
    "region_status_board",
    "status_board",
]
