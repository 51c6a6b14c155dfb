"""The frames of due dates, on cases worked by hand."""

from __future__ import annotations

import pandas as pd

from callbacks.views.due_dates_frames import counted, derogations
from dashboard.framework import parse_framework
from tests.support.workshops import FRAMEWORK

WAIVERS = """
[[waivers]]
member = "PLW"
collection = "monthly"
first = "2024-03"
last = "2024-05"
reason = "A storm"

[[waivers]]
member = "FRA"
collection = "annual"
first = "2022-01"
last = "2023-11"
reason = "A new system"
"""


def _obligations(*statuses: str) -> pd.DataFrame:
    count = len(statuses)
    return pd.DataFrame(
        {
            "region_id": ["europe", "americas"] * (count // 2) + ["europe"] * (count % 2),
            "due_on": pd.to_datetime(["2024-05-15"] * count),
            "collection_id": "monthly",
            "period_id": 202403,
            "status": list(statuses),
        }
    )


def test_what_is_waived_is_not_owed() -> None:
    frame = _obligations("on_time", "late", "unknown", "overdue", "pending", "waived")
    found = counted(frame, ["due_on", "collection_id", "period_id"])
    (row,) = found.to_dict("records")
    parts = {name: row[name] for name in ("owed", "received", "overdue", "pending", "waived")}
    assert parts == {"owed": 5, "received": 3, "overdue": 1, "pending": 1, "waived": 1}


def test_all_waived_leaves_nothing_owed() -> None:
    found = counted(_obligations("waived", "waived"), ["region_id", "due_on"])
    assert found["owed"].tolist() == [0, 0]
    assert found["waived"].tolist() == [1, 1]


def test_no_obligations_give_no_due_dates() -> None:
    assert counted(_obligations(), ["due_on", "collection_id", "period_id"]).empty


def test_a_derogation_counts_what_it_has_lifted_so_far() -> None:
    waived = pd.DataFrame(
        {
            "member_iso3": ["PLW", "PLW", "FRA"],
            "collection_id": ["monthly", "monthly", "annual"],
            "period_id": [202403, 202404, 2022],
        }
    )
    found = derogations(parse_framework(FRAMEWORK + WAIVERS, source="test"), waived)
    assert found["obligation_count"].tolist() == [2, 1]
    # A year is waived if its last month is: December 2023 is not.
    assert found["first_period_id"].tolist() == [202403, 2022]
    assert found["last_period_id"].tolist() == [202405, 2022]


def test_a_framework_without_waivers_has_no_derogations() -> None:
    none = pd.DataFrame({"member_iso3": [], "collection_id": [], "period_id": []})
    assert derogations(parse_framework(FRAMEWORK, source="test"), none).empty
