"""The view of the forecast: what will arrive, and what will be late."""

from __future__ import annotations

from typing import Final

from callbacks.named import NamedFrame
from callbacks.views.forecast_frames import ARRIVAL_FORECAST
from layouts.panels import View

FRAMES: Final[tuple[NamedFrame, ...]] = (ARRIVAL_FORECAST,)

VIEW: Final = View("forecast", (), parent="timeliness")
