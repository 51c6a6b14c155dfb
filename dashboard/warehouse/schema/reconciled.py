"""Trade with the records of both sides brought into one value."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Double, Integer, SmallInteger, Table, Text

from dashboard.warehouse.schema.columns import metadata


def _measured() -> list[Column[Any]]:
    return [
        Column("exported_usd", Double),  # the exporter's record; empty where it has none
        Column("imported_usd", Double),  # the importer's, brought from CIF to FOB
        Column("value_usd", Double, nullable=False),
        Column("mass_kg", Double),
        Column("estimated_usd", Double, nullable=False),
        Column("row_count", BigInteger, nullable=False),
    ]


agg_record_distance = Table(
    "agg_record_distance",
    metadata,
    Column("collection_id", Text, nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("flow_code", Text, nullable=False),  # of the reporter's record
    Column("reporter_id", SmallInteger, nullable=False),
    Column("pair_count", Integer, nullable=False),
    Column("distance", Double, nullable=False),  # natural logarithm
    comment="How far a reporter's record of a flow usually is from its partners', either way.",
)

agg_reconciled_pair = Table(
    "agg_reconciled_pair",
    metadata,
    Column("collection_id", Text, nullable=False),
    Column("period_id", Integer, nullable=False),
    Column("reporter_id", SmallInteger, nullable=False),  # sells
    Column("partner_id", SmallInteger, nullable=False),  # buys
    *_measured(),
    comment="Current trade by exporter, importer and period, reconciled; FOB.",
)

agg_reconciled_section = Table(
    "agg_reconciled_section",
    metadata,
    Column("collection_id", Text, nullable=False),
    Column("section_id", SmallInteger, nullable=False),
    Column("period_id", Integer, nullable=False),
    Column("reporter_id", SmallInteger, nullable=False),
    Column("partner_id", SmallInteger, nullable=False),
    *_measured(),
    comment="The same by HS section, section first; values and weights add up to the pair's.",
)
