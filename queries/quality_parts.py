"""Builders of what quality scores are made of, submission by submission.

They must not score: goalposts and weights are applied to what they return.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Double, Integer, Select, and_, cast, func, or_, select

from dashboard.selection import Selection
from dashboard.warehouse.schema import (
    SCORED_DIMENSIONS,
    agg_quality,
    dim_member,
    dim_rule,
    fct_check,
    fct_submission,
)
from queries.scope import in_period, is_current, member_scope, night_after


def quality_parts(selection: Selection) -> Select:
    """Return the parts of the quality of every member's current submissions.

    Grain: one row per member and period, of all members.

    Parameters
    ----------
    selection : Selection
        Resolved.

    Returns
    -------
    Select
        ``member_iso3``, ``region_id``, ``period_id``, and for each dimension
        ``<dimension>_numerator``, ``<dimension>_denominator`` (weights of
        problems and of what was checked) and ``<dimension>_rows``; empty where
        the dimension was not measured.
    """
    parts, night = agg_quality.c, night_after(selection)
    columns = []
    for dimension in SCORED_DIMENSIONS:
        for part in ("numerator", "denominator"):
            name = f"{dimension}_{part}"
            columns.append(cast(parts[name], Double).label(name))
        columns.append(cast(parts[f"{dimension}_rows"], Double).label(f"{dimension}_rows"))
    return (
        select(
            dim_member.c.iso3.label("member_iso3"),
            dim_member.c.region_id.label("region_id"),
            parts.period_id.label("period_id"),
            *columns,
        )
        .select_from(agg_quality.join(dim_member, parts.reporter_id == dim_member.c.member_id))
        .where(
            parts.collection_id == selection.collection,
            in_period(selection, parts.period_id),
            and_(
                parts.known_at < night,
                or_(parts.superseded_at.is_(None), parts.superseded_at >= night),
            ),
        )
        .order_by(dim_member.c.iso3, parts.period_id, parts.submission_id)
    )


def failures(selection: Selection, *, by: str) -> Select:
    """Return how many rows failed each rule, and what they weigh in their dimension.

    Rules that found nothing have no row. Grain: one row per member in scope and
    rule, or per member, rule and period.

    Parameters
    ----------
    selection : Selection
        Resolved; its rule is not heeded.
    by : {"member", "member_period"}
        The grain.

    Returns
    -------
    Select
        ``member_iso3``, ``region_id``, ``rule_id``, ``period_id`` (of
        ``member_period``), ``dimension_id``, ``severity``, ``severity_weight``,
        ``rows_failed``, ``submissions_failing``.
    """
    sent, check = fct_submission.c, fct_check.c
    keys = [sent.reporter_id.label("reporter_id"), check.rule_id.label("rule_id")]
    names = ["rule_id"]
    if by == "member_period":
        keys.append(sent.period_id.label("period_id"))
        names.append("period_id")
    counts = (
        select(
            *keys,
            cast(func.sum(check.rows_failed), BigInteger).label("rows_failed"),
            cast(func.count(), Integer).label("submissions_failing"),
        )
        .select_from(
            fct_submission.join(dim_member, sent.reporter_id == dim_member.c.member_id).join(
                fct_check, check.submission_id == sent.submission_id
            )
        )
        .where(
            sent.collection_id == selection.collection,
            in_period(selection, sent.period_id),
            is_current(selection),
            check.rows_failed > 0,
            member_scope(selection),
        )
        .group_by(*[key.element for key in keys])
        .subquery()
    )
    row = counts.c
    return (
        select(
            dim_member.c.iso3.label("member_iso3"),
            dim_member.c.region_id.label("region_id"),
            *[row[name].label(name) for name in names],
            dim_rule.c.dimension_id.label("dimension_id"),
            dim_rule.c.severity.label("severity"),
            cast(dim_rule.c.severity_weight, Double).label("severity_weight"),
            row.rows_failed.label("rows_failed"),
            row.submissions_failing.label("submissions_failing"),
        )
        .select_from(
            counts.join(dim_rule, row.rule_id == dim_rule.c.rule_id).join(
                dim_member, row.reporter_id == dim_member.c.member_id
            )
        )
        .order_by(dim_member.c.iso3, *[row[name] for name in names])
    )
