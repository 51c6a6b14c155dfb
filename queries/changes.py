"""Builders of what moved between two ranges: trade by one key, and who reported how often.

Every builder reads the source that ``queries.rollups`` chooses. It must not know which range is
the base: it is asked once for each.
"""

from __future__ import annotations

from typing import Final, Literal

from sqlalchemy import Select, cast, literal, select
from sqlalchemy import Text as SqlText

from dashboard.flows import MIRRORED_FLOW
from dashboard.selection import Selection
from queries.flows import measured, selected_trade
from queries.rollups import FACTS, choose, summed
from queries.trade_scope import record_name, trade_filters

By = Literal["member", "partner", "commodity"]
_AREAS: Final = {
    "member": {"reporter_iso3": "member_iso3", "reporter_region_id": "region_id"},
    "partner": {"partner_iso3": "partner_iso3", "partner_region_id": "region_id"},
}


def commodity_key(selection: Selection, *, is_past: bool) -> str:
    """Return the key column that commodities are told apart by.

    Chapters, or sections where no rollup has chapters beside what the selection narrows; inside
    a chapter, whatever codes there are.

    Parameters
    ----------
    selection : Selection
        Resolved.
    is_past : bool
        Whether ``as_of`` is before the last day known; then the facts answer
        anyway.

    Returns
    -------
    str
        ``chapter_code``, ``section_id`` or ``commodity_code``.
    """
    code = selection.commodity
    if code and not code.startswith("S"):
        return "commodity_code"
    is_mirror = selection.source == "mirror"
    ours = trade_filters(selection, ("ours", "theirs"), [])
    columns = {record_name(name, is_mirror=is_mirror) for name in (*ours, "chapter_code")}
    return (
        "chapter_code" if is_past or choose(columns, is_past=False) is not FACTS else "section_id"
    )


def trade_by(selection: Selection, by: By, *, is_past: bool) -> Select:
    """Return the selected trade of the range by member, partner or commodity.

    Grain: one row per member, partner or commodity.

    Parameters
    ----------
    selection : Selection
        Resolved; regions, members, partners, partner regions and commodity
        all filter.
    by : {"member", "partner", "commodity"}
        What the rows are.
    is_past : bool
        Whether ``as_of`` is before the last day known.

    Returns
    -------
    Select
        ``member_iso3`` or ``partner_iso3`` and ``region_id``, or
        ``commodity_code`` (``S1`` for a section; of headings and subheadings,
        those that the records have; they do not overlap); then ``value_usd``,
        ``mass_kg``, ``estimated_share``, ``n``.
    """
    if by == "commodity":
        key = commodity_key(selection, is_past=is_past)
        rows = selected_trade(selection, [key], sides=("ours", "theirs"), is_past=is_past)
        code = rows.c[key]
        label = literal("S") + cast(code, SqlText) if key == "section_id" else code
        return select(label.label("commodity_code"), *measured(rows)).order_by(code)
    keys = _AREAS[by]
    rows = selected_trade(selection, list(keys), sides=("ours", "theirs"), is_past=is_past)
    named = [rows.c[name].label(label) for name, label in keys.items()]
    return select(*named, *measured(rows)).order_by(*[rows.c[name] for name in keys])


def recorded_trade(selection: Selection, *, is_past: bool) -> Select:
    """Return the selected trade of the range by who recorded it and period.

    Grain: one row per area that records and period.

    Parameters
    ----------
    selection : Selection
        Resolved; all of it filters.
    is_past : bool
        Whether ``as_of`` is before the last day known.

    Returns
    -------
    Select
        ``iso3``, ``period_id``, then as :func:`trade_by`. With mirror data
        the areas are the partners.
    """
    name = "partner_iso3" if selection.source == "mirror" else "reporter_iso3"
    keys = (name, "period_id")
    rows = selected_trade(selection, keys, sides=("ours", "theirs"), is_past=is_past)
    return select(rows.c[name].label("iso3"), rows.c.period_id, *measured(rows)).order_by(
        rows.c[name], rows.c.period_id
    )


def reported_periods(selection: Selection, *, is_past: bool) -> Select:
    """Return the periods of the range in which each area has recorded anything at all.

    Grain: one row per area that records and period with imports or exports, of whatever commodity
    and with whomever.

    Parameters
    ----------
    selection : Selection
        Resolved. With mirror data the areas are the partners; they are
        narrowed as their side is.
    is_past : bool
        Whether ``as_of`` is before the last day known.

    Returns
    -------
    Select
        ``iso3``, ``period_id``.
    """
    is_mirror = selection.source == "mirror"
    ours = trade_filters(selection, ("theirs" if is_mirror else "ours",), list(MIRRORED_FLOW))
    filters = {
        record_name(name, is_mirror=is_mirror): values
        for name, values in ours.items()
        if name not in ("section_id", "chapter_code", "commodity_code")
    }
    rows = summed(
        ("reporter_iso3", "period_id"), filters, as_of=selection.as_of if is_past else None
    )
    return select(rows.c.reporter_iso3.label("iso3"), rows.c.period_id).order_by(
        rows.c.reporter_iso3, rows.c.period_id
    )
