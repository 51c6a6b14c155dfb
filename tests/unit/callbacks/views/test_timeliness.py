"""The maths of the timeliness frames, on cases worked by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from callbacks.views import timeliness
from callbacks.views.timeliness_frames import (
    delay_days,
    delay_trends,
    distribution,
    member_line,
    overdue_table,
    totals,
    usable_delays,
)
from dashboard.frames import Column

AS_OF = date(2025, 6, 30)
ENDS = {202501: "2025-01-31", 202502: "2025-02-28", 202503: "2025-03-31", 202504: "2025-04-30"}


def _obligations(*rows: tuple[str, int, str | None, str, str | None, bool]) -> pd.DataFrame:
    """Rows: member, period, day received, status, bound, whether it counts."""
    frame = pd.DataFrame(
        rows,
        columns=["member_iso3", "period_id", "received_on", "status", "received_bound", "counts"],
    ).rename(columns={"counts": "is_counted"})
    return frame.assign(
        period_ends_on=pd.to_datetime(frame["period_id"].map(ENDS)),
        received_on=pd.to_datetime(frame["received_on"]),
        is_counted=frame["is_counted"].astype("boolean"),
        period_id=frame["period_id"].astype("Int64"),
    )


def test_days_run_from_the_end_of_the_period_to_receipt_or_as_of() -> None:
    frame = _obligations(
        ("KEN", 202501, "2025-03-02", "on_time", "exact", True),
        ("KEN", 202504, None, "overdue", None, True),
    )
    assert delay_days(frame, AS_OF).tolist() == [30, 61]


def test_delays_leave_out_what_is_waived_not_counted_or_without_a_day() -> None:
    frame = _obligations(
        ("KEN", 202501, "2025-03-02", "on_time", "exact", True),
        ("KEN", 202502, None, "unknown", "unknown", True),
        ("KEN", 202503, None, "waived", None, True),
        ("UGA", 202501, "2025-03-02", "late", "exact", False),
        ("UGA", 202502, "2025-04-09", "unknown", "upper", True),
        ("UGA", 202504, None, "overdue", None, True),
    )
    assert usable_delays(frame)["period_id"].tolist() == [202501, 202502, 202504]
    # 30 and 40 days, and one longer than 61: 1/3, then 2/3 have come.
    found = distribution(frame, AS_OF)
    assert found.days.tolist() == [30, 40, 61]
    assert found.survival.tolist() == pytest.approx([2 / 3, 1 / 3, 1 / 3])
    assert (found.median, found.n, found.n_censored) == (40, 3, 1)


def test_a_trend_rests_on_known_days_and_on_days_gone_so_far() -> None:
    frame = _obligations(
        ("KEN", 202501, "2025-02-10", "on_time", "exact", True),  # 10 days
        ("KEN", 202502, "2025-03-20", "on_time", "exact", True),  # 20 days
        ("KEN", 202503, "2025-04-30", "on_time", "exact", True),  # 30 days
        ("KEN", 202504, None, "overdue", None, True),  # 61 days so far
        ("UGA", 202501, "2025-02-10", "on_time", "upper", True),
        ("UGA", 202502, "2025-03-10", "on_time", "exact", True),
        ("UGA", 202503, None, "waived", None, True),
        ("UGA", 202504, None, "pending", None, True),
    )
    trends = delay_trends(frame, AS_OF).set_index("member_iso3")
    # Slopes between pairs: 10, 10, 31, 10, 20.5, 17; their median is (10 + 17) / 2.
    assert trends.loc["KEN", "slope_days"] == pytest.approx(13.5)
    # Kendall's score is 6 of 6; its variance 4 * 3 * 13 / 18.
    assert trends.loc["KEN", "trend_p_value"] == pytest.approx(0.0415, abs=1e-4)
    assert pd.isna(trends.loc["UGA", "slope_days"])


def _counts(**numbers: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "status": list(numbers),
            "is_counted": [True] * len(numbers),
            "obligation_count": list(numbers.values()),
        }
    )


def test_totals_divide_what_came_by_what_is_due_or_came() -> None:
    counts = _counts(on_time=6, late=2, unknown=1, overdue=1, pending=5, waived=3)
    row = totals({"selected": counts}).iloc[0]
    assert (row["on_time"], row["counted"]) == (6, 9)
    assert row["on_time_share"] == pytest.approx(6 / 9)
    assert (row["received"], row["owed"], row["overdue_count"]) == (9, 10, 1)
    assert row["received_share"] == pytest.approx(0.9)


def test_totals_of_nothing_are_a_row_without_shares() -> None:
    row = totals({"before": _counts()}).iloc[0]
    assert (row["span"], row["counted"], row["owed"]) == ("before", 0, 0)
    assert pd.isna(row["on_time_share"]) and pd.isna(row["received_share"])


def test_the_line_of_a_member_runs_over_all_periods() -> None:
    rows = _obligations(
        ("KEN", 202501, "2025-02-10", "on_time", "exact", True),
        ("KEN", 202503, None, "overdue", None, True),
        ("KEN", 202504, None, "pending", None, True),
    )
    line = member_line(rows, [202501, 202502, 202503, 202504], 2)
    assert line["counted"].tolist() == [1, 1, 1, 1]
    assert line["on_time_share"].tolist() == [1.0, 1.0, 0.0, 0.0]
    assert line["pending"].tolist() == [0, 0, 0, 1]


def test_the_overdue_list_has_days_and_weights() -> None:
    overdue = pd.DataFrame(
        {
            "member_iso3": ["KEN", "UGA"],
            "region_id": "east_southern_africa",
            "collection_id": "trade_monthly",
            "period_id": [202501, 202503],
            "due_on": pd.to_datetime(["2025-03-17", "2025-05-15"]),
        }
    )
    weights = pd.DataFrame({"member_iso3": ["KEN"], "trade_share": [0.4]})
    table = overdue_table(overdue, weights, AS_OF)
    assert table["days_late"].tolist() == [105, 46]
    assert table["trade_share"].iloc[0] == 0.4
    assert pd.isna(table["trade_share"].iloc[1])  # it reported no trade


@pytest.mark.parametrize("frame", timeliness.FRAMES, ids=lambda frame: frame.name)
def test_no_frame_answers_to_what_only_arranges_the_screen(frame: Any) -> None:
    assert not frame.fields & {"sort", "status", "language"}
    assert all(isinstance(column, Column) for column in frame.columns)


def test_comparisons_hold_everybody_whoever_is_selected() -> None:
    fields = {frame.name: frame.fields for frame in timeliness.FRAMES}
    for name in ("status_board", "on_time_by_region", "on_time_by_member", "status_by_region"):
        assert not fields[name] & {"members", "regions"}
    assert "collection" not in fields["overdue"]
