"""Builders about when data was received.

They read ``agg_obligation``; the status follows from the as-of day, so every
past day can be asked for. They must not compute a share: that is a sum over a
sum, at the grain that is shown.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal

from sqlalchemy import (
    ColumnElement,
    Date,
    Double,
    Integer,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.sql.selectable import FromClause, Subquery

from dashboard.selection import Selection, months_between, shift_month
from dashboard.warehouse.schema import (
    agg_obligation,
    agg_submission_trade,
    dim_member,
    fct_submission,
)
from queries.scope import (
    day,
    in_period,
    is_current,
    member_scope,
    night_after,
    period_bounds,
    status,
)

Grain = Literal["region_period", "collection_period", "member", "region", "period", "all"]

TRADE_MONTHS: Final = 12
"""How many of the last selected months tell how much a member trades."""


def _obligations() -> FromClause:
    return agg_obligation.join(dim_member, agg_obligation.c.member_id == dim_member.c.member_id)


def _chosen(
    selection: Selection, *, every_collection: bool = False
) -> tuple[ColumnElement[bool], ...]:
    assert selection.as_of is not None
    table = agg_obligation.c
    asked = (
        in_period(selection, table.period_id),
        table.period_ends_on < day(selection.as_of),
        member_scope(selection),
    )
    return asked if every_collection else (table.collection_id == selection.collection, *asked)


def later_receipts(selection: Selection) -> Subquery:
    """Return how often each obligation had been received again by the as-of day.

    Parameters
    ----------
    selection : Selection
        Resolved.

    Returns
    -------
    Subquery
        One row per first accepted receipt that another accepted one had
        followed by then: ``submission_id`` of the first, ``revision_count``.
    """
    first, sent = agg_obligation.c, fct_submission.c
    return (
        select(
            first.submission_id.label("submission_id"),
            cast(func.count(), Integer).label("revision_count"),
        )
        .select_from(
            agg_obligation.join(
                fct_submission,
                and_(
                    sent.reporter_id == first.member_id,
                    sent.collection_id == first.collection_id,
                    sent.period_id == first.period_id,
                ),
            )
        )
        .where(
            first.revision_count > 0,
            sent.is_accepted,
            sent.submission_id != first.submission_id,
            sent.known_at < night_after(selection),
        )
        .group_by(first.submission_id)
        .subquery()
    )


def obligation_status(selection: Selection, *, every_collection: bool = False) -> Select:
    """Return every selected obligation with its status.

    Grain: one row per member, collection and period.

    Parameters
    ----------
    selection : Selection
        Resolved.
    every_collection : bool, default False
        Of all collections, not of the selected one alone.

    Returns
    -------
    Select
        ``member_iso3``, ``region_id``, ``collection_id``, ``period_id``,
        ``period_ends_on``, ``due_on``, ``received_on`` (empty if not received
        by then, or the day is not known), ``received_bound`` (empty if not
        received by then), ``status``, ``is_counted``, ``revision_count``.
    """
    table, later = agg_obligation.c, later_receipts(selection)
    assert selection.as_of is not None
    is_received = table.known_on <= day(selection.as_of)
    return (
        select(
            dim_member.c.iso3.label("member_iso3"),
            dim_member.c.region_id.label("region_id"),
            table.collection_id.label("collection_id"),
            table.period_id.label("period_id"),
            table.period_ends_on.label("period_ends_on"),
            table.due_on.label("due_on"),
            cast(case((is_received, table.received_on), else_=None), Date).label("received_on"),
            case((is_received, table.received_bound), else_=None).label("received_bound"),
            status(selection).label("status"),
            table.is_counted.label("is_counted"),
            func.coalesce(later.c.revision_count, 0).label("revision_count"),
        )
        .select_from(_obligations().outerjoin(later, later.c.submission_id == table.submission_id))
        .where(*_chosen(selection, every_collection=every_collection))
        .order_by(dim_member.c.region_id, dim_member.c.iso3, table.collection_id, table.period_id)
    )


def overdue_obligations(selection: Selection) -> Select:
    """Return what is overdue, in every collection, longest first.

    Grain: one row per member, collection and period.

    Parameters
    ----------
    selection : Selection
        Resolved.

    Returns
    -------
    Select
        ``member_iso3``, ``region_id``, ``collection_id``, ``period_id``,
        ``due_on``.
    """
    table = agg_obligation.c
    return (
        select(
            dim_member.c.iso3.label("member_iso3"),
            dim_member.c.region_id.label("region_id"),
            table.collection_id.label("collection_id"),
            table.period_id.label("period_id"),
            table.due_on.label("due_on"),
        )
        .select_from(_obligations())
        .where(
            *_chosen(selection, every_collection=True),
            status(selection) == literal("overdue"),
        )
        .order_by(table.due_on, dim_member.c.iso3, table.collection_id, table.period_id)
    )


def status_counts(selection: Selection, *, by: Grain) -> Select:
    """Return how many obligations stand in each status.

    Grain: one row per ``by``, status and whether they count.

    Parameters
    ----------
    selection : Selection
        Resolved.
    by : {"region_period", "collection_period", "member", "region", "period", "all"}
        What to count by; by collection and period, every collection counts,
        else the selected one.

    Returns
    -------
    Select
        The columns of ``by``, ``status``, ``is_counted``, ``obligation_count``.
    """
    table = agg_obligation.c
    member = dim_member.c.iso3.label("member_iso3")
    region = dim_member.c.region_id.label("region_id")
    collection = table.collection_id.label("collection_id")
    period = table.period_id.label("period_id")
    grains: dict[str, list[ColumnElement]] = {
        "region_period": [region, period],
        "collection_period": [collection, period],
        "member": [region, member],
        "region": [region],
        "period": [period],
        "all": [],
    }
    inner = (
        select(
            *grains[by],
            status(selection).label("status"),
            table.is_counted.label("is_counted"),
        )
        .select_from(_obligations())
        .where(*_chosen(selection, every_collection=by == "collection_period"))
        .subquery()
    )
    columns = list(inner.c)
    return (
        select(*columns, cast(func.count(), Integer).label("obligation_count"))
        .group_by(*columns)
        .order_by(*columns)
    )


def traded_values(selection: Selection, collection: str) -> Select:
    """Return how much each member traded in the last selected months, as known on the as-of day.

    It weighs members, so no member is left out.

    Grain: one row per member that reported trade.

    Parameters
    ----------
    selection : Selection
        Resolved; the last ``TRADE_MONTHS`` months of its range count, or the
        last year of an annual collection.
    collection : str
        A trade collection.

    Returns
    -------
    Select
        ``member_iso3``, ``region_id``, ``value_usd`` (imports and exports).
    """
    assert selection.last is not None
    totals, sent = agg_submission_trade.c, fct_submission.c
    latest = replace(selection, first=shift_month(selection.last, 1 - TRADE_MONTHS))
    months, (_, year) = period_bounds(latest)
    return (
        select(
            dim_member.c.iso3.label("member_iso3"),
            dim_member.c.region_id.label("region_id"),
            func.sum(cast(totals.value_usd, Double)).label("value_usd"),
        )
        .select_from(
            agg_submission_trade.join(
                fct_submission, totals.submission_id == sent.submission_id
            ).join(dim_member, sent.reporter_id == dim_member.c.member_id)
        )
        .where(
            and_(
                sent.collection_id == literal(collection),
                sent.period_id.between(*months) | (sent.period_id == literal(year)),
                is_current(selection),
            )
        )
        .group_by(dim_member.c.iso3, dim_member.c.region_id)
        .order_by(dim_member.c.region_id, dim_member.c.iso3)
    )


def range_before(selection: Selection, frequency: str) -> Selection:
    """Return the selection moved to the range of the same length before its own.

    Parameters
    ----------
    selection : Selection
        Resolved.
    frequency : {"M", "A"}
        Of the collection: a range of years moves by whole years, so that no
        year is in both.

    Returns
    -------
    Selection
        With other ``first`` and ``last``.

    Examples
    --------
    >>> range_before(Selection(first="2024-06", last="2025-05"), "M").first
    '2023-06'
    >>> range_before(Selection(first="2024-06", last="2025-05"), "A").first
    '2022-06'
    """
    assert selection.first is not None and selection.last is not None
    if frequency == "A":
        length = 12 * (int(selection.last[:4]) - int(selection.first[:4]) + 1)
    else:
        length = months_between(selection.first, selection.last)
    return replace(
        selection,
        first=shift_month(selection.first, -length),
        last=shift_month(selection.last, -length),
    )
