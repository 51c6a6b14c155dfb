"""The full scan finds each kind of damage, and says in which table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from dashboard.errors import WarehouseError
from dashboard.warehouse import schema
from dashboard.warehouse.verifying import Digest, digest, scan, verify
from dashboard.warehouse.workshop import Workshop, discard
from tests.support.workshops import draw_trade, finish_by_hand, open_workshop

VERSION = "20240301t120000x000000"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    filler = open_workshop(f"duckdb:///{tmp_path_factory.mktemp('whole') / 'w.duckdb'}")
    draw_trade(filler, np.random.default_rng(1), rows=500)
    finish_by_hand(filler.workshop)
    filler.workshop.connection.execute(
        "INSERT INTO warehouse_info VALUES ('version', ?)", [VERSION]
    )
    yield filler.workshop
    discard(filler.workshop)


@pytest.fixture
def workshop(whole: Workshop) -> Iterator[Workshop]:
    """The whole one, in a transaction that is undone."""
    whole.connection.execute("BEGIN")
    yield whole
    whole.connection.execute("ROLLBACK")


def problems(workshop: Workshop) -> list[tuple[str, str]]:
    report = scan(VERSION, lambda text: workshop.connection.execute(text).fetchall())
    assert report.is_ok == (not report.problems)
    return [(problem.table, problem.what) for problem in report.problems]


def test_whole_generation_has_no_problem(workshop: Workshop) -> None:
    assert problems(workshop) == []


@pytest.mark.parametrize(
    ("damage", "table", "what"),
    [
        ("INSERT INTO dim_member SELECT * FROM dim_member LIMIT 1", "dim_member", "more than once"),
        ("DELETE FROM dim_partner WHERE partner_id = 899", "fct_trade", "partner_id"),
        ("DELETE FROM fct_submission WHERE submission_id = 1", "fct_trade", "submission_id"),
        ("DELETE FROM dim_commodity WHERE commodity_code = '03'", "fct_trade", "commodity_code"),
        ("UPDATE fct_trade SET value_usd = 2 * value_usd", "agg_trade_partner", "add up"),
        ("DELETE FROM agg_trade_region WHERE flow_code = 'RX'", "agg_trade_region", "add up"),
        ("UPDATE fct_trade SET period_id = 202312", "fct_trade", "disagree with their submission"),
        ("DELETE FROM warehouse_info WHERE name = 'framework'", "warehouse_info", "'framework'"),
        (
            "UPDATE warehouse_info SET value = '99' WHERE name = 'schema_version'",
            "warehouse_info",
            "schema version",
        ),
        (
            "UPDATE warehouse_info SET value = 'other' WHERE name = 'version'",
            "warehouse_info",
            "version is 'other'",
        ),
        ("DROP TABLE fct_activity", "fct_activity", "cannot be read"),
    ],
)
def test_damage_is_found_where_it_is(
    workshop: Workshop, damage: str, table: str, what: str
) -> None:
    workshop.connection.execute(damage)
    assert any(where == table and what in told for where, told in problems(workshop))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE fct_trade SET value_usd = value_usd + 1 WHERE rowid = 7",
        "UPDATE fct_trade SET quantity = 0 WHERE rowid = 7",  # was missing
        "UPDATE fct_trade SET is_estimated = NOT is_estimated WHERE rowid = 7",
        "UPDATE fct_trade SET flow_code = 'Y' WHERE rowid = 7",
        "DELETE FROM fct_trade WHERE rowid = 7",
    ],
)
def test_digest_tells_one_changed_cell(workshop: Workshop, change: str) -> None:
    def figures() -> Digest:
        return digest(schema.fct_trade, lambda text: workshop.connection.execute(text).fetchall())

    before = figures()
    assert before.equals(figures())
    workshop.connection.execute(change)
    assert not before.equals(figures())


def test_nothing_to_verify_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="no warehouse to verify"):
        verify(f"duckdb:///{tmp_path / 'none.duckdb'}")
