"""Builders about one case of the outlier desk: its series, mirror, parts and findings.

Figures are those that held on the as-of day. They must not judge anything.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    or_,
    select,
    tuple_,
)

from dashboard.cases import Case
from dashboard.flows import MIRRORED_FLOW
from dashboard.selection import Selection
from dashboard.warehouse.schema import (
    agg_trade_partner_chapter,
    dim_member,
    dim_partner,
    dim_rule,
    fct_finding,
    fct_submission,
    fct_trade,
)
from queries.scope import is_current, text

CHAPTER_DIGITS: Final = 2


def _area(iso3: str) -> ColumnElement[int]:
    return select(dim_member.c.member_id).where(dim_member.c.iso3 == iso3).scalar_subquery()


def _of_series(chosen: Case, flow: str) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a record of trade is of a case's commodity, and of a flow."""
    traded = fct_trade.c
    code = func.substr(traded.commodity_code, 1, len(chosen.code))
    return traded.flow_code == flow, code == chosen.code


def _holds(selection: Selection) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a submission is of the collection and held on the as-of day."""
    return fct_submission.c.collection_id == selection.collection, is_current(selection)


def series_values(selection: Selection, chosen: Case) -> Select:
    """Return the series of a case over all periods, as it stood on the as-of day.

    Grain: one row per period of which the member's data were there.

    Parameters
    ----------
    selection : Selection
        Resolved; collection and as-of day count.
    chosen : Case
        The case.

    Returns
    -------
    Select
        ``period_id``, ``value_usd`` (0 if nothing of it was reported).
    """
    sent, traded = fct_submission.c, fct_trade.c
    summed = (
        select(
            traded.submission_id.label("submission_id"),
            func.sum(traded.value_usd).label("value_usd"),
        )
        .where(
            traded.reporter_id == _area(chosen.iso3),
            *_of_series(chosen, chosen.flow),
        )
        .group_by(traded.submission_id)
        .subquery()
    )
    return (
        select(
            sent.period_id.label("period_id"),
            cast(func.coalesce(summed.c.value_usd, 0), Double).label("value_usd"),
        )
        .select_from(fct_submission.outerjoin(summed, sent.submission_id == summed.c.submission_id))
        .where(
            *_holds(selection),
            sent.reporter_id == _area(chosen.iso3),
            sent.has_data,
        )
        .order_by(sent.period_id)
    )


def mirror_values(selection: Selection, chosen: Case, *, is_past: bool) -> Select:
    """Return what partners recorded of the trade of a case's series.

    Grain: one row per period in which any did.

    Parameters
    ----------
    selection : Selection
        Resolved; collection and as-of day count.
    chosen : Case
        The case.
    is_past : bool
        Whether ``as_of`` is before the last day known: the rollup holds the current state only,
        and whole chapters.

    Returns
    -------
    Select
        ``period_id``, ``mirror_usd``, ``partner_count``.
    """
    if is_past or len(chosen.code) != CHAPTER_DIGITS:
        return _mirror_of_facts(selection, chosen)
    sums = agg_trade_partner_chapter.c
    return (
        select(
            sums.period_id.label("period_id"),
            (sums.value_usd - sums.own_usd).label("mirror_usd"),
            cast(sums.reporter_count, Integer).label("partner_count"),
        )
        .where(
            sums.collection_id == selection.collection,
            sums.partner_id == _area(chosen.iso3),
            sums.chapter_code == chosen.code,
            sums.flow_code == MIRRORED_FLOW[chosen.flow],
            sums.reporter_count > 0,
        )
        .order_by(sums.period_id)
    )


def _mirror_of_facts(selection: Selection, chosen: Case) -> Select:
    sent, traded = fct_submission.c, fct_trade.c
    return (
        select(
            traded.period_id.label("period_id"),
            func.sum(traded.value_usd).label("mirror_usd"),
            cast(func.count(traded.reporter_id.distinct()), Integer).label("partner_count"),
        )
        .select_from(fct_trade.join(fct_submission, traded.submission_id == sent.submission_id))
        .where(
            traded.partner_id == _area(chosen.iso3),
            traded.reporter_id != traded.partner_id,
            *_of_series(chosen, MIRRORED_FLOW[chosen.flow]),
            *_holds(selection),
        )
        .group_by(traded.period_id)
        .order_by(traded.period_id)
    )


def parts(selection: Selection, chosen: Case, periods: Sequence[int]) -> Select:
    """Return what a case's figure is made of, and the same of the periods around it.

    Grain: one row per partner, code and period.

    Parameters
    ----------
    selection : Selection
        Resolved; collection and as-of day count.
    chosen : Case
        The case.
    periods : sequence of int
        Period ids, that of the case among them.

    Returns
    -------
    Select
        ``period_id``, ``partner_iso3``, ``commodity_code``, ``value_usd``.
    """
    sent, traded = fct_submission.c, fct_trade.c
    keys = (traded.period_id, dim_partner.c.iso3, traded.commodity_code)
    names = ("period_id", "partner_iso3", "commodity_code")
    return (
        select(
            *[key.label(name) for key, name in zip(keys, names, strict=True)],
            func.sum(traded.value_usd).label("value_usd"),
        )
        .select_from(
            fct_trade.join(fct_submission, traded.submission_id == sent.submission_id).join(
                dim_partner, traded.partner_id == dim_partner.c.partner_id
            )
        )
        .where(
            traded.period_id.in_(list(periods)),
            traded.reporter_id == _area(chosen.iso3),
            *_of_series(chosen, chosen.flow),
            *_holds(selection),
        )
        .group_by(*keys)
        .order_by(*keys)
    )


def case_findings(selection: Selection, chosen: Case) -> Select:
    """Return the rules that found something in the submission and commodity of a case.

    Grain: one row per rule.

    Parameters
    ----------
    selection : Selection
        Resolved; collection and as-of day count.
    chosen : Case
        The case.

    Returns
    -------
    Select
        ``rule_id``, ``dimension_id``, ``severity``, ``finding_count``,
        ``effect_usd`` (largest; missing if no finding has one),
        ``is_whole`` (the rule looks at the whole submission, not at the commodity).
    """
    sent, found = fct_submission.c, fct_finding.c
    keys = (found.rule_id, dim_rule.c.dimension_id, dim_rule.c.severity)
    is_whole = found.commodity_code.is_(None)
    whole = func.min(case((is_whole, literal(1)), else_=literal(0)))
    return (
        select(
            *[key.label(key.name) for key in keys],
            cast(func.count(), Integer).label("finding_count"),
            func.max(found.effect_usd).label("effect_usd"),
            cast(whole, Integer).label("is_whole"),
        )
        .select_from(
            fct_submission.join(fct_finding, found.submission_id == sent.submission_id).join(
                dim_rule, found.rule_id == dim_rule.c.rule_id
            )
        )
        .where(
            *_holds(selection),
            sent.reporter_id == _area(chosen.iso3),
            sent.period_id == chosen.period_id,
            or_(found.flow_code.is_(None), found.flow_code == chosen.flow),
            or_(
                is_whole,
                func.substr(found.commodity_code, 1, len(chosen.code)) == chosen.code,
                and_(
                    func.length(found.commodity_code) < len(chosen.code),
                    text(chosen.code).startswith(found.commodity_code),
                ),
            ),
        )
        .group_by(*keys)
        .order_by(found.rule_id)
    )


def current_values(selection: Selection, cases: Sequence[Case]) -> Select:
    """Return what now stands in the place of figures that were judged before.

    Grain: one row per case whose figure is there.

    Parameters
    ----------
    selection : Selection
        Resolved; collection and as-of day count.
    cases : sequence of Case
        At least one; codes may differ in length.

    Returns
    -------
    Select
        ``member_iso3``, ``flow_code``, ``commodity_code``, ``period_id``, ``value_usd``.
    """
    sent, traded = fct_submission.c, fct_trade.c
    lengths = sorted({len(one.code) for one in cases})
    code: ColumnElement[str] = func.substr(traded.commodity_code, 1, lengths[-1])
    for length in lengths[:-1]:
        wanted = sorted({one.code for one in cases if len(one.code) == length})
        cut = func.substr(traded.commodity_code, 1, length)
        code = case((cut.in_(wanted), cut), else_=code)
    keys = (dim_member.c.iso3, traded.flow_code, code, traded.period_id)
    names = ("member_iso3", "flow_code", "commodity_code", "period_id")
    return (
        select(
            *[key.label(name) for key, name in zip(keys, names, strict=True)],
            func.sum(traded.value_usd).label("value_usd"),
        )
        .select_from(
            fct_trade.join(fct_submission, traded.submission_id == sent.submission_id).join(
                dim_member, traded.reporter_id == dim_member.c.member_id
            )
        )
        .where(
            traded.period_id.in_(sorted({one.period_id for one in cases})),
            dim_member.c.iso3.in_(sorted({one.iso3 for one in cases})),
            tuple_(*keys).in_([(one.iso3, one.flow, one.code, one.period_id) for one in cases]),
            *_holds(selection),
        )
        .group_by(*keys)
        .order_by(*keys)
    )


def collection_span(selection: Selection) -> Select:
    """Return the periods between which series are judged.

    Grain: one row.

    Parameters
    ----------
    selection : Selection
        Resolved; collection and as-of day count.

    Returns
    -------
    Select
        ``first_period_id``, ``last_period_id``: of the data held on the as-of
        day; missing if there are none.
    """
    sent = fct_submission.c
    return (
        select(
            func.min(sent.period_id).label("first_period_id"),
            func.max(sent.period_id).label("last_period_id"),
        )
        .where(*_holds(selection), sent.has_data)
        .order_by(func.min(sent.period_id))
    )
