"""The way down reads the facts only where nothing smaller answers, and then by ranges."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dashboard.drill import level_of, range_before
from dashboard.selection import Selection
from queries.explore import ITEM_COLUMN, drill_trade, reports, trade_by

BASE: dict[str, Any] = {
    "first": "2024-01",
    "last": "2024-12",
    "as_of": date(2025, 6, 30),
    "collection": "trade_monthly",
    "flow": "X",
}
PAIR: dict[str, Any] = {"members": ("DEU",), "partners": ("FRA",)}
SUMMED: dict[str, dict[str, Any]] = {
    "region": {},
    "region of a section": {"commodity": "S16"},
    "region of a chapter": {"commodity": "84"},
    "member": {"regions": ("europe",)},
    "member towards": {"regions": ("europe",), "partner_regions": ("americas",)},
    "partner": {"members": ("DEU",)},
    "section": PAIR,
}
FINE: dict[str, dict[str, Any]] = {
    "chapter": {**PAIR, "commodity": "S16"},
    "heading": {**PAIR, "commodity": "84"},
    "subheading": {**PAIR, "commodity": "8471"},
}


@pytest.mark.parametrize("case", list(SUMMED))
def test_down_to_the_sections_of_a_pair_sums_answer(case: str) -> None:
    selection = Selection(**BASE, **SUMMED[case])
    level = level_of(selection)
    assert level == case.split()[0]
    statement = drill_trade(selection, level, ("X", "M"), is_past=False)
    assert "fct_trade" not in str(statement)


@pytest.mark.parametrize("column", ["partner_iso3", "chapter_code"])
@pytest.mark.parametrize("level", ["region", "member"])
def test_measures_of_many_cells_are_answered_by_sums(level: str, column: str) -> None:
    by = (ITEM_COLUMN[level], column, "flow_code")  # type: ignore[index]  # a level by its name
    assert "fct_trade" not in str(trade_by(Selection(**BASE), by, ("X", "M"), is_past=False))


def test_who_has_reported_is_answered_by_sums() -> None:
    selection = Selection(**BASE)
    before = range_before(selection, is_annual=False)
    assert "fct_trade" not in str(reports(selection, before, is_past=False))


@pytest.mark.parametrize("case", list(FINE))
def test_below_the_facts_are_read_of_one_pair(case: str) -> None:
    selection = Selection(**BASE, **FINE[case])
    text = str(drill_trade(selection, level_of(selection), ("X", "M"), is_past=False))
    assert "fct_trade" in text
    for column in ("period_id", "reporter_id", "partner_id", "flow_code"):
        assert f"fct_trade.{column} IN" in text


@pytest.mark.parametrize("code", ["84", "8471", "99"])
def test_a_commodity_is_a_range_of_codes(code: str) -> None:
    selection = Selection(**BASE, **PAIR, commodity=code)
    text = str(drill_trade(selection, level_of(selection), ("X",), is_past=False))
    where = text.partition("WHERE")[2]
    assert "fct_trade.commodity_code >=" in where
    assert ("fct_trade.commodity_code <" in where) == (code != "99")
    assert "substr" not in where.partition("GROUP BY")[0]
