"""The builders of the mirror workbench against plain computations on the raw tables."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from sqlalchemy import select

from dashboard.selection import Selection
from dashboard.warehouse import schema
from dashboard.warehouse.reading import Warehouse
from queries import mirror_pairs
from queries import mirror_workbench as statements
from queries.areas import area_number

DAYS_AGO = (0, 300)
MARGIN = 0.06
RANGE = (202403, 202502)


@pytest.fixture(scope="module")
def areas(warehouse: Warehouse) -> pd.DataFrame:
    """All areas, with the smallest number of those that share an ISO code."""
    area = schema.dim_partner.c
    found = warehouse.frame(select(area.partner_id, area.iso3, area.region_id))
    first = found.sort_values("partner_id").drop_duplicates("iso3").set_index("iso3")["partner_id"]
    return found.assign(area_id=found["iso3"].map(first).fillna(found["partner_id"]).astype(int))


@pytest.fixture(scope="module")
def numbers(areas: pd.DataFrame) -> dict[str, list[int]]:
    """All numbers of each area by its ISO code."""
    found: dict[str, list[int]] = {}
    for iso3, number in zip(areas["iso3"], areas["partner_id"], strict=True):
        if isinstance(iso3, str):
            found.setdefault(iso3, []).append(int(number))
    return found


@pytest.fixture(scope="module")
def facts(warehouse: Warehouse, areas: pd.DataFrame) -> pd.DataFrame:
    """All monthly rows of the range with their submission and the ISO codes of both areas."""
    trade, sent = schema.fct_trade.c, schema.fct_submission.c
    rows = warehouse.frame(
        select(
            *[trade[n] for n in ("submission_id", "reporter_id", "partner_id", "period_id")],
            *[trade[n] for n in ("flow_code", "commodity_code", "value_usd")],
        ).where(trade.period_id.between(*RANGE))
    )
    sent_rows = warehouse.frame(
        select(
            *[sent[n] for n in ("submission_id", "collection_id", "is_accepted", "has_data")],
            *[sent[n] for n in ("known_at", "superseded_at")],
        ).where(sent.collection_id == "trade_monthly")
    )
    rows = rows.merge(sent_rows, on="submission_id")
    for side in ("reporter", "partner"):
        rows = rows.merge(
            areas.add_prefix(f"{side}_").rename(columns={f"{side}_partner_id": f"{side}_id"}),
            on=f"{side}_id",
        )
    return rows


def _selection(data_on: date, days_ago: int, **changes: Any) -> Selection:
    base = Selection(
        first="2024-03",
        last="2025-02",
        as_of=data_on - timedelta(days=days_ago),
        collection="trade_monthly",
        flow="X",
        members=("NLD",),
    )
    return replace(base, **changes)


def _known(rows: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    night = pd.Timestamp(selection.as_of) + pd.Timedelta(days=1)
    holds = rows["superseded_at"].isna() | (rows["superseded_at"] >= night)
    return rows[rows["is_accepted"].astype(bool) & (rows["known_at"] < night) & holds]


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
    "chosen",
    [
        {"partners": ("BEL",)},
        {"partners": ("BEL",), "flow": "M"},
        {"partner_regions": ("europe", "americas"), "commodity": "84"},
        {"members": ("BEL", "ITA", "NLD"), "flow": "M", "commodity": "S6"},
    ],
    ids=["pair", "imports", "chapter", "section"],
)
def test_both_records_are_those_of_the_facts(
    chosen: dict[str, Any],
    days_ago: int,
    warehouse: Warehouse,
    facts: pd.DataFrame,
    numbers: dict[str, list[int]],
    data_on: date,
) -> None:
    selection = _selection(data_on, days_ago, **chosen)
    rows = _known(facts, selection)
    if selection.commodity == "84":
        rows = rows[rows["commodity_code"].str.startswith("84")]
    elif selection.commodity:
        rows = rows[rows["commodity_code"].str[:2].between("28", "38")]
    keys = ["reporter_area_id", "partner_area_id", "period_id", "commodity_code"]
    cells: dict[Any, list[float | None]] = defaultdict(lambda: [None, None, None])
    ours_export = selection.flow == "X"
    for row in rows.itertuples():
        if row.reporter_area_id == row.partner_area_id:
            continue
        for is_ours in (True, False):
            own, other = ("reporter", "partner") if is_ours else ("partner", "reporter")
            if getattr(row, f"{own}_iso3") not in selection.members:
                continue
            if selection.partners and getattr(row, f"{other}_iso3") not in selection.partners:
                continue
            if selection.partner_regions and (
                getattr(row, f"{other}_region_id") not in selection.partner_regions
            ):
                continue
            is_exporter = is_ours == ours_export
            if row.flow_code not in (("X", "RX") if is_exporter else ("M",)):
                continue
            place = 2 if row.flow_code == "RX" else 0 if is_ours else 1
            key = (
                getattr(row, f"{own}_area_id"),
                getattr(row, f"{other}_area_id"),
                row.period_id,
                row.commodity_code,
            )
            cells[key][place] = (cells[key][place] or 0.0) + row.value_usd
    names = ["reported_usd", "mirrored_usd", "re_exported_usd"]
    expected = pd.DataFrame(
        [[*key, *values] for key, values in sorted(cells.items())], columns=[*keys, *names]
    ).astype(dict.fromkeys(names, "float64"))
    past = days_ago > 0
    for known in (None, numbers):
        statement = statements.both_records(selection, is_past=past, numbers=known)
        _same(warehouse.frame(statement), expected)


@pytest.mark.parametrize("days_ago", DAYS_AGO)
@pytest.mark.parametrize(
    "chosen",
    [
        {"members": ("ESP",), "partners": ("AZE",)},
        {"members": ("AZE",), "flow": "M"},
        {"members": ("CIV", "ECU")},
    ],
    ids=["pair", "imports", "exports"],
)
def test_routes_take_the_smaller_of_their_two_legs(
    chosen: dict[str, Any],
    days_ago: int,
    warehouse: Warehouse,
    facts: pd.DataFrame,
    numbers: dict[str, list[int]],
    data_on: date,
) -> None:
    selection = _selection(data_on, days_ago, **chosen)
    rows = _known(facts, selection)
    rows = rows.assign(chapter_code=rows["commodity_code"].str[:2])
    legs = {
        flow: rows[rows["flow_code"] == flow]
        .groupby(
            [
                *("reporter_area_id", "partner_area_id", "period_id", "chapter_code"),
                *("reporter_iso3", "partner_iso3"),
            ]
        )["value_usd"]
        .sum()
        .reset_index()
        for flow in ("X", "RX")
    }
    ours, theirs = selection.members, selection.partners
    exporters, importers = (ours, theirs) if selection.flow == "X" else (theirs, ours)
    first, second = legs["X"], legs["RX"]
    if exporters:
        first = first[first["reporter_iso3"].isin(exporters)]
    if importers:
        second = second[second["partner_iso3"].isin(importers)]
    ways = first.merge(
        second,
        left_on=["partner_area_id", "period_id", "chapter_code"],
        right_on=["reporter_area_id", "period_id", "chapter_code"],
    )
    ways = ways[ways["reporter_area_id_x"] != ways["partner_area_id_y"]]
    ways["value_usd"] = ways[["value_usd_x", "value_usd_y"]].min(axis=1)
    ways = ways.rename(
        columns={
            "reporter_area_id_x": "exporter_area_id",
            "partner_area_id_y": "importer_area_id",
        }
    )
    keys = ["exporter_area_id", "importer_area_id", "period_id", "chapter_code"]
    expected = ways.groupby(keys)["value_usd"].sum().reset_index()
    for known in (None, numbers):
        statement = statements.routed_trade(selection, is_past=days_ago > 0, numbers=known)
        _same(warehouse.frame(statement), expected)


@pytest.mark.parametrize("days_ago", DAYS_AGO)
@pytest.mark.parametrize("flow", ["X", "M"])
def test_the_asymmetry_of_a_pair_is_a_sum_over_its_periods(
    flow: str,
    days_ago: int,
    warehouse: Warehouse,
    facts: pd.DataFrame,
    numbers: dict[str, list[int]],
    data_on: date,
) -> None:
    selection = _selection(data_on, days_ago, flow=flow, members=(), regions=("europe",))
    rows = _known(facts, selection)
    rows = rows[rows["reporter_area_id"] != rows["partner_area_id"]]
    mine = rows[(rows["flow_code"] == flow) & (rows["reporter_region_id"] == "europe")]
    other = "M" if flow == "X" else "X"
    yours = rows[(rows["flow_code"] == other) & (rows["partner_region_id"] == "europe")]
    keys = ["reporter_area_id", "partner_area_id", "period_id"]
    reported = mine.groupby(keys)["value_usd"].sum()
    mirrored = yours.groupby(["partner_area_id", "reporter_area_id", "period_id"])[
        "value_usd"
    ].sum()
    mirrored.index = mirrored.index.set_names(keys)
    cells = pd.concat([reported, mirrored], axis=1, keys=["ours", "theirs"]).reset_index()
    expected = []
    for (own, partner), cell in cells.groupby(keys[:2]):
        both = cell.dropna()
        x = both["ours"] / (1 if flow == "X" else 1 + MARGIN)
        m = both["theirs"] / (1 + MARGIN if flow == "X" else 1)
        expected.append(
            {
                "reporter_area_id": own,
                "partner_area_id": partner,
                "reported_usd": cell["ours"].sum(),
                "mirrored_usd": cell["theirs"].sum(),
                "difference_usd": (x - m).abs().sum(),
                "level_usd": ((x + m) / 2).sum(),
                "matched_count": len(both),
                "cell_count": len(cell),
            }
        )
    for known in (None, numbers):
        statement = mirror_pairs.pair_asymmetry(
            selection, margin=MARGIN, is_past=days_ago > 0, numbers=known
        )
        found = warehouse.frame(statement)
        _same(found, pd.DataFrame(expected))
    assert (found["difference_usd"] <= 2 * found["level_usd"] * (1 + 1e-12)).all()


@pytest.mark.parametrize("days_ago", DAYS_AGO)
@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"flow": "M", "members": ("NLD", "BEL")},
        {"regions": ("europe",), "members": (), "partner_regions": ("americas",)},
        {"commodity": "S16"},
        {"commodity": "84", "flow": "M"},
    ],
    ids=["member", "imports", "regions", "section", "chapter"],
)
def test_pairs_add_up_to_both_records_of_the_facts(
    chosen: dict[str, Any], days_ago: int, warehouse: Warehouse, data_on: date
) -> None:
    """Of today the pairs are read from what publication brought together, else from the facts."""
    selection = _selection(data_on, days_ago, **chosen)
    is_past = days_ago > 0
    cells = warehouse.frame(statements.both_records(selection, is_past=is_past))
    pair = ["reporter_area_id", "partner_area_id"]
    values = ["reported_usd", "mirrored_usd"]
    expected = cells.groupby(pair)[values].sum().reset_index()
    statement = mirror_pairs.pair_asymmetry(selection, margin=MARGIN, is_past=is_past)
    found = warehouse.frame(statement)
    has_any = (found[values] > 0).any(axis=1)
    assert has_any.any()
    expected = expected[(expected[values] > 0).any(axis=1)]
    _same(found.loc[has_any, [*pair, *values]], expected)


@pytest.mark.parametrize("row_limit", [None, 3])
def test_largest_pairs_are_those_between_the_areas_with_most_matched_trade(
    row_limit: int | None, warehouse: Warehouse, data_on: date
) -> None:
    selection = _selection(data_on, 0, members=(), regions=("europe",))
    pairs = mirror_pairs.pair_asymmetry(selection, margin=MARGIN, is_past=False)
    every = warehouse.frame(pairs)
    matched = every[every["matched_count"] > 0]
    size = matched["reported_usd"] + matched["mirrored_usd"]
    reporters = sorted(matched["reporter_area_id"].unique().tolist())[1:]
    rows = size.groupby(matched["reporter_area_id"]).sum()
    rows = rows[rows.index.isin(reporters)].nlargest(row_limit or len(rows))
    is_row = matched["reporter_area_id"].isin(rows.index)
    columns = size[is_row].groupby(matched["partner_area_id"]).sum().nlargest(5)
    expected = matched[is_row & matched["partner_area_id"].isin(columns.index)]
    assert 0 < len(expected) < len(matched)
    found = warehouse.frame(
        mirror_pairs.largest_pairs(pairs, reporters, row_limit=row_limit, column_limit=5)
    )
    _same(found, expected)


@pytest.mark.parametrize("days_ago", DAYS_AGO)
def test_periods_are_submitted_if_a_valid_submission_holds_data(
    days_ago: int,
    warehouse: Warehouse,
    areas: pd.DataFrame,
    numbers: dict[str, list[int]],
    data_on: date,
) -> None:
    selection = _selection(data_on, days_ago)
    sent = warehouse.frame(select(*schema.fct_submission.c))
    sent = _known(sent, selection)
    sent = sent[
        sent["has_data"].astype(bool)
        & (sent["collection_id"] == "trade_monthly")
        & sent["period_id"].between(*RANGE)
    ]
    area_id = sent["reporter_id"].map(areas.set_index("partner_id")["area_id"])
    pairs = set(zip(area_id, sent["period_id"], strict=True))
    assert pairs
    for known in (None, numbers):
        found = warehouse.frame(statements.submitted_periods(selection, numbers=known))
        assert list(zip(found["reporter_area_id"], found["period_id"], strict=True)) == sorted(
            pairs
        )


def test_areas_are_known_by_the_numbers_that_records_and_submissions_have(
    warehouse: Warehouse, areas: pd.DataFrame
) -> None:
    trade, sent = schema.fct_trade.c, schema.fct_submission.c
    used = {
        int(number)
        for column in (trade.reporter_id, trade.partner_id, sent.reporter_id)
        for number in warehouse.frame(select(column).distinct()).iloc[:, 0]
    }
    smallest = areas.loc[areas["partner_id"].isin(used), "area_id"]
    expected = areas[areas["partner_id"].isin({*used, *smallest}) & areas["iso3"].notna()]
    found = warehouse.frame(statements.known_areas())
    assert len(found) > 100
    _same(found, expected.sort_values("partner_id"))


def test_the_numbers_of_one_area_are_told_as_the_smallest(
    warehouse: Warehouse, areas: pd.DataFrame, numbers: dict[str, list[int]]
) -> None:
    area = schema.dim_partner.c
    number = area_number(area.partner_id, numbers)
    found = warehouse.frame(select(area.partner_id.label("partner_id"), number.label("area_id")))
    assert (found["partner_id"] != found["area_id"]).any()
    own = areas["partner_id"]
    expected = areas["area_id"].where(areas["iso3"].notna(), own).set_axis(own)
    assert found.set_index("partner_id")["area_id"].to_dict() == expected.to_dict()


@pytest.mark.parametrize("flow", ["RX", "RM"])
def test_flows_without_a_mirror_have_no_records_to_compare(
    flow: str, warehouse: Warehouse, data_on: date
) -> None:
    selection = _selection(data_on, 0, flow=flow)
    found = warehouse.frame(statements.both_records(selection, is_past=False))
    assert found.empty
    assert "re_exported_usd" in found.columns
    assert warehouse.frame(statements.routed_trade(selection, is_past=False)).empty
    pairs = mirror_pairs.pair_asymmetry(selection, margin=MARGIN, is_past=False)
    assert warehouse.frame(pairs).empty


@pytest.mark.parametrize("flow", ["X", "M"])
def test_standings_are_of_the_last_year_that_is_fitted(
    flow: str, warehouse: Warehouse, data_on: date
) -> None:
    fitted = warehouse.frame(select(*schema.agg_mirror_reporter.c))
    members = warehouse.frame(select(*schema.dim_member.c))[["member_id", "iso3", "region_id"]]
    chosen = fitted[
        (fitted["collection_id"] == "trade_annual")
        & (fitted["flow_code"] == flow)
        & (fitted["year"] <= 2024)
    ]
    chosen = chosen[(chosen["year"] == chosen["year"].max()) & chosen["standing"].notna()]
    expected = chosen.merge(members, left_on="reporter_id", right_on="member_id")
    expected = expected.rename(columns={"iso3": "member_iso3"}).sort_values("member_iso3")
    selection = _selection(
        data_on, 0, flow=flow, collection="trade_annual", first="2017-01", last="2024-12"
    )
    found = warehouse.frame(statements.record_standings(selection))
    _same(found, expected)
    assert (found["low"] <= found["high"]).all()


@pytest.mark.parametrize(
    ("frequency", "first", "last"), [("M", "2024-02", "2025-03"), ("A", "2023-03", "2026-02")]
)
def test_a_period_more_at_either_end_and_the_heading_of_a_subheading_are_read(
    frequency: str, first: str, last: str
) -> None:
    chosen = Selection(first="2024-03", last="2025-02", commodity="030214")
    wide = statements.widened(chosen, frequency=frequency)
    assert (wide.first, wide.last, wide.commodity) == (first, last, "0302")
