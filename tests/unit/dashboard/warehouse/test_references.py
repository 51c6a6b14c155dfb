"""Keys of other tables are found by their names, in every table of the schema."""

from __future__ import annotations

import pytest

from dashboard.warehouse import schema
from dashboard.warehouse.references import REFERENCES


def test_every_reference_names_columns_of_the_schema() -> None:
    tables = schema.metadata.tables
    for table, column, target, key in REFERENCES:
        assert column in tables[table].columns
        assert key in tables[target].columns


def test_every_key_of_a_dimension_is_followed_wherever_it_stands() -> None:
    """A column that is a dimension's key must be listed, or orphans of it would go unnoticed."""
    keys: dict[str, str] = {}
    for table in schema.metadata.sorted_tables:
        if table.name.startswith("dim_") or table.name in {"fct_submission", "load_log"}:
            # A table of further columns to a dimension has the same key, and comes after it.
            keys.setdefault(table.primary_key.columns[0].name, table.name)
    keys["reporter_id"] = "dim_partner"
    listed = {(table, column) for table, column, _, _ in REFERENCES}
    missing = [
        (table.name, column.name)
        for table in schema.metadata.sorted_tables
        for column in table.columns
        if column.name in keys
        and keys[column.name] != table.name
        and (table.name, column.name) not in listed
    ]
    assert missing == [
        ("agg_outlier", "commodity_code"),
        ("fct_control_total", "commodity_code"),
        ("fct_finding", "commodity_code"),
        ("load_log", "collection_id"),
    ]


@pytest.mark.parametrize(
    "reference",
    [
        ("fct_trade", "partner_id", "dim_partner", "partner_id"),
        ("fct_trade", "reporter_id", "dim_partner", "partner_id"),
        ("agg_trade_chapter", "chapter_code", "dim_commodity", "commodity_code"),
        ("dim_commodity", "chapter_code", "dim_commodity", "commodity_code"),
        ("dim_partner", "member_id", "dim_member", "member_id"),
        ("agg_trade_reporter", "period_id", "dim_period", "period_id"),
    ],
)
def test_a_key_leads_to_its_table(reference: tuple[str, str, str, str]) -> None:
    assert reference in REFERENCES
