"""Which range is the base: the chosen one, earlier years, just before, or part of the range."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.comparing import comparison
from dashboard.selection import Selection, months_between, shift_month
from tests.support.catalogues import CATALOGUE


def _found(**chosen: str) -> tuple[str, str, str, str, str]:
    found = comparison(Selection(**chosen).resolve(CATALOGUE), CATALOGUE)  # type: ignore[arg-type]
    assert found is not None
    return (found.first, found.last, found.base_first, found.base_last, found.kind)


@pytest.mark.parametrize(
    ("chosen", "base", "kind"),
    [
        ({"first": "2025-01", "last": "2025-03"}, ("2024-01", "2024-03"), "years_before"),
        ({"first": "2024-01", "last": "2024-12"}, ("2023-01", "2023-12"), "years_before"),
        ({"first": "2022-12", "last": "2023-12"}, ("2020-12", "2021-12"), "years_before"),
        ({"first": "2016-07", "last": "2016-09"}, ("2016-04", "2016-06"), "just_before"),
        (
            {"first": "2025-01", "last": "2025-03", "base": "2024-10"},
            ("2024-10", "2024-12"),
            "chosen",
        ),
    ],
)
def test_the_base_is_as_long_and_before(
    chosen: dict[str, str], base: tuple[str, str], kind: str
) -> None:
    assert _found(**chosen) == (chosen["first"], chosen["last"], *base, kind)


def test_years_are_compared_with_years() -> None:
    found = _found(collection="trade_annual", first="2021-05", last="2022-03")
    assert found == ("2021-01", "2022-12", "2019-01", "2020-12", "years_before")
    found = _found(collection="trade_annual", first="2021-01", last="2022-12", base="2017-06")
    assert found == ("2021-01", "2022-12", "2017-01", "2018-12", "chosen")


def test_a_range_as_long_as_what_is_held_is_compared_with_itself_in_part() -> None:
    assert _found(first="2016-01", last="2018-07") == (
        *("2017-08", "2018-07"),
        *("2016-08", "2017-07"),
        "shortened",
    )
    assert _found(first="2016-01", last="2016-05") == (
        *("2016-04", "2016-05"),
        *("2016-02", "2016-03"),
        "shortened",
    )


def test_a_base_in_the_range_is_not_taken() -> None:
    chosen = Selection(first="2025-01", last="2025-03", base="2024-11").resolve(CATALOGUE)
    found = comparison(chosen, CATALOGUE)
    assert found is not None and found.base_first == "2024-01"


def test_one_period_or_no_trade_cannot_be_compared() -> None:
    one = Selection(first="2016-01", last="2016-01").resolve(CATALOGUE)
    assert comparison(one, CATALOGUE) is None
    assert comparison(one, replace(CATALOGUE, traded={})) is None


@given(st.integers(0, 119), st.integers(1, 60))
def test_ranges_are_equally_long_and_apart(start: int, length: int) -> None:
    first = shift_month("2016-01", start)
    chosen = Selection(first=first, last=shift_month(first, length - 1)).resolve(CATALOGUE)
    found = comparison(chosen, CATALOGUE)
    if found is not None:
        assert months_between(found.first, found.last) == months_between(
            found.base_first, found.base_last
        )
        assert "2016-01" <= found.base_first <= found.base_last < found.first
