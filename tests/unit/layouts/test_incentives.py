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
from hypothesis import given
from hypothesis import strategies as st
from plotly.utils import PlotlyJSONEncoder

from callbacks.views.incentives_pillars import scheme_table
from dashboard.framework import read_framework
from dashboard.incentive_values import INDICATORS
from dashboard.peers import with_peers
from dashboard.pillar_scores import PILLAR_COLUMNS
from dashboard.ranking import RANKING_COLUMNS
from dashboard.selection import Selection
from dashboard.tier_counts import tier_counts
from dashboard.treatments import treatment_table
from dashboard.words import read_words
from layouts import incentives as drawings
from layouts.incentives.controls import controls, whole_percents
from layouts.incentives.ranking import ROOM_OF_A_DOT
from layouts.incentives.reading import ranked
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


def _ranking(groups: dict[str, str] | None = None) -> pd.DataFrame:
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
            "score_change": [2.0, -1.0, 20.0, 0.0, np.nan, np.nan],
            "change_chance": [0.6, 0.7, 0.01, 1.0, np.nan, np.nan],
            "pillars_missing": ["", "", "quality", "", "", "quality,improvement"],
        }
    )
    frame.insert(2, "standing", ["ranked"] * 5 + ["few_obligations"])
    whole = ["rank", "rank_median", "rank_low", "rank_high", "rank_before"]
    whole += ["change", "change_low", "change_high"]
    frame = frame.astype(dict.fromkeys(whole, "Int64"))
    assert list(frame.columns) == [column.name for column in RANKING_COLUMNS]
    return with_peers(frame, groups)


def _schemes(chosen: Selection = RANGE) -> pd.DataFrame:
    resolved = chosen.resolve(CATALOGUE)
    framework, _ = read_framework()
    frame = _pillars().assign(**{f"{pillar}_pillar": [1.0, 2, 3, 4, 5] for pillar in PILLARS})
    return scheme_table(frame, framework, resolved.scheme, dict(resolved.weights))


def _pillars() -> pd.DataFrame:
    members = ["FRA", "UKR", "KEN", "USA", "UGA"]
    frame = pd.DataFrame({column.name: [1.0] * 5 for column in PILLAR_COLUMNS})
    frame["member_iso3"] = members
    frame["span"] = "selected"
    frame["standing"] = "ranked"
    frame["on_time"], frame["counted"] = [9, 8, 7, 6, 5], 10
    frame["received"], frame["owed"] = 11, 12
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


def _treatments() -> pd.DataFrame:
    framework, _ = read_framework()
    rng = np.random.default_rng(5)
    size = 30
    frame = pd.DataFrame({name: rng.uniform(0.4, 0.6, size) for name in INDICATORS})
    frame["received_share"] = [0.01, *rng.uniform(0.95, 1.0, size - 1)]
    frame["member_iso3"] = ["UGA", *(f"M{place:02d}" for place in range(1, size))]
    frame = frame.assign(span="selected", standing="ranked", counted=9, owed=9, rows_checked=99)
    for name in PILLAR_COLUMNS:
        if name.name not in frame:
            frame[name.name] = 0.0
    return treatment_table(frame, framework, dict.fromkeys(PILLARS, 1.0), "arithmetic", "goalposts")


FRAMES = {
    "ranking": _ranking(),
    "pillars": _pillars(),
    "schemes": _schemes(),
    "treatments": _treatments(),
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


@pytest.mark.parametrize(
    "draw",
    [*DRAWERS, drawings.draw_claims, drawings.draw_missing, drawings.draw_treatments],
)
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
    assert names["text"][0] == f"<b>Uganda  5{ROOM_OF_A_DOT}</b>"


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
    drawing = drawings.draw_ranking({**FRAMES, "ranking": many}, _scene(is_present=True))
    assert len(_valid(drawing)["data"][2]["x"]) == 16
    assert drawing.height is None


def test_pillars_show_scores_with_the_weights_in_use() -> None:
    chosen = replace(RANGE, weights=(("timeliness", 60), ("quality", 20), ("coverage", 20)))
    frames = {**FRAMES, "schemes": _schemes(chosen)}
    figure = _valid(drawings.draw_pillars(frames, _scene(chosen)))
    heat = figure["data"][0]
    assert figure["layout"]["xaxis"]["ticktext"][0] == "Timeliness<br>60 %"
    assert heat["z"][0] == [90.0] * 5
    assert heat["text"][2] == ["66"] * 5
    assert "9 of 10 obligations met on time" in heat["hovertext"][0][0]
    assert figure["layout"]["yaxis"]["ticktext"][0] == "France<br>1 (1–2)"


def test_pillars_of_those_selected_come_alone() -> None:
    drawing = drawings.draw_pillars(FRAMES, _scene(replace(RANGE, members=("KEN", "FRA"))))
    marks = [row[0] for row in _valid(drawing)["data"][0]["customdata"]]
    assert marks == ["member:FRA", "member:KEN"]


def test_a_member_that_owes_nothing_is_said_to_be_unranked() -> None:
    scene = _scene(replace(RANGE, members=("NAM",)))
    assert "Namibia" in str(drawings.draw_pillars(FRAMES, scene).empty)
    frames = {**FRAMES, "ranking": _ranking().iloc[:5]}
    assert "Namibia: not ranked" in _children(drawings.draw_claims(frames, scene))


def test_a_member_with_too_few_obligations_is_listed_apart_with_the_least_number() -> None:
    text = _children(drawings.draw_claims(FRAMES, _scene()))
    assert "Listed apart, without a rank (1)" in text
    least = _scene().framework.ranking.minimum_obligations
    assert f"too few to rank: fewer than {least} judged obligations" in text
    assert '"member:NAM"' in text


def test_where_all_are_too_few_a_sentence_says_so() -> None:
    few = _ranking().assign(rank=pd.array([None] * 6, dtype="Int64"), standing="few_obligations")
    frames = {**FRAMES, "ranking": few}
    for draw in (*DRAWERS[:2], drawings.draw_claims, drawings.draw_missing):
        sentence = str(draw(frames, _scene()).empty)
        assert "Of 6 members" in sentence and "too few to rank" in sentence


def test_movers_go_from_most_gained_to_most_lost_and_doubt_is_hollow() -> None:
    figure = _valid(drawings.draw_movers(FRAMES, _scene()))
    dots = figure["data"][0]
    assert dots["customdata"] == ["member:KEN", "member:FRA", "member:UKR"]
    assert dots["x"] == [2, 1, -1]
    # Only Kenya's score moved by more than chance would, whatever the bands of places.
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
    # Of six members of the catalogue five are ranked and one is listed apart.
    assert "owed nothing in this range" not in text


def test_the_strip_shows_both_ends_and_the_movers() -> None:
    figure = _valid(Drawing(figure=drawings.ranking_strip(ranked(_ranking()), _scene())))
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
    figure = _valid(Drawing(figure=drawings.ranking_strip(ranked(many), scene)))
    assert figure["data"][0]["x"] == [*range(1, 7), 15, *range(25, 31)]
    assert figure["layout"]["yaxis"]["ticktext"][6] == "<b>M14 15</b>"
    assert len(figure["layout"]["annotations"]) == 2


def _props(bar: Any, attribute: str) -> list[dict[str, Any]]:
    found = [
        part.to_plotly_json()["props"] for part in bar._traverse() if not isinstance(part, str)
    ]
    return [props for props in found if attribute in props]


def test_weights_have_a_slot_each_that_add_up_to_a_hundred() -> None:
    weights = (("timeliness", 10), ("quality", 10), ("coverage", 10), ("improvement", 0))
    bar = controls(_scene(replace(RANGE, weights=weights)))
    found = [(one["data-slider"], one["data-value"]) for one in _props(bar, "data-slider")]
    assert found == [
        ("timeliness", "34"),
        ("quality", "33"),
        ("coverage", "33"),
        ("improvement", "0"),
    ]
    assert len(_props(bar, "data-lock")) == 4


@given(
    st.lists(st.floats(0, 1e6, allow_nan=False), min_size=1, max_size=8).filter(
        lambda weights: sum(weights) > 1e-3
    )
)
def test_whole_percents_add_up_and_are_none_more_than_one_away(weights: list[float]) -> None:
    named = {str(place): weight for place, weight in enumerate(weights)}
    percents = whole_percents(named)
    assert sum(percents.values()) == 100
    for name, weight in named.items():
        assert abs(percents[name] - 100 * weight / sum(weights)) < 1 + 1e-9


def test_schemes_are_buttons_and_that_of_a_region_comes_with_it() -> None:
    def hidden(chosen: Selection) -> dict[str, bool]:
        found = _props(controls(_scene(chosen)), "data-scheme")
        return {one["data-scheme"]: one["hidden"] for one in found}

    assert hidden(RANGE)["equal"] is False
    assert hidden(RANGE)["europe"] is True
    assert hidden(replace(RANGE, regions=("europe",)))["europe"] is False
    assert hidden(replace(RANGE, members=("FRA",)))["europe"] is False
    assert hidden(replace(RANGE, members=("KEN",)))["europe"] is True
    assert hidden(replace(RANGE, scheme="europe"))["europe"] is False


def test_the_scheme_in_use_is_on_and_own_weights_leave_none_on() -> None:
    def pressed(chosen: Selection) -> list[str]:
        found = _props(controls(_scene(chosen)), "data-scheme")
        return [one["data-scheme"] for one in found if one["aria-pressed"] == "true"]

    assert pressed(RANGE) == ["official"]
    assert pressed(replace(RANGE, scheme="variance")) == ["variance"]
    assert pressed(replace(RANGE, weights=(("timeliness", 1),))) == []


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        (RANGE, "arithmetic mean, scores by goalposts, weights: Official"),
        (replace(RANGE, scheme="equal", aggregation="geometric"), "geometric mean, scores by"),
        (replace(RANGE, normalisation="rank"), "scores by ranks"),
        (replace(RANGE, weights=(("timeliness", 1),)), "weights: your own"),
        (replace(RANGE, scheme="europe", language="fr"), "poids : Europe, proposition"),
    ],
)
def test_how_the_score_is_made_is_always_said_on_the_figure(chosen: Selection, said: str) -> None:
    assert said in drawings.draw_ranking(FRAMES, _scene(chosen)).subtitle


def test_the_figure_brings_what_the_browser_ranks_by() -> None:
    chosen = replace(RANGE, members=("UGA",), scheme="equal")
    frames = {**FRAMES, "schemes": _schemes(chosen)}
    facts = _valid(drawings.draw_ranking(frames, _scene(chosen)))["layout"]["meta"]["ranking"]
    assert facts["members"] == ["UGA", "FRA", "UKR", "KEN", "USA"]
    assert facts["chosen"] == [True, False, False, False, False]
    assert facts["scores"][1] == [90.0] * 5
    assert facts["weights"] == pytest.approx(dict.fromkeys(PILLARS, 0.2))
    assert [tier for _, tier in facts["tiers"]] == [t.id for t in _scene().framework.tiers]
    # Namibia is listed apart: no weight can rank it.
    assert facts["others"] == []


def test_the_stage_has_no_sliders_and_takes_none_of_it_along() -> None:
    drawing = drawings.draw_ranking(FRAMES, _scene(is_present=True))
    assert "meta" not in _valid(drawing)["layout"]


def test_a_ranking_by_comparisons_has_no_tiers_and_says_so() -> None:
    chosen = replace(RANGE, aggregation="copeland")
    frame = _ranking().assign(tier=None, tier_probability=np.nan).astype({"tier": "str"})
    frames = {**FRAMES, "ranking": frame}
    figure = _valid(drawings.draw_ranking(frames, _scene(chosen)))
    assert figure["data"][4]["text"][0] == "90"
    assert [note["text"] for note in figure["layout"]["annotations"]] == ["By comparisons won"]
    assert "no tier" in str(drawings.draw_tiers(frames, _scene(chosen)).empty)
    assert "Which tier: by comparisons" in _children(drawings.draw_claims(frames, _scene(chosen)))


def test_peers_stand_in_their_groups_with_their_place_there() -> None:
    groups = {"FRA": "high_income", "UKR": "low_income", "KEN": "low_income", "USA": "high_income"}
    frames = {**FRAMES, "ranking": _ranking(groups)}
    chosen = replace(RANGE, peers="income")
    figure = _valid(drawings.draw_ranking(frames, _scene(chosen)))
    heads = [note["text"] for note in figure["layout"]["annotations"]]
    assert heads == ["High income", "Low income", "Not classified"]
    assert [one.removesuffix(ROOM_OF_A_DOT) for one in figure["data"][3]["text"]] == [
        "France  1/2",
        "United States  2/2",
        "Ukraine  1/2",
        "Kenya  2/2",
        "Uganda  1/1",
    ]
    story = figure["data"][2]["hovertext"]
    assert "number 2 of 2 peers (High income)" in story[1]
    assert "no ranked peer (Not classified)" in story[4]
    # The dot stays the rank among all.
    assert figure["data"][2]["x"] == [1, 3, 2, 3, 5]


def test_a_missing_pillar_is_shown_with_where_its_weight_went() -> None:
    text = _children(drawings.draw_missing(FRAMES, _scene())).replace(" ", " ")
    assert '"member:KEN"' in text and '"member:FRA"' not in text
    assert "Quality (30 %)" in text
    # 30, 20, 10 and 10 of 70 are left.
    assert "Timeliness 43 %, Coverage 29 %, Improvement 14 %, Engagement 14 %" in text


def test_without_gaps_the_rule_is_still_said() -> None:
    frames = {**FRAMES, "ranking": _ranking().assign(pillars_missing="")}
    text = _children(drawings.draw_missing(frames, _scene()))
    assert "all 5 ranked members" in text and "in proportion" in text


def test_treatments_name_whose_values_and_what_they_would_change() -> None:
    text = _children(drawings.draw_treatments(FRAMES, _scene())).replace(" ", " ")
    assert "nothing now; under min-max: 1 values set to 95 %" in text
    assert '"Uganda"' in text
    assert "under min-max" in text and "places at most" in text


def test_labels_from_data_are_escaped() -> None:
    names = replace(NAMES, members={**NAMES.members, "FRA": "<i>France</i> & co"})
    figure = _valid(drawings.draw_ranking(FRAMES, replace(_scene(), names=names)))
    assert figure["data"][3]["text"][0] == f"&lt;i&gt;France&lt;/i&gt; &amp; co  1{ROOM_OF_A_DOT}"
