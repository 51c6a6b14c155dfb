"""What chance would make of the members' trends, worked out once per generation."""

from __future__ import annotations

from sqlalchemy import Column, Double, Integer, Table, Text

from dashboard.warehouse.schema.columns import metadata

agg_trend_chance = Table(
    "agg_trend_chance",
    metadata,
    Column("collection_id", Text, nullable=False),
    Column("first_period_id", Integer, nullable=False),
    Column("last_period_id", Integer, nullable=False),
    Column("draws", Integer, nullable=False),
    Column("series_count", Integer, nullable=False),
    Column("below_mean", Double, nullable=False),  # series with p < 0.05, mean of the draws
    Column("below_low", Double, nullable=False),  # 2.5 % of draws
    Column("below_high", Double, nullable=False),
    Column("slope_least", Double, nullable=False),  # of all series, days per period
    Column("slope_most", Double, nullable=False),
    comment="Trends of delays with the periods shuffled, by collection, over its last periods.",
)

agg_trend_chance_place = Table(
    "agg_trend_chance_place",
    metadata,
    Column("collection_id", Text, nullable=False),
    Column("place", Integer, nullable=False),  # 1 is the lowest slope
    Column("slope_low", Double, nullable=False),  # 2.5 % of draws, days per period
    Column("slope_middle", Double, nullable=False),
    Column("slope_high", Double, nullable=False),
    comment="The slope at each place among the members when the periods are shuffled.",
)
