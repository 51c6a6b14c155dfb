"""Compare releases of the same figure: by how much, which way, how often and when it moved.

It must not know a warehouse: a release is a row with what it replaced beside it.
"""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

FIGURE: Final = ("member_iso3", "period_id")
"""What one figure belongs to; its releases follow each other in the order of ``revision``."""

FLOWS: Final = {"X": "export_usd", "M": "import_usd"}
"""Flow to the column of its total."""

CONFIDENCE_LEVEL: Final = 0.95
"""Coverage of the interval of a mean revision."""


def comparable(releases: pd.DataFrame) -> pd.DataFrame:
    """Return the releases that follow each other, numbered from 0 for the first of a figure.

    A receipt without data replaces no data, so it drops out wherever the same
    figure has a release with data.

    Parameters
    ----------
    releases : DataFrame
        One row per accepted release: the columns of :data:`FIGURE`, ``has_data``
        and any others; the releases of a figure one after the other.

    Returns
    -------
    DataFrame
        The rows kept, with ``release`` (0, 1, 2 ...) and ``release_count`` (of
        the figure).
    """
    if releases.empty:
        return releases.assign(
            release=np.empty(0, dtype="int64"), release_count=np.empty(0, dtype="int64")
        )
    has_data = releases["has_data"].to_numpy(dtype=bool)
    starts, number = _figures(releases)
    any_data = np.logical_or.reduceat(has_data, starts)[number]
    kept = releases[has_data | ~any_data]
    starts, number = _figures(kept)
    counts = np.diff(np.append(starts, len(kept)))
    return kept.assign(
        release=np.arange(len(kept)) - starts[number], release_count=counts[number]
    ).reset_index(drop=True)


def _figures(frame: pd.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where each figure's rows start, and the number of each row's figure."""
    is_new = np.ones(len(frame), dtype=bool)
    same = np.ones(max(len(frame) - 1, 0), dtype=bool)
    for name in FIGURE:
        values = frame[name].to_numpy()
        same &= np.asarray(values[1:] == values[:-1], dtype=bool)
    is_new[1:] = ~same
    return np.flatnonzero(is_new).astype(np.int64), np.cumsum(is_new) - 1


def first_and_latest(releases: pd.DataFrame) -> pd.DataFrame:
    """Return the first and the latest value of each figure that has more than one release.

    Parameters
    ----------
    releases : DataFrame
        As :func:`comparable` returns them, with the columns of :data:`FLOWS`,
        ``region_id`` and ``known_on``.

    Returns
    -------
    DataFrame
        One row per figure and flow: ``member_iso3``, ``region_id``,
        ``period_id``, ``flow_code``, ``first_usd``, ``latest_usd``,
        ``revision_usd`` (latest - first), ``relative_revision`` (of the size of
        the first, NaN if that is 0), ``first_on``, ``latest_on``,
        ``revision_count``. A flow that one of the two lacks counts as 0 there;
        one that both lack gives no row.
    """
    is_revised = (releases["release_count"] > 1) & releases["has_data"].astype(bool)
    used = releases[is_revised]
    first = used[used["release"] == 0].reset_index(drop=True)
    latest = used[used["release"] == used["release_count"] - 1].reset_index(drop=True)
    parts = []
    for flow, column in FLOWS.items():
        before, after = first[column], latest[column]
        part = first[["member_iso3", "region_id", "period_id"]].assign(
            flow_code=flow,
            first_usd=before.fillna(0.0),
            latest_usd=after.fillna(0.0),
            first_on=first["known_on"],
            latest_on=latest["known_on"],
            revision_count=latest["release"],
        )
        parts.append(part[before.notna() | after.notna()])
    both = pd.concat(parts, ignore_index=True)
    moved = both["latest_usd"] - both["first_usd"]
    size = both["first_usd"].abs()
    both.insert(6, "revision_usd", moved)
    both.insert(7, "relative_revision", moved / size.where(size > 0))
    return both


def revision_sizes(compared: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return how much the figures of each group were revised, and which way.

    Parameters
    ----------
    compared : DataFrame
        ``keys``, ``first_usd`` and ``latest_usd``, as :func:`first_and_latest`
        returns them.
    keys : list of str
        What makes a group.

    Returns
    -------
    DataFrame
        One row per group in the order of ``keys``: them, ``n`` (figures
        compared), ``mean_absolute_revision`` and ``mean_revision`` (unit of the
        values), ``rmar`` (sum of ``|latest - first|`` over sum of ``|latest|``,
        0 or more), ``relative_mean_revision`` (sum of latest - first over the same),
        ``low`` and ``high`` (95 % bounds of it) and ``p_value`` (two-sided, of
        a mean revision of 0). Relative figures are NaN where all latest values
        are 0; bounds and p-value also where there are fewer than two figures
        or all were revised by the same amount.

    Notes
    -----
    The test is Student's for one mean, on the revisions themselves; the bounds
    are its bounds, divided by the mean of ``|latest|``. It takes the revisions as
    independent of each other.

    References
    ----------
    .. [1] Eurostat (2014). ESS Guidelines for the Implementation of the ESS Quality
       and Performance Indicators, indicator A6 (data revision, average size).
    .. [2] Student (1908). The probable error of a mean. Biometrika 6(1), 1-25.
    """
    moved = compared["latest_usd"] - compared["first_usd"]
    rows = compared[keys].assign(
        moved=moved, absolute=moved.abs(), later=compared["latest_usd"].abs()
    )
    groups = rows.groupby(keys, sort=True, observed=True)
    rows["squared"] = (rows["moved"] - groups["moved"].transform("mean")) ** 2
    found = groups.agg(
        n=("moved", "size"),
        mean_absolute_revision=("absolute", "mean"),
        mean_revision=("moved", "mean"),
        absolute=("absolute", "sum"),
        later=("later", "sum"),
    )
    found["squared"] = rows.groupby(keys, sort=True, observed=True)["squared"].sum()
    found = found.reset_index()
    n = found["n"].to_numpy(dtype=float)
    later = found["later"].where(found["later"] > 0)
    found["rmar"] = found["absolute"] / later
    mean_later = later / n
    found["relative_mean_revision"] = found["mean_revision"] / mean_later
    error = _standard_error(found["squared"].to_numpy(dtype=float), n)
    mean = found["mean_revision"].to_numpy(dtype=float)
    freedom = np.maximum(n - 1.0, 1.0)
    half = special.stdtrit(freedom, 0.5 + CONFIDENCE_LEVEL / 2) * error
    found["low"] = (mean - half) / mean_later
    found["high"] = (mean + half) / mean_later
    found["p_value"] = 2.0 * special.stdtr(freedom, -np.abs(mean / error))
    measured = ["n", "mean_absolute_revision", "mean_revision", "rmar"]
    return found[[*keys, *measured, "relative_mean_revision", "low", "high", "p_value"]]


def _standard_error(squared: NDArray[np.float64], n: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the standard error of each mean; NaN without spread or with a single value."""
    usable = (n > 1) & (squared > 0)
    return np.where(usable, np.sqrt(squared / np.where(usable, n * (n - 1.0), 1.0)), np.nan)


def vintages(
    releases: pd.DataFrame, periods: pd.DataFrame, flow: str, last_month: int
) -> pd.DataFrame:
    """Return for how long each value was the one that was known: the revision triangle.

    An age is the number of calendar months from the month in which the period
    ends to the month in which something is known.

    Parameters
    ----------
    releases : DataFrame
        Of one member, as :func:`comparable` returns them, with ``known_on``,
        ``received_bound`` and the flow's column.
    periods : DataFrame
        Every period that is shown: ``period_id`` and ``end_month``, the month of
        its last day as year times 12 plus month.
    flow : {"X", "M"}
        The flow.
    last_month : int
        Month of the as-of day, counted alike.

    Returns
    -------
    DataFrame
        One row per period and value, in their order: ``period_id``,
        ``release`` (missing where nothing was known), ``first_age`` and
        ``last_age`` (both included: the value is what was known at the end of
        these months), ``value_usd`` (0 for a flow that the release lacks, NaN
        where nothing was known), ``relative_revision`` (against the first
        release; NaN for that itself and where that is 0), ``known_on``,
        ``received_bound``. A release that the next one replaced within its
        month has no row; neither has a release without data.
    """
    used = releases[releases["has_data"].astype(bool)].merge(periods, on="period_id")
    known = used["known_on"].dt
    rows = used[["period_id", "release", "known_on", "received_bound"]].assign(
        first_age=(known.year * 12 + known.month - used["end_month"]).clip(lower=1).astype("int64"),
        last_age=(last_month - used["end_month"]).astype("int64"),
        value_usd=used[FLOWS[flow]].fillna(0.0).astype("float64"),
    )
    by_period = rows.groupby("period_id", sort=False)
    first = by_period["value_usd"].transform("first")
    change = (rows["value_usd"] - first) / first.abs().where(first != 0)
    rows["relative_revision"] = change.where(rows["release"] > 0).astype("float64")
    # A later revision that is known as early replaces those before it from then on.
    backwards = rows.iloc[::-1]
    reached = backwards.groupby("period_id", sort=False)["first_age"].cummin().iloc[::-1]
    following = reached.groupby(rows["period_id"], sort=False).shift(-1)
    rows["last_age"] = np.fmin(rows["last_age"], following - 1).astype("int64")
    begun = reached.groupby(rows["period_id"], sort=False).first()
    gaps = periods.assign(last_age=last_month - periods["end_month"])
    begun_at = gaps["period_id"].map(begun)
    gaps["last_age"] = np.fmin(gaps["last_age"], begun_at - 1).astype("int64")
    both = pd.concat([rows, gaps[["period_id", "last_age"]].assign(first_age=1)], ignore_index=True)
    kept = both[both["last_age"] >= both["first_age"]]
    columns = ["period_id", "release", "first_age", "last_age", "value_usd"]
    return (
        kept.sort_values(["period_id", "first_age"])
        .reset_index(drop=True)
        .astype({"release": "Int64"})[[*columns, "relative_revision", "known_on", "received_bound"]]
    )


def revision_counts(releases: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return how many figures of each group were revised how often.

    Parameters
    ----------
    releases : DataFrame
        As :func:`comparable` returns them.
    keys : list of str
        What makes a group.

    Returns
    -------
    DataFrame
        One row per group: ``keys``, ``received`` (figures), ``once``, ``twice``
        and ``more`` (figures revised so often), ``revised`` (figures revised
        at all).
    """
    figures = releases[releases["release"] == 0]
    count = figures["release_count"] - 1
    marked = figures[keys].assign(
        received=1, once=count.eq(1), twice=count.eq(2), more=count.gt(2), revised=count.gt(0)
    )
    return marked.groupby(keys, sort=True, observed=True).sum().astype("int64").reset_index()


def times_to_revision(releases: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return how long after its first release each figure was revised, or how long it has held.

    Parameters
    ----------
    releases : DataFrame
        As :func:`comparable` returns them, with ``region_id``, ``known_on`` and
        ``received_bound``.
    as_of : Timestamp
        The as-of day.

    Returns
    -------
    DataFrame
        One row per figure whose first day, and if it was revised whose next
        day, is known: ``member_iso3``, ``region_id``, ``days`` (0 or more, to
        the first revision or to the as-of day) and ``is_censored`` (not revised
        so far).
    """
    first = releases[releases["release"] == 0]
    second = releases.loc[releases["release"] == 1, [*FIGURE, "known_on", "received_bound"]].rename(
        columns={"known_on": "revised_on", "received_bound": "revised_bound"}
    )
    both = first.merge(second, on=list(FIGURE), how="left")
    is_known = both["received_bound"].ne("unknown") & both["revised_bound"].ne("unknown")
    used = both[is_known.fillna(True).astype(bool)]
    until = used["revised_on"].fillna(as_of)
    days = (until - used["known_on"]).dt.days.clip(lower=0).astype("float64")
    return used[["member_iso3", "region_id"]].assign(
        days=days, is_censored=used["revised_on"].isna()
    )
