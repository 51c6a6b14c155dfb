"""Every rule on three cases: what it must find, the border of what it finds, what is right.

A case fills a blank workshop (or is a file of a few rows) and says how many rows or cells fail.
The border is the nearest to the threshold on either side, or the mildest form of the fault.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from dashboard.warehouse import rules
from dashboard.warehouse.rules import FILE_RULES
from tests.support.rule_filler import Filler
from tests.support.trade_files import blank_bench, csv_text, row, write

NAMIBIA, SOUTH_AFRICA, ANGOLA, BOTSWANA = 516, 710, 24, 72
Fill = Callable[[Filler], Any]


class Cases(NamedTuple):
    """Three ways to fill a workshop, and how many fail in the border case."""

    found: Fill
    border: Fill
    right: Fill
    in_found: int = 1
    in_border: int = 1


def one(value: float = 250.0, **cells: Any) -> Fill:
    """One row beside a right one."""

    def fill(filler: Filler) -> None:
        number = filler.submission(202301)
        filler.trade(number, 100.0, partner=BOTSWANA)
        filler.trade(number, value, **cells)

    return fill


def months(*values: float, **cells: Any) -> Fill:
    """A series of one commodity and partner."""
    return lambda filler: filler.series(values, **cells)


def gone(kept: int, **cells: Any) -> Fill:
    """Fifteen months in which a second kind of row is there in the first ``kept`` of them only."""

    def fill(filler: Filler) -> None:
        for number in filler.series([100.0] * 13)[:kept]:
            filler.trade(number, 50.0, **cells)

    return fill


def total(stated: float, kind: str, **cells: Any) -> Fill:
    """Two rows of 60,000 and 40,000 and a total or part beside them."""

    def fill(filler: Filler) -> None:
        number = filler.submission(202301)
        filler.trade(number, 60_000)
        filler.trade(number, 40_000, commodity="030355")
        filler.control(number, stated, kind, **cells)

    return fill


def sub_flows(foreign: float) -> Fill:
    """Imports of 100,000, of which 40,000 are re-imports."""

    def fill(filler: Filler) -> None:
        number = filler.submission(202301)
        filler.trade(number, 100_000)
        filler.trade(number, 40_000, flow="RM")
        filler.control(number, foreign, "part", flow="FM")

    return fill


def re_exports(part: float) -> Fill:
    """Exports of 100,000 with re-exports."""

    def fill(filler: Filler) -> None:
        number = filler.submission(202301)
        filler.trade(number, 100_000, flow="X")
        filler.trade(number, part, flow="RX")

    return fill


def prices(last: float) -> Fill:
    """Unit values whose logarithms have median 0.8 and MAD 0.4: the bound is 2.876."""

    def fill(filler: Filler) -> None:
        number = filler.submission(202301)
        for place in range(15):
            filler.trade(number, 2.718281828459045 ** (0.1 + place / 10), partner=4 + place, mass=1)
        filler.trade(filler.submission(202302), 2.718281828459045**last, mass=1)

    return fill


def slip(factor: float) -> Fill:
    """A steady series with one month multiplied."""
    values = [1_000_000.0 + 10_000 * (place % 3) for place in range(13)]
    values[6] *= factor
    return months(*values)


def copied(same: int) -> Fill:
    """Twelve commodities in two months, ``same`` of them with the same value."""

    def fill(filler: Filler) -> None:
        for place, period in enumerate((202301, 202302)):
            number = filler.submission(period)
            for item in range(12):
                change = 0 if item < same else place * 100
                filler.trade(number, 5000.0 + item + change, commodity=f"03{item + 10}00")

    return fill


def holes(*periods: int) -> Fill:
    """Submissions of some months."""

    def fill(filler: Filler) -> None:
        for period in periods:
            filler.trade(filler.submission(period), 5.0)

    return fill


def pair(own: float | None, mirror: float, *, month: int = 202301) -> Fill:
    """South Africa's imports from Namibia, and Namibia's exports there (or elsewhere only)."""

    def fill(filler: Filler) -> None:
        number = filler.submission(month)
        filler.trade(number, 5e6, flow="X", partner=BOTSWANA)
        if own is not None:
            filler.trade(number, own, flow="X")
        other = filler.submission(month, reporter=SOUTH_AFRICA)
        filler.trade(other, mirror, flow="M", partner=NAMIBIA)

    return fill


def pairs(factor: float, *, both: bool = False) -> Fill:
    """Thirteen months of a steady pair; in the seventh Namibia's record is multiplied."""

    def fill(filler: Filler) -> None:
        for place in range(13):
            month = 202201 + place + (88 if place > 11 else 0)
            times = factor if place == 6 else 1.0
            trade = 1e6 + 1e4 * (place % 3)
            pair(trade * times, trade * 1.06 * (times if both else 1.0), month=month)(filler)

    return fill


def revised(before: float, after: float, *, later: str = "2024-04-01") -> Fill:
    """A submission of 2024-02-01 and its revision."""

    def fill(filler: Filler) -> None:
        filler.trade(filler.submission(202301, received="2024-02-01"), before)
        filler.trade(filler.submission(202301, revision=1, received=later), after)

    return fill


CASES: Final[Mapping[str, Cases]] = {
    "missing_required_field": Cases(one(mass=None), one(mass=0.0), one(0.0, mass=0.0)),
    "missing_partner": Cases(
        # nine of twelve months are less than 80 %, ten are more
        gone(12, partner=ANGOLA),
        gone(10, partner=ANGOLA),
        gone(13, partner=ANGOLA),
        in_border=3,
    ),
    "missing_chapter": Cases(
        gone(12, commodity="160414"),
        gone(10, commodity="160414"),
        gone(13, commodity="160414"),
        in_border=3,
    ),
    "missing_period": Cases(holes(202301, 202304), holes(202211, 202301), holes(202212, 202301), 2),
    "unreported_partner": Cases(pair(None, 5e6), pair(None, 1e6), pair(1.0, 5e6)),
    "retired_commodity": Cases(
        one(commodity="851713", edition="H5"),
        one(commodity="851713", edition=None),
        one(commodity="851713", edition="H6"),
        in_border=0,
    ),
    "own_partner": Cases(
        one(partner=NAMIBIA), one(partner=NAMIBIA, flow="RM"), one(partner=SOUTH_AFRICA)
    ),
    # Other Asia, nes (490) stands for one reporter
    "unspecified_partner": Cases(one(partner=899), one(partner=490), one(), in_border=0),
    "unspecified_commodity": Cases(one(commodity="999999"), one(commodity="99"), one()),
    "mixed_editions": Cases(one(edition="H5", partner=24), one(edition=None), one(), in_border=0),
    "negative_value": Cases(one(-250.0), one(-0.01), one(0.0)),
    "zero_value": Cases(one(0.0), one(0.0, mass=None), one(0.01)),
    "absurd_value": Cases(one(2e12), one(1e12), one(9e11)),
    "quantity_without_unit": Cases(one(quantity=4.0), one(quantity=0.1), one(quantity=4, unit="u")),
    "estimated_weight": Cases(
        one(is_estimated=True), one(is_estimated=True, mass=None), one(is_estimated=False)
    ),
    "duplicate_key": Cases(
        one(partner=BOTSWANA), one(partner=BOTSWANA, edition="H5"), one(partner=ANGOLA)
    ),
    "world_total": Cases(
        total(110_000, "world", partner=0, commodity="TOTAL"),
        total(60_061, "world", partner=0),
        total(60_059, "world", partner=0),
        in_found=0,
    ),
    "commodity_total": Cases(
        total(110_000, "aggregate_commodity", commodity="03"),
        total(100_101, "aggregate_commodity", commodity="TOTAL"),
        total(100_099, "aggregate_commodity", commodity="03"),
    ),
    "sub_flows": Cases(sub_flows(10_000), sub_flows(60_101), sub_flows(60_099)),
    "part_exceeds_flow": Cases(re_exports(150_000), re_exports(100_101), re_exports(100_099)),
    "unit_value_outlier": Cases(prices(5.0), prices(2.95), prices(2.8)),
    "weight_mismatch": Cases(
        one(mass=5000.0, quantity=5.0, unit="kg"),
        one(mass=500.0, quantity=506.0, unit="kg"),
        one(mass=500.0, quantity=504.0, unit="kg"),
    ),
    "scale_slip": Cases(slip(1000.0), slip(12.0), slip(3.0)),
    "frozen_series": Cases(
        months(5000.0, 5000.0, 5000.0), months(1000.0, 1000.0, 1000.0), months(5000.0, 5000.0, 5001)
    ),
    "copied_period": Cases(copied(12), copied(6), copied(5)),
    "sudden_drop": Cases(
        months(*[100.0] * 12, 0.5), months(*[100.0] * 12, 24.9), months(*[100.0] * 12, 25.1)
    ),
    # both sides of the pair are told of the gap
    "mirror_gap": Cases(pair(1e5, 1e7), pair(1e5, 7.5e5), pair(1e5, 7.3e5), 2, 2),
    "mirror_slip": Cases(pairs(1000.0), pairs(12.0), pairs(10.0, both=True)),
    "large_revision": Cases(revised(2e5, 1e5), revised(1e5, 1.34e5), revised(1e5, 1.33e5)),
    "late_revision": Cases(
        revised(1e5, 2e5, later="2026-02-01"),
        revised(1e5, 1.06e5, later="2025-02-01"),
        revised(1e5, 2e5, later="2025-01-30"),
    ),
}
"""Rules that judge what is in the warehouse."""

CASES_OF_FILES: Final[Mapping[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]] = {
    "unknown_reporter": (
        {"reporterCode": 9999, "reporterISO": "QQQ", "reporterDesc": "Nowhere"},
        {"reporterCode": 0, "reporterISO": "W00", "reporterDesc": "World"},
        {"reporterCode": 9999, "reporterISO": "NAM"},
    ),
    "unknown_period": ({"period": "202313"}, {"period": "202411"}, {"period": "2023-02"}),
    "unknown_flow": (
        {"flowCode": "Q", "flowDesc": "Transit"},
        {"flowCode": "", "flowDesc": ""},
        {"flowCode": "9", "flowDesc": "Export"},
    ),
    "unknown_partner": (
        {"partnerCode": 9999, "partnerISO": "QQQ", "partnerDesc": "Atlantis"},
        {"partnerCode": "", "partnerISO": "", "partnerDesc": ""},
        {"partnerCode": 899, "partnerISO": "_X "},
    ),
    "unknown_commodity": ({"cmdCode": "778899"}, {"cmdCode": "03035411"}, {"cmdCode": "30354"}),
    "former_code": (
        {"partnerCode": 736, "partnerISO": "SDN"},
        {"partnerCode": 530, "partnerISO": "ANT", "partnerDesc": "Netherlands Antilles"},
        {"partnerCode": 729, "partnerISO": "SDN"},
    ),
    "unreadable_number": (
        {"primaryValue": "a lot"},
        {"primaryValue": "1 234,56"},
        {"primaryValue": "1234.56"},
    ),
    "breakdown_without_total": (
        {"customsCode": "C01", "cmdCode": "030355"},
        {"motCode": "2100", "cmdCode": "030355"},
        {"motCode": "2100", "partnerCode": 710, "partnerISO": "ZAF"},
    ),
    "ragged_row": ({"cmdDesc": "Fish, frozen"}, {"cmdDesc": "Fish,"}, {"cmdDesc": "Fish"}),
    "empty_submission": (
        {"period": "202302", "partnerCode": 9999, "partnerISO": "QQQ", "partnerDesc": "Atlantis"},
        {"period": "202302", "primaryValue": ""},
        {"period": "202302"},
    ),
}
"""Rules that judge a file: a right row, and beside it one with these cells."""

IN_OTHER_TESTS: Final = frozenset({"unreadable_record"})
"""Judges logs and score files: see ``test_receipts`` and ``test_records``."""


def test_every_rule_has_its_cases() -> None:
    covered = {*CASES, *CASES_OF_FILES, *IN_OTHER_TESTS}
    assert covered == set(rules.rule_ids())
    assert not set(CASES) & set(FILE_RULES)


@pytest.mark.parametrize("rule", CASES)
def test_rule_finds_what_it_is_about(rule: str) -> None:
    case = CASES[rule]
    assert _failed(rule, case.found) == case.in_found


@pytest.mark.parametrize("rule", CASES)
def test_rule_draws_its_line_at_the_border(rule: str) -> None:
    case = CASES[rule]
    assert _failed(rule, case.border) == case.in_border


@pytest.mark.parametrize("rule", CASES)
def test_rule_leaves_alone_what_is_right(rule: str) -> None:
    assert _failed(rule, CASES[rule].right) == 0


@pytest.mark.parametrize("rule", CASES_OF_FILES)
@pytest.mark.parametrize(
    ("case", "failed"), [(0, 1), (1, 1), (2, 0)], ids=["found", "border", "ok"]
)
def test_rule_judges_a_row_of_a_file(rule: str, case: int, failed: int, tmp_path: Path) -> None:
    angola = {"partnerCode": 24, "partnerISO": "AGO", "isAggregate": "false"}
    rows = [row(isAggregate="false"), row(**{**angola, **CASES_OF_FILES[rule][case]})]
    text = csv_text(rows, quote=False) if rule == "ragged_row" else csv_text(rows)
    if rule == "ragged_row":
        text = text.replace('"Fish, frozen"', "Fish, frozen").replace('"Fish,"', "Fish,")
    bench = blank_bench()
    report = bench.load(write(tmp_path / "one.csv", text))
    counts = {found.rule_id: found.count for found in report.findings}
    assert counts.get(rule, 0) == failed


def _failed(rule: str, fill: Fill) -> int:
    filler = Filler(blank_bench())
    fill(filler)
    return sum(failed for _, _, failed in filler.check(rule))
