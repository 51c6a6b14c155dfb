"""Each rule finds what it is about, and leaves alone what is right."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard.framework import read_framework
from dashboard.warehouse import rules
from tests.support.rule_filler import MONTHS, Filler
from tests.support.trade_files import blank_bench


@pytest.fixture
def filler() -> Filler:
    return Filler(blank_bench())


def test_every_rule_of_the_code_is_described_in_the_framework_and_the_reverse() -> None:
    framework, _ = read_framework()
    declared = [rule.id for rule in framework.rules]
    assert sorted(declared) == sorted(rules.rule_ids())
    assert len(declared) >= 15


def test_thresholds_of_the_framework_are_those_of_the_code() -> None:
    framework, _ = read_framework()
    thresholds = {rule.id: rule.threshold for rule in framework.rules if rule.threshold is not None}
    assert {check.id: check.threshold for check in rules.CHECKS if check.threshold} == thresholds


def test_rule_that_the_framework_leaves_out_is_not_run(filler: Filler) -> None:
    kept = [rule for rule in filler.bench.framework.rules if rule.id != "zero_value"]
    filler.bench.framework = filler.bench.framework.model_copy(update={"rules": kept})
    filler.trade(filler.submission(202301), 0.0)
    assert filler.check("zero_value") == []


def test_missing_required_field_counts_cells(filler: Filler) -> None:
    number = filler.submission(202301)
    filler.trade(number, 5, mass=None)
    filler.trade(number, 5, mass=0.0, partner=24)
    filler.trade(number, 0, mass=0.0, partner=72)
    filler.trade(number, 5, mass=3.0, partner=894)
    # two required fields, value_usd and mass_kg, in each of four rows
    assert filler.check("missing_required_field") == [(number, 8, 2)]
    assert {row[0] for row in filler.found("missing_required_field", "partner_id")} == {710, 24}


def test_field_that_the_collection_does_not_require_may_be_missing(filler: Filler) -> None:
    number = filler.submission(2023, collection="annual")
    filler.trade(number, 5, mass=None)
    assert filler.check("missing_required_field") == []


@pytest.mark.parametrize(
    ("rule", "wrong", "right"),
    [
        ("negative_value", {"value": -1.0}, {"value": 1.0}),
        ("zero_value", {"value": 0.0}, {"value": 0.01}),
        ("own_partner", {"value": 1.0, "partner": 516}, {"value": 1.0, "partner": 710}),
        (
            "quantity_without_unit",
            {"value": 1.0, "quantity": 4.0},
            {"value": 1.0, "quantity": 4.0, "unit": "kg"},
        ),
        ("estimated_weight", {"value": 1.0, "is_estimated": True}, {"value": 1.0}),
        (
            "retired_commodity",
            {"value": 1.0, "commodity": "851713", "edition": "H5"},
            {"value": 1.0, "commodity": "851713", "edition": "H6"},
        ),
    ],
)
def test_row_rule_finds_the_wrong_row_only(
    filler: Filler, rule: str, wrong: dict[str, Any], right: dict[str, Any]
) -> None:
    number = filler.submission(202301)
    filler.trade(number, **wrong)
    filler.trade(number, **{"partner": 24, **right})
    assert filler.check(rule) == [(number, 2, 1)]
    ((partner, commodity, flow, severity),) = filler.bench.rows(
        "select f.partner_id, f.commodity_code, f.flow_code, f.rule_id from fct_finding f "
        "where rule_id = ?",
        rule,
    )
    assert (partner, flow, severity) == (wrong.get("partner", 710), "M", rule)
    assert commodity == wrong.get("commodity", "030354")


def test_row_without_an_edition_is_not_checked_for_retired_codes(filler: Filler) -> None:
    filler.trade(filler.submission(202301), 1, edition=None)
    assert filler.check("retired_commodity") == []


def test_key_that_stands_three_times_fails_twice(filler: Filler) -> None:
    number = filler.submission(202301)
    for value in (1.0, 2.0, 3.0):
        filler.trade(number, value)
    filler.trade(number, 1.0, flow="X")
    assert filler.check("duplicate_key") == [(number, 4, 2)]
    assert filler.found("duplicate_key", "value, effect_usd") == [("3 rows", 6.0)]


def test_states_that_became_one_may_stand_twice_while_both_lasted(filler: Filler) -> None:
    for year in (1990, 1995):
        number = filler.submission(year, collection="annual")
        filler.trade(number, 1.0, partner=276)
        filler.trade(number, 2.0, partner=276)
    assert [row[2] for row in filler.check("duplicate_key")] == [0, 1]


@pytest.mark.parametrize(("world", "failed"), [(100.0, 0), (100.1, 0), (100.2, 1), (99.0, 1)])
def test_world_total_may_differ_from_the_partners_by_a_thousandth(
    filler: Filler, world: float, failed: int
) -> None:
    number = filler.submission(202301)
    filler.trade(number, 60_000)
    filler.trade(number, 40_000, partner=24)
    filler.control(number, world * 1000, "world", partner=0)
    assert filler.check("world_total") == [(number, 1, failed)]


@pytest.mark.parametrize("group", [40_000.0, 100_000.0])
def test_world_total_may_be_the_sum_with_or_without_groups(filler: Filler, group: float) -> None:
    number = filler.submission(202301)
    filler.trade(number, 60_000 if group == 40_000 else 100_000)
    filler.control(number, group, "aggregate_partner", partner=145)
    filler.control(number, 100_000, "world", partner=0)
    assert filler.check("world_total") == [(number, 1, 0)]


def test_world_total_without_partners_is_not_checked(filler: Filler) -> None:
    filler.control(filler.submission(202301), 5, "world", partner=0, commodity="TOTAL")
    assert filler.check("world_total") == []


@pytest.mark.parametrize("code", ["TOTAL", "03", "0303"])
@pytest.mark.parametrize(("stated", "failed"), [(3000.0, 0), (3010.0, 1)])
def test_commodity_total_is_the_sum_of_its_finer_rows(
    filler: Filler, code: str, stated: float, failed: int
) -> None:
    number = filler.submission(202301)
    filler.trade(number, 1000)
    filler.trade(number, 2000, commodity="030355")
    filler.trade(number, 777, partner=24)
    filler.control(number, stated, "aggregate_commodity", commodity=code)
    assert filler.check("commodity_total") == [(number, 1, failed)]


@pytest.mark.parametrize(("again", "failed"), [(400.0, 0), (300.0, 1)])
@pytest.mark.parametrize(("flow", "part", "other"), [("X", "DX", "RX"), ("M", "FM", "RM")])
def test_parts_of_a_flow_add_up(
    filler: Filler, flow: str, part: str, other: str, again: float, failed: int
) -> None:
    number = filler.submission(202301)
    filler.trade(number, 1000, flow=flow)
    filler.trade(number, again, flow=other)
    filler.control(number, 600, "part", flow=part)
    assert filler.check("sub_flows") == [(number, 1, failed)]


def test_part_without_its_flow_fails(filler: Filler) -> None:
    number = filler.submission(202301)
    filler.trade(number, 5, flow="M")
    filler.control(number, 600, "part", flow="DX")
    assert filler.check("sub_flows") == [(number, 1, 1)]


def test_partner_of_the_last_year_is_missed_when_it_is_gone(filler: Filler) -> None:
    numbers = filler.series([100.0] * 14)
    for number in numbers[:-1]:
        filler.trade(number, 50, partner=24)
    for number in numbers[::3]:
        filler.trade(number, 5, partner=72)  # a rare partner is not expected
    assert filler.check("missing_partner", numbers[-1]) == [(numbers[-1], 2, 1)]
    assert filler.found("missing_partner", "partner_id, flow_code, effect_usd") == [(24, "M", 50.0)]


def test_nothing_is_expected_before_there_is_history(filler: Filler) -> None:
    numbers = filler.series([100.0] * 6)
    for number in numbers[:-1]:
        filler.trade(number, 50, partner=24)
    assert filler.check("missing_partner", numbers[-1]) == []


def test_partner_that_stays_away_is_no_longer_expected(filler: Filler) -> None:
    numbers = filler.series([100.0] * 20)
    for number in numbers[:12]:
        filler.trade(number, 50, partner=24)
    # seen in 12, 11 and 10 of the last twelve months, then in 9, which is under 80 %
    failed = {row[0]: row[2] for row in filler.check("missing_partner")}
    assert [failed[number] for number in numbers[11:17]] == [0, 1, 1, 1, 0, 0]


def test_chapter_of_the_last_year_is_missed_when_it_is_gone(filler: Filler) -> None:
    numbers = filler.series([100.0] * 13)
    for number in numbers[:-1]:
        filler.trade(number, 70, commodity="160414")
    assert filler.check("missing_chapter", numbers[-1]) == [(numbers[-1], 2, 1)]
    assert filler.found("missing_chapter", "commodity_code") == [("16",)]


def test_unit_value_far_from_the_members_own_is_an_outlier(filler: Filler) -> None:
    # log unit values 1 to 15 in steps of 0.1 have median 0.8 and MAD 0.4, so that the bound
    # is 0.8 + 3.5 * 0.4 / 0.6745 = 2.876
    number = filler.submission(202301)
    for place in range(15):
        filler.trade(number, 2.718281828459045 ** ((place + 1) / 10), partner=place + 4, mass=1.0)
    other = filler.submission(202302)
    filler.trade(other, 2.718281828459045**2.8, partner=24, mass=1.0)
    third = filler.submission(202303)
    filler.trade(third, 2.718281828459045**3.3, partner=24, mass=1.0)
    failed = {row[0]: row[2] for row in filler.check("unit_value_outlier")}
    assert failed == {number: 0, other: 0, third: 1}


def test_spike_in_flat_unit_values_is_found(filler: Filler) -> None:
    numbers = filler.series([50.0] * 20)
    filler.trade(numbers[3], 500.0, partner=24)
    failed = {row[0]: row[2] for row in filler.check("unit_value_outlier")}
    assert sum(failed.values()) == failed[numbers[3]] == 1


def priced(filler: Filler, value: float, mass: float, partner: int = 24) -> float:
    """Return the effect of one row among a year and more of 50 USD at 5 USD per kilogram."""
    numbers = filler.series([50.0] * 20)
    for number in numbers:
        filler.trade(number, 50.0, partner=24, mass=10.0, commodity="030214")
    last = filler.submission(202209)
    filler.trade(last, value, partner=partner, mass=mass, commodity="030214")
    filler.check("unit_value_outlier")
    ((effect,),) = filler.found("unit_value_outlier", "effect_usd")
    return float(effect)


def test_slip_of_a_weight_has_no_effect_on_totals_of_value(filler: Filler) -> None:
    # 51 USD are within 1 USD of what the partner always sells, whatever a weight of 10 t says
    assert priced(filler, 51.0, 10_000.0) == pytest.approx(1.0)


def test_slip_of_a_value_has_the_effect_that_the_value_is_off(filler: Filler) -> None:
    # 10 kg at 5 USD, and 50 USD of the series: both readings say 50 instead of 50,000
    assert priced(filler, 50_000.0, 10.0) == pytest.approx(49_950.0)


def test_unusual_price_without_a_series_of_values_is_off_by_no_more_than_the_value(
    filler: Filler,
) -> None:
    # at the usual price 10 t are worth 50,000 USD, but nobody knows what this partner sells
    assert priced(filler, 51.0, 10_000.0, partner=72) == pytest.approx(51.0)


def test_few_unit_values_tell_no_outlier(filler: Filler) -> None:
    filler.series([10.0, 11.0, 12.0, 900.0])
    assert filler.check("unit_value_outlier") == []


@pytest.mark.parametrize(
    ("factor", "failed"), [(10.0, 1), (0.001, 1), (1000.0, 1), (3.0, 0), (31.6, 0), (1.0, 0)]
)
def test_jump_by_a_power_of_ten_in_a_steady_series_is_a_slip(
    filler: Filler, factor: float, failed: int
) -> None:
    values = [1_000_000.0 + 10_000 * (place % 3) for place in range(13)]
    values[6] *= factor
    numbers = filler.series(values)
    found = {row[0]: row[2] for row in filler.check("scale_slip")}
    assert found[numbers[6]] == failed
    assert sum(found.values()) == failed


def test_restless_series_tells_no_slip(filler: Filler) -> None:
    filler.series([10.0 ** (place % 4) for place in range(13)])
    assert {row[2] for row in filler.check("scale_slip")} == {0}


@pytest.mark.parametrize(
    ("value_times", "mass_times", "failed"), [(10.0, 1.0, 1), (0.001, 1.0, 1), (1.0, 0.001, 0)]
)
def test_restless_series_of_steady_prices_tells_a_slip_of_value_and_none_of_weight(
    filler: Filler, value_times: float, mass_times: float, failed: int
) -> None:
    trade = [1e5 * 2.0 ** (place % 3) for place in range(13)]
    for place, period in enumerate(MONTHS[:13]):
        times = (value_times, mass_times) if place == 6 else (1.0, 1.0)
        number = filler.submission(period)
        filler.trade(number, trade[place] * times[0], mass=trade[place] / 5 * times[1])
    assert sum(row[2] for row in filler.check("scale_slip")) == failed


def test_restless_pair_of_steady_prices_tells_a_slip_against_the_mirror(filler: Filler) -> None:
    mirror = [1e5 * 9.0 ** (place % 3) for place in range(13)]
    numbers = []
    for place, period in enumerate(MONTHS[:13]):
        trade = 1e5 * 3.0 ** (place % 5)
        number = filler.submission(period)
        filler.trade(number, trade * (1000.0 if place == 6 else 1.0), flow="X", mass=trade / 5)
        filler.trade(filler.submission(period, reporter=710), mirror[place], partner=516)
        numbers.append(number)
    failed = [row[0] for row in filler.check("mirror_slip") if row[2]]
    assert failed == [numbers[6]]


@pytest.mark.parametrize(("factor", "failed"), [(4.5, 0), (0.3, 0), (5.5, 1), (0.1, 1)])
def test_unusual_price_is_five_times_off_the_usual(
    filler: Filler, factor: float, failed: int
) -> None:
    numbers = filler.series([50.0, 51.0, 49.0] * 5)
    filler.trade(numbers[3], 50.0 * factor, partner=24)
    assert sum(row[2] for row in filler.check("unit_value_outlier")) == failed


@pytest.mark.parametrize(("kept", "failed"), [(4, 1), (5, 0)])
def test_month_that_lost_most_of_its_rows_dropped_though_its_largest_is_left(
    filler: Filler, kept: int, failed: int
) -> None:
    for place, period in enumerate(MONTHS[:8]):
        number = filler.submission(period)
        for row in range(kept if place == 7 else 20):
            filler.trade(number, 1e6 if row == 0 else 10.0, partner=24 + row)
    assert sum(row[2] for row in filler.check("sudden_drop")) == failed


def test_same_value_three_months_running_is_frozen(filler: Filler) -> None:
    numbers = filler.series([5000.0, 5000.0, 5000.0, 5000.0, 6000.0, 5000.0, 6000.0])
    found = {row[0]: row[2] for row in filler.check("frozen_series")}
    assert [found.get(number) for number in numbers] == [None, None, 1, 1, 0, 0, 0]


def test_small_or_interrupted_values_are_not_frozen(filler: Filler) -> None:
    small = filler.series([500.0] * 4)
    for period in (202301, 202302, 202304):
        filler.trade(filler.submission(period), 9000.0, commodity="160414")
    assert filler.check("frozen_series") == []
    assert small


@pytest.mark.parametrize(("last", "failed"), [(24.0, 1), (26.0, 0)])
def test_total_under_a_quarter_of_the_usual_is_a_drop(
    filler: Filler, last: float, failed: int
) -> None:
    numbers = filler.series([100.0] * 12 + [last])
    # the exports, of which there are none, have no usual total to fall from
    assert filler.check("sudden_drop", numbers[-1]) == [(numbers[-1], 1, failed)]


def test_flow_that_vanishes_altogether_is_a_drop(filler: Filler) -> None:
    numbers = filler.series([100.0] * 13)
    for number in numbers[:-1]:
        filler.trade(number, 80.0, flow="X")
    assert filler.check("sudden_drop", numbers[-1]) == [(numbers[-1], 2, 1)]


def test_history_is_that_of_the_same_reporter_and_collection(filler: Filler) -> None:
    filler.series([100.0] * 12)
    other = filler.submission(202201, reporter=24)
    filler.trade(other, 1.0)
    assert filler.check("sudden_drop", other) == []


def test_replaced_submission_is_held_against_the_same_history(filler: Filler) -> None:
    numbers = filler.series([100.0] * 12 + [10.0])
    last = filler.submission(202201, revision=1)
    filler.trade(last, 90.0)
    found = {row[0]: row[2] for row in filler.check("sudden_drop")}
    assert (found[numbers[12]], found[last]) == (1, 0)


def test_findings_are_the_gravest_examples_and_capped(filler: Filler) -> None:
    number = filler.submission(202301)
    for partner in range(4, 44):
        filler.trade(number, float(partner), partner=partner, mass=None)
    assert filler.check("missing_required_field") == [(number, 80, 40)]
    effects = [row[0] for row in filler.found("missing_required_field", "effect_usd")]
    assert effects == [float(value) for value in range(43, 23, -1)]


def test_rows_left_out_of_the_facts_count_in_every_row_rule(filler: Filler) -> None:
    number = filler.submission(202301)
    filler.trade(number, 1.0)
    connection = filler.bench.connection
    connection.execute("update fct_submission set row_count = 1")
    connection.execute(
        "create temp table out as select 1 as submission_id, 'unknown_partner' as rule_id, "
        "3::bigint as rows"
    )
    rules.run_checks(
        connection, filler.bench.framework, "select 1 as submission_id", unplaced="out"
    )
    counts = {
        rule: (checked, failed)
        for rule, checked, failed in filler.bench.rows(
            "select rule_id, rows_checked, rows_failed from fct_check"
        )
    }
    assert counts["unknown_partner"] == (4, 3)
    assert counts["zero_value"] == (4, 0)
    assert counts["unknown_flow"] == (4, 0)
