"""What the frames of delays hold, on obligations worked by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from callbacks.views import delays
from callbacks.views.delays_frames import (
    CURRENT_STATUS,
    KAPLAN_MEIER,
    NO_ESTIMATE,
    SELECTED,
    Basis,
    Compared,
    basis_of,
    before_log,
    estimate_of,
    estimated,
    group_test,
    inspected,
    obligations_of,
)
from callbacks.views.delays_trends import trend_table

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
        collection_id="trade_monthly",
    )


EXACT = _obligations(
    ("KEN", 202501, "2025-03-02", "on_time", "exact", True),  # 30 days
    ("KEN", 202502, "2025-04-09", "late", "exact", True),  # 40
    ("UGA", 202501, None, "overdue", None, True),  # longer than 150
    ("UGA", 202504, None, "pending", None, True),  # longer than 61
    ("UGA", 202502, None, "waived", None, True),
    ("UGA", 202503, None, "unknown", "unknown", True),
    ("FRA", 202501, "2025-02-20", "on_time", "exact", False),  # due before the log
)

SNAPSHOTS = _obligations(
    ("KEN", 202501, "2025-04-30", "unknown", "upper", False),
    ("KEN", 202502, "2025-05-31", "unknown", "upper", True),
    ("KEN", 202503, None, "overdue", None, True),
    ("UGA", 202501, None, "overdue", None, True),
    ("UGA", 202502, None, "waived", None, True),
    ("UGA", 202504, None, "pending", None, True),
)


@pytest.mark.parametrize(
    ("exact", "upper", "unknown", "estimate"),
    [
        (2, 1, 0, KAPLAN_MEIER),
        (1, 1, 5, KAPLAN_MEIER),
        (1, 2, 0, CURRENT_STATUS),
        (0, 1, 9, CURRENT_STATUS),
        (0, 0, 1, NO_ESTIMATE),
        (0, 0, 0, KAPLAN_MEIER),  # all outstanding: nothing but censored delays
    ],
)
def test_the_estimate_follows_from_what_is_known_of_the_days(
    exact: int, upper: int, unknown: int, estimate: str
) -> None:
    assert estimate_of(exact, upper, unknown) == estimate


def test_what_waits_is_censored_and_what_is_waived_unknown_or_uncounted_is_out() -> None:
    rows = obligations_of(EXACT, AS_OF)
    found = estimated(rows, Basis(KAPLAN_MEIER, None))
    assert (found.n, found.outstanding) == (4, 2)
    # Four wait at first; one comes after 30 days, one after 40, two are censored.
    assert found.curve["days"].tolist() == [30, 40, 61, 150]
    assert found.curve["received_share"].tolist() == pytest.approx([0.25, 0.5, 0.5, 0.5])
    assert found.curve["at_risk"].tolist() == [4, 3, 2, 1]
    assert found.median == 40.0
    assert before_log(rows, Basis(KAPLAN_MEIER, None)) == 1


def test_inspections_ask_at_the_last_day_on_which_something_was_found() -> None:
    rows = obligations_of(SNAPSHOTS, AS_OF)
    basis = basis_of(rows)
    assert basis == Basis(CURRENT_STATUS, pd.Timestamp("2025-05-31"))
    days, there, members = inspected(rows, pd.Timestamp("2025-05-31"))
    assert members.tolist() == [0, 0, 0, 1, 1]
    # April ended before that day and had not come; waived is not asked after.
    assert sorted(zip(days.tolist(), there.tolist(), strict=True)) == [
        (31.0, False),
        (61.0, False),
        (92.0, True),
        (120.0, False),
        (120.0, True),
    ]
    found = estimated(rows, basis)
    # 0, 0, 1 and 1/2 of two: the last three are pooled.
    assert found.curve["received_share"].tolist() == pytest.approx([0, 0, 2 / 3, 2 / 3])
    assert (found.median, found.n, found.outstanding) == (92.0, 5, 3)


def test_unknown_days_alone_give_no_estimate() -> None:
    frame = _obligations(("KEN", 202501, None, "unknown", "unknown", True))
    rows = obligations_of(frame, AS_OF)
    found = estimated(rows, basis_of(rows))
    assert found.n == 0 and found.curve.empty and np.isnan(found.median)


@pytest.mark.parametrize("status", ["waived", "overdue"])
def test_all_waived_or_all_overdue(status: str) -> None:
    frame = _obligations(
        ("KEN", 202501, None, status, None, True), ("UGA", 202501, None, status, None, True)
    )
    rows = obligations_of(frame, AS_OF)
    found = estimated(rows, basis_of(rows))
    assert found.n == found.outstanding == (0 if status == "waived" else 2)
    assert np.isnan(found.median)


def test_the_test_leaves_out_the_selected_and_groups_without_days() -> None:
    of_kenya = EXACT["member_iso3"].eq("KEN").to_numpy(dtype=bool)
    of_uganda = EXACT["member_iso3"].eq("UGA").to_numpy(dtype=bool)
    groups = {"east_southern_africa": of_kenya, "europe": of_uganda, SELECTED: of_kenya}

    def compared(estimate: str) -> Compared:
        basis = dict.fromkeys(groups, Basis(estimate, None))
        return Compared(obligations_of(EXACT, AS_OF), groups, basis)

    test, names = group_test(compared(KAPLAN_MEIER))
    assert names == ["east_southern_africa", "europe"]
    # Two of two come at 30 and 40 days while two others wait: expected 2/4 + 1/3 of the first.
    assert test.observed.tolist() == [2, 0]
    assert test.expected == pytest.approx([2 / 4 + 1 / 3, 2 / 4 + 2 / 3])
    nothing, names = group_test(compared(CURRENT_STATUS))
    assert names == [] and np.isnan(nothing.p_value)


def test_the_trend_table_has_those_with_a_trend_fastest_first() -> None:
    days = np.array([[50.0, 40, 30, 20], [10.0, 10, 10, 10], [10.0, 30, 20, 90]])
    waiting = np.zeros((3, 4), dtype=bool)
    waiting[2, 3] = True
    members = pd.Index(["KEN", "FRA", "UGA"], dtype="str")
    table = trend_table(members, days, waiting, {"KEN": "east_southern_africa"})
    assert table["member_iso3"].tolist() == ["KEN", "UGA"]  # zero variance has no trend
    assert table["place"].tolist() == [1, 2]
    assert table["slope_days"].tolist()[0] == pytest.approx(-10.0)
    assert table["waiting"].tolist() == [0, 1]
    assert table["region_id"].tolist() == ["east_southern_africa", ""]


def test_nobody_has_no_trend() -> None:
    table = trend_table(pd.Index([], dtype="str"), np.empty((0, 3)), np.empty((0, 3), bool), {})
    assert table.empty and "place" in table.columns


@pytest.mark.parametrize("frame", delays.FRAMES, ids=lambda frame: frame.name)
def test_groups_answer_to_the_grouping_and_trends_to_everybody(frame: Any) -> None:
    assert ("grouping" in frame.fields) == (frame.name in {"delay_groups", "delay_group_curves"})
    if frame.name in {"member_delay_trends", "delay_trend_chance", "delay_estimates"}:
        assert not frame.fields & {"regions", "members"}
