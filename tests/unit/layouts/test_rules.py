"""The figures of rules: the catalogue, the page of a rule, its precision, and what they say if
empty."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from callbacks.views.rules_frames import catalogue
from layouts import rules as drawings
from layouts.palette import LIGHT
from layouts.panels import Drawing
from tests.support.catalogues import CATALOGUE
from tests.support.quality import FRAMEWORK, RULE, quality_scene, rule_failures, text_of


@pytest.fixture
def failures() -> pd.DataFrame:
    return rule_failures()


@pytest.fixture
def revised() -> pd.DataFrame:
    """Of 10 missing partners, 2 cannot be told and 6 were corrected: 6 of 8."""
    return pd.DataFrame(
        {
            "rule_id": [RULE, "zero_value"],
            "finding_count": [10, 3],
            "corrected_count": [6, 0],
            "undecided_count": [2, 3],
            "submission_count": [4, 1],
        }
    )


@pytest.fixture
def frames(failures: pd.DataFrame, revised: pd.DataFrame) -> dict[str, pd.DataFrame]:
    periods = failures.merge(pd.DataFrame({"period_id": [202501, 202502]}), how="cross")
    return {
        "rule_failures": failures,
        "rule_catalogue": catalogue(FRAMEWORK, failures, revised),
        "rule_failures_of_each_period": periods,
        "rule_failures_by_period": periods[periods["rule_id"] == RULE],
    }


def _valid(drawing: Drawing) -> dict[str, Any]:
    assert drawing.figure is not None, drawing.empty
    go.Figure(drawing.figure)  # raises where Plotly's schema is broken
    return drawing.figure


def test_the_catalogue_holds_every_rule_by_dimension(frames: dict[str, pd.DataFrame]) -> None:
    frame = frames["rule_catalogue"]
    assert len(frame) == len(FRAMEWORK.rules)
    dimensions = [one.id for one in FRAMEWORK.dimensions]
    assert list(dict.fromkeys(frame["dimension_id"])) == [
        one for one in dimensions if one in set(frame["dimension_id"])
    ]
    first = frame.iloc[0]
    assert (first["rule_id"], first["rows_failed"]) == (RULE, 20)


def test_precision_is_of_the_findings_that_can_be_told(frames: dict[str, pd.DataFrame]) -> None:
    frame = frames["rule_catalogue"].set_index("rule_id")
    row = frame.loc[RULE]
    assert (row["decided_count"], row["corrected_count"], row["precision"]) == (8, 6, 0.75)
    # Wilson's interval of 6 in 8, as published tables have it: 0.409 to 0.929
    assert row["low"] == pytest.approx(0.409, abs=5e-4)
    assert row["high"] == pytest.approx(0.929, abs=5e-4)
    assert np.isnan(frame.loc["zero_value", "precision"])
    assert frame.loc["negative_value", "decided_count"] == 0


def test_the_catalogue_can_be_clicked_and_read(frames: dict[str, pd.DataFrame]) -> None:
    drawing = drawings.draw_catalogue(frames, quality_scene(rule=RULE))
    text = text_of(drawing)
    assert drawing.title is not None
    assert drawing.title.startswith("2 of 3 rules applied find something")
    for rule in FRAMEWORK.rules:
        assert f'"data-event": "rule:{rule.id}"' in text
    for part in ("75 % (41 %–93 %)", "no revision yet", "20 of 200", "is-chosen", "not applied"):
        assert part in text


def test_where_nothing_was_revised_the_catalogue_says_it_once(
    frames: dict[str, pd.DataFrame], failures: pd.DataFrame, revised: pd.DataFrame
) -> None:
    bare = frames | {"rule_catalogue": catalogue(FRAMEWORK, failures, revised.head(0))}
    drawing = drawings.draw_catalogue(bare, quality_scene())
    assert "no revision yet" not in text_of(drawing)
    assert "No precision" in str(drawing.note)
    assert "No precision" not in str(drawings.draw_catalogue(frames, quality_scene()).note)


def test_a_past_day_says_what_of_a_rule_is_of_the_present(frames: dict[str, pd.DataFrame]) -> None:
    today = CATALOGUE.data_on
    for rule, day, told in (
        ("mirror_gap", date(2025, 6, 1), True),
        ("mirror_gap", today, False),
        (RULE, date(2025, 6, 1), False),
    ):
        note = drawings.draw_rule(frames, quality_scene(rule=rule, as_of=day)).note
        assert ("not put back" in str(note)) is told


def test_a_chosen_dimension_narrows_the_catalogue(frames: dict[str, pd.DataFrame]) -> None:
    text = text_of(drawings.draw_catalogue(frames, quality_scene(dimension="validity")))
    assert "rule:zero_value" in text
    assert f"rule:{RULE}" not in text


def test_the_stage_shows_the_rules_that_fail_most(frames: dict[str, pd.DataFrame]) -> None:
    text = text_of(drawings.draw_catalogue(frames, quality_scene(is_present=True)))
    assert text.count('"data-event"') == 9
    assert text.index(RULE) < text.index("zero_value")


def test_without_a_choice_the_page_is_about_the_worst_rule(
    frames: dict[str, pd.DataFrame],
) -> None:
    drawing = drawings.draw_rule(frames, quality_scene())
    assert drawing.title == "A usual partner is missing"
    text = text_of(drawing)
    assert "20 of 200 checked; submissions: 4, members: 3" in text
    assert f'"data-event": "rule:{RULE}"' in text
    assert "Partners, by flow, that were there" in text
    assert "corrected 75 % of the findings (6 of 8; 95 % interval 41 % to 93 %)" in text
    assert "2 more cannot be told" in text


def test_the_page_of_a_rule_is_in_the_language_of_the_page(
    frames: dict[str, pd.DataFrame],
) -> None:
    drawing = drawings.draw_rule(frames, quality_scene(rule=RULE, language="fr"))
    assert drawing.title == "Un partenaire habituel est absent"
    text = text_of(drawing)
    for part in ("Que faire", "Ce qu'elle compte", "La révision suivante a corrigé"):
        assert part in text


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("zero_value", "Not known: the 3 findings on revised submissions"),
        ("negative_value", "Not known: no submission with such a finding"),
    ],
)
def test_a_rule_without_precision_says_why(
    frames: dict[str, pd.DataFrame], rule: str, sentence: str
) -> None:
    assert sentence in text_of(drawings.draw_rule(frames, quality_scene(rule=rule)))


def test_precision_is_drawn_with_its_interval(frames: dict[str, pd.DataFrame]) -> None:
    drawing = drawings.draw_precision(frames, quality_scene())
    figure = _valid(drawing)
    (dots,) = figure["data"]
    assert dots["x"] == [0.75]
    assert dots["customdata"] == [f"rule:{RULE}"]
    assert dots["error_x"]["array"][0] == pytest.approx(0.929 - 0.75, abs=5e-4)
    assert dots["error_x"]["arrayminus"][0] == pytest.approx(0.75 - 0.409, abs=5e-4)
    assert figure["layout"]["annotations"][-1]["text"] == "75 % (n = 8)"


def test_a_rule_fails_at_members_who_can_be_selected() -> None:
    frame = pd.DataFrame(
        {
            "member_iso3": ["KEN", "FRA", "UGA"],
            "region_id": ["east_southern_africa", "europe", "east_southern_africa"],
            "rule_id": RULE,
            "rows_checked": 100,
            "rows_failed": [9, 4, 0],
            "failed_share": [0.09, 0.04, 0.0],
            "submissions_checked": 5,
            "submissions_failing": [2, 1, 0],
        }
    )
    drawing = drawings.draw_rule_members(
        {"rule_failures_of_all": frame}, quality_scene(members=("FRA",))
    )
    (bars,) = _valid(drawing)["data"]
    assert bars["customdata"] == ["member:KEN", "member:FRA"]
    assert bars["marker"]["color"][1] == LIGHT.accent
    assert drawing.note == "2 of 3 members fail at least once."


def test_a_period_of_a_rule_selects_that_month(failures: pd.DataFrame) -> None:
    frame = failures.head(1).assign(period_id=202502)
    drawing = drawings.draw_rule_trend({"rule_failures_by_period": frame}, quality_scene())
    (bars,) = _valid(drawing)["data"]
    assert bars["customdata"] == ["month:2025-02"]
    assert bars["y"] == [0.1]


def test_findings_are_those_of_the_rule_in_focus(frames: dict[str, pd.DataFrame]) -> None:
    findings = pd.DataFrame(
        {
            "member_iso3": ["KEN"],
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
    drawing = drawings.draw_rule_findings({**frames, "rule_findings": findings}, quality_scene())
    assert "kenya.csv:12" in text_of(drawing)
    assert "A usual partner is missing" in drawing.subtitle


def test_empty_frames_become_sentences(
    frames: dict[str, pd.DataFrame], failures: pd.DataFrame
) -> None:
    none = {name: frame.head(0) for name, frame in frames.items()}
    none["rule_catalogue"] = catalogue(
        FRAMEWORK,
        failures.head(0),
        pd.DataFrame(
            {
                "rule_id": pd.Series(dtype="str"),
                **{
                    name: pd.Series(dtype="int64")
                    for name in ("finding_count", "corrected_count", "undecided_count")
                },
            }
        ),
    )
    none |= {"rule_failures_of_all": failures.head(0), "rule_findings": failures.head(0)}
    for draw in (
        drawings.draw_catalogue,
        drawings.draw_rule,
        drawings.draw_precision,
        drawings.draw_rule_members,
        drawings.draw_rule_trend,
        drawings.draw_rule_findings,
    ):
        drawing = draw(none, quality_scene())
        assert drawing.figure is None
        assert drawing.empty
        assert "Choose" in drawing.empty
