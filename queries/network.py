"""Builders of the network of trade: what each side of the selection trades in which goods.

Every builder reads the source that ``queries.rollups`` chooses; it must not name a table of
trade.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Select, select

from dashboard.selection import Selection
from queries.flows import measured, selected_trade
from queries.trade_scope import Side


def goods_of_side(selection: Selection, side: Side, *, is_past: bool) -> Select:
    """Return the selected trade by one of its sides and by section of the HS.

    Grain: one row per region and section; where the selection narrows that
    side, one row per area and section.

    Parameters
    ----------
    selection : Selection
        Resolved; its collection is one of trade. A section does not filter:
        sections are compared. A chapter or finer code does.
    side : {"ours", "theirs"}
        Whether rows are of the regions and members, or of the partners.
    is_past : bool
        See ``queries.flows.region_flows``.

    Returns
    -------
    Select
        ``item`` (a region id, ``outside`` beside the six, or an ISO code),
        ``region_id``, ``section_id``, then as ``queries.flows.region_flows``.
    """
    name = "reporter" if side == "ours" else "partner"
    region = f"{name}_region_id"
    key = f"{name}_iso3" if is_narrowed(selection, side) else region
    code = selection.commodity
    rows = selected_trade(
        replace(selection, commodity=None) if code and code.startswith("S") else selection,
        tuple(dict.fromkeys((key, region, "section_id"))),
        sides=("ours", "theirs"),
        is_past=is_past,
    )
    return select(
        rows.c[key].label("item"),
        rows.c[region].label("region_id"),
        rows.c.section_id.label("section_id"),
        *measured(rows),
    ).order_by(rows.c[region], rows.c[key].nulls_last(), rows.c.section_id)


def is_narrowed(selection: Selection, side: Side) -> bool:
    """Tell whether a selection names regions or areas of a side.

    Parameters
    ----------
    selection : Selection
        Resolved or not.
    side : {"ours", "theirs"}
        The regions and members, or the partners and their regions.

    Returns
    -------
    bool
        True if it does; the side is then shown by area.

    Examples
    --------
    >>> is_narrowed(Selection(regions=("europe",)), "ours")
    True
    """
    if side == "ours":
        return bool(selection.members or selection.regions)
    return bool(selection.partners or selection.partner_regions)
