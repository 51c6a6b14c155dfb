"""The measures of the way down through trade, on the published data, by an independent route.

The other route reads the files with pandas alone; it knows nothing of the loader, the schema or
the queries.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

pytestmark = pytest.mark.data

Read = Callable[..., pd.DataFrame]
NORWAY, POLAND = 579, 616
FISH = {"collection": "fish_monthly", "first": "2023-01", "last": "2023-12"}


@pytest.fixture(scope="module")
def fish(shared_data: Path) -> pd.DataFrame:
    """Imports and exports of fish that Norway reported in 2022 and 2023."""
    columns = ["period", "reporter_code", "partner_code", "flow_code", "cmd_code"]
    parts = [
        pd.read_parquet(
            shared_data / "trade" / f"comtrade_monthly_hs6_fish_{year}.parquet",
            columns=[*columns, "primary_value", "net_wgt"],
            filters=[("reporter_code", "==", NORWAY)],
        )
        for year in (2022, 2023)
    ]
    table = pd.concat(parts, ignore_index=True)
    code = table["cmd_code"].astype(str).str.zfill(6)
    return table.assign(year=table["period"].astype(int) // 100, code=code)


def _sums(rows: pd.DataFrame, by: str) -> pd.Series:
    return rows.groupby(by)["primary_value"].sum()


@pytest.mark.parametrize(("digits", "commodity"), [(4, "03"), (6, "0302"), (6, "030214")])
def test_headings_and_subheadings_of_fish_are_those_of_the_files(
    read: Read, fish: pd.DataFrame, digits: int, commodity: str
) -> None:
    found = read("drill_items", members=("NOR",), partners=("POL",), commodity=commodity, **FISH)
    rows = fish[(fish["partner_code"] == POLAND) & (fish["year"] == 2023)]
    # A subheading that is chosen is listed among those of its heading.
    rows = rows[rows["code"].str.startswith(commodity[:4])]
    rows = rows.assign(item=rows["code"].str[:digits])
    out, into = rows[rows["flow_code"] == "X"], rows[rows["flow_code"] == "M"]
    exports = _sums(out, "item")
    imports = _sums(into, "item").reindex(exports.index).fillna(0.0)
    weighed = out[out["net_wgt"] > 0].groupby("item")
    expected = pd.DataFrame(
        {
            "value_usd": exports,
            "trade_share": exports / exports.sum(),
            "unit_value": weighed["primary_value"].sum() / weighed["net_wgt"].sum(),
            "balance_usd": exports - imports,
            "grubel_lloyd": 1 - (exports - imports).abs() / (exports + imports),
        }
    ).sort_values("value_usd", ascending=False)
    assert found["item"].tolist() == expected.index.tolist()
    assert len(found) > 1
    for name in expected.columns:
        assert found[name].tolist() == pytest.approx(
            expected[name].tolist(), rel=1e-9, nan_ok=True
        ), name


def test_norways_growth_and_concentration_of_fish_are_those_of_the_files(
    read: Read, fish: pd.DataFrame
) -> None:
    found = read("drill_items", regions=("europe",), **FISH).set_index("item").loc["NOR"]
    exports = fish[fish["flow_code"] == "X"]
    now = exports[exports["year"] == 2023]
    assert now["period"].nunique() == exports[exports["year"] == 2022]["period"].nunique() == 12
    before = exports.loc[exports["year"] == 2022, "primary_value"].sum()
    assert found["growth"] == pytest.approx(now["primary_value"].sum() / before - 1)
    partners = _sums(now, "partner_code")
    assert found["hhi"] == pytest.approx(((partners / partners.sum()) ** 2).sum())
    chapters = now.groupby(now["code"].str[:2])["primary_value"].sum()
    assert found["hhi_chapters"] == pytest.approx(((chapters / chapters.sum()) ** 2).sum())


def test_norways_fuels_per_head_and_of_product_are_those_of_the_files(
    read: Read, shared_data: Path
) -> None:
    path = shared_data / "trade" / "comtrade_annual_hs27_2016.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8-sig") as file:
        table = pd.read_csv(file, keep_default_na=False, low_memory=False)
    rows = table[(table["Reporter Code"] == NORWAY) & (table["Partner Code"] != 0)]
    value = rows.groupby("Trade Flow")["Trade Value (US$)"].sum()
    partners = rows[rows["Trade Flow"] == "Export"].set_index("Partner Code")["Trade Value (US$)"]
    whole = {"collection": "fuels_annual", "first": "2016-01", "last": "2016-12"}
    found = read("drill_items", regions=("europe",), **whole).set_index("item").loc["NOR"]
    assert found["value_usd"] == pytest.approx(value["Export"])
    assert found["balance_usd"] == pytest.approx(value["Export"] - value["Import"])
    assert found["hhi"] == pytest.approx(((partners / partners.sum()) ** 2).sum())
    for measure, name in (("usd_per_head", "population"), ("gdp_share", "gdp")):
        series = pd.read_csv(shared_data / "reference" / f"{name}.csv.gz")
        base = series[(series["Country Code"] == "NOR") & (series["Year"] == 2022)]["Value"].item()
        assert found[measure] == pytest.approx(value["Export"] / base, rel=1e-6)


def test_turkeys_advantage_in_each_chapter_is_that_of_the_files(
    read: Read, shared_data: Path
) -> None:
    table = pd.read_parquet(
        shared_data / "trade" / "comtrade_annual_chapters_mena_1990_2021.parquet",
        columns=["yr", "rgDesc", "rtTitle", "cmdCode", "Subregion", "Region", "TradeValue"],
    )
    # Single countries are their own region; the World and groups of countries are totals of them.
    place = table["Subregion"].str.strip()
    is_partner = (place == table["Region"].str.strip()) & (place != "World")
    is_range = table["yr"].astype(int).between(2019, 2021)
    exports = table[is_partner & is_range & (table["rgDesc"] == "Export")]
    cells = exports.pivot_table(
        index="rtTitle", columns="cmdCode", values="TradeValue", aggfunc="sum", fill_value=0
    )
    cells.columns = cells.columns.astype(str).str.strip().str.zfill(2)
    own = cells.loc["Turkey"] / cells.loc["Turkey"].sum()
    advantage = own / (cells.sum() / cells.to_numpy().sum())
    whole = {"collection": "chapters_annual", "first": "2019-01", "last": "2021-12"}
    found = read("drill_items", members=("TUR",), partners=("EGY",), commodity="S17", **whole)
    assert set(found["item"]) >= {"87", "88", "89"}
    for row in found.itertuples():
        assert row.balassa_index == pytest.approx(advantage[row.item], rel=1e-9), row.item
    of_all = read("drill_items", regions=("europe",), commodity="87", **whole).set_index("item")
    assert of_all.loc["TUR", "balassa_index"] == pytest.approx(advantage["87"], rel=1e-9)
