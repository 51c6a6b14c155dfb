"""Two days side by side, on hand-sized cases."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from callbacks.views.brief import compare_members, compare_results

THEN, NOW = date(2024, 6, 30), date(2024, 12, 31)


def _assessed(*rows: dict[str, Any]) -> pd.DataFrame:
    usual = {
        "tactic_id": "1.1",
        "name_en": "Result",
        "name_fr": "Résultat",
        "unit": "share",
        "owner": "Somebody",
        "value": 0.5,
        "progress": 0.5,
        "status": "on_track",
        "is_stale": False,
        "last_check_in_on": pd.Timestamp("2024-05-01"),
    }
    return pd.DataFrame([usual | row for row in rows])


def _reports(*pairs: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "key_result_id": pd.array([name for name, _ in pairs], dtype="str"),
            "checked_in_on": pd.to_datetime([day for _, day in pairs]),
        }
    )


def test_the_largest_move_comes_first_whichever_way() -> None:
    then = _assessed(*({"key_result_id": name, "progress": 0.5} for name in "abc"))
    now = _assessed(
        {"key_result_id": "a", "progress": 0.6},
        {"key_result_id": "b", "progress": 0.1, "status": "off_track"},
        {"key_result_id": "c", "progress": 0.5},
    )
    found = compare_results(then, now, _reports(), THEN, NOW)
    assert found["key_result_id"].tolist() == ["b", "a", "c"]
    np.testing.assert_allclose(found["move"], [-0.4, 0.1, 0.0])
    assert found["status_then"].tolist() == ["on_track"] * 3
    assert found["status"].tolist() == ["off_track", "on_track", "on_track"]


def test_check_ins_count_from_the_day_after_the_earlier_one() -> None:
    one = _assessed({"key_result_id": "a"}, {"key_result_id": "b"})
    reports = _reports(("a", "2024-06-30"), ("a", "2024-07-01"), ("a", "2024-12-31"))
    found = compare_results(one, one, reports, THEN, NOW).set_index("key_result_id")
    assert found["check_in_count"].to_dict() == {"a": 2, "b": 0}


def test_a_key_result_without_a_value_then_has_no_move_and_comes_last() -> None:
    then = _assessed(
        {"key_result_id": "a", "progress": np.nan, "value": np.nan, "status": "not_started"},
        {"key_result_id": "b", "progress": 0.4},
    )
    now = _assessed({"key_result_id": "a"}, {"key_result_id": "b", "is_stale": True})
    found = compare_results(then, now, _reports(), THEN, NOW)
    assert found["key_result_id"].tolist() == ["b", "a"]
    assert found["is_stale"].tolist() == [True, False]
    assert np.isnan(found["move"].iloc[1])


def _members(*rows: tuple[str, float, float, float, str | None, float]) -> pd.DataFrame:
    """Member, rank and its band, tier, what is overdue."""
    names = ["member_iso3", "rank", "rank_low", "rank_high", "tier", "overdue"]
    table = pd.DataFrame(rows, columns=names)
    return table.assign(region_id="europe", tier_probability=0.9)


def test_a_move_is_clear_only_if_the_bands_lie_apart() -> None:
    then = _members(("FRA", 20, 15, 25, "silver", 0), ("DEU", 20, 15, 25, "gold", 1))
    now = _members(("FRA", 10, 8, 14, "gold", 2), ("DEU", 12, 8, 15, "gold", 3))
    days = {"then": THEN, "now": NOW}
    found = compare_members(then, now, days).set_index("member_iso3")
    assert found["places_gained"].to_dict() == {"FRA": 10, "DEU": 8}
    assert found["is_clear"].to_dict() == {"FRA": True, "DEU": False}
    assert found["newly_owes"].to_dict() == {"FRA": True, "DEU": False}
    assert found["tier_then"].to_dict() == {"FRA": "silver", "DEU": "gold"}


def test_a_member_without_a_rank_has_no_clear_move() -> None:
    nan = np.nan
    then = _members(("FRA", nan, nan, nan, None, nan))
    now = _members(("FRA", 10, 8, 14, "gold", 1))
    row = compare_members(then, now, {"then": THEN, "now": NOW}).iloc[0]
    assert not row["is_clear"]
    assert np.isnan(row["places_gained"])
    assert row["newly_owes"]
