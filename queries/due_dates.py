"""Builders about what falls due when, and what is waived, over all collections.

They know what is owed already; periods to come are those of
``queries.members.periods_to_come``. They must not read a clock.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import Select, and_, select
from sqlalchemy.sql.selectable import FromClause

from dashboard.selection import Selection
from dashboard.warehouse.schema import agg_obligation, dim_member, fct_obligation
from queries.scope import day, member_scope, status

LOOK_BACK_DAYS: Final = 92
"""How long a due date stays on the calendar after it has passed: a quarter, days."""


def _obligations() -> FromClause:
    owed, told = agg_obligation.c, fct_obligation.c
    return agg_obligation.join(dim_member, owed.member_id == dim_member.c.member_id).join(
        fct_obligation,
        and_(
            owed.member_id == told.member_id,
            owed.collection_id == told.collection_id,
            owed.period_id == told.period_id,
        ),
    )


def due_obligations(selection: Selection) -> Select:
    """Return what is owed and fell due lately, or will.

    Grain: one row per member, collection and period that ended before the
    as-of day and fell due at most ``LOOK_BACK_DAYS`` before it, or later.

    Parameters
    ----------
    selection : Selection
        Resolved; its range of periods and its collection do not matter.

    Returns
    -------
    Select
        ``member_iso3``, ``region_id``, ``collection_id``, ``period_id``,
        ``due_on``, ``status``, ``waiver_reason`` (empty unless waived).
    """
    assert selection.as_of is not None
    table = agg_obligation.c
    return (
        select(
            dim_member.c.iso3.label("member_iso3"),
            dim_member.c.region_id.label("region_id"),
            table.collection_id.label("collection_id"),
            table.period_id.label("period_id"),
            table.due_on.label("due_on"),
            status(selection).label("status"),
            fct_obligation.c.waiver_reason.label("waiver_reason"),
        )
        .select_from(_obligations())
        .where(
            table.period_ends_on < day(selection.as_of),
            table.due_on >= day(selection.as_of - timedelta(days=LOOK_BACK_DAYS)),
            member_scope(selection),
        )
        .order_by(table.due_on, table.collection_id, table.period_id, dim_member.c.iso3)
    )


def waived_obligations(selection: Selection) -> Select:
    """Return what is waived, whatever the range and however long ago.

    Grain: one row per member, collection and period that ended before the
    as-of day.

    Parameters
    ----------
    selection : Selection
        Resolved.

    Returns
    -------
    Select
        ``member_iso3``, ``collection_id``, ``period_id``, ``waiver_reason``.
    """
    assert selection.as_of is not None
    table = agg_obligation.c
    return (
        select(
            dim_member.c.iso3.label("member_iso3"),
            table.collection_id.label("collection_id"),
            table.period_id.label("period_id"),
            fct_obligation.c.waiver_reason.label("waiver_reason"),
        )
        .select_from(_obligations())
        .where(
            table.is_waived,
            table.period_ends_on < day(selection.as_of),
            member_scope(selection),
        )
        .order_by(dim_member.c.iso3, table.collection_id, table.period_id)
    )
