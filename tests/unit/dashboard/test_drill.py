"""The path through trade follows from the selection, and leads back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dashboard.drill import LEVELS, event_kind, goods_above, level_of, path_of
from dashboard.selection import Event, Selection, reduce
from tests.support.catalogues import CATALOGUE

SECTIONS = {"03": 1}
DOWN = (
    ("region", "region", "europe"),
    ("member", "member", "FRA"),
    ("partner", "partner", "KEN"),
    ("section", "commodity", "S1"),
    ("chapter", "commodity", "03"),
    ("heading", "commodity", "0302"),
    ("subheading", "commodity", "030214"),
)


def _gone(count: int) -> Selection:
    selection = Selection(flow="M", first="2024-01")
    for _, kind, value in DOWN[:count]:
        selection = reduce(selection, Event(kind, (value,)), CATALOGUE)
    return selection


def test_each_click_on_an_item_goes_one_level_down() -> None:
    assert [level_of(_gone(count)) for count in range(len(DOWN))] == list(LEVELS)
    assert [event_kind(level) for level in LEVELS] == [kind for _, kind, _ in DOWN]


def test_below_a_subheading_there_is_nothing() -> None:
    assert level_of(_gone(len(DOWN))) == "subheading"


def test_every_step_leads_back_to_the_selection_that_was_there() -> None:
    steps = path_of(_gone(len(DOWN)), CATALOGUE.members, SECTIONS)
    assert [step.selection for step in steps] == [_gone(count) for count in range(len(DOWN) + 1)]
    assert [step.level for step in steps] == [None, *LEVELS]


def test_a_member_without_its_region_still_leads_back_to_it() -> None:
    steps = path_of(Selection(members=("KEN", "UKR")), CATALOGUE.members, SECTIONS)
    assert steps[1].items == ("east_southern_africa", "europe")
    assert steps[1].selection == Selection(regions=("east_southern_africa", "europe"))
    assert steps[2].selection == Selection(members=("KEN", "UKR"))


def test_a_commodity_that_only_narrows_is_no_step_and_stays() -> None:
    selection = Selection(regions=("europe",), commodity="0302")
    assert level_of(selection) == "member"
    steps = path_of(selection, CATALOGUE.members, SECTIONS)
    assert [step.level for step in steps] == [None, "region"]
    after = reduce(selection, Event("member", ("FRA",)), CATALOGUE)
    assert level_of(replace(after, partners=("KEN",))) == "subheading"


@pytest.mark.parametrize(
    ("code", "steps"),
    [
        (None, []),
        ("S7", ["section"]),
        ("03", ["section", "chapter"]),
        ("9902", ["chapter", "heading"]),  # a chapter of no section
    ],
)
def test_goods_are_reached_through_what_they_are_part_of(
    code: str | None, steps: list[str]
) -> None:
    assert [level for level, _ in goods_above(code, SECTIONS)] == steps
