"""The outlier desk: its list, a case with its form and history, the series, parts, and the log."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from plotly import graph_objects
from plotly.utils import PlotlyJSONEncoder

from dashboard.framework import read_framework
from dashboard.selection import Selection
from dashboard.words import read_words
from layouts import outliers as drawings
from layouts.outliers.case import judgement, mirror_text
from layouts.outliers.series import series_figure
from layouts.palette import DARK, LIGHT
from layouts.panels import Drawing
from layouts.scene import Scene
from tests.support.catalogues import CATALOGUE, NAMES

MONTHLY = CATALOGUE.default_collection
KEN = "KEN.X.27.202403"
NONE = pd.DataFrame()
JUDGED = pd.DataFrame(
    {"series_count": [90], "judged_count": [80], "fewest_points": [12], "code_length": [2]}
)


def _scene(chosen: Selection | None = None, **more: Any) -> Scene:
    framework, _ = read_framework()
    chosen = chosen or Selection()
    return Scene(
        selection=chosen.resolve(CATALOGUE),
        chosen=chosen,
        words=read_words(chosen.language),
        names=NAMES,
        palette=LIGHT,
        catalogue=CATALOGUE,
        framework=framework,
        info={"version": "v1"},
        **more,
    )


def _text(drawing: Drawing) -> str:
    parts = [drawing.children, drawing.title, drawing.subtitle, drawing.note, drawing.empty]
    return json.dumps(parts, cls=PlotlyJSONEncoder, ensure_ascii=False)


def _case(**changes: Any) -> pd.DataFrame:
    row = {
        "rank": 1,
        "case_id": KEN,
        "member_iso3": "KEN",
        "region_id": "east_southern_africa",
        "flow_code": "X",
        "commodity_code": "27",
        "period_id": 202403,
        "value_usd": 9e6,
        "expected_usd": 2e6,
        "low_usd": 1e6,
        "high_usd": 4e6,
        "effect_share": 0.1,
        "effect_usd": 7e6,
        "member_share": 0.25,
        "region_share": 0.1,
        "z": 8.1,
        "method": "mad",
        "point_count": 40,
        "mirror_usd": 2.1e6,
        "case_state": "open",
        "event_count": 0,
        "is_candidate": True,
        "received_on": pd.Timestamp("2024-05-01"),
        **changes,
    }
    return pd.DataFrame([row])


def _log(*states: str, note: str = "Asked by letter", case_id: str = KEN) -> pd.DataFrame:
    """Entries, the latest first."""
    count = len(states)
    return pd.DataFrame(
        {
            "event_id": range(count, 0, -1),
            "collection_id": MONTHLY,
            "case_id": case_id,
            "member_iso3": case_id[:3],
            "number": range(count, 0, -1),
            "case_state": states,
            "note": note,
            "author": "Ann Lee",
            "written_at": pd.to_datetime(["2026-11-25 09:05:30"] * count),
            "warehouse_version": "v1",
            "value_usd": 9e6,
            "expected_usd": 2e6,
            "member_share": 0.25,
            "region_share": 0.1,
        }
    )


def _series(**changes: Any) -> pd.DataFrame:
    count = 24
    periods = [2023 * 100 + m for m in range(1, 13)] + [2024 * 100 + m for m in range(1, 13)]
    values = np.full(count, 2e6)
    values[14], values[3], values[20] = 9e6, 0.0, np.nan
    frame = pd.DataFrame(
        {
            "period_id": periods,
            "value_usd": values,
            "expected_usd": 2e6,
            "low_usd": 1e6,
            "high_usd": 4e6,
            "z": 0.0,
            "mirror_usd": 2.2e6,
            "is_case": [one == 202403 for one in periods],
        }
    )
    return frame.assign(**changes)


class TestList:
    def test_a_row_is_a_button_for_its_case_and_tells_its_figures(self) -> None:
        drawing = drawings.draw_list({"outliers": _case(), "judged_series": JUDGED}, _scene())
        text = _text(drawing)
        for part in (
            f"case:{KEN}",
            "Kenya",
            "USD 9.0 m",
            "USD 2.0 m",
            "USD +7.0 m",
            "10 %",
            "25 %",
        ):
            assert part in text
        assert "10 of 90 series are too short" in text

    def test_the_title_tells_the_largest(self) -> None:
        drawing = drawings.draw_list({"outliers": _case(), "judged_series": JUDGED}, _scene())
        assert drawing.title is not None
        assert "Kenya" in drawing.title
        assert "Mar 2024" in drawing.title

    def test_the_case_looked_at_is_marked(self) -> None:
        frame = pd.concat([_case(), _case(case_id="KEN.X.30.202403", commodity_code="30")])
        scene = _scene(Selection(case="KEN.X.30.202403"))
        text = _text(drawings.draw_list({"outliers": frame, "judged_series": JUDGED}, scene))
        assert text.count("is-chosen") == 1
        assert text.index("is-chosen") > text.index("case:KEN.X.30.202403")

    def test_without_the_log_the_list_still_reads_and_says_so(self) -> None:
        frame = _case(case_state=None, event_count=pd.NA)
        text = _text(drawings.draw_list({"outliers": frame, "judged_series": JUDGED}, _scene()))
        assert "USD 9.0 m" in text
        assert "log of cases cannot be read" in text

    @pytest.mark.parametrize(
        ("chosen", "judged", "reason"),
        [
            (Selection(flow="RX"), NONE, "exports and imports"),
            (Selection(), JUDGED.head(0), "no exports in"),
            (Selection(), JUDGED.assign(judged_count=0), "fewer than 12 figures"),
            (Selection(status="asked"), JUDGED, "in the state “asked”"),
            (Selection(status="late"), JUDGED, "stand out"),
            (Selection(), JUDGED, "stand out"),
        ],
    )
    @pytest.mark.parametrize("language", ["en", "fr"])
    def test_an_empty_list_says_why(
        self, language: str, chosen: Selection, judged: pd.DataFrame, reason: str
    ) -> None:
        scene = _scene(replace(chosen, language=language))
        found = drawings.draw_list({"outliers": NONE, "judged_series": judged}, scene).empty
        assert found
        assert "{" not in found
        if language == "en":
            assert reason in found

    def test_a_past_day_says_what_it_cannot_tell(self) -> None:
        scene = _scene(Selection(as_of=date(2024, 1, 1)))
        note = drawings.draw_list({"outliers": _case(), "judged_series": JUDGED}, scene).note
        assert "known today whose figure had arrived by 1 Jan 2024" in str(note)

    def test_long_names_and_many_rows_keep_the_count(self) -> None:
        frame = pd.concat([_case(rank=i, member_iso3="LAO") for i in range(200)])
        scene = _scene(Selection(language="fr"))
        drawing = drawings.draw_list({"outliers": frame, "judged_series": JUDGED}, scene)
        assert "140" in str(drawing.note)


class TestCase:
    def _draw(self, scene: Scene | None = None, log: Any = None, **changes: Any) -> str:
        frames = {"outlier_case": _case(**changes), "case_log": _log() if log is None else log}
        return _text(drawings.draw_case(frames, scene or _scene()))

    def test_it_says_what_was_reported_and_expected_and_what_that_does(self) -> None:
        text = self._draw()
        assert "USD 9.0 m reported." in text
        assert "USD 2.0 m expected." in text
        assert "USD 7.0 m more than expected: 25 % of the member's exports" in text

    def test_less_is_said_as_less(self) -> None:
        text = self._draw(value_usd=1e5, effect_usd=-1.9e6)
        assert "USD 1.9 m less than expected" in text

    def test_the_form_has_the_states_that_may_follow_and_what_was_seen(self) -> None:
        text = self._draw(log=_log("explained", "asked"), case_state="explained", event_count=2)
        assert '"data-seen": "2"' in text
        for state, is_there in (("asked", 1), ("corrected", 1), ("open", 1), ("explained", 0)):
            assert text.count(f'"data-case-state": "{state}"') == is_there

    def test_a_case_that_a_revision_settled_goes_on_from_its_last_entry(self) -> None:
        text = self._draw(log=_log("asked"), case_state="revised", is_candidate=False)
        assert "Corrected by revision" in text
        assert "later revision replaced the figure" in text
        assert '"data-case-state": "explained"' in text

    def test_history_shows_who_wrote_what_and_when(self) -> None:
        text = self._draw(log=_log("asked"), case_state="asked", event_count=1)
        for part in ("25 Nov 2026 09:05 UTC", "Ann Lee", "Asked by letter", "warehouse v1"):
            assert part in text

    def test_entries_of_another_case_or_collection_are_not_its_history(self) -> None:
        other = pd.concat(
            [_log("asked", case_id="KEN.X.30.202403"), _log("asked").assign(collection_id="x")]
        )
        assert "Nobody has written" in self._draw(log=other)

    def test_a_note_is_text_and_never_markup(self) -> None:
        log = _log("asked", note="<img src=x onerror=alert(1)>")
        frames = {"outlier_case": _case(), "case_log": log}
        drawing = drawings.draw_case(frames, _scene())
        # It stands in a paragraph as a string: Dash writes strings as text.
        assert '"children": "<img src=x onerror=alert(1)>"' in _text(drawing)

    @pytest.mark.parametrize(
        ("scene", "sentence"),
        [
            (_scene(can_write=False), "this instance only shows"),
            (_scene(Selection(as_of=date(2024, 1, 1))), "Entries are made in the present"),
        ],
    )
    def test_where_nothing_can_be_written_there_is_no_form(
        self, scene: Scene, sentence: str
    ) -> None:
        text = self._draw(scene)
        assert "data-case-state" not in text
        assert sentence in text

    def test_without_the_log_there_is_no_form_either(self) -> None:
        text = self._draw(case_state=None, event_count=pd.NA)
        assert "data-case-state" not in text
        assert "USD 9.0 m reported." in text

    def test_the_stage_has_neither_form_nor_names(self) -> None:
        text = self._draw(_scene(is_present=True), log=_log("asked"))
        assert "data-case-state" not in text
        assert "Ann Lee" not in text

    def test_an_unknown_case_and_no_case_are_told_apart(self) -> None:
        frames = {"outlier_case": _case().head(0), "case_log": _log()}
        assert "list is empty" in str(drawings.draw_case(frames, _scene()).empty)
        chosen = _scene(Selection(case=KEN))
        assert f"{KEN} is no case" in str(drawings.draw_case(frames, chosen).empty)

    @pytest.mark.parametrize(
        ("mirror", "value", "expected", "sentence"),
        [
            (2.1e6, 9e6, 2e6, "nearer to what was expected"),
            (8e6, 9e6, 2e6, "nearer to what was reported"),
            (4.2e6, 9e6, 2e6, "not clearly nearer"),
            (5.0, 0.0, 2e6, "nearer to what was expected"),
            (np.nan, 9e6, 2e6, "no partner recorded"),
        ],
    )
    def test_the_partners_record_is_compared_as_a_ratio(
        self, mirror: float, value: float, expected: float, sentence: str
    ) -> None:
        row = _case(mirror_usd=mirror, value_usd=value, expected_usd=expected).iloc[0]
        assert sentence in mirror_text(row, _scene())

    @pytest.mark.parametrize("language", ["en", "fr"])
    @pytest.mark.parametrize(
        ("method", "z"), [("mad", 8.1), ("mean_deviation", 9.0), ("rule", 10.0), ("rule", np.nan)]
    )
    def test_every_way_of_judging_has_its_words(self, method: str, z: float, language: str) -> None:
        text = judgement(_case(method=method, z=z).iloc[0], _scene(Selection(language=language)))
        assert "40" in text


class TestSeries:
    def _draw(self, series: pd.DataFrame, scene: Scene | None = None) -> Drawing:
        frames = {"outlier_series": series, "outlier_case": _case()}
        return drawings.draw_series(frames, scene or _scene())

    def test_reported_expected_and_partners_are_lines_and_the_case_is_marked(self) -> None:
        figure = self._draw(_series()).figure
        assert figure is not None
        traces = {trace["name"]: trace for trace in figure["data"]}
        assert {"Reported", "Expected", "Partners", "This case", "Outside the band"} <= set(traces)
        assert traces["Reported"]["y"][20] is None
        assert traces["Reported"]["y"][14] == 9e6
        assert traces["This case"]["x"] == [14]
        assert traces["This case"]["y"] == [9e6]
        assert traces["Outside the band"]["x"] == [3]
        assert "USD 9.0 m" in traces["This case"]["hovertext"][0]
        graph_objects.Figure(figure)

    def test_another_outlier_of_the_series_leads_to_its_case(self) -> None:
        figure = self._draw(_series()).figure
        assert figure is not None
        outside = next(one for one in figure["data"] if one["name"] == "Outside the band")
        assert outside["customdata"] == ["case:KEN.X.27.202304"]

    def test_what_was_not_received_is_drawn(self) -> None:
        figure = self._draw(_series()).figure
        assert figure is not None
        (gap,) = figure["layout"]["shapes"]
        assert (gap["x0"], gap["x1"]) == (19.5, 20.5)

    def test_the_title_is_the_finding(self) -> None:
        title = str(self._draw(_series()).title)
        assert title == "Mar 2024: USD 7.0 m above what its series leads to expect"

    def test_a_series_too_short_for_a_band_says_so(self) -> None:
        nothing = dict.fromkeys(("expected_usd", "low_usd", "high_usd", "z"), np.nan)
        drawing = self._draw(_series(**nothing))
        assert drawing.figure is not None
        assert "too short for a band" in str(drawing.note)

    def test_a_band_without_an_upper_end_is_open(self) -> None:
        figure = series_figure(_series(high_usd=np.nan), _scene())
        high = next(one for one in figure["data"] if one["name"] == "high")
        assert min(high["y"]) > figure["layout"]["yaxis"]["range"][1]

    def test_nothing_received_is_a_sentence(self) -> None:
        drawing = self._draw(_series(value_usd=np.nan))
        assert "Nothing was received" in str(drawing.empty)

    @pytest.mark.parametrize("language", ["en", "fr"])
    def test_a_flow_of_nothing_but_zeros_is_drawn_in_dark_too(self, language: str) -> None:
        scene = replace(_scene(Selection(language=language)), palette=DARK, is_present=True)
        zeros = dict.fromkeys(("value_usd", "expected_usd", "mirror_usd"), 0.0)
        graph_objects.Figure(series_figure(_series(**zeros), scene))


class TestParts:
    PARTS = pd.DataFrame(
        {
            "kind": ["partner", "partner", "commodity"],
            "part_id": ["FRA", "CHN", "270900"],
            "value_usd": [8e6, 1e6, 9e6],
            "usual_usd": [1e6, 1.5e6, 2e6],
            "change_usd": [7e6, -5e5, 7e6],
        }
    )

    def test_the_largest_difference_is_the_title_and_sets_the_bars(self) -> None:
        frames = {"outlier_parts": self.PARTS, "outlier_case": _case()}
        drawing = drawings.draw_parts(frames, _scene())
        assert "France differs most" in str(drawing.title)
        text = _text(drawing)
        assert "USD +7.0 m" in text
        assert '"width": "100.0%"' in text
        assert '"width": "7.1%"' in text
        assert "commodity:270900" in text

    @pytest.mark.parametrize(
        ("parts", "sentence"),
        [(PARTS.head(0), "Nothing was received"), (PARTS.assign(change_usd=0.0), "as usual"),
         (PARTS.assign(change_usd=np.nan), "as usual")],
    )  # fmt: skip
    def test_nothing_to_compare_is_a_sentence(self, parts: pd.DataFrame, sentence: str) -> None:
        frames = {"outlier_parts": parts, "outlier_case": _case()}
        assert sentence in str(drawings.draw_parts(frames, _scene()).empty)

    def test_without_a_case_there_are_no_parts(self) -> None:
        frames = {"outlier_parts": self.PARTS, "outlier_case": _case().head(0)}
        assert "list is empty" in str(drawings.draw_parts(frames, _scene()).empty)


class TestFindings:
    FOUND = pd.DataFrame(
        {
            "rule_id": ["sudden_drop", "gone_rule"],
            "dimension_id": "consistency",
            "severity": "warning",
            "finding_count": [2, 1],
            "effect_usd": [5e6, np.nan],
            "is_whole": [0, 1],
        }
    )

    def test_each_rule_has_its_title_count_and_remedy(self) -> None:
        frames = {"case_findings": self.FOUND, "outlier_case": _case()}
        scene = _scene()
        text = _text(drawings.draw_findings(frames, scene))
        rule = next(one for one in scene.framework.rules if one.id == "sudden_drop")
        for part in (rule.title.en, rule.remedy.en, "rule:sudden_drop", "USD 5.0 m", "gone_rule"):
            assert json.dumps(part, ensure_ascii=False)[1:-1] in text

    def test_nothing_found_is_a_sentence(self) -> None:
        frames = {"case_findings": self.FOUND.head(0), "outlier_case": _case()}
        assert "found nothing" in str(drawings.draw_findings(frames, _scene()).empty)


class TestLog:
    def test_entries_lead_to_their_cases(self) -> None:
        text = _text(drawings.draw_log({"case_log": _log("asked")}, _scene()))
        for part in (f"case:{KEN}", "Kenya", "Ann Lee", "Asked by letter", "entries: 1"):
            assert part in text

    def test_an_empty_log_says_how_to_begin(self) -> None:
        found = drawings.draw_log({"case_log": _log()}, _scene())
        assert "mark it as asked" in str(found.empty)
        then = drawings.draw_log({"case_log": _log()}, _scene(Selection(as_of=date(2024, 1, 1))))
        assert "by 1 Jan 2024" in str(then.empty)


def test_the_controls_release_their_defaults() -> None:
    text = json.dumps(drawings.controls(_scene()), cls=PlotlyJSONEncoder)
    assert '"data-event": "flow:"' in text
    assert '"data-event": "flow:M"' in text
    assert '"data-event": "status:"' in text
    for state in ("open", "asked", "explained", "corrected"):
        assert f'"data-event": "status:{state}"' in text
