"""How much of a range each reporter has not reported.

It must not know a selection, nor a table of trade: a submission without a flow has reported that
there was none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Double, and_, cast, func, select
from sqlalchemy.sql.selectable import Subquery

from dashboard.warehouse.schema import fct_submission
from queries.scope import is_valid_at, night_of


def known(as_of: date | None) -> ColumnElement[bool]:
    """Return the condition that a submission holds on a day of knowledge.

    Parameters
    ----------
    as_of : date or None
        A past day; without it, now.

    Returns
    -------
    ColumnElement
        On ``fct_submission``.
    """
    submission = fct_submission.c
    if as_of is None:
        return and_(submission.is_accepted, submission.superseded_at.is_(None))
    return is_valid_at(night_of(as_of))


def uncovered(collections: Sequence[str], periods: Sequence[int], as_of: date | None) -> Subquery:
    """Return the share of a range that each reporter has not reported.

    Parameters
    ----------
    collections : sequence of str
        Collections of trade, usually one.
    periods : sequence of int
        Periods of the range; those that nobody has reported do not count.
    as_of : date or None
        A past day of knowledge; without it, now.

    Returns
    -------
    Subquery
        One row per ``reporter_id``: ``uncovered_share``, 0 to below 1.
    """
    sent = fct_submission.c
    is_inside = and_(
        sent.collection_id.in_(list(collections)),
        sent.period_id.in_(list(periods)),
        sent.has_data,
        known(as_of),
    )
    count = func.count(sent.period_id.distinct())
    held = select(count).where(is_inside).scalar_subquery()
    share = cast(1.0, Double) - cast(count, Double) / cast(held, Double)
    return (
        select(sent.reporter_id, share.label("uncovered_share"))
        .where(is_inside)
        .group_by(sent.reporter_id)
        .subquery()
    )
