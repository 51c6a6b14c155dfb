"""Months out of lines: the course of the world, seasons, and hashed noise."""

from __future__ import annotations

from datetime import date

import duckdb
import numpy as np
import pandas as pd
import pytest

from dashboard.warehouse.sample.expansion import (
    Expansion,
    cells,
    normal,
    prepare,
    uniform,
    world_months,
)
from dashboard.warehouse.workshop import Silent

SIDE = {
    "line_id": 1, "noise_key": 1, "reporter_id": 8, "partner_id": 12, "flow_code": "X",
    "code_h5": "080810", "code_h6": "080810", "usd_month": 1e6, "growth": 0.0, "season": 0.4,
    "peak_month": 9.0, "line_noise": 0.0, "report_noise": 0.0, "lag": 0, "first_month": 0,
    "last_month": 9999, "active": 1.0, "frozen_from": 9999, "price_usd_kg": 2.0, "unit": "",
    "unit_mass_kg": 1.0, "missing_mass": 0.0, "estimated": 0.0, "slip": 0.0,
    "revision_spread": 0.0, "without_unit": 0.0, "gaps": 0.0,
}  # fmt: skip


def seen(**changes: object) -> pd.DataFrame:
    """Return what a side with these parameters sees from 2024 on, world trade held still."""
    connection = duckdb.connect()
    context = Expansion(connection, 1, Silent())
    months = world_months(2024, date(2026, 1, 1)).assign(world_level=1.0)
    submissions = pd.DataFrame(
        {
            "submission_id": [1], "reporter_id": [8], "collection_id": ["x"], "period_id": [1],
            "revision": [0], "is_final": [True], "has_data": [True],
        }
    )  # fmt: skip
    reporters = pd.DataFrame(
        {
            "reporter_id": [8], "switches_late": [False], "annual_level": [4],
            "is_detailed": [False], "total_slip": [0.0], "old_codes_until": [0],
        }
    )  # fmt: skip
    prepare(context, pd.DataFrame([{**SIDE, **changes}]), months, submissions, reporters)
    found = connection.execute(f"{cells(context)} ORDER BY period_id").df()
    connection.close()
    return found


@pytest.fixture
def draws() -> tuple[np.ndarray, np.ndarray]:
    connection = duckdb.connect()
    bits = Expansion(connection, 7, Silent()).hash(3, "range")
    found = connection.execute(
        f"SELECT {uniform(bits, 1)} AS u, {normal(bits)} AS z FROM range(200000)"
    ).fetchnumpy()
    connection.close()
    return found["u"], found["z"]


def test_hashed_numbers_are_uniform_and_near_normal(
    draws: tuple[np.ndarray, np.ndarray],
) -> None:
    u, z = draws
    assert (u >= 0).all()
    assert (u < 1).all()
    assert u.mean() == pytest.approx(0.5, abs=0.005)
    assert u.std() == pytest.approx(np.sqrt(1 / 12), abs=0.005)
    assert z.mean() == pytest.approx(0, abs=0.01)
    assert z.std() == pytest.approx(1, abs=0.01)


def test_different_purposes_give_independent_bits() -> None:
    connection = duckdb.connect()
    context = Expansion(connection, 7, Silent())
    ((correlation,),) = connection.execute(
        f"SELECT corr({normal(context.hash(1, 'range'))}, {normal(context.hash(2, 'range'))}) "
        "FROM range(100000)"
    ).fetchall()
    connection.close()
    assert abs(correlation) < 0.02


def test_world_trade_dips_in_2020_and_rebounds() -> None:
    level = world_months(2016, date(2026, 6, 15)).set_index("period_id")["world_level"]
    assert level[202004] < 0.8 * level[201904]
    assert level[202104] > 1.2 * level[202004]
    assert level.index.max() == 202606
    assert level.index.min() == 201512


def test_a_season_peaks_in_its_month_and_swings_by_its_size() -> None:
    found = seen().query("period_id >= 202401 and period_id <= 202412")
    values = found["seen_usd"].to_numpy()
    assert found["period_id"].iloc[values.argmax()] == 202409
    assert values.max() == pytest.approx(1.4e6)
    assert values.min() == pytest.approx(0.6e6)


def test_a_late_arrival_shows_the_month_before() -> None:
    here = seen(line_noise=0.3).set_index("period_id")["seen_usd"]
    there = seen(line_noise=0.3, lag=1).set_index("period_id")["seen_usd"]
    assert there[202405] == pytest.approx(here[202404])


def test_a_frozen_line_repeats_itself() -> None:
    frozen = seen(line_noise=0.3, frozen_from=100).set_index("period_id")["seen_usd"]
    assert len(set(frozen.loc[202407:])) == 1
    assert len(set(frozen.loc[:202404])) == 5


def test_a_sporadic_line_trades_in_its_share_of_months() -> None:
    months = [len(seen(line_id=line, active=0.5)) for line in range(1, 41)]
    assert np.mean(months) == pytest.approx(0.5 * len(seen()), rel=0.15)


def test_codes_change_with_the_edition() -> None:
    found = seen(code_h5="851712", code_h6="851713")
    assert set(found["commodity_code"]) == {"851713"}
    assert set(found["hs_edition"]) == {"H6"}
