"""Builders of the raw parts of the incentive pillars, of all members.

A rank needs everybody, so none of them narrows to the members or regions that
are selected, and all collections count. They must not score.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from sqlalchemy import (
    ColumnElement,
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

from dashboard.incentive_values import ENGAGEMENT_KINDS, SPANS
from dashboard.selection import Selection, months_between, shift_month
from dashboard.spans import Steps
from dashboard.warehouse.schema import (
    agg_obligation,
    dim_member,
    dim_period,
    fct_activity,
    fct_quality,
    fct_submission,
)
from queries.scope import day, is_current, status

ENGAGEMENT_MONTHS: Final = 12
"""How far back an activity counts, months."""


def span_days(selection: Selection, steps: Steps | None = None) -> tuple[tuple[date, date], ...]:
    """Return the first and last day of some spans, the latest first.

    A period belongs to the span in which it ends, so that no year is in two.

    Parameters
    ----------
    selection : Selection
        Resolved.
    steps : Steps, optional
        Spans of one length that end with the selected range; by default that
        range and the two of its length before it.

    Returns
    -------
    tuple of (date, date)
        In the order of the steps' names, by default of ``SPANS``.

    Examples
    --------
    >>> [last.isoformat() for _, last in span_days(Selection(first="2020-02", last="2020-03"))]
    ['2020-03-31', '2020-01-31', '2019-11-30']
    >>> span_days(Selection(first="2020-02", last="2020-03"), Steps(("now",), 12))[0][0].isoformat()
    '2019-04-01'
    """
    assert selection.last is not None
    steps = steps or _range_steps(selection)
    spans = []
    for back in range(len(steps.names)):
        after = shift_month(selection.last, 1 - back * steps.months)
        first = shift_month(after, -steps.months)
        spans.append((_first_day(first), _first_day(after) - timedelta(days=1)))
    return tuple(spans)


def _range_steps(selection: Selection) -> Steps:
    """Return the selected range and the two of its length before it."""
    assert selection.first is not None and selection.last is not None
    return Steps(SPANS, months_between(selection.first, selection.last))


def _first_day(month: str) -> date:
    return date(int(month[:4]), int(month[5:7]), 1)


def _span(selection: Selection, steps: Steps, ends_on: ColumnElement[date]) -> ColumnElement[str]:
    choices = [
        (ends_on.between(day(first), day(last)), literal(name))
        for name, (first, last) in zip(steps.names, span_days(selection, steps), strict=True)
    ]
    return case(*choices, else_=None)


def _within(
    selection: Selection, steps: Steps, ends_on: ColumnElement[date], *, is_shown: bool
) -> ColumnElement[bool]:
    """Tell whether a period is in one of the spans; with ``is_shown`` not in the earliest."""
    spans = span_days(selection, steps)
    spans = spans[:-1] if is_shown else spans
    return ends_on.between(day(spans[-1][0]), day(spans[0][1]))


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return cast(func.coalesce(func.sum(case((condition, 1), else_=0)), 0), Integer)


def receipts_by_member(selection: Selection, steps: Steps | None = None) -> Select:
    """Return how many obligations each member met, over all collections.

    Grain: one row per member and span.

    Parameters
    ----------
    selection : Selection
        Resolved.
    steps : Steps, optional
        Other spans than the range and those before it.

    Returns
    -------
    Select
        ``member_iso3``, ``span``, ``on_time``, ``counted`` (on time, late or
        overdue, and due after the receipt log began), ``received``, ``owed``
        (not waived and not pending), and the last days of the newest period
        received and of the newest one owed, ``newest_received_on`` and
        ``newest_owed_on`` (empty where there is none).
    """
    assert selection.as_of is not None
    steps = steps or _range_steps(selection)
    table = agg_obligation.c
    inner = (
        select(
            table.member_id.label("member_id"),
            _span(selection, steps, table.period_ends_on).label("span"),
            table.period_ends_on.label("period_ends_on"),
            status(selection).label("status"),
            table.is_counted.label("is_counted"),
        )
        .where(
            _within(selection, steps, table.period_ends_on, is_shown=False),
            table.period_ends_on < day(selection.as_of),
        )
        .subquery()
    )
    state = inner.c.status
    is_judged = and_(inner.c.is_counted, state.in_(["on_time", "late", "overdue"]))
    is_received = state.in_(["on_time", "late", "unknown"])
    is_owed = state.in_(["on_time", "late", "unknown", "overdue"])
    ends_on = inner.c.period_ends_on
    return (
        select(
            dim_member.c.iso3.label("member_iso3"),
            inner.c.span.label("span"),
            _count(and_(inner.c.is_counted, state == literal("on_time"))).label("on_time"),
            _count(is_judged).label("counted"),
            _count(is_received).label("received"),
            _count(is_owed).label("owed"),
            func.max(case((is_received, ends_on))).label("newest_received_on"),
            func.max(case((is_owed, ends_on))).label("newest_owed_on"),
        )
        .select_from(inner.join(dim_member, inner.c.member_id == dim_member.c.member_id))
        .group_by(dim_member.c.iso3, inner.c.span)
        .order_by(dim_member.c.iso3, inner.c.span)
    )


def quality_sums(selection: Selection, steps: Steps | None = None) -> Select:
    """Return the sums that each member's quality and its error are made of.

    Only submissions that are current on the as-of day, of all collections, in the
    selected range and the one before. Grain: one row per member, span and dimension.

    Parameters
    ----------
    selection : Selection
        Resolved.
    steps : Steps, optional
        Other spans than the range and those before it.

    Returns
    -------
    Select
        ``member_iso3``, ``span``, ``dimension_id``, ``submissions``,
        ``rows_checked``, and the sums ``numerator``, ``denominator``,
        ``numerator_squares``, ``products``, ``denominator_squares``.
    """
    assert selection.as_of is not None
    steps = steps or _range_steps(selection)
    sent, quality, period = fct_submission.c, fct_quality.c, dim_period.c
    # The span is worked out inside: PostgreSQL does not take two expressions with
    # parameters for one, so it could not group by it.
    inner = (
        select(
            sent.reporter_id.label("member_id"),
            _span(selection, steps, period.ends_on).label("span"),
            quality.dimension_id.label("dimension_id"),
            quality.rows_checked.label("rows_checked"),
            cast(quality.numerator, Double).label("top"),
            cast(quality.denominator, Double).label("low"),
        )
        .select_from(
            fct_quality.join(fct_submission, quality.submission_id == sent.submission_id).join(
                dim_period, sent.period_id == period.period_id
            )
        )
        .where(
            is_current(selection),
            _within(selection, steps, period.ends_on, is_shown=True),
        )
        .subquery()
    )
    top, low = inner.c.top, inner.c.low
    keys = (dim_member.c.iso3, inner.c.span, inner.c.dimension_id)
    return (
        select(
            dim_member.c.iso3.label("member_iso3"),
            inner.c.span.label("span"),
            inner.c.dimension_id.label("dimension_id"),
            cast(func.count(), Integer).label("submissions"),
            cast(func.sum(inner.c.rows_checked), Double).label("rows_checked"),
            func.sum(top).label("numerator"),
            func.sum(low).label("denominator"),
            func.sum(top * top).label("numerator_squares"),
            func.sum(top * low).label("products"),
            func.sum(low * low).label("denominator_squares"),
        )
        .select_from(inner.join(dim_member, inner.c.member_id == dim_member.c.member_id))
        .group_by(*keys)
        .order_by(*keys)
    )


def engagement_by_member(selection: Selection, steps: Steps | None = None) -> Select:
    """Return which of the three kinds of engagement each member showed in a year.

    Grain: one row per member and kind, of what was ever done.

    Parameters
    ----------
    selection : Selection
        Resolved; the year ends on the as-of day, and for each span before
        one length earlier.
    steps : Steps, optional
        Other spans than the range and the one before it.

    Returns
    -------
    Select
        ``member_iso3``, ``kind``, ``selected``, ``before`` (or the steps' names, but
        for the earliest): each 0 or 1.
    """
    assert selection.as_of is not None
    table = fct_activity.c
    steps = steps or _range_steps(selection)
    ends = {
        name: shift_day(selection.as_of, -back * steps.months)
        for back, name in enumerate(steps.names[:-1])
    }
    flags = [
        cast(
            func.max(
                case(
                    (
                        and_(
                            table.happened_on > day(shift_day(end, -ENGAGEMENT_MONTHS)),
                            table.happened_on <= day(end),
                        ),
                        1,
                    ),
                    else_=0,
                )
            ),
            Integer,
        ).label(name)
        for name, end in ends.items()
    ]
    return (
        select(dim_member.c.iso3.label("member_iso3"), table.kind.label("kind"), *flags)
        .select_from(fct_activity.join(dim_member, table.member_id == dim_member.c.member_id))
        .where(table.is_done, table.kind.in_(ENGAGEMENT_KINDS))
        .group_by(dim_member.c.iso3, table.kind)
        .order_by(dim_member.c.iso3, table.kind)
    )


def shift_day(value: date, months: int) -> date:
    """Return the day ``months`` months later, or the last one of that month.

    Parameters
    ----------
    value : date
        A day.
    months : int
        Months; negative goes back.

    Returns
    -------
    date
        The day.

    Examples
    --------
    >>> shift_day(date(2024, 2, 29), -12).isoformat()
    '2023-02-28'
    """
    first = _first_day(shift_month(f"{value.year:04d}-{value.month:02d}", months))
    after = _first_day(shift_month(f"{first.year:04d}-{first.month:02d}", 1))
    return first.replace(day=min(value.day, (after - timedelta(days=1)).day))


__all__ = [
    "ENGAGEMENT_KINDS",
    "SPANS",
    "engagement_by_member",
    "quality_sums",
    "receipts_by_member",
    "shift_day",
    "span_days",
]
