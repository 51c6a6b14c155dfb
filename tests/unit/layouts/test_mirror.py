"""The figures of the mirror workbench: traces, what a click selects, titles, and empty states."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest
from plotly.utils import PlotlyJSONEncoder

from dashboard.framework import read_framework
from dashboard.selection import Selection
from dashboard.stats.mirror_gap import PARTS
from dashboard.words import read_words
from layouts import mirror as drawings
from layouts.mirror.cells import chapter_order
from layouts.mirror.letter import amount, enquiry
from layouts.mirror.matrix import asymmetry_class, order
from layouts.mirror.over_time import by_period
from layouts.mirror.standings import furthest, stands_apart
from layouts.mirror.subject import ratio_class
from layouts.mirror.tables import by_chapter
from layouts.palette import DARK, LIGHT
from layouts.panels import Drawing
from layouts.scene import Scene
from tests.support.catalogues import CATALOGUE, NAMES

MARGIN = 0.06
RANGE = Selection(first="2025-01", last="2025-02")
LONG = "République démocratique populaire lao"


def _scene(*, is_present: bool = False, **chosen: Any) -> Scene:
    framework, _ = read_framework()
    selection = replace(RANGE, **chosen)
    return Scene(
        selection=selection.resolve(CATALOGUE),
        chosen=selection,
        words=read_words(selection.language),
        names=replace(NAMES, members={**NAMES.members, "LAO": LONG}),
        palette=LIGHT,
        catalogue=CATALOGUE,
        framework=framework,
        info={"source": "Made up", "source_fr": "Inventé", "version": "v1"},
        is_present=is_present,
    )


def _records(**keys: list[Any]) -> pd.DataFrame:
    """Kenya to France: 100 to 212 in fish in January, one side alone in February."""
    frame = pd.DataFrame(
        {
            "reporter_iso3": "KEN",
            "partner_iso3": "FRA",
            **keys,
            "reported_usd": [100.0, 40.0, 0.0],
            "mirrored_usd": [212.0, 42.4, 53.0],
            "gap_usd": [112.0, 2.4, 53.0],
            "mirror_ratio": [0.5, 1.0, float("nan")],
            **{f"{part}_usd": 0.0 for part in PARTS},
            **{f"{part}_gross_usd": 0.0 for part in PARTS},
            "cell_count": 1,
        }
    )
    frame["valuation_usd"] = frame["valuation_gross_usd"] = [12.0, 2.4, 0.0]
    frame["unexplained_usd"] = frame["unexplained_gross_usd"] = [100.0, 0.0, 0.0]
    frame["unreported_usd"] = frame["unreported_gross_usd"] = [0.0, 0.0, 53.0]
    return frame


@pytest.fixture
def cells() -> pd.DataFrame:
    return _records(chapter_code=["03", "84", "84"], period_id=[202501, 202501, 202502])


@pytest.fixture
def split(cells: pd.DataFrame) -> pd.DataFrame:
    net = [cells[f"{part}_usd"].sum() for part in PARTS]
    return pd.DataFrame(
        {
            "reporter_iso3": "KEN",
            "partner_iso3": "FRA",
            "part": PARTS,
            "part_usd": net,
            "raised_usd": [value + 5.0 for value in net],
            "lowered_usd": -5.0,
            "reported_usd": 140.0,
            "mirrored_usd": 307.4,
        }
    )


@pytest.fixture
def pairs() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "reporter_iso3": ["KEN", "KEN", "UGA"],
            "partner_iso3": ["FRA", "USA", "FRA"],
            "reported_usd": [100.0, 500.0, 10.0],
            "mirrored_usd": [212.0, 530.0, 0.0],
            "gap_usd": [112.0, 30.0, -10.0],
            "asymmetry": [2 / 3, 0.0, float("nan")],
            "matched_count": [2, 2, 0],
            "cell_count": [2, 2, 1],
        }
    )


@pytest.fixture
def standings() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "member_iso3": ["UGA", "KEN", "FRA"],
            "region_id": ["east_southern_africa", "east_southern_africa", "europe"],
            "year": [2025, 2025, 2025],
            "pair_count": [12, 40, 90],
            "effect": [1.4, 1.1, 0.7],
            "standing": [1.2, 1.02, 0.75],
            "low": [1.05, 0.95, 0.7],
            "high": [1.4, 1.1, 0.8],
        }
    )


@pytest.fixture
def gaps() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "reporter_iso3": ["KEN", "KEN"],
            "partner_iso3": ["FRA", "FRA"],
            "chapter_code": ["03", "84"],
            "period_id": [202501, 202502],
            "reported_usd": [1_204_500.0, 0.0],
            "mirrored_usd": [2_553_540.0, 53_000.0],
            "gap_usd": [1_349_040.0, 53_000.0],
            "valuation_usd": [144_540.0, 0.0],
            "timing_usd": [-20_000.0, 0.0],
            "remaining_usd": [1_224_500.0, 53_000.0],
        }
    )


def _valid(drawing: Drawing) -> dict[str, Any]:
    assert drawing.figure is not None, drawing.empty
    go.Figure(drawing.figure)  # raises where Plotly's schema is broken
    return drawing.figure


def _trace(figure: dict[str, Any], name: str) -> dict[str, Any]:
    return next(trace for trace in figure["data"] if trace.get("name") == name)


def _text(drawing: Drawing) -> str:
    return json.dumps(drawing.children, cls=PlotlyJSONEncoder, ensure_ascii=False)


# --- Waterfall -----------------------------------------------------------------------------------


def test_the_waterfall_leads_from_one_record_to_the_other(split: pd.DataFrame) -> None:
    figure = _valid(drawings.draw_waterfall({"mirror_split": split}, _scene()))
    bars, records = _trace(figure, "parts"), _trace(figure, "records")
    assert records["x"] == [140.0, 307.4]
    level = records["x"][0]
    for base, length in zip(bars["base"], bars["x"], strict=True):
        assert base == pytest.approx(level)
        level += length
    assert level == pytest.approx(records["x"][1])
    labels = figure["layout"]["yaxis"]["ticktext"]
    assert labels[0] == "Kenya: exports"
    assert labels[-1] == "France: imports"
    assert len(labels) == len(PARTS) + 2
    written = [note["text"] for note in figure["layout"]["annotations"]]
    assert "USD +100" in written
    assert "USD 110" in written  # what moves both ways: 105 up and 5 down


@pytest.mark.parametrize(
    ("flow", "sign", "whose"),
    [("X", 1, "importer's"), ("X", -1, "exporter's"), ("M", 1, "exporter's")],
)
def test_the_title_says_whose_record_is_higher_and_why(
    split: pd.DataFrame, flow: str, sign: int, whose: str
) -> None:
    split = split.assign(part_usd=split["part_usd"] * sign)
    title = drawings.draw_waterfall({"mirror_split": split}, _scene(flow=flow)).title
    assert title == f"The {whose} record is USD 167 higher; largest part: unexplained"


def test_no_gap_is_said(split: pd.DataFrame) -> None:
    none = split.assign(part_usd=0.0, raised_usd=0.0, lowered_usd=0.0, mirrored_usd=140.0)
    drawing = drawings.draw_waterfall({"mirror_split": none}, _scene())
    _valid(drawing)
    assert drawing.title == "Both records come to the same sum"


# --- Over time, and cells ------------------------------------------------------------------------


def test_a_side_without_a_record_leaves_a_hole_that_is_marked(cells: pd.DataFrame) -> None:
    figure = _valid(drawings.draw_over_time({"mirror_cells": cells}, _scene()))
    ours, theirs = _trace(figure, "reported_usd"), _trace(figure, "mirrored_usd")
    assert list(theirs["y"]) == [pytest.approx(254.4), 53.0]
    assert ours["y"][0] == 140.0
    assert pd.isna(ours["y"][1])
    assert len(figure["layout"]["shapes"]) == 1
    assert ours["customdata"] == ["month:2025-01", "month:2025-02"]


def test_years_are_drawn_as_years() -> None:
    frame = _records(chapter_code=["03", "84", "84"], period_id=[2023, 2023, 2024])
    scene = _scene(collection="trade_annual")
    figure = _valid(drawings.draw_over_time({"mirror_cells": frame}, scene))
    assert figure["layout"]["xaxis"]["ticktext"] == ["2023", "2024"]
    assert by_period(frame)["period_id"].tolist() == [2023, 2024]


def test_cells_show_the_class_of_the_ratio_and_who_alone_records(cells: pd.DataFrame) -> None:
    figure = _valid(drawings.draw_cells({"mirror_cells": cells}, _scene()))
    heat = figure["data"][0]
    assert chapter_order(cells) == ["03", "84"]  # gaps of 112 and 55.4
    assert heat["z"] == [[1, None], [3, None]]
    assert heat["customdata"][0][0] == "commodity:03"
    theirs = _trace(figure, "theirs")
    assert (theirs["x"], theirs["y"]) == ([1], [1])
    assert _trace(figure, "ours")["x"] == []
    assert "USD +112" in [note["text"] for note in figure["layout"]["annotations"]]


@pytest.mark.parametrize(
    ("ratio", "found"), [(0.1, 0), (0.5, 1), (0.8, 2), (0.99, 2), (1.0, 3), (1.25, 4), (9.0, 5)]
)
def test_classes_of_a_ratio_are_round_about_one(ratio: float, found: int) -> None:
    assert ratio_class(ratio) == found


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_the_key_of_classes_names_every_colour(palette: Any, cells: pd.DataFrame) -> None:
    scene = replace(_scene(), palette=palette)
    drawing = drawings.draw_cells({"mirror_cells": cells}, scene)
    keys = json.dumps(drawing.note, cls=PlotlyJSONEncoder)
    assert all(colour in keys for colour in palette.diverging)


# --- Matrix and standings ------------------------------------------------------------------------


def test_a_click_on_a_cell_of_the_matrix_selects_the_pair(pairs: pd.DataFrame) -> None:
    figure = _valid(drawings.draw_matrix({"mirror_matrix": pairs}, _scene()))
    heat = figure["data"][0]
    assert order(pairs, "reporter_iso3") == ["KEN", "UGA"]
    assert order(pairs, "partner_iso3") == ["USA", "FRA"]
    assert heat["z"] == [[0, 3], [None, None]]
    assert heat["text"][0] == ["0.00", "0.67"]
    assert heat["customdata"][0] == ["pair:KEN|USA", "pair:KEN|FRA"]
    assert "Kenya" in figure["layout"]["yaxis"]["ticktext"][0]


def test_the_chosen_pair_is_outlined(pairs: pd.DataFrame) -> None:
    scene = _scene(members=("KEN",), partners=("FRA",))
    shape = _valid(drawings.draw_matrix({"mirror_matrix": pairs}, scene))["layout"]["shapes"][0]
    assert (shape["x0"], shape["x1"], shape["y0"], shape["y1"]) == (0.5, 1.5, -0.5, 0.5)
    row = _valid(drawings.draw_matrix({"mirror_matrix": pairs}, _scene(members=("KEN",))))
    assert row["layout"]["shapes"][0]["x1"] == 1.5
    assert row["layout"]["shapes"][0]["x0"] == -0.5


def test_the_most_asymmetry_is_in_the_last_class() -> None:
    assert [asymmetry_class(value) for value in (0.0, 0.1, 0.5, 2.0)] == [0, 1, 3, 5]


def test_standings_count_those_surely_apart(standings: pd.DataFrame) -> None:
    assert stands_apart(standings).tolist() == [True, False, True]
    drawing = drawings.draw_standings({"mirror_standings": standings}, _scene())
    trace = _trace(_valid(drawing), "standings")
    assert drawing.title == "Records above their partners': 1; below: 1; of 3 members"
    assert trace["x"] == [1.2, 1.02, 0.75]
    assert trace["error_x"]["array"] == pytest.approx([0.2, 0.08, 0.05])
    assert trace["error_x"]["arrayminus"] == pytest.approx([0.15, 0.07, 0.05])
    assert trace["customdata"][0] == "member:UGA"
    assert trace["marker"]["opacity"] == [1.0, 0.4, 1.0]
    assert "2025" in drawing.subtitle


def test_a_region_shows_all_its_members(standings: pd.DataFrame) -> None:
    assert furthest(standings, _scene(regions=("europe",)))["member_iso3"].tolist() == ["FRA"]
    drawing = drawings.draw_standings(
        {"mirror_standings": standings}, _scene(regions=("americas",))
    )
    assert drawing.empty is not None
    assert "Americas" in drawing.empty


def test_a_past_day_is_not_fitted_and_the_panel_says_so(standings: pd.DataFrame) -> None:
    drawing = drawings.draw_standings(
        {"mirror_standings": standings.head(0)}, _scene(as_of=date(2025, 6, 1))
    )
    assert drawing.empty == read_words("en")("mirror.standings.past")


def test_nobody_apart_is_said(standings: pd.DataFrame) -> None:
    drawing = drawings.draw_standings({"mirror_standings": standings.iloc[[1]]}, _scene())
    assert drawing.title == "No record of 1 members stands surely apart from its partners'"


# --- Tables --------------------------------------------------------------------------------------


def test_chapters_are_summed_and_the_largest_gap_comes_first(cells: pd.DataFrame) -> None:
    table = by_chapter(cells, _scene())
    assert table["chapter_code"].tolist() == ["03", "84"]
    assert table["gap_usd"].tolist() == pytest.approx([112.0, 55.4])
    assert table["mirror_ratio"].tolist() == pytest.approx([0.5, 40 * 1.06 / 95.4])
    text = _text(drawings.draw_chapters({"mirror_cells": cells}, _scene(commodity="03")))
    assert "commodity:03" in text
    assert "03 Fish" in text
    assert text.count("is-chosen") == 1


def test_partners_can_be_chosen_in_their_table() -> None:
    frame = _records(partner_iso3=["FRA", "LAO", "USA"])
    drawing = drawings.draw_partners({"mirror_partners": frame}, _scene(partners=("LAO",)))
    text = _text(drawing)
    assert "partner:FRA" in text
    assert LONG in text
    assert text.count("is-chosen") == 1
    assert "all partners" in drawing.subtitle


# --- The enquiry ---------------------------------------------------------------------------------


def _written(gaps: pd.DataFrame, language: str, flow: str = "X", **info: str) -> Any:
    return enquiry(
        gaps,
        read_words(language),
        NAMES,
        flow=flow,
        margin=MARGIN,
        as_of=date(2025, 6, 1),
        info={"source": "Made up", "source_fr": "Inventé", "version": "v1", **info},
    )


@pytest.mark.parametrize("flow", ["X", "M"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_fact_of_the_frame_is_in_the_enquiry(
    gaps: pd.DataFrame, language: str, flow: str
) -> None:
    if flow == "M":
        gaps = gaps.assign(
            gap_usd=-gaps["gap_usd"],
            reported_usd=gaps["mirrored_usd"],
            mirrored_usd=gaps["reported_usd"],
            **{n: -gaps[n] for n in ("valuation_usd", "timing_usd", "remaining_usd")},
        )
    words = read_words(language)
    written = _written(gaps, language, flow)
    lines = [line for line in written.text.split("\n") if re.match(r"- (03|84)", line)]
    assert len(lines) == len(gaps)
    exported = [1_204_500.0, 0.0]
    imported = [2_553_540.0, 53_000.0]
    for line, row, x, m in zip(lines, gaps.itertuples(), exported, imported, strict=True):
        assert words.period(row.period_id) in line
        assert amount(x, words) in line
        assert amount(m, words) in line
        assert line.index(amount(x, words)) < line.index(amount(m, words))
        assert amount(m - x, words, is_change=True) in line
    assert amount(144_540.0, words, is_change=True) in lines[0]
    assert amount(-20_000.0, words, is_change=True) in lines[0]
    assert amount(1_224_500.0, words, is_change=True) in lines[0]
    sides = ["Kenya", "France"] if flow == "X" else ["France", "Kenya"]
    assert written.title.index(sides[0]) < written.title.index(sides[1])
    assert "France" in written.text.split("\n")[0]  # it goes to the partner
    assert "Kenya" in written.text.split("\n\n")[-3]  # and the same to us
    assert words.day(date(2025, 6, 1)) in written.text


@pytest.mark.parametrize("language", ["en", "fr"])
def test_all_numbers_of_the_enquiry_are_facts(gaps: pd.DataFrame, language: str) -> None:
    words = read_words(language)
    text = "\n".join(
        line for line in _written(gaps, language).text.split("\n") if re.match(r"- (03|84)", line)
    )
    known = {
        *(words.number(abs(value)) for name in gaps.columns[4:] for value in gaps[name]),
        *("03", "84", "2025", words.number(6.0, 1)),
    }
    form = {"en": r"\d+(?:,\d{3})*(?:\.\d+)?", "fr": r"\d+(?:\u202f\d{3})*(?:,\d+)?"}[language]
    assert set(re.findall(form, text)) <= known


def test_a_made_up_warehouse_says_so_in_the_enquiry(gaps: pd.DataFrame) -> None:
    assert "SYNTHETIC" in _written(gaps, "en", is_synthetic="true").text
    assert "SYNTHÉTIQUES" in _written(gaps, "fr", is_synthetic="true").text
    assert "SYNTHETIC" not in _written(gaps, "en").text


def test_both_languages_can_be_copied_and_the_pages_own_is_open(gaps: pd.DataFrame) -> None:
    letters = pd.DataFrame(
        {
            "reporter_iso3": ["KEN", "KEN"],
            "partner_iso3": ["FRA", "FRA"],
            "language": ["en", "fr"],
            "title": ["Hello", "Bonjour"],
            "text": ["a", "b"],
        }
    )
    drawing = drawings.draw_enquiry(
        {"mirror_enquiry": gaps, "mirror_letter": letters}, _scene(language="fr")
    )
    first, second = drawing.children.children
    assert (first.open, second.open) == (True, False)
    assert "Bonjour" in json.dumps(first, cls=PlotlyJSONEncoder)
    assert drawing.title == "Demande : France"


# --- Nothing to show -----------------------------------------------------------------------------

DRAWN = (
    ("draw_waterfall", "mirror_split"),
    ("draw_over_time", "mirror_cells"),
    ("draw_cells", "mirror_cells"),
    ("draw_chapters", "mirror_cells"),
    ("draw_partners", "mirror_partners"),
    ("draw_matrix", "mirror_matrix"),
    ("draw_standings", "mirror_standings"),
    ("draw_enquiry", "mirror_letter"),
)


@pytest.mark.parametrize(("draw", "name"), DRAWN)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_empty_frame_is_a_sentence(draw: str, name: str, language: str) -> None:
    frame = pd.DataFrame({"member_iso3": [], "year": []})
    for chosen in ({}, {"members": ("KEN",), "partners": ("FRA",)}, {"flow": "RX"}):
        scene = _scene(language=language, **chosen)
        drawing = getattr(drawings, draw)({name: frame, "mirror_enquiry": frame}, scene)
        assert drawing.figure is None
        assert drawing.children is None
        assert drawing.empty
        assert drawing.empty.endswith(".")
        assert "{" not in drawing.empty


def test_the_stage_shows_fewer_rows_in_larger_type(
    cells: pd.DataFrame, pairs: pd.DataFrame, split: pd.DataFrame, standings: pd.DataFrame
) -> None:
    scene = _scene(is_present=True)
    frames = {
        "mirror_cells": cells,
        "mirror_matrix": pairs,
        "mirror_split": split,
        "mirror_standings": standings,
    }
    for draw, name in DRAWN:
        if name in frames and draw != "draw_chapters":
            drawing = getattr(drawings, draw)(frames, scene)
            assert _valid(drawing)["layout"]["font"]["size"] == scene.font_size
            assert drawing.height is None
