"""A past day shows what a warehouse shows that was published on that day.

The sample is cut: all that came to be known after a day is taken out, and the rest is finished and
published anew. Every frame of the whole warehouse, asked as of that day, must be the cut one's.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import flask
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from callbacks import FRAMES
from callbacks.services import Services
from dashboard.cache import ResultCache
from dashboard.config import Config
from dashboard.selection import Selection
from dashboard.warehouse.finishing import finish
from dashboard.warehouse.publishing import publish
from dashboard.warehouse.reading import Warehouse
from dashboard.warehouse.workshop import begin

DAYS_AGO = 250
ASKED = (Selection(), Selection(members=("KEN",), regions=("europe",), flow="M"))
PRESENT = {
    "warehouse_facts": "the facts of the generation that is served",
    "chase_note": "names the generation",
    "chase_notes": "names the generation",
    "mirror_letter": "names the generation",
    "mirror_standings": "computed at publication; of a past day there are none",
    "delay_trend_chance": "computed at publication",
    "member_delay_trends": "computed at publication; of a past day those of one range are left out",
    "forecast_reliability": "the test of the forecast, run at publication",
    "forecast_scores": "the test of the forecast, run at publication",
    **dict.fromkeys(
        ("outliers", "outlier_case", "judged_series"),
        "series are judged at publication, with the values of the latest day",
    ),
    **dict.fromkeys(
        ("drill_items", "member_measures"),
        "measures that no table of sums tells of a past day are left out",
    ),
    "source_totals": "both records are reconciled at publication; of a past day they are not",
    "quality_parts": "agreement with partners is that of the latest day, and so are the scores",
    **dict.fromkeys(
        (
            *("key_figures", "key_figure_series", "member_comparison", "member_profiles"),
            *("pillars", "ranking", "quality_by_member", "quality_by_period"),
            *("quality_by_region", "quality_of_members", "quality_totals", "remedies"),
            *("remedies_by_rule", "remedies_of_members", "outside_agreement", "outside_members"),
            *("since_figures", "since_members", "schemes", "tier_counts", "treatments"),
            *("ranking_choices", "ranking_dominance", "ranking_left_out", "ranking_outside"),
            *("ranking_tier_chances", "ranks_over_time", "score_movement", "lift_plans"),
            *("year_quality", "year_ranking", "year_ranking_before", "training_effects"),
            # Of all key results together, the one of training among them.
            *("forecast_backtest", "key_result_forecast", "key_result_status_by_month"),
            "key_result_receipt",
        ),
        "made from quality scores",
    ),
}
"""Frames that may differ, and why."""
OF_SCORES = "training_effect"
"""The key result that is made from quality scores; the others must not differ."""
NEAR = 0.02
"""How far a quality score may be off for it, of itself."""


def _services(url: str) -> Services:
    warehouse = Warehouse(url, deadline_seconds=60)
    config = Config(warehouse_url=url, query_deadline_seconds=60)
    return Services(config, warehouse, ResultCache(flask.Flask("test"), megabytes=64))


@pytest.fixture(scope="module")
def whole(sample_warehouse_url: str) -> Iterator[Services]:
    services = _services(sample_warehouse_url)
    yield services
    services.close()


@pytest.fixture(scope="module")
def day(whole: Services) -> date:
    return whole.catalogue.data_on - timedelta(days=DAYS_AGO)


@pytest.fixture(scope="module")
def cut(
    whole: Services,
    day: date,
    sample_warehouse: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Services]:
    """The same sample as it was published on the day."""
    folder = tmp_path_factory.mktemp("cut")
    generation = folder / sample_warehouse.resolve().name
    shutil.copyfile(sample_warehouse.resolve(), generation)
    (folder / "warehouse.duckdb").symlink_to(generation.name)
    url = f"duckdb:///{folder / 'warehouse.duckdb'}"
    workshop = begin(url, whole.framework)
    connection, night = workshop.connection, datetime.combine(day + timedelta(days=1), time())
    connection.execute(
        "CREATE TEMP TABLE later AS SELECT submission_id FROM fct_submission WHERE known_at >= ?",
        [night],
    )
    for table in ("fct_trade", "fct_control_total", "fct_check", "fct_finding", "fct_submission"):
        connection.execute(
            f"DELETE FROM {table} WHERE submission_id IN (SELECT submission_id FROM later)"
        )
    connection.execute("DELETE FROM fct_activity WHERE happened_on > ?", [day])
    connection.execute("DELETE FROM fct_check_in WHERE checked_in_on > ?", [day])
    finish(workshop, built_at=datetime.now(UTC), data_on=day, is_synthetic=True)
    publish(workshop, url)
    services = _services(url)
    yield services
    services.close()


def test_a_past_day_has_the_default_range_and_the_first_day_of_its_own_warehouse(
    whole: Services, cut: Services, day: date
) -> None:
    for collection in whole.catalogue.collections:
        past = Selection(as_of=day, collection=collection).resolve(whole.catalogue)
        then = Selection(collection=collection).resolve(cut.catalogue)
        assert (past.first, past.last) == (then.first, then.last)
        assert past.as_of == then.as_of == day
    assert cut.catalogue.known_from == whole.catalogue.known_from


def _of_no_scores(frame: pd.DataFrame) -> pd.DataFrame:
    if "key_result_id" not in frame:
        return frame
    return frame[frame["key_result_id"] != OF_SCORES].reset_index(drop=True)


@pytest.mark.parametrize("name", sorted(set(FRAMES) - set(PRESENT)))
def test_a_past_day_shows_what_was_known_then(
    name: str, whole: Services, cut: Services, day: date
) -> None:
    for asked in ASKED:
        selection = replace(asked, as_of=day).resolve(whole.catalogue)
        found = _of_no_scores(FRAMES[name].read(whole, selection))
        expected = _of_no_scores(FRAMES[name].read(cut, selection))
        assert_frame_equal(
            found, expected, check_dtype=False, check_exact=False, rtol=1e-9, atol=1e-6
        )


def test_of_a_past_day_both_records_are_told_and_not_reconciled(
    whole: Services, cut: Services, day: date
) -> None:
    for asked in ASKED:
        selection = replace(asked, as_of=day).resolve(whole.catalogue)
        found = FRAMES["source_totals"].read(whole, selection)
        expected = FRAMES["source_totals"].read(cut, selection)
        assert found["source"].tolist() == ["reported", "mirror"]
        assert expected["source"].tolist() == ["reported", "mirror", "reconciled"]
        assert_frame_equal(found, expected.head(2), check_dtype=False, rtol=1e-9, atol=1e-6)


def test_scores_of_a_past_day_differ_by_agreement_with_partners_alone(
    whole: Services, cut: Services, day: date
) -> None:
    selection = replace(ASKED[0], as_of=day).resolve(whole.catalogue)
    keys = ["member_iso3", "period_id"]
    found, expected = (
        FRAMES["quality_parts"].read(services, selection).set_index(keys)
        for services in (whole, cut)
    )
    others = [column for column in expected.columns if not column.startswith("coherence")]
    assert_frame_equal(found[others], expected[others], check_dtype=False, rtol=1e-9)
    scores = [
        FRAMES["quality_totals"].read(services, selection)["quality_score"]
        for services in (whole, cut)
    ]
    pd.testing.assert_series_equal(*scores, rtol=NEAR)


@pytest.mark.parametrize("asked", ASKED, ids=["world", "member"])
def test_the_way_down_leaves_measures_out_of_a_past_day_and_changes_none(
    asked: Selection, whole: Services, cut: Services, day: date
) -> None:
    selection = replace(asked, as_of=day).resolve(whole.catalogue)
    found, expected = (FRAMES["drill_items"].read(services, selection) for services in (whole, cut))
    kept = found.columns[found.notna().any()]
    assert {"value_usd", "mass_kg", "trade_share", "balance_usd"} <= set(kept)
    assert_frame_equal(found[kept], expected[kept], check_dtype=False, check_exact=False, rtol=1e-9)


def test_what_may_differ_is_still_a_frame() -> None:
    assert set(PRESENT) <= set(FRAMES)
