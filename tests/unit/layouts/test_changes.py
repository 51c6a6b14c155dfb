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
from dashboard.periods import periods_through
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

EFFECTS = pd.DataFrame(
    {
        "effect": ["price", "quantity", "new", "gone", "unweighed"],
        "effect_usd": [3e9, -1e9, 2e9, -5e8, 0.0],
        "value_usd": [8e9, 8e9, 2e9, 0.0, 0.0],
        "base_value_usd": [6e9, 6e9, 0.0, 5e8, 0.0],
        "n": [40, 40, 3, 2, 0],
    }
)
MONTHS = periods_through(202201, 202512)
FACTORS = [1.2 if period % 100 == 12 else 0.8 if period % 100 == 2 else 1.0 for period in MONTHS]
SEASON = pd.DataFrame(
    {
        "period_id": MONTHS,
        "value_usd": [1e9 * factor for factor in FACTORS],
        "mass_kg": [1e9] * 48,
        "adjusted_value_usd": [1e9] * 48,
        "adjusted_mass_kg": [float("nan")] * 48,
        "value_factor": FACTORS,
        "mass_factor": [float("nan")] * 48,
        "reporter_count": [100] * 47 + [40],
        "reported_share": [0.99] * 47 + [0.3],
    }
)
SEASON.loc[10, ["value_usd", "adjusted_value_usd", "reported_share"]] = float("nan")
REGIONS = pd.DataFrame(
    [
        (period, region, value * (1 + i / 100 if region == "europe" else 1), value, share)
        for i, (period, share) in enumerate(
            zip(MONTHS, [0.5, *[0.95] * 20, 0.6, *[0.95] * 26], strict=True)
        )
        for region, value in (("americas", 2e9), ("europe", 5e9), ("outside", 1e9))
    ],
    columns=["period_id", "region_id", "value_usd", "mass_kg", "reported_share"],
)
SECTIONS = pd.DataFrame(
    [(period, section, section * 1e8, 1e8, 0.95) for period in MONTHS for section in range(1, 9)],
    columns=["period_id", "section_id", "value_usd", "mass_kg", "reported_share"],
)


def _ranks(years: dict[int, list[str]]) -> pd.DataFrame:
    rows = [
        (year, iso3, "europe", 1e9 / place, 1e9 / place, 0.3 / place, place, 12, 0.95)
        for year, listed in years.items()
        for place, iso3 in enumerate(listed, start=1)
    ]
    return pd.DataFrame(
        rows,
        columns=["year", "partner_iso3", "region_id", "value_usd", "mass_kg", "trade_share",
                 "rank", "periods", "reported_share"],
    )  # fmt: skip


TEN = [f"P{i:02d}" for i in range(10)]
RANKS = _ranks(
    {
        2023: [*TEN, "KEN"],
        2024: [*TEN[:9], "KEN", TEN[9]],
        2025: ["FRA", *TEN[:8], "KEN", TEN[9]],
    }
)
COMPARED = pd.DataFrame(
    {
        "member_iso3": ["FRA"] * 4 + ["KEN"] * 4,
        "period_id": [202401, 202402, 202403, 202404] * 2,
        "value_usd": [1e9, 2e9, float("nan"), 4e9, 1e7, 1e7, 2e7, 3e7],
        "mass_kg": [1.0] * 8,
        "value_index": [50.0, 100.0, float("nan"), 200.0, 80.0, 80.0, 160.0, 240.0],
        "mass_index": [100.0] * 8,
    }
)

Draw = Callable[[dict[str, pd.DataFrame], Scene], Drawing]
FALLS: dict[str, tuple[Draw, str, pd.DataFrame]] = {
    "members": (drawings.draw_members, "change_members", MEMBERS),
    "partners": (drawings.draw_partners, "change_partners", PARTNERS),
    "commodities": (drawings.draw_commodities, "change_commodities", COMMODITIES),
}
OVER_TIME: dict[str, tuple[Draw, str, pd.DataFrame]] = {
    "prices": (drawings.draw_prices, "change_effects", EFFECTS),
    "season": (drawings.draw_seasonal, "seasonal_series", SEASON),
    "regions": (drawings.draw_region_shares, "region_shares", REGIONS),
    "sections": (drawings.draw_section_shares, "section_shares", SECTIONS),
    "ranks": (drawings.draw_ranks, "partner_ranks", RANKS),
    "multiples": (drawings.draw_multiples, "compared_series", COMPARED),
}
ALL = FALLS | OVER_TIME
SCENES: list[dict[str, Any]] = [
    {},
    {"language": "fr", "flow": "M", "measure": "mass_kg"},
    {"members": ("KEN",), "partners": ("FRA",), "source": "mirror"},
    {"is_present": True, "collection": "revenue_monthly", "commodity": "84"},
]


def _drawn(name: str, frame: pd.DataFrame | None = None, **chosen: Any) -> Drawing:
    draw, key, data = ALL[name]
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


def test_a_single_one_left_over_has_its_own_name() -> None:
    bars = _trace(_drawn("members", MEMBERS.tail(9)), "changes")
    assert len(bars["x"]) == 9
    assert "" not in bars["customdata"]


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


# -- Prices and quantities ---------------------------------------------------------------------


def _trace(drawing: Drawing, name: str) -> dict[str, Any]:
    assert drawing.figure is not None
    return next(trace for trace in drawing.figure["data"] if trace["name"] == name)


@pytest.mark.parametrize("chosen", SCENES[:3], ids=str)
@pytest.mark.parametrize("name", list(OVER_TIME))
def test_figures_over_time_are_valid(name: str, chosen: dict[str, Any]) -> None:
    drawing = _drawn(name, **chosen)
    assert drawing.figure is not None, drawing.empty
    go.Figure(drawing.figure)
    json.dumps(drawing.figure)
    assert {"en": "as of 15 Jan 2026", "fr": "15 janv. 2026"}[
        chosen.get("language", "en")
    ] in drawing.subtitle


@pytest.mark.parametrize("name", list(OVER_TIME))
def test_nothing_over_time_is_said_in_a_sentence(name: str) -> None:
    drawing = _drawn(name, ALL[name][2].head(0))
    assert drawing.figure is None
    assert "hoose" in str(drawing.empty)


def test_prices_and_quantities_lead_from_the_base_to_the_range() -> None:
    drawing = _drawn("prices")
    bars, totals = _trace(drawing, "changes"), _trace(drawing, "totals")
    assert totals["x"] == [6.5e9, 10e9]
    assert bars["x"] == [3e9, -1e9, 2e9, -5e8]  # what is nothing has no bar
    assert bars["base"][-1] + bars["x"][-1] == totals["x"][1]
    assert drawing.title == "Prices made USD +3.0 bn, quantities USD −1.0 bn"
    assert "85 %" in str(drawing.note)  # 14 of 16.5 bn
    # The split is of values, whatever measure is chosen.
    assert _trace(_drawn("prices", measure="mass_kg"), "totals")["x"] == [6.5e9, 10e9]


def test_without_weights_prices_are_a_sentence() -> None:
    bare = EFFECTS.assign(value_usd=[0.0, 0.0, 2e9, 0, 8e9], base_value_usd=[0, 0, 0, 5e8, 6e9])
    assert "No cell has weights" in str(_drawn("prices", bare).empty)


# -- Season ------------------------------------------------------------------------------------


def test_the_adjusted_line_stops_where_few_have_reported_or_nothing_is_held() -> None:
    drawing = _drawn("season")
    lines = {name: _trace(drawing, name)["y"] for name in ("thin", "raw", "adjusted")}
    assert lines["adjusted"][-1] is None and lines["raw"][-1] is None
    assert lines["thin"][-1] == pytest.approx(1.2e9)
    assert all(line[10] is None for line in lines.values())
    assert drawing.figure is not None
    greys = [one for one in drawing.figure["layout"]["shapes"] if one["fillcolor"] == LIGHT.muted]
    assert len(greys) == 1
    assert "Dotted" in str(drawing.note)
    assert "month:2025-12|2025-12" in _trace(drawing, "handles")["customdata"]


def test_the_season_is_told() -> None:
    drawing = _drawn("season")
    assert drawing.title == (
        "December is the high season, 20 % above an average month; February the low one, 20 % below"
    )
    flat = SEASON.assign(value_factor=1.0)
    assert _drawn("season", flat).title == "The season hardly matters here"


def test_a_series_too_short_is_shown_as_it_is_and_said() -> None:
    drawing = _drawn("season", measure="mass_kg")
    assert drawing.figure is not None
    assert "adjusted" not in [trace["name"] for trace in drawing.figure["data"]]
    assert "needs 36 months" in str(drawing.note)
    assert "no season" in str(_drawn("season", collection="trade_annual").empty)


# -- Shares ------------------------------------------------------------------------------------


def test_areas_are_shares_of_one_and_stop_where_few_have_reported() -> None:
    drawing = _drawn("regions")
    assert drawing.figure is not None
    areas = [trace for trace in drawing.figure["data"] if trace.get("fill") == "toself"]
    # Three parts over two runs: January 2022 and October 2023 are no area.
    assert [area["name"] for area in areas] == ["americas"] * 2 + ["europe"] * 2 + ["outside"] * 2
    outside = [area for area in areas if area["name"] == "outside"]
    assert all(max(area["y"]) == pytest.approx(1.0) for area in outside)
    handles = _trace(drawing, "europe handles")
    assert len(handles["x"]) == 46
    assert set(handles["customdata"]) == {"partner_region:europe"}
    bands = [one for one in drawing.figure["layout"]["shapes"] if one["xref"] == "x"]
    assert len(bands) == 2
    assert "No area" in str(drawing.note)
    assert str(drawing.title).startswith("Europe went from 6")


def test_the_largest_sections_have_a_colour_and_the_others_are_one() -> None:
    drawing = _drawn("sections")
    assert drawing.figure is not None
    names = [trace["name"] for trace in drawing.figure["data"] if "handles" not in trace["name"]]
    assert names == ["8", "7", "6", "5", "4", "other"]
    assert set(_trace(drawing, "other handles")["customdata"]) == {""}
    assert set(_trace(drawing, "8 handles")["customdata"]) == {"commodity:S8"}


def test_one_section_or_few_reporters_everywhere_is_a_sentence() -> None:
    one = SECTIONS[SECTIONS["section_id"] == 1]
    assert "one section, Live animals" in str(_drawn("sections", one).empty)
    assert "In no period" in str(_drawn("regions", REGIONS.assign(reported_share=0.1)).empty)


# -- Ranks -------------------------------------------------------------------------------------


def test_lines_break_outside_the_ten_and_entries_and_exits_are_told() -> None:
    drawing = _drawn("ranks")
    assert _trace(drawing, "KEN")["y"] == [None, 10, 10]
    assert _trace(drawing, "FRA")["y"] == [None, None, 1]
    assert _trace(drawing, "P09")["y"] == [10, None, None]
    assert _trace(drawing, "P09")["line"]["color"] == LIGHT.muted
    assert _trace(drawing, "KEN")["customdata"][0] == "partner:KEN"
    assert "New among the ten since 2023: France, Kenya." in str(drawing.note)
    assert "No longer: P08, P09." in str(drawing.note)
    assert drawing.title == "France leads; in 2023 it was P00"
    assert drawing.figure is not None
    labels = [note["text"] for note in drawing.figure["layout"]["annotations"]]
    assert labels[0] == "P00 1" and labels[-1] == "10 Kenya"


def test_thin_and_part_years_are_said() -> None:
    thin = RANKS.assign(
        reported_share=RANKS["year"].map({2023: 0.4, 2024: 0.95, 2025: 0.95}),
        periods=RANKS["year"].map({2023: 12, 2024: 12, 2025: 8}),
    )
    note = str(_drawn("ranks", thin).note)
    assert "Few had reported in: 2023." in note
    assert "2025 has 8 months." in note


def test_the_same_ten_and_a_single_year_are_told() -> None:
    same = _ranks({2024: TEN, 2025: TEN})
    drawing = _drawn("ranks", same)
    assert drawing.title == "P00 leads, as it did in 2024"
    assert "The same ten as in 2024." in str(drawing.note)
    assert "Only 2025 is held" in str(_drawn("ranks", _ranks({2025: TEN})).empty)


# -- Small charts ------------------------------------------------------------------------------


def test_small_charts_share_their_scale_and_leave_gaps() -> None:
    drawing = _drawn("multiples")
    assert drawing.figure is not None
    layout = drawing.figure["layout"]
    assert layout["yaxis"]["range"] == layout["yaxis2"]["range"]
    assert _trace(drawing, "FRA")["y"][2] is None
    assert _trace(drawing, "FRA")["marker"]["size"] == [0, 0, 0, 5]
    assert "All on one scale. Grey: not reported. The six largest" in str(drawing.note)
    assert [one["xref"] for one in layout["shapes"]] == ["x"]


def test_small_charts_can_be_indexed_to_the_base() -> None:
    drawing = _drawn("multiples", scale="index", compared=("FRA", "KEN"))
    assert _trace(drawing, "KEN")["y"] == [80.0, 80.0, 160.0, 240.0]
    assert "mean of Jan 2024 – Jun 2024 is 100" in str(drawing.note)
    assert "largest" not in str(drawing.note)
    nothing = COMPARED.assign(value_index=float("nan"))
    assert "nothing can be indexed" in str(_drawn("multiples", nothing, scale="index").empty)
