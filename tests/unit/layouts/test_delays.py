"""The figures of delays: curves, medians, tests in words, trends on their band, empty states."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard.framework import read_framework
from dashboard.selection import Selection
from dashboard.words import read_words
from layouts import delays as drawings
from layouts.delays.curves import axis_end, half_day, tick_days
from layouts.delays.differences import verdict
from layouts.delays.estimates import reason
from layouts.delays.movers import both_ends
from layouts.delays.trends import slope_limit
from layouts.palette import DARK, LIGHT, REGION_COLOURS
from layouts.panels import Drawing
from layouts.scene import Scene
from tests.support.catalogues import CATALOGUE, NAMES

NAN = float("nan")
RANGE = Selection(first="2025-01", last="2025-03", as_of=date(2025, 6, 1))


def _scene(*, is_present: bool = False, palette: Any = LIGHT, **chosen: Any) -> Scene:
    framework, _ = read_framework()
    selection = replace(RANGE, **chosen)
    return Scene(
        selection=selection.resolve(CATALOGUE),
        chosen=selection,
        words=read_words(selection.language),
        names=NAMES,
        palette=palette,
        catalogue=CATALOGUE,
        framework=framework,
        info={},
        is_present=is_present,
    )


def _curves(estimate: str = "kaplan_meier") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "group": ["europe"] * 3 + ["americas"] * 3,
            "estimate": estimate,
            "days": [20.0, 40.0, 80.0, 30.0, 60.0, 90.0],
            "received_share": [0.3, 0.6, 0.98, 0.1, 0.4, 0.45],
            "low": [0.2, 0.5, 0.9, 0.05, 0.3, NAN],
            "high": [0.4, 0.7, 1.0, 0.2, 0.5, NAN],
            "at_risk": [50, 35, 20, 40, 36, 24],
        }
    )


def _groups(**changes: Any) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "group": ["americas", "europe", "west_central_africa"],
            "estimate": "kaplan_meier",
            "member_count": [33, 52, 24],
            "n": [1156, 1872, 864],
            "outstanding": [53, 69, 83],
            "median_delay_days": [40.0, 34.0, NAN],
            "low": [36.0, 31.0, 47.0],
            "high": [45.0, 37.0, NAN],
            "upper_bounds": [136, 0, 0],
            "day_unknown": [0, 4, 0],
            "waived": [32, 0, 0],
            "before_log": [0, 0, 7],
            "observed_ratio": [0.97, 1.32, 0.76],
            "chi_square": [0.1, 12.0, 8.0],
            "group_p_value": [0.83, 0.0003, 0.02],
            "all_chi_square": 16.3,
            "degrees": 2,
            "all_p_value": 0.0004,
        }
    )
    return frame.assign(**changes)


def _trends(band: bool = True) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "member_iso3": ["KEN", "UGA", "FRA", "NAM", "USA"],
            "region_id": [CATALOGUE.members[m] for m in ("KEN", "UGA", "FRA", "NAM", "USA")],
            "n": [36, 30, 36, 12, 36],
            "waiting": [0, 2, 0, 1, 0],
            "slope_days": [-1.0, -0.2, 0.0, 0.25, 4.0],
            "low": [-1.5, -0.5, -0.1, NAN, 2.0],
            "high": [-0.5, 0.1, 0.1, 1.0, 9.0],
            "raw_p_value": [0.0001, 0.3, 0.9, 0.2, 0.01],
            "trend_p_value": [0.0005, 0.4, 0.9, 0.3, 0.03],
            "place": [1, 2, 3, 4, 5],
            "chance_low": [-0.6, -0.3, -0.2, -0.1, 0.0] if band else NAN,
            "chance_middle": [-0.4, -0.2, 0.0, 0.2, 0.4] if band else NAN,
            "chance_high": [0.0, 0.1, 0.2, 0.3, 0.6] if band else NAN,
        }
    )


def _chance(**changes: Any) -> pd.DataFrame:
    row = {
        "members_seen": 6,
        "members_tested": 5,
        "below_raw": 2,
        "below_adjusted": 2,
        "expected_below": 0.25,
        "below_low": 0.0,
        "below_high": 1.0,
        "slope_least": -0.7,
        "slope_most": 0.7,
        "draws": 99,
    }
    return pd.DataFrame([{**row, **changes}])


def _estimates() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "collection_id": ["trade_monthly", "trade_annual", "revenue_monthly"],
            "estimate": ["kaplan_meier", "current_status", "none"],
            "exact": [100, 0, 0],
            "upper_bounds": [5, 70, 0],
            "day_unknown": [1, 0, 9],
            "overdue": [2, 30, 1],
            "pending": [3, 0, 0],
            "waived": [1, 0, 0],
            "before_log": [4, 0, 0],
            "inspected_on": [pd.Timestamp("2025-05-05"), pd.Timestamp("2025-05-20"), pd.NaT],
        }
    )


def _valid(drawing: Drawing) -> dict[str, Any]:
    assert drawing.figure is not None
    go.Figure(drawing.figure)  # raises where the figure breaks Plotly's schema
    return drawing.figure


def _named(figure: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {trace["name"]: trace for trace in figure["data"] if "name" in trace}


# --- Curves --------------------------------------------------------------------------------------


def test_curves_step_from_nothing_to_the_end_of_the_axis() -> None:
    figure = _valid(drawings.draw_curves({"delay_group_curves": _curves()}, _scene()))
    europe = _named(figure)["Europe"]
    end = axis_end([part for _, part in _curves().groupby("group")], 45)
    assert europe["x"] == [0.0, 20.0, 40.0, 80.0, end]
    assert europe["y"] == [0.0, 0.3, 0.6, 0.98, 0.98]
    assert europe["line"]["shape"] == "hv"
    assert europe["line"]["color"] == REGION_COLOURS["europe"]
    assert europe["customdata"][0] == "region:europe"
    assert "60 %" in europe["hovertext"][2] and "still waiting: 35" in europe["hovertext"][2]


def test_the_numbers_below_tell_who_still_waits_on_each_day() -> None:
    figure = _valid(drawings.draw_curves({"delay_group_curves": _curves()}, _scene()))
    (numbers,) = [trace for trace in figure["data"] if trace.get("yaxis") == "y2"]
    table = dict(zip(zip(numbers["y"], numbers["x"], strict=True), numbers["text"], strict=True))
    assert table[0, 0] == "50" and table[0, 30] == "35"  # Europe is first: it reaches half
    assert table[1, 0] == "40" and table[1, 60] == "36"
    labels = figure["layout"]["yaxis2"]["ticktext"]
    assert "Europe" in labels[0] and "Americas" in labels[1]


def test_inspections_are_dots_without_a_beginning_and_say_so() -> None:
    drawing = drawings.draw_curves({"delay_group_curves": _curves("current_status")}, _scene())
    europe = _named(_valid(drawing))["Europe"]
    assert europe["mode"] == "lines+markers"
    assert europe["x"] == [20.0, 40.0, 80.0]
    assert "inspected on that day: 35" in europe["hovertext"][1]
    assert "Current-status estimate" in drawing.note and "Kaplan-Meier" not in drawing.note


def test_a_chosen_region_mutes_the_others_and_has_the_band() -> None:
    scene = _scene(regions=("americas",))
    figure = _valid(drawings.draw_curves({"delay_group_curves": _curves()}, scene))
    named = _named(figure)
    assert named["Europe"]["opacity"] < named["Americas"]["opacity"] == 1.0
    (band,) = [trace for trace in figure["data"] if trace.get("fill") == "toself"]
    assert band["fillcolor"] == REGION_COLOURS["americas"]


def test_chosen_members_are_a_group_of_their_own() -> None:
    curves = _curves().replace({"group": {"americas": "selected"}})
    scene = _scene(members=("KEN",))
    figure = _valid(drawings.draw_curves({"delay_group_curves": curves}, scene))
    assert _named(figure)["Kenya"]["line"]["color"] == LIGHT.accent
    assert set(_named(figure)["Kenya"]["customdata"]) == {""}


def test_no_curves_say_why() -> None:
    drawing = drawings.draw_curves({"delay_group_curves": _curves().iloc[:0]}, _scene())
    assert drawing.figure is None
    assert "Monthly merchandise trade" in (drawing.empty or "")


def test_the_axis_ends_where_each_curve_nearly_has() -> None:
    parts = [part for _, part in _curves().groupby("group")]
    assert axis_end(parts, None) == 90.0  # the Americas' curve rises to its end
    flat = _curves().assign(days=[20.0, 40, 400, 20, 40, 400], received_share=[0.2, 0.9, 0.91] * 2)
    ends = [part for _, part in flat.groupby("group")]
    assert axis_end(ends, None) == pytest.approx(44.0)
    assert axis_end(ends, 45) == pytest.approx(1.1 * 67.5)


@pytest.mark.parametrize(("limit", "step"), [(4.0, 1), (99.0, 30), (1103.0, 365), (8000.0, 2000)])
def test_ticks_are_round_and_few(limit: float, step: int) -> None:
    ticks = tick_days(limit, 4)
    assert ticks[1] - ticks[0] == step and len(ticks) <= 5


def test_half_is_the_first_day_that_reaches_it() -> None:
    parts = dict(list(_curves().groupby("group")))
    assert half_day(parts["europe"]) == 40.0
    assert half_day(parts["americas"]) == float("inf")


# --- Medians and tests ---------------------------------------------------------------------------


def test_a_median_that_is_not_reached_points_to_the_right() -> None:
    drawing = drawings.draw_medians({"delay_groups": _groups()}, _scene())
    figure = _valid(drawing)
    dots = figure["data"][1]
    assert dots["x"][:2] == [34.0, 40.0]
    assert dots["x"][2] > 47.0
    assert dots["marker"]["symbol"] == ["circle", "circle", "triangle-right"]
    assert dots["text"] == ["34 days", "40 days", "not reached"]
    assert drawing.title == "Europe: half within 34 days. Half not reached: West Central Africa"


def test_the_finding_names_the_fastest_and_the_slowest() -> None:
    groups = _groups(median_delay_days=[40.0, 34.0, 44.0])
    drawing = drawings.draw_medians({"delay_groups": groups}, _scene())
    assert drawing.title == "Europe: half within 34 days. West Central Africa: 44 days"


def test_nothing_counted_has_no_medians() -> None:
    drawing = drawings.draw_medians({"delay_groups": _groups(n=0)}, _scene())
    assert drawing.figure is None and drawing.empty


def test_the_table_says_who_differs_and_what_is_left_out() -> None:
    drawing = drawings.draw_differences({"delay_groups": _groups()}, _scene())
    text = str(drawing.children)
    sooner, later = str(drawing.title).split(" · ")
    assert sooner == "Sooner than the others: Europe"
    assert later == "Later than the others: West Central Africa"
    assert "p < 0.001" in str(drawing.note) and "2 degrees of freedom" in str(drawing.note)
    for part in ("32 waived", "136 counted at the latest", "4 received on an unknown day", "7 due"):
        assert part in text
    assert "data-event='region:europe'" in text or "region:europe" in text


def test_no_difference_is_said_so() -> None:
    groups = _groups(all_p_value=0.4, group_p_value=0.6)
    drawing = drawings.draw_differences({"delay_groups": groups}, _scene())
    assert drawing.title == "No difference between the groups is shown"


def test_inspections_have_no_test_and_the_note_says_why() -> None:
    groups = _groups(
        estimate="current_status", all_p_value=NAN, group_p_value=NAN, observed_ratio=NAN
    )
    drawing = drawings.draw_differences({"delay_groups": groups}, _scene())
    assert "only inspections are known" in str(drawing.note)
    row = next(groups.itertuples(index=False))
    assert verdict(row, _scene()) == "not tested"


def test_one_group_has_no_test_either() -> None:
    groups = _groups(all_p_value=NAN, group_p_value=NAN).head(1)
    drawing = drawings.draw_differences({"delay_groups": groups}, _scene())
    assert "needs two groups" in str(drawing.note)


# --- Trends --------------------------------------------------------------------------------------


def test_members_stand_at_their_places_filled_where_the_trend_holds() -> None:
    frames = {"member_delay_trends": _trends(), "delay_trend_chance": _chance()}
    drawing = drawings.draw_trends(frames, _scene())
    band, unsure, sure = _valid(drawing)["data"]
    assert sure["x"] == [1, 5] and unsure["x"] == [2, 3, 4]
    assert sure["y"][0] == pytest.approx(-12.0)  # a year has twelve periods
    limit = slope_limit(_trends(), _scene())
    assert sure["y"][1] == pytest.approx(min(48.0, limit))
    assert set(unsure["marker"]["symbol"]) == {"circle-open"}
    assert band["x"] == [1, 2, 3, 4, 5, 5, 4, 3, 2, 1]
    assert band["y"][0] == pytest.approx(0.0) and band["y"][-1] == pytest.approx(-7.2)
    assert drawing.title == "2 of 5 members have a clear trend, corrected for so many looks"
    assert "99 shuffles" in drawing.note and "0 to 1" in drawing.note
    assert sure["customdata"] == ["member:KEN", "member:USA"]


def test_without_a_band_the_note_says_where_there_is_one() -> None:
    frames = {
        "member_delay_trends": _trends(band=False),
        "delay_trend_chance": _chance(draws=0, below_low=NAN, slope_least=NAN, slope_most=NAN),
    }
    drawing = drawings.draw_trends(frames, _scene())
    assert len(_valid(drawing)["data"]) == 2
    assert "opening range" in drawing.note
    movers = drawings.draw_movers(frames, _scene())
    assert _valid(movers)["layout"]["shapes"] == []


def test_movers_are_both_ends_fastest_first_with_whiskers() -> None:
    frames = {"member_delay_trends": _trends(), "delay_trend_chance": _chance()}
    figure = _valid(drawings.draw_movers(frames, _scene()))
    whiskers, dots = figure["data"]
    assert dots["x"] == pytest.approx([-12.0, -2.4, 3.0, 48.0])  # unchanged France is on no list
    assert dots["marker"]["symbol"] == ["circle", "circle-open", "circle-open", "circle"]
    assert whiskers["x"][:3] == [pytest.approx(-18.0), pytest.approx(-6.0), None]
    assert whiskers["x"][6] == pytest.approx(3.0)  # Namibia's lower end is not bounded
    (grey,) = figure["layout"]["shapes"]
    assert (grey["x0"], grey["x1"]) == pytest.approx((-8.4, 8.4))


def test_movers_are_those_of_the_selection() -> None:
    frames = {"member_delay_trends": _trends(), "delay_trend_chance": _chance()}
    figure = _valid(drawings.draw_movers(frames, _scene(regions=("americas",))))
    assert figure["data"][1]["customdata"] == ["member:USA"]
    alone = drawings.draw_movers(frames, _scene(members=("UKR",)))
    assert alone.figure is None and "Ukraine" in (alone.empty or "")


def test_both_ends_take_no_more_than_asked() -> None:
    assert both_ends(_trends(), 1)["member_iso3"].tolist() == ["KEN", "USA"]


def test_no_trends_say_why() -> None:
    frames = {
        "member_delay_trends": _trends().iloc[:0],
        "delay_trend_chance": _chance(members_tested=0, draws=0),
    }
    trends, movers = (
        draw(frames, _scene()) for draw in (drawings.draw_trends, drawings.draw_movers)
    )
    assert trends.figure is None and movers.figure is None
    assert "three or more exact days" in (trends.empty or "")
    # Said in full once: the other points there.
    assert "Who is getting faster" in (movers.empty or "")


# --- Estimates, controls, everything -------------------------------------------------------------


def test_each_collection_says_its_estimate_and_why() -> None:
    scene = _scene()
    table = list(_estimates().itertuples(index=False))
    assert "slowest that fits" in reason(table[0], scene)
    assert "4 due before the receipt log began" in reason(table[0], scene)
    assert "20 May 2025" in reason(table[1], scene)
    assert "unknown days" in reason(table[2], scene)
    text = str(drawings.draw_estimates({"delay_estimates": _estimates()}, scene).children)
    for part in ("Kaplan-Meier", "Current status", "collection:trade_annual"):
        assert part in text


def test_a_collection_of_which_nothing_is_owed_or_nothing_has_come_says_so() -> None:
    scene = _scene()
    counts = ["exact", "upper_bounds", "day_unknown", "overdue", "pending", "waived"]
    nothing = _estimates().assign(**dict.fromkeys(counts, 0)).itertuples(index=False)
    assert "Nothing was owed" in reason(next(nothing), scene)
    waiting = _estimates().assign(exact=0, upper_bounds=0, day_unknown=0).itertuples(index=False)
    assert "Nothing has come yet" in reason(next(waiting), scene)


@pytest.mark.parametrize("grouping", ["region", "income_group", "collection"])
def test_the_control_shows_the_grouping_that_holds(grouping: str) -> None:
    (group,) = drawings.controls(_scene(grouping=grouping))
    buttons = group.children[1].children
    on = [b for b in buttons if "is-on" in b.className]
    assert [getattr(b, "data-choice") for b in on] == [f"by:{grouping}"]
    assert [getattr(b, "data-event") for b in buttons] == [
        "grouping:",
        "grouping:income_group",
        "grouping:collection",
    ]


@pytest.mark.parametrize("grouping", ["region", "income_group", "collection"])
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("is_present", [False, True])
def test_every_panel_draws_in_both_languages_themes_and_on_the_stage(
    grouping: str, language: str, palette: Any, is_present: bool
) -> None:
    scene = _scene(grouping=grouping, language=language, palette=palette, is_present=is_present)
    names = {
        "region": ("europe", "americas", "west_central_africa"),
        "income_group": ("low_income", "high_income", "unclassified"),
        "collection": ("trade_monthly", "trade_annual", "revenue_monthly"),
    }[grouping]
    curves = _curves().replace({"group": dict(zip(("europe", "americas"), names, strict=False))})
    frames = {
        "delay_group_curves": curves,
        "delay_groups": _groups(group=list(names)),
        "delay_estimates": _estimates(),
        "member_delay_trends": _trends(),
        "delay_trend_chance": _chance(),
    }
    for draw in (
        drawings.draw_curves,
        drawings.draw_medians,
        drawings.draw_trends,
        drawings.draw_movers,
    ):
        _valid(draw(frames, scene))
    for draw in (drawings.draw_differences, drawings.draw_estimates):
        assert draw(frames, scene).children is not None
