"""Builder of the two records of the same trade: ours beside the partners'.

It must not judge which is right.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Double, Integer, Select, and_, case, cast, func, select
from sqlalchemy.sql.selectable import Subquery

from dashboard.flows import MIRRORED_FLOW
from dashboard.selection import Selection
from queries.areas import areas
from queries.scope import ratio
from queries.sides import both_sides
from queries.trade_scope import Side, record_name, trade_filters

_COMPARED: Final = ("reported_usd", "mirrored_usd", "reported_only_usd", "mirrored_only_usd")


def mirror_trade(
    selection: Selection, *, by: Literal["partner", "region"], is_past: bool
) -> Select:
    """Return what our side reports beside what its partners report of the same trade.

    Grain: one row per partner, or per region and partner region.

    Parameters
    ----------
    selection : Selection
        Resolved; its source does not matter.
    by : {"partner", "region"}
        What to compare by.
    is_past : bool
        Whether ``as_of`` is before the last day known.

    Returns
    -------
    Select
        The keys of ``by``; ``reported_usd`` and ``mirrored_usd`` over the
        cells (pair of areas and period) that both sides report;
        ``reported_only_usd`` and ``mirrored_only_usd`` over the others;
        ``estimated_share`` of all four; ``matched_count`` and ``cell_count``.
        Values as reported: exports FOB, imports CIF.
    """
    flow = selection.flow or ""
    sides: tuple[Side, ...] = ("ours", "theirs")
    theirs = trade_filters(selection, sides, [MIRRORED_FLOW.get(flow, "")])
    cells = both_sides(
        # Re-exports have no mirror, and re-exports without one are not compared.
        trade_filters(selection, sides, [flow if flow in MIRRORED_FLOW else ""]),
        {record_name(name, is_mirror=True): values for name, values in theirs.items()},
        as_of=selection.as_of if is_past else None,
    )
    pair = (cells.c.reporter_area_id, cells.c.partner_area_id)
    pairs = select(*pair, *_compared(cells)).group_by(*pair).subquery()
    our_area, their_area = areas(), areas()
    keys = {
        "partner": (their_area.c.iso3, their_area.c.region_id),
        "region": (our_area.c.region_id, their_area.c.region_id),
    }[by]
    names = {
        "partner": ("partner_iso3", "partner_region_id"),
        "region": ("reporter_region_id", "partner_region_id"),
    }[by]
    totals = (
        select(
            *[key.label(name) for key, name in zip(keys, names, strict=True)],
            *[
                func.sum(pairs.c[name]).label(name)
                for name in (*_COMPARED, "value_usd", "estimated_usd")
            ],
            *[
                cast(func.sum(pairs.c[name]), Integer).label(name)
                for name in ("matched_count", "cell_count")
            ],
        )
        .select_from(
            pairs.join(our_area, pairs.c.reporter_area_id == our_area.c.partner_id).join(
                their_area, pairs.c.partner_area_id == their_area.c.partner_id
            )
        )
        .group_by(*keys)
        .subquery()
    )
    return select(
        *[totals.c[name] for name in (*names, *_COMPARED)],
        ratio(totals.c.estimated_usd, totals.c.value_usd).label("estimated_share"),
        totals.c.matched_count,
        totals.c.cell_count,
    ).order_by(*[totals.c[name] for name in names])


def _compared(cells: Subquery) -> list[ColumnElement[Any]]:
    """Return the sums over cells that both sides report, over the others, and over all."""
    ours, theirs = cells.c.reported_usd, cells.c.mirrored_usd
    is_both = and_(ours.is_not(None), theirs.is_not(None))
    nothing = cast(0.0, Double)

    def total(value: ColumnElement[Any]) -> ColumnElement[float]:
        return func.sum(func.coalesce(value, nothing))

    return [
        total(case((is_both, ours))).label("reported_usd"),
        total(case((is_both, theirs))).label("mirrored_usd"),
        total(case((~is_both, ours))).label("reported_only_usd"),
        total(case((~is_both, theirs))).label("mirrored_only_usd"),
        (total(ours) + total(theirs)).label("value_usd"),
        total(cells.c.estimated_usd).label("estimated_usd"),
        func.sum(case((is_both, 1), else_=0)).label("matched_count"),
        func.count().label("cell_count"),
    ]
