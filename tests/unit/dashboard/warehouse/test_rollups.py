"""Rollups against slow sums over the facts by pandas."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dashboard import reference
from dashboard.warehouse import schema
from dashboard.warehouse.tables import FACT_ORDER, is_sorted
from dashboard.warehouse.verifying import PAST_ROLLUPS, TRADE_ROLLUPS
from dashboard.warehouse.workshop import Workshop, discard
from tests.support.workshops import FRANCE, draw_trade, finish_by_hand, open_workshop

MEASURED = ["value_usd", "mass_kg", "weighed_usd", "estimated_usd", "row_count"]
MIRROR = ["own_usd", "reporter_count"]


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    filler = open_workshop(f"duckdb:///{tmp_path_factory.mktemp('rollups') / 'w.duckdb'}")
    draw_trade(filler, np.random.default_rng(20240229), rows=4000)
    finish_by_hand(filler.workshop)
    yield filler.workshop
    discard(filler.workshop)


@pytest.fixture(scope="module")
def accepted(workshop: Workshop) -> pd.DataFrame:
    """The accepted submissions with the instant at which the next revision was known, if any."""
    submissions = workshop.connection.execute("FROM fct_submission").df()
    accepted = submissions[submissions["is_accepted"]].sort_values("revision")
    keys = ["reporter_id", "collection_id", "period_id"]
    return accepted.assign(superseded_at=accepted.groupby(keys)["known_at"].shift(-1))


@pytest.fixture(scope="module")
def current(workshop: Workshop, accepted: pd.DataFrame) -> pd.DataFrame:
    """The trade of the last accepted revision of each obligation, with what rollups group by."""
    last = accepted[accepted["superseded_at"].isna()]
    return with_keys(workshop, last[["submission_id", "collection_id", "known_at"]])


@pytest.fixture(scope="module")
def replaced(workshop: Workshop, accepted: pd.DataFrame) -> pd.DataFrame:
    """The trade of the revisions before."""
    columns = ["submission_id", "collection_id", "known_at", "superseded_at"]
    return with_keys(workshop, accepted.loc[accepted["superseded_at"].notna(), columns])


def with_keys(workshop: Workshop, submissions: pd.DataFrame) -> pd.DataFrame:
    trade = workshop.connection.execute("FROM fct_trade").df()
    trade = trade.merge(submissions, on="submission_id")
    chapters = reference.chapters().set_index("chapter_code")["section_id"]
    regions = reference.areas().set_index("area_id")["region_id"].replace("", "outside")
    trade["chapter_code"] = trade["commodity_code"].str[:2]
    trade["section_id"] = trade["chapter_code"].map(chapters).fillna(0).astype(int)
    trade["reporter_region_id"] = trade["reporter_id"].map(regions)
    trade["partner_region_id"] = trade["partner_id"].map(regions)
    trade["weighed_usd"] = trade["value_usd"].where(trade["mass_kg"] > 0, 0.0)
    trade["estimated_usd"] = trade["value_usd"].where(trade["is_estimated"], 0.0)
    trade["row_count"] = 1
    return trade


def test_some_trade_of_the_draw_is_superseded(workshop: Workshop, current: pd.DataFrame) -> None:
    (rows,) = workshop.connection.execute("SELECT count(*) FROM fct_trade").fetchone() or (0,)
    assert 0 < len(current) < rows


@pytest.mark.parametrize("name", TRADE_ROLLUPS)
def test_rollup_equals_slow_sums_over_current_facts(
    workshop: Workshop, current: pd.DataFrame, name: str
) -> None:
    check_sums(workshop, current, name)


@pytest.mark.parametrize("name", PAST_ROLLUPS)
def test_past_rollup_equals_slow_sums_over_what_was_replaced(
    workshop: Workshop, replaced: pd.DataFrame, name: str
) -> None:
    assert len(replaced) > 100
    check_sums(workshop, replaced, name)


def check_sums(workshop: Workshop, trade: pd.DataFrame, name: str) -> None:
    columns = [c.name for c in schema.metadata.tables[name].columns]
    keys = [column for column in columns if column not in MEASURED + MIRROR]
    expected = (
        trade.groupby(keys, observed=True)[MEASURED]
        .sum(min_count=1)
        .reset_index()
        .sort_values(keys, ignore_index=True)
    )
    found = workshop.connection.execute(f"FROM {name}").df().sort_values(keys, ignore_index=True)
    assert found.columns.tolist() == columns
    pd.testing.assert_frame_equal(
        found[keys + MEASURED], expected, check_dtype=False, rtol=1e-12, check_exact=False
    )
    assert found["mass_kg"].isna().any() or name in {"agg_trade_region", "agg_trade_reporter"}


def test_the_mirror_of_a_chapter_leaves_out_what_an_area_recorded_of_itself(
    workshop: Workshop, current: pd.DataFrame
) -> None:
    keys = ["collection_id", "period_id", "partner_id", "chapter_code", "flow_code"]
    own = current["reporter_id"] == current["partner_id"]
    expected = (
        current.assign(
            own_usd=current["value_usd"].where(own, 0.0),
            reporter_count=current["reporter_id"].where(~own),
        )
        .groupby(keys, observed=True)
        .agg(own_usd=("own_usd", "sum"), reporter_count=("reporter_count", "nunique"))
        .reset_index()
        .sort_values(keys, ignore_index=True)
    )
    found = workshop.connection.execute("FROM agg_trade_partner_chapter").df()
    found = found.sort_values(keys, ignore_index=True)[keys + MIRROR]
    assert (found["own_usd"] > 0).any()
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, rtol=1e-12)


def test_every_reporter_of_a_chapter_counts_however_many_there_are(tmp_path: Path) -> None:
    filler = open_workshop(f"duckdb:///{tmp_path / 'w.duckdb'}")
    try:
        areas = reference.areas()
        reporters = areas.loc[areas["kind"] == "member", "area_id"].tolist()
        for reporter in reporters:
            filler.submission(
                reporter, 202301, rows=[("M", FRANCE, "030111", 1), ("M", FRANCE, "030199", 2)]
            )
        finish_by_hand(filler.workshop)
        found = filler.workshop.connection.execute(
            "SELECT value_usd, own_usd, reporter_count FROM agg_trade_partner_chapter"
        ).fetchall()
    finally:
        discard(filler.workshop)
    # More than one byte can count, and more than two words have bits for.
    assert len(reporters) > 127
    assert found == [(3.0 * len(reporters), 3.0, len(reporters) - 1)]


def test_the_areas_are_those_of_all_records_and_submissions(workshop: Workshop) -> None:
    ask = workshop.connection.execute
    expected = {
        row[0]
        for table, column in (
            ("fct_trade", "reporter_id"),
            ("fct_trade", "partner_id"),
            ("fct_submission", "reporter_id"),
        )
        for row in ask(f"SELECT {column} FROM {table}").fetchall()
    }
    assert [row[0] for row in ask("FROM agg_area").fetchall()] == sorted(expected)


def test_section_rollup_is_sorted_by_section_first(workshop: Workshop) -> None:
    sections = workshop.connection.execute("SELECT section_id FROM agg_trade_section").fetchall()
    assert sections == sorted(sections)


def test_facts_are_sorted_by_period_reporter_flow_commodity_and_partner(workshop: Workshop) -> None:
    rows = workshop.connection.execute(f"SELECT {', '.join(FACT_ORDER)} FROM fct_trade").fetchall()
    assert len(rows) == 4000
    assert rows == sorted(rows)
    assert is_sorted(workshop.connection, "fct_trade")


def test_one_row_out_of_place_is_noticed(workshop: Workshop) -> None:
    workshop.connection.execute("BEGIN")
    workshop.connection.execute("INSERT INTO fct_trade SELECT * FROM fct_trade LIMIT 1")
    assert not is_sorted(workshop.connection, "fct_trade")
    workshop.connection.execute("ROLLBACK")
