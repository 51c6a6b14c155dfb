"""The builders of trade against plain computations on the facts, by both engines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from sqlalchemy import Select, select

from dashboard.selection import Selection
from dashboard.warehouse import schema
from dashboard.warehouse.reading import Warehouse
from queries import flows as statements
from queries import rollups
from queries.mirror import mirror_trade
from queries.source_totals import both_totals, source_total
from queries.year_before import year_before

SUMS = ["value_usd", "mass_kg"]
PAIR = ("reporter_iso3", "reporter_region_id", "partner_iso3", "partner_region_id")
SWAP = {"M": "X", "X": "M"}


@pytest.fixture(scope="module")
def facts(warehouse: Warehouse) -> pd.DataFrame:
    """Every row of trade with its submission and the names of both sides."""
    trade = warehouse.frame(select(*schema.fct_trade.c)).drop(columns="period_id")
    submissions = warehouse.frame(select(*schema.fct_submission.c)).drop(columns="reporter_id")
    table = trade.merge(submissions, on="submission_id")
    areas = warehouse.frame(select(*schema.dim_partner.c))[["partner_id", "iso3", "region_id"]]
    areas["region_id"] = areas["region_id"].fillna("outside")
    for side in ("reporter", "partner"):
        names = areas.rename(
            columns={
                "partner_id": f"{side}_id",
                "iso3": f"{side}_iso3",
                "region_id": f"{side}_region_id",
            }
        )
        table = table.merge(names, on=f"{side}_id")
    codes = warehouse.frame(select(*schema.dim_commodity.c))[["commodity_code", "section_id"]]
    table = table.merge(codes, on="commodity_code")
    return table.assign(
        chapter_code=table["commodity_code"].str[:2],
        estimated_usd=table["value_usd"].where(table["is_estimated"].astype(bool), 0.0),
    )


def _selection(data_on: date, **changes: object) -> Selection:
    base = Selection(
        first="2024-03",
        last="2025-02",
        as_of=data_on,
        collection="trade_monthly",
        flow="X",
        measure="value_usd",
        source="reported",
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # fields by name


def _valid(facts: pd.DataFrame, as_of: date) -> pd.DataFrame:
    night = pd.Timestamp(as_of) + pd.Timedelta(days=1)
    superseded = facts["superseded_at"].notna() & (facts["superseded_at"] < night)
    return facts[facts["is_accepted"].astype(bool) & (facts["known_at"] < night) & ~superseded]


def _ours(table: pd.DataFrame, *, is_mirror: bool) -> pd.DataFrame:
    """Name the columns from our side."""
    if not is_mirror:
        return table
    swapped = {
        f"{a}_{part}": f"{b}_{part}"
        for a, b in (("reporter", "partner"), ("partner", "reporter"))
        for part in ("iso3", "region_id", "id")
    }
    table = table.rename(columns=swapped)
    return table.assign(flow_code=table["flow_code"].map(lambda flow: SWAP.get(flow, "none")))


def _chosen(
    facts: pd.DataFrame, selection: Selection, *, sides: tuple[str, ...] = (), whole: bool = False
) -> pd.DataFrame:
    assert selection.as_of is not None
    table = _ours(_valid(facts, selection.as_of), is_mirror=selection.source == "mirror")
    table = table[table["collection_id"] == selection.collection]
    if not whole:
        low = int(str(selection.first).replace("-", ""))
        high = int(str(selection.last).replace("-", ""))
        period = table["period_id"]
        table = table[
            ((period >= low) & (period <= high))
            | ((period >= low // 100) & (period <= high // 100))
        ]
    if "ours" in sides and selection.members:
        table = table[table["reporter_iso3"].isin(selection.members)]
    elif "ours" in sides and selection.regions:
        table = table[table["reporter_region_id"].isin(selection.regions)]
    if "theirs" in sides and selection.partners:
        table = table[table["partner_iso3"].isin(selection.partners)]
    elif "theirs" in sides and selection.partner_regions:
        table = table[table["partner_region_id"].isin(selection.partner_regions)]
    code = selection.commodity
    if code and code.startswith("S"):
        table = table[table["section_id"] == int(code[1:])]
    elif code:
        table = table[table["commodity_code"].str.startswith(code)]
    return table


def _totals(table: pd.DataFrame, keys: dict[str, str]) -> pd.DataFrame:
    sums = table.groupby(list(keys), sort=True).agg(
        value_usd=("value_usd", "sum"),
        mass_kg=("mass_kg", lambda values: values.sum(min_count=1)),
        estimated=("estimated_usd", "sum"),
        n=("value_usd", "size"),
    )
    sums = sums.reset_index().rename(columns=keys)
    value = sums["value_usd"].where(sums["value_usd"] != 0)
    sums.insert(len(keys) + 2, "estimated_share", sums["estimated"] / value)
    return sums.drop(columns="estimated")


def _with_quality(
    table: pd.DataFrame,
    rows: pd.DataFrame,
    keys: dict[str, str],
    facts: pd.DataFrame,
    selection: Selection,
) -> pd.DataFrame:
    """Add what of each total stands on partners' records, and what of the range lacks."""
    assert selection.as_of is not None
    known = _valid(facts, selection.as_of)
    low, high = (int(str(month).replace("-", "")) for month in (selection.first, selection.last))
    period = known["period_id"]
    is_inside = ((period >= low) & (period <= high)) | (
        (period >= low // 100) & (period <= high // 100)
    )
    sent = known[(known["collection_id"] == selection.collection) & is_inside]
    counts = sent.groupby("reporter_id")["period_id"].nunique()
    lack = 1 - counts / sent["period_id"].nunique()
    recorder = "partner_id" if selection.source == "mirror" else "reporter_id"
    parts = rows.assign(lacking=rows["value_usd"] * rows[recorder].map(lack))
    sums = parts.groupby(list(keys), sort=True)[["lacking", "value_usd"]].sum()
    shares = (sums["lacking"] / sums["value_usd"].where(sums["value_usd"] != 0)).to_numpy()
    place = len(table.columns) - 1
    table.insert(place, "mirrored_share", 1.0 if selection.source == "mirror" else 0.0)
    table.insert(place + 1, "uncovered_share", shares)
    return table


def _same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    assert list(found.columns) == list(expected.columns)
    for name in found.columns:
        if str(found[name].dtype) == "Int64":
            expected[name] = expected[name].astype("Int64")
    assert_frame_equal(
        found.reset_index(drop=True),
        expected.reset_index(drop=True),
        check_dtype=False,
        check_exact=False,
        rtol=1e-9,
        atol=1e-6,
    )


SELECTIONS: dict[str, dict[str, object]] = {
    "default": {},
    "imports mirrored": {"flow": "M", "source": "mirror"},
    "re-exports": {"flow": "RX"},
    "members": {"members": ("DEU", "CHN", "KEN")},
    "members mirrored": {"members": ("DEU", "CHN"), "source": "mirror"},
    "region pair": {"regions": ("europe",), "partner_regions": ("asia_pacific",)},
    "partners": {"members": ("FRA", "USA"), "partners": ("DEU", "CHN", "GBR")},
    "section": {"commodity": "S16"},
    "chapter": {"commodity": "84", "regions": ("asia_pacific",)},
    "annual": {"collection": "trade_annual", "first": "2024-01", "last": "2025-12"},
}
PAST = {"past": 300, "past members": 200}


def _cases(data_on: date) -> dict[str, tuple[Selection, bool]]:
    found = {name: (_selection(data_on, **changes), False) for name, changes in SELECTIONS.items()}
    for name, days in PAST.items():
        members = {"members": ("DEU", "CHN")} if "members" in name else {}
        found[name] = (_selection(data_on, as_of=data_on - timedelta(days=days), **members), True)
    return found


Keys = dict[str, str]
BUILDERS: dict[str, tuple[Callable[..., Select], Keys, tuple[str, ...]]] = {
    "region_flows": (
        statements.region_flows,
        {name: name for name in ("reporter_region_id", "partner_region_id")},
        (),
    ),
    "member_trade": (
        statements.member_trade,
        {"reporter_iso3": "member_iso3", "reporter_region_id": "region_id"},
        ("theirs",),
    ),
    "partner_trade": (
        statements.partner_trade,
        {"partner_iso3": "partner_iso3", "partner_region_id": "region_id"},
        ("ours", "theirs"),
    ),
    "chapter_trade": (
        statements.chapter_trade,
        {"section_id": "section_id", "chapter_code": "commodity_code"},
        ("ours", "theirs"),
    ),
}


@pytest.mark.parametrize("case", [*SELECTIONS, *PAST])
@pytest.mark.parametrize("name", list(BUILDERS))
def test_totals_are_the_sums_of_the_facts(
    name: str, case: str, warehouse: Warehouse, facts: pd.DataFrame, data_on: date
) -> None:
    selection, is_past = _cases(data_on)[case]
    build, keys, sides = BUILDERS[name]
    found = warehouse.frame(build(selection, is_past=is_past))
    if name == "partner_trade":
        selection = replace(selection, partners=())
    if name == "chapter_trade":
        selection = replace(selection, commodity=None)
    rows = _chosen(facts, selection, sides=sides)
    rows = rows[rows["flow_code"] == selection.flow]
    _same(found, _with_quality(_totals(rows, keys), rows, keys, facts, selection))


@pytest.mark.parametrize("name", list(BUILDERS))
def test_re_exports_have_no_mirror(name: str, warehouse: Warehouse, data_on: date) -> None:
    selection = _selection(data_on, flow="RX", source="mirror")
    assert warehouse.frame(BUILDERS[name][0](selection, is_past=False)).empty


@pytest.mark.parametrize("commodity", ["84", "8471", "270900"])
def test_the_inside_of_a_chapter_is_the_sum_of_its_facts(
    commodity: str, warehouse: Warehouse, facts: pd.DataFrame, data_on: date
) -> None:
    selection = _selection(data_on, commodity=commodity)
    found = warehouse.frame(statements.subheading_trade(selection, is_past=False))
    rows = _chosen(facts, replace(selection, commodity=commodity[:2]))
    keys = {"section_id": "section_id", "commodity_code": "commodity_code"}
    assert len(found) > 1
    rows = rows[rows["flow_code"] == "X"]
    _same(found, _with_quality(_totals(rows, keys), rows, keys, facts, selection))


@pytest.mark.parametrize("is_whole", [False, True])
@pytest.mark.parametrize("case", ["default", "members mirrored", "section", "past members"])
def test_the_series_has_both_flows_of_every_period(
    case: str, is_whole: bool, warehouse: Warehouse, facts: pd.DataFrame, data_on: date
) -> None:
    selection, is_past = _cases(data_on)[case]
    found = warehouse.frame(statements.trade_series(selection, is_past=is_past, is_whole=is_whole))
    rows = _chosen(facts, selection, sides=("ours", "theirs"), whole=is_whole)
    rows = rows[rows["flow_code"].isin(["M", "X"])]
    keys = {"period_id": "period_id", "flow_code": "flow_code"}
    expected = _totals(rows, keys)
    recorder = "partner_iso3" if selection.source == "mirror" else "reporter_iso3"
    counts = rows.groupby(list(keys))[recorder].nunique().reset_index(name="reporter_count")
    _same(found, expected.merge(counts, on=list(keys)))


@pytest.mark.parametrize("measure", SUMS)
@pytest.mark.parametrize("case", ["default", "members", "imports mirrored", "past"])
def test_the_largest_pairs_come_with_the_totals_of_all(
    case: str, measure: str, warehouse: Warehouse, facts: pd.DataFrame, data_on: date
) -> None:
    selection, is_past = _cases(data_on)[case]
    selection = replace(selection, measure=measure)
    found = warehouse.frame(statements.pair_flows(selection, is_past=is_past))
    rows = _chosen(facts, selection, sides=("ours", "theirs"))
    rows = rows[
        (rows["flow_code"] == selection.flow) & (rows["reporter_iso3"] != rows["partner_iso3"])
    ]
    pairs = _totals(rows, {name: name for name in PAIR})
    ranked = pairs.sort_values(measure, ascending=False, na_position="last")
    most = statements.PAIRS_AT_MOST
    assert len(found) == min(most, len(pairs))
    assert found[measure].tolist() == pytest.approx(ranked[measure].head(most).tolist())
    assert set(found["pair_count"]) == {len(pairs)}
    assert found["all_value_usd"].iloc[0] == pytest.approx(pairs["value_usd"].sum())
    assert found["all_mass_kg"].iloc[0] == pytest.approx(pairs["mass_kg"].sum())
    first = found.iloc[0]
    same = pairs[
        (pairs["reporter_iso3"] == first["reporter_iso3"])
        & (pairs["partner_iso3"] == first["partner_iso3"])
    ].iloc[0]
    for name in (*PAIR, "n"):
        assert first[name] == same[name]


@pytest.mark.parametrize(
    "case", ["default", "imports mirrored", "partners", "section", "annual", "past members"]
)
def test_the_year_before_compares_the_reporters_and_periods_of_both(
    case: str, warehouse: Warehouse, facts: pd.DataFrame, data_on: date
) -> None:
    selection, is_past = _cases(data_on)[case]
    found = warehouse.frame(year_before(selection, is_past=is_past)).iloc[0]
    year = {"first": "2023-03", "last": "2024-02"}
    if case == "annual":
        year = {"first": "2023-01", "last": "2024-12"}
    recorder = "partner_iso3" if selection.source == "mirror" else "reporter_iso3"
    sums = []
    for one in (selection, replace(selection, **year)):
        rows = _chosen(facts, one, sides=("ours", "theirs"))
        rows = rows[rows["flow_code"] == selection.flow]
        cells = rows.groupby([recorder, "period_id"])[SUMS].sum()
        sums.append(cells.reset_index())
    step = 1 if case == "annual" else 100
    sums[1]["period_id"] += step
    both = sums[0].merge(sums[1], on=[recorder, "period_id"], suffixes=("", "_before"))
    assert found["cell_count"] == len(both) > 0
    for name in SUMS:
        assert found[name] == pytest.approx(both[name].sum())
        assert found[f"before_{name}"] == pytest.approx(both[f"{name}_before"].sum())


# -- Reconciled trade, by a slow and plain computation ---------------------------------------------

MARGIN = 0.06
CELL = ["collection_id", "period_id", "exporter", "importer"]


def _distances(pairs: pd.DataFrame) -> tuple[dict[str, float], dict[str, float]]:
    """Polish |ln(X / M)| by medians, with loops; return the distance of each side's records."""
    apart = {
        (row.exporter, row.importer): abs(np.log(row.x / row.m))
        for row in pairs.itertuples()
        if row.x > 0 and row.m > 0
    }
    effects: list[dict[str, float]] = [
        dict.fromkeys((key[side] for key in apart), 0.0) for side in (0, 1)
    ]
    level = 0.0
    for _ in range(20):
        largest = 0.0
        for side in (0, 1):
            for name in effects[side]:
                step = float(np.median([v for key, v in apart.items() if key[side] == name]))
                effects[side][name] += step
                largest = max(largest, abs(step))
                apart = {k: v - step if k[side] == name else v for k, v in apart.items()}
            middle = float(np.median(list(effects[1 - side].values())))
            level += middle
            effects[1 - side] = {k: v - middle for k, v in effects[1 - side].items()}
        if largest < 1e-3:
            break
    middle = float(np.median(list(effects[1].values())))
    level += middle
    effects[1] = {k: v - middle for k, v in effects[1].items()}
    found = []
    for side in (0, 1):
        counts = {name: sum(key[side] == name for key in apart) for name in effects[side]}
        found.append(
            {
                name: max(0.01, level / 2 + effect * counts[name] / (counts[name] + 5))
                for name, effect in effects[side].items()
            }
        )
    return found[0], found[1]


@pytest.fixture(scope="module")
def reconciled(facts: pd.DataFrame, data_on: date) -> dict[str, pd.DataFrame]:
    """Reconciled trade of two years by exporter and importer: of pairs, and of their sections."""
    rows = _valid(facts, data_on)
    years = rows["period_id"].where(rows["period_id"] < 10_000, rows["period_id"] // 100)
    rows = rows[rows["flow_code"].isin(["M", "X"]) & years.isin([2024, 2025])]
    is_export = rows["flow_code"] == "X"
    rows = rows.assign(
        exporter=rows["reporter_iso3"].where(is_export, rows["partner_iso3"]),
        importer=rows["partner_iso3"].where(is_export, rows["reporter_iso3"]),
        factor=is_export.map({True: 1.0, False: 1 / (1 + MARGIN)}),
    )
    rows = rows.assign(
        usd=rows["value_usd"] * rows["factor"], estimated=rows["estimated_usd"] * rows["factor"]
    )
    sides = []
    for flow in ("X", "M"):
        own = rows[rows["flow_code"] == flow].groupby([*CELL, "section_id"])
        side = own[["usd", "mass_kg", "estimated"]].sum(min_count=1)
        side["n"] = own.size()
        sides.append(side.add_suffix(f"_{flow}"))
    parts = sides[0].join(sides[1], how="outer").reset_index()
    names = [f"{name}_{flow}" for name in ("usd", "mass_kg", "estimated", "n") for flow in "XM"]
    pairs = parts.groupby(CELL)[names].sum(min_count=1).reset_index()
    weights: dict[tuple[object, ...], tuple[dict[str, float], dict[str, float]]] = {}
    pairs["year"] = pairs["period_id"].where(pairs["period_id"] < 10_000, pairs["period_id"] // 100)
    both = pairs[
        pairs["usd_X"].notna() & pairs["usd_M"].notna() & (pairs["exporter"] != pairs["importer"])
    ]
    for key, group in both.groupby(["collection_id", "year"]):
        sums = group.groupby(["exporter", "importer"])[["usd_X", "usd_M"]].sum().reset_index()
        weights[tuple(key)] = _distances(sums.rename(columns={"usd_X": "x", "usd_M": "m"}))
    pairs["weight"] = [_weight(row, weights) for row in pairs.to_dict("records")]
    parts = parts.merge(pairs[[*CELL, "weight"]], on=CELL)
    for name in ("usd", "mass_kg", "estimated"):
        for table in (pairs, parts):
            exported, imported = table[f"{name}_X"], table[f"{name}_M"]
            mean = table["weight"] * exported + (1 - table["weight"]) * imported
            table[name] = mean.fillna(exported).fillna(imported)
    whole = pairs.set_index(CELL)
    sums = parts.groupby(CELL)[["usd", "mass_kg"]].sum(min_count=1)
    scale = (whole[["usd", "mass_kg"]] / sums.where(sums != 0)).fillna(1.0)
    parts = parts.merge(scale.add_suffix("_scale"), left_on=CELL, right_index=True)
    return {
        "pairs": _named(pairs),
        "sections": _named(
            parts.assign(
                usd=parts["usd"] * parts["usd_scale"],
                mass_kg=parts["mass_kg"] * parts["mass_kg_scale"],
                estimated=parts["estimated"] * parts["usd_scale"],
            )
        ),
    }


def _named(table: pd.DataFrame) -> pd.DataFrame:
    counts = table["n_X"].fillna(0) + table["n_M"].fillna(0)
    return table.assign(value_usd=table["usd"], estimated_usd=table["estimated"], n=counts)


def _weight(row: dict[str, object], weights: dict[tuple[object, ...], object]) -> float:
    sellers, buyers = weights.get((row["collection_id"], row["year"]), ({}, {}))  # type: ignore[misc]
    of_seller, of_buyer = sellers.get(row["exporter"]), buyers.get(row["importer"])
    if of_seller is None or of_buyer is None:
        return 0.5
    return float(of_buyer**2 / (of_seller**2 + of_buyer**2))


def _reconciled_of(
    tables: dict[str, pd.DataFrame],
    facts: pd.DataFrame,
    selection: Selection,
    sides: tuple[str, ...],
) -> pd.DataFrame:
    """Name the sides from ours, filter, and add the regions."""
    table = tables["sections" if selection.commodity else "pairs"]
    ours, theirs = ("exporter", "importer") if selection.flow == "X" else ("importer", "exporter")
    table = table.rename(columns={ours: "reporter_iso3", theirs: "partner_iso3"})
    regions = {
        str(iso3): str(region)
        for side in ("reporter", "partner")
        for iso3, region in zip(facts[f"{side}_iso3"], facts[f"{side}_region_id"], strict=True)
    }
    for side in ("reporter", "partner"):
        table[f"{side}_region_id"] = table[f"{side}_iso3"].map(regions)
    low, high = (int(str(month).replace("-", "")) for month in (selection.first, selection.last))
    period = table["period_id"]
    is_inside = ((period >= low) & (period <= high)) | (
        (period >= low // 100) & (period <= high // 100)
    )
    table = table[is_inside & (table["collection_id"] == selection.collection)]
    if "ours" in sides and selection.members:
        table = table[table["reporter_iso3"].isin(selection.members)]
    elif "ours" in sides and selection.regions:
        table = table[table["reporter_region_id"].isin(selection.regions)]
    if "theirs" in sides and selection.partners:
        table = table[table["partner_iso3"].isin(selection.partners)]
    elif "theirs" in sides and selection.partner_regions:
        table = table[table["partner_region_id"].isin(selection.partner_regions)]
    if selection.commodity:
        table = table[table["section_id"] == int(selection.commodity[1:])]
    return table


def _reconciled_totals(table: pd.DataFrame, keys: dict[str, str]) -> pd.DataFrame:
    sums = table.groupby(list(keys), sort=True).agg(
        value_usd=("value_usd", "sum"),
        mass_kg=("mass_kg", lambda values: values.sum(min_count=1)),
        estimated=("estimated_usd", "sum"),
        n=("n", "sum"),
    )
    sums = sums.reset_index().rename(columns=keys)
    share = sums["estimated"] / sums["value_usd"].where(sums["value_usd"] != 0)
    sums.insert(len(keys) + 2, "estimated_share", share)
    return sums.drop(columns="estimated")


@pytest.mark.parametrize("flow", ["X", "M"])
@pytest.mark.parametrize("case", ["default", "members", "region pair", "section", "annual"])
@pytest.mark.parametrize("name", ["region_flows", "member_trade", "partner_trade"])
def test_reconciled_trade_is_what_the_slow_computation_finds(
    name: str,
    case: str,
    flow: str,
    warehouse: Warehouse,
    facts: pd.DataFrame,
    reconciled: dict[str, pd.DataFrame],
    data_on: date,
) -> None:
    selection = replace(_cases(data_on)[case][0], flow=flow, source="reconciled")
    build, keys, sides = BUILDERS[name]
    found = warehouse.frame(build(selection, is_past=False))
    rows = _reconciled_of(reconciled, facts, selection, sides)
    assert len(found) > 0
    expected = _reconciled_totals(rows, keys)
    is_theirs = rows["usd_X" if flow == "X" else "usd_M"].isna()
    theirs = rows["value_usd"].where(is_theirs, 0.0).groupby([rows[key] for key in keys]).sum()
    shares = theirs.to_numpy() / expected["value_usd"].where(expected["value_usd"] != 0)
    expected.insert(len(expected.columns) - 1, "mirrored_share", shares)
    expected.insert(len(expected.columns) - 1, "uncovered_share", np.nan)
    _same(found, expected)


@pytest.mark.parametrize("flow", ["X", "M"])
def test_the_largest_reconciled_pairs_are_those_of_the_slow_computation(
    flow: str,
    warehouse: Warehouse,
    facts: pd.DataFrame,
    reconciled: dict[str, pd.DataFrame],
    data_on: date,
) -> None:
    selection = replace(_selection(data_on), flow=flow, source="reconciled")
    found = warehouse.frame(statements.pair_flows(selection, is_past=False))
    rows = _reconciled_of(reconciled, facts, selection, ("ours", "theirs"))
    rows = rows[rows["reporter_iso3"] != rows["partner_iso3"]]
    sums = rows.groupby(["reporter_iso3", "partner_iso3"])["value_usd"].sum()
    largest = sums.sort_values(ascending=False).head(statements.PAIRS_AT_MOST)
    assert found["value_usd"].tolist() == pytest.approx(largest.tolist())
    assert (found["reporter_iso3"][0], found["partner_iso3"][0]) == largest.index[0]
    assert found["all_value_usd"].iloc[0] == pytest.approx(sums.sum())


@pytest.mark.parametrize("flow", ["X", "M"])
def test_the_year_before_of_reconciled_trade_compares_our_areas(
    flow: str,
    warehouse: Warehouse,
    facts: pd.DataFrame,
    reconciled: dict[str, pd.DataFrame],
    data_on: date,
) -> None:
    selection = _selection(data_on, flow=flow, source="reconciled", first="2025-01", last="2025-06")
    found = warehouse.frame(year_before(selection, is_past=False)).iloc[0]
    sums = []
    for year in (2025, 2024):
        one = replace(selection, first=f"{year}-01", last=f"{year}-06")
        rows = _reconciled_of(reconciled, facts, one, ("ours", "theirs"))
        cells = rows.groupby(["reporter_iso3", "period_id"])["value_usd"].sum().reset_index()
        sums.append(cells.assign(period_id=cells["period_id"] % 100))
    both = sums[0].merge(sums[1], on=["reporter_iso3", "period_id"], suffixes=("", "_before"))
    assert found["cell_count"] == len(both) > 0
    assert found["value_usd"] == pytest.approx(both["value_usd"].sum())
    assert found["before_value_usd"] == pytest.approx(both["value_usd_before"].sum())


@pytest.mark.parametrize("case", ["default", "members", "section"])
def test_reconciled_imports_and_exports_stand_side_by_side(
    case: str,
    warehouse: Warehouse,
    facts: pd.DataFrame,
    reconciled: dict[str, pd.DataFrame],
    data_on: date,
) -> None:
    selection = replace(_cases(data_on)[case][0], source="reconciled")
    found = warehouse.frame(statements.trade_series(selection, is_past=False))
    parts = []
    for flow in ("M", "X"):
        rows = _reconciled_of(
            reconciled, facts, replace(selection, flow=flow), ("ours", "theirs")
        ).assign(flow_code=flow)
        keys = {"period_id": "period_id", "flow_code": "flow_code"}
        counts = (
            rows.groupby(list(keys))["reporter_iso3"].nunique().reset_index(name="reporter_count")
        )
        parts.append(_reconciled_totals(rows, keys).merge(counts, on=list(keys)))
    expected = pd.concat(parts).sort_values(["period_id", "flow_code"])
    _same(found, expected)


@pytest.mark.parametrize("flow", ["X", "M"])
@pytest.mark.parametrize("case", ["default", "members", "region pair", "section"])
def test_the_parts_of_the_reconciled_total_are_what_each_side_records(
    case: str,
    flow: str,
    warehouse: Warehouse,
    facts: pd.DataFrame,
    reconciled: dict[str, pd.DataFrame],
    data_on: date,
) -> None:
    selection = replace(_cases(data_on)[case][0], flow=flow, source="reconciled")
    rows = _reconciled_of(reconciled, facts, selection, ("ours", "theirs"))
    ours, theirs = (rows["usd_X"], rows["usd_M"])[:: 1 if flow == "X" else -1]
    found = warehouse.frame(both_totals(selection)).iloc[0]
    value = rows["value_usd"]
    assert found["ours_only_usd"] == pytest.approx(value[theirs.isna()].sum())
    assert found["theirs_only_usd"] == pytest.approx(value[ours.isna()].sum())
    assert found["ours_usd"] == pytest.approx(ours[theirs.notna()].sum())
    assert found["theirs_usd"] == pytest.approx(theirs[ours.notna()].sum())
    total = warehouse.frame(source_total(selection, is_past=False))["value_usd"].iloc[0]
    assert total == pytest.approx(value.sum())


@pytest.mark.parametrize("by", ["partner", "region"])
@pytest.mark.parametrize("case", ["default", "members", "region pair", "section", "past members"])
@pytest.mark.parametrize("flow", ["X", "M"])
def test_the_mirror_matches_cell_by_cell(
    by: str, case: str, flow: str, warehouse: Warehouse, facts: pd.DataFrame, data_on: date
) -> None:
    selection, is_past = _cases(data_on)[case]
    selection = replace(selection, flow=flow)
    found = warehouse.frame(mirror_trade(selection, by=by, is_past=is_past))  # type: ignore[arg-type]
    cells = [*PAIR, "period_id"]
    sides = {}
    for source in ("reported", "mirror"):
        rows = _chosen(facts, replace(selection, source=source), sides=("ours", "theirs"))
        rows = rows[(rows["flow_code"] == flow) & (rows["reporter_iso3"] != rows["partner_iso3"])]
        sides[source] = rows.groupby(cells)[["value_usd", "estimated_usd"]].sum()
    both = sides["reported"].merge(
        sides["mirror"], how="outer", left_index=True, right_index=True, suffixes=("", "_theirs")
    )
    both = both.reset_index()
    is_both = both["value_usd"].notna() & both["value_usd_theirs"].notna()
    both = both.assign(
        reported_usd=both["value_usd"].where(is_both, 0.0),
        mirrored_usd=both["value_usd_theirs"].where(is_both, 0.0),
        reported_only_usd=both["value_usd"].where(~is_both, 0.0).fillna(0.0),
        mirrored_only_usd=both["value_usd_theirs"].where(~is_both, 0.0).fillna(0.0),
        estimated=both["estimated_usd"].fillna(0.0) + both["estimated_usd_theirs"].fillna(0.0),
        whole=both["value_usd"].fillna(0.0) + both["value_usd_theirs"].fillna(0.0),
        matched_count=is_both.astype("int64"),
        cell_count=1,
    )
    keys = {
        "partner": ["partner_iso3", "partner_region_id"],
        "region": ["reporter_region_id", "partner_region_id"],
    }[by]
    expected = both.groupby(keys).sum(numeric_only=True).reset_index()
    expected["estimated_share"] = expected["estimated"] / expected["whole"].where(
        expected["whole"] != 0
    )
    _same(found, expected[list(found.columns)])
    assert found["matched_count"].sum() > 0


@pytest.mark.parametrize("days_ago", [None, 40, 400])
@pytest.mark.parametrize("rollup", rollups.ROLLUPS, ids=lambda rollup: rollup.name)
def test_every_rollup_says_what_the_facts_say(
    rollup: rollups.Rollup,
    days_ago: int | None,
    warehouse: Warehouse,
    data_on: date,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    as_of = None if days_ago is None else data_on - timedelta(days=days_ago)
    keys = sorted(rollup.columns - {"reporter_area_id", "partner_area_id"})
    filters = {"collection_id": ["trade_monthly"], "period_id": [202405, 202411]}

    def totals() -> pd.DataFrame:
        rows = rollups.summed(keys, filters, as_of=as_of)
        return warehouse.frame(select(*rows.c)).sort_values(keys).reset_index(drop=True)

    monkeypatch.setattr(rollups, "ROLLUPS", (rollup,))
    chosen = rollups.choose(keys, as_of=as_of)
    if as_of is None:
        assert chosen is rollup
    elif chosen is rollups.FACTS:
        assert "reporter_iso3" not in rollup.keys
        return
    assert chosen.name == rollup.name
    summed = totals()
    monkeypatch.setattr(rollups, "ROLLUPS", ())
    assert rollups.choose(keys, as_of=as_of) is rollups.FACTS
    plain = totals()
    assert len(summed) > 20
    assert np.isfinite(summed["value_usd"]).all()
    assert_frame_equal(summed, plain, check_exact=False, rtol=1e-9, check_dtype=False)
