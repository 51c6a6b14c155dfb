"""Hold the indices of many groups to published cases and to the indices of one group."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.stats.grouped_trade import grubel_lloyd_by, herfindahl_by, yearly_per_base
from dashboard.stats.trade import grubel_lloyd_aggregate, herfindahl

ROWS = st.lists(
    st.tuples(st.sampled_from("abc"), st.floats(1, 1e9), st.floats(0, 1e9)),
    min_size=1,
    max_size=30,
)


def test_concentration_equals_the_published_example_in_each_group() -> None:
    # US Department of Justice and FTC, Horizontal Merger Guidelines (1992), note 17
    groups = pd.Series(list("aaaab"))
    found = herfindahl_by(groups, pd.Series([30.0, 30.0, 20.0, 20.0, 5.0]))
    assert found.to_dict() == pytest.approx({"a": 0.26, "b": 1.0})


@given(ROWS)
def test_each_group_is_what_it_would_be_alone(rows: list[tuple[str, float, float]]) -> None:
    table = pd.DataFrame(rows, columns=["group", "out", "into"])
    hhi = herfindahl_by(table["group"], table["out"])
    two_way = grubel_lloyd_by(table["group"], table["out"], table["into"])
    for name, cells in table.groupby("group"):
        assert hhi[name] == pytest.approx(float(herfindahl(cells["out"].to_numpy())))
        alone = grubel_lloyd_aggregate(cells["out"].to_numpy(), cells["into"].to_numpy())
        assert two_way[name] == pytest.approx(float(alone), abs=1e-9)


def test_a_group_without_trade_has_neither() -> None:
    groups, nothing = pd.Series(["a", "a"]), pd.Series([0.0, 0.0])
    assert np.isnan(herfindahl_by(groups, nothing)["a"])
    assert np.isnan(grubel_lloyd_by(groups, nothing, nothing)["a"])


def test_a_missing_value_is_no_part_of_its_group() -> None:
    found = herfindahl_by(pd.Series(["a", "a", "a"]), pd.Series([1.0, 1.0, np.nan]))
    assert found["a"] == pytest.approx(0.5)


def test_yearly_trade_is_a_sum_over_a_sum_of_those_that_have_both() -> None:
    # 120 in 2 years and 30 in half a year are 60 and 60 a year, of 10 and 20 people: 4 each.
    groups = pd.Series(["a", "a", "a", "a", "b"])
    values = pd.Series([120.0, 30.0, 9.0, 9.0, 9.0])
    years = pd.Series([2.0, 0.5, 1.0, 0.0, np.nan])
    people = pd.Series([10.0, 20.0, np.nan, 5.0, 5.0])
    found = yearly_per_base(groups, values, years, people)
    assert found["a"] == pytest.approx(4.0)
    assert np.isnan(found["b"])
