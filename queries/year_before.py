"""Builder of the same trade a year before, like for like.

It must not compute the growth: a reporter that is missing in one of the two years says nothing.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Integer, Select, case, cast, func, select, union_all

from dashboard.selection import Selection, shift_month
from queries.flows import selected_trade

MONTHS_OF_A_YEAR = 12
YEARS_COMPARED = 2
YEARS_AT_MOST = 9999
"""Larger numbers of periods are months."""


def year_before(selection: Selection, *, is_past: bool) -> Select:
    """Return the selected trade of the range and of the same range a year before.

    Only what can be compared is in it: the reporters and periods that have records in both.

    Grain: one row.

    Parameters
    ----------
    selection : Selection
        Resolved; its collection is one of trade.
    is_past : bool
        Whether ``as_of`` is before the last day known.

    Returns
    -------
    Select
        ``value_usd`` and ``mass_kg`` of the range, ``before_value_usd`` and
        ``before_mass_kg`` a year before, all empty without a common cell;
        ``cell_count``, reporters times periods in common.
    """
    assert selection.first is not None and selection.last is not None
    earlier = replace(
        selection,
        first=shift_month(selection.first, -MONTHS_OF_A_YEAR),
        last=shift_month(selection.last, -MONTHS_OF_A_YEAR),
    )
    # Not a join of the two: PostgreSQL expects one row of each and computes one for each row of
    # the other.
    both = union_all(
        _cells(selection, is_past=is_past), _cells(earlier, is_past=is_past, is_earlier=True)
    ).subquery()
    cells = (
        select(
            *[
                func.sum(case((both.c.is_earlier == is_earlier, both.c[name]))).label(prefix + name)
                for is_earlier, prefix in ((0, ""), (1, "before_"))
                for name in ("value_usd", "mass_kg")
            ]
        )
        .group_by(both.c.area_id, both.c.period_id)
        .having(func.count() == YEARS_COMPARED)
        .subquery()
    )
    return select(
        *[func.sum(column).label(column.name) for column in cells.c],
        cast(func.count(), Integer).label("cell_count"),
    ).select_from(cells)


def _cells(selection: Selection, *, is_past: bool, is_earlier: bool = False) -> Select:
    """Return the selected trade by who recorded it and period; the earlier, a year on."""
    key = "partner_area_id" if selection.source == "mirror" else "reporter_area_id"
    rows = selected_trade(selection, ("period_id", key), sides=("ours", "theirs"), is_past=is_past)
    # Months are numbered 202403, years 2024.
    step = case((rows.c.period_id > YEARS_AT_MOST, 100), else_=1)
    return select(
        rows.c[key].label("area_id"),
        (rows.c.period_id + step * int(is_earlier)).label("period_id"),
        rows.c.value_usd.label("value_usd"),
        rows.c.mass_kg.label("mass_kg"),
        cast(int(is_earlier), Integer).label("is_earlier"),
    )
