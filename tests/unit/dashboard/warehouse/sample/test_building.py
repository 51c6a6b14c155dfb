"""The sample as a whole: plausible, complete, odd where it means to be, and repeatable."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from dashboard.warehouse import schema
from dashboard.warehouse.sample import DEFAULT_SEED
from dashboard.warehouse.sample.traits import (
    hard_cases,
    member_traits,
    sample_members,
)
from dashboard.warehouse.workshop import Workshop

Query = Callable[[str], list[tuple[Any, ...]]]

STATUS = """
    CASE
        WHEN is_waived THEN 'waived'
        WHEN known_on <= DATE '{today}' THEN CASE
            WHEN received_on <= due_on THEN 'on_time'
            WHEN received_bound = 'exact' OR absent_on >= due_on THEN 'late'
            ELSE 'unknown' END
        WHEN DATE '{today}' <= due_on THEN 'pending'
        ELSE 'overdue'
    END
"""


def fingerprint(workshop: Workshop) -> dict[str, Any]:
    """Digest every table that the sample fills, in the order of its rows.

    Counts of checks come in any order: a key tells them apart.
    """
    found = {}
    for name in schema.metadata.tables:
        if name.startswith("fct_") or name == "load_log":
            (digest,) = workshop.connection.execute(
                f"SELECT sum(hash(t, {'0' if name == 'fct_check' else 'rowid'})::HUGEINT) "
                f"FROM {name} AS t"
            ).fetchall()
            found[name] = digest
    return found


def test_every_table_is_filled(ask: Query) -> None:
    empty = [
        name for name in schema.metadata.tables if ask(f"SELECT count(*) FROM {name}") == [(0,)]
    ]
    assert empty == []


def test_the_same_seed_gives_the_same_rows_on_one_thread_and_on_two(
    build_tiny: Callable[..., Workshop],
) -> None:
    assert fingerprint(build_tiny(threads=1)) == fingerprint(build_tiny(threads=2))


def test_another_seed_gives_another_sample(build_tiny: Callable[..., Workshop]) -> None:
    one, two = fingerprint(build_tiny(seed=1)), fingerprint(build_tiny(seed=2))
    assert all(one[name] != two[name] for name in ("fct_trade", "fct_submission", "fct_activity"))


def test_a_later_day_leaves_the_receipts_before_it_as_they_were(
    build_tiny: Callable[..., Workshop],
) -> None:
    statement = """
        SELECT reporter_id, collection_id, period_id, revision, received_at, channel, is_accepted
        FROM fct_submission WHERE known_at < TIMESTAMP '2026-05-01' ORDER BY ALL
    """
    earlier = build_tiny(today=date(2026, 4, 30)).connection.execute(statement).fetchall()
    later = build_tiny(today=date(2026, 6, 15)).connection.execute(statement).fetchall()
    assert len(earlier) > 500
    assert earlier == later


def test_nothing_is_dated_after_today(ask: Query, today: date) -> None:
    for table, column in (
        ("fct_submission", "received_at"),
        ("fct_submission", "known_at"),
        ("fct_submission", "superseded_at"),
        ("fct_activity", "happened_on"),
        ("fct_check_in", "checked_in_on"),
        ("fct_key_result_value", "measured_on"),
        ("load_log", "loaded_at"),
        ("fct_trade JOIN dim_period USING (period_id)", "ends_on"),
    ):
        ((last,),) = ask(f"SELECT max(CAST({column} AS DATE)) FROM {table}")
        assert last <= today, (table, column)


def test_every_member_owes_and_all_but_one_have_submitted(sample: Workshop, ask: Query) -> None:
    owing = {member for (member,) in ask("SELECT DISTINCT member_id FROM fct_obligation")}
    submitting = {member for (member,) in ask("SELECT DISTINCT reporter_id FROM fct_submission")}
    members = sample_members()
    assert owing == set(members["member_id"])
    traits = member_traits(members, DEFAULT_SEED)
    cases = hard_cases(members, traits, sample.framework, DEFAULT_SEED)
    assert owing - submitting == {cases.never_submits}
    assert ask(f"SELECT count(*) FROM fct_submission WHERE reporter_id = {cases.submits_once}") == [
        (1,)
    ]
    ((days,),) = ask(
        "SELECT DATE '2026-06-15' - max(CAST(known_at AS DATE)) FROM fct_submission "
        f"WHERE reporter_id = {cases.silent_last_year}"
    )
    assert days >= 365
    assert ask(
        "SELECT count(*), count(known_on) FROM agg_obligation WHERE collection_id = "
        f"'revenue_monthly' AND member_id = {cases.owes_a_whole_collection}"
    ) == [(41, 0)]
    delays = ask(
        "SELECT DISTINCT received_on - due_on FROM agg_obligation WHERE received_on IS NOT NULL "
        f"AND member_id = {cases.always_the_same_delay}"
    )
    assert delays == [(-6,)]


def test_a_member_owes_and_sends_nothing_before_it_joined(ask: Query) -> None:
    assert ask("""
        SELECT count(*) FROM fct_submission AS s JOIN dim_member AS m ON m.member_id = s.reporter_id
        JOIN dim_period AS p USING (period_id) WHERE p.starts_on < m.joined_on
    """) == [(0,)]
    # Palau joined on 2024-02-02: its first month is March.
    assert ask("""
        SELECT min(period_id) FROM fct_obligation AS o JOIN dim_member AS m USING (member_id)
        WHERE m.iso3 = 'PLW' AND collection_id = 'trade_monthly'
    """) == [(202403,)]


def test_statuses_of_every_kind_occur(ask: Query, today: date) -> None:
    counts = dict(
        ask(f"""
            SELECT {STATUS.format(today=today)} AS status, count(*) FROM agg_obligation
            WHERE collection_id = 'trade_monthly' GROUP BY 1
        """)
    )
    assert set(counts) == {"on_time", "late", "overdue", "pending", "waived", "unknown"}
    assert min(counts.values()) >= 10


def test_the_on_time_share_of_regions_and_members_is_plausible(ask: Query, today: date) -> None:
    status = STATUS.format(today=today)
    shares = """
        SELECT {by}, avg(CAST(status = 'on_time' AS INTEGER)) FROM (
            SELECT *, {status} AS status FROM agg_obligation
            WHERE collection_id = 'trade_monthly' AND is_counted
        ) WHERE status IN ('on_time', 'late', 'overdue') GROUP BY 1
    """
    regions = dict(ask(shares.format(by="region_id", status=status)))
    assert len(regions) == 6
    assert all(0.4 < share < 0.9 for share in regions.values())
    members = np.array([share for _, share in ask(shares.format(by="member_id", status=status))])
    assert np.quantile(members, 0.1) < 0.35
    assert np.quantile(members, 0.9) > 0.9
    assert 3 <= (members == 1).sum() <= 40


def test_revisions_exist_and_some_come_after_half_a_year(ask: Query) -> None:
    ((accepted, revised, late),) = ask("""
        SELECT count(*), count(*) FILTER (superseded_at IS NOT NULL),
            count(*) FILTER (superseded_at > known_at + INTERVAL 180 DAY)
        FROM fct_submission WHERE is_accepted
    """)
    assert 0.04 < revised / accepted < 0.12
    assert late > 20


def test_a_refused_submission_carries_no_rows_and_a_better_one_follows(ask: Query) -> None:
    ((refused, rows, followed),) = ask("""
        SELECT count(*), sum(s.row_count), count(*) FILTER (EXISTS (
            SELECT 1 FROM fct_submission AS n WHERE n.is_accepted AND n.revision > s.revision
                AND n.reporter_id = s.reporter_id AND n.collection_id = s.collection_id
                AND n.period_id = s.period_id))
        FROM fct_submission AS s WHERE NOT is_accepted
    """)
    assert refused > 200
    assert rows == 0
    assert followed / refused > 0.9


def test_an_accepted_trade_submission_has_rows_and_counts_them(ask: Query) -> None:
    assert ask("""
        SELECT count(*) FROM fct_submission AS s JOIN dim_collection USING (collection_id)
        WHERE is_accepted AND domain = 'trade' AND (row_count = 0 OR NOT has_data)
    """) == [(0,)]
    assert ask("""
        SELECT count(*) FROM fct_submission AS s
        LEFT JOIN (SELECT submission_id, count(*) AS n FROM fct_trade GROUP BY 1)
            USING (submission_id)
        WHERE row_count <> coalesce(n, 0)
    """) == [(0,)]


def test_no_key_of_a_submission_stands_twice(ask: Query) -> None:
    assert ask("""
        SELECT count(*) FROM (
            SELECT 1 FROM fct_trade GROUP BY submission_id, flow_code, partner_id, commodity_code
            HAVING count(*) > 1)
    """) == [(0,)]


def test_facts_are_sorted(ask: Query) -> None:
    assert ask("""
        SELECT count(*) FROM (
            SELECT (period_id, reporter_id, flow_code, commodity_code, partner_id) AS key,
                lag(key) OVER (ORDER BY rowid) AS key_before
            FROM fct_trade)
        WHERE key < key_before
    """) == [(0,)]


def test_a_small_sample_has_the_size_that_tests_count_on(ask: Query) -> None:
    ((rows,),) = ask("SELECT count(*) FROM fct_trade")
    assert 30_000 <= rows <= 65_000


def test_every_section_is_traded(ask: Query) -> None:
    sections = ask("SELECT DISTINCT section_id FROM agg_trade_section WHERE section_id > 0")
    assert len(sections) == 21


def test_a_re_export_never_exceeds_its_export(ask: Query) -> None:
    found = ask("""
        SELECT count(*), count(w.value_usd), count(*) FILTER (p.value_usd > w.value_usd)
        FROM fct_trade AS p LEFT JOIN fct_trade AS w
            ON w.submission_id = p.submission_id AND w.partner_id = p.partner_id
            AND w.commodity_code = p.commodity_code AND w.flow_code = right(p.flow_code, 1)
        WHERE p.flow_code IN ('RX', 'RM') AND w.value_usd > 0
    """)
    ((parts, wholes, excess),) = found
    assert parts == wholes > 50
    assert excess == 0


def test_ten_reporters_hold_about_half_of_all_trade(ask: Query) -> None:
    values = [
        value
        for (value,) in ask("""
        SELECT sum(value_usd) FROM agg_trade_partner
        WHERE collection_id = 'trade_monthly' AND flow_code IN ('M', 'X')
        GROUP BY reporter_id ORDER BY 1 DESC
    """)
    ]
    assert 0.4 < sum(values[:10]) / sum(values) < 0.7


def test_mirror_ratios_centre_a_little_above_one(ask: Query) -> None:
    ratios = [
        ratio
        for (ratio,) in ask("""
        SELECT m.value_usd / x.value_usd FROM fct_trade AS x JOIN fct_trade AS m
            ON m.reporter_id = x.partner_id AND m.partner_id = x.reporter_id
            AND m.period_id = x.period_id AND m.commodity_code = x.commodity_code
        WHERE x.flow_code = 'X' AND m.flow_code = 'M' AND x.value_usd > 0
            AND x.period_id > 9999
    """)
    ]
    assert len(ratios) > 3000
    assert 0.9 < np.median(ratios) < 1.3
    assert np.quantile(ratios, 0.1) < 0.75
    assert np.quantile(ratios, 0.9) > 1.4


def test_some_trade_is_reported_by_one_side_only(ask: Query) -> None:
    ((exports, mirrored),) = ask("""
        SELECT count(*), count(*) FILTER (EXISTS (
            SELECT 1 FROM fct_trade AS m WHERE m.flow_code = 'M' AND m.reporter_id = x.partner_id
                AND m.partner_id = x.reporter_id AND m.period_id = x.period_id
                AND m.commodity_code = x.commodity_code))
        FROM fct_trade AS x WHERE x.flow_code = 'X' AND x.period_id BETWEEN 202501 AND 202512
    """)
    assert 0.5 < mirrored / exports < 0.9


def test_a_product_keeps_its_price_but_for_a_few_slips(ask: Query) -> None:
    deviations = np.array(
        [
            off
            for (off,) in ask("""
        SELECT abs(ln(value_usd / mass_kg) - median(ln(value_usd / mass_kg)) OVER (
            PARTITION BY reporter_id, partner_id, flow_code, commodity_code))
        FROM fct_trade WHERE value_usd > 0 AND mass_kg > 0 AND period_id > 9999
    """)
        ]
    )
    assert np.median(deviations) < 0.35
    assert 0.0002 < (deviations > np.log(8)).mean() < 0.02


def test_most_world_totals_add_up_and_some_do_not(ask: Query) -> None:
    ((right, wrong),) = ask("""
        SELECT count(*) FILTER (abs(stated - summed) < 1), count(*) FILTER (stated > summed * 1.005)
        FROM (
            SELECT c.value_usd AS stated, sum(t.value_usd) AS summed
            FROM fct_control_total AS c JOIN fct_trade AS t
                ON t.submission_id = c.submission_id AND t.flow_code = c.flow_code
            WHERE c.kind = 'world' AND c.commodity_code = 'TOTAL'
            GROUP BY c.submission_id, c.flow_code, c.value_usd)
    """)
    assert 0.005 < wrong / (right + wrong) < 0.08


@pytest.mark.parametrize("kind", ["world", "part", "aggregate_commodity"])
def test_control_totals_of_each_kind_occur(ask: Query, kind: str) -> None:
    assert ask(f"SELECT count(*) > 20 FROM fct_control_total WHERE kind = '{kind}'") == [(True,)]


def test_the_rules_find_what_was_made_wrong_on_purpose(ask: Query) -> None:
    failing = {rule for (rule,) in ask("SELECT rule_id FROM fct_check WHERE rows_failed > 0")}
    assert failing >= {
        "missing_required_field",
        "missing_partner",
        "unit_value_outlier",
        "frozen_series",
        "quantity_without_unit",
        "retired_commodity",
        "world_total",
        "zero_value",
    }


def test_reporters_that_are_no_members_submit_and_owe_nothing(ask: Query) -> None:
    reporters = ask("""
        SELECT DISTINCT reporter_id FROM fct_submission
        WHERE reporter_id NOT IN (SELECT member_id FROM dim_member) ORDER BY 1
    """)
    assert reporters == [(304,), (540,)]
    assert ask("SELECT count(*) FROM fct_obligation WHERE member_id IN (304, 540)") == [(0,)]


def test_the_portal_gains_on_other_channels(ask: Query) -> None:
    shares = [
        share
        for (share,) in ask("""
        SELECT avg(CAST(channel = 'portal' AS INTEGER)) FROM fct_submission
        WHERE collection_id = 'trade_monthly' GROUP BY period_id // 100 ORDER BY period_id // 100
    """)
    ]
    assert shares == sorted(shares)
    assert shares[-1] > shares[0] + 0.1


def test_a_short_sample_owes_nothing_from_before_it_began(ask: Query) -> None:
    assert ask("SELECT min(period_id // 100) FROM fct_obligation WHERE period_id > 9999") == [
        (2023,)
    ]
    assert ask("SELECT min(period_id) FROM fct_obligation WHERE period_id < 9999") == [(2023,)]
