"""Figures that need an explanation: the candidates of the outlier desk."""

from __future__ import annotations

from sqlalchemy import Column, Double, Integer, SmallInteger, Table, Text

from dashboard.warehouse.schema.columns import metadata

agg_outlier = Table(
    "agg_outlier",
    metadata,
    Column("collection_id", Text, nullable=False),
    Column("period_id", Integer, nullable=False),
    Column("member_id", Integer, nullable=False),
    Column("flow_code", Text, nullable=False),  # M | X
    Column("commodity_code", Text, nullable=False),  # chapter, or heading where chapters are few
    Column("submission_id", Integer, nullable=False),  # current; what the figure came in
    Column("value_usd", Double, nullable=False),
    Column("expected_usd", Double, nullable=False),
    Column("low_usd", Double, nullable=False),
    Column("high_usd", Double),  # empty: no upper bound
    Column("z", Double),  # empty: a sudden zero has no logarithm
    Column("method", Text, nullable=False),  # mad | mean_deviation | rule
    Column("point_count", SmallInteger, nullable=False),
    Column("effect_usd", Double, nullable=False),  # value less expected
    Column("member_usd", Double, nullable=False),
    Column("region_usd", Double, nullable=False),
    Column("mirror_usd", Double),  # the partners' record of the same trade
    comment="Current figures far from what their own series leads to expect, and large enough to "
    "move a total. member_usd, region_usd: all trade of the flow and period.",
)

agg_outlier_series = Table(
    "agg_outlier_series",
    metadata,
    Column("collection_id", Text, nullable=False),
    Column("member_id", Integer, nullable=False),
    Column("flow_code", Text, nullable=False),
    Column("code_length", SmallInteger, nullable=False),  # digits of the codes of its series
    Column("series_count", Integer, nullable=False),
    Column("judged_count", Integer, nullable=False),
    Column("fewest_points", SmallInteger, nullable=False),  # a series needs so many to be judged
    comment="How many series of a member could be judged, and how many were too short.",
)
