"""Which columns of the schema are keys of another table, found by their names.

It must not list tables: a new one is followed as soon as it is declared.
"""

from __future__ import annotations

from typing import Final

from dashboard.warehouse import schema

TARGETS: Final[dict[str, tuple[str, str]]] = {
    "submission_id": ("fct_submission", "submission_id"),
    "load_id": ("load_log", "load_id"),
    "reporter_id": ("dim_partner", "partner_id"),
    "partner_id": ("dim_partner", "partner_id"),
    "member_id": ("dim_member", "member_id"),
    "region_id": ("dim_region", "region_id"),
    "period_id": ("dim_period", "period_id"),
    "commodity_code": ("dim_commodity", "commodity_code"),
    "chapter_code": ("dim_commodity", "commodity_code"),
    "section_id": ("dim_section", "section_id"),
    "collection_id": ("dim_collection", "collection_id"),
    "rule_id": ("dim_rule", "rule_id"),
    "indicator_id": ("dim_indicator", "indicator_id"),
    "key_result_id": ("dim_key_result", "key_result_id"),
}
"""Name of a column to the table and key where each of its values must stand."""

FREE: Final = frozenset(
    {
        ("agg_outlier", "commodity_code"),  # headings cut from codes of any edition
        ("fct_control_total", "commodity_code"),  # TOTAL, and what else a file adds up
        ("fct_finding", "commodity_code"),  # as the file had it, known or not
        ("load_log", "collection_id"),  # a log may name what the framework no longer has
    }
)
"""Columns of such a name that may hold other values."""

REFERENCES: Final[tuple[tuple[str, str, str, str], ...]] = tuple(
    (table.name, column.name, *TARGETS[column.name])
    for table in schema.metadata.sorted_tables
    for column in table.columns
    if column.name in TARGETS
    and TARGETS[column.name] != (table.name, column.name)
    and (table.name, column.name) not in FREE
)
"""Table, column, and the table and key where each of its values must stand."""
