"""How a score is made, what would raise it, and whom to write to: what the panels say."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

from layouts import quality as drawings
from layouts.panels import Drawing
from layouts.quality.intervals import sureness, whisker
from layouts.quality.makeup import redistribution, weights, weights_here
from tests.support.catalogues import CATALOGUE, NAMES
from tests.support.quality import DIMENSIONS, quality_scene, text_of


def _member(iso3: str, score: float, half: float | None = 5.0, **changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = {"member_iso3": iso3, "region_id": CATALOGUE.members[iso3]}
    for name in ("quality_score", *DIMENSIONS):
        row[name] = score
        row[f"{name}_low"] = math.nan if half is None else score - half
        row[f"{name}_high"] = math.nan if half is None else score + half
    row |= {"weight_used": 1.0, "rows_checked": 500, "periods": 12, "spread": "seen"}
    return row | {"left_out": "", "too_few": ""} | changes


def _without(row: dict[str, Any], *dimensions: str) -> dict[str, Any]:
    names = [f"{one}{end}" for one in dimensions for end in ("", "_low", "_high")]
    return row | dict.fromkeys(names, math.nan) | {"left_out": ",".join(dimensions)}


def _frame(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(list(rows))


def _row(row: dict[str, Any]) -> Any:
    return next(_frame(row).itertuples(index=False))


# --- How sure ------------------------------------------------------------------------------------


def test_an_interval_is_said_and_drawn() -> None:
    row = _row(_member("KEN", 70))
    assert sureness(row, "quality_score", quality_scene()) == "95% interval 65 to 75"
    assert whisker(row, "quality_score", quality_scene())["props"]["style"] == {
        "--at": "70.0",
        "--low": "65.0",
        "--high": "75.0",
    }


def test_the_ends_of_a_narrow_interval_are_told_apart() -> None:
    row = _row(_member("KEN", 70, 0.3))
    assert sureness(row, "quality_score", quality_scene()) == "95% interval 69.7 to 70.3"


@pytest.mark.parametrize(("periods", "says"), [(1, "one period alone"), (12, "No spread seen")])
def test_what_has_no_interval_says_why_and_draws_none(periods: int, says: str) -> None:
    row = _row(_member("KEN", 100, None, periods=periods))
    assert says in sureness(row, "quality_score", quality_scene())
    drawn = whisker(row, "quality_score", quality_scene())["props"]
    assert drawn["className"] == "whisker whisker--bare"
    assert "--low" not in drawn["style"]


def test_an_interval_that_leaves_something_out_says_so() -> None:
    row = _row(_member("KEN", 70, spread="partial"))
    assert "one period alone tells of" in sureness(row, "quality_score", quality_scene())
    assert "one period" not in sureness(row, "validity", quality_scene())


# --- How it is made ------------------------------------------------------------------------------


def test_the_weight_of_what_is_missing_goes_to_the_others_in_proportion() -> None:
    row = _row(_without(_member("KEN", 70, weight_used=0.7), "coherence", "stability"))
    scene = quality_scene()
    here = weights_here(row, scene)
    declared = weights(scene)
    assert sum(here.values()) == pytest.approx(1)
    assert here["validity"] / here["consistency"] == pytest.approx(
        declared["validity"] / declared["consistency"]
    )
    said = redistribution(row, scene)
    assert "coherence with partners (20 %), stability (10 %)" in said
    assert "validity 25 % → 36 %" in said


def test_a_score_is_taken_apart_and_what_it_lacks_is_told() -> None:
    members = _frame(
        _without(_member("KEN", 70, weight_used=0.9, too_few="stability"), "stability"),
        _member("FRA", 90),
    )
    frames = {"quality_by_member": members, "quality_by_region": members.head(0)}
    drawing = drawings.draw_makeup(frames, quality_scene(members=("KEN",)))
    assert drawing.title == "Kenya: how its 70 points are made"
    text = text_of(drawing)
    assert "left out: too few rows checked" in text
    assert "10 % → 0" in text
    assert "25 % → 28 %" in text
    assert "19.4" in text  # 70 points of 25/90 of the weight


def test_a_dimension_with_nothing_to_measure_is_told_as_such() -> None:
    members = _frame(_without(_member("KEN", 70, weight_used=0.9), "stability"))
    frames = {"quality_by_member": members, "quality_by_region": members.head(0)}
    assert "nothing was revised" in text_of(
        drawings.draw_makeup(frames, quality_scene(members=("KEN",)))
    )
    everybody = text_of(drawings.draw_makeup(frames, quality_scene()))
    assert "nothing was revised: 1" in everybody


def test_a_chosen_region_is_taken_apart_too() -> None:
    regions = _frame(_member("FRA", 88)).assign(region_id="europe")
    frames = {"quality_by_member": regions, "quality_by_region": regions}
    drawing = drawings.draw_makeup(frames, quality_scene(regions=("europe",)))
    assert drawing.title == "Europe: how its 88 points are made"


def test_a_member_without_a_score_is_told_why() -> None:
    members = _frame(_member("FRA", 90))
    frames = {"quality_by_member": members, "quality_by_region": members.head(0)}
    drawing = drawings.draw_makeup(frames, quality_scene(members=("KEN",)))
    assert drawing.empty is not None
    assert "No score of Kenya" in drawing.empty


# --- What would raise it -------------------------------------------------------------------------


def _remedy(rule: str | None, dimension: str, gain: float, **changes: Any) -> dict[str, Any]:
    row = {"member_iso3": "KEN", "region_id": "east_southern_africa", "rule_id": rule}
    row |= {"dimension_id": dimension, "severity": "error" if rule else None}
    row |= {"severity_weight": 1.0, "rows_failed": 1240, "submissions_failing": 12}
    row |= {"score_before": 71.0, "score_after": 71.0 + gain, "gain": gain}
    row |= {"after_low": 68.0 + gain, "after_high": 74.0 + gain}
    return row | {"target": 80.0, "target_kind": "round", "rows_to_target": 0} | changes


def _mending(*rows: dict[str, Any], **chosen: Any) -> Drawing:
    return drawings.draw_mending(
        {"remedies_of_members": _frame(*rows), "remedies_by_rule": pd.DataFrame()},
        quality_scene(members=("KEN",), **chosen),
    )


def test_the_best_remedy_is_the_title() -> None:
    drawing = _mending(
        _remedy("missing_required_field", "completeness", 7.0, rows_to_target=900),
        _remedy("zero_value", "validity", 3.0, rows_to_target=40),
        _remedy(None, "coherence", 9.0, rows_failed=2467),
    )
    assert drawing.title is not None
    assert drawing.title.startswith("Kenya: mending")
    assert drawing.title.endswith("from 71 to 78")
    text = text_of(drawing)
    assert "1,240 rows in 12 submissions" in text
    assert "71 → 78 (±3)" in text
    assert "Shortest way to 80: 940 rows in all" in text
    assert "2,467 matched cells" in text
    assert '"/rules?' in text
    assert "rule=zero_value" in text


def test_a_target_that_rows_do_not_reach_is_not_promised() -> None:
    drawing = _mending(_remedy("zero_value", "validity", 0.4, target=math.nan))
    text = text_of(drawing)
    assert "reaches no next mark" in text
    assert "71.0 → 71.4" in text  # a small gain is written finely enough to be seen


def test_a_remedy_without_an_interval_shows_none() -> None:
    bare = {"after_low": math.nan, "after_high": math.nan}
    assert "±" not in text_of(_mending(_remedy("zero_value", "validity", 3.0, **bare)))


def test_the_note_says_that_a_sample_is_synthetic() -> None:
    frames = {
        "remedies_of_members": _frame(_remedy("zero_value", "validity", 3.0)),
        "remedies_by_rule": pd.DataFrame(),
    }
    plain = text_of(drawings.draw_mending(frames, quality_scene(members=("KEN",))))
    sample = text_of(drawings.draw_mending(frames, quality_scene(members=("KEN",), synthetic=True)))
    assert "Synthetic sample data" not in plain
    assert "Synthetic sample data" in sample


def test_the_note_names_the_collection_whose_rows_were_checked() -> None:
    drawing = _mending(_remedy("zero_value", "validity", 3.0), collection="revenue_monthly")
    opening = next(part for part in text_of(drawing).split('"') if "as known on" in part)
    assert NAMES.collections["trade_monthly"] in opening
    assert NAMES.collections["revenue_monthly"] not in opening


def test_nothing_to_mend_is_a_sentence() -> None:
    empty = _frame(_remedy("zero_value", "validity", 3.0)).head(0)
    drawing = drawings.draw_mending(
        {"remedies_of_members": empty, "remedies_by_rule": empty}, quality_scene(members=("KEN",))
    )
    assert drawing.empty is not None
    assert "Nothing to mend for Kenya" in drawing.empty


def _helping(rule: str | None, dimension: str, members: int) -> dict[str, Any]:
    row = {"rule_id": rule, "dimension_id": dimension, "severity": None}
    row |= {"members_helped": members, "members_best": members // 2, "rows_failed": 88}
    return row | {"median_gain": 2.5, "largest_gain": 11.0}


def test_without_a_member_remedies_are_ranked_by_whom_they_help() -> None:
    frame = _frame(
        _helping(None, "coherence", 50),
        _helping("missing_required_field", "completeness", 25),
        _helping("zero_value", "validity", 10),
        _helping("own_partner", "validity", 0),
    )
    drawing = drawings.draw_mending(
        {"remedies_of_members": frame.head(0), "remedies_by_rule": frame}, quality_scene()
    )
    text = text_of(drawing)
    assert text.index("members: 25") < text.index("members: 10") < text.index("members: 50")
    assert "members: 0" not in text
    assert '"--to": "40.0"' in text  # ten of the twenty-five of the longest bar of its list


def test_nobody_to_help_is_a_sentence() -> None:
    frame = _frame(_helping("own_partner", "validity", 0))
    drawing = drawings.draw_mending(
        {"remedies_of_members": frame.head(0), "remedies_by_rule": frame}, quality_scene()
    )
    assert drawing.empty is not None


# --- Whom to write to ----------------------------------------------------------------------------


def _concerns(scores: pd.DataFrame, /, *remedies: dict[str, Any], **chosen: Any) -> Drawing:
    found = _frame(*remedies) if remedies else _frame(_remedy("zero_value", "validity", 3)).head(0)
    return drawings.draw_concerns(
        {"quality_by_member": scores, "remedies": found}, quality_scene(**chosen)
    )


def test_who_lies_surely_below_the_median_is_told_with_the_first_remedy() -> None:
    members = _frame(_member("KEN", 60), _member("UGA", 76), _member("FRA", 80), _member("NAM", 95))
    drawing = _concerns(
        members,
        _remedy(None, "coherence", 9.0),
        _remedy("missing_required_field", "completeness", 7.0),
    )
    text = text_of(drawing)
    assert "Kenya" in text
    assert "Uganda" not in text  # 71 to 81 holds the median, 78
    assert "A required field is empty" in text
    assert "1,240 rows; score 71 → 78" in text
    assert drawing.note is not None
    assert "1 of 4 members" in drawing.note


def test_the_weakest_dimension_is_named() -> None:
    members = _frame(_member("KEN", 60, consistency=12.0), _member("FRA", 90), _member("NAM", 95))
    assert "Consistency: 12" in text_of(_concerns(members))


def test_chosen_members_are_told_of_whatever_their_score() -> None:
    members = _frame(_member("KEN", 60), _member("UGA", 76), _member("FRA", 80))
    text = text_of(_concerns(members, members=("FRA",)))
    assert "France" in text
    assert "Kenya" not in text


def test_a_chosen_member_without_a_score_is_told_why() -> None:
    drawing = _concerns(_frame(_member("FRA", 80)), members=("KEN",))
    assert drawing.empty is not None
    assert "No score of Kenya" in drawing.empty


def test_those_that_are_not_listed_are_counted() -> None:
    low = [_member("KEN", 40.0 + place / 10) for place in range(12)]
    high = [_member("FRA", 90.0) for _ in range(20)]
    drawing = _concerns(_frame(*low, *high))
    assert drawing.note is not None
    assert "2 more rows" in drawing.note


def test_without_intervals_nobody_is_surely_below() -> None:
    members = _frame(
        _member("KEN", 60, None, periods=1), _member("FRA", 90, None), _member("NAM", 95, None)
    )
    drawing = _concerns(members)
    assert drawing.empty is not None
    assert "two periods at least" in drawing.empty


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_score_at_all_is_a_sentence(language: str) -> None:
    none = _frame(_member("KEN", 60)).head(0)
    assert _concerns(none, language=language).empty
    frames = {"quality_by_member": none, "quality_by_region": none}
    assert drawings.draw_makeup(frames, quality_scene(language=language)).empty
