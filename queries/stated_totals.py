"""Builders of the totals that members state themselves, beside the sum of what they broke down.

Stated totals are control totals: trade with the World as one figure. They are
never flows, so nothing here may be added to trade by partner.
"""

from __future__ import annotations

from sqlalchemy import (
    Double,
    Select,
    and_,
    case,
    cast,
    func,
    select,
)

from dashboard.selection import Selection
from dashboard.warehouse.schema import (
    dim_partner,
    fct_control_total,
    fct_submission,
    fct_trade,
)
from queries.scope import in_period, in_scope, is_current

WHOLE_TRADE = "TOTAL"
CHAPTER_DIGITS = 2


def stated_totals(selection: Selection) -> Select:
    """Return what each reporter states as its trade with the World.

    Where a submission states the total of all commodities that is taken,
    otherwise the sum of its chapters. Grain: one row per reporter, period and
    flow of the selected collection.

    Parameters
    ----------
    selection : Selection
        Resolved.

    Returns
    -------
    Select
        ``member_iso3``, ``region_id``, ``period_id``, ``flow_code``,
        ``stated_usd``, ``partners_usd`` (sum of the partners broken down, empty
        where none are).
    """
    totals, submissions = fct_control_total.c, fct_submission.c
    chosen = (
        submissions.collection_id == selection.collection,
        in_period(selection, submissions.period_id),
        is_current(selection),
    )
    whole = case((totals.commodity_code == WHOLE_TRADE, totals.value_usd), else_=None)
    chapters = case(
        (func.length(totals.commodity_code) == CHAPTER_DIGITS, totals.value_usd), else_=None
    )
    stated = (
        select(
            totals.reporter_id,
            totals.period_id,
            totals.flow_code,
            func.coalesce(func.sum(whole), func.sum(chapters)).label("stated_usd"),
        )
        .join(fct_submission, submissions.submission_id == totals.submission_id)
        .where(totals.kind == "world", *chosen)
        .group_by(totals.reporter_id, totals.period_id, totals.flow_code)
        .subquery()
    )
    facts = fct_trade.c
    partners = (
        select(
            facts.reporter_id,
            facts.period_id,
            facts.flow_code,
            func.sum(facts.value_usd).label("partners_usd"),
        )
        .join(fct_submission, submissions.submission_id == facts.submission_id)
        .where(*chosen)
        .group_by(facts.reporter_id, facts.period_id, facts.flow_code)
        .subquery()
    )
    return (
        select(
            dim_partner.c.iso3.label("member_iso3"),
            dim_partner.c.region_id.label("region_id"),
            stated.c.period_id.label("period_id"),
            stated.c.flow_code.label("flow_code"),
            cast(stated.c.stated_usd, Double).label("stated_usd"),
            cast(partners.c.partners_usd, Double).label("partners_usd"),
        )
        .select_from(stated)
        .join(dim_partner, dim_partner.c.partner_id == stated.c.reporter_id)
        .outerjoin(
            partners,
            and_(
                partners.c.reporter_id == stated.c.reporter_id,
                partners.c.period_id == stated.c.period_id,
                partners.c.flow_code == stated.c.flow_code,
            ),
        )
        .where(
            stated.c.stated_usd.is_not(None),
            in_scope(selection, dim_partner.c.iso3, dim_partner.c.region_id),
        )
        .order_by(dim_partner.c.iso3, stated.c.period_id, stated.c.flow_code)
    )
