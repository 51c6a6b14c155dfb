"""The record: what was published of the ranking, can it be proved, and what followed?"""

from __future__ import annotations

from typing import Final

from callbacks.views.record_frames import GIVEN, MOVES, OVERRIDES, RUNS
from layouts import record as drawings
from layouts.panels import Panel, View

FRAMES = (RUNS, MOVES, OVERRIDES, GIVEN)

HIGHLIGHTS: Final = frozenset({"regions", "members"})

VIEW = View(
    "record",
    (
        Panel("runs", ("scoring_runs",), drawings.draw_runs, kind="block"),
        Panel(
            "moves",
            ("scoring_moves", "scoring_runs"),
            drawings.draw_moves,
            kind="block",
            fields=HIGHLIGHTS,
        ),
        Panel(
            "overrides",
            ("score_overrides", "scoring_runs"),
            drawings.draw_overrides,
            kind="block",
        ),
        Panel("given", ("recognition_given", "scoring_runs"), drawings.draw_given, kind="block"),
    ),
    parent="incentives",
)
