"""The figures of how sure the ranking is: traces, findings, and what they say if empty."""

from __future__ import annotations

import json
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
from layouts import sensitivity as drawings
from layouts.palette import LIGHT
from layouts.panels import Drawing
from layouts.scene import Scene
from tests.support.catalogues import CATALOGUE, NAMES

RANGE = Selection(first="2022-01", last="2024-12", as_of=date(2025, 6, 1))
MEMBERS = ("KEN", "FRA", "UGA")


def _scene(**chosen: Any) -> Scene:
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
        info={},
    )


def _choices(*rows: tuple[str, float, float]) -> pd.DataFrame:
    """Choice, total effect, and half of its interval."""
    table = pd.DataFrame(rows, columns=["choice", "total_effect", "half"])
    return table.assign(
        first_effect=table["total_effect"] / 2,
        first_effect_low=table["total_effect"] / 2 - table["half"],
        first_effect_high=table["total_effect"] / 2 + table["half"],
        total_effect_low=table["total_effect"] - table["half"],
        total_effect_high=table["total_effect"] + table["half"],
        mean_shift=3.2,
    )


DOMINANCE = pd.DataFrame(
    {
        "member_iso3": ["KEN", "KEN", "FRA", "FRA", "UGA", "UGA"],
        "rank": [1, 1, 2, 2, 3, 3],
        "other_iso3": ["FRA", "UGA", "KEN", "UGA", "KEN", "FRA"],
        "other_rank": [2, 3, 1, 3, 1, 2],
        "ahead_share": [0.6, 0.99, 0.4, 0.97, 0.01, 0.03],
    }
)
LEFT_OUT = pd.DataFrame(
    {
        "pillar": ["quality"] * 3 + ["timeliness"] * 3,
        "member_iso3": MEMBERS * 2,
        "rank": [1, 2, 3] * 2,
        "rank_without": pd.array([3, 1, 2, 1, 2, 3], dtype="Int64"),
        "places_gained_without": pd.array([-2, 1, 1, 0, 0, 0], dtype="Int64"),
    }
)


def _tiers() -> pd.DataFrame:
    framework, _ = read_framework()
    tiers = sorted(framework.tiers, key=lambda tier: tier.threshold)
    rest = [0.0] * (len(tiers) - 2)
    chances = [[0.0, *rest, 1.0], [0.5, *rest, 0.5], [0.98, *rest, 0.02]]
    return pd.DataFrame(
        {
            "member_iso3": [iso3 for iso3 in MEMBERS for _ in tiers],
            "rank": [place for place in (1, 2, 3) for _ in tiers],
            "tier": [tier.id for _ in MEMBERS for tier in tiers],
            "tier_probability": [value for line in chances for value in line],
        }
    )


def _ranking() -> pd.DataFrame:
    ranks = pd.array([1, 2, 3], dtype="Int64")
    return pd.DataFrame(
        {
            "member_iso3": MEMBERS,
            "region_id": [CATALOGUE.members[iso3] for iso3 in MEMBERS],
            **dict.fromkeys(("rank", "rank_median", "rank_low", "rank_high"), ranks),
            "group": pd.array([1, 1, 2], dtype="Int64"),
        }
    )


CASES = [
    ("draw_choices", "ranking_choices", _choices(("quality", 0.6, 0.05), ("sampling", 0.2, 0.05))),
    ("draw_dominance", "ranking_dominance", DOMINANCE),
    ("draw_left_out", "ranking_left_out", LEFT_OUT),
    ("draw_tier_chances", "ranking_tier_chances", _tiers()),
    ("draw_groups", "ranking", _ranking()),
]


def _draw(name: str, frame: str, table: pd.DataFrame, scene: Scene) -> Drawing:
    drawing: Drawing = getattr(drawings, name)({frame: table}, scene)
    return drawing


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("members", [(), ("FRA",)])
@pytest.mark.parametrize(("name", "frame", "table"), CASES)
def test_every_figure_is_valid_and_says_what_it_found(
    name: str, frame: str, table: pd.DataFrame, members: tuple[str, ...], language: str
) -> None:
    scene = _scene(members=members, language=language)
    for shown in (scene, replace(scene, is_present=True)):
        drawing = _draw(name, frame, table, shown)
        assert drawing.empty is None and drawing.title and drawing.subtitle and drawing.note
        if drawing.figure is not None:
            go.Figure(json.loads(json.dumps(drawing.figure, cls=PlotlyJSONEncoder)))


@pytest.mark.parametrize(("name", "frame", "table"), CASES)
def test_without_a_ranking_it_says_so(name: str, frame: str, table: pd.DataFrame) -> None:
    drawing = _draw(name, frame, table.iloc[:0], _scene())
    assert drawing.empty and drawing.figure is None and drawing.children is None


def test_a_choice_is_named_the_first_only_if_its_interval_is_apart() -> None:
    sure = _draw(*CASES[0], _scene())
    close = _choices(("quality", 0.6, 0.3), ("sampling", 0.5, 0.3))
    unsure = _draw("draw_choices", "ranking_choices", close, _scene())
    nothing = _draw("draw_choices", "ranking_choices", _choices(("quality", 0.0, 0.0)), _scene())
    assert str(sure.title).startswith("Weight of ") and str(sure.title).endswith(" matters most")
    assert "cannot be told" in str(unsure.title) and nothing.title == "No choice moves a rank"


def test_dominance_is_a_matrix_by_place_with_the_chosen_outlined() -> None:
    drawing = _draw(*CASES[1], _scene(members=("FRA",)))
    assert drawing.figure is not None
    (heat,) = drawing.figure["data"]
    assert heat["z"] == [[None, 0.6, 0.99], [0.4, None, 0.97], [0.01, 0.03, None]]
    # two of three pairs are told apart
    assert "67" in str(drawing.title)
    assert len(drawing.figure["layout"]["shapes"]) == 2


def test_left_out_names_who_gains_and_loses_and_clicks_select() -> None:
    drawing = _draw(*CASES[2], _scene())
    assert drawing.figure is not None
    quality, timeliness = drawing.figure["data"]
    assert quality["x"] == [-2, 1, 1] and timeliness["x"] == [0, 0, 0]
    assert quality["customdata"] == [f"member:{iso3}" for iso3 in MEMBERS]
    # a heading for each pillar, and who loses and gains most without the first
    assert len(drawing.figure["layout"]["annotations"]) == 4


def test_one_pillar_alone_can_not_be_left_out() -> None:
    table = LEFT_OUT.iloc[:3].assign(places_gained_without=pd.array([pd.NA] * 3, dtype="Int64"))
    assert "Only one pillar" in str(
        _draw("draw_left_out", "ranking_left_out", table, _scene()).empty
    )


def test_tiers_count_those_that_are_not_sure() -> None:
    drawing = _draw(*CASES[3], _scene())
    assert str(drawing.title).startswith("1 of 3")
