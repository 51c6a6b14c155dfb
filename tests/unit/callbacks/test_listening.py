"""Events, controls and typed names become the right selection."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from callbacks import VIEWS
from callbacks.listening import (
    change,
    control_values,
    measure_notices,
    member_named,
    read_event,
    refused_day,
)
from dashboard import ids
from dashboard.framework import read_framework
from dashboard.selection import Event, Selection
from dashboard.words import read_words
from layouts.palette import LIGHT
from layouts.scene import Scene
from layouts.shell import notice_children
from tests.support.catalogues import CATALOGUE, NAMES


@pytest.mark.parametrize(
    "data",
    [None, 3, "text", [], {}, {"mark": None}, {"mark": []}, {"mark": [1, 2]}, {"mark": {"a": 1}}],
)
def test_what_is_no_event_is_refused(data: Any) -> None:
    assert read_event(data) is None


def test_a_mark_becomes_an_event() -> None:
    data = {"mark": ["member:KEN"], "additive": True, "removal": False}
    assert read_event(data) == Event("member", ("KEN",), is_additive=True)


def test_a_lasso_collects_the_values_of_one_kind() -> None:
    data = {"mark": ["member:KEN", "member:UGA", "region:europe", "member:KEN"], "additive": 1}
    assert read_event(data) == Event("member", ("KEN", "UGA"), is_additive=True)


def test_a_pair_keeps_both_sides_even_if_they_are_the_same() -> None:
    assert read_event({"mark": ["pair:europe|europe"]}) == Event("pair", ("europe", "europe"))


@pytest.mark.parametrize(
    ("text", "iso3"),
    [
        ("Kenya", "KEN"),
        ("kenya ", "KEN"),
        ("ken", "KEN"),
        ("Ugan", "UGA"),
        ("U", None),
        ("", None),
        ("Atlantis", None),
        ("x" * 5000, None),
    ],
)
def test_a_typed_name_means_one_member_or_none(text: str, iso3: str | None) -> None:
    assert member_named(text, NAMES) == iso3


def test_a_typed_member_is_added() -> None:
    after = change(Selection(members=("UGA",)), ids.MEMBER, "Kenya", CATALOGUE, NAMES)
    assert after.members == ("UGA", "KEN")


def test_another_collection_forgets_the_range() -> None:
    before = Selection(first="2024-01", last="2024-06")
    after = change(before, ids.COLLECTION, "trade_annual", CATALOGUE, NAMES)
    assert (after.collection, after.first, after.last) == ("trade_annual", None, None)


@pytest.mark.parametrize("value", [None, "", "nonsense", 7, ["europe"], {"a": 1}])
def test_a_cleared_or_forged_region_means_all(value: Any) -> None:
    after = change(Selection(regions=("europe",)), ids.REGION, value, CATALOGUE, NAMES)
    assert after.regions == ()


@pytest.mark.parametrize(
    ("value", "key"),
    [
        (None, None),
        ("", None),
        (7, None),
        ("2024-03-12", None),
        ("2999-01-01", "day_outside"),
        ("1999-01-01", "day_outside"),
        ("soon&member=KEN", "refused"),
    ],
)
def test_a_typed_day_that_is_none_is_told_of(value: Any, key: str | None) -> None:
    keys = [notice.key for notice in refused_day(value, CATALOGUE)]
    assert keys == ([] if key is None else [key])


def test_a_cleared_as_of_means_today() -> None:
    before = Selection(as_of=date(2025, 1, 1))
    assert change(before, ids.AS_OF, None, CATALOGUE, NAMES).as_of is None


def test_controls_show_what_holds() -> None:
    values = control_values(Selection(regions=("europe",)).resolve(CATALOGUE))
    assert values[ids.REGION] == "europe"
    assert values[ids.COLLECTION] == "trade_monthly"
    assert values[ids.AS_OF] == CATALOGUE.data_on.isoformat()
    assert values[ids.MEMBER] == ""


@pytest.mark.parametrize(
    ("view", "measure", "count"),
    [
        ("flows", "growth", 1),
        ("overview", "balassa_index", 1),
        ("flows", "mass_kg", 0),
        ("flows", None, 0),
        ("explore", "growth", 0),
        ("timeliness", "growth", 0),
    ],
)
def test_a_view_says_which_measure_it_cannot_show(
    view: str, measure: str | None, count: int
) -> None:
    framework, _ = read_framework()
    chosen = Selection(measure=measure)
    scene = Scene(
        selection=chosen.resolve(CATALOGUE),
        chosen=chosen,
        words=read_words("en"),
        names=NAMES,
        palette=LIGHT,
        catalogue=CATALOGUE,
        framework=framework,
        info={},
    )
    shown = next(one for one in VIEWS if one.id == view)
    found = notice_children(scene.words, measure_notices(shown, scene))
    assert len(found) == count
