"""The path through trade follows from the selection, and leads back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dashboard.drill import (
    event_kind,
    goods_above,
    lack_of,
    level_of,
    path_of,
    period_count,
    range_before,
)
from dashboard.measures import LEVELS, MEASURES, SUMMED_MEASURES, TRADE_MEASURES, Level
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


def test_each_measure_of_trade_is_of_the_catalogue_and_the_sums_fit_everywhere() -> None:
    assert {name for name, measure in MEASURES.items() if measure.levels} == set(TRADE_MEASURES)
    for measure in SUMMED_MEASURES:
        assert MEASURES[measure].levels == LEVELS
        for level in LEVELS:
            mirrored = Selection(source="mirror", commodity="0302")
            assert lack_of(measure, mirrored, level, is_past=True) is None


@pytest.mark.parametrize(
    ("measure", "level", "chosen", "is_past", "lack"),
    [
        ("unit_value", "section", {}, False, "level"),
        ("unit_value", "heading", {"source": "mirror"}, True, None),
        ("growth", "partner", {"source": "mirror"}, False, "mirror"),
        ("growth", "region", {}, True, "past"),
        ("growth", "partner", {}, True, None),
        ("growth", "heading", {"commodity": "03"}, False, None),
        ("hhi", "member", {}, False, None),
        ("hhi", "member", {"commodity": "S1"}, False, None),
        ("hhi", "member", {"commodity": "03"}, False, "goods"),
        ("hhi", "member", {}, True, "past"),
        ("hhi", "partner", {}, False, "level"),
        ("hhi_chapters", "region", {"partner_regions": ("europe",)}, False, "partners"),
        ("hhi_chapters", "region", {"source": "mirror"}, False, "mirror"),
        ("balassa_index", "region", {}, False, "commodity"),
        ("balassa_index", "region", {"commodity": "27"}, False, None),
        ("balassa_index", "region", {"commodity": "2709"}, False, "goods"),
        ("balassa_index", "chapter", {"commodity": "S5"}, False, None),
        ("balassa_index", "heading", {"commodity": "27"}, False, "level"),
        ("grubel_lloyd", "heading", {"source": "mirror", "commodity": "27"}, True, None),
        ("grubel_lloyd", "partner", {"partner_regions": ("europe",)}, False, None),
        ("grubel_lloyd", "partner", {"commodity": "27"}, False, "goods"),
        ("usd_per_head", "region", {}, False, None),
        ("gdp_share", "member", {"source": "mirror"}, False, "mirror"),
    ],
)
def test_a_measure_says_why_it_cannot_be_shown(
    measure: str, level: Level, chosen: dict[str, Any], is_past: bool, lack: str | None
) -> None:
    assert lack_of(measure, Selection(**chosen), level, is_past=is_past) == lack


def test_the_range_before_ends_where_the_range_begins() -> None:
    months = Selection(first="2024-03", last="2025-02")
    assert range_before(months, is_annual=False) == Selection(first="2023-03", last="2024-02")
    years = Selection(first="2016-05", last="2017-02")
    assert range_before(years, is_annual=True) == Selection(first="2014-01", last="2015-12")
    assert (period_count(months, is_annual=False), period_count(years, is_annual=True)) == (12, 2)
