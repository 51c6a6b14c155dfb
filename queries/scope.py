"""The parts that many builders share: filters, the status of an obligation, labels of members.

It must not build whole statements.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Double,
    Text,
    and_,
    case,
    cast,
    literal,
    or_,
    true,
)

from dashboard.selection import Selection
from dashboard.warehouse.schema import agg_obligation, dim_member, fct_submission


def period_bounds(selection: Selection) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the bounds of the selected range as month ids and as year ids.

    Parameters
    ----------
    selection : Selection
        Resolved.

    Returns
    -------
    months, years : tuple of int
        First and last ``period_id``, both included.

    Examples
    --------
    >>> period_bounds(Selection(first="2020-02", last="2021-01"))
    ((202002, 202101), (2020, 2021))
    """
    assert selection.first is not None and selection.last is not None
    first, last = selection.first, selection.last
    months = (int(first[:4] + first[5:7]), int(last[:4] + last[5:7]))
    return months, (int(first[:4]), int(last[:4]))


def in_period(selection: Selection, column: ColumnElement[int]) -> ColumnElement[bool]:
    """Return the condition that a period lies in the selected range.

    Month and year ids never collide, so one condition serves both frequencies.

    Parameters
    ----------
    selection : Selection
        Resolved.
    column : ColumnElement
        A ``period_id``.

    Returns
    -------
    ColumnElement
        The condition.
    """
    months, years = period_bounds(selection)
    return or_(column.between(*months), column.between(*years))


def in_scope(
    selection: Selection, iso3: ColumnElement[str], region_id: ColumnElement[str]
) -> ColumnElement[bool]:
    """Return the condition that a member is selected.

    Members that are named narrow the regions; nothing named means all.

    Parameters
    ----------
    selection : Selection
        Resolved or not.
    iso3, region_id : ColumnElement
        The member's columns.

    Returns
    -------
    ColumnElement
        The condition.
    """
    if selection.members:
        return iso3.in_(sorted(selection.members))
    if selection.regions:
        return region_id.in_(sorted(selection.regions))
    return true()


def member_scope(selection: Selection) -> ColumnElement[bool]:
    """Return :func:`in_scope` on ``dim_member``.

    Parameters
    ----------
    selection : Selection
        Resolved or not.

    Returns
    -------
    ColumnElement
        The condition.
    """
    return in_scope(selection, dim_member.c.iso3, dim_member.c.region_id)


def day(value: date) -> ColumnElement[date]:
    """Return a day as a typed literal.

    Parameters
    ----------
    value : date
        The day.

    Returns
    -------
    ColumnElement
        Typed, so that both engines compare dates with dates.
    """
    return cast(literal(value), Date)


def status(selection: Selection) -> ColumnElement[str]:
    """Return the status of an obligation of ``agg_obligation`` on the as-of day.

    Parameters
    ----------
    selection : Selection
        Resolved; ``as_of`` is the day.

    Returns
    -------
    ColumnElement
        ``waived``, ``on_time``, ``late``, ``unknown``, ``pending`` or
        ``overdue``; ``docs/indicators.md`` says when each.
    """
    assert selection.as_of is not None
    table = agg_obligation.c
    on_day = day(selection.as_of)
    is_received = and_(table.known_on.is_not(None), table.known_on <= on_day)
    is_proved_late = or_(
        table.received_bound == literal("exact"),
        and_(table.absent_on.is_not(None), table.absent_on >= table.due_on),
    )
    return case(
        (table.is_waived, literal("waived")),
        (and_(is_received, table.received_bound == literal("unknown")), literal("unknown")),
        (and_(is_received, table.received_on <= table.due_on), literal("on_time")),
        (and_(is_received, is_proved_late), literal("late")),
        (is_received, literal("unknown")),
        (on_day <= table.due_on, literal("pending")),
        else_=literal("overdue"),
    )


def night_after(selection: Selection) -> ColumnElement[object]:
    """Return the instant at which the as-of day ends.

    Parameters
    ----------
    selection : Selection
        Resolved.

    Returns
    -------
    ColumnElement
        A typed DateTime.
    """
    assert selection.as_of is not None
    return night_of(selection.as_of)


def night_of(day: date) -> ColumnElement[object]:
    """Return the instant at which a day of knowledge ends.

    Parameters
    ----------
    day : date
        The day.

    Returns
    -------
    ColumnElement
        The midnight after it, a typed DateTime.
    """
    return cast(literal(datetime.combine(day + timedelta(days=1), time())), DateTime)


def is_current(selection: Selection) -> ColumnElement[bool]:
    """Return the condition that a submission was the valid one on the as-of day.

    Parameters
    ----------
    selection : Selection
        Resolved.

    Returns
    -------
    ColumnElement
        Accepted, known by the end of that day, and not superseded by then.
    """
    return is_valid_at(night_after(selection))


def is_valid_at(night: ColumnElement[object]) -> ColumnElement[bool]:
    """Return the condition that a submission was the valid one at the end of a day.

    Parameters
    ----------
    night : ColumnElement
        Of :func:`night_of`.

    Returns
    -------
    ColumnElement
        As of :func:`is_current`.
    """
    sent = fct_submission.c
    return and_(
        sent.is_accepted,
        sent.known_at < night,
        or_(sent.superseded_at.is_(None), sent.superseded_at >= night),
    )


def ratio(numerator: ColumnElement, denominator: ColumnElement) -> ColumnElement[float]:
    """Return a quotient as Double, empty where the denominator is 0.

    Parameters
    ----------
    numerator, denominator : ColumnElement
        Sums at the requested grain.

    Returns
    -------
    ColumnElement
        The quotient.
    """
    return case((denominator != 0, cast(numerator, Double) / cast(denominator, Double)), else_=None)


def text(value: str) -> ColumnElement[str]:
    """Return a text literal typed as Text.

    Parameters
    ----------
    value : str
        The text.

    Returns
    -------
    ColumnElement
        The literal.
    """
    return cast(literal(value), Text)


__all__ = [
    "day",
    "in_period",
    "in_scope",
    "is_current",
    "is_valid_at",
    "member_scope",
    "night_after",
    "night_of",
    "period_bounds",
    "ratio",
    "status",
    "text",
]
