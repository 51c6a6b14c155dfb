"""Pillars and ranks as the indicators page says, on hand-sized cases."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from callbacks.views.quality_scores import DIMENSIONS, score_members
from dashboard.framework import Dimension, Framework, read_framework
from dashboard.framework_parts import Text
from dashboard.incentive_rules import Pillar, Ranking, Tier, outside_problems
from dashboard.incentive_values import (
    ENGAGEMENT_KINDS,
    indicator_values,
    quality_of_members,
)
from dashboard.pillar_scores import PILLAR_COLUMNS, PILLARS, SCORES, score_pillars
from dashboard.ranking import (
    RANKING_COLUMNS,
    change_chances,
    rank_members,
    spread_weights,
)
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
            "ranking": Ranking(),
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
    newest = pd.Timestamp(2024, 6, 30)
    return pd.DataFrame(rows, columns=names).assign(
        newest_received_on=newest, newest_owed_on=newest
    )


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
    """Member, and how many kinds it showed in each span: the first ones."""
    frame = pd.DataFrame(
        [
            (member, kind, int(place < now), int(place < then))
            for member, now, then in rows
            for place, kind in enumerate(ENGAGEMENT_KINDS)
        ],
        columns=["member_iso3", "kind", "selected", "before"],
    )
    return frame.astype({"selected": "Int64", "before": "Int64"})


def _values(receipts: pd.DataFrame, **changes: pd.DataFrame) -> pd.DataFrame:
    quality = changes.get("quality", _quality())
    engagement = changes.get("engagement", _engagement(("KEN", 2, 1)))
    return indicator_values(receipts, quality, engagement, FRAMEWORK, REGIONS)


def _pillars(
    receipts: pd.DataFrame, framework: Framework = FRAMEWORK, **changes: pd.DataFrame
) -> pd.DataFrame:
    return score_pillars(_values(receipts, **changes), framework)


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
            row |= {"standing": "ranked"}
            row |= dict(zip(SCORES, scores, strict=True))
            rows.append(row | {f"{pillar}_error": error for pillar in PILLARS})
    return pd.DataFrame(rows)


def _ranked(frame: pd.DataFrame, aggregation: str = "arithmetic", **weights: float) -> pd.DataFrame:
    return rank_members(frame, weights or EVEN, aggregation, FRAMEWORK)


def _with(**rules: Any) -> Framework:
    return FRAMEWORK.model_copy(update={"ranking": Ranking(**rules)})


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


# --- Indicators, and what is too few to rank -----------------------------------------------------


def test_a_pillar_is_the_weighted_mean_of_its_indicators() -> None:
    shipped, _ = read_framework()
    engagement = next(one for one in shipped.pillars if one.id == "engagement")
    indicators = [
        one.model_copy(update={"weight": weight})
        for one, weight in zip(engagement.indicators, (3, 1, 0), strict=True)
    ]
    changed = engagement.model_copy(update={"indicators": indicators})
    framework = FRAMEWORK.model_copy(update={"pillars": [*FRAMEWORK.pillars[:4], changed]})
    receipts = _receipts(("KEN", "selected", 1, 2, 2, 2))
    # Only the correspondent is named: 3 of the weight of 4.
    frame = _pillars(receipts, framework, engagement=_engagement(("KEN", 1, 0)))
    assert _row(frame, "KEN")["engagement_pillar"] == pytest.approx(75.0)


def test_a_missing_indicator_leaves_its_weight_to_the_others() -> None:
    shipped, _ = read_framework()
    timeliness, quality = shipped.pillars[:2]
    both = [timeliness.indicators[0], quality.indicators[0].model_copy(update={"weight": 9})]
    changed = timeliness.model_copy(update={"indicators": both})
    framework = FRAMEWORK.model_copy(update={"pillars": [changed, *FRAMEWORK.pillars[1:]]})
    ken = _row(_pillars(_receipts(("KEN", "selected", 12, 20, 20, 20)), framework), "KEN")
    # Nothing was checked, so the on-time share alone counts: 60 % between 20 % and 100 %.
    assert ken["timeliness_pillar"] == pytest.approx(50.0)
    assert ken["timeliness_error"] == pytest.approx(float(share_error(12, 20)) / 0.8 * 100)


def test_too_few_judged_obligations_are_listed_apart_and_move_nobody() -> None:
    receipts = _receipts(
        ("KEN", "selected", 15, 20, 18, 20),
        ("FRA", "selected", 4, 4, 5, 6),
        ("USA", "selected", 10, 20, 18, 20),
    )
    frame = _pillars(receipts, _with(minimum_obligations=5))
    assert _row(frame, "FRA")["standing"] == "few_obligations"
    assert frame.loc[frame["member_iso3"] == "FRA", list(SCORES)].isna().all(axis=None)
    ranked = rank_members(frame, EVEN, "arithmetic", FRAMEWORK)
    assert ranked["member_iso3"].tolist() == ["KEN", "USA", "FRA"]
    assert ranked["rank"].fillna(0).tolist() == [1, 2, 0]
    assert ranked["incentive_score"].isna().tolist() == [False, False, True]
    assert ranked["rank_high"].max() == 2


def test_where_no_day_of_receipt_is_known_what_is_owed_is_counted() -> None:
    receipts = _receipts(("KEN", "selected", 0, 0, 18, 20), ("FRA", "selected", 0, 0, 1, 2))
    frame = _pillars(receipts, _with(minimum_obligations=5))
    assert frame["standing"].tolist() == ["few_obligations", "ranked"]


def test_too_few_checked_rows_are_too_few_but_silence_is_not() -> None:
    receipts = _receipts(("KEN", "selected", 5, 9, 9, 9), ("FRA", "selected", 0, 9, 0, 9))
    quality = _quality(("KEN", "selected", "validity", 0.0, 29.0, 29.0))
    frame = _pillars(receipts, _with(minimum_checked_rows=30), quality=quality)
    assert _row(frame, "KEN")["standing"] == "few_rows"
    # A member that sends nothing stays in the ranking, at its end.
    assert _row(frame, "FRA")["standing"] == "ranked"
    quality = _quality(("KEN", "selected", "validity", 0.0, 30.0, 30.0))
    frame = _pillars(receipts, _with(minimum_checked_rows=30), quality=quality)
    assert _row(frame, "KEN")["standing"] == "ranked"


@pytest.mark.parametrize(
    ("rules", "weights", "standing"),
    [
        ({"minimum_pillars": 3}, EVEN, "ranked"),
        ({"minimum_pillars": 4}, EVEN, "few_pillars"),
        # No more can be asked for than have a weight.
        ({"minimum_pillars": 4}, {"timeliness": 1, "coverage": 1}, "ranked"),
        ({"missing": "leave_out"}, EVEN, "few_pillars"),
        ({"missing": "leave_out"}, {"timeliness": 1, "coverage": 1}, "ranked"),
        ({}, {"quality": 1}, "no_pillars"),
    ],
)
def test_the_rule_about_missing_pillars_says_who_is_ranked(
    rules: dict[str, Any], weights: dict[str, float], standing: str
) -> None:
    frame = _scored({"selected": {"FRA": [60.0, np.nan, 80.0, np.nan, 100.0]}})
    ranked = rank_members(frame, weights, "arithmetic", _with(**rules))
    assert ranked["standing"].tolist() == [standing]
    assert ranked["rank"].isna().tolist() == [standing != "ranked"]


def test_only_pillars_with_a_weight_are_missed() -> None:
    frame = _scored({"selected": {"FRA": [60.0, np.nan, 80.0, np.nan, 100.0]}})
    ranked = rank_members(frame, {"timeliness": 1, "quality": 1}, "arithmetic", FRAMEWORK)
    assert ranked["pillars_missing"].tolist() == ["quality"]


# --- Weights by spread, and changes ---------------------------------------------------------------


def test_weights_by_spread_are_the_standard_deviations() -> None:
    members = {"FRA": [10.0, 50, 0, np.nan, 7], "KEN": [30.0, 50, 40, np.nan, 7]}
    members["USA"] = [50.0, 50, np.nan, np.nan, 7]
    weights = spread_weights(_scored({"selected": members, "before": {"FRA": [99.0] * 5}}))
    assert weights == pytest.approx(
        {
            "timeliness": np.sqrt(800 / 3),  # 10, 30, 50 around 30
            "quality": 0.0,
            "coverage": 20.0,  # 0 and 40 around 20
            "improvement": 0.0,  # nobody has it
            "engagement": 0.0,
        }
    )


def test_where_nothing_spreads_all_pillars_weigh_alike() -> None:
    frame = _scored({"selected": {"FRA": [50.0] * 5}})
    assert set(spread_weights(frame).values()) == {1.0}
    assert rank_members(frame, None, "arithmetic", FRAMEWORK)["rank"].tolist() == [1]


def test_a_ranking_by_spread_is_one_with_those_weights() -> None:
    frame = _scored({"selected": UNEVEN})
    given = rank_members(frame, spread_weights(frame), "arithmetic", FRAMEWORK)
    pd.testing.assert_frame_equal(rank_members(frame, None, "arithmetic", FRAMEWORK), given)


def test_changes_are_adjusted_for_every_member_looked_at() -> None:
    """Benjamini and Hochberg by hand: the i-th smallest of m is multiplied by m / i."""
    quantile = {0.001: 3.290527, 0.02: 2.326348, 0.03: 2.170090, 0.5: 0.674490}
    difference = np.array([2 * quantile[p] for p in (0.02, 0.5, 0.001, 0.03)] + [np.nan])
    found = change_chances(difference, np.full(5, 2.0))
    assert found[:4].tolist() == pytest.approx([0.04, 0.5, 0.004, 0.04], rel=1e-4)
    assert np.isnan(found[4])


def test_what_leaves_nothing_to_chance_is_sure() -> None:
    found = change_chances(np.array([1.0, 0.0]), np.array([0.0, 0.0]))
    assert found.tolist() == [0.0, 1.0]


def test_a_change_of_score_is_told_with_its_chance() -> None:
    now = {"FRA": [80.0] * 5, "KEN": [51.0] * 5, "USA": [30.0] * 5}
    before = {"FRA": [40.0] * 5, "KEN": [50.0] * 5, "USA": [30.0] * 5}
    frame = _ranked(_scored({"selected": now, "before": before}, error=5.0))
    frame = frame.set_index("member_iso3")
    assert frame["score_change"].to_dict() == pytest.approx({"FRA": 40, "KEN": 1, "USA": 0})
    assert frame["change_chance"]["FRA"] < 0.001 < 0.5 < frame["change_chance"]["KEN"]


def test_months_behind_are_counted_to_the_newest_period_that_anybody_owes() -> None:
    receipts = _receipts(
        ("KEN", "selected", 0, 0, 2, 3),
        ("FRA", "selected", 0, 0, 3, 3),
        ("USA", "selected", 0, 0, 0, 3),
        ("KEN", "before", 0, 0, 3, 3),
    )
    receipts["newest_received_on"] = pd.to_datetime(
        ["2023-11-30", "2024-06-30", None, "2022-12-31"]
    )
    receipts["newest_owed_on"] = pd.to_datetime(
        ["2024-06-30", "2024-06-30", "2024-05-31", "2023-03-31"]
    )
    values = _values(receipts)
    behind = {
        (member, span): months
        for member, span, months in values[["member_iso3", "span", "months_behind"]].to_numpy()
    }
    assert behind["KEN", "selected"] == 7
    assert behind["FRA", "selected"] == 0
    assert behind["KEN", "before"] == 3
    # Nothing received has no newest period; that it is missing counts in the share received.
    assert np.isnan(behind["USA", "selected"])


def test_a_dimension_and_an_external_score_can_be_indicators() -> None:
    receipts = _receipts(("KEN", "selected", 1, 2, 2, 2), ("FRA", "selected", 1, 2, 2, 2))
    quality = _quality(
        ("KEN", "selected", "completeness", 20.0, 100.0, 100.0),
        ("KEN", "selected", "coherence", 30.0, 100.0, 100.0),
    )
    values = indicator_values(
        receipts, quality, _engagement(), FRAMEWORK, REGIONS, {"KEN": 70.0, "XXX": 1.0}
    )
    ken, france = _row(values, "KEN"), _row(values, "FRA")
    posts = {one.id: (one.worst, one.best) for one in FRAMEWORK.dimensions}
    for name, ratio in (("completeness", 0.2), ("coherence", 0.3)):
        worst, best = posts[name]
        assert ken[f"{name}_score"] == pytest.approx((ratio - worst) / (best - worst) * 100)
        assert np.isnan(france[f"{name}_score"])
    assert ken["outside_score"] == 70.0
    assert np.isnan(france["outside_score"])
    name = Text(en="Name", fr="Nom")
    pillar = Pillar.model_validate(
        {
            "id": "timeliness",
            "name": name,
            "weight": 1,
            "indicators": [
                {"id": "outside_score", "name": name, "unit": "points", "worst": 20, "best": 100}
            ],
        }
    )
    framework = FRAMEWORK.model_copy(update={"pillars": [pillar]})
    # Goalposts 20 and 100: 70 points are 62.5 of 100.
    pillars = score_pillars(values, framework)
    assert _row(pillars, "KEN")["timeliness_pillar"] == pytest.approx(62.5)
    assert np.isnan(_row(pillars, "FRA")["timeliness_pillar"])


def test_obligations_owed_count_where_no_indicator_asks_who_was_on_time() -> None:
    receipts = _receipts(("KEN", "selected", 1, 2, 9, 10), ("FRA", "selected", 9, 10, 9, 10))
    strict = FRAMEWORK.model_copy(update={"ranking": Ranking(minimum_obligations=5)})
    coverage = [one for one in FRAMEWORK.pillars if one.id == "coverage"]
    lenient = strict.model_copy(update={"pillars": coverage})
    for framework, expected in ((strict, "few_obligations"), (lenient, "ranked")):
        pillars = score_pillars(_values(receipts), framework)
        assert _row(pillars, "KEN")["standing"] == expected
        assert _row(pillars, "FRA")["standing"] == "ranked"


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"outside": "lpi"}, "outside 'lpi' is none of the indicators"),
        ({}, "'outside_score' stands for no external score"),
    ],
)
def test_an_external_score_that_is_not_there_is_refused(given: dict[str, str], found: str) -> None:
    pillar = FRAMEWORK.pillars[0].model_copy(
        update={
            "indicators": [
                FRAMEWORK.pillars[0].indicators[0].model_copy(update={"id": "outside_score"})
            ]
        }
    )
    problems = list(outside_problems([pillar], Ranking.model_validate(given), ["spi"]))
    assert len(problems) == 1
    assert found in problems[0]
