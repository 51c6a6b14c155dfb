"""Builders of the evidence behind a key result: members' parts, and the rows that they count.

The rows of a member are those that its part counts, told by the same rules as the versioned
queries; a contract holds the two together. They must not decide which member or day is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
)

from dashboard.selection import Selection
from dashboard.warehouse.key_result_queries import LAYOUT_RULES, UNBROKEN_PERIODS
from dashboard.warehouse.schema import (
    agg_key_result_part,
    agg_obligation,
    agg_training_effect,
    dim_key_result_query,
    dim_member,
    dim_partner,
    fct_activity,
    fct_check,
    fct_finding,
    fct_submission,
)
from queries.scope import day, night_of, status, text

FINDINGS_AT_MOST: Final = 200
"""Findings that are listed of a member's submissions."""

SUBMISSION_QUERIES: Final = ("conforming_share", "portal_share", "first_pass_share")
OBLIGATION_QUERIES: Final = ("collections_received_share", "unbroken_share", "upper_tier_share")


def key_result_parts(key_result_id: str, days: Sequence[date]) -> Select:
    """Return the parts of a key result's values.

    Grain: one row per month end and member, region or nobody.

    Parameters
    ----------
    key_result_id : str
        The key result.
    days : sequence of date
        Month ends.

    Returns
    -------
    Select
        ``measured_on``, ``member_iso3`` (empty where the acts name no member), ``region_id``,
        ``numerator``, ``denominator`` (empty for a sum), ``row_count``.
    """
    part = agg_key_result_part.c
    return (
        select(
            part.measured_on.label("measured_on"),
            dim_member.c.iso3.label("member_iso3"),
            part.region_id.label("region_id"),
            part.numerator.label("numerator"),
            part.denominator.label("denominator"),
            part.row_count.label("row_count"),
        )
        .select_from(
            agg_key_result_part.outerjoin(dim_member, part.member_id == dim_member.c.member_id)
        )
        .where(
            part.key_result_id == literal(key_result_id),
            part.measured_on.in_([day(one) for one in days]) if days else false(),
        )
        .order_by(
            part.measured_on,
            dim_member.c.iso3.nulls_last(),
            part.region_id.nulls_last(),
        )
    )


def key_result_queries() -> Select:
    """Return the query that each key result was computed by.

    Returns
    -------
    Select
        One row per key result: every column of ``dim_key_result_query``.
    """
    table = dim_key_result_query
    return select(*table.c).order_by(table.c.key_result_id)


def counted_submissions(
    query_id: str,
    member_iso3: str,
    since: date,
    until: date,
    layouts: Mapping[str, Sequence[str]],
) -> Select:
    """Return the submissions that a member's part counts.

    Grain: one row per submission that became known after ``since``, up to ``until``.

    Parameters
    ----------
    query_id : {"conforming_share", "portal_share", "first_pass_share"}
        What is counted.
    member_iso3 : str
        The member.
    since, until : date
        The last day before the window and its last day.
    layouts : mapping of str to sequence of str
        Declared layouts by collection; only ``conforming_share`` asks for them.

    Returns
    -------
    Select
        ``collection_id``, ``period_id``, ``revision``, ``known_on``, ``due_on`` (empty),
        ``state`` (``accepted`` or ``rejected``), ``channel``, ``is_counted`` (in the numerator),
        ``submission_id``, ``finding_count`` (recorded findings).
    """
    sent = fct_submission.c
    windowed = and_(
        sent.known_at >= night_of(since),
        sent.known_at < night_of(until),
    )
    is_in, is_counted = _submission_rules(query_id, layouts)
    return (
        select(
            sent.collection_id.label("collection_id"),
            sent.period_id.label("period_id"),
            cast(sent.revision, Integer).label("revision"),
            cast(sent.known_at, Date).label("known_on"),
            cast(null(), Date).label("due_on"),
            case((sent.is_accepted, text("accepted")), else_=text("rejected")).label("state"),
            sent.channel.label("channel"),
            is_counted.label("is_counted"),
            sent.submission_id.label("submission_id"),
            _finding_count(sent.submission_id).label("finding_count"),
        )
        .select_from(fct_submission.join(dim_member, sent.reporter_id == dim_member.c.member_id))
        .where(dim_member.c.iso3 == literal(member_iso3), windowed, is_in)
        .order_by(sent.known_at.desc(), sent.submission_id)
    )


def _submission_rules(
    query_id: str, layouts: Mapping[str, Sequence[str]]
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return what is in the denominator of a share of submissions, and what in its numerator."""
    sent = fct_submission.c
    if query_id == "portal_share":
        return (
            and_(sent.is_accepted, sent.channel != literal("unknown")),
            sent.channel == literal("portal"),
        )
    if query_id == "first_pass_share":
        return sent.revision == literal(0), sent.is_accepted == true()
    breaks = exists().where(
        fct_check.c.submission_id == sent.submission_id,
        fct_check.c.rows_failed > 0,
        fct_check.c.rule_id.in_(LAYOUT_RULES),
    )
    declared = [
        and_(sent.collection_id == literal(one), sent.layout_id.in_(sorted(known)))
        for one, known in sorted(layouts.items())
        if known
    ]
    is_declared = and_(sent.layout_id.is_not(None), or_(false(), *declared))
    collections = sorted(one for one, known in layouts.items() if known)
    return (
        and_(sent.has_data, sent.collection_id.in_(collections)),
        and_(sent.is_accepted, is_declared, ~breaks),
    )


def counted_obligations(
    query_id: str, member_iso3: str, since: date, until: date, default_collection: str
) -> Select:
    """Return the obligations that a member's part counts.

    Grain: one row per obligation that ran past its due day from ``since`` on and before
    ``until``; of ``unbroken_share`` the last twelve periods of the default collection.

    Parameters
    ----------
    query_id : {"collections_received_share", "unbroken_share", "upper_tier_share"}
        What is counted.
    member_iso3 : str
        The member.
    since, until : date
        First due day and the day after the last.
    default_collection : str
        Of the framework.

    Returns
    -------
    Select
        As of :func:`counted_submissions`: ``known_on`` is the day of the first accepted receipt
        (empty if it is not there), ``state`` the status on ``until``, ``is_counted`` whether it
        speaks for the member.
    """
    table, on_day = agg_obligation.c, day(until)
    is_received: ColumnElement[bool] = and_(table.known_on.is_not(None), table.known_on <= on_day)
    is_on_time = and_(
        is_received, table.received_on.is_not(None), table.received_on <= table.due_on
    )
    wanted = [dim_member.c.iso3 == literal(member_iso3), table.due_on < on_day]
    is_counted: ColumnElement[bool] = is_received
    if query_id == "unbroken_share":
        wanted.append(table.collection_id == literal(default_collection))
        is_counted = or_(table.is_waived, is_received)
    else:
        wanted += [table.due_on >= day(since), ~table.is_waived]
    if query_id == "upper_tier_share":
        is_judged = or_(
            ~is_received,
            and_(table.received_on.is_not(None), table.received_on <= table.due_on),
            and_(table.received_bound.is_not(None), table.received_bound == literal("exact")),
            and_(table.absent_on.is_not(None), table.absent_on >= table.due_on),
        )
        wanted += [table.is_counted, is_judged]
        is_counted = is_on_time
    statement = (
        select(
            table.collection_id.label("collection_id"),
            table.period_id.label("period_id"),
            cast(table.revision_count, Integer).label("revision"),
            case((is_received, table.known_on), else_=cast(null(), Date)).label("known_on"),
            table.due_on.label("due_on"),
            status(Selection(as_of=until)).label("state"),
            cast(null(), fct_submission.c.channel.type).label("channel"),
            is_counted.label("is_counted"),
            case((is_received, table.submission_id), else_=cast(null(), Integer)).label(
                "submission_id"
            ),
            case(
                (is_received, _finding_count(table.submission_id)), else_=cast(literal(0), Integer)
            ).label("finding_count"),
        )
        .select_from(agg_obligation.join(dim_member, table.member_id == dim_member.c.member_id))
        .where(*wanted)
    )
    if query_id == "unbroken_share":
        return statement.order_by(table.period_id.desc()).limit(UNBROKEN_PERIODS)
    return statement.order_by(table.due_on.desc(), table.collection_id, table.period_id.desc())


def _finding_count(submission_id: ColumnElement[int]) -> ColumnElement[int]:
    """Return how many findings of a submission are recorded."""
    counted = (
        select(func.count())
        .select_from(fct_finding)
        .where(fct_finding.c.submission_id == submission_id)
        .correlate(fct_submission, agg_obligation)
    )
    return cast(counted.scalar_subquery(), Integer)


def acts_of(
    kind: str, since: date, until: date, member_iso3: str | None, *, is_anybodys: bool = False
) -> Select:
    """Return the acts of a kind, done or only planned, with a member or with nobody named.

    Grain: one row per act from ``since`` on, up to ``until``.

    Parameters
    ----------
    kind : str
        Kind of activity.
    since, until : date
        First and last day.
    member_iso3 : str or None
        The member; None for the acts that name none.
    is_anybodys : bool, default False
        Whether the acts with every member and with none are asked for.

    Returns
    -------
    Select
        ``activity_id``, ``region_id``, ``happened_on``, ``amount``, ``is_done``, ``note``.
    """
    act = fct_activity.c
    who: ColumnElement[bool] = dim_member.c.iso3.is_(None)
    if member_iso3 is not None:
        who = dim_member.c.iso3 == literal(member_iso3)
    if is_anybodys:
        who = true()
    return (
        select(
            act.activity_id.label("activity_id"),
            act.region_id.label("region_id"),
            act.happened_on.label("happened_on"),
            act.amount.label("amount"),
            act.is_done.label("is_done"),
            act.note.label("note"),
        )
        .select_from(fct_activity.outerjoin(dim_member, act.member_id == dim_member.c.member_id))
        .where(
            act.kind == literal(kind),
            act.happened_on.between(day(since), day(until)),
            who,
        )
        .order_by(act.happened_on.desc(), act.activity_id)
    )


def findings_of_submissions(submission_ids: Sequence[int]) -> Select:
    """Return the recorded findings of submissions, those of most effect first.

    Grain: one row per finding, at most ``FINDINGS_AT_MOST``.

    Parameters
    ----------
    submission_ids : sequence of int
        The submissions; none gives no row.

    Returns
    -------
    Select
        ``finding_id``, ``submission_id``, ``collection_id``, ``period_id``, ``rule_id``,
        ``file_name``, ``line_number``, ``field``, ``value``, ``expected``, ``partner_iso3``,
        ``commodity_code``, ``flow_code``, ``effect_usd``.
    """
    found, sent = fct_finding.c, fct_submission.c
    return (
        select(
            found.finding_id.label("finding_id"),
            found.submission_id.label("submission_id"),
            sent.collection_id.label("collection_id"),
            sent.period_id.label("period_id"),
            found.rule_id.label("rule_id"),
            found.file_name.label("file_name"),
            found.line_number.label("line_number"),
            found.field.label("field"),
            found.value.label("value"),
            found.expected.label("expected"),
            dim_partner.c.iso3.label("partner_iso3"),
            found.commodity_code.label("commodity_code"),
            found.flow_code.label("flow_code"),
            found.effect_usd.label("effect_usd"),
        )
        .select_from(
            fct_finding.join(fct_submission, found.submission_id == sent.submission_id).outerjoin(
                dim_partner, found.partner_id == dim_partner.c.partner_id
            )
        )
        .where(found.submission_id.in_(sorted(submission_ids)) if len(submission_ids) else false())
        .order_by(found.effect_usd.desc().nulls_last(), found.finding_id)
        .limit(FINDINGS_AT_MOST)
    )


def training_effects() -> Select:
    """Return what came after training, as of the last known day.

    Returns
    -------
    Select
        One row per measure and part; of events one per quarter: every column of
        ``agg_training_effect``.
    """
    table = agg_training_effect
    return select(*table.c).order_by(
        table.c.measure_id, table.c.part, table.c.quarters_since.nulls_first()
    )
