"""Builders about rules as such: what revisions did with their findings.

They must not make shares: a share and its interval are made of these counts.
"""

from __future__ import annotations

from sqlalchemy import Integer, Select, cast, func, select

from dashboard.selection import Selection
from dashboard.warehouse.schema import agg_rule_revision, dim_member
from queries.scope import day, in_period, member_scope


def revised_findings(selection: Selection) -> Select:
    """Return what later revisions did with the findings of each rule.

    Grain: one row per rule with findings on a submission that was revised by the as-of day.

    Parameters
    ----------
    selection : Selection
        Resolved; collection, range, members or regions and the as-of day narrow it.

    Returns
    -------
    Select
        ``rule_id``, ``finding_count``, ``corrected_count`` (the next revision has them no
        more), ``undecided_count`` (it lists too few examples to tell, or did not check the
        rule), ``submission_count`` (revised submissions with such findings).
    """
    assert selection.as_of is not None
    table = agg_rule_revision.c
    return (
        select(
            table.rule_id.label("rule_id"),
            cast(func.sum(table.finding_count), Integer).label("finding_count"),
            cast(func.sum(table.corrected_count), Integer).label("corrected_count"),
            cast(func.sum(table.undecided_count), Integer).label("undecided_count"),
            cast(func.count(), Integer).label("submission_count"),
        )
        .select_from(
            agg_rule_revision.join(dim_member, table.reporter_id == dim_member.c.member_id)
        )
        .where(
            table.collection_id == selection.collection,
            in_period(selection, table.period_id),
            table.revised_on <= day(selection.as_of),
            member_scope(selection),
        )
        .group_by(table.rule_id)
        .order_by(table.rule_id)
    )
