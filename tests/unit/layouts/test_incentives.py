"""The incentives view: what its figures draw, and what they say if there is nothing."""

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
from dashboard.pillar_scores import PILLAR_COLUMNS
from dashboard.ranking import RANKING_COLUMNS
from dashboard.selection import Selection
from dashboard.tier_counts import tier_counts
from dashboard.words import read_words
from layouts import incentives as drawings
from layouts.incentives.controls import controls
from layouts.palette import DARK, LIGHT, REGION_COLOURS
from layouts.panels import Drawing
from layouts.scene import Scene
from tests.support.catalogues import CATALOGUE, NAMES

RANGE = Selection(first="2025-01", last="2025-03", as_of=date(2025, 6, 1))
PILLARS = ("timeliness", "quality", "coverage", "improvement", "engagement")


def _scene(chosen: Selection = RANGE, *, is_present: bool = False, is_dark: bool = False) -> Scene:
    framework, _ = read_framework()
    return Scene(
        selection=chosen.resolve(CATALOGUE),
        chosen=chosen,
        words=read_words(chosen.language),
        names=NAMES,
        palette=DARK if is_dark else LIGHT,
        catalogue=CATALOGUE,
        framework=framework,
        info={},
        is_present=is_present,
    )


def _ranking() -> pd.DataFrame:
    """Five ranked members and one without a score; Uganda has no change."""
    members = ["FRA", "UKR", "KEN", "USA", "UGA", "NAM"]
    frame = pd.DataFrame(
        {
            "member_iso3": members,
            "region_id": [CATALOGUE.members[iso3] for iso3 in members],
            **{f"{pillar}_pillar": [90.0, 85.0, 66.0, 66.0, 30.0, np.nan] for pillar in PILLARS},
            "incentive_score": [90.0, 85.0, 66.0, 66.0, 30.0, np.nan],
            "rank": [1, 2, 3, 3, 5, None],
            "rank_median": [1, 2, 3, 4, 5, None],
            "rank_low": [1, 1, 3, 3, 5, None],
            "rank_high": [2, 2, 4, 4, 5, None],
            "tier": ["gold", "gold", "silver", "silver", "entry", None],
            "tier_probability": [1.0, 0.8, 0.93, 0.6, 0.999, np.nan],
            "group": [1, 1, 2, 2, 3, 0],
            "rank_before": [2, 1, 5, 3, None, None],
            "change": [1, -1, 2, 0, None, None],
            "change_low": [-1, -2, 1, -1, None, None],
            "change_high": [2, 1, 3, 1, None, None],
            "pillars_missing": ["", "", "quality", "", "", "quality,improvement"],
        }
    )
    whole = ["rank", "rank_median", "rank_low", "rank_high", "rank_before"]
    whole += ["change", "change_low", "change_high"]
    frame = frame.astype(dict.fromkeys(whole, "Int64"))
    assert list(frame.columns) == [column.name for column in RANKING_COLUMNS]
    return frame


def _pillars() -> pd.DataFrame:
    members = ["FRA", "UKR", "KEN", "USA", "UGA"]
    frame = pd.DataFrame({column.name: [1.0] * 5 for column in PILLAR_COLUMNS})
    frame["member_iso3"] = members
    frame["span"] = "selected"
    frame["on_time"], frame["counted"] = [9, 8, 7, 6, 5], 10
    frame["received"], frame["owed"], frame["engaged_kinds"] = 11, 12, 2
    frame["on_time_change"] = [0.1, -0.05, np.nan, 0.0, 0.2]
    frame["timeliness_error"] = 4.0
    return frame


def _valid(drawing: Drawing) -> dict[str, Any]:
    assert drawing.figure is not None
    figure: dict[str, Any] = json.loads(json.dumps(drawing.figure, cls=PlotlyJSONEncoder))
    go.Figure(figure)  # raises on anything that Plotly does not know
    return figure


def _children(drawing: Drawing) -> str:
    return json.dumps(drawing.children, cls=PlotlyJSONEncoder, ensure_ascii=False)


FRAMES = {
    "ranking": _ranking(),
    "pillars": _pillars(),
    "tier_counts": tier_counts(_ranking()),
}
EMPTY = {name: frame.iloc[:0] for name, frame in FRAMES.items()}
DRAWERS = [drawings.draw_ranking, drawings.draw_pillars, drawings.draw_movers, drawings.draw_tiers]
CHOSEN = [
    RANGE,
    replace(RANGE, members=("KEN",)),
    replace(RANGE, regions=("europe",), language="fr"),
]


@pytest.mark.parametrize("draw", DRAWERS)
@pytest.mark.parametrize("chosen", CHOSEN)
@pytest.mark.parametrize("is_present", [False, True])
def test_every_figure_is_one_that_plotly_knows(
    draw: Any, chosen: Selection, is_present: bool
) -> None:
    _valid(draw(FRAMES, _scene(chosen, is_present=is_present, is_dark=is_present)))


@pytest.mark.parametrize("draw", [*DRAWERS, drawings.draw_claims])
def test_an_empty_ranking_says_why(draw: Any) -> None:
    drawing = draw(EMPTY, _scene())
    assert drawing.figure is None and drawing.children is None
    assert "Jan 2025 – Mar 2025" in str(drawing.empty)


def test_each_ranked_member_is_a_dot_on_its_band() -> None:
    figure = _valid(drawings.draw_ranking(FRAMES, _scene()))
    whiskers, dots = figure["data"][0], figure["data"][2]
    assert dots["x"] == [1, 2, 3, 3, 5]
    marks = ["member:FRA", "member:UKR", "member:KEN", "member:USA", "member:UGA"]
    assert dots["customdata"] == marks
    assert whiskers["x"] == [1, 2, None, 1, 2, None, 3, 4, None, 3, 4, None, 5, 5, None]
    assert [y for y in whiskers["y"] if y is not None] == [y for y in dots["y"] for _ in "ab"]
    assert dots["marker"]["color"][0] == REGION_COLOURS["europe"]


def test_best_is_on_top_and_every_tier_has_a_row_for_its_name() -> None:
    figure = _valid(drawings.draw_ranking(FRAMES, _scene()))
    assert figure["data"][2]["y"] == [1, 2, 4, 5, 7]
    high, low = figure["layout"]["yaxis"]["range"]
    assert high > low
    threshold = {tier.id: tier.threshold for tier in _scene().framework.tiers}
    named = [(note["y"], note["text"]) for note in figure["layout"]["annotations"]]
    assert [y for y, _ in named] == [0, 3, 6]
    assert named[0][1] == f"Gold – from {threshold['gold']:.0f} points"


def test_a_tier_is_never_without_its_probability() -> None:
    figure = _valid(drawings.draw_ranking(FRAMES, _scene()))
    assert figure["data"][4]["text"] == [
        "90 · &gt; 99 %",
        "85 · 80 %",
        "66 · 93 %",
        "66 · 60 %",
        "30 · &gt; 99 %",
    ]


def test_blocks_hold_members_that_cannot_be_told_apart() -> None:
    figure = _valid(drawings.draw_ranking(FRAMES, _scene()))
    (block,) = figure["layout"]["shapes"]
    assert (block["y0"], block["y1"]) == (3.5, 5.5)


def test_those_selected_stand_first_and_the_rest_is_muted() -> None:
    figure = _valid(drawings.draw_ranking(FRAMES, _scene(replace(RANGE, members=("UGA",)))))
    dots, names = figure["data"][2], figure["data"][3]
    assert dots["customdata"][0] == "member:UGA"
    assert len(dots["x"]) == 5
    assert dots["marker"]["opacity"] == [1.0, 0.5, 0.5, 0.5, 0.5]
    assert dots["marker"]["line"]["width"] == [1.5, 0, 0, 0, 0]
    assert names["text"][0] == "<b>Uganda  5</b>"


def test_hover_tells_rank_band_score_tier_change_and_what_is_missing() -> None:
    figure = _valid(drawings.draw_ranking(FRAMES, _scene()))
    lines = figure["data"][2]["hovertext"][2].split("<br>")
    assert lines[0] == "<b>Kenya</b>"
    assert "Rank 3, 90 % of draws between 3 and 4".replace(" %", "\u00a0%") in lines
    assert any(line.startswith("2 places up") for line in lines)
    assert any("Quality" in line for line in lines)


def test_the_stage_shows_no_more_rows_than_can_be_read() -> None:
    many = pd.concat([_ranking().iloc[:5]] * 8, ignore_index=True)
    many["rank"] = pd.array(range(1, 41), dtype="Int64")
    drawing = drawings.draw_ranking({"ranking": many}, _scene(is_present=True))
    assert len(_valid(drawing)["data"][2]["x"]) == 16
    assert drawing.height is None


def test_pillars_show_scores_with_the_weights_in_use() -> None:
    chosen = replace(RANGE, weights=(("timeliness", 60), ("quality", 20), ("coverage", 20)))
    figure = _valid(drawings.draw_pillars(FRAMES, _scene(chosen)))
    heat = figure["data"][0]
    assert figure["layout"]["xaxis"]["ticktext"][0] == "Timeliness<br>60 %"
    assert heat["z"][0] == [90.0, 90.0, 90.0]
    assert heat["text"][2] == ["66", "66", "66"]
    assert "9 of 10 obligations met on time" in heat["hovertext"][0][0]
    assert figure["layout"]["yaxis"]["ticktext"][0] == "France<br>1 (1–2)"


def test_pillars_of_those_selected_come_alone() -> None:
    drawing = drawings.draw_pillars(FRAMES, _scene(replace(RANGE, members=("KEN", "FRA"))))
    marks = [row[0] for row in _valid(drawing)["data"][0]["customdata"]]
    assert marks == ["member:FRA", "member:KEN"]


def test_a_member_that_owes_nothing_is_said_to_be_unranked() -> None:
    scene = _scene(replace(RANGE, members=("NAM",)))
    assert "Namibia" in str(drawings.draw_pillars(FRAMES, scene).empty)
    assert "Namibia: not ranked" in _children(drawings.draw_claims(FRAMES, scene))


def test_movers_go_from_most_gained_to_most_lost_and_doubt_is_hollow() -> None:
    figure = _valid(drawings.draw_movers(FRAMES, _scene()))
    dots = figure["data"][0]
    assert dots["customdata"] == ["member:KEN", "member:FRA", "member:UKR"]
    assert dots["x"] == [2, 1, -1]
    assert dots["marker"]["symbol"] == ["circle", "circle-open", "circle-open"]
    assert dots["error_x"]["array"] == [1, 1, 2]
    assert dots["error_x"]["arrayminus"] == [1, 2, 1]


def test_without_a_past_there_are_no_movers() -> None:
    frame = _ranking().assign(change=pd.array([None] * 6, dtype="Int64"))
    assert drawings.draw_movers({"ranking": frame}, _scene()).empty


def test_tiers_count_members_by_region_and_hatch_the_unsure() -> None:
    figure = _valid(drawings.draw_tiers(FRAMES, _scene()))
    bars = {(bar["name"], bar["marker"]["pattern"]["shape"]): bar for bar in figure["data"]}
    regions = ["Americas", "East Southern Africa", "Europe"]
    assert bars["Gold", ""]["y"] == regions
    assert bars["Gold", ""]["x"] == [0, 0, 1]
    assert bars["Gold", "/"]["x"] == [0, 0, 1]
    assert bars["Silver", ""]["x"] == [0, 1, 0]
    assert bars["Silver", "/"]["x"] == [1, 0, 0]
    assert sum(sum(bar["x"]) for bar in figure["data"]) == 5
    assert bars["Gold", ""]["customdata"][2] == "region:europe"


def test_who_may_not_see_regions_gets_one_bar_of_all() -> None:
    whole = FRAMES["tier_counts"]
    frame = whole[whole["region_id"] == "all"].assign(tier_probability=np.nan)
    figure = _valid(drawings.draw_tiers({"tier_counts": frame}, _scene()))
    bars = {(bar["name"], bar["marker"]["pattern"]["shape"]): bar for bar in figure["data"]}
    assert bars["Gold", ""]["y"] == ["All members"]
    assert bars["Gold", ""]["x"] == [1]
    assert bars["Gold", "/"]["x"] == [1]
    assert bars["Gold", ""]["customdata"] == [""]
    assert sum(sum(bar["x"]) for bar in figure["data"]) == 5


def test_claims_count_what_the_bands_bear_out() -> None:
    text = _children(drawings.draw_claims(FRAMES, _scene())).replace("\u00a0", " ")
    # A third of five is one: nobody is surely first, Uganda surely last.
    assert "0 are surely in the first third, 1 surely in the last; 4 may be" in text
    assert "for 3 of 5 members with a probability of 90 % or more" in text
    assert "there are 3." in text
    assert "a pillar cannot be computed (1)" in text
    assert "owed nothing in this range (1)" in text


def test_the_strip_shows_both_ends_and_the_movers() -> None:
    figure = _valid(Drawing(figure=drawings.ranking_strip(_ranking(), _scene())))
    ends, movers = figure["data"]
    assert ends["x"] == [1, 2, 3, 3, 5]
    assert ends["error_x"]["array"] == [1, 0, 1, 1, 0]
    assert movers["xaxis"] == "x2"
    assert movers["x"] == [2, 1, -1]


def test_the_strip_finds_a_row_for_a_selected_member_between_the_ends() -> None:
    many = pd.concat([_ranking().iloc[:1]] * 30, ignore_index=True)
    many["member_iso3"] = [f"M{i:02d}" for i in range(30)]
    many["rank"] = many["rank_median"] = pd.array(range(1, 31), dtype="Int64")
    many["rank_low"] = many["rank_high"] = many["rank"]
    scene = _scene(replace(RANGE, members=("M14",)))
    figure = _valid(Drawing(figure=drawings.ranking_strip(many, scene)))
    assert figure["data"][0]["x"] == [*range(1, 7), 15, *range(25, 31)]
    assert figure["layout"]["yaxis"]["ticktext"][6] == "<b>M14 15</b>"
    assert len(figure["layout"]["annotations"]) == 2


def test_weights_have_a_slot_each_with_value_default_and_share() -> None:
    chosen = replace(RANGE, weights=(("timeliness", 10), ("quality", 30), ("coverage", 0)))
    bar = controls(_scene(chosen))
    slots = [part for part in bar._traverse() if "data-slider" in part.to_plotly_json()["props"]]
    props = [slot.to_plotly_json()["props"] for slot in slots]
    # The catalogue of the tests has four pillars, of 30, 30, 20 and 20.
    assert [(one["data-slider"], one["data-value"]) for one in props] == [
        ("timeliness", "10"),
        ("quality", "30"),
        ("coverage", "0"),
    ]
    assert [one["data-default"] for one in props] == ["30", "30", "20"]
    found = json.dumps(bar, cls=PlotlyJSONEncoder)
    assert '"75 %"' in found
    assert '"aggregation:geometric"' in found


def test_labels_from_data_are_escaped() -> None:
    names = replace(NAMES, members={**NAMES.members, "FRA": "<i>France</i> & co"})
    figure = _valid(drawings.draw_ranking(FRAMES, replace(_scene(), names=names)))
    assert figure["data"][3]["text"][0] == "&lt;i&gt;France&lt;/i&gt; &amp; co  1"
