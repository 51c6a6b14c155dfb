"""Counts of statuses become shares of what counts."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from dashboard.stats.statuses import on_time_shares, running_shares, status_table

COUNTS = pd.DataFrame(
    [
        ("a", "on_time", True, 6),
        ("a", "late", True, 2),
        ("a", "overdue", True, 2),
        ("a", "overdue", False, 5),
        ("a", "pending", True, 3),
        ("a", "unknown", True, 4),
        ("a", "waived", True, 1),
        ("b", "unknown", False, 7),
    ],
    columns=["key", "status", "is_counted", "obligation_count"],
).astype({"is_counted": "boolean", "obligation_count": "Int64"})


def test_only_what_counts_is_below_the_line() -> None:
    shares = on_time_shares(COUNTS, ["key"]).set_index("key")
    assert shares.loc["a", ["on_time", "counted", "on_time_share"]].tolist() == [6, 10, 0.6]
    # Wilson for 6 of 10 at 95 %: (0.6 + z^2/20 -+ z sqrt(0.024 + z^2/400)) / (1 + z^2/10).
    z = 1.959963984540054
    half = z * math.sqrt(0.024 + z * z / 400)
    assert shares.loc["a", "low"] == pytest.approx((0.6 + z * z / 20 - half) / (1 + z * z / 10))
    assert shares.loc["a", "high"] == pytest.approx((0.6 + z * z / 20 + half) / (1 + z * z / 10))


def test_where_nothing_counts_there_is_no_share() -> None:
    row = on_time_shares(COUNTS, ["key"]).set_index("key").loc["b"]
    assert row["counted"] == 0
    assert row[["on_time_share", "low", "high"]].isna().all()


def test_the_table_counts_every_obligation_once() -> None:
    table = status_table(COUNTS, ["key"]).set_index("key")
    names = ["on_time", "late", "overdue", "pending", "unknown", "waived"]
    assert table.loc["a", names].tolist() == [6, 2, 7, 3, 4, 1]
    assert table[names].sum(axis=1).tolist() == [23, 7]
    assert table.loc["a", ["counted", "on_time_share"]].tolist() == [10, 0.6]


def test_no_counts_give_no_rows() -> None:
    assert len(status_table(COUNTS.iloc[:0], ["key"])) == 0
    assert len(on_time_shares(COUNTS.iloc[:0], ["key"])) == 0


def test_a_running_share_is_a_sum_over_a_sum() -> None:
    series = pd.DataFrame(
        {"period_id": [1, 2, 3, 4], "on_time": [1, 0, 3, 0], "counted": [1, 1, 4, 0]}
    )
    shares = running_shares(series, 2)
    assert shares["counted"].tolist() == [1, 2, 5, 4]
    assert shares["on_time_share"].tolist() == [1.0, 0.5, 0.6, 0.75]
    assert shares["period_id"].tolist() == [1, 2, 3, 4]
