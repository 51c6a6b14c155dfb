"""The figures of quality: traces, what a click selects, titles, and what they say if empty."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from layouts import quality as drawings
from layouts.palette import DARK, LIGHT, REGION_COLOURS
from layouts.panels import Drawing
from layouts.quality.dots import HALF_BAND, swarm
from layouts.quality.findings import expected_text
from layouts.quality.subject import class_colours, period_event, period_ticks, score_class
from layouts.quality.table import table_order
from layouts.quality.trend import in_two_lines, spread
from tests.support.catalogues import CATALOGUE
from tests.support.quality import DIMENSIONS, RULE, quality_scene, rule_failures, text_of


def _scores(**keys: list[Any]) -> pd.DataFrame:
    count = len(next(iter(keys.values())))
    values: dict[str, Any] = {"quality_score": [90.0 - 10 * i for i in range(count)]}
    values |= {name: [80.0 + i for i in range(count)] for name in DIMENSIONS}
    values |= {"weight_used": [1.0] * (count - 1) + [0.6], "rows_checked": [500] * count}
    for name in ("quality_score", *DIMENSIONS):
        values[f"{name}_low"] = [score - 5 for score in values[name]]
        values[f"{name}_high"] = [score + 5 for score in values[name]]
    values |= {"periods": [12] * count, "spread": ["seen"] * count}
    values |= {"left_out": [""] * count, "too_few": [""] * count}
    return pd.DataFrame({**keys, **values})


@pytest.fixture
def failures() -> pd.DataFrame:
    return rule_failures()


@pytest.fixture
def members() -> pd.DataFrame:
    """Kenya 90, Uganda 80, France 70 (France rests on part of the weight)."""
    iso3 = ["KEN", "UGA", "FRA"]
    return _scores(member_iso3=iso3, region_id=[CATALOGUE.members[one] for one in iso3])


@pytest.fixture
def regions() -> pd.DataFrame:
    return _scores(region_id=["east_southern_africa", "europe"]).assign(
        member_count=[2, 1], low_quartile=70.0, middle=75.0, high_quartile=80.0
    )


@pytest.fixture
def findings() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "member_iso3": ["KEN"],
            "region_id": ["east_southern_africa"],
            "period_id": [202501],
            "rule_id": [RULE],
            "severity": ["warning"],
            "file_name": ["kenya.csv"],
            "line_number": [12],
            "field": ["partner"],
            "value": ["800"],
            "expected": ["trade as in the 12 periods before"],
            "partner_iso3": ["UGA"],
            "commodity_code": [None],
            "flow_code": ["M"],
            "effect_usd": [1_200_000.0],
            "recorded_count": [7],
        }
    )


def _valid(drawing: Drawing) -> dict[str, Any]:
    assert drawing.figure is not None, drawing.empty
    go.Figure(drawing.figure)  # raises where Plotly's schema is broken
    return drawing.figure


def test_each_member_is_a_dot_and_each_region_a_bar(
    members: pd.DataFrame, regions: pd.DataFrame
) -> None:
    frames = {"quality_by_member": members, "quality_by_region": regions}
    drawing = drawings.draw_regions(frames, quality_scene())
    whiskers, bars, dots = _valid(drawing)["data"]
    assert dict(zip(dots["customdata"], dots["x"], strict=True)) == {
        "member:KEN": 90.0,
        "member:UGA": 80.0,
        "member:FRA": 70.0,
    }
    assert bars["customdata"] == ["region:east_southern_africa", "region:europe"]
    assert whiskers["x"] == [85.0, 95.0, None, 75.0, 85.0, None]
    assert bars["x"] == [90.0, 80.0]
    assert dots["marker"]["color"][0] == REGION_COLOURS["east_southern_africa"]
    assert "points of 100" in drawing.subtitle


def test_a_chosen_member_is_accented_and_named_and_the_rest_is_muted(
    members: pd.DataFrame,
) -> None:
    figure = drawings.quality_by_region_dots(
        members, quality_scene(members=("UGA",)), is_small=True
    )
    (dots,) = figure["data"]
    lit = dict(zip(dots["customdata"], dots["marker"]["opacity"], strict=True))
    assert lit["member:UGA"] > lit["member:KEN"]
    assert dots["marker"]["line"]["color"].count(LIGHT.accent) == 1
    assert [one["text"] for one in figure["layout"]["annotations"] if "Uganda" in one["text"]] == [
        "Uganda 80"
    ]


def test_the_labels_of_regions_select_them(members: pd.DataFrame) -> None:
    figure = drawings.quality_by_region_dots(members, quality_scene(), is_small=True)
    labels = [one for one in figure["layout"]["annotations"] if one.get("captureevents")]
    assert {one["name"] for one in labels} == {"region:east_southern_africa", "region:europe"}


def test_a_chosen_dimension_is_what_the_dots_show(
    members: pd.DataFrame, regions: pd.DataFrame
) -> None:
    frames = {"quality_by_member": members, "quality_by_region": regions}
    drawing = drawings.draw_regions(frames, quality_scene(dimension="validity"))
    assert sorted(_valid(drawing)["data"][-1]["x"]) == [80.0, 81.0, 82.0]
    assert drawing.subtitle.startswith("Validity")


def test_dots_of_the_same_score_stand_apart_within_their_band() -> None:
    offsets = swarm([50.0] * 30, 1.0)
    assert len({round(one, 6) for one in offsets}) == 30
    assert max(abs(one) for one in offsets) <= HALF_BAND + 1e-9


def test_the_worst_member_comes_first_unless_some_are_chosen(members: pd.DataFrame) -> None:
    assert table_order(members, quality_scene())["member_iso3"].tolist() == ["FRA", "UGA", "KEN"]
    chosen = table_order(members, quality_scene(members=("KEN",)))
    assert chosen["member_iso3"].tolist() == ["KEN", "FRA", "UGA"]


def test_the_table_marks_part_of_the_weight_and_selects(members: pd.DataFrame) -> None:
    drawing = drawings.draw_scores({"quality_by_member": members}, quality_scene())
    text = text_of(drawing)
    assert '"70*"' in text
    assert '"90"' in text
    assert '"data-event": "member:KEN"' in text
    assert '"data-event": "dimension:coherence"' in text
    assert "nothing to check" in text  # the members that sent nothing are told


def test_a_chosen_member_without_scores_is_told_at_the_top(members: pd.DataFrame) -> None:
    drawing = drawings.draw_scores({"quality_by_member": members}, quality_scene(members=("NAM",)))
    text = text_of(drawing)
    assert text.index("Namibia") < text.index("France")


def test_classes_of_scores_get_stronger_as_scores_fall() -> None:
    assert [score_class(score) for score in (0, 49.9, 50, 84, 95, 100)] == [0, 0, 1, 2, 4, 4]
    for palette in (LIGHT, DARK):
        assert [paper for paper, _ in class_colours(palette)] == [
            palette.sequential[place] for place in (5, 4, 2, 1, 0)
        ]


def _periods() -> pd.DataFrame:
    months = [202501, 202502, 202503]
    return pd.concat(
        [
            _scores(region_id=[region] * 3, period_id=months)
            for region in ("europe", "east_southern_africa", "all")
        ]
    )


def test_the_trend_has_a_line_per_region_and_one_for_all() -> None:
    none = _scores(member_iso3=["KEN"], region_id=["europe"], period_id=[202501]).head(0)
    frames = {"quality_by_period": _periods(), "quality_of_members": none}
    data = _valid(drawings.draw_trend(frames, quality_scene()))["data"]
    by_name = {one["name"]: one for one in data}
    assert by_name["Europe"]["y"] == [90.0, 80.0, 70.0]
    assert set(by_name["Europe"]["customdata"]) == {"region:europe"}
    assert by_name["All members"]["customdata"] == [
        "month:2025-01",
        "month:2025-02",
        "month:2025-03",
    ]


def test_a_chosen_member_has_a_line_and_its_gaps_stay_gaps() -> None:
    one = _scores(
        member_iso3=["KEN"] * 2, region_id=["east_southern_africa"] * 2, period_id=[202501, 202503]
    )
    frames = {"quality_by_period": _periods(), "quality_of_members": one}
    drawing = drawings.draw_trend(frames, quality_scene(members=("KEN",)))
    line = _valid(drawing)["data"][-1]
    assert line["y"] == [90.0, None, 80.0]
    assert line["line"]["color"] == LIGHT.accent
    assert line["connectgaps"] is False


def test_a_last_period_with_few_rows_is_said_to_be_incomplete() -> None:
    periods = _periods()
    periods.loc[periods["period_id"] == 202503, "rows_checked"] = 20
    none = _scores(member_iso3=["KEN"], region_id=["europe"], period_id=[202501]).head(0)
    drawing = drawings.draw_trend(
        {"quality_by_period": periods, "quality_of_members": none}, quality_scene()
    )
    assert drawing.note is not None
    assert "Mar 2025" in drawing.note


def test_labels_keep_their_order_and_their_room() -> None:
    heights = spread([90.0, 89.0, 50.0], [4.0, 4.0, 4.0], 100.0, 40.0)
    assert heights[0] - heights[1] >= 4.0 - 1e-9
    assert heights[2] == 50.0
    squeezed = spread([50.0] * 10, [10.0] * 10, 60.0, 40.0)
    assert max(squeezed) <= 60.0
    assert min(squeezed) >= 40.0


def test_long_names_break_near_their_middle() -> None:
    assert in_two_lines("North Africa and Middle East") == "North Africa\nand Middle East"
    assert in_two_lines("Europe") == "Europe"


def test_rules_are_listed_with_bars_and_select_their_rule(failures: pd.DataFrame) -> None:
    drawing = drawings.draw_rules({"rule_failures": failures}, quality_scene(rule=RULE))
    assert drawing.children["props"]["role"] == "region"
    worst, other = drawing.children["props"]["children"]["props"]["children"]
    line, bar = worst["props"]["children"]
    title, facts = line["props"]["children"]
    assert title["props"]["data-event"] == f"rule:{RULE}"
    assert facts["props"]["children"] == "warning · 10 % (20)"
    assert bar["props"]["style"] == {"--from": "0", "--to": "100.0"}
    assert other["props"]["children"][1]["props"]["style"]["--to"] == "1.0"
    assert worst["props"]["className"] == "is-chosen"
    assert other["props"]["className"] == "failing--unlit"
    assert isinstance(drawing.note, list)
    text, link = drawing.note
    assert text == "Rules that were applied and found nothing: 1. "
    assert link.href == f"/rules?rule={RULE}" or link.href.endswith(f"rule={RULE}&to=2025-03")


def test_rules_that_all_hold_are_good_news(failures: pd.DataFrame) -> None:
    clean = failures.assign(rows_failed=0, failed_share=0.0)
    drawing = drawings.draw_rules({"rule_failures": clean}, quality_scene())
    assert drawing.empty is not None
    assert drawing.empty.startswith("All 3 rules hold")


def test_a_finding_names_its_row_and_the_remedy(
    findings: pd.DataFrame, failures: pd.DataFrame
) -> None:
    frames = {"findings": findings, "rule_failures": failures}
    drawing = drawings.draw_findings(frames, quality_scene())
    text = text_of(drawing)
    for part in ("kenya.csv:12", "partner: Uganda", "imports", "USD 1.2 m", "customs offices"):
        assert part in text
    assert drawing.note is not None
    assert "1 shown" in drawing.note
    assert "7 recorded as examples of 21 failures" in drawing.note


def test_an_expectation_is_told_in_the_language_of_the_page() -> None:
    scene = quality_scene(language="fr")
    assert expected_text("about 83480919", scene) == "environ 83,5 M"
    assert expected_text("usually 0.0006814", scene) == "habituellement 0,00068"
    assert expected_text("something else", scene) == "something else"


def test_a_year_selects_its_twelve_months() -> None:
    assert period_event(2024) == "2024-01|2024-12"


def test_long_runs_of_months_are_labelled_by_years() -> None:
    months = [2024 * 100 + m for m in range(1, 13)] + [2025 * 100 + m for m in range(1, 13)]
    assert period_ticks(months, quality_scene()) == ([0, 12], ["2024", "2025"])
    assert period_ticks(months[:2], quality_scene()) == ([0, 1], ["Jan 2024", "Feb 2024"])


def test_every_panel_says_why_it_is_empty(
    members: pd.DataFrame, regions: pd.DataFrame, failures: pd.DataFrame, findings: pd.DataFrame
) -> None:
    none = {
        "quality_by_member": members.head(0),
        "quality_by_region": regions.head(0),
        "quality_by_period": _periods().head(0),
        "quality_of_members": _periods().head(0),
        "rule_failures": failures.head(0),
        "findings": findings.head(0),
    }
    for draw in (
        drawings.draw_regions,
        drawings.draw_trend,
        drawings.draw_scores,
        drawings.draw_rules,
        drawings.draw_findings,
    ):
        drawing = draw(none, quality_scene())
        assert drawing.figure is None
        assert drawing.empty
        assert "Choose" in drawing.empty


def test_another_collection_stands_in_where_no_rows_are_held(
    members: pd.DataFrame, regions: pd.DataFrame
) -> None:
    frames = {"quality_by_member": members, "quality_by_region": regions}
    drawing = drawings.draw_regions(frames, quality_scene(collection="revenue_monthly"))
    assert "Monthly merchandise trade (rows of “Monthly customs revenue”" in drawing.subtitle
