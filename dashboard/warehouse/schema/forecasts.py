"""Forecasts of what is still to come, and those made for months gone by beside what happened."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, Date, Double, Integer, Table, Text

from dashboard.stats.open_obligations import ASKED
from dashboard.warehouse.schema.columns import metadata

LEADS: Final = ("period_end", "due_month")
"""When a forecast is made: as the period ends, or on the eve of the month in which it falls due."""

agg_arrival = Table(
    "agg_arrival",
    metadata,
    Column("collection_id", Text, nullable=False),
    Column("member_id", Integer, nullable=False),
    Column("period_id", Integer, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("days_gone", Integer, nullable=False),
    *(
        Column(f"{asked}_{part}", Double)  # empty where nothing is known of the past
        for asked in ASKED
        for part in ("share", "low", "high")
    ),
    Column("history_count", Integer, nullable=False),
    comment="What had not been received and was not waived as of data_on, with the probabilities "
    "that it arrives by its due date, by the end of the month, and within 90 days.",
)

agg_forecast_test = Table(
    "agg_forecast_test",
    metadata,
    Column("collection_id", Text, nullable=False),
    Column("member_id", Integer, nullable=False),
    Column("region_id", Text, nullable=False),
    Column("period_id", Integer, nullable=False),
    Column("lead", Text, nullable=False),  # period_end | due_month
    Column("made_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("history_count", Integer, nullable=False),
    Column("forecast_share", Double, nullable=False),
    Column("own_share", Double, nullable=False),  # of the member on that day, the baseline
    Column("is_on_time", Boolean, nullable=False),
    comment="Held-out forecasts of arriving by the due date, each made from what was known on "
    "made_on of what had not arrived by then, beside what happened.",
)
