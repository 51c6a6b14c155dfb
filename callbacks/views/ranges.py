"""The selected range, for frames that hold more than it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.selection import Selection
from queries.scope import period_bounds


def is_inside(periods: pd.Series, selection: Selection) -> NDArray[np.bool_]:
    """Return which ``period_id``, of months or years, lie in the selected range."""
    number = periods.to_numpy(dtype="int64")
    (first, last), (year, last_year) = period_bounds(selection)
    inside: NDArray[np.bool_] = (first <= number) & (number <= last)
    return inside | ((year <= number) & (number <= last_year))
