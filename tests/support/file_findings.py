"""What the rules should find in the shared trade files, computed another way: by pandas and numpy.

It reads the files itself and shares nothing with the loader or the checks. Each function of a
rule takes trade rows and returns how many fail, by period.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

FLOWS: Final = {"Import": "M", "Export": "X", "Re-Import": "RM", "Re-Export": "RX"}
PRESENT: Final = {280: 276, 278: 276, 736: 729, 720: 887, 886: 887, 841: 842, 381: 380, 230: 231}
"""Codes of the old layout that are one area with a present code, from UN Comtrade's area list."""

UNSPECIFIED: Final = (
    *(129, 221, 290, 471, 472, 473, 492, 527, 568, 577, 636, 637, 697, 837, 838, 839, 879),
    899,
)
"""Codes of UN Comtrade for areas that are not specified, bunkers, free zones and the like."""

SPECIAL: Final = {"_X": 899, "X1": 837, "X2": 838, "XX": 839, "E19": 568, "F19": 577, "S19": 490}
"""The same in files that have ISO codes only."""

NAMES: Final = {"Turkey": 792, "Syria": 760, "Fmr Sudan": 729, "State of Palestine": 275}
MARGIN: Final = 1.06
Counts = Mapping[int, int]
Rule = Callable[[pd.DataFrame], pd.Series]


def read_fish(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return trade rows and parts (DX, FM) of the monthly files."""
    names = {
        "reporter_code": "reporter",
        "period": "period",
        "flow_code": "flow",
        "partner_code": "partner",
        "cmd_code": "code",
        "primary_value": "value",
        "net_wgt": "mass",
        "qty": "quantity",
        "qty_unit_abbr": "unit",
        "classification_code": "edition",
        "legacy_estimation_flag": "flag",
    }
    rows = pd.concat(
        pd.read_parquet(path, columns=list(names))
        for path in sorted(folder.glob("comtrade_monthly_hs6_fish_*.parquet"))
    ).rename(columns=names)
    rows = rows.astype({"period": int, "code": str})
    is_trade = rows["flow"].isin(list(FLOWS.values()))
    return _typed(rows[is_trade]), _typed(rows[~is_trade])


def read_fuels(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return trade rows and rows of the World of the annual files of chapter 27."""
    names = {
        "Reporter Code": "reporter",
        "Period": "period",
        "Trade Flow": "flow",
        "Partner Code": "partner",
        "Trade Value (US$)": "value",
        "Qty": "quantity",
        "Qty Unit": "unit",
        "Netweight (kg)": "mass",
        "Flag": "flag",
        "Classification": "edition",
    }
    rows = pd.concat(
        pd.read_csv(path, usecols=list(names), encoding="utf-8-sig")
        for path in sorted(folder.glob("comtrade_annual_hs27_*.csv.gz"))
    ).rename(columns=names)
    rows["flow"] = rows["flow"].map(FLOWS)
    rows["stated"] = rows["partner"]
    for column in ("reporter", "partner"):
        rows[column] = rows[column].replace(PRESENT)
    rows = _typed(rows.assign(code="27"))
    return rows[rows["partner"] != 0], rows[rows["partner"] == 0]


def read_chapters(folder: Path, names: Mapping[str, int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return trade rows, and rows of the World and of groups, of the files by chapter."""
    found = pd.read_parquet(folder / "comtrade_annual_chapters_mena_1990_2021.parquet")
    codes = {**names, **NAMES}
    rows = pd.DataFrame(
        {
            "reporter": found["rtTitle"].map(codes),
            "period": found["yr"].astype(int),
            "flow": found["rgDesc"].map(FLOWS),
            "partner": found["Subregion"].map(codes),
            "code": found["cmdCode"].astype(str).str.zfill(2),
            "value": found["TradeValue"],
            "group": found["Subregion"],
        }
    )
    is_country = found["Region"].str.strip() == found["Subregion"]
    is_trade = is_country & (found["Subregion"] != "World")
    return _typed(rows[is_trade].astype({"partner": int})), _typed(rows[~is_trade])


def read_wood(folder: Path, codes: Mapping[str, int]) -> pd.DataFrame:
    """Return the rows of the files of wood and paper: no cell has rows of two levels."""
    found = pd.read_parquet(folder / "comtrade_annual_hs4_eu_imports_2018_2022.parquet")
    rows = pd.DataFrame(
        {
            "reporter": found["reporter_iso"].map(codes),
            "period": found["ref_year"].astype(int),
            "flow": "M",
            "partner": found["partner_iso"].str.strip(),
            "code": found["cmd_code"],
            "value": found["primary_value"],
        }
    )
    partners = {name: place for place, name in enumerate(sorted(set(rows["partner"])), 100_000)}
    rows["partner"] = rows["partner"].map({**partners, **codes, **SPECIAL})
    return _typed(rows)


def _typed(rows: pd.DataFrame) -> pd.DataFrame:
    period = rows["period"]
    place = period.where(period < 10_000, period // 100 * 12 + period % 100 - 1)
    return rows.assign(place=place, value=rows["value"].astype(float)).reset_index(drop=True)


def by_period(rows: pd.DataFrame, fails: pd.Series) -> Counts:
    """Count failing rows by period."""
    return {int(p): int(n) for p, n in fails.groupby(rows["period"]).sum().items() if n}


# -- Rules of rows ------------------------------------------------------------------------------


def weightless(rows: pd.DataFrame) -> pd.Series:
    """Rows without a weight."""
    return rows["mass"].isna() | ((rows["mass"] == 0) & (rows["value"] > 0))


def ended(rows: pd.DataFrame, folder: Path) -> pd.Series:
    """Rows whose partner's code had ended by UN Comtrade's own list of areas."""
    areas = pd.read_csv(folder.parent / "reference" / "comtrade_partner.csv")
    last = areas.dropna(subset="exit_year").set_index("id")["exit_year"]
    year = rows["period"].where(rows["period"] < 10_000, rows["period"] // 100)
    return rows["stated"].map(last).lt(year) & (rows["stated"] != rows["reporter"])


def two_weights(rows: pd.DataFrame) -> pd.Series:
    """Rows whose quantity in kilograms is not the weight, to a hundredth and a kilogram."""
    both = rows["quantity"].gt(0) & rows["mass"].gt(0) & rows["unit"].str.lower().isin(["kg"])
    gap = (rows["quantity"] - rows["mass"]).abs()
    return both & (gap > np.maximum(1, 0.01 * np.maximum(rows["quantity"], rows["mass"])))


def other_edition(rows: pd.DataFrame) -> pd.Series:
    """Rows of another edition than most of their submission."""
    known = rows["edition"].where(rows["edition"].str.fullmatch(r"H\d"))
    counts = known.groupby([rows["reporter"], rows["period"], known]).transform("size")
    most = counts.groupby([rows["reporter"], rows["period"]]).transform("max")
    return known.notna() & (counts < most)


ROW_RULES: Final[Mapping[str, Rule]] = {
    "own_partner": lambda rows: rows["reporter"] == rows["partner"],
    "zero_value": lambda rows: rows["value"] == 0,
    "unspecified_partner": lambda rows: rows["partner"].isin(UNSPECIFIED),
    "unspecified_commodity": lambda rows: rows["code"].str.startswith("99"),
}


# -- Rules over time ----------------------------------------------------------------------------


def window(rows: pd.DataFrame, before: int = 12) -> pd.DataFrame:
    """Return each reporter and period with how many periods of the ``before`` it has."""
    sent = rows[["reporter", "period", "place"]].drop_duplicates()
    held = {reporter: set(part) for reporter, part in sent.groupby("reporter")["place"]}
    history = [
        sum(place - step in held[reporter] for step in range(1, before + 1))
        for reporter, place in zip(sent["reporter"], sent["place"], strict=True)
    ]
    least = np.where(sent["period"] > 9999, 6, 3)
    return sent.assign(history=history, is_judged=np.array(history) >= least)


def missing_periods(rows: pd.DataFrame) -> Counts:
    """Count the holes before each submission."""
    counts: dict[int, int] = {}
    sent = rows[["reporter", "period", "place"]].drop_duplicates().sort_values("place")
    for _, part in sent.groupby("reporter"):
        gaps = part["place"].diff().fillna(1).astype(int) - 1
        for period, gap in zip(part["period"], gaps, strict=True):
            if gap:
                counts[int(period)] = counts.get(int(period), 0) + int(gap)
    return counts


def missing_items(rows: pd.DataFrame, item: pd.Series) -> Counts:
    """Count items that were there in 80 % of twelve periods and within three, and are not now."""
    keys = ["reporter", "flow", "item", "place"]
    main = rows.assign(item=item)[rows["flow"].isin(["M", "X"])][keys].drop_duplicates()
    judged = window(rows)
    counts: dict[int, int] = {}
    for reporter, spots in judged[judged["is_judged"]].groupby("reporter"):
        own = main[main["reporter"] == reporter]
        start = min(own["place"].min(), spots["place"].min()) - 12
        length = max(own["place"].max(), spots["place"].max()) + 1 - start
        items = own.groupby(["flow", "item"])
        is_there = np.zeros((items.ngroups, length), dtype=bool)
        is_there[items.ngroup(), own["place"] - start] = True
        for row in spots.itertuples():
            at = row.place - start
            often = is_there[:, at - 12 : at].sum(axis=1) >= 0.8 * row.history
            recent = is_there[:, at - 3 : at].any(axis=1)
            if missed := int((often & recent & ~is_there[:, at]).sum()):
                counts[int(row.period)] = counts.get(int(row.period), 0) + missed
    return counts


def sudden_drops(rows: pd.DataFrame) -> Counts:
    """Count flows below a quarter of the median of twelve periods, by value or by many rows."""
    groups = rows.groupby(["reporter", "flow", "place"])["value"]
    sums, sizes = groups.sum().to_dict(), groups.size().to_dict()
    judged = window(rows)
    held = {reporter: set(part) for reporter, part in judged.groupby("reporter")["place"]}
    counts: dict[int, int] = {}
    for row in judged[judged["is_judged"]].itertuples():
        for flow in ("M", "X"):
            spots = [
                (row.reporter, flow, place)
                for place in range(row.place - 12, row.place)
                if place in held[row.reporter]
            ]
            spot = (row.reporter, flow, row.place)
            usual = float(np.median([sums.get(one, 0.0) for one in spots]))
            many = float(np.median([sizes.get(one, 0) for one in spots]))
            is_thin = many >= 20 and sizes.get(spot, 0) < 0.25 * many
            if usual > 0 and (sums.get(spot, 0.0) < 0.25 * usual or is_thin):
                counts[int(row.period)] = counts.get(int(row.period), 0) + 1
    return counts


def repeated(rows: pd.DataFrame) -> tuple[Counts, Counts]:
    """Count commodities of the same value three times running, and copies of the period before."""
    main = rows[rows["flow"].isin(["M", "X"])]
    keys = ["reporter", "flow", "code", "place", "period"]
    cells = main.groupby(keys)["value"].sum().reset_index()
    own = ["reporter", "flow", "code"]
    for step in (1, 2):
        earlier = cells[[*own, "place", "value"]].assign(place=cells["place"] + step)
        cells = cells.merge(
            earlier.rename(columns={"value": f"value_{step}"}), on=[*own, "place"], how="left"
        )
    large = cells[(cells["value"] >= 1000) & cells["value_1"].notna()]
    same = large["value"] == large["value_1"]
    frozen = same & (large["value"] == large["value_2"])
    groups = same.groupby([large["reporter"], large["period"]]).agg(["size", "mean"]).reset_index()
    copies = groups[(groups["size"] >= 10) & (groups["mean"] >= 0.5)]
    return by_period(large, frozen), copies.groupby("period").size().to_dict()


def price_outliers(rows: pd.DataFrame) -> Counts:
    """Count unit values whose modified z-score is beyond 3.5, all of a series at once."""
    priced = rows[rows["flow"].isin(["M", "X"]) & (rows["value"] > 0) & (rows["mass"] > 0)]
    log = np.log(priced["value"] / priced["mass"])
    keys = [priced["reporter"], priced["flow"], priced["code"]]
    often = log.groupby(keys).transform("size") >= 12
    away = log - log.groupby(keys).transform("median")
    mad = away.abs().groupby(keys).transform("median")
    mean = away.abs().groupby(keys).transform("mean")
    scale = mad.where(mad > 0, mean * 1.2533 * 0.6745)
    z = 0.6745 * away / scale.where(scale > 0)
    return by_period(priced, often & (z.abs() > 3.5) & (away.abs() >= np.log(5)))


def with_prices(rows: pd.DataFrame) -> pd.DataFrame:
    """Add what a row came to at the usual price, and its value if there is such a price."""
    if "mass" not in rows:
        return rows.assign(priced=np.nan, usual=np.nan)
    log = np.log((rows["value"] / rows["mass"]).where((rows["value"] > 0) & (rows["mass"] > 0)))
    groups = log.groupby([rows["reporter"], rows["flow"], rows["code"]])
    usual = np.exp(groups.transform("median")).where(groups.transform("count") >= 5)
    known = log.notna() & usual.notna()
    return rows.assign(priced=rows["value"].where(known), usual=(rows["mass"] * usual).where(known))


def price_level(sums: pd.DataFrame) -> pd.Series:
    """Return the price against the usual, in decimal logarithms, where most of a cell has one."""
    has_price = sums["priced"] > 0.5 * sums["value"]
    return np.log10((sums["priced"] / sums["usual"]).where(has_price))


@dataclass(frozen=True)
class Jumps:
    """Points far from a mean of the thirteen around, with those thirteen."""

    points: pd.DataFrame
    near: Mapping[str, np.ndarray]
    """Each point's thirteen by name, one row per point; NaN where there is none."""

    sizes: np.ndarray
    """How many there are of the thirteen."""

    def shift(self, name: str) -> np.ndarray:
        """Return how far each point is from the middle of its thirteen."""
        return self.points[name].to_numpy() - middle(self.near[name])

    def spread(self, name: str) -> np.ndarray:
        """Return how far the thirteen are from their middle."""
        near = self.near[name]
        return middle(np.abs(near - middle(near)[:, None]))

    def price_power(self, least: int) -> np.ndarray:
        """Return the power of ten by which the price left its middle; 0 if it did not."""
        known = np.isfinite(self.near["price"]).sum(axis=1)
        shift, spread = self.shift("price"), self.spread("price")
        is_off = (known >= least) & is_power(shift, spread, 0.25, 0.25)
        return np.where(is_off, np.round(shift), 0.0)


def middle(near: np.ndarray) -> np.ndarray:
    """Return the median of what is known of each row."""
    ordered = np.sort(near, axis=1)  # NaN comes last
    count = np.isfinite(ordered).sum(axis=1)[:, None]
    two = np.concatenate([np.maximum(count - 1, 0) // 2, count // 2], axis=1)
    return np.take_along_axis(ordered, two, axis=1).sum(axis=1) / 2


def jumps(series: pd.DataFrame, sizes: tuple[str, ...], least: int) -> Jumps:
    """Return points far from a mean of the thirteen around.

    Means are of the first of ``sizes`` and of the price.
    """
    ordered = series.sort_values(["key", "place"])
    spot = ordered["key"].to_numpy() * 100_000 + ordered["place"].to_numpy()
    first = np.searchsorted(spot, spot - 6)
    last = np.searchsorted(spot, spot + 6, side="right")
    is_far = np.zeros(len(ordered), dtype=bool)
    for name in (sizes[0], "price"):
        figures = ordered[name].to_numpy()
        known = np.isfinite(figures)
        running, count = (
            np.concatenate([[0.0], np.cumsum(part)])
            for part in (np.where(known, figures, 0.0), known)
        )
        with np.errstate(invalid="ignore"):
            mean = (running[last] - running[first]) / (count[last] - count[first])
        is_far |= np.abs(figures - mean) > 0.4
    far = np.flatnonzero(is_far & (last - first >= least))
    around = first[far, None] + np.arange(13)
    is_near = around < last[far, None]
    near = {
        name: np.where(is_near, ordered[name].to_numpy()[np.where(is_near, around, 0)], np.nan)
        for name in (*sizes, "price")
    }
    return Jumps(ordered.iloc[far], near, (last - first)[far])


def is_power(
    shift: np.ndarray, spread: np.ndarray, width: float, steady: float = 0.15
) -> np.ndarray:
    """Tell whether shifts, in decimal logarithms, are 10 or 1,000 times and beyond the spread."""
    decades = np.abs(np.round(shift))
    is_steady = spread <= steady * decades
    return (
        np.isin(decades, (1, 3)) & is_steady & (np.abs(np.abs(shift) - decades) <= width * decades)
    )


def scale_slips(rows: pd.DataFrame) -> Counts:
    """Count chapters off by a power of ten from a steady middle, of values or of prices."""
    main = with_prices(rows[rows["flow"].isin(["M", "X"])])
    keys = [main["reporter"], main["flow"], main["code"].str[:2], main["place"], main["period"]]
    sums = main.groupby(keys)[["value", "priced", "usual"]].sum()
    series = sums[sums["value"] > 0].reset_index()
    series["size"], series["price"] = np.log10(series["value"]), price_level(series)
    series["key"] = series.groupby(["reporter", "flow", "code"]).ngroup()
    found = jumps(series, ("size",), 8)
    shift, power = found.shift("size"), found.price_power(8)
    by_price = np.abs(shift - power) < np.abs(shift)
    fails = is_power(shift, found.spread("size"), 0.1) | by_price
    return by_period(found.points, pd.Series(fails, index=found.points.index))


# -- Rules of the mirror ------------------------------------------------------------------------


def pairs(rows: pd.DataFrame) -> pd.DataFrame:
    """Return what each side of a pair says of a flow and period, missing where one is silent."""
    main = with_prices(rows[rows["flow"].isin(["M", "X"])])
    main = main[main["reporter"] != main["partner"]]
    keys = ["reporter", "partner", "flow", "place", "period"]
    own = main.groupby(keys)[["value", "priced", "usual"]].sum().reset_index()
    own["price"] = price_level(own)
    own = own.drop(columns=["priced", "usual"])
    other = own.drop(columns="price").rename(
        columns={"reporter": "partner", "partner": "reporter", "value": "mirror"}
    )
    other = other.assign(flow=other["flow"].map({"M": "X", "X": "M"}))
    return own.merge(other, on=keys, how="outer")


def mirror_counts(rows: pd.DataFrame) -> dict[str, Counts]:
    """Count partners that are not reported, gaps of records, and slips against the mirror."""
    both = pairs(rows)
    flows = rows[["reporter", "period", "flow"]].drop_duplicates()
    told = both[both["mirror"] >= 1e6].merge(flows, on=["reporter", "period", "flow"])
    matched = both[(both["value"] > 0) & (both["mirror"] > 0)].copy()
    matched["mirror"] *= np.where(matched["flow"] == "M", MARGIN, 1 / MARGIN)
    large = matched[matched[["value", "mirror"]].max(axis=1) >= 1e5]
    gap = (large["value"] - large["mirror"]).abs() / ((large["value"] + large["mirror"]) / 2)
    matched["own"], matched["other"] = np.log10(matched["value"]), np.log10(matched["mirror"])
    matched["ratio"] = matched["own"] - matched["other"]
    matched["key"] = matched.groupby(["reporter", "partner", "flow"]).ngroup()
    often = matched.groupby("key")["place"].transform("size") >= 5
    found = jumps(matched[often], ("ratio", "own", "other"), 5)
    ratio, own, other = (found.shift(name) for name in ("ratio", "own", "other"))
    power, is_farther = found.price_power(5), np.abs(own) > np.abs(other)
    by_ratio = is_farther & is_power(ratio, found.spread("ratio"), 0.15) & (found.sizes >= 8)
    by_price = np.abs(ratio - power) < np.abs(ratio)
    by_past = (np.abs(own - power) < np.abs(own)) & (np.abs(other - power) >= np.abs(other))
    slips = pd.Series(by_ratio | by_price | by_past, index=found.points.index)
    return {
        "unreported_partner": by_period(told, told["value"].isna()),
        "mirror_gap": by_period(large, gap > 1.5),
        "mirror_slip": by_period(found.points, slips),
    }


# -- Rules of totals ----------------------------------------------------------------------------


def sub_flow_gaps(rows: pd.DataFrame, parts: pd.DataFrame) -> Counts:
    """Count domestic or foreign parts that do not add up to their flow."""
    keys = ["reporter", "period", "partner", "code"]
    stated = parts[parts["flow"].isin(["DX", "FM"])]
    stated = stated.assign(flow=stated["flow"].map({"DX": "X", "FM": "M"}))
    stated = stated.groupby([*keys, "flow"])["value"].sum().rename("part").reset_index()
    for again, name in ((False, "whole"), (True, "again")):
        kept = rows[rows["flow"].str.startswith("R") == again]
        sums = kept.assign(flow=kept["flow"].str[-1]).groupby([*keys, "flow"])["value"].sum()
        stated = stated.merge(sums.rename(name).reset_index(), on=[*keys, "flow"], how="left")
    whole, summed = stated["whole"].fillna(0), stated["part"] + stated["again"].fillna(0)
    least = np.maximum(1, 0.001 * np.maximum(whole, summed))
    return by_period(stated, (whole - summed).abs() > least)


def larger_parts(rows: pd.DataFrame) -> Counts:
    """Count re-exports and re-imports larger than the flow that includes them."""
    keys = ["reporter", "period", "partner", "code"]
    again = rows[rows["flow"].str.startswith("R")]
    again = again.assign(flow=again["flow"].str[-1]).groupby([*keys, "flow"])["value"].sum()
    whole = rows[rows["flow"].isin(["M", "X"])].groupby([*keys, "flow"])["value"].sum()
    both = again.rename("part").reset_index()
    both = both.merge(whole.rename("whole").reset_index(), on=[*keys, "flow"], how="left")
    total = both["whole"].fillna(0)
    return by_period(both, both["part"] - total > np.maximum(1, 0.001 * total))


def world_gaps(rows: pd.DataFrame, controls: pd.DataFrame) -> Counts:
    """Count World totals that are the sum of the rest neither with groups nor without."""
    keys = ["reporter", "period", "flow", "code"]
    is_world = controls["partner"].fillna(-1).eq(0) | (
        controls["group"] == "World" if "group" in controls else False
    )
    stated = controls[is_world].groupby(keys)["value"].sum()
    alone = rows.groupby(keys)["value"].sum()
    groups = controls[~is_world].groupby(keys)["value"].sum()
    table = pd.concat([stated.rename("stated"), alone.rename("alone"), groups.rename("g")], axis=1)
    table = table[table["stated"].notna() & table[["alone", "g"]].notna().any(axis=1)].fillna(0)
    fails = pd.Series(data=True, index=table.index)
    for summed in (table["alone"], table["alone"] + table["g"]):
        least = np.maximum(1, 0.001 * np.maximum(table["stated"], summed))
        fails &= (table["stated"] - summed).abs() > least
    frame = table.reset_index()
    return by_period(frame, fails.reset_index(drop=True))


def everything(rows: pd.DataFrame) -> dict[str, Counts]:
    """Count by the rules that every file can be judged by."""
    frozen, copies = repeated(rows)
    return {
        **{rule: by_period(rows, fails(rows)) for rule, fails in ROW_RULES.items()},
        "missing_period": missing_periods(rows),
        "missing_partner": missing_items(rows, rows["partner"]),
        "missing_chapter": missing_items(rows, rows["code"].str[:2]),
        "sudden_drop": sudden_drops(rows),
        "frozen_series": frozen,
        "copied_period": copies,
        "scale_slip": scale_slips(rows),
        **mirror_counts(rows),
    }


def of_fish(folder: Path) -> dict[str, Counts]:
    """Count what the monthly files should have found in them."""
    rows, parts = read_fish(folder)
    return {
        **everything(rows),
        "sub_flows": sub_flow_gaps(rows, parts),
        "part_exceeds_flow": larger_parts(rows),
        "unit_value_outlier": price_outliers(rows),
        "missing_required_field": by_period(rows, weightless(rows)),
        "weight_mismatch": by_period(rows, two_weights(rows)),
        "mixed_editions": by_period(rows, other_edition(rows)),
        "estimated_weight": by_period(rows, rows["flag"].isin([4, 6])),
    }


def of_fuels(folder: Path) -> dict[str, Counts]:
    """Count what the annual files of chapter 27 should have found in them."""
    rows, world = read_fuels(folder)
    return {
        **everything(rows),
        "world_total": world_gaps(rows, world),
        "part_exceeds_flow": larger_parts(rows),
        "estimated_weight": by_period(rows, rows["flag"] == 4),
        "former_code": by_period(rows, ended(rows, folder)),
    }


def of_chapters(folder: Path, names: Mapping[str, int]) -> dict[str, Counts]:
    """Count what the file by chapters should have found in it."""
    rows, controls = read_chapters(folder, names)
    return {**everything(rows), "world_total": world_gaps(rows, controls)}


def of_wood(folder: Path, codes: Mapping[str, int]) -> dict[str, Counts]:
    """Count what the file of wood and paper should have found in it."""
    return everything(read_wood(folder, codes))


def of_totals(folder: Path) -> dict[str, Counts]:
    """Count what the files of totals should have found in them: they have no flows to judge."""
    sent = set()
    for path in sorted(folder.glob("comtrade_total_world_*.csv")):
        with path.open(encoding="latin-1", newline="") as file:
            header, *lines = csv.reader(file)
        reporter, period = (
            [name.lower() for name in header].index(name) for name in ("reportercode", "period")
        )
        sent |= {(int(line[reporter]), int(line[period])) for line in lines}
    frame = pd.DataFrame(sorted(sent), columns=["reporter", "period"])
    frame["reporter"] = frame["reporter"].replace(PRESENT)
    return {"missing_period": missing_periods(frame.assign(place=frame["period"]))}
