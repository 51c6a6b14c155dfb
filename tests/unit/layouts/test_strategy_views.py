"""The map, the pace and the brief: what they say, what a click sends, and their empty states."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from plotly.utils import PlotlyJSONEncoder

from dashboard.framework import read_framework
from dashboard.selection import Selection
from dashboard.words import read_words
from layouts import brief, pace, strategy_map
from layouts.palette import LIGHT
from layouts.scene import Scene
from tests.support.catalogues import CATALOGUE, NAMES

FRAMEWORK, _ = read_framework()
STATUSES = ("on_track", "at_risk", "off_track", "not_started")


def _scene(*, language: str = "en", is_present: bool = False, **chosen: Any) -> Scene:
    selection = replace(Selection(as_of=date(2025, 6, 1), language=language), **chosen)
    return Scene(
        selection=selection.resolve(CATALOGUE),
        chosen=selection,
        words=read_words(language),
        names=NAMES,
        palette=LIGHT,
        catalogue=CATALOGUE,
        framework=FRAMEWORK,
        info={},
        is_present=is_present,
    )


def _json(children: Any) -> str:
    return json.dumps(children, cls=PlotlyJSONEncoder, ensure_ascii=False)


def _results() -> pd.DataFrame:
    strategy = {tactic.id: tactic.strategy for tactic in FRAMEWORK.tactics}
    return pd.DataFrame(
        [
            {
                "key_result_id": one.id,
                "tactic_id": one.tactic,
                "strategy_id": strategy[one.tactic],
                "name_en": one.name.en,
                "name_fr": one.name.fr,
                "unit": one.unit,
                "owner": one.owner,
                "value": one.baseline,
                "target": one.target,
                "progress": 0.4,
                "expected": 0.5,
                "status": STATUSES[place % 4],
            }
            for place, one in enumerate(FRAMEWORK.key_results)
        ]
    )


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_map_has_every_tactic_to_choose_and_every_key_result_with_its_sign(
    language: str,
) -> None:
    drawn = strategy_map.draw_tree({"key_results": _results()}, _scene(language=language))
    text = _json(drawn.children)
    for tactic in FRAMEWORK.tactics:
        assert f'"data-event": "tactic:{tactic.id}"' in text
    assert text.count("tree__result-name") == len(FRAMEWORK.key_results)
    for sign in "●◆✕○":
        assert sign in text


def test_the_chosen_tactic_is_pressed_on_the_map_and_the_stage_leaves_key_results_out() -> None:
    drawn = strategy_map.draw_tree({"key_results": _results()}, _scene(tactic="3.7"))
    assert _json(drawn.children).count('"aria-pressed": "true"') == 1
    staged = strategy_map.draw_tree({"key_results": _results()}, _scene(is_present=True))
    text = _json(staged.children)
    assert "tree__result-name" not in text
    assert text.count("tree__sign") == 30


def _by_month(*rows: tuple[str, str, int, str]) -> pd.DataFrame:
    names = ["key_result_id", "tactic_id", "period_id", "status"]
    return pd.DataFrame(rows, columns=names).assign(value=1.0, progress=0.4, expected=0.5)


MONTHS = _by_month(
    ("a", "1.1", 202501, "on_track"),
    ("b", "1.1", 202501, "off_track"),
    ("a", "1.1", 202502, "missing"),
    ("b", "1.1", 202502, "on_track"),
    ("c", "3.7", 202502, "at_risk"),
)


def test_a_cell_is_the_weakest_key_result_of_its_tactic_and_missing_is_drawn() -> None:
    text = _json(pace.draw_heatmap({"key_result_status_by_month": MONTHS}, _scene()).children)
    assert text.count("pace-cell--off_track") == 1
    assert text.count("pace-cell--on_track") == 1
    assert text.count("pace-cell--at_risk") == 1
    # Thirty tactics and two months: all other cells say that there is no value.
    assert text.count("pace-cell--missing") == 57
    assert "1.1 · Jan 2025: off track" in text.replace(" · off", ": off")


def test_the_spread_stacks_counts_that_add_up_to_all_key_results() -> None:
    drawn = pace.draw_spread({"key_result_status_by_month": MONTHS}, _scene())
    assert drawn.figure is not None
    go.Figure(drawn.figure)
    totals = np.sum([trace["y"] for trace in drawn.figure["data"]], axis=0)
    assert totals.tolist() == [2, 3]
    assert drawn.title is not None
    assert drawn.title.startswith("1 of 3")


def _backtest(coverage: float, brier: float) -> pd.DataFrame:
    rows = [
        ("widened", coverage, brier, 1.5),
        ("drift", 0.85, 0.1, np.nan),
        ("line", 0.6, 0.2, np.nan),
        ("everyone", np.nan, 0.5, np.nan),
        ("base_rate", np.nan, 0.25, np.nan),
    ]
    table = pd.DataFrame(rows, columns=["method", "coverage", "brier", "widening"])
    return pd.concat([table.assign(horizon=horizon, trials=200) for horizon in (0, 6)])


@pytest.mark.parametrize(
    ("coverage", "brier", "told"),
    [
        (0.95, 0.11, ("The 95% interval held what came in 95 %", "better than the best")),
        (0.80, 0.30, ("in only 80 %", "do not rely on them")),
        (0.99, 0.11, ("rather too wide", "better than the best")),
    ],
)
def test_the_verdict_says_what_the_test_found(
    coverage: float, brier: float, told: tuple[str, str]
) -> None:
    drawn = pace.draw_worth({"forecast_backtest": _backtest(coverage, brier)}, _scene())
    text = _json(drawn.children).replace("\u202f", " ").replace("\u00a0", " ")
    for part in told:
        assert part in text


def _since(**changes: Any) -> pd.DataFrame:
    row = {
        "key_result_id": "first_pass",
        "tactic_id": "1.6",
        "name_en": "Accepted at first pass",
        "name_fr": "Acceptées du premier coup",
        "unit": "share",
        "owner": "Data Quality",
        "value_then": 0.9,
        "value": 0.95,
        "progress_then": 0.2,
        "progress": 0.6,
        "move": 0.4,
        "status_then": "off_track",
        "status": "on_track",
        "is_stale_then": False,
        "is_stale": True,
        "last_check_in_on": pd.Timestamp("2025-01-15"),
        "check_in_count": 2,
        "then_on": pd.Timestamp("2024-12-01"),
        "now_on": pd.Timestamp("2025-06-01"),
    }
    return pd.DataFrame([row | changes])


def test_the_brief_tells_both_days_and_both_numbers() -> None:
    drawn = brief.draw_results({"since_key_results": _since()}, _scene())
    text = _json(drawn.children)
    assert drawn.subtitle == "1 Dec 2024, as known then, and 1 Jun 2025"
    assert "1 of 1 key results are on track; 0 were." in text
    assert "Changed status: 1" in text
    assert "Gone stale: 1" in text
    assert "Data Quality, last check-in 15 Jan 2025" in text


def test_the_brief_says_so_where_nothing_changed() -> None:
    calm = _since(status="off_track", move=0.0, is_stale=False, progress=0.2, value=0.9)
    text = _json(brief.draw_results({"since_key_results": calm}, _scene(language="fr")).children)
    for sentence in ("n'a changé d'état", "n'a bougé", "n'a dépassé son délai"):
        assert sentence in text


def _figures(value: float) -> pd.DataFrame:
    row = {"low": value - 0.1, "high": value + 0.1, "value": value, "count": 40.0}
    row |= {f"{name}_then": number for name, number in row.items()}
    days = {"then_on": pd.Timestamp("2024-12-01"), "now_on": pd.Timestamp("2025-06-01")}
    ranges = {"then_range": "2023-11/2024-10", "now_range": "2024-05/2025-04"}
    return pd.DataFrame([{"figure": "on_time"} | row | days | ranges])


def _moved() -> pd.DataFrame:
    row = {
        "member_iso3": "KEN",
        "region_id": "east_southern_africa",
        "rank_then": 20.0,
        "rank_low_then": 15.0,
        "rank_high_then": 25.0,
        "rank": 10.0,
        "rank_low": 8.0,
        "rank_high": 14.0,
        "is_clear": True,
        "tier_then": "silver",
        "tier": "gold",
        "newly_owes": True,
        "overdue": 3.0,
        "tier_probability_then": 0.8,
        "tier_probability": 0.9,
    }
    return pd.DataFrame([row])


def test_the_brief_of_members_has_intervals_movers_and_who_newly_owes() -> None:
    frames = {"since_figures": _figures(0.6), "since_members": _moved()}
    drawn = brief.draw_members(frames, _scene())
    text = _json(drawn.children).replace("\u202f", " ").replace("\u00a0", " ")
    assert "60 % (50 % to 70 %)" in text
    assert "rank 20 (15–25) → 10 (8–14)" in text
    assert "Silver (80 %) → Gold (90 %)" in text
    assert "3 overdue" in text
    assert text.count('"data-event": "member:KEN"') == 3


def test_controls_offer_days_that_the_warehouse_knows() -> None:
    text = _json([part.to_plotly_json() for part in brief.controls(_scene())])
    for day in ("2025-03-01", "2024-12-01", "2024-06-01"):
        assert f"since:{day}" in text
    early = _scene(as_of=CATALOGUE.known_from)
    assert "since:" not in _json([part.to_plotly_json() for part in brief.controls(early)])


@pytest.mark.parametrize("language", ["en", "fr"])
def test_without_key_results_every_panel_says_so(language: str) -> None:
    scene = _scene(language=language)
    empty = {
        "key_results": _results().head(0),
        "key_result_status_by_month": MONTHS.head(0),
        "forecast_backtest": _backtest(1, 1).head(0),
        "since_key_results": _since().head(0),
        "since_figures": _figures(np.nan),
        "since_members": _moved().head(0),
    }
    drawers = (
        *(strategy_map.draw_tree, pace.draw_heatmap, pace.draw_spread, pace.draw_worth),
        *(brief.draw_results, brief.draw_members),
    )
    for draw in drawers:
        drawn = draw(empty, scene)
        assert drawn.empty
        assert drawn.figure is None
        assert drawn.children is None
