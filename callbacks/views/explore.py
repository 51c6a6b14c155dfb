"""The view that follows trade from the world down to one line of the tariff, and back."""

from __future__ import annotations

from typing import Final

from callbacks.named import NamedFrame
from callbacks.views import explore_frames as frames
from dashboard.frames import PERIOD_FIELDS
from layouts import explore as drawings
from layouts.flows.timeline import timeline
from layouts.panels import Panel, View

FRAMES: Final = (
    NamedFrame("drill_items", frames.ITEM_COLUMNS, frames.read_drill_items, frames.DRILL_FIELDS),
    NamedFrame(
        "member_measures",
        frames.ITEM_COLUMNS,
        frames.read_member_measures,
        frames.DRILL_FIELDS - {"members"},
    ),
    NamedFrame("drill_path", frames.STEP_COLUMNS, frames.read_drill_path, frames.PATH_FIELDS),
)

SHOWN: Final = frames.DRILL_FIELDS | PERIOD_FIELDS | {"measure"}

VIEW: Final = View(
    "explore",
    (
        Panel(
            "path",
            ("drill_items", "drill_path"),
            drawings.draw_path,
            kind="block",
            # The links of the path keep the rest of the selection, whatever it is.
            fields=drawings.EVERY_FIELD,
            area="strip",
            is_staged=False,
        ),
        Panel(
            "items",
            ("drill_items",),
            drawings.draw_items,
            kind="block",
            fields=SHOWN,
            area="two-thirds",
        ),
        Panel("tiles", ("drill_items",), drawings.draw_tiles, fields=SHOWN, area="third"),
        Panel("scatter", ("member_measures",), drawings.draw_scatter, fields=SHOWN, area="full"),
    ),
    controls=drawings.controls,
    staged_controls=timeline,
    parent="flows",
)
