"""Intervals of quality scores against hand-sized cases and slow formulas."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from dashboard.stats.pillars import ratio_error
from dashboard.stats.quality import goalpost_score, overall_score
from dashboard.stats.quality_scores import Scheme, Scores, Sums, add_up, score_groups

SCHEME = Scheme(np.array([0.1, 1.2]), np.array([0.0, 0.1]), np.array([3.0, 1.0]), 10)

Pairs = list[tuple[float, float]]


def _scores(first: Pairs, second: Pairs | None = None, scheme: Scheme = SCHEME) -> Scores:
    """Score one group with a cluster per pair of numerator and denominator."""
    second = second or [(np.nan, np.nan)] * len(first)
    table = np.array([[*a, *b] for a, b in zip(first, second, strict=True)])
    parts = Sums(table[:, [0, 2]], table[:, [1, 3]], table[:, [1, 3]])
    return score_groups(np.zeros(len(first)), 1, np.arange(len(first)), parts, scheme)


def test_the_interval_of_a_dimension_is_cochrans_with_students_t() -> None:
    found = _scores([(1.0, 100.0), (3.0, 100.0), (2.0, 200.0)])
    # Ratio 6/400; deviations -0.5, 1.5, -1, so the scatter is 3.5/2 = 1.75.
    error = np.sqrt(3 * 1.75) / 400
    reach = stats.t.ppf(0.975, 2) * error * 100 / 0.1
    assert found.dimensions[0, 0] == pytest.approx(85)
    assert found.dimensions_low[0, 0] == pytest.approx(85 - reach)
    assert found.dimensions_high[0, 0] == pytest.approx(min(100, 85 + reach))
    assert (found.low[0], found.high[0]) == pytest.approx((85 - reach, min(100, 85 + reach)))


def test_an_interval_stops_at_the_goalposts() -> None:
    found = _scores([(9.0, 100.0), (14.0, 100.0), (11.0, 100.0)])
    assert found.dimensions[0, 0] == 0  # 11.3 % lies beyond the worse goalpost
    assert found.dimensions_low[0, 0] == 0
    assert 0 < found.dimensions_high[0, 0] < 100


def test_a_dimension_far_beyond_a_goalpost_is_sure_to_be_there() -> None:
    second = [(60.0, 100.0), (50.0, 100.0), (70.0, 100.0)]
    lost = _scores([(60.0, 100.0), (61.0, 100.0), (62.0, 100.0)], second)
    assert (lost.dimensions_low[0, 0], lost.dimensions_high[0, 0]) == (0, 0)
    alone = _scores([(0.0, 100.0)] * 3, second)
    # It adds nothing to the width, as little as one without any spread.
    assert lost.high[0] - lost.low[0] == pytest.approx(alone.high[0] - alone.low[0])


def _slow_overall(first: Pairs, second: Pairs, scheme: Scheme = SCHEME) -> tuple[float, float]:
    """The limits of Zou and Donner for two dimensions, written out."""
    ends, deviations = [], []
    for place, pairs in enumerate((first, second)):
        top, low = (sum(part) for part in zip(*pairs, strict=True))
        n, ratio = len(pairs), top / low
        off = [a - ratio * b for a, b in pairs]
        error = (n / (n - 1) * sum(one * one for one in off)) ** 0.5 / low
        reach = stats.t.ppf(0.975, n - 1) * error
        posts = (scheme.worst[place], scheme.best[place])
        point, worse, better = (
            float(goalpost_score(value, *posts)) for value in (ratio, ratio + reach, ratio - reach)
        )
        ends.append((point, worse, better))
        deviations.append(off)
    a, b = (np.array(one) for one in deviations)
    both = np.sqrt((a @ a) * (b @ b))
    r = float(a @ b / both) if both > 0 else 0.0
    w = scheme.weights / scheme.weights.sum()
    point = w[0] * ends[0][0] + w[1] * ends[1][0]
    down = [w[i] * (ends[i][0] - ends[i][1]) for i in range(2)]
    up = [w[i] * (ends[i][2] - ends[i][0]) for i in range(2)]
    low = point - np.sqrt(max(0.0, down[0] ** 2 + down[1] ** 2 + 2 * r * down[0] * down[1]))
    high = point + np.sqrt(max(0.0, up[0] ** 2 + up[1] ** 2 + 2 * r * up[0] * up[1]))
    return max(0.0, low), min(100.0, high)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.floats(0.1, 12), st.floats(50, 150), st.floats(5, 100), st.floats(50, 150)),
        min_size=3,
        max_size=9,
    )
)
def test_the_overall_interval_is_zou_and_donners(
    rows: list[tuple[float, float, float, float]],
) -> None:
    first, second = [row[:2] for row in rows], [row[2:] for row in rows]
    found = _scores(first, second)
    if np.isnan(found.low[0]):
        return
    assert (found.low[0], found.high[0]) == pytest.approx(_slow_overall(first, second), abs=1e-5)


def test_dimensions_that_move_together_make_a_wider_interval_than_those_that_do_not() -> None:
    first = [(1.0, 100.0), (5.0, 100.0), (3.0, 100.0), (4.0, 100.0)]
    alike = [(20 * a, b) for a, b in first]
    against = [(120 - 20 * a, b) for a, b in first]
    wide, narrow = _scores(first, alike), _scores(first, against)
    assert wide.high[0] - wide.low[0] > narrow.high[0] - narrow.low[0]


def test_the_error_is_the_one_that_the_ranking_uses() -> None:
    pairs = [(1.0, 90.0), (4.0, 110.0), (2.0, 100.0), (5.0, 95.0)]
    a, b = np.array(pairs).T
    error = ratio_error(4, a.sum(), b.sum(), (a * a).sum(), (a * b).sum(), (b * b).sum())
    found = _scores(pairs)
    half = stats.t.ppf(0.975, 3) * float(error) * 100 / 0.1
    assert found.dimensions[0, 0] - found.dimensions_low[0, 0] == pytest.approx(half)


def test_the_overall_score_and_its_weight_are_those_of_the_formula() -> None:
    found = _scores([(1.0, 100.0), (3.0, 100.0)], [(40.0, 100.0), (60.0, 100.0)])
    score, used = overall_score(found.dimensions, SCHEME.weights)
    assert (found.overall[0], found.weight_used[0]) == (score[0], used[0])


def test_submissions_of_one_period_are_one_cluster() -> None:
    parts = Sums(*(np.array([[1.0], [2.0], [3.0], [2.0]]), *[np.full((4, 1), 100.0)] * 2))
    one = Scheme(SCHEME.worst[:1], SCHEME.best[:1], SCHEME.weights[:1], 10)
    found = score_groups([0, 0, 0, 0], 1, [0, 0, 1, 1], parts, one)
    by_hand = add_up([0, 0, 1, 1], 2, parts)
    again = score_groups([0, 0], 1, [0, 1], by_hand, one)
    assert found.periods[0, 0] == 2
    assert found.low[0] == again.low[0]


def test_one_period_or_no_spread_has_no_interval() -> None:
    assert np.isnan(_scores([(1.0, 100.0)]).low[0])
    alike = _scores([(1.0, 100.0), (2.0, 200.0), (1.0, 100.0)])
    assert alike.overall[0] == pytest.approx(90)
    assert np.isnan([alike.low[0], alike.high[0], alike.dimensions_low[0, 0]]).all()


def test_too_few_rows_have_no_score_and_no_interval() -> None:
    found = _scores([(1.0, 4.0), (0.0, 5.0)])
    assert np.isnan([found.overall[0], found.low[0], found.dimensions[0, 0]]).all()


def test_no_rows_at_all_give_groups_without_scores() -> None:
    nothing = Sums(*[np.empty((0, 2))] * 3)
    found = score_groups([], 2, [], nothing, SCHEME)
    assert np.isnan(found.overall).all()
    assert found.weight_used.tolist() == [0, 0]


def test_the_interval_holds_its_coverage() -> None:
    """Two dimensions that share a monthly shock: 95 of 100 intervals should hold the truth."""
    rng = np.random.default_rng(20)
    members, months = 400, 24
    shock = rng.normal(0, 1, (members, months))
    first = np.clip(4 + shock + rng.normal(0, 1, shock.shape), 0, None)
    second = np.clip(60 + 10 * shock + rng.normal(0, 8, shock.shape), 0, None)
    size = np.full(first.size, 100.0)
    both = np.stack([first.ravel(), second.ravel()], axis=1)
    parts = Sums(both, np.stack([size, size], axis=1), np.stack([size, size], axis=1))
    groups = np.repeat(np.arange(members), months)
    found = score_groups(groups, members, np.tile(np.arange(months), members), parts, SCHEME)
    dimensions = [goalpost_score(0.04, 0.1, 0.0), goalpost_score(0.6, 1.2, 0.1)]
    truth = float(overall_score([dimensions], SCHEME.weights)[0][0])
    held = np.mean((found.low <= truth) & (truth <= found.high))
    assert 0.92 < held < 0.98
