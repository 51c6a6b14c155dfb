"""The raw parts of quality: every case is worked in the test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.warehouse import scoring
from dashboard.warehouse.tables import insert_rows
from dashboard.warehouse.workshop import discard
from tests.support.workshops import ALBANIA, ALGERIA, FRANCE, Filler, finish_by_hand, open_workshop

MARGIN = 1.06
Parts = dict[tuple[int, str], tuple[float, float, int]]


@pytest.fixture
def filler(tmp_path: Path) -> Iterator[Filler]:
    filler = open_workshop(f"duckdb:///{tmp_path / 'w.duckdb'}")
    yield filler
    discard(filler.workshop)


def quality(filler: Filler) -> Parts:
    finish_by_hand(filler.workshop)
    rows = filler.workshop.connection.execute("FROM fct_quality").fetchall()
    return {(row[0], row[1]): row[2:] for row in rows}


def test_validity_weighs_failed_rows_by_severity(filler: Filler) -> None:
    one = filler.submission(ALBANIA, 202301, "2023-03-01")
    checks = [(one, "hard", 10, 1), (one, "soft", 8, 4)]
    insert_rows(filler.workshop.connection, "fct_check", checks)
    # 1 x 1.0 + 4 x 0.4 = 2.6 of 10 x 1.0 + 8 x 0.4 = 13.2; ten rows stand behind it.
    assert quality(filler)[one, "validity"] == pytest.approx((2.6, 13.2, 10))


def test_submission_without_a_checked_row_has_no_measure(filler: Filler) -> None:
    one = filler.submission(ALBANIA, 202301, "2023-03-01")
    insert_rows(filler.workshop.connection, "fct_check", [(one, "hard", 0, 0)])
    assert quality(filler) == {}


def test_coherence_compares_an_import_with_the_partners_export(filler: Filler) -> None:
    one = filler.submission(ALBANIA, 202301, "2023-03-01", rows=[("M", FRANCE, "010121", 212)])
    two = filler.submission(FRANCE, 202301, "2023-03-01", rows=[("X", ALBANIA, "010121", 150)])
    # 212 / 1.06 = 200 against 150: |150 - 200| = 50 of (150 + 200) / 2 = 175, for both sides.
    found = quality(filler)
    assert found[one, "coherence"] == pytest.approx((50, 175, 1))
    assert found[two, "coherence"] == pytest.approx((50, 175, 1))


def test_coherence_cuts_both_sides_to_the_coarser_level_in_each_chapter(filler: Filler) -> None:
    """France gives chapter 01 by heading and chapter 03 by chapter; Albania both by six digits."""
    one = filler.submission(
        ALBANIA,
        202301,
        "2023-03-01",
        rows=[
            ("M", FRANCE, "010121", 106),
            ("M", FRANCE, "010129", 53),
            ("M", FRANCE, "010221", 10.6),
            ("M", FRANCE, "030211", 21.2),
        ],
    )
    filler.submission(
        FRANCE,
        202301,
        "2023-03-01",
        rows=[("X", ALBANIA, "0101", 120), ("X", ALBANIA, "0102", 10), ("X", ALBANIA, "03", 30)],
    )
    # 0101: |120 - 150| of 135; 0102: |10 - 10| of 10; 03: |30 - 20| of 25.
    assert quality(filler)[one, "coherence"] == pytest.approx((40, 170, 3))


def test_coherence_leaves_out_what_one_side_alone_reports(filler: Filler) -> None:
    one = filler.submission(
        ALBANIA,
        202301,
        "2023-03-01",
        rows=[
            ("M", FRANCE, "010121", 106),
            ("M", FRANCE, "870321", 999),  # France has none of it
            ("M", ALGERIA, "010121", 999),  # Algeria reported nothing for the month
            ("M", ALBANIA, "010121", 999),  # returned goods have no other side
            ("RM", FRANCE, "010121", 999),  # a part of M
            ("X", FRANCE, "010121", 999),  # France reports no import
        ],
    )
    filler.submission(FRANCE, 202301, "2023-03-01", rows=[("X", ALBANIA, "010121", 100)])
    filler.submission(ALGERIA, 202302, "2023-03-01", rows=[("X", ALBANIA, "010121", 100)])
    assert quality(filler)[one, "coherence"] == pytest.approx((0, 100, 1))


def test_coherence_reads_the_current_revision_alone(filler: Filler) -> None:
    old = filler.submission(ALBANIA, 202301, "2023-03-01", rows=[("M", FRANCE, "01", 999)])
    new = filler.submission(ALBANIA, 202301, "2023-04-01", rows=[("M", FRANCE, "01", 106)])
    filler.submission(FRANCE, 202301, "2023-03-01", rows=[("X", ALBANIA, "01", 100)])
    refused = filler.submission(
        FRANCE, 202301, "2023-05-01", is_accepted=False, rows=[("X", ALBANIA, "01", 5)]
    )
    found = quality(filler)
    assert found[new, "coherence"] == pytest.approx((0, 100, 1))
    assert (old, "coherence") not in found
    assert (refused, "coherence") not in found


def test_coherence_stays_inside_a_collection(filler: Filler) -> None:
    filler.submission(ALBANIA, 2022, "2023-03-01", collection="annual", rows=[("M", 251, "01", 1)])
    filler.submission(FRANCE, 2022, "2023-03-01", rows=[("X", ALBANIA, "01", 1)])
    assert quality(filler) == {}


def test_coherence_does_not_depend_on_how_many_rows_are_matched_at_once(
    filler: Filler, monkeypatch: pytest.MonkeyPatch
) -> None:
    for month in range(1, 7):
        period = 202300 + month
        filler.submission(ALBANIA, period, "2023-08-01", rows=[("M", FRANCE, "01", 90 + month)])
        filler.submission(FRANCE, period, "2023-08-01", rows=[("X", ALBANIA, "01", 100)])
    at_once = quality(filler)
    monkeypatch.setattr(scoring, "CELLS_AT_ONCE", 3)
    assert len(scoring._batches(filler.workshop.connection)) == 6
    assert quality(filler) == at_once
    assert len(at_once) == 12


def test_stability_compares_each_revision_with_the_first(filler: Filler) -> None:
    rows = [
        [("M", FRANCE, "01", 100), ("X", FRANCE, "01", 40)],
        [("M", FRANCE, "01", 1)],
        [("M", FRANCE, "01", 90), ("M", FRANCE, "02", 30), ("RM", FRANCE, "01", 7)],
    ]
    numbers = [
        filler.submission(ALBANIA, 202301, f"2023-0{3 + place}-01", rows=rows[place])
        for place in range(3)
    ]
    # |90 - 100| + |30 - 0| + |0 - 40| = 80 of 90 + 30 + 0 = 120, over three cells.
    found = quality(filler)
    assert found[numbers[2], "stability"] == pytest.approx((80, 120, 3))
    # |1 - 100| + |0 - 40| = 139 of 1: what was the latest on the days before the third.
    assert found[numbers[1], "stability"] == pytest.approx((139, 1, 2))
    assert {number for number, name in found if name == "stability"} == set(numbers[1:])


def test_stability_has_no_row_without_a_later_accepted_revision_with_data(filler: Filler) -> None:
    filler.submission(ALBANIA, 202301, "2023-03-01", rows=[("M", FRANCE, "01", 100)])
    filler.submission(
        ALBANIA, 202301, "2023-04-01", is_accepted=False, rows=[("M", FRANCE, "01", 9)]
    )
    filler.submission(ALBANIA, 202301, "2023-05-01", has_data=False)
    assert quality(filler) == {}
