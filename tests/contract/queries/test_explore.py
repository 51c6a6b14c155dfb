"""The builders of the path through trade against plain sums of the facts, by both engines."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Select, select

from dashboard.drill import level_of
from dashboard.measures import Level
from dashboard.selection import Selection
from dashboard.warehouse.reading import Warehouse
from dashboard.warehouse.schema import dim_commodity, dim_partner, fct_submission, fct_trade
from queries import explore as statements

MONTHS = (202403, 202502)
LARGE = ("CHN", "DEU", "ESP", "FRA", "GBR", "ITA", "JPN", "KOR", "NLD", "USA")
BOTH = {"members": LARGE, "partners": LARGE}
# Of headings and subheadings the first digits of one that the sample has are taken.
LEVELS: dict[str, dict[str, Any]] = {
    "region": {},
    "region of a chapter": {"commodity": "84"},
    "region past": {"as_of": -300},
    "region mirrored": {"source": "mirror"},
    "member": {"regions": ("europe",)},
    "member towards": {"regions": ("europe",), "partner_regions": ("asia_pacific",)},
    "partner": {"members": ("DEU", "KEN")},
    "section": BOTH,
    "section past": {**BOTH, "as_of": -300},
    "section mirrored": {**BOTH, "source": "mirror"},
    "chapter": {**BOTH, "commodity": "S16"},
    "heading": {**BOTH, "commodity": "84"},
    "subheading": {**BOTH, "commodity": 4},
    "subheading chosen": {**BOTH, "commodity": 6},
}


def _selection(data_on: date, **changes: Any) -> Selection:
    days = changes.pop("as_of", 0)
    base = {"first": "2024-03", "last": "2025-02", "collection": "trade_monthly", "flow": "X"}
    return Selection(**{**base, "as_of": data_on + timedelta(days=days), **changes})


def _plain(selection: Selection, *, is_past: bool) -> Select[Any]:
    """Every row of trade of the range that was valid on the day, with its codes."""
    trade, sent = fct_trade.c, fct_submission.c
    reporter, partner = dim_partner.alias("reporter"), dim_partner.alias("partner")
    assert selection.as_of is not None
    night = selection.as_of + timedelta(days=1)
    valid = (sent.superseded_at.is_(None)) & sent.is_accepted
    if is_past:
        valid = (
            sent.is_accepted
            & (sent.known_at < night)
            & (sent.superseded_at.is_(None) | (sent.superseded_at >= night))
        )
    return (
        select(
            reporter.c.iso3.label("reporter_iso3"),
            reporter.c.region_id.label("reporter_region_id"),
            partner.c.iso3.label("partner_iso3"),
            partner.c.region_id.label("partner_region_id"),
            trade.commodity_code.label("commodity_code"),
            dim_commodity.c.section_id.label("section_id"),
            trade.flow_code.label("flow_code"),
            trade.period_id.label("period_id"),
            trade.value_usd.label("value_usd"),
            trade.mass_kg.label("mass_kg"),
            trade.is_estimated.label("is_estimated"),
        )
        .select_from(
            fct_trade.join(fct_submission, trade.submission_id == sent.submission_id)
            .join(reporter, reporter.c.partner_id == trade.reporter_id)
            .join(partner, partner.c.partner_id == trade.partner_id)
            .join(dim_commodity, dim_commodity.c.commodity_code == trade.commodity_code)
        )
        .where(trade.period_id.between(*MONTHS), sent.collection_id == "trade_monthly", valid)
    )


@pytest.fixture(scope="module")
def plain(warehouse: Warehouse, data_on: date) -> dict[bool, pd.DataFrame]:
    """The valid rows of now, and of the past day."""
    days = {False: 0, True: -300}
    return {
        is_past: warehouse.frame(_plain(_selection(data_on, as_of=day), is_past=is_past))
        for is_past, day in days.items()
    }


def _expected(rows: pd.DataFrame, selection: Selection, level: Level) -> pd.DataFrame:
    if selection.source == "mirror":
        rows = rows.rename(
            columns={
                f"{one}_{part}": f"{other}_{part}"
                for one, other in (("reporter", "partner"), ("partner", "reporter"))
                for part in ("iso3", "region_id")
            }
        )
        rows = rows.assign(flow_code=rows["flow_code"].map({"M": "X", "X": "M"}))
    rows = rows[rows["flow_code"].isin(["X", "M"])]
    for side, members, regions in (
        ("reporter", selection.members, selection.regions),
        ("partner", selection.partners, selection.partner_regions),
    ):
        if members:
            rows = rows[rows[f"{side}_iso3"].isin(members)]
        elif regions:
            rows = rows[rows[f"{side}_region_id"].isin(regions)]
    code = selection.commodity or ""
    if code.startswith("S"):
        rows = rows[rows["section_id"] == int(code[1:])]
    elif code:
        rows = rows[rows["commodity_code"].str.startswith(code[:4])]
    rows = rows.assign(
        chapter_code=rows["commodity_code"].str[:2],
        reporter_region_id=rows["reporter_region_id"].fillna("outside"),
        estimated_usd=rows["value_usd"].where(rows["is_estimated"].astype(bool), 0.0),
        weighed_usd=rows["value_usd"].where(rows["mass_kg"] > 0, 0.0),
    )
    keys = list(dict.fromkeys(("reporter_iso3", statements.ITEM_COLUMN[level], "flow_code")))
    return rows.groupby(keys, sort=True).agg(
        value_usd=("value_usd", "sum"),
        mass_kg=("mass_kg", lambda values: values.sum(min_count=1)),
        estimated_usd=("estimated_usd", "sum"),
        row_count=("value_usd", "size"),
        weighed_usd=("weighed_usd", "sum"),
    )


@pytest.mark.parametrize("case", list(LEVELS))
def test_the_items_of_each_level_are_sums_of_the_facts(
    case: str, warehouse: Warehouse, data_on: date, plain: dict[bool, pd.DataFrame]
) -> None:
    changes = dict(LEVELS[case])
    if isinstance(changes.get("commodity"), int):
        now = plain[False]
        own = now[now["reporter_iso3"].isin(LARGE) & now["partner_iso3"].isin(LARGE)]
        fine = own[(own["commodity_code"].str.len() == 6) & own["flow_code"].isin(["X", "M"])]
        changes["commodity"] = fine["commodity_code"].mode()[0][: changes["commodity"]]
    selection = _selection(data_on, **changes)
    level = level_of(selection)
    assert level == case.split()[0]
    is_past = selection.as_of != data_on
    found = warehouse.frame(statements.drill_trade(selection, level, ("X", "M"), is_past=is_past))
    expected = _expected(plain[is_past], selection, level)
    assert len(expected) > 0
    keys = [name for name in expected.index.names if name is not None]
    assert found[keys].astype(str).to_records(index=False).tolist() == [
        tuple(str(part) for part in key) for key in expected.index
    ]
    assert set(found.columns) == {*keys, *expected.columns}
    for name in expected.columns:
        assert found[name].astype(float).tolist() == pytest.approx(
            expected[name].astype(float).tolist(), nan_ok=True
        )


def test_re_exports_have_no_mirror(warehouse: Warehouse, data_on: date) -> None:
    selection = _selection(data_on, source="mirror")
    assert warehouse.frame(
        statements.drill_trade(selection, "region", ("RX",), is_past=False)
    ).empty


@pytest.mark.parametrize("is_past", [False, True])
def test_reports_count_the_periods_of_both_ranges(
    is_past: bool, warehouse: Warehouse, data_on: date, plain: dict[bool, pd.DataFrame]
) -> None:
    selection = _selection(data_on, first="2024-09", as_of=-300 if is_past else 0)
    before = _selection(data_on, first="2024-03", last="2024-08")
    found = warehouse.frame(statements.reports(selection, before, is_past=is_past))
    rows = plain[is_past]
    rows = rows[rows["flow_code"].isin(["X", "M"])]
    now = rows[rows["period_id"] >= 202409]
    expected = pd.DataFrame(
        {
            "now_count": now.groupby("reporter_iso3")["period_id"].nunique(),
            "whole_count": rows.groupby("reporter_iso3")["period_id"].nunique(),
            "way_count": now.groupby("reporter_iso3")["flow_code"].nunique(),
        }
    ).fillna(0)
    assert found.set_index("reporter_iso3").astype(int).to_dict() == expected.astype(int).to_dict()


def test_titles_are_those_of_the_codes_asked_for(warehouse: Warehouse) -> None:
    found = warehouse.frame(statements.commodity_titles(["8471", "01", "no code"]))
    assert found["commodity_code"].tolist() == ["01", "8471"]
    assert found["title_en"].notna().all()
    assert found["title_fr"].notna().all()
