"""Half-years and years of a range."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from dashboard.selection import months_between, shift_month
from dashboard.spans import FEWEST, MOST, steps_within

MONTHS = st.integers(0, 200).map(lambda count: shift_month("2005-01", count))


def test_four_years_are_eight_half_years_and_five_are_years() -> None:
    assert steps_within("2021-01", "2024-12", "2010-01").names == (
        *("2024-12", "2024-06", "2023-12", "2023-06", "2022-12", "2022-06", "2021-12", "2021-06"),
        "2020-12",
    )
    years = steps_within("2020-01", "2024-12", "2010-01")
    assert (years.months, len(years.names)) == (12, 6)


def test_a_short_range_is_shown_with_what_was_before_it() -> None:
    assert len(steps_within("2024-10", "2024-12", "2010-01").names) == FEWEST + 1


@given(first=MONTHS, length=st.integers(0, 150), begins=MONTHS)
def test_no_span_but_the_last_begins_before_there_is_data(
    first: str, length: int, begins: str
) -> None:
    last = shift_month(first, length)
    steps = steps_within(first, last, begins)
    shown = steps.names[:-1]
    assert 1 <= len(shown) <= MOST
    assert shown[0] == last
    assert all(months_between(b, a) == steps.months + 1 for a, b in itertools.pairwise(shown))
    if len(shown) > 1:
        assert shift_month(shown[-1], 1 - steps.months) >= begins
