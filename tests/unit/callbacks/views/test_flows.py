"""The frames of the flows view: what they add to the queries, and what they depend on."""

from __future__ import annotations

import pandas as pd
import pytest

from callbacks.views import flows as view
from callbacks.views.flows import FRAMES, MIRROR_COLUMNS, VIEW, with_mirror_ratio
from dashboard.words import read_words
from layouts.panels import panel_frame

BY_NAME = {frame.name: frame for frame in FRAMES}


def _compared(**keys: list[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            **keys,
            "partner_region_id": ["europe", "americas"],
            "reported_usd": [100.0, 80.0],
            "mirrored_usd": [212.0, 0.0],
            "reported_only_usd": [0.0, 5.0],
            "mirrored_only_usd": [1.0, 0.0],
            "estimated_share": [0.0, 0.5],
            "matched_count": [3, 0],
            "cell_count": [4, 1],
        }
    )


def test_the_ratio_takes_the_margin_from_the_partners_imports() -> None:
    found = with_mirror_ratio(_compared(partner_iso3=["FRA", "USA"]), "X", 0.06)
    assert found["mirror_ratio"].iloc[0] == pytest.approx(100 / (212 / 1.06))
    assert pd.isna(found["mirror_ratio"].iloc[1])
    assert list(found.columns) == [column.name for column in MIRROR_COLUMNS]


def test_the_ratio_takes_the_margin_from_our_imports() -> None:
    found = with_mirror_ratio(_compared(partner_iso3=["FRA", "USA"]), "M", 0.06)
    assert found["mirror_ratio"].iloc[0] == pytest.approx((100 / 1.06) / 212)


def test_keys_that_are_not_compared_are_missing() -> None:
    partners = with_mirror_ratio(_compared(partner_iso3=["FRA", "USA"]), "X", 0.06)
    assert partners["reporter_region_id"].isna().all()
    assert partners["partner_iso3"].tolist() == ["FRA", "USA"]
    regions = with_mirror_ratio(_compared(reporter_region_id=["europe", "europe"]), "X", 0.06)
    assert regions["partner_iso3"].isna().all()
    assert regions["reporter_region_id"].tolist() == ["europe", "europe"]


def test_re_exports_are_not_compared() -> None:
    found = with_mirror_ratio(_compared(partner_iso3=["FRA", "USA"]), "RX", 0.06)
    assert found.empty
    assert list(found.columns) == [column.name for column in MIRROR_COLUMNS]


def test_regions_and_members_are_compared_and_do_not_filter_matrix_and_map() -> None:
    for name in ("region_flows", "member_trade"):
        assert not BY_NAME[name].fields & {"regions", "members"}


def test_a_measure_is_a_column_and_sends_no_query_but_where_it_ranks() -> None:
    dependent = {name for name, frame in BY_NAME.items() if "measure" in frame.fields}
    assert dependent == {"pair_flows", "trade_facts"}


def test_the_history_does_not_depend_on_the_range_and_the_series_does() -> None:
    assert not BY_NAME["trade_history"].fields & {"first", "last"}
    assert {"first", "last"} <= BY_NAME["trade_series"].fields


def test_the_source_changes_every_frame_that_shows_one_side() -> None:
    one_sided = set(BY_NAME) - {"mirror_trade", "stated_totals", "source_totals"}
    assert all("source" in BY_NAME[name].fields for name in one_sided)
    assert "source" not in BY_NAME["mirror_trade"].fields


@pytest.mark.parametrize("panel", VIEW.panels, ids=lambda panel: panel.id)
def test_a_panel_redraws_when_the_highlight_changes(panel: object) -> None:
    assert panel.fields >= view.LINK_FIELDS  # type: ignore[attr-defined]


def test_the_answer_in_words_is_announced_from_a_place_that_stays() -> None:
    panel = next(one for one in VIEW.panels if one.id == "answers")
    frame = panel_frame(VIEW, panel, read_words("en"))
    places = [part for part in frame._traverse() if getattr(part, "className", "") == "block"]
    assert [place.role for place in places] == ["status"]
    others = [one for one in VIEW.panels if one.id != "answers"]
    assert not any(one.is_announced for one in others)
