"""The changes view: what moved between two ranges, and what moved it?"""

from __future__ import annotations

from typing import Final

from callbacks.views import changes_frames as frames
from callbacks.views import changes_time as time
from callbacks.views.flows import SHOWN
from dashboard.frames import PERIOD_FIELDS
from dashboard.measures import SUMMED_MEASURES
from layouts import changes as drawings
from layouts.flows.timeline import timeline
from layouts.panels import Panel, View

FRAMES: Final = (
    frames.TOTALS,
    frames.MEMBERS,
    frames.PARTNERS,
    frames.COMMODITIES,
    frames.EFFECTS,
    time.SEASON,
    time.REGION_SHARES,
    time.SECTION_SHARES,
    time.RANKS,
    time.COMPARED,
)

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
        Panel("prices", ("change_effects",), drawings.draw_prices, fields=SHOWN),
        Panel(
            "season",
            ("seasonal_series",),
            drawings.draw_seasonal,
            fields=SHOWN | PERIOD_FIELDS,
        ),
        Panel("ranks", ("partner_ranks",), drawings.draw_ranks, fields=SHOWN),
        Panel(
            "multiples",
            ("compared_series",),
            drawings.draw_multiples,
            fields=SHOWN | {"scale", "compared"},
        ),
        Panel("regions", ("region_shares",), drawings.draw_region_shares, fields=SHOWN),
        Panel("sections", ("section_shares",), drawings.draw_section_shares, fields=SHOWN),
    ),
    controls=drawings.controls,
    staged_controls=timeline,
    parent="flows",
    measures=SUMMED_MEASURES,
)
