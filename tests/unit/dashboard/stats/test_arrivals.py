"""Forecasts of arrivals: cases worked by hand, a published curve, and a slow formula."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dashboard.stats.arrivals import ArrivalHazards, arrival_hazards, arrival_probability


def share_by(
    hazards: ArrivalHazards, until: list[int], *, gone: int = -1, member: int = 0
) -> list[float]:
    found = arrival_probability(hazards, [member] * len(until), [gone] * len(until), until)
    return [float(share) for share in found[0]]


def test_without_weight_it_is_the_curve_that_kaplan_and_meier_published() -> None:
    # Kaplan and Meier (1958), section 1: deaths at 0.8, 3.1, 5.4 and 9.2 months, losses at 1.0,
    # 2.7, 7.0 and 12.1; the shares left are 0.875, 0.7, 0.525 and 0.2625. In tenths of a month.
    times = [8, 31, 54, 92, 10, 27, 70, 121]
    died = [True] * 4 + [False] * 4
    hazards = arrival_hazards([0] * 8, times, died, [0], member_weight=0, region_weight=0)
    assert share_by(hazards, [7, 8, 31, 54, 92]) == pytest.approx(
        [0, 0.125, 0.3, 0.475, 0.7375], abs=1e-12
    )
    # Of those left after 3.1 months a quarter has gone by 5.4: 1 - 0.525 / 0.7.
    assert share_by(hazards, [54], gone=31) == pytest.approx([0.25], abs=1e-12)


def test_a_region_counts_like_so_many_obligations_of_the_member() -> None:
    # Member 0 delivered once, on day 10; member 1 twice, on days 20 and 30. Of the region's three
    # a third came on each day. With k = 2 the chance of day 10 is (1 + 2/3) / (1 + 2) = 5/9; on
    # day 20 it has nothing outstanding itself, so half of what is left comes, as in its region.
    hazards = arrival_hazards(
        [0, 1, 1], [10, 20, 30], [True] * 3, [0, 0], member_weight=2, region_weight=0
    )
    assert share_by(hazards, [9, 10, 20, 30]) == pytest.approx([0, 5 / 9, 7 / 9, 1], abs=1e-9)
    # A third, new member has its region's curve.
    new = arrival_hazards([0, 1, 1], [10, 20, 30], [True] * 3, [0, 0, 0], member_weight=2)
    assert share_by(new, [10, 20], member=2) == pytest.approx([1 / 3, 2 / 3], abs=1e-9)
    # Given that it has not come by day 10, half of what is left comes by day 20.
    assert share_by(new, [20], member=2, gone=10) == pytest.approx([0.5], abs=1e-9)


def test_a_region_without_history_has_everybodys() -> None:
    hazards = arrival_hazards([0, 0], [5, 15], [True, True], [0, 1], region_weight=20)
    assert share_by(hazards, [5, 15], member=1) == pytest.approx([0.5, 1], abs=1e-9)


def test_what_is_outstanding_counts_as_longer_than_so_far() -> None:
    # Three of four came on day 10; the fourth is missing on day 40: it may come on day 60, as
    # another member's did, but not before.
    hazards = arrival_hazards(
        [0, 0, 0, 0, 1], [10, 10, 10, 40, 60], [True, True, True, False, True], [0, 0]
    )
    assert share_by(hazards, [59], gone=40) == [0.0]
    assert 0 < share_by(hazards, [60], gone=40)[0] <= 1


def test_a_day_that_has_gone_leaves_no_chance() -> None:
    hazards = arrival_hazards([0, 0], [5, 15], [True, True], [0])
    share, low, high = arrival_probability(hazards, [0, 0], [7, 7], [7, 3])
    assert share.tolist() == low.tolist() == high.tolist() == [0, 0]


def test_no_arrival_anywhere_gives_no_probability() -> None:
    for member, days in (([], []), ([0], [30])):
        hazards = arrival_hazards(member, days, [False] * len(days), [0])
        assert np.isnan(arrival_probability(hazards, [0], [3], [9])).all()
        assert np.equal(
            arrival_probability(hazards, [0], [9], [3]), 0
        ).all()  # gone by all the same


def test_later_than_anything_ever_came_is_zero_with_what_cannot_be_ruled_out() -> None:
    # All came by day 15 but three, missing until day 40: seen on day 30, their chance to come
    # later has the exact 97.5 % bound of 0 of 3.
    hazards = arrival_hazards([0] * 5, [5, 15, 40, 40, 40], [True, True, *[False] * 3], [0])
    share, low, high = arrival_probability(hazards, [0], [30], [90])
    assert (share[0], low[0]) == (0, 0)
    assert high[0] == pytest.approx(1 - 0.025 ** (1 / 3))
    # Nothing was ever watched for longer than 40 days, so of what is 40 days old nothing is known.
    assert np.isnan(arrival_probability(hazards, [0], [40], [90])).all()
    # If everybody had come by then, nothing is known of such a case either.
    gone = arrival_hazards([0, 0], [5, 15], [True, True], [0])
    assert np.isnan(arrival_probability(gone, [0], [40], [90])).all()


def test_a_log_that_is_too_short_says_nothing_of_later_days() -> None:
    # The log began 30 days ago: two of four have come. By day 30 that is all that is known.
    hazards = arrival_hazards([0] * 4, [10, 20, 30, 30], [True, True, False, False], [0])
    assert share_by(hazards, [30]) == pytest.approx([0.5], abs=0.01)
    assert np.isnan(share_by(hazards, [31, 45, 90])).all()
    # Where all have come there is nothing left to know.
    done = arrival_hazards([0] * 2, [10, 20], [True, True], [0])
    assert share_by(done, [90]) == pytest.approx([1.0])


def test_the_interval_has_the_moments_of_a_product_of_beta_variables() -> None:
    rng = np.random.default_rng(1)
    hazards = arrival_hazards([0] * 6, [1, 2, 3, 4, 6, 9], [True] * 5 + [False], [0])
    chances = rng.beta(
        hazards.arriving[0, 2:5],
        hazards.waiting[0, 2:5] - hazards.arriving[0, 2:5],
        (200_000, 3),
    )
    drawn = 1 - np.prod(1 - chances, axis=1)
    share, low, high = arrival_probability(hazards, [0], [1], [4])
    assert share[0] == pytest.approx(drawn.mean(), abs=0.003)
    assert [low[0], high[0]] == pytest.approx(np.quantile(drawn, [0.025, 0.975]), abs=0.02)


def test_a_longer_history_of_the_same_gives_a_narrower_interval() -> None:
    def width(times: int) -> float:
        days = [10, 20, 30, 40] * times
        hazards = arrival_hazards([0] * len(days), days, [True] * len(days), [0])
        _, low, high = arrival_probability(hazards, [0], [5], [25])
        return float(high[0] - low[0])

    assert width(1) > width(3) > width(9) > 0


def test_arrays_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="one-dimensional arrays of one length"):
        arrival_hazards([0, 0], [1], [True], [0])


# --- The same, one day and one member at a time ---------------------------------------------------


def slow_curve(
    days: list[int], arrived: list[bool], above: list[float], weight: float
) -> list[float]:
    """Chances by day: own obligations, and so many that follow the curve above."""
    chances = []
    for day, chance in enumerate(above):
        came = sum(a and d == day for d, a in zip(days, arrived, strict=True)) + weight * chance
        waited = sum(d >= day for d in days) + weight
        chances.append(came / waited if waited else 0.0)
    return chances


def slow_share(
    cases: list[tuple[int, int, bool]],
    region: list[int],
    asked: tuple[int, int, int],
    weights: tuple[float, float],
) -> float:
    last = max((day for _, day, came in cases if came), default=0)

    def of(members: set[int]) -> tuple[list[int], list[bool]]:
        chosen = [(d, a) for m, d, a in cases if m in members]
        return [d for d, _ in chosen], [a for _, a in chosen]

    member, gone, until = asked
    everybody = slow_curve(*of(set(range(len(region)))), [0.0] * (last + 1), 0.0)
    neighbours = {m for m, r in enumerate(region) if r == region[member]}
    curve = slow_curve(*of(neighbours), everybody, weights[1])
    own = slow_curve(*of({member}), curve, weights[0])
    return 1 - math.prod(1 - own[day] for day in range(max(gone + 1, 0), min(until, last) + 1))


@st.composite
def histories(draw: st.DrawFn) -> Any:
    members = draw(st.integers(1, 4))
    region = draw(st.lists(st.integers(0, 2), min_size=members, max_size=members))
    case = st.tuples(st.integers(0, members - 1), st.integers(0, 9), st.booleans())
    cases = draw(st.lists(case, min_size=1, max_size=20))
    asked = draw(st.tuples(st.integers(0, members - 1), st.integers(-2, 12), st.integers(-1, 14)))
    weights = draw(st.tuples(st.sampled_from([0.0, 0.5, 4.0]), st.sampled_from([0.0, 3.0, 20.0])))
    return cases, region, asked, weights


@given(histories())
def test_it_is_what_a_slow_computation_gives(drawn: Any) -> None:
    cases, region, (member, gone, until), weights = drawn
    hazards = arrival_hazards(
        *([case[i] for case in cases] for i in range(3)),
        region,
        member_weight=weights[0],
        region_weight=weights[1],
    )
    share, low, high = arrival_probability(hazards, [member], [gone], [until])
    if np.isnan(share[0]):
        last = max((day for _, day, came in cases if came), default=None)
        assert (
            last is None
            or (gone >= last and not any(day > gone for _, day, _ in cases))
            or (gone < last and until > max(day for _, day, _ in cases))
        )
        return
    slow = slow_share(cases, region, (member, gone, until), weights) if until > gone else 0.0
    assert share[0] == pytest.approx(slow, abs=1e-9)
    assert 0 <= low[0] <= high[0] <= 1


@given(histories())
def test_a_later_day_is_never_less_probable(drawn: Any) -> None:
    cases, region, (member, gone, _), weights = drawn
    hazards = arrival_hazards(
        *([case[i] for case in cases] for i in range(3)),
        region,
        member_weight=weights[0],
        region_weight=weights[1],
    )
    share = arrival_probability(hazards, [member] * 16, [gone] * 16, range(gone, gone + 16))[0]
    known = share[~np.isnan(share)]
    assert (np.diff(known) >= -1e-12).all()


def test_it_agrees_with_scipy_on_a_single_censored_history() -> None:
    rng = np.random.default_rng(7)
    days, died = rng.integers(0, 60, 80), rng.random(80) < 0.7
    hazards = arrival_hazards([0] * 80, days, died, [0], member_weight=0, region_weight=0)
    curve = stats.ecdf(stats.CensoredData(uncensored=days[died], right=days[~died])).cdf
    last = int(days[died].max())
    asked = np.arange(last + 1)
    expected = curve.evaluate(asked)
    found = arrival_probability(hazards, [0] * asked.size, [-1] * asked.size, asked)[0]
    assert found == pytest.approx(expected, abs=1e-9)
