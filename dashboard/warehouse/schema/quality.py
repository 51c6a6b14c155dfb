"""What quality scores are made of, laid out to be read at once."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, DateTime, Double, Integer, Table, Text

from dashboard.warehouse.schema.columns import key, metadata

SCORED_DIMENSIONS: Final = ("completeness", "validity", "consistency", "coherence", "stability")
"""Dimensions of quality, in the order they are shown."""

agg_quality = Table(
    "agg_quality",
    metadata,
    key("submission_id", Integer),
    Column("reporter_id", Integer, nullable=False),
    Column("collection_id", Text, nullable=False),
    Column("period_id", Integer, nullable=False),
    Column("known_at", DateTime, nullable=False),
    Column("superseded_at", DateTime),
    *(
        column
        for dimension in SCORED_DIMENSIONS
        for column in (
            Column(f"{dimension}_numerator", Double),
            Column(f"{dimension}_denominator", Double),
            Column(f"{dimension}_rows", BigInteger),
        )
    ),
    comment="The parts of fct_quality side by side, for accepted submissions: a page scores "
    "thousands of submissions at once.",
)
