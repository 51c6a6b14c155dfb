"""What the frames of timeliness hold: queries joined with their statistics.

Nothing is drawn here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from callbacks.views.ranges import is_inside
from dashboard.frames import BASE_FIELDS, PERIOD_FIELDS, SCOPE_FIELDS, Column
from dashboard.selection import Selection
from dashboard.stats.statuses import (
    COUNTING,
    on_time_shares,
    running_shares,
    status_table,
    with_intervals,
)
from dashboard.stats.timeliness import DelayDistribution, adjust_p_values, delay_distribution
from dashboard.stats.trends import series_trends
from queries import timeliness as statements

RUNNING_PERIODS: Final = {"M": 12, "A": 3}
"""Periods behind one point of a member's line, by the frequency of the collection."""

SPANS: Final = ("selected", "before")


def read_obligation_status(services: Services, selection: Selection) -> pd.DataFrame:
    """Return every obligation of the selected collection with its status."""
    return services.frame(statements.obligation_status(selection))


STATUS_COLUMNS: Final = (
    Column("member_iso3"),
    Column("region_id"),
    Column("collection_id"),
    Column("period_id"),
    Column("period_ends_on"),
    Column("due_on"),
    Column("received_on"),
    Column("received_bound"),
    Column("status"),
    Column("is_counted"),
    Column("revision_count"),
)

COMPARING_FIELDS: Final = BASE_FIELDS - SCOPE_FIELDS
"""Fields of frames that hold everybody, so that the selected can be compared."""

STATUS_BOARD: Final = NamedFrame(
    "status_board", STATUS_COLUMNS, read_obligation_status, COMPARING_FIELDS
)


def read_member_collections(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the obligations of the selected members in every collection."""
    frame = services.frame(statements.obligation_status(selection, every_collection=True))
    return frame if selection.members else frame.iloc[:0]


def read_on_time_by_region(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the on-time share of each region with its interval."""
    return on_time_shares(
        services.frame(statements.status_counts(selection, by="region")), ["region_id"]
    )


def read_on_time_by_member(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the on-time share of each member, and the trend of its delays."""
    assert selection.as_of is not None
    counts = services.frame(statements.status_counts(selection, by="member"))
    keys = ["region_id", "member_iso3"]
    shares = on_time_shares(counts, keys, also=("overdue",))
    obligations = STATUS_BOARD.read(services, selection)
    trends = delay_trends(obligations, selection.as_of)
    columns = [*keys, "on_time", "counted", "on_time_share", "low", "high", "overdue"]
    return shares[columns].merge(trends, on="member_iso3", how="left")


def delay_days(frame: pd.DataFrame, as_of: date) -> pd.Series:
    """Return days from each period's end to its receipt, or those gone so far."""
    received = frame["received_on"].fillna(pd.Timestamp(as_of))
    return (received - frame["period_ends_on"]).dt.days.astype("float64")


def delay_series(frame: pd.DataFrame, as_of: date) -> tuple[pd.Index, np.ndarray, np.ndarray]:
    """Return members, the days of each (a row) by period, and which are those gone so far.

    A day known only as an upper bound is no value.
    """
    is_known = frame["received_bound"].eq("exact") & frame["received_on"].notna()
    used = frame[(is_known | frame["status"].eq("overdue")).fillna(False).astype(bool)]
    # A period in which nobody has a known day keeps its place in time.
    periods = np.unique(frame["period_id"].to_numpy(dtype="int64"))
    rows, members = pd.factorize(used["member_iso3"], sort=True)
    columns = np.searchsorted(periods, used["period_id"].to_numpy(dtype="int64"))
    days = np.full((len(members), len(periods)), np.nan)
    days[rows, columns] = delay_days(used, as_of).to_numpy()
    is_waiting = np.zeros(days.shape, dtype=bool)
    is_waiting[rows, columns] = used["status"].eq("overdue").to_numpy(dtype=bool)
    return pd.Index(members, dtype=frame["member_iso3"].dtype), days, is_waiting


def delay_trends(frame: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return the trend of each member's delays, p-values adjusted for their number."""
    members, days, is_waiting = delay_series(frame, as_of)
    slope, p_value = series_trends(days, is_waiting)
    return pd.DataFrame(
        {
            "member_iso3": members,
            "slope_days": slope,
            "trend_p_value": adjust_p_values(p_value),
        }
    )


def read_status_by_region(services: Services, selection: Selection) -> pd.DataFrame:
    """Return how many obligations of each region and period stand in each status."""
    counts = services.frame(statements.status_counts(selection, by="region_period"))
    return status_table(counts, ["region_id", "period_id"])


def read_status_history(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the counts of statuses by period, of the selected range and of the one before it."""
    before = statements.range_before(selection, _frequency(services, selection))
    both = replace(selection, first=before.first)
    return services.frame(statements.status_counts(both, by="period"))


STATUS_HISTORY: Final = NamedFrame(
    "status_history",
    (
        Column("period_id"),
        Column("status"),
        Column("is_counted"),
        Column("obligation_count", unit="count"),
    ),
    read_status_history,
)


def _frequency(services: Services, selection: Selection) -> str:
    return services.catalogue.collections.get(selection.collection or "", "M")


def read_timeliness_by_period(services: Services, selection: Selection) -> pd.DataFrame:
    """Return how many selected obligations of each period stand in each status."""
    counts = STATUS_HISTORY.read(services, selection)
    return status_table(counts[is_inside(counts["period_id"], selection)], ["period_id"])


def read_on_time_by_collection(services: Services, selection: Selection) -> pd.DataFrame:
    """Return how many obligations of each collection and period stand in each status."""
    counts = services.frame(statements.status_counts(selection, by="collection_period"))
    return status_table(counts, ["collection_id", "period_id"])


def read_timeliness_totals(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the totals of the selected range and of the one before it."""
    counts = STATUS_HISTORY.read(services, selection)
    is_selected = is_inside(counts["period_id"], selection)
    spans = zip(SPANS, (counts[is_selected], counts[~is_selected]), strict=True)
    return totals(dict(spans))


def totals(spans: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return a row of totals for the counts of statuses of each span, even if there are none."""
    table = [{"span": span, **_total(counts)} for span, counts in spans.items()]
    found = pd.DataFrame(table).astype({"span": "str"})
    shares = with_intervals(found[["span", "on_time", "counted"]])
    owed = found["owed"].to_numpy(dtype="float64")
    return shares.assign(
        overdue_count=found["overdue_count"],
        received=found["received"],
        owed=found["owed"],
        received_share=found["received"] / np.where(owed > 0, owed, np.nan),
    )


def _total(counts: pd.DataFrame) -> dict[str, int]:
    number = counts["obligation_count"].to_numpy(dtype="int64")
    status = counts["status"].to_numpy(dtype=object)
    is_counted = counts["is_counted"].to_numpy(dtype=bool)
    held = {name: status == name for name in ("on_time", "late", "unknown", "overdue")}
    received = int(number[held["on_time"] | held["late"] | held["unknown"]].sum())
    overdue = int(number[held["overdue"]].sum())
    return {
        "on_time": int(number[is_counted & held["on_time"]].sum()),
        "counted": int(number[is_counted & np.isin(status, COUNTING)].sum()),
        "overdue_count": overdue,
        "received": received,
        "owed": received + overdue,
    }


def read_on_time_over_time(services: Services, selection: Selection) -> pd.DataFrame:
    """Return on-time shares by period: of all, of each region, of each selected member."""
    everybody = selection.only(COMPARING_FIELDS)
    counts = services.frame(statements.status_counts(everybody, by="region_period"))
    keys = ["region_id", "period_id"]
    by_region = on_time_shares(counts, keys, also=("pending",))
    both = by_region.groupby("period_id")[["on_time", "counted", "pending"]].sum().reset_index()
    series = [
        with_intervals(both).assign(kind="all", series_id="all"),
        by_region.assign(kind="region").rename(columns={"region_id": "series_id"}),
    ]
    if selection.members:
        frequency = _frequency(services, selection)
        board = STATUS_BOARD.read(services, selection)
        obligations = board[board["member_iso3"].isin(selection.members)]
        periods = sorted(both["period_id"])
        series += [
            member_line(rows, periods, RUNNING_PERIODS[frequency]).assign(
                kind="member", series_id=str(iso3)
            )
            for iso3, rows in obligations.groupby("member_iso3")
        ]
    columns = ["kind", "series_id", "period_id", "on_time", "counted", "on_time_share"]
    return pd.concat(series, ignore_index=True)[[*columns, "low", "high", "pending"]]


def member_line(rows: pd.DataFrame, periods: list[int], window: int) -> pd.DataFrame:
    """Return the running on-time share of one member over all periods."""
    counts = rows.assign(obligation_count=1)
    shares = on_time_shares(counts, ["period_id"], also=("pending",))
    each = shares[["period_id", "on_time", "counted", "pending"]]
    whole = each.set_index("period_id").reindex(periods, fill_value=0).reset_index()
    return running_shares(whole, window)


def delay_groups(services: Services, selection: Selection) -> dict[str, pd.DataFrame]:
    """Return the obligations of all members, and of the selected ones if any are named."""
    frame = STATUS_BOARD.read(services, selection)
    groups = {"all": frame}
    if selection.members:
        groups["selected"] = frame[frame["member_iso3"].isin(selection.members)]
    elif selection.regions:
        groups["selected"] = frame[frame["region_id"].isin(selection.regions)]
    return groups


def usable_delays(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the obligations whose delay is known, or known to be going on."""
    is_known = (frame["received_bound"] != "unknown").fillna(True).astype(bool)
    return frame[frame["is_counted"].astype(bool) & is_known & (frame["status"] != "waived")]


def distribution(frame: pd.DataFrame, as_of: date) -> DelayDistribution:
    """Return the distribution of the delays of obligations."""
    used = usable_delays(frame)
    return delay_distribution(
        delay_days(used, as_of).to_numpy(), used["received_on"].isna().to_numpy()
    )


def read_delay_curve(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the share received after so many days, with what is outstanding censored."""
    assert selection.as_of is not None
    parts = []
    for group, frame in delay_groups(services, selection).items():
        found = distribution(frame, selection.as_of)
        parts.append(
            pd.DataFrame(
                {
                    "group": group,
                    "days": found.days,
                    "received_share": 1.0 - found.survival,
                    "low": 1.0 - found.high,
                    "high": 1.0 - found.low,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def read_delay_summary(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the median delay of each group and what it rests on."""
    assert selection.as_of is not None
    rows = []
    for group, frame in delay_groups(services, selection).items():
        found = distribution(frame, selection.as_of)
        used = usable_delays(frame)
        rows.append(
            {
                "group": group,
                "median_delay_days": found.median,
                "low": found.median_low,
                "high": found.median_high,
                "n": found.n,
                "outstanding": found.n_censored,
                "upper_bounds": int((used["received_bound"] == "upper").fillna(False).sum()),
                "left_out": int((frame["received_bound"] == "unknown").fillna(False).sum()),
            }
        )
    return pd.DataFrame(rows)


def read_trade_weights(services: Services, selection: Selection) -> pd.DataFrame:
    """Return each member's share of what its region's members trade."""
    collections = services.catalogue.trade_collections
    collection = collections[0] if collections else ""
    traded = services.frame(statements.traded_values(selection, collection))
    whole = traded.groupby("region_id")["value_usd"].transform("sum")
    return traded.assign(trade_share=traded["value_usd"] / whole.where(whole > 0))


TRADE_WEIGHTS: Final = NamedFrame(
    "trade_weights",
    (
        Column("member_iso3"),
        Column("region_id"),
        Column("value_usd", measure="value_usd"),
        Column("trade_share", measure="trade_share"),
    ),
    read_trade_weights,
    PERIOD_FIELDS | {"as_of"},
)


def overdue_table(overdue: pd.DataFrame, weights: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return overdue obligations with their days and their members' weight."""
    joined = overdue.merge(weights[["member_iso3", "trade_share"]], on="member_iso3", how="left")
    joined["days_late"] = (pd.Timestamp(as_of) - joined["due_on"]).dt.days.astype("Int64")
    columns = ["member_iso3", "region_id", "collection_id", "period_id", "due_on"]
    return joined[[*columns, "days_late", "trade_share"]]


def read_overdue(services: Services, selection: Selection) -> pd.DataFrame:
    """Return what is overdue in every collection, longest first."""
    assert selection.as_of is not None
    overdue = services.frame(statements.overdue_obligations(selection))
    return overdue_table(overdue, TRADE_WEIGHTS.read(services, selection), selection.as_of)
