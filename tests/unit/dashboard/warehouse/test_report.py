"""A report accounts for each row, in text and in JSON alike."""

from __future__ import annotations

import json
from pathlib import Path

from dashboard.framework import read_framework
from dashboard.warehouse.report import FileReport, LoadReport, rule_findings
from tests.support.trade_files import blank_bench, csv_text, row, write


def test_report_adds_up_only_if_each_row_is_accounted_for() -> None:
    file = FileReport("f", "loaded", rows_read=6, rows_loaded=3, rows_control=2, rows_finding=1)
    assert file.adds_up()
    assert not FileReport("f", "loaded", rows_read=6, rows_loaded=3).adds_up()


def test_findings_are_ordered_by_severity_then_count() -> None:
    framework, _ = read_framework()
    counts = {"zero_value": 99, "negative_value": 1, "unknown_partner": 5, "world_total": 7}
    found = rule_findings(framework, {**counts, "own_partner": 0}, {})
    assert [one.rule_id for one in found] == [
        "unknown_partner",
        "negative_value",
        "world_total",
        "zero_value",
    ]


def test_text_and_json_tell_the_same_numbers(tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", csv_text([row(), row(cmdCode="00"), row(partnerCode="0")]))
    report = blank_bench().load(path)
    text = report.as_text()
    assert "3 rows read = 1 loaded + 1 control totals + 1 findings" in text
    assert "submissions: 1 new, 0 revised, 0 unchanged" in text
    assert "unknown_commodity" in text
    assert "f.csv line 3" in text
    assert "What to do: Give HS codes" in text
    machine = json.loads(json.dumps(report.as_dict()))
    assert machine["files"][0]["rows_read"] == 3
    assert machine["files"][0]["adds_up"] is True
    assert machine["findings"][0]["rule_id"] == "unknown_commodity"
    assert machine["findings"][0]["examples"][0]["line"] == 3


def test_report_knows_whether_something_changed_was_refused_or_is_wrong() -> None:
    framework, _ = read_framework()
    loaded, refused = FileReport("a", "loaded"), FileReport("b", "refused", message="no")
    assert LoadReport((loaded,), ()).has_changes
    assert not LoadReport((refused,), ()).has_changes
    assert LoadReport((loaded, refused), ()).has_refusals
    assert LoadReport((), rule_findings(framework, {"negative_value": 1}, {})).has_errors
    assert not LoadReport((), rule_findings(framework, {"zero_value": 1}, {})).has_errors
