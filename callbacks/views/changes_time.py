"""The frames of trade over time: seasons, shares, ranks of partners, members side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal

import numpy as np
import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from callbacks.views.changes_frames import FIELDS
from dashboard.comparing import comparison
from dashboard.flows import is_past, of_trade
from dashboard.frames import PERIOD_FIELDS, Column
from dashboard.periods import periods_through
from dashboard.selection import COMPARED_AT_MOST, Selection
from dashboard.stats.seasonal import (
    COMPLETE,
    MONTHS,
    FloatArray,
    adjusted,
    reported_share,
    seasonal_factors,
)
from dashboard.stats.trade import share
from queries import changes as statements

HISTORY_FIELDS: Final = FIELDS - PERIOD_FIELDS - {"base"}
YEARS: Final = 10
"""Years of ranks, the last of the range included."""
TOP: Final = 10
YEARS_AROUND: Final = 3
"""Years before and after that tell what is usual of a reporter of years."""


def whole(services: Services, selection: Selection) -> Selection | None:
    """Return the selection of trade over all periods that hold any; None where none does."""
    trade = of_trade(selection, services.catalogue)
    held = services.catalogue.traded_range(trade.collection)
    return None if held is None else replace(trade, first=held[0], last=held[1])


def read_season(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the whole series as it is and without its season, and how complete each period is."""
    trade = whole(services, selection)
    names = [column.name for column in SEASON.columns]
    if trade is None:
        return pd.DataFrame(columns=names)
    past = is_past(selection, services.catalogue)
    values = services.frame(statements.recorded_trade(trade, is_past=past))
    reported = services.frame(statements.reported_periods(trade, is_past=past))
    if values.empty or reported.empty:
        return pd.DataFrame(columns=names)
    periods = periods_through(int(reported["period_id"].min()), int(reported["period_id"].max()))
    tables = grids(values, reported, periods)
    is_annual = periods[0] < 10_000
    usual = reported_share(tables["value_usd"], YEARS_AROUND if is_annual else MONTHS)
    count = np.isfinite(tables["value_usd"]).sum(axis=0)
    frame = pd.DataFrame({"period_id": periods, "reporter_count": count, "reported_share": usual})
    for name, table in tables.items():
        total = np.where(count > 0, np.nansum(table, axis=0), np.nan)
        frame[name] = total
        factor = None
        first = periods[0] % 100 - 1
        if not is_annual:
            # As if all had reported: who comes and goes is no season.
            filled = np.divide(
                total, usual, out=np.full_like(total, np.nan), where=usual >= COMPLETE
            )
            factor = seasonal_factors(filled, first, is_robust=True)
        stem = name.partition("_")[0]
        season = (np.arange(len(periods)) + first) % MONTHS
        frame[f"{stem}_factor"] = np.nan if factor is None else factor[season]
        frame[f"adjusted_{name}"] = np.nan if factor is None else adjusted(total, factor, first)
    return frame[names]


def grids(
    values: pd.DataFrame, reported: pd.DataFrame, periods: list[int]
) -> dict[str, FloatArray]:
    """Return each number by reporter and period: NaN where not reported, 0 where none is traded."""
    # Numbers for areas and periods once for both tables: mapping texts takes ten times as long.
    iso3 = pd.concat([reported["iso3"], values["iso3"]]).to_numpy(dtype=object)
    areas, known = pd.factorize(iso3, use_na_sentinel=False)
    both = pd.concat([reported["period_id"], values["period_id"]]).to_numpy(dtype=np.int64)
    places = np.searchsorted(np.array(periods), both)
    sent, traded = slice(len(reported)), slice(len(reported), None)
    found = {}
    for name in ("value_usd", "mass_kg"):
        table = np.full((len(known), len(periods)), np.nan)
        table[areas[sent], places[sent]] = 0.0
        table[areas[traded], places[traded]] = values[name].fillna(0.0).to_numpy(dtype=np.float64)
        found[name] = table
    return found


def measured(selection: Selection) -> str:
    """Return the column that is compared: weight if it is selected, else value."""
    return "mass_kg" if selection.measure == "mass_kg" else "value_usd"


def _shares(
    services: Services,
    selection: Selection,
    by: Literal["partner_region_id", "section_id"],
    names: list[str],
) -> pd.DataFrame:
    trade = whole(services, selection)
    if trade is None:
        return pd.DataFrame(columns=names)
    past = is_past(selection, services.catalogue)
    frame = services.frame(statements.shares_by_period(trade, by, is_past=past))
    season = SEASON.read(services, selection)
    usual = dict(zip(season["period_id"], season["reported_share"], strict=True))
    return frame.assign(reported_share=frame["period_id"].map(usual).astype("float64"))[names]


def read_region_shares(services: Services, selection: Selection) -> pd.DataFrame:
    """Return trade by period and region of the partners."""
    names = [column.name for column in REGION_SHARES.columns]
    return _shares(services, selection, "partner_region_id", names)


def read_section_shares(services: Services, selection: Selection) -> pd.DataFrame:
    """Return trade by period and section."""
    names = [column.name for column in SECTION_SHARES.columns]
    return _shares(services, selection, "section_id", names)


def read_ranks(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the partners that are among the ten of a year, with their ranks in every year."""
    names = [column.name for column in RANKS.columns]
    trade = whole(services, selection)
    if trade is None or selection.last is None or trade.first is None:
        return pd.DataFrame(columns=names)
    last = min(int(selection.last[:4]), int(str(trade.last)[:4]))
    first = max(int(trade.first[:4]), last - YEARS + 1)
    years = replace(trade, first=f"{first}-01", last=f"{last}-12")
    past = is_past(selection, services.catalogue)
    frame = services.frame(statements.partners_by_year(years, is_past=past))
    measure = measured(selection)
    frame = frame[frame[measure].fillna(0.0) > 0].copy()
    frame["trade_share"] = share(frame[measure], frame.groupby("year")[measure].transform("sum"))
    # Ties are ordered by code, so that every rank is taken once.
    order = frame.sort_values(["year", measure, "partner_iso3"], ascending=[True, False, True])
    frame = order.assign(rank=order.groupby("year").cumcount() + 1)
    frame["periods"] = frame.groupby("year")["period_count"].transform("max")
    season = SEASON.read(services, selection)
    year = season["period_id"].where(season["period_id"] < 10_000, season["period_id"] // 100)
    usual = season["reported_share"].groupby(year).mean()
    frame["reported_share"] = frame["year"].map(usual).astype("float64")
    kept = frame.loc[frame["rank"] <= TOP, "partner_iso3"].unique()
    return frame[frame["partner_iso3"].isin(kept)][names]


def read_compared(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the series of up to six members: those compared, else selected, else the largest."""
    names = [column.name for column in COMPARED.columns]
    trade, ranges = whole(services, selection), comparison(selection, services.catalogue)
    members = compared_members(services, selection)
    if trade is None or not members:
        return pd.DataFrame(columns=names)
    past = is_past(selection, services.catalogue)
    chosen = replace(trade, members=members, regions=())
    values = services.frame(statements.member_series(chosen, is_past=past))
    sent = services.frame(
        statements.reported_periods(replace(chosen, partners=(), partner_regions=()), is_past=past)
    )
    if values.empty:
        return pd.DataFrame(columns=names)
    low, high = int(values["period_id"].min()), int(values["period_id"].max())
    grid = pd.MultiIndex.from_product(
        [members, periods_through(low, high)], names=["member_iso3", "period_id"]
    )
    table = values.set_index(["member_iso3", "period_id"])[["value_usd", "mass_kg"]].reindex(grid)
    if selection.source != "mirror":
        there = pd.MultiIndex.from_frame(sent[["iso3", "period_id"]])
        table = table.fillna(0.0)
        table.loc[~grid.isin(there)] = np.nan
    frame = table.reset_index()
    in_base = pd.Series(False, index=frame.index)
    if ranges is not None:
        digits = 4 if low < 10_000 else 6
        start, end = (
            int(month.replace("-", "")[:digits]) for month in (ranges.base_first, ranges.base_last)
        )
        in_base = frame["period_id"].between(start, end)
    for name in ("value_usd", "mass_kg"):
        base = frame[name].where(in_base).groupby(frame["member_iso3"]).transform("mean")
        frame[f"{name.partition('_')[0]}_index"] = 100 * frame[name] / base.where(base > 0)
    return frame[names]


def compared_members(services: Services, selection: Selection) -> tuple[str, ...]:
    """Return the members that are set side by side."""
    chosen = selection.compared or selection.members
    if chosen:
        return chosen[:COMPARED_AT_MOST]
    trade = of_trade(selection, services.catalogue)
    past = is_past(selection, services.catalogue)
    frame = services.frame(statements.trade_by(trade, "member", is_past=past))
    frame = frame[frame["member_iso3"].isin(list(services.catalogue.members))]
    order = frame.sort_values(
        [measured(selection), "member_iso3"],
        ascending=[False, True],
        na_position="last",
    )
    return tuple(str(iso3) for iso3 in order["member_iso3"].head(COMPARED_AT_MOST))


_MEASURED: Final = (Column("value_usd", measure="value_usd"), Column("mass_kg", measure="mass_kg"))
_USUAL: Final = Column("reported_share", unit="share")

SEASON: Final = NamedFrame(
    "seasonal_series",
    (
        Column("period_id"),
        *_MEASURED,
        Column("adjusted_value_usd", unit="usd"),
        Column("adjusted_mass_kg", unit="kg"),
        Column("value_factor", unit="ratio"),
        Column("mass_factor", unit="ratio"),
        Column("reporter_count", unit="count"),
        _USUAL,
    ),
    read_season,
    HISTORY_FIELDS,
)
REGION_SHARES: Final = NamedFrame(
    "region_shares",
    (Column("period_id"), Column("region_id"), *_MEASURED, _USUAL),
    read_region_shares,
    HISTORY_FIELDS,
)
SECTION_SHARES: Final = NamedFrame(
    "section_shares",
    (Column("period_id"), Column("section_id"), *_MEASURED, _USUAL),
    read_section_shares,
    HISTORY_FIELDS,
)
RANKS: Final = NamedFrame(
    "partner_ranks",
    (
        Column("year"),
        Column("partner_iso3"),
        Column("region_id"),
        *_MEASURED,
        Column("trade_share", measure="trade_share"),
        Column("rank", measure="rank"),
        Column("periods", unit="count", words="column.periods_held"),
        _USUAL,
    ),
    read_ranks,
    (FIELDS | {"measure"}) - {"base"},
)
COMPARED: Final = NamedFrame(
    "compared_series",
    (
        Column("member_iso3"),
        Column("period_id"),
        *_MEASURED,
        Column("value_index", unit="index"),
        Column("mass_index", unit="index"),
    ),
    read_compared,
    FIELDS | {"measure", "compared"},
)
