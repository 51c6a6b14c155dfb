"""Loads tables of rows as files into a scratch warehouse and reads back every finding."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pandas as pd

from dashboard.framework import Framework
from dashboard.warehouse import workshop
from dashboard.warehouse.loading import load_files
from dashboard.warehouse.submitting import Receipt

ALL_FINDINGS: Final = 1_000_000_000
LOADED_AT: Final = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
SCOPE: Final = ("reporter_id", "period_id", "flow_code", "partner_id", "commodity_code")

Delivery = tuple[pd.DataFrame, tuple[str, ...], datetime]
"""Rows (all texts), lines to put at the end of the file as they are, and the day of receipt."""


def load(
    framework: Framework, collection: str, deliveries: Sequence[Delivery]
) -> tuple[pd.DataFrame, pd.Series]:
    """Load deliveries one after the other.

    Parameters
    ----------
    framework : Framework
        Has the collection.
    collection : str
        The collection of all deliveries.
    deliveries : sequence of Delivery
        What comes in, in order.

    Returns
    -------
    findings : DataFrame
        ``rule_id``, the columns of ``SCOPE`` (missing where a finding has none), ``value``.
    checked : Series of int
        Rows or cells checked by each rule.
    """
    with tempfile.TemporaryDirectory() as folder:
        shop = workshop.begin(f"duckdb:///{Path(folder) / 'scratch.duckdb'}", framework)
        try:
            for number, (rows, lines, received_at) in enumerate(deliveries):
                path = Path(folder) / f"{number}.csv"
                rows.to_csv(path, index=False)
                with path.open("a", encoding="utf-8") as file:
                    file.writelines(f"{line}\n" for line in lines)
                load_files(
                    shop,
                    [path],
                    collection_id=collection,
                    receipt=Receipt(received_at),
                    loaded_at=LOADED_AT,
                    examples=ALL_FINDINGS,
                    progress=workshop.Silent(),
                )
            findings = shop.connection.execute("""
                select f.rule_id, s.reporter_id, s.period_id, f.flow_code, f.partner_id,
                    f.commodity_code, f.value, f.line_number
                from fct_finding f left join fct_submission s using (submission_id)
                order by f.finding_id
            """).df()
            checked = (
                shop.connection.execute(
                    "select rule_id, sum(rows_checked)::bigint as rows_checked from fct_check "
                    "group by 1"
                )
                .df()
                .set_index("rule_id")["rows_checked"]
            )
        finally:
            workshop.discard(shop)
    return findings, checked
