"""The figures of timeliness: traces, what a click selects, order, legends, and empty states."""

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
from dashboard.stats.statuses import STATUS_COLUMNS, status_table, with_intervals
from dashboard.words import read_words
from layouts import timeliness as drawings
from layouts.palette import DARK, LIGHT, REGION_COLOURS
from layouts.panels import Drawing
from layouts.scene import Scene
from layouts.timeliness.board_rows import Row, folded, geometry, ordered_rows
from layouts.timeliness.delays import due_days
from layouts.timeliness.fitting import period_ticks, shortened, wrapped
from layouts.timeliness.legend import STATUS_CODES, mixed, share_class
from layouts.timeliness.stories import cell_stories, trend_sign
from tests.support.catalogues import CATALOGUE, NAMES, REGIONS

RANGE = Selection(first="2025-01", last="2025-03", as_of=date(2025, 6, 1))
PERIODS = (202501, 202502, 202503)
DUE = {202501: "2025-03-17", 202502: "2025-04-14", 202503: "2025-05-15"}
ESA = "east_southern_africa"
MUTED = len(STATUS_CODES)


def _scene(*, is_present: bool = False, **chosen: Any) -> Scene:
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
        is_present=is_present,
    )


STATUSES = {
    "KEN": ("on_time", "on_time", "late"),
    "UGA": ("overdue", "late", "overdue"),
    "FRA": ("on_time", "unknown", "pending"),
    "USA": ("waived", "on_time", "on_time"),
}
RECEIVED = {"on_time": 0, "late": 12, "unknown": 3}


@pytest.fixture
def board() -> pd.DataFrame:
    rows = []
    for iso3, states in STATUSES.items():
        for period, status in zip(PERIODS, states, strict=True):
            due = pd.Timestamp(DUE[period])
            days = RECEIVED.get(status)
            rows.append(
                {
                    "member_iso3": iso3,
                    "region_id": CATALOGUE.members[iso3],
                    "collection_id": "trade_monthly",
                    "period_id": period,
                    "period_ends_on": due - pd.Timedelta(days=45),
                    "due_on": due,
                    "received_on": pd.NaT if days is None else due + pd.Timedelta(days=days),
                    "received_bound": None
                    if days is None
                    else "upper"
                    if status == "unknown"
                    else "exact",
                    "status": status,
                    "is_counted": True,
                    "revision_count": 2 if status == "late" else 0,
                }
            )
    return pd.DataFrame(rows).astype({"period_id": "Int64", "received_on": "datetime64[us]"})


@pytest.fixture
def members() -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "region_id": [CATALOGUE.members[iso3] for iso3 in STATUSES],
            "member_iso3": list(STATUSES),
            "on_time": [2, 0, 1, 2],
            "counted": [3, 3, 1, 2],
            "overdue": [0, 2, 0, 0],
        }
    )
    return with_intervals(frame).assign(
        slope_days=[-1.0, 5.0, float("nan"), 0.5], trend_p_value=[0.01, 0.01, float("nan"), 0.6]
    )


@pytest.fixture
def frames(board: pd.DataFrame, members: pd.DataFrame) -> dict[str, pd.DataFrame]:
    counts = board.assign(obligation_count=1)
    regions = members.groupby("region_id")[["on_time", "counted"]].sum().reset_index()
    by_region = status_table(counts, ["region_id", "period_id"])
    everybody = status_table(counts, ["period_id"])

    def series(frame: pd.DataFrame, kind: str, key: str) -> pd.DataFrame:
        sums = frame.assign(
            kind=kind,
            series_id=frame.get(key, key),
            on_time=frame["on_time"],
        )[["kind", "series_id", "period_id", "on_time", "counted", "pending"]]
        return with_intervals(sums)

    over_time = pd.concat(
        [series(everybody, "all", "all"), series(by_region, "region", "region_id")]
    )
    curve = pd.DataFrame(
        {
            "group": ["all"] * 3 + ["selected"] * 2,
            "days": [20.0, 40.0, 80.0, 30.0, 60.0],
            "received_share": [0.3, 0.6, 0.98, 0.5, 1.0],
            "low": [0.2, 0.5, 0.9, 0.3, float("nan")],
            "high": [0.4, 0.7, 1.0, 0.8, float("nan")],
        }
    )
    summary = pd.DataFrame(
        {
            "group": ["all", "selected"],
            "median_delay_days": [40.0, 45.0],
            "low": [38.0, float("nan")],
            "high": [42.0, 60.0],
            "n": [1200, 30],
            "outstanding": [40, 0],
            "upper_bounds": [0, 7],
            "left_out": [5, 0],
        }
    )
    overdue = pd.DataFrame(
        {
            "member_iso3": ["UGA", "UGA"],
            "region_id": [ESA, ESA],
            "collection_id": ["trade_monthly", "revenue_monthly"],
            "period_id": [202501, 202503],
            "due_on": pd.to_datetime(["2025-03-17", "2025-05-15"]),
            "days_late": [76, 17],
            "trade_share": [0.25, float("nan")],
        }
    )
    by_collection = pd.concat(
        [
            everybody.assign(collection_id="trade_monthly"),
            everybody.head(1).assign(collection_id="trade_annual", period_id=2025, pending=0),
        ]
    )
    return {
        "status_board": board,
        "member_collections": board,
        "on_time_by_member": members,
        "on_time_by_region": with_intervals(regions),
        "on_time_over_time": over_time,
        "status_by_region": by_region,
        "on_time_by_collection": by_collection,
        "delay_curve": curve,
        "delay_summary": summary,
        "overdue": overdue,
    }


DRAWN = (
    drawings.draw_status_board,
    drawings.draw_on_time_by_region,
    drawings.draw_on_time_over_time,
    drawings.draw_collections,
    drawings.draw_delays,
    drawings.draw_overdue,
    drawings.draw_region_status_board,
)
CHOICES: tuple[dict[str, Any], ...] = (
    {},
    {"members": ("KEN",)},
    {"members": ("KEN", "UGA"), "sort": "share"},
    {"regions": (ESA,)},
    {"regions": ("europe", ESA), "status": "late", "language": "fr"},
    {"is_present": True},
    {"is_present": True, "regions": (ESA,)},
    {"is_present": True, "members": ("UGA",)},
)


def _text(component: Any) -> str:
    return json.dumps(component, cls=PlotlyJSONEncoder, ensure_ascii=False)


@pytest.mark.parametrize("draw", DRAWN, ids=lambda draw: draw.__name__)
@pytest.mark.parametrize("choice", CHOICES, ids=str)
@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda one: one.name)
def test_every_panel_obeys_plotlys_schema(
    draw: Any, choice: dict[str, Any], palette: Any, frames: dict[str, pd.DataFrame]
) -> None:
    drawing = draw(frames, replace(_scene(**choice), palette=palette))
    assert drawing.empty is None
    assert drawing.subtitle
    if drawing.figure is not None:
        go.Figure(json.loads(_text(drawing.figure)))
    else:
        assert drawing.children is not None


@pytest.mark.parametrize("draw", DRAWN, ids=lambda draw: draw.__name__)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_panel_says_why_it_is_empty(
    draw: Any, language: str, frames: dict[str, pd.DataFrame]
) -> None:
    nothing = {name: frame.iloc[:0] for name, frame in frames.items()}
    drawing = draw(nothing, _scene(language=language))
    assert drawing.figure is None
    assert drawing.empty
    assert "2025" in drawing.empty


# --- The board ---------------------------------------------------------------------------------


def _board(frames: dict[str, pd.DataFrame], **choice: Any) -> Drawing:
    drawing: Drawing = drawings.draw_status_board(frames, _scene(**choice))
    assert drawing.figure is not None
    return drawing


def _rows(drawing: Drawing) -> dict[str, list[int | None]]:
    """Member (the last time it stands) to its codes."""
    assert drawing.figure is not None
    rows = {}
    for trace in drawing.figure["data"]:
        if trace["type"] == "heatmap":
            for z, marks in zip(trace["z"], trace["customdata"], strict=True):
                if marks[0]:
                    rows[marks[0].removeprefix("member:")] = z
    return rows


def _labels(drawing: Drawing) -> list[str]:
    assert drawing.figure is not None
    return list(drawing.figure["data"][-4]["text"])


def test_each_cell_is_the_status_of_an_obligation(frames: dict[str, pd.DataFrame]) -> None:
    rows = _rows(_board(frames))
    assert rows == {
        iso3: [STATUS_CODES[status] for status in states] for iso3, states in STATUSES.items()
    }


def test_members_stand_by_region_and_name(frames: dict[str, pd.DataFrame]) -> None:
    drawing = _board(frames)
    assert _labels(drawing) == ["United States", "Kenya", "Uganda", "France"]
    heads = drawing.figure["data"][-3]  # type: ignore[index]
    assert heads["customdata"] == ["region:americas", f"region:{ESA}", "region:europe"]
    assert heads["textfont"]["color"][1] == REGION_COLOURS[ESA]
    assert "33" in heads["text"][1]  # two of six


def test_the_worst_stand_first_when_sorted_by_share(frames: dict[str, pd.DataFrame]) -> None:
    labels = _labels(_board(frames, sort="share"))
    assert [text.split(" <")[0] for text in labels] == [
        "Uganda", "Kenya", "France", "United States",
    ]  # fmt: skip


def test_row_ends_carry_share_and_clear_trends(frames: dict[str, pd.DataFrame]) -> None:
    figure = _board(frames).figure
    assert figure is not None
    ends, arrows = figure["data"][-2:]
    assert ends["text"] == ["100 %", "67 %", "0 %", "100 %"]
    assert arrows["text"] == ["▲", "▼"]
    assert arrows["customdata"] == ["member:KEN", "member:UGA"]


def test_a_status_keeps_the_members_that_have_it_and_mutes_the_rest(
    frames: dict[str, pd.DataFrame],
) -> None:
    rows = _rows(_board(frames, status="late"))
    late, on_time = STATUS_CODES["late"], STATUS_CODES["on_time"]
    assert set(rows) == {"KEN", "UGA"}
    assert rows["KEN"] == [on_time + MUTED, on_time + MUTED, late]


def test_a_status_that_nobody_has_says_how_to_go_on(frames: dict[str, pd.DataFrame]) -> None:
    only_good = {**frames, "status_board": frames["status_board"].query("status == 'on_time'")}
    drawing = drawings.draw_status_board(only_good, _scene(status="overdue"))
    assert drawing.empty is not None and "overdue" in drawing.empty
    assert "status:overdue" in _text(drawing.note)


def test_a_selected_member_stands_on_top_and_the_rest_is_muted(
    frames: dict[str, pd.DataFrame],
) -> None:
    drawing = _board(frames, members=("FRA",))
    assert _labels(drawing)[0] == "<b>France</b>"
    rows = _rows(drawing)
    assert rows["FRA"][0] == STATUS_CODES["on_time"]
    assert rows["KEN"][0] == STATUS_CODES["on_time"] + MUTED


def test_a_region_keeps_its_members_alone(frames: dict[str, pd.DataFrame]) -> None:
    assert set(_rows(_board(frames, regions=(ESA,)))) == {"KEN", "UGA"}


def test_the_legend_counts_and_filters_and_sorts(frames: dict[str, pd.DataFrame]) -> None:
    note = _text(_board(frames, status="late").note)
    assert "late 2" in note and "overdue 2" in note
    assert '"data-event": "status:late"' in note
    assert '"data-event": "sort:share"' in note
    assert note.count('"aria-pressed": "true"') == 2  # the status and the order by name


def test_the_glyphs_are_one_picture_over_the_cells(frames: dict[str, pd.DataFrame]) -> None:
    figure = _board(frames).figure
    assert figure is not None
    (image,) = figure["layout"]["images"]
    assert image["source"].startswith("data:image/svg+xml,")
    # Three periods make cells three times as wide as high; the glyphs stay square.
    assert image["source"].count("m-0.0833 0l") == 2  # late
    assert image["source"].count("m-0.0833-.25l") == 2  # overdue
    assert (image["x"], image["y"]) == (0, -0.5)


def test_cells_tell_their_story(frames: dict[str, pd.DataFrame]) -> None:
    stories = dict(
        zip(
            zip(frames["status_board"]["member_iso3"], frames["status_board"]["period_id"],
                strict=True),
            cell_stories(frames["status_board"], _scene()),
            strict=True,
        )
    )  # fmt: skip
    assert stories["KEN", 202503] == (
        "<b>Kenya, Mar 2025</b><br>12 days late<br>due 15 May 2025"
        "<br>received 27 May 2025<br>revised since: 2"
    )
    assert "<br>17 days overdue<br>" in stories["UGA", 202503]  # on 1 June
    assert "received by 17 Apr 2025 (latest possible day)" in stories["FRA", 202502]
    assert "received" not in stories["FRA", 202503]


def test_names_of_data_are_escaped(board: pd.DataFrame) -> None:
    scene = _scene()
    evil = replace(scene, names=replace(NAMES, members={"KEN": "<a href='x'>K</a>"}))
    assert all("<a" not in story for story in cell_stories(board, evil))


def test_a_member_that_owes_something_is_not_called_faster(members: pd.DataFrame) -> None:
    rows = list(members.assign(overdue=1).itertuples())
    assert [trend_sign(row) for row in rows] == [0, -1, 0, 0]


# --- Rows and blocks ---------------------------------------------------------------------------


@pytest.mark.parametrize("blocks", [1, 2, 3])
@pytest.mark.parametrize("size", [1, 5, 12, 40])
def test_folding_keeps_every_member_once_and_no_heading_alone(blocks: int, size: int) -> None:
    rows: list[Row] = []
    for region in REGIONS:
        rows += [Row(region=region), *(Row(f"{region}{i}", region) for i in range(size))]
    result = folded(rows, blocks)
    assert len(result) <= blocks
    flat = [row.member for block in result for row in block if row.member]
    assert flat == [row.member for row in rows if row.member]
    for block in result:
        assert block[0].member is None
        assert block[-1].member is not None
    lengths = [len(block) for block in result]
    assert max(lengths) <= -(-len(rows) // blocks) + 2


def test_members_without_a_share_stand_last() -> None:
    members = {iso3: CATALOGUE.members[iso3] for iso3 in ("KEN", "UGA", "FRA")}
    rows = ordered_rows(members, {"KEN": float("nan"), "FRA": 0.9}, _scene(sort="share"))
    assert [row.member for row in rows] == ["FRA", "KEN", "UGA"]


def test_186_members_fit_a_laptop() -> None:
    sizes = geometry(192, 36)
    assert sizes.blocks == 3
    assert 66 * sizes.pixels < 640
    cell = 1330 / (sizes.pitch * sizes.blocks)
    assert 6 < cell < 10  # nearly square beside 9.5 px


# --- The other figures -------------------------------------------------------------------------


def test_regions_stand_by_share_and_the_rest_is_muted(frames: dict[str, pd.DataFrame]) -> None:
    figure = drawings.draw_on_time_by_region(frames, _scene(regions=(ESA,))).figure
    assert figure is not None
    dots = figure["data"][1]
    assert dots["customdata"] == [f"region:{ESA}", "region:americas", "region:europe"]
    assert dots["x"] == pytest.approx([2 / 6, 1.0, 1.0])
    assert dots["marker"]["color"][0] == REGION_COLOURS[ESA]
    assert dots["marker"]["color"][2] != REGION_COLOURS["europe"]
    assert "95% interval" in dots["hovertext"][0] and "n = 6" in dots["hovertext"][0]
    whiskers = figure["data"][0]
    row = frames["on_time_by_region"].set_index("region_id").loc[ESA]
    assert whiskers["x"][:2] == pytest.approx([row["low"], row["high"]])


def test_a_selected_member_stands_among_the_regions(frames: dict[str, pd.DataFrame]) -> None:
    figure = drawings.draw_on_time_by_region(frames, _scene(members=("UGA",))).figure
    assert figure is not None
    assert figure["data"][1]["customdata"][0] == "member:UGA"
    assert figure["data"][1]["marker"]["symbol"][0] == "diamond"


def test_an_open_period_is_hatched_and_not_drawn(frames: dict[str, pd.DataFrame]) -> None:
    figure = drawings.draw_on_time_over_time(frames, _scene()).figure
    assert figure is not None
    hatch = figure["data"][0]
    assert hatch["x"] == [2]  # France may still be on time
    assert "1 may still" in hatch["hovertext"][0]
    whole = next(t for t in figure["data"] if "All members" in str(t.get("hovertext")))
    assert whole["y"] == [pytest.approx(2 / 3), pytest.approx(2 / 3), None]
    assert whole["connectgaps"] is False


def test_a_selected_region_has_a_band_and_the_others_no_name(
    frames: dict[str, pd.DataFrame],
) -> None:
    figure = drawings.draw_on_time_over_time(frames, _scene(regions=(ESA,))).figure
    assert figure is not None
    bands = [trace for trace in figure["data"] if trace.get("fill") == "toself"]
    assert [band["fillcolor"] for band in bands] == [REGION_COLOURS[ESA]]
    names = [one["text"] for one in figure["layout"]["annotations"]]
    assert any("Southern" in name for name in names) and not any("Europe" in n for n in names)


def test_collections_share_one_calendar(frames: dict[str, pd.DataFrame]) -> None:
    figure = drawings.draw_collections(frames, _scene()).figure
    assert figure is not None
    cells = [
        (mark, y, round(base), round(width))
        for trace in figure["data"]
        for mark, y, base, width in zip(
            trace["customdata"], trace["y"], trace["base"], trace["x"], strict=True
        )
    ]
    assert ("collection:trade_annual", 1, 0, 3) in cells  # cut to the selected months
    assert sorted(c[2] for c in cells if c[0] == "collection:trade_monthly") == [0, 1, 2]
    labels = figure["layout"]["yaxis"]["ticktext"]
    assert labels[0].startswith("<b>Monthly")  # the selected collection


def test_selected_members_show_the_statuses_of_their_collections(
    frames: dict[str, pd.DataFrame],
) -> None:
    drawing = drawings.draw_collections(frames, _scene(members=("UGA", "KEN")))
    assert drawing.title == "All collections of Uganda, Kenya"
    assert drawing.figure is not None
    late = drawing.figure["data"][STATUS_CODES["late"]]
    assert sorted(late["y"]) == [1, 3]  # below the headings of Uganda and Kenya
    assert len(late["base"]) == 2


def test_the_delay_title_gives_the_median_and_the_note_its_ground(
    frames: dict[str, pd.DataFrame],
) -> None:
    alone = {
        "delay_curve": frames["delay_curve"].query("group == 'all'"),
        "delay_summary": frames["delay_summary"].query("group == 'all'"),
    }
    drawing = drawings.draw_delays(alone, _scene())
    assert drawing.title == "Half has come within 40 days of the period's end"
    assert "38 to 42" in drawing.note[0]
    assert "n = 1,200; 40 still to come" in drawing.note[0]
    assert "5 left out" in drawing.note[0]
    selected = drawings.draw_delays(frames, _scene(members=("KEN",)))
    assert "– to 60" in selected.note[0]
    assert "For 7 only the latest possible day" in selected.note[0]


def test_where_no_day_is_known_the_curve_says_so_and_leads_to_the_delays(
    frames: dict[str, pd.DataFrame],
) -> None:
    summary = frames["delay_summary"].assign(upper_bounds=lambda s: s["n"] - s["outstanding"])
    scene = _scene(members=("KEN",), language="fr")
    text, _, link = drawings.draw_delays({**frames, "delay_summary": summary}, scene).note
    assert "jamais le jour de leur arrivée" in text
    assert link.href.startswith("/delays?") and "member=KEN" in link.href
    assert "lang=fr" in link.href


def test_a_median_that_is_not_reached_is_said(frames: dict[str, pd.DataFrame]) -> None:
    summary = frames["delay_summary"].assign(median_delay_days=float("nan"))
    drawing = drawings.draw_delays({**frames, "delay_summary": summary}, _scene())
    assert drawing.title == "Less than half has come so far"


def test_the_due_day_is_on_the_delay_curve(frames: dict[str, pd.DataFrame]) -> None:
    scene = _scene(members=("KEN",))
    drawing = drawings.draw_delays(frames, scene)
    assert drawing.figure is not None
    (line,) = drawing.figure["layout"]["shapes"]
    assert line["x0"] == line["x1"] == due_days(scene) == 45
    steps = [t for t in drawing.figure["data"] if t["line"].get("shape") == "hv"]
    assert steps[0]["x"] == [0.0, 20.0, 40.0, 80.0]
    assert steps[1]["line"]["color"] == REGION_COLOURS[ESA]


def test_overdue_rows_select_members_and_collections(frames: dict[str, pd.DataFrame]) -> None:
    drawing = drawings.draw_overdue(frames, _scene())
    assert drawing.title == "Uganda: 2 submissions are overdue"
    text = _text(drawing.children)
    for event in ("member:UGA", f"region:{ESA}", "collection:revenue_monthly"):
        assert f'"data-event": "{event}"' in text
    assert '"76"' in text and "25 %" in text and "17 Mar 2025" in text


def test_many_overdue_rows_are_counted(frames: dict[str, pd.DataFrame]) -> None:
    many = pd.concat([frames["overdue"]] * 80, ignore_index=True)
    drawing = drawings.draw_overdue({"overdue": many}, _scene())
    assert "60 more rows" in _text(drawing.children)


def test_the_region_board_has_a_class_a_hatch_and_a_mark(frames: dict[str, pd.DataFrame]) -> None:
    figure = drawings.region_status_board(frames["status_by_region"], _scene())
    grid, hatch = figure["data"][:2]
    # Rows: americas, east and southern Africa, europe.
    assert grid["z"][1] == [share_class(0.5), share_class(0.5), share_class(0.0)]
    assert grid["z"][0] == [None, share_class(1.0), share_class(1.0)]
    assert grid["z"][2] == [share_class(1.0), None, None]
    assert sorted(zip(hatch["y"], hatch["base"], strict=True)) == [(0, -0.5), (2, 0.5), (2, 1.5)]
    assert grid["customdata"][1][0] == f"region:{ESA}"
    # France's open quarter is hatched, but what came of it counts at the row's end as elsewhere.
    assert figure["data"][2]["text"] == ["100 %", "33 %", "100 %"]


def test_the_region_board_turns_to_members_and_mutes_the_others(
    frames: dict[str, pd.DataFrame],
) -> None:
    drawing = drawings.draw_region_status_board(frames, _scene(regions=(ESA,), members=("KEN",)))
    assert drawing.figure is not None
    grid = drawing.figure["data"][0]
    assert grid["customdata"][0][0] == "member:KEN"
    assert grid["z"][1][0] == STATUS_CODES["overdue"] + MUTED
    assert drawing.figure["layout"]["yaxis"]["ticktext"] == ["<b>Kenya</b>", "Uganda"]


# --- Small parts -------------------------------------------------------------------------------


def test_classes_begin_at_their_break() -> None:
    assert [share_class(x) for x in (0.0, 0.4999, 0.5, 0.89, 0.9, 1.0)] == [0, 0, 1, 4, 5, 5]


def test_colours_mix() -> None:
    assert mixed("#ff0000", "#0000ff", 0.5) == "#800080"
    assert mixed("#123456", "#ffffff", 1.0) == "#123456"


def test_names_are_wrapped_and_shortened() -> None:
    assert wrapped("West & Central Africa", 10) == "West &amp;<br>Central<br>Africa"
    assert shortened("Côte d'Ivoire", 13) == "Côte d'Ivoire"
    assert shortened("Democratic Republic of the Congo", 12) == "Democratic…"


def test_long_calendars_name_years_and_short_ones_periods() -> None:
    words = read_words("en")
    long = [2023 * 100 + m for m in range(11, 13)] + [2024 * 100 + m for m in range(1, 13)] * 2
    assert period_ticks(long, words)[0] == (2, "2024")
    assert period_ticks([202501, 202502], words)[0] == (0, "Jan 2025")
    assert len(period_ticks([202501, 202502, 202503], words, most=1)) == 1
    assert period_ticks([2020, 2021], words) == [(0, "2020"), (1, "2021")]


def test_every_status_has_a_column() -> None:
    assert set(STATUS_COLUMNS) == set(STATUS_CODES)


def test_the_state_of_a_case_is_no_status_of_the_board(frames: dict[str, pd.DataFrame]) -> None:
    assert _rows(_board(frames, status="asked")) == _rows(_board(frames))
