"""Faults of totals, planted into ten years of annual trade in mineral fuels; and revisions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from benchmarks.planted_faults.planting import ANY, Bed, Scope, scopes_of

REPORTERS: Final = (8, 32, 36, 40, 68, 76, 100, 124, 152, 170, 188, 203, 208, 218, 233)
YEARS: Final = range(2008, 2018)
NAMES: Final = {
    "Period": "period",
    "Trade Flow Code": "flow_code",
    "Reporter Code": "reporter_code",
    "Partner Code": "partner_code",
    "Commodity Code": "cmd_code",
    "Trade Value (US$)": "primary_value",
}
"""Columns of the old layout under the names that faults are planted by."""

TRADE_FLOWS: Final = {"1": "M", "2": "X", "3": "RX", "4": "RM"}


def read_rows(folder: Path) -> pd.DataFrame:
    """Return the rows of some reporters as texts.

    Parameters
    ----------
    folder : Path
        The folder of the published files.

    Returns
    -------
    DataFrame
        Texts; flows as M, X, RM and RX. True sums of chapter 27 over each reporter's partners
        stand as its rows of all goods (TOTAL), since the files state none.
    """
    rows = pd.concat(
        [
            pd.read_csv(
                folder / f"comtrade_annual_hs27_{year}.csv.gz",
                dtype=str,
                keep_default_na=False,
                encoding="utf-8-sig",
            )
            for year in YEARS
        ],
        ignore_index=True,
    ).rename(columns=NAMES)
    rows = rows[rows["reporter_code"].isin([str(code) for code in REPORTERS])]
    rows = rows.assign(flow_code=rows["flow_code"].map(TRADE_FLOWS))
    totals = rows[rows["partner_code"] != "0"].assign(cmd_code="TOTAL", Commodity="All")
    return pd.concat([rows, totals], ignore_index=True)


def as_file(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows under the headers of the old layout."""
    return rows.rename(columns={name: header for header, name in NAMES.items()})


def plant_totals(bed: Bed, base: Mapping[str, set[Scope]], count: int) -> None:
    """Make totals wrong by 2 %, in either direction."""
    values = bed.rows["primary_value"].astype(float)
    is_world = bed.rows["partner_code"] == "0"
    is_total = bed.rows["cmd_code"] == "TOTAL"
    for rule, kept in (("world_total", is_world), ("commodity_total", is_total)):
        labels = bed.rows.index[kept & (values > 1000) & bed.rows["flow_code"].isin(["M", "X"])]
        known = base.get(rule, set())
        scopes = scopes_of(bed.rows.loc[labels])
        free = [one for one, scope in zip(labels, scopes, strict=True) if scope not in known]
        for number, label in enumerate(bed.choose(free, count)):
            bed.scale([label], "primary_value", 1.02 if number % 2 else 0.98)
            bed.plant(rule, bed.scope(label))


def revisions(rows: pd.DataFrame, bed: Bed, count: int) -> pd.DataFrame:
    """Return revisions that come late: ``count`` that change a lot, and as many that hardly do.

    Parameters
    ----------
    rows : DataFrame
        What was sent first.
    bed : Bed
        Remembers what is changed.
    count : int
        Revisions of each kind.

    Returns
    -------
    DataFrame
        The rows of the revisions.
    """
    whole = rows[rows["cmd_code"] != "TOTAL"]
    sums = whole[whole["partner_code"] != "0"]
    totals = (
        sums["primary_value"]
        .astype(float)
        .groupby([sums["reporter_code"], sums["period"], sums["flow_code"]])
        .sum()
    )
    large = totals[totals > 20_000].reset_index()
    large = large[large["flow_code"].isin(["M", "X"])]
    flows = large.groupby(["reporter_code", "period"])["flow_code"].nunique()
    fair = list(flows.index[flows == 2])
    parts = []
    for number, (reporter, year) in enumerate(bed.choose(fair, 2 * count)):
        part = whole[(whole["reporter_code"] == reporter) & (whole["period"] == year)].copy()
        factor = 1.8 if number < count else 1.01
        part["primary_value"] = (part["primary_value"].astype(float) * factor).map("{:.0f}".format)
        parts.append(part)
        if number >= count:
            continue
        bed.touched.add((int(reporter), int(year), ANY, ANY, ANY))
        bed.plant("late_revision", (int(reporter), int(year), ANY, ANY, ANY))
        for flow in ("M", "X"):
            bed.plant("large_revision", (int(reporter), int(year), flow, ANY, "27"))
    return pd.concat(parts)
