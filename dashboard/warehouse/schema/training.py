"""What came after training, worked out once per generation."""

from __future__ import annotations

from sqlalchemy import Column, Double, Integer, SmallInteger, Table, Text

from dashboard.warehouse.schema.columns import metadata

agg_training_effect = Table(
    "agg_training_effect",
    metadata,
    Column("measure_id", Text, nullable=False),  # quality_score | on_time_share
    Column("part", Text, nullable=False),  # mean | event | placebo
    Column("quarters_since", SmallInteger),  # of events: 0 is the quarter of the training
    Column("effect", Double, nullable=False),
    Column("effect_error", Double, nullable=False),
    Column("effect_low", Double, nullable=False),
    Column("effect_high", Double, nullable=False),
    Column("treated_count", Integer, nullable=False),
    Column("control_count", Integer),  # empty for events
    comment="Members after their training against members not trained yet, as of data_on.",
)
