"""The days that the evidence compares, members' changes, and the acts that count."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from callbacks.views.evidence_frames import (
    compared_days,
    focus_member,
    member_changes,
)
from callbacks.views.evidence_rows import counted_acts
from dashboard.selection import Selection

ENDS = [date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 30)]


def _days(first: str, last: str) -> tuple[date, date] | None:
    return compared_days(ENDS, Selection(first=first, last=last))


def test_the_change_of_a_range_runs_from_the_last_month_end_before_it() -> None:
    assert _days("2024-03", "2024-04") == (date(2024, 2, 29), date(2024, 4, 30))
    assert _days("2024-03", "2024-03") == (date(2024, 2, 29), date(2024, 3, 31))


def test_a_range_that_begins_before_the_first_value_begins_with_it() -> None:
    assert _days("2020-01", "2024-02") == (date(2024, 1, 31), date(2024, 2, 29))
    assert _days("2020-01", "2024-01") == (date(2024, 1, 31), date(2024, 1, 31))


def test_a_range_before_any_value_has_no_days() -> None:
    assert _days("2020-01", "2023-12") is None


def _parts(*rows: tuple[str, str | None, str | None, float, float | None]) -> pd.DataFrame:
    names = ["measured_on", "member_iso3", "region_id", "numerator", "denominator"]
    return pd.DataFrame(rows, columns=names).assign(row_count=1)


def test_members_of_a_share_are_set_side_by_side() -> None:
    parts = _parts(
        ("2024-01-31", "KEN", "e", 2, 10),
        ("2024-01-31", "FRA", "f", 6, 10),
        ("2024-02-29", "KEN", "e", 6, 10),
        ("2024-02-29", "FRA", "f", 9, 20),
    )
    found = member_changes(parts, ENDS[0], ENDS[1]).set_index("member_iso3")
    # As worked by hand in the test of the statistic.
    assert found["change"].to_dict() == pytest.approx({"KEN": 0.175, "FRA": -0.075})
    assert list(found.index) == ["KEN", "FRA"]
    assert found.loc["FRA", ["base_numerator", "numerator", "denominator"]].tolist() == [6, 9, 20]


def test_acts_without_a_member_are_parts_of_their_region_or_of_nobody() -> None:
    parts = _parts(
        ("2024-01-31", None, "europe", 3, None),
        ("2024-02-29", None, "europe", 4, None),
        ("2024-02-29", None, None, 5, None),
        ("2024-02-29", "KEN", "e", 1, None),
    )
    found = member_changes(parts, ENDS[0], ENDS[1])
    changes = dict(zip(found["member_iso3"] + found["region_id"], found["change"], strict=True))
    assert changes == {"": 5, "europe": 1, "KENe": 1}
    assert found["base_denominator"].isna().all() and found["denominator"].isna().all()


def test_a_member_that_changed_its_region_is_one_part() -> None:
    parts = _parts(("2024-01-31", "KEN", "old", 1, 2), ("2024-02-29", "KEN", "new", 2, 2))
    found = member_changes(parts, ENDS[0], ENDS[1])
    assert found[["region_id", "change"]].to_numpy().tolist() == [["new", 0.5]]


def _acts(*rows: tuple[str, float, bool]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["happened_on", "amount", "is_done"]).assign(note=None)


def _kept(query: str, acts: pd.DataFrame, *, is_yearly: bool = False) -> list[bool]:
    acts = acts.assign(region_id=None)
    found = counted_acts(acts, query, date(2020, 1, 1), ENDS[3], is_yearly=is_yearly)
    return found["is_counted"].tolist()


def test_acts_that_were_done_count_and_plans_do_not() -> None:
    acts = _acts(("2020-01-01", 1, True), ("2024-01-01", 1, False), ("2024-01-01", 1, True))
    assert _kept("count", acts) == [True, True]
    assert _kept("members", acts, is_yearly=True) == [True]
    assert _kept("share_done", acts) == [False, True]
    assert _kept("quarter_count", acts) == []
    assert _kept("punctual_share", acts.assign(amount=0)) == [True, False, True]


def test_feedback_is_listed_once_answered_or_thirty_days_old() -> None:
    acts = _acts(
        ("2024-04-25", 3, True),  # answered
        ("2024-04-25", 20, True),  # not yet
        ("2024-01-25", 60, True),  # too late
        ("2024-04-10", 1, False),  # open, not yet thirty days old
    )
    assert _kept("answered_share", acts) == [True, False]


def test_the_focus_is_the_chosen_member_else_the_one_that_moved_most() -> None:
    members = pd.DataFrame({"member_iso3": [None, "KEN", "FRA"]})
    assert focus_member(members, Selection()) == "KEN"
    assert focus_member(members, Selection(members=("UGA", "FRA"))) == "UGA"
    assert focus_member(members.head(1), Selection()) is None
