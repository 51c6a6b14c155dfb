"""What each submission said in total."""

from __future__ import annotations

from pathlib import Path

import duckdb

from dashboard.warehouse.publishing import publish
from tests.support.workshops import FRANCE, GERMANY, PALAU, finish_by_hand, open_workshop


def test_every_submission_is_added_up_by_flow_whether_it_holds_or_not(tmp_path: Path) -> None:
    url = f"duckdb:///{tmp_path / 'warehouse.duckdb'}"
    filler = open_workshop(url)
    first = filler.submission(
        FRANCE,
        202310,
        "2023-12-01T08:00:00",
        rows=[
            ("X", GERMANY, "010121", 60),
            ("X", PALAU, "03", 40),
            ("RX", PALAU, "03", 7),  # part of the exports already
            ("M", GERMANY, "03", 0),
        ],
    )
    second = filler.submission(
        FRANCE, 202310, "2024-01-01T08:00:00", rows=[("X", GERMANY, "03", 110)]
    )
    filler.submission(FRANCE, 202311, "2024-01-01T08:00:00", has_data=False)
    finish_by_hand(filler.workshop)
    publish(filler.workshop, url)
    with duckdb.connect(tmp_path / "warehouse.duckdb", read_only=True) as connection:
        found = connection.execute("SELECT * FROM agg_submission_trade ORDER BY ALL").fetchall()
    assert found == [(first, "M", 0.0, 1), (first, "X", 100.0, 2), (second, "X", 110.0, 1)]
