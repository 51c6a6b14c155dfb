"""What quality scores are made of, against plain computations on the raw tables."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from sqlalchemy import select

from dashboard.warehouse import schema
from dashboard.warehouse.reading import Warehouse
from queries import quality_parts as statements
from tests.support.quality import current_submissions, monthly_trade

DAYS_AGO = (0, 300)
PARTS = {"numerator": "numerator", "denominator": "denominator", "rows": "rows_checked"}


@pytest.mark.parametrize("days_ago", DAYS_AGO)
def test_parts_are_those_of_current_submissions_side_by_side(
    days_ago: int, warehouse: Warehouse, submissions: pd.DataFrame, data_on: date
) -> None:
    selection = monthly_trade(data_on, days_ago, members=("KEN",))  # all members, whoever is chosen
    kept = current_submissions(submissions, selection)
    measured = warehouse.frame(select(*schema.fct_quality.c)).merge(kept, on="submission_id")
    expected = measured[["member_iso3", "region_id", "period_id"]].drop_duplicates()
    for dimension in schema.SCORED_DIMENSIONS:
        own = measured[measured["dimension_id"] == dimension]
        own = own[["member_iso3", "period_id", *PARTS.values()]].rename(
            columns={there: f"{dimension}_{part}" for part, there in PARTS.items()}
        )
        expected = expected.merge(own, on=["member_iso3", "period_id"], how="left")
    expected = expected.sort_values(["member_iso3", "period_id"]).reset_index(drop=True)
    found = warehouse.frame(statements.quality_parts(selection))
    assert len(found) > 100
    assert not found.duplicated(["member_iso3", "period_id"]).any()
    for column in found.columns[3:]:
        expected[column] = expected[column].astype("float64")
    assert_frame_equal(found, expected[found.columns], check_dtype=False, rtol=1e-12)


@pytest.mark.parametrize("days_ago", DAYS_AGO)
@pytest.mark.parametrize("by", ["member", "member_period"])
@pytest.mark.parametrize("chosen", [{"members": ("KEN", "FRA")}, {"regions": ("europe",)}])
def test_failures_are_counted_by_rule_and_weighed(
    by: str,
    chosen: dict[str, object],
    days_ago: int,
    warehouse: Warehouse,
    submissions: pd.DataFrame,
    data_on: date,
) -> None:
    selection = monthly_trade(data_on, days_ago, **chosen)
    kept = current_submissions(submissions, selection)
    kept = kept[
        kept["member_iso3"].isin(["KEN", "FRA"])
        if "members" in chosen
        else kept["region_id"] == "europe"
    ]
    checks = warehouse.frame(select(*schema.fct_check.c)).merge(kept, on="submission_id")
    checks = checks[checks["rows_failed"] > 0]
    keys = ["member_iso3", "region_id", "rule_id"]
    if by == "member_period":
        keys.append("period_id")
    expected = checks.groupby(keys).agg(
        rows_failed=("rows_failed", "sum"), submissions_failing=("submission_id", "size")
    )
    rules = warehouse.frame(select(*schema.dim_rule.c))
    expected = expected.reset_index().merge(rules, on="rule_id").sort_values(keys)
    found = warehouse.frame(statements.failures(selection, by=by))
    assert not found.empty
    assert_frame_equal(
        found, expected[found.columns].reset_index(drop=True), check_dtype=False, rtol=1e-12
    )
