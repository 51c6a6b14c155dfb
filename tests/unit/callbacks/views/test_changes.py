"""The frames of the changes view: what they add to the queries, and what they depend on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from callbacks.views.changes import FRAMES, VIEW
from callbacks.views.changes_frames import placed, with_changes
from callbacks.views.changes_time import grids
from dashboard.selection import Selection

BY_NAME = {frame.name: frame for frame in FRAMES}


def _sent(iso3: list[str], periods: list[int]) -> pd.DataFrame:
    return pd.DataFrame({"iso3": iso3, "period_id": periods})


def test_periods_have_their_place_in_the_range() -> None:
    values = _sent(["KEN", "KEN"], [202411, 202502]).assign(
        value_usd=[1.0, 2.0], mass_kg=[1.0, 2.0]
    )
    reported = _sent(["KEN"] * 3, [202411, 202412, 202502])
    found = placed(values, reported, Selection(first="2024-11", last="2025-03"))
    assert dict(zip(found["period_id"], found["place"], strict=True)) == {
        202411: 0,
        202412: 1,
        202502: 3,
    }
    years = _sent(["KEN", "KEN"], [2019, 2021])
    found = placed(
        years.assign(value_usd=1.0, mass_kg=1.0), years, Selection(first="2019-01", last="2021-12")
    )
    assert found["place"].tolist() == [0, 2]


def test_what_is_not_there_counts_as_nothing() -> None:
    table = pd.DataFrame(
        {
            "value_usd": [5.0, np.nan],
            "base_value_usd": [np.nan, 3.0],
            "mass_kg": [np.nan, np.nan],
            "base_mass_kg": [np.nan, 1.0],
        }
    )
    found = with_changes(table)
    assert found["value_change_usd"].tolist() == [5.0, -3.0]
    assert found["mass_change_kg"].tolist() == [0.0, -1.0]


def test_no_trade_is_nothing_and_no_report_is_missing() -> None:
    values = _sent(["KEN"], [202401]).assign(value_usd=[7.0], mass_kg=[np.nan])
    reported = _sent(["KEN", "KEN", "FRA"], [202401, 202402, 202403])
    found = grids(values, reported, [202401, 202402, 202403])
    assert np.array_equal(
        found["value_usd"],
        np.array([[7.0, 0.0, np.nan], [np.nan, np.nan, 0.0]]),
        equal_nan=True,
    )
    assert found["mass_kg"][0, 0] == 0.0


def test_only_comparisons_depend_on_the_base() -> None:
    of_the_base = {name for name, frame in BY_NAME.items() if "base" in frame.fields}
    compared = {name for name in BY_NAME if name.startswith("change_")} | {"compared_series"}
    assert of_the_base == compared
    # What is of all periods held is not read again when the range changes.
    for name in ("seasonal_series", "region_shares", "section_shares"):
        assert not BY_NAME[name].fields & {"first", "last"}
    assert {frame for panel in VIEW.panels for frame in panel.frames} == set(BY_NAME)
