"""The builders of quality against plain computations on the raw tables."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from sqlalchemy import select

from dashboard.warehouse import schema
from dashboard.warehouse.reading import Warehouse
from queries import quality as statements
from tests.support.quality import current_submissions, monthly_trade

DAYS_AGO = (0, 300)


def _same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    assert not expected.empty
    assert_frame_equal(
        found.reset_index(drop=True),
        expected[found.columns].reset_index(drop=True),
        check_dtype=False,
        rtol=1e-12,
    )


@pytest.mark.parametrize("days_ago", DAYS_AGO)
@pytest.mark.parametrize(
    ("by", "keys", "chosen"),
    [
        ("rule", ["rule_id"], {"regions": ("europe",)}),
        ("period", ["rule_id", "period_id"], {"regions": ("europe",), "rule": "missing_chapter"}),
        ("member", ["member_iso3", "region_id", "rule_id"], {"members": ("KEN",)}),
        (
            "member",
            ["member_iso3", "region_id", "rule_id"],
            {"members": ("KEN",), "rule": "missing_chapter"},
        ),
    ],
)
def test_rules_count_what_they_checked_and_what_failed(
    by: str,
    keys: list[str],
    chosen: dict[str, object],
    days_ago: int,
    warehouse: Warehouse,
    submissions: pd.DataFrame,
    data_on: date,
) -> None:
    selection = monthly_trade(data_on, days_ago, **chosen)
    kept = current_submissions(submissions, selection)
    checks = warehouse.frame(select(*schema.fct_check.c)).merge(kept, on="submission_id")
    if selection.rule:
        checks = checks[checks["rule_id"] == selection.rule]
    if selection.regions:
        checks = checks[checks["region_id"] == "europe"]
    elif not selection.rule:
        checks = checks[checks["member_iso3"] == "KEN"]
    failing = checks[checks["rows_failed"] > 0]
    expected = checks.groupby(keys)[["rows_checked", "rows_failed"]].sum()
    expected["submissions_checked"] = checks.groupby(keys).size()
    expected["submissions_failing"] = failing.groupby(keys).size()
    expected["members_failing"] = failing.groupby(keys)["member_iso3"].nunique()
    rules = warehouse.frame(select(*schema.dim_rule.c))[["rule_id", "dimension_id", "severity"]]
    expected = expected.fillna(0).reset_index().merge(rules, on="rule_id").sort_values(keys)
    _same(warehouse.frame(statements.rule_counts(selection, by=by)), expected)


@pytest.mark.parametrize("rule", [None, "missing_required_field"])
def test_findings_come_with_the_greatest_effect_first(
    rule: str | None, warehouse: Warehouse, submissions: pd.DataFrame, data_on: date
) -> None:
    selection = monthly_trade(data_on, 0, regions=("europe",), rule=rule)
    kept = current_submissions(submissions, selection)
    kept = kept[kept["region_id"] == "europe"]
    found = warehouse.frame(select(*schema.fct_finding.c)).merge(
        kept.drop(columns="load_id"), on="submission_id"
    )
    if rule:
        found = found[found["rule_id"] == rule]
    loads = warehouse.frame(select(schema.load_log.c.load_id, schema.load_log.c.file_name))
    partners = warehouse.frame(select(schema.dim_partner.c.partner_id, schema.dim_partner.c.iso3))
    rules = warehouse.frame(select(schema.dim_rule.c.rule_id, schema.dim_rule.c.severity))
    expected = (
        found.merge(loads, on="load_id", how="left", suffixes=("", "_load"))
        .merge(partners.rename(columns={"iso3": "partner_iso3"}), on="partner_id", how="left")
        .merge(rules, on="rule_id")
        .sort_values(["effect_usd", "finding_id"], ascending=[False, True], na_position="last")
    )
    expected["file_name"] = expected["file_name"].fillna(expected["file_name_load"])
    expected["recorded_count"] = len(expected)
    ours = warehouse.frame(statements.findings(selection))
    assert len(ours) == min(len(expected), statements.FINDINGS_AT_MOST)
    _same(ours, expected.head(statements.FINDINGS_AT_MOST))


def test_what_could_not_be_placed_is_counted_by_rule(warehouse: Warehouse, data_on: date) -> None:
    selection = monthly_trade(data_on, 0)
    found = warehouse.frame(select(*schema.fct_finding.c))
    loads = warehouse.frame(select(*schema.load_log.c))[["load_id", "collection_id"]]
    lost = found[found["submission_id"].isna()].merge(loads, on="load_id")
    lost = lost[lost["collection_id"].isna() | (lost["collection_id"] == "trade_monthly")]
    expected = lost.groupby("rule_id").size().to_dict()
    ours = warehouse.frame(statements.unplaced_findings(selection))
    assert dict(zip(ours["rule_id"], ours["finding_count"], strict=True)) == expected
