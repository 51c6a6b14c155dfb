"""Sums of the current state by smaller grains, for the default views."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    Integer,
    SmallInteger,
    Table,
    Text,
)

from dashboard.warehouse.schema.columns import metadata


def _measured() -> list[Column[Any]]:
    return [
        Column("flow_code", Text, nullable=False),
        Column("value_usd", Double, nullable=False),
        Column("mass_kg", Double),
        Column("weighed_usd", Double, nullable=False),  # value of the records that give a weight
        Column("estimated_usd", Double, nullable=False),
        Column("row_count", BigInteger, nullable=False),
    ]


def _known_at() -> Column[Any]:
    return Column("known_at", DateTime, nullable=False)  # of the submission


def _valid() -> list[Column[Any]]:
    return [_known_at(), Column("superseded_at", DateTime, nullable=False)]


agg_trade_reporter = Table(
    "agg_trade_reporter",
    metadata,
    Column("collection_id", Text, nullable=False),
    Column("period_id", Integer, nullable=False),
    Column("reporter_id", SmallInteger, nullable=False),
    *_measured(),
    _known_at(),
    comment="Current trade by reporter, period and flow.",
)

agg_trade_partner = Table(
    "agg_trade_partner",
    metadata,
    Column("collection_id", Text, nullable=False),
    Column("period_id", Integer, nullable=False),
    Column("reporter_id", SmallInteger, nullable=False),
    Column("partner_id", SmallInteger, nullable=False),
    *_measured(),
    _known_at(),
    comment="Current trade by reporter, partner, period and flow.",
)

agg_trade_chapter = Table(
    "agg_trade_chapter",
    metadata,
    Column("collection_id", Text, nullable=False),
    Column("period_id", Integer, nullable=False),
    Column("reporter_id", SmallInteger, nullable=False),
    Column("chapter_code", Text, nullable=False),
    *_measured(),
    _known_at(),
    comment="Current trade by reporter, HS chapter, period and flow.",
)

agg_trade_partner_chapter = Table(
    "agg_trade_partner_chapter",
    metadata,
    Column("collection_id", Text, nullable=False),
    Column("period_id", Integer, nullable=False),
    Column("partner_id", SmallInteger, nullable=False),
    Column("chapter_code", Text, nullable=False),
    *_measured(),
    Column("own_usd", Double, nullable=False),  # what the partner itself recorded
    Column("reporter_count", Integer, nullable=False),  # others than the partner itself
    comment="Current trade by partner, HS chapter, period and flow: the mirror of a chapter.",
)

agg_area = Table(
    "agg_area",
    metadata,
    Column("partner_id", SmallInteger, nullable=False),
    comment="Areas that stand in a record or a submission of any day.",
)

agg_trade_region = Table(
    "agg_trade_region",
    metadata,
    Column("collection_id", Text, nullable=False),
    Column("period_id", Integer, nullable=False),
    Column("reporter_region_id", Text, nullable=False),
    Column("partner_region_id", Text, nullable=False),
    Column("section_id", SmallInteger, nullable=False),
    *_measured(),
    comment="Current trade by region, partner region, HS section, period and flow.",
)

agg_trade_section = Table(
    "agg_trade_section",
    metadata,
    Column("collection_id", Text, nullable=False),
    Column("section_id", SmallInteger, nullable=False),
    Column("period_id", Integer, nullable=False),
    Column("reporter_id", SmallInteger, nullable=False),
    Column("partner_id", SmallInteger, nullable=False),
    *_measured(),
    _known_at(),
    comment="Current trade by HS section, reporter, partner, period and flow, section first.",
)

agg_past_chapter = Table(
    "agg_past_chapter",
    metadata,
    Column("collection_id", Text, nullable=False),
    Column("period_id", Integer, nullable=False),
    Column("reporter_id", SmallInteger, nullable=False),
    Column("chapter_code", Text, nullable=False),
    *_measured(),
    *_valid(),
    comment="Trade of submissions that a revision has replaced, by HS chapter and flow.",
)

agg_past_section = Table(
    "agg_past_section",
    metadata,
    Column("collection_id", Text, nullable=False),
    Column("section_id", SmallInteger, nullable=False),
    Column("period_id", Integer, nullable=False),
    Column("reporter_id", SmallInteger, nullable=False),
    Column("partner_id", SmallInteger, nullable=False),
    *_measured(),
    *_valid(),
    comment="The same by HS section, partner and flow.",
)

agg_obligation = Table(
    "agg_obligation",
    metadata,
    Column("member_id", Integer, nullable=False),
    Column("region_id", Text, nullable=False),
    Column("collection_id", Text, nullable=False),
    Column("period_id", Integer, nullable=False),
    Column("period_ends_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("is_waived", Boolean, nullable=False),
    Column("is_counted", Boolean, nullable=False),  # due after the collection's log began
    Column("received_on", Date),  # first accepted receipt, if its day is known
    Column("known_on", Date),  # day from which the first accepted receipt is known to be there
    Column("received_bound", Text),
    Column("absent_on", Date),
    Column("submission_id", Integer),  # first accepted
    Column("revision_count", SmallInteger, nullable=False),
    comment="Each obligation with its first accepted receipt; the status of any day follows: "
    "known_on after that day counts as not yet received.",
)
