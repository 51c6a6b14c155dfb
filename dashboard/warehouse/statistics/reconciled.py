"""Bring the two records of the same trade into one value, weighted by how reliable each is.

It must not be read as the truth: it is what both records say together.
"""

# ruff: noqa: S608 -- the queries are put together from constants of this module alone

from __future__ import annotations

from datetime import date
from typing import Any, Final

import duckdb

from dashboard.framework import Framework
from dashboard.stats.record_distance import record_distances
from dashboard.warehouse import schema
from dashboard.warehouse.tables import definition, extend, insert_rows, refill

_BOTH: Final = """
    CREATE OR REPLACE TEMP TABLE both_records AS
    WITH areas AS (
        SELECT partner_id, CAST(min(partner_id) OVER (
            PARTITION BY coalesce(iso3, CAST(partner_id AS VARCHAR))) AS SMALLINT) AS area_id
        FROM dim_partner
    )
    SELECT collection_id, section_id, period_id,
        if(flow_code = 'X', r.area_id, p.area_id) AS exporter_id,
        if(flow_code = 'X', p.area_id, r.area_id) AS importer_id,
        sum(if(flow_code = 'X', value_usd, NULL)) AS exported_usd,
        sum(if(flow_code = 'M', value_usd, NULL)) / (1 + $margin) AS imported_usd,
        sum(if(flow_code = 'X', mass_kg, NULL)) AS exported_kg,
        sum(if(flow_code = 'M', mass_kg, NULL)) AS imported_kg,
        sum(if(flow_code = 'X', estimated_usd, NULL)) AS exported_estimated,
        sum(if(flow_code = 'M', estimated_usd, NULL)) / (1 + $margin) AS imported_estimated,
        sum(row_count) AS row_count
    FROM agg_trade_section
    JOIN areas AS r ON r.partner_id = reporter_id
    JOIN areas AS p ON p.partner_id = agg_trade_section.partner_id
    WHERE flow_code IN ('M', 'X')
    GROUP BY ALL
"""
"""Both records of each section, pair and period; imports are FOB from here on."""

_YEAR: Final = "if(period_id > 9999, period_id // 100, period_id)"

_RECORDS: Final = (
    "exported_usd",
    "imported_usd",
    "exported_kg",
    "imported_kg",
    "exported_estimated",
    "imported_estimated",
    "row_count",
)

_YEAR_PAIRS: Final = f"""
    WITH cells AS (
        SELECT collection_id, period_id, exporter_id, importer_id,
            sum(exported_usd) AS exported_usd, sum(imported_usd) AS imported_usd
        FROM both_records WHERE exporter_id <> importer_id GROUP BY ALL
    )
    SELECT collection_id, {_YEAR} AS year, exporter_id, importer_id,
        sum(exported_usd) AS exported, sum(imported_usd) AS imported
    FROM cells WHERE exported_usd IS NOT NULL AND imported_usd IS NOT NULL
    GROUP BY ALL ORDER BY ALL
"""
"""Pairs by year, over the periods that both sides record."""


def _combined(exported: str, imported: str) -> str:
    """Return the weighted mean of two records; of one alone, that one."""
    return (
        f"coalesce(exporter_weight * {exported} + (1 - exporter_weight) * {imported}, "
        f"{exported}, {imported})"
    )


_VALUES: Final = f"""
    {_combined("exported_usd", "imported_usd")} AS value_usd,
    {_combined("exported_kg", "imported_kg")} AS mass_kg,
    {_combined("exported_estimated", "imported_estimated")} AS estimated_usd,
    row_count
"""

# Both records are equally good where their distances are not known.
_WEIGHTS: Final = f"""
    weighed AS (
        SELECT records.*, coalesce(
            m.distance ** 2 / (x.distance ** 2 + m.distance ** 2), 0.5) AS exporter_weight
        FROM records
        LEFT JOIN agg_record_distance AS x ON x.flow_code = 'X' AND x.reporter_id = exporter_id
            AND x.collection_id = records.collection_id AND x.year = {_YEAR}
        LEFT JOIN agg_record_distance AS m ON m.flow_code = 'M' AND m.reporter_id = importer_id
            AND m.collection_id = records.collection_id AND m.year = {_YEAR}
    )
"""

_PAIRS: Final = f"""
    WITH records AS (
        SELECT collection_id, period_id, exporter_id, importer_id,
            {", ".join(f"sum({name}) AS {name}" for name in _RECORDS)}
        FROM both_records GROUP BY ALL
    ), {_WEIGHTS}
    SELECT collection_id, period_id, exporter_id, importer_id, exported_usd, imported_usd, {_VALUES}
    FROM weighed ORDER BY period_id, exporter_id, importer_id
"""

# What is one-sided in two sections may be one trade under two codes: sections are brought to
# what was found of their pair as a whole.
_SCALES: Final = f"""
    CREATE OR REPLACE TEMP TABLE pair_scales AS
    WITH records AS (SELECT * FROM both_records), {_WEIGHTS},
    parts AS (
        SELECT collection_id, period_id, exporter_id, importer_id, {_VALUES} FROM weighed
    ),
    sums AS (
        SELECT collection_id, period_id, exporter_id, importer_id,
            sum(value_usd) AS parts_usd, sum(mass_kg) AS parts_kg
        FROM parts GROUP BY ALL
    )
    SELECT sums.* EXCLUDE (parts_usd, parts_kg),
        coalesce(pair.value_usd / nullif(parts_usd, 0), 1) AS value_scale,
        coalesce(pair.mass_kg / nullif(parts_kg, 0), 1) AS mass_scale
    FROM sums JOIN agg_reconciled_pair AS pair
        ON pair.collection_id = sums.collection_id AND pair.period_id = sums.period_id
        AND pair.reporter_id = exporter_id AND pair.partner_id = importer_id
"""

_SECTION: Final = f"""
    WITH records AS (SELECT * FROM both_records WHERE section_id = $section), {_WEIGHTS},
    parts AS (
        SELECT collection_id, section_id, period_id, exporter_id, importer_id,
            exported_usd, imported_usd, {_VALUES}
        FROM weighed
    )
    SELECT collection_id, section_id, period_id, exporter_id, importer_id,
        exported_usd, imported_usd, value_usd * value_scale, mass_kg * mass_scale,
        estimated_usd * value_scale, row_count
    FROM parts JOIN pair_scales USING (collection_id, period_id, exporter_id, importer_id)
    ORDER BY period_id, exporter_id, importer_id
"""
"""One section: all at once do not fit into memory where there are many rows."""


def fill(connection: duckdb.DuckDBPyConnection, framework: Framework, day: date) -> None:  # noqa: ARG001 -- every builder is given the same
    """Compute ``agg_record_distance`` and the tables of reconciled trade anew.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        A workshop's; the rollups of trade are there.
    framework : Framework
        Gives the CIF/FOB margin.
    day : date
        Has no say in it: the current state is reconciled.
    """
    connection.execute(_BOTH, {"margin": framework.framework.cif_fob_margin})
    _fill_distances(connection)
    refill(connection, "agg_reconciled_pair", _PAIRS)
    _fill_sections(connection)
    connection.execute("DROP TABLE both_records")


def _fill_sections(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(_SCALES)
    sections = "SELECT DISTINCT section_id FROM both_records ORDER BY section_id"
    found = connection.execute(sections).fetchall()
    connection.execute(definition(schema.agg_reconciled_section))
    for (section,) in found:
        extend(connection, "agg_reconciled_section", _SECTION, {"section": section})
    connection.execute("DROP TABLE pair_scales")


def _fill_distances(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(definition(schema.agg_record_distance))
    pairs = connection.execute(_YEAR_PAIRS).df()
    rows: list[tuple[Any, ...]] = []
    for _, group in pairs.groupby(["collection_id", "year"], sort=True):
        collection, year = str(group["collection_id"].iloc[0]), int(group["year"].iloc[0])
        found = record_distances(
            *(group[name].to_numpy() for name in ("exporter_id", "importer_id")),
            *(group[name].to_numpy() for name in ("exported", "imported")),
            margin=0.0,  # imports are FOB already
        )
        for flow, side in zip(("X", "M"), found, strict=True):
            columns = (side.reporter.tolist(), side.pairs.tolist(), side.distance.tolist())
            rows += [(collection, year, flow, *row) for row in zip(*columns, strict=True)]
    insert_rows(connection, schema.agg_record_distance.name, rows)
