"""The frames of the path through trade: what each level lists, and the steps that lead to it."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from callbacks.services import Services
from callbacks.views.explore_measures import Basis, with_measures
from dashboard.drill import GOODS_LEVELS, level_of, path_of
from dashboard.flows import is_past, of_trade
from dashboard.frames import PERIOD_FIELDS, SCOPE_FIELDS, Column
from dashboard.measures import TRADE_MEASURES, Level
from dashboard.selection import Catalogue, Selection
from dashboard.stats.trade import share, unit_value
from queries import explore as statements
from queries.explore import ITEM_COLUMN

PATH_FIELDS: Final = SCOPE_FIELDS | {"partners", "commodity"}
DRILL_FIELDS: Final = (
    PATH_FIELDS | PERIOD_FIELDS | {"as_of", "collection", "flow", "source", "partner_regions"}
)

ITEM_COLUMNS: Final = (
    Column("level"),
    Column("item"),
    Column("region_id"),
    Column("title_en"),
    Column("title_fr"),
    *(Column(measure, measure=measure) for measure in TRADE_MEASURES),
    Column("estimated_share", measure="estimated_share"),
    Column("n", unit="count"),
)
STEP_COLUMNS: Final = (Column("level"), Column("item"), Column("title_en"), Column("title_fr"))

_TEXT: Final = pd.StringDtype(na_value=float("nan"))


def read_drill_items(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the items of the level that the selection stands at, the largest first."""
    return _items(services, selection, level_of(selection))


def read_member_measures(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the members of the regions chosen, or all, whatever level the path stands at."""
    return _items(services, selection, "member")


def _items(services: Services, selection: Selection, level: Level) -> pd.DataFrame:
    trade = of_trade(selection, services.catalogue)
    flow, past = trade.flow or "X", is_past(selection, services.catalogue)
    flows = tuple(dict.fromkeys((flow, "X", "M")))
    rows = keyed(services.frame(statements.drill_trade(trade, level, flows, is_past=past)), level)
    basis = Basis(services, trade, level, rows, keyed, is_past=past)
    table = with_measures(item_table(rows, flow), basis)
    table = table.assign(level=level, region_id=_regions(table["item"], level, services.catalogue))
    return with_titles(table, level, services)[[column.name for column in ITEM_COLUMNS]]


def keyed(rows: pd.DataFrame, level: Level) -> pd.DataFrame:
    """Return rows of ``queries.explore.drill_trade`` with their item as text.

    Parameters
    ----------
    rows : DataFrame
        As the query gave them.
    level : Level
        What is listed.

    Returns
    -------
    DataFrame
        With a column ``item``: ids, ISO codes, ``S1`` for a section, digits of
        the HS for its lower levels. A code that is shorter than its level was
        reported no finer.
    """
    key = rows[ITEM_COLUMN[level]]
    if level == "section":
        item = "S" + key.astype("int64").astype(str)
    elif level == "heading":
        item = key.str[:4]
    else:
        item = key
    return rows.assign(item=item.astype(_TEXT))


def item_table(rows: pd.DataFrame, flow: str) -> pd.DataFrame:
    """Return one row per item with its sums.

    Parameters
    ----------
    rows : DataFrame
        Of :func:`keyed`.
    flow : str
        The flow that values and weights are of.

    Returns
    -------
    DataFrame
        ``item``, ``value_usd``, ``mass_kg``, ``unit_value``, ``trade_share``,
        ``estimated_share``, ``n``; the largest value first. Items that trade in
        the other direction only are left out.
    """
    own = rows[rows["flow_code"] == flow].groupby("item", sort=True)
    table = own[["value_usd", "estimated_usd"]].sum()
    table["mass_kg"] = own["mass_kg"].sum(min_count=1)
    table["unit_value"] = unit_value(own["weighed_usd"].sum(), table["mass_kg"])
    table["n"] = own["row_count"].sum().astype("Int64")
    table["trade_share"] = share(table["value_usd"], float(table["value_usd"].sum()))
    table["estimated_share"] = share(table["estimated_usd"], table["value_usd"])
    return table.sort_values(["value_usd", "item"], ascending=[False, True]).reset_index()


def _regions(items: pd.Series, level: Level, catalogue: Catalogue) -> pd.Series:
    """Return the region of each item that is a region or lies in one."""
    if level == "region":
        return items
    return items.map(dict(catalogue.members) if level in ("member", "partner") else {}).astype(
        _TEXT
    )


def with_titles(table: pd.DataFrame, level: Level, services: Services) -> pd.DataFrame:
    """Return the table with the titles of headings and subheadings in both languages.

    Parameters
    ----------
    table : DataFrame
        Has ``item``.
    level : Level
        What is listed; the names of other levels are known everywhere.
    services : Services
        For the titles.

    Returns
    -------
    DataFrame
        With ``title_en`` and ``title_fr``, missing where there is none.
    """
    codes = [code for code in table["item"] if level in GOODS_LEVELS and code[:1] != "S"]
    titles = services.frame(statements.commodity_titles(codes)) if codes else None
    named: Any = {} if titles is None else titles.set_index("commodity_code")
    return table.assign(
        **{
            name: table["item"].map(named[name] if len(named) else {}).astype(_TEXT)
            for name in ("title_en", "title_fr")
        }
    )


def read_drill_path(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the steps from the world to where the selection stands, one row per item chosen."""
    names = services.names("en")
    steps = path_of(selection, services.catalogue.members, names.chapter_sections)
    rows = [
        {"level": step.level or "world", "item": item}
        for step in steps
        for item in step.items or (np.nan,)
    ]
    table = pd.DataFrame(rows, columns=["level", "item"]).astype(_TEXT)
    codes = table["item"].where(table["level"].isin(["chapter", "heading", "subheading"]))
    titled = with_titles(table.assign(item=codes.fillna("S")), "subheading", services)
    return titled.assign(item=table["item"])[[column.name for column in STEP_COLUMNS]]
