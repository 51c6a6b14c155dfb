"""Ranks from span to span and what moved a score, against the ranking itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from dashboard.framework import read_framework
from dashboard.pillar_scores import ERRORS, PILLAR_COLUMNS, PILLARS, SCORES
from dashboard.rank_movement import (
    MOVED,
    MOVEMENT_COLUMNS,
    STEP_COLUMNS,
    ranks_over_time,
    score_movement,
)
from dashboard.ranking import rank_members
from dashboard.stats.composite import aggregate

FRAMEWORK, _ = read_framework()
WEIGHTS = {pillar.id: pillar.weight for pillar in FRAMEWORK.pillars}
WEIGHT = np.array([WEIGHTS[pillar] for pillar in PILLARS])


def _pillars(spans: tuple[str, ...], seed: int = 1, members: int = 30) -> pd.DataFrame:
    """Random pillars, some of them missing; of each span one member is not there."""
    rng = np.random.default_rng(seed)
    rows: list[dict[str, Any]] = []
    for number, span in enumerate(spans):
        for member in range(members):
            if member == number:
                continue
            scores = rng.uniform(20, 100, len(PILLARS))
            if rng.random() < 0.3:
                scores[rng.integers(len(PILLARS))] = np.nan
            row: dict[str, Any] = {column.name: 0 for column in PILLAR_COLUMNS}
            row |= {"member_iso3": f"M{member:02d}", "region_id": "europe", "span": span}
            row |= {"standing": "ranked"} | dict(zip(SCORES, scores, strict=True))
            rows.append(row | dict.fromkeys(ERRORS, 3.0))
    return pd.DataFrame(rows)


@pytest.mark.parametrize("aggregation", ["arithmetic", "geometric"])
def test_the_parts_add_up_to_the_change_of_the_score(aggregation: str) -> None:
    frame = score_movement(_pillars(("selected", "before")), WEIGHTS, aggregation, FRAMEWORK)
    assert list(frame.columns) == [column.name for column in MOVEMENT_COLUMNS]
    known = frame.dropna(subset=["score_change"])
    assert len(known) == 28
    parts = known[[*MOVED, "weights_moved"]].sum(axis=1)
    np.testing.assert_allclose(parts, known["incentive_score"] - known["score_before"], atol=1e-9)


@pytest.mark.parametrize("aggregation", ["arithmetic", "geometric"])
def test_change_and_test_are_those_of_the_ranking(aggregation: str) -> None:
    pillars = _pillars(("selected", "before"))
    ranking = rank_members(pillars, WEIGHTS, aggregation, FRAMEWORK).set_index("member_iso3")
    frame = score_movement(pillars, WEIGHTS, aggregation, FRAMEWORK).set_index("member_iso3")
    shared = frame.index.intersection(ranking.index)
    for name in ("incentive_score", "score_change", "change_chance"):
        np.testing.assert_allclose(frame.loc[shared, name], ranking.loc[shared, name], rtol=1e-9)
    assert frame.loc[shared, "tier"].fillna("").equals(ranking.loc[shared, "tier"].fillna(""))


def test_who_is_there_once_has_no_change_but_its_tier() -> None:
    frame = score_movement(_pillars(("selected", "before")), WEIGHTS, "arithmetic", FRAMEWORK)
    own = frame.set_index("member_iso3").loc[["M00", "M01"]]
    assert own["score_change"].isna().all()
    assert own["tier"].isna().tolist() == [True, False]
    assert own["tier_before"].isna().tolist() == [False, True]


def test_the_band_is_the_normal_one_of_the_sampling_error() -> None:
    """Without missing pillars the error of a mean is known in closed form."""
    pillars = _pillars(("selected", "before"))
    pillars[list(SCORES)] = pillars[list(SCORES)].fillna(50.0).clip(40, 60)
    frame = score_movement(pillars, WEIGHTS, "arithmetic", FRAMEWORK).dropna()
    share = WEIGHT / WEIGHT.sum()
    exact = np.sqrt(2 * (share**2).sum()) * 3.0
    half = (frame["score_change_high"] - frame["score_change_low"]) / 2 / 1.6448536
    # 200 draws give a standard error to about 5 %, and the weights vary as well.
    assert float(half.mean()) == pytest.approx(exact, rel=0.1)


def test_each_span_is_ranked_by_itself() -> None:
    spans = ("2025-06", "2024-12", "2024-06")
    pillars = _pillars(spans)
    frame = ranks_over_time(pillars, WEIGHTS, "arithmetic", FRAMEWORK, 6)
    assert list(frame.columns) == [column.name for column in STEP_COLUMNS]
    assert frame["last_month"].tolist() == sorted(frame["last_month"])
    assert set(zip(frame["first_month"], frame["last_month"], strict=True)) == {
        ("2025-01", "2025-06"),
        ("2024-07", "2024-12"),
        ("2024-01", "2024-06"),
    }
    for span in spans:
        own = pillars[pillars["span"] == span]
        score = pd.Series(
            aggregate(own[list(SCORES)].to_numpy(float), WEIGHT), index=own["member_iso3"]
        )
        found = frame[frame["last_month"] == span].set_index("member_iso3")
        plain = score.rank(ascending=False, method="min")
        assert found["rank"].astype(float).to_dict() == plain.to_dict()
        assert (found["rank_low"] <= found["rank_high"]).all()


def test_who_is_not_ranked_in_a_span_has_no_rank_and_takes_no_place() -> None:
    pillars = _pillars(("2025-06", "2024-12"))
    is_few = (pillars["span"] == "2025-06") & (pillars["member_iso3"] == "M05")
    pillars.loc[is_few, "standing"] = "few_obligations"
    frame = ranks_over_time(pillars, WEIGHTS, "arithmetic", FRAMEWORK, 6)
    own = frame[(frame["last_month"] == "2025-06") & (frame["member_iso3"] == "M05")].iloc[0]
    assert own["standing"] == "few_obligations"
    assert pd.isna(own["rank"])
    assert pd.isna(own["tier"])
    assert frame[frame["last_month"] == "2025-06"]["rank"].max() == 28
