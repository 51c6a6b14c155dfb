"""What is held: its tables, the coverage map, gaps, and what is said where there is nothing."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.utils import PlotlyJSONEncoder

from dashboard.framework import read_framework
from dashboard.selection import Selection
from dashboard.words import read_words
from layouts import data_held as drawings
from layouts.palette import LIGHT
from layouts.panels import Drawing
from layouts.scene import Scene
from tests.support.catalogues import CATALOGUE, NAMES

COLLECTIONS = pd.DataFrame(
    {
        "collection_id": ["trade_monthly", "revenue_monthly"],
        "domain": ["trade", "revenue"],
        "frequency": ["M", "M"],
        "due_days": [45, 30],
        "first_period_id": pd.array([202401, None], dtype="Int64"),
        "last_period_id": pd.array([202412, None], dtype="Int64"),
        "periods_held": [12, 0],
        "members_held": [180, 0],
        "submission_count": [2100, 0],
        "row_count": [123456, 0],
        "last_received_on": [pd.Timestamp("2025-05-28"), pd.NaT],
        "days_since": pd.array([4, None], dtype="Int64"),
        "log_began_on": [pd.Timestamp("2016-02-11"), pd.NaT],
    }
)
COVERAGE = pd.DataFrame(
    {
        "collection_id": ["trade_annual", "trade_annual"] + ["trade_monthly"] * 3,
        "period_id": [2023, 2024, 202401, 202402, 202404],
        "owed_count": [10, 10, 10, 10, 10],
        "received_count": [10, 4, 10, 8, 0],
        "received_share": [1.0, 0.4, 1.0, 0.8, 0.0],
    }
)
FILES = pd.DataFrame(
    {
        "load_id": [1],
        "file_name": ["kenya.csv"],
        "kind": ["trade"],
        "layout_id": ["comtrade_current"],
        "collection_id": ["trade_monthly"],
        "loaded_at": [pd.Timestamp("2025-05-28 10:00")],
        "rows_read": [1204],
        "rows_loaded": [1200],
        "rows_control": [3],
        "rows_finding": [1],
        "submissions_new": [2],
        "submissions_revised": [0],
        "submissions_unchanged": [1],
    }
)
GAPS = pd.DataFrame(
    {
        "kind": ["never_submitted", "empty_period"],
        "collection_id": ["trade_monthly", "trade_monthly"],
        "member_iso3": ["NAM", None],
        "region_id": ["east_southern_africa", None],
        "period_id": pd.array([None, 202404], dtype="Int64"),
        "owed_count": [12, 10],
    }
)


def _scene(**chosen: Any) -> Scene:
    framework, _ = read_framework()
    selection = Selection(as_of=date(2025, 6, 1), **chosen)
    return Scene(
        selection=selection.resolve(CATALOGUE),
        chosen=selection,
        words=read_words(selection.language),
        names=NAMES,
        palette=LIGHT,
        catalogue=CATALOGUE,
        framework=framework,
        info={"source": "Sample"},
    )


def _text(drawing: Drawing) -> str:
    assert drawing.children is not None, drawing.empty
    return json.dumps(drawing.children, cls=PlotlyJSONEncoder, ensure_ascii=False)


def test_a_collection_is_told_with_its_freshness_and_can_be_selected() -> None:
    text = _text(drawings.draw_collections({"collections_held": COLLECTIONS}, _scene()))
    for part in ("Jan 2024 – Dec 2024 (12)", "123,456", "4 days", "28 May 2025", "nothing yet"):
        assert part in text
    assert '"data-event": "collection:revenue_monthly"' in text


def test_a_year_is_as_wide_as_its_months_and_a_gap_stays_a_gap() -> None:
    drawing = drawings.draw_coverage({"collection_coverage": COVERAGE}, _scene())
    assert drawing.figure is not None
    go.Figure(drawing.figure)
    monthly, after_gap, annual = drawing.figure["data"]
    january = 2024 * 12
    assert monthly["x"] == [january, january + 1, january + 2]
    assert after_gap["x"] == [january + 3, january + 4]
    assert annual["x"] == [january - 12, january, january + 12]
    assert annual["z"] == [[4, 0]]
    assert after_gap["z"] == [[0]]
    assert annual["customdata"] == [["collection:trade_annual"] * 2]


def test_the_rows_of_a_file_are_accounted_for() -> None:
    drawing = drawings.draw_files({"files_loaded": FILES}, _scene())
    text = _text(drawing)
    for part in ("kenya.csv", "trade, comtrade_current", '"1,204"', "2 new, 1 unchanged"):
        assert part in text
    assert "Files: 1" in drawing.subtitle


def test_silent_members_and_empty_periods_are_named() -> None:
    text = _text(drawings.draw_gaps({"known_gaps": GAPS}, _scene()))
    assert "Never submitted (1):" in text
    assert '"data-event": "member:NAM"' in text
    assert "Periods without any data (1):" in text
    assert "Apr 2024" in text


def test_no_gap_is_good_news_not_an_empty_panel() -> None:
    drawing = drawings.draw_gaps({"known_gaps": GAPS.head(0)}, _scene())
    assert drawing.empty is None
    assert "No gap is known" in _text(drawing)


def test_facts_tell_version_framework_and_where_the_data_is() -> None:
    facts = pd.DataFrame(
        {
            "name": ["version", "built_at", "framework_version", "method_version"],
            "value": ["20260101t000000x000000", "2026-01-01T06:07:08Z", "7", "1"],
        }
    )
    text = _text(drawings.draw_facts({"warehouse_facts": facts}, _scene()))
    for part in ("20260101t000000x000000", "1 Jan 2026, 06:07 UTC", "version 7", "/data/"):
        assert part in text


def test_what_is_empty_says_what_to_do() -> None:
    scene = _scene(language="fr")
    for drawing in (
        drawings.draw_collections({"collections_held": COLLECTIONS.head(0)}, scene),
        drawings.draw_coverage({"collection_coverage": COVERAGE.head(0)}, scene),
        drawings.draw_files({"files_loaded": FILES.head(0)}, scene),
    ):
        assert drawing.empty
        assert "hoisissez" in drawing.empty or "Chargez" in drawing.empty
