"""Reconciled trade on the published data, against an independent route from the files.

The other route reads the files with pandas alone, and combines the records with loops; it knows
nothing of the loader, the schema, the statistics or the queries.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import pandas as pd
import pytest

pytestmark = pytest.mark.data

Read = Callable[..., pd.DataFrame]
MARGIN = 0.06
PAIR = ["period", "exporter", "importer"]
Distances = dict[str, float]


def _two_sided(rows: pd.DataFrame) -> pd.DataFrame:
    """Both records of each pair and period; imports FOB; missing where a side has none."""
    is_export = rows["flow"] == "X"
    rows = rows.assign(
        exporter=rows["reporter"].where(is_export, rows["partner"]),
        importer=rows["partner"].where(is_export, rows["reporter"]),
    )
    sides = [rows[is_export], rows[~is_export]]
    sums = [side.groupby(PAIR)["value"].sum() for side in sides]
    return pd.concat([sums[0], sums[1] / (1 + MARGIN)], axis=1, keys=["x", "m"]).reset_index()


def _distances(pairs: pd.DataFrame) -> tuple[Distances, Distances]:
    """Fit |ln(X / M)| by medians of sellers and buyers in turn; return each one's distance."""
    pairs = pairs[(pairs["x"] > 0) & (pairs["m"] > 0)]
    rest = [abs(math.log(x / m)) for x, m in zip(pairs["x"], pairs["m"], strict=True)]
    names = [pairs["exporter"].tolist(), pairs["importer"].tolist()]
    effects: list[Distances] = [dict.fromkeys(side, 0.0) for side in names]
    level = 0.0
    for _ in range(20):
        largest = 0.0
        for own, other in ((0, 1), (1, 0)):
            groups: dict[str, list[float]] = {name: [] for name in effects[own]}
            for name, value in zip(names[own], rest, strict=True):
                groups[name].append(value)
            steps = {name: median(values) for name, values in groups.items()}
            rest = [value - steps[name] for name, value in zip(names[own], rest, strict=True)]
            effects[own] = {name: effects[own][name] + step for name, step in steps.items()}
            middle = median(effects[other].values())
            effects[other] = {name: value - middle for name, value in effects[other].items()}
            level += middle
            largest = max(largest, *(abs(step) for step in steps.values()))
        if largest < 1e-3:
            break
    middle = median(effects[1].values())
    effects[1] = {name: value - middle for name, value in effects[1].items()}
    level += middle
    found = []
    for own in (0, 1):
        counts = Counter(names[own])
        found.append(
            {
                name: max(0.01, level / 2 + value * counts[name] / (counts[name] + 5))
                for name, value in effects[own].items()
            }
        )
    return found[0], found[1]


def _reconciled(rows: pd.DataFrame) -> pd.DataFrame:
    """Reconciled value of each pair and period."""
    pairs = _two_sided(rows)
    pairs["year"] = pairs["period"].where(pairs["period"] < 10_000, pairs["period"] // 100)
    parts = []
    for _, group in pairs.groupby("year"):
        both = group[group["x"].notna() & group["m"].notna()]
        both = both[both["exporter"] != both["importer"]]
        sums = both.groupby(["exporter", "importer"])[["x", "m"]].sum().reset_index()
        sellers, buyers = _distances(sums) if len(sums) else ({}, {})
        of_seller, of_buyer = group["exporter"].map(sellers), group["importer"].map(buyers)
        weight = (of_buyer**2 / (of_seller**2 + of_buyer**2)).fillna(0.5)
        mean = weight * group["x"] + (1 - weight) * group["m"]
        parts.append(group.assign(value=mean.fillna(group["x"]).fillna(group["m"])))
    return pd.concat(parts)


MERGED = {"DDR": "DEU", "YMD": "YEM"}
"""Former states whose records stand under the state that they joined."""


def _areas(code: pd.Series, iso3: pd.Series) -> pd.Series:
    """Name an area by its ISO code, or by its number where it has none."""
    name = iso3.fillna("").str.strip().replace(MERGED)
    return name.where(name.str.fullmatch("[A-Z]{3}"), "area " + code.astype(str))


@pytest.fixture(scope="module")
def fuels(shared_data: Path) -> pd.DataFrame:
    """Reconciled fuels (HS 27), all years."""
    columns: dict[str, Any] = {
        "Period": "period",
        "Trade Flow": "flow",
        "Reporter Code": "reporter",
        "Partner Code": "partner",
        "Reporter ISO": "reporter_iso",
        "Partner ISO": "partner_iso",
        "Trade Value (US$)": "value",
    }
    parts = [
        pd.read_csv(
            path, usecols=list(columns), encoding="utf-8-sig", keep_default_na=False
        ).rename(columns=columns)
        for path in sorted((shared_data / "trade").glob("comtrade_annual_hs27_*.csv.gz"))
    ]
    table = pd.concat(parts, ignore_index=True)
    table = table[(table["partner"] != 0) & table["flow"].isin(["Export", "Import"])]
    return _reconciled(
        table.assign(
            flow=table["flow"].map({"Export": "X", "Import": "M"}),
            reporter=_areas(table["reporter"], table["reporter_iso"]),
            partner=_areas(table["partner"], table["partner_iso"]),
        )
    )


@pytest.fixture(scope="module")
def fish(shared_data: Path) -> pd.DataFrame:
    """Reconciled fish, all months."""
    columns = {
        "period": "period",
        "flow_code": "flow",
        "reporter_code": "reporter",
        "partner_code": "partner",
        "reporter_iso": "reporter_iso",
        "partner_iso": "partner_iso",
        "primary_value": "value",
    }
    parts = [
        pd.read_parquet(path, columns=list(columns)).rename(columns=columns)
        for path in sorted((shared_data / "trade").glob("comtrade_monthly_hs6_fish_*.parquet"))
    ]
    table = pd.concat(parts, ignore_index=True)
    table = table[table["flow"].isin(["X", "M"])]
    return _reconciled(
        table.assign(
            period=table["period"].astype(int),
            reporter=_areas(table["reporter"], table["reporter_iso"]),
            partner=_areas(table["partner"], table["partner_iso"]),
        )
    )


@pytest.mark.parametrize("year", range(1988, 2018))
def test_reconciled_fuels_of_every_year_are_those_of_the_files(
    read: Read, fuels: pd.DataFrame, year: int
) -> None:
    months = {"first": f"{year}-01", "last": f"{year}-12"}
    frame = read("source_totals", collection="fuels_annual", **months).set_index("source")
    expected = fuels[fuels["period"] == year]["value"].sum()
    assert frame.loc["reconciled", "value_usd"] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("year", range(2021, 2025))
def test_reconciled_fish_of_every_month_is_that_of_the_files(
    read: Read, fish: pd.DataFrame, year: int
) -> None:
    last = "08" if year == 2024 else "12"
    months = {"first": f"{year}-01", "last": f"{year}-{last}"}
    frame = read("trade_series", collection="fish_monthly", source="reconciled", **months)
    found = frame[frame["flow_code"] == "M"].set_index("period_id")["value_usd"]
    expected = fish[fish["period"] // 100 == year].groupby("period")["value"].sum()
    assert found.index.tolist() == expected.index.tolist()
    assert found.tolist() == pytest.approx(expected.tolist(), rel=1e-9)


@pytest.mark.parametrize(("flow", "side"), [("X", "exporter"), ("M", "importer")])
def test_reconciled_trade_of_members_is_that_of_the_files(
    read: Read, fuels: pd.DataFrame, flow: str, side: str
) -> None:
    months = {"first": "2014-01", "last": "2016-12"}
    chosen = {"collection": "fuels_annual", "flow": flow, "source": "reconciled"}
    found = read("member_trade", **chosen, **months).set_index("member_iso3")["value_usd"]
    rows = fuels[fuels["period"].between(2014, 2016)]
    expected = rows.groupby(side)["value"].sum()
    for iso3 in ("NOR", "SAU", "USA", "DEU", "KEN", "SDN", "BEL"):
        assert found[iso3] == pytest.approx(expected[iso3], rel=1e-9)


def test_what_only_partners_record_is_in_the_reconciled_total(
    read: Read, fuels: pd.DataFrame
) -> None:
    months = {"first": "2016-01", "last": "2016-12"}
    frame = read("source_totals", collection="fuels_annual", **months).set_index("source")
    row = frame.loc["reconciled"]
    cells = fuels[fuels["period"] == 2016]
    reported, value = cells["x"].sum(), cells["value"].sum()
    partner_only = cells[cells["x"].isna()]["value"].sum()
    assert frame.loc["reported", "value_usd"] == pytest.approx(reported, rel=1e-9)
    assert row["partner_only_usd"] == pytest.approx(partner_only, rel=1e-9)
    assert row["valuation_usd"] == 0
    assert row["weighing_usd"] == pytest.approx(value - reported - partner_only, rel=1e-6)
