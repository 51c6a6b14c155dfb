"""Builders about the quality of what was submitted: rules that fail, findings.

Only submissions that are current on the as-of day count. They must not score.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    case,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.sql.selectable import FromClause

from dashboard.selection import Selection
from dashboard.warehouse.schema import (
    dim_member,
    dim_partner,
    dim_rule,
    fct_check,
    fct_finding,
    fct_submission,
    load_log,
)
from queries.scope import in_period, is_current, member_scope, night_after

FINDINGS_AT_MOST: Final = 500
"""Findings that are listed, those of the greatest effect first."""


def _chosen(selection: Selection) -> tuple[ColumnElement[bool], ...]:
    sent = fct_submission.c
    return (
        sent.collection_id == selection.collection,
        in_period(selection, sent.period_id),
        is_current(selection),
    )


def _submissions() -> FromClause:
    return fct_submission.join(dim_member, fct_submission.c.reporter_id == dim_member.c.member_id)


def rule_counts(selection: Selection, *, by: str) -> Select:
    """Return how many rows each rule checked and how many failed.

    Grain: one row per ``by``.

    Parameters
    ----------
    selection : Selection
        Resolved; a ``rule`` narrows to that rule.
    by : {"rule", "member", "period"}
        ``rule`` and ``period`` (rule and period) are of the members in scope;
        ``member`` (member and rule) of all members if a rule is selected, else
        of those in scope.

    Returns
    -------
    Select
        The columns of ``by``, ``dimension_id``, ``severity``,
        ``rows_checked``, ``rows_failed``, ``submissions_checked``,
        ``submissions_failing``, ``members_failing``.
    """
    sent, check = fct_submission.c, fct_check.c
    rule = check.rule_id.label("rule_id")
    keys = {
        "rule": (rule,),
        "member": (
            dim_member.c.iso3.label("member_iso3"),
            dim_member.c.region_id.label("region_id"),
            rule,
        ),
        "period": (rule, sent.period_id.label("period_id")),
    }[by]
    conditions = _chosen(selection)
    if by != "member" or selection.rule is None:
        conditions = (*conditions, member_scope(selection))
    if selection.rule is not None:
        conditions = (*conditions, check.rule_id == selection.rule)
    is_failing = check.rows_failed > 0
    counts = (
        select(
            *keys,
            cast(func.sum(check.rows_checked), BigInteger).label("rows_checked"),
            cast(func.sum(check.rows_failed), BigInteger).label("rows_failed"),
            cast(func.count(), Integer).label("submissions_checked"),
            cast(func.sum(case((is_failing, 1), else_=0)), Integer).label("submissions_failing"),
            cast(
                func.count(case((is_failing, sent.reporter_id), else_=None).distinct()), Integer
            ).label("members_failing"),
        )
        .select_from(_submissions().join(fct_check, check.submission_id == sent.submission_id))
        .where(*conditions)
        .group_by(*[key.element for key in keys])
        .subquery()
    )
    names = [key.name for key in keys]
    columns = counts.c
    return (
        select(
            *[columns[name] for name in names],
            dim_rule.c.dimension_id.label("dimension_id"),
            dim_rule.c.severity.label("severity"),
            columns.rows_checked,
            columns.rows_failed,
            columns.submissions_checked,
            columns.submissions_failing,
            columns.members_failing,
        )
        .select_from(counts.join(dim_rule, columns.rule_id == dim_rule.c.rule_id))
        .order_by(*[columns[name] for name in names])
    )


def unplaced_findings(selection: Selection) -> Select:
    """Return how many findings belong to no submission, because the row could not be placed.

    They have no member and no period, so only collection and day narrow them.
    Grain: one row per rule with any.

    Parameters
    ----------
    selection : Selection
        Resolved.

    Returns
    -------
    Select
        ``rule_id``, ``dimension_id``, ``severity``, ``finding_count``.
    """
    keys = (dim_rule.c.rule_id, dim_rule.c.dimension_id, dim_rule.c.severity)
    return (
        select(
            keys[0].label("rule_id"),
            keys[1].label("dimension_id"),
            keys[2].label("severity"),
            cast(func.count(), Integer).label("finding_count"),
        )
        .select_from(
            fct_finding.join(load_log, fct_finding.c.load_id == load_log.c.load_id).join(
                dim_rule, fct_finding.c.rule_id == dim_rule.c.rule_id
            )
        )
        .where(
            fct_finding.c.submission_id.is_(None),
            or_(
                load_log.c.collection_id == selection.collection,
                load_log.c.collection_id.is_(None),
            ),
            load_log.c.loaded_at < night_after(selection),
        )
        .group_by(*keys)
        .order_by(keys[0])
    )


def findings(selection: Selection) -> Select:
    """Return the recorded findings of the members in scope, those of most effect first.

    Grain: one row per finding, at most ``FINDINGS_AT_MOST``.

    Parameters
    ----------
    selection : Selection
        Resolved; a ``rule`` narrows to that rule.

    Returns
    -------
    Select
        ``finding_id``, ``member_iso3``, ``region_id``, ``period_id``,
        ``revision``, ``rule_id``, ``severity``, ``file_name``,
        ``line_number``, ``field``, ``value``, ``expected``,
        ``partner_iso3``, ``commodity_code``, ``flow_code``, ``effect_usd``,
        ``recorded_count`` (findings of the selection, listed or not).
    """
    found, sent = fct_finding.c, fct_submission.c
    conditions = (*_chosen(selection), member_scope(selection))
    if selection.rule is not None:
        conditions = (*conditions, found.rule_id == selection.rule)
    # Names are joined to the few that are listed, not to all that are counted.
    most = (
        select(
            found.finding_id,
            found.load_id,
            found.rule_id,
            found.file_name,
            found.line_number,
            found.field,
            found.value,
            found.expected,
            found.partner_id,
            found.commodity_code,
            found.flow_code,
            found.effect_usd,
            sent.period_id,
            sent.revision,
            dim_member.c.iso3,
            dim_member.c.region_id,
            cast(func.count().over(), Integer).label("recorded_count"),
        )
        .select_from(_submissions().join(fct_finding, found.submission_id == sent.submission_id))
        .where(*conditions)
        .order_by(found.effect_usd.desc().nulls_last(), found.finding_id)
        .limit(FINDINGS_AT_MOST)
        .subquery()
    )
    row = most.c
    return (
        select(
            row.finding_id.label("finding_id"),
            row.iso3.label("member_iso3"),
            row.region_id.label("region_id"),
            row.period_id.label("period_id"),
            row.revision.label("revision"),
            row.rule_id.label("rule_id"),
            dim_rule.c.severity.label("severity"),
            func.coalesce(row.file_name, load_log.c.file_name).label("file_name"),
            row.line_number.label("line_number"),
            row.field.label("field"),
            row.value.label("value"),
            row.expected.label("expected"),
            dim_partner.c.iso3.label("partner_iso3"),
            row.commodity_code.label("commodity_code"),
            row.flow_code.label("flow_code"),
            row.effect_usd.label("effect_usd"),
            row.recorded_count.label("recorded_count"),
        )
        .select_from(
            most.join(dim_rule, row.rule_id == dim_rule.c.rule_id)
            .outerjoin(load_log, row.load_id == load_log.c.load_id)
            .outerjoin(dim_partner, row.partner_id == dim_partner.c.partner_id)
        )
        .order_by(row.effect_usd.desc().nulls_last(), row.finding_id)
    )
