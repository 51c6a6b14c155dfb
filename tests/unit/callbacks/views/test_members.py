"""The frames of the members' page, on cases worked by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from callbacks.views.members_due import due_dates, to_come
from callbacks.views.members_frames import (
    COMPARED_MEASURES,
    comparison,
    profiles,
    trailing_shares,
)
from dashboard.framework import Framework, parse_framework
from tests.support.workshops import FRAMEWORK

WAIVER = """
[[waivers]]
member = "PLW"
collection = "monthly"
first = "2024-04"
last = "2024-04"
reason = "A storm"
"""


@pytest.fixture(scope="module")
def framework() -> Framework:
    return parse_framework(FRAMEWORK + WAIVER, source="test")


def _coming() -> pd.DataFrame:
    ends = pd.to_datetime(["2024-03-31", "2024-04-30", "2024-12-31"]).astype("datetime64[us]")
    return pd.DataFrame(
        {
            "collection_id": ["monthly", "monthly", "annual"],
            "period_id": [202403, 202404, 2024],
            "period_starts_on": pd.to_datetime(["2024-03-01", "2024-04-01", "2024-01-01"]),
            "period_ends_on": ends,
            "due_days": [45, 45, 180],
        }
    )


def _members_who_owe() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "iso3": ["FRA", "PLW", "EUE"],
            "region_id": ["europe", "asia_pacific", "europe"],
            "kind": ["member", "member", "union"],
            "joined_on": pd.to_datetime(["1953-01-01", "2012-01-01", "2007-01-01"]),
            "left_on": pd.to_datetime(pd.Series([None, None, None])),
        }
    )


def _of(framework: Framework, iso3: str, **changes: object) -> pd.DataFrame:
    members = _members_who_owe()
    found = to_come(_coming(), members[members["iso3"] == iso3].assign(**changes), framework)
    return found.sort_values("due_on")


def test_periods_to_come_fall_due_after_their_end(framework: Framework) -> None:
    found = _of(framework, "FRA")
    assert found["due_on"].dt.date.tolist() == [
        date(2024, 5, 15),
        date(2024, 6, 14),
        date(2025, 6, 29),
    ]
    assert set(found["status"]) == {"to_come"}
    assert found["waiver_reason"].isna().all()


def test_a_waived_period_is_told_apart_with_its_reason(framework: Framework) -> None:
    found = _of(framework, "PLW")
    assert found["period_id"].tolist() == [202403, 202404, 2024]
    assert found["status"].tolist() == ["to_come", "waived", "to_come"]
    assert found["waiver_reason"].tolist()[1] == "A storm"


def test_a_year_is_waived_if_its_last_month_is() -> None:
    waiver = WAIVER.replace("monthly", "annual").replace("2024-04", "2024-12")
    found = _of(parse_framework(FRAMEWORK + waiver, source="test"), "PLW")
    assert found.set_index("period_id")["status"].to_dict() == {
        202403: "to_come",
        202404: "to_come",
        2024: "waived",
    }


def test_a_member_owes_nothing_before_it_joined_or_after_it_left(framework: Framework) -> None:
    left = _of(framework, "FRA", left_on=pd.Timestamp("2024-04-15"))
    assert left["period_id"].tolist() == [202403]
    joined = _of(framework, "FRA", joined_on=pd.Timestamp("2024-03-15"))
    assert joined["period_id"].tolist() == [202404]


def test_all_members_owe_at_once_and_a_union_nothing(framework: Framework) -> None:
    found = to_come(_coming(), _members_who_owe(), framework)
    assert set(found["member_iso3"]) == {"FRA", "PLW"}
    one_by_one = pd.concat([_of(framework, iso3) for iso3 in ("FRA", "PLW", "EUE")])
    keys = ["due_on", "collection_id", "period_id", "member_iso3"]
    expected = one_by_one.sort_values(keys).reset_index(drop=True)
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


def test_who_is_exempt_owes_nothing_of_a_collection() -> None:
    text = FRAMEWORK.replace('starts = "2022-01"', 'starts = "2022-01"\nexempt = ["FRA"]')
    found = _of(parse_framework(text, source="test"), "FRA")
    assert found["collection_id"].tolist() == ["annual"]


def test_due_dates_count_days_from_the_as_of_day(framework: Framework) -> None:
    unmet = pd.DataFrame(
        {
            "member_iso3": ["FRA"],
            "collection_id": ["monthly"],
            "period_id": [202401],
            "due_on": pd.to_datetime(["2024-03-16"]),
            "status": ["overdue"],
        }
    )
    found = due_dates(unmet, _of(framework, "FRA"), date(2024, 3, 20))
    assert found["days_left"].tolist() == [-4, 56, 86, 466]
    assert found["period_id"].tolist() == [202401, 202403, 202404, 2024]


def test_trailing_shares_use_periods_before_the_range() -> None:
    obligations = pd.DataFrame(
        {
            "member_iso3": "KEN",
            "period_id": [202311, 202312, 202401, 202402],
            "status": ["late", "on_time", "on_time", "pending"],
            "is_counted": True,
        }
    )
    found = trailing_shares(obligations, 202401, 3)
    assert found["period_id"].tolist() == [202401, 202402]
    assert found["on_time"].tolist() == [2, 2]
    assert found["counted"].tolist() == [3, 2]
    assert found["on_time_share"].tolist() == pytest.approx([2 / 3, 1.0])


def test_trailing_shares_of_nobody_are_empty() -> None:
    none = pd.DataFrame(
        {
            "member_iso3": pd.Series(dtype="str"),
            "period_id": pd.Series(dtype="int64"),
            "status": pd.Series(dtype="str"),
            "is_counted": pd.Series(dtype="bool"),
        }
    )
    assert trailing_shares(none, 202401, 12).empty


def _members() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "iso3": ["KEN", "EUR"],
            "region_id": ["east_southern_africa", "europe"],
            "kind": ["member", "union"],
            "joined_on": pd.to_datetime(["1965-05-24", "2007-07-01"]),
            "left_on": pd.to_datetime([None, None]),
            "income_group": ["Lower middle income", None],
            "is_ldc": False,
            "is_sids": False,
            "is_lldc": False,
        }
    )


def _profiles() -> pd.DataFrame:
    dimensions = ("completeness", "validity", "consistency", "coherence", "stability")
    shares = pd.DataFrame(
        {
            "member_iso3": ["KEN"],
            "on_time": [3],
            "counted": [4],
            "on_time_share": [0.75],
            "low": [0.3],
            "high": [0.95],
        }
    )
    scores = pd.DataFrame({"member_iso3": ["KEN"], "quality_score": [80.0]})
    scores = scores.assign(**dict.fromkeys(dimensions, 70.0))
    ranking = pd.DataFrame(
        {
            "member_iso3": ["KEN"],
            "incentive_score": [66.0],
            "rank": pd.array([1], dtype="Int64"),
            "rank_low": pd.array([1], dtype="Int64"),
            "rank_high": pd.array([2], dtype="Int64"),
            "tier": ["silver"],
        }
    )
    trade = {
        "export_usd": pd.DataFrame({"member_iso3": ["KEN", "_X"], "value_usd": [10.0, 5.0]}),
        "import_usd": pd.DataFrame({"member_iso3": ["_X"], "value_usd": [5.0]}),
    }
    return profiles(_members(), shares, scores, ranking, trade)


def test_profiles_hold_every_member_and_nobody_else() -> None:
    found = _profiles().set_index("member_iso3")
    assert found.index.tolist() == ["KEN", "EUR"]
    assert found.loc["KEN", ["on_time", "counted", "export_usd"]].tolist() == [3, 4, 10.0]
    assert np.isnan(found.loc["KEN", "import_usd"])
    assert found.loc["EUR", "counted"] == 0
    assert pd.isna(found.loc["EUR", "rank"])


def test_comparison_is_long_and_keeps_the_order_of_the_page() -> None:
    found = comparison(_profiles(), pd.Series({"KEN": 2}), ("EUR", "KEN"))
    assert found["member_iso3"].tolist() == ["EUR"] * len(COMPARED_MEASURES) + ["KEN"] * len(
        COMPARED_MEASURES
    )
    assert found["measure"].tolist() == [*COMPARED_MEASURES, *COMPARED_MEASURES]
    table = found.set_index(["member_iso3", "measure"])
    assert table.loc[("KEN", "overdue_count"), "value"] == 2
    assert np.isnan(table.loc[("EUR", "overdue_count"), "value"])
    share = table.loc[("KEN", "on_time_share")]
    assert (share["low"], share["high"], share["n"]) == (0.3, 0.95, 4)
    rank = table.loc[("KEN", "rank")]
    assert (rank["value"], rank["low"], rank["high"]) == (1, 1, 2)


def test_comparison_of_nobody_is_empty() -> None:
    assert comparison(_profiles(), pd.Series(dtype="int64"), ()).empty
