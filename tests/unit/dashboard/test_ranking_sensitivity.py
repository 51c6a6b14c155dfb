"""Hold the frames about the choices behind a ranking to hand-sized cases."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dashboard import ranking_sensitivity as answers
from dashboard.framework import read_framework
from dashboard.pillar_scores import ERRORS, PILLARS, SCORES

EQUAL = dict.fromkeys(PILLARS, 1.0)


def frames(*scores: list[float], error: float = 0.0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Pillars and ranking of members A, B, C, given best first."""
    members = [name * 3 for name in "ABCDEFG"[: len(scores)]]
    table = np.array(scores, dtype=float).reshape(len(scores), len(PILLARS))
    pillars = pd.DataFrame({"member_iso3": members, "span": "selected"})
    pillars[list(SCORES)] = table
    pillars[list(ERRORS)] = np.where(np.isnan(table), np.nan, error)
    before = pillars.assign(span="before", **dict.fromkeys(SCORES, 1.0))
    pillars = pd.concat([before, pillars.iloc[::-1]], ignore_index=True)
    ranking = pd.DataFrame(
        {"member_iso3": members, "rank": pd.array(range(1, len(members) + 1), dtype="Int64")}
    )
    return pillars, ranking


def test_a_member_ahead_in_everything_is_surely_ahead() -> None:
    found = answers.dominance(*frames([90] * 5, [50] * 5, [10] * 5), EQUAL, "arithmetic")
    assert found["ahead_share"].tolist() == [1, 1, 0, 1, 0, 0]
    assert found[["member_iso3", "other_iso3"]].iloc[3].tolist() == ["BBB", "CCC"]
    assert found["other_rank"].tolist() == [2, 3, 1, 3, 1, 2]


def test_sampling_error_makes_two_members_hard_to_tell_apart() -> None:
    found = answers.dominance(*frames([50] * 5, [50] * 5, error=5.0), EQUAL, "arithmetic")
    assert found["ahead_share"].iloc[0] == pytest.approx(0.5, abs=0.05)
    assert found["ahead_share"].sum() == pytest.approx(1)


def test_the_choice_that_decides_comes_first() -> None:
    # even in all against strong in one: nothing but sampling error can part B and C
    pillars, ranking = frames([90] * 5, [50] * 5, [49.9] * 5, error=4.0)
    found = answers.choices(pillars, ranking, EQUAL, "arithmetic")
    assert found["choice"].iloc[0] == "sampling" and len(found) == len(answers.CHOICES)
    assert found["total_effect"].is_monotonic_decreasing
    without = answers.choices(pillars, ranking, {**EQUAL, "quality": 0.0}, "arithmetic")
    assert "quality" not in without["choice"].tolist()


def test_leaving_out_the_pillar_that_carries_a_member_drops_it() -> None:
    pillars, ranking = frames([100, 40, 40, 40, 40], [50] * 5)
    found = answers.left_out(pillars, ranking, EQUAL, "arithmetic")
    first = found[found["pillar"] == PILLARS[0]].set_index("member_iso3")
    assert first.loc["AAA", "rank_without"] == 2 and first.loc["AAA", "places_gained_without"] == -1
    assert first.loc["BBB", "places_gained_without"] == 1
    others = found[found["pillar"] != PILLARS[0]]
    assert (others["places_gained_without"] == 0).all() and len(found) == 10


@pytest.mark.parametrize("aggregation", ["arithmetic", "geometric"])
def test_tiers_of_a_member_make_one(aggregation: str) -> None:
    framework, _ = read_framework()
    pillars, ranking = frames([95] * 5, [60] * 5, error=3.0)
    found = answers.tier_chances(pillars, ranking, EQUAL, aggregation, framework.tiers)
    sums = found.groupby("member_iso3")["tier_probability"].sum()
    assert sums.tolist() == pytest.approx([1, 1])
    highest = max(framework.tiers, key=lambda tier: tier.threshold).id
    assert found.loc[found["tier"] == highest, "tier_probability"].iloc[0] > 0.99
    assert answers.tier_chances(pillars, ranking, EQUAL, "copeland", framework.tiers).empty


def test_nobody_ranked_and_no_weights_give_empty_frames() -> None:
    nobody = frames()
    pillars, ranking = frames([50] * 5)
    for given, weights in ((nobody, EQUAL), ((pillars, ranking), {})):
        assert answers.dominance(*given, weights, "arithmetic").empty
        assert answers.choices(*given, weights, "arithmetic").empty
        assert answers.left_out(*given, weights, "arithmetic").empty
        assert answers.tier_chances(*given, weights, "arithmetic", []).empty
    lone = answers.dominance(pillars, ranking, EQUAL, "arithmetic")
    assert lone.empty and list(lone.columns) == [c.name for c in answers.DOMINANCE_COLUMNS]


def test_a_missing_pillar_stays_missing() -> None:
    pillars, ranking = frames([90, 90, 90, 90, np.nan], [50] * 5)
    found = answers.left_out(pillars, ranking, EQUAL, "arithmetic")
    assert found["rank_without"].notna().all()
    assert answers.choices(pillars, ranking, EQUAL, "arithmetic")["total_effect"].notna().all()
