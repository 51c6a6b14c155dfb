"""Evidence and training: the waterfall adds up, receipts are whole, empty states say why."""

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
from dashboard.warehouse.key_result_queries import ALL_QUERIES
from dashboard.words import read_words
from layouts import evidence as drawings
from layouts import training
from layouts.palette import LIGHT
from layouts.panels import Drawing
from layouts.scene import Scene
from tests.support.catalogues import CATALOGUE, NAMES

RANGE = Selection(first="2025-01", last="2025-12")
BASE, NOW = pd.Timestamp("2024-12-31"), pd.Timestamp("2025-12-31")


def _scene(*, is_present: bool = False, synthetic: bool = False, **chosen: Any) -> Scene:
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
        info={"is_synthetic": "true"} if synthetic else {},
        is_present=is_present,
    )


def _text(drawing: Drawing) -> str:
    parts = [drawing.children, drawing.title, drawing.subtitle, drawing.note, drawing.empty]
    return json.dumps(parts, cls=PlotlyJSONEncoder, ensure_ascii=False)


def _results(source: str = "warehouse", unit: str = "share") -> pd.DataFrame:
    row = {"key_result_id": "r", "strategy_id": "1", "tactic_id": "1.5", "name_en": "Portal use"}
    row |= {"name_fr": "Usage du portail", "source": source, "unit": unit, "owner": "Collection"}
    return pd.DataFrame([row | {"value": 0.5, "status": "on_track"}])


def _receipt(**facts: str) -> pd.DataFrame:
    known = {"key_result_id": "r", "formula": "Portal over all", "query_id": "portal_share"}
    known |= {"query_sha256": "ab" * 32, "query_text": "SELECT 1", "query_version": "1"}
    known |= {"measured_on": "2025-12-31", "value": "0.5", "numerator": "6"}
    known |= {"denominator": "12", "rows_counted": "12", "version": "v1"} | facts
    return pd.DataFrame({"fact": list(known), "value": list(known.values())})


def _members(*rows: tuple[str | None, str | None, float, float, float, float, float]) -> Any:
    """Member, region, base numerator and denominator, numerator and denominator, change."""
    names = ["member_iso3", "region_id", "base_numerator", "base_denominator", "numerator"]
    table = pd.DataFrame(rows, columns=[*names, "denominator", "change"])
    return table.assign(
        base_on=BASE, measured_on=NOW, own_part=table["change"], weight_part=0.0, row_count=3
    )


SHARE = _members(
    ("KEN", "east_southern_africa", 2, 10, 6, 10, 0.175), ("FRA", "europe", 6, 10, 9, 20, -0.075)
)
NO_REPORTS = pd.DataFrame(
    columns=["key_result_id", "checked_in_on", "value", "confidence", "author", "note"]
)


def _frames(**changes: Any) -> dict[str, Any]:
    frames = {
        "evidence_members": SHARE,
        "key_results": _results(),
        "key_result_receipt": _receipt(),
        "check_ins": NO_REPORTS,
    }
    return frames | changes


def test_the_waterfall_leads_from_the_earlier_value_to_the_later() -> None:
    drawing = drawings.draw_waterfall(_frames(), _scene())
    assert drawing.figure is not None
    go.Figure(drawing.figure)
    bars, ends = drawing.figure["data"][1], drawing.figure["data"][2]
    assert ends["x"] == pytest.approx([0.4, 0.5])
    assert bars["base"][0] == pytest.approx(0.4)
    assert bars["base"][-1] + bars["x"][-1] == pytest.approx(0.5)
    assert bars["customdata"] == ["member:KEN", "member:FRA"]
    assert "Kenya" in str(drawing.title) and "+17.50 points" in str(drawing.title)


def test_many_parts_leave_the_small_ones_to_others() -> None:
    many = _members(*((f"A{i:02d}", "europe", 0, 1, 1, 1, 0.01 * (30 - i)) for i in range(20)))
    drawing = drawings.draw_waterfall(_frames(evidence_members=many), _scene())
    assert drawing.figure is not None
    bars = drawing.figure["data"][1]
    assert len(bars["x"]) == 11 and bars["customdata"][-1] == ""
    assert sum(bars["x"]) == pytest.approx(many["change"].sum())
    assert "others up (10)" in json.dumps(drawing.figure["layout"])


def _alike(falls: int) -> Any:
    """Forty parts of one size, of which the last fall."""
    return _members(
        *((f"A{i:02d}", "europe", 0, 1, 1, 1, 0.01 if i < 40 - falls else -0.01) for i in range(40))
    )


def test_of_many_alike_none_is_named_and_rises_and_falls_are_shown_in_turn() -> None:
    parts = _alike(falls=18)
    drawing = drawings.draw_waterfall(_frames(evidence_members=parts), _scene())
    assert drawing.title == "22 moved it up by +1.00 points each, 18 down by as much"
    assert drawing.figure is not None
    changes = drawing.figure["data"][1]["x"]
    assert changes[:10] == [0.01] * 5 + [-0.01] * 5
    assert changes[10:] == pytest.approx([0.17, -0.13])
    layout = json.dumps(drawing.figure["layout"])
    assert "others up (17)" in layout and "others down (13)" in layout


@pytest.mark.parametrize(
    ("falls", "title"),
    [
        (0, "40 moved it most alike: +1.00 points each"),
        (40, "40 moved it most alike: −1.00 points each"),
    ],
)
def test_many_alike_in_one_direction_are_counted(falls: int, title: str) -> None:
    drawing = drawings.draw_waterfall(_frames(evidence_members=_alike(falls)), _scene())
    assert drawing.title == title


def test_the_chosen_member_stands_out() -> None:
    drawing = drawings.draw_waterfall(_frames(), _scene(members=("FRA",)))
    assert drawing.figure is not None
    assert drawing.figure["data"][1]["marker"]["opacity"] == [0.28, 1.0]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_part_without_a_member_is_named_by_its_region_or_nobody(language: str) -> None:
    nan = float("nan")
    acts = _members((None, "europe", 1, nan, 3, nan, 2), (None, None, 0, nan, 1, nan, 1))
    frames = _frames(evidence_members=acts, key_results=_results(unit="count"))
    drawing = drawings.draw_waterfall(frames, _scene(language=language))
    assert drawing.figure is not None
    assert drawing.figure["data"][1]["customdata"] == ["region:europe", ""]
    labels = drawing.figure["layout"]["yaxis"]["ticktext"]
    assert labels[1] == "Europe"
    assert labels[2] == {"en": "no member named", "fr": "aucun membre nommé"}[language]


def test_a_reported_key_result_says_who_reported_what_and_when() -> None:
    reports = pd.DataFrame(
        [("r", pd.Timestamp("2025-11-05"), 0.4, 0.8, "Ann Example", "steady")],
        columns=NO_REPORTS.columns,
    )
    frames = _frames(
        evidence_members=SHARE.head(0), key_results=_results("check_in"), check_ins=reports
    )
    drawing = drawings.draw_waterfall(frames, _scene())
    assert "Ann Example" in str(drawing.empty) and "5 Nov 2025" in str(drawing.empty)
    listed = drawings.draw_rows(frames | {"evidence_rows": pd.DataFrame()}, _scene())
    assert "Ann Example" in _text(listed) and "steady" in _text(listed)
    never = drawings.draw_waterfall(frames | {"check_ins": NO_REPORTS}, _scene())
    assert "Collection" in str(never.empty)


def test_one_day_and_no_value_say_so() -> None:
    one = SHARE.assign(base_on=NOW)
    drawing = drawings.draw_waterfall(_frames(evidence_members=one), _scene())
    assert "one day" in str(drawing.empty)
    none = drawings.draw_waterfall(_frames(evidence_members=SHARE.head(0)), _scene())
    assert "no value" in str(none.empty)


def test_the_receipt_has_formula_counts_query_and_generation() -> None:
    text = _text(drawings.draw_receipt(_frames(), _scene()))
    for told in ("Portal over all", "50.0 %", "12", "portal_share", "ab" * 32, "SELECT 1", "v1"):
        assert told in text
    staged = _text(drawings.draw_receipt(_frames(), _scene(is_present=True)))
    assert "SELECT 1" not in staged and "v1" in staged


def test_the_list_marks_the_chosen_key_result() -> None:
    text = _text(drawings.draw_results(_frames(), _scene()))
    assert "result:r" in text and "is-chosen" in text


def _rows(kind: str, **more: Any) -> pd.DataFrame:
    row = {"member_iso3": "KEN", "measured_on": NOW, "kind": kind, "is_counted": True}
    row |= {"collection_id": "trade_monthly", "period_id": 202503, "channel": "portal"}
    row |= {"known_on": pd.Timestamp("2025-04-20"), "due_on": pd.Timestamp("2025-05-15")}
    row |= {"state": "accepted", "submission_id": 7, "finding_count": 2, "amount": 3.0}
    return pd.DataFrame([row | {"note": None} | more])


@pytest.mark.parametrize(
    ("kind", "state", "told"),
    [("submission", "accepted", "portal"), ("obligation", "on_time", "15 May 2025")],
)
def test_rows_of_a_member_tell_what_counts(kind: str, state: str, told: str) -> None:
    frames = _frames(evidence_rows=_rows(kind, state=state))
    text = _text(drawings.draw_rows(frames, _scene()))
    assert told in text and "Kenya: 1 of 1" in text and "member=KEN" in text


def test_acts_that_name_no_member_have_no_links() -> None:
    frames = _frames(evidence_rows=_rows("act", state="done", member_iso3=None))
    text = _text(drawings.draw_rows(frames, _scene()))
    assert "no member named: 1 of 1" in text and "/members" not in text


def test_a_chosen_member_without_a_part_is_told_of() -> None:
    frames = _frames(evidence_rows=_rows("act").head(0))
    drawing = drawings.draw_rows(frames, _scene(members=("UGA",)))
    assert "Uganda" in str(drawing.empty)


def test_findings_are_listed_or_their_absence_told() -> None:
    found = pd.DataFrame(
        [
            {
                "member_iso3": "KEN",
                "collection_id": "trade_monthly",
                "period_id": 202503,
                "rule_id": "negative_value",
                "field": "value_usd",
                "value": "-3",
                "expected": "0 or more",
                "effect_usd": 3.0,
                "line_number": 12,
            }
        ]
    )
    frames = {"evidence_findings": found, "evidence_rows": _rows("submission")}
    text = _text(drawings.draw_findings(frames, _scene()))
    assert "rule:negative_value" in text and "0 or more" in text
    none = drawings.draw_findings(frames | {"evidence_findings": found.head(0)}, _scene())
    assert "Nothing was found" in str(none.empty)


# --- Training ---------------------------------------------------------------------------------


def _effects(effect: float = 2.0, half: float = 1.0, placebo: float = 0.1) -> pd.DataFrame:
    def row(measure: str, part: str, time: int | None, value: float) -> dict[str, Any]:
        return {
            "measure_id": measure,
            "part": part,
            "quarters_since": time,
            "effect": value,
            "effect_error": half / 2,
            "effect_low": value - half,
            "effect_high": value + half,
            "treated_count": 20,
            "control_count": 30,
        }

    rows = []
    for measure in ("quality_score", "on_time_share"):
        rows += [row(measure, "mean", None, effect), row(measure, "placebo", None, placebo)]
        rows += [row(measure, "event", time, effect * (time >= 0)) for time in range(-3, 3)]
    return pd.DataFrame(rows).astype({"quarters_since": "Int64"})


@pytest.mark.parametrize(
    ("effect", "told"), [(2.0, "better"), (-2.0, "worse"), (0.2, "No effect can be told")]
)
def test_the_finding_goes_by_the_interval(effect: float, told: str) -> None:
    drawing = training.draw_quality({"training_effects": _effects(effect)}, _scene())
    assert told in str(drawing.title)
    assert "20 members trained, 30 not trained yet" in drawing.subtitle
    assert drawing.figure is not None
    go.Figure(drawing.figure)
    dots = drawing.figure["data"][0]
    assert dots["x"] == [-3, -2, -1, 0, 1, 2]
    assert dots["error_y"]["array"] == pytest.approx([1.0] * 6)


def test_shares_are_drawn_in_points() -> None:
    drawing = training.draw_on_time({"training_effects": _effects(0.02, 0.01, 0.0)}, _scene())
    assert drawing.figure is not None
    assert drawing.figure["data"][0]["y"][-1] == pytest.approx(2)


def test_the_reading_tells_placebo_and_assumptions() -> None:
    frames = {"training_effects": _effects()}
    text = _text(training.draw_reading(frames, _scene(synthetic=True)))
    assert "no effect is found, as it should be" in text
    assert "Taken for granted" in text and "synthetic" in text
    assert "in none of the 3 quarters" in text
    bad = _text(training.draw_reading({"training_effects": _effects(placebo=5.0)}, _scene()))
    assert "Do not trust" in bad


@pytest.mark.parametrize("language", ["en", "fr"])
def test_training_says_why_nothing_is_told(language: str) -> None:
    nothing = {"training_effects": _effects().head(0)}
    past = {"training_effects": _effects()}
    for draw in (training.draw_quality, training.draw_on_time, training.draw_reading):
        assert draw(nothing, _scene(language=language)).empty
        assert draw(past, _scene(language=language, as_of=date(2025, 6, 1))).empty


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_query_has_its_formula_in_words(language: str) -> None:
    words = read_words(language)
    for query in ALL_QUERIES:
        assert words.has(f"evidence.formula.{query.id}"), query.id
