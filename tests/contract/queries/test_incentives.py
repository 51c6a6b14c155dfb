"""The builders of the pillars against plain computations on the raw tables, on both engines."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from sqlalchemy import select

from dashboard.selection import Selection
from dashboard.spans import Steps
from dashboard.warehouse import schema
from dashboard.warehouse.reading import Warehouse
from queries import incentives as statements

FIRST, LAST, MONTHS = "2024-03", "2025-06", 16


@pytest.fixture(scope="module", params=[0, 300])
def selection(request: pytest.FixtureRequest, warehouse: Warehouse) -> Selection:
    data_on = date.fromisoformat(warehouse.info()["data_on"])
    as_of = data_on - timedelta(days=request.param)
    # Scope and collection must not matter: a rank needs everybody.
    return Selection(
        first=FIRST, last=LAST, as_of=as_of, members=("KEN",), collection="trade_annual"
    )


def _raw(warehouse: Warehouse, name: str) -> pd.DataFrame:
    return warehouse.frame(select(*schema.metadata.tables[name].c))


def _members(warehouse: Warehouse) -> pd.DataFrame:
    table = _raw(warehouse, "dim_member")[["member_id", "iso3"]]
    return table.rename(columns={"iso3": "member_iso3"})


def _as_of(selection: Selection) -> pd.Timestamp:
    assert selection.as_of is not None
    return pd.Timestamp(selection.as_of)


def _span(ends_on: pd.Series) -> pd.Series:
    """The span in which a period ends, written out once more: the months counted back."""
    back = (2025 - ends_on.dt.year) * 12 + 6 - ends_on.dt.month
    place = np.floor(back / MONTHS)
    names = {0.0: "selected", 1.0: "before", 2.0: "earlier"}
    return pd.Series(place.map(names), dtype="str")


def _status(row: pd.Series, as_of: pd.Timestamp) -> str:
    """The status as docs/indicators.md tells it."""
    if row["is_waived"]:
        return "waived"
    if pd.notna(row["known_on"]) and row["known_on"] <= as_of:
        if row["received_bound"] == "unknown":
            return "unknown"
        if row["received_on"] <= row["due_on"]:
            return "on_time"
        is_late = row["received_bound"] == "exact" or (
            pd.notna(row["absent_on"]) and row["absent_on"] >= row["due_on"]
        )
        return "late" if is_late else "unknown"
    return "pending" if as_of <= row["due_on"] else "overdue"


def test_receipts_count_every_collection_of_everybody(
    warehouse: Warehouse, selection: Selection
) -> None:
    as_of = _as_of(selection)
    table = _raw(warehouse, "agg_obligation").merge(_members(warehouse), on="member_id")
    table["span"] = _span(table["period_ends_on"])
    table = table[table["span"].isin(statements.SPANS) & (table["period_ends_on"] < as_of)].copy()
    table["status"] = [_status(row, as_of) for _, row in table.iterrows()]
    judged = table["status"].isin(["on_time", "late", "overdue"]) & table["is_counted"]
    received = table["status"].isin(["on_time", "late", "unknown"])
    expected = (
        table.assign(
            on_time=judged & (table["status"] == "on_time"),
            counted=judged,
            received=received,
            owed=received | (table["status"] == "overdue"),
        )
        .groupby(["member_iso3", "span"])[["on_time", "counted", "received", "owed"]]
        .sum()
        .astype("Int64")
        .reset_index()
    )
    owed = received | (table["status"] == "overdue")
    for name, chosen in (("newest_received_on", received), ("newest_owed_on", owed)):
        newest = table[chosen].groupby(["member_iso3", "span"])["period_ends_on"].max()
        expected[name] = pd.MultiIndex.from_frame(expected[["member_iso3", "span"]]).map(newest)
    found = warehouse.frame(statements.receipts_by_member(selection))
    assert found["owed"].sum() > 1000
    assert found["newest_received_on"].notna().any()
    assert (found["newest_received_on"] < found["newest_owed_on"]).any()
    assert_frame_equal(found, expected, check_dtype=False)


def test_a_derogation_counts_neither_for_nor_against_a_member(
    warehouse: Warehouse, selection: Selection
) -> None:
    """Whatever arrived or did not for a waived obligation, it is in no count of the member's."""
    as_of = _as_of(selection)
    table = _raw(warehouse, "agg_obligation").merge(_members(warehouse), on="member_id")
    table["span"] = _span(table["period_ends_on"])
    table = table[(table["span"] == "selected") & (table["period_ends_on"] < as_of)]
    waived = table[table["is_waived"].astype(bool)].groupby("member_iso3").size()
    assert len(waived) > 1  # the sample has derogations in these months
    found = warehouse.frame(statements.receipts_by_member(selection))
    found = found[found["span"] == "selected"].set_index("member_iso3")
    due = table[(table["due_on"] < as_of) | table["known_on"].le(as_of)]
    owed = due[~due["is_waived"].astype(bool)].groupby("member_iso3").size()
    for member in waived.index:
        assert found["owed"][member] == owed.get(member, 0)
        assert found["counted"][member] <= found["owed"][member]
        every = len(due[due["member_iso3"] == member])
        assert found["owed"][member] < every


def test_quality_sums_are_of_current_submissions(
    warehouse: Warehouse, selection: Selection
) -> None:
    night = _as_of(selection) + pd.Timedelta(days=1)
    sent = _raw(warehouse, "fct_submission")
    is_current = sent["superseded_at"].isna() | (sent["superseded_at"] >= night)
    sent = sent[sent["is_accepted"] & (sent["known_at"] < night) & is_current]
    table = (
        _raw(warehouse, "fct_quality")
        .merge(sent[["submission_id", "reporter_id", "period_id"]], on="submission_id")
        .merge(_raw(warehouse, "dim_period")[["period_id", "ends_on"]], on="period_id")
        .merge(_members(warehouse), left_on="reporter_id", right_on="member_id")
    )
    table["span"] = _span(table["ends_on"])
    table = table[table["span"].isin(["selected", "before"])]
    top, low = table["numerator"], table["denominator"]
    expected = (
        table.assign(
            submissions=1, numerator_squares=top**2, products=top * low, denominator_squares=low**2
        )
        .groupby(["member_iso3", "span", "dimension_id"])[
            [
                *("submissions", "rows_checked", "numerator", "denominator"),
                *("numerator_squares", "products", "denominator_squares"),
            ]
        ]
        .sum()
        .reset_index()
    )
    found = warehouse.frame(statements.quality_sums(selection))
    assert len(found) > 500
    assert_frame_equal(found, expected, check_dtype=False, check_exact=False, rtol=1e-12)


def test_engagement_tells_each_kind_shown_in_a_year(
    warehouse: Warehouse, selection: Selection
) -> None:
    acts = _raw(warehouse, "fct_activity").merge(_members(warehouse), on="member_id")
    acts = acts[acts["is_done"] & acts["kind"].isin(statements.ENGAGEMENT_KINDS)]
    keys = ["member_iso3", "kind"]
    expected = acts[keys].drop_duplicates().sort_values(keys, ignore_index=True)
    for name, back in (("selected", 0), ("before", MONTHS)):
        end = _as_of(selection) - pd.DateOffset(months=back)
        start = _as_of(selection) - pd.DateOffset(months=back + 12)
        inside = acts[(acts["happened_on"] > start) & (acts["happened_on"] <= end)]
        done = set(zip(inside["member_iso3"], inside["kind"], strict=True))
        flags = [
            pair in done for pair in zip(expected["member_iso3"], expected["kind"], strict=True)
        ]
        expected[name] = pd.array(flags, dtype="boolean").astype("Int64")
    found = warehouse.frame(statements.engagement_by_member(selection))
    assert 0 < found["selected"].sum() < len(found)
    assert_frame_equal(found, expected, check_dtype=False)


STEPS = Steps(("2025-06", "2024-12", "2024-06", "2023-12"), 6)
"""Three half-years, and the one before them that only tells how they changed."""


def _half_year(ends_on: pd.Series) -> pd.Series:
    """The half-year in which a period ends, by the calendar."""
    last = np.where(ends_on.dt.month <= 6, "06", "12")
    return pd.Series(ends_on.dt.year.astype("str") + "-" + last, dtype="str")


def test_receipts_are_told_apart_by_half_year(warehouse: Warehouse, selection: Selection) -> None:
    as_of = _as_of(selection)
    table = _raw(warehouse, "agg_obligation").merge(_members(warehouse), on="member_id")
    table["span"] = _half_year(table["period_ends_on"])
    inside = table["span"].isin(STEPS.names) & (table["period_ends_on"] < as_of)
    table = table[inside].copy()
    table["status"] = [_status(row, as_of) for _, row in table.iterrows()]
    judged = table["status"].isin(["on_time", "late", "overdue"]) & table["is_counted"]
    received = table["status"].isin(["on_time", "late", "unknown"])
    expected = (
        table.assign(
            on_time=judged & (table["status"] == "on_time"),
            counted=judged,
            received=received,
            owed=received | (table["status"] == "overdue"),
        )
        .groupby(["member_iso3", "span"])[["on_time", "counted", "received", "owed"]]
        .sum()
        .astype("Int64")
        .reset_index()
    )
    found = warehouse.frame(statements.receipts_by_member(selection, STEPS))
    assert found["span"].nunique() == 4
    assert_frame_equal(found[list(expected.columns)], expected, check_dtype=False)


def test_quality_is_told_apart_by_half_year(warehouse: Warehouse, selection: Selection) -> None:
    night = _as_of(selection) + pd.Timedelta(days=1)
    sent = _raw(warehouse, "fct_submission")
    is_current = sent["superseded_at"].isna() | (sent["superseded_at"] >= night)
    sent = sent[sent["is_accepted"] & (sent["known_at"] < night) & is_current]
    table = (
        _raw(warehouse, "fct_quality")
        .merge(sent[["submission_id", "reporter_id", "period_id"]], on="submission_id")
        .merge(_raw(warehouse, "dim_period")[["period_id", "ends_on"]], on="period_id")
        .merge(_members(warehouse), left_on="reporter_id", right_on="member_id")
    )
    table["span"] = _half_year(table["ends_on"])
    table = table[table["span"].isin(STEPS.names[:-1])]
    keys = ["member_iso3", "span", "dimension_id"]
    expected = table.groupby(keys)[["numerator", "denominator"]].sum().reset_index()
    found = warehouse.frame(statements.quality_sums(selection, STEPS))
    assert found["span"].nunique() == 3
    assert_frame_equal(found[list(expected.columns)], expected, check_dtype=False, rtol=1e-12)


def test_engagement_is_told_apart_by_step(warehouse: Warehouse, selection: Selection) -> None:
    acts = _raw(warehouse, "fct_activity").merge(_members(warehouse), on="member_id")
    acts = acts[acts["is_done"] & acts["kind"].isin(statements.ENGAGEMENT_KINDS)]
    found = warehouse.frame(statements.engagement_by_member(selection, STEPS))
    assert list(found.columns) == ["member_iso3", "kind", *STEPS.names[:-1]]
    for place, name in enumerate(STEPS.names[:-1]):
        end = _as_of(selection) - pd.DateOffset(months=6 * place)
        start = _as_of(selection) - pd.DateOffset(months=6 * place + 12)
        inside = acts[(acts["happened_on"] > start) & (acts["happened_on"] <= end)]
        done = set(zip(inside["member_iso3"], inside["kind"], strict=True))
        shown = found[found[name] == 1]
        assert set(zip(shown["member_iso3"], shown["kind"], strict=True)) == done
