"""Hold the comparison of groups to published examples, slow formulas and simulations."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dashboard.stats.delays import FEWEST_CLUSTERS, clustered_distribution, logrank_groups
from dashboard.stats.timeliness import delay_distribution, logrank_test

# Months to death of 90 men with cancer of the larynx, by stage: Kardaun (1983), the four-sample
# example of Klein & Moeschberger (1997), section 7.3. A minus marks a censored time.
LARYNX = (
    (
        "0.6 1.3 2.4 -2.5 3.2 -3.2 3.3 -3.3 3.5 3.5 4.0 4.0 4.3 -4.5 -4.5 5.3 -5.5 -5.9 -5.9 6.0 "
        "-6.1 -6.2 6.4 6.5 -6.5 -6.7 -7.0 7.4 -7.4 -8.1 -8.1 -9.6 -10.7"
    ),
    "0.2 1.8 2.0 -2.2 -2.6 -3.3 3.6 -3.6 4.0 -4.3 -4.3 -5.0 6.2 7.0 -7.5 -7.6 -9.3",
    (
        "0.3 0.3 0.5 0.7 0.8 1.0 1.3 1.6 1.8 1.9 1.9 3.2 3.5 -3.7 -4.5 -4.8 -4.8 5.0 -5.0 -5.1 6.3 "
        "6.4 -6.5 7.8 -8.0 -9.3 -10.1"
    ),
    "0.1 0.3 0.4 0.8 0.8 1.0 1.5 2.0 2.3 -2.9 3.6 3.8 -4.3",
)

# Weeks in remission of 23 adults with leukaemia, chemotherapy kept up or not: Embury et al. (1977),
# the example of Miller (1981), Survival Analysis.
KEPT_UP = "9 13 -13 18 23 -28 31 34 -45 48 -161"
NOT_KEPT_UP = "5 5 8 8 12 -16 23 27 30 33 43 45"

Rows = list[tuple[int, bool, int, int]]
"""Length, whether censored, group, member."""

ROWS = st.lists(
    st.tuples(st.integers(1, 12), st.booleans(), st.integers(0, 2), st.integers(0, 6)),
    min_size=1,
    max_size=40,
)


def read(*samples: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    lengths, censored, groups = [], [], []
    for group, sample in enumerate(samples):
        for text in sample.split():
            lengths.append(abs(float(text)))
            censored.append(text.startswith("-"))
            groups.append(group)
    return np.array(lengths), np.array(censored), np.array(groups)


def columns(rows: Rows) -> tuple[np.ndarray, ...]:
    return tuple(np.array(part) for part in zip(*rows, strict=True))


class TestLogrankGroups:
    def test_equals_the_four_sample_example_of_klein_and_moeschberger(self) -> None:
        found = logrank_groups(*read(*LARYNX))
        assert (round(found.statistic, 2), found.degrees) == (22.76, 3)
        assert found.p_value < 0.0001
        assert found.observed.tolist() == [15, 7, 17, 11]

    def test_equals_the_two_sample_example_of_miller(self) -> None:
        found = logrank_groups(*read(KEPT_UP, NOT_KEPT_UP))
        # R's survdiff on its data set `aml`: observed 7 and 11, expected 10.69 and 7.31,
        # chi-square 3.4, p = 0.0653
        assert found.observed.tolist() == [7, 11]
        assert found.expected == pytest.approx([10.69, 7.31], abs=5e-3)
        assert round(found.statistic, 1) == 3.4
        assert round(found.p_value, 4) == 0.0653

    @given(ROWS)
    def test_each_against_the_others_is_the_test_of_two_groups(self, rows: Rows) -> None:
        lengths, censored, groups, _ = columns(rows)
        found = logrank_groups(lengths, censored, groups)
        for group, ours in enumerate(found.each_statistic):
            own = groups == group
            theirs, p_value = logrank_test(
                lengths[own], censored[own], lengths[~own], censored[~own]
            )
            assert ours == pytest.approx(theirs, nan_ok=True, abs=1e-9)
            assert found.each_p_value[group] == pytest.approx(p_value, nan_ok=True, abs=1e-9)

    @given(ROWS)
    def test_equals_the_sum_over_tables_without_clusters(self, rows: Rows) -> None:
        lengths, censored, groups, _ = columns(rows)
        excess, variance = np.zeros(3), np.zeros((3, 3))
        for day in sorted(set(lengths[~censored])):
            waiting = np.array([np.sum((lengths >= day) & (groups == g)) for g in range(3)])
            ended = np.array(
                [np.sum((lengths == day) & ~censored & (groups == g)) for g in range(3)]
            )
            n, d = waiting.sum(), ended.sum()
            excess += ended - d * waiting / n
            if n > 1:
                share = waiting / n
                weight = d * (n - d) / (n - 1)
                variance += weight * (np.diag(share) - np.outer(share, share))
        found = logrank_groups(lengths, censored, groups)
        expected = excess @ np.linalg.pinv(variance, rcond=1e-10) @ excess
        if np.isnan(found.statistic):
            assert np.trace(variance) == pytest.approx(0.0, abs=1e-12)
        else:
            assert found.statistic == pytest.approx(expected, rel=1e-6, abs=1e-9)
            assert found.degrees == np.linalg.matrix_rank(variance)

    @given(ROWS)
    def test_the_clustered_variance_is_the_sum_of_squared_influences(self, rows: Rows) -> None:
        lengths, censored, groups, members = columns(rows)
        if len(set(members)) < FEWEST_CLUSTERS or len(set(groups)) < 2 or censored.all():
            return
        influence = {member: np.zeros(3) for member in set(members)}
        for length, is_censored, group, member in rows:
            for day in sorted(set(lengths[~censored])):
                if length < day:
                    continue
                at = lengths >= day
                share = np.array([np.mean(groups[at] == g) for g in range(3)])
                hazard = np.sum((lengths == day) & ~censored) / at.sum()
                moved = float(length == day and not is_censored) - hazard
                influence[member] += ((np.arange(3) == group) - share) * moved
        count = len(influence)
        spread = sum(np.outer(u, u) for u in influence.values()) * count / (count - 1)
        found = logrank_groups(lengths, censored, groups, clusters=members)
        excess = found.observed - found.expected
        for group, statistic in enumerate(found.each_statistic):
            if not np.isnan(statistic):
                expected = excess[group] ** 2 / spread[group, group]
                assert statistic == pytest.approx(expected, rel=1e-6)

    def test_repeating_every_submission_tells_nothing_new_of_members(self) -> None:
        lengths, censored, groups = read(*LARYNX)
        members = np.arange(len(lengths))
        once = logrank_groups(lengths, censored, groups, clusters=members)
        often = logrank_groups(
            *(np.tile(a, 10) for a in (lengths, censored, groups)), clusters=np.tile(members, 10)
        )
        assert often.statistic == pytest.approx(once.statistic)
        naive = logrank_groups(*(np.tile(a, 10) for a in (lengths, censored, groups)))
        assert naive.statistic > 5 * once.statistic

    def test_members_alike_in_themselves_seldom_differ_by_chance(self) -> None:
        rng = np.random.default_rng(7)
        rejected = {True: 0, False: 0}
        for _ in range(200):
            # 40 members in two groups, 12 submissions each, most of the spread between members.
            own = rng.normal(40, 10, 40)
            lengths = np.repeat(own, 12) + rng.normal(0, 3, 480)
            members = np.repeat(np.arange(40), 12)
            censored = rng.random(480) < 0.1
            for is_clustered in rejected:
                found = logrank_groups(
                    lengths, censored, members % 2, clusters=members if is_clustered else None
                )
                rejected[is_clustered] += found.p_value < 0.05
        assert rejected[True] <= 22  # binomial(200, 0.05): 1 in 10,000 above
        assert rejected[False] >= 60

    @pytest.mark.parametrize(
        ("lengths", "censored", "groups"),
        [
            ([], [], []),
            ([30, 60], [False, False], [0, 0]),
            ([30, 60, 90], [True, True, True], [0, 1, 2]),
            ([30, 30], [False, False], [0, 1]),
            ([np.nan, 30], [False, False], [0, 1]),
        ],
        ids=["empty", "one group", "all outstanding", "all ties", "one missing"],
    )
    def test_what_cannot_be_compared_gives_no_number(
        self, lengths: list[float], censored: list[bool], groups: list[int]
    ) -> None:
        found = logrank_groups(
            np.array(lengths, dtype=float), np.array(censored, bool), np.array(groups, dtype=int)
        )
        assert np.isnan([found.statistic, found.p_value]).all()
        assert found.degrees == 0
        assert np.isnan(found.each_p_value).all()

    def test_few_members_count_every_submission_as_independent(self) -> None:
        lengths, censored, groups = read(KEPT_UP, NOT_KEPT_UP)
        few = logrank_groups(lengths, censored, groups, clusters=np.arange(len(lengths)) % 4)
        assert few.statistic == logrank_groups(lengths, censored, groups).statistic

    def test_arrays_of_two_lengths_are_refused(self) -> None:
        with pytest.raises(ValueError, match="one length"):
            logrank_groups([1, 2], [False, True], [0])


class TestClusteredDistribution:
    def test_the_curve_is_that_of_kaplan_and_meier(self) -> None:
        lengths, censored, _ = read(KEPT_UP)
        found = clustered_distribution(lengths, censored, np.arange(11))
        at = {day: float(share) for day, share in zip(found.days, found.survival, strict=True)}
        # Miller (1981), chapter 3, to two digits; R's survfit on `aml` to three
        published = {9: 0.909, 13: 0.818, 18: 0.716, 23: 0.614, 31: 0.491, 34: 0.368, 48: 0.184}
        assert {day: round(at[day], 3) for day in published} == published
        assert found.median == 31.0

    @given(ROWS)
    def test_bounds_rest_on_what_each_member_moves(self, rows: Rows) -> None:
        lengths, censored, _, members = columns(rows)
        found = clustered_distribution(lengths, censored, members)
        plain = delay_distribution(lengths, censored)
        np.testing.assert_array_equal(found.survival, plain.survival)
        names = sorted(set(members))
        if len(names) < FEWEST_CLUSTERS or censored.all():
            np.testing.assert_array_equal(found.low, plain.low)
            return
        step = 1e-6  # weight each member a little more, and see how the logarithm moves

        def logs(weights: np.ndarray) -> np.ndarray:
            value, logarithm = 1.0, []
            for day in plain.days:
                waiting = weights[lengths >= day].sum()
                ended = weights[(lengths == day) & ~censored].sum()
                value *= 1 - ended / waiting
                logarithm.append(np.log(value) if value > 1e-9 else np.nan)
            return np.array(logarithm)

        base = logs(np.ones(len(rows)))
        moves = np.array([(logs(1.0 + step * (members == m)) - base) / step for m in names])
        spread = np.sqrt((moves**2).sum(axis=0) * len(names) / (len(names) - 1))
        known = (plain.survival > 1e-9) & (plain.survival < 1)
        reach = stats.norm.ppf(0.975) * spread[known] / np.log(plain.survival[known])
        np.testing.assert_allclose(
            found.low[known], plain.survival[known] ** np.exp(-reach), atol=1e-4
        )

    def test_repeating_a_members_delay_does_not_narrow_the_interval(self) -> None:
        lengths, censored, _ = read(*LARYNX)
        members = np.arange(len(lengths))
        once = clustered_distribution(lengths, censored, members)
        often = clustered_distribution(
            np.tile(lengths, 20), np.tile(censored, 20), np.tile(members, 20)
        )
        assert (often.median_low, often.median_high) == (once.median_low, once.median_high)
        naive = delay_distribution(np.tile(lengths, 20), np.tile(censored, 20))
        assert naive.median_high - naive.median_low < once.median_high - once.median_low

    def test_edges(self) -> None:
        assert clustered_distribution([], [], []).n == 0
        one = clustered_distribution([41], [False], [0])
        assert (one.median, one.n) == (41.0, 1)
        waiting = clustered_distribution([30.0] * 6, [True] * 6, range(6))
        assert np.isnan(waiting.median) and waiting.n_censored == 6
        alike = clustered_distribution([30.0] * 6, [False] * 6, range(6))
        assert alike.median == 30.0
        missing = clustered_distribution([np.nan, 20.0], [False, False], [0, 1])
        assert (missing.n, missing.median) == (1, 20.0)
