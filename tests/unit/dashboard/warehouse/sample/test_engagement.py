"""Activities, check-ins and indicators."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from dashboard.warehouse.key_result_queries import ACTIVITY_QUERIES
from dashboard.warehouse.sample.engagement import FAMILY_NAMES, KINDS
from dashboard.warehouse.workshop import Workshop

Query = Callable[[str], list[tuple[Any, ...]]]


def test_every_kind_occurs_for_its_own_tactic(ask: Query) -> None:
    found = set(ask("SELECT DISTINCT tactic_id, kind FROM fct_activity"))
    assert found == {(kind.tactic, kind.kind) for kind in KINDS}


def test_every_bound_activity_is_counted_somewhere(sample: Workshop, ask: Query) -> None:
    kinds = {kind for (kind,) in ask("SELECT DISTINCT kind FROM fct_activity")}
    for result in sample.framework.key_results:
        if result.source == "activity":
            assert result.binding is not None
            kind = next(
                result.binding.removeprefix(f"{one}_")
                for one in ACTIVITY_QUERIES
                if result.binding.startswith(f"{one}_")
            )
            assert kind in kinds, result.id


def test_what_was_planned_is_not_always_done(ask: Query) -> None:
    ((done, planned),) = ask(
        "SELECT count(*) FILTER (is_done), count(*) FROM fct_activity WHERE kind = 'audit'"
    )
    assert 0 < done < planned


def test_all_regions_take_part(ask: Query) -> None:
    counts: dict[str, int] = dict(
        ask("SELECT region_id, count(*) FROM fct_activity WHERE kind = 'training' GROUP BY 1")
    )
    assert len(counts) == 6
    assert min(counts.values()) >= 8


def test_every_key_result_has_check_ins_and_a_series(sample: Workshop, ask: Query) -> None:
    results = {result.id for result in sample.framework.key_results}
    assert {one for (one,) in ask("SELECT key_result_id FROM fct_check_in")} == results
    assert {one for (one,) in ask("SELECT key_result_id FROM fct_key_result_value")} == results


def test_some_owners_have_fallen_silent_and_most_have_not(ask: Query, today: date) -> None:
    ages = ask(f"""
        SELECT DATE '{today}' - max(checked_in_on) > any_value(cadence_days) * 1.2
        FROM fct_check_in JOIN dim_key_result USING (key_result_id) GROUP BY key_result_id
    """)
    stale = sum(is_stale for (is_stale,) in ages)
    assert 1 <= stale <= len(ages) // 3


def test_some_owners_trust_their_figures_less_or_more_than_these_allow(ask: Query) -> None:
    confidences = [value for (value,) in ask("SELECT confidence FROM fct_check_in")]
    assert all(0 <= value <= 1 for value in confidences)
    assert min(confidences) < 0.35
    assert max(confidences) > 0.75


def test_indicators_reach_the_year_before_and_lack_some_values(ask: Query, today: date) -> None:
    assert ask("SELECT DISTINCT max(year) OVER (PARTITION BY indicator_id) FROM fct_indicator") == [
        (today.year - 1,)
    ]
    assert ask("SELECT count(DISTINCT indicator_id) FROM fct_indicator") == [(5,)]
    ((values,),) = ask("SELECT count(*) FROM fct_indicator WHERE indicator_id = 'spi_overall'")
    assert 0.9 < values / (186 * (today.year - 2016)) < 0.98


def test_a_share_of_revenue_is_a_share(ask: Query) -> None:
    ((low, high),) = ask(
        "SELECT min(value), max(value) FROM fct_indicator WHERE indicator_id = 'revenue_share'"
    )
    assert low >= 0
    assert high <= 1


def test_a_correspondent_has_a_name_that_nobody_takes_for_real(ask: Query) -> None:
    named = [note for (note,) in ask("SELECT note FROM fct_activity WHERE kind = 'correspondent'")]
    assert len(named) > 100
    assert len(set(named)) == len(named)
    assert {name.split(" ")[1] for name in named} <= set(FAMILY_NAMES)
    others = "SELECT count(note) FROM fct_activity WHERE kind <> 'correspondent'"
    assert ask(others) == [(0,)]
