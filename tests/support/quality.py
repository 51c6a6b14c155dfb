"""What tests of quality and of rules share: scenes, failures of rules, and plain current rows."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

import pandas as pd
from plotly.utils import PlotlyJSONEncoder

from dashboard.framework import read_framework
from dashboard.selection import Selection
from dashboard.words import read_words
from layouts.palette import LIGHT
from layouts.panels import Drawing
from layouts.scene import Scene
from tests.support.catalogues import CATALOGUE, NAMES

DIMENSIONS: Final = ("completeness", "validity", "consistency", "coherence", "stability")
RANGE: Final = Selection(first="2025-01", last="2025-03", as_of=date(2025, 6, 1))
RULE: Final = "missing_partner"
FRAMEWORK, _ = read_framework()


def quality_scene(*, is_present: bool = False, synthetic: bool = False, **chosen: Any) -> Scene:
    """Return a scene of the first quarter of 2025, as of 1 June 2025."""
    selection = replace(RANGE, **chosen)
    return Scene(
        selection=selection.resolve(CATALOGUE),
        chosen=selection,
        words=read_words(selection.language),
        names=NAMES,
        palette=LIGHT,
        catalogue=CATALOGUE,
        framework=FRAMEWORK,
        info={"is_synthetic": "true"} if synthetic else {},
        is_present=is_present,
    )


def rule_failures() -> pd.DataFrame:
    """Return two rules that fail and one that holds."""
    return pd.DataFrame(
        {
            "rule_id": [RULE, "zero_value", "negative_value"],
            "dimension_id": ["completeness", "validity", "validity"],
            "severity": ["warning", "note", "error"],
            "rows_checked": [200, 1000, 1000],
            "rows_failed": [20, 1, 0],
            "failed_share": [0.1, 0.001, 0.0],
            "submissions_checked": [10, 10, 10],
            "submissions_failing": [4, 1, 0],
            "members_failing": [3, 1, 0],
            "unplaced_count": [0, 0, 0],
        }
    )


def text_of(drawing: Drawing) -> str:
    """Return the drawn block as JSON."""
    assert drawing.children is not None, drawing.empty
    return json.dumps(drawing.children, cls=PlotlyJSONEncoder, ensure_ascii=False)


def monthly_trade(data_on: date, days_ago: int, **changes: object) -> Selection:
    """Return sixteen months of monthly trade, as of ``days_ago`` days before ``data_on``."""
    base = Selection(
        first="2024-03",
        last="2025-06",
        as_of=data_on - timedelta(days=days_ago),
        collection="trade_monthly",
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # fields by name


def current_submissions(submissions: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    """Return what was valid at the end of the as-of day in those months, told row by row."""
    night = pd.Timestamp(selection.as_of) + pd.Timedelta(days=1)
    kept = [
        row.is_accepted
        and row.collection_id == selection.collection
        and 202403 <= row.period_id <= 202506
        and row.known_at < night
        and (pd.isna(row.superseded_at) or row.superseded_at >= night)
        for row in submissions.itertuples()
    ]
    return submissions[kept]
