"""Builders about whom to write to: what a member sent last, and its correspondent.

They must not decide who is late: that is ``queries.timeliness``.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Date, Select, case, cast, func, literal, select

from dashboard.selection import Selection
from dashboard.warehouse.schema import agg_obligation, dim_member, fct_activity
from queries.scope import day, member_scope

CORRESPONDENT: Final = "correspondent"
"""Kind of the act by which a member names its statistical correspondent (tactic 3.2)."""


def last_receipts(selection: Selection) -> Select:
    """Return the newest period of each collection that each member had sent.

    Grain: one row per member and collection of which something had been
    received by the as-of day, whatever the range.

    Parameters
    ----------
    selection : Selection
        Resolved.

    Returns
    -------
    Select
        ``member_iso3``, ``collection_id``, ``period_id``, ``received_on``
        (empty if the day is not known), ``received_bound`` (``exact``,
        ``upper`` or ``unknown``).
    """
    assert selection.as_of is not None
    table = agg_obligation.c
    newest = (
        select(
            table.member_id.label("member_id"),
            table.collection_id.label("collection_id"),
            func.max(table.period_id).label("period_id"),
        )
        .where(table.known_on <= day(selection.as_of))
        .group_by(table.member_id, table.collection_id)
        .subquery()
    )
    is_known = table.received_bound != literal("unknown")
    return (
        select(
            dim_member.c.iso3.label("member_iso3"),
            table.collection_id.label("collection_id"),
            table.period_id.label("period_id"),
            cast(case((is_known, table.received_on), else_=None), Date).label("received_on"),
            table.received_bound.label("received_bound"),
        )
        .select_from(
            agg_obligation.join(
                newest,
                (table.member_id == newest.c.member_id)
                & (table.collection_id == newest.c.collection_id)
                & (table.period_id == newest.c.period_id),
            ).join(dim_member, table.member_id == dim_member.c.member_id)
        )
        .where(member_scope(selection))
        .order_by(dim_member.c.iso3, table.collection_id)
    )


def correspondents(selection: Selection) -> Select:
    """Return each member's statistical correspondent as of the day.

    Grain: one row per member that had named one; the latest act counts.

    Parameters
    ----------
    selection : Selection
        Resolved.

    Returns
    -------
    Select
        ``member_iso3``, ``correspondent`` (the note of the act; empty if none
        was written down), ``named_on``.
    """
    assert selection.as_of is not None
    act = fct_activity.c
    named = (
        select(
            act.member_id.label("member_id"),
            act.note.label("correspondent"),
            act.happened_on.label("named_on"),
            func.row_number()
            .over(
                partition_by=act.member_id,
                order_by=(act.happened_on.desc(), act.activity_id.desc()),
            )
            .label("place"),
        )
        .where(
            act.kind == literal(CORRESPONDENT),
            act.is_done,
            act.happened_on <= day(selection.as_of),
            act.member_id.is_not(None),
        )
        .subquery()
    )
    return (
        select(
            dim_member.c.iso3.label("member_iso3"),
            named.c.correspondent.label("correspondent"),
            named.c.named_on.label("named_on"),
        )
        .select_from(named.join(dim_member, named.c.member_id == dim_member.c.member_id))
        .where(named.c.place == 1, member_scope(selection))
        .order_by(dim_member.c.iso3)
    )
