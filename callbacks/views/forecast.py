"""The view of the forecast: what will arrive, and what will be late."""

from __future__ import annotations

from typing import Final

from callbacks.named import NamedFrame
from callbacks.views import forecast_calibration, forecast_month
from callbacks.views.forecast_frames import ARRIVAL_FORECAST
from layouts import forecast as drawings
from layouts.panels import Panel, View

_HIGHLIGHTED: Final = frozenset({"regions", "members"})

FRAMES: Final[tuple[NamedFrame, ...]] = (
    ARRIVAL_FORECAST,
    *forecast_month.FRAMES,
    *forecast_calibration.FRAMES,
)

VIEW: Final = View(
    "forecast",
    (
        Panel(
            "regions",
            ("late_next_month",),
            drawings.draw_late_by_region,
            fields=_HIGHLIGHTED,
            area="third scrolls",
        ),
        Panel(
            "likely",
            ("due_next_month",),
            drawings.draw_likely_late,
            kind="block",
            fields=_HIGHLIGHTED,
            area="two-thirds",
        ),
        Panel("reliability", ("forecast_reliability",), drawings.draw_reliability, area="third"),
        Panel(
            "scores",
            ("forecast_scores",),
            drawings.draw_scores,
            kind="block",
            area="two-thirds",
        ),
        Panel(
            "open",
            ("arrival_forecast",),
            drawings.draw_open,
            kind="block",
            fields=_HIGHLIGHTED,
            area="full",
        ),
    ),
    parent="timeliness",
)
