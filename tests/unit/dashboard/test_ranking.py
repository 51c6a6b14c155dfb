"""Pillars and ranks as the indicators page says, on hand-sized cases."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from callbacks.views.quality_scores import DIMENSIONS, score_members
from dashboard.framework import Dimension, Framework, read_framework
from dashboard.framework_parts import Text
from dashboard.incentive_rules import Pillar, Tier
from dashboard.pillar_scores import (
    PILLAR_COLUMNS,
    PILLARS,
    SCORES,
    quality_of_members,
    score_pillars,
)
from dashboard.ranking import RANKING_COLUMNS, rank_members
from dashboard.stats.pillars import share_error


def _framework() -> Framework:
    """The shipped framework with goalposts of the tests' own."""
    name = Text(en="Name", fr="Nom")
    worst = {"completeness": 0.3, "validity": 0.1, "consistency": 0.15, "coherence": 1.6}
    posts = {
        "timeliness": (0.2, 1.0),
        "quality": (30.0, 95.0),
        "coverage": (0.0, 1.0),
        "improvement": (-0.25, 0.25),
        "engagement": (0.0, 1.0),
    }
    shipped, _ = read_framework()
    return shipped.model_copy(
        update={
            "dimensions": [
                Dimension.model_validate(
                    {"id": one, "name": name, "weight": 25, "worst": high, "best": 0.0}
                )
                for one, high in worst.items()
            ],
            "pillars": [
                Pillar.model_validate(
                    {"id": one, "name": name, "weight": 20, "worst": low, "best": high}
                )
                for one, (low, high) in posts.items()
            ],
            "tiers": [
                Tier(id=one, name=name, threshold=least)
                for one, least in (("gold", 80), ("silver", 65), ("bronze", 50), ("entry", 0))
            ],
        }
    )


FRAMEWORK = _framework()
REGIONS = {"KEN": "east_southern_africa", "FRA": "europe", "USA": "americas", "UKR": "europe"}
EVEN = dict.fromkeys(PILLARS, 20.0)


def _receipts(*rows: tuple[str, str, int, int, int, int]) -> pd.DataFrame:
    names = ["member_iso3", "span", "on_time", "counted", "received", "owed"]
    return pd.DataFrame(rows, columns=names)


def _quality(*rows: tuple[str, str, str, float, float, float]) -> pd.DataFrame:
    """Member, span, dimension, numerator, denominator, rows checked; as of two equal parts."""
    parts = pd.DataFrame(
        rows,
        columns=[
            *("member_iso3", "span", "dimension_id"),
            *("numerator", "denominator", "rows_checked"),
        ],
    )
    parts.insert(3, "submissions", 2)
    top, low = parts["numerator"].astype(float), parts["denominator"].astype(float)
    return parts.assign(
        numerator_squares=top**2 / 2, products=top * low / 2, denominator_squares=low**2 / 2
    )


def _engagement(*rows: tuple[str, int, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["member_iso3", "selected", "before"])
    return frame.astype({"selected": "Int64", "before": "Int64"})


def _pillars(receipts: pd.DataFrame, **changes: pd.DataFrame) -> pd.DataFrame:
    quality = changes.get("quality", _quality())
    engagement = changes.get("engagement", _engagement(("KEN", 2, 1)))
    return score_pillars(receipts, quality, engagement, FRAMEWORK, REGIONS)


def _row(frame: pd.DataFrame, member: str, span: str = "selected") -> pd.Series:
    found = frame[(frame["member_iso3"] == member) & (frame["span"] == span)]
    assert len(found) == 1
    return found.iloc[0]


def test_each_pillar_is_scored_between_its_goalposts() -> None:
    receipts = _receipts(
        ("KEN", "selected", 15, 20, 18, 20),
        ("KEN", "before", 13, 20, 20, 20),
    )
    quality = _quality(
        ("KEN", "selected", "validity", 2.5, 100.0, 100.0),
        ("KEN", "selected", "completeness", 6.0, 100.0, 100.0),
    )
    ken = _row(_pillars(receipts, quality=quality), "KEN")
    # 75 % on time between 20 % and 100 %.
    assert ken["timeliness_pillar"] == pytest.approx((0.75 - 0.2) / 0.8 * 100)
    # Validity 2.5 % of 10 % is 75; completeness 6 % of 30 % is 80; equal weights.
    assert ken["quality_score"] == pytest.approx(77.5)
    assert ken["quality_pillar"] == pytest.approx((77.5 - 30) / 65 * 100)
    assert ken["coverage_pillar"] == pytest.approx(90.0)
    # 75 % after 65 % between -25 and +25 points.
    assert ken["improvement_pillar"] == pytest.approx((0.10 + 0.25) / 0.5 * 100)
    assert ken["engagement_pillar"] == pytest.approx(100 * 2 / 3)


def test_errors_are_on_the_scale_of_the_scores() -> None:
    receipts = _receipts(("KEN", "selected", 15, 20, 18, 20), ("KEN", "before", 13, 20, 20, 20))
    ken = _row(_pillars(receipts), "KEN")
    now, then = share_error([15, 13], [20, 20])
    assert ken["timeliness_error"] == pytest.approx(now / 0.8 * 100)
    assert ken["coverage_error"] == pytest.approx(float(share_error(18, 20)) * 100)
    assert ken["improvement_error"] == pytest.approx(np.hypot(now, then) / 0.5 * 100)
    assert ken["engagement_error"] == 0
    assert np.isnan(ken["quality_error"])


def test_what_cannot_be_computed_is_missing_and_not_zero() -> None:
    receipts = _receipts(("FRA", "selected", 0, 0, 4, 4), ("KEN", "selected", 1, 2, 2, 2))
    france = _row(_pillars(receipts), "FRA")
    for pillar in ("timeliness", "quality", "improvement"):
        assert np.isnan(france[f"{pillar}_pillar"])
    # Kenya took part in something, so France is known to have taken part in nothing.
    assert france["engagement_pillar"] == 0
    assert france["coverage_pillar"] == 100


def test_without_an_activity_log_nobody_has_an_engagement() -> None:
    receipts = _receipts(("FRA", "selected", 1, 2, 2, 2), ("KEN", "selected", 1, 2, 2, 2))
    frame = _pillars(receipts, engagement=_engagement())
    assert frame["engagement_pillar"].isna().all()


def test_too_few_checked_rows_give_no_quality() -> None:
    receipts = _receipts(("KEN", "selected", 1, 2, 2, 2))
    least = FRAMEWORK.framework.minimum_checked_rows
    quality = _quality(("KEN", "selected", "validity", 0.0, 100.0, least - 1))
    assert np.isnan(_row(_pillars(receipts, quality=quality), "KEN")["quality_score"])
    quality = _quality(("KEN", "selected", "validity", 0.0, 100.0, least))
    assert _row(_pillars(receipts, quality=quality), "KEN")["quality_score"] == 100


def test_who_owes_nothing_has_no_pillars() -> None:
    receipts = _receipts(("KEN", "selected", 0, 0, 0, 0), ("FRA", "selected", 1, 1, 1, 1))
    assert list(_pillars(receipts)["member_iso3"]) == ["FRA"]


def test_the_span_before_is_compared_with_the_one_before_it() -> None:
    receipts = _receipts(
        ("KEN", "selected", 20, 20, 20, 20),
        ("KEN", "before", 10, 20, 20, 20),
        ("KEN", "earlier", 8, 20, 20, 20),
    )
    frame = _pillars(receipts)
    assert _row(frame, "KEN", "before")["on_time_change"] == pytest.approx(0.1)
    assert set(frame["span"]) == {"selected", "before"}


def _scored(spans: dict[str, dict[str, list[float]]], error: float = 0.0) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for span, members in spans.items():
        for member, scores in members.items():
            row: dict[str, Any] = {column.name: 0 for column in PILLAR_COLUMNS}
            row |= {"member_iso3": member, "region_id": REGIONS[member], "span": span}
            row |= dict(zip(SCORES, scores, strict=True))
            rows.append(row | {f"{pillar}_error": error for pillar in PILLARS})
    return pd.DataFrame(rows)


def _ranked(frame: pd.DataFrame, aggregation: str = "arithmetic", **weights: float) -> pd.DataFrame:
    return rank_members(frame, weights or EVEN, aggregation, FRAMEWORK.tiers)


UNEVEN = {"KEN": [100.0, 100.0, 100.0, 100.0, 1.0], "FRA": [75.0] * 5, "USA": [10.0] * 5}


def test_the_best_stands_first_and_sure_ranks_have_no_width() -> None:
    frame = _ranked(_scored({"selected": {"FRA": [75.0] * 5, "USA": [10.0] * 5}}))
    assert list(frame["member_iso3"]) == ["FRA", "USA"]
    assert list(frame["rank"]) == [1, 2]
    assert list(frame["rank_low"]) == list(frame["rank_high"]) == [1, 2]
    assert list(frame["group"]) == [1, 2]
    assert [column.name for column in RANKING_COLUMNS] == list(frame.columns)


def test_the_mean_decides_between_even_and_uneven_members() -> None:
    frame = _scored({"selected": UNEVEN})
    assert _ranked(frame)["member_iso3"].iloc[0] == "KEN"  # 80.2 against 75
    geometric = _ranked(frame, "geometric")  # 100^0.8 x 1^0.2 = 39.8 against 75
    assert geometric["member_iso3"].iloc[0] == "FRA"
    assert geometric["incentive_score"].iloc[1] == pytest.approx(100**0.8)


def test_the_other_mean_is_part_of_the_band() -> None:
    frame = _ranked(_scored({"selected": UNEVEN})).set_index("member_iso3")
    assert (frame.loc["KEN", "rank_low"], frame.loc["KEN", "rank_high"]) == (1, 2)
    assert frame["group"][["KEN", "FRA"]].tolist() == [1, 1]


def test_a_weight_of_nothing_takes_a_pillar_out() -> None:
    frame = _scored({"selected": UNEVEN})
    only_last = _ranked(frame, engagement=1)
    assert list(only_last["incentive_score"]) == [75, 10, 1]


def test_a_tier_comes_with_the_probability_of_the_chosen_mean() -> None:
    frame = _scored({"selected": UNEVEN})
    arithmetic = _ranked(frame).set_index("member_iso3")
    # 80.2 is near the threshold of 80: the weights decide. 75 is silver whatever they are.
    assert arithmetic.loc["KEN", "tier"] == "gold"
    assert arithmetic["tier_probability"].between(0.3, 0.7)["KEN"]
    assert arithmetic.loc["FRA", "tier"] == "silver"
    assert arithmetic.loc["FRA", "tier_probability"] == 1
    assert arithmetic.loc["USA", "tier"] == "entry"


def test_a_missing_pillar_is_named_and_its_weight_redistributed() -> None:
    frame = _ranked(_scored({"selected": {"FRA": [60.0, np.nan, 80.0, np.nan, 100.0]}}))
    assert frame["pillars_missing"].iloc[0] == "quality,improvement"
    assert frame["incentive_score"].iloc[0] == pytest.approx(80.0)


def test_who_has_no_weighted_pillar_has_no_rank() -> None:
    members = {"FRA": [60.0] * 5, "KEN": [90.0, np.nan, 90.0, 90.0, 90.0]}
    frame = _ranked(_scored({"selected": members}), quality=1)
    assert list(frame["member_iso3"]) == ["FRA", "KEN"]
    assert frame["rank"].isna().tolist() == [False, True]
    assert frame["tier"].isna().tolist() == [False, True]


def test_places_gained_add_up_with_the_rank_before() -> None:
    now = {"FRA": [90.0] * 5, "KEN": [50.0] * 5, "USA": [10.0] * 5, "UKR": [95.0] * 5}
    before = {"FRA": [10.0] * 5, "KEN": [50.0] * 5, "USA": [90.0] * 5}
    frame = _ranked(_scored({"selected": now, "before": before})).set_index("member_iso3")
    assert frame["rank"].to_dict() == {"UKR": 1, "FRA": 2, "KEN": 3, "USA": 4}
    assert frame["rank_before"].dropna().to_dict() == {"FRA": 3, "KEN": 2, "USA": 1}
    assert frame["change"].dropna().to_dict() == {"FRA": 1, "KEN": -1, "USA": -3}
    # Without sampling error the move is as sure as the ranks.
    assert frame["change_low"].dropna().to_dict() == frame["change"].dropna().to_dict()
    assert frame["change_high"].dropna().to_dict() == frame["change"].dropna().to_dict()
    assert frame["change"].isna()["UKR"]


def test_sampling_error_widens_bands_of_rank_and_change() -> None:
    members = {"FRA": [52.0] * 5, "KEN": [50.0] * 5, "USA": [48.0] * 5}
    spans = {"selected": members, "before": members}
    sure, unsure = _ranked(_scored(spans)), _ranked(_scored(spans, error=15.0))
    assert (sure["rank_high"] - sure["rank_low"]).max() == 0
    assert (unsure["rank_high"] - unsure["rank_low"]).min() == 2
    assert unsure["change_low"].max() < 0 < unsure["change_high"].min()


def test_the_same_selection_gives_the_same_picture() -> None:
    frame = _scored({"selected": UNEVEN, "before": UNEVEN}, error=8.0)
    pd.testing.assert_frame_equal(_ranked(frame), _ranked(frame))


def test_nobody_gives_an_empty_ranking() -> None:
    empty = _pillars(_receipts(), engagement=_engagement())
    frame = _ranked(empty)
    assert frame.empty
    assert list(frame.columns) == [column.name for column in RANKING_COLUMNS]


def test_quality_is_scored_as_the_quality_view_scores_it() -> None:
    rng = np.random.default_rng(7)
    rows = [
        (member, "selected", dimension.id, share * 200.0, 200.0, rows)
        for member in ("FRA", "KEN", "USA")
        for dimension, share, rows in zip(
            FRAMEWORK.dimensions, rng.uniform(0, 0.2, 4), (500, 3, 40, 90), strict=True
        )
    ]
    sums = _quality(*rows)
    wide = pd.DataFrame({"member_iso3": ["FRA", "KEN", "USA"], "region_id": "europe"})
    wide["period_id"] = 202401
    for dimension in DIMENSIONS:
        own = sums[sums["dimension_id"] == dimension].set_index("member_iso3")
        for part, name in (("numerator",) * 2, ("denominator",) * 2, ("rows", "rows_checked")):
            wide[f"{dimension}_{part}"] = wide["member_iso3"].map(own[name]).astype("float64")
    theirs = score_members(wide, FRAMEWORK).set_index("member_iso3")
    ours = quality_of_members(sums, FRAMEWORK).set_index("member_iso3")
    assert ours["quality_score"].to_dict() == pytest.approx(theirs["quality_score"].to_dict())
    assert (ours["quality_error"] >= 0).all()
