"""Compute the raw parts of each submission's quality measures.

It must not turn them into scores: goalposts and weights are chosen when a view is drawn.
"""

from __future__ import annotations

from typing import Final

import duckdb

from dashboard.framework import Framework
from dashboard.warehouse.tables import refill

CELLS_AT_ONCE: Final = 4_000_000
"""Trade rows that are matched with their mirror in one statement: bounds the memory."""

_FROM_CHECKS: Final = """
    SELECT k.submission_id, r.dimension_id, sum(r.severity_weight * k.rows_failed),
        sum(r.severity_weight * k.rows_checked), max(k.rows_checked)
    FROM fct_check AS k JOIN dim_rule AS r USING (rule_id)
    WHERE r.dimension_id IN ('completeness', 'validity', 'consistency')
    GROUP BY k.submission_id, r.dimension_id
    HAVING sum(r.severity_weight * k.rows_checked) > 0
    ORDER BY 1, 2
"""

_CHAPTER_KEY: Final = """
    CREATE OR REPLACE TEMP MACRO chapter_key(code) AS ascii(code) * 256 + ascii(substr(code, 2, 1))
"""

_SIDES: Final = """
    CREATE OR REPLACE TEMP TABLE mirror_side AS
    WITH now AS (
        SELECT submission_id, collection_id, period_id, reporter_id FROM fct_submission
        WHERE is_accepted AND superseded_at IS NULL AND has_data
            AND period_id BETWEEN $first AND $last
    )
    SELECT own.submission_id AS own_id, other.submission_id AS other_id,
        own.submission_id * 65536::BIGINT + chapter_key(t.commodity_code) AS own_chapter,
        other.submission_id * 65536::BIGINT + chapter_key(t.commodity_code) AS other_chapter,
        t.flow_code = 'M' AS is_import, t.commodity_code, t.hs_level, t.value_usd
    FROM fct_trade AS t
    JOIN now AS own USING (submission_id)
    JOIN now AS other
        ON other.reporter_id = t.partner_id AND other.period_id = own.period_id
        AND other.collection_id = own.collection_id
    WHERE t.flow_code IN ('M', 'X') AND t.partner_id <> t.reporter_id
        AND t.period_id BETWEEN $first AND $last
"""
"""Each current row whose partner reports too, with both submissions.

Submission and chapter are one key: as two, DuckDB infers that the chapters of both sides are
equal, joins all of one side's to all of the other's first, and fills the disk.
"""

_COHERENCE: Final = """
    INSERT INTO fct_quality
    WITH levels AS (
        SELECT own_chapter AS chapter, min(hs_level) AS hs_level FROM mirror_side GROUP BY 1
    ),
    cells AS (
        SELECT if(is_import, s.own_id, s.other_id) AS importer_id,
            if(is_import, s.other_id, s.own_id) AS exporter_id,
            left(commodity_code, least(a.hs_level, b.hs_level)) AS code,
            sum(if(is_import, value_usd, 0.0)) / (1.0 + $margin) AS imported,
            sum(if(is_import, 0.0, value_usd)) AS exported
        FROM mirror_side AS s
        JOIN levels AS a ON a.chapter = s.own_chapter
        JOIN levels AS b ON b.chapter = s.other_chapter
        GROUP BY ALL
        HAVING bool_or(is_import) AND bool_or(NOT is_import)
    )
    SELECT submission_id, 'coherence', sum(abs(exported - imported)),
        sum((exported + imported) / 2.0), count(*)
    FROM (
        SELECT importer_id AS submission_id, imported, exported FROM cells
        UNION ALL SELECT exporter_id, imported, exported FROM cells
    )
    GROUP BY submission_id
    HAVING sum(exported + imported) > 0
    ORDER BY 1
"""
"""CC2, value-weighted. Both sides are cut to the coarser of their two levels in each chapter."""

_STABILITY: Final = """
    INSERT INTO fct_quality
    WITH chain AS (
        SELECT submission_id, reporter_id, collection_id, period_id, revision,
            min(revision) OVER obligation AS first_revision
        FROM fct_submission WHERE is_accepted AND has_data
        WINDOW obligation AS (PARTITION BY reporter_id, collection_id, period_id)
    ),
    pair AS (
        SELECT f.submission_id AS first_id, l.submission_id AS last_id
        FROM chain AS f JOIN chain AS l USING (reporter_id, collection_id, period_id)
        WHERE f.revision = f.first_revision AND f.revision < l.revision
    ),
    side AS (
        SELECT last_id, first_id AS submission_id, false AS is_last FROM pair
        UNION ALL SELECT last_id, last_id, true FROM pair
    ),
    cells AS (
        SELECT p.last_id, sum(if(p.is_last, 0.0, t.value_usd)) AS first_usd,
            sum(if(p.is_last, t.value_usd, 0.0)) AS last_usd
        FROM side AS p JOIN fct_trade AS t USING (submission_id)
        WHERE t.flow_code IN ('M', 'X')
        GROUP BY p.last_id, t.partner_id, t.commodity_code, t.flow_code
    )
    SELECT last_id, 'stability', sum(abs(last_usd - first_usd)), sum(abs(last_usd)), count(*)
    FROM cells GROUP BY last_id HAVING sum(abs(last_usd)) > 0 ORDER BY 1
"""
"""RMAR of each revision against the first: on any day one of them is the latest.

M and X alone: RM and RX are parts of them."""


def fill(connection: duckdb.DuckDBPyConnection, framework: Framework) -> None:
    """Compute ``fct_quality`` anew.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        A workshop's; facts, checks and the validity of submissions are final.
    framework : Framework
        Gives the CIF/FOB margin.

    References
    ----------
    .. [1] Coherence: CC2 = |X - M/(1+c)| / ((X + M/(1+c))/2), 0 to 2, over matched cells.
    .. [2] Stability: RMAR = sum |later - first| / sum |later|.
    """
    refill(connection, "fct_quality", _FROM_CHECKS)
    margin = framework.framework.cif_fob_margin
    connection.execute(_CHAPTER_KEY)
    for first, last in _batches(connection):
        connection.execute(_SIDES, {"first": first, "last": last})
        connection.execute(_COHERENCE, {"margin": margin})
    connection.execute("DROP TABLE IF EXISTS mirror_side")
    connection.execute(_STABILITY)


def _batches(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, int]]:
    """Return ranges of periods with about ``CELLS_AT_ONCE`` rows each."""
    rows = connection.execute(
        "SELECT period_id, count(*) FROM fct_trade GROUP BY 1 ORDER BY 1"
    ).fetchall()
    ranges: list[tuple[int, int]] = []
    held = CELLS_AT_ONCE
    for period, count in rows:
        if held + count > CELLS_AT_ONCE:
            ranges.append((period, period))
            held = 0
        ranges[-1] = (ranges[-1][0], period)
        held += count
    return ranges
