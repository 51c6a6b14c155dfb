"""The figures of the cross-check: marks, readings, limits, and what they say if empty."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest
from plotly.utils import PlotlyJSONEncoder

from dashboard.framework import read_framework
from dashboard.selection import Selection
from dashboard.words import read_words
from layouts import cross_check as drawings
from layouts.palette import LIGHT
from layouts.panels import Drawing
from layouts.scene import Scene
from tests.support.catalogues import CATALOGUE, NAMES

RANGE = Selection(first="2022-01", last="2024-12", as_of=date(2025, 6, 1))
DRAWERS = (
    drawings.draw_agreement,
    drawings.draw_scatter,
    drawings.draw_members,
    drawings.draw_limits,
)


def _scene(*, synthetic: bool = False, **chosen: Any) -> Scene:
    framework, _ = read_framework()
    selection = replace(RANGE, **chosen)
    return Scene(
        selection=selection.resolve(CATALOGUE),
        chosen=selection,
        words=read_words(selection.language),
        names=NAMES,
        palette=LIGHT,
        catalogue=CATALOGUE,
        framework=framework,
        info={"is_synthetic": "true"} if synthetic else {},
    )


def _agreement(rho: float = 0.5, half: float = 0.2, **changes: Any) -> pd.DataFrame:
    row = {"indicator_id": "spi_overall", "score": "quality_score", "year": 2019, "n": 100}
    row |= {"rho": rho, "rho_low": rho - half, "rho_high": rho + half, "theirs_count": 140}
    return pd.DataFrame([row | changes])


def _members(*rows: tuple[str, float, float, bool]) -> pd.DataFrame:
    """Member, ours, theirs, and whether it is out of line."""
    table = pd.DataFrame(rows, columns=["member_iso3", "score", "value", "is_out_of_line"])
    table = table.assign(
        region_id=table["member_iso3"].map(CATALOGUE.members),
        indicator_id="spi_overall",
        year=2019,
        score_low=table["score"] - 3,
        score_high=table["score"] + 3,
        place_ours=table["score"].rank(ascending=False),
        place_theirs=table["value"].rank(ascending=False),
    )
    table["difference"] = table["place_theirs"] - table["place_ours"]
    return table.assign(
        difference_low=table["difference"] - 1, difference_high=table["difference"] + 1
    )


FOUR = _members(
    ("KEN", 90.0, 20.0, True),
    ("UGA", 60.0, 50.0, False),
    ("FRA", 70.0, 80.0, False),
    ("NAM", 50.0, 60.0, False),
)


def _frames(agreement: pd.DataFrame, members: pd.DataFrame = FOUR) -> dict[str, pd.DataFrame]:
    return {"outside_agreement": agreement, "outside_members": members}


def _text(drawing: Drawing) -> str:
    assert drawing.children is not None, drawing.empty
    return json.dumps(drawing.children, cls=PlotlyJSONEncoder, ensure_ascii=False)


@pytest.mark.parametrize(
    ("rho", "half", "says"),
    [
        (0.8, 0.1, "much alike"),
        (0.3, 0.2, "to some degree"),
        (0.1, 0.2, "no relation can be told"),
        (-0.5, 0.2, "the other way round"),
        (1.0, math.nan, "exactly alike"),
    ],
)
def test_the_title_says_no_more_than_the_interval_allows(
    rho: float, half: float, says: str
) -> None:
    drawing = drawings.draw_agreement(_frames(_agreement(rho, half)), _scene())
    assert drawing.title is not None
    assert says in drawing.title


def test_each_external_score_has_a_line_that_takes_it_up() -> None:
    both = pd.concat([_agreement(), _agreement(0.1, indicator_id="lpi_customs", year=2018, n=88)])
    text = _text(drawings.draw_agreement(_frames(both), _scene()))
    assert "0.50 (0.30 to 0.70)" in text
    assert '"data-event": "indicator:lpi_customs"' in text
    assert '"--at": "75.0"' in text
    assert text.count('"className": "is-chosen"') == 1


def test_dots_select_members_and_those_out_of_line_are_named_with_their_interval() -> None:
    drawing = drawings.draw_scatter(_frames(_agreement()), _scene())
    assert drawing.figure is not None
    go.Figure(drawing.figure)
    whiskers, dots = drawing.figure["data"]
    assert dots["customdata"][0] == "member:KEN"
    assert (dots["x"][0], dots["y"][0]) == (20.0, 90.0)
    assert whiskers["y"] == [87.0, 93.0, None]
    assert [one["text"] for one in drawing.figure["layout"]["annotations"]] == ["Kenya"]


def test_labels_that_would_hide_each_other_stand_apart() -> None:
    close = _members(
        ("KEN", 90.0, 20.0, True), ("UGA", 90.1, 20.0, True), ("FRA", 10.0, 80.0, False)
    )
    drawing = drawings.draw_scatter(_frames(_agreement(), close), _scene())
    assert drawing.figure is not None
    heights = [one["y"] for one in drawing.figure["layout"]["annotations"]]
    assert abs(heights[0] - heights[1]) > 4


def test_who_is_out_of_line_is_listed_with_the_range_of_the_difference() -> None:
    text = _text(drawings.draw_members(_frames(_agreement()), _scene()))
    assert "Kenya" in text
    assert "Uganda" not in text
    assert "+3 (+2 to +4)" in text
    assert "ours is higher" in text


def test_a_chosen_member_in_line_is_told_so() -> None:
    text = _text(drawings.draw_members(_frames(_agreement()), _scene(members=("UGA",))))
    assert "may be chance" in text
    bare = FOUR.assign(difference_low=math.nan, difference_high=math.nan)
    text = _text(drawings.draw_members(_frames(_agreement(), bare), _scene(members=("UGA",))))
    assert "no interval" in text


def test_nobody_out_of_line_and_a_member_without_a_score_are_sentences() -> None:
    quiet = FOUR.assign(is_out_of_line=False)
    nobody = drawings.draw_members(_frames(_agreement(), quiet), _scene())
    assert nobody.empty is not None
    assert "Nobody" in nobody.empty
    lacking = drawings.draw_members(_frames(_agreement()), _scene(members=("USA",)))
    assert lacking.empty is not None
    assert "missing" in lacking.empty


def test_the_years_between_are_told_and_a_sample_is_called_one() -> None:
    text = _text(drawings.draw_limits(_frames(_agreement()), _scene(synthetic=True)))
    assert "3 years apart" in text
    assert "40 that theirs covers have no score of ours" in text
    assert "synthetic" in text
    text = _text(drawings.draw_limits(_frames(_agreement(year=2021)), _scene()))
    assert "a year apart" in text
    assert "synthetic" not in text
    text = _text(drawings.draw_limits(_frames(_agreement(year=2023)), _scene()))
    assert "of 2023 alone" in text


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("draw", DRAWERS)
def test_without_anything_from_outside_each_panel_says_why(draw: Any, language: str) -> None:
    nothing = _frames(_agreement().head(0), FOUR.head(0))
    assert draw(nothing, _scene(language=language)).empty
    assert draw(nothing, _scene(language=language, indicator="clearance_hours")).empty


@pytest.mark.parametrize(("n", "says"), [(3, "needs 4"), (50, "the same value")])
def test_too_few_members_and_no_variance_are_sentences(n: int, says: str) -> None:
    none = _agreement(math.nan, math.nan, n=n)
    for draw in DRAWERS[:3]:
        drawing = draw(_frames(none), _scene())
        assert drawing.empty is not None
        assert says in drawing.empty
