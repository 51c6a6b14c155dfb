"""What revisions did with findings, against a plain walk over submissions and their findings."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import select

from dashboard.selection import Selection
from dashboard.warehouse import schema
from dashboard.warehouse.reading import Warehouse
from queries import rules as statements

LISTED_AT_MOST = {"error": 20, "warning": 20, "note": 3}


@pytest.fixture(scope="module")
def fates(warehouse: Warehouse) -> pd.DataFrame:
    """Each finding on a revised submission and its fate, told one by one."""
    members = warehouse.frame(select(*schema.dim_member.c)).set_index("member_id")
    severities = dict(
        warehouse.frame(select(schema.dim_rule.c.rule_id, schema.dim_rule.c.severity)).itertuples(
            index=False
        )
    )
    failed = {
        (row.submission_id, row.rule_id): row.rows_failed
        for row in warehouse.frame(select(*schema.fct_check.c)).itertuples()
    }
    keys: dict[int, dict[str, set[tuple[Any, ...]]]] = defaultdict(lambda: defaultdict(set))
    for row in warehouse.frame(select(*schema.fct_finding.c)).itertuples():
        if not pd.isna(row.submission_id):
            key = (row.field, row.flow_code, row.partner_id, row.commodity_code)
            keys[row.submission_id][row.rule_id].add(tuple(str(part) for part in key))
    sent = warehouse.frame(select(*schema.fct_submission.c))
    sent = sent[sent["is_accepted"] & sent["has_data"]]
    keys_of_chain = ["reporter_id", "collection_id", "period_id"]
    ordered = sent.sort_values([*keys_of_chain, "revision"]).itertuples()
    records = []
    for (reporter, collection, period), chain in groupby(ordered, attrgetter(*keys_of_chain)):
        for before, after in pairwise(chain):
            for rule, found in keys[before.submission_id].items():
                left = keys[after.submission_id][rule]
                checked = (after.submission_id, rule) in failed
                is_told = checked and (
                    failed[after.submission_id, rule] <= len(left)
                    or len(left) < LISTED_AT_MOST[severities[rule]]
                )
                records += [
                    {
                        "collection_id": collection,
                        "period_id": period,
                        "member_iso3": members["iso3"].get(reporter),
                        "region_id": members["region_id"].get(reporter),
                        "rule_id": rule,
                        "submission": before.submission_id,
                        "revised_on": after.known_at.date(),
                        "finding_count": 1,
                        "corrected_count": int(is_told and key not in left),
                        "undecided_count": int(not is_told),
                    }
                    for key in found
                ]
    return pd.DataFrame(records)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"regions": ("europe",)},
        {"members": ("KEN", "FRA")},
        {"days_ago": 300},
        {"collection": "trade_annual"},
    ],
    ids=["all", "region", "members", "past", "annual"],
)
def test_fates_of_findings_are_counted_as_told_one_by_one(
    changes: dict[str, Any], warehouse: Warehouse, fates: pd.DataFrame
) -> None:
    given = dict(changes)
    data_on = date.fromisoformat(warehouse.info()["data_on"])
    selection = replace(
        Selection(
            first="2023-01",
            last=data_on.strftime("%Y-%m"),
            as_of=data_on - timedelta(days=given.pop("days_ago", 0)),
            collection="trade_monthly",
        ),
        **given,
    )
    kept = fates[
        (fates["collection_id"] == selection.collection)
        & (fates["revised_on"] <= selection.as_of)
        & fates["member_iso3"].notna()
        & fates["period_id"].map(lambda period: int(str(period)[:4]) >= 2023)
    ]
    if selection.regions:
        kept = kept[kept["region_id"].isin(selection.regions)]
    if selection.members:
        kept = kept[kept["member_iso3"].isin(selection.members)]
    expected = kept.groupby("rule_id")[
        ["finding_count", "corrected_count", "undecided_count"]
    ].sum()
    expected["submission_count"] = kept.groupby("rule_id")["submission"].nunique()
    found = warehouse.frame(statements.revised_findings(selection)).set_index("rule_id")
    assert not expected.empty
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, check_index_type=False)
