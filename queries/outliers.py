"""Builders of the outlier desk's list: candidates, and how many series could be judged.

Candidates are judged when the generation is built. What people wrote about cases is not here but
in the casework store.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, Date, Integer, Select, case, cast, func, literal, or_, select

from dashboard.cases import Case
from dashboard.selection import Selection
from dashboard.warehouse.schema import (
    agg_outlier,
    agg_outlier_series,
    dim_commodity,
    dim_member,
    fct_submission,
)
from queries.scope import in_period, member_scope, night_after, ratio, text

_FOUND: Final = agg_outlier.c


def _share(total: ColumnElement[float]) -> ColumnElement[float]:
    """Return the size of an effect as a share of the total, reported or expected."""
    would_be = total - _FOUND.effect_usd
    larger = case((would_be > total, would_be), else_=total)
    return ratio(func.abs(_FOUND.effect_usd), larger)


def _candidates(selection: Selection, *conditions: ColumnElement[bool]) -> Select:
    member_share = _share(_FOUND.member_usd)
    region_share = _share(_FOUND.region_usd)
    is_exact = fct_submission.c.received_bound == literal("exact")
    share = member_share if len(selection.members) == 1 else region_share
    return (
        select(
            dim_member.c.iso3.label("member_iso3"),
            dim_member.c.region_id.label("region_id"),
            _FOUND.flow_code.label("flow_code"),
            _FOUND.commodity_code.label("commodity_code"),
            _FOUND.period_id.label("period_id"),
            _FOUND.value_usd.label("value_usd"),
            _FOUND.expected_usd.label("expected_usd"),
            _FOUND.low_usd.label("low_usd"),
            _FOUND.high_usd.label("high_usd"),
            _FOUND.effect_usd.label("effect_usd"),
            share.label("effect_share"),
            member_share.label("member_share"),
            region_share.label("region_share"),
            _FOUND.z.label("z"),
            _FOUND.method.label("method"),
            _FOUND.point_count.label("point_count"),
            _FOUND.mirror_usd.label("mirror_usd"),
            cast(case((is_exact, fct_submission.c.received_at), else_=None), Date).label(
                "received_on"
            ),
        )
        .select_from(
            agg_outlier.join(dim_member, _FOUND.member_id == dim_member.c.member_id).join(
                fct_submission, _FOUND.submission_id == fct_submission.c.submission_id
            )
        )
        .where(
            _FOUND.collection_id == selection.collection,
            fct_submission.c.known_at < night_after(selection),
            *conditions,
        )
        .order_by(
            share.desc().nulls_last(),
            func.abs(_FOUND.effect_usd).desc(),
            _FOUND.period_id,
            dim_member.c.iso3,
            _FOUND.commodity_code,
            _FOUND.flow_code,
        )
    )


def candidates(selection: Selection, *, at_most: int | None = None) -> Select:
    """Return the figures that need an explanation, those of most effect first.

    Grain: one row per member, flow, commodity and period, of the submissions
    that were there on the as-of day.

    Parameters
    ----------
    selection : Selection
        Resolved; collection, range, regions, members, flow and commodity narrow.
    at_most : int, optional
        How many to return; all without it.

    Returns
    -------
    Select
        ``member_iso3``, ``region_id``, ``flow_code``, ``commodity_code``,
        ``period_id``, ``value_usd``, ``expected_usd``, ``low_usd``,
        ``high_usd`` (missing: no upper bound), ``effect_usd``,
        ``effect_share`` (of the member's trade if one member is selected, else
        of its region's; both follow), ``member_share``, ``region_share``,
        ``z`` (missing for a sudden zero), ``method``, ``point_count``,
        ``mirror_usd`` (missing: no partner recorded any), ``received_on``
        (missing: the day is not known exactly).
    """
    return _candidates(
        selection,
        in_period(selection, _FOUND.period_id),
        member_scope(selection),
        _FOUND.flow_code == selection.flow,
        _of_commodity(selection),
    ).limit(at_most)


def _of_commodity(selection: Selection) -> ColumnElement[bool]:
    code = selection.commodity
    if not code:
        return literal(True)
    if code.startswith("S"):
        chapters = select(dim_commodity.c.commodity_code).where(
            dim_commodity.c.section_id == int(code[1:])
        )
        return func.substr(_FOUND.commodity_code, 1, 2).in_(chapters)
    # A case of a chapter is also one of its headings, and the reverse.
    return or_(
        _FOUND.commodity_code.startswith(code, autoescape=True),
        text(code).startswith(_FOUND.commodity_code),
    )


def candidate(selection: Selection, chosen: Case) -> Select:
    """Return a case as a candidate, whatever the range, scope and flow selected.

    Grain: one row, or none if it is no candidate.

    Parameters
    ----------
    selection : Selection
        Resolved; collection and as-of day count.
    chosen : Case
        The case.

    Returns
    -------
    Select
        As :func:`candidates`.
    """
    return _candidates(
        selection,
        dim_member.c.iso3 == chosen.iso3,
        _FOUND.flow_code == chosen.flow,
        _FOUND.commodity_code == chosen.code,
        _FOUND.period_id == chosen.period_id,
    )


def judged_series(selection: Selection) -> Select:
    """Return how many series could be judged.

    Grain: one row, or none if nothing was reported.

    Parameters
    ----------
    selection : Selection
        Resolved; collection, regions, members and flow narrow.

    Returns
    -------
    Select
        ``series_count``, ``judged_count``, ``fewest_points`` (values that a
        series needs), ``code_length`` (digits of the codes).
    """
    found = agg_outlier_series.c
    return (
        select(
            cast(func.sum(found.series_count), Integer).label("series_count"),
            cast(func.sum(found.judged_count), Integer).label("judged_count"),
            found.fewest_points.label("fewest_points"),
            found.code_length.label("code_length"),
        )
        .select_from(agg_outlier_series.join(dim_member, found.member_id == dim_member.c.member_id))
        .where(
            found.collection_id == selection.collection,
            found.flow_code == selection.flow,
            member_scope(selection),
        )
        .group_by(found.fewest_points, found.code_length)
        .order_by(found.fewest_points, found.code_length)
    )
