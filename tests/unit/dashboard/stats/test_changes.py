"""Changes like for like, against a slow formula and by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.stats.changes import EFFECTS, PARTS, like_for_like, price_and_quantity

ROWS = st.dictionaries(
    st.tuples(st.sampled_from(["KEN", "FRA", "USA"]), st.integers(0, 3)),
    st.tuples(st.integers(0, 100), st.none() | st.integers(0, 100)),
)


def _table(rows: dict[Any, Any]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "iso3": [iso3 for iso3, _ in rows],
            "place": [place for _, place in rows],
            "value_usd": np.array([value for value, _ in rows.values()], dtype=float),
            "mass_kg": np.array([mass for _, mass in rows.values()], dtype=float),
        }
    )


@given(ROWS, ROWS)
def test_parts_are_those_of_a_plain_loop(now: dict[Any, Any], base: dict[Any, Any]) -> None:
    found = like_for_like(_table(now), _table(base)).set_index("part")
    assert found.index.tolist() == list(PARTS)
    expected = {part: [0.0] * 5 for part in PARTS}
    for key in {*now, *base}:
        part = "both" if key in now and key in base else "now_only" if key in now else "base_only"
        for at, table in ((0, now), (2, base)):
            value, mass = table.get(key, (0, 0))
            expected[part][at] += value
            expected[part][at + 1] += mass or 0
        expected[part][4] += 1
    names = ["value_usd", "mass_kg", "base_value_usd", "base_mass_kg", "n"]
    for part in PARTS:
        assert found.loc[part, names].tolist() == pytest.approx(expected[part])


def test_a_period_that_came_late_is_not_a_fall() -> None:
    base = _table({("KEN", 0): (10, 1), ("KEN", 1): (10, 1)})
    now = _table({("KEN", 0): (12, 1)})
    found = like_for_like(now, base).set_index("part")
    assert found.loc["both", "value_usd"] - found.loc["both", "base_value_usd"] == 2
    assert found.loc["base_only", "base_value_usd"] == 10


NUMBER = st.just(0.0) | st.floats(1, 1e6) | st.just(float("nan"))
CELLS = st.lists(st.tuples(*[NUMBER] * 4, *[st.floats(0, 1)] * 2), min_size=1, max_size=8)


@given(CELLS)
def test_effects_add_up_to_the_change_and_are_those_of_a_plain_loop(
    drawn: list[tuple[float, ...]],
) -> None:
    table = np.array(drawn)
    cells = pd.DataFrame(
        table[:, :4], columns=["value_usd", "mass_kg", "base_value_usd", "base_mass_kg"]
    ).assign(weighed_usd=table[:, 0] * table[:, 4], base_weighed_usd=table[:, 2] * table[:, 5])
    found = price_and_quantity(cells).set_index("effect")
    assert found.index.tolist() == list(EFFECTS)
    expected = dict.fromkeys(EFFECTS, 0.0)
    for value, mass, before, base_mass, share, base_share in np.nan_to_num(table):
        weighed, base_weighed = value * share, before * base_share
        if not value or not before:
            expected["gone" if before else "new"] += value - before
            continue
        is_split = bool(mass and base_mass and weighed and base_weighed) and (
            1 / 4 <= weighed / mass / (base_weighed / base_mass) <= 4
        )
        if is_split:
            p, q, p0, q0 = weighed / mass, mass, base_weighed / base_mass, base_mass
            expected["price"] += (p - p0) * (q + q0) / 2
            expected["quantity"] += (q - q0) * (p + p0) / 2
            expected["unweighed"] += (value - weighed) - (before - base_weighed)
        else:
            expected["unweighed"] += value - before
    assert found["effect_usd"].to_dict() == pytest.approx(expected, rel=1e-9, abs=1e-2)
    total = cells["value_usd"].sum() - cells["base_value_usd"].sum()
    assert found["effect_usd"].sum() == pytest.approx(total, rel=1e-9, abs=1e-2)
    parts = found.loc[["price", "new", "gone", "unweighed"]]
    assert parts["value_usd"].sum() == pytest.approx(cells["value_usd"].sum())


def _cell(value: float, mass: float, weighed: float, base: float) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "value_usd": [value],
            "mass_kg": [mass],
            "weighed_usd": [weighed],
            "base_value_usd": [base],
            "base_mass_kg": [10.0],
            "base_weighed_usd": [base],
        }
    )


def test_the_same_goods_at_a_higher_price_are_all_price() -> None:
    found = price_and_quantity(_cell(30.0, 10.0, 30.0, 20.0))
    assert found["effect_usd"].tolist() == [10.0, 0.0, 0.0, 0.0, 0.0]


def test_a_record_without_a_weight_is_no_higher_price() -> None:
    found = price_and_quantity(_cell(30.0, 10.0, 20.0, 20.0))
    assert found["effect_usd"].tolist() == [0.0, 0.0, 0.0, 0.0, 10.0]
