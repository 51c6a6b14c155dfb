"""Changes on the published data, against an independent route from the files.

The other route reads the files with pandas alone; it knows nothing of the loader, the schema, the
queries or the statistics.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

pytestmark = pytest.mark.data

Read = Callable[..., pd.DataFrame]
FISH: dict[str, Any] = {"collection": "fish_monthly", "first": "2023-01", "last": "2023-12"}
FUELS: dict[str, Any] = {"collection": "fuels_annual", "first": "2016-01", "last": "2016-12"}


@pytest.fixture(scope="module")
def fish(shared_data: Path) -> pd.DataFrame:
    """Imports and exports of fish from 2021 to 2024."""
    names = {
        "reporter_code": "reporter",
        "reporter_iso": "reporter_iso",
        "partner_iso": "partner",
        "flow_code": "flow",
        "cmd_code": "code",
        "primary_value": "value",
        "net_wgt": "mass",
    }
    paths = sorted((shared_data / "trade").glob("comtrade_monthly_hs6_fish_*.parquet"))
    parts = [pd.read_parquet(path, columns=[*names, "period"]) for path in paths]
    table = pd.concat(parts, ignore_index=True).rename(columns=names)
    table = table[table["flow"].isin(["M", "X"])].astype({"period": int, "code": str})
    return table.assign(
        partner=table["partner"].str.strip(),
        reporter_iso=table["reporter_iso"].str.strip(),
        chapter=table["code"].str.zfill(6).str[:2],
        year=table["period"] // 100,
        month=table["period"] % 100,
    )


@pytest.fixture(scope="module")
def fuels(shared_data: Path) -> pd.DataFrame:
    """Exports of chapter 27 by year; World rows left out."""
    parts = []
    for path in sorted((shared_data / "trade").glob("comtrade_annual_hs27_*.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8-sig") as file:
            parts.append(pd.read_csv(file, keep_default_na=False, low_memory=False))
    table = pd.concat(parts)
    table = table[(table["Partner Code"] != 0) & (table["Trade Flow"] == "Export")]
    return table.assign(value=table["Trade Value (US$)"].astype(float))


def _exports(fish: pd.DataFrame, *years: int) -> list[pd.DataFrame]:
    return [fish[(fish["flow"] == "X") & (fish["year"] == year)] for year in years]


def test_what_moved_fish_exports_in_2023_is_in_the_files(read: Read, fish: pd.DataFrame) -> None:
    now, before = _exports(fish, 2023, 2022)
    for frame, key, column in (
        ("change_members", "member_iso3", "reporter_iso"),
        ("change_partners", "partner_iso3", "partner"),
        ("change_commodities", "commodity_code", "chapter"),
    ):
        found = read(frame, **FISH)
        sums = [one.groupby(column)["value"].sum() for one in (now, before)]
        expected = sums[0].sub(sums[1], fill_value=0.0)
        changes = found.groupby(key)["value_change_usd"].sum()
        assert changes.to_dict() == pytest.approx(expected.to_dict(), rel=1e-9, abs=1e-2)
        total = now["value"].sum() - before["value"].sum()
        assert found["value_change_usd"].sum() == pytest.approx(total, rel=1e-9)
    # A base of one's own: the first half of 2022 against that of 2023.
    chosen = {**FISH, "last": "2023-06", "base": "2021-01"}
    frame = read("change_members", **chosen)
    halves = [one[one["month"] <= 6]["value"].sum() for one in (now, *_exports(fish, 2021))]
    assert frame["value_usd"].sum() == pytest.approx(halves[0], rel=1e-9)
    assert frame["base_value_usd"].sum() == pytest.approx(halves[1], rel=1e-9)


def test_like_for_like_leaves_out_what_one_year_alone_was_sent_of(
    read: Read, fish: pd.DataFrame
) -> None:
    sent = {
        (str(row.reporter), int(row.year), int(row.month))
        for row in fish[["reporter", "year", "month"]].drop_duplicates().itertuples()
    }
    parts = {"both": 0.0, "now_only": 0.0, "base_only": 0.0}
    for year, sign in ((2023, 1), (2022, -1)):
        (rows,) = _exports(fish, year)
        for (reporter, month), value in rows.groupby(["reporter", "month"])["value"].sum().items():
            other = (str(reporter), 4045 - year, month)
            alone = "now_only" if year == 2023 else "base_only"
            parts["both" if other in sent else alone] += sign * value
    found = read("change_totals", **FISH).set_index("part")
    assert found["value_change_usd"].to_dict() == pytest.approx(parts, rel=1e-9)
    pairs = [{(r, m) for r, y, m in sent if y == year} for year in (2023, 2022)]
    counts = {
        "both": len(pairs[0] & pairs[1]),
        "now_only": len(pairs[0] - pairs[1]),
        "base_only": len(pairs[1] - pairs[0]),
    }
    assert found["n"].to_dict() == counts


def test_prices_and_quantities_of_fish_are_those_of_a_plain_loop(
    read: Read, fish: pd.DataFrame
) -> None:
    sums = [
        one.assign(weighed=one["value"].where(one["mass"] > 0, 0.0))
        .groupby(["reporter", "chapter"])[["value", "mass", "weighed"]]
        .sum()
        for one in _exports(fish, 2023, 2022)
    ]
    expected = dict.fromkeys(("price", "quantity", "new", "gone", "unweighed"), 0.0)
    for cell in {*sums[0].index, *sums[1].index}:
        (v1, q1, w1), (v0, q0, w0) = (
            tuple(one.loc[cell]) if cell in one.index else (0.0, 0.0, 0.0) for one in sums
        )
        if not v1 or not v0:
            expected["gone" if v0 else "new"] += v1 - v0
        elif not q1 or not q0 or not 1 / 4 <= (w1 / q1) / (w0 / q0) <= 4:
            expected["unweighed"] += v1 - v0
        else:
            expected["price"] += (w1 / q1 - w0 / q0) * (q0 + q1) / 2
            expected["quantity"] += (q1 - q0) * (w1 / q1 + w0 / q0) / 2
            expected["unweighed"] += (v1 - w1) - (v0 - w0)
    found = read("change_effects", **FISH).set_index("effect")["effect_usd"]
    assert found.to_dict() == pytest.approx(expected, rel=1e-6, abs=1.0)
    assert found.sum() == pytest.approx(sums[0]["value"].sum() - sums[1]["value"].sum(), rel=1e-9)


def test_the_season_of_norways_fish_is_that_of_a_plain_loop(read: Read, fish: pd.DataFrame) -> None:
    found = read("seasonal_series", **FISH, members=("NOR",))
    rows = fish[(fish["reporter"] == 579) & (fish["flow"] == "X")]
    series = rows.groupby("period")["value"].sum().sort_index()
    assert found["value_usd"].tolist() == pytest.approx(series.tolist(), rel=1e-9)
    # A member alone that has sent every month makes all of its usual trade in each.
    assert found["reported_share"].tolist() == [1.0] * len(series)
    values = series.tolist()
    ratios: dict[int, list[float]] = {}
    for i in range(6, len(values) - 6):
        around = [values[i - 6] / 2, *values[i - 5 : i + 6], values[i + 6] / 2]
        ratios.setdefault(int(series.index[i]) % 100, []).append(values[i] / (sum(around) / 12))
    medians = {month: float(np.median(one)) for month, one in ratios.items()}
    mean = sum(medians.values()) / 12
    expected = [medians[int(period) % 100] / mean for period in series.index]
    assert found["value_factor"].tolist() == pytest.approx(expected, rel=1e-9)
    assert found["adjusted_value_usd"].tolist() == pytest.approx(
        [value / factor for value, factor in zip(values, expected, strict=True)], rel=1e-9
    )


def test_few_have_reported_the_last_months_of_fish(read: Read, fish: pd.DataFrame) -> None:
    found = read("seasonal_series", **FISH).set_index("period_id")
    exports = fish[fish["flow"] == "X"].groupby(["reporter", "period"])["value"].sum()
    sent = {
        (int(row.reporter), int(row.period))
        for row in fish[["reporter", "period"]].drop_duplicates().itertuples()
    }
    periods = [int(period) for period in found.index]
    for period in (202110, 202306, 202406, 202408):
        place = periods.index(period)
        near = [one for one in periods[max(place - 12, 0) : place + 13] if one != period]
        usual = {}
        for reporter in {reporter for reporter, _ in sent}:
            known = [exports.get((reporter, one), 0.0) for one in near if (reporter, one) in sent]
            usual[reporter] = sum(known) / len(known) if known else 0.0
        there = sum(value for reporter, value in usual.items() if (reporter, period) in sent)
        expected = there / sum(usual.values())
        assert found.loc[period, "reported_share"] == pytest.approx(expected, rel=1e-9)
    assert (found.loc[[202404, 202408], "reported_share"] < 0.8).all()


def test_shares_of_fish_imports_by_region_are_those_of_the_files(
    read: Read, fish: pd.DataFrame, regions: dict[str, str]
) -> None:
    rows = fish[(fish["flow"] == "M") & (fish["period"] == 202310)]
    expected = rows.groupby(rows["partner"].map(regions).fillna("outside"))["value"].sum()
    found = read("region_shares", **FISH, flow="M")
    found = found[found["period_id"] == 202310].set_index("region_id")["value_usd"]
    assert found.to_dict() == pytest.approx(expected.to_dict(), rel=1e-9)


def test_ranks_of_the_buyers_of_fuels_are_those_of_the_files(
    read: Read, fuels: pd.DataFrame
) -> None:
    found = read("partner_ranks", **FUELS)
    assert sorted(set(found["year"])) == list(range(2007, 2017))
    for year in (2007, 2012, 2016):
        rows = fuels[fuels["Year"] == year]
        sums = rows.groupby("Partner Code")["value"].sum().sort_values(ascending=False)
        ten = found[(found["year"] == year) & (found["rank"] <= 10)].sort_values("rank")
        assert ten["value_usd"].tolist() == pytest.approx(sums.head(10).tolist(), rel=1e-9)
        assert ten["trade_share"].tolist() == pytest.approx(
            (sums.head(10) / sums.sum()).tolist(), rel=1e-9
        )


def test_fuels_of_2016_against_2010_by_member(read: Read, fuels: pd.DataFrame) -> None:
    found = read("change_members", **FUELS, base="2010-01").set_index("member_iso3")
    for iso3, code in (("USA", 842), ("NOR", 579), ("SAU", 682)):
        rows = fuels[fuels["Reporter Code"] == code]
        now, before = (rows.loc[rows["Year"] == year, "value"].sum() for year in (2016, 2010))
        assert found.loc[iso3, "value_change_usd"] == pytest.approx(now - before, rel=1e-9)
    effects = read("change_effects", **FUELS, base="2010-01").set_index("effect")
    assert effects.loc[["price", "quantity"], "n"].tolist() == [0, 0]  # no weights in the files


def test_members_side_by_side_are_indexed_to_their_own_base(read: Read, fish: pd.DataFrame) -> None:
    found = read("compared_series", **FISH, compared=("NOR", "CHL"))
    assert set(found["member_iso3"]) == {"NOR", "CHL"}
    rows = fish[(fish["reporter"] == 152) & (fish["flow"] == "X")]
    series = rows.groupby("period")["value"].sum()
    base = series[series.index // 100 == 2022].mean()
    own = found[found["member_iso3"] == "CHL"].set_index("period_id")
    known = own["value_usd"].dropna()
    assert known[known > 0].to_dict() == pytest.approx(series.to_dict(), rel=1e-9)
    assert own.loc[202306, "value_index"] == pytest.approx(100 * series[202306] / base, rel=1e-9)
