"""The view standing: what its figures draw and say, and what if there is nothing."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plotly.utils import PlotlyJSONEncoder

from dashboard.framework import read_framework
from dashboard.lifting import LIFT_COLUMNS, no_plans
from dashboard.pillar_scores import PILLARS
from dashboard.rank_movement import MOVEMENT_COLUMNS, STEP_COLUMNS
from dashboard.selection import Selection
from dashboard.words import read_words
from layouts import standing as drawings
from layouts.palette import LIGHT
from layouts.panels import Drawing
from layouts.scene import Scene
from layouts.standing.bump import spread
from tests.support.catalogues import CATALOGUE, NAMES

RANGE = Selection(first="2025-01", last="2025-06", as_of=date(2025, 9, 1))
FRAMEWORK, _ = read_framework()


def _scene(chosen: Selection = RANGE, *, is_present: bool = False) -> Scene:
    return Scene(
        selection=chosen.resolve(CATALOGUE),
        chosen=chosen,
        words=read_words(chosen.language),
        names=NAMES,
        palette=LIGHT,
        catalogue=CATALOGUE,
        framework=FRAMEWORK,
        info={},
        is_present=is_present,
    )


def _movement() -> pd.DataFrame:
    """France rose clearly into gold, Kenya fell, the United States are new."""
    members = ["FRA", "KEN", "USA"]
    parts = {f"{pillar}_moved": [0.0, 0.0, np.nan] for pillar in PILLARS}
    parts["timeliness_moved"] = [12.0, -1.0, np.nan]
    parts["quality_moved"] = [-2.0, 0.5, np.nan]
    frame = pd.DataFrame(
        {
            "member_iso3": members,
            "region_id": [CATALOGUE.members[iso3] for iso3 in members],
            "score_before": [72.0, 66.0, np.nan],
            "incentive_score": [82.0, 64.5, 55.0],
            "score_change": [10.0, -1.5, np.nan],
            "score_change_low": [6.0, -4.0, np.nan],
            "score_change_high": [14.0, 1.0, np.nan],
            "change_chance": [0.01, 0.4, np.nan],
            "tier_before": ["silver", "silver", None],
            "tier": ["gold", "bronze", "bronze"],
            **parts,
            "weights_moved": [0.0, -1.0, np.nan],
        }
    )
    return frame[[column.name for column in MOVEMENT_COLUMNS]]


def _plans() -> pd.DataFrame:
    common: dict[str, Any] = {
        "member_iso3": "KEN",
        "region_id": "east_southern_africa",
        "tier_before": "bronze",
        "score_before": 64.5,
        "tier": "silver",
        "threshold": 65.0,
        "incentive_score": 65.4,
        "rank": 2,
        "tier_chance_before": 0.4,
        "tier_chance": 0.61,
        "effort": 0.1,
    }
    rows = [
        common
        | {"plan": 1, "lever": "on_time", "steps": 2, "value_before": 20.0}
        | {"value_after": 22.0, "out_of": 24.0},
        common
        | {"plan": 1, "lever": "quality", "steps": 1, "value_before": 61.3}
        | {"value_after": 62.3, "out_of": np.nan},
        common
        | {"plan": 2, "lever": "survey", "steps": 1, "value_before": 0.0}
        | {"value_after": 1.0, "out_of": 1.0},
    ]
    return pd.DataFrame(rows)[[column.name for column in LIFT_COLUMNS]]


def _steps() -> pd.DataFrame:
    """Three members over three half-years; Kenya has no rank in the second."""
    rows = []
    for number, (first, last) in enumerate(
        [("2024-01", "2024-06"), ("2024-07", "2024-12"), ("2025-01", "2025-06")]
    ):
        for place, iso3 in enumerate(("FRA", "KEN", "USA"), start=1):
            is_ranked = not (iso3 == "KEN" and number == 1)
            rows.append(
                {
                    "member_iso3": iso3,
                    "region_id": CATALOGUE.members[iso3],
                    "first_month": first,
                    "last_month": last,
                    "standing": "ranked",
                    "incentive_score": 90.0 - 10 * place,
                    **dict.fromkeys(
                        ("rank", "rank_low", "rank_high"), place if is_ranked else None
                    ),
                    "tier": "silver" if is_ranked else None,
                }
            )
    frame = pd.DataFrame(rows).astype(
        dict.fromkeys(("rank", "rank_low", "rank_high"), "Int64") | {"tier": "str"}
    )
    return frame[[column.name for column in STEP_COLUMNS]]


FRAMES = {"lift_plans": _plans(), "score_movement": _movement(), "ranks_over_time": _steps()}
KENYA = replace(RANGE, members=("KEN",))


def _text(drawing: Drawing) -> str:
    parts = [drawing.title, drawing.subtitle, drawing.note, drawing.children]
    return json.dumps(parts, ensure_ascii=False, cls=PlotlyJSONEncoder)


def _valid(drawing: Drawing) -> dict[str, Any]:
    assert drawing.figure is not None
    return dict(go.Figure(drawing.figure).to_dict())


def test_a_plan_reads_in_raw_units_with_the_probability_after_it() -> None:
    text = _text(drawings.draw_lift(FRAMES, _scene(KENYA)))
    assert (
        "2 more obligations on time: 22 of 24 instead of 20 and quality score of 62.3 "
        "instead of 61.3"
    ) in text
    assert "The survey answered" in text
    assert "61 %" in text
    assert "now 40 %" in text
    french = _text(drawings.draw_lift(FRAMES, _scene(replace(KENYA, language="fr"))))
    assert "2 obligations de plus remplies à temps : 22 sur 24 au lieu de 20 et note" in french


def test_without_one_member_those_nearest_below_a_threshold_are_offered() -> None:
    text = _text(drawings.draw_lift(FRAMES, _scene()))
    # Kenya lacks half a point, the United States ten; France is at the top.
    assert text.index("member:KEN") < text.index("member:USA")
    assert "member:FRA" not in text


def test_the_top_and_what_is_out_of_reach_are_said() -> None:
    top = _text(drawings.draw_lift(FRAMES, _scene(replace(RANGE, members=("FRA",)))))
    assert "highest tier" in top
    nothing = FRAMES | {"lift_plans": no_plans()}
    assert "nothing that is feasible" in _text(drawings.draw_lift(nothing, _scene(KENYA)))


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        (replace(KENYA, aggregation="copeland"), "Choose a mean"),
        (replace(KENYA, normalisation="rank"), "Choose goalposts"),
        (replace(RANGE, members=("UGA",)), "not ranked"),
    ],
)
def test_lift_says_why_there_is_none(chosen: Selection, said: str) -> None:
    assert said in (drawings.draw_lift(FRAMES, _scene(chosen)).empty or "")


def test_the_bars_lead_from_the_score_before_to_the_score_now() -> None:
    drawing = drawings.draw_why(FRAMES, _scene(KENYA))
    chart = _valid(drawing)
    bars = next(trace for trace in chart["data"] if trace["name"] == "parts")
    assert bars["base"][0] == 66.0
    assert bars["base"][-1] + bars["x"][-1] == pytest.approx(64.5)
    assert "may be chance" in (drawing.title or "")
    # Without a member the one that moved most is shown.
    assert "France" in (drawings.draw_why(FRAMES, _scene()).title or "")


def test_who_entered_and_left_a_tier_has_its_reason() -> None:
    text = _text(drawings.draw_tier_moves(FRAMES, _scene()))
    assert "Gold: 1 now, 0 before" in text
    assert "+10.0, Timeliness" in text
    assert "not ranked before" in text


def test_only_what_is_more_than_chance_is_filled() -> None:
    drawing = drawings.draw_improved(FRAMES, _scene(KENYA))
    marker = _valid(drawing)["data"][0]["marker"]
    assert list(marker["symbol"]) == ["circle", "circle-open"]
    # Five of a hundred of the two members compared.
    assert "0.1 of 2" in _text(drawing)


def test_lines_break_where_a_member_has_no_rank_and_bands_are_drawn() -> None:
    chart = _valid(drawings.draw_bump(FRAMES, _scene(KENYA)))
    own = next(trace for trace in chart["data"] if trace["name"] == "KEN")
    assert list(own["y"]) == [2, None, 2]
    assert any(trace["name"] == "band" for trace in chart["data"])
    others = next(trace for trace in chart["data"] if trace["name"] == "others")
    assert list(others["y"])[:3] == [1, 1, 1]


@given(heights=st.lists(st.integers(1, 180), max_size=20), room=st.floats(1, 9))
def test_labels_are_apart_and_in_order(heights: list[int], room: float) -> None:
    rising = sorted(float(height) for height in heights)
    placed = spread(rising, room, 1.0, 181.0)
    assert len(placed) == len(rising)
    assert all(b - a >= room - 1e-6 for a, b in itertools.pairwise(placed))
    assert all(height <= 181.0 for height in placed)


@pytest.mark.parametrize("draw", ["bump", "why", "improved", "tier_moves", "lift"])
@pytest.mark.parametrize("is_present", [False, True])
def test_without_rows_a_sentence_says_so(draw: str, is_present: bool) -> None:
    empty = {name: frame.head(0) for name, frame in FRAMES.items()}
    drawing = getattr(drawings, f"draw_{draw}")(empty, _scene(is_present=is_present))
    assert drawing.empty
    assert "2025" in drawing.empty
