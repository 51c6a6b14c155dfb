"""What key results were computed by, and the part of each member in each value."""

from __future__ import annotations

from sqlalchemy import Column, Date, Double, Integer, SmallInteger, Table, Text

from dashboard.warehouse.schema.columns import key, metadata

dim_key_result_query = Table(
    "dim_key_result_query",
    metadata,
    key("key_result_id"),
    Column("query_id", Text, nullable=False),
    Column("query_version", SmallInteger, nullable=False),
    Column("query_sha256", Text, nullable=False),
    Column("query_text", Text, nullable=False),
    Column("parameters", Text, nullable=False),  # JSON
    comment="The query that computed a key result, as it was when the generation was built.",
)

agg_key_result_part = Table(
    "agg_key_result_part",
    metadata,
    Column("key_result_id", Text, nullable=False),
    Column("measured_on", Date, nullable=False),
    Column("member_id", Integer),  # empty: the act names no member
    Column("region_id", Text),
    Column("numerator", Double, nullable=False),
    Column("denominator", Double),  # empty: the value is the sum of the numerators
    Column("row_count", Integer, nullable=False),
    comment="The part of each member in each value of a key result; the parts add up to it.",
)
