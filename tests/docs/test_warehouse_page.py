"""Every table and every binding of a key result has its place in docs/warehouse.md."""

from __future__ import annotations

import re
from pathlib import Path

from dashboard.warehouse import key_result_queries, schema

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "warehouse.md").read_text(encoding="utf-8")


def first_cells() -> set[str]:
    return set(re.findall(r"^\| `([^`]+)` \|", PAGE, flags=re.MULTILINE))


def test_every_table_is_described_and_no_other() -> None:
    tables = {name for name in first_cells() if name.startswith(("dim_", "fct_", "agg_"))}
    assert tables | {"warehouse_info", "load_log"} == set(schema.metadata.tables)
    assert {"warehouse_info", "load_log"} <= first_cells()


def test_every_binding_is_described() -> None:
    acts = {f"{start}_KIND" for start in key_result_queries.ACTIVITY_QUERIES}
    bindings = {*key_result_queries.WAREHOUSE_QUERIES, *acts}
    assert bindings <= first_cells()
