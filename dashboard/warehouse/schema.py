"""The tables of the warehouse, declared explicitly.

The one description of what a generation holds. It must not open a connection,
and nothing here may depend on an engine: both engines get the same tables.

Conventions: ``*_id`` are keys; areas (reporters and partners) are numbered by
UN Comtrade's area codes, so a member's ``member_id`` is also its
``partner_id``; months are numbered 202301, years 2023, so the two never
collide in ``period_id``; instants are UTC without an offset.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy.types import TypeEngine

SCHEMA_VERSION: Final = 1

OUTSIDE_REGION: Final = "outside"
"""Region id in rollups of an area that lies in none of the six WCO regions."""

metadata = MetaData()


def _key(name: str, kind: type[TypeEngine[Any]] = Text) -> Column[Any]:
    return Column(name, kind, primary_key=True, autoincrement=False)


warehouse_info = Table(
    "warehouse_info",
    metadata,
    _key("name"),
    Column("value", Text, nullable=False),
    comment="Facts of the generation: version, built_at, data_on, is_synthetic, framework, ...",
)

dim_region = Table(
    "dim_region",
    metadata,
    _key("region_id"),
    Column("name_en", Text, nullable=False),
    Column("name_fr", Text, nullable=False),
    Column("short_en", Text, nullable=False),
    Column("short_fr", Text, nullable=False),
    Column("sort_order", SmallInteger, nullable=False),
    comment="The six WCO regions, in their fixed order.",
)

dim_member = Table(
    "dim_member",
    metadata,
    _key("member_id", Integer),
    Column("iso3", Text, nullable=False),
    Column("iso2", Text, nullable=False),
    Column("m49", Integer),
    Column("name_en", Text, nullable=False),
    Column("name_fr", Text, nullable=False),
    Column("region_id", Text, nullable=False),
    Column("kind", Text, nullable=False),  # member | union
    Column("joined_on", Date, nullable=False),
    Column("left_on", Date),
    Column("income_group", Text),
    Column("is_ldc", Boolean, nullable=False),
    Column("is_sids", Boolean, nullable=False),
    Column("is_lldc", Boolean, nullable=False),
    Column("longitude", Double),
    Column("latitude", Double),
    comment="The members (and the European Union, kind 'union', which owes nothing by default).",
)

dim_partner = Table(
    "dim_partner",
    metadata,
    _key("partner_id", Integer),
    Column("iso3", Text),
    Column("name_en", Text, nullable=False),
    Column("name_fr", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("member_id", Integer),
    Column("region_id", Text),
    Column("valid_from", SmallInteger),
    Column("valid_to", SmallInteger),
    comment="Every reporter and partner area; kind is member, union, state, territory, former, "
    "special, group or world. region_id is empty outside the six regions.",
)

dim_period = Table(
    "dim_period",
    metadata,
    _key("period_id", Integer),
    Column("frequency", Text, nullable=False),  # M | A
    Column("year", SmallInteger, nullable=False),
    Column("quarter", SmallInteger),
    Column("month", SmallInteger),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    comment="Months (202301) and years (2023) of reference.",
)

dim_section = Table(
    "dim_section",
    metadata,
    _key("section_id", SmallInteger),
    Column("roman", Text, nullable=False),
    Column("title_en", Text, nullable=False),
    Column("title_fr", Text, nullable=False),
)

dim_commodity = Table(
    "dim_commodity",
    metadata,
    _key("commodity_code"),
    Column("hs_level", SmallInteger, nullable=False),  # 2 | 4 | 6
    Column("chapter_code", Text, nullable=False),
    Column("section_id", SmallInteger),
    Column("parent_code", Text),
    Column("title_en", Text, nullable=False),
    Column("title_fr", Text, nullable=False),
    comment="HS chapters, headings and subheadings; codes are text with their leading zeros.",
)

dim_collection = Table(
    "dim_collection",
    metadata,
    _key("collection_id"),
    Column("name_en", Text, nullable=False),
    Column("name_fr", Text, nullable=False),
    Column("domain", Text, nullable=False),  # trade | revenue | clearance | operators | enforcement
    Column("frequency", Text, nullable=False),
    Column("due_days", SmallInteger, nullable=False),
    Column("first_period_id", Integer, nullable=False),
    Column("last_period_id", Integer, nullable=False),
    Column("log_began_on", Date),
    Column("sort_order", SmallInteger, nullable=False),
    comment="One kind of data that members owe. log_began_on: first day of its receipt log.",
)

dim_rule = Table(
    "dim_rule",
    metadata,
    _key("rule_id"),
    Column("dimension_id", Text, nullable=False),
    Column("severity", Text, nullable=False),  # error | warning | note
    Column("severity_weight", Double, nullable=False),
    Column("title_en", Text, nullable=False),
    Column("title_fr", Text, nullable=False),
    Column("rationale_en", Text, nullable=False),
    Column("rationale_fr", Text, nullable=False),
    Column("remedy_en", Text, nullable=False),
    Column("remedy_fr", Text, nullable=False),
    Column("sort_order", SmallInteger, nullable=False),
)

dim_indicator = Table(
    "dim_indicator",
    metadata,
    _key("indicator_id"),
    Column("name_en", Text, nullable=False),
    Column("name_fr", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("source", Text, nullable=False),
)

dim_key_result = Table(
    "dim_key_result",
    metadata,
    _key("key_result_id"),
    Column("strategy_id", Text, nullable=False),
    Column("tactic_id", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("name_fr", Text, nullable=False),
    Column("source", Text, nullable=False),  # warehouse | activity | check_in
    Column("binding", Text),  # name of the computation, for warehouse and activity
    Column("unit", Text, nullable=False),
    Column("baseline", Double, nullable=False),
    Column("target", Double, nullable=False),
    Column("started_on", Date, nullable=False),
    Column("deadline_on", Date, nullable=False),
    Column("cadence_days", SmallInteger, nullable=False),
    Column("owner", Text, nullable=False),
    Column("view", Text),  # the view that explains it
    Column("sort_order", SmallInteger, nullable=False),
)

fct_obligation = Table(
    "fct_obligation",
    metadata,
    _key("member_id", Integer),
    _key("collection_id"),
    _key("period_id", Integer),
    Column("due_on", Date, nullable=False),
    Column("is_waived", Boolean, nullable=False),
    Column("waiver_reason", Text),
    comment="What each member owes: nothing before it joined, nothing after it left.",
)

fct_submission = Table(
    "fct_submission",
    metadata,
    _key("submission_id", Integer),
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
    _key("submission_id", Integer),
    _key("rule_id"),
    Column("rows_checked", BigInteger, nullable=False),
    Column("rows_failed", BigInteger, nullable=False),
    comment="One rule applied to one submission.",
)

fct_finding = Table(
    "fct_finding",
    metadata,
    _key("finding_id", Integer),
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
    _key("submission_id", Integer),
    _key("dimension_id"),
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
    _key("member_id", Integer),
    _key("indicator_id"),
    _key("year", SmallInteger),
    Column("value", Double, nullable=False),
    Column("source", Text, nullable=False),
    comment="External scores of members.",
)

fct_activity = Table(
    "fct_activity",
    metadata,
    _key("activity_id", Integer),
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
    _key("check_in_id", Integer),
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
    _key("key_result_id"),
    _key("measured_on", Date),
    Column("value", Double, nullable=False),
    Column("denominator", Double),
    comment="The month-end series of every key result, computed when the generation was built.",
)

load_log = Table(
    "load_log",
    metadata,
    _key("load_id", Integer),
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


def _measured() -> list[Column[Any]]:
    return [
        Column("flow_code", Text, nullable=False),
        Column("value_usd", Double, nullable=False),
        Column("mass_kg", Double),
        Column("estimated_usd", Double, nullable=False),
        Column("row_count", BigInteger, nullable=False),
    ]


agg_trade_partner = Table(
    "agg_trade_partner",
    metadata,
    Column("collection_id", Text, nullable=False),
    Column("period_id", Integer, nullable=False),
    Column("reporter_id", SmallInteger, nullable=False),
    Column("partner_id", SmallInteger, nullable=False),
    *_measured(),
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
    comment="Current trade by reporter, HS chapter, period and flow.",
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
    comment="Current trade by HS section, reporter, partner, period and flow, section first.",
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
