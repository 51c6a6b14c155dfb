"""The tables of the record: what they say of runs, moves, overrides and awards, and if empty."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from plotly.utils import PlotlyJSONEncoder

from callbacks.views.record_frames import (
    GIVEN_COLUMNS,
    MOVE_COLUMNS,
    OVERRIDE_COLUMNS,
    RUN_COLUMNS,
)
from dashboard.framework import read_framework
from dashboard.selection import Selection
from dashboard.words import read_words
from layouts import record as drawings
from layouts.palette import LIGHT
from layouts.panels import Drawing
from layouts.scene import Scene
from tests.support.catalogues import CATALOGUE, NAMES

CHOSEN = Selection(first="2022-01", last="2024-12", as_of=date(2025, 6, 1))
WRITTEN = pd.Timestamp("2026-11-27 09:00")
PANELS = {
    "runs": (drawings.draw_runs, ()),
    "moves": (drawings.draw_moves, ("scoring_moves",)),
    "overrides": (drawings.draw_overrides, ("score_overrides",)),
    "given": (drawings.draw_given, ("recognition_given",)),
}
COLUMNS = {
    "scoring_runs": RUN_COLUMNS,
    "scoring_moves": MOVE_COLUMNS,
    "score_overrides": OVERRIDE_COLUMNS,
    "recognition_given": GIVEN_COLUMNS,
}


def _scene(**chosen: Any) -> Scene:
    framework, _ = read_framework()
    selection = replace(CHOSEN, **chosen)
    return Scene(
        selection=selection.resolve(CATALOGUE),
        chosen=selection,
        words=read_words(selection.language),
        names=NAMES,
        palette=LIGHT,
        catalogue=CATALOGUE,
        framework=framework,
        info={},
    )


def _frame(name: str, *rows: dict[str, Any]) -> pd.DataFrame:
    columns = [column.name for column in COLUMNS[name]]
    kinds = {column.name: "Int64" for column in COLUMNS[name] if column.unit in {"count", "rank"}}
    return pd.DataFrame(list(rows), columns=columns).astype(kinds)


def _run(number: int, **changes: Any) -> dict[str, Any]:
    first = {"members_moved": None, "largest_move": None, "tier_changes": None, "rank_rho": None}
    return {
        "run": number,
        "written_at": WRITTEN,
        "author": "Ann Lee",
        "generation": "20261127t114701x509031",
        "run_framework": "default 4",
        "run_method": "3",
        "seed": 2008,
        "range_first": "2024-01",
        "range_last": "2024-12",
        "hash": "ab" * 32,
        "flaws": 0,
        "members_ranked": 4,
        "what_changed": "",
        **first,
        **changes,
    }


def _text(drawing: Drawing) -> str:
    return json.dumps(drawing.children, cls=PlotlyJSONEncoder, ensure_ascii=False)


RUNS = _frame(
    "scoring_runs",
    _run(
        4,
        flaws=2,
        what_changed="data,framework",
        members_moved=3,
        largest_move=2,
        tier_changes=1,
        rank_rho=0.8,
    ),
    _run(1),
)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("panel", sorted(PANELS))
def test_before_the_first_run_each_panel_gives_the_command(panel: str, language: str) -> None:
    draw, names = PANELS[panel]
    frames = {name: _frame(name) for name in ("scoring_runs", *names)}
    empty = draw(frames, _scene(language=language)).empty
    assert empty is not None
    assert "./run scores publish --by" in empty


def test_a_run_says_what_changed_what_that_did_and_whether_it_holds() -> None:
    drawing = drawings.draw_runs({"scoring_runs": RUNS}, _scene())
    text = _text(drawing)
    assert drawing.title == "Runs that are not as they were written: 1"
    assert "✗ 2 places differ" in text
    assert "✓ as written" in text
    assert "data, framework" in text
    assert "3 of 4 moved, 2 places at most; 1 changed tier; rank correlation 0.80" in text
    assert "first run, 4 members ranked" in text
    # The hash is short on the screen and whole on demand.
    assert "abababababab" in text
    assert "ab" * 32 in text


def _move(step: str, member: str, old: int, new: int, **tiers: str) -> dict[str, Any]:
    return {
        "step": step,
        "member_iso3": member,
        "region_id": CATALOGUE.members.get(member),
        "rank_before": old,
        "rank_after": new,
        "places_gained": old - new,
        "score_before": 60.0,
        "score_after": 60.0,
        "tier_before": tiers.get("before", "gold"),
        "tier_after": tiers.get("after", "gold"),
    }


def test_moves_are_told_for_now_and_for_the_last_run() -> None:
    moved = _frame(
        "scoring_moves",
        _move("now", "KEN", 3, 1),
        _move("now", "UGA", 2, 2, after="silver"),
        _move("now", "FRA", 4, 4),
        _move("last", "KEN", 1, 3),
    )
    frames = {"scoring_moves": moved, "scoring_runs": RUNS}
    text = _text(drawings.draw_moves(frames, _scene()))
    assert "1 of 3 members would move, 1 would change tier" in text
    assert "In the last run: 1 of 1 members moved, 0 changed tier" in text
    assert "3 → 1" in text
    assert "Gold → Silver" in text
    # Who did not move is told only if chosen.
    assert "member:FRA" not in text
    assert "member:FRA" in _text(drawings.draw_moves(frames, _scene(members=("FRA",))))


def _override(**changes: Any) -> dict[str, Any]:
    return {
        "entry": 5,
        "run": 4,
        "written_at": WRITTEN,
        "member_iso3": "KEN",
        "region_id": CATALOGUE.members["KEN"],
        "override": "tier silver",
        "computed": "bronze",
        "reason": "Two files <b>were</b> lost",
        "decided_by": "Ann Lee",
        "seconded_by": "B. Roe",
        "withdrawn": None,
        **changes,
    }


def test_an_override_says_both_names_the_reason_and_what_was_computed() -> None:
    shown = _frame(
        "score_overrides",
        _override(entry=6, override="score 71.5", computed="60.2", withdrawn=7),
        _override(),
    )
    frames = {"score_overrides": shown, "scoring_runs": RUNS}
    drawing = drawings.draw_overrides(frames, _scene())
    text = _text(drawing)
    for said in (
        "tier Silver",
        "computed: Bronze",
        "Ann Lee, B. Roe",
        "Two files <b>were</b> lost",
    ):
        assert said in text
    assert "score 71.5" in text
    assert "withdrawn by entry 7" in text
    assert drawing.subtitle == "2 overrides, of which 1 hold"
    none = {"score_overrides": _frame("score_overrides"), "scoring_runs": RUNS}
    assert "as it was computed" in str(drawings.draw_overrides(none, _scene()).empty)


def test_an_award_links_to_its_certificates() -> None:
    given = _frame(
        "recognition_given",
        {
            "entry": 7,
            "run": 4,
            "given_on": WRITTEN,
            "member_iso3": "KEN",
            "region_id": CATALOGUE.members["KEN"],
            "award": "tier",
            "tier": "silver",
            "override": 5,
            "author": "Ann Lee",
        },
    )
    frames = {"recognition_given": given, "scoring_runs": RUNS}
    text = _text(drawings.draw_given(frames, _scene()))
    assert "/certificate/4/KEN/tier-silver.pdf?lang=en" in text
    assert "/certificate/4/KEN/tier-silver.pdf?lang=fr" in text
    assert "Tier Silver (by decision, entry 5)" in text
    none = {"recognition_given": _frame("recognition_given"), "scoring_runs": RUNS}
    assert "./run scores certify" in str(drawings.draw_given(none, _scene()).empty)


def test_a_decision_is_told_where_the_score_is() -> None:
    from types import SimpleNamespace

    from layouts.incentives.reading import decision_text

    given = SimpleNamespace(override="tier silver")
    assert decision_text(given, _scene()) == "Given by decision: tier Silver"
    assert decision_text(given, _scene(language="fr")).startswith("Attribué par décision")
    assert decision_text(SimpleNamespace(override=None), _scene()) == ""
    # An audience that is not told of it has no such column.
    assert decision_text(SimpleNamespace(), _scene()) == ""
