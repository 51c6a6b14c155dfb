"""Builders of the pairs whose two records of the same trade are compared.

They must not go below a pair and a period: cells are built in ``mirror_workbench``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Double,
    Integer,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.sql.selectable import Subquery

from dashboard.selection import Selection
from queries.mirror_workbench import BOTH, MIRRORED
from queries.rollups import allowed, choose, own_columns
from queries.sides import both_sides
from queries.trade_scope import record_name, trade_filters

_NOT_KEPT: Final = frozenset({"chapter_code", "commodity_code"})
"""Filters that only the records themselves can answer, pair by pair."""


def pair_asymmetry(
    selection: Selection,
    *,
    margin: float,
    is_past: bool,
    numbers: Mapping[str, Sequence[int]] | None = None,
) -> Select:
    """Return how far both records of each pair are apart, period by period.

    Parameters
    ----------
    selection : Selection
        Resolved; its flow is ours.
    margin : float
        CIF over FOB.
    is_past : bool
        Whether ``as_of`` is before the last day known.
    numbers : mapping of str to sequence of int, optional
        As of :func:`queries.mirror_workbench.both_records`.

    Returns
    -------
    Select
        One row per ``reporter_area_id`` and ``partner_area_id``: ``reported_usd`` and
        ``mirrored_usd`` of all periods, as recorded; over the periods that both record, at FOB,
        ``difference_usd``, the sum of the sizes of their differences, and ``level_usd``, the sum
        of their means; ``matched_count`` and ``cell_count`` periods. CC2 of the pair is
        ``difference_usd / level_usd``.
    """
    cif = literal(1.0 + margin, Double)
    is_kept = not is_past and selection.flow in MIRRORED
    cells = (
        _kept_cells(selection)
        if is_kept and not _NOT_KEPT & trade_filters(selection, (), ()).keys()
        else _joined_cells(selection, cif, is_past=is_past, numbers=numbers)
    ).c
    ours, theirs = cells.reported_fob, cells.mirrored_fob
    is_both = and_(ours.is_not(None), theirs.is_not(None))
    nothing = cast(0.0, Double)

    def total(value: ColumnElement[Any]) -> ColumnElement[float]:
        return func.coalesce(func.sum(value), nothing)

    def recorded(value: ColumnElement[Any], flow: str) -> ColumnElement[float]:
        return total(value) * cif if flow == "M" else total(value)

    pair = (cells.reporter_area_id, cells.partner_area_id)
    flow, other = ("M", "X") if selection.flow == "M" else ("X", "M")
    return (
        select(
            pair[0].label("reporter_area_id"),
            pair[1].label("partner_area_id"),
            recorded(ours, flow).label("reported_usd"),
            recorded(theirs, other).label("mirrored_usd"),
            total(case((is_both, func.abs(ours - theirs)))).label("difference_usd"),
            total(case((is_both, (ours + theirs) / 2.0))).label("level_usd"),
            cast(func.sum(case((is_both, 1), else_=0)), Integer).label("matched_count"),
            cast(func.count(), Integer).label("cell_count"),
        )
        .group_by(*pair)
        .order_by(*pair)
    )


def _kept_cells(selection: Selection) -> Subquery:
    """Return both records of each pair and period, at FOB, as publication brought them together."""
    is_export = selection.flow == "X"
    filters = trade_filters(selection, BOTH, ())
    del filters["flow_code"]
    rollup = choose({"reporter_iso3", "partner_iso3", *filters}, is_reconciled=True)
    own = own_columns(rollup)
    sides = own["reporter_id"], own["partner_id"]
    records_of = own["exported_usd"], own["imported_usd"]
    ours, theirs = sides if is_export else sides[::-1]
    reported, mirrored = records_of if is_export else records_of[::-1]
    found = {record_name(name, is_mirror=not is_export): one for name, one in filters.items()}
    return (
        select(
            cast(ours, Integer).label("reporter_area_id"),
            cast(theirs, Integer).label("partner_area_id"),
            reported.label("reported_fob"),
            mirrored.label("mirrored_fob"),
        )
        .where(ours != theirs, *allowed(found, own))
        .subquery()
    )


def _joined_cells(
    selection: Selection,
    cif: ColumnElement[float],
    *,
    is_past: bool,
    numbers: Mapping[str, Sequence[int]] | None,
) -> Subquery:
    """Return the same from the records themselves."""
    ours, theirs = (flows[:1] for flows in MIRRORED.get(selection.flow or "", ((), ())))
    mirrored = trade_filters(selection, BOTH, theirs)
    cells = both_sides(
        trade_filters(selection, BOTH, ours),
        {record_name(name, is_mirror=True): values for name, values in mirrored.items()},
        as_of=selection.as_of if is_past else None,
        numbers=numbers,
    ).c
    is_export = selection.flow == "X"
    return select(
        cells.reporter_area_id,
        cells.partner_area_id,
        (cells.reported_usd if is_export else cells.reported_usd / cif).label("reported_fob"),
        (cells.mirrored_usd / cif if is_export else cells.mirrored_usd).label("mirrored_fob"),
    ).subquery()


def largest_pairs(
    pairs: Select, reporters: Sequence[int], *, row_limit: int | None, column_limit: int
) -> Select:
    """Return the pairs between the areas with the most trade that both sides record.

    Parameters
    ----------
    pairs : Select
        Of :func:`pair_asymmetry`.
    reporters : sequence of int
        Areas that may be on our side.
    row_limit : int or None
        How many of them, the largest first; None for all.
    column_limit : int
        How many of their partners.

    Returns
    -------
    Select
        The columns and the order of `pairs`, of the pairs with a matched period alone. Trade is
        the sum of both records.
    """
    known = pairs.order_by(None).subquery()
    matched = select(*known.c).where(known.c.matched_count > 0).cte("matched")
    trade = func.sum(matched.c.reported_usd + matched.c.mirrored_usd)

    def largest(area: ColumnElement[int], limit: int | None) -> Select:
        return select(area).group_by(area).order_by(trade.desc(), area).limit(limit)

    ours, theirs = matched.c.reporter_area_id, matched.c.partner_area_id
    row_areas = largest(ours, row_limit).where(ours.in_(reporters)).cte("row_areas")
    is_row = ours.in_(select(row_areas.c.reporter_area_id))
    column_areas = largest(theirs, column_limit).where(is_row).cte("column_areas")
    return (
        select(*matched.c)
        .where(is_row, theirs.in_(select(column_areas.c.partner_area_id)))
        .order_by(ours, theirs)
    )
