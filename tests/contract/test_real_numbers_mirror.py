"""The mirror figures on the published data, against an independent route from the files.

The other route reads the files with pandas alone; it knows nothing of the loader, the schema, the
queries or the split.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from callbacks.services import Services
from dashboard.selection import Selection
from dashboard.stats.mirror_gap import PARTS
from queries import mirror_workbench as statements

pytestmark = pytest.mark.data

Read = Callable[..., pd.DataFrame]
CELL = ["exporter", "importer", "period", "code"]
MARGIN = 0.06
NORWAY, POLAND = 579, 616


def _sides(rows: pd.DataFrame) -> pd.DataFrame:
    """Both records of each cell from rows of flows M and X; missing where a side has none."""
    exports = rows[rows["flow"] == "X"].rename(
        columns={"reporter": "exporter", "partner": "importer"}
    )
    imports = rows[rows["flow"] == "M"].rename(
        columns={"reporter": "importer", "partner": "exporter"}
    )
    sums = [side.groupby(CELL)["value"].sum() for side in (exports, imports)]
    return pd.concat(sums, axis=1, keys=["x", "m"]).reset_index()


@pytest.fixture(scope="module")
def fish_rows(shared_data: Path) -> pd.DataFrame:
    """Imports, exports and re-exports of fish from 2022 to 2024."""
    names = {
        "reporter_code": "reporter",
        "partner_code": "partner",
        "flow_code": "flow",
        "cmd_code": "code",
        "primary_value": "value",
    }
    parts = [
        pd.read_parquet(
            shared_data / "trade" / f"comtrade_monthly_hs6_fish_{year}.parquet",
            columns=[*names, "period"],
        )
        for year in (2022, 2023, 2024)
    ]
    table = (
        pd.concat(parts, ignore_index=True)
        .rename(columns=names)
        .astype({"period": int, "code": str})
    )
    table["code"] = table["code"].str.zfill(6)
    return table[table["flow"].isin(["M", "X", "RX"])]


@pytest.fixture(scope="module")
def fish_2023(fish_rows: pd.DataFrame) -> pd.DataFrame:
    """Both records of fish in 2023, by HS6 and month."""
    return _sides(fish_rows[fish_rows["period"] // 100 == 2023])


@pytest.fixture(scope="module")
def fuels_2016(shared_data: Path) -> pd.DataFrame:
    """Both records of chapter 27 in 2016; World rows left out."""
    path = shared_data / "trade" / "comtrade_annual_hs27_2016.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8-sig") as file:
        table = pd.read_csv(file, keep_default_na=False, low_memory=False)
    table = table[(table["Partner Code"] != 0) & table["Trade Flow"].isin(["Import", "Export"])]
    return _sides(
        pd.DataFrame(
            {
                "reporter": table["Reporter Code"],
                "partner": table["Partner Code"],
                "period": 2016,
                "code": "27",
                "flow": table["Trade Flow"].map({"Import": "M", "Export": "X"}),
                "value": table["Trade Value (US$)"].astype(float),
            }
        )
    )


@pytest.mark.parametrize(
    ("name", "collection", "year", "published"),
    [
        ("fish_2023", "fish_monthly", 2023, (245_235, 65_582, 1.00, 0.11, 11.0, 286)),
        ("fuels_2016", "fuels_annual", 2016, (11_035, 5_541, 1.11, 0.07, 22.3, 16)),
    ],
)
def test_both_records_are_those_of_the_files_and_their_ratios_the_published_ones(
    name: str,
    collection: str,
    year: int,
    published: tuple[int, int, float, float, float, int],
    services: Services,
    request: pytest.FixtureRequest,
) -> None:
    cells = request.getfixturevalue(name)
    count, matched, middle, low, high, own = published
    both = cells.dropna()
    ratios = both["m"] / both["x"]
    assert (len(cells), len(both)) == (count, matched)
    assert ratios.median() == pytest.approx(middle, abs=0.005)
    assert ratios.quantile(0.1) == pytest.approx(low, abs=0.005)
    assert ratios.quantile(0.9) == pytest.approx(high, abs=0.05)

    selection = Selection(collection=collection, first=f"{year}-01", last=f"{year}-12")
    ours = services.frame(
        statements.both_records(selection.resolve(services.catalogue), is_past=False)
    )
    # The published count has trade of an area with itself too (returned goods): it has no mirror.
    is_own = cells["exporter"] == cells["importer"]
    assert int(is_own.sum()) == own
    wanted = cells[~is_own]
    found = ours.dropna(subset=["reported_usd", "mirrored_usd"], how="all")
    assert len(found) == len(wanted) == count - own
    pairs = found.dropna(subset=["reported_usd", "mirrored_usd"])
    assert len(pairs) == matched
    assert found["reported_usd"].sum() == pytest.approx(wanted["x"].sum(), rel=1e-12)
    assert found["mirrored_usd"].sum() == pytest.approx(wanted["m"].sum(), rel=1e-12)
    # Areas are numbered by the smallest code that shares their ISO code: sort, and compare values.
    mirrored = np.sort((pairs["mirrored_usd"] / pairs["reported_usd"]).to_numpy())
    assert mirrored == pytest.approx(np.sort(ratios.to_numpy()), rel=1e-12)


def _split_of_a_pair(rows: pd.DataFrame, exporter: int, importer: int) -> dict[str, float]:
    """The gap of a pair in 2023, cause by cause, by plain loops; no third countries."""
    chosen = rows[
        ((rows["reporter"] == exporter) & (rows["partner"] == importer) & (rows["flow"] != "M"))
        | ((rows["reporter"] == importer) & (rows["partner"] == exporter) & (rows["flow"] == "M"))
    ]
    sums = chosen.groupby(["code", "period", "flow"])["value"].sum().to_dict()
    months = [202212, *range(202301, 202313), 202401]
    sent = {
        (area, month)
        for area, month in zip(rows["reporter"], rows["period"], strict=True)
        if area in (exporter, importer)
    }
    assert all((area, month) in sent for area in (exporter, importer) for month in months)
    codes = sorted({code for code, _, _ in sums})
    rest = {
        (code, month): sums.get((code, month, "M"), 0.0) / (1 + MARGIN)
        - sums.get((code, month, "X"), 0.0)
        for code in codes
        for month in months
    }
    moved: dict[tuple[str, int], float] = dict.fromkeys(rest, 0.0)
    for code in codes:
        for month, after in pairwise(months):
            if rest[code, month] < 0 < rest[code, after]:
                amount = min(-rest[code, month], rest[code, after])
                moved[code, month] -= amount
                moved[code, after] += amount
    found = dict.fromkeys(PARTS, 0.0)
    for month in months[1:-1]:
        for heading in sorted({code[:4] for code in codes}):
            inside = [(code, month) for code in codes if code[:4] == heading]
            found["timing"] += sum(moved[cell] for cell in inside)
            left = [rest[cell] - moved[cell] for cell in inside]
            again = [sums.get((*cell, "RX"), 0.0) for cell in inside]
            re_exported = [
                min(max(-value, 0.0), part) for value, part in zip(left, again, strict=True)
            ]
            found["attribution"] -= sum(re_exported)
            net = sum(left) + sum(re_exported)
            x = sum(sums.get((*cell, "X"), 0.0) for cell in inside)
            m = sum(sums.get((*cell, "M"), 0.0) for cell in inside)
            is_alone = x == 0 or m == 0
            alone = max(net, 0.0) if is_alone else 0.0
            found["unreported"] += net + MARGIN * alone if is_alone else 0.0
            found["unexplained"] += 0.0 if is_alone else net
            found["valuation"] += MARGIN * (m / (1 + MARGIN) - alone)
    return found


def _routed_between(rows: pd.DataFrame, exporter: int, importer: int) -> float:
    """What at most came by third countries in 2023: the smaller leg of each, by chapter."""
    year = rows[rows["period"] // 100 == 2023].assign(chapter=rows["code"].str[:2])
    out = year[(year["reporter"] == exporter) & (year["flow"] == "X")]
    back = year[(year["partner"] == importer) & (year["flow"] == "RX")]
    first = out.groupby(["partner", "period", "chapter"])["value"].sum()
    second = back.groupby(["reporter", "period", "chapter"])["value"].sum()
    second.index.names = first.index.names
    legs = pd.concat([first, second], axis=1, keys=["out", "back"]).dropna()
    return float(legs.min(axis=1).sum())


@pytest.mark.parametrize("flow", ["X", "M"])
def test_the_split_of_norway_and_poland_is_that_of_the_files(
    flow: str, read: Read, fish_rows: pd.DataFrame
) -> None:
    sides: dict[str, Any] = {"X": ("NOR", "POL"), "M": ("POL", "NOR")}
    frame = read(
        "mirror_split",
        collection="fish_monthly",
        first="2023-01",
        last="2023-12",
        flow=flow,
        members=(sides[flow][0],),
        partners=(sides[flow][1],),
    )
    sign = 1.0 if flow == "X" else -1.0
    found = {row.part: sign * row.part_usd for row in frame.itertuples()}
    expected = _split_of_a_pair(fish_rows, NORWAY, POLAND)
    gap = sum(expected.values())
    record = frame.iloc[0]
    assert sign * (record["mirrored_usd"] - record["reported_usd"]) == pytest.approx(gap)
    assert found["timing"] == pytest.approx(expected["timing"], rel=1e-9)
    # Only third countries, which the plain way leaves out, can have taken from the other causes.
    routed = found["attribution"] - expected["attribution"]
    assert 0.0 <= routed <= _routed_between(fish_rows, NORWAY, POLAND)
    for part in ("valuation", "unreported", "unexplained"):
        assert abs(found[part] - expected[part]) <= routed * (1 + MARGIN) + 1e-3
    assert sum(found.values()) == pytest.approx(gap, rel=1e-12)


def test_the_asymmetry_of_norway_and_poland_is_that_of_the_files(
    read: Read, fish_2023: pd.DataFrame
) -> None:
    cells = fish_2023[(fish_2023["exporter"] == NORWAY) & (fish_2023["importer"] == POLAND)]
    months = cells.groupby("period")[["x", "m"]].sum(min_count=1).dropna()
    fob = months["m"] / (1 + MARGIN)
    expected = (months["x"] - fob).abs().sum() / ((months["x"] + fob) / 2).sum()
    frame = read(
        "mirror_matrix",
        collection="fish_monthly",
        first="2022-01",
        last="2023-12",
        regions=("europe",),
    )
    row = frame[(frame["reporter_iso3"] == "NOR") & (frame["partner_iso3"] == "POL")].iloc[0]
    assert row["asymmetry"] == pytest.approx(expected, rel=1e-9)
    assert row["matched_count"] == len(months) == 12
    assert row["reported_usd"] == pytest.approx(cells["x"].sum())
    assert row["mirrored_usd"] == pytest.approx(cells["m"].sum())


def test_the_largest_gap_of_the_enquiry_is_in_the_files(
    read: Read, fish_2023: pd.DataFrame
) -> None:
    frame = read(
        "mirror_enquiry",
        collection="fish_monthly",
        first="2023-01",
        last="2023-12",
        members=("NOR",),
        partners=("POL",),
    )
    row = frame.iloc[0]
    cells = fish_2023[
        (fish_2023["exporter"] == NORWAY)
        & (fish_2023["importer"] == POLAND)
        & (fish_2023["period"] == row["period_id"])
        & (fish_2023["code"].str[:2] == row["chapter_code"])
    ]
    assert row["reported_usd"] == pytest.approx(cells["x"].sum())
    assert row["mirrored_usd"] == pytest.approx(cells["m"].sum())
    assert row["gap_usd"] == pytest.approx(cells["m"].sum() - cells["x"].sum())


def test_standings_of_2016_rest_on_pairs_that_both_sides_report(
    read: Read, fuels_2016: pd.DataFrame
) -> None:
    both = fuels_2016.dropna()
    both = both[(both["exporter"] != both["importer"]) & (both["x"] > 0) & (both["m"] > 0)]
    frame = read("mirror_standings", collection="fuels_annual", first="2016-01", last="2016-12")
    by_member = frame.set_index("member_iso3")
    assert set(frame["year"]) == {2016}
    for iso3, code in (("NLD", 528), ("SWE", 752), ("JPN", 392)):
        assert by_member.loc[iso3, "pair_count"] == (both["exporter"] == code).sum()
    # Who exports more than its partners import from it, pair by pair, mostly stands above 1.
    ratios = both["x"] / (both["m"] / (1 + MARGIN))
    medians = np.log(ratios).groupby(both["exporter"]).median()
    codes = {"NLD": 528, "SWE": 752, "DEU": 276, "GBR": 826, "JPN": 392, "CZE": 203, "AUS": 36}
    fitted = np.log([by_member.loc[iso3, "effect"] for iso3 in codes])
    assert np.corrcoef(fitted, [medians[code] for code in codes.values()])[0, 1] > 0.9
