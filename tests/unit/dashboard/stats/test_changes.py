"""Changes like for like, against a slow formula and by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.stats.changes import PARTS, like_for_like

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
