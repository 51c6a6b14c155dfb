"""The chase list and its ranking, on cases worked by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from callbacks.views.chase_frames import by_member, ranked


def _overdue(*rows: tuple[str, int, int, float | None]) -> pd.DataFrame:
    """Rows: member, period, days late, the member's share of its region's trade."""
    frame = pd.DataFrame(rows, columns=["member_iso3", "period_id", "days_late", "trade_share"])
    return frame.assign(
        region_id="europe",
        collection_id="monthly",
        reason="overdue",
        due_on=pd.Timestamp("2025-06-30") - pd.to_timedelta(frame["days_late"], unit="D"),
        held_back=frame["trade_share"].astype("float64"),
        trade_share=frame["trade_share"].astype("float64"),
        correspondent=None,
        named_on=pd.NaT,
    )


# KEN holds back 3 x 0.1 = 0.3 and FRA 1 x 0.2; UGA 2 x 0.1 = 0.2 as FRA, but more obligations;
# nothing is known of the trade of PLW (1 obligation) and TUV (2).
CASE = _overdue(
    ("PLW", 202501, 400, None),
    ("FRA", 202502, 100, 0.2),
    ("KEN", 202501, 130, 0.1),
    ("KEN", 202502, 100, 0.1),
    ("KEN", 202503, 70, 0.1),
    ("TUV", 202502, 100, None),
    ("TUV", 202503, 70, None),
    ("UGA", 202502, 100, 0.1),
    ("UGA", 202503, 70, 0.1),
)


def test_who_holds_back_most_comes_first_and_who_has_no_trade_data_last() -> None:
    found = by_member(ranked(CASE))
    assert found["member_iso3"].tolist() == ["KEN", "UGA", "FRA", "TUV", "PLW"]
    assert found["rank"].tolist() == [1, 2, 3, 4, 5]
    assert found["held_back"].tolist() == pytest.approx(
        [0.3, 0.2, 0.2, np.nan, np.nan], nan_ok=True
    )
    assert found["overdue_count"].tolist() == [3, 2, 1, 2, 1]
    assert found["days_late"].tolist() == [130, 100, 100, 100, 400]


def test_the_order_of_rows_does_not_matter() -> None:
    shuffled = CASE.sample(frac=1.0, random_state=3)
    pd.testing.assert_frame_equal(ranked(shuffled), ranked(CASE))


def test_obligations_of_a_member_stand_together_the_oldest_first() -> None:
    found = ranked(CASE)
    assert found["rank"].is_monotonic_increasing
    assert found.loc[found["member_iso3"] == "KEN", "period_id"].tolist() == [
        202501,
        202502,
        202503,
    ]


def test_nothing_overdue_gives_an_empty_list() -> None:
    empty = ranked(CASE.iloc[:0])
    assert empty.empty
    assert by_member(empty).empty


def test_nobody_with_trade_data_is_ranked_by_number_then_by_days() -> None:
    unknown: Any = CASE.assign(held_back=np.nan)
    assert by_member(ranked(unknown))["member_iso3"].tolist() == ["KEN", "TUV", "UGA", "PLW", "FRA"]
