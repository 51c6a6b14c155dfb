"""The frames of the forecast: what a past day may know, next month, and edges."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import flask
import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from callbacks.services import Services
from callbacks.views.forecast_calibration import counts_held, scores
from callbacks.views.forecast_frames import month_end, read_arrival_forecast
from callbacks.views.forecast_month import late_counts, next_month, read_due_next_month
from dashboard.cache import ResultCache
from dashboard.config import Config
from dashboard.selection import Selection
from dashboard.warehouse.publishing import publish
from dashboard.warehouse.reading import Warehouse
from tests.support.workshops import (
    ALBANIA,
    ALGERIA,
    FRANCE,
    GERMANY,
    Filler,
    finish_by_hand,
    open_workshop,
)

WAIVERS = """
[[waivers]]
member = "DZA"
collection = "monthly"
first = "2023-08"
last = "2023-12"
reason = "A new system"
"""


def test_a_forecast_is_the_same_before_the_rest_was_received(tmp_path: Path) -> None:
    """What a past day says of a full log, it said when the log ended on that day."""
    day = date(2023, 10, 10)
    answers = []
    for name, last in (("cut", day), ("full", date(2024, 2, 29))):
        url = f"duckdb:///{tmp_path / name}.duckdb"
        filler = open_workshop(url, extra=WAIVERS)
        _receive(filler, last)
        finish_by_hand(filler.workshop, last)
        publish(filler.workshop, url)
        warehouse = Warehouse(url, deadline_seconds=60)
        config = Config(warehouse_url=url, query_deadline_seconds=60)
        services = Services(config, warehouse, ResultCache(flask.Flask("test"), megabytes=0))
        selection = Selection(first="2022-01", last="2023-12", as_of=day, collection="monthly")
        answers.append(
            [read_arrival_forecast(services, selection), read_due_next_month(services, selection)]
        )
        warehouse.close()
    for cut, full in zip(*answers, strict=True):
        assert len(cut) > 3
        assert "DZA" not in cut["member_iso3"][cut["period_id"] >= 202308].tolist()
        assert cut["by_due_share"].between(0.01, 0.99).any()
        assert_frame_equal(cut.reset_index(drop=True), full.reset_index(drop=True))


def _receive(filler: Filler, last: date) -> None:
    """Draw receipts of four members over two years, and log those up to a day."""
    rng = np.random.default_rng(11)
    for member in (ALBANIA, ALGERIA, FRANCE, GERMANY):
        for month in range(23):
            ended = date(2022 + (month + 1) // 12, (month + 1) % 12 + 1, 1)
            came = ended + timedelta(days=int(rng.integers(10, 80)))
            if rng.random() < 0.9 and came <= last:
                period = (2022 + month // 12) * 100 + month % 12 + 1
                filler.submission(member, period, f"{came}T08:00:00")


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2024, 2, 3), date(2024, 2, 29)),
        (date(2024, 2, 28), date(2024, 2, 29)),
        (date(2024, 2, 29), date(2024, 3, 31)),  # over: the next one
        (date(2024, 12, 31), date(2025, 1, 31)),
    ],
)
def test_month_end_is_ahead(day: date, end: date) -> None:
    assert month_end(day) == end


def test_next_month_is_the_calendar_month_after() -> None:
    assert next_month(date(2024, 1, 31)) == (date(2024, 2, 1), date(2024, 2, 29))
    assert next_month(date(2024, 12, 1)) == (date(2025, 1, 1), date(2025, 1, 31))


def _due(*rows: tuple[str, bool, float]) -> pd.DataFrame:
    columns = ["region_id", "is_received", "by_due_share"]
    return pd.DataFrame(rows, columns=columns).astype({"by_due_share": "float64"})


def test_counts_of_a_region_by_hand() -> None:
    found = late_counts(
        _due(
            ("europe", False, 0.75),
            ("europe", False, 0.25),
            ("europe", True, np.nan),
            ("americas", False, np.nan),
        )
    ).set_index("region_id")
    assert found.loc["europe"].to_dict() == {
        "due": 3,
        "received": 1,
        "unforecast": 0,
        "expected_late": 1.0,
        "low": 0,
        "high": 2,
    }
    assert found.loc["americas", "unforecast"] == 1
    assert found.loc["americas", "expected_late"] == 0
    assert late_counts(_due()).empty


def _tests(count: int, *, is_on_time: bool) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "period_id": 202401,
            "member_id": range(count),
            "region_id": "europe",
            "made_on": pd.Timestamp("2024-02-29"),
            "forecast_share": 0.9,
            "own_share": 0.5,
            "is_on_time": is_on_time,
        }
    )


def test_counts_that_hold_and_counts_that_do_not() -> None:
    # Of twenty at 0.9 about two will be late; none is likely enough, twenty are not.
    assert counts_held(_tests(20, is_on_time=True)) == (1, 1)
    assert counts_held(_tests(20, is_on_time=False)) == (1, 0)
    assert counts_held(_tests(0, is_on_time=True)) == (0, 0)


def test_scores_by_hand() -> None:
    found = scores(_tests(20, is_on_time=True))
    assert found["brier_score"] == pytest.approx(0.01)
    assert found["own_brier_score"] == pytest.approx(0.25)
    assert found["own_skill"] == pytest.approx(1 - 0.01 / 0.25)
    assert found["everyone_brier_score"] == 0
    assert np.isnan(found["everyone_skill"])  # nothing is better than a baseline without error
    assert scores(_tests(0, is_on_time=True))["n"] == 0
