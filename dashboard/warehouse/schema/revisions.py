"""What each submission said in total: the small table that every past day is answered from."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Double, Integer, Table, Text

from dashboard.warehouse.schema.columns import metadata

agg_submission_trade = Table(
    "agg_submission_trade",
    metadata,
    Column("submission_id", Integer, nullable=False),
    Column("flow_code", Text, nullable=False),  # M | X
    Column("value_usd", Double, nullable=False),
    Column("row_count", BigInteger, nullable=False),
    comment="Imports and exports in total of every submission that has rows of them, whether it "
    "holds now or not: with known_at and superseded_at any past day follows.",
)
