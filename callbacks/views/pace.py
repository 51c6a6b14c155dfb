"""The pace of the strategy: statuses month by month, and what its forecasts are worth."""

from __future__ import annotations

from typing import Final

import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from callbacks.views.strategy import read_series
from callbacks.views.strategy_forecast import (
    BACKTEST_COLUMNS,
    STATUS_COLUMNS,
    backtest,
    judge,
    month_statuses,
)
from callbacks.views.strategy_reports import AS_OF
from dashboard.selection import Selection
from layouts import pace as drawings
from layouts.panels import Panel, View


def read_statuses(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the status of every key result at every month end."""
    return month_statuses(read_series(services, selection))


def read_backtest(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the test of the forecasts on the months that had gone by on the as-of day."""
    series = read_series(services, selection)
    return backtest(series, judge(series))


FRAMES: Final = (
    NamedFrame("key_result_status_by_month", STATUS_COLUMNS, read_statuses, AS_OF, is_live=True),
    NamedFrame("forecast_backtest", BACKTEST_COLUMNS, read_backtest, AS_OF, is_live=True),
)

VIEW = View(
    "pace",
    (
        Panel(
            "spread",
            ("key_result_status_by_month",),
            drawings.draw_spread,
            area="full",
        ),
        Panel(
            "months",
            ("key_result_status_by_month",),
            drawings.draw_heatmap,
            kind="block",
            fields=frozenset({"tactic"}),
            area="full",
        ),
        Panel(
            "worth",
            ("forecast_backtest",),
            drawings.draw_worth,
            kind="block",
            area="full",
        ),
    ),
    parent="strategy",
)
