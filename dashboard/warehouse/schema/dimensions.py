"""The dimensions of the warehouse, and the facts of the generation itself."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Double, Integer, SmallInteger, Table, Text

from dashboard.warehouse.schema.columns import key, metadata

warehouse_info = Table(
    "warehouse_info",
    metadata,
    key("name"),
    Column("value", Text, nullable=False),
    comment="Facts of the generation: version, built_at, data_on, is_synthetic, framework, ...",
)

dim_region = Table(
    "dim_region",
    metadata,
    key("region_id"),
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
    key("member_id", Integer),
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
    key("partner_id", Integer),
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
    key("period_id", Integer),
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
    key("section_id", SmallInteger),
    Column("roman", Text, nullable=False),
    Column("title_en", Text, nullable=False),
    Column("title_fr", Text, nullable=False),
)

dim_commodity = Table(
    "dim_commodity",
    metadata,
    key("commodity_code"),
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
    key("collection_id"),
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
    key("rule_id"),
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
    key("indicator_id"),
    Column("name_en", Text, nullable=False),
    Column("name_fr", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("source", Text, nullable=False),
)

dim_key_result = Table(
    "dim_key_result",
    metadata,
    key("key_result_id"),
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
