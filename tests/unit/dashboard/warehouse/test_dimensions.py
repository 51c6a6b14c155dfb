"""Dimensions follow from the reference facts, the framework and the codes that facts hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboard.warehouse.workshop import discard
from tests.support.workshops import ALBANIA, FRANCE, Filler, finish_by_hand, open_workshop

Ask = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture
def filler(tmp_path: Path) -> Iterator[Filler]:
    filler = open_workshop(f"duckdb:///{tmp_path / 'w.duckdb'}")
    yield filler
    discard(filler.workshop)


@pytest.fixture
def ask(filler: Filler) -> Ask:
    return lambda text: filler.workshop.connection.execute(text).fetchall()


def test_dimensions_are_there_before_anything_is_loaded(ask: Ask) -> None:
    assert ask("SELECT kind, count(*) FROM dim_member GROUP BY 1 ORDER BY 1") == [
        ("member", 186),
        ("union", 1),
    ]
    assert ask("SELECT count(*) FROM dim_region") == [(6,)]
    assert ask("SELECT iso2, name_fr FROM dim_member WHERE member_id = 516") == [("NA", "Namibie")]
    assert ask("SELECT kind, region_id FROM dim_partner WHERE partner_id = 899") == [
        ("special", None)
    ]


def test_periods_reach_from_1988_to_the_year_after_the_last_known_day(
    filler: Filler, ask: Ask
) -> None:
    finish_by_hand(filler.workshop, date(2024, 2, 29))
    assert ask(
        "SELECT frequency, min(period_id), max(period_id), count(*) FROM dim_period "
        "GROUP BY 1 ORDER BY 1"
    ) == [("A", 1988, 2025, 38), ("M", 198801, 202512, 38 * 12)]
    assert ask("FROM dim_period WHERE period_id IN (2023, 202402) ORDER BY 1") == [
        (2023, "A", 2023, None, None, date(2023, 1, 1), date(2023, 12, 31)),
        (202402, "M", 2024, 1, 2, date(2024, 2, 1), date(2024, 2, 29)),
    ]


def test_chapter_is_named_in_both_languages_and_belongs_to_its_section(ask: Ask) -> None:
    assert ask("FROM dim_commodity WHERE commodity_code = '03'") == [
        ("03", 2, "03", 1, None, "Fish and crustaceans", "Poissons et crustacés")
    ]


def test_subheading_has_its_english_title_in_both_languages(ask: Ask) -> None:
    ((level, chapter, parent, english, french),) = ask(
        "SELECT hs_level, chapter_code, parent_code, title_en, title_fr FROM dim_commodity "
        "WHERE commodity_code = '010121'"
    )
    assert (level, chapter, parent) == (6, "01", "0101")
    assert english == french != "010121"


def test_code_of_an_older_edition_enters_with_its_parents(filler: Filler, ask: Ask) -> None:
    """854211 is not in HS 2022; chapter 98 is for national use."""
    rows = [("M", FRANCE, "854211", 1), ("M", FRANCE, "989912", 1)]
    filler.submission(ALBANIA, 202301, "2023-03-01", rows=rows)
    finish_by_hand(filler.workshop)
    assert ask(
        "SELECT commodity_code, chapter_code, section_id, parent_code, title_en "
        "FROM dim_commodity WHERE commodity_code IN ('854211', '989912', '9899') ORDER BY 1"
    ) == [
        ("854211", "85", 16, "8542", "854211"),
        ("9899", "98", 0, "98", "9899"),
        ("989912", "98", 0, "9899", "989912"),
    ]


def test_every_code_has_its_parent_and_a_section(ask: Ask) -> None:
    assert (
        ask(
            "SELECT commodity_code FROM dim_commodity WHERE section_id NOT IN "
            "(SELECT section_id FROM dim_section) OR parent_code NOT IN "
            "(SELECT commodity_code FROM dim_commodity)"
        )
        == []
    )


def test_collections_and_rules_follow_the_framework_in_its_order(ask: Ask) -> None:
    assert ask(
        "SELECT collection_id, frequency, due_days, first_period_id, log_began_on "
        "FROM dim_collection ORDER BY sort_order"
    ) == [("monthly", "M", 45, 202201, None), ("annual", "A", 180, 2020, None)]
    assert ask("SELECT rule_id, severity_weight FROM dim_rule ORDER BY sort_order") == [
        ("hard", 1.0),
        ("soft", 0.4),
    ]
