"""Builders about what the warehouse holds: collections, files, coverage, gaps.

They answer for whole collections, whatever range is selected. They must not
judge quality or timeliness.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Date,
    Integer,
    Select,
    and_,
    case,
    cast,
    func,
    or_,
    select,
)

from dashboard.selection import Selection
from dashboard.warehouse.schema import (
    agg_obligation,
    dim_collection,
    dim_member,
    fct_submission,
    load_log,
)
from queries.scope import day, member_scope, night_after


def collections_held(selection: Selection) -> Select:
    """Return each collection and what had been received of it by the as-of day.

    Grain: one row per collection of the framework, whether anything is held or not.

    Parameters
    ----------
    selection : Selection
        Resolved.

    Returns
    -------
    Select
        ``collection_id``, ``domain``, ``frequency``, ``due_days``,
        ``first_period_id``, ``last_period_id``, ``periods_held``,
        ``members_held`` (reporters), ``submission_count`` (accepted, with
        their revisions), ``row_count`` (of those current on the day),
        ``last_received_on``, ``log_began_on``.
    """
    sent, night = fct_submission.c, night_after(selection)
    is_current = or_(sent.superseded_at.is_(None), sent.superseded_at >= night)
    held = (
        select(
            sent.collection_id,
            func.min(sent.period_id).label("first_period_id"),
            func.max(sent.period_id).label("last_period_id"),
            func.count(sent.period_id.distinct()).label("periods_held"),
            func.count(sent.reporter_id.distinct()).label("members_held"),
            func.count().label("submission_count"),
            func.sum(case((is_current, sent.row_count), else_=0)).label("row_count"),
            func.max(sent.received_at).label("last_received_at"),
        )
        .where(sent.is_accepted, sent.known_at < night)
        .group_by(sent.collection_id)
        .subquery()
    )
    table, found = dim_collection.c, held.c
    return (
        select(
            table.collection_id.label("collection_id"),
            table.domain.label("domain"),
            table.frequency.label("frequency"),
            table.due_days.label("due_days"),
            found.first_period_id.label("first_period_id"),
            found.last_period_id.label("last_period_id"),
            cast(func.coalesce(found.periods_held, 0), Integer).label("periods_held"),
            cast(func.coalesce(found.members_held, 0), Integer).label("members_held"),
            cast(func.coalesce(found.submission_count, 0), Integer).label("submission_count"),
            cast(func.coalesce(found.row_count, 0), BigInteger).label("row_count"),
            cast(found.last_received_at, Date).label("last_received_on"),
            table.log_began_on.label("log_began_on"),
        )
        .select_from(dim_collection.outerjoin(held, table.collection_id == found.collection_id))
        .order_by(table.sort_order, table.collection_id)
    )


def files_loaded(selection: Selection) -> Select:
    """Return every file that had been loaded by the as-of day, the latest first.

    Grain: one row per load of a file.

    Parameters
    ----------
    selection : Selection
        Resolved.

    Returns
    -------
    Select
        ``load_id``, ``file_name``, ``kind``, ``layout_id``,
        ``collection_id``, ``loaded_at`` (UTC), ``rows_read``,
        ``rows_loaded``, ``rows_control``, ``rows_finding``,
        ``submissions_new``, ``submissions_revised``, ``submissions_unchanged``.
    """
    table = load_log.c
    return (
        select(
            table.load_id.label("load_id"),
            table.file_name.label("file_name"),
            table.kind.label("kind"),
            table.layout_id.label("layout_id"),
            table.collection_id.label("collection_id"),
            table.loaded_at.label("loaded_at"),
            table.rows_read.label("rows_read"),
            table.rows_loaded.label("rows_loaded"),
            table.rows_control.label("rows_control"),
            table.rows_finding.label("rows_finding"),
            table.submissions_new.label("submissions_new"),
            table.submissions_revised.label("submissions_revised"),
            table.submissions_unchanged.label("submissions_unchanged"),
        )
        .where(table.loaded_at < night_after(selection))
        .order_by(table.loaded_at.desc(), table.load_id.desc())
    )


def owed_and_received(selection: Selection, *, by: str) -> Select:
    """Return how many obligations there were and how many had been met, late or not.

    What is waived, and what is not yet due and not there, is not owed.
    Grain: one row per ``by``.

    Parameters
    ----------
    selection : Selection
        Resolved; members and regions narrow it, the range does not.
    by : {"period", "member"}
        Collection and period, or collection and member.

    Returns
    -------
    Select
        ``collection_id``, the columns of ``by`` (``period_id``, or
        ``member_iso3`` and ``region_id``), ``owed_count``, ``received_count``.
    """
    assert selection.as_of is not None
    table, on_day = agg_obligation.c, day(selection.as_of)
    is_received = and_(table.known_on.is_not(None), table.known_on <= on_day)
    keys = {
        "period": (table.collection_id, table.period_id),
        "member": (table.collection_id, dim_member.c.iso3, dim_member.c.region_id),
    }[by]
    return (
        select(
            *[key.label("member_iso3" if key.name == "iso3" else key.name) for key in keys],
            cast(func.count(), Integer).label("owed_count"),
            cast(func.sum(case((is_received, 1), else_=0)), Integer).label("received_count"),
        )
        .select_from(agg_obligation.join(dim_member, table.member_id == dim_member.c.member_id))
        .where(
            table.is_waived.is_(False),
            table.period_ends_on < on_day,
            or_(is_received, table.due_on < on_day),
            member_scope(selection),
        )
        .group_by(*keys)
        .order_by(*keys)
    )
