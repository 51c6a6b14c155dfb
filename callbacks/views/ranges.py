"""The selected range, for frames that hold more than it."""

from __future__ import annotations

import pandas as pd

from dashboard.selection import Selection
from queries.scope import period_bounds


def is_inside(periods: pd.Series, selection: Selection) -> pd.Series:
    """Return which ``period_id``, of months or years, lie in the selected range."""
    months, years = period_bounds(selection)
    return periods.between(*months) | periods.between(*years)
