"""What the frames of the way down through trade depend on, and how rows become items."""

from __future__ import annotations

import pandas as pd
import pytest

from callbacks.views.explore import FRAMES, VIEW
from callbacks.views.explore_frames import item_table, keyed
from dashboard.measures import LEVELS, TRADE_MEASURES
from queries.explore import ITEM_COLUMN

BY_NAME = {frame.name: frame for frame in FRAMES}


def _rows(**columns: list[object]) -> pd.DataFrame:
    count = len(next(iter(columns.values())))
    plain = {"flow_code": ["X"] * count, "mass_kg": [1.0] * count, "row_count": [1] * count}
    return pd.DataFrame({**plain, "estimated_usd": [0.0] * count, **columns})


def test_every_measure_is_in_the_frame_whichever_is_chosen() -> None:
    for name in ("drill_items", "member_measures"):
        assert set(TRADE_MEASURES) <= {column.name for column in BY_NAME[name].columns}
        assert "measure" not in BY_NAME[name].fields
    assert set(ITEM_COLUMN) == set(LEVELS)


def test_the_dots_stay_when_members_are_chosen() -> None:
    assert "members" not in BY_NAME["member_measures"].fields
    scatter = next(panel for panel in VIEW.panels if panel.id == "scatter")
    assert {"members", "measure"} <= scatter.fields


def test_items_are_texts_that_an_event_can_carry() -> None:
    sections = keyed(pd.DataFrame({"section_id": [1, 16]}), "section")
    assert sections["item"].tolist() == ["S1", "S16"]
    headings = keyed(pd.DataFrame({"commodity_code": ["030214", "0303", "03"]}), "heading")
    assert headings["item"].tolist() == ["0302", "0303", "03"]


def test_an_item_is_the_sum_of_its_rows_of_the_flow() -> None:
    rows = _rows(
        item=["a", "a", "b", "b"],
        flow_code=["X", "X", "X", "M"],
        value_usd=[60.0, 20.0, 20.0, 500.0],
        estimated_usd=[0.0, 40.0, 0.0, 0.0],
        mass_kg=[5.0, 5.0, float("nan"), 9.0],
        weighed_usd=[60.0, 10.0, 0.0, 500.0],
    )
    found = item_table(rows, "X").set_index("item")
    assert found.index.tolist() == ["a", "b"]
    assert found["value_usd"].tolist() == [80.0, 20.0]
    assert found["trade_share"].tolist() == [0.8, 0.2]
    assert found["estimated_share"].tolist() == [0.5, 0.0]
    # 70 dollars of the records that give a weight, over their 10 kilograms.
    assert found["unit_value"].iloc[0] == pytest.approx(7.0)
    assert found["unit_value"].isna().tolist() == [False, True]
