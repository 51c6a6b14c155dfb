"""The strategy map: the whole plan as a tree on one screen, and the chosen tactic's series."""

from __future__ import annotations

from typing import Final

from callbacks.named import NamedFrame
from callbacks.views.strategy import TACTIC
from layouts import strategy_map as drawings
from layouts.panels import Panel, View
from layouts.strategy import draw_series

FRAMES: Final[tuple[NamedFrame, ...]] = ()

VIEW = View(
    "strategy-map",
    (
        Panel(
            "tree",
            ("key_results",),
            drawings.draw_tree,
            kind="block",
            fields=TACTIC,
            area="full",
        ),
        Panel(
            "series",
            ("key_result_series", "key_results", "check_ins", "key_result_forecast"),
            draw_series,
            fields=TACTIC | {"result"},
            area="full",
            is_staged=False,
        ),
    ),
    parent="strategy",
)
