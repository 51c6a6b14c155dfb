"""What moved between two ranges, against plain selects on the facts, by both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
from sqlalchemy import Select, select

from dashboard.selection import Selection
from dashboard.warehouse import schema
from dashboard.warehouse.reading import Warehouse
from queries import changes as statements

SWAP = {"M": "X", "X": "M"}
KEYS = {
    "member": ("ours", "member_iso3"),
    "partner": ("theirs", "partner_iso3"),
    "commodity": ("chapter", "commodity_code"),
}


def _selection(data_on: date, **chosen: object) -> Selection:
    base = Selection(
        first="2024-10",
        last="2024-12",
        as_of=data_on,
        collection="trade_monthly",
        flow="X",
        measure="value_usd",
        source="reported",
    )
    return replace(base, **chosen)  # type: ignore[arg-type]  # fields by name


def _facts(selection: Selection) -> Select:
    """Every valid record of the three months with the names of both sides."""
    trade, sent, code = schema.fct_trade, schema.fct_submission, schema.dim_commodity
    reporter, partner = schema.dim_partner.alias(), schema.dim_partner.alias()
    assert selection.as_of is not None
    night = pd.Timestamp(selection.as_of) + pd.Timedelta(days=1)
    return (
        select(
            reporter.c.iso3.label("reporter"),
            reporter.c.region_id.label("reporter_region"),
            partner.c.iso3.label("partner"),
            partner.c.region_id.label("partner_region"),
            trade.c.flow_code.label("flow"),
            trade.c.commodity_code.label("code"),
            code.c.section_id.label("section"),
            sent.c.period_id.label("period_id"),
            trade.c.value_usd.label("value_usd"),
            trade.c.mass_kg.label("mass_kg"),
        )
        .select_from(
            trade.join(sent, trade.c.submission_id == sent.c.submission_id)
            .join(reporter, sent.c.reporter_id == reporter.c.partner_id)
            .join(partner, trade.c.partner_id == partner.c.partner_id)
            .join(code, trade.c.commodity_code == code.c.commodity_code)
        )
        .where(
            sent.c.collection_id == selection.collection,
            sent.c.period_id.between(202410, 202412),
            sent.c.is_accepted,
            sent.c.known_at < night.to_pydatetime(),
            sent.c.superseded_at.is_(None) | (sent.c.superseded_at >= night.to_pydatetime()),
        )
    )


def _chosen(warehouse: Warehouse, selection: Selection) -> pd.DataFrame:
    table = warehouse.frame(_facts(selection))
    is_mirror = selection.source == "mirror"
    ours, theirs = ("partner", "reporter") if is_mirror else ("reporter", "partner")
    table = table.assign(
        recorder=table["reporter"],
        ours=table[ours],
        theirs=table[theirs],
        ours_region=table[f"{ours}_region"],
        theirs_region=table[f"{theirs}_region"],
        chapter=table["code"].str[:2],
    )
    assert selection.flow is not None
    flow = SWAP[selection.flow] if is_mirror else selection.flow
    table = table[table["flow"] == flow]
    if selection.members:
        table = table[table["ours"].isin(selection.members)]
    elif selection.regions:
        table = table[table["ours_region"].isin(selection.regions)]
    if selection.partners:
        table = table[table["theirs"].isin(selection.partners)]
    if selection.commodity:
        table = table[table["code"].str.startswith(selection.commodity)]
    return table


CASES: dict[str, dict[str, object]] = {
    "all": {},
    "mirror": {"source": "mirror", "flow": "M", "regions": ("europe",)},
    "members and partners": {"members": ("DEU", "CHN", "KEN"), "partners": ("FRA", "USA")},
    "chapter": {"commodity": "84", "regions": ("europe",)},
    "past": {"as_of": 300},
}


def _case(name: str, data_on: date) -> tuple[Selection, bool]:
    chosen = dict(CASES[name])
    if name == "past":
        return _selection(data_on, as_of=data_on - timedelta(days=300)), True
    return _selection(data_on, **chosen), False


@pytest.mark.parametrize("case", list(CASES))
def test_trade_by_any_key_is_the_sum_of_the_facts(
    case: str, warehouse: Warehouse, data_on: date
) -> None:
    selection, is_past = _case(case, data_on)
    rows = _chosen(warehouse, selection)
    assert len(rows) > 3
    for by, (key, label) in KEYS.items():
        found = warehouse.frame(statements.trade_by(selection, by, is_past=is_past))  # type: ignore[arg-type]
        keys: pd.Series = rows[key]
        if by == "commodity":
            kind = statements.commodity_key(selection, is_past=is_past)
            named = {"chapter_code": keys, "commodity_code": rows["code"]}
            keys = named.get(kind, "S" + rows["section"].astype(str))
        expected = rows.groupby(keys.to_numpy())
        values = found.dropna(subset=[label]).set_index(label)["value_usd"].sort_index()
        assert values.to_dict() == pytest.approx(expected["value_usd"].sum().to_dict())
        masses = expected["mass_kg"].sum(min_count=1).dropna()
        known = found.dropna(subset=[label, "mass_kg"]).set_index(label)["mass_kg"]
        assert known.to_dict() == pytest.approx(masses.to_dict())


@pytest.mark.parametrize("case", list(CASES))
def test_what_was_recorded_is_that_of_the_facts(
    case: str, warehouse: Warehouse, data_on: date
) -> None:
    selection, is_past = _case(case, data_on)
    rows = _chosen(warehouse, selection)
    found = warehouse.frame(statements.recorded_trade(selection, is_past=is_past))
    keys = ["recorder", "period_id"]
    expected = rows.groupby(keys)["value_usd"].sum().to_dict()
    values = found.set_index(["iso3", "period_id"])["value_usd"].to_dict()
    assert values == pytest.approx(expected)
    reported = warehouse.frame(statements.reported_periods(selection, is_past=is_past))
    pairs = set(zip(reported["iso3"], reported["period_id"], strict=True))
    assert len(pairs) == len(reported)
    assert set(expected) <= pairs
    whole = replace(selection, members=(), regions=(), partners=(), commodity=None)
    both = [_chosen(warehouse, replace(whole, flow=flow)) for flow in ("M", "X")]
    sent = pd.concat(both)
    if selection.source == "reported" and selection.members:
        sent = sent[sent["recorder"].isin(selection.members)]
    elif selection.source == "reported" and selection.regions:
        sent = sent[sent["ours_region"].isin(selection.regions)]
    assert pairs == set(zip(sent["recorder"], sent["period_id"], strict=True))


@pytest.mark.parametrize("case", list(CASES))
def test_series_shares_and_cells_are_those_of_the_facts(
    case: str, warehouse: Warehouse, data_on: date
) -> None:
    selection, is_past = _case(case, data_on)
    rows = _chosen(warehouse, selection)
    rows = rows.assign(theirs_region=rows["theirs_region"].fillna("outside"))
    for by, name, label in (
        ("partner_region_id", "theirs_region", "region_id"),
        ("section_id", "section", "section_id"),
    ):
        found = warehouse.frame(statements.shares_by_period(selection, by, is_past=is_past))  # type: ignore[arg-type]
        expected = rows.groupby(["period_id", name])["value_usd"].sum().to_dict()
        values = found.set_index(["period_id", label])["value_usd"].to_dict()
        assert values == pytest.approx(expected)
    found = warehouse.frame(statements.member_series(selection, is_past=is_past))
    values = found.set_index(["member_iso3", "period_id"])["value_usd"].to_dict()
    assert values == pytest.approx(rows.groupby(["ours", "period_id"])["value_usd"].sum().to_dict())
    cells = warehouse.frame(statements.price_cells(selection, is_past=is_past))
    assert cells["cell"].is_unique
    assert cells["value_usd"].sum() == pytest.approx(rows["value_usd"].sum())
    assert cells["mass_kg"].sum() == pytest.approx(rows["mass_kg"].sum())
    weighed = rows.loc[rows["mass_kg"] > 0, "value_usd"].sum()
    assert cells["weighed_usd"].sum() == pytest.approx(weighed)
    if case == "all":
        by_cell = rows.groupby(["ours", "chapter"])["value_usd"].sum()
        assert sorted(cells["value_usd"]) == pytest.approx(sorted(by_cell))


@pytest.mark.parametrize("case", list(CASES))
def test_partners_of_a_year_are_those_of_its_months(
    case: str, warehouse: Warehouse, data_on: date
) -> None:
    selection, is_past = _case(case, data_on)
    rows = _chosen(warehouse, replace(selection, partners=()))
    found = warehouse.frame(statements.partners_by_year(selection, is_past=is_past))
    assert set(found["year"]) == {2024}
    groups = rows.groupby("theirs")
    values = found.dropna(subset=["partner_iso3"]).set_index("partner_iso3")
    assert values["value_usd"].to_dict() == pytest.approx(groups["value_usd"].sum().to_dict())
    assert values["period_count"].to_dict() == groups["period_id"].nunique().to_dict()


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"members": ("FRA",)},
        {"regions": ("europe",), "commodity": "S16"},
        {"partners": ("DEU",)},
        {"members": ("FRA",), "partners": ("DEU",)},
        {"members": ("FRA",), "source": "mirror"},
    ],
    ids=str,
)
def test_nothing_of_the_present_and_little_of_the_past_reads_the_facts(
    chosen: dict[str, object], data_on: date
) -> None:
    selection = _selection(data_on, **chosen)
    built = [
        *(statements.trade_by(selection, by, is_past=False) for by in ("member", "partner")),
        statements.trade_by(selection, "commodity", is_past=False),
        statements.price_cells(selection, is_past=False),
        statements.recorded_trade(selection, is_past=False),
        statements.reported_periods(selection, is_past=False),
        statements.shares_by_period(selection, "partner_region_id", is_past=False),
        statements.shares_by_period(selection, "section_id", is_past=False),
        statements.partners_by_year(selection, is_past=False),
        statements.member_series(selection, is_past=False),
    ]
    assert [str(one) for one in built if "fct_trade" in str(one)] == []
    past = [
        *(statements.trade_by(selection, by, is_past=True) for by in ("member", "partner")),
        statements.partners_by_year(selection, is_past=True),
        statements.member_series(selection, is_past=True),
    ]
    assert [str(one) for one in past if "fct_trade" in str(one)] == []
    assert all("known_at" in str(one) for one in past)


def test_sections_stand_for_chapters_where_no_rollup_has_them(data_on: date) -> None:
    key = statements.commodity_key
    assert key(_selection(data_on, members=("DEU",)), is_past=False) == "chapter_code"
    both = _selection(data_on, members=("FRA",), partners=("DEU",))
    assert key(both, is_past=False) == "section_id"
    assert key(both, is_past=True) == "chapter_code"
    assert key(_selection(data_on, partners=("DEU",)), is_past=False) == "chapter_code"
    assert key(_selection(data_on, commodity="84"), is_past=False) == "commodity_code"
    assert key(_selection(data_on, commodity="S16"), is_past=False) == "chapter_code"
