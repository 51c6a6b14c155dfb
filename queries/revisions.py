"""Builders about what each submission said in total, so that releases can be compared.

They read ``agg_submission_trade`` and the moments of ``fct_submission``, so
every past day can be asked for. They must not compare anything: which release
is the first and which the latest is said in ``dashboard.stats.revisions``.
"""

from __future__ import annotations

from sqlalchemy import Date, Select, cast, literal, select

from dashboard.selection import Selection
from dashboard.warehouse.schema import (
    agg_submission_trade,
    dim_member,
    dim_period,
    fct_submission,
)
from queries.scope import in_period, member_scope, night_after


def releases(selection: Selection) -> Select:
    """Return every accepted submission that was known on the as-of day, with its totals.

    Grain: one row per member, period and accepted submission.

    Parameters
    ----------
    selection : Selection
        Resolved.

    Returns
    -------
    Select
        ``member_iso3``, ``region_id``, ``period_id``, ``period_ends_on``,
        ``revision``, ``known_on`` (the day from which it is known to be there),
        ``received_bound``, ``has_data``, ``export_usd``, ``import_usd`` (empty
        where the submission has no row of the flow), in the order of the
        members and periods, and of the revisions within them.
    """
    sent, member = fct_submission.c, dim_member.c
    exports, imports = agg_submission_trade.alias("exports"), agg_submission_trade.alias("imports")
    source = fct_submission.join(dim_member, sent.reporter_id == member.member_id).join(
        dim_period, sent.period_id == dim_period.c.period_id
    )
    for totals, flow in ((exports, "X"), (imports, "M")):
        source = source.outerjoin(
            totals,
            (totals.c.submission_id == sent.submission_id) & (totals.c.flow_code == literal(flow)),
        )
    return (
        select(
            member.iso3.label("member_iso3"),
            member.region_id.label("region_id"),
            sent.period_id.label("period_id"),
            dim_period.c.ends_on.label("period_ends_on"),
            sent.revision.label("revision"),
            cast(sent.known_at, Date).label("known_on"),
            sent.received_bound.label("received_bound"),
            sent.has_data.label("has_data"),
            exports.c.value_usd.label("export_usd"),
            imports.c.value_usd.label("import_usd"),
        )
        .select_from(source)
        .where(
            sent.collection_id == selection.collection,
            in_period(selection, sent.period_id),
            member_scope(selection),
            sent.is_accepted,
            sent.known_at < night_after(selection),
        )
        .order_by(member.region_id, member.iso3, sent.period_id, sent.revision)
    )
