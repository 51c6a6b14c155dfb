"""Builders about single members: what they owed, owe and will owe, over all collections.

They follow the members that are chosen and compared, never regions. They must
not decide what is on time beyond the status of a day.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from sqlalchemy import Date, Integer, Select, and_, case, cast, func, literal, or_, select

from dashboard.selection import Selection
from dashboard.warehouse.schema import agg_obligation, dim_collection, dim_member, dim_period
from queries.scope import day, period_bounds, status
from queries.timeliness import later_receipts

LOOK_AHEAD_DAYS: Final = 400
"""How far ahead periods to come are listed: a year and its month of grace, days."""


def page_members(selection: Selection) -> tuple[str, ...]:
    """Return the members that the page is about: the first chosen one, then the compared.

    Parameters
    ----------
    selection : Selection
        Resolved or not.

    Returns
    -------
    tuple of str
        Each iso3 once; empty if nobody is chosen or compared.

    Examples
    --------
    >>> page_members(Selection(members=("KEN", "UGA"), compared=("FRA", "KEN")))
    ('KEN', 'FRA')
    """
    return tuple(dict.fromkeys((*selection.members[:1], *selection.compared)))


def obligations_of_members(selection: Selection) -> Select:
    """Return all that the members of the page have owed up to the end of the range.

    Grain: one row per member, collection and period that ended before the
    as-of day. The beginning of the range does not cut it, so that trailing
    shares can be told.

    Parameters
    ----------
    selection : Selection
        Resolved; ``members`` and ``compared`` name the members.

    Returns
    -------
    Select
        ``member_iso3``, ``region_id``, ``collection_id``, ``period_id``,
        ``period_starts_on``, ``period_ends_on``, ``due_on``, ``received_on``
        (empty if not received by then, or the day is not known), ``status``,
        ``is_counted``, ``revision_count``.
    """
    assert selection.as_of is not None
    table, later = agg_obligation.c, later_receipts(selection)
    months, years = period_bounds(selection)
    on_day = day(selection.as_of)
    received = case((table.known_on <= on_day, table.received_on), else_=None)
    joined = agg_obligation.join(dim_member, table.member_id == dim_member.c.member_id)
    joined = joined.join(dim_period, table.period_id == dim_period.c.period_id)
    joined = joined.join(dim_collection, table.collection_id == dim_collection.c.collection_id)
    joined = joined.outerjoin(later, later.c.submission_id == table.submission_id)
    return (
        select(
            dim_member.c.iso3.label("member_iso3"),
            dim_member.c.region_id.label("region_id"),
            table.collection_id.label("collection_id"),
            table.period_id.label("period_id"),
            dim_period.c.starts_on.label("period_starts_on"),
            table.period_ends_on.label("period_ends_on"),
            table.due_on.label("due_on"),
            cast(received, Date).label("received_on"),
            status(selection).label("status"),
            table.is_counted.label("is_counted"),
            func.coalesce(later.c.revision_count, 0).label("revision_count"),
        )
        .select_from(joined)
        .where(
            dim_member.c.iso3.in_(sorted(page_members(selection))),
            table.period_ends_on < on_day,
            # Month and year ids never collide, but a bound from below would let months in.
            or_(
                and_(dim_collection.c.frequency == literal("M"), table.period_id <= months[1]),
                and_(dim_collection.c.frequency == literal("A"), table.period_id <= years[1]),
            ),
        )
        .order_by(dim_member.c.iso3, dim_collection.c.sort_order, table.period_id)
    )


def unmet_obligations(selection: Selection) -> Select:
    """Return what the chosen member had not delivered on the as-of day.

    Grain: one row per collection and period that ended before that day, is
    not waived and was not received. Every period counts, whatever the range.

    Parameters
    ----------
    selection : Selection
        Resolved; the first of ``members`` is the member.

    Returns
    -------
    Select
        ``member_iso3``, ``collection_id``, ``period_id``, ``due_on``,
        ``status`` (``pending`` or ``overdue``).
    """
    assert selection.as_of is not None
    table = agg_obligation.c
    state = status(selection)
    return (
        select(
            dim_member.c.iso3.label("member_iso3"),
            table.collection_id.label("collection_id"),
            table.period_id.label("period_id"),
            table.due_on.label("due_on"),
            state.label("status"),
        )
        .select_from(agg_obligation.join(dim_member, table.member_id == dim_member.c.member_id))
        .where(
            dim_member.c.iso3.in_(list(selection.members[:1])),
            table.period_ends_on < day(selection.as_of),
            state.in_(["pending", "overdue"]),
        )
        .order_by(table.due_on, table.collection_id, table.period_id)
    )


def periods_to_come(selection: Selection) -> Select:
    """Return the periods of every collection that end on the as-of day or later.

    Grain: one row per collection and period, up to ``LOOK_AHEAD_DAYS`` ahead.

    Parameters
    ----------
    selection : Selection
        Resolved.

    Returns
    -------
    Select
        ``collection_id``, ``period_id``, ``period_starts_on``,
        ``period_ends_on``, ``due_days`` (days after the period's end).
    """
    assert selection.as_of is not None
    as_of: date = selection.as_of
    return (
        select(
            dim_collection.c.collection_id.label("collection_id"),
            dim_period.c.period_id.label("period_id"),
            dim_period.c.starts_on.label("period_starts_on"),
            dim_period.c.ends_on.label("period_ends_on"),
            cast(dim_collection.c.due_days, Integer).label("due_days"),
        )
        .select_from(
            dim_collection.join(dim_period, dim_collection.c.frequency == dim_period.c.frequency)
        )
        .where(
            dim_period.c.period_id.between(
                dim_collection.c.first_period_id, dim_collection.c.last_period_id
            ),
            dim_period.c.ends_on.between(day(as_of), day(as_of + timedelta(days=LOOK_AHEAD_DAYS))),
        )
        .order_by(dim_period.c.ends_on, dim_collection.c.sort_order, dim_period.c.period_id)
    )
