"""Where the records of reporters stand among their partners'."""

from __future__ import annotations

from sqlalchemy import Column, Double, Integer, SmallInteger, Table, Text

from dashboard.warehouse.schema.columns import metadata

agg_mirror_reporter = Table(
    "agg_mirror_reporter",
    metadata,
    Column("collection_id", Text, nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("flow_code", Text, nullable=False),  # of the reporter's record
    Column("reporter_id", SmallInteger, nullable=False),
    Column("pair_count", Integer, nullable=False),
    Column("effect", Double),  # natural logarithms; empty where there are too few pairs
    Column("error", Double),
    Column("standing", Double),
    Column("low", Double),
    Column("high", Double),
    comment="How far a reporter's record of a flow stands from its partners', all pairs together.",
)
