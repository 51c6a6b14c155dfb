"""Layouts are recognised by their headers, however these are spelt."""

from __future__ import annotations

import re

import pytest

from dashboard.errors import DataContractError
from dashboard.warehouse.file_layouts import (
    COMTRADE_CURRENT,
    COMTRADE_OLD,
    ISO3_BRIEF,
    LAYOUTS,
    NAMES_ONLY,
    FileLayout,
    normalise,
    recognise,
)
from tests.support.trade_files import CURRENT

PASCAL = [name[0].upper() + name[1:] for name in CURRENT]
SNAKE = [re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower() for name in CURRENT]
TYPOS = [{"Partner2Code": "Prtner2Code", "AltQty": "AtlQty"}.get(name, name) for name in PASCAL]


@pytest.mark.parametrize("headers", [list(CURRENT), PASCAL, SNAKE, TYPOS, PASCAL[::-1]])
def test_current_layout_is_recognised_in_each_spelling_and_order(headers: list[str]) -> None:
    found = recognise(headers, file_name="f.csv")
    assert found.layout is COMTRADE_CURRENT
    assert found.width == 47
    assert normalise(headers[found.positions["value"]]) == "primaryvalue"
    assert normalise(headers[found.positions["partner2"]]) == "partner2code"


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.id)
def test_each_layout_recognises_its_own_headers(layout: FileLayout) -> None:
    assert recognise(layout.headers, file_name="f.csv").layout is layout


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.id)
def test_each_layout_needs_no_optional_header(layout: FileLayout) -> None:
    needed = [name for name in layout.headers if name not in layout.optional]
    assert recognise(needed, file_name="f.csv").layout is layout


def test_layouts_have_47_22_8_and_9_headers() -> None:
    layouts = (COMTRADE_CURRENT, COMTRADE_OLD, NAMES_ONLY, ISO3_BRIEF)
    assert [len(layout.headers) for layout in layouts] == [47, 22, 8, 9]


def test_nameless_last_header_is_no_column() -> None:
    assert recognise([*CURRENT, ""], file_name="f.csv").width == 47


def test_column_that_no_layout_knows_is_told() -> None:
    assert recognise([*CURRENT, "colour"], file_name="f.csv").ignored == ("colour",)


def test_unknown_layout_is_refused_with_the_nearest_one_and_the_difference() -> None:
    headers = ["primaryValueUsd" if name == "primaryValue" else name for name in CURRENT]
    with pytest.raises(DataContractError) as caught:
        recognise(headers, file_name="trade.csv")
    text = str(caught.value)
    assert "trade.csv" in text
    assert "'comtrade_current'" in text
    assert "missing: ['primaryValue']" in text
    assert "not known: ['primaryValueUsd']" in text
    assert "'primaryValueUsd' may mean 'primaryValue'" in text


def test_header_that_stands_twice_is_refused() -> None:
    with pytest.raises(DataContractError, match="more than once"):
        recognise([*CURRENT, "Period"], file_name="f.csv")


def test_layout_may_not_map_a_header_that_it_lacks() -> None:
    with pytest.raises(ValueError, match="worth"):
        FileLayout(id="x", title="x", headers=("a",), columns={"value": "worth"})
