"""The figures of changes: traces, what a click selects, titles, and what they say if empty."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard.framework import read_framework
from dashboard.selection import Selection
from dashboard.words import read_words
from layouts import changes as drawings
from layouts.palette import LIGHT
from layouts.panels import Drawing
from layouts.scene import Scene
from tests.support.catalogues import CATALOGUE, NAMES

RANGE = Selection(first="2025-01", last="2025-06", as_of=date(2026, 1, 15))


def _scene(*, is_present: bool = False, **chosen: Any) -> Scene:
    framework, _ = read_framework()
    selection = replace(RANGE, **chosen)
    return Scene(
        selection=selection.resolve(CATALOGUE),
        chosen=selection,
        words=read_words(selection.language),
        names=replace(NAMES, chapters={"03": "Fish", "84": "Machinery"}),
        palette=LIGHT,
        catalogue=CATALOGUE,
        framework=framework,
        info={},
        is_present=is_present,
    )


def _changed(now: list[float], base: list[float]) -> dict[str, list[float]]:
    change = [a - b for a, b in zip(now, base, strict=True)]
    return {
        "value_usd": now,
        "base_value_usd": base,
        "value_change_usd": change,
        "mass_kg": [2 * value for value in now],
        "base_mass_kg": [2 * value for value in base],
        "mass_change_kg": [2 * value for value in change],
    }


TOTALS = pd.DataFrame(
    {
        "part": ["both", "now_only", "base_only"],
        **_changed([9e9, 1e9, 0.0], [8e9, 0.0, 4e9]),
        "n": [40, 3, 12],
    }
)
NOW = [5e9, 1e9, 4e9, *[1e6 * i for i in range(9)]]
BASE = [2e9, 3e9, 4e9, *[5e5 * i for i in range(9)]]
MEMBERS = pd.DataFrame(
    {
        "member_iso3": ["FRA", "KEN", "USA", *[f"M{i:02d}" for i in range(9)]],
        "region_id": ["europe"] * 12,
        **_changed(NOW, BASE),
        "periods": [6, 5, *[6] * 10],
        "base_periods": [6] * 12,
    }
)
PARTNERS = MEMBERS.rename(columns={"member_iso3": "partner_iso3"}).assign(
    periods=float("nan"), base_periods=float("nan")
)
COMMODITIES = pd.DataFrame({"commodity_code": ["03", "84"], **_changed([5e9, 3e9], [3e9, 4e9])})

Draw = Callable[[dict[str, pd.DataFrame], Scene], Drawing]
FALLS: dict[str, tuple[Draw, str, pd.DataFrame]] = {
    "members": (drawings.draw_members, "change_members", MEMBERS),
    "partners": (drawings.draw_partners, "change_partners", PARTNERS),
    "commodities": (drawings.draw_commodities, "change_commodities", COMMODITIES),
}
SCENES: list[dict[str, Any]] = [
    {},
    {"language": "fr", "flow": "M", "measure": "mass_kg"},
    {"members": ("KEN",), "partners": ("FRA",), "source": "mirror"},
    {"is_present": True, "collection": "revenue_monthly", "commodity": "84"},
]


def _drawn(name: str, frame: pd.DataFrame | None = None, **chosen: Any) -> Drawing:
    draw, key, data = FALLS[name]
    return draw({key: data if frame is None else frame}, _scene(**chosen))


@pytest.mark.parametrize("chosen", SCENES, ids=str)
@pytest.mark.parametrize("name", list(FALLS))
def test_waterfalls_are_valid_and_say_what_is_compared(name: str, chosen: dict[str, Any]) -> None:
    drawing = _drawn(name, **chosen)
    assert drawing.figure is not None
    go.Figure(drawing.figure)
    json.dumps(drawing.figure)
    assert drawing.empty is None
    assert "2025" in drawing.subtitle and "2024" in drawing.subtitle
    if chosen.get("source") == "mirror":
        assert "partners' records" in drawing.subtitle


@pytest.mark.parametrize("name", list(FALLS))
def test_bars_lead_from_the_base_to_the_range(name: str) -> None:
    figure = _drawn(name).figure
    assert figure is not None
    bars = next(trace for trace in figure["data"] if trace["name"] == "changes")
    totals = next(trace for trace in figure["data"] if trace["name"] == "totals")
    frame = FALLS[name][2]
    assert totals["x"] == [frame["base_value_usd"].sum(), frame["value_usd"].sum()]
    assert bars["base"][0] == totals["x"][0]
    assert bars["base"][-1] + bars["x"][-1] == pytest.approx(totals["x"][1], rel=1e-12)
    for start, change, after in zip(bars["base"], bars["x"], bars["base"][1:], strict=False):
        assert start + change == pytest.approx(after, rel=1e-12)


def test_rises_come_before_falls_and_the_rest_is_summed() -> None:
    drawing = _drawn("members")
    assert drawing.figure is not None
    bars = next(trace for trace in drawing.figure["data"] if trace["name"] == "changes")
    assert bars["customdata"][:2] == ["member:FRA", "member:M08"]
    # Of eight drawn, Kenya alone fell; the four smallest are one bar that selects nothing.
    assert bars["customdata"][-2:] == ["member:KEN", ""]
    assert bars["x"][-1] == pytest.approx(0.5e6 * (0 + 1 + 2))
    assert drawing.title == "France moved it most: USD +3.0 bn"
    assert "4 others" in str(drawing.note)


def test_who_sent_other_numbers_of_periods_is_hatched_and_said() -> None:
    drawing = _drawn("members")
    assert drawing.figure is not None
    bars = next(trace for trace in drawing.figure["data"] if trace["name"] == "changes")
    hatched = [
        event
        for event, shape in zip(bars["customdata"], bars["marker"]["pattern"]["shape"], strict=True)
        if shape
    ]
    assert hatched == ["member:KEN"]
    assert "Hatched" in str(drawing.note)
    story = bars["hovertext"][bars["customdata"].index("member:KEN")]
    assert "periods reported: 5, in the base 6" in story
    assert "Hatched" not in str(_drawn("partners").note)


def test_a_single_member_is_a_sentence() -> None:
    drawing = _drawn("members", MEMBERS.head(1))
    assert drawing.figure is None
    assert "All of it is trade of France" in str(drawing.empty)


def test_no_change_at_all_keeps_the_question_as_title() -> None:
    still = pd.DataFrame({"commodity_code": ["03", "84"], **_changed([5.0, 3.0], [5.0, 3.0])})
    assert _drawn("commodities", still).title == "Which commodities moved it?"


@pytest.mark.parametrize("name", list(FALLS))
def test_nothing_is_said_in_a_sentence(name: str) -> None:
    drawing = _drawn(name, FALLS[name][2].head(0))
    assert drawing.figure is None
    assert "Choose" in str(drawing.empty)
    one = _drawn(name, first="2016-01", last="2016-01")
    assert "two periods" in str(one.empty)


def _totals(frame: pd.DataFrame = TOTALS, **chosen: Any) -> Drawing:
    return drawings.draw_totals({"change_totals": frame}, _scene(**chosen))


def test_totals_say_what_is_like_for_like_and_what_reporting_made() -> None:
    drawing = _totals()
    assert drawing.title == "Exports fell by USD 2.0 bn, 17 %"
    text = str(drawing.children)
    assert "USD +1.0 bn" in text
    assert "+12 %" in text or "+13 %" in text
    assert "3 reporter-periods of the later range alone, 12 of the base alone" in str(drawing.note)
    assert "USD −3.0 bn of the difference" in str(drawing.note)


def test_totals_without_a_difference_in_reporting_say_so() -> None:
    alike = TOTALS.assign(n=[40, 0, 0])
    assert "Every reporter" in str(_totals(alike).note)


def test_totals_from_nothing_have_no_rate() -> None:
    frame = TOTALS.assign(base_value_usd=0.0, value_change_usd=TOTALS["value_usd"])
    assert _totals(frame).title == "Exports of USD 10.0 bn, against nothing held for the base"


def test_the_base_can_be_chosen_from_all_that_are_possible() -> None:
    text = str(_totals().children)
    assert "Option(children='Jan 2024 – Jun 2024', value='2024-01')" in text
    assert "value='2016-01'" in text
    assert "value='2024-08'" not in text  # it would reach into the range
    assert "base:2024-07" in text  # just before
    assert "data-sends" not in str(_totals(is_present=True).children)
    chosen = str(_totals(base="2024-07").children)
    assert "base:2024-01" in chosen


def test_a_range_too_long_to_compare_is_compared_in_part_and_said() -> None:
    drawing = _totals(first="2016-01", last="2018-06")
    assert "its last part is compared" in str(drawing.note)
    assert "Jul 2017 – Jun 2018 against Jul 2016 – Jun 2017" in drawing.subtitle
    assert "data-sends" not in str(drawing.children)


def test_totals_of_nothing_are_a_sentence() -> None:
    assert "Choose" in str(_totals(TOTALS.head(0)).children)
