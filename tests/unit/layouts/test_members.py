"""The members' page: what its figures and blocks draw, and what they say if there is nothing."""

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
from layouts import members as drawings
from layouts.members.comparison import suggestions
from layouts.members.directory import plain
from layouts.members.subject import period_ticks
from layouts.members.trade import nice_step, spread
from layouts.palette import LIGHT, REGION_COLOURS
from layouts.panels import Drawing
from layouts.scene import Scene
from tests.support.catalogues import CATALOGUE, NAMES

DIMENSIONS = ("completeness", "validity", "consistency", "coherence", "stability")
KENYA = Selection(members=("KEN",), first="2025-01", last="2025-03", as_of=date(2025, 6, 1))


def _scene(chosen: Selection = KENYA, *, is_present: bool = False) -> Scene:
    framework, _ = read_framework()
    return Scene(
        selection=chosen.resolve(CATALOGUE),
        chosen=chosen,
        words=read_words(chosen.language),
        names=NAMES,
        palette=LIGHT,
        catalogue=CATALOGUE,
        framework=framework,
        info={},
        is_present=is_present,
    )


def _profiles() -> pd.DataFrame:
    regions = CATALOGUE.members
    iso3 = [*regions, "EUR"]
    frame = pd.DataFrame(
        {
            "member_iso3": iso3,
            "region_id": [*regions.values(), "europe"],
            "kind": ["member"] * len(regions) + ["union"],
            "joined_on": pd.Timestamp("2025-02-10"),
            "left_on": pd.NaT,
            "income_group": ["Lower middle income"] * 3 + ["High income"] * 3 + [None],
            "is_ldc": False,
            "is_sids": False,
            "is_lldc": [one == "UGA" for one in iso3],
            "on_time": [1, 3, 4, 4, 0, 4, 0],
            "counted": [4, 4, 4, 4, 0, 4, 0],
            "on_time_share": [0.25, 0.75, 1.0, 1.0, np.nan, 1.0, np.nan],
            "low": [0.05, 0.3, 0.5, 0.5, np.nan, 0.5, np.nan],
            "high": [0.7, 0.95, 1.0, 1.0, np.nan, 1.0, np.nan],
            "quality_score": [60.0, 80.0, 90.0, 95.0, 70.0, 99.0, np.nan],
            "incentive_score": [50.0, 70.0, 80.0, 90.0, 60.0, 95.0, np.nan],
            "rank": pd.array([6, 4, 3, 2, 5, 1, None], dtype="Int64"),
            "rank_low": pd.array([5, 3, 2, 1, 4, 1, None], dtype="Int64"),
            "rank_high": pd.array([6, 5, 4, 3, 6, 2, None], dtype="Int64"),
            "tier": ["bronze", "silver", "gold", "gold", "bronze", "gold", None],
            "export_usd": [100.0, 300.0, 50.0, 900.0, np.nan, 5000.0, np.nan],
            "import_usd": [200.0, 100.0, 60.0, 800.0, np.nan, 7000.0, np.nan],
        }
    )
    return frame.assign(**dict.fromkeys(DIMENSIONS, 70.0))


def _obligations() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "member_iso3": "KEN",
            "region_id": "east_southern_africa",
            "collection_id": ["trade_monthly"] * 3 + ["trade_annual"],
            "period_id": [202501, 202502, 202503, 2024],
            "period_ends_on": pd.to_datetime(
                ["2025-01-31", "2025-02-28", "2025-03-31", "2024-12-31"]
            ),
            "due_on": pd.to_datetime(["2025-03-17", "2025-04-14", "2025-05-15", "2025-06-29"]),
            "received_on": pd.to_datetime(["2025-03-01", "2025-04-20", None, None]),
            "status": ["on_time", "late", "overdue", "pending"],
            "is_counted": True,
            "revision_count": 0,
        }
    )


def _due() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "member_iso3": "KEN",
            "collection_id": ["trade_monthly", "trade_annual", "trade_monthly"],
            "period_id": [202503, 2024, 202505],
            "due_on": pd.to_datetime(["2025-05-15", "2025-06-29", "2025-07-15"]),
            "status": ["overdue", "pending", "to_come"],
            "days_left": [-17, 28, 44],
        }
    )


def _trail() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "member_iso3": ["KEN", "KEN", "KEN", "UGA"],
            "period_id": [202501, 202502, 202503, 202503],
            "on_time": [1, 1, 1, 3],
            "counted": [1, 2, 3, 3],
            "on_time_share": [1.0, 0.5, 1 / 3, 1.0],
            "low": [0.2, 0.1, 0.06, 0.4],
            "high": [1.0, 0.9, 0.8, 1.0],
        }
    )


def _scores() -> pd.DataFrame:
    scores = _profiles().dropna(subset=["quality_score"])[
        ["member_iso3", "region_id", "quality_score", *DIMENSIONS]
    ]
    scores.loc[scores["member_iso3"] == "KEN", "stability"] = np.nan
    return scores.assign(weight_used=1.0, rows_checked=120)


def _rules() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "member_iso3": "KEN",
            "region_id": "east_southern_africa",
            "rule_id": ["missing_partner", "missing_required_field", "negative_value"],
            "dimension_id": "completeness",
            "severity": ["warning", "error", "error"],
            "rows_checked": [100, 200, 200],
            "rows_failed": [50, 10, 0],
            "failed_share": [0.5, 0.05, 0.0],
            "submissions_checked": 3,
            "submissions_failing": 1,
        }
    )


def _series() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "period_id": [202501, 202501, 202502],
            "flow_code": ["M", "X", "X"],
            "value_usd": [20.0, 10.0, 40.0],
        }
    )


def _partners() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "partner_iso3": ["FRA", "GRL", "USA"],
            "region_id": ["europe", None, "americas"],
            "export_usd": [10.0, np.nan, 60.0],
            "import_usd": [20.0, 5.0, np.nan],
        }
    )


def _ranking() -> pd.DataFrame:
    table = _profiles().dropna(subset=["incentive_score"])
    pillars = ("timeliness", "quality", "coverage", "improvement", "engagement")
    return table.assign(**{f"{one}_pillar": table["incentive_score"] - 5 for one in pillars})


def _comparison(*members: str) -> pd.DataFrame:
    table = _profiles().set_index("member_iso3")
    rows: list[Any] = []
    for iso3 in members:
        one = table.loc[iso3]
        rows.append((iso3, "on_time_share", one["on_time_share"], one["low"], one["high"], 4))
        rows.append((iso3, "overdue_count", 2.0 if iso3 == "KEN" else 0.0, None, None, None))
        for name in ("quality_score", *DIMENSIONS, "export_usd", "import_usd", "incentive_score"):
            rows.append((iso3, name, one[name], None, None, None))
        rows.append((iso3, "rank", one["rank"], one["rank_low"], one["rank_high"], None))
    names = ["member_iso3", "measure", "value", "low", "high", "n"]
    frame = pd.DataFrame(rows, columns=names)
    return frame.astype({"value": "float64", "low": "float64", "high": "float64", "n": "Int64"})


def _remedies() -> pd.DataFrame:
    rules = ["missing_required_field", None]
    frame = pd.DataFrame({"member_iso3": "KEN", "rule_id": rules, "dimension_id": "coherence"})
    frame = frame.assign(score_before=60.0, score_after=[72.0, 75.0], gain=[12.0, 15.0])
    return frame.assign(target=70.0, target_kind="round", rows_to_target=[8, 0])


def _frames(**changes: pd.DataFrame) -> dict[str, pd.DataFrame]:
    trail = _trail()
    quality = trail[["member_iso3", "period_id"]].assign(quality_score=[60.0, 61.0, 62.0, 80.0])
    return {
        "member_profiles": _profiles(),
        "member_facts": _profiles(),
        "member_obligations": _obligations(),
        "member_due_dates": _due(),
        "member_on_time_by_period": trail,
        "member_series": _series(),
        "member_partners": _partners(),
        "member_rules": _rules(),
        "member_comparison": _comparison("KEN"),
        "quality_by_member": _scores(),
        "remedies_of_members": _remedies(),
        "quality_of_members": quality,
        "ranking": _ranking(),
        **changes,
    }


DRAW = {name: getattr(drawings, name) for name in drawings.__all__}
CHARTS = {
    "draw_board",
    "draw_dimensions",
    "draw_pillars",
    "draw_series",
    "draw_partners",
    "draw_over_time",
}


def _text(part: Any) -> str:
    return json.dumps(part, cls=PlotlyJSONEncoder, ensure_ascii=False)


def _words_of(part: Any) -> str:
    """All the text that a block of components shows."""
    if part is None or isinstance(part, (int, float)):
        return ""
    if isinstance(part, str):
        return part
    if isinstance(part, (list, tuple)):
        return " ".join(_words_of(one) for one in part)
    return _words_of(getattr(part, "children", None))


def _figure(drawing: Drawing) -> dict[str, Any]:
    assert drawing.figure is not None
    go.Figure(drawing.figure)  # raises if Plotly's schema does not know a key
    return drawing.figure


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("is_present", [False, True])
@pytest.mark.parametrize("name", sorted(DRAW))
def test_every_panel_draws_a_member(name: str, is_present: bool, language: str) -> None:
    drawing = DRAW[name](
        _frames(), _scene(replace(KENYA, language=language), is_present=is_present)
    )
    assert drawing.empty is None
    if name in CHARTS:
        _figure(drawing)
    else:
        assert _text(drawing.children)


@pytest.mark.parametrize("name", sorted(set(DRAW) - {"draw_profile"}))
def test_without_a_member_panels_ask_for_one(name: str) -> None:
    drawing = DRAW[name](_frames(), _scene(replace(KENYA, members=())))
    assert drawing.empty == "Choose a member"


def test_without_a_member_the_page_is_the_directory() -> None:
    drawing = drawings.draw_profile(_frames(), _scene(replace(KENYA, members=())))
    text = _text(drawing.children)
    for iso3 in CATALOGUE.members:
        assert f'"data-event": "member:{iso3}"' in text
    assert drawing.title == "Choose a member"
    assert drawing.subtitle.startswith("6 members")  # the Union is none


def test_the_directory_keeps_to_the_chosen_region() -> None:
    chosen = replace(KENYA, members=(), regions=("europe",))
    text = _text(drawings.draw_profile(_frames(), _scene(chosen)).children)
    assert "member:FRA" in text
    assert "member:KEN" not in text


def test_a_region_in_the_directory_adds_its_members_up() -> None:
    text = _words_of(drawings.draw_profile(_frames(), _scene(replace(KENYA, members=()))).children)
    # Kenya 1 of 4, Uganda 3 of 4, Namibia 0 of 0.
    assert "3 members · 50 % on time" in text


def test_profile_tells_key_figures_beside_the_region() -> None:
    drawing = drawings.draw_profile(_frames(), _scene())
    text = _words_of(drawing.children)
    assert drawing.title == "Kenya"
    assert "1 of 4 on time, 95% interval 5.0 % to 70 %" in text
    assert "Its region: 50 % (−25 points)" in text
    assert "Median of its region: 70 (−10)" in text
    assert "5–95% band: 5 to 6" in text
    assert "43 % of its region's trade" in text  # 300 of 700
    assert "Next: Annual merchandise trade, 2024, in 28 days" in text


def test_profile_is_about_the_first_of_several_members() -> None:
    drawing = drawings.draw_profile(_frames(), _scene(replace(KENYA, members=("UGA", "KEN"))))
    assert drawing.title == "Uganda"
    assert drawing.note is not None
    assert "Landlocked developing country" in _words_of(drawing.children)


def test_profile_of_a_member_without_anything_says_so() -> None:
    empty = {name: frame.iloc[:0] for name, frame in _frames().items()}
    empty["member_profiles"] = _profiles()
    text = _words_of(
        drawings.draw_profile(empty, _scene(replace(KENYA, members=("NAM",)))).children
    )
    assert "No obligation counts yet" in text
    assert "No trade reported in these periods." in text


def test_profile_of_a_union_says_that_it_owes_nothing() -> None:
    union = {**CATALOGUE.members, "EUR": "europe"}
    scene = replace(
        _scene(replace(KENYA, members=("EUR",))), catalogue=replace(CATALOGUE, members=union)
    )
    drawing = drawings.draw_profile(_frames(), scene)
    assert "owes no data of its own" in _words_of(drawing.children)
    assert "member-profile--absent" in drawing.children.className
    board = drawings.draw_board(_frames(), scene)
    assert board.empty is not None
    assert "owes no data of its own" in board.empty


def test_board_puts_months_and_years_on_one_axis() -> None:
    bars, late, overdue = _figure(drawings.draw_board(_frames(), _scene()))["data"]
    january = 2025 * 12
    assert bars["base"] == [january, january + 1, january + 2, 2024 * 12]
    assert bars["x"] == [1, 1, 1, 12]
    assert bars["y"] == [0, 0, 0, 1]
    status = [LIGHT.status[name] for name in ("on_time", "late", "overdue", "pending")]
    assert bars["marker"]["color"] == status
    assert bars["customdata"][3] == "collection:trade_annual"
    assert (late["x"], overdue["x"]) == ([january + 1.5], [january + 2.5])
    assert "6 days late" in bars["hovertext"][1]
    assert "17 days overdue" in bars["hovertext"][2]


def test_board_writes_the_share_at_the_end_of_a_row_and_when_the_member_joined() -> None:
    texts = [
        one["text"]
        for one in _figure(drawings.draw_board(_frames(), _scene()))["layout"]["annotations"]
    ]
    assert texts == ["33 % on time, n = 3", "none counted", "joined 10 Feb 2025"]


def test_due_dates_begin_with_what_is_overdue() -> None:
    drawing = drawings.draw_due_dates(_frames(), _scene())
    text = _words_of(drawing.children)
    assert drawing.title == "1 overdue; what is due next?"
    assert text.index("17 days overdue") < text.index("in 28 days") < text.index("in 44 days")


def test_dimensions_show_member_region_and_all() -> None:
    spread_trace, everybody, region, own = _figure(drawings.draw_dimensions(_frames(), _scene()))[
        "data"
    ]
    assert own["x"] == [60.0, 70.0, 70.0, 70.0, 70.0, None]
    assert region["x"][0] == 70.0  # of 60, 80, 70
    assert everybody["x"][0] == 85.0  # of 60, 80, 90, 95, 70, 99
    assert region["marker"]["color"] == REGION_COLOURS["east_southern_africa"]
    assert own["customdata"][:2] == [None, "dimension:completeness"]
    assert spread_trace["hoverinfo"] == "skip"


def test_dimension_that_cannot_be_computed_says_so() -> None:
    layout = _figure(drawings.draw_dimensions(_frames(), _scene()))["layout"]
    assert [one["text"] for one in layout["annotations"]] == ["not computable"]


def test_pillars_name_no_peer_but_the_compared() -> None:
    figure = _figure(drawings.draw_pillars(_frames(), _scene(replace(KENYA, compared=("UGA",)))))
    peers, middles, compared, own = figure["data"]
    assert peers["x"][:2] == [70.0, 80.0]  # Uganda and Ukraine, of the same income group
    assert middles["x"][0] == 75.0
    assert peers["hoverinfo"] == "skip"
    assert "Uganda" in compared["hovertext"][0]
    assert own["x"][0] == 50.0
    assert "Ukraine" not in _text(figure)


def test_series_leaves_missing_periods_open() -> None:
    figure = _figure(drawings.draw_series(_frames(), _scene()))
    exports, imports = figure["data"]
    assert (exports["y"], imports["y"]) == ([10.0, 40.0, None], [20.0, None, None])
    assert exports["customdata"][1] == "month:2025-02|2025-02"
    assert figure["layout"]["shapes"][0]["x0"] == 1.5
    texts = [one["text"] for one in figure["layout"]["annotations"]]
    assert texts == ["Exports", "Imports", "no data since Mar 2025"]


def test_partners_are_sorted_by_both_ways() -> None:
    figure = _figure(drawings.draw_partners(_frames(), _scene()))
    lines, exports, imports = figure["data"]
    assert exports["customdata"] == ["partner:USA", "partner:FRA", "partner:GRL"]
    assert exports["x"] == [60.0, 10.0, None]
    assert imports["x"] == [None, 20.0, 5.0]
    assert lines["x"] == [10.0, 20.0, None]
    assert figure["layout"]["yaxis"]["ticktext"] == ["United States", "France", "Greenland"]


def test_findings_put_errors_first_and_link_to_the_rule() -> None:
    drawing = drawings.draw_findings(_frames(), _scene())
    text = _text(drawing.children)
    assert drawing.title == "2 of 3 rules are broken: what is to be mended?"
    assert text.index("rule=missing_required_field") < text.index("rule=missing_partner")
    assert "/quality?" in text
    assert "member=KEN" in text
    assert "negative_value" not in text
    assert "10 of 200 rows (5.0 %)" in text
    assert drawing.note is not None
    assert "lift the score from 60 to 72. Shortest way to 70: 8 rows in all" in drawing.note


def test_findings_promise_nothing_where_no_row_holds_the_score_back() -> None:
    drawing = drawings.draw_findings(_frames(remedies_of_members=_remedies().tail(1)), _scene())
    assert drawing.note is None


def test_findings_of_flawless_data_say_so() -> None:
    rules = _rules().assign(rows_failed=0, failed_share=0.0)
    drawing = drawings.draw_findings(_frames(member_rules=rules), _scene())
    assert drawing.empty is None
    assert "passed every rule" in _words_of(drawing.children)


def test_comparison_marks_the_best_but_not_in_trade() -> None:
    scene = _scene(replace(KENYA, compared=("UGA",)))
    drawing = drawings.draw_comparison(_frames(member_comparison=_comparison("KEN", "UGA")), scene)
    body = drawing.children.children[1].children.children[1].children
    best = {
        _words_of(line.children[0]): [
            i for i, cell in enumerate(line.children[1:]) if cell.className == "is-best"
        ]
        for line in body
        if isinstance(line.children, list)
    }
    assert best["On-time share"] == [1]
    assert best["Overdue, all collections"] == [1]
    assert best["Rank"] == [1]
    assert best["Completeness"] == []  # the same
    assert best["Exports"] == []


def test_comparison_can_be_added_to_and_taken_from() -> None:
    scene = _scene(replace(KENYA, compared=("UGA",)))
    drawing = drawings.draw_comparison(_frames(member_comparison=_comparison("KEN", "UGA")), scene)
    text = _text(drawing.children)
    assert '"data-sends": "compared"' in text
    assert '"aria-label": "Remove Uganda from the selection"' in text
    assert '"data-event": "compared:UGA"' in text
    assert '"data-event": "compared:NAM"' in text


def test_a_full_comparison_offers_no_more() -> None:
    chosen = replace(KENYA, compared=("UGA", "UKR", "FRA", "NAM", "USA", "KEN"))
    frames = _frames(member_comparison=_comparison(*CATALOGUE.members))
    drawing = drawings.draw_comparison(frames, _scene(chosen))
    assert "data-sends" not in _text(drawing.children)
    assert "the most there can be" in _words_of(drawing.children)


def test_suggestions_come_from_the_region_then_the_income_group() -> None:
    assert suggestions(_profiles(), ["KEN"]) == ["UGA", "NAM", "UKR", "FRA"]


def test_lines_have_names_at_their_ends_and_the_subject_the_accent() -> None:
    scene = _scene(replace(KENYA, compared=("UGA",)))
    figure = _figure(drawings.draw_over_time(_frames(), scene))
    own, other = figure["data"]
    assert own["y"] == [1.0, 0.5, 1 / 3]
    assert own["line"]["color"] == LIGHT.accent
    assert (other["x"], other["line"]["color"]) == ([2], REGION_COLOURS["east_southern_africa"])
    assert [one["text"] for one in figure["layout"]["annotations"]] == ["Kenya", "Uganda"]


def test_a_line_alone_has_its_interval() -> None:
    band, line = _figure(drawings.draw_over_time(_frames(), _scene()))["data"]
    assert band["fill"] == "toself"
    assert band["y"][:3] == [1.0, 0.9, 0.8]
    assert line["y"] == [1.0, 0.5, 1 / 3]


def test_on_the_stage_a_panel_names_its_member() -> None:
    drawing = drawings.draw_board(_frames(), _scene(is_present=True))
    assert drawing.title is not None
    assert drawing.title.startswith("Kenya · ")


@pytest.mark.parametrize(
    ("name", "frame"),
    [
        ("draw_board", "member_obligations"),
        ("draw_due_dates", "member_due_dates"),
        ("draw_dimensions", "quality_by_member"),
        ("draw_pillars", "ranking"),
        ("draw_series", "member_series"),
        ("draw_partners", "member_partners"),
        ("draw_findings", "member_rules"),
        ("draw_over_time", "member_on_time_by_period"),
    ],
)
def test_without_data_a_panel_says_what_to_do(name: str, frame: str) -> None:
    frames = _frames()
    drawing = DRAW[name]({**frames, frame: frames[frame].iloc[:0]}, _scene())
    assert drawing.empty is not None
    assert drawing.figure is None
    assert drawing.children is None


def test_labels_are_moved_apart_below_the_top() -> None:
    assert spread([1.0, 0.99, 0.2], 0.1, 1.0) == pytest.approx([1.0, 0.9, 0.2])
    assert spread([0.5, 0.52], 0.1, 1.0) == pytest.approx([0.5, 0.6])


@pytest.mark.parametrize(
    ("rough", "step"), [(0.0, 1.0), (0.3, 1.0), (7.0, 10.0), (120.0, 200.0), (4e9, 5e9)]
)
def test_steps_of_an_axis_are_round(rough: float, step: float) -> None:
    assert nice_step(rough) == step


def test_ticks_of_long_ranges_are_januaries() -> None:
    months = [year * 100 + month for year in (2023, 2024, 2025) for month in range(1, 13)]
    assert period_ticks(months, _scene()) == ([0, 12, 24], ["2023", "2024", "2025"])


def test_ticks_of_short_ranges_are_every_period() -> None:
    assert period_ticks([202311, 202312], _scene()) == ([0, 1], ["Nov 2023", "Dec 2023"])


def test_ticks_of_many_years_are_few() -> None:
    places, texts = period_ticks(list(range(2010, 2026)), _scene())
    assert (len(places), texts[:2]) == (4, ["2010", "2014"])


def test_series_stops_at_the_as_of_day() -> None:
    chosen = replace(KENYA, as_of=date(2025, 3, 10))
    assert len(_figure(drawings.draw_series(_frames(), _scene(chosen)))["data"][0]["x"]) == 2


def test_a_member_that_joined_later_is_told_so_with_a_way_out() -> None:
    chosen = replace(KENYA, first="2024-01", last="2024-12")
    drawing = drawings.draw_profile(_frames(), _scene(chosen))
    text = _text(drawing.children)
    assert "Kenya joined on 10 Feb 2025" in text
    assert '"data-event": "month:2024-01|2024-12"' in text


def test_names_are_searched_without_accents() -> None:
    assert plain("Côte d'Ivoire") == "cote d'ivoire"


def test_names_from_data_are_escaped_in_figures() -> None:
    names = replace(NAMES, members={**NAMES.members, "USA": "<b>U</b>"})
    scene = replace(_scene(), names=names)
    figure = _figure(drawings.draw_partners(_frames(), scene))
    assert figure["layout"]["yaxis"]["ticktext"][0] == "&lt;b&gt;U&lt;/b&gt;"
