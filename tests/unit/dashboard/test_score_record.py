"""The chain of the record: what is sealed is found if it is changed, and only then."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.errors import SelectionError
from dashboard.framework import read_framework
from dashboard.recognition import awards
from dashboard.recognition import given as given_awards
from dashboard.score_changes import effect, moves, results_frame
from dashboard.score_overrides import (
    holding,
    override_content,
    overrides,
    withdrawal_content,
)
from dashboard.score_record import (
    GENESIS,
    Entry,
    canonical,
    differences,
    sealed,
    sha256,
    tampered,
)

START = datetime.fromisoformat("2026-11-27 09:00")
WORDS = {"reason": "Two files were lost by us", "by": "Ann Lee", "seconded": "B. Roe"}


def chain(*contents: tuple[str, dict[str, Any]]) -> list[Entry]:
    entries: list[Entry] = []
    for number, (kind, content) in enumerate(contents):
        entries.append(
            sealed(
                kind,
                content,
                author="Ann Lee",
                written_at=START + timedelta(days=number),
                previous=entries[-1] if entries else None,
            )
        )
    return entries


def _result(rank: int, score: float, tier: str, **more: Any) -> dict[str, Any]:
    return {"rank": rank, "incentive_score": score, "tier": tier, "region_id": "europe", **more}


def run(results: dict[str, Any], inputs: dict[str, Any] | None = None) -> dict[str, Any]:
    text = read_framework()[0].model_dump_json()
    return {
        "framework": {"text": text, "sha256": sha256(text)},
        "results": results,
        "inputs": inputs or {},
    }


RUN = run({"KEN": _result(2, 61.5, "bronze"), "FRA": _result(1, 90.25, "gold")})

texts = st.text(max_size=8)
keys = st.text("abcdefgh", min_size=1, max_size=4)
values = st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | texts
contents = st.dictionaries(keys, values | st.dictionaries(keys, values, max_size=3), max_size=4)


@given(st.lists(contents, min_size=1, max_size=4))
def test_what_was_not_touched_holds(held: list[dict[str, Any]]) -> None:
    entries = chain(*(("run", one) for one in held))
    assert tampered(entries) == []
    assert tampered(entries, is_quick=True) == []


@given(st.lists(contents, min_size=2, max_size=3), st.data())
def test_any_entry_that_is_changed_is_named(
    held: list[dict[str, Any]], data: st.DataObject
) -> None:
    entries = chain(*(("run", one) for one in held))
    index = data.draw(st.integers(0, len(entries) - 1))
    content = json.loads(entries[index].content)
    content["added"] = 1
    entries[index] = replace(entries[index], content=canonical(content))
    for is_quick in (False, True):
        found = tampered(entries, is_quick=is_quick)
        assert {one.number for one in found} == {index + 1}
        assert "added" in {one.place for one in found}


def test_the_first_entry_follows_the_genesis() -> None:
    (entry,) = chain(("run", {"a": 1}))
    assert entry.previous_hash == GENESIS
    # By the rule of docs/warehouse.md, with nothing of the program.
    import hashlib

    def digest(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()

    parts = ["1", "0" * 64, digest(entry.content), digest(entry.seals)]
    assert entry.hash == digest("\n".join(parts))


@pytest.mark.parametrize(
    ("member", "field", "value"),
    [("KEN", "incentive_score", 99.0), ("KEN", "rank", 1), ("FRA", "tier", "entry")],
)
def test_a_changed_value_is_located(member: str, field: str, value: object) -> None:
    entries = chain(("run", RUN), ("run", RUN))
    content = json.loads(entries[0].content)
    content["results"][member][field] = value
    entries[0] = replace(entries[0], content=canonical(content))
    found = tampered(entries)
    assert (1, f"results.{member}.{field}") in {(one.number, one.place) for one in found}
    # The value, the hash that does not hold any more, and nothing else.
    assert [one.place for one in found] == [f"results.{member}.{field}", "hash"]


def test_a_change_that_was_sealed_and_hashed_anew_breaks_the_next_link() -> None:
    entries = chain(("run", RUN), ("run", RUN))
    other = {**RUN, "results": {"KEN": _result(1, 99.0, "gold")}}
    entries[0] = sealed("run", other, author="Ann Lee", written_at=START, previous=None)
    assert [(one.number, one.place) for one in tampered(entries)] == [(2, "previous_hash")]


def test_an_entry_that_was_taken_out_is_missed() -> None:
    entries = chain(("run", RUN), ("run", RUN), ("run", RUN))
    found = tampered([entries[0], entries[2]])
    assert ("number", "entry 2 before it is missing") in {(one.place, one.what) for one in found}


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"author": "Eve"}, "author"),
        ({"written_at": START + timedelta(seconds=1)}, "written_at"),
        ({"kind": "override"}, "kind"),
        ({"content": "{"}, "content"),
        ({"seals": "[]"}, "seals"),
        ({"hash": "0" * 64}, "hash"),
        ({"previous_hash": "1" * 64}, "previous_hash"),
    ],
)
def test_a_changed_column_is_located(change: dict[str, Any], place: str) -> None:
    entries = chain(("run", RUN))
    assert place in {one.place for one in tampered([replace(entries[0], **change)])}


def test_numbers_computed_again_may_differ_in_the_last_digits_only() -> None:
    kept = {"KEN": {"rank": 2, "incentive_score": 61.5}}
    near = {"KEN": {"rank": 2, "incentive_score": 61.5 + 1e-9}}
    assert differences(1, kept, near, "results") == []
    far = {"KEN": {"rank": 2, "incentive_score": 61.51}}
    assert [one.place for one in differences(1, kept, far, "results")] == [
        "results.KEN.incentive_score"
    ]
    assert [one.place for one in differences(1, kept, {}, "results")] == [
        "results.KEN.incentive_score",
        "results.KEN.rank",
    ]


class TestOverrides:
    """Two names and a reason, a member and run that exist, until it is withdrawn."""

    def test_an_override_holds_until_it_is_withdrawn(self) -> None:
        entries = chain(("run", RUN))
        content = override_content(entries, "KEN", tier="silver", score=None, **WORDS)
        assert (content["computed"], content["run"]) == ("bronze", 1)
        entries = chain(("run", RUN), ("override", dict(content)))
        held = holding(entries)["KEN"]
        assert (held.given, held.by, held.seconded) == ("tier silver", "Ann Lee", "B. Roe")
        away = withdrawal_content(entries, 2, **WORDS)
        entries = chain(("run", RUN), ("override", dict(content)), ("withdrawal", dict(away)))
        assert holding(entries) == {}
        assert [one.withdrawn for one in overrides(entries)] == [3]
        with pytest.raises(SelectionError, match="was withdrawn by entry 3"):
            withdrawal_content(entries, 2, **WORDS)

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"seconded": "ann  LEE"}, "cannot second"),
            ({"seconded": " "}, "second name is empty"),
            ({"by": ""}, "first name is empty"),
            ({"reason": "because"}, "fewer than 10"),
            ({"reason": "a" * 501}, "501 characters"),
            ({"by": "Ann\x07Lee"}, "control character"),
            ({"tier": "platinum"}, "'platinum' is none of"),
            ({"tier": None}, "either a tier or a score"),
            ({"tier": None, "score": float("nan")}, "not between"),
            ({"tier": None, "score": 100.5}, "not between"),
        ],
    )
    def test_what_is_wrong_is_named(self, change: dict[str, Any], said: str) -> None:
        given: dict[str, Any] = {"tier": "silver", "score": None, **WORDS, **change}
        with pytest.raises(SelectionError, match=said):
            override_content(chain(("run", RUN)), "KEN", **given)

    def test_only_who_was_ranked_can_be_overridden(self) -> None:
        with pytest.raises(SelectionError, match="no score in run 1"):
            override_content(chain(("run", RUN)), "USA", tier="silver", score=None, **WORDS)
        with pytest.raises(SelectionError, match="No scoring run"):
            override_content([], "KEN", tier="silver", score=None, **WORDS)
        with pytest.raises(SelectionError, match="entry 1 is no override"):
            withdrawal_content(chain(("run", RUN)), 1, **WORDS)


RESULTS = {
    "AAA": _result(1, 90.0, "gold", change=3, change_low=-1),
    "BBB": _result(2, 70.0, "silver", change=2, change_low=1),
    "CCC": _result(3, 55.0, "bronze", change=None, change_low=None),
    "DDD": _result(4, 20.0, "entry", change=-5, change_low=-9),
}
INPUTS = {
    "AAA": {"selected": {"received": 9}, "before": {"received": 9}},
    "BBB": {"selected": {"received": 9}, "before": {"received": 1}},
    "CCC": {"selected": {"received": 5}, "before": {"received": 0}},
    "DDD": {"selected": {"received": 5}},
}


class TestRecognition:
    """Tiers, the most improved beyond chance, the best newcomer."""

    def test_who_is_recognised(self) -> None:
        found = {(one.member, one.id) for one in awards(run(RESULTS, INPUTS), {})}
        assert found == {
            ("AAA", "tier-gold"),
            ("BBB", "tier-silver"),
            ("CCC", "tier-bronze"),
            # AAA gained more, but may as well have lost a place.
            ("BBB", "most_improved"),
            # DDD is new too and scores less.
            ("CCC", "best_newcomer"),
        }

    def test_a_tier_by_decision_goes_before_the_computed_one(self) -> None:
        content = run(RESULTS, INPUTS)
        entries = chain(("run", content))
        decided = override_content(entries, "DDD", tier="bronze", score=None, **WORDS)
        entries = chain(("run", content), ("override", dict(decided)))
        found = {one.member: one for one in awards(content, holding(entries)) if one.tier}
        assert (found["DDD"].tier, found["DDD"].override) == ("bronze", 2)
        assert found["AAA"].override is None

    def test_what_was_given_is_read_back(self) -> None:
        held = {"KEN": {"tier-gold": {"kind": "tier", "tier": "gold", "override": None}}}
        (one,) = given_awards(chain(("run", RUN), ("recognition", {"run": 1, "awards": held})))
        assert (one.entry, one.run, one.award.id, one.given_by) == (2, 1, "tier-gold", "Ann Lee")


def test_the_effect_of_a_change_by_hand() -> None:
    before = results_frame(
        {
            "AAA": _result(1, 90.0, "gold"),
            "BBB": _result(2, 80.0, "gold"),
            "CCC": _result(3, 60.0, "bronze"),
            "DDD": _result(4, 50.0, "bronze"),
            "EEE": _result(5, 40.0, "entry"),
        }
    )
    after = results_frame(
        {
            "AAA": _result(1, 90.0, "gold"),
            "CCC": _result(2, 82.0, "gold"),
            "BBB": _result(3, 80.0, "gold"),
            "DDD": _result(4, 50.0, "bronze"),
            "FFF": _result(5, 45.0, "entry"),
        }
    )
    moved = moves(before, after)
    assert moved["member_iso3"].tolist() == ["BBB", "CCC", "AAA", "DDD", "EEE", "FFF"]
    assert moved["change"].tolist()[:4] == [-1, 1, 0, 0]
    whole = effect(moved)
    assert (whole.members, whole.moved, whole.largest, whole.tier_changes) == (4, 2, 1, 1)
    assert (whole.entered, whole.left) == (1, 1)
    # Spearman: 1 - 6 sum(d^2) / (n (n^2 - 1)) = 1 - 6 x 2 / 60.
    assert whole.rho == pytest.approx(0.8)
