"""What both sides trade in which goods, against plain sums of the facts, by both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
from sqlalchemy import select

from dashboard.selection import Selection
from dashboard.warehouse import schema
from dashboard.warehouse.reading import Warehouse
from queries.network import goods_of_side
from queries.rollups import choose

CASES: dict[str, dict[str, object]] = {
    "all": {},
    "imports of a region": {"flow": "M", "regions": ("europe",)},
    "mirror of members": {"source": "mirror", "members": ("DEU", "CHN", "KEN")},
    "towards a region": {"partner_regions": ("asia_pacific",), "regions": ("europe",)},
    "one partner, one section": {"partners": ("USA",), "commodity": "S16"},
    "chapter": {"commodity": "84"},
    "past": {},
}


@pytest.fixture(scope="module")
def facts(warehouse: Warehouse) -> pd.DataFrame:
    """Every record of two months with the names of both sides."""
    trade, sent, code = schema.fct_trade, schema.fct_submission, schema.dim_commodity
    reporter, partner = schema.dim_partner.alias(), schema.dim_partner.alias()
    return warehouse.frame(
        select(
            reporter.c.iso3.label("reporter"),
            reporter.c.region_id.label("reporter_region"),
            partner.c.iso3.label("partner"),
            partner.c.region_id.label("partner_region"),
            trade.c.flow_code.label("flow"),
            trade.c.commodity_code.label("code"),
            code.c.section_id.label("section_id"),
            sent.c.known_at.label("known_at"),
            sent.c.superseded_at.label("superseded_at"),
            trade.c.value_usd.label("value_usd"),
            trade.c.is_estimated.label("is_estimated"),
        )
        .select_from(
            trade.join(sent, trade.c.submission_id == sent.c.submission_id)
            .join(reporter, sent.c.reporter_id == reporter.c.partner_id)
            .join(partner, trade.c.partner_id == partner.c.partner_id)
            .join(code, trade.c.commodity_code == code.c.commodity_code)
        )
        .where(
            sent.c.collection_id == "trade_monthly",
            sent.c.period_id.between(202411, 202412),
            sent.c.is_accepted,
        )
    )


def _selected(facts: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    night = pd.Timestamp(selection.as_of) + pd.Timedelta(days=1)  # type: ignore[arg-type]
    ended = facts["superseded_at"]
    table = facts[(facts["known_at"] < night) & (ended.isna() | (ended >= night))]
    is_mirror = selection.source == "mirror"
    ours, theirs = ("partner", "reporter") if is_mirror else ("reporter", "partner")
    flow = {"X": "M", "M": "X"}[selection.flow or "X"] if is_mirror else selection.flow
    table = table[table["flow"] == flow].rename(
        columns={
            ours: "ours",
            theirs: "theirs",
            f"{ours}_region": "ours_region",
            f"{theirs}_region": "theirs_region",
        }
    )
    for column, values in (
        ("ours", selection.members),
        ("ours_region", selection.regions),
        ("theirs", selection.partners),
        ("theirs_region", selection.partner_regions),
    ):
        if values:
            table = table[table[column].isin(values)]
    if selection.commodity and selection.commodity.isdigit():
        table = table[table["code"].str.startswith(selection.commodity)]
    return table


@pytest.mark.parametrize("case", list(CASES))
def test_both_sides_are_the_sums_of_the_facts(
    case: str, warehouse: Warehouse, data_on: date, facts: pd.DataFrame
) -> None:
    is_past = case == "past"
    day = data_on - timedelta(days=300) if is_past else data_on
    base = Selection(first="2024-11", last="2024-12", as_of=day, collection="trade_monthly")
    selection = replace(
        base,
        **{"flow": "X", "measure": "value_usd", "source": "reported", **CASES[case]},  # type: ignore[arg-type]
    )
    rows = _selected(facts, selection)
    assert len(rows) > 3
    by_area = {
        "ours": bool(selection.members or selection.regions),
        "theirs": bool(selection.partners or selection.partner_regions),
    }
    for side in ("ours", "theirs"):
        found = warehouse.frame(goods_of_side(selection, side, is_past=is_past))  # type: ignore[arg-type]
        item = rows[side] if by_area[side] else rows[f"{side}_region"].fillna("outside")
        keyed = rows.assign(
            item=item,
            region_id=rows[f"{side}_region"].fillna("outside"),
            estimated_usd=rows["value_usd"].where(rows["is_estimated"].astype(bool), 0.0),
        )
        keys = ["item", "region_id", "section_id"]
        expected = keyed.groupby(keys)
        indexed = found.set_index(keys)
        assert indexed["value_usd"].to_dict() == pytest.approx(
            expected["value_usd"].sum().to_dict()
        )
        assert indexed["n"].to_dict() == expected.size().to_dict()
        share = expected["estimated_usd"].sum() / expected["value_usd"].sum()
        assert indexed["estimated_share"].to_dict() == pytest.approx(share.to_dict())
        order = found[["region_id", "item", "section_id"]]
        assert order.equals(order.sort_values(list(order), ignore_index=True))


def test_rollups_answer_whatever_is_chosen_of_both_sides() -> None:
    sections = {"period_id", "flow_code", "collection_id", "section_id"}
    regions = {"reporter_region_id", "partner_region_id"}
    areas = {"reporter_iso3", "partner_iso3"}
    assert choose(sections | regions).name == "agg_trade_region"
    assert choose(sections | areas | regions).name == "agg_trade_section"


def test_reconciled_trade_is_the_same_on_both_sides(warehouse: Warehouse, data_on: date) -> None:
    selection = Selection(
        first="2024-11",
        last="2024-12",
        as_of=data_on,
        collection="trade_monthly",
        flow="M",
        source="reconciled",
        regions=("europe",),
    )
    ours, theirs = (
        warehouse.frame(goods_of_side(selection, side, is_past=False)).groupby("section_id")
        for side in ("ours", "theirs")
    )
    sums = ours["value_usd"].sum().to_dict()
    assert len(sums) > 3
    assert theirs["value_usd"].sum().to_dict() == pytest.approx(sums)
