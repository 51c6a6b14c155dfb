"""What counts as a known gap."""

from __future__ import annotations

import pandas as pd

from callbacks.views.data_held import GAP_COLUMNS, find_gaps

MEMBERS = pd.DataFrame(
    {
        "collection_id": ["trade_monthly", "trade_monthly"],
        "member_iso3": ["KEN", "UGA"],
        "region_id": ["east_southern_africa"] * 2,
        "owed_count": [12, 12],
        "received_count": [0, 1],
    }
)
PERIODS = pd.DataFrame(
    {
        "collection_id": ["trade_monthly", "trade_monthly"],
        "period_id": [202501, 202502],
        "owed_count": [2, 2],
        "received_count": [1, 0],
    }
)


def test_a_member_that_sent_nothing_and_a_period_without_anything_are_gaps() -> None:
    gaps = find_gaps(MEMBERS, PERIODS)
    assert list(gaps.columns) == [column.name for column in GAP_COLUMNS]
    assert gaps["kind"].tolist() == ["never_submitted", "empty_period"]
    assert gaps["member_iso3"].iloc[0] == "KEN"
    assert gaps["period_id"].iloc[1] == 202502


def test_nothing_missing_is_no_gap() -> None:
    gaps = find_gaps(MEMBERS.assign(received_count=1), PERIODS.assign(received_count=1))
    assert gaps.empty
