"""The year of the annual page is the last whole one of the range."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dashboard.selection import Selection
from dashboard.year import chosen_year, whole_years
from tests.support.catalogues import CATALOGUE


@pytest.mark.parametrize(
    ("last", "year"), [("2025-12", 2025), ("2025-11", 2024), ("2024-01", 2023), ("2016-05", 2016)]
)
def test_a_year_that_has_not_ended_is_not_the_year(last: str, year: int) -> None:
    assert chosen_year(Selection(last=last), CATALOGUE) == year


def test_the_years_to_choose_from_have_ended() -> None:
    assert whole_years(CATALOGUE, 3) == [2025, 2024, 2023]
    open_year = replace(CATALOGUE, months=("2023-04", "2025-11"))
    assert whole_years(open_year, 9) == [2024, 2023]
