"""Builders about past receipts and what is still to come.

They give what a forecast needs; they must not look past the as-of day.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import (
    Boolean,
    Date,
    Select,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    or_,
    select,
    true,
)

from dashboard.selection import Selection
from dashboard.stats.open_obligations import HISTORY_DAYS
from dashboard.warehouse.schema import (
    agg_arrival,
    agg_forecast_test,
    agg_obligation,
    dim_member,
)
from queries.scope import day, in_period, member_scope

FIRST_MONTH_ID: Final = 100_000
"""Ids of months begin above it, those of years lie below."""


def obligations_known(selection: Selection) -> Select:
    """Return the obligations of all members as they were known on the as-of day.

    Grain: one row per member, collection and period that ended before the day:
    those of recent years, and of the selected range what has not been received.

    Parameters
    ----------
    selection : Selection
        Resolved, or without a collection: then of all; or without a range:
        then of recent years alone. Members and regions do not matter: a
        forecast borrows from everybody.

    Returns
    -------
    Select
        ``collection_id``, ``period_id``, ``member_id``, ``period_ends_on``,
        ``due_on``, ``known_on`` (empty if not received by then), ``is_dated``
        (received by then on a day that is known, exactly or by an inspection
        before it), ``is_waived``, ``is_counted``, ``is_in_range``.
    """
    assert selection.as_of is not None
    table, as_of = agg_obligation.c, selection.as_of
    came = and_(table.known_on.is_not(None), table.known_on <= day(as_of))
    in_range = in_period(selection, table.period_id) if selection.first else false()
    is_dated = or_(
        table.received_bound == literal("exact"),
        and_(table.received_bound == literal("upper"), table.absent_on.is_not(None)),
    )
    is_month = table.period_id > FIRST_MONTH_ID
    recent = or_(
        and_(is_month, table.period_ends_on >= day(as_of - timedelta(days=HISTORY_DAYS["M"]))),
        and_(~is_month, table.period_ends_on >= day(as_of - timedelta(days=HISTORY_DAYS["A"]))),
    )
    asked = true() if selection.collection is None else table.collection_id == selection.collection
    return (
        select(
            table.collection_id.label("collection_id"),
            table.period_id.label("period_id"),
            table.member_id.label("member_id"),
            table.period_ends_on.label("period_ends_on"),
            table.due_on.label("due_on"),
            cast(case((came, table.known_on), else_=None), Date).label("known_on"),
            cast(func.coalesce(and_(came, is_dated), False), Boolean).label("is_dated"),
            table.is_waived.label("is_waived"),
            table.is_counted.label("is_counted"),
            cast(in_range, Boolean).label("is_in_range"),
        )
        .where(
            asked,
            table.period_ends_on < day(as_of),
            or_(recent, and_(~came, in_range)),
        )
        .order_by(table.collection_id, table.period_id, table.member_id)
    )


def arrivals(selection: Selection) -> Select:
    """Return what had not been received on the last day that the warehouse knows of.

    Grain: one row per member, collection and period of the selected range, not waived.

    Parameters
    ----------
    selection : Selection
        Resolved, or without a collection: then of all. Its ``as_of``, members and regions do not
        matter.

    Returns
    -------
    Select
        ``member_iso3``, ``region_id`` and the columns of ``agg_arrival`` but the member's
        number, by collection, due day and member.
    """
    table, member = agg_arrival.c, dim_member.c
    asked = true() if selection.collection is None else table.collection_id == selection.collection
    in_range = in_period(selection, table.period_id) if selection.first else false()
    return (
        select(
            member.iso3.label("member_iso3"),
            member.region_id.label("region_id"),
            *[column.label(column.key) for column in table if column.key != "member_id"],
        )
        .select_from(agg_arrival.join(dim_member, table.member_id == member.member_id))
        .where(asked, in_range)
        .order_by(table.collection_id, table.due_on, member.iso3, table.period_id)
    )


def forecast_tests(selection: Selection) -> Select:
    """Return the held-out forecasts that could be judged by the as-of day.

    Grain: one row per member, period and lead of the selected collection that
    had fallen due by then, whatever the selected range.

    Parameters
    ----------
    selection : Selection
        Resolved.

    Returns
    -------
    Select
        ``lead``, ``period_id``, ``member_id``, ``region_id``, ``made_on``,
        ``forecast_share`` and ``own_share`` (0 to 1, of arriving by the due
        date), ``is_on_time``.
    """
    assert selection.as_of is not None
    table = agg_forecast_test.c
    return (
        select(
            table.lead.label("lead"),
            table.period_id.label("period_id"),
            table.member_id.label("member_id"),
            table.region_id.label("region_id"),
            table.made_on.label("made_on"),
            table.forecast_share.label("forecast_share"),
            table.own_share.label("own_share"),
            table.is_on_time.label("is_on_time"),
        )
        .select_from(agg_forecast_test.join(dim_member, table.member_id == dim_member.c.member_id))
        .where(
            table.collection_id == selection.collection,
            table.due_on <= day(selection.as_of),
            member_scope(selection),
        )
        .order_by(table.lead, table.period_id, table.member_id)
    )
