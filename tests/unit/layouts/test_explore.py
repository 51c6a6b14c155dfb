"""The path and the list of a level: links back, marks that go down, texture, empty states."""

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
from dashboard.measures import TRADE_MEASURES
from dashboard.selection import Selection
from dashboard.words import read_words
from layouts import explore as drawings
from layouts.explore.items import ROWS_AT_MOST
from layouts.explore.scatter import NAMED_AT_MOST
from layouts.explore.wording import NAME_AT_MOST
from layouts.palette import LIGHT
from layouts.panels import Drawing
from layouts.scene import Scene
from tests.support.catalogues import CATALOGUE, NAMES

RANGE = Selection(first="2025-01", last="2025-06", as_of=date(2026, 1, 15))
DEEP: dict[str, Any] = {"regions": ("europe",), "members": ("FRA",), "partners": ("KEN",)}
OTHER_MEASURES = (
    *("unit_value", "growth", "hhi", "hhi_chapters", "balassa_index"),
    *("grubel_lloyd", "usd_per_head", "gdp_share"),
)
LONG = "Fish; fresh or chilled, trout (Salmo trutta, Oncorhynchus mykiss), excluding fillets"


def _scene(*, is_present: bool = False, path: str = "/explore", **chosen: Any) -> Scene:
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
        path=path,
    )


def _items(level: str, items: dict[str, float], **changes: Any) -> pd.DataFrame:
    values = list(items.values())
    total = sum(values)
    return pd.DataFrame(
        {
            "level": level,
            "item": list(items),
            "region_id": pd.Series([float("nan")] * len(items), dtype="str"),
            "title_en": LONG,
            "title_fr": LONG,
            "value_usd": values,
            "mass_kg": [value / 2 for value in values],
            "trade_share": [value / total if total else float("nan") for value in values],
            "balance_usd": [value - 5.0 for value in values],
            **{measure: [0.5] * len(items) for measure in OTHER_MEASURES},
            "estimated_share": [0.25] * len(items),
            "n": range(len(items)),
            **changes,
        }
    )


def _steps(*steps: tuple[str, str]) -> pd.DataFrame:
    found = [("world", float("nan")), *steps]
    table = pd.DataFrame(found, columns=["level", "item"])
    return table.assign(title_en=LONG, title_fr=LONG)


DEEP_STEPS = _steps(
    ("region", "europe"),
    ("member", "FRA"),
    ("partner", "KEN"),
    ("section", "S1"),
    ("chapter", "03"),
    ("heading", "0302"),
)

UGANDA = (("region", "east_southern_africa"), ("member", "UGA"))


def _text(drawing: Drawing) -> str:
    return json.dumps(drawing.children, cls=PlotlyJSONEncoder, ensure_ascii=False)


def _found(children: Any, kind: str) -> list[dict[str, Any]]:
    """Properties of every component of a kind, in order."""
    found: list[dict[str, Any]] = []

    def look(part: Any) -> None:
        if isinstance(part, list):
            for one in part:
                look(one)
        elif isinstance(part, dict) and "props" in part:
            if part["type"] == kind:
                found.append(part["props"])
            look(part["props"].get("children"))

    look(json.loads(json.dumps(children, cls=PlotlyJSONEncoder)))
    return found


def test_every_step_but_the_last_is_a_link_back_and_the_last_is_marked() -> None:
    scene = _scene(**DEEP, commodity="0302", flow="M")
    frames = {"drill_items": _items("subheading", {"030214": 9.0, "030211": 1.0})}
    drawing = drawings.draw_path({**frames, "drill_path": DEEP_STEPS}, scene)
    links = _found(drawing.children, "Link")
    kept = "flow=M&from=2025-01"
    assert [link["href"].split("?asof=2026-01-15&")[1] for link in links] == [
        f"{kept}&to=2025-06",
        f"{kept}&region=europe&to=2025-06",
        f"{kept}&member=FRA&region=europe&to=2025-06",
        f"{kept}&member=FRA&partner=KEN&region=europe&to=2025-06",
        f"{kept}&hs=S1&member=FRA&partner=KEN&region=europe&to=2025-06",
        f"{kept}&hs=03&member=FRA&partner=KEN&region=europe&to=2025-06",
    ]
    here = [part for part in _found(drawing.children, "Span") if part.get("aria-current")]
    assert [part["children"][:4] for part in here] == ["0302"]
    assert len(here[0]["children"]) <= NAME_AT_MOST
    assert "choose a subheading" in _text(drawing)


def test_on_the_stage_the_list_gives_the_answer() -> None:
    scene = _scene(regions=("europe",), is_present=True, path="/present/explore/items")
    drawing = drawings.draw_items({"drill_items": _items("member", {"FRA": 9.0})}, scene)
    assert drawing.title == "Exports, Europe: USD 9. All of it is of one member: France."
    assert scene.path not in _text(drawing)


def test_the_answer_says_how_much_who_leads_and_how_much_three_make() -> None:
    items = _items("member", {"FRA": 50e9, "UKR": 30e9, "GRL": 15e9, "KEN": 5e9})
    frames = {"drill_items": items, "drill_path": _steps(("region", "europe"))}
    drawing = drawings.draw_path(frames, _scene(regions=("europe",)))
    assert drawing.title == (
        "Exports, Europe: USD 100 bn. France leads with 50 %. The first three of 4 make 95 %."
    )
    french = drawings.draw_path(frames, _scene(regions=("europe",), language="fr"))
    assert french.title is not None
    assert french.title.startswith("Exportations, Europe : 100 Md USD. En tête : France")


def test_one_item_alone_is_said_to_be_alone() -> None:
    frames = {"drill_items": _items("partner", {"KEN": 7.0}), "drill_path": _steps(*UGANDA)}
    drawing = drawings.draw_path(frames, _scene(members=("UGA",)))
    assert drawing.title is not None
    assert "one partner: Kenya." in drawing.title


def test_a_name_goes_one_step_down_and_what_is_unknown_does_not() -> None:
    items = _items("member", {"FRA": 50.0, "GRL": 30.0})
    drawing = drawings.draw_items({"drill_items": items}, _scene(regions=("europe",)))
    buttons = _found(drawing.children, "Button")
    assert [button["data-event"] for button in buttons] == ["member:FRA"]
    assert "Greenland" in _text(drawing)


@pytest.mark.parametrize(
    ("level", "item", "event"),
    [
        ("region", "europe", "region:europe"),
        ("region", "outside", None),
        ("partner", "_X", "partner:_X"),
        ("section", "S1", "commodity:S1"),
        ("section", "S99", None),
        ("chapter", "03", "commodity:03"),
        ("heading", "0302", "commodity:0302"),
        ("heading", "03", None),
        ("subheading", "030214", "commodity:030214"),
        ("subheading", "0302", None),
    ],
)
def test_each_level_is_chosen_by_its_own_event(level: str, item: str, event: str | None) -> None:
    above = {"region": {}, "partner": {"members": ("FRA",)}}.get(level, DEEP)
    goods = {"chapter": "S1", "heading": "03", "subheading": "0302"}.get(level)
    scene = _scene(**above, commodity=goods)
    drawing = drawings.draw_items({"drill_items": _items(level, {item: 5.0})}, scene)
    found = [button["data-event"] for button in _found(drawing.children, "Button")]
    assert found == ([] if event is None else [event])


def test_a_code_reported_no_finer_says_so() -> None:
    scene = _scene(**DEEP, commodity="03")
    drawing = drawings.draw_items({"drill_items": _items("heading", {"03": 5.0})}, scene)
    assert "03, reported no finer" in _text(drawing)


def test_the_subheading_chosen_is_marked_among_its_neighbours() -> None:
    scene = _scene(**DEEP, commodity="030214")
    items = _items("subheading", {"030214": 9.0, "030211": 1.0})
    drawing = drawings.draw_items({"drill_items": items}, scene)
    pressed = [button["aria-pressed"] for button in _found(drawing.children, "Button")]
    assert pressed == ["true", "false"]


def test_bars_show_what_was_estimated_by_texture() -> None:
    items = _items("member", {"FRA": 80.0, "UKR": 40.0}, estimated_share=[0.25, 0.0])
    drawing = drawings.draw_items({"drill_items": items}, _scene(regions=("europe",)))
    parts = [part for part in _found(drawing.children, "Span") if "style" in part]
    widths = [(part.get("className"), part["style"]["width"]) for part in parts]
    assert widths == [(None, "75.00%"), ("is-estimated", "25.00%"), (None, "50.00%")]


def test_small_items_are_summed_and_counted() -> None:
    items = _items("partner", {f"A{number:02d}": 100.0 - number for number in range(25)})
    drawing = drawings.draw_items({"drill_items": items}, _scene(members=("FRA",)))
    assert len(_found(drawing.children, "Tr")) == 1 + ROWS_AT_MOST + 1
    assert f"{25 - ROWS_AT_MOST} others" in _text(drawing)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_without_trade_both_panels_say_why(language: str) -> None:
    scene = _scene(**DEEP, commodity="03", language=language)
    frames = {"drill_items": _items("heading", {}), "drill_path": DEEP_STEPS.iloc[:6]}
    items = drawings.draw_items(frames, scene)
    assert items.children is None
    assert items.empty is not None
    path = drawings.draw_path(frames, scene)
    assert path.title == items.empty
    assert len(_found(path.children, "Link")) == 5


def test_a_measure_that_does_not_fit_gives_way_to_the_value_and_says_so() -> None:
    scene = _scene(members=("FRA",), measure="hhi")
    frames = {
        "drill_items": _items("partner", {"KEN": 9.0, "UGA": 1.0}),
        "drill_path": _steps(("region", "europe"), ("member", "FRA")),
    }
    path = drawings.draw_path(frames, scene)
    assert path.note is not None
    assert "makes sense only for regions, members; the value is shown" in path.note
    assert "USD 9" in _text(drawings.draw_items(frames, scene))


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("measure", TRADE_MEASURES)
def test_every_measure_is_listed_and_drawn(measure: str, language: str) -> None:
    items = _items("member", {"FRA": 50.0, "UKR": 30.0, "KEN": 5.0})
    scene = _scene(
        regions=("europe",), commodity="S1", measure=measure, language=language, source="reported"
    )
    drawing = drawings.draw_items({"drill_items": items}, scene)
    assert len(_found(drawing.children, "Button")) == 3
    figure = drawings.draw_scatter({"member_measures": items}, scene)
    go.Figure(figure.figure)
    assert figure.title is not None
    switch = drawings.controls(scene)[-1]
    assert len(_found(switch, "Button")) == len(TRADE_MEASURES)


def test_a_negative_figure_goes_to_the_left_of_0() -> None:
    items = _items("member", {"FRA": 80.0, "UKR": 40.0}, balance_usd=[60.0, -20.0])
    scene = _scene(regions=("europe",), measure="balance_usd")
    drawing = drawings.draw_items({"drill_items": items}, scene)
    bars = [part["style"] for part in _found(drawing.children, "Span") if "style" in part]
    assert bars == [{"width": "75.00%", "marginLeft": "25.00%"}, {"width": "25.00%"}]
    assert "is-negative" in _text(drawing)


def test_without_any_growth_the_value_stands_in_and_the_list_says_what_it_needs() -> None:
    nothing = [float("nan")] * 2
    items = _items("member", {"FRA": 80.0, "UKR": 40.0}, growth=nothing)
    scene = _scene(regions=("europe",), measure="growth")
    drawing = drawings.draw_items({"drill_items": items}, scene)
    assert "every period" in str(drawing.note)
    assert "USD 80" in _text(drawing)
    # The way down stays open.
    assert len(_found(drawing.children, "Button")) == 2


def test_of_everybody_the_answer_is_not_of_somebody_called_all() -> None:
    frames = {"drill_items": _items("region", {"europe": 7.0}), "drill_path": _steps()}
    assert str(drawings.draw_path(frames, _scene()).title).startswith("Exports, all members: ")


def test_tiles_are_the_items_and_the_small_ones_are_one() -> None:
    values = {"KEN": 900.0, "UGA": 90.0, "UKR": 2.0, "NAM": 2.0, "_X": 1.0}
    estimated = [0.6, 0.1, 0.0, 0.0, 0.0]
    items = _items("partner", values, estimated_share=estimated)
    drawing = drawings.draw_tiles({"drill_items": items}, _scene(members=("FRA",)))
    assert drawing.figure is not None
    go.Figure(drawing.figure)
    tiles = drawing.figure["data"][0]
    assert tiles["ids"] == ["KEN", "UGA", "rest"]
    assert tiles["values"] == [900.0, 90.0, 5.0]
    assert tiles["customdata"] == ["partner:KEN", "partner:UGA", ""]
    assert tiles["text"][0] == "Kenya<br>90 %"
    assert tiles["marker"]["pattern"]["shape"] == ["/", "", ""]
    assert drawing.note == "Hatched: at least half is estimated."


def test_dots_are_members_and_a_click_chooses_one() -> None:
    items = _items("member", {"FRA": 50e9, "UKR": 30e9, "GRL": 1e9}, growth=[0.1, -0.2, 0.3])
    scene = _scene(members=("UKR",))
    drawing = drawings.draw_scatter({"member_measures": items}, scene)
    assert drawing.figure is not None
    go.Figure(drawing.figure)
    dots = drawing.figure["data"][0]
    assert dots["x"] == [50e9, 30e9, 1e9]
    assert dots["y"] == [0.1, -0.2, 0.3]
    assert dots["customdata"] == ["member:FRA", "member:UKR", ""]
    assert dots["marker"]["opacity"] == [0.35, 0.9, 0.35]
    assert drawing.figure["layout"]["dragmode"] == "lasso"
    names = [note["text"] for note in drawing.figure["layout"]["annotations"]]
    assert names[0] == "Ukraine"
    assert len(names) <= NAMED_AT_MOST


def test_members_without_the_figure_are_counted() -> None:
    items = _items("member", {"FRA": 50e9, "UKR": 30e9}, growth=[0.1, float("nan")])
    drawing = drawings.draw_scatter({"member_measures": items}, _scene(measure="growth"))
    assert "1 members have no such figure" in str(drawing.note)


def test_one_member_alone_is_a_dot_with_its_name() -> None:
    items = _items("member", {"FRA": 50e9})
    drawing = drawings.draw_scatter({"member_measures": items}, _scene())
    assert drawing.figure is not None
    assert [note["text"] for note in drawing.figure["layout"]["annotations"]] == ["France"]


def test_without_trade_there_are_neither_tiles_nor_dots() -> None:
    nothing = _items("member", {})
    scene = _scene(regions=("europe",))
    assert drawings.draw_tiles({"drill_items": nothing}, scene).empty
    assert drawings.draw_scatter({"member_measures": nothing}, scene).empty
