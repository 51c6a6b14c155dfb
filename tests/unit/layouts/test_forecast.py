"""The figures and tables of the forecast: traces, what a click selects, verdicts, empty states."""

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
from dashboard.stats.calibration import reliability_curve
from dashboard.words import read_words
from layouts import forecast as drawings
from layouts.forecast.chances import chance_text
from layouts.forecast.scores import beats, verdict
from layouts.palette import DARK, LIGHT, REGION_COLOURS
from layouts.panels import Drawing
from layouts.scene import Scene
from tests.support.catalogues import CATALOGUE, NAMES

AS_OF = date(2025, 5, 20)
ESA = "east_southern_africa"


def _scene(*, is_present: bool = False, is_dark: bool = False, **chosen: Any) -> Scene:
    framework, _ = read_framework()
    selection = replace(Selection(first="2025-01", last="2025-05", as_of=AS_OF), **chosen)
    return Scene(
        selection=selection.resolve(CATALOGUE),
        chosen=selection,
        words=read_words(selection.language),
        names=NAMES,
        palette=DARK if is_dark else LIGHT,
        catalogue=CATALOGUE,
        framework=framework,
        info={},
        is_present=is_present,
    )


def _text(drawing: Drawing) -> str:
    parts = [drawing.children, drawing.title, drawing.subtitle, drawing.note, drawing.empty]
    return json.dumps(parts, cls=PlotlyJSONEncoder, ensure_ascii=False)


def _month(*rows: tuple[str, float | None]) -> pd.DataFrame:
    """Obligations of next month: member, and its probability (None: received)."""
    shares = [np.nan if share is None else share for _, share in rows]
    return pd.DataFrame(
        {
            "member_iso3": [iso3 for iso3, _ in rows],
            "region_id": [CATALOGUE.members[iso3] for iso3, _ in rows],
            "collection_id": "trade_monthly",
            "period_id": 202504,
            "due_on": pd.to_datetime(["2025-06-14"] * len(rows)),
            "is_received": [share is None for _, share in rows],
            "days_gone": 20,
            "by_due_share": shares,
            "low": [share - 0.1 for share in shares],
            "high": [share + 0.1 for share in shares],
            "history_count": 35,
        }
    )


def _regions(*rows: tuple[str, int, int, float, int, int]) -> pd.DataFrame:
    """Rows: region, due, received, expected late, low, high."""
    columns = ["region_id", "due", "received", "expected_late", "low", "high"]
    return pd.DataFrame(rows, columns=columns).assign(unforecast=0)


REGIONS = _regions(
    ("all", 40, 5, 12.3, 8, 17), ("europe", 30, 5, 4.1, 2, 7), (ESA, 10, 0, 8.2, 5, 10)
)

# --- Regions --------------------------------------------------------------------------------------


def test_the_region_with_most_late_is_on_top_with_its_interval() -> None:
    drawing = drawings.draw_late_by_region({"late_next_month": REGIONS}, _scene())
    assert drawing.figure is not None
    bars, whiskers, dots = drawing.figure["data"]
    assert dots["x"] == [4.1, 8.2]
    assert dots["customdata"] == ["region:europe", f"region:{ESA}"]
    assert bars["x"] == [30, 10]
    assert whiskers["x"] == [2.0, 7.0, None, 5.0, 10.0, None]
    assert dots["marker"]["color"] == [REGION_COLOURS["europe"], REGION_COLOURS[ESA]]
    assert drawing.title == "About 12 of 40 submissions due in Jun 2025 will probably be late"
    assert "8 to 17" in str(drawing.note)
    go.Figure(drawing.figure)


def test_a_region_not_chosen_is_muted() -> None:
    drawing = drawings.draw_late_by_region({"late_next_month": REGIONS}, _scene(regions=(ESA,)))
    assert drawing.figure is not None
    colours = drawing.figure["data"][2]["marker"]["color"]
    assert colours[1] == REGION_COLOURS[ESA]
    assert colours[0] != REGION_COLOURS["europe"]


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (REGIONS.iloc[:0], "falls due in Jun 2025"),
        (_regions(("all", 4, 4, 0.0, 0, 0), ("europe", 4, 4, 0.0, 0, 0)), "received already"),
        (
            _regions(("all", 4, 1, 0.0, 0, 0), ("europe", 4, 1, 0.0, 0, 0)).assign(unforecast=3),
            "No probability can be given",
        ),
    ],
)
def test_regions_say_why_there_is_nothing(frame: pd.DataFrame, says: str) -> None:
    drawing = drawings.draw_late_by_region({"late_next_month": frame}, _scene())
    assert drawing.figure is None
    assert says in str(drawing.empty)


# --- What is likely late --------------------------------------------------------------------------


def test_only_what_is_more_likely_late_than_on_time_is_listed() -> None:
    frame = _month(("KEN", 0.1), ("UGA", 0.499), ("FRA", 0.5), ("USA", None))
    drawing = drawings.draw_likely_late({"due_next_month": frame}, _scene())
    text = _text(drawing)
    assert drawing.title == "2 of 3 submissions still to come are more likely late than on time"
    assert "member:KEN" in text and "member:UGA" in text and f"region:{ESA}" in text
    assert "member:FRA" not in text and "member:USA" not in text
    assert "10 %" in text and "15 Jun" not in text and "14 Jun 2025" in text


def test_a_period_that_is_not_over_says_so() -> None:
    frame = _month(("KEN", 0.1)).assign(days_gone=-10)
    drawing = drawings.draw_likely_late({"due_next_month": frame}, _scene())
    assert "period not over" in _text(drawing)
    assert drawing.title == "The one submission still to come is more likely late than on time"


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ((), "falls due in Jun 2025"),
        ((("KEN", None),), "received already"),
        ((("KEN", np.nan), ("FRA", np.nan)), "No probability can be given"),
        ((("KEN", 0.8), ("FRA", 0.9)), "None of the 2"),
        ((("KEN", 0.8),), "The one submission"),
    ],
)
def test_the_list_says_why_it_is_empty(rows: Any, says: str) -> None:
    drawing = drawings.draw_likely_late({"due_next_month": _month(*rows)}, _scene())
    assert drawing.children is None
    assert says in str(drawing.empty)


# --- What is open ---------------------------------------------------------------------------------


def _open(*rows: tuple[str, str, float, float, float]) -> pd.DataFrame:
    """Rows: member, due day, and the three probabilities."""
    found = pd.DataFrame(
        {
            "member_iso3": [row[0] for row in rows],
            "region_id": [CATALOGUE.members[row[0]] for row in rows],
            "collection_id": "trade_monthly",
            "period_id": 202504,
            "due_on": pd.to_datetime([row[1] for row in rows]),
            "days_gone": 20,
            "history_count": 35,
        }
    )
    for place, name in enumerate(("by_due", "by_month_end", "within_90_days")):
        share = [row[place + 2] for row in rows]
        found[f"{name}_share"] = found[f"{name}_low"] = found[f"{name}_high"] = share
    return found


def test_what_is_overdue_can_no_longer_be_on_time() -> None:
    frame = _open(("KEN", "2025-05-15", 0.0, 0.2, 0.9), ("FRA", "2025-06-14", 0.7, 0.3, 0.995))
    drawing = drawings.draw_open({"arrival_forecast": frame}, _scene())
    text = _text(drawing)
    assert drawing.title == "2 have not come; about 2 of them will within 90 days"
    assert text.count("past due") == 1
    assert "> 99 %" in text
    assert text.index("member:FRA") < text.index("member:KEN")  # the latest due first


def test_what_is_open_says_why_there_is_nothing() -> None:
    nothing = drawings.draw_open({"arrival_forecast": _open().iloc[:0]}, _scene())
    assert "outstanding on 20 May 2025" in str(nothing.empty)
    frame = _open(("KEN", "2025-06-14", np.nan, np.nan, np.nan))
    unknown = drawings.draw_open({"arrival_forecast": frame}, _scene())
    assert unknown.empty is None and unknown.title == "Not received yet: 1"
    text = _text(unknown)
    assert "member:KEN" in text and "No probability can be given" in text
    assert "not known" not in text and "Within 90 days" not in text


def test_a_young_log_can_know_of_the_due_day_alone() -> None:
    frame = _open(
        ("KEN", "2025-06-14", 0.4, np.nan, np.nan), ("FRA", "2025-05-01", 0, np.nan, np.nan)
    )
    drawing = drawings.draw_open({"arrival_forecast": frame}, _scene())
    assert drawing.title == "Not received yet: 2"
    assert "40 %" in _text(drawing) and "not known" in _text(drawing)
    over = drawings.draw_open({"arrival_forecast": frame.iloc[1:]}, _scene())
    assert "No probability can be given" in _text(over) and "past due" not in _text(over)


@pytest.mark.parametrize(
    ("chance", "text"),
    [
        (0.0, "< 1 %"),
        (0.009, "< 1 %"),
        (0.012, "1 %"),
        (0.5, "50 %"),
        (0.987, "99 %"),
        (0.991, "> 99 %"),
        (1.0, "> 99 %"),
        (float("nan"), "not known"),
    ],
)
def test_a_probability_is_never_written_as_certain(chance: float, text: str) -> None:
    assert chance_text(chance, read_words("en")) == text


# --- Calibration ----------------------------------------------------------------------------------


def test_the_curve_of_the_lead_that_matters_lies_on_top() -> None:
    rng = np.random.default_rng(5)
    said = rng.random(300)
    curve = reliability_curve(said, rng.random(300) < said)
    both = [curve.assign(lead=lead) for lead in ("due_month", "period_end")]
    drawing = drawings.draw_reliability({"forecast_reliability": pd.concat(both)}, _scene())
    assert drawing.figure is not None
    perfect, first, last = drawing.figure["data"]
    assert perfect["x"] == perfect["y"] == [0, 1]
    assert first["line"]["color"] == LIGHT.muted
    assert last["line"]["color"] == LIGHT.accent
    assert last["x"] == curve["forecast_share"].tolist()
    assert last["y"] == curve["observed_share"].tolist()
    tops = np.add(last["y"], last["error_y"]["array"])
    assert tops == pytest.approx(curve["high"].to_numpy())
    go.Figure(drawing.figure)


def test_nothing_tested_has_a_sentence() -> None:
    nothing = reliability_curve([], []).assign(lead="due_month")
    drawing = drawings.draw_reliability({"forecast_reliability": nothing}, _scene())
    assert "could be tested by 20 May 2025" in str(drawing.empty)
    scores = drawings.draw_scores({"forecast_scores": _scores(n=0)}, _scene())
    assert "could be tested by 20 May 2025" in str(scores.empty)


def _scores(**changes: Any) -> pd.DataFrame:
    row: dict[str, Any] = {
        "n": 100,
        "member_count": 20,
        "period_count": 24,
        "first_period_id": 202301,
        "last_period_id": 202412,
        "brier_score": 0.15,
        "own_brier_score": 0.2,
        "everyone_brier_score": 0.3,
        "own_skill": 0.25,
        "own_skill_low": 0.1,
        "own_skill_high": 0.4,
        "everyone_skill": 0.5,
        "everyone_skill_low": 0.3,
        "everyone_skill_high": 0.6,
        "reliability": 0.01,
        "resolution": 0.1,
        "uncertainty": 0.24,
        "counts_tested": 60,
        "counts_held": 57,
    }
    rows = [{"lead": lead} | row | changes for lead in ("due_month", "period_end")]
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("low", "high", "name"),
    [(0.1, 0.2, "better"), (-0.1, 0.2, "alike"), (-0.2, -0.1, "worse"), (np.nan, 0.1, "unsure")],
)
def test_a_skill_is_judged_by_its_interval(low: float, high: float, name: str) -> None:
    assert beats(low, high) == name


@pytest.mark.parametrize(
    ("changes", "name", "says"),
    [
        ({}, "both", "beats both baselines"),
        ({"own_skill_low": -0.1}, "own_alike", "no better than"),
        ({"own_skill_low": -0.3, "own_skill_high": -0.1}, "own_worse", "is worse than"),
        ({"everyone_skill_low": -0.1}, "everyone", "does not beat “everyone on time”"),
        ({"own_skill_low": np.nan, "own_skill_high": np.nan}, "unsure", "Too few members"),
        (
            {"everyone_brier_score": 0.0, "everyone_skill": np.nan, "everyone_skill_low": np.nan},
            "everyone",
            "does not beat “everyone on time”",
        ),
    ],
)
def test_the_page_says_in_words_whether_the_forecast_is_worth_having(
    changes: dict[str, float], name: str, says: str
) -> None:
    frame = _scores(**changes)
    assert verdict(next(frame.itertuples())) == name
    drawing = drawings.draw_scores({"forecast_scores": frame}, _scene())
    assert says in str(drawing.title)


def test_a_verdict_that_holds_for_one_lead_alone_says_so() -> None:
    frame = _scores()
    frame.loc[1, "own_skill_low"] = -0.1
    drawing = drawings.draw_scores({"forecast_scores": frame}, _scene())
    assert drawing.title == (
        "The forecast beats both baselines, if made on the eve of the month it falls due"
    )
    text = _text(drawing)
    assert "error 25.0% smaller (95% interval 10.0 to 40.0)" in text
    assert "57 of 60 times" in text


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("is_present", [False, True])
def test_all_of_it_draws_in_both_languages_and_on_the_stage(
    language: str, is_present: bool
) -> None:
    scene = _scene(language=language, is_present=is_present, is_dark=True, members=("KEN",))
    curve = reliability_curve([0.2, 0.7], [False, True]).assign(lead="due_month")
    frames = {
        "late_next_month": REGIONS,
        "due_next_month": _month(("KEN", 0.1), ("UGA", 0.2)),
        "arrival_forecast": _open(("KEN", "2025-06-14", 0.1, 0.2, 0.3)),
        "forecast_reliability": curve,
        "forecast_scores": _scores(),
    }
    for name in drawings.__all__:
        drawing = getattr(drawings, name)(frames, scene)
        assert drawing.empty is None
        assert drawing.subtitle
        if drawing.figure is not None:
            go.Figure(drawing.figure)
