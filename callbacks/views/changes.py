"""The changes view: what moved between two ranges, and what moved it?"""

from __future__ import annotations

from typing import Final

from callbacks.views import changes_frames as frames
from callbacks.views.flows import SHOWN
from dashboard.measures import SUMMED_MEASURES
from layouts import changes as drawings
from layouts.panels import Panel, View

FRAMES: Final = (frames.TOTALS, frames.MEMBERS, frames.PARTNERS, frames.COMMODITIES)

VIEW: Final = View(
    "changes",
    (
        Panel(
            "totals",
            ("change_totals",),
            drawings.draw_totals,
            kind="block",
            fields=SHOWN | {"base"},
            area="strip",
        ),
        Panel("members", ("change_members",), drawings.draw_members, fields=SHOWN, area="third"),
        Panel("partners", ("change_partners",), drawings.draw_partners, fields=SHOWN, area="third"),
        Panel(
            "commodities",
            ("change_commodities",),
            drawings.draw_commodities,
            fields=SHOWN,
            area="third",
        ),
    ),
    controls=drawings.controls,
    parent="flows",
    measures=SUMMED_MEASURES,
)
