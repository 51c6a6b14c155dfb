"""Faults planted into real files are found, and rows that were left alone are left alone.

A small run of ``python -m benchmarks.planted_faults``; docs/planted-faults.md has the whole one.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.planted_faults.planting import overlaps
from benchmarks.planted_faults.running import run_fuels
from benchmarks.planted_faults.table import totals


def test_faults_of_totals_and_revisions_are_found_without_false_alarms(shared_data: Path) -> None:
    verdicts = run_fuels(shared_data / "trade", count=3)
    planted, found, alarms, checked = totals(verdicts)
    assert planted == 3 + 3 + 3 + 6
    assert found == planted
    assert alarms < 0.001 * checked
    by_rule = {one.rule: one for one in verdicts}
    assert by_rule["world_total"].found == by_rule["commodity_total"].found == 3
    assert (by_rule["late_revision"].found, by_rule["large_revision"].found) == (3, 6)


def test_a_finding_is_of_a_touched_row_only_where_their_scopes_meet() -> None:
    touched = (724, 202301, "X", 842, "030354")
    assert overlaps((724, 202301, "X", None, "03"), touched)
    assert overlaps((842, 202301, "M", 724, None), touched)  # its mirror
    assert not overlaps((724, 202302, "X", 842, "030354"), touched)
    assert not overlaps((724, 202301, "M", 842, "030354"), touched)
    assert not overlaps((724, 202301, "X", 251, "030354"), touched)
