"""The figures of trade: traces, what a click selects, titles, and what they say if empty."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard.framework import read_framework
from dashboard.periods import periods_through
from dashboard.selection import Selection
from dashboard.words import read_words
from layouts import flows as drawings
from layouts.flows.commodities import cut
from layouts.flows.controls import controls
from layouts.flows.mirror import matched_rows
from layouts.flows.pairs import WIDTHS, arc, drawable, width_of
from layouts.flows.quality import standing
from layouts.flows.scale import breaks_of, class_of, round_short
from layouts.flows.series import by_period, position
from layouts.flows.world import SMALL_MEMBERS
from layouts.palette import LIGHT, REGION_COLOURS
from layouts.panels import Drawing
from layouts.scene import Scene
from tests.support.catalogues import CATALOGUE, NAMES

RANGE = Selection(first="2025-01", last="2025-06", as_of=date(2026, 1, 15))
PLACES = {"KEN": (37.9, 0.5), "FRA": (2.2, 46.2), "USA": (-98.0, 39.0), "UGA": (32.3, 1.3)}
Draw = Callable[[dict[str, pd.DataFrame], Scene], Drawing]


def _scene(*, is_present: bool = False, **chosen: Any) -> Scene:
    framework, _ = read_framework()
    selection = replace(RANGE, **chosen)
    return Scene(
        selection=selection.resolve(CATALOGUE),
        chosen=selection,
        words=read_words(selection.language),
        names=replace(
            NAMES,
            coordinates=PLACES,
            chapters={"03": "Fish", "84": "Machinery", "85": "Electrical machinery"},
            chapter_sections={"03": 1, "84": 16, "85": 16},
            sections={1: "Live animals", 16: "Machinery and electrical equipment"},
        ),
        palette=LIGHT,
        catalogue=CATALOGUE,
        framework=framework,
        info={},
        is_present=is_present,
    )


def _measured(values: list[float]) -> dict[str, list[Any]]:
    return {
        "value_usd": values,
        "mass_kg": [2 * value for value in values],
        "estimated_share": [0.1] * len(values),
        "mirrored_share": [0.0] * len(values),
        "uncovered_share": [0.0] * len(values),
        "n": [5] * len(values),
    }


REGION_FLOWS = pd.DataFrame(
    {
        "reporter_region_id": ["europe", "europe", "americas", "outside"],
        "partner_region_id": ["europe", "americas", "europe", "europe"],
        **_measured([8e9, 2e9, 1e9, 1e6]),
    }
)
MEMBER_TRADE = pd.DataFrame(
    {
        "member_iso3": ["KEN", "FRA", "USA", "GRL"],
        "region_id": ["east_southern_africa", "europe", "americas", "outside"],
        **_measured([2e9, 4e11, 2e12, 1e6]),
    }
)
PARTNER_TRADE = pd.DataFrame(
    {
        "partner_iso3": [f"P{i:02d}" for i in range(20)],
        "region_id": ["europe"] * 20,
        **_measured([float(100 - i) * 1e6 for i in range(20)]),
    }
)
PAIR_FLOWS = pd.DataFrame(
    {
        "reporter_iso3": ["KEN", "KEN", "FRA", "FRA"],
        "reporter_region_id": ["east_southern_africa", "east_southern_africa", "europe", "europe"],
        "partner_iso3": ["FRA", "USA", "KEN", "_X"],
        "partner_region_id": ["europe", "americas", "east_southern_africa", "outside"],
        **_measured([8e9, 1e9, 4e9, 3e9]),
        "all_value_usd": [2e10] * 4,
        "all_mass_kg": [4e10] * 4,
        "pair_count": [9] * 4,
    }
)
COMMODITIES = pd.DataFrame(
    {
        "section_id": [1, 16, 16],
        "commodity_code": ["03", "84", "85"],
        **_measured([1e9, 2e9, 5e9]),
    }
)
INSIDE = pd.DataFrame(
    {
        "section_id": [16, 16, 16],
        "commodity_code": ["84", "8471", "847330"],
        **_measured([1e9, 2e9, 5e9]),
    }
)
HISTORY = pd.DataFrame(
    {
        "period_id": [202412, 202412, 202501, 202501, 202503],
        "flow_code": ["M", "X", "M", "X", "X"],
        **_measured([2e9, 1e9, 3e9, 1.5e9, 5e8]),
        "reporter_count": [10, 10, 10, 10, 3],
    }
)


def _mirror(**keys: list[Any]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "reporter_region_id": [float("nan")] * 3,
            "partner_region_id": ["europe", "americas", "americas"],
            "partner_iso3": ["FRA", "USA", "UGA"],
            "reported_usd": [1e9, 4e9, 0.0],
            "mirrored_usd": [2e9, 4e9, 0.0],
            "mirror_ratio": [0.53, 1.06, float("nan")],
            "reported_only_usd": [5e9, 0.0, 7e6],
            "mirrored_only_usd": [0.0, 0.0, 0.0],
            "estimated_share": [0.0, 0.2, 0.0],
            "matched_count": [3, 3, 0],
            "cell_count": [4, 3, 1],
            **keys,
        }
    )


MIRROR = _mirror()

ALL: dict[str, tuple[Draw, str, pd.DataFrame]] = {
    "matrix": (drawings.draw_matrix, "region_flows", REGION_FLOWS),
    "map": (drawings.draw_map, "member_trade", MEMBER_TRADE),
    "arcs": (drawings.draw_arcs, "pair_flows", PAIR_FLOWS),
    "partners": (drawings.draw_partners, "partner_trade", PARTNER_TRADE),
    "commodities": (drawings.draw_commodities, "commodity_trade", COMMODITIES),
    "series": (drawings.draw_series, "trade_history", HISTORY),
    "mirror": (drawings.draw_mirror, "mirror_trade", MIRROR),
}
SCENES: list[dict[str, Any]] = [
    {},
    {"language": "fr", "flow": "M", "measure": "mass_kg"},
    {"members": ("KEN",), "partners": ("FRA",), "source": "mirror"},
    {"regions": ("europe",), "partner_regions": ("americas",), "commodity": "S16"},
    {"is_present": True, "collection": "revenue_monthly"},
]


def _drawn(name: str, **chosen: Any) -> Drawing:
    draw, frame, data = ALL[name]
    return draw({frame: data}, _scene(**chosen))


@pytest.mark.parametrize("chosen", SCENES, ids=str)
@pytest.mark.parametrize("name", list(ALL))
def test_figures_are_valid_and_say_what_they_show(name: str, chosen: dict[str, Any]) -> None:
    drawing = _drawn(name, **chosen)
    assert drawing.figure is not None
    go.Figure(drawing.figure)
    json.dumps(drawing.figure)
    assert drawing.empty is None
    estimated = {"en": "estimated", "fr": "estimé"}[chosen.get("language", "en")]
    assert estimated in drawing.subtitle
    assert "2025" in drawing.subtitle
    if "collection" in chosen:
        assert "Monthly merchandise trade" in drawing.subtitle
    if chosen.get("source") == "mirror" and name != "mirror":
        assert "partners' records" in drawing.subtitle
    if "commodity" in chosen and name != "commodities":
        assert "Machinery" in drawing.subtitle


@pytest.mark.parametrize("name", list(ALL))
def test_an_empty_frame_says_why_and_what_to_do(name: str) -> None:
    draw, frame, data = ALL[name]
    drawing = draw({frame: data.head(0)}, _scene(members=("KEN",)))
    assert drawing.figure is None
    assert drawing.empty is not None
    assert "Kenya" in drawing.empty
    assert "Choose" in drawing.empty


@pytest.mark.parametrize("name", [name for name in ALL if name != "series"])
def test_re_exports_say_that_they_have_no_mirror(name: str) -> None:
    draw, frame, data = ALL[name]
    drawing = draw({frame: data.head(0)}, _scene(flow="RX", source="mirror"))
    assert "re-exports" in str(drawing.empty)
    assert "own records" in str(drawing.empty)


# -- Words -------------------------------------------------------------------------------------


def _facts(*facts: tuple[str, str, float], amount: float = 4e9) -> pd.DataFrame:
    rows = [("total", "", float("nan")), *facts]
    return pd.DataFrame(
        {
            "fact": [row[0] for row in rows],
            "subject": [row[1] for row in rows],
            "value_usd": [amount] * len(rows),
            "mass_kg": [2 * amount] * len(rows),
            "share": [row[2] for row in rows],
            "ratio": [1 + row[2] for row in rows],
            "equal_count": [3.25] * len(rows),
            "telling": [0.5] * len(rows),
            "is_told": [True] * len(rows),
        }
    )


def _told(frame: pd.DataFrame, **chosen: Any) -> str:
    children = drawings.draw_answers({"trade_facts": frame}, _scene(**chosen)).children
    text = "".join(getattr(part, "children", part) for part in children.children)
    assert " %" not in text
    return text.replace("\u00a0", " ")


def test_the_selection_is_told_in_plain_sentences() -> None:
    facts = _facts(("partner", "UGA", 0.42), ("change", "", -0.25), ("estimated", "", 0.15))
    assert _told(facts, members=("KEN",)) == (
        "Kenya: exports of USD 4.0 bn (Jan 2025 – Jun 2025). The largest partner is Uganda "
        "with 42 %; the trade is as concentrated as with 3.2 equal partners. Like for like, that "
        "is 25 % less than a year before. Of the value, 15 % is estimated."
    )


def test_the_selection_is_told_in_french() -> None:
    facts = _facts(("chapter", "84", 0.42), ("mirror", "", 0.2))
    text = _told(facts, members=("KEN",), partners=("UGA",), flow="M", language="fr")
    assert text.startswith(
        "Kenya : importations de 4,0 Md USD (janv. 2025 – juin 2025, avec Uganda"
    )
    assert "Premier chapitre : 84 Machinery, avec 42\u202f%." in text
    assert "dépassent de 20\u202f% ceux de leurs partenaires" in text


@pytest.mark.parametrize(
    ("change", "wording"), [(0.1, "10 % more"), (-0.1, "10 % less"), (0.004, "about as much")]
)
def test_a_change_is_told_by_its_direction(change: float, wording: str) -> None:
    assert wording in _told(_facts(("change", "", change)))


@pytest.mark.parametrize("gap", [0.2, -0.2, 0.0])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_fact_has_its_sentence(gap: float, language: str) -> None:
    facts = _facts(
        ("partner_region", "outside", 0.5),
        ("uncovered", "", 0.25),
        ("reporter", "KEN", 0.5),
        ("mirror", "", gap),
        ("change", "", gap),
    )
    text = _told(facts, language=language, source="mirror", commodity="S16", measure="mass_kg")
    assert "Kenya" in text
    assert "Machinery" in text
    assert "8.0 m t" in text or "8,0 M t" in text
    assert "{" not in text


def test_without_trade_the_words_say_why() -> None:
    drawing = drawings.draw_answers({"trade_facts": _facts().head(0)}, _scene(members=("KEN",)))
    assert "Choose" in str(drawing.empty)


# -- What values stand on ----------------------------------------------------------------------


def test_the_parts_of_a_value_add_up() -> None:
    row = {"estimated_share": 0.2, "mirrored_share": 0.5, "uncovered_share": 0.25}
    parts = standing(row)
    # By hand: of the 0.8 that are no estimates half are partners'; a quarter of the rest lacks.
    assert parts.mirrored == pytest.approx(0.4)
    assert parts.uncovered == pytest.approx(0.1)
    assert parts.reported == pytest.approx(0.3)
    assert parts.doubtful == pytest.approx(0.2 + 0.4 + 0.1)
    assert parts.leading == "mirrored"


def test_a_share_that_is_not_known_takes_nothing_away() -> None:
    nan = float("nan")
    row = {"estimated_share": nan, "mirrored_share": 0.0, "uncovered_share": nan}
    assert standing(row).reported == 1.0


def _doubtful(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(mirrored_share=0.25, uncovered_share=0.5)


def test_bars_are_hatched_from_their_end_by_what_is_not_reported() -> None:
    drawing = drawings.draw_partners({"partner_trade": _doubtful(PARTNER_TRADE)}, _scene())
    assert drawing.figure is not None
    go.Figure(drawing.figure)
    bars, *hatched = drawing.figure["data"]
    assert [trace["name"] for trace in hatched] == ["estimated", "mirrored", "uncovered"]
    assert len({trace["marker"]["pattern"]["shape"] for trace in hatched}) == 3
    whole = bars["x"][0]
    assert hatched[0]["x"][0] == pytest.approx(0.1 * whole)
    assert hatched[0]["base"][0] + hatched[0]["x"][0] == pytest.approx(whole)
    assert hatched[1]["base"][0] + hatched[1]["x"][0] == pytest.approx(hatched[0]["base"][0])
    assert hatched[2]["x"][0] == pytest.approx(0.9 * 0.75 * 0.5 * whole)
    assert "slanted, estimated" in str(drawing.note)
    assert "50 % of the range not reported" in bars["hovertext"][0]


def test_cells_have_a_dotted_line_as_long_as_what_is_not_reported() -> None:
    drawing = drawings.draw_matrix({"region_flows": _doubtful(REGION_FLOWS)}, _scene())
    assert drawing.figure is not None
    lines = [trace for trace in drawing.figure["data"] if trace.get("name") == "doubts"]
    share = 1 - 0.9 * 0.75 * 0.5
    for line in lines:
        assert line["line"]["dash"] == "dot"
        assert line["x"][1] - line["x"][0] == pytest.approx(0.88 * share)
    assert sum(len(line["x"]) for line in lines) == 3 * len(REGION_FLOWS)
    assert "Dotted line" in str(drawing.note)


def test_cells_that_are_plainly_reported_have_no_line() -> None:
    plain = REGION_FLOWS.assign(estimated_share=0.05)
    drawing = drawings.draw_matrix({"region_flows": plain}, _scene())
    assert drawing.figure is not None
    assert len(drawing.figure["data"]) == 1
    assert "Dotted" not in str(drawing.note)


def test_doubtful_arcs_are_dotted_and_the_others_are_not() -> None:
    frame = PAIR_FLOWS.assign(estimated_share=[0.5, 0.0, 0.0, 0.0])
    drawing = drawings.draw_arcs({"pair_flows": frame}, _scene())
    assert drawing.figure is not None
    dashes = [t["line"]["dash"] for t in drawing.figure["data"] if t["mode"] == "lines+markers"]
    assert sorted(set(dashes)) == ["dot", "solid"]
    assert "Dotted arcs" in str(drawing.note)


def test_tiles_are_hatched_by_what_leads() -> None:
    frame = COMMODITIES.assign(uncovered_share=[0.6, 0.0, 0.0], estimated_share=0.0)
    drawing = drawings.draw_commodities({"commodity_trade": frame}, _scene())
    assert drawing.figure is not None
    go.Figure(drawing.figure)
    tree = drawing.figure["data"][0]
    shapes = dict(zip(tree["ids"], tree["marker"]["pattern"]["shape"], strict=True))
    assert shapes == {"S1": "", "03": "x", "S16": "", "84": "", "85": ""}
    assert "crossed" in str(drawing.note)


def test_what_partners_alone_record_is_told_of_reconciled_values() -> None:
    frame = REGION_FLOWS.assign(mirrored_share=0.3, uncovered_share=float("nan"))
    figure = drawings.region_matrix(frame, _scene(source="reconciled"), is_small=False)
    assert "30 % recorded by partners only" in str(figure["data"][0]["hovertext"])


# -- Sources -----------------------------------------------------------------------------------

SOURCE_TOTALS = pd.DataFrame(
    {
        "source": ["reported", "mirror", "reconciled"],
        **_measured([4e9, 5e9, 4.8e9]),
        "partner_only_usd": [float("nan")] * 2 + [6e8],
        "valuation_usd": [float("nan")] * 2 + [0.0],
        "weighing_usd": [float("nan")] * 2 + [2e8],
    }
)


def _sources(frame: pd.DataFrame = SOURCE_TOTALS, **chosen: Any) -> Drawing:
    return drawings.draw_sources({"source_totals": frame}, _scene(**chosen))


def test_the_three_sources_stand_side_by_side_and_can_be_switched_to() -> None:
    drawing = _sources(source="reconciled")
    assert drawing.figure is not None
    go.Figure(drawing.figure)
    json.dumps(drawing.figure)
    bars = drawing.figure["data"][0]
    assert bars["x"] == [4e9, 5e9, 4.8e9]
    assert bars["customdata"] == ["source:reported", "source:mirror", "source:reconciled"]
    # Told apart by pattern, and the one that is shown by an outline.
    assert len(set(bars["marker"]["pattern"]["shape"])) == 3
    assert bars["marker"]["line"]["color"][2] == LIGHT.accent
    labels = drawing.figure["layout"]["yaxis"]["ticktext"]
    assert [label.split("<br>")[1] for label in labels] == ["FOB", "CIF", "FOB"]


def test_imports_are_valued_the_other_way_round() -> None:
    figure = _sources(flow="M", language="fr").figure
    assert figure is not None
    labels = figure["layout"]["yaxis"]["ticktext"]
    assert [label.split("<br>")[1] for label in labels] == ["CAF", "FAB", "FAB"]


def test_what_the_switch_changes_is_said() -> None:
    note = str(_sources().note)
    assert "20 % above" in note
    assert "USD +600 m that only partners record" in note
    assert "USD +200 m from weighing both records" in note
    assert "CIF" not in note
    assert "−" not in note


def test_of_weights_only_the_difference_is_said() -> None:
    note = str(_sources(measure="mass_kg").note)
    assert "20 % above" in note
    assert "What leads there" not in note


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"flow": "RX"}, "re-exports"),
        ({"as_of": date(2025, 6, 1)}, "today's"),
        ({"commodity": "84"}, "sections"),
    ],
)
def test_where_nothing_can_be_reconciled_the_reason_is_said(
    chosen: dict[str, Any], words: str
) -> None:
    reported = SOURCE_TOTALS.head(1)
    assert words in str(_sources(reported, **chosen).note)
    subtitle = _drawn("matrix", source="reconciled", **chosen).subtitle
    assert "As reported" in subtitle
    assert words in subtitle
    assert "as reported" in _heat(source="reconciled", **chosen)["hovertext"][0][3]


def test_reconciled_records_are_named_in_subtitle_and_tooltip() -> None:
    drawing = _drawn("matrix", source="reconciled")
    assert "reconciled, FOB" in drawing.subtitle
    assert "reconciled" in _heat(source="reconciled")["hovertext"][0][3]


def test_chapters_stay_as_reported() -> None:
    drawing = _drawn("commodities", source="reconciled")
    assert "down to sections" in drawing.subtitle


def test_one_side_alone_can_not_be_compared() -> None:
    frame = SOURCE_TOTALS.iloc[1:]
    assert "Only one side" in str(_sources(frame).note)
    assert _sources(SOURCE_TOTALS.head(0)).empty is not None


# -- Matrix ------------------------------------------------------------------------------------


def _heat(**chosen: Any) -> dict[str, Any]:
    figure = _drawn("matrix", **chosen).figure
    assert figure is not None
    return dict(figure["data"][0])


def test_a_cell_holds_its_value_and_selects_its_pair() -> None:
    heat = _heat()
    europe, americas = CATALOGUE.regions.index("europe"), 0
    assert heat["text"][europe][americas] == "2.0 bn"
    assert heat["customdata"][europe][americas] == "pair:europe|americas"
    assert heat["z"][americas][americas] is None
    assert "10 % estimated" in heat["hovertext"][europe][americas]
    # What lies outside the regions is shown but cannot be selected.
    assert heat["text"][6][europe] == "1.0 m"
    assert heat["customdata"][6][europe] == ""


def test_weights_are_written_in_tonnes() -> None:
    heat = _heat(measure="mass_kg")
    assert heat["text"][CATALOGUE.regions.index("europe")][0] == "4.0 m"


def test_sums_stand_beside_the_matrix_and_not_beside_the_small_one() -> None:
    scene = _scene()
    texts = [note["text"] for note in drawings.region_matrix(
        REGION_FLOWS, scene, is_small=False)["layout"]["annotations"]]  # fmt: skip
    assert texts[CATALOGUE.regions.index("europe")] == "10.0 bn"
    assert texts[-1] == "11.0 bn"
    small = drawings.region_matrix(REGION_FLOWS, scene, is_small=True)
    assert small["layout"]["annotations"] == []


def test_the_row_of_a_chosen_members_region_is_outlined_and_the_rest_muted() -> None:
    scene = _scene(members=("FRA",))
    shapes = drawings.region_matrix(REGION_FLOWS, scene, is_small=False)["layout"]["shapes"]
    outlined = [shape for shape in shapes if shape["line"]["width"] == 2]
    europe = CATALOGUE.regions.index("europe")
    assert [(shape["y0"], shape["y1"]) for shape in outlined] == [(europe - 0.5, europe + 0.5)]
    muted = {(shape["x0"] + 0.5, shape["y0"] + 0.5) for shape in shapes if "fillcolor" in shape}
    assert len(muted) == 6 * 7
    assert all(y != europe for _, y in muted)


def test_a_chosen_pair_is_one_outlined_cell() -> None:
    scene = _scene(regions=("europe",), partner_regions=("americas",))
    shapes = drawings.region_matrix(REGION_FLOWS, scene, is_small=False)["layout"]["shapes"]
    outlined = [shape for shape in shapes if shape["line"]["width"] == 2]
    assert len(outlined) == 1
    assert (outlined[0]["x0"], outlined[0]["y0"]) == (-0.5, 2.5)
    assert sum("fillcolor" in shape for shape in shapes) == 7 * 7 - 1


# -- Maps --------------------------------------------------------------------------------------


def _traces(name: str, kind: str, **chosen: Any) -> list[dict[str, Any]]:
    figure = _drawn(name, **chosen).figure
    assert figure is not None
    return [trace for trace in figure["data"] if trace["type"] == kind]


def test_members_without_data_have_a_colour_of_their_own() -> None:
    missing, *rest = _traces("map", "choropleth")
    assert set(missing["locations"]) == {"UGA", "UKR", "NAM"}
    assert missing["colorscale"] == [[0, LIGHT.missing], [1, LIGHT.missing]]
    shown = [iso3 for trace in rest for iso3 in trace["locations"]]
    assert sorted(shown) == ["FRA", "KEN", "USA"]  # Greenland is no member
    assert rest[-1]["customdata"] == [f"member:{iso3}" for iso3 in rest[-1]["locations"]]


def test_classes_have_round_breaks() -> None:
    *_, bright = _traces("map", "choropleth")
    assert bright["colorbar"]["ticktext"] == ["10 bn", "30 bn", "100 bn", "300 bn", "1 tn"]
    # 2 bn in the first class, 400 bn in the one from 300 bn, 2 tn in the last.
    assert dict(zip(bright["locations"], bright["z"], strict=True)) == {
        "KEN": 0,
        "FRA": 4,
        "USA": 5,
    }


def test_a_chosen_member_is_outlined_and_the_rest_muted_in_a_trace_of_its_own() -> None:
    _, muted, bright, outlined = _traces("map", "choropleth", members=("KEN",))
    assert muted["locations"] == ["FRA", "USA"]
    assert muted["marker"]["opacity"] < 0.5
    assert bright["locations"] == outlined["locations"] == ["KEN"]
    assert bright["marker"]["opacity"] == 1.0
    assert bright["showscale"] and not muted["showscale"]
    assert outlined["marker"]["line"]["color"] == LIGHT.accent


def test_the_scale_is_shown_though_the_chosen_member_has_no_data() -> None:
    shown = [trace["showscale"] for trace in _traces("map", "choropleth", members=("UGA",))]
    assert sum(shown) == 1


def test_small_members_are_those_whose_outline_is_small() -> None:
    root = Path(__file__).resolve().parents[3]
    topology = json.loads((root / "assets" / "outlines" / "world_110m.json").read_text("utf-8"))
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    lines = []
    for steps in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in steps:
            x, y = x + dx, y + dy
            line.append((x * scale[0] + shift[0], y * scale[1] + shift[1]))
        lines.append(line)
    areas: dict[str, float] = {}
    for shape in topology["objects"]["countries"]["geometries"]:
        arcs = shape.get("arcs", [])
        for part in [arcs] if shape["type"] == "Polygon" else arcs:
            ring: list[tuple[float, float]] = []
            for number in part[0] if part else []:
                ring += lines[number] if number >= 0 else lines[~number][::-1]
            twice = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
            areas[shape["id"]] = areas.get(shape["id"], 0.0) + abs(twice) / 2
    from dashboard import reference

    members = reference.members()
    listed = set(members.loc[members["kind"] == "member", "iso3"])
    assert {iso3 for iso3 in listed if areas.get(iso3, 0.0) < 0.35} == SMALL_MEMBERS & listed


def test_small_members_are_markers() -> None:
    catalogue = replace(CATALOGUE, members={**CATALOGUE.members, "SGP": "asia_pacific"})
    scene = _scene(members=("SGP",))
    places = {**PLACES, "SGP": (103.8, 1.35)}
    scene = replace(scene, catalogue=catalogue, names=replace(scene.names, coordinates=places))
    figure = drawings.trade_map(MEMBER_TRADE, scene, is_small=True)
    dots = figure["data"][-1]
    assert (dots["lon"], dots["lat"]) == ([103.8], [1.35])
    assert dots["customdata"] == ["member:SGP"]
    assert dots["marker"]["color"] == [LIGHT.missing]
    assert dots["marker"]["line"]["color"] == [LIGHT.accent]


def test_the_scale_tells_the_colour_of_members_without_data() -> None:
    figure = _drawn("map").figure
    assert figure is not None
    assert figure["layout"]["shapes"][0]["fillcolor"] == LIGHT.missing
    assert figure["layout"]["annotations"][0]["text"] == "no data"


def _entries(name: str, **chosen: Any) -> list[tuple[list[str], str]]:
    listing = _drawn(name, **chosen).listing
    return [
        (
            [getattr(part, "data-event") for part in entry.children if hasattr(part, "data-event")],
            entry.children[-1].children,
        )
        for entry in listing.children[1].children
    ]


def test_every_member_of_the_map_is_in_its_list_those_without_data_last() -> None:
    entries = _entries("map")
    assert sorted(events[0] for events, _ in entries) == sorted(
        f"member:{iso3}" for iso3 in CATALOGUE.members
    )
    assert entries[-1][1] == "no data"
    assert "USD" in entries[0][1]
    assert _drawn("map", is_present=True).listing is None


def test_the_arcs_are_listed_from_origin_to_destination() -> None:
    out, into = _entries("arcs")[0], _entries("arcs", flow="M")[0]
    assert out[0] == ["member:KEN", "partner:FRA"]
    assert into[0] == ["partner:FRA", "member:KEN"]


def test_an_arc_runs_from_start_to_end_and_back_on_the_other_side() -> None:
    there, back = arc((0.0, 0.0), (40.0, 0.0)), arc((40.0, 0.0), (0.0, 0.0))
    assert there[0] == pytest.approx((0.0, 0.0))
    assert there[-1] == pytest.approx((40.0, 0.0))
    middle = len(there) // 2
    assert there[middle][1] == pytest.approx(-back[middle][1])
    assert there[middle][1] > 5


def test_an_arc_takes_the_shorter_way_round() -> None:
    points = arc((170.0, 0.0), (-170.0, 0.0))
    assert all(abs(lon) >= 169.9 for lon, _ in points)


def test_arcs_are_few_traces_coloured_by_origin() -> None:
    *lines, handles = _traces("arcs", "scattergeo")
    assert [line["line"]["color"] for line in lines] == [
        REGION_COLOURS["east_southern_africa"],
        REGION_COLOURS["europe"],
        REGION_COLOURS["east_southern_africa"],
    ]
    assert [line["line"]["width"] for line in lines] == [8.0, 3.5, 1.0]
    assert all(line["lon"][-1] is None for line in lines)
    assert handles["customdata"] == ["member:KEN", "member:FRA", "member:KEN"]


def test_imports_run_towards_the_member() -> None:
    exported, imported = (_traces("arcs", "scattergeo", flow=flow)[0] for flow in ("X", "M"))
    assert exported["lon"][0] == pytest.approx(PLACES["KEN"][0])
    assert imported["lon"][0] == pytest.approx(PLACES["FRA"][0])
    assert imported["line"]["color"] == REGION_COLOURS["europe"]


def test_what_the_arcs_leave_out_is_said() -> None:
    note = _drawn("arcs").note
    # 13 of 20 bn are drawn; areas without a place, and the smaller pairs, are the rest.
    assert note is not None
    assert note.startswith("3 of 9 pairs drawn: 65 % of the whole; the rest is USD 7.0 bn.")


def test_with_a_member_chosen_an_arc_selects_the_partner() -> None:
    handles = _traces("arcs", "scattergeo", members=("KEN",))[-1]
    assert handles["customdata"] == ["partner:FRA", "partner:KEN", "partner:USA"]


def test_only_places_that_are_known_are_drawn() -> None:
    assert drawable(PAIR_FLOWS, _scene())["partner_iso3"].tolist() == ["FRA", "USA", "KEN"]


def test_widths_grow_with_the_value() -> None:
    widths = [width_of(share, 1.0) for share in (0.01, 0.3, 0.6, 1.0)]
    assert widths == sorted(widths)
    assert (widths[0], widths[-1]) == (WIDTHS[0], WIDTHS[-1])


# -- Partners ----------------------------------------------------------------------------------


def test_fifteen_partners_and_the_rest_are_ranked() -> None:
    bars = _traces("partners", "bar")[0]
    assert bars["x"][:2] == [1e8, 9.9e7]
    assert len(bars["x"]) == 16
    assert bars["x"][-1] == sum(range(81, 86)) * 1e6
    assert bars["customdata"][0] == "partner:P00"
    assert bars["customdata"][-1] == ""
    assert "5 others" in bars["hovertext"][-1]


def test_a_chosen_partner_stays_in_sight() -> None:
    bars = _traces("partners", "bar", partners=("P19",))[0]
    assert bars["customdata"][15] == "partner:P19"
    assert bars["marker"]["opacity"][15] == 1.0
    assert bars["marker"]["opacity"][0] < 0.5
    assert "4 others" in bars["hovertext"][-1]


def test_the_title_asks_about_the_members_chosen() -> None:
    assert _drawn("partners", members=("KEN",)).title == "To whom does Kenya sell?"
    assert _drawn("partners", members=("KEN",), flow="M").title == "From whom does Kenya buy?"
    assert _drawn("partners").title is None


# -- Commodities -------------------------------------------------------------------------------


def _tree(frame: pd.DataFrame, **chosen: Any) -> dict[str, dict[str, Any]]:
    drawing = drawings.draw_commodities({"commodity_trade": frame}, _scene(**chosen))
    assert drawing.figure is not None
    (tree,) = drawing.figure["data"]
    fields = zip(
        *[tree[name] for name in ("ids", "parents", "values", "customdata", "labels")], strict=True
    )
    return {
        key: {"parent": parent, "value": value, "mark": event, "label": label}
        for key, parent, value, event, label in fields
    }


def test_sections_hold_their_chapters() -> None:
    tree = _tree(COMMODITIES)
    assert tree["S16"]["value"] == 7e9
    assert tree["85"]["parent"] == "S16"
    assert tree["S16"]["mark"] == "commodity:S16"
    assert tree["03"]["mark"] == "commodity:03"
    assert tree["S16"]["label"].startswith("Machinery and electrical equipment")


def test_a_chapter_opens_down_to_subheadings() -> None:
    tree = _tree(INSIDE, commodity="84")
    assert tree["847330"]["parent"] == "8473"
    assert tree["8473"]["parent"] == "84"
    assert tree["84"]["parent"] == "S16"
    # One billion is reported no finer than the chapter.
    assert tree["84"]["value"] == 8e9
    assert tree["8471"]["value"] + tree["8473"]["value"] == 7e9
    title = drawings.draw_commodities({"commodity_trade": INSIDE}, _scene(commodity="84")).title
    assert title == "What is in chapter 84 Machinery?"


def test_a_chosen_section_is_outlined() -> None:
    figure = _drawn("commodities", commodity="S16").figure
    assert figure is not None
    (tree,) = figure["data"]
    widths = dict(zip(tree["ids"], tree["marker"]["line"]["width"], strict=True))
    colours = dict(zip(tree["ids"], tree["marker"]["colors"], strict=True))
    assert widths["S16"] > widths["S1"]
    assert colours["03"] == LIGHT.faint != colours["85"]


def test_a_text_is_cut_only_where_it_must() -> None:
    assert cut("Machinery", 9) == "Machinery"
    assert cut("Machinery", 8) == "Machine…"
    assert cut("Machinery", 3) == ""


# -- Series ------------------------------------------------------------------------------------


def test_missing_and_incomplete_periods_are_told_apart() -> None:
    table = {row["period_id"]: row for row in by_period(HISTORY, _scene())}
    assert list(table) == [202412, 202501, 202502, 202503]
    assert table[202502]["is_missing"] and not table[202502]["is_partial"]
    assert table[202503]["is_partial"] and not table[202503]["is_missing"]
    assert table[202503]["usual"] == 10
    assert not table[202501]["is_partial"]
    note = _drawn("series").note
    assert note is not None
    assert "Dotted" in note
    assert "Grey" in note


def test_gaps_stay_gaps_and_incomplete_periods_leave_the_solid_line() -> None:
    lines = {trace["name"]: trace for trace in _traces("series", "scatter")}
    assert lines["X"]["y"] == [1e9, 1.5e9, None, None]
    assert lines["X incomplete"]["y"] == [1e9, 1.5e9, None, 5e8]
    assert lines["M"]["y"] == [2e9, 3e9, None, None]
    assert lines["X handles"]["customdata"][1] == "month:2025-01|2025-01"
    assert lines["X"]["line"]["color"] == LIGHT.ink


def test_the_range_is_tinted_in_its_surroundings() -> None:
    figure = _drawn("series").figure
    assert figure is not None
    tint = figure["layout"]["shapes"][0]
    half = 1 / 24
    assert tint["x0"] == pytest.approx(2025 - half)
    assert tint["x1"] == pytest.approx(2025 + 2 / 12 + half)
    assert tint["fillcolor"] == LIGHT.faint


def test_periods_run_on_over_the_year() -> None:
    assert periods_through(202411, 202502) == [202411, 202412, 202501, 202502]
    assert periods_through(2019, 2021) == [2019, 2020, 2021]
    assert position(202407) == 2024.5


# -- Mirror ------------------------------------------------------------------------------------


def test_both_records_stand_in_a_row_with_their_ratio() -> None:
    figure = _drawn("mirror", members=("KEN",)).figure
    assert figure is not None
    _, mirrored, reported = figure["data"]
    assert reported["x"] == [4e9, 1e9]
    assert mirrored["x"] == [4e9, 2e9]
    assert reported["customdata"] == ["partner:USA", "partner:FRA"]
    assert [note["text"] for note in figure["layout"]["annotations"]][:2] == ["× 1.06", "× 0.53"]
    assert figure["layout"]["xaxis"]["type"] == "log"


def test_the_note_names_the_margin_and_how_much_is_compared() -> None:
    note = _drawn("mirror", members=("KEN",)).note
    assert note is not None
    assert "CIF to FOB by 6.0 %" in note
    assert "50 % of the reported value" in note  # 5 of 10.007 bn


def test_region_pairs_select_the_pair() -> None:
    frame = _mirror(
        reporter_region_id=["europe", "americas", "europe"], partner_iso3=[float("nan")] * 3
    )
    drawing = drawings.draw_mirror({"mirror_trade": frame}, _scene())
    assert drawing.figure is not None
    assert drawing.figure["data"][2]["customdata"] == [
        "pair:americas|americas",
        "pair:europe|europe",
    ]
    assert drawing.figure["layout"]["yaxis"]["ticktext"] == ["AMS → AMS", "EUR → EUR"]


def test_trade_that_one_side_alone_reports_is_said() -> None:
    frame = MIRROR[MIRROR["matched_count"] == 0]
    drawing = drawings.draw_mirror({"mirror_trade": frame}, _scene())
    assert "Only one side reports this trade (USD 7.0 m)" in str(drawing.empty)
    assert matched_rows(frame, _scene()).empty


# -- Controls and scale ------------------------------------------------------------------------


def _buttons(**chosen: Any) -> dict[str, dict[str, Any]]:
    *choices, _ = controls(_scene(**chosen))
    groups = [group.to_plotly_json()["props"] for group in choices]
    buttons = [
        button.to_plotly_json()["props"]
        for group in groups
        for button in group["children"][1].children
    ]
    return {button["data-choice"]: button for button in buttons}


def test_controls_send_events_and_the_default_releases() -> None:
    buttons = _buttons(source="mirror")
    assert list(buttons)[:4] == ["flow:X", "flow:M", "flow:RX", "flow:RM"]
    assert buttons["flow:M"]["data-event"] == "flow:M"
    assert buttons["measure:mass_kg"]["data-event"] == "measure:mass_kg"
    assert buttons["source:mirror"]["data-event"] == "source:mirror"
    assert buttons["flow:X"]["data-event"] == "flow:"
    pressed = {key for key, button in buttons.items() if button["aria-pressed"] == "true"}
    assert pressed == {"flow:X", "measure:value_usd", "source:mirror"}


def test_time_moves_by_the_steps_of_the_collection_and_within_what_is_held() -> None:
    scene = _scene()
    catalogue = replace(
        scene.catalogue,
        collections={"monthly": "M", "annual": "A", "times": "A"},
        trade_collections=("monthly", "annual"),
        months=("2019-01", "2024-06"),
        traded={"monthly": (202001, 202403), "annual": (2019, 2022)},
    )
    *_, time = controls(replace(scene, catalogue=catalogue))
    monthly = {"first": "2020-01", "last": "2024-03", "months": 1}
    assert json.loads(time.to_plotly_json()["props"]["data-time-steps"]) == {
        "monthly": monthly,
        "annual": {"first": "2019-01", "last": "2022-12", "months": 12},
        "times": monthly,  # figures of trade are then of the first collection of trade
    }
    empty = replace(catalogue, trade_collections=(), traded={})
    *_, time = controls(replace(scene, catalogue=empty))
    steps = json.loads(time.to_plotly_json()["props"]["data-time-steps"])
    assert steps["annual"] == {"first": "2019-01", "last": "2024-06", "months": 12}


def test_a_value_on_a_break_is_in_the_class_above() -> None:
    breaks = breaks_of([5.0, 900.0], _scene())
    assert breaks[0] == 0.0
    assert class_of(breaks[2], breaks) == 2
    assert class_of(breaks[-1] * 2, breaks) == len(breaks) - 2


@pytest.mark.parametrize(("language", "text"), [("en", "30 bn"), ("fr", "30 Md")])
def test_a_round_number_has_no_decimals(language: str, text: str) -> None:
    assert round_short(3e10, _scene(language=language)) == text
