"""The chase list and its ranking, on cases worked by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from callbacks.views.chase_frames import by_member, ranked, to_chase


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
        within_90_days_share=np.nan,
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


def _waiting(*rows: tuple[str, str, float | None, float | None]) -> pd.DataFrame:
    """Rows: member, due day, probability by the due date, and within 90 days."""
    names = ["member_iso3", "due_on", "by_due_share", "within_90_days_share"]
    frame = pd.DataFrame(rows, columns=names)
    return frame.assign(
        due_on=pd.to_datetime(frame["due_on"]),
        by_due_share=frame["by_due_share"].astype("float64"),
        within_90_days_share=frame["within_90_days_share"].astype("float64"),
        region_id="europe",
        collection_id="monthly",
        period_id=202504,
    )


WEIGHTS = pd.DataFrame({"member_iso3": ["KEN", "FRA", "USA"], "trade_share": [0.1, 0.4, 0.5]})


def test_the_overdue_count_whole_and_the_likely_late_by_their_probability() -> None:
    waiting = _waiting(
        ("KEN", "2025-06-14", 0.0, 0.6),
        ("FRA", "2025-07-15", 0.25, 0.9),
        ("USA", "2025-07-15", 0.75, 0.9),  # will likely be in time
        ("USA", "2025-07-15", 0.5, 0.9),  # as likely as not is not likely late
        ("PLW", "2025-07-15", 0.1, 0.2),  # nothing is known of its trade
        ("TUV", "2025-07-15", None, None),  # no forecast, so nothing to be said
        ("TON", "2025-06-30", None, None),  # due today is not overdue
    )
    found = to_chase(waiting, WEIGHTS, date(2025, 6, 30))
    assert found["member_iso3"].tolist() == ["KEN", "FRA", "PLW"]
    assert found["reason"].tolist() == ["overdue", "likely_late", "likely_late"]
    expected = [0.1, 0.4 * 0.75, np.nan]
    assert found["held_back"].tolist() == pytest.approx(expected, nan_ok=True)
    assert found["days_late"].tolist() == [16, pd.NA, pd.NA]
    assert by_member(_named(ranked(found)))["member_iso3"].tolist() == ["FRA", "KEN", "PLW"]


def test_without_any_forecast_the_overdue_are_listed_alone() -> None:
    waiting = _waiting(("KEN", "2025-06-14", None, None), ("FRA", "2025-07-15", None, None))
    found = to_chase(waiting, WEIGHTS, date(2025, 6, 30))
    assert found["member_iso3"].tolist() == ["KEN"]
    assert found["held_back"].tolist() == [0.1]


def test_a_member_tells_its_counts_and_the_mean_probability_of_arriving() -> None:
    waiting = _waiting(
        ("KEN", "2025-05-14", 0.0, 0.2),
        ("KEN", "2025-06-14", 0.0, 0.6),
        ("KEN", "2025-07-15", 0.3, 1.0),
    )
    (row,) = by_member(_named(ranked(to_chase(waiting, WEIGHTS, date(2025, 6, 30))))).to_dict(
        "records"
    )
    assert (row["overdue_count"], row["likely_late_count"]) == (2, 1)
    assert row["within_90_days_share"] == pytest.approx(0.6)
    assert row["days_late"] == 47
    assert row["held_back"] == pytest.approx(0.1 * (1 + 1 + 0.7))


def _named(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(correspondent=None, named_on=pd.NaT)


def test_before_anything_was_owed_there_is_nobody_to_write_to() -> None:
    names = ["member_iso3", "region_id", "collection_id", "period_id", "due_on"]
    nothing = pd.DataFrame(columns=[*names, "by_due_share", "within_90_days_share"])
    found = ranked(to_chase(nothing, WEIGHTS, date(2016, 1, 10)))
    assert by_member(_named(found)).empty
