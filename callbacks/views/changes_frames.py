"""The frames of what moved between two ranges: totals like for like, and by what they moved."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from callbacks.views.flows import LINK_FIELDS, TRADE_FIELDS
from dashboard.comparing import comparison
from dashboard.flows import is_past, of_trade
from dashboard.frames import Column
from dashboard.selection import Selection
from dashboard.stats.changes import like_for_like, price_and_quantity
from queries import changes as statements

FIELDS: Final = TRADE_FIELDS | LINK_FIELDS | {"base"}

CHANGED: Final = (
    Column("value_usd", measure="value_usd"),
    Column("base_value_usd", unit="usd"),
    Column("value_change_usd", unit="usd"),
    Column("mass_kg", measure="mass_kg"),
    Column("base_mass_kg", unit="kg"),
    Column("mass_change_kg", unit="kg"),
)
PERIODS: Final = (
    Column("periods", unit="count", words="column.periods_reported"),
    Column("base_periods", unit="count"),
)
_NUMBERS: Final = ("value_usd", "mass_kg")


def read_totals(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the two totals, parted by whether the same periods were reported in both ranges."""
    trade = of_trade(selection, services.catalogue)
    ranges = comparison(selection, services.catalogue)
    if ranges is None:
        return pd.DataFrame(columns=[column.name for column in TOTALS.columns])
    past = is_past(selection, services.catalogue)
    found = []
    for one in (ranges.now(trade), ranges.before(trade)):
        values = services.frame(statements.recorded_trade(one, is_past=past))
        reported = services.frame(statements.reported_periods(one, is_past=past))
        found.append(placed(values, reported, one))
    table = like_for_like(*found)
    return with_changes(table)[[column.name for column in TOTALS.columns]]


def placed(values: pd.DataFrame, reported: pd.DataFrame, one: Selection) -> pd.DataFrame:
    """Return what was reported with the place of its period in the range, 0 for the first."""
    both = plain(reported, ["iso3"]).merge(
        plain(values, ["iso3"]), on=["iso3", "period_id"], how="outer"
    )
    first = str(one.first)
    periods = both["period_id"].to_numpy(dtype="int64")
    is_year = periods < 10_000
    year = np.where(is_year, periods, periods // 100)
    month = np.where(is_year, int(first[5:7]), periods % 100)
    months = (year - int(first[:4])) * 12 + month - int(first[5:7])
    return both.assign(place=months // np.where(is_year, 12, 1))


def plain(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return a frame with keys of plain objects: two empty columns of texts can't be merged."""
    return frame.astype(dict.fromkeys(keys, object))


def with_changes(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with what each number changed by; what is not there counts as nothing."""
    table = table.assign(
        **{name: table[name].fillna(0.0) for each in _NUMBERS for name in (each, f"base_{each}")}
    )
    return table.assign(
        value_change_usd=table["value_usd"] - table["base_value_usd"],
        mass_change_kg=table["mass_kg"] - table["base_mass_kg"],
    )


def _changed(
    services: Services, selection: Selection, by: statements.By, keys: list[str]
) -> pd.DataFrame:
    trade = of_trade(selection, services.catalogue)
    ranges = comparison(selection, services.catalogue)
    wanted = [*keys, *(column.name for column in CHANGED)]
    if ranges is None:
        return pd.DataFrame(columns=wanted)
    past = is_past(selection, services.catalogue)
    now, before = (
        plain(services.frame(statements.trade_by(one, by, is_past=past)), keys)[[*keys, *_NUMBERS]]
        for one in (ranges.now(trade), ranges.before(trade))
    )
    both = now.merge(
        before.rename(columns={name: f"base_{name}" for name in _NUMBERS}), on=keys, how="outer"
    )
    return with_changes(both)[wanted].sort_values(keys, ignore_index=True)


def _with_periods(
    services: Services, selection: Selection, frame: pd.DataFrame, key: str
) -> pd.DataFrame:
    """Return a frame with how many periods each area of the recording side has reported."""
    trade = of_trade(selection, services.catalogue)
    ranges = comparison(selection, services.catalogue)
    records = "partner_iso3" if selection.source == "mirror" else "member_iso3"
    if ranges is None or key != records:
        return frame.assign(periods=float("nan"), base_periods=float("nan"))
    past = is_past(selection, services.catalogue)
    found = {}
    for name, one in (("periods", ranges.now(trade)), ("base_periods", ranges.before(trade))):
        reported = services.frame(statements.reported_periods(one, is_past=past))
        counts = reported["iso3"].value_counts()
        found[name] = frame[key].map(counts).fillna(0).astype("int64")
    return frame.assign(**found)


def read_members(services: Services, selection: Selection) -> pd.DataFrame:
    """Return what each member's trade changed by."""
    keys = ["member_iso3", "region_id"]
    return _with_periods(
        services, selection, _changed(services, selection, "member", keys), keys[0]
    )


def read_partners(services: Services, selection: Selection) -> pd.DataFrame:
    """Return what the trade with each partner changed by."""
    keys = ["partner_iso3", "region_id"]
    return _with_periods(
        services, selection, _changed(services, selection, "partner", keys), keys[0]
    )


def read_commodities(services: Services, selection: Selection) -> pd.DataFrame:
    """Return what the trade in each chapter, section or code changed by."""
    return _changed(services, selection, "commodity", ["commodity_code"])


def read_effects(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the change in value split into price, quantity and what cannot be split."""
    trade = of_trade(selection, services.catalogue)
    ranges = comparison(selection, services.catalogue)
    names = [column.name for column in EFFECTS.columns]
    if ranges is None:
        return pd.DataFrame(columns=names)
    past = is_past(selection, services.catalogue)
    now, before = (
        plain(services.frame(statements.price_cells(one, is_past=past)), ["cell"])
        for one in (ranges.now(trade), ranges.before(trade))
    )
    cells = now.merge(before, on="cell", how="outer", suffixes=("", "_before")).rename(
        columns={f"{name}_before": f"base_{name}" for name in (*_NUMBERS, "weighed_usd")}
    )
    return price_and_quantity(cells)[names]


TOTALS: Final = NamedFrame(
    "change_totals",
    (
        Column("part", words="column.change_part"),
        *CHANGED,
        Column("n", words="column.reporter_periods", unit="count"),
    ),
    read_totals,
    FIELDS,
)
MEMBERS: Final = NamedFrame(
    "change_members",
    (Column("member_iso3"), Column("region_id"), *CHANGED, *PERIODS),
    read_members,
    FIELDS,
)
PARTNERS: Final = NamedFrame(
    "change_partners",
    (Column("partner_iso3"), Column("region_id"), *CHANGED, *PERIODS),
    read_partners,
    FIELDS,
)
COMMODITIES: Final = NamedFrame(
    "change_commodities", (Column("commodity_code"), *CHANGED), read_commodities, FIELDS
)
EFFECTS: Final = NamedFrame(
    "change_effects",
    (
        Column("effect"),
        Column("effect_usd", unit="usd"),
        Column("value_usd", measure="value_usd"),
        Column("base_value_usd", unit="usd"),
        Column("n", unit="count", words="column.price_cells"),
    ),
    read_effects,
    FIELDS,
)
