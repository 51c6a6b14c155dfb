"""The figures of the network: order, widths, both directions, marks, what is summed, emptiness."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard.flows import OUTSIDE
from dashboard.framework import read_framework
from dashboard.selection import Selection
from dashboard.words import read_words
from layouts import network as drawings
from layouts.network.goods import REST, gathered, nodes_of, placed
from layouts.network.regions import FILL, links_of, slots_of, within_share
from layouts.palette import LIGHT, REGION_COLOURS
from layouts.panels import Drawing
from layouts.scene import Scene
from tests.support.catalogues import CATALOGUE, NAMES, REGIONS

RANGE = Selection(first="2025-01", last="2025-06", as_of=date(2026, 1, 15))


def _scene(*, is_present: bool = False, **chosen: Any) -> Scene:
    framework, _ = read_framework()
    selection = replace(RANGE, **chosen)
    sections = {number: f"Section {number}" for number in CATALOGUE.sections}
    return Scene(
        selection=selection.resolve(CATALOGUE),
        chosen=selection,
        words=read_words(selection.language),
        names=replace(NAMES, sections=sections),
        palette=LIGHT,
        catalogue=CATALOGUE,
        framework=framework,
        info={},
        is_present=is_present,
    )


def _measured(values: list[float], estimated: float = 0.25) -> dict[str, list[float]]:
    count = len(values)
    return {
        "value_usd": values,
        "mass_kg": [2 * value for value in values],
        "estimated_share": [estimated] * count,
        "n": [3.0] * count,
    }


OURS = [("europe", 1), ("europe", 16), ("americas", 16), (OUTSIDE, 2)]
THEIRS = [("asia_pacific", 1), ("asia_pacific", 16), ("west_central_africa", 16), ("europe", 2)]
GOODS = pd.DataFrame(
    {
        "side": ["ours"] * 4 + ["theirs"] * 4,
        "item": [item for item, _ in OURS + THEIRS],
        "region_id": [item for item, _ in OURS + THEIRS],
        "section_id": [section for _, section in OURS + THEIRS],
        **_measured([4e9, 3e9, 2e9, 1e9, 4e9, 4e9, 1e9, 1e9]),
    }
)
FLOWS = pd.DataFrame(
    {
        "reporter_region_id": ["europe", "americas", "europe", "americas", "americas"],
        "partner_region_id": ["americas", "europe", "europe", "asia_pacific", OUTSIDE],
        **_measured([4e9, 1e9, 6e9, 2e9, 5e8]),
    }
)
DRAWN = {
    "goods": (drawings.draw_goods, "goods_links", GOODS),
    "regions": (drawings.draw_regions, "region_flows", FLOWS),
    "pairs": (drawings.draw_pairs, "region_flows", FLOWS),
}
SCENES: list[dict[str, Any]] = [
    {},
    {"language": "fr", "flow": "M", "measure": "mass_kg"},
    {"members": ("KEN",), "partners": ("FRA",), "source": "mirror", "commodity": "S16"},
    {"is_present": True, "collection": "revenue_monthly", "regions": ("europe",)},
]


def _drawn(name: str, frame: pd.DataFrame | None = None, **chosen: Any) -> Drawing:
    draw, key, data = DRAWN[name]
    return draw({key: data if frame is None else frame}, _scene(**chosen))


def _trace(name: str, kind: str, **chosen: Any) -> Any:
    figure = _drawn(name, **chosen).figure
    assert figure is not None
    return next(trace for trace in figure["data"] if trace["name"] == kind)


def _text(part: Any) -> str:
    if isinstance(part, (list, tuple)):
        return " ".join(_text(one) for one in part)
    return _text(part.children) if hasattr(part, "children") else str(part or "")


@pytest.mark.parametrize("chosen", SCENES, ids=str)
@pytest.mark.parametrize("name", ["goods", "regions"])
def test_figures_are_valid_and_say_what_they_show(name: str, chosen: dict[str, Any]) -> None:
    drawing = _drawn(name, **chosen)
    assert drawing.figure is not None
    go.Figure(drawing.figure)
    json.dumps(drawing.figure)
    assert "2025" in drawing.subtitle
    assert {"en": "Hatched", "fr": "Hachuré"}[chosen.get("language", "en")] in str(drawing.note)
    if chosen.get("source") == "mirror":
        assert "partners' records" in drawing.subtitle


@pytest.mark.parametrize("name", list(DRAWN))
def test_an_empty_frame_says_why_and_what_to_do(name: str) -> None:
    drawing = _drawn(name, DRAWN[name][2].head(0), members=("KEN",))
    assert drawing.figure is None and drawing.children is None
    assert "Kenya" in str(drawing.empty) and "Choose" in str(drawing.empty)


# -- Goods -------------------------------------------------------------------------------------


def test_columns_stand_in_the_order_of_regions_and_sections_whatever_their_value() -> None:
    scene = _scene()
    links, _ = gathered(GOODS, scene)
    keys = {side: [node.key for node in nodes_of(links, side, scene)] for side in SIDES}
    assert keys == {
        "ours": ["americas", "europe", OUTSIDE],
        "goods": ["S1", "S2", "S16"],
        "theirs": ["asia_pacific", "europe", "west_central_africa"],
    }


SIDES = ("ours", "goods", "theirs")


def test_every_column_has_one_scale_and_no_node_covers_another() -> None:
    scene = _scene()
    links, _ = gathered(GOODS, scene)
    columns = placed([nodes_of(links, side, scene) for side in SIDES], 0.05)
    scales = {round(node.height / node.value, 15) for column in columns for node in column}
    assert len(scales) == 1
    for column in columns:
        assert column[0].top <= 1 + 1e-9
        for upper, lower in itertools.pairwise(column):
            assert upper.top - upper.height > lower.top
        assert column[-1].top - column[-1].height >= -1e-9


def test_ribbons_are_plain_and_hatched_in_proportion_to_what_is_estimated() -> None:
    figure = _drawn("goods", GOODS[GOODS["item"].isin(["americas", "west_central_africa"])]).figure
    assert figure is not None
    ours = [t for t in figure["data"] if t.get("fillcolor") == REGION_COLOURS["americas"]]
    plain, hatched = sorted(ours, key=lambda trace: trace["name"], reverse=True)
    heights = [max(t["y"]) - min(t["y"]) for t in (plain, hatched)]
    straight = [abs(t["y"][0] - t["y"][-2]) for t in (plain, hatched)]
    assert straight[1] / sum(straight) == pytest.approx(0.25, abs=1e-3)
    assert heights[0] > heights[1]
    assert "fillpattern" in hatched and "fillpattern" not in plain


def test_nodes_and_ribbons_select_what_they_stand_for() -> None:
    marks = set(_trace("goods", "handles")["customdata"])
    assert {"region:europe", "partner_region:asia_pacific", "commodity:S16"} <= marks
    assert not any(OUTSIDE in mark for mark in marks)


def test_a_chosen_region_opens_to_its_members_and_the_smallest_are_summed() -> None:
    count = 14
    frame = pd.DataFrame(
        {
            "side": ["ours"] * count + ["theirs"],
            "item": [*(f"M{i:02d}" for i in range(count)), "asia_pacific"],
            "region_id": ["europe"] * count + ["asia_pacific"],
            "section_id": [16] * (count + 1),
            **_measured([*(1e9 * (i + 1) for i in range(count)), 1e9 * sum(range(1, count + 1))]),
        }
    )
    scene = _scene(regions=("europe",))
    links, counts = gathered(frame, scene)
    assert counts == {"sections": 0, "ours": 5}
    nodes = nodes_of(links, "ours", scene)
    assert [node.key for node in nodes] == [*(f"M{i:02d}" for i in range(5, 14)), REST]
    assert nodes[-1].value == 1e9 * (1 + 2 + 3 + 4 + 5)
    note = _drawn("goods", frame, regions=("europe",)).note
    assert "5 members are summed." in str(note)


def test_a_chosen_section_mutes_the_others_and_is_never_summed() -> None:
    sections = list(range(1, 16))
    frame = pd.DataFrame(
        {
            "side": ["ours"] * 15 + ["theirs"] * 15,
            "item": ["europe"] * 30,
            "region_id": ["europe"] * 30,
            "section_id": sections * 2,
            **_measured([1e9 * number for number in sections] * 2),
        }
    )
    scene = _scene(commodity="S1")
    links, counts = gathered(frame, scene)
    nodes = nodes_of(links, "goods", scene)
    assert [node.key for node in nodes if not node.is_muted] == ["S1"]
    assert (nodes[0].key, counts["sections"]) == ("S1", 5)


def test_a_section_without_trade_is_said() -> None:
    drawing = _drawn("goods", commodity="S5")
    assert drawing.figure is None
    assert "Choose another" in str(drawing.empty)


# -- Regions -----------------------------------------------------------------------------------


def test_both_directions_of_a_pair_have_their_own_side_and_width() -> None:
    scene = _scene()
    between = [link for link in links_of(FLOWS, scene) if link.start != link.end]
    slots = slots_of(between, [*REGIONS, OUTSIDE])
    width = {key: high - low for key, (low, high) in slots.items()}
    there, back = ("americas", "europe"), ("europe", "americas")
    assert width[*back, "europe"] == pytest.approx(4 * width[*there, "europe"])
    assert width[*back, "europe"] == pytest.approx(width[*back, "americas"])
    # The fullest side of a region, here what Europe sends up, fills its share of the row.
    assert max(width.values()) == pytest.approx(FILL)
    figure = _drawn("regions").figure
    assert figure is not None
    bows = {t["fillcolor"]: t["x"] for t in figure["data"] if t["name"] == "reported"}
    assert all(x is None or x > 0 for x in bows[REGION_COLOURS["americas"]])
    assert all(x is None or x < 0 for x in bows[REGION_COLOURS["europe"]])


def test_imports_are_drawn_as_goods_move() -> None:
    moved = {(link.start, link.end) for link in links_of(FLOWS, _scene(flow="M"))}
    assert ("asia_pacific", "americas") in moved and ("americas", "asia_pacific") not in moved
    story = next(s for s in _trace("regions", "handles", flow="M")["hovertext"] if "Asia" in s)
    assert "Asia Pacific to Americas" in story


def test_how_much_stays_within_is_the_share_of_what_the_region_records() -> None:
    links = links_of(FLOWS, _scene())
    assert within_share("europe", links) == pytest.approx(0.6)
    assert within_share("americas", links) == 0
    assert within_share("asia_pacific", links) is None
    figure = _drawn("regions").figure
    assert figure is not None
    assert "60 % within the region" in figure["layout"]["annotations"][3]["text"]


def test_a_bow_selects_the_pair_and_a_name_the_region() -> None:
    marks = set(_trace("regions", "handles")["customdata"])
    assert {"pair:europe|americas", "pair:americas|europe", "region:europe"} <= marks
    assert not any(OUTSIDE in mark for mark in marks)


def test_trade_within_one_region_alone_is_said() -> None:
    drawing = _drawn("regions", FLOWS[FLOWS["partner_region_id"] == "europe"].tail(1))
    assert "stays within one region" in str(drawing.empty)


# -- List --------------------------------------------------------------------------------------


def test_the_list_has_each_pair_once_with_both_ways_and_their_difference() -> None:
    between, within = _drawn("pairs").children.children
    first, second, third = between.children[1].children
    assert _text(first.children).split(" ", 3)[:2] == ["Americas", "–"]
    there, back = (cell.children for cell in first.children[1:3])
    assert (there.children, back.children) == ("1.0 bn", "4.0 bn")
    assert getattr(back, "data-event") == "pair:europe|americas"
    assert "Europe to Americas: USD 4.0 bn" in getattr(back, "aria-label")
    assert first.children[3].children == "← 3.0 bn"
    assert "nothing recorded" in _text(second)
    assert OUTSIDE not in str([getattr(part, "data-event", "") for part in third.children])
    assert "60 % within" in _text(within)
