"""Fit where the records of each reporter stand among its partners', by collection and year.

It must not say who is right: a gap has two sides.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import duckdb

from dashboard.framework import Framework
from dashboard.stats.mirror_effects import RecordEffects, record_effects
from dashboard.warehouse import schema
from dashboard.warehouse.tables import definition, insert_rows

_PAIRS: Final = """
    WITH exports AS (
        SELECT collection_id, period_id, reporter_id AS exporter_id, partner_id AS importer_id,
            value_usd FROM agg_trade_partner WHERE flow_code = 'X' AND reporter_id <> partner_id
    ),
    imports AS (
        SELECT collection_id, period_id, partner_id AS exporter_id, reporter_id AS importer_id,
            value_usd FROM agg_trade_partner WHERE flow_code = 'M' AND reporter_id <> partner_id
    )
    SELECT x.collection_id, if(period_id > 9999, period_id // 100, period_id) AS year,
        exporter_id, importer_id, sum(x.value_usd) AS exported, sum(m.value_usd) AS imported
    FROM exports AS x JOIN imports AS m
        USING (collection_id, period_id, exporter_id, importer_id)
    GROUP BY ALL ORDER BY ALL
"""
"""Pairs by year, over the periods that both sides record."""


def fill(connection: duckdb.DuckDBPyConnection, framework: Framework, day: date) -> None:  # noqa: ARG001 -- every builder is given the same
    """Compute ``agg_mirror_reporter`` anew.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        A workshop's; the rollups of trade are there.
    framework : Framework
        Gives the CIF/FOB margin.
    day : date
        Has no say in it: the current state is fitted.
    """
    connection.execute(definition(schema.agg_mirror_reporter))
    pairs = connection.execute(_PAIRS).df()
    margin = framework.framework.cif_fob_margin
    rows: list[tuple[Any, ...]] = []
    for _, group in pairs.groupby(["collection_id", "year"], sort=True):
        collection, year = str(group["collection_id"].iloc[0]), int(group["year"].iloc[0])
        effects = record_effects(
            group["exporter_id"].to_numpy(),
            group["importer_id"].to_numpy(),
            group["exported"].to_numpy(),
            group["imported"].to_numpy(),
            margin=margin,
        )
        for flow, found in zip(("X", "M"), effects, strict=True):
            rows += [(collection, year, flow, *row) for row in _rows(found)]
    insert_rows(connection, schema.agg_mirror_reporter.name, rows)


def _rows(found: RecordEffects) -> Iterator[tuple[Any, ...]]:
    """Return one row per reporter; what is not known is empty."""
    values = (found.effect, found.error, found.standing, found.low, found.high)
    for place, reporter in enumerate(found.reporter.tolist()):
        numbers = (float(value[place]) for value in values)
        yield (
            reporter,
            int(found.pairs[place]),
            *(number if math.isfinite(number) else None for number in numbers),
        )
