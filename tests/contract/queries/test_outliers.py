"""The builders of the outlier desk against plain computations on the raw tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from sqlalchemy import select

from dashboard.cases import Case
from dashboard.selection import Selection
from dashboard.warehouse import schema
from dashboard.warehouse.reading import Warehouse
from queries import outlier_cases, outliers

MONTHLY = "trade_monthly"


@pytest.fixture(scope="module")
def members(warehouse: Warehouse) -> pd.DataFrame:
    return warehouse.frame(select(*schema.dim_member.c))[["member_id", "iso3", "region_id"]]


@pytest.fixture(scope="module")
def submissions(warehouse: Warehouse) -> pd.DataFrame:
    return warehouse.frame(select(*schema.fct_submission.c))


@pytest.fixture(scope="module")
def trade(warehouse: Warehouse) -> pd.DataFrame:
    table = schema.fct_trade.c
    return warehouse.frame(
        select(
            table.submission_id,
            table.reporter_id,
            table.partner_id,
            table.period_id,
            table.flow_code,
            table.commodity_code,
            table.value_usd,
        )
    )


@pytest.fixture(scope="module")
def found(warehouse: Warehouse, members: pd.DataFrame, submissions: pd.DataFrame) -> pd.DataFrame:
    """Every candidate with its member, and when its figure came."""
    table = warehouse.frame(select(*schema.agg_outlier.c)).merge(members, on="member_id")
    return table.merge(submissions[["submission_id", "known_at"]], on="submission_id")


def _selection(data_on: date, days_ago: int = 0, **more: object) -> Selection:
    last = f"{data_on:%Y-%m}"
    base = Selection(collection=MONTHLY, first="2022-01", last=last, flow="X", as_of=data_on)
    return replace(base, as_of=data_on - timedelta(days=days_ago), **more)  # type: ignore[arg-type]


def _current(submissions: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    night = pd.Timestamp(selection.as_of) + pd.Timedelta(days=1)
    return submissions[
        submissions["is_accepted"]
        & (submissions["collection_id"] == selection.collection)
        & (submissions["known_at"] < night)
        & ~(submissions["superseded_at"] < night)
    ]


@pytest.fixture(scope="module")
def case(found: pd.DataFrame) -> Case:
    """The candidate of the largest effect in exports by month."""
    kept = found[(found["collection_id"] == MONTHLY) & (found["flow_code"] == "X")]
    row = kept.loc[kept["effect_usd"].abs().idxmax()]
    return Case(row["iso3"], "X", row["commodity_code"], int(row["period_id"]))


@pytest.mark.parametrize(
    ("days_ago", "more"),
    [
        (0, {}),
        (0, {"flow": "M", "regions": ("europe",)}),
        (0, {"members": ("FRA",)}),
        (400, {"members": ("KEN", "FRA")}),
        (0, {"commodity": "27"}),
        (0, {"commodity": "270900"}),
        (0, {"commodity": "S5"}),
    ],
)
def test_candidates_are_those_of_the_selection_by_their_share(
    days_ago: int,
    more: dict[str, object],
    warehouse: Warehouse,
    found: pd.DataFrame,
    data_on: date,
) -> None:
    selection = _selection(data_on, days_ago, **more)
    night = pd.Timestamp(selection.as_of) + pd.Timedelta(days=1)
    assert selection.last is not None
    kept = found[
        (found["collection_id"] == MONTHLY)
        & (found["flow_code"] == selection.flow)
        & found["period_id"].between(202201, int(selection.last.replace("-", "")))
        & (found["known_at"] < night)
    ]
    if selection.members:
        kept = kept[kept["iso3"].isin(selection.members)]
    if selection.regions:
        kept = kept[kept["region_id"].isin(selection.regions)]
    if selection.commodity:
        wanted = {"27"} if selection.commodity != "S5" else {"25", "26", "27"}
        kept = kept[kept["commodity_code"].isin(wanted)]
    shares = {}
    for name in ("member", "region"):
        total = kept[f"{name}_usd"]
        # Reported, or with the expected value in the place of the reported one.
        other = total - kept["value_usd"] + kept["expected_usd"]
        shares[name] = (kept["value_usd"] - kept["expected_usd"]).abs() / np.maximum(total, other)
    share = shares["member"] if len(selection.members) == 1 else shares["region"]
    expected = pd.DataFrame(
        {
            "member_iso3": kept["iso3"],
            "period_id": kept["period_id"],
            "commodity_code": kept["commodity_code"],
            "value_usd": kept["value_usd"],
            "effect_share": share,
            "member_share": shares["member"],
            "region_share": shares["region"],
            "mirror_usd": kept["mirror_usd"],
            "z": kept["z"],
        }
    )
    answer = warehouse.frame(outliers.candidates(selection))
    keys = ["member_iso3", "period_id", "commodity_code"]
    assert answer["effect_share"].is_monotonic_decreasing
    assert (answer["effect_share"] <= 1 + 1e-12).all()
    assert len(answer) > 1
    ours, theirs = (
        one.sort_values(keys).reset_index(drop=True) for one in (answer[expected.columns], expected)
    )
    assert_frame_equal(ours, theirs, check_dtype=False, rtol=1e-9)


def test_a_case_is_found_whatever_else_is_selected(
    warehouse: Warehouse, case: Case, data_on: date
) -> None:
    selection = _selection(data_on, flow="M", first="2016-01", last="2016-01", members=("FJI",))
    answer = warehouse.frame(outliers.candidate(selection, case))
    assert answer["member_iso3"].tolist() == [case.iso3]
    nobody = replace(case, period_id=190001)
    assert warehouse.frame(outliers.candidate(selection, nobody)).empty


def test_series_are_counted(
    warehouse: Warehouse, trade: pd.DataFrame, submissions: pd.DataFrame, members: pd.DataFrame,
    data_on: date,
) -> None:  # fmt: skip
    selection = _selection(data_on, regions=("europe",))
    present = submissions[submissions["is_accepted"] & submissions["superseded_at"].isna()]
    ids = present.loc[present["collection_id"] == MONTHLY, "submission_id"]
    europe = members.loc[members["region_id"] == "europe", "member_id"]
    rows = trade[
        trade["submission_id"].isin(ids)
        & trade["reporter_id"].isin(europe)
        & (trade["flow_code"] == "X")
    ]
    chapters = rows.assign(code=rows["commodity_code"].str[:2])
    sums = chapters.groupby(["reporter_id", "code", "period_id"])["value_usd"].sum().reset_index()
    points = sums[sums["value_usd"] > 0].groupby(["reporter_id", "code"]).size()
    (row,) = warehouse.frame(outliers.judged_series(selection)).to_dict("records")
    assert row == {
        "series_count": sums.groupby(["reporter_id", "code"]).ngroups,
        "judged_count": int((points >= 12).sum()),
        "fewest_points": 12,
        "code_length": 2,
    }


@pytest.mark.parametrize("days_ago", [0, 500])
def test_the_series_and_its_mirror_are_those_of_the_day(
    days_ago: int,
    warehouse: Warehouse,
    trade: pd.DataFrame,
    submissions: pd.DataFrame,
    members: pd.DataFrame,
    case: Case,
    data_on: date,
) -> None:
    selection = _selection(data_on, days_ago)
    current = _current(submissions, selection)
    area = int(members.loc[members["iso3"] == case.iso3, "member_id"].iloc[0])
    rows = trade[
        trade["submission_id"].isin(current["submission_id"])
        & trade["commodity_code"].str.startswith(case.code)
    ]
    own = rows[(rows["reporter_id"] == area) & (rows["flow_code"] == case.flow)]
    sent = current[(current["reporter_id"] == area) & current["has_data"]]
    expected = own.groupby("period_id")["value_usd"].sum().reindex(sorted(sent["period_id"]))
    answer = warehouse.frame(outlier_cases.series_values(selection, case))
    assert answer["period_id"].tolist() == sorted(sent["period_id"])
    np.testing.assert_allclose(answer["value_usd"], expected.fillna(0), rtol=1e-12)

    theirs = rows[
        (rows["partner_id"] == area)
        & (rows["reporter_id"] != area)
        & (rows["flow_code"] == {"X": "M", "M": "X"}[case.flow])
    ].groupby("period_id")
    for is_past in (False, True) if selection.as_of == data_on else (True,):
        mirror = warehouse.frame(outlier_cases.mirror_values(selection, case, is_past=is_past))
        assert mirror["period_id"].tolist() == sorted(theirs.groups)
        np.testing.assert_allclose(mirror["mirror_usd"], theirs["value_usd"].sum(), rtol=1e-12)
        assert mirror["partner_count"].tolist() == theirs["reporter_id"].nunique().tolist()
    span = warehouse.frame(outlier_cases.collection_span(selection))
    whole = current.loc[current["has_data"], "period_id"]
    assert span.iloc[0].tolist() == [whole.min(), whole.max()]


def test_parts_add_up_to_the_figures(warehouse: Warehouse, case: Case, data_on: date) -> None:
    selection = _selection(data_on)
    series = warehouse.frame(outlier_cases.series_values(selection, case))
    periods = series["period_id"].tolist()[-20:]
    parts = warehouse.frame(outlier_cases.parts(selection, case, periods))
    assert parts["commodity_code"].str.startswith(case.code).all()
    assert not parts.duplicated(["period_id", "partner_iso3", "commodity_code"]).any()
    sums = parts.groupby("period_id")["value_usd"].sum().reindex(periods, fill_value=0)
    known = series.set_index("period_id")["value_usd"].reindex(periods)
    np.testing.assert_allclose(sums, known, rtol=1e-12)


def test_findings_are_those_of_the_submission_flow_and_commodity(
    warehouse: Warehouse, submissions: pd.DataFrame, members: pd.DataFrame, data_on: date
) -> None:
    selection = _selection(data_on)
    table = warehouse.frame(select(*schema.fct_finding.c)).merge(
        _current(submissions, selection)[["submission_id", "reporter_id", "period_id"]],
        on="submission_id",
    )
    placed = table[table["commodity_code"].notna() & table["flow_code"].isin(["X", "M"])]
    row = placed.iloc[len(placed) // 2]
    iso3 = members.loc[members["member_id"] == row["reporter_id"], "iso3"].iloc[0]
    case = Case(iso3, row["flow_code"], row["commodity_code"][:2], int(row["period_id"]))
    of_it = table[
        (table["reporter_id"] == row["reporter_id"])
        & (table["period_id"] == case.period_id)
        & (table["flow_code"].isna() | (table["flow_code"] == case.flow))
        & (table["commodity_code"].isna() | (table["commodity_code"].str[:2] == case.code))
    ]
    answer = warehouse.frame(outlier_cases.case_findings(selection, case))
    expected = of_it.groupby("rule_id").agg(
        finding_count=("finding_id", "size"), effect_usd=("effect_usd", "max")
    )
    assert answer["rule_id"].tolist() == expected.index.tolist()
    assert answer["finding_count"].tolist() == expected["finding_count"].tolist()
    np.testing.assert_allclose(answer["effect_usd"], expected["effect_usd"], rtol=1e-12)
    whole = of_it.groupby("rule_id")["commodity_code"].agg(lambda codes: int(codes.isna().all()))
    assert answer["is_whole"].tolist() == whole.tolist()


def test_what_now_stands_in_the_place_of_judged_figures(
    warehouse: Warehouse, found: pd.DataFrame, data_on: date
) -> None:
    selection = _selection(data_on)
    kept = found[(found["collection_id"] == MONTHLY) & (found["value_usd"] > 0)].head(5)
    cases = [
        Case(iso3, flow, code, int(period))
        for iso3, flow, code, period in zip(
            kept["iso3"], kept["flow_code"], kept["commodity_code"], kept["period_id"], strict=True
        )
    ]
    nobody = Case("KEN", "X", "270900", 190001)  # another length, and nothing there
    answer = warehouse.frame(outlier_cases.current_values(selection, [*cases, nobody]))
    values = {
        (row.member_iso3, row.flow_code, row.commodity_code, row.period_id): row.value_usd
        for row in answer.itertuples()
    }
    assert len(values) == 5
    for case, value in zip(cases, kept["value_usd"], strict=True):
        found_value = values[case.iso3, case.flow, case.code, case.period_id]
        assert found_value == pytest.approx(value, rel=1e-12)
