"""The measures of trade that are no sum: growth, concentration, advantage, two-way trade, per head.

Each is of the items of a level of ``callbacks.views.explore_frames``, by item; a measure that
``dashboard.drill.lack_of`` names a lack of is left out and costs no query.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, Final

import pandas as pd

from callbacks.services import Services
from dashboard.drill import GOODS_LEVELS, lack_of, period_count, range_before
from dashboard.measures import TRADE_MEASURES, Level
from dashboard.reference import economies
from dashboard.selection import Selection
from dashboard.stats.grouped_trade import grubel_lloyd_by, herfindahl_by, yearly_per_base
from dashboard.stats.trade import balassa_index, growth
from queries import Statement
from queries import explore as statements
from queries.explore import ITEM_COLUMN

WAYS: Final = ("X", "M")
WORLD: Final[Mapping[str, Any]] = {"regions": (), "members": ()}
ALL_PARTNERS: Final[Mapping[str, Any]] = {"partners": (), "partner_regions": ()}
ALL_GOODS: Final[Mapping[str, Any]] = {"commodity": None}


@dataclass(frozen=True)
class Basis:
    """What the measures of a level are computed from.

    ``rows`` are those of ``queries.explore.drill_trade`` with their ``item``;
    ``selection`` is resolved and of trade; ``key`` turns the rows of a query
    into rows with an ``item``.
    """

    services: Services
    selection: Selection
    level: Level
    rows: pd.DataFrame
    key: Callable[[pd.DataFrame, Level], pd.DataFrame]
    is_past: bool

    @property
    def flow(self) -> str:
        """The flow that is shown."""
        return self.selection.flow or "X"

    @property
    def is_annual(self) -> bool:
        """Whether periods are years."""
        catalogue = self.services.catalogue
        return catalogue.collections.get(self.selection.collection or "") == "A"

    @property
    def before(self) -> Selection:
        """The selection of the range of the same length before."""
        return range_before(self.selection, is_annual=self.is_annual)

    def frame(self, statement: Statement) -> pd.DataFrame:
        """Run a statement."""
        return self.services.frame(statement)

    def cells(
        self, by: Sequence[str], flows: Sequence[str] | None = None, **changes: Any
    ) -> pd.DataFrame:
        """Return trade by some columns, with changes to what is selected."""
        selection = replace(self.selection, **changes)
        return self.frame(
            statements.trade_by(selection, by, flows or (self.flow,), is_past=self.is_past)
        )

    def cells_of_items(self, column: str, flows: Sequence[str] | None = None) -> pd.DataFrame:
        """Return the cells of each item, with their ``item``; apart by flow if several are given.

        To group by a text that is the same in every row would take as long as by any other.
        """
        by = dict.fromkeys((ITEM_COLUMN[self.level], column, *(["flow_code"] if flows else [])))
        return self.key(self.cells(tuple(by), flows), self.level)

    @cached_property
    def chapters(self) -> pd.DataFrame:
        """Chapters of each item by flow; both indices of chapters read it."""
        return self.cells_of_items("chapter_code", tuple(dict.fromkeys((self.flow, *WAYS))))

    @cached_property
    def reported(self) -> pd.DataFrame:
        """What each area has reported, by ``reporter_iso3``; see ``queries.explore.reports``."""
        statement = statements.reports(self.selection, self.before, is_past=self.is_past)
        return self.frame(statement).set_index("reporter_iso3")

    @cached_property
    def two_way(self) -> frozenset[str]:
        """Areas whose records have both exports and imports: only of them is a lack a zero."""
        if self.selection.source == "mirror":
            return frozenset(self.rows["reporter_iso3"])
        if self.is_past and not self.selection.members:
            ways = self.rows[self.rows["flow_code"].isin(list(WAYS))]
            counts = ways.groupby("reporter_iso3")["flow_code"].nunique()
            return frozenset(counts.index[counts == len(WAYS)])
        return frozenset(self.reported.index[self.reported["way_count"] == len(WAYS)])


def growth_of(basis: Basis) -> pd.Series:
    """Return the growth against the range before, of those that have reported both whole."""
    count = period_count(basis.selection, is_annual=basis.is_annual)
    whole = basis.reported.index[basis.reported["whole_count"] == 2 * count]
    if whole.empty:
        return pd.Series(dtype=float)
    statement = statements.drill_trade(
        basis.before, basis.level, (basis.flow,), is_past=basis.is_past
    )
    then = basis.key(basis.frame(statement), basis.level)
    now, before = (
        _of_flow(rows[rows["reporter_iso3"].isin(whole)], basis.flow) for rows in (basis.rows, then)
    )
    return pd.Series(growth(now, before.reindex(now.index)), index=now.index)


def _of_flow(rows: pd.DataFrame, flow: str) -> pd.Series:
    return rows[rows["flow_code"] == flow].groupby("item")["value_usd"].sum()


def hhi_of(basis: Basis) -> pd.Series:
    """Return the concentration on partners."""
    cells = basis.cells_of_items("partner_iso3")
    return herfindahl_by(cells["item"], cells["value_usd"])


def hhi_chapters_of(basis: Basis) -> pd.Series:
    """Return the concentration on chapters."""
    cells = basis.chapters[basis.chapters["flow_code"] == basis.flow]
    return herfindahl_by(cells["item"], cells["value_usd"])


def balance_of(basis: Basis) -> pd.Series:
    """Return exports less imports, of the areas that record both."""
    rows = basis.rows[basis.rows["reporter_iso3"].isin(basis.two_way)]
    ways = _ways(rows, ["item"])
    return ways["X"] - ways["M"]


def grubel_lloyd_of(basis: Basis) -> pd.Series:
    """Return two-way trade: of goods themselves, of a partner by section, else by chapter."""
    if basis.level in GOODS_LEVELS:
        cells = _ways(basis.rows[basis.rows["reporter_iso3"].isin(basis.two_way)], ["item"])
    elif basis.level == "partner":
        members = tuple(one for one in basis.selection.members if one in basis.two_way)
        if not members:
            return pd.Series(dtype=float)
        by = ("partner_iso3", "section_id", "flow_code")
        cells = _ways(basis.key(basis.cells(by, WAYS, members=members), "partner"), ["item", by[1]])
    else:
        cells = _ways(basis.chapters, ["item", "chapter_code"])
        if basis.level == "member":
            cells = cells[cells.index.isin(basis.two_way, level="item")]
    items = pd.Series(cells.index.get_level_values("item"), index=cells.index)
    return grubel_lloyd_by(items, cells["X"], cells["M"])


def _ways(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return exports and imports by some columns; a way without trade is 0."""
    sums = {way: rows[rows["flow_code"] == way].groupby(keys)["value_usd"].sum() for way in WAYS}
    return pd.DataFrame(sums, dtype=float).fillna(0.0)


def balassa_of(basis: Basis) -> pd.Series:
    """Return the revealed comparative advantage, always of exports to all partners."""
    if basis.level in GOODS_LEVELS:
        by = (ITEM_COLUMN[basis.level],)
        own = _sums(basis, basis.cells(by, ("X",), **ALL_PARTNERS, **ALL_GOODS))
        world = _sums(basis, basis.cells(by, ("X",), **WORLD, **ALL_PARTNERS, **ALL_GOODS))
        index = balassa_index(own, float(own.sum()), world.reindex(own.index), float(world.sum()))
        return pd.Series(index, index=own.index)
    by = (ITEM_COLUMN[basis.level],)
    part = _sums(basis, basis.cells(by, ("X",), **WORLD, **ALL_PARTNERS))
    whole = _sums(basis, basis.cells(by, ("X",), **WORLD, **ALL_PARTNERS, **ALL_GOODS))
    index = balassa_index(
        part.reindex(whole.index).fillna(0.0), whole, float(part.sum()), float(whole.sum())
    )
    return pd.Series(index, index=whole.index)


def _sums(basis: Basis, rows: pd.DataFrame) -> pd.Series:
    return basis.key(rows, basis.level).groupby("item")["value_usd"].sum()


@lru_cache(maxsize=1)
def _economies() -> pd.DataFrame:
    return economies().set_index("iso3")


def per_base(basis: Basis, base: str) -> pd.Series:
    """Return the yearly value over population or gross domestic product of the members."""
    rows = basis.rows[basis.rows["flow_code"] == basis.flow]
    years = basis.reported["now_count"] / (1 if basis.is_annual else 12)
    who = rows["reporter_iso3"]
    return yearly_per_base(
        rows["item"],
        rows["value_usd"],
        who.map(years).astype(float),
        who.map(_economies()[base]).astype(float),
    )


COMPUTED: Final[Mapping[str, Callable[[Basis], pd.Series]]] = {
    "growth": growth_of,
    "balance_usd": balance_of,
    "hhi": hhi_of,
    "hhi_chapters": hhi_chapters_of,
    "balassa_index": balassa_of,
    "grubel_lloyd": grubel_lloyd_of,
    "usd_per_head": lambda basis: per_base(basis, "population"),
    "gdp_share": lambda basis: per_base(basis, "gdp_usd"),
}
"""Measures that are no column of the query, by what computes them."""


def with_measures(table: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """Return the table of items with every measure that can be shown; the others are missing.

    Parameters
    ----------
    table : DataFrame
        Has ``item``.
    basis : Basis
        What they are computed from.

    Returns
    -------
    DataFrame
        With a column for each of :data:`COMPUTED`.
    """
    found: dict[str, Any] = {}
    for measure in TRADE_MEASURES:
        if measure not in COMPUTED:
            continue
        lack = lack_of(measure, basis.selection, basis.level, is_past=basis.is_past)
        values: Any = {} if lack or table.empty else COMPUTED[measure](basis)
        found[measure] = table["item"].map(values).astype(float)
    return table.assign(**found)
