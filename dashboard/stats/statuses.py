"""Turn counts of obligations by status into shares with their intervals.

It must not know when a status holds: the query says that.
"""

from typing import Final

import numpy as np
import pandas as pd

from dashboard.stats.timeliness import wilson_interval

STATUS_COLUMNS: Final = ("on_time", "late", "overdue", "pending", "unknown", "waived")
"""Every status, in the order of the columns of a status table."""

COUNTING: Final = ("on_time", "late", "overdue")
"""The statuses of which the on-time share is one."""


def on_time_shares(
    counts: pd.DataFrame, keys: list[str], *, also: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Return on-time shares with their intervals from counts of statuses.

    Parameters
    ----------
    counts : DataFrame
        `keys`, ``status`` (text), ``is_counted`` (bool: due after the log began) and
        ``obligation_count`` (int), one row per combination.
    keys : list of str
        Columns to group by; at least one.
    also : tuple of str, default ()
        Statuses other than ``on_time`` to count in columns of their own, all obligations.

    Returns
    -------
    DataFrame
        One row per combination of `keys`, sorted by them: ``on_time`` and ``counted``
        (int), ``on_time_share``, ``low`` and ``high`` (0 to 1, 95 % interval). Only
        obligations that count and are on time, late or overdue are in; share and bounds
        are NaN where there is none.

    Examples
    --------
    >>> counts = pd.DataFrame(
    ...     {
    ...         "region_id": ["europe", "europe", "europe"],
    ...         "status": ["on_time", "late", "pending"],
    ...         "is_counted": [True, True, True],
    ...         "obligation_count": [3, 1, 5],
    ...     }
    ... )
    >>> on_time_shares(counts, ["region_id"])[["on_time", "counted", "on_time_share"]].values
    array([[3.  , 4.  , 0.75]])
    """
    sums = _sums(counts, keys, also).rename(columns={"counted_on_time": "on_time"})
    return with_intervals(sums)


def _sums(counts: pd.DataFrame, keys: list[str], statuses: tuple[str, ...]) -> pd.DataFrame:
    """Return what counts and is on time, what counts, and each status, summed by `keys`."""
    number = counts["obligation_count"].to_numpy(dtype="int64")
    status = counts["status"].to_numpy(dtype=object)
    held = {name: status == name for name in {*COUNTING, *statuses}}
    is_counted = counts["is_counted"].to_numpy(dtype=bool)
    counting = is_counted & np.logical_or.reduce([held[name] for name in COUNTING])
    parts = counts[keys].assign(
        counted_on_time=np.where(counting & held["on_time"], number, 0),
        counted=np.where(counting, number, 0),
        **{name: np.where(held[name], number, 0) for name in statuses},
    )
    return parts.groupby(keys, sort=True).sum().reset_index()


def with_intervals(sums: pd.DataFrame) -> pd.DataFrame:
    """Append the on-time share and its interval to sums of counts.

    Parameters
    ----------
    sums : DataFrame
        Has ``on_time`` and ``counted`` (int, ``on_time <= counted``).

    Returns
    -------
    DataFrame
        The same rows with ``on_time_share``, ``low`` and ``high`` (0 to 1; NaN where
        nothing is counted).

    Examples
    --------
    >>> with_intervals(pd.DataFrame({"on_time": [0], "counted": [0]}))["low"].isna().all()
    np.True_
    """
    low, high = wilson_interval(sums["on_time"].to_numpy(), sums["counted"].to_numpy())
    return sums.assign(
        on_time_share=sums["on_time"] / sums["counted"].where(sums["counted"] > 0),
        low=low,
        high=high,
    )


def status_table(counts: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return how many obligations stand in each status, one column a status.

    Parameters
    ----------
    counts : DataFrame
        As for :func:`on_time_shares`.
    keys : list of str
        Columns to group by; at least one.

    Returns
    -------
    DataFrame
        One row per combination of `keys`, sorted by them: ``on_time``, ``late``,
        ``overdue``, ``pending``, ``unknown``, ``waived`` (int, all obligations),
        ``counted`` (int) and ``on_time_share`` (0 to 1, NaN where nothing is counted),
        which are about those alone that fell due after the log began.

    Examples
    --------
    >>> counts = pd.DataFrame(
    ...     {
    ...         "period_id": [202401, 202401],
    ...         "status": ["overdue", "on_time"],
    ...         "is_counted": [False, True],
    ...         "obligation_count": [2, 1],
    ...     }
    ... )
    >>> status_table(counts, ["period_id"])[["on_time", "overdue", "counted"]].values.tolist()
    [[1, 2, 1]]
    """
    table = _sums(counts, keys, STATUS_COLUMNS)
    counted = table["counted"]
    share = table["counted_on_time"] / counted.where(counted > 0)
    return table[[*keys, *STATUS_COLUMNS, "counted"]].assign(on_time_share=share)


def running_shares(series: pd.DataFrame, periods: int) -> pd.DataFrame:
    """Return on-time shares of the last `periods` periods, at each period.

    Parameters
    ----------
    series : DataFrame
        One row per period, in order, none left out: ``on_time`` and ``counted`` (int).
    periods : int
        Length of the window; the first rows have shorter ones.

    Returns
    -------
    DataFrame
        The other columns as they were; ``on_time`` and ``counted`` summed over the window,
        and ``on_time_share``, ``low``, ``high``. NaN where a window counts nothing.

    Examples
    --------
    >>> series = pd.DataFrame({"on_time": [1, 0, 1], "counted": [1, 1, 1]})
    >>> running_shares(series, 2)["on_time_share"].tolist()
    [1.0, 0.5, 0.5]
    """
    sums = series[["on_time", "counted"]].rolling(periods, min_periods=1).sum().astype("int64")
    return with_intervals(series.assign(on_time=sums["on_time"], counted=sums["counted"]))
