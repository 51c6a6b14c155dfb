"""The figures of revisions: traces, order, marks, findings, and the sentences of empty states."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest
from plotly.utils import PlotlyJSONEncoder

from dashboard.framework import read_framework
from dashboard.selection import Selection
from dashboard.words import read_words
from layouts import revisions as drawings
from layouts.palette import DARK, LIGHT
from layouts.panels import Drawing
from layouts.revisions.wording import change_text
from layouts.scene import Scene
from tests.support.catalogues import CATALOGUE, NAMES
from tests.unit.callbacks.views.test_revisions import AS_OF, ROWS, read, releases

CHOSEN = Selection(first="2025-01", last="2025-03", as_of=AS_OF)
DRAW = {
    "sizes": (drawings.draw_sizes, ("revision_sizes", "revised_figures", "releases")),
    "regions": (drawings.draw_regions, ("revision_regions", "releases")),
    "triangle": (drawings.draw_triangle, ("revision_triangle", "releases")),
    "ages": (drawings.draw_ages, ("revision_ages", "releases")),
    "largest": (drawings.draw_largest, ("revised_figures", "releases")),
}


def _scene(*, is_present: bool = False, palette: Any = LIGHT, **chosen: Any) -> Scene:
    framework, _ = read_framework()
    selection = replace(CHOSEN, **chosen)
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


def _draw(name: str, scene: Scene | None = None, frame: pd.DataFrame | None = None) -> Drawing:
    scene = scene or _scene()
    draw, needed = DRAW[name]
    return draw({one: read(one, scene.selection, frame) for one in needed}, scene)


def _text(value: Any) -> str:
    return json.dumps(value, cls=PlotlyJSONEncoder, ensure_ascii=False)


def _figure(drawing: Drawing) -> dict[str, Any]:
    assert drawing.figure is not None
    go.Figure(drawing.figure)  # raises where it breaks Plotly's schema
    return drawing.figure


def test_members_stand_by_their_change_in_dollars_with_each_revised_figure() -> None:
    drawing = _draw("sizes")
    found = _figure(drawing)
    assert found["layout"]["yaxis"]["ticktext"] == ["France", "Kenya"]
    dots = next(trace for trace in found["data"] if "member:KEN" in trace.get("customdata", []))
    assert dots["customdata"] == ["member:FRA", "member:KEN", "member:KEN"]
    assert dots["x"] == pytest.approx([-1000 / 9000, 0.3, 0.1])
    means = found["data"][-1]
    assert means["x"] == pytest.approx([-1000 / 8000, 40 / 240])
    ends = [note["text"] for note in found["layout"]["annotations"]]
    assert ends[:4] == ["12 %", "1 of 1", "17 %", "2 of 2"]
    assert drawing.title is not None
    assert "67 % of 3 changes went up" in drawing.title


def test_a_member_alone_has_a_row_for_each_revised_figure() -> None:
    found = _figure(_draw("sizes", frame=releases(tuple(row for row in ROWS if row[0] == "KEN"))))
    member, *periods = found["layout"]["yaxis"]["ticktext"]
    assert member == "Kenya" and len(periods) == 2
    dots = next(trace for trace in found["data"] if "member:KEN" in trace.get("customdata", []))
    assert dots["y"] == [-1, -2]
    texts = [note["text"] for note in found["layout"]["annotations"]]
    assert [text.split(" · ")[1] for text in texts if " · " in text] == [
        change_text(value, _scene()) for value in dots["x"]
    ]


def test_an_interval_is_drawn_where_there_are_two_figures_and_none_where_there_is_one() -> None:
    found = _figure(_draw("sizes"))
    lines = [trace for trace in found["data"] if trace["mode"] == "lines"]
    places = [place for line in lines for place in line["y"] if place is not None]
    assert places == [-1, -1]  # Kenya alone


@pytest.mark.parametrize(
    ("sign", "said"), [(1, "mostly too low: 100 %"), (-1, "mostly too high: 100 %")]
)
def test_a_clear_direction_is_told_in_the_title(sign: int, said: str) -> None:
    rows = []
    for i in range(8):
        month = 202501 + i % 3
        member = ("KEN", "UGA", "FRA")[i // 3]
        rows.append((member, month, 0, "2025-04-10", 100.0, 1.0))
        rows.append((member, month, 1, "2025-05-10", 100.0 + sign * (i + 1), 1.0))
    title = _draw("sizes", frame=releases(tuple(rows))).title
    assert title is not None
    assert said in title


def test_regions_stand_by_the_share_revised_below_all_members() -> None:
    found = _figure(_draw("regions"))
    names = found["layout"]["yaxis"]["ticktext"]
    assert [name.startswith("<b>") for name in names] == [False, False, True]
    once = found["data"][0]
    assert once["x"] == pytest.approx([2 / 3, 1.0, 3 / 4])
    assert once["customdata"] == ["region:east_southern_africa", "region:europe", ""]
    rmar = [trace["x"] for trace in found["data"] if trace.get("xaxis") == "x2"]
    assert rmar[0] == pytest.approx([40 / 240, 1000 / 8000, 1040 / 8240])


def test_receipts_alone_have_shares_and_no_values() -> None:
    rows = (
        ("KEN", 202501, 0, "2025-02-20", None, None),
        ("KEN", 202501, 1, "2025-03-20", None, None),
    )
    found = _figure(_draw("regions", frame=releases(rows)))
    assert all("xaxis" not in trace for trace in found["data"])
    assert "Only receipts" in str(_draw("regions", frame=releases(rows)).note)
    for name in ("sizes", "largest"):
        assert "Only receipts are held" in str(_draw(name, frame=releases(rows)).empty)


def test_the_triangle_has_a_bar_for_each_value_and_hatches_what_was_not_there() -> None:
    drawing = _draw("triangle", _scene(members=("KEN",)))
    gaps, values = _figure(drawing)["data"]
    assert gaps["marker"]["pattern"]["shape"] == "/"
    # March is the third row: nothing in April, May and June.
    assert (gaps["y"], gaps["base"], gaps["x"]) == ([-2], [0.5], [3])
    assert values["text"] == ["USD 100", "+10 %", "+30 %"]
    assert values["base"] == [0.5, 2.5, 0.5]
    assert values["x"] == [2, 3, 4]
    assert drawing.title == "Kenya: 2 of 2 periods revised"
    ends = [note["text"] for note in _figure(drawing)["layout"]["annotations"]]
    assert ends == ["USD 110  +10 %", "USD 130  +30 %", "not received"]


def test_a_raised_value_and_a_lowered_one_look_different_in_both_themes() -> None:
    for palette in (LIGHT, DARK):
        raised = _figure(_draw("triangle", _scene(members=("KEN",), palette=palette)))
        lowered = _figure(_draw("triangle", _scene(members=("FRA",), palette=palette)))
        assert raised["data"][1]["marker"]["color"][-1] == palette.diverging[5]
        assert lowered["data"][1]["marker"]["color"][-1] == palette.diverging[0]


def test_the_triangle_says_whose_it_is_if_nobody_was_chosen() -> None:
    assert "changed most" in str(_draw("triangle").note)
    assert "changed most" not in str(_draw("triangle", _scene(members=("FRA",))).note)


def test_the_stage_has_room_for_twelve_periods() -> None:
    stage = _scene(is_present=True, members=("KEN",), first="2024-01", last="2025-03")
    assert len(_figure(_draw("triangle", stage))["layout"]["yaxis"]["tickvals"]) == 12


def test_the_stage_keeps_revised_periods_that_are_older_than_a_year() -> None:
    stage = _scene(is_present=True, members=("KEN",), first="2024-01", last="2025-03")
    old = (
        ("KEN", 202401, 0, "2024-03-01", 100.0, 1.0),
        ("KEN", 202401, 1, "2024-05-01", 120.0, 1.0),
    )
    layout = _figure(_draw("triangle", stage, releases(old)))["layout"]
    assert layout["yaxis"]["ticktext"][:2] == ["Jan 2024", "May 2024"]


def test_a_single_member_is_not_counted_among_others_looked_at() -> None:
    note = str(_draw("sizes", _scene(members=("KEN",))).note)
    assert "looked at" not in note


def test_curves_of_ages_end_with_their_names() -> None:
    drawing = _draw("ages", _scene(members=("KEN",)))
    found = _figure(drawing)
    names = [note["text"] for note in found["layout"]["annotations"]]
    assert "Kenya" in names
    assert "All members" in names
    selected = found["data"][-1]
    assert selected["y"][-1] == 1.0
    assert drawing.title == "Half of the revisions come within 40 days"


def test_the_table_of_the_greatest_changes() -> None:
    text = _text(_draw("largest", _scene(members=("KEN",))).children)
    for said in ("USD 100", "USD 130", "USD +30", "+30 %", "30 Mar 2025", "10 days"):
        assert said in text
    assert '"data-event": "member:KEN"' in text


def test_a_change_from_nothing_and_a_manyfold_one_are_no_percentages() -> None:
    scene = _scene()
    assert change_text(float("nan"), scene) == "from 0"
    assert change_text(999.0, scene) == "× 1,000"
    assert change_text(-0.25, scene) == "−25 %"


ONE = releases(ROWS[4:5])
NONE = releases().iloc[:0]
SAME = releases(
    (("KEN", 202501, 0, "2025-02-20", 5.0, 5.0), ("KEN", 202501, 1, "2025-03-20", 5.0, 5.0))
)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", DRAW)
def test_nothing_received_is_a_sentence(name: str, language: str) -> None:
    drawing = _draw(name, _scene(language=language), NONE)
    assert drawing.figure is None
    assert drawing.children is None
    assert drawing.empty


@pytest.mark.parametrize("name", ["sizes", "regions", "ages", "largest"])
def test_one_submission_is_a_sentence(name: str) -> None:
    drawing = _draw(name, frame=ONE)
    assert drawing.figure is None
    assert drawing.empty


def test_one_submission_is_said_to_be_one_and_its_value_is_in_the_triangle() -> None:
    assert str(_draw("sizes", frame=ONE).empty).startswith("A single figure of")
    triangle = _draw("triangle", frame=ONE)
    assert triangle.title == "Uganda: one period received, not revised"
    assert _figure(triangle)["data"][1]["text"] == ["USD 7"]


def test_figures_that_came_again_unchanged_say_so() -> None:
    assert "not one of their totals changed" in str(_draw("sizes", frame=SAME).title)
    assert "not one of their totals changed" in str(_draw("largest", frame=SAME).empty)


def test_the_flow_is_chosen_by_two_buttons() -> None:
    text = _text(drawings.controls(_scene(flow="M")))
    assert '"data-event": "flow:"' in text
    assert '"data-event": "flow:M"' in text
    assert "re-exports" not in text.lower()
