"""How telling facts are, and which of them are told."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.stats.telling import FACTS_TOLD, excess_ratio, excess_share, most_telling


def test_equal_shares_tell_nothing_and_a_single_part_all() -> None:
    assert excess_share(0.25, 4) == pytest.approx(0.0)
    assert excess_share(1.0, 4) == pytest.approx(1.0)
    # By hand: (0.7 - 0.5) / 0.5.
    assert excess_share(0.7, 2) == pytest.approx(0.4)


def test_there_is_nothing_to_say_of_a_single_part() -> None:
    assert math.isnan(excess_share(1.0, 1))


@given(st.floats(1e-6, 1e6))
def test_a_ratio_tells_as_much_as_its_inverse(ratio: float) -> None:
    assert excess_ratio(ratio) == pytest.approx(excess_ratio(1 / ratio), abs=1e-9)
    assert 0 <= excess_ratio(ratio) < 1


def test_a_missing_ratio_tells_nothing() -> None:
    assert math.isnan(excess_ratio(float("nan")))


def test_one_fact_of_each_group_is_told() -> None:
    assert most_telling([0.2, 0.5, 0.4], ["where", "where", "what"], [False] * 3) == [1, 2]


def test_a_serious_caveat_takes_the_last_place() -> None:
    telling, group = [0.9, 0.8, 0.7, 0.1], ["a", "b", "c", "quality"]
    assert most_telling(telling, group, [False, False, False, True]) == [0, 1, 3]


def test_a_slight_caveat_does_not_push_out_a_fact() -> None:
    telling, group = [0.9, 0.8, 0.7, 0.09], ["a", "b", "c", "quality"]
    assert most_telling(telling, group, [False, False, False, True]) == [0, 1, 2]


def test_a_caveat_that_wins_a_place_stands_last() -> None:
    assert most_telling([0.5, 0.9, 0.4], list("abc"), [False, True, False]) == [0, 2, 1]


def test_facts_without_a_number_are_left_out() -> None:
    assert most_telling([float("nan"), 0.1], ["a", "b"], [False, False]) == [1]


@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from("abcde"), st.booleans()), max_size=12))
def test_never_more_facts_than_are_told(facts: list[tuple[float, str, bool]]) -> None:
    columns = [[fact[i] for fact in facts] for i in range(3)]
    found = most_telling(*columns)  # type: ignore[arg-type]
    assert len(found) == len(set(found)) <= FACTS_TOLD
    assert len({facts[place][1] for place in found}) == len(found)
