"""Both records of a trade brought into one, by hand."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dashboard.warehouse.publishing import publish
from tests.support.workshops import finish_by_hand, open_workshop

AREAS = (56, 276, 404, 516, 528, 800, 840)
BOASTFUL = 404
MARGIN = 0.06
FISH, FUEL = "030214", "270900"
LEAST = 0.01


def _value(exporter: int, importer: int) -> float:
    return 1000.0 + exporter + 3 * importer


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[Any, ...]]]:
    """A month in which one area doubles its exports, and five cells are special."""
    folder: Path = tmp_path_factory.mktemp("reconciled")
    url = f"duckdb:///{folder / 'warehouse.duckdb'}"
    filler = open_workshop(url)
    for reporter in AREAS:
        own = 2.0 if reporter == BOASTFUL else 1.0
        rows = [
            (flow, partner, FISH, value)
            for partner in AREAS
            if partner != reporter
            for flow, value in (
                ("X", own * _value(reporter, partner)),
                ("M", _value(partner, reporter) * (1 + MARGIN)),
            )
        ]
        if reporter == 56:
            # Germany's imports of Belgian fish stand under fuels: see the second period.
            rows.append(("X", 76, FISH, 50.0))  # Brazil records nothing
            rows.append(("M", 76, FISH, 106.0))
            rows.append(("RX", 276, FISH, 1.0))  # part of the exports
        filler.submission(reporter, 202301, "2023-03-01T08:00:00", rows=rows)
    filler.submission(56, 202302, "2023-04-01T08:00:00", rows=[("X", 276, FISH, 80.0)])
    filler.submission(276, 202302, "2023-04-01T08:00:00", rows=[("M", 56, FUEL, 127.2)])
    finish_by_hand(filler.workshop)
    publish(filler.workshop, url)
    with duckdb.connect(folder / "warehouse.duckdb", read_only=True) as connection:
        return {
            name: connection.execute(f"SELECT {columns} FROM {name} ORDER BY ALL").fetchall()
            for name, columns in {
                "agg_record_distance": "year, flow_code, reporter_id, pair_count, distance",
                "agg_reconciled_pair": "period_id, reporter_id, partner_id, exported_usd, "
                "imported_usd, value_usd, row_count",
                "agg_reconciled_section": "period_id, reporter_id, partner_id, section_id, "
                "value_usd",
            }.items()
        }


def test_only_the_area_that_doubles_is_far_from_its_partners(
    tables: dict[str, list[tuple[Any, ...]]],
) -> None:
    found = {(flow, area): distance for _, flow, area, _, distance in tables["agg_record_distance"]}
    assert len(found) == 2 * len(AREAS)
    assert found["X", BOASTFUL] == pytest.approx(math.log(2) * 6 / 11, abs=1e-3)
    assert found["M", BOASTFUL] == pytest.approx(LEAST)


def _pair(tables: dict[str, list[tuple[Any, ...]]], *key: int) -> tuple[Any, ...]:
    return next(row[3:] for row in tables["agg_reconciled_pair"] if row[:3] == key)


def test_records_that_agree_stay_as_they_are(tables: dict[str, list[tuple[Any, ...]]]) -> None:
    value = _value(840, 800)
    assert _pair(tables, 202301, 840, 800) == pytest.approx((value, value, value, 2))


def test_the_record_that_is_usually_closer_counts_more(
    tables: dict[str, list[tuple[Any, ...]]],
) -> None:
    exported, imported, value, _ = _pair(tables, 202301, BOASTFUL, 800)
    true = _value(BOASTFUL, 800)
    assert (exported, imported) == pytest.approx((2 * true, true))
    far = math.log(2) * 6 / 11
    weight = LEAST**2 / (LEAST**2 + far**2)
    assert value == pytest.approx(weight * 2 * true + (1 - weight) * true, rel=1e-4)


def test_what_one_side_alone_records_is_taken_from_it_free_on_board(
    tables: dict[str, list[tuple[Any, ...]]],
) -> None:
    assert _pair(tables, 202301, 56, 76) == (50.0, None, 50.0, 1)
    assert _pair(tables, 202301, 76, 56) == pytest.approx((None, 100.0, 100.0, 1), nan_ok=True)


def test_one_trade_under_two_sections_is_not_counted_twice(
    tables: dict[str, list[tuple[Any, ...]]],
) -> None:
    exported, imported, value, _ = _pair(tables, 202302, 56, 276)
    assert (exported, imported) == pytest.approx((80.0, 120.0))
    assert 80.0 < value < 120.0
    parts = {
        row[3]: row[4] for row in tables["agg_reconciled_section"] if row[:3] == (202302, 56, 276)
    }
    # Live animals (I) and minerals (V), in the proportion of 80 to 120.
    assert parts == pytest.approx({1: value * 0.4, 5: value * 0.6})
