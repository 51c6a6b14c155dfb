"""What became of findings once a submission was revised."""

from __future__ import annotations

from sqlalchemy import Column, Date, Integer, Table, Text

from dashboard.warehouse.schema.columns import metadata

agg_rule_revision = Table(
    "agg_rule_revision",
    metadata,
    Column("collection_id", Text, nullable=False),
    Column("period_id", Integer, nullable=False),
    Column("reporter_id", Integer, nullable=False),
    Column("rule_id", Text, nullable=False),
    Column("revised_on", Date, nullable=False),  # day from which the next revision is known
    Column("finding_count", Integer, nullable=False),
    Column("corrected_count", Integer, nullable=False),
    Column("undecided_count", Integer, nullable=False),
    comment="Findings on submissions that were revised, and how many of them the next accepted "
    "revision with data no longer has; one row per revised submission and rule with findings.",
)
