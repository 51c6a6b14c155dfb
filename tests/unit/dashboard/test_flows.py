"""Which collection and which state of knowledge figures of trade are taken from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from dashboard.flows import (
    MIRRORED_FLOW,
    is_past,
    of_trade,
    trade_collection,
    why_not_reconciled,
)
from dashboard.selection import Selection
from tests.support.catalogues import CATALOGUE


@pytest.mark.parametrize(
    ("asked", "used"),
    [
        ("trade_annual", "trade_annual"),
        ("trade_monthly", "trade_monthly"),
        ("revenue_monthly", "trade_monthly"),
        (None, "trade_monthly"),
    ],
)
def test_a_collection_without_trade_gives_way_to_the_first_of_trade(
    asked: str | None, used: str
) -> None:
    assert trade_collection(asked, CATALOGUE) == used
    assert of_trade(Selection(collection=asked), CATALOGUE).collection == used


def test_without_any_trade_the_collection_stays() -> None:
    bare = replace(CATALOGUE, trade_collections=())
    assert trade_collection("revenue_monthly", bare) == "revenue_monthly"
    assert trade_collection(None, bare) == ""


def test_only_a_day_before_the_last_known_is_past() -> None:
    today = CATALOGUE.data_on
    assert not is_past(Selection(as_of=today), CATALOGUE)
    assert is_past(Selection(as_of=today - timedelta(days=1)), CATALOGUE)
    assert not is_past(Selection(), CATALOGUE)


def test_the_mirror_of_a_mirror_is_the_flow_itself() -> None:
    assert {flow: MIRRORED_FLOW[MIRRORED_FLOW[flow]] for flow in MIRRORED_FLOW} == {
        "M": "M",
        "X": "X",
    }


@pytest.mark.parametrize(
    ("asked", "used"), [("mass_kg", "mass_kg"), ("growth", "value_usd"), (None, "value_usd")]
)
def test_a_measure_that_is_no_sum_gives_way_to_the_value(asked: str | None, used: str) -> None:
    assert of_trade(Selection(measure=asked), CATALOGUE).measure == used


RECONCILED = Selection(
    flow="X", source="reconciled", collection="trade_monthly", measure="value_usd"
)


@pytest.mark.parametrize(
    ("changes", "past", "reason"),
    [
        ({}, False, None),
        ({"flow": "M", "commodity": "S16"}, False, None),
        ({"flow": "RX"}, False, "flow"),
        ({}, True, "past"),
        ({"commodity": "84"}, False, "commodity"),
        ({"commodity": "840999"}, False, "commodity"),
    ],
)
def test_records_are_reconciled_down_to_sections_of_the_current_state(
    changes: dict[str, str], past: bool, reason: str | None
) -> None:
    assert why_not_reconciled(replace(RECONCILED, **changes), past=past) == reason  # type: ignore[arg-type]


def test_reconciled_records_fall_back_on_those_reported() -> None:
    assert of_trade(RECONCILED, CATALOGUE, can_reconcile=True).source == "reconciled"
    assert of_trade(RECONCILED, CATALOGUE).source == "reported"
    past = Selection(flow="X", source="reconciled", as_of=date(2025, 1, 1))
    assert of_trade(past, CATALOGUE, can_reconcile=True).source == "reported"


def test_other_sources_stay() -> None:
    for source in ("reported", "mirror"):
        assert of_trade(Selection(source=source), CATALOGUE).source == source
