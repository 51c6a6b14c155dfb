"""Builders of trade in a range, to compare two of them or to follow it over time.

Every builder reads the source that ``queries.rollups`` chooses. It must not know which range is
the base: it is asked once for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal

from sqlalchemy import ColumnElement, Integer, Select, cast, func, literal, select
from sqlalchemy import Text as SqlText

from dashboard.flows import MIRRORED_FLOW
from dashboard.selection import Selection
from dashboard.warehouse.schema import dim_period
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
    if selection.commodity and not selection.commodity.startswith("S"):
        return "commodity_code"
    if is_past or _has_rollup(selection, ["chapter_code"]):
        return "chapter_code"
    return "section_id"


def _has_rollup(selection: Selection, by: Sequence[str]) -> bool:
    is_mirror = selection.source == "mirror"
    ours = trade_filters(selection, ("ours", "theirs"), [])
    columns = {record_name(name, is_mirror=is_mirror) for name in (*ours, *by)}
    return choose(columns) is not FACTS


def price_cells(selection: Selection, *, is_past: bool) -> Select:
    """Return the selected trade by the finest cells that a rollup answers, for unit values.

    Grain: one row per member and chapter; per member, partner and section where no rollup has
    the chapters; per member and code inside a chapter.

    Parameters
    ----------
    selection : Selection
        Resolved; all of it filters.
    is_past : bool
        Whether ``as_of`` is before the last day known.

    Returns
    -------
    Select
        ``cell``, a text that is the same in every range; ``value_usd``,
        ``mass_kg``, ``weighed_usd``: the value of the records that give a
        weight.
    """
    keys: tuple[str, ...] = ("reporter_area_id", "chapter_code")
    if selection.commodity and not selection.commodity.startswith("S"):
        keys = ("reporter_area_id", "commodity_code")
    elif not is_past and not _has_rollup(selection, keys):
        keys = ("reporter_area_id", "partner_area_id", "section_id")
    rows = selected_trade(selection, keys, sides=("ours", "theirs"), is_past=is_past)
    cell: ColumnElement[str] = cast(rows.c[keys[0]], SqlText)
    for name in keys[1:]:
        cell = cell + literal(".") + cast(rows.c[name], SqlText)
    return select(
        cell.label("cell"), rows.c.value_usd, rows.c.mass_kg, rows.c.weighed_usd
    ).order_by(*[rows.c[name] for name in keys])


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


def shares_by_period(
    selection: Selection, by: Literal["partner_region_id", "section_id"], *, is_past: bool
) -> Select:
    """Return the selected trade of the range by period and partner region or section.

    Grain: one row per period and region of the partners, or section.

    Parameters
    ----------
    selection : Selection
        Resolved; all of it filters.
    by : {"partner_region_id", "section_id"}
        What the whole is divided into.
    is_past : bool
        Whether ``as_of`` is before the last day known.

    Returns
    -------
    Select
        ``period_id``, ``region_id`` (``outside`` beside the six) or
        ``section_id``, ``value_usd``, ``mass_kg``.
    """
    rows = selected_trade(selection, ("period_id", by), sides=("ours", "theirs"), is_past=is_past)
    label = "region_id" if by == "partner_region_id" else by
    return select(
        rows.c.period_id, rows.c[by].label(label), rows.c.value_usd, rows.c.mass_kg
    ).order_by(rows.c.period_id, rows.c[by])


def partners_by_year(selection: Selection, *, is_past: bool) -> Select:
    """Return the selected trade of the range with each partner by calendar year.

    Grain: one row per year and partner.

    Parameters
    ----------
    selection : Selection
        Resolved. Partners do not filter: they are compared.
    is_past : bool
        Whether ``as_of`` is before the last day known.

    Returns
    -------
    Select
        ``year``, ``partner_iso3``, ``region_id``, ``value_usd``, ``mass_kg``,
        ``period_count`` with any trade.
    """
    keys = ("period_id", "partner_iso3", "partner_region_id")
    rows = selected_trade(
        replace(selection, partners=()), keys, sides=("ours", "theirs"), is_past=is_past
    )
    by = (dim_period.c.year, rows.c.partner_iso3, rows.c.partner_region_id)
    return (
        select(
            cast(by[0], Integer).label("year"),
            by[1].label("partner_iso3"),
            by[2].label("region_id"),
            func.sum(rows.c.value_usd).label("value_usd"),
            func.sum(rows.c.mass_kg).label("mass_kg"),
            cast(func.count(), Integer).label("period_count"),
        )
        .select_from(rows.join(dim_period, rows.c.period_id == dim_period.c.period_id))
        .group_by(*by)
        .order_by(*by)
    )


def member_series(selection: Selection, *, is_past: bool) -> Select:
    """Return the selected trade of the range by member and period.

    Grain: one row per member and period with such trade.

    Parameters
    ----------
    selection : Selection
        Resolved, its members those that are compared.
    is_past : bool
        Whether ``as_of`` is before the last day known.

    Returns
    -------
    Select
        ``member_iso3``, ``period_id``, ``value_usd``, ``mass_kg``.
    """
    keys = ("reporter_iso3", "period_id")
    rows = selected_trade(selection, keys, sides=("ours", "theirs"), is_past=is_past)
    return select(
        rows.c.reporter_iso3.label("member_iso3"),
        rows.c.period_id,
        rows.c.value_usd,
        rows.c.mass_kg,
    ).order_by(rows.c.reporter_iso3, rows.c.period_id)
