"""Cases of the outlier desk on the published fish data, against a way that knows only the files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from tests.support.slow_outliers import slow

pytestmark = pytest.mark.data

Read = Callable[..., pd.DataFrame]
MONTHS = [year * 100 + month for year in range(2021, 2025) for month in range(1, 13)][:44]
THRESHOLD, FEWEST = 3.5, 12
MEMBER_SHARE = 0.01
# Norway sends much, Morocco little and with gaps, New Zealand in between; their Comtrade codes.
REPORTERS = {"NOR": 579, "MAR": 504, "NZL": 554}


@pytest.fixture(scope="module")
def fish(shared_data: Path) -> pd.DataFrame:
    """Reported trade by heading and month of the three, all four flows that are loaded."""
    columns = ["period", "reporter_code", "flow_code", "cmd_code", "primary_value"]
    parts = [
        pd.read_parquet(path, columns=columns)
        for path in sorted((shared_data / "trade").glob("comtrade_monthly_hs6_fish_*.parquet"))
    ]
    table = pd.concat(parts)
    table["reporter_code"] = table["reporter_code"].astype(int)
    table = table[table["reporter_code"].isin(REPORTERS.values())]
    table["period"] = table["period"].astype(int)
    table["heading"] = table["cmd_code"].astype(str).str[:4]
    return table[table["flow_code"].isin(["M", "X", "RM", "RX"])]


def _expected(fish: pd.DataFrame, reporter: int, flow: str) -> dict[tuple[str, int], float]:
    """Heading and month of each case to its effect."""
    own = fish[fish["reporter_code"] == reporter]
    sent = set(own["period"])
    traded = own[own["flow_code"] == flow]
    total = traded.groupby("period")["primary_value"].sum()
    found: dict[tuple[str, int], float] = {}
    for heading, rows in traded.groupby("heading"):
        sums = rows.groupby("period")["primary_value"].sum()
        values = [float(sums.get(m, 0.0)) if m in sent else float("nan") for m in MONTHS]
        run = 0
        for month, value, (level, z) in zip(
            MONTHS, values, slow(values, 12, 12, FEWEST), strict=True
        ):
            is_sudden = value == 0 and run >= FEWEST
            run = run if value != value else run + 1 if value > 0 else 0
            if level != level or not (abs(z) > THRESHOLD or is_sudden) or month not in total.index:
                continue
            effect = value - level
            if abs(effect) >= MEMBER_SHARE * max(total[month], total[month] - effect):
                found[str(heading), month] = effect
    return found


@pytest.mark.parametrize("iso3", sorted(REPORTERS))
@pytest.mark.parametrize("flow", ["X", "M"])
def test_the_cases_of_a_member_are_those_of_the_files(
    read: Read, fish: pd.DataFrame, iso3: str, flow: str
) -> None:
    frame = read(
        "outliers",
        collection="fish_monthly",
        members=(iso3,),
        flow=flow,
        first="2021-01",
        last="2024-08",
    )
    # A small member can be a case by its region's total alone; of these the files told nothing.
    frame = frame[frame["member_share"] >= MEMBER_SHARE]
    found = dict(
        zip(zip(frame["commodity_code"], frame["period_id"], strict=True), frame["effect_usd"],
            strict=True)
    )  # fmt: skip
    expected = _expected(fish, REPORTERS[iso3], flow)
    assert set(found) == set(expected)
    assert len(found) >= 3
    for key, effect in expected.items():
        assert found[key] == pytest.approx(effect, rel=1e-6)


def test_the_largest_drop_of_norway_is_its_month_that_came_in_part(read: Read) -> None:
    """July 2024 was retrieved before it was whole; the desk must put it first."""
    frame = read("outliers", collection="fish_monthly", members=("NOR",), flow="X")
    assert frame["case_id"].iloc[0] == "NOR.X.0302.202407"
    assert frame["effect_usd"].iloc[0] < 0


def test_series_of_five_years_are_not_judged(read: Read) -> None:
    about = {"collection": "wood_paper_annual", "flow": "M"}
    assert read("outliers", **about).empty
    (row,) = read("judged_series", **about).to_dict("records")
    assert row["judged_count"] == 0
    assert row["series_count"] > 800
    assert row["fewest_points"] == 7
