"""What came in: submissions, trade, checks, findings, scores, acts, and what was owed."""

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

from dashboard.warehouse.schema.columns import key, metadata

fct_obligation = Table(
    "fct_obligation",
    metadata,
    key("member_id", Integer),
    key("collection_id"),
    key("period_id", Integer),
    Column("due_on", Date, nullable=False),
    Column("is_waived", Boolean, nullable=False),
    Column("waiver_reason", Text),
    comment="What each member owes: nothing before it joined, nothing after it left.",
)

fct_submission = Table(
    "fct_submission",
    metadata,
    key("submission_id", Integer),
    Column("reporter_id", Integer, nullable=False),
    Column("collection_id", Text, nullable=False),
    Column("period_id", Integer, nullable=False),
    Column("revision", SmallInteger, nullable=False),
    Column("received_at", DateTime),  # empty: the day is not known
    Column("received_bound", Text, nullable=False),  # exact | upper | unknown
    Column("absent_at", DateTime),  # last moment it was known not to be there
    Column("known_at", DateTime, nullable=False),  # received_at, else the end of its period
    Column("superseded_at", DateTime),  # known_at of the next accepted revision
    Column("channel", Text, nullable=False),  # portal | email | api | file | public_api | unknown
    Column("is_accepted", Boolean, nullable=False),
    Column("has_data", Boolean, nullable=False),  # false: only its receipt is on record
    Column("row_count", Integer, nullable=False),
    Column("control_row_count", Integer, nullable=False),
    Column("content_hash", Text),
    Column("layout_id", Text),
    Column("load_id", Integer, nullable=False),
    comment="One receipt of data. As of T: accepted, known_at <= T < superseded_at (or none).",
)

fct_check = Table(
    "fct_check",
    metadata,
    key("submission_id", Integer),
    key("rule_id"),
    Column("rows_checked", BigInteger, nullable=False),
    Column("rows_failed", BigInteger, nullable=False),
    comment="One rule applied to one submission.",
)

fct_finding = Table(
    "fct_finding",
    metadata,
    key("finding_id", Integer),
    Column("load_id", Integer, nullable=False),
    Column("submission_id", Integer),  # empty: the row could not be placed
    Column("rule_id", Text, nullable=False),
    Column("file_name", Text),
    Column("line_number", BigInteger),
    Column("field", Text),
    Column("value", Text),
    Column("expected", Text),
    Column("partner_id", Integer),
    Column("commodity_code", Text),
    Column("flow_code", Text),
    Column("effect_usd", Double),
    comment="One failing row or cell of a check; examples are capped, counts are in fct_check.",
)

fct_quality = Table(
    "fct_quality",
    metadata,
    key("submission_id", Integer),
    key("dimension_id"),
    Column("numerator", Double, nullable=False),
    Column("denominator", Double, nullable=False),
    Column("rows_checked", BigInteger, nullable=False),
    comment="Raw parts of a submission's quality measure; a ratio is a sum over a sum.",
)


def _trade_columns() -> list[Column[Any]]:
    return [
        Column("submission_id", Integer, nullable=False),
        Column("reporter_id", SmallInteger, nullable=False),
        Column("partner_id", SmallInteger, nullable=False),
        Column("period_id", Integer, nullable=False),
        Column("flow_code", Text, nullable=False),
        Column("commodity_code", Text, nullable=False),
    ]


fct_trade = Table(
    "fct_trade",
    metadata,
    *_trade_columns(),
    Column("hs_level", SmallInteger, nullable=False),
    Column("hs_edition", Text),  # H0 ... H6
    Column("value_usd", Double, nullable=False),
    Column("mass_kg", Double),
    Column("quantity", Double),
    Column("quantity_unit", Text),
    Column("is_estimated", Boolean, nullable=False),
    comment="Trade as reported, all revisions, sorted by period, reporter, flow, commodity, "
    "partner. flow_code: M import, X export, RM re-import, RX re-export; M includes RM, X "
    "includes RX. Only the finest commodity level that a submission gives.",
)

fct_control_total = Table(
    "fct_control_total",
    metadata,
    *_trade_columns(),
    Column("kind", Text, nullable=False),  # world | aggregate_commodity | aggregate_partner | part
    Column("value_usd", Double, nullable=False),
    Column("mass_kg", Double),
    comment="Totals and parts that a file states beside its flows: they feed checks, never flows. "
    "kind 'part': sub-flows (DX, FM, MIP, ...) of a flow.",
)

fct_indicator = Table(
    "fct_indicator",
    metadata,
    key("member_id", Integer),
    key("indicator_id"),
    key("year", SmallInteger),
    Column("value", Double, nullable=False),
    Column("source", Text, nullable=False),
    comment="External scores of members.",
)

fct_activity = Table(
    "fct_activity",
    metadata,
    key("activity_id", Integer),
    Column("tactic_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("member_id", Integer),
    Column("region_id", Text),
    Column("happened_on", Date, nullable=False),
    Column("amount", Double, nullable=False),
    Column("is_done", Boolean, nullable=False),
    Column("note", Text),
    comment="Dated acts of the strategy: trainings, meetings, audits, publications, ...",
)

fct_check_in = Table(
    "fct_check_in",
    metadata,
    key("check_in_id", Integer),
    Column("key_result_id", Text, nullable=False),
    Column("checked_in_on", Date, nullable=False),
    Column("value", Double),
    Column("confidence", Double),  # 0 to 1
    Column("note", Text),
    Column("author", Text, nullable=False),
    comment="Progress reports of key results by their owners; append-only.",
)

fct_key_result_value = Table(
    "fct_key_result_value",
    metadata,
    key("key_result_id"),
    key("measured_on", Date),
    Column("value", Double, nullable=False),
    Column("denominator", Double),
    comment="The month-end series of every key result, computed when the generation was built.",
)

load_log = Table(
    "load_log",
    metadata,
    key("load_id", Integer),
    Column("file_name", Text, nullable=False),
    Column("file_sha256", Text, nullable=False),
    Column("kind", Text, nullable=False),  # trade | log | indicators | activity | check_in | sample
    Column("layout_id", Text),
    Column("collection_id", Text),
    Column("loaded_at", DateTime, nullable=False),
    Column("rows_read", BigInteger, nullable=False),
    Column("rows_loaded", BigInteger, nullable=False),
    Column("rows_control", BigInteger, nullable=False),
    Column("rows_finding", BigInteger, nullable=False),
    Column("submissions_new", Integer, nullable=False),
    Column("submissions_revised", Integer, nullable=False),
    Column("submissions_unchanged", Integer, nullable=False),
)
