"""The month-end series of key results: every case is worked in the test."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboard.errors import ConfigError
from dashboard.framework import read_framework
from dashboard.warehouse.key_result_queries import ACTIVITY_QUERIES, ALL_QUERIES, KeyQuery
from dashboard.warehouse.key_results import check_bindings
from dashboard.warehouse.tables import insert_rows
from dashboard.warehouse.workshop import discard
from tests.support.workshops import (
    ALBANIA,
    ALGERIA,
    FRAMEWORK,
    FRANCE,
    GERMANY,
    Filler,
    finish_by_hand,
    framework,
    open_workshop,
)

DECLARATIONS = """
[[strategies]]
id = "1"
name = { en = "One", fr = "Un" }

[[tactics]]
id = "1.1"
strategy = "1"
name = { en = "Tactic", fr = "Tactique" }

[[key_results]]
id = "result"
tactic = "1.1"
name = { en = "Result", fr = "Résultat" }
source = "SOURCE"
BINDING
unit = "share"
baseline = 0
target = 1
started_on = STARTED
deadline_on = 2030-12-31
cadence_days = 91
owner = "Somebody"
"""


def only(*members: str) -> str:
    """The small framework, both collections owed by these members alone."""
    return re.sub(r'(starts = "\S+")', rf"\1\nowed_by = {list(members)}", FRAMEWORK)


Fill = Callable[[Filler], object]
Series = dict[str, tuple[float, float | None]]


def declared(source: str, binding: str | None, started: str = "2023-01-01") -> str:
    text = DECLARATIONS.replace("SOURCE", source).replace("STARTED", started)
    return text.replace("BINDING", f'binding = "{binding}"' if binding else "")


@pytest.fixture
def series(tmp_path: Path) -> Callable[..., Series]:
    def computed(
        source: str,
        binding: str | None,
        fill: Fill,
        *,
        data_on: str = "2024-02-29",
        started: str = "2023-01-01",
        text: str = FRAMEWORK,
    ) -> Series:
        url = f"duckdb:///{tmp_path / 'w.duckdb'}"
        filler = open_workshop(url, extra=declared(source, binding, started), text=text)
        try:
            fill(filler)
            finish_by_hand(filler.workshop, date.fromisoformat(data_on))
            rows = filler.workshop.connection.execute(
                "SELECT measured_on, value, denominator FROM fct_key_result_value ORDER BY 1"
            ).fetchall()
        finally:
            discard(filler.workshop)
        return {str(day): (value, denominator) for day, value, denominator in rows}

    return computed


def acts(*rows: tuple[str, int | None, str, float, bool]) -> Fill:
    """Activities: kind, member, day, amount, done."""
    return lambda filler: insert_rows(
        filler.workshop.connection,
        "fct_activity",
        [
            (place, "1.1", kind, member, None, date.fromisoformat(day), amount, done, None)
            for place, (kind, member, day, amount, done) in enumerate(rows)
        ],
    )


def test_count_is_of_done_acts_since_the_start_at_each_month_end(series: Any) -> None:
    fill = acts(
        ("audit", ALBANIA, "2022-12-31", 5, True),  # before the start
        ("audit", ALBANIA, "2023-01-15", 5, True),
        ("audit", ALBANIA, "2023-02-28", 5, True),
        ("audit", ALBANIA, "2023-03-01", 5, False),  # planned only
        ("survey", ALBANIA, "2023-03-01", 5, True),
    )
    found = series("activity", "count_audit", fill, data_on="2023-04-29")
    # April has not ended.
    assert found == {"2023-01-31": (1, None), "2023-02-28": (2, None), "2023-03-31": (2, None)}


def test_amount_is_the_sum_of_what_was_done(series: Any) -> None:
    fill = acts(
        ("training", ALBANIA, "2023-01-15", 5, True),
        ("training", FRANCE, "2023-02-15", 7, True),
        ("training", FRANCE, "2023-02-16", 9, False),
    )
    found = series("activity", "amount_training", fill, data_on="2023-02-28")
    assert found == {"2023-01-31": (5, None), "2023-02-28": (12, None)}


def test_members_are_counted_once_since_the_start(series: Any) -> None:
    fill = acts(
        ("correspondent", ALBANIA, "2023-01-15", 1, True),
        ("correspondent", ALBANIA, "2023-02-15", 1, True),
        ("correspondent", FRANCE, "2023-02-15", 1, True),
        ("correspondent", None, "2023-02-15", 1, True),
    )
    found = series("activity", "members_correspondent", fill)
    assert found["2023-01-31"] == (1, None)
    assert found["2023-02-28"] == found["2024-02-29"] == (2, None)


def test_members_met_are_those_of_the_last_twelve_months(series: Any) -> None:
    fill = acts(
        ("meeting", ALBANIA, "2023-01-31", 1, True), ("meeting", FRANCE, "2023-02-01", 1, True)
    )
    found = series("activity", "members_meeting", fill)
    assert [found[day][0] for day in ("2023-12-31", "2024-01-31", "2024-02-29")] == [2, 1, 0]


def test_share_done_is_of_the_plan_of_the_last_twelve_months(series: Any) -> None:
    fill = acts(
        ("audit", ALBANIA, "2022-06-15", 1, False),
        ("audit", ALBANIA, "2023-02-15", 1, True),
        ("audit", FRANCE, "2023-02-16", 1, True),
        ("audit", FRANCE, "2023-07-16", 1, False),
    )
    found = series("activity", "share_done_audit", fill)
    assert found["2023-01-31"] == (0, 1)
    assert found["2023-02-28"] == (pytest.approx(2 / 3), 3)
    assert found["2023-06-30"] == (1, 2)
    assert found["2023-07-31"] == (pytest.approx(2 / 3), 3)
    assert found["2024-02-29"] == (0, 1)


def test_feedback_counts_once_answered_or_thirty_days_old(series: Any) -> None:
    fill = acts(
        ("feedback", ALBANIA, "2023-01-10", 5, True),  # answered on 15 January
        ("feedback", ALBANIA, "2023-01-20", 20, True),  # on 9 February: open at January's end
        ("feedback", ALBANIA, "2023-01-05", 60, True),  # too late, known from 4 February
        ("feedback", ALBANIA, "2023-01-25", 1, False),  # never; 30 days old on 24 February
    )
    found = series("activity", "answered_share_feedback", fill, data_on="2023-02-28")
    assert found == {"2023-01-31": (1, 1), "2023-02-28": (0.5, 4)}


def test_audit_findings_have_ninety_days(series: Any) -> None:
    fill = acts(
        ("audit_finding", ALBANIA, "2023-01-01", 90, True),  # closed on 1 April
        ("audit_finding", ALBANIA, "2023-01-02", 91, True),  # too late, known from 2 April
    )
    found = series("activity", "closed_share_audit_finding", fill, data_on="2023-04-30")
    assert found == {"2023-04-30": (0.5, 2)}


def test_punctual_is_what_was_done_by_its_date_of_all_since_the_start(series: Any) -> None:
    fill = acts(
        ("report", None, "2022-12-31", 0, True),  # before the start
        ("report", None, "2023-01-15", 0, True),
        ("report", None, "2023-02-15", 1, True),
        ("report", None, "2023-02-16", -3, False),  # never published
        ("report", None, "2023-02-17", -3, True),
    )
    found = series("activity", "punctual_share_report", fill, data_on="2023-02-28")
    assert found == {"2023-01-31": (1, 1), "2023-02-28": (0.5, 4)}


def test_quarter_count_is_of_the_last_three_months(series: Any) -> None:
    fill = acts(
        ("visual", None, "2023-01-31", 1, True),
        ("visual", None, "2023-02-01", 1, True),
        ("visual", None, "2023-04-01", 1, False),
    )
    found = series("activity", "quarter_count_visual", fill, data_on="2023-05-31")
    assert [value for value, _ in found.values()] == [1, 2, 2, 1, 0]


def test_regions_are_counted_once_over_the_last_twelve_months(series: Any) -> None:
    def fill(filler: Filler) -> None:
        rows = [
            (1, "1.1", "programme", None, "europe", date(2023, 1, 10), 1.0, True, None),
            (2, "1.1", "programme", ALBANIA, "europe", date(2023, 2, 10), 1.0, True, None),
            (3, "1.1", "programme", None, "americas", date(2023, 2, 10), 1.0, True, None),
            (4, "1.1", "programme", None, "asia_pacific", date(2023, 2, 10), 1.0, False, None),
            (5, "1.1", "programme", None, None, date(2023, 2, 10), 1.0, True, None),
        ]
        insert_rows(filler.workshop.connection, "fct_activity", rows)

    found = series("activity", "regions_programme", fill)
    assert [found[f"{day}"][0] for day in ("2023-01-31", "2023-02-28", "2024-01-31")] == [1, 2, 2]
    assert found["2024-02-29"] == (0, None)  # those of 10 February 2023 are older than a year


def test_assisted_share_is_of_members_whose_latest_score_is_low(series: Any) -> None:
    def fill(filler: Filler) -> None:
        scores = [
            (ALBANIA, 2021, 60.0),
            (ALBANIA, 2022, 49.9),  # the latest decides
            (ALGERIA, 2022, 30.0),
            (ALGERIA, 2023, 70.0),  # known from 2024 on
            (FRANCE, 2022, 50.0),  # not below
        ]
        rows = [(member, "spi_overall", year, score, "test") for member, year, score in scores]
        insert_rows(filler.workshop.connection, "fct_indicator", rows)
        acts(
            ("assistance", ALBANIA, "2023-02-15", 1, True),
            ("assistance", ALGERIA, "2023-02-15", 1, False),
            ("assistance", FRANCE, "2023-02-15", 1, True),
        )(filler)

    found = series("warehouse", "assisted_share", fill)
    assert found["2023-01-31"] == (0, 2)
    assert found["2023-02-28"] == found["2023-12-31"] == (0.5, 2)
    assert found["2024-01-31"] == (1, 1)


def test_moved_up_share_is_of_those_who_were_below_a_year_before(series: Any) -> None:
    def fill(filler: Filler) -> None:
        for month in range(1, 13):
            for year, members_on_time in ((2022, {GERMANY}), (2023, {FRANCE, GERMANY})):
                for member in (ALBANIA, FRANCE, GERMANY):
                    after = (year + month // 12, month % 12 + 1)
                    day = "01" if member in members_on_time else "28"
                    late = (after[0] + after[1] // 12, after[1] % 12 + 1)
                    at = after if member in members_on_time else late
                    filler.submission(member, year * 100 + month, f"{at[0]}-{at[1]:02d}-{day}")

    found = series(
        "warehouse", "moved_up_share", fill, text=only("ALB", "FRA", "DEU"), data_on="2024-02-29"
    )
    # Germany was on time in both years; of the two that were late France became punctual. The
    # annual collection, of which nothing came, is one of thirteen.
    assert found["2024-02-29"] == (0.5, 2)


def test_check_in_series_carries_the_last_value_on(series: Any) -> None:
    def fill(filler: Filler) -> None:
        rows = [
            (1, "result", date(2023, 1, 10), 0.2, 0.9, None, "A"),
            (2, "result", date(2023, 3, 1), 0.4, 0.9, None, "A"),
            (3, "result", date(2023, 3, 1), 0.5, 0.9, "mended", "A"),
            (4, "result", date(2023, 4, 1), None, 0.9, "no figure", "A"),
        ]
        insert_rows(filler.workshop.connection, "fct_check_in", rows)

    found = series("check_in", None, fill, data_on="2023-04-30")
    assert list(found.values()) == [(0.2, None), (0.2, None), (0.5, None), (0.5, None)]


def test_conforming_share_asks_for_a_declared_layout_without_a_layout_finding(series: Any) -> None:
    def fill(filler: Filler) -> None:
        for month, layout in enumerate(["good", "good", "other", None], start=1):
            filler.submission(ALBANIA, 202300 + month, "2023-06-10", layout=layout)
        filler.submission(FRANCE, 202301, "2023-06-10", layout="good", is_accepted=False)
        filler.submission(FRANCE, 202302, "2023-06-10", layout=None, has_data=False)
        filler.submission(FRANCE, 2022, "2023-06-10", layout="good", collection="annual")
        checks = [(1, "ragged_row", 10, 1), (2, "hard", 10, 10), (2, "ragged_row", 10, 0)]
        insert_rows(filler.workshop.connection, "fct_check", checks)

    text = FRAMEWORK.replace('id = "soft"', 'id = "ragged_row"')
    text = text.replace('starts = "2022-01"', 'starts = "2022-01"\nlayouts = ["good"]')
    found = series("warehouse", "conforming_share", fill, text=text)
    # Of five with data in a collection with layouts only the second conforms.
    assert found["2023-06-30"] == (pytest.approx(1 / 5), 5)
    assert "2023-05-31" not in found  # nothing had come: no share


def test_portal_share_is_of_accepted_receipts_of_known_channel(series: Any) -> None:
    def fill(filler: Filler) -> None:
        channels = ["portal", "portal", "email", "api", "unknown"]
        for month, channel in enumerate(channels, start=1):
            filler.submission(ALBANIA, 202300 + month, "2023-06-10", channel=channel)
        filler.submission(FRANCE, 202301, "2023-06-10", channel="email", is_accepted=False)

    assert series("warehouse", "portal_share", fill)["2023-06-30"] == (0.5, 4)


def test_first_pass_share_is_of_first_submissions(series: Any) -> None:
    def fill(filler: Filler) -> None:
        filler.submission(ALBANIA, 202301, "2023-03-01", is_accepted=False)
        filler.submission(ALBANIA, 202301, "2023-03-02")
        filler.submission(FRANCE, 202301, "2023-03-01")
        filler.submission(FRANCE, 202301, "2023-03-05", is_accepted=False)
        filler.submission(GERMANY, 202301, "2023-03-31T23:59:59")

    found = series("warehouse", "first_pass_share", fill)
    assert found["2023-03-31"] == (pytest.approx(2 / 3), 3)
    assert found["2024-02-29"] == (pytest.approx(2 / 3), 3)  # March 2023 is still in the window


def test_submission_leaves_the_window_after_twelve_months(series: Any) -> None:
    def fill(filler: Filler) -> None:
        filler.submission(ALBANIA, 202212, "2023-01-31")
        filler.submission(FRANCE, 202212, "2023-02-01", is_accepted=False)

    found = series("warehouse", "first_pass_share", fill)
    assert [found[day] for day in ("2023-12-31", "2024-01-31")] == [(0.5, 2), (0, 1)]
    assert "2024-02-29" not in found  # nothing came in the twelve months before: no share


def test_collections_received_share_is_of_what_fell_due(series: Any) -> None:
    """Two members owe: each month of 2022 and 2023 by 45 days, 2020 to 2022 by 180 days."""

    def fill(filler: Filler) -> None:
        # Due in the twelve months to 31 January 2024, the year's own end aside:
        # months 202212 (14 February) to 202311 (14 January), and 2022 (29 June).
        for period in (202212, 202301, 202302):
            filler.submission(ALBANIA, period, "2023-04-20")
        filler.submission(FRANCE, 2022, "2024-01-31", collection="annual")
        filler.submission(FRANCE, 202311, "2024-02-01")  # a day too late for January
        filler.submission(FRANCE, 202310, "2023-12-01", is_accepted=False)

    found = series("warehouse", "collections_received_share", fill, text=only("ALB", "FRA"))
    assert found["2024-01-31"] == (pytest.approx(4 / 26), 26)


def test_unbroken_share_wants_the_last_twelve_due_periods(series: Any) -> None:
    def fill(filler: Filler) -> None:
        for month in range(1, 13):
            filler.submission(ALBANIA, 202300 + month, "2024-01-15")
            if month != 5:
                filler.submission(FRANCE, 202300 + month, "2024-01-15")
        filler.submission(ALBANIA, 202401, "2024-03-20")  # due on 16 March, late

    found = series(
        "warehouse", "unbroken_share", fill, text=only("ALB", "FRA"), data_on="2024-05-31"
    )
    # At the end of January 202312 is not due yet, and 202212 to 202311 lack 202212.
    assert found["2024-01-31"] == (0, 2)
    assert found["2024-02-29"] == (0.5, 2)
    assert found["2024-03-31"] == (0.5, 2)  # late, but there
    assert found["2024-04-30"] == (0, 2)  # 202402 is missing


def test_upper_tier_share_wants_four_of_five_on_time(series: Any) -> None:
    def fill(filler: Filler) -> None:
        on_time = {1: "03-01", 2: "04-01", 3: "05-01", 4: "06-01", 5: "07-01"}
        for member, late in ((ALBANIA, {5}), (FRANCE, {4, 5}), (GERMANY, set())):
            for month, day in on_time.items():
                day = "07-20" if month in late else day
                filler.submission(member, 202300 + month, f"2023-{day}")
        # Algeria: bounds that prove nothing are in neither count, one proves lateness.
        filler.submission(ALGERIA, 202301, "2023-07-20", bound="upper", absent="2023-03-01")
        filler.submission(ALGERIA, 202302, "2023-04-01", bound="upper")
        filler.submission(ALGERIA, 202303)
        filler.submission(ALGERIA, 202304, "2023-07-20", bound="upper", absent="2023-07-01")
        filler.submission(ALGERIA, 202305, "2023-07-01")

    found = series(
        "warehouse",
        "upper_tier_share",
        fill,
        text=only("ALB", "FRA", "DEU", "DZA"),
        data_on="2023-07-31",
    )
    # Counted: due after the log began on 1 March, so 202301 to 202305 at the end of July.
    # Albania 4 of 5, France 3 of 5, Germany 5 of 5, Algeria 2 of 3.
    assert found["2023-07-31"] == (0.5, 4)


def test_unknown_binding_is_refused_with_what_there_is() -> None:
    for source, binding in (
        ("warehouse", "magic_share"),
        ("activity", "count_"),
        ("activity", "portal_share"),
    ):
        with pytest.raises(ConfigError, match=f"result: '{binding}'") as told:
            check_bindings(framework(declared(source, binding)))
        assert "portal_share" in told.value.accepted


def test_bindings_of_the_default_framework_are_known() -> None:
    check_bindings(read_framework()[0])


# --- The members' parts -----------------------------------------------------------------------

Parts = list[tuple[str, int | None, str | None, float, float | None, int]]


@pytest.fixture
def parts(tmp_path: Path) -> Callable[..., Parts]:
    def computed(
        source: str, binding: str, fill: Fill, *, data_on: str = "2024-02-29", text: str = FRAMEWORK
    ) -> Parts:
        url = f"duckdb:///{tmp_path / 'w.duckdb'}"
        filler = open_workshop(url, extra=declared(source, binding), text=text)
        try:
            fill(filler)
            finish_by_hand(filler.workshop, date.fromisoformat(data_on))
            connection = filler.workshop.connection
            rows = connection.execute(
                "SELECT strftime(measured_on, '%Y-%m-%d'), member_id, region_id, numerator, "
                "denominator, row_count FROM agg_key_result_part "
                "ORDER BY 1, 2 NULLS FIRST, 3 NULLS FIRST"
            ).fetchall()
            whole = connection.execute(
                "SELECT v.measured_on, v.value, sum(p.numerator), sum(p.denominator) "
                "FROM fct_key_result_value AS v LEFT JOIN agg_key_result_part AS p "
                "USING (key_result_id, measured_on) GROUP BY ALL"
            ).fetchall()
        finally:
            discard(filler.workshop)
        for _, value, numerator, denominator in whole:
            assert value == ((numerator or 0) if denominator is None else numerator / denominator)
        return [row for row in rows if row[0] == data_on]

    return computed


def test_parts_of_a_share_are_each_members_counts(parts: Any) -> None:
    def fill(filler: Filler) -> None:
        for month, channel in enumerate(["portal", "portal", "email"], start=1):
            filler.submission(ALBANIA, 202300 + month, "2023-06-10", channel=channel)
        filler.submission(FRANCE, 202301, "2023-06-10", channel="email")

    found = parts("warehouse", "portal_share", fill)
    assert found == [
        ("2024-02-29", ALBANIA, "europe", 2, 3, 3),
        ("2024-02-29", FRANCE, "europe", 0, 1, 1),
    ]


def test_parts_of_acts_keep_those_that_name_no_member(parts: Any) -> None:
    fill = acts(
        ("training", ALBANIA, "2023-01-15", 5, True),
        ("training", ALBANIA, "2023-02-15", 7, True),
        ("training", None, "2023-02-16", 9, True),
    )
    found = parts("activity", "amount_training", fill)
    assert found == [
        ("2024-02-29", None, None, 9, None, 1),
        ("2024-02-29", ALBANIA, "europe", 12, None, 2),
    ]


def test_a_members_part_in_an_unbroken_share_counts_its_periods(parts: Any) -> None:
    def fill(filler: Filler) -> None:
        for month in range(1, 13):
            filler.submission(ALBANIA, 202300 + month, "2024-01-15")

    found = parts("warehouse", "unbroken_share", fill, text=only("ALB", "FRA"))
    assert found == [
        ("2024-02-29", ALBANIA, "europe", 1, 1, 12),
        ("2024-02-29", FRANCE, "europe", 0, 1, 12),
    ]


VERSIONS = {
    ("conforming_share", 1): "eabf57eb5227",
    ("portal_share", 1): "422fae9eb6da",
    ("first_pass_share", 1): "372b91831be2",
    ("collections_received_share", 1): "cdfa00a6619e",
    ("unbroken_share", 1): "855a75dcb881",
    ("upper_tier_share", 1): "f80d11992401",
    ("moved_up_share", 1): "26c4a43767ff",
    ("assisted_share", 1): "4b15e345e1b6",
    ("training_effect", 1): "52e0ddc5c589",
    ("count", 1): "6e56757baa2e",
    ("amount", 1): "a39ee81b32d6",
    ("members", 1): "7183fb89b327",
    ("share_done", 1): "93030dc1c552",
    ("answered_share", 1): "8acc8ecbe014",
    ("closed_share", 1): "2dd809c1d1e4",
    ("punctual_share", 1): "07fd8ef10170",
    ("quarter_count", 1): "379e9a5de589",
    ("regions", 1): "9b6aeb7004a0",
    ("last_check_in", 1): "06f594de51a3",
}


def test_a_query_that_changes_raises_its_version() -> None:
    """Whoever changes a query gives it a new version, and the new version its hash here."""
    assert {(one.id, one.version): one.sha256[:12] for one in ALL_QUERIES} == VERSIONS


def test_the_hash_ignores_how_a_query_is_laid_out() -> None:
    one, other = (KeyQuery("q", 1, True, sql) for sql in ("SELECT 1\n  AS a", " SELECT 1 AS a "))
    assert one.sha256 == other.sha256 != KeyQuery("q", 1, True, "SELECT 2 AS a").sha256


def test_what_computed_a_key_result_is_kept_with_it(tmp_path: Path) -> None:
    filler = open_workshop(
        f"duckdb:///{tmp_path / 'w.duckdb'}", extra=declared("activity", "members_meeting")
    )
    try:
        finish_by_hand(filler.workshop)
        found = filler.workshop.connection.execute("FROM dim_key_result_query").fetchall()
    finally:
        discard(filler.workshop)
    query = ACTIVITY_QUERIES["members"]
    named = '{"is_yearly": true, "kind": "meeting"}'
    assert found == [("result", "members", query.version, query.sha256, query.text, named)]


def test_the_training_effect_moves_when_the_trained_get_better(tmp_path: Path) -> None:
    """Ten members, five trained in the third quarter of 2023: theirs alone gets better by half."""
    members = [8, 12, 20, 24, 28, 31, 32, 36, 40, 50]
    values: dict[int, Any] = {}
    kept: list[Any] = []
    told: list[Any] = []
    for gain in (0, 5):
        filler = open_workshop(
            f"duckdb:///{tmp_path / f'{gain}.duckdb'}",
            extra=declared("warehouse", "training_effect"),
        )
        try:
            checks = []
            for place, member in enumerate(members):
                for month in range(1, 13):
                    number = filler.submission(member, 202300 + month, f"2023-{month:02d}-28")
                    is_after = place < 5 and month >= 7
                    checks.append((number, "hard", 100, 20 - gain * is_after))
            insert_rows(filler.workshop.connection, "fct_check", checks)
            acts(*(("training", one, "2023-07-15", 3, True) for one in members[:5]))(filler)
            finish_by_hand(filler.workshop, date(2024, 3, 31))
            connection = filler.workshop.connection
            (values[gain],) = connection.execute(
                "SELECT last(value ORDER BY measured_on) FROM fct_key_result_value"
            ).fetchall()
            kept = connection.execute(
                "SELECT member_id, numerator FROM agg_key_result_part "
                "WHERE measured_on = DATE '2024-03-31' ORDER BY 1"
            ).fetchall()
            told = connection.execute(
                "SELECT measure_id, part, effect, treated_count, control_count "
                "FROM agg_training_effect WHERE part <> 'event' ORDER BY 1, 2"
            ).fetchall()
        finally:
            discard(filler.workshop)
    # Goalposts 50 % to 0 %: 5 rows in a hundred are ten points.
    assert values == {0: (pytest.approx(0),), 5: (pytest.approx(10),)}
    assert kept == [(one, pytest.approx(2)) for one in sorted(members[:5])]
    assert ("quality_score", "mean", pytest.approx(10), 5, 5) in told
