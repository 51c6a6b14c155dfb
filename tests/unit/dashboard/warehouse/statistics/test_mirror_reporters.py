"""Where records stand, fitted when a generation is built."""

from __future__ import annotations

import math
from pathlib import Path

import duckdb
import pytest

from dashboard.warehouse.publishing import publish
from tests.support.workshops import finish_by_hand, open_workshop

AREAS = (56, 276, 404, 516, 528, 800, 840)
"""Belgium, Germany, Kenya, Namibia, the Netherlands, Uganda, the United States."""

BOASTFUL = 404
MARGIN = 0.06


def _value(exporter: int, importer: int) -> float:
    return 1000.0 + exporter + 3 * importer


def test_a_reporter_that_doubles_its_exports_stands_apart_in_that_year_alone(
    tmp_path: Path,
) -> None:
    url = f"duckdb:///{tmp_path / 'warehouse.duckdb'}"
    filler = open_workshop(url)
    for period, factor in ((202301, 2.0), (202302, 2.0), (202401, 1.0)):
        for reporter in AREAS:
            own = factor if reporter == BOASTFUL else 1.0
            rows = []
            for partner in AREAS:
                if partner == reporter:
                    continue
                rows.append(("X", partner, "030214", own * _value(reporter, partner)))
                rows.append(("M", partner, "030214", _value(partner, reporter) * (1 + MARGIN)))
            # Returned goods are no trade with a partner; re-exports are part of the exports.
            rows.append(("X", reporter, "030214", 5e9))
            rows.append(("RX", 840 if reporter != 840 else 56, "030214", 1.0))
            filler.submission(reporter, period, f"{period // 100 + 1}-06-01T08:00:00", rows=rows)
    finish_by_hand(filler.workshop)
    publish(filler.workshop, url)
    with duckdb.connect(tmp_path / "warehouse.duckdb", read_only=True) as connection:
        found = connection.execute(
            "SELECT year, flow_code, reporter_id, pair_count, effect, low, high "
            "FROM agg_mirror_reporter ORDER BY ALL"
        ).fetchall()
    assert len(found) == 2 * 2 * len(AREAS)
    for year, flow, reporter, pairs, effect, low, high in found:
        expected = math.log(2) if (year, flow, reporter) == (2023, "X", BOASTFUL) else 0.0
        assert pairs == len(AREAS) - 1
        assert effect == pytest.approx(expected, abs=1e-6)
        assert low <= high


def test_without_trade_nothing_is_fitted(tmp_path: Path) -> None:
    url = f"duckdb:///{tmp_path / 'warehouse.duckdb'}"
    filler = open_workshop(url)
    filler.submission(404, 202301, "2023-06-01T08:00:00", rows=[("X", 800, "030214", 5.0)])
    finish_by_hand(filler.workshop)
    publish(filler.workshop, url)
    with duckdb.connect(tmp_path / "warehouse.duckdb", read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM agg_mirror_reporter").fetchone() == (0,)
