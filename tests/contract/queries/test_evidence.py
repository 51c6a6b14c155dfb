"""The evidence of key results: parts add up to values, rows to parts, on both engines."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import flask
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from sqlalchemy import select

from callbacks.services import Services
from callbacks.views.evidence_frames import member_changes
from callbacks.views.evidence_rows import counted_rows
from dashboard.cache import ResultCache
from dashboard.config import Config
from dashboard.warehouse import schema
from dashboard.warehouse.reading import Warehouse
from queries import evidence as statements


@pytest.fixture(scope="module")
def served(warehouse_url: str) -> Iterator[Services]:
    warehouse = Warehouse(warehouse_url, deadline_seconds=60)
    found = Services(Config(warehouse_url), warehouse, ResultCache(flask.Flask("t"), megabytes=0))
    yield found
    found.close()


@pytest.fixture(scope="module")
def parts(warehouse: Warehouse) -> pd.DataFrame:
    table = warehouse.frame(select(*schema.agg_key_result_part.c))
    members = warehouse.frame(select(*schema.dim_member.c))[["member_id", "iso3"]]
    return table.merge(members, on="member_id", how="left")


@pytest.fixture(scope="module")
def values(warehouse: Warehouse) -> pd.DataFrame:
    return warehouse.frame(select(*schema.fct_key_result_value.c))


def _added_up(parts: pd.DataFrame) -> pd.DataFrame:
    summed = parts.groupby(["key_result_id", "measured_on"]).agg(
        numerator=("numerator", "sum"),
        denominator=("denominator", lambda one: one.sum(min_count=1)),
    )
    value = (summed["numerator"] / summed["denominator"].fillna(1.0)).rename("added")
    return value.reset_index()


def test_parts_add_up_to_every_value_of_every_computed_key_result(
    parts: pd.DataFrame, values: pd.DataFrame, warehouse: Warehouse
) -> None:
    declared = warehouse.frame(select(*schema.dim_key_result.c))
    computed = declared.loc[declared["source"] != "check_in", "key_result_id"]
    own = values[values["key_result_id"].isin(computed)]
    both = own.merge(_added_up(parts), on=["key_result_id", "measured_on"], how="left")
    assert len(both) == len(own) > 600
    # A count of a month end at which nothing was done yet is 0 and has no part.
    added = both["added"].fillna(0.0)
    assert both["value"].to_numpy() == pytest.approx(added.to_numpy(), rel=1e-12, abs=1e-12)
    assert set(parts["key_result_id"]) <= set(computed)
    assert parts["key_result_id"].nunique() > 25


def test_changes_of_members_add_up_to_the_change_between_any_two_days(
    served: Services, parts: pd.DataFrame, values: pd.DataFrame
) -> None:
    draw = random.Random(1955)
    for name in sorted(set(parts["key_result_id"])):
        own = values[values["key_result_id"] == name].set_index("measured_on")["value"]
        days = sorted(parts.loc[parts["key_result_id"] == name, "measured_on"].unique())
        for _ in range(3):
            base, now = sorted(draw.sample(days, 2))
            found = served.frame(statements.key_result_parts(name, [base.date(), now.date()]))
            changes = member_changes(found, base.date(), now.date())
            assert changes["change"].sum() == pytest.approx(own[now] - own[base], abs=1e-9)
            together = changes["own_part"] + changes["weight_part"]
            assert together.to_numpy() == pytest.approx(changes["change"].to_numpy(), abs=1e-12)


def test_rows_that_are_listed_are_those_that_the_part_counts(
    served: Services, parts: pd.DataFrame, warehouse: Warehouse
) -> None:
    """For three drawn members of each key result, on its last day and one drawn before it."""
    draw = random.Random(1952)
    declared = warehouse.frame(select(*schema.dim_key_result.c)).set_index("key_result_id")
    bound = served.frame(statements.key_result_queries()).set_index("key_result_id")
    seen = set()
    for name, own in parts.groupby("key_result_id"):
        query = bound.loc[name, "query_id"]
        if query in ("training_effect", "assisted_share"):
            continue  # what they count are scores of quarters and of years
        days = sorted(own["measured_on"].unique())
        for day in (days[-1], draw.choice(days[len(days) // 2 :])):
            then = own[own["measured_on"] == day].dropna(subset=["iso3"])
            for iso3 in draw.sample(sorted(then["iso3"]), min(3, len(then))):
                part = then[then["iso3"] == iso3].iloc[0]
                result: dict[str, Any] = dict(declared.loc[name])
                rows = counted_rows(
                    served, result, dict(bound.loc[name]), iso3, pd.Timestamp(day).date()
                )
                assert len(rows) == part["row_count"], (name, day, iso3)
                counted = rows[rows["is_counted"].astype(bool)]
                now = (
                    rows[pd.to_datetime(rows["due_on"]) >= _year_before(day)]
                    if (query == "moved_up_share")
                    else rows
                )
                expected = {
                    "amount": lambda c=counted: c["amount"].sum(),
                    "members": lambda c=counted: float(len(c) > 0),
                    "unbroken_share": lambda c=counted, r=rows: float(len(c) == len(r)),
                    "upper_tier_share": lambda c=counted, r=rows: float(len(c) >= 0.8 * len(r)),
                    "moved_up_share": lambda n=now: float(n["is_counted"].sum() >= 0.8 * len(n)),
                }.get(query, lambda c=counted: len(c))()
                assert part["numerator"] == expected, (name, day, iso3)
                seen.add(query)
    assert len(seen) >= 12


def _year_before(day: pd.Timestamp) -> pd.Timestamp:
    return pd.Timestamp(day) - pd.DateOffset(years=1) + pd.offsets.MonthEnd(0)


def test_acts_that_name_no_member_are_listed_too(
    served: Services, parts: pd.DataFrame, warehouse: Warehouse
) -> None:
    declared = warehouse.frame(select(*schema.dim_key_result.c)).set_index("key_result_id")
    bound = served.frame(statements.key_result_queries()).set_index("key_result_id")
    own = parts[(parts["key_result_id"] == "media_pieces") & parts["iso3"].isna()]
    last = own[own["measured_on"] == own["measured_on"].max()]
    day = pd.Timestamp(last["measured_on"].iloc[0]).date()
    result = dict(declared.loc["media_pieces"])
    rows = counted_rows(served, result, dict(bound.loc["media_pieces"]), None, day)
    assert len(rows) == last["row_count"].sum() > 10


def test_a_key_results_query_is_kept_with_its_parameters(served: Services) -> None:
    found = served.frame(statements.key_result_queries()).set_index("key_result_id")
    assert found["query_sha256"].str.fullmatch("[0-9a-f]{64}").all()
    assert json.loads(found.loc["members_met", "parameters"]) == {
        "kind": "meeting",
        "is_yearly": True,
    }


def test_findings_are_those_recorded_for_the_submissions(
    warehouse: Warehouse,
) -> None:
    findings = warehouse.frame(select(*schema.fct_finding.c)).dropna(subset=["submission_id"])
    numbers = [int(one) for one in findings["submission_id"].drop_duplicates().head(4)]
    found = warehouse.frame(statements.findings_of_submissions(numbers))
    expected = findings[findings["submission_id"].isin(numbers)]
    assert len(expected) > 0
    assert set(found["finding_id"]) == set(expected["finding_id"])
    effect = found["effect_usd"].fillna(-1.0)
    assert effect.is_monotonic_decreasing
    assert warehouse.frame(statements.findings_of_submissions([])).empty


def test_training_effects_are_read_as_they_were_written(warehouse: Warehouse) -> None:
    table = warehouse.frame(select(*schema.agg_training_effect.c))
    found = warehouse.frame(statements.training_effects())
    keys = ["measure_id", "part", "quarters_since"]
    assert len(found) > 20
    assert_frame_equal(
        found, table.sort_values(keys, na_position="first", ignore_index=True), check_dtype=False
    )
    means = found[found["part"] == "mean"]
    assert set(means["measure_id"]) == {"quality_score", "on_time_share"}
    assert (
        (means["effect_low"] < means["effect"]) & (means["effect"] < means["effect_high"])
    ).all()


def test_submissions_of_a_share_are_told_apart_by_plain_pandas(
    served: Services, warehouse: Warehouse, submissions: pd.DataFrame
) -> None:
    """The portal's share once more: accepted, of a known channel, known within the window."""
    since, until = date(2024, 12, 31), date(2025, 12, 31)
    own = submissions[
        (submissions["member_iso3"] == "KEN")
        & submissions["is_accepted"]
        & (submissions["channel"] != "unknown")
        & (submissions["known_at"] >= pd.Timestamp("2025-01-01"))
        & (submissions["known_at"] < pd.Timestamp("2026-01-01"))
    ].sort_values(["known_at", "submission_id"], ascending=[False, True])
    found = served.frame(statements.counted_submissions("portal_share", "KEN", since, until, {}))
    assert len(own) > 5
    assert found["submission_id"].tolist() == own["submission_id"].tolist()
    assert found["is_counted"].tolist() == (own["channel"] == "portal").tolist()
    recorded = warehouse.frame(select(schema.fct_finding.c.submission_id))["submission_id"]
    counts = [int((recorded == number).sum()) for number in own["submission_id"]]
    assert found["finding_count"].tolist() == counts
