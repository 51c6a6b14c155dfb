"""Builders of the mirror workbench: both records cell by cell, and what explains their gap.

They must not judge which record is right, nor share out a gap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import (
    Select,
    and_,
    case,
    func,
    or_,
    select,
)

from dashboard.selection import Selection, shift_month
from dashboard.warehouse.schema import (
    agg_area,
    agg_mirror_reporter,
    dim_member,
    dim_partner,
    fct_submission,
)
from queries.areas import areas
from queries.rollups import allowed
from queries.scope import in_period, is_current, period_bounds
from queries.sides import RE_EXPORTS, both_sides, records, with_area
from queries.trade_scope import Side, record_name, trade_filters

BOTH: Final[tuple[Side, ...]] = ("ours", "theirs")
_CELL: Final = ("reporter_area_id", "partner_area_id", "period_id", "commodity_code")
_ROUTE: Final = ("reporter_area_id", "partner_area_id", "period_id", "chapter_code")
MIRRORED: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "X": (("X", RE_EXPORTS), ("M",)),
    "M": (("M",), ("X", RE_EXPORTS)),
}
"""Our flow to the flows of our records and of the partners'."""


def one_level_up(code: str | None) -> str | None:
    """Return the commodity whose parts may stand for each other.

    Parameters
    ----------
    code : str or None
        HS code, or section (``S05``).

    Returns
    -------
    str or None
        The heading of a subheading, the chapter of a heading; anything else as it is.

    Examples
    --------
    >>> one_level_up("030214"), one_level_up("0302"), one_level_up("03"), one_level_up(None)
    ('0302', '03', '03', None)
    """
    return code[:-2] if code and len(code) in (4, 6) and code.isdigit() else code


def widened(selection: Selection, *, frequency: str) -> Selection:
    """Return what must be read to tell timing and classification apart from the rest.

    Parameters
    ----------
    selection : Selection
        Resolved.
    frequency : {"M", "A"}
        Of its collection.

    Returns
    -------
    Selection
        One period more at either end, and the commodity one level up.
    """
    assert selection.first is not None and selection.last is not None
    months = 12 if frequency == "A" else 1
    return replace(
        selection,
        first=shift_month(selection.first, -months),
        last=shift_month(selection.last, months),
        commodity=one_level_up(selection.commodity),
    )


def both_records(
    selection: Selection, *, is_past: bool, numbers: Mapping[str, Sequence[int]] | None = None
) -> Select:
    """Return both records of the selected trade at the finest level that either side gives.

    Parameters
    ----------
    selection : Selection
        Resolved; its flow is ours.
    is_past : bool
        Whether ``as_of`` is before the last day known.
    numbers : mapping of str to sequence of int, optional
        Numbers of the areas by ISO code, of :func:`known_areas`, if they are known: the smallest
        of an area is its own, and no area is looked up in the facts' way.

    Returns
    -------
    Select
        One row per ``reporter_area_id`` (our side), ``partner_area_id``, ``period_id`` and
        ``commodity_code``: ``reported_usd`` and ``mirrored_usd`` as recorded, empty where that
        side has none, and ``re_exported_usd``, what the exporter records as re-exports. Nothing
        for flows without a mirror.
    """
    ours, theirs = MIRRORED.get(selection.flow or "", ((), ()))
    mirrored = _numbered(trade_filters(selection, BOTH, theirs), numbers)
    cells = both_sides(
        _numbered(trade_filters(selection, BOTH, ours), numbers),
        {record_name(name, is_mirror=True): values for name, values in mirrored.items()},
        by=("commodity_code",),
        as_of=selection.as_of if is_past else None,
        with_re_exports=True,
        numbers=numbers,
    ).c
    values = ("reported_usd", "mirrored_usd", "re_exported_usd")
    return select(*[cells[name].label(name) for name in (*_CELL, *values)]).order_by(
        *[cells[name] for name in _CELL]
    )


def routed_trade(
    selection: Selection, *, is_past: bool, numbers: Mapping[str, Sequence[int]] | None = None
) -> Select:
    """Return what at most can have come by third countries, by their own records.

    A third country is counted with the smaller of what the exporter sold to it and what it
    re-exported to the importer, in the same chapter and period.

    Parameters
    ----------
    selection : Selection
        Resolved; its flow is ours.
    is_past : bool
        Whether ``as_of`` is before the last day known.
    numbers : mapping of str to sequence of int, optional
        As of :func:`both_records`.

    Returns
    -------
    Select
        One row per ``exporter_area_id``, ``importer_area_id``, ``period_id`` and
        ``chapter_code``: ``value_usd``.
    """
    ours_export = selection.flow == "X"
    # Our leg is the shorter: it is summed first, and the records of the other are joined to it.
    flows = ("X", RE_EXPORTS) if ours_export else (RE_EXPORTS, "X")
    legs = [
        records(
            _of_leg(selection, side, flow, numbers),
            as_of=selection.as_of if is_past else None,
            numbers=numbers,
        )
        for side, flow in zip(BOTH, flows, strict=True)
    ]
    rows = legs[0].subquery()
    keys = [rows.c[name] for name in _ROUTE]
    ours = select(*keys, func.sum(rows.c.value_usd).label("value_usd")).group_by(*keys).subquery()
    theirs = legs[1].subquery()
    first, second = (ours, theirs) if ours_export else (theirs, ours)
    way = (
        first.c.reporter_area_id,
        second.c.partner_area_id,
        second.c.reporter_area_id,
        first.c.period_id,
        first.c.chapter_code,
    )
    whole, part = func.max(ours.c.value_usd), func.sum(theirs.c.value_usd)
    ways = (
        select(
            way[0].label("exporter_area_id"),
            way[1].label("importer_area_id"),
            way[3].label("period_id"),
            way[4].label("chapter_code"),
            case((whole < part, whole), else_=part).label("value_usd"),
        )
        .select_from(
            first.join(
                second,
                and_(
                    first.c.partner_area_id == second.c.reporter_area_id,
                    first.c.period_id == second.c.period_id,
                    first.c.chapter_code == second.c.chapter_code,
                ),
            )
        )
        .where(first.c.reporter_area_id != second.c.partner_area_id)
        .group_by(*way)
        .subquery()
    )
    found = list(ways.c)[:4]
    return (
        select(
            *[column.label(column.key) for column in found],
            func.sum(ways.c.value_usd).label("value_usd"),
        )
        .group_by(*found)
        .order_by(*found)
    )


def _numbered(
    filters: Mapping[str, Sequence[Any]], numbers: Mapping[str, Sequence[int]] | None
) -> dict[str, Sequence[Any]]:
    """Return filters with the numbers of areas for their ISO codes, where these are known."""
    found = dict(filters)
    for side in ("reporter", "partner"):
        codes = found.get(f"{side}_iso3", ())
        if numbers is not None and codes and all(code in numbers for code in codes):
            del found[f"{side}_iso3"]
            found[f"{side}_id"] = [number for code in codes for number in numbers[code]]
    return found


def _of_leg(
    selection: Selection, side: Side, flow: str, numbers: Mapping[str, Sequence[int]] | None
) -> dict[str, Sequence[Any]]:
    """Return what is let through of the leg at our end, or at theirs."""
    flows = [flow if selection.flow in MIRRORED else ""]
    found = _numbered(trade_filters(selection, (side,), flows), numbers)
    is_mirror = selection.flow != "X"
    return {record_name(name, is_mirror=is_mirror): values for name, values in found.items()}


def known_areas() -> Select:
    """Return the numbers of all areas that stand in a record or submission of any day.

    Returns
    -------
    Select
        One row per ``iso3`` and ``partner_id``, by number: those in use, and of each area in use
        the smallest, by which brought-together records name it. Areas without an ISO code are
        left out.
    """
    area, known = dim_partner.c, areas().c
    used = select(agg_area.c.partner_id)
    smallest = select(known.area_id).where(known.partner_id.in_(used))
    return (
        select(area.iso3.label("iso3"), area.partner_id.label("partner_id"))
        .where(
            area.iso3.is_not(None),
            or_(area.partner_id.in_(used), area.partner_id.in_(smallest)),
        )
        .order_by(area.partner_id)
    )


def submitted_periods(
    selection: Selection, *, numbers: Mapping[str, Sequence[int]] | None = None
) -> Select:
    """Return who submitted which period of the selected range, whatever was traded.

    Parameters
    ----------
    selection : Selection
        Resolved. With members on both sides, of these alone.
    numbers : mapping of str to sequence of int, optional
        As of :func:`both_records`.

    Returns
    -------
    Select
        One row per ``reporter_area_id`` and ``period_id`` with a valid submission that holds data.
    """
    sent = fct_submission.c
    source, area = with_area(fct_submission, sent.reporter_id, numbers)
    sides = (selection.members, selection.partners)
    compared = {"reporter_iso3": sorted({*sides[0], *sides[1]})} if all(sides) else {}
    found = (
        select(area.label("reporter_area_id"), sent.period_id.label("period_id"))
        .select_from(source)
        .where(
            sent.collection_id == selection.collection,
            sent.has_data,
            in_period(selection, sent.period_id),
            is_current(selection),
            *allowed(_numbered(compared, numbers), dict(sent.items())),
        )
        .distinct()
        .subquery()
    )
    return select(*[one.label(one.key) for one in found.c]).order_by(*found.c)


def record_standings(selection: Selection) -> Select:
    """Return where the records of each member stand, in the last year of the range that is fitted.

    The current state alone is fitted.

    Parameters
    ----------
    selection : Selection
        Resolved; its flow is that of the record.

    Returns
    -------
    Select
        One row per ``member_iso3``, by it: ``region_id``, ``year``, ``pair_count``, and natural
        logarithms ``effect``, ``standing``, ``low`` and ``high``. Members with too few pairs are
        left out.
    """
    (_, _), (first, last) = period_bounds(selection)
    fitted, member = agg_mirror_reporter.c, dim_member.c
    of_flow = and_(
        fitted.collection_id == selection.collection, fitted.flow_code == (selection.flow or "")
    )
    year = select(func.max(fitted.year)).where(of_flow, fitted.year.between(first, last))
    values = ("year", "pair_count", "effect", "standing", "low", "high")
    return (
        select(
            member.iso3.label("member_iso3"),
            member.region_id.label("region_id"),
            *[fitted[name].label(name) for name in values],
        )
        .select_from(agg_mirror_reporter.join(dim_member, fitted.reporter_id == member.member_id))
        .where(of_flow, fitted.year == year.scalar_subquery(), fitted.standing.is_not(None))
        .order_by(member.iso3)
    )


__all__ = [
    "both_records",
    "known_areas",
    "one_level_up",
    "period_bounds",
    "record_standings",
    "routed_trade",
    "submitted_periods",
    "widened",
]
