"""What would lift a member: tried out from the counts on, and nothing can be spared."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from dashboard.framework import Framework, read_framework
from dashboard.incentive_values import ENGAGEMENT_KINDS, indicator_values
from dashboard.levers import levers_of
from dashboard.lifting import LIFT_COLUMNS, is_fixed, lift_plans, next_tier
from dashboard.pillar_scores import score_pillars
from dashboard.ranking import rank_members

FRAMEWORK, _ = read_framework()
WEIGHTS = {pillar.id: pillar.weight for pillar in FRAMEWORK.pillars}
REGIONS = {"KEN": "east_southern_africa", "FRA": "europe", "USA": "americas", "UKR": "europe"}

COUNTS = {
    # on time, judged, received, owed in the range; the same before.
    "KEN": ((24, 40, 38, 40), (20, 40, 36, 40)),
    "FRA": ((40, 40, 40, 40), (40, 40, 40, 40)),
    "USA": ((30, 40, 36, 40), (31, 40, 36, 40)),
    "UKR": ((3, 40, 10, 40), (3, 40, 10, 40)),
}
QUALITY = {"KEN": 0.03, "FRA": 0.004, "USA": 0.02, "UKR": 0.079}
SHOWN = {"KEN": (), "FRA": ENGAGEMENT_KINDS, "USA": ("training",), "UKR": ("survey",)}


def _pillars(changes: dict[str, Any] | None = None, member: str = "KEN") -> pd.DataFrame:
    """The pillars from the counts on, those of one member changed by hand."""
    changes = changes or {}
    receipts, quality, acts = [], [], []
    for iso3, spans in COUNTS.items():
        own = changes if iso3 == member else {}
        for span, counts in zip(("selected", "before"), spans, strict=True):
            on_time, judged, received, owed = counts
            if span == "selected":
                on_time += own.get("on_time", 0)
                # What came on time and had never come is received now.
                received = max(received + own.get("received", 0), on_time)
            receipts.append((iso3, span, on_time, judged, received, owed))
            quality.append((iso3, span, "completeness", 5, 500.0, QUALITY[iso3] * 500, 500.0))
        for kind in ENGAGEMENT_KINDS:
            done = int(kind in SHOWN[iso3] or kind in own)
            acts.append((iso3, kind, done, int(kind in SHOWN[iso3])))
    sums = pd.DataFrame(
        quality,
        columns=[
            *("member_iso3", "span", "dimension_id", "submissions"),
            *("rows_checked", "numerator", "denominator"),
        ],
    )
    sums = sums.assign(
        numerator_squares=sums["numerator"] ** 2 / 5,
        products=sums["numerator"] * sums["denominator"] / 5,
        denominator_squares=sums["denominator"] ** 2 / 5,
    )
    values = indicator_values(
        pd.DataFrame(
            receipts, columns=["member_iso3", "span", "on_time", "counted", "received", "owed"]
        ).assign(newest_received_on=pd.NaT, newest_owed_on=pd.NaT),
        sums,
        pd.DataFrame(acts, columns=["member_iso3", "kind", "selected", "before"]),
        FRAMEWORK,
        REGIONS,
    )
    is_own = (values["member_iso3"] == member) & (values["span"] == "selected")
    values.loc[is_own, "quality_score"] += changes.get("quality", 0)
    return score_pillars(values, FRAMEWORK)


def _ranked(
    pillars: pd.DataFrame, member: str, aggregation: str, framework: Framework = FRAMEWORK
) -> pd.Series:
    table = rank_members(pillars, WEIGHTS, aggregation, framework)
    return table.set_index("member_iso3").loc[member]


def _plans(member: str, aggregation: str = "arithmetic") -> list[pd.DataFrame]:
    table = lift_plans(_pillars(), WEIGHTS, aggregation, FRAMEWORK, member)
    assert list(table.columns) == [column.name for column in LIFT_COLUMNS]
    return [own for _, own in table.groupby("plan")]


@pytest.mark.parametrize("aggregation", ["arithmetic", "geometric"])
@pytest.mark.parametrize("member", ["KEN", "USA"])
def test_a_plan_applied_to_the_counts_lifts_the_tier(member: str, aggregation: str) -> None:
    before = _ranked(_pillars(), member, aggregation)
    plans = _plans(member, aggregation)
    assert plans
    for plan in plans:
        changes = dict(zip(plan["lever"], plan["steps"].astype(int), strict=True))
        after = _ranked(_pillars(changes, member), member, aggregation)
        first = plan.iloc[0]
        assert before["tier"] == first["tier_before"] != first["tier"] == after["tier"]
        assert after["incentive_score"] == pytest.approx(first["incentive_score"])
        assert after["rank"] == first["rank"]
        # Without the tiers above it, the probability of a tier is that of it or better.
        up_to = [tier for tier in FRAMEWORK.tiers if tier.threshold <= first["threshold"]]
        lower = FRAMEWORK.model_copy(update={"tiers": up_to})
        capped = _ranked(_pillars(changes, member), member, aggregation, lower)
        assert capped["tier_probability"] == pytest.approx(first["tier_chance"], abs=1e-9)
        # No step can be spared.
        for lever, steps in changes.items():
            less = _ranked(_pillars(changes | {lever: steps - 1}, member), member, aggregation)
            if steps > 1 or lever not in ENGAGEMENT_KINDS:
                assert less["tier"] == first["tier_before"]


@pytest.mark.parametrize("member", ["KEN", "USA"])
def test_the_first_plan_takes_the_least_effort_and_none_beyond_the_limits(member: str) -> None:
    plans = _plans(member)
    efforts = [float(plan["effort"].iloc[0]) for plan in plans]
    assert efforts == sorted(efforts)
    for row in pd.concat(plans).itertuples():
        if row.lever in {"on_time", "received"}:
            assert row.steps / row.out_of <= 0.25 + 1e-9
        if row.lever == "quality":
            assert row.steps <= 15


def test_who_is_out_of_reach_or_at_the_top_has_no_plan() -> None:
    assert _plans("FRA") == []
    assert _ranked(_pillars(), "FRA", "arithmetic")["tier"] == "gold"
    assert _plans("UKR") == []
    assert lift_plans(_pillars(), WEIGHTS, "copeland", FRAMEWORK, "KEN").empty
    assert lift_plans(_pillars(), WEIGHTS, "arithmetic", FRAMEWORK, "XXX").empty


def test_levers_are_what_is_left_within_the_framework_s_limits() -> None:
    pillars = _pillars()
    row = pillars[(pillars["member_iso3"] == "USA") & (pillars["span"] == "selected")].iloc[0]
    levers = {lever.id: lever for lever in levers_of(row.to_dict(), FRAMEWORK)}
    # Ten are not on time: a quarter of 40 is feasible, and that is ten as well.
    assert (levers["on_time"].most, levers["on_time"].effort) == (10, pytest.approx(0.1))
    assert levers["received"].most == 4
    assert levers["correspondent"].effort == 1
    assert "training" not in levers


def test_the_next_tier_is_the_lowest_above_the_score() -> None:
    def of(score: float) -> str | None:
        tier = next_tier(score, FRAMEWORK)
        return tier.id if tier else None

    assert [of(score) for score in (0.0, 50.0, 64.9, 65.0, 80.0)] == [
        *("bronze", "silver", "silver", "gold", None)
    ]


def test_only_goalposts_give_a_change_its_own_points() -> None:
    assert is_fixed(FRAMEWORK, "goalposts")
    assert not is_fixed(FRAMEWORK, "min_max")
    rules = FRAMEWORK.ranking.model_copy(update={"treat_outliers": "always"})
    bent: Framework = FRAMEWORK.model_copy(update={"ranking": rules})
    assert not is_fixed(bent, "goalposts")


def test_an_unknown_quality_is_no_lever() -> None:
    pillars = _pillars()
    row = pillars.iloc[0].to_dict() | {"quality_score": np.nan}
    assert "quality" not in {lever.id for lever in levers_of(row, FRAMEWORK)}
