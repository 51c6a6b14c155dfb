"""Who owes what, when it came, and what each receipt supersedes: cases worked by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from dashboard.errors import ConfigError
from dashboard.warehouse import obligations
from dashboard.warehouse.workshop import discard
from tests.support.workshops import (
    ALBANIA,
    EUROPEAN_UNION,
    FRANCE,
    PALAU,
    Filler,
    finish_by_hand,
    open_workshop,
)

Ask = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture
def filler(tmp_path: Path) -> Iterator[Filler]:
    filler = open_workshop(f"duckdb:///{tmp_path / 'w.duckdb'}")
    yield filler
    discard(filler.workshop)


@pytest.fixture
def ask(filler: Filler) -> Ask:
    return lambda text: filler.workshop.connection.execute(text).fetchall()


def owed_periods(ask: Ask, member: int, collection: str = "monthly") -> list[int]:
    rows = ask(
        "SELECT period_id FROM fct_obligation "
        f"WHERE member_id = {member} AND collection_id = '{collection}' ORDER BY 1"
    )
    return [period for (period,) in rows]


def test_member_owes_each_period_from_the_collections_start_to_the_last_that_ended(
    filler: Filler, ask: Ask
) -> None:
    finish_by_hand(filler.workshop, date(2022, 4, 29))
    assert owed_periods(ask, ALBANIA) == [202201, 202202, 202203]
    assert owed_periods(ask, ALBANIA, "annual") == [2020, 2021]


def test_period_is_owed_on_the_day_it_ends(filler: Filler, ask: Ask) -> None:
    finish_by_hand(filler.workshop, date(2022, 4, 30))
    assert owed_periods(ask, ALBANIA)[-1] == 202204


def test_due_day_is_the_periods_end_and_the_due_days(filler: Filler, ask: Ask) -> None:
    finish_by_hand(filler.workshop, date(2024, 2, 29))
    # 31 January + 45 days = 17 March 2023; 29 February 2024 + 45 days = 14 April 2024.
    assert ask(
        f"SELECT due_on FROM fct_obligation WHERE member_id = {ALBANIA} "
        "AND period_id IN (202301, 202402) ORDER BY period_id"
    ) == [(date(2023, 3, 17),), (date(2024, 4, 14),)]


def test_new_member_owes_from_its_first_full_period(filler: Filler, ask: Ask) -> None:
    """Palau joined on 2024-02-02, so March is its first month and 2025 its first year."""
    finish_by_hand(filler.workshop, date(2026, 1, 31))
    assert owed_periods(ask, PALAU)[0] == 202403
    assert owed_periods(ask, PALAU, "annual") == [2025]


def test_union_owes_nothing(filler: Filler, ask: Ask) -> None:
    finish_by_hand(filler.workshop)
    assert owed_periods(ask, EUROPEAN_UNION) == []
    assert len(ask("SELECT DISTINCT member_id FROM fct_obligation")) == 185  # Palau not yet


def test_member_that_left_owes_nothing_that_ends_later(filler: Filler, ask: Ask) -> None:
    finish_by_hand(filler.workshop, date(2022, 6, 30))
    ask(f"UPDATE dim_member SET left_on = DATE '2022-04-15' WHERE member_id = {ALBANIA}")
    obligations.fill(filler.workshop.connection, filler.workshop.framework, date(2022, 6, 30))
    assert owed_periods(ask, ALBANIA) == [202201, 202202, 202203]
    assert owed_periods(ask, FRANCE)[-1] == 202206


def test_waived_period_stays_an_obligation_with_its_reason(tmp_path: Path) -> None:
    filler = open_workshop(
        f"duckdb:///{tmp_path / 'waived.duckdb'}",
        extra="""
[[waivers]]
member = "ALB"
collection = "monthly"
first = "2022-02"
last = "2022-03"
reason = "Earthquake"
""",
    )
    finish_by_hand(filler.workshop, date(2022, 4, 30))
    rows = filler.workshop.connection.execute(
        "SELECT period_id, is_waived, waiver_reason FROM fct_obligation "
        f"WHERE member_id = {ALBANIA} AND collection_id = 'monthly' ORDER BY 1"
    ).fetchall()
    discard(filler.workshop)
    assert rows == [
        (202201, False, None),
        (202202, True, "Earthquake"),
        (202203, True, "Earthquake"),
        (202204, False, None),
    ]


def test_framework_that_waives_for_no_member_is_refused(tmp_path: Path) -> None:
    filler = open_workshop(
        f"duckdb:///{tmp_path / 'wrong.duckdb'}",
        extra="""
[[waivers]]
member = "XYZ"
collection = "monthly"
first = "2022-02"
last = "2022-03"
reason = "No such member"
""",
    )
    try:
        with pytest.raises(ConfigError, match="XYZ"):
            finish_by_hand(filler.workshop)
    finally:
        discard(filler.workshop)


def test_receipt_of_unknown_day_is_known_from_the_day_after_its_period(
    filler: Filler, ask: Ask
) -> None:
    filler.submission(ALBANIA, 202301)
    finish_by_hand(filler.workshop)
    assert ask("SELECT known_at, superseded_at FROM fct_submission") == [
        (datetime.fromisoformat("2023-02-01"), None)
    ]
    assert ask(
        "SELECT received_on, known_on, received_bound FROM agg_obligation "
        f"WHERE member_id = {ALBANIA} AND period_id = 202301"
    ) == [(None, date(2023, 2, 1), "unknown")]


def test_receipt_of_unknown_day_is_known_on_the_last_day_before_its_period_ends(
    filler: Filler, ask: Ask
) -> None:
    filler.submission(ALBANIA, 202402)
    finish_by_hand(filler.workshop, date(2024, 2, 10))
    assert ask("SELECT known_at FROM fct_submission") == [(datetime.fromisoformat("2024-02-10"),)]


def test_accepted_revision_supersedes_when_it_becomes_known(filler: Filler, ask: Ask) -> None:
    filler.submission(ALBANIA, 202301, "2023-03-01T10:00:00")
    filler.submission(ALBANIA, 202301, "2023-04-01T10:00:00", is_accepted=False)
    filler.submission(ALBANIA, 202301, "2023-05-01T10:00:00")
    finish_by_hand(filler.workshop)
    assert ask("SELECT revision, superseded_at FROM fct_submission ORDER BY revision") == [
        (0, datetime.fromisoformat("2023-05-01T10:00:00")),
        (1, None),  # a rejected one was never current
        (2, None),
    ]


def test_at_most_one_submission_is_current_on_any_day(filler: Filler, ask: Ask) -> None:
    """Even if a later revision is known from an earlier day than the one before it."""
    filler.submission(ALBANIA, 202301, "2023-06-01")
    filler.submission(ALBANIA, 202301)  # of unknown day: known from 2023-02-01
    filler.submission(ALBANIA, 202301, "2023-07-01")
    finish_by_hand(filler.workshop)
    current = ask("""
        SELECT day, list(s.revision)
        FROM (VALUES (DATE '2023-01-15'), (DATE '2023-03-01'), (DATE '2023-06-15'),
            (DATE '2023-08-01')) AS days (day)
        LEFT JOIN fct_submission AS s ON s.is_accepted AND s.known_at <= day
            AND (s.superseded_at IS NULL OR day < s.superseded_at)
        GROUP BY day ORDER BY day
    """)
    assert [revisions for _, revisions in current] == [[None], [1], [1], [2]]


def test_mere_receipt_does_not_supersede_data(filler: Filler, ask: Ask) -> None:
    filler.submission(ALBANIA, 202301, "2023-03-01")
    filler.submission(ALBANIA, 202301, "2023-04-01", has_data=False)
    filler.submission(ALBANIA, 202302, "2023-03-01", has_data=False)
    filler.submission(ALBANIA, 202302, "2023-04-01")
    finish_by_hand(filler.workshop)
    assert ask("SELECT superseded_at FROM fct_submission ORDER BY submission_id") == [
        (None,),
        (None,),
        (datetime.fromisoformat("2023-04-01"),),
        (None,),
    ]


def test_rollup_takes_the_first_accepted_receipt_and_counts_its_revisions(
    filler: Filler, ask: Ask
) -> None:
    filler.submission(ALBANIA, 202301, "2023-03-01", is_accepted=False)
    first = filler.submission(ALBANIA, 202301, "2023-03-20", bound="upper", absent="2023-03-18")
    filler.submission(ALBANIA, 202301, "2023-05-01")
    filler.submission(ALBANIA, 202301, "2023-06-01")
    finish_by_hand(filler.workshop)
    assert ask(
        "SELECT received_on, known_on, received_bound, absent_on, submission_id, revision_count "
        f"FROM agg_obligation WHERE member_id = {ALBANIA} AND period_id = 202301"
    ) == [(date(2023, 3, 20), date(2023, 3, 20), "upper", date(2023, 3, 18), first, 2)]


def test_rejected_submission_leaves_the_obligation_open(filler: Filler, ask: Ask) -> None:
    filler.submission(ALBANIA, 202301, "2023-03-01", is_accepted=False)
    finish_by_hand(filler.workshop)
    assert ask(
        "SELECT known_on, submission_id FROM agg_obligation "
        f"WHERE member_id = {ALBANIA} AND period_id = 202301"
    ) == [(None, None)]


def test_obligation_counts_only_if_due_after_its_collections_log_began(
    filler: Filler, ask: Ask
) -> None:
    """The log begins on 2023-03-17: January's due day itself does not count, February's does."""
    filler.submission(ALBANIA, 202301, "2023-03-17T09:00:00")
    filler.submission(ALBANIA, 202212)  # of unknown day: no part of the log
    finish_by_hand(filler.workshop)
    assert ask("SELECT collection_id, log_began_on FROM dim_collection ORDER BY 1") == [
        ("annual", None),
        ("monthly", date(2023, 3, 17)),
    ]
    assert ask(
        "SELECT period_id, is_counted FROM agg_obligation "
        f"WHERE member_id = {FRANCE} AND period_id IN (2022, 202301, 202302) ORDER BY 1"
    ) == [(2022, False), (202301, False), (202302, True)]


def test_reporter_that_is_no_member_has_submissions_but_no_obligation(
    filler: Filler, ask: Ask
) -> None:
    filler.submission(490, 202301, "2023-03-01")
    finish_by_hand(filler.workshop)
    assert ask("SELECT count(*) FROM fct_obligation WHERE member_id = 490") == [(0,)]
    assert ask("SELECT count(*) FROM fct_submission") == [(1,)]


def test_finishing_again_changes_nothing(filler: Filler, ask: Ask) -> None:
    filler.submission(ALBANIA, 202301, "2023-03-01", rows=[("M", FRANCE, "010121", 5)])
    filler.submission(ALBANIA, 202301, "2023-04-01", rows=[("M", FRANCE, "010121", 7)])
    tables = ["fct_submission", "fct_obligation", "agg_obligation", "agg_trade_partner",
              "fct_quality", "dim_collection", "warehouse_info"]  # fmt: skip
    finish_by_hand(filler.workshop)
    before = {name: ask(f"FROM {name} ORDER BY ALL") for name in tables}
    finish_by_hand(filler.workshop)
    assert {name: ask(f"FROM {name} ORDER BY ALL") for name in tables} == before
