"""The annual page: each chart's finding is what its figures say, and an empty year says so."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest
from plotly.utils import PlotlyJSONEncoder

from callbacks.views.year import VIEW, at_year_end, in_year
from dashboard.framework import read_framework
from dashboard.selection import Selection
from dashboard.words import read_words
from layouts import year as drawings
from layouts.palette import LIGHT
from layouts.panels import Drawing
from layouts.scene import Scene
from tests.support.catalogues import CATALOGUE, NAMES

CHOSEN = Selection(first="2024-01", last="2024-12")


def _scene(language: str = "en", **more: Any) -> Scene:
    framework, _ = read_framework()
    chosen = Selection(first="2024-01", last="2024-12", language=language, **more)
    return Scene(
        selection=chosen.resolve(CATALOGUE),
        chosen=chosen,
        words=read_words(language),
        names=NAMES,
        palette=LIGHT,
        catalogue=CATALOGUE,
        framework=framework,
        info={},
    )


def _regions(column: str, *rows: tuple[str, float]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["region_id", column])
    low, high = table[column] - 0.01, table[column] + 0.01
    return table.assign(
        low=low, high=high, quality_score_low=low, quality_score_high=high, group=table["region_id"]
    )


def _ranking(*rows: tuple[str, str, float, float]) -> pd.DataFrame:
    """Member, tier, change of places and its lower limit."""
    table = pd.DataFrame(rows, columns=["member_iso3", "tier", "change", "change_low"])
    return table.assign(rank=1, change_high=table["change"] + 5, region_id="europe")


FRAMES: dict[str, pd.DataFrame] = {
    "year_status": pd.DataFrame(
        {"period_id": [202401, 202402], "on_time": [5, 6], "late": [2, 1], "unknown": [0, 0]}
        | {"overdue": [3, 3]}
    ),
    "year_on_time": _regions("on_time_share", ("europe", 0.7), ("americas", 0.9), ("all", 0.8)),
    "year_delays": _regions("median_delay_days", ("europe", 31), ("americas", 40)).drop(
        columns="region_id"
    ),
    "year_quality": _regions("quality_score", ("europe", 88.0), ("americas", 80.0)),
    "year_rules": pd.DataFrame(
        {"rule_id": ["negative_value", "missing_partner"], "submissions_failing": [4, 9]}
    ),
    "collection_coverage": pd.DataFrame(
        {
            "collection_id": ["trade_monthly", "trade_monthly", "trade_annual", "trade_monthly"],
            "period_id": [202401, 202402, 2024, 202301],
            "owed_count": [10, 10, 5, 99],
            "received_count": [9, 7, 4, 0],
        }
    ),
    "year_flows": pd.DataFrame(
        {
            "reporter_region_id": ["europe", "americas", "outside"],
            "partner_region_id": ["americas", "europe", "europe"],
            "value_usd": [3e9, 5e9, 9e9],
        }
    ),
    "year_ranking": _ranking(("KEN", "gold", 12, 4), ("FRA", "gold", 20, -3), ("UGA", "x", -5, -9)),
    "year_ranking_before": _ranking(("KEN", "x", 0, 0), ("FRA", "gold", 0, 0)),
    "year_results": pd.DataFrame(
        {"strategy_id": ["1", "1", "2"], "status": ["on_track", "off_track", "on_track"]}
    ),
    "year_series": pd.DataFrame(
        {
            "key_result_id": ["unbroken_members"] * 3 + ["trained_officers"] * 2,
            "measured_on": pd.to_datetime(
                ["2023-12-31", "2024-06-30", "2025-01-31", "2023-12-31", "2024-12-31"]
            ),
            "value": [0.6, 0.65, 0.9, 100.0, 180.0],
        }
    ),
}
FOUND = {
    "received": "14 of 20 submissions came",
    "on_time": "Americas was most on time: 90 %",
    "delay": "Half had come after 31 days in Europe, after 40 days in Americas",
    "unbroken": "65 % of members missed no period (+5.0 points)",
    "quality": "Europe sent the best data: 88.0 of 100",
    "rules": "failed most: in 9 submissions",
    "covered": "80 % of all that was owed came",
    "flows": "Americas → Europe was the largest flow: USD 5.0 bn",
    "tiers": "2 members, 1 a year before",
    "improved": "Kenya gained most: 12 places",
    "results": "2 of 3 key results on track",
    "training": "80 officers trained",
}


def _panel(name: str) -> Any:
    return next(panel for panel in VIEW.panels if panel.id == name)


def test_the_page_has_twelve_charts_and_the_stage_all_of_them() -> None:
    assert [panel.id for panel in VIEW.panels] == list(FOUND)
    assert all(panel.is_staged and panel.kind == "chart" for panel in VIEW.panels)


@pytest.mark.parametrize("name", list(FOUND))
def test_each_chart_has_its_finding_as_title(name: str) -> None:
    drawing: Drawing = _panel(name).draw(FRAMES, _scene())
    assert FOUND[name] in str(drawing.title)
    assert "2024" in drawing.subtitle
    assert drawing.figure is not None
    go.Figure(drawing.figure)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", list(FOUND))
def test_an_empty_year_says_so(name: str, language: str) -> None:
    empty = {key: frame.head(0) for key, frame in FRAMES.items()}
    drawing = _panel(name).draw(empty, _scene(language))
    assert "2024" in str(drawing.empty)


def test_a_rise_that_may_be_chance_is_told_as_such() -> None:
    unclear = {**FRAMES, "year_ranking": _ranking(("FRA", "gold", 20, -3))}
    assert "No rise beyond chance" in str(drawings.draw_improved(unclear, _scene()).title)


def test_the_chosen_region_stands_out() -> None:
    drawing = drawings.draw_on_time(FRAMES, _scene(regions=("europe",)))
    assert drawing.figure is not None
    assert drawing.figure["data"][0]["marker"]["opacity"] == [0.28, 1.0]


def test_the_buttons_set_the_range_to_a_whole_year() -> None:
    text = json.dumps(drawings.controls(_scene()), cls=PlotlyJSONEncoder)
    assert "month:2025-01|2025-12" in text and "month:2020-01|2020-12" in text


def test_frames_are_read_for_the_year_and_as_of_its_end() -> None:
    resolved = CHOSEN.resolve(CATALOGUE)
    assert (in_year(resolved, CATALOGUE).first, in_year(resolved, CATALOGUE).last) == (
        "2024-01",
        "2024-12",
    )
    assert in_year(resolved, CATALOGUE, before=1).first == "2023-01"
    assert str(at_year_end(resolved, CATALOGUE).as_of) == "2024-12-31"
    past = Selection(last="2024-12", as_of=CATALOGUE.known_from).resolve(CATALOGUE)
    assert at_year_end(past, CATALOGUE).as_of == CATALOGUE.known_from
